"""What experts conclude of Ravenna, in the demonstration: findings, the draft, and the city's reply."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_filling import choose
from tests.browser.test_narrow_screen import STICKING_OUT
from tests.browser.test_work import signed_in

pytestmark = pytest.mark.browser


def looked_at(page, *, script):
    """Axe, and nothing that sticks out; without script neither can be asked."""
    if script:
        complaints = complaints_of_axe(page)
        assert not complaints, f"{page.url}\n" + "\n\n".join(complaints)
        assert page.evaluate(STICKING_OUT) == [], page.url


@pytest.mark.parametrize(
    ("script", "viewport", "scheme"),
    [(True, WIDE, "light"), (False, WIDE, "light"), (True, NARROW, "dark")],
    ids=["with script", "without script", "on a narrow screen"],
)
def test_from_a_finding_to_the_reply_of_the_city(chromium, site, script, viewport, scheme):
    look = {"script": script, "viewport": viewport, "scheme": scheme}
    words = f"Neighbours rarely meet ({script}, {viewport['width']})."
    with signed_in(chromium, site, "Nuria", **look) as page:
        page.goto(f"{site}/en/desk/")
        page.get_by_role("link", name="Ravenna").click()
        page.get_by_role("link", name=re.compile("finding")).click()
        looked_at(page, script=script)
        _write(page, words, script)
        _move_to_the_top(page, words)
        page.get_by_role("link", name="Draft for the city").click()
        expect(page.get_by_text(words).first).to_be_visible()
        looked_at(page, script=script)
        page.get_by_label("Message").fill("Please read this.")
        page.get_by_role("button", name="Show the draft to the city").click()
        expect(page.get_by_text("The city has seen this draft as it is now.")).to_be_visible()
        looked_at(page, script=script)
    with signed_in(chromium, site, "Chiara", **look) as page:
        page.goto(f"{site}/en/desk/")
        looked_at(page, script=script)
        page.get_by_role("link", name=re.compile("^The experts show you a draft: Ravenna")).click()
        expect(page.get_by_text(words).first).to_be_visible()
        looked_at(page, script=script)
        # First with a slip: the page says where.
        page.get_by_role("button", name="Send the reply").click()
        assert page.title().startswith("Error:")
        looked_at(page, script=script)
        page.get_by_label("Your reply to the draft").fill(f"They do ({script}, {viewport['width']}).")
        page.get_by_role("button", name="Send the reply").click()
        expect(page.get_by_text("Sent. The experts are told by e-mail.")).to_be_visible()
        page.goto(f"{site}/en/desk/")
        expect(page.get_by_role("link", name=re.compile("^The experts show you a draft"))).to_have_count(0)
    with signed_in(chromium, site, "Nuria", **look) as page:
        page.goto(f"{site}/en/desk/")
        page.get_by_role("link", name="Ravenna").click()
        page.get_by_role("link", name="Draft for the city").click()
        expect(page.get_by_text(f"They do ({script}, {viewport['width']}).")).to_be_visible()


def _move_to_the_top(page, words):
    """It comes last, behind those of the demonstration and of earlier runs."""
    entries = page.locator(".t-trail__entry")
    for place in range(entries.count() - 1, 0, -1):
        expect(entries.nth(place)).to_contain_text(words)
        entries.nth(place).get_by_role("button", name="Move up").click()
    expect(entries.first).to_contain_text(words)


def _write(page, words, script):
    page.get_by_role("link", name="Write a finding").click()
    looked_at(page, script=script)
    # First with a slip: it rests on nothing. The page says so, and keeps the rest.
    choose(page, "gap")
    page.get_by_label("What you find", exact=True).fill(words)
    page.get_by_label("Suggested next step").first.fill("Open the school yards.")
    page.get_by_role("button", name="Save the finding").click()
    assert page.title().startswith("Error:")
    assert page.get_by_label("What you find", exact=True).input_value() == words
    looked_at(page, script=script)

    area = page.locator("details", has_text="Neighbourhoods")
    if area.get_attribute("open") is None:
        area.locator("summary").click()
    area.get_by_role("checkbox").first.check(force=True)
    page.get_by_role("button", name="Save the finding").click()
    expect(page.get_by_text("The finding is saved.")).to_be_visible()
    looked_at(page, script=script)
