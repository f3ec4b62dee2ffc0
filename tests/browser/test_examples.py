from django.conf import settings
from django.urls import URLPattern, get_resolver, resolve
from tests.browser.pages import PAGES

FILES = {"review:report", "review:sheet", "review:profile"}


def names(resolver, namespace=""):
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield f"{namespace}{each.name}"
        else:
            yield from names(each, f"{each.namespace}:" if each.namespace else namespace)


def test_every_kind_of_page_that_the_site_serves_has_an_example():
    examples = {resolve(f"/en{path}").view_name for kind, path in PAGES.items() if kind != "missing"}
    assert settings.DESIGN_PAGE
    assert examples | FILES | {"design"} == set(names(get_resolver()))
