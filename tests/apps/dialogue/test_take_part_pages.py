"""One statement after the other is answered, on a phone that runs no script."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.apps.dialogue.phone import Page, Phone
from tests.dialogues import SEEDS, TODAY, hold_consultation, make_entrance, make_key, speak, words
from tests.people import make_officer
from tests.web.hostile import HOSTILE, MARK, faults_of

from tessera.apps.dialogue import limits
from tessera.apps.dialogue.actions.moderation import hide_statement, seed_statement, translate_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation, make_own_links
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Channel, Choice, HidingReason, Participant, Rule, Statement, Vote
from tessera.apps.dialogue.views.voting import MOST_BYTES_AFTER_A_VOTE

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture
def consultation():
    return hold_consultation()


@pytest.fixture
def phone(consultation):
    return Phone(consultation)


@pytest.fixture
def officer(consultation):
    return make_officer("ilze", consultation.city)


def votes():
    return list(Vote.objects.order_by("statement").values_list("statement", "value"))


def vote_by_script(phone, statement, choice=1, *, key=1, code=None, **more):
    sent = {"statement": statement, "choice": choice, "key": make_key(key), **more}
    if code:
        sent["code"] = code
    return phone.client.post(phone.url("vote"), sent, headers=JSON)


# Arriving


def test_the_languages_are_offered_in_their_own_names_and_nothing_else_is_asked():
    consultation = hold_consultation(languages=("en", "lv", "uk", "ar"))
    page = Page(Client().get(consultation.take_part_url))
    links = page.find("//main//ul//a")
    assert [link.find("span").text for link in links] == ["English", "latviešu", "Українська", "العربيّة"]
    assert [link.get("dir") for link in links] == ["ltr", "ltr", "ltr", "rtl"]
    assert [
        link.text_content().endswith(f"({code})")
        for link, code in zip(links, ["en", "lv", "uk", "ar"], strict=True)
    ]
    assert all(f"Arriving in the city ({code})" in page.words for code in ("en", "lv", "uk", "ar"))


def test_whoever_begins_reads_who_asks_what_follows_and_what_is_not_promised(phone):
    page = phone.open("begin")
    for said in (
        "The city asks, because it writes its strategy. (en)",
        "The city answers each theme. (en)",
        f"There are {len(SEEDS)} of them.",
        "we cannot make sure that each person votes only once",
        "Whoever runs the computer that keeps the answers could see them.",
        "We cannot protect you from somebody who stands beside you",
        "We keep no name, no address and no hour",
        "This consultation is invented.",
    ):
        assert said in page.words
    assert page.links()["Start now"] == phone.url("statement")


@pytest.mark.parametrize(
    "hostile", ["a script", "an attribute", "the end of an element", "a template", "an address that runs"]
)
def test_hostile_words_of_staff_harm_no_page_either(consultation, phone, hostile):
    text = words(HOSTILE[hostile])
    texts = {"title": text, "asked_by": text, "what_follows": text, "contact": text}
    type(consultation).objects.update(**texts)
    pages = [
        Page(phone.client.get(consultation.take_part_url)),
        *map(phone.open, ("begin", "finish", "help")),
    ]
    for page in pages:
        assert MARK in page.words
        assert list(faults_of(page.response.content.decode())) == []


@pytest.mark.parametrize(
    "name", ["begin", "statement", "say", "answers", "picture", "code", "finish", "withdraw", "help"]
)
def test_no_page_sets_a_cookie_before_something_was_taken(phone, name):
    response = phone.client.get(phone.url(name), follow=True)
    assert not response.cookies
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Language"] == "en"


def test_a_page_in_arabic_runs_from_right_to_left_and_marks_what_stands_in_another_language():
    consultation = hold_consultation(languages=("en", "ar"))
    page = Phone(consultation, "ar").open("statement")
    root = page.find("/html")[0]
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    [statement] = page.find("//*[@data-statement-text]")
    assert (statement.get("lang"), statement.get("dir")) == ("en", "ltr")
    assert "لم يترجم أحد هذه الجملة بعد" in page.words


def test_a_translation_is_shown_in_its_language_unless_the_original_was_changed(consultation, officer):
    type(consultation).objects.update(languages=["en", "lv"])
    statement = consultation.statements.first()
    translate_statement(by=officer, statement=statement, texts={"lv": "Kursi ir tuvu."}, at=timezone.now())
    reader = Phone(consultation, "lv")
    [shown] = reader.open("statement", about=statement.pk).find("//*[@data-statement-text]")
    assert (shown.text, shown.get("lang")) == ("Kursi ir tuvu.", "lv")
    Statement.objects.filter(pk=statement.pk).update(text="Courses are far.")
    [shown] = reader.open("statement", about=statement.pk).find("//*[@data-statement-text]")
    assert (shown.text, shown.get("lang")) == ("Courses are far.", "en")


@pytest.mark.parametrize(("slug", "language"), [("arriving", "lv"), ("arriving", "xx"), ("nowhere", "en")])
def test_there_is_no_page_in_a_language_that_is_not_offered_and_none_of_an_unknown_consultation(
    consultation, slug, language
):
    assert Client().get(f"/take-part/{slug}/{language}/").status_code == 404
    assert Client().get(f"/take-part/{slug}/{language}/statement/").status_code == 404


def test_a_consultation_that_is_prepared_is_there_for_nobody():
    consultation = hold_consultation(state=State.DRAFT)
    assert Client().get(consultation.take_part_url).status_code == 404
    page = Phone(consultation).open("statement")
    assert page.status == 404
    assert str(consultation.title) not in page.response.content.decode()


# Voting


@pytest.mark.parametrize("choice", list(Choice))
def test_a_vote_is_kept_and_the_next_statement_comes(phone, choice):
    page = phone.open("statement")
    first = page.statement
    after = phone.vote(choice, page)
    assert votes() == [(first, choice.value)]
    assert after.response.redirect_chain == [(phone.url("statement"), 303)]
    assert after.statement != first
    assert f"Answered: 1 of {len(SEEDS)}" in after.words


def test_all_statements_are_answered_once_each_and_then_the_code_is_given(phone):
    for _ in SEEDS:
        page = phone.vote(1)
    assert len(votes()) == len(SEEDS)
    assert "You have answered everything that there is so far." in page.words
    [shown] = page.find("//*[@class='r-code']")
    assert shown.text.replace("-", "") == phone.code
    assert Participant.objects.count() == 1


def test_the_first_vote_sets_the_only_cookie(phone, consultation):
    phone.vote(1)
    [(name, cookie)] = phone.client.cookies.items()
    assert name == f"{settings.COOKIE_PREFIX}part-{consultation.pk}"
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert bool(cookie["secure"]) == (not settings.ON_LOOPBACK)
    assert cookie["max-age"] == timedelta(days=21).total_seconds()


def test_nobody_is_known_by_the_account_with_which_they_are_signed_in(phone, officer):
    phone.client.force_login(officer)
    session = phone.client.session
    begun = timezone.now() - timedelta(days=3)
    UserSession.objects.create(user=officer, session_key=session.session_key, ip="192.0.2.1")
    UserSession.objects.update(last_seen_at=begun)
    with CaptureQueriesContext(connection) as asked:
        response = phone.client.get(phone.url("statement"))
        page = phone.vote(1)
    assert page.status == 200
    assert asked.captured_queries
    assert not any(table in query["sql"] for query in asked for table in ("session", "accounts_person"))
    assert "session" not in response.cookies
    assert "Cookie" not in response.headers["Vary"]
    assert UserSession.objects.get().last_seen_at == begun


def test_a_cookie_lasts_ninety_days_at_most():
    phone = Phone(hold_consultation(ends=200))
    phone.vote(1)
    [cookie] = phone.client.cookies.values()
    assert cookie["max-age"] == timedelta(days=90).total_seconds()


def test_what_is_put_off_is_not_kept_and_comes_last_the_longest_waiting_first(phone):
    page = phone.open("statement")
    put_off = []
    for _ in SEEDS:
        put_off.append(page.statement)
        page = phone.visit(page.links()["Later"])
    assert sorted(put_off) == sorted(Statement.objects.values_list("pk", flat=True))
    again = []
    for _ in SEEDS:
        again.append(page.statement)
        page = phone.visit(page.links()["Later"])
    assert again == put_off
    assert not Vote.objects.exists()


def test_what_was_put_off_stays_so_when_something_else_is_answered(phone):
    first = phone.open("statement")
    second = phone.visit(first.links()["Later"])
    for _ in SEEDS[1:]:
        assert second.statement != first.statement
        second = phone.vote(1, second)
    assert second.statement == first.statement


def test_one_changes_ones_mind_from_the_list_of_answers(phone):
    first = phone.open("statement").statement
    phone.vote(1, phone.open("statement", about=first))
    answers = phone.open("answers")
    assert "I agree" in answers.words
    page = phone.visit(answers.links()["Change it"])
    assert page.statement == first
    assert [button.get("value") for button in page.find("//button[@aria-pressed='true']")] == ["1"]
    back = phone.vote(-1, page)
    assert back.response.redirect_chain == [(phone.url("answers"), 303)]
    assert "I disagree" in back.words
    assert votes() == [(first, -1)]


def test_another_answer_on_a_page_that_the_browser_brought_back_counts(phone):
    """Its form has the same key as the vote before."""
    page = phone.open("statement")
    phone.vote(1, page)
    phone.vote(-1, page)
    assert [value for _, value in votes()] == [-1]


def test_a_form_that_is_sent_twice_makes_one_person_and_one_vote(phone):
    page = phone.open("statement")
    phone.vote(1, page)
    phone.client.cookies.clear()
    phone.vote(1, page)
    assert (Participant.objects.count(), Vote.objects.count()) == (1, 1)


def test_on_a_shared_tablet_the_next_person_is_somebody_else(phone):
    phone.vote(1)
    page = phone.open("statement")
    [anew] = page.find("//form[@data-anew]")
    page = phone.send(anew, None)
    assert page.response.redirect_chain == [(f"/take-part/{phone.slug}/", 303)]
    assert not phone.cookies
    phone.vote(-1)
    assert Participant.objects.count() == 2


@pytest.mark.parametrize("more", [{}, {"gone": 1}])
def test_a_vote_goes_to_the_code_in_its_form_and_not_to_who_holds_the_tablet_now(consultation, more):
    left = make_entrance()
    here = Phone(consultation)
    here.vote(1)
    mine = here.code
    statement = consultation.statements.first()
    response = vote_by_script(here, statement.pk, -1, code=left.code, **more)
    assert response.status_code == 200
    assert here.code == mine
    assert Vote.objects.filter(statement=statement, value=-1).count() == 1
    assert Participant.objects.count() == 2


def test_a_vote_that_waited_for_somebody_who_has_left_makes_nobody_known_on_the_device(phone, consultation):
    vote_by_script(phone, consultation.statements.first().pk, code=make_entrance().code, gone=1)
    assert Vote.objects.count() == 1
    assert not phone.cookies


# Not now, not this, not from there


def test_a_statement_that_is_hidden_meanwhile_takes_no_vote_and_its_words_stand_nowhere(
    phone, consultation, officer
):
    page = phone.open("statement")
    statement = Statement.objects.get(pk=page.statement)
    phone.vote(1, page)
    hide_statement(by=officer, statement=statement, reason=HidingReason.HOSTILE, at=timezone.now())
    refused = phone.vote(-1, page)
    assert refused.status == 409
    assert "This sentence is not shown any more" in refused.words
    assert vote_by_script(phone, statement.pk).json()["error"] == "not-shown"
    pages = [phone.open(name) for name in ("begin", "statement", "answers", "finish", "withdraw", "say")]
    pages.append(phone.open("statement", about=statement.pk))
    assert pages[-1].status == 404
    pages.append(phone.open("report", statement.pk))
    found = phone.client.post(phone.url("similar"), {"text": statement.text}, headers=JSON)
    fetched = phone.client.get(phone.url("next"), headers=JSON)
    everything = [page.response.content.decode() for page in pages] + [
        found.content.decode(),
        fetched.content.decode(),
    ]
    assert not [page for page in everything if statement.text in page.replace("&#x27;", "'")]


def test_what_waits_for_a_decision_is_no_statement_yet(phone, consultation):
    waiting = speak(consultation, "Benches at the bus stop would help.", day=TODAY)
    assert phone.open("statement", about=waiting.pk).status == 404
    assert vote_by_script(phone, waiting.pk).status_code == 409


def hold_later():
    return hold_consultation(begins=3, ends=9)


def hold_past():
    """As the night leaves it until the job has closed it."""
    consultation = hold_consultation()
    consultation.phases.update(ends_on=TODAY - timedelta(days=1))
    return consultation


def hold_closed():
    consultation = hold_consultation()
    officer = make_officer("ilze", consultation.city)
    close_consultation(by=officer, consultation=consultation, reason="Enough.", at=timezone.now())
    return consultation


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        (hold_later, "It goes on on "),
        (hold_past, "The last day has passed."),
        (hold_closed, "Why it closed early: Enough."),
    ],
)
def test_outside_its_days_the_pages_say_so_and_take_nothing(hold, said):
    consultation = hold()
    phone = Phone(consultation)
    for name in ("begin", "statement", "say", "answers", "finish"):
        page = phone.open(name)
        assert (page.status, said in page.words) == (200, True), name
    assert "Start now" not in phone.open("begin").links()
    response = vote_by_script(phone, consultation.statements.first().pk)
    assert (response.status_code, response.json()["error"]) == (409, "not-now")
    assert phone.client.get(phone.url("next"), headers=JSON).status_code == 409
    assert not Participant.objects.exists()


def test_days_are_written_in_the_language_of_the_reader():
    consultation = hold_consultation(languages=("en", "lv"))
    consultation.phases.update(ends_on="2100-03-01")
    assert "until 1 March 2100." in Phone(consultation, "en").open("begin").words
    assert "2100. gada 1. marts" in Phone(consultation, "lv").open("begin").words


def test_a_phase_that_takes_statements_only_leads_to_saying_something():
    consultation = hold_consultation(rule=Rule.SAY)
    phone = Phone(consultation)
    assert "Say something of your own" in phone.open("begin").links()
    page = phone.open("statement")
    assert "Now you can say something of your own." in page.words
    assert not page.find("//form[@data-vote]")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        # Of before 2020, which say neither.
        ({"Referer": "https://elsewhere.example/page"}, 403),
        ({"Referer": "http://testserver.elsewhere.example/"}, 403),
        ({"Referer": "http://testserver/take-part/arriving/en/statement/"}, 200),
        ({}, 200),
    ],
)
def test_a_form_from_another_site_is_refused(consultation, headers, status):
    phone = Phone(consultation, **headers)
    response = vote_by_script(phone, consultation.statements.first().pk)
    assert response.status_code == status
    assert Vote.objects.exists() == (status == 200)
    assert phone.client.post(phone.url("anew")).status_code == (303 if status == 200 else status)


@pytest.mark.parametrize("name", ["vote", "similar", "anew"])
def test_what_only_takes_a_form_is_not_read(phone, name):
    assert phone.client.get(phone.url(name)).status_code == 405
    assert phone.client.head(phone.url(name)).status_code == 405


@pytest.mark.parametrize(
    "wrong",
    [
        {"choice": "2"},
        {"choice": ""},
        {"choice": "agree"},
        {"statement": ""},
        {"statement": "1,2"},
        {"statement": "-1"},
        {"statement": "9" * 30},
        {"key": ""},
        {"key": "0" * 17},
        {"key": "x" * 16},
    ],
)
def test_a_vote_that_no_form_of_ours_sends_is_refused_and_nothing_is_kept(phone, consultation, wrong):
    sent = {"statement": consultation.statements.first().pk, "choice": 1, "key": make_key(1), **wrong}
    response = phone.client.post(phone.url("vote"), sent, headers=JSON)
    assert (response.status_code, response.json()["error"]) == (422, "wrong-form")
    assert not Participant.objects.exists()
    assert not phone.cookies


@pytest.mark.parametrize("about", ["x", "-1", "9" * 18, "9" * 30, "1,,2", "\x00"])
def test_a_number_that_is_none_harms_nothing(phone, about):
    assert phone.client.get(phone.url("statement"), {"about": about}).status_code in (200, 404)
    assert phone.client.get(phone.url("statement"), {"after": about}).status_code == 200
    assert phone.client.get(phone.url("next"), {"most": about}, headers=JSON).status_code == 200


def test_beyond_what_one_network_may_bring_nobody_new_is_taken(phone, consultation, monkeypatch):
    monkeypatch.setattr(limits, "FROM_ONE_DEVICE", 2)
    here = [Phone(consultation) for _ in range(3)]
    pages = [each.vote(1) for each in here]
    assert [page.status for page in pages] == [200, 200, 429]
    assert "Please try again with another network, or tomorrow." in pages[-1].words
    assert pages[-1].response.headers["Retry-After"] == "3600"
    assert not here[-1].cookies
    # Whoever takes part already goes on.
    assert here[0].vote(1).status == 200
    assert Participant.objects.count() == 2


# Links for one person


@pytest.fixture
def invited():
    return hold_consultation(has_open_link=False)


def make_link(consultation):
    officer = make_officer("ilze", consultation.city)
    [token] = make_own_links(by=officer, consultation=consultation, count=1, at=timezone.now())
    return f"{consultation.take_part_url}link/{token}/"


def test_a_link_for_one_person_lets_one_in_and_then_no_other(invited):
    link, phone = make_link(invited), Phone(invited)
    page = phone.visit(link)
    assert page.response.redirect_chain == [(invited.take_part_url, 303)]
    assert not invited.own_links.get().is_used
    phone.vote(1)
    assert Participant.objects.get().channel == Channel.OWN_LINK
    assert list(phone.cookies) == [f"{settings.COOKIE_PREFIX}part-{invited.pk}"]
    # The one who used it may open it again; somebody else reads what to do.
    assert phone.visit(link).status == 200
    stranger = Phone(invited)
    refused = stranger.visit(link)
    assert "This link does not work, or somebody has used it already." in refused.words
    assert not stranger.cookies


def test_a_link_works_through_its_cookie_that_no_script_reads(invited):
    phone = Phone(invited)
    phone.visit(make_link(invited))
    [(name, cookie)] = phone.client.cookies.items()
    assert name == f"{settings.COOKIE_PREFIX}link-{invited.pk}"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_new_link_on_a_shared_device_is_of_somebody_new(invited):
    phone = Phone(invited)
    for _ in range(2):
        phone.visit(make_link(invited))
        phone.vote(1)
    assert Participant.objects.count() == 2


def test_without_a_link_one_reads_why_before_writing_anything(invited):
    phone = Phone(invited)
    assert "Start now" not in phone.open("begin").links()
    for name in ("statement", "say"):
        page = phone.open(name)
        assert page.status == 403
        assert "Only people who were given a link of their own take part here." in page.words
    assert vote_by_script(phone, invited.statements.first().pk).status_code == 403


# For the script


@pytest.mark.parametrize(("held", "brought"), [(3, 2), (4, 0), (5, 0)])
def test_a_phone_that_holds_enough_is_brought_nothing_more(held, brought):
    consultation = hold_consultation(seeds=[f"Statement {number}." for number in range(9)])
    first, *others = consultation.statements.values_list("pk", flat=True)
    ahead = ",".join(map(str, others[:held]))
    said = vote_by_script(Phone(consultation), first, after=ahead).json()
    assert (said["answered"], said["total"], len(said["next"])) == (1, 9, brought)


def test_the_script_is_told_how_far_one_is_and_what_comes_next(phone, consultation):
    first, *others = consultation.statements.values_list("pk", flat=True)
    response = vote_by_script(phone, first, code=make_entrance().code)
    assert response.headers["Content-Type"] == "application/json"
    said = response.json()
    assert (said["answered"], said["total"]) == (1, len(SEEDS))
    assert len(said["next"]) == 2
    assert all(each["id"] in others and each["text"] in SEEDS for each in said["next"])
    assert {(each["lang"], each["dir"]) for each in said["next"]} == {("en", "ltr")}
    fetched = phone.client.get(phone.url("next"), {"after": first, "most": 3}, headers=JSON).json()
    assert (fetched["answered"], fetched["total"], len(fetched["next"])) == (1, len(SEEDS), 3)


def test_the_script_fetches_ten_statements_at_most():
    phone = Phone(hold_consultation(seeds=[f"Sentence number {number}." for number in range(12)]))
    for asked in ({}, {"most": 1000}):
        said = phone.client.get(phone.url("next"), asked, headers=JSON).json()
        assert (len(said["next"]), said["total"]) == (10, 12)


def test_what_the_script_holds_already_is_sent_last(phone, consultation):
    first, *others = consultation.statements.values_list("pk", flat=True)
    held = others[:2]
    for key in range(3):
        said = vote_by_script(phone, first, key=key, after=",".join(map(str, held))).json()
        assert not {each["id"] for each in said["next"]} & set(held)


def test_at_the_end_nothing_is_next(phone, consultation):
    for key, pk in enumerate(consultation.statements.values_list("pk", flat=True)):
        said = vote_by_script(phone, pk, key=key).json()
    assert said == {"answered": len(SEEDS), "total": len(SEEDS), "next": []}


@pytest.mark.parametrize(("letters", "next_ones"), [(280, 2), (560, 1)])
def test_an_answer_to_a_vote_stays_light_in_letters_of_two_bytes(letters, next_ones):
    consultation = hold_consultation(languages=("en", "ar"), seeds=SEEDS)
    officer = make_officer("ilze", consultation.city)
    text = ("مرحبا بالجميع هنا" * 40)[:letters]
    for statement in consultation.statements.all():
        translate_statement(by=officer, statement=statement, texts={"ar": text}, at=timezone.now())
    phone = Phone(consultation, "ar")
    response = vote_by_script(phone, consultation.statements.first().pk)
    assert len(response.content) <= MOST_BYTES_AFTER_A_VOTE == 2048
    assert [each["text"] for each in response.json()["next"]] == [text] * next_ones
    # Its letters stand as they are.
    assert text.encode() in response.content


def test_a_body_of_a_vote_is_light(phone):
    form = dict(phone.open("statement").form("/vote/").form_values())
    assert len(urlencode({**form, "choice": "-1"})) <= 1024


def test_errors_come_as_json_in_the_words_of_the_page(phone, consultation):
    response = phone.client.get(phone.url("statement"), {"about": 10**9}, headers=JSON)
    assert response.status_code == 404
    assert json.loads(response.content) == {
        "error": "not-found",
        "message": "There is nothing at this address. Perhaps it was hidden or erased.",
    }


@pytest.mark.parametrize("name", ["statement", "vote"])
def test_more_statements_ask_the_database_no_more(phone, consultation, officer, name):
    def ask(key):
        if name == "vote":
            return vote_by_script(phone, consultation.statements.first().pk, key=key)
        return phone.client.get(phone.url("statement"))

    phone.vote(1)
    counts = []
    for number in (0, 60):
        for place in range(number):
            text = words(f"Sentence number {place} about the city.")
            seed_statement(by=officer, consultation=consultation, text=text, at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            assert ask(number + 1).status_code == 200
        counts.append(len([each for each in asked if "SAVEPOINT" not in each["sql"]]))
    assert counts[0] == counts[1] <= 7
