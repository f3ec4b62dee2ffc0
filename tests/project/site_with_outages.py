"""The production site as a server runs it, with some addresses more."""

from functools import cache

from django.conf import settings


@cache
def make_site():
    """Made with the first request: whoever merely reads this module changes nothing."""
    from tessera.project.wsgi import application

    settings.ROOT_URLCONF = "tests.web.urls_with_outages"
    return application


def application(environ, start_response):
    return make_site()(environ, start_response)
