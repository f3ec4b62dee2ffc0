"""An officer sends the answers back to the experts, once every query has its reply."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from tests.builders import CHECKED_AT, make_city, make_review
from tests.people import make_person

from tessera.apps.network.models import Tie
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.access import questions_open
from tessera.apps.review.actions.checking import CannotReturn, open_answer, reply, send_back, settle
from tessera.apps.review.actions.experts import release_expert
from tessera.apps.review.lifecycle import QueryAct, State
from tessera.apps.review.models import Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    """Returned, with a query about family reunion and an opened answer about health."""
    review = make_review(make_city("riga"), state=State.RETURNED)
    open_answer(expert=make_person("nuria"), review=review, question="health-score", at=CHECKED_AT)
    OutgoingMail.objects.all().delete()
    return review


@pytest.fixture
def ilze(review):
    browser = Client()
    browser.force_login(make_person("ilze"))
    return browser


def url(review):
    return reverse("review:send-back", args=[review.pk])


def state_of(review):
    return Review.objects.get(pk=review.pk).state


def reply_to_all(review):
    for query in review.queries.all():
        reply(person=make_person("ilze"), query=query, text="Of 2023.", at=CHECKED_AT)


def test_it_is_refused_while_a_query_waits_and_the_page_names_it(ilze, review):
    page = ilze.get(url(review)).content.decode()
    assert "1 query still waits for a reply" in page
    assert reverse("review:query", args=[review.queries.get().pk]) in page
    assert "Give them to the experts" not in page

    answered = ilze.post(url(review), follow=True).content.decode()
    assert "Not sent: a query still waits for a reply." in answered
    assert "for family reunion?" in answered
    with pytest.raises(CannotReturn):
        send_back(person=make_person("ilze"), review=review, at=CHECKED_AT)
    assert state_of(review) == State.RETURNED
    assert not OutgoingMail.objects.exists()


def test_once_all_have_a_reply_it_goes_back_and_nothing_can_be_changed(ilze, review):
    reply_to_all(review)
    page = ilze.get(url(review)).content.decode()
    assert "Give them to the experts" in page
    assert "for health?" in page

    answered = ilze.post(url(review), follow=True).content.decode()

    assert "The answers are with the experts again." in answered
    assert state_of(review) == State.IN_REVIEW
    assert questions_open(Review.objects.get(pk=review.pk)) == set()
    assert not review.opened_answers.exists()


def test_a_query_that_the_expert_withdrew_keeps_nothing_back(ilze, review):
    query = review.queries.get()
    settle(expert=make_person("nuria"), query=query, act=QueryAct.WITHDRAW, at=CHECKED_AT)
    ilze.post(url(review))
    assert state_of(review) == State.IN_REVIEW


def test_the_expert_is_told_once_however_often_the_button_is_pressed(ilze, review):
    reply_to_all(review)
    ilze.post(url(review))
    answered = ilze.post(url(review), follow=True)

    assert "The answers are not with the city at present." in answered.content.decode()
    [mail] = OutgoingMail.objects.all()
    assert (mail.to, mail.purpose) == (make_person("nuria").email, "review-sent-back")
    assert reverse("review:board", args=[review.pk]).removeprefix("/en") in mail.text


def test_an_expert_who_may_not_judge_the_city_any_more_is_not_told(review):
    reply_to_all(review)
    Tie.objects.create(
        person=make_person("nuria"),
        city=review.city,
        work="A study",
        since=CHECKED_AT.date(),
        declared_at=CHECKED_AT,
    )
    send_back(person=make_person("ilze"), review=review, at=CHECKED_AT)

    assert state_of(review) == State.IN_REVIEW
    assert not OutgoingMail.objects.filter(person=make_person("nuria")).exists()


def test_where_nobody_checks_any_more_the_coordinators_are_told(ilze, review):
    reply_to_all(review)
    released = review.appointments.get()
    release_expert(by=make_person("mihai"), appointment=released, at=CHECKED_AT)
    OutgoingMail.objects.all().delete()

    answered = ilze.post(url(review), follow=True).content.decode()

    assert "No expert checks them at present" in answered
    assert state_of(review) == State.IN_REVIEW
    mail = OutgoingMail.objects.get()
    assert (mail.person, mail.purpose) == (make_person("mihai"), "review-nobody-checks")
    assert reverse("review:experts", args=[review.pk]).removeprefix("/en") in mail.text


def test_the_expert_does_not_send_back_for_the_city(review):
    reply_to_all(review)
    with pytest.raises(PermissionDenied):
        send_back(person=make_person("nuria"), review=review, at=CHECKED_AT)
