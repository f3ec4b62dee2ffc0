from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language


@dataclass(frozen=True)
class LanguageLink:
    code: str
    name: str
    url: str
    absolute_url: str
    is_current: bool


def site(request: HttpRequest) -> dict[str, object]:
    """What every page knows: whether this is the demonstration, the version, and itself in other languages.

    It must not touch the database: error pages are rendered with it when the database is what failed.
    """
    return {
        "demo": settings.DEMO,
        "version": settings.VERSION,
        "contact_email": settings.CONTACT_EMAIL,
        "language_links": [_link(request, code, name) for code, name in settings.LANGUAGES],
    }


def _link(request: HttpRequest, code: str, name: str) -> LanguageLink:
    here = request.get_full_path()
    # Without a route under it (a 404), Django gives the address back unchanged: then the home page serves.
    there = translate_url(here, code) if request.resolver_match else f"/{code}/"
    is_current = code == get_language()
    return LanguageLink(code, name, there, request.build_absolute_uri(there), is_current)
