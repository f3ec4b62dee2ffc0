"""A form that saves itself, in a real browser with its real scripts; what the site answers, the test says."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import expect
from tests.browser.conftest import WIDE

from tessera.apps.accounts.models import Person

pytestmark = pytest.mark.browser

PATH = "/en/desk/question/"
PAGE = """{% extends "web/work.html" %}{% load static %}
{% block scripts %}{% include "web/_htmx.html" %}
<script src="{% static "web/autosave.js" %}" defer></script>{% endblock %}
{% block main %}<h1>Question</h1>
<form id="answer" method="post" action="" data-autosave autocomplete="off" novalidate>
{% csrf_token %}<input type="hidden" id="revision" name="revision" value="1">
<label>Note <textarea name="note"></textarea></label>
<label><input type="radio" name="choice" value="yes">Yes</label>
<label><input type="radio" name="choice" value="no">No</label>
{% include "web/components/_save_state.html" %}
<div id="conflict" tabindex="-1"></div>
<button type="submit" name="go" value="next">Save and go on</button>
<div id="take-back"><button type="submit" name="go" value="back">Take back</button></div>
</form>
<p id="beside">1 of 2 answered</p>
{% include "web/components/_who_is_here.html" with names=names url="/en/desk/question/here/" %}
{% endblock %}"""


TAKE_BACK = '<button type="submit" name="go" value="back">Take back</button>'


def part(revision=2, hour=14, take_back=TAKE_BACK):
    words = render_to_string(
        "web/components/_saved.html", {"saved_at": datetime.now(UTC).replace(hour=hour, minute=2)}
    )
    return (
        words
        + f'<input type="hidden" id="revision" name="revision" value="{revision}" hx-swap-oob="true">'
        + '<p id="beside" hx-swap-oob="true">2 of 2 answered</p>'
        + f'<div id="take-back" hx-swap-oob="true">{take_back}</div>'
    )


@dataclass
class Question:
    """The page, and the saves that wait for an answer of the test."""

    page: object
    waiting: list = field(default_factory=list)
    sent: list = field(default_factory=list)
    """What each save said, in order."""
    faults: list = field(default_factory=list)

    def take(self, route):
        if route.request.method == "GET":
            route.fallback()
            return
        given = {name: values[0] for name, values in parse_qs(route.request.post_data).items()}
        assert given.pop("csrfmiddlewaretoken")
        given["by itself"] = route.request.headers.get("hx-request") == "true"
        self.sent.append(given)
        if given["by itself"]:
            self.waiting.append(route)
        else:
            route.fulfill(status=200, body="Sent", content_type="text/html")

    def wait_for_save(self, number):
        """Until so many saves have come in all."""
        for _ in range(100):
            if len(self.sent) >= number:
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"Only {len(self.sent)} saves came, not {number}.")

    def answer(self, body="", status=200):
        self.waiting.pop(0).fulfill(status=status, body=body, content_type="text/html; charset=utf-8")

    @property
    def state(self):
        return self.page.locator("[data-save-state]")

    def note(self, words):
        self.page.get_by_label("Note").press_sequentially(words)


@pytest.fixture(scope="module")
def open_question(chromium, workshop):
    @contextmanager
    def open_question(*, script=True):
        request = RequestFactory().get(PATH)
        request.user = Person(name="Ilze")
        html = engines["django"].from_string(PAGE).render({"names": ["Andris"]}, request)
        context = chromium.new_context(viewport=WIDE, java_script_enabled=script)
        context.set_default_timeout(5_000)
        page = context.new_page()
        question = Question(page)
        try:
            # The headers of a real page, so that the content policy is the one of the site.
            headers = context.request.get(f"{workshop}/en/about/").headers
            headers = {name: headers[name] for name in ("content-type", "content-security-policy")}
            page.route(f"**{PATH}", lambda route: route.fulfill(status=200, headers=headers, body=html))
            page.route(f"**{PATH}", question.take)
            page.on("pageerror", lambda error: question.faults.append(str(error)))
            page.on(
                "console",
                lambda message: "Content Security" in message.text and question.faults.append(message.text),
            )
            page.goto(f"{workshop}{PATH}")
            yield question
            assert question.faults == []
        finally:
            for route in question.waiting:
                route.abort()
            context.close()

    return open_question


def test_a_choice_is_saved_at_once_with_the_revision_that_it_was_based_on(open_question):
    with open_question() as question:
        question.page.get_by_label("Yes").check()
        question.wait_for_save(1)
        assert question.sent == [{"revision": "1", "choice": "yes", "by itself": True}]
        question.answer(part())
        expect(question.state).to_have_text("Saved 14:02")
        expect(question.page.locator("#beside")).to_have_text("2 of 2 answered")
        expect(question.page.locator("#revision")).to_have_value("2")


def test_typing_is_saved_once_it_rests_and_not_at_every_letter(open_question):
    with open_question() as question:
        question.note("A desk")
        question.page.wait_for_timeout(600)
        question.note(" and a phone")
        assert question.sent == []
        question.wait_for_save(1)
        assert question.sent == [{"revision": "1", "note": "A desk and a phone", "by itself": True}]


def test_leaving_a_field_saves_it_without_waiting_and_only_once(open_question):
    with open_question() as question:
        question.note("A desk")
        question.page.keyboard.press("Tab")
        question.page.wait_for_timeout(300)
        assert len(question.sent) == 1
        question.answer(part())
        question.page.wait_for_timeout(1500)
        assert len(question.sent) == 1


def test_leaving_a_field_that_is_saved_already_saves_nothing(open_question):
    with open_question() as question:
        question.note("A desk")
        question.wait_for_save(1)
        question.answer(part())
        expect(question.state).to_have_text("Saved 14:02")
        question.page.keyboard.press("Tab")
        question.page.wait_for_timeout(300)
        assert len(question.sent) == 1


def test_a_save_waits_for_the_one_before_it_and_uses_its_revision(open_question):
    with open_question() as question:
        question.page.get_by_label("Yes").check()
        question.wait_for_save(1)
        question.page.get_by_label("No", exact=True).check()
        question.page.get_by_label("Yes").check()
        question.page.get_by_label("No", exact=True).check()
        question.page.wait_for_timeout(300)
        assert len(question.sent) == 1
        question.answer(part(revision=7))
        question.wait_for_save(2)
        assert question.sent[1] == {"revision": "7", "choice": "no", "by itself": True}
        question.answer(part(revision=8))
        expect(question.page.locator("#revision")).to_have_value("8")
        question.page.wait_for_timeout(300)
        assert len(question.sent) == 2


def test_a_slow_save_says_that_it_is_under_way(open_question):
    with open_question() as question:
        question.page.get_by_label("Yes").check()
        question.wait_for_save(1)
        expect(question.state).to_have_text("Saving…")
        question.answer(part())
        expect(question.state).to_have_text("Saved 14:02")


def test_without_a_connection_it_says_so_keeps_what_was_typed_and_tries_again(open_question):
    with open_question() as question:
        question.note("A desk")
        question.wait_for_save(1)
        question.waiting.pop(0).abort("internetdisconnected")
        expect(question.state).to_have_text("Not saved: no connection. We try again.")
        expect(question.page.get_by_label("Note")).to_have_value("A desk")
        question.wait_for_save(2)
        assert question.sent[1] == question.sent[0]
        question.answer(part())
        expect(question.state).to_have_text("Saved 14:02")


def test_it_tries_again_at_once_when_the_connection_is_back(open_question):
    with open_question() as question:
        question.page.get_by_label("Yes").check()
        question.wait_for_save(1)
        question.answer("Out of order", status=503)
        expect(question.state).to_have_text("Not saved: something went wrong on our side. We try again.")
        question.page.evaluate("dispatchEvent(new Event('online'))")
        question.page.wait_for_timeout(300)
        assert len(question.sent) == 2


def test_what_somebody_else_saved_meanwhile_is_shown_and_nothing_more_is_sent(open_question):
    with open_question() as question:
        question.note("A desk")
        question.wait_for_save(1)
        question.answer("<h2>Andris has changed this</h2>", status=409)
        expect(question.page.locator("#conflict")).to_be_focused()
        expect(question.page.locator("#conflict")).to_have_text("Andris has changed this")
        expect(question.state).to_contain_text("Not saved: something has changed meanwhile.")
        expect(question.page.locator("#revision")).to_have_value("1")
        question.note(" and a phone")
        question.page.wait_for_timeout(1500)
        assert len(question.sent) == 1
        # One decides by sending the form, which then goes out as any form.
        question.page.get_by_role("button", name="Save and go on").click()
        question.wait_for_save(2)
        assert question.sent[1] == {
            "revision": "1",
            "note": "A desk and a phone",
            "go": "next",
            "by itself": False,
        }


def test_what_is_wrong_is_said_and_sent_again_only_after_a_change(open_question):
    with open_question() as question:
        question.page.get_by_label("No", exact=True).check()
        question.wait_for_save(1)
        question.answer("Not saved: say why.", status=422)
        expect(question.state).to_have_text("Not saved: say why.")
        question.page.wait_for_timeout(2500)
        assert len(question.sent) == 1
        question.note("So")
        question.wait_for_save(2)
        question.answer(part())
        expect(question.state).to_have_text("Saved 14:02")


def test_whoever_was_signed_out_is_told_and_the_page_for_it_is_put_nowhere(open_question, workshop):
    with open_question() as question:
        question.note("A desk")
        question.wait_for_save(1)
        question.waiting.pop(0).fulfill(status=302, headers={"location": f"{workshop}/en/about/"})
        expect(question.state).to_contain_text("Not saved: you are no longer signed in")
        expect(question.page.locator("h1")).to_have_text("Question")
        expect(question.page.get_by_label("Note")).to_have_value("A desk")


def test_the_button_saves_first_and_goes_on_with_the_new_revision(open_question):
    with open_question() as question:
        question.note("A desk")
        question.page.get_by_role("button", name="Save and go on").click()
        question.wait_for_save(1)
        assert question.sent[0]["by itself"]
        question.answer(part(revision=5))
        question.wait_for_save(2)
        assert question.sent[1] == {"revision": "5", "note": "A desk", "go": "next", "by itself": False}


def test_a_button_that_the_save_puts_anew_is_pressed_all_the_same(open_question):
    with open_question() as question:
        question.note("A desk")
        question.page.get_by_role("button", name="Take back").click()
        question.wait_for_save(1)
        question.answer(part(revision=5, take_back=TAKE_BACK.replace("<button", '<button data-new=""')))
        question.wait_for_save(2)
        assert question.sent[1] == {"revision": "5", "note": "A desk", "go": "back", "by itself": False}


def test_a_button_that_the_save_took_away_does_nothing_more_and_the_form_goes_on_as_before(open_question):
    with open_question() as question:
        asked = []
        question.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        question.note("A desk")
        question.page.get_by_role("button", name="Take back").click()
        question.wait_for_save(1)
        question.answer(part(revision=5, take_back=""))
        expect(question.page.locator("#revision")).to_have_value("5")
        question.page.wait_for_timeout(300)
        assert len(question.sent) == 1
        question.note(" and a phone")
        question.wait_for_save(2)
        assert question.sent[1] == {"revision": "5", "note": "A desk and a phone", "by itself": True}
        question.waiting.pop(0).abort("internetdisconnected")
        expect(question.state).to_contain_text("no connection")
        question.page.reload()
        assert asked == ["beforeunload"]


def test_a_button_is_not_taken_from_under_the_finger_by_a_save_that_leaves_it_as_it_is(open_question):
    with open_question() as question:
        question.note("A desk")
        button = question.page.get_by_role("button", name="Take back").bounding_box()
        question.page.mouse.move(button["x"] + 5, button["y"] + 5)
        question.page.mouse.down()
        question.wait_for_save(1)
        question.answer(part(revision=5))
        expect(question.page.locator("#revision")).to_have_value("5")
        question.page.mouse.up()
        question.wait_for_save(2)
        assert question.sent[1] == {"revision": "5", "note": "A desk", "go": "back", "by itself": False}


def test_the_button_stays_on_the_page_while_there_is_no_connection(open_question):
    with open_question() as question:
        question.note("A desk")
        question.page.get_by_role("button", name="Save and go on").click()
        question.wait_for_save(1)
        question.waiting.pop(0).abort("internetdisconnected")
        expect(question.state).to_have_text("Not saved: no connection. We try again.")
        question.wait_for_save(2)
        assert question.sent[1]["by itself"]


def test_a_link_is_followed_when_all_is_saved(open_question, workshop):
    with open_question() as question:
        question.note("A desk")
        question.page.get_by_role("link", name="About", exact=True).click()
        question.wait_for_save(1)
        assert question.page.url == f"{workshop}{PATH}"
        question.answer(part())
        question.page.wait_for_url(f"{workshop}/en/about/")


@pytest.mark.parametrize("is_saved", [True, False], ids=["saved", "not saved"])
def test_the_browser_asks_before_one_leaves_what_is_not_saved(open_question, is_saved):
    with open_question() as question:
        asked = []
        question.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        question.note("A desk")
        question.wait_for_save(1)
        if is_saved:
            question.answer(part())
            expect(question.state).to_have_text("Saved 14:02")
        else:
            question.waiting.pop(0).abort("internetdisconnected")
            expect(question.state).to_contain_text("no connection")
        question.page.reload()
        assert asked == ([] if is_saved else ["beforeunload"])


def test_without_script_the_form_is_sent_by_its_button(open_question):
    with open_question(script=False) as question:
        question.page.get_by_label("Yes").check()
        question.page.get_by_role("button", name="Save and go on").click()
        question.wait_for_save(1)
        assert question.sent == [{"revision": "1", "choice": "yes", "go": "next", "by itself": False}]


def test_who_else_is_here_is_asked_again_and_the_page_of_the_sign_in_is_no_answer(open_question):
    with open_question() as question:
        asked = []

        def answer(route):
            asked.append(route)
            if len(asked) == 1:
                part = {"names": ["Dace"], "url": route.request.url}
                body = render_to_string("web/components/_who_is_here.html", part)
                route.fulfill(status=200, body=body, content_type="text/html; charset=utf-8")
            else:
                route.fulfill(status=302, headers={"location": "/en/about/"})

        question.page.route("**/question/here/", answer)
        question.page.clock.install()
        question.page.reload()
        here = question.page.locator("#who-is-here")
        expect(here).to_have_text("Also here now: Andris")
        question.page.clock.run_for(30_000)
        expect(here).to_have_text("Also here now: Dace")
        with question.page.expect_response("**/en/about/"):
            question.page.clock.run_for(30_000)
        question.page.wait_for_timeout(300)
        assert len(asked) == 2
        expect(here).to_have_text("Also here now: Dace")


def test_htmx_evaluates_nothing_adds_no_styles_and_keeps_no_pages(open_question):
    with open_question() as question:
        config = question.page.evaluate("htmx.config")
        assert config["allowEval"] is False
        assert config["includeIndicatorStyles"] is False
        assert config["selfRequestsOnly"] is True
        assert config["historyCacheSize"] == 0
        assert re.match(r"2\.0\.", question.page.evaluate("htmx.version"))
        assert question.page.locator("style").count() == 0
