"""One review from the cycle to the sent answers, as its people walk it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from tests.apps.records.given_files import make_pdf
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_filling import choose
from tests.browser.test_narrow_screen import STICKING_OUT
from tests.browser.test_work import signed_in

pytestmark = pytest.mark.browser

IN_TEN_MONTHS = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()
AREAS = 8
"""Of the small questionnaire: one number each."""


def looked_at(page, *, script):
    """Axe, and nothing that sticks out; without script neither can be asked."""
    if script:
        complaints = complaints_of_axe(page)
        assert not complaints, f"{page.url}\n" + "\n\n".join(complaints)
        assert page.evaluate(STICKING_OUT) == [], page.url


@pytest.mark.parametrize(
    ("year", "script", "viewport"),
    [(2021, True, WIDE), (2022, False, WIDE), (2023, True, NARROW)],
    ids=["with script", "without script", "on a narrow screen"],
)
def test_from_the_cycle_to_the_receipt(chromium, site, tmp_path, year, script, viewport):
    look = {"script": script, "viewport": viewport}
    with signed_in(chromium, site, "Mihai", **look) as page:
        _open_cycle(page, site, year, script)
    with signed_in(chromium, site, "Ilze", **look) as page:
        page.goto(f"{site}/en/desk/")
        page.get_by_role("link", name=re.compile(f"^Riga, {year}: ")).click()
        tasks = page.url
        looked_at(page, script=script)
        _give_an_area_by_link(page, year, script)
        page.goto(f"{site}/en/demo/mails/")
        link = page.get_by_role("link", name="/desk/links/").first.get_attribute("href")
    _answer_by_link(chromium, link, look)
    with signed_in(chromium, site, "Ilze", **look) as page:
        page.goto(tasks)
        expect(page.get_by_text(re.compile(r"1 of 8 areas? (is|are) marked as complete"))).to_be_visible()
        _answer_the_others(page, tasks)
        _add_a_file(page, tasks, tmp_path, script)
        _sign_and_send(page, tasks, script)
        _take_it_back(page, tasks, script)
        _sign_and_send(page, tasks, script)
    with signed_in(chromium, site, "Mihai", **look) as page:
        page.goto(f"{site}/en/desk/")
        page.get_by_role("link", name=re.compile(f"^Cities of the demonstration, {year}: ")).click()
        expect(page.get_by_text("1 of 1 city has sent its answers.")).to_be_visible()
        page.get_by_role("link", name="Read the answers").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("All answers: Riga")
        looked_at(page, script=script)


def _open_cycle(page, site, year, script):
    page.goto(f"{site}/en/desk/cycles/new/")
    looked_at(page, script=script)
    # First with a slip: the page says where, and keeps the rest.
    page.get_by_label("Year").fill(str(year))
    page.get_by_role("button", name="Open the cycle").click()
    assert page.title().startswith("Error:")
    assert page.get_by_label("Year").input_value() == str(year)
    looked_at(page, script=script)

    page.get_by_label("Questionnaire").select_option(value="mipex-2015/1")
    choose(page, "Full: all questions")
    page.get_by_label("Answers are due on").fill(IN_TEN_MONTHS)
    choose(page, "One officer of the city")
    for label in page.get_by_role("group", name="Cities").locator("label").all():
        # All are ticked at first.
        if label.inner_text() != "Riga":
            label.click()
    page.get_by_role("button", name="Open the cycle").click()
    expect(page.get_by_text("0 of 1 city has sent its answers.")).to_be_visible()
    looked_at(page, script=script)


def _give_an_area_by_link(page, year, script):
    page.get_by_role("link", name=re.compile("^Give it to a colleague")).last.click()
    looked_at(page, script=script)
    form = page.locator("form", has=page.get_by_role("button", name="Send the link"))
    form.get_by_label("E-mail address").fill(f"zane{year}@example.org")
    form.get_by_label("Name").fill("Zane")
    form.get_by_label("Language of mails and pages").select_option("en")
    # The due date lies further away than a link may work.
    form.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text(f"is on its way to zane{year}@example.org.")).to_be_visible()


def _answer_by_link(chromium, link, look):
    context = chromium.new_context(
        viewport=look["viewport"],
        java_script_enabled=look["script"],
        bypass_csp=look["script"],
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(link)
    expect(page.get_by_text("You answer as Zane, by your personal link.")).to_be_visible()
    looked_at(page, script=look["script"])
    page.locator(".t-tasks__name").first.click()
    looked_at(page, script=look["script"])
    page.locator("#id_number").fill("55")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Mark the area as complete").click()
    expect(page.get_by_text("The area is marked as complete.")).to_be_visible()
    # The link opens nothing else of the city.
    assert page.goto(re.sub(r"areas/.*", "check/", page.url)).status in (200, 404)
    assert "sign-in" in page.url or page.get_by_role("heading", level=1).inner_text() != "Check your answers"
    context.close()


def _answer_the_others(page, tasks):
    for number in range(AREAS - 1):
        page.goto(tasks)
        page.locator(".t-tasks .t-tasks__name").nth(number).click()
        page.locator(".t-tasks .t-tasks__name").first.click()
        page.locator("#id_number").fill(str(40 + number))
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_role("heading", name="Check of this area")).to_be_visible()
    page.goto(tasks)
    expect(page.get_by_text("8 of 8 answered").first).to_be_visible()


def _add_a_file(page, tasks, tmp_path, script):
    file = tmp_path / "plan.pdf"
    file.write_bytes(make_pdf())
    page.goto(tasks)
    page.locator(".t-tasks .t-tasks__name").first.click()
    page.locator(".t-tasks .t-tasks__name").first.click()
    page.get_by_role("link", name="Add evidence").click()
    looked_at(page, script=script)
    form = page.locator("form", has=page.get_by_role("button", name="Add the file"))
    form.get_by_label("File").set_input_files(file)
    form.get_by_label("Title").fill("The plan")
    form.get_by_role("button", name="Add the file").click()
    expect(page.get_by_role("link", name="The plan").first).to_be_visible()
    looked_at(page, script=script)
    page.get_by_role("link", name=re.compile("^Change.*plan.pdf")).click()
    looked_at(page, script=script)


def _sign_and_send(page, tasks, script):
    page.goto(tasks)
    page.get_by_role("link", name="Check the answers").click()
    looked_at(page, script=script)
    page.get_by_role("link", name="Go on to sign").click()
    looked_at(page, script=script)
    # Without the tick nothing is sent.
    page.get_by_role("button", name="Sign and send").click()
    assert page.title().startswith("Error:")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("sent")
    looked_at(page, script=script)


def _take_it_back(page, tasks, script):
    page.goto(tasks)
    page.get_by_role("link", name="receipt").first.click()
    page.get_by_role("link", name=re.compile("[Tt]ake .*back")).first.click()
    looked_at(page, script=script)
    page.get_by_role("button", name=re.compile("[Tt]ake")).click()
    page.goto(tasks)
    expect(page.get_by_role("link", name="Check the answers")).to_be_visible()
