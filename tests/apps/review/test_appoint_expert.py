"""A coordinator asks experts to check a review, and releases them."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests.builders import CHECKED_AT, appoint, make_city, make_review, put_in_state
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind, Tie
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.checking import give_opinion
from tessera.apps.review.actions.experts import CannotAppoint, appoint_expert, release_expert
from tessera.apps.review.lifecycle import JUDGED, State
from tessera.apps.review.models import Appointment, Opinion, Strength

pytestmark = pytest.mark.django_db

ASKED_AT = datetime(2024, 2, 12, 10, tzinfo=UTC)


@pytest.fixture
def review():
    review = make_review(make_city(), state=State.SUBMITTED)
    for key in ("nuria", "piotr", "greta"):
        give(key, Kind.EXPERT, review.cycle.network)
    OutgoingMail.objects.all().delete()
    return review


@pytest.fixture
def coordinator(client):
    client.force_login(make_person("mihai"))
    return client


def experts_url(review):
    return reverse("review:experts", args=[review.pk])


def ask(review, key="nuria", *, by="mihai"):
    return appoint_expert(by=make_person(by), review=review, expert=make_person(key), at=ASKED_AT)


def offered(page):
    return [str(label) for _, label in page.context["form"].fields["expert"].choices][1:]


def test_the_coordinator_asks_an_expert_who_is_told(coordinator, review):
    page = coordinator.post(experts_url(review), {"expert": make_person("nuria").pk}, follow=True)

    appointment = Appointment.objects.get()
    assert (appointment.expert, appointment.appointed_by) == (make_person("nuria"), make_person("mihai"))
    assert not appointment.checks
    assert "Nuria was asked by e-mail." in page.content.decode()
    mail = OutgoingMail.objects.get()
    assert (mail.person, mail.purpose) == (make_person("nuria"), "expert-appointed")
    assert reverse("review:appointment", args=[appointment.pk]).removeprefix("/en") in mail.text


def test_the_cycle_leads_there(coordinator, review):
    page = coordinator.get(review.cycle.get_absolute_url()).content.decode()

    assert f'href="{experts_url(review)}"' in page


def test_those_with_a_tie_and_those_asked_already_are_not_offered(coordinator, review):
    Tie.objects.create(
        person=make_person("greta"),
        city=review.city,
        work="A study",
        since=date(2020, 1, 1),
        declared_at=ASKED_AT,
    )
    ask(review, "piotr")

    assert offered(coordinator.get(experts_url(review))) == ["Nuria"]
    with pytest.raises(CannotAppoint):
        ask(review, "greta")
    with pytest.raises(CannotAppoint):
        ask(review, "piotr")


def test_somebody_who_is_no_expert_of_the_network_cannot_be_asked(review):
    with pytest.raises(CannotAppoint):
        ask(review, "jonas")


def test_two_experts_are_enough(coordinator, review):
    ask(review, "nuria")
    ask(review, "piotr")

    assert "Ask this expert" not in coordinator.get(experts_url(review)).content.decode()
    with pytest.raises(CannotAppoint, match="2 experts already"):
        ask(review, "greta")


def test_a_choice_that_is_not_offered_is_an_error_on_the_page(coordinator, review):
    answered = coordinator.post(experts_url(review), {"expert": make_person("jonas").pk})

    assert answered.status_code == 400
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("state", JUDGED)
def test_nobody_is_asked_to_check_what_is_validated(coordinator, review, state):
    put_in_state(review, state)

    with pytest.raises(CannotAppoint):
        ask(review)
    assert "Ask this expert" not in coordinator.get(experts_url(review)).content.decode()


def test_an_expert_is_released_in_the_middle_and_another_one_asked(coordinator, review):
    """What the first one wrote stays."""
    nuria = appoint(review)
    give_opinion(
        expert=nuria,
        review=review,
        question="education-score",
        other=None,
        reason="",
        strength=Strength.HIGH,
        answer_revision=1,
        at=CHECKED_AT,
    )
    released = coordinator.post(
        reverse("review:release-expert", args=[Appointment.objects.get().pk]), follow=True
    )

    assert "Nuria does not check this review any more" in released.content.decode()
    assert OutgoingMail.objects.filter(purpose="expert-released", person=nuria).count() == 1
    assert Opinion.objects.get().expert == nuria
    coordinator.force_login(nuria)
    assert coordinator.get(reverse("review:board", args=[review.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        give_opinion(
            expert=nuria,
            review=review,
            question="health-score",
            other=None,
            reason="",
            strength=Strength.HIGH,
            answer_revision=1,
            at=CHECKED_AT,
        )
    assert not ask(review, "piotr").declined_at


def test_to_release_twice_is_harmless(review):
    appointment = ask(review)
    for _ in range(2):
        release_expert(by=make_person("mihai"), appointment=appointment, at=CHECKED_AT)

    assert OutgoingMail.objects.filter(purpose="expert-released").count() == 1


def test_the_coordinator_sees_who_has_a_tie_by_now(coordinator, review):
    appoint(review)
    Tie.objects.create(
        person=make_person("nuria"),
        city=review.city,
        work="A study",
        since=date(2020, 1, 1),
        declared_at=CHECKED_AT,
    )

    assert "has a tie to the city by now" in coordinator.get(experts_url(review)).content.decode()


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_coordinator_asks_and_releases(client, review, who):
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", make_city("ravenna", country="IT"))
    asked = ask(review, "piotr")
    client.force_login(make_person(who))

    answered = client.post(experts_url(review), {"expert": make_person("nuria").pk})
    released = client.post(reverse("review:release-expert", args=[asked.pk]))

    may = who == "mihai"
    assert (answered.status_code, released.status_code) == ((302, 302) if may else (403, 403))
    assert Appointment.objects.filter(expert=make_person("nuria")).exists() is may
    asked.refresh_from_db()
    assert (asked.released_at is not None) is may
    if not may:
        with pytest.raises(PermissionDenied):
            ask(review, "nuria", by=who)
        with pytest.raises(PermissionDenied):
            release_expert(by=make_person(who), appointment=asked, at=CHECKED_AT)
