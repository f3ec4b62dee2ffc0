"""An expert judges the answers of Ravenna by keys, in the demonstration."""

import pytest
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_narrow_screen import STICKING_OUT
from tests.browser.test_work import signed_in

pytestmark = pytest.mark.browser

FOCUS = "document.activeElement.name || document.activeElement.id"
PHRASE = "On which page does the document say so?"


def begin(page, site):
    """The first answer without Nuria's opinion."""
    page.goto(f"{site}/en/desk/")
    page.get_by_role("link", name="Ravenna").click()
    page.get_by_role("link", name="Next answer without your opinion").click()
    page.get_by_role("heading", name="Your opinion").wait_for()
    return page.url


def test_an_expert_goes_from_answer_to_answer_by_keys(chromium, site):
    with signed_in(chromium, site, "Nuria") as page:
        first = begin(page, site)
        page.keyboard.press("?")
        assert page.evaluate(FOCUS) == "keys"
        page.keyboard.press("o")
        assert page.evaluate(FOCUS).startswith("own-")
        page.locator(":focus").blur()
        page.keyboard.press("q")
        assert page.evaluate(FOCUS) == "query-text"
        page.keyboard.type("nap?oq")
        assert page.locator("#id_query-text").input_value() == "nap?oq"
        page.locator(":focus").blur()
        page.keyboard.press("Control+a")
        page.keyboard.press("n")
        page.wait_for_url(lambda url: url != first)
        page.keyboard.press("p")
        page.wait_for_url(first)

        page.keyboard.press("a")
        page.wait_for_url(lambda url: url != first)
        page.goto(first)
        assert page.get_by_text("Accepts the city's answer.").is_visible()


def test_the_keys_can_be_switched_off_and_on(chromium, site):
    with signed_in(chromium, site, "Nuria") as page:
        begin(page, site)
        page.get_by_role("button", name="Switch the keys off").click()
        page.get_by_role("button", name="Switch the keys on").wait_for()
        page.keyboard.press("q")
        assert page.evaluate(FOCUS) != "query-text"

        page.get_by_role("button", name="Switch the keys on").click()
        page.get_by_role("button", name="Switch the keys off").wait_for()
        page.keyboard.press("q")
        assert page.evaluate(FOCUS) == "query-text"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_phrase_is_put_into_what_one_asks(chromium, site, script):
    phrase = f"{PHRASE} ({'a' if script else 'b'})"
    with signed_in(chromium, site, "Nuria", script=script) as page:
        page.goto(f"{site}/en/desk/phrases/")
        page.get_by_label("New phrase").fill(phrase)
        page.get_by_role("button", name="Keep the phrase").click()
        begin(page, site)
        page.get_by_role("link", name="Next answer", exact=True).click()
        while not page.get_by_role("button", name="Ask the city").count():
            page.get_by_role("link", name="Next answer", exact=True).click()
        page.get_by_label("One of your phrases").select_option(phrase)
        put = page.get_by_role("button", name="Put the phrase into the text")
        assert put.count() == script
        if script:
            put.click()
        assert page.locator("#id_query-text").input_value() == (phrase if script else "")
        assert page.locator("#id_query-phrase").input_value() == ("" if script else phrase)

        page.get_by_role("button", name="Ask the city").click()

        assert page.get_by_text(phrase, exact=True).count() == 1


@pytest.mark.parametrize("way", ["button", "enter"])
def test_a_phrase_is_chosen_and_put_into_the_text_by_keys_alone(chromium, site, way):
    """The arrow keys pass other phrases on the way: none of them may end up in the text."""
    kept = [f"{PHRASE} ({way} {number})" for number in (1, 2)]
    with signed_in(chromium, site, "Nuria") as page:
        for phrase in kept:
            page.goto(f"{site}/en/desk/phrases/")
            page.get_by_label("New phrase").fill(phrase)
            page.get_by_role("button", name="Keep the phrase").click()
        address = begin(page, site)
        while not page.get_by_role("button", name="Ask the city").count():
            page.get_by_role("link", name="Next answer", exact=True).click()
            address = page.url
        page.keyboard.press("q")
        page.keyboard.type("Hello.")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(FOCUS) == "query-phrase"
        page.keyboard.press("End")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowDown")
        assert page.evaluate(FOCUS) == "query-phrase"
        assert page.locator("#id_query-text").input_value() == "Hello."

        if way == "enter":
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Tab")
            page.keyboard.press("Space")

        assert page.locator("#id_query-text").input_value() == f"Hello. {kept[-1]}"
        assert page.evaluate(FOCUS) == "query-text"
        assert page.locator("#id_query-phrase").input_value() == ""
        assert page.url == address


def test_the_key_that_accepts_overwrites_no_opinion_of_another_answer(chromium, site):
    with signed_in(chromium, site, "Nuria") as page:
        address = begin(page, site)
        page.keyboard.press("o")
        page.keyboard.press("Space")
        page.get_by_label("Your reason").fill("The report says so.")
        page.get_by_role("button", name="Save another answer as your opinion").click()
        page.wait_for_url(lambda url: url != address)
        page.goto(address)
        assert page.get_by_text("Holds another answer right").is_visible()

        page.keyboard.press("a")

        assert page.evaluate("document.activeElement.value") == "accept"
        page.wait_for_timeout(300)
        assert page.url == address
        assert page.get_by_text("Holds another answer right").is_visible()
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: url != address)
        page.goto(address)
        assert page.get_by_text("Accepts the city's answer.").is_visible()


@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", WIDE), ("dark", NARROW)], ids=["light-1280px", "dark-320px"]
)
def test_axe_finds_nothing_and_nothing_sticks_out_where_an_expert_works(chromium, site, scheme, viewport):
    with signed_in(chromium, site, "Nuria", viewport=viewport, scheme=scheme) as page:
        answer = begin(page, site)
        board = answer.split("questions/")[0]
        analysis = board.replace("/board/", "/analysis/")
        for address in (answer, board, analysis, f"{site}/en/desk/phrases/"):
            page.goto(address)
            complaints = complaints_of_axe(page)
            assert not complaints, f"{address}\n" + "\n\n".join(complaints)
            assert page.evaluate(STICKING_OUT) == [], address
