"""An expert asks about an answer, the city replies, and the expert settles the query."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from tests.builders import ANSWERED_AT, CHECKED_AT, appoint, make_city, make_review
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind, Tie
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access.checking import get_query, may_reply, people_who_reply
from tessera.apps.review.actions.checking import CannotAsk, ask, ask_again, reply, settle
from tessera.apps.review.actions.delegation import delegate_area
from tessera.apps.review.actions.experts import release_expert
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import QueryAct, QueryState, State
from tessera.apps.review.models import Query, Review

pytestmark = pytest.mark.django_db

LATER = CHECKED_AT + timedelta(hours=3)


@pytest.fixture
def review():
    """Sent; Andris had the area of education, and Nuria checks it."""
    review = make_review(make_city("riga"), state=State.FILLING)
    ilze = make_person("ilze")
    andris = give("andris", Kind.CONTRIBUTOR, review.city)
    delegate_area(by=ilze, review=review, area="education", colleague=andris, message="", at=ANSWERED_AT)
    sign_review(person=ilze, review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    appoint(review)
    make_officer("chiara", make_city("ravenna", country="IT"))
    return Review.objects.get(pk=review.pk)


def ask_about(review, question="education-score", who="nuria"):
    text = "Is this the figure of 2023?"
    return ask(expert=make_person(who), review=review, question=question, text=text, at=CHECKED_AT)


def said(query):
    return [
        (message.author.name, message.text, message.is_of_city)
        for message in query.messages.select_related("author")
    ]


def state_of(query):
    return Query.objects.get(pk=query.pk).state


def test_a_query_is_asked_answered_asked_again_answered_and_closed(review):
    nuria, ilze = make_person("nuria"), make_person("ilze")
    query = ask_about(review)
    states = [state_of(query)]
    for act in (
        lambda: reply(person=ilze, query=query, text="Of 2022.", at=LATER),
        lambda: ask_again(expert=nuria, query=query, text="And that of 2023?", at=LATER),
        lambda: reply(person=ilze, query=query, text="It comes in May.", at=LATER),
        lambda: settle(expert=nuria, query=query, act=QueryAct.CLOSE, at=LATER),
    ):
        act()
        states.append(state_of(query))

    assert states == ["open", "answered", "reopened", "answered", "closed"]
    assert said(query) == [
        ("Nuria", "Is this the figure of 2023?", False),
        ("Ilze", "Of 2022.", True),
        ("Nuria", "And that of 2023?", False),
        ("Ilze", "It comes in May.", True),
    ]


def test_the_first_query_begins_the_checking(review):
    assert review.state == State.SUBMITTED
    ask_about(review)
    assert Review.objects.get(pk=review.pk).state == State.IN_REVIEW


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_expert_who_took_it_on_asks(review, who):
    if who == "nuria":
        assert ask_about(review, who=who).asked_by.name == "Nuria"
    else:
        with pytest.raises(PermissionDenied, match="does not check"):
            ask_about(review, who=who)
        assert not Query.objects.exists()


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("question", ["education-score", "health-score"])
def test_the_officers_reply_and_the_colleague_who_has_the_area(review, question, who):
    query = ask_about(review, question)
    replies = {"education-score": ("ilze", "andris"), "health-score": ("ilze",)}[question]

    assert may_reply(make_person(who), query, LATER.date()) == (who in replies)
    if who in replies:
        reply(person=make_person(who), query=query, text="Of 2022.", at=LATER)
        assert state_of(query) == QueryState.ANSWERED
    else:
        with pytest.raises(PermissionDenied, match="does not answer for"):
            reply(person=make_person(who), query=query, text="Of 2022.", at=LATER)
        assert state_of(query) == QueryState.OPEN


def test_those_who_reply_are_those_who_may(review):
    names = {
        question: [person.name for person in people_who_reply(ask_about(review, question), LATER.date())]
        for question in ("education-score", "health-score")
    }

    assert names == {"education-score": ["Andris", "Ilze"], "health-score": ["Ilze"]}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("act", [QueryAct.WITHDRAW, QueryAct.REOPEN])
def test_only_the_expert_settles_and_asks_again(review, who, act):
    query = ask_about(review)
    if act is QueryAct.REOPEN:
        reply(person=make_person("ilze"), query=query, text="Of 2022.", at=LATER)
    before = state_of(query)

    def do():
        if act is QueryAct.REOPEN:
            ask_again(expert=make_person(who), query=query, text="And now?", at=LATER)
        else:
            settle(expert=make_person(who), query=query, act=act, at=LATER)

    if who == "nuria":
        do()
        assert state_of(query) != before
    else:
        with pytest.raises(PermissionDenied):
            do()
        assert state_of(query) == before


def test_an_answer_has_one_query_at_a_time(review):
    first = ask_about(review)
    with pytest.raises(CannotAsk, match="already"):
        ask_about(review)
    with pytest.raises(IntegrityError), transaction.atomic():
        Query.objects.create(
            review=review, question="education-score", asked_by=make_person("nuria"), asked_at=LATER
        )
    settle(expert=make_person("nuria"), query=first, act=QueryAct.WITHDRAW, at=LATER)

    assert ask_about(review).pk != first.pk


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_is_sent_without_words(review, text):
    nuria = make_person("nuria")
    with pytest.raises(CannotAsk):
        ask(expert=nuria, review=review, question="education-score", text=text, at=CHECKED_AT)
    query = ask_about(review)
    with pytest.raises(CannotAsk):
        reply(person=make_person("ilze"), query=query, text=text, at=LATER)
    reply(person=make_person("ilze"), query=query, text="Of 2022.", at=LATER)
    with pytest.raises(CannotAsk):
        ask_again(expert=nuria, query=query, text=text, at=LATER)

    assert len(said(query)) == 2
    assert state_of(query) == QueryState.ANSWERED


def test_nothing_is_asked_that_the_questionnaire_does_not_ask(review):
    with pytest.raises(KeyError):
        ask_about(review, "weather-score")


@pytest.mark.parametrize("act", [QueryAct.REPLY, QueryAct.REOPEN])
def test_to_settle_is_to_close_or_to_withdraw(review, act):
    query = ask_about(review)
    with pytest.raises(ValueError, match="no way to settle"):
        settle(expert=make_person("nuria"), query=query, act=act, at=LATER)
    assert state_of(query) == QueryState.OPEN


def test_two_who_reply_at_once_send_one_reply(review):
    query = ask_about(review)
    before = Query.objects.get(pk=query.pk)
    reply(person=make_person("andris"), query=query, text="Of 2022.", at=LATER)

    with pytest.raises(MoveError):
        reply(person=make_person("ilze"), query=before, text="Of 2021.", at=LATER)
    assert [text for _, text, _ in said(query)][1:] == ["Of 2022."]


def test_an_expert_who_was_released_or_has_a_tie_by_now_settles_nothing(review):
    query, nuria = ask_about(review), make_person("nuria")
    Tie.objects.create(
        person=nuria, city=review.city, work="A study", since=date(2023, 1, 1), declared_at=CHECKED_AT
    )
    with pytest.raises(PermissionDenied):
        settle(expert=nuria, query=query, act=QueryAct.WITHDRAW, at=LATER)
    Tie.objects.all().delete()
    release_expert(by=make_person("mihai"), appointment=review.appointments.get(), at=LATER)
    with pytest.raises(PermissionDenied):
        settle(expert=nuria, query=query, act=QueryAct.WITHDRAW, at=LATER)


def test_whoever_takes_the_place_of_an_expert_goes_on_with_the_queries(review):
    query = ask_about(review)
    release_expert(by=make_person("mihai"), appointment=review.appointments.get(), at=LATER)
    piotr = appoint(review, "piotr")

    assert get_query(piotr, query.pk, LATER.date()) == query
    settle(expert=piotr, query=query, act=QueryAct.WITHDRAW, at=LATER)
    assert state_of(query) == QueryState.WITHDRAWN
