from django.conf import settings
from django.urls import URLPattern, get_resolver, resolve
from tests.browser.pages import PAGES

FILES = {"review:report", "review:sheet", "review:profile"}
SIGNED_IN = ("network:", "accounts:", "account_", "mfa_", "usersessions_")
"""Not public; `test_work` and `test_passkeys` walk these."""


def names(resolver, namespace=""):
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield f"{namespace}{each.name}"
        else:
            yield from names(each, f"{each.namespace}:" if each.namespace else namespace)


def test_every_kind_of_page_that_the_site_serves_has_an_example():
    examples = {resolve(f"/en{path}").view_name for kind, path in PAGES.items() if kind != "missing"}
    assert settings.DESIGN_PAGE
    public = {name for name in names(get_resolver()) if not name.startswith(SIGNED_IN)}
    assert examples | FILES | {"design"} == public
