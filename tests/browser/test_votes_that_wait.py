"""Votes on a line that comes and goes: kept on the phone, and sent once."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect
from tests.browser.residents import AGREE, DISAGREE, PASS, QUEUE, wait_for_number

pytestmark = pytest.mark.browser


def test_three_votes_without_a_connection_are_kept_and_sent_once(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.context.set_offline(True)
        given = {amina.vote(AGREE): 1, amina.vote(DISAGREE): -1, amina.vote(PASS): 0}
        amina.expect_unsent(3)
        expect(amina.page.get_by_text("Answered: 3 of 6")).to_be_visible()
        assert amina.votes == {}
        amina.context.set_offline(False)
        amina.wait_until_sent()
        assert amina.votes == given
        assert len(amina.people) == 1
        expect(amina.page.get_by_text("Answered: 3 of 6")).to_be_visible()


def test_a_change_of_mind_without_a_connection_is_what_counts(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.context.set_offline(True)
        text = amina.vote(AGREE)
        next_one = amina.statement
        amina.page.get_by_role("link", name="Change my last answer").click()
        expect(amina.page.locator("[data-statement-text]")).to_have_text(text)
        assert amina.page.get_by_role("button", name=AGREE).get_attribute("aria-pressed") == "true"
        amina.vote(DISAGREE)
        assert amina.statement == next_one
        expect(amina.page.get_by_text("Answered: 1 of 6")).to_be_visible()
        amina.context.set_offline(False)
        amina.wait_until_sent()
        assert amina.votes == {text: -1}


def test_an_answer_that_is_changed_without_a_connection_counts_once_in_the_progress(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        text = amina.vote(AGREE)
        amina.settle()
        expect(amina.page.get_by_text("Answered: 1 of 6")).to_be_visible()
        amina.context.set_offline(True)
        amina.page.get_by_role("link", name="Change my last answer").click()
        expect(amina.page.locator("[data-statement-text]")).to_have_text(text)
        amina.vote(DISAGREE)
        amina.expect_unsent(1)
        expect(amina.page.get_by_text("Answered: 1 of 6")).to_be_visible()
        amina.vote(PASS)
        expect(amina.page.get_by_text("Answered: 2 of 6")).to_be_visible()


def test_votes_outlive_the_page_and_stay_those_of_one_person(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.context.set_offline(True)
        given = {amina.vote(AGREE): 1, amina.vote(DISAGREE): -1}
        # No line to the server, though the phone believes in one, while the page is loaded anew.
        amina.context.route("**/vote/", lambda route: route.abort("internetdisconnected"))
        amina.context.set_offline(False)
        amina.page.reload()
        # No vote has arrived, so that the server knows nobody and gave the page a new code. It may show a
        # statement again, until the page has asked for another.
        for text in given:
            expect(amina.page.locator("[data-statement-text]")).not_to_have_text(text)
        amina.expect_unsent(2)
        given[amina.vote(PASS)] = 0
        amina.context.unroute("**/vote/")
        amina.page.reload()
        amina.settle()
        assert amina.votes == given
        assert len(amina.people) == 1


def test_votes_are_sent_from_any_page_of_the_consultation(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.context.set_offline(True)
        text = amina.vote(AGREE)
        amina.context.set_offline(False)
        amina.go("en/help/")
        amina.settle()
        assert amina.votes == {text: 1}


def test_a_page_about_ones_answers_shows_those_too_that_came_after_it(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.context.route("**/vote/", lambda route: route.abort("connectionreset"))
        text = amina.vote(AGREE)
        amina.go("en/answers/")
        expect(amina.page.get_by_text("This device knows no answers of yours.")).to_be_visible()
        amina.context.unroute("**/vote/")
        expect(amina.page.locator(".r-answer")).to_contain_text(text)


def test_whoever_has_answered_all_that_was_loaded_waits_for_the_connection(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.context.set_offline(True)
        for _ in range(5):
            amina.vote(AGREE)
        amina.page.get_by_role("button", name=AGREE).click()
        expect(amina.page.get_by_text("That was all that this device had loaded.")).to_be_visible()
        expect(amina.page.get_by_role("button", name=AGREE)).to_be_hidden()
        amina.context.set_offline(False)
        expect(amina.page.get_by_role("heading", name="Thank you")).to_be_visible()
        assert list(amina.votes.values()) == [1] * 6


def test_a_form_is_not_lost_by_sending_it_without_a_connection(arrive):
    with arrive() as amina:
        amina.go("en/say/")
        amina.page.get_by_label("Your sentence").fill("A bus that comes on Sundays, too.")
        amina.context.set_offline(True)
        amina.page.get_by_role("button", name="Send", exact=True).click()
        expect(amina.page.get_by_text("There is no connection now, so nothing was sent.")).to_be_visible()
        expect(amina.page.get_by_label("Your sentence")).to_have_value("A bus that comes on Sundays, too.")
        amina.context.set_offline(False)
        amina.page.get_by_role("button", name="Send", exact=True).click()
        expect(amina.page.get_by_role("heading", name="Thank you")).to_be_visible()


# What the server answers


def test_a_vote_is_sent_again_when_the_server_was_away(arrive):
    with arrive() as amina:
        asked = []

        def refuse_once(route):
            asked.append(parse_qs(route.request.post_data))
            if len(asked) > 1:
                route.fallback()
            else:
                route.fulfill(
                    status=503,
                    headers={"Retry-After": "3"},
                    content_type="application/json",
                    body='{"error": "unavailable", "message": "The store is away."}',
                )

        amina.arrive_at("en/statement/")
        amina.page.route("**/vote/", refuse_once)
        text = amina.vote(AGREE)
        amina.expect_unsent(1)
        amina.page.wait_for_timeout(2000)
        # Not sooner than the server asked for.
        assert len(asked) == 1
        amina.wait_until_sent()
        assert len(asked) == 2
        assert asked[0]["key"] == asked[1]["key"]
        assert amina.votes == {text: 1}


def test_a_vote_whose_answer_was_lost_is_stored_once(arrive):
    with arrive() as amina:
        amina.arrive_at("en/statement/")

        def lose_answer(route):
            route.fetch()
            route.abort("connectionreset")

        amina.page.route("**/vote/", lose_answer, times=1)
        text = amina.vote(DISAGREE)
        amina.wait_until_sent()
        assert [value for _, _, value in amina.stored.votes_since(amina.came_after)] == [-1]
        assert amina.votes == {text: -1}


def test_a_line_that_hangs_is_given_up_and_tried_again_later_and_later(arrive):
    with arrive() as amina:
        amina.page.clock.install()
        amina.arrive_at("en/statement/")
        hanging = []
        amina.page.route("**/vote/", lambda route: hanging.append(route))
        text = amina.vote(AGREE)
        for tries, seconds in enumerate((2, 4, 8), 1):
            wait_for_number(amina.page, hanging, tries)
            # No answer for as long as a bad line needs.
            amina.page.clock.fast_forward(20_000)
            amina.expect_unsent(1)
            amina.page.clock.fast_forward(seconds * 1000 - 1000)
            amina.page.wait_for_timeout(200)
            assert len(hanging) == tries
            amina.page.clock.fast_forward(1000)
        wait_for_number(amina.page, hanging, 4)
        amina.page.clock.fast_forward(20_000)
        amina.page.wait_for_timeout(200)
        amina.page.unroute("**/vote/")
        amina.page.clock.fast_forward(16_000)
        amina.wait_until_sent()
        assert amina.votes == {text: 1}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, "<h1>Not found</h1>"),
        (200, "<h1>Please sign in to this network</h1>"),
        (403, "<h1>Forbidden</h1>"),
    ],
    ids=["a proxy", "a hotel", "a wall"],
)
def test_what_is_not_our_answer_takes_no_vote_out_of_the_queue(arrive, status, body):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.page.route(
            "**/vote/", lambda route: route.fulfill(status=status, body=body, content_type="text/html")
        )
        text = amina.vote(AGREE)
        amina.expect_unsent(1)
        amina.page.unroute("**/vote/")
        amina.wait_until_sent()
        assert amina.votes == {text: 1}


@pytest.mark.parametrize("status", [403, 404, 409, 422])
def test_whoever_gave_a_vote_that_is_refused_is_told_why(arrive, status):
    with arrive() as amina:
        amina.arrive_at("en/statement/")
        amina.page.route(
            "**/vote/",
            lambda route: route.fulfill(
                status=status,
                content_type="application/json",
                body='{"error": "not-shown", "message": "This sentence is no longer shown."}',
            ),
        )
        amina.vote(AGREE)
        expect(amina.page.locator("[data-lost]")).to_be_visible()
        expect(amina.page.locator("[data-reason]")).to_have_text("This sentence is no longer shown.")
        assert amina.page.evaluate(QUEUE) == 0
        amina.page.unroute("**/vote/")
        text = amina.vote(AGREE)
        expect(amina.page.locator("[data-lost]")).to_be_hidden()
        amina.settle()
        assert amina.votes == {text: 1}


def test_one_code_that_has_to_wait_holds_up_no_other(arrive):
    with arrive() as somebody:
        somebody.arrive_at("en/statement/")
        code = somebody.page.locator("form[data-vote] [name=code]").input_value()

        def hold(route):
            if parse_qs(route.request.post_data)["code"] == [code]:
                route.fulfill(
                    status=429,
                    headers={"Retry-After": "3600"},
                    content_type="application/json",
                    body='{"error": "too-many-joined", "message": "Too many joined today."}',
                )
            else:
                route.fallback()

        somebody.context.route("**/vote/", hold)
        somebody.vote(AGREE)
        expect(somebody.page.locator("[data-reason]")).to_have_text("Too many joined today.")
        expect(somebody.page.locator("[data-lost]")).to_be_hidden()
        somebody.page.get_by_role("button", name="Start anew on this device").click()
        somebody.page.get_by_role("button", name="Start anew all the same").click()
        somebody.page.locator(".r-big-links").get_by_role("link", name="English").click()
        somebody.page.get_by_role("link", name="Start").click()
        text = somebody.vote(DISAGREE)
        somebody.page.wait_for_function(f"() => ({QUEUE})() === 1")
        assert somebody.votes == {text: -1}
        assert somebody.page.evaluate(QUEUE) == 1
