from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests.builders import answer, make_city, make_review
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind
from tessera.apps.records.models import OutgoingMail
from tessera.apps.records.moves import MoveError
from tessera.apps.review.actions.checking import (
    ask,
    give_opinion,
    open_answer,
    return_review,
    send_back,
    settle,
)
from tessera.apps.review.actions.delegation import delegate_area
from tessera.apps.review.actions.submission import sign_review, withdraw_submission
from tessera.apps.review.lifecycle import QueryAct, State
from tessera.apps.review.models import Review, Signature, Strength
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

TAKEN_BACK_AT = datetime(2024, 2, 21, 10, tzinfo=UTC)


@pytest.fixture
def sent():
    riga = make_city()
    make_officer("jonas", riga)
    review = make_review(riga, state=State.SUBMITTED)
    OutgoingMail.objects.all().delete()
    return review


def withdraw_url(review):
    return reverse("review:withdraw-submission", args=[review.pk])


def withdraw(client, review, who="ilze"):
    client.force_login(make_person(who))
    return client.post(withdraw_url(review))


def test_an_officer_confirms_and_has_the_answers_back(client, sent):
    client.force_login(make_person("ilze"))
    page = client.get(withdraw_url(sent)).content.decode()
    assert "Every signature under them becomes void." in page
    sent.refresh_from_db()
    assert sent.state == State.SUBMITTED

    answered = withdraw(client, sent)

    assert answered["Location"] == reverse("review:check-answers", args=[sent.pk])
    sent.refresh_from_db()
    assert (sent.state, sent.submitted_at) == (State.FILLING, None)
    assert not Signature.objects.exists()
    assert "The signatures under them are void." in client.get(answered["Location"]).content.decode()


def test_the_answers_can_be_changed_then_and_must_be_signed_again(client, sent):
    signed = sent.content_hash()
    withdraw(client, sent)

    answer(sent, "education-score", Answer(value=10.0), revision=1)

    now = Review.objects.get(pk=sent.pk)
    assert now.content_hash() != signed
    sign_review(person=make_person("ilze"), review=now, content_hash=now.content_hash(), at=TAKEN_BACK_AT)
    assert Signature.objects.get().content_hash == now.content_hash()


def test_the_other_officers_and_the_coordinator_are_told(client, sent):
    withdraw(client, sent)

    told = OutgoingMail.objects.select_related("person").order_by("pk")
    assert [(mail.purpose, mail.person.name) for mail in told] == [
        ("review-signatures-void", "Jonas"),
        ("review-withdrawn", "Mihai"),
    ]
    assert "The signatures under them no longer count." in " ".join(told[0].text.split())
    assert reverse("review:tasks", args=[sent.pk]).removeprefix("/en") in told[0].text


def test_taking_back_twice_is_harmless(client, sent):
    withdraw(client, sent)
    answered = withdraw(client, sent)

    assert "are back already" in client.get(answered["Location"]).content.decode()
    sent.refresh_from_db()
    assert sent.state == State.FILLING
    assert OutgoingMail.objects.filter(purpose="review-withdrawn").count() == 1
    with pytest.raises(MoveError):
        withdraw_submission(person=make_person("ilze"), review=sent, at=TAKEN_BACK_AT)


# Experts have it


@pytest.fixture
def checked():
    """Being checked by Nuria, who has verified an area, judged an answer and opened another one."""
    review = make_review(make_city(), state=State.IN_REVIEW)
    nuria = make_person("nuria")
    open_answer(expert=nuria, review=review, question="health-score", at=TAKEN_BACK_AT)
    give_opinion(
        expert=nuria,
        review=review,
        question="health-score",
        other=None,
        reason="",
        strength=Strength.HIGH,
        answer_revision=1,
        at=TAKEN_BACK_AT,
    )
    OutgoingMail.objects.all().delete()
    return review


def test_until_the_first_query_it_can_be_taken_back_and_what_was_verified_is_void(client, checked):
    client.force_login(make_person("ilze"))
    receipt = client.get(reverse("review:receipt", args=[checked.pk])).content.decode()
    assert withdraw_url(checked) in receipt
    assert client.get(withdraw_url(checked)).status_code == 200

    withdraw(client, checked)

    checked.refresh_from_db()
    assert (checked.state, checked.submitted_at) == (State.FILLING, None)
    assert not checked.verifications.exists()
    assert not checked.opened_answers.exists()
    assert checked.opinions.count() == 1


def test_the_experts_are_told(client, checked):
    withdraw(client, checked)

    told = OutgoingMail.objects.select_related("person").order_by("pk")
    assert [(mail.purpose, mail.person.name) for mail in told] == [
        ("review-withdrawn", "Nuria"),
        ("review-withdrawn", "Mihai"),
    ]
    assert "have to be verified again" in " ".join(told[0].text.split())


@pytest.mark.parametrize("is_settled", [False, True])
def test_after_the_first_query_it_stays_with_the_experts(client, checked, is_settled):
    nuria = make_person("nuria")
    query = ask(expert=nuria, review=checked, question="health-score", text="Why?", at=TAKEN_BACK_AT)
    if is_settled:
        settle(expert=nuria, query=query, act=QueryAct.WITHDRAW, at=TAKEN_BACK_AT)
    client.force_login(make_person("ilze"))

    assert (
        withdraw_url(checked) not in client.get(reverse("review:receipt", args=[checked.pk])).content.decode()
    )
    check_answers = reverse("review:check-answers", args=[checked.pk])
    assert client.get(withdraw_url(checked))["Location"] == check_answers
    page = client.post(withdraw_url(checked), follow=True).content.decode()
    assert "cannot be taken back any more" in page
    checked.refresh_from_db()
    assert checked.state == State.IN_REVIEW
    assert checked.verifications.exists()


def test_what_was_returned_once_is_not_taken_back_although_nothing_was_asked(client, checked):
    """The expert opened an answer and returned the review; the city has read what the expert thinks of it."""
    return_review(expert=make_person("nuria"), review=checked, message="", at=TAKEN_BACK_AT)
    for _ in range(2):
        send_back(person=make_person("ilze"), review=checked, at=TAKEN_BACK_AT)
        checked.refresh_from_db()
        assert (checked.state, checked.returned_at) == (State.IN_REVIEW, TAKEN_BACK_AT)
        client.force_login(make_person("ilze"))
        receipt = client.get(reverse("review:receipt", args=[checked.pk])).content.decode()
        assert withdraw_url(checked) not in receipt
        with pytest.raises(MoveError):
            withdraw_submission(person=make_person("ilze"), review=checked, at=TAKEN_BACK_AT)
        open_answer(expert=make_person("nuria"), review=checked, question="health-score", at=TAKEN_BACK_AT)
        later = TAKEN_BACK_AT + timedelta(days=1)
        return_review(expert=make_person("nuria"), review=checked, message="", at=later)


def test_what_was_not_sent_is_not_asked_about(client):
    review = make_review(make_city(), state=State.FILLING)
    client.force_login(make_person("ilze"))

    assert client.get(withdraw_url(review))["Location"] == reverse("review:check-answers", args=[review.pk])


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_officers_of_the_city_take_back(client, sent, who, method):
    give("andris", Kind.CONTRIBUTOR, sent.city)
    make_officer("chiara", make_city("ravenna", country="IT"))
    give("nuria", Kind.EXPERT, sent.cycle.network)
    client.force_login(make_person(who))

    answered = getattr(client, method)(withdraw_url(sent))

    is_officer = who in ("ilze", "jonas")
    if is_officer:
        assert answered.status_code == (200 if method == "get" else 302)
    else:
        assert answered.status_code == 404
        with pytest.raises(PermissionDenied):
            withdraw_submission(person=make_person(who), review=sent, at=TAKEN_BACK_AT)
    sent.refresh_from_db()
    assert (sent.state == State.FILLING) == (is_officer and method == "post")


def test_colleagues_who_helped_are_told_unless_they_left_such_mails():
    review = make_review(make_city(), state=State.FILLING)
    for who, area in (("andris", "education"), ("greta", "health")):
        colleague = give(who, Kind.CONTRIBUTOR, review.city)
        about = {"area": area, "colleague": colleague, "message": "", "at": TAKEN_BACK_AT}
        delegate_area(by=make_person("ilze"), review=review, **about)
    Person.objects.filter(pk=make_person("greta").pk).update(gets_notices=False)
    ilze, mark = make_person("ilze"), review.content_hash()
    sign_review(person=ilze, review=review, content_hash=mark, at=TAKEN_BACK_AT)

    withdraw_submission(person=ilze, review=review, at=TAKEN_BACK_AT)

    told = OutgoingMail.objects.filter(purpose="review-withdrawn").exclude(person=make_person("mihai"))
    assert [mail.to for mail in told] == [make_person("andris").email]
