import pytest
from tests.browser.conftest import NARROW
from tests.browser.pages import LANGUAGES, PAGES, status_of

pytestmark = pytest.mark.browser

# The outermost elements that stick out to the right, except inside a box that scrolls by itself.
STICKING_OUT = """() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    const scrolls = e => e && e !== document.documentElement
        && (["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    return [...document.body.querySelectorAll("*")]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5 && !scrolls(e))
        .map(e => e.cloneNode(false).outerHTML);
}"""
WIDTH = "() => [document.scrollingElement.scrollWidth, innerWidth]"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
def test_nothing_scrolls_sideways_at_320_pixels(site, visit, kind, language):
    with visit(f"{site}/{language}{PAGES[kind]}", viewport=NARROW) as seen:
        assert seen.response.status == status_of(kind)
        assert seen.page.evaluate(STICKING_OUT) == []
        needed, given = seen.page.evaluate(WIDTH)
        assert needed <= given
