"""Experts are blind to each other until they have judged the answer as it stands, and so is the city."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import ANSWERED_AT, CHECKED_AT, answer, appoint, make_city, make_review, validate
from tests.people import give, make_person

from tessera.apps.network.models import Kind
from tessera.apps.review.actions.checking import ask, give_opinion, reconcile, return_review
from tessera.apps.review.actions.experts import (
    CannotAccept,
    CannotRelease,
    accept_appointment,
    appoint_expert,
    release_expert,
)
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Appointment, Assignment, Query, Strength
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

KEY = "health-score"


@pytest.fixture
def review():
    """Nuria and Piotr check it."""
    review = make_review(make_city("riga"), state=State.IN_REVIEW)
    appoint(review, "piotr")
    return review


def page_of(who, name, *about):
    browser = Client()
    browser.force_login(make_person(who))
    return browser.get(reverse(name, args=about)).content.decode()


def judge(review, who, value=None, reason="", revision=1):
    give_opinion(
        expert=make_person(who),
        review=review,
        question=KEY,
        other=None if value is None else Answer(value=value),
        reason=reason,
        strength=Strength.HIGH,
        answer_revision=revision,
        at=CHECKED_AT,
    )


def test_who_takes_the_place_of_an_expert_reads_no_joint_opinion_before_giving_an_own_one(review):
    judge(review, "nuria", 40.0, "Forty.")
    judge(review, "piotr", 20.0, "Twenty.")
    reconcile(
        expert=make_person("nuria"),
        review=review,
        question=KEY,
        other=Answer(value=33.0),
        reason="Thirty-three together.",
        answer_revision=1,
        at=CHECKED_AT,
    )
    assert "Thirty-three together." in page_of("piotr", "review:judge", review.pk, KEY)
    leaving = Appointment.objects.get(expert=make_person("piotr"))
    release_expert(by=make_person("mihai"), appointment=leaving, at=CHECKED_AT)
    appoint(review, "greta")
    assert "Thirty-three together." not in page_of("greta", "review:judge", review.pk, KEY)


def test_an_opinion_on_an_earlier_answer_opens_nobodys_opinion_on_the_present_one(review):
    judge(review, "nuria")
    ask(expert=make_person("piotr"), review=review, question=KEY, text="Which year?", at=CHECKED_AT)
    return_review(expert=make_person("piotr"), review=review, message="", at=CHECKED_AT)
    answer(review, KEY, Answer(value=11.0), revision=1, person=make_person("ilze"))
    judge(review, "piotr", 12.0, "Twelve.", revision=2)
    assert "Twelve." not in page_of("nuria", "review:judge", review.pk, KEY)
    judge(review, "nuria", revision=2)
    assert "Twelve." in page_of("nuria", "review:judge", review.pk, KEY)


def test_the_trail_of_the_city_tells_that_somebody_judged_and_not_what(client, review):
    client.force_login(make_person("nuria"))
    sent = {"act": "other", "answer_revision": "1", "own-number": "40", "own-strength": "high"}
    client.post(reverse("review:judge", args=[review.pk, KEY]), sent | {"own-reason": "A secret reason."})
    assert review.opinions.get().reason == "A secret reason."
    trail = page_of("ilze", "network:trail", "riga")
    assert "Nuria" in trail
    assert "A secret reason." not in trail


def test_nobody_takes_a_validated_review_on_and_nobody_is_released_from_it(client):
    review = make_review(make_city("riga"), state=State.IN_REVIEW)
    greta = give("greta", Kind.EXPERT, review.cycle.network)
    asked = appoint_expert(by=make_person("mihai"), review=review, expert=greta, at=ANSWERED_AT)
    validate(review)
    with pytest.raises(CannotAccept):
        accept_appointment(expert=greta, appointment=asked, at=CHECKED_AT)
    page = page_of("greta", "review:appointment", asked.pk)
    assert "The review is validated. There is nothing left to check." in page
    assert "I take it on" not in page

    mihai, nurias = make_person("mihai"), Appointment.objects.get(expert=make_person("nuria"))
    with pytest.raises(CannotRelease):
        release_expert(by=mihai, appointment=nurias, at=CHECKED_AT)
    client.force_login(mihai)
    answered = client.post(reverse("review:release-expert", args=[nurias.pk]), follow=True)
    assert "The review is validated. There is nothing left to check." in answered.content.decode()
    nurias.refresh_from_db()
    assert nurias.released_at is None


def test_who_coordinates_a_network_replies_to_no_query_although_they_were_given_the_area(client, review):
    greta = give("greta", Kind.CONTRIBUTOR, review.city)
    Assignment.objects.create(
        review=review, area="health", person=greta, given_by=make_person("ilze"), given_at=ANSWERED_AT
    )
    ask(expert=make_person("nuria"), review=review, question=KEY, text="Which year?", at=CHECKED_AT)
    address = reverse("review:query", args=[Query.objects.get().pk])
    client.force_login(greta)
    assert client.get(address).status_code == 200
    give("greta", Kind.COORDINATOR, review.cycle.network)
    assert client.post(address, {"text": "For the city: 2020."}).status_code == 404


@pytest.mark.parametrize("said", ["9" * 5000, "9" * 30, "-1", "x"])
def test_a_number_that_no_row_has_is_no_fault_of_the_site(client, review, said):
    client.force_login(make_person("nuria"))
    sent = {"act": "accept", "answer_revision": said, "own-strength": "high", "own-reason": ""}
    assert client.post(reverse("review:judge", args=[review.pk, KEY]), sent).status_code == 409
    assert client.post(reverse("review:phrases"), {"drop": said}).status_code == 404
