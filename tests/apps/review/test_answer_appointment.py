"""An expert takes a review on, or does not."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests.builders import CHECKED_AT, VALIDATED_AT, appoint, make_city, make_review
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind, Role, Tie
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.experts import (
    CannotAccept,
    accept_appointment,
    appoint_expert,
    decline_appointment,
    release_expert,
)
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Review

pytestmark = pytest.mark.django_db

ASKED_AT = datetime(2024, 2, 12, 10, tzinfo=UTC)
YES = {"way": "accept", "has_no_tie": "on"}
NO = {"way": "decline", "reason": "I am away until May."}


@pytest.fixture
def asked():
    review = make_review(make_city(), state=State.SUBMITTED)
    nuria = give("nuria", Kind.EXPERT, review.cycle.network)
    appointment = appoint_expert(by=make_person("mihai"), review=review, expert=nuria, at=ASKED_AT)
    OutgoingMail.objects.all().delete()
    return appointment


@pytest.fixture
def expert(client):
    client.force_login(make_person("nuria"))
    return client


def url(appointment):
    return reverse("review:appointment", args=[appointment.pk])


def board_url(appointment):
    return reverse("review:board", args=[appointment.review_id])


def declare_tie(appointment, *, until=None):
    Tie.objects.create(
        person=appointment.expert,
        city=appointment.review.city,
        work="A study",
        since=date(2020, 1, 1),
        until=until,
        declared_at=CHECKED_AT,
    )


def test_an_expert_finds_the_review_at_work_and_takes_it_on(expert, asked):
    assert f'href="{url(asked)}"' in expert.get(reverse("web:work")).content.decode()
    assert expert.get(board_url(asked)).status_code == 404

    page = expert.post(url(asked), YES, follow=True).content.decode()

    asked.refresh_from_db()
    assert asked.checks
    assert f'href="{board_url(asked)}"' in page
    assert f'href="{board_url(asked)}"' in expert.get(reverse("web:work")).content.decode()
    assert expert.get(board_url(asked)).status_code == 200


def test_nobody_takes_it_on_without_the_declaration(expert, asked):
    answered = expert.post(url(asked), {"way": "accept"})

    assert answered.status_code == 400
    asked.refresh_from_db()
    assert asked.accepted_at is None


def test_the_answers_wait_until_they_are_sent(expert, asked):
    accept_appointment(expert=asked.expert, appointment=asked, at=CHECKED_AT)
    Review.objects.update(state=State.FILLING, submitted_at=None)

    page = expert.get(url(asked)).content.decode()

    assert "is still filling it" in page
    assert expert.get(board_url(asked)).status_code == 404


def test_who_accepted_early_is_told_once_the_answers_are_sent():
    review = make_review(make_city(), state=State.FILLING)
    nuria = appoint(review)
    OutgoingMail.objects.all().delete()

    review = Review.objects.get(pk=review.pk)
    sign_review(person=make_person("ilze"), review=review, content_hash=review.content_hash(), at=CHECKED_AT)

    mail = OutgoingMail.objects.get(person=nuria)
    assert mail.purpose == "review-sent"
    assert reverse("review:board", args=[review.pk]).removeprefix("/en") in mail.text


def test_to_decline_needs_a_reason_which_the_coordinator_reads(expert, asked):
    assert expert.post(url(asked), {"way": "decline", "reason": " "}).status_code == 400
    assert expert.post(url(asked), NO)["Location"] == reverse("web:work")

    asked.refresh_from_db()
    assert (asked.stands, asked.reason) == (False, "I am away until May.")
    mail = OutgoingMail.objects.get()
    assert (mail.person, mail.purpose) == (make_person("mihai"), "expert-declined")
    assert "I am away until May." in mail.text
    assert expert.get(url(asked)).status_code == 404


NOBODY = "Nobody checks the review now"


def test_who_coordinates_is_told_when_the_last_expert_gives_sent_answers_back(asked):
    appoint(asked.review, "piotr")
    accept_appointment(expert=asked.expert, appointment=asked, at=CHECKED_AT)
    OutgoingMail.objects.all().delete()

    for appointment in asked.review.appointments.order_by("pk"):
        expert = appointment.expert
        decline_appointment(expert=expert, appointment=appointment, reason="No time.", at=CHECKED_AT)

    first, last = OutgoingMail.objects.filter(purpose="expert-declined").order_by("pk")
    assert NOBODY not in first.text + first.html
    assert NOBODY in " ".join(last.text.split())
    assert NOBODY in " ".join(last.html.split())


def test_before_the_answers_are_sent_nobody_need_check_them(asked):
    Review.objects.update(state=State.FILLING, submitted_at=None)
    decline_appointment(expert=asked.expert, appointment=asked, reason="No time.", at=CHECKED_AT)
    assert NOBODY not in OutgoingMail.objects.get().text


def test_who_accepted_can_give_the_review_back(expert, asked):
    expert.post(url(asked), YES)
    expert.post(url(asked), NO)

    asked.refresh_from_db()
    assert asked.declined_at is not None
    assert asked.accepted_at is None
    assert expert.get(board_url(asked)).status_code == 404


def test_what_is_validated_is_not_given_back(expert, asked):
    accept_appointment(expert=asked.expert, appointment=asked, at=CHECKED_AT)
    Review.objects.update(state=State.VALIDATED, validated_by=asked.expert, validated_at=VALIDATED_AT)

    assert "Give the review back" not in expert.get(url(asked)).content.decode()
    assert "Nothing was changed" in expert.post(url(asked), NO, follow=True).content.decode()
    asked.refresh_from_db()
    assert asked.checks


@pytest.mark.parametrize(("until", "may"), [(None, False), (date(2021, 6, 1), True)])
def test_nobody_with_a_tie_of_the_last_two_years_takes_it_on(asked, until, may):
    declare_tie(asked, until=until)

    if may:
        accept_appointment(expert=asked.expert, appointment=asked, at=datetime(2024, 2, 14, tzinfo=UTC))
    else:
        with pytest.raises(CannotAccept):
            accept_appointment(expert=asked.expert, appointment=asked, at=datetime(2024, 2, 14, tzinfo=UTC))
    asked.refresh_from_db()
    assert asked.checks is may


def test_a_tie_that_is_declared_meanwhile_is_said_on_the_page(expert, asked):
    declare_tie(asked)

    assert "You have a tie to this city" in expert.get(url(asked)).content.decode()
    assert "Nothing was changed" in expert.post(url(asked), YES, follow=True).content.decode()
    asked.refresh_from_db()
    assert asked.accepted_at is None


def test_invariant_6_a_tie_that_is_declared_after_accepting_ends_the_access(expert, asked):
    expert.post(url(asked), YES)
    assert expert.get(board_url(asked)).status_code == 200

    declare_tie(asked)

    assert expert.get(board_url(asked)).status_code == 404
    check_answers = reverse("review:check-answers", args=[asked.review_id])
    assert expert.get(check_answers).status_code == 404
    work = expert.get(reverse("web:work")).content.decode()
    assert "You have a tie to this city. Please give the review back." in work
    assert f'href="{url(asked)}"' in work


def test_who_was_released_cannot_accept(asked):
    release_expert(by=make_person("mihai"), appointment=asked, at=CHECKED_AT)

    with pytest.raises(CannotAccept):
        accept_appointment(expert=asked.expert, appointment=asked, at=CHECKED_AT)


def test_to_accept_twice_is_harmless(asked):
    accept_appointment(expert=asked.expert, appointment=asked, at=CHECKED_AT)
    accept_appointment(expert=asked.expert, appointment=asked, at=VALIDATED_AT)

    asked.refresh_from_db()
    assert asked.accepted_at == CHECKED_AT


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each != "nuria"])
def test_nobody_answers_for_another_expert(client, asked, who):
    give("piotr", Kind.EXPERT, asked.review.cycle.network)
    make_officer("chiara", make_city("ravenna", country="IT"))
    client.force_login(make_person(who))

    assert client.get(url(asked)).status_code == 404
    assert client.post(url(asked), YES).status_code == 404
    with pytest.raises(PermissionDenied):
        accept_appointment(expert=make_person(who), appointment=asked, at=CHECKED_AT)
    with pytest.raises(PermissionDenied):
        decline_appointment(expert=make_person(who), appointment=asked, reason="No", at=CHECKED_AT)
    asked.refresh_from_db()
    assert asked.stands
    assert asked.accepted_at is None


def test_whoever_coordinates_by_then_is_told_that_an_expert_declined(asked):
    """Not who had asked, and coordinates no more."""
    Role.objects.filter(person=make_person("mihai")).update(until=date(2024, 1, 31))
    give("greta", Kind.COORDINATOR, asked.review.cycle.network)
    decline_appointment(expert=make_person("nuria"), appointment=asked, reason="I am ill.", at=CHECKED_AT)
    assert [mail.person.name for mail in OutgoingMail.objects.filter(purpose="expert-declined")] == ["Greta"]
