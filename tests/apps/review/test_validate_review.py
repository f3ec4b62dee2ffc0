"""An expert validates a review: what stands against it is named, and what it means is said before."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.builders import ANSWERED_AT, CHECKED_AT, VALIDATED_AT, appoint, make_city, make_review, verify
from tests.people import give, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind, Tie
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.access import areas_asked
from tessera.apps.review.actions.checking import (
    CannotValidate,
    agree,
    ask,
    give_opinion,
    obstacles_to,
    reconcile,
    reply,
    settle,
    unverify_area,
    validate_review,
)
from tessera.apps.review.lifecycle import QueryAct, State
from tessera.apps.review.models import Review, Signature, Strength
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    """Every area is verified, and nothing is asked."""
    review = make_review(make_city("riga"), state=State.IN_REVIEW)
    for area in areas_asked(review):
        verify(review, area.key)
    OutgoingMail.objects.all().delete()
    return review


@pytest.fixture
def nuria(client, review):
    client.force_login(make_person("nuria"))
    return client


def url(review):
    return reverse("review:validate", args=[review.pk])


def now(review):
    return Review.objects.get(pk=review.pk)


def validate(review, who="nuria"):
    validate_review(expert=make_person(who), review=review, at=VALIDATED_AT)


def ask_about(review, question="health-score"):
    return ask(expert=make_person("nuria"), review=review, question=question, text="Why?", at=CHECKED_AT)


def judge(review, who, other, question="health-score"):
    give_opinion(
        expert=make_person(who),
        review=review,
        question=question,
        other=other,
        reason="The report says so.",
        strength=Strength.HIGH,
        answer_revision=1,
        at=CHECKED_AT,
    )


def test_it_is_said_what_it_means_and_then_the_review_names_who_validated_it(nuria, review):
    Person.objects.update(language="en")
    page = nuria.get(url(review)).content.decode()
    assert "What you say by it" in page
    assert "Your name, Nuria, and this day stand with the review" in page
    assert "What stands against it" not in page

    answered = nuria.post(url(review), follow=True).content.decode()

    assert now(review).state == State.VALIDATED
    assert (now(review).validated_by.name, now(review).validated_at is not None) == ("Nuria", True)
    assert "Nuria validated the review on" in answered
    [mail] = OutgoingMail.objects.all()
    assert (mail.to, mail.purpose) == (make_person("ilze").email, "review-validated")
    assert "It is yours to publish." in " ".join(mail.text.split())


def test_the_same_tab_pressed_twice_validates_once(nuria, review):
    nuria.post(url(review))
    first = now(review).validated_at
    answered = nuria.post(url(review), follow=True)

    assert answered.status_code == 200
    assert "It is validated" in answered.content.decode()
    assert "What you say by it" not in answered.content.decode()
    assert now(review).validated_at == first
    assert OutgoingMail.objects.count() == 1


def test_all_that_stands_against_it_is_named_with_a_link(nuria, review):
    piotr = appoint(review, "piotr")
    unverify_area(expert=piotr, review=review, area="health", at=CHECKED_AT)
    query = ask_about(review, "family-reunion-score")
    judge(review, "nuria", None, "education-score")
    judge(review, "piotr", Answer(value=20.0), "education-score")

    page = nuria.get(url(review)).content.decode()
    for words in ("1 area is not verified", "1 query is not settled", "On 1 answer the experts differ"):
        assert words in page
    for address in (
        reverse("review:board", args=[review.pk]),
        reverse("review:query", args=[query.pk]),
        reverse("review:judge", args=[review.pk, "education-score"]),
    ):
        assert f'href="{address}"' in page
    assert "What you say by it" not in page

    refused = nuria.post(url(review))
    assert refused.status_code == 409
    assert "1 area is not verified" in refused.content.decode()
    assert now(review).state == State.IN_REVIEW


def test_what_is_with_the_city_is_not_validated(client):
    review = make_review(make_city("riga"), state=State.RETURNED)
    client.force_login(make_person("nuria"))

    page = client.get(url(review)).content.decode()
    assert "The review can be validated once it has sent them back." in page
    assert client.post(url(review), follow=True).status_code == 200
    assert now(review).state == State.RETURNED


def test_invariant_7_validated_needs_no_open_query_every_area_verified_and_a_named_validator(review):
    """Each alone is enough to refuse it; and no row of the database is validated without a name and a day."""
    nuria, areas = make_person("nuria"), [area.key for area in areas_asked(review)]
    for area in areas:
        unverify_area(expert=nuria, review=review, area=area, at=CHECKED_AT)
        with pytest.raises(CannotValidate) as refused:
            validate(review)
        assert refused.value.obstacles.areas == (area,)
        verify(review, area)

    query, ilze = ask_about(review), make_person("ilze")
    for is_settled, act in (
        (False, lambda: None),
        (False, lambda: reply(person=ilze, query=query, text="So.", at=CHECKED_AT)),
        (True, lambda: settle(expert=nuria, query=query, act=QueryAct.CLOSE, at=CHECKED_AT)),
    ):
        act()
        if not is_settled:
            with pytest.raises(CannotValidate) as refused:
                validate(review)
            assert refused.value.obstacles.queries == (query,)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state=State.VALIDATED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state=State.VALIDATED, validated_at=VALIDATED_AT)
    assert now(review).state == State.IN_REVIEW

    validate(review)
    assert (now(review).state, now(review).validated_by, now(review).validated_at) == (
        State.VALIDATED,
        nuria,
        VALIDATED_AT,
    )


def test_a_withdrawn_query_stands_against_nothing(review):
    query = ask_about(review)
    settle(expert=make_person("nuria"), query=query, act=QueryAct.WITHDRAW, at=CHECKED_AT)
    assert not obstacles_to(review)
    validate(review)


def test_two_who_differ_hold_a_joint_opinion_first(review):
    appoint(review, "piotr")
    judge(review, "nuria", None)
    judge(review, "piotr", Answer(value=60.0))
    assert not obstacles_to(review), "one accepts 60, and the other says 60"
    judge(review, "piotr", Answer(value=40.0))
    with pytest.raises(CannotValidate) as refused:
        validate(review)
    assert refused.value.obstacles.apart == ("health-score",)
    proposed = reconcile(
        expert=make_person("piotr"),
        review=review,
        question="health-score",
        other=Answer(value=50.0),
        reason="Between the two.",
        answer_revision=1,
        at=CHECKED_AT,
    )
    assert obstacles_to(review).apart == ("health-score",), "nobody has agreed yet"
    agree(
        expert=make_person("nuria"),
        review=review,
        question="health-score",
        shown=proposed.mark,
        at=CHECKED_AT,
    )

    validate(review)


@pytest.mark.parametrize("days", [0, 700])
def test_nobody_validates_for_a_city_that_one_works_or_lately_worked_for(review, days):
    since = date(2020, 1, 1)
    until = date.fromordinal(VALIDATED_AT.date().toordinal() - days) if days else None
    Tie.objects.create(
        person=make_person("nuria"),
        city=review.city,
        work="A study",
        since=since,
        until=until,
        declared_at=CHECKED_AT,
    )
    with pytest.raises(PermissionDenied):
        validate(review)
    assert now(review).state == State.IN_REVIEW


def test_nobody_validates_what_one_signed(review):
    """However the signature came to be there."""
    Signature.objects.create(
        review=review, person=make_person("nuria"), content_hash="x" * 64, signed_at=ANSWERED_AT
    )
    with pytest.raises(PermissionDenied, match="nobody validates what one submitted"):
        validate(review)


def test_an_expert_of_the_network_who_was_not_appointed_validates_nothing(review):
    give("piotr", Kind.EXPERT, review.cycle.network)
    browser = Client()
    browser.force_login(make_person("piotr"))

    assert browser.get(url(review)).status_code == 404
    assert browser.post(url(review)).status_code == 404
    with pytest.raises(PermissionDenied):
        validate(review, "piotr")
