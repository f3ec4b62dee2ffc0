"""Taking part by phone in the demonstration, as the tutorial has its reader do it.

It takes the pictures of the tutorial as it goes: see `pictures.py`.
"""

import pytest
from playwright.sync_api import expect
from tests.browser.phones import Walk, with_and_without_script
from tests.browser.pictures import ARE_TAKEN, take_picture

pytestmark = pytest.mark.browser

PICTURE_PX = 680


@with_and_without_script
def test_by_phone_as_the_tutorial_has_it(chromium, site, script):
    walk = Walk(chromium, site, script)
    with walk.signed_in("Ilze") as ilze:
        ilze.goto(f"{walk.site}/en/desk/")
        ilze.get_by_role("link", name="Consultations").click()
        ilze.get_by_role("link", name="Arriving in Riga, living together").click()
        poster = ilze.get_by_role("link", name="Poster in all its languages").get_attribute("href")
        assert ilze.context.request.get(f"{walk.site}{poster}").body().startswith(b"%PDF-")
        address = ilze.get_by_role("link", name="/take-part/").get_attribute("href")
    assert address == f"{walk.site}/take-part/arriving-in-riga/"
    with walk.phone() as page:
        page.goto(address)
        _take(walk, page, "languages")
        page.locator(".r-big-links").get_by_role("link", name="English").click()
        _take(walk, page, "begin")
        page.get_by_role("link", name="Start now").click()
        _take(walk, page, "statement")
        for choice in ("I agree", "I disagree", "I do not know"):
            words = page.locator("[data-statement-text]").inner_text()
            page.get_by_role("button", name=choice).click()
            expect(page.locator("[data-statement-text]")).not_to_have_text(words)
        page.get_by_role("link", name="Say something of your own").click()
        page.get_by_label("Your sentence").fill("A neighbour should show newcomers where the cellar is.")
        _take(walk, page, "say")
        page.get_by_role("button", name="Send").click()
        page.get_by_role("link", name="Go on").click()
        page.get_by_role("link", name="Stop here").click()
        expect(page.get_by_text("Answered: 3 of")).to_be_visible()
        _take(walk, page, "code")
        code = page.locator(".r-code").inner_text()
    with walk.phone() as page:
        page.goto(address)
        page.locator(".r-big-links").get_by_role("link", name="English").click()
        page.get_by_role("link", name="I have a code").click()
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Come back with this code").click()
        expect(page.get_by_text("It waits. A person reads it before it is shown.")).to_be_visible()
        _take(walk, page, "answers")
        page.get_by_role("link", name="Change it").first.click()
        page.get_by_role("button", name="I do not know").click()
        expect(page.get_by_role("heading", name="My answers")).to_be_visible()
        page.get_by_role("link", name="Erase everything").click()
        page.get_by_role("button", name="Yes, erase everything").click()
        expect(page.get_by_role("heading", name="Everything is erased")).to_be_visible()


def _take(walk, page, name):
    if ARE_TAKEN and walk.script:
        take_picture(page, f"by-phone/{name}", top=0, most_px=PICTURE_PX)
