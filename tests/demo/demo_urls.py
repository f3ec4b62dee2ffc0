"""The addresses of a site in demo mode; the settings are read once, and not in that mode."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from tessera.project import urls

urlpatterns = [*urls.urlpatterns, *i18n_patterns(path("demo/", include("tessera.demo.urls")))]
