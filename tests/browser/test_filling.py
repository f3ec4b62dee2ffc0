"""A city answers its review: with script and without, by keyboard alone, and two people at once."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_narrow_screen import STICKING_OUT
from tests.browser.test_work import signed_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def riga(chromium, site):
    """The address of Riga's task list, without the language."""
    with signed_in(chromium, site, "Ilze") as page:
        page.goto(f"{site}/en/desk/")
        page.get_by_role("link", name=re.compile(r"^Riga, \d{4}:")).first.click()
        return re.sub(r".*/en/desk/", "/desk/", page.url)


@contextmanager
def at_question(chromium, site, who, address, **options):
    with signed_in(chromium, site, who, **options) as page:
        page.goto(f"{site}/en{address}")
        yield page


def choose(page, label):
    """The whole frame of a choice is its label."""
    page.locator(".t-choices label").get_by_text(label, exact=True).click()


def saved(page):
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"^\s*Saved \d\d:\d\d\s*$"))


def test_with_script_every_change_saves_itself(chromium, site, riga):
    address = f"{riga}areas/international-outlook/questions/foreign-students/"
    with at_question(chromium, site, "Ilze", address) as page:
        page.locator("label[for=id_choice_0]").click()
        saved(page)
        expect(page.locator("#id_revision")).to_have_value("1")
        expect(page.get_by_text("Last changed by Ilze.")).to_be_visible()
        steps = page.get_by_role("navigation", name="Questions of the area")
        expect(steps.locator("[aria-current] + p")).to_have_text("Answered")

        page.get_by_label("Note (optional)").fill("Two universities.")
        page.keyboard.press("Tab")
        expect(page.locator("#id_revision")).to_have_value("2")
        page.reload()
        expect(page.locator("#id_choice_0")).to_be_checked()
        expect(page.get_by_label("Note (optional)")).to_have_value("Two universities.")


def test_half_a_change_is_no_error_and_waits_for_its_other_half(chromium, site, riga):
    address = f"{riga}areas/participation/questions/strategy-consultation/"
    with at_question(chromium, site, "Ilze", address) as page:
        choose(page, "Does not apply")
        expect(page.locator("[data-save-state]")).to_have_text(
            "Not saved yet. Say why the question does not apply to the city."
        )
        assert page.get_by_text("There is a problem").count() == 0
        page.get_by_label("If the question does not apply: why?").fill("The city has none to consult on.")
        page.keyboard.press("Tab")
        saved(page)
        page.get_by_role("button", name="Take the answer back").click()
        expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
        expect(page.get_by_label("Does not apply", exact=True)).not_to_be_checked()


@pytest.mark.parametrize("keeps", ["what you wrote", "what was saved"])
def test_two_who_change_one_answer_see_both_and_one_of_them_chooses(chromium, site, riga, keeps):
    question = {"what you wrote": "welcome-event", "what was saved": "arrival-plan"}[keeps]
    address = f"{riga}areas/welcoming/questions/{question}/"
    with (
        at_question(chromium, site, "Ilze", address) as hers,
        at_question(chromium, site, "Andris", address) as his,
    ):
        hers.get_by_label("Note (optional)").fill("What Ilze wrote")
        hers.keyboard.press("Tab")
        saved(hers)

        his.get_by_label("Note (optional)").fill("What Andris wrote")
        his.keyboard.press("Tab")
        expect(his.locator("#conflict")).to_be_focused()
        conflict = his.locator("#conflict")
        expect(conflict).to_contain_text("Ilze has saved another answer meanwhile.")
        expect(conflict).to_contain_text("What Ilze wrote")
        expect(conflict).to_contain_text("What Andris wrote")
        assert complaints_of_axe(his) == []

        his.get_by_role("button", name=f"Keep {keeps}").click()
        expect(his.locator("#conflict")).to_be_empty()
        stays = "What Andris wrote" if keeps == "what you wrote" else "What Ilze wrote"
        expect(his.get_by_label("Note (optional)")).to_have_value(stays)
        hers.reload()
        expect(hers.get_by_label("Note (optional)")).to_have_value(stays)
        expect(hers.get_by_text("Also here now: Andris")).to_be_visible()


def test_without_script_one_goes_from_question_to_question(chromium, site, riga):
    address = f"{riga}areas/interaction/questions/association-list/"
    with at_question(chromium, site, "Ilze", address, script=False) as page:
        choose(page, "Yes")
        page.get_by_role("button", name="Save and go on", exact=True).click()
        assert page.url.endswith("/association-work/")
        page.get_by_role("button", name="Save and go on", exact=True).click()
        assert page.url.endswith("/encounter-reach/")

        page.get_by_label(re.compile("^The city's answer")).fill("many")
        page.get_by_role("button", name="Save and go on", exact=True).click()
        assert page.title().startswith("Error:")
        page.get_by_role("link", name="Write the number like 1234 or 12.5.").click()
        assert page.url.endswith("#id_number")
        assert page.get_by_label(re.compile("^The city's answer")).input_value() == "many"
        page.get_by_label(re.compile("^The city's answer")).fill("12,5")
        page.get_by_role("button", name="Save and go on", exact=True).click()
        assert page.url.endswith(f"{riga}areas/interaction/")
        assert page.get_by_text("2 of 3 answered").is_visible()


def test_without_script_a_stale_page_loses_nothing(chromium, site, riga):
    address = f"{riga}areas/participation/questions/participation-watch/"
    with (
        at_question(chromium, site, "Ilze", address, script=False) as first,
        at_question(chromium, site, "Ilze", address, script=False) as second,
    ):
        first.get_by_label("Note (optional)").fill("In one window")
        first.get_by_role("button", name="Save", exact=True).click()
        second.get_by_label("Note (optional)").fill("In the other")
        second.get_by_role("button", name="Save", exact=True).click()
        assert second.get_by_text("You have saved another answer meanwhile, in another window.").is_visible()
        assert second.get_by_label("Note (optional)").input_value() == "In the other"
        second.get_by_role("button", name="Keep what you wrote").click()
        assert second.get_by_label("Note (optional)").input_value() == "In the other"
        assert second.locator("#id_revision").input_value() == "2"


def test_a_question_is_answered_by_keyboard_alone(chromium, site, riga):
    address = f"{riga}areas/anti-discrimination/questions/victim-support/"
    with at_question(chromium, site, "Ilze", address) as page:
        page.locator("h1").click()
        reached = ""
        for _ in range(40):
            page.keyboard.press("Tab")
            reached = page.evaluate("document.activeElement.name || ''")
            if reached == "choice":
                break
        assert reached == "choice"
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.value") == "paid-organisation"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "note"
        page.keyboard.type("A law clinic.")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.value") == "next"
        saved(page)
        page.keyboard.press("Enter")
        page.wait_for_url("**/discrimination-figures/")
        page.goto(f"{site}/en{address}")
        assert page.locator("[value=paid-organisation]").is_checked()
        assert page.get_by_label("Note (optional)").input_value() == "A law clinic."


def test_enter_in_a_field_goes_on_and_presses_no_other_button(chromium, site, riga):
    address = f"{riga}areas/interaction/questions/encounter-reach/"
    with at_question(chromium, site, "Ilze", address, script=False) as page:
        page.get_by_label(re.compile("^The city's answer")).fill("20")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{riga}areas/interaction/")
        page.goto(f"{site}/en{address}")
        assert page.get_by_label(re.compile("^The city's answer")).input_value() == "20"


QUESTIONS = [
    "commitment/questions/strategy",
    "education/questions/school-mix",
    "education/questions/school-language-help",
    "language/questions/course-completion",
    "intelligence-and-competence/questions/attitude-survey",
]
LOOKS = [
    pytest.param("light", WIDE, "en", id="light-1280px-en"),
    pytest.param("dark", NARROW, "lv", id="dark-320px-lv"),
]


@pytest.mark.parametrize(("scheme", "viewport", "language"), LOOKS)
def test_axe_finds_nothing_and_nothing_sticks_out_where_one_answers(
    chromium, site, riga, scheme, viewport, language
):
    addresses = [riga, f"{riga}areas/commitment/", *(f"{riga}areas/{question}/" for question in QUESTIONS)]
    with signed_in(chromium, site, "Ilze", viewport=viewport, scheme=scheme) as page:
        for address in addresses:
            assert page.goto(f"{site}/{language}{address}").status == 200, address
            complaints = complaints_of_axe(page)
            assert not complaints, f"{address}\n" + "\n\n".join(complaints)
            assert page.evaluate(STICKING_OUT) == [], address


@pytest.mark.parametrize(("scheme", "viewport", "language"), LOOKS)
def test_axe_finds_nothing_on_a_page_that_comes_back(chromium, site, riga, scheme, viewport, language):
    address = f"{riga}areas/education/questions/school-mix/"
    with signed_in(chromium, site, "Ilze", viewport=viewport, scheme=scheme) as page:
        page.goto(f"{site}/{language}{address}")
        page.locator("#id_note").fill("x" * 5001)
        page.evaluate("document.getElementById('answer').removeAttribute('data-autosave')")
        page.evaluate("HTMLFormElement.prototype.submit.call(document.getElementById('answer'))")
        page.wait_for_load_state()
        expect(page.locator(".t-errors")).to_be_focused()
        assert complaints_of_axe(page) == []
        assert page.evaluate(STICKING_OUT) == []
