"""What a first visit transfers, compressed, headers and icon included. The font has a budget of its own."""

import pytest
from tests.browser.pages import LANGUAGES, PAGES, status_of

pytestmark = pytest.mark.browser

KB = 1000
PAGE_BUDGET = 60 * KB
REVIEW_BUDGET = 120 * KB
FONT_BUDGET = 40 * KB
ICON = "async () => (await fetch(document.querySelector('link[rel=icon]').href)).ok"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_keeps_within_its_weight(site, visit, record_property, kind, language):
    with visit(f"{site}/{language}{PAGES[kind]}") as seen:
        assert seen.response.status == status_of(kind)
        assert seen.page.evaluate(ICON)
        seen.page.wait_for_load_state("networkidle")
        found = {}
        for request in seen.finished:
            sizes = request.sizes()
            kind_of_file = request.resource_type if request.resource_type != "fetch" else "other"
            size = sizes["responseHeadersSize"] + sizes["responseBodySize"]
            found[kind_of_file] = found.get(kind_of_file, 0) + size
    record_property("weight", (f"{kind} ({language})", found))
    assert found["document"] > 0
    assert found["stylesheet"] > 0
    assert 0 < found["font"] <= FONT_BUDGET
    assert sum(found.values()) - found["font"] <= (REVIEW_BUDGET if "review" in kind.split() else PAGE_BUDGET)
