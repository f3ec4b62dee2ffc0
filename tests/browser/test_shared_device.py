"""One device, and one person after the other, or two pages at a time."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect
from tests.browser.residents import AGREE, DISAGREE, QUEUE

pytestmark = pytest.mark.browser


def test_votes_of_whoever_has_left_are_sent_as_theirs_and_nobody_is_shown_them(arrive):
    with arrive() as somebody:
        somebody.arrive_at("en/statement/")
        somebody.context.route("**/vote/", lambda route: route.abort("connectionreset"))
        left = somebody.vote(AGREE)
        somebody.page.get_by_role("button", name="Start anew on this device").click()
        expect(somebody.page.get_by_text("Some answers are not sent yet.")).to_be_visible()
        somebody.page.get_by_role("button", name="Start anew all the same").click()
        somebody.page.locator(".r-big-links").get_by_role("link", name="English").click()
        expect(somebody.page.locator("[data-unsent]")).to_be_hidden()
        somebody.context.unroute("**/vote/")
        somebody.page.get_by_role("link", name="Start").click()
        somebody.settle()
        assert somebody.votes == {left: 1}
        # The device knows nobody by it.
        assert somebody.context.cookies() == []
        expect(somebody.page.get_by_text("Answered: 0 of 6")).to_be_visible()
        somebody.vote(DISAGREE)
        somebody.settle()
        assert len(somebody.people) == 2
        assert len(somebody.context.cookies()) == 1


def test_starting_anew_sends_first_what_can_be_sent(arrive):
    with arrive() as somebody:
        # The phone does not say by itself that it is online again, so that the script has not tried yet.
        somebody.context.add_init_script(
            "addEventListener('online', said => said.stopImmediatePropagation())"
        )
        somebody.arrive_at("en/statement/")
        somebody.context.set_offline(True)
        text = somebody.vote(AGREE)
        somebody.context.set_offline(False)
        somebody.page.get_by_role("button", name="Start anew on this device").click()
        somebody.page.wait_for_url(somebody.address)
        assert somebody.votes == {text: 1}
        assert somebody.context.cookies() == []


def test_whoever_withdraws_does_not_come_back_by_a_vote_that_waited(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.vote(AGREE)
        amina.settle()
        amina.context.route("**/vote/", lambda route: route.abort("connectionreset"))
        amina.vote(DISAGREE)
        amina.go("en/withdraw/")
        amina.page.get_by_role("button", name="Yes, erase everything").click()
        expect(amina.page.get_by_role("heading", level=1)).not_to_have_text("Erase everything")
        amina.context.unroute("**/vote/")
        amina.arrive_at("en/help/")
        assert amina.votes == {}
        assert amina.page.evaluate(QUEUE) == 0


def test_two_pages_of_one_phone_do_not_lose_each_others_votes(arrive):
    with arrive() as amina:
        amina.go("en/statement/")
        amina.vote(AGREE)
        amina.settle()
        amina.arrive_at("en/statement/")
        second = amina.context.new_page()
        second.goto(f"{amina.address}en/statement/")
        second.wait_for_load_state("networkidle")
        sent = []
        amina.context.on(
            "request", lambda request: "/vote/" in request.url and sent.append(request.post_data)
        )
        amina.context.set_offline(True)
        for page in (amina.page, second, amina.page, second):
            page.get_by_role("button", name=AGREE).click()
        assert amina.page.evaluate(QUEUE) == 4
        amina.context.set_offline(False)
        expect(amina.page.locator("[data-all-sent]")).to_be_visible()
        amina.page.wait_for_function("() => !Object.keys(localStorage).some(name => name.includes('/vote/'))")
        keys = [parse_qs(each)["key"][0] for each in sent]
        assert len(keys) == len(set(keys)) == 4
        assert len(amina.people) == 1
