import pytest
from tests.browser.conftest import NARROW, WIDE
from tests.browser.pages import PAGES, status_of

pytestmark = pytest.mark.browser

# Everything that one can act on, in the order in which it stands on the page, and how it looks at rest. A
# tile shows its ring around the whole tile, which can be pressed anywhere.
NUMBER = """() => {
    const ring = e => {
        const style = getComputedStyle(e.closest(".t-tile") ?? e);
        return `${style.outline} ${style.boxShadow}`;
    };
    const actable = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    const visible = [...document.querySelectorAll(actable)].filter(e => e.checkVisibility());
    visible.forEach((e, number) => Object.assign(e.dataset, {number, rest: ring(e)}));
    window.ring = ring;
    return visible.length;
}"""
WHERE = """() => {
    const here = document.activeElement, box = here.getClientRects()[0];
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        tag: here.cloneNode(false).outerHTML,
        number: here.dataset.number ?? null,
        ring: window.ring(here) !== here.dataset.rest,
        seen: hit !== null && (here.contains(hit) || hit.contains(here)),
    };
}"""


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320px", "1280px"])
@pytest.mark.parametrize("kind", PAGES)
def test_the_tab_key_reaches_everything_in_the_order_of_the_page_and_shows_where_it_is(
    site, visit, kind, viewport
):
    with visit(f"{site}/en{PAGES[kind]}", viewport=viewport) as seen:
        assert seen.response.status == status_of(kind)
        total = seen.page.evaluate(NUMBER)
        assert total >= 8
        for number in range(total):
            seen.page.keyboard.press("Tab")
            here = seen.page.evaluate(WHERE)
            assert here == {"tag": here["tag"], "number": str(number), "ring": True, "seen": True}


@pytest.mark.parametrize("kind", PAGES)
def test_the_first_tab_stop_skips_to_the_content(site, visit, kind):
    with visit(f"{site}/lv{PAGES[kind]}", script=False) as seen:
        page = seen.page
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("href") == "#main"
        assert page.locator(":focus").bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        page.locator("main:focus").wait_for()
        page.keyboard.press("Tab")
        assert page.locator("main :focus, footer :focus").count() == 1


def test_a_closed_part_of_a_review_opens_by_keyboard(site, visit):
    with visit(f"{site}/en{PAGES['review']}", script=False) as seen:
        part = seen.page.locator("main details").first
        assert part.get_attribute("open") is None
        part.locator("summary").focus()
        seen.page.keyboard.press("Enter")
        assert part.get_attribute("open") is not None
        part.locator("table").wait_for(state="visible")


def test_a_part_opens_at_once_for_those_who_asked_for_no_motion(site, visit):
    with visit(f"{site}/en{PAGES['review']}") as seen:
        moving = seen.page.evaluate(
            """() => [...document.querySelectorAll("main details")].filter(part => {
                part.open = true;
                return getComputedStyle(part, "::details-content").contentVisibility !== "visible";
            }).length"""
        )
        assert seen.page.locator("main details").count() > 10
        assert moving == 0
