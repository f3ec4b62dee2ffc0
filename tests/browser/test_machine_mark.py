"""What a machine translated is marked, and a tap shows the original, whatever came before it."""

import pytest
from playwright.sync_api import expect
from tests.browser.hold_consultation import BY_MACHINE, TRANSLATED_BY_MACHINE

pytestmark = pytest.mark.browser


def mark_on(resident):
    return resident.page.locator("[data-by-machine]")


def vote(resident):
    text = resident.statement
    resident.page.locator("[data-choice=agree]").click()
    expect(resident.page.locator("[data-statement-text]")).not_to_have_text(text)


def go_on_to_it(resident):
    """Past the others, none of which carries the mark; at most four, so that one is left after it."""
    for _ in range(5):
        if resident.statement == BY_MACHINE:
            return
        expect(mark_on(resident)).to_be_hidden()
        vote(resident)
    assert resident.statement == BY_MACHINE


def expect_original_behind_a_tap(resident):
    original = mark_on(resident).locator("[data-original]")
    expect(mark_on(resident)).to_be_visible()
    expect(original).to_be_hidden()
    mark_on(resident).locator("summary").click()
    expect(original).to_have_text(TRANSLATED_BY_MACHINE)
    expect(original).to_be_visible()
    assert original.get_attribute("lang") == "en"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_tap_shows_what_the_machine_was_given(arrive, script):
    with arrive(script=script) as amina:
        amina.arrive_at("lv/statement/")
        go_on_to_it(amina)
        expect_original_behind_a_tap(amina)


def test_the_mark_goes_with_its_sentence_and_comes_back_with_it_without_a_connection_too(arrive):
    with arrive() as amina:
        amina.arrive_at("lv/statement/")
        amina.context.set_offline(True)
        amina.page.wait_for_function("() => !navigator.onLine")
        for _ in range(6):
            if amina.statement == BY_MACHINE:
                break
            amina.page.locator("[data-skip]").click()
        expect_original_behind_a_tap(amina)
        amina.page.locator("[data-skip]").click()
        expect(amina.page.locator("[data-statement-text]")).not_to_have_text(BY_MACHINE)
        expect(mark_on(amina)).to_be_hidden()
        for _ in range(5):
            vote(amina)
        assert amina.statement == BY_MACHINE
        expect_original_behind_a_tap(amina)


def test_a_similar_sentence_of_a_machine_is_marked_while_one_writes(arrive):
    with arrive() as amina:
        amina.arrive_at("lv/say/")
        amina.page.locator("#text").fill("Maniem bērniem draugi ir no citām ielām")
        found = amina.page.locator("[data-similar-list] li")
        expect(found.locator("a")).to_have_text(BY_MACHINE)
        words = amina.page.locator("[data-of-machine]").get_attribute("data-of-machine")
        expect(found.locator("span")).to_have_text(words)
