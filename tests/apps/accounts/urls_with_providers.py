"""The addresses of a site that has providers: they are fixed when a process begins."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from tessera.apps.accounts.urls import with_provider
from tessera.project import urls

urlpatterns = [*urls.urlpatterns, *i18n_patterns(path("account/", include(with_provider)))]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
