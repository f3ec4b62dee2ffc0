"""The site's addresses and one more, whose view fails."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tessera.project import urls


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault on purpose")


urlpatterns = [*urls.urlpatterns, path("fault/", fail)]
handler404 = urls.handler404
handler500 = urls.handler500
