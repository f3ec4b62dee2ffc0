from django.conf import settings
from django.urls import URLPattern, get_resolver, resolve
from django.utils.translation import override
from tests.browser.pages import PAGES

FILES = {
    "review:report",
    "review:sheet",
    "review:profile",
    "review:findings-file",
    "review:published-profile",
    "review:published-file",
    "results:file",
    "results:print",
    "results:open-data",
}
WALKED_ELSEWHERE = ("en/desk/", "en/account/", "take-part/")
"""By the tests of signed-in pages, by `test_passkeys`, `test_resident_look` and `test_dialogue_look`."""


def pages(resolver, namespace="", route=""):
    """Each address of the site with its name."""
    for each in resolver.url_patterns:
        address = f"{route}{each.pattern}"
        if isinstance(each, URLPattern):
            yield address, f"{namespace}{each.name}"
        else:
            yield from pages(each, f"{each.namespace}:" if each.namespace else namespace, address)


def test_every_kind_of_page_that_the_site_serves_has_an_example():
    examples = {resolve(f"/en{path}").view_name for kind, path in PAGES.items() if kind != "missing"}
    assert settings.DESIGN_PAGE
    with override("en"):
        public = {name for address, name in pages(get_resolver()) if not address.startswith(WALKED_ELSEWHERE)}
    assert examples | FILES | {"design"} == public
