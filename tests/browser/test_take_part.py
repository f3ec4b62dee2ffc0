"""Residents on their phones, with the script and without."""

import pytest
from playwright.sync_api import expect
from tests.browser.residents import AGREE, DISAGREE, PASS, QUEUE

pytestmark = pytest.mark.browser

with_and_without_script = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


@with_and_without_script
def test_somebody_comes_votes_on_everything_changes_their_mind_and_withdraws(arrive, script):
    with arrive(script=script) as amina:
        amina.go("")
        amina.page.locator(".r-big-links").get_by_role("link", name="English").click()
        amina.page.get_by_role("link", name="Start").click()
        assert amina.context.cookies() == []
        first = amina.vote(AGREE)
        expect(amina.page.get_by_text("Answered: 1 of 6")).to_be_visible()
        others = [amina.vote(DISAGREE) for _ in range(4)]
        amina.page.get_by_role("button", name=PASS).click()
        expect(amina.page.get_by_role("heading", name="Thank you")).to_be_visible()
        assert amina.votes.keys() >= {first, *others}
        assert sorted(amina.votes.values()) == [-1, -1, -1, -1, 0, 1]
        assert len(amina.people) == 1

        amina.page.get_by_role("link", name="My answers").click()
        amina.page.locator(".r-answer", has_text=first).get_by_role("link", name="Change").click()
        assert amina.page.get_by_role("button", name=AGREE).get_attribute("aria-pressed") == "true"
        amina.page.get_by_role("button", name=DISAGREE).click()
        expect(amina.page.get_by_role("heading", level=1)).not_to_have_text("Do you agree?")
        assert amina.votes[first] == -1
        assert len(amina.votes) == 6

        amina.go("en/withdraw/")
        amina.page.get_by_role("button", name="Yes, erase everything").click()
        expect(amina.page.get_by_role("heading", level=1)).not_to_have_text("Erase everything")
        assert amina.votes == {}
        assert amina.context.cookies() == []


def test_a_vote_is_one_tap_on_the_same_page(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.page.evaluate("window.isSamePage = true")
        amina.vote(AGREE)
        expect(amina.page.locator("[data-statement-text]")).to_be_focused()
        amina.vote(PASS)
        amina.settle()
        assert amina.page.evaluate("window.isSamePage")
        assert sorted(amina.votes.values()) == [0, 1]
        assert amina.page.evaluate(QUEUE) == 0


def test_the_second_tap_of_a_double_one_is_no_vote_on_the_next_statement(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        text = amina.statement
        amina.page.get_by_role("button", name=AGREE).dblclick()
        amina.settle()
        assert amina.votes == {text: 1}


def test_later_shows_another_statement_and_is_no_vote(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        put_off = amina.statement
        amina.page.get_by_role("link", name="Later").click()
        expect(amina.page.locator("[data-statement-text]")).not_to_have_text(put_off)
        answered = [amina.vote(AGREE) for _ in range(5)]
        # It comes back when all others are done.
        assert put_off not in answered
        assert amina.statement == put_off
        amina.settle()
        assert amina.votes.keys() == set(answered)


def test_what_was_put_off_comes_back_without_a_connection_too(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        put_off = amina.statement
        amina.page.get_by_role("link", name="Later").click()
        expect(amina.page.locator("[data-statement-text]")).not_to_have_text(put_off)
        amina.context.set_offline(True)
        answered = [amina.vote(AGREE) for _ in range(5)]
        assert put_off not in answered
        assert amina.statement == put_off


def test_the_report_is_of_the_statement_that_is_shown(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.vote(AGREE)
        shown = amina.statement
        amina.page.get_by_role("link", name="Report this sentence").click()
        expect(amina.page.locator(".r-statement")).to_have_text(shown)


# Where the phone keeps nothing


@pytest.mark.parametrize(
    "storage",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }})",
        "Storage.prototype.setItem = () => { throw new Error('full'); }",
    ],
    ids=["forbidden", "full"],
)
def test_a_phone_that_keeps_nothing_votes_by_plain_forms(arrive, storage):
    with arrive() as amina:
        amina.context.add_init_script(storage)
        amina.go("en/statement/")
        text = amina.vote(AGREE)
        assert amina.votes == {text: 1}


def test_a_storage_that_fills_up_meanwhile_lets_the_form_go_out(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
        text = amina.statement
        with amina.page.expect_navigation():
            amina.page.get_by_role("button", name=AGREE).click()
        assert amina.votes == {text: 1}


# Something of one's own


def test_letters_are_counted_and_similar_statements_offered_while_one_writes(arrive):
    with arrive() as amina:
        asked = []
        amina.page.on("request", lambda request: "/similar/" in request.url and asked.append(request.method))
        amina.go("en/say/")
        field = amina.page.get_by_label("Your sentence")
        expect(amina.page.get_by_text("Letters left: 280")).to_be_visible()
        field.press_sequentially("My neighbours know me by my name")
        expect(amina.page.get_by_text("Letters left: 248")).to_be_visible()
        link = amina.page.get_by_role("link", name="My neighbours know me by name.")
        expect(link).to_be_visible()
        # Once it rests, and never in an address.
        assert asked == ["POST"]
        field.fill("x" * 290)
        expect(amina.page.get_by_text("Letters left: -10")).to_be_visible()
        expect(link).to_be_hidden()
