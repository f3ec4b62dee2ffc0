"""Asking experts to check a review, and what they say to it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import coordinates, coordinators_of
from tessera.apps.records.mail import send_mail_to
from tessera.apps.review.access import may_validate
from tessera.apps.review.access.checking import experts_offered_for, experts_to_tell
from tessera.apps.review.lifecycle import JUDGED, WITH_EXPERTS
from tessera.apps.review.models import Appointment, Review

MOST_EXPERTS = 2


class CannotAppoint(ValueError):
    """The expert cannot be asked to check this review."""


class CannotAccept(ValueError):
    """The expert is tied to the city or has answered already, or the review is validated."""


class CannotRelease(ValueError):
    """The review is validated."""


@transaction.atomic
def appoint_expert(*, by: Person, review: Review, expert: Person, at: datetime) -> Appointment:
    """Ask an expert to check a review, and tell them.

    Raises PermissionDenied unless `by` coordinates the network; and CannotAppoint for somebody who is no
    expert of it, is tied to the city or appointed already, for a third expert, and once the review is
    validated.
    """
    day = timezone.localdate(at)
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related("city", "cycle__network")
        .get(pk=review.pk)
    )
    _check_coordinates(by, review, at)
    if review.state in JUDGED:
        raise CannotAppoint(f"{review} is {review.state}: there is nothing left to check.")
    if review.appointments.standing().count() >= MOST_EXPERTS:
        raise CannotAppoint(f"{review} has {MOST_EXPERTS} experts already.")
    if expert not in experts_offered_for(review, day):
        raise CannotAppoint(f"{expert} cannot check {review}.")
    appointment = Appointment.objects.create(review=review, expert=expert, appointed_by=by, appointed_at=at)
    send_mail_to(expert, "review/mail/appointed", {"appointment": appointment}, "expert-appointed")
    return appointment


@transaction.atomic
def accept_appointment(*, expert: Person, appointment: Appointment, at: datetime) -> None:
    """Take on a review. The expert declares to have no tie to the city beside those written down.

    Twice is harmless. Raises PermissionDenied for anybody else, and CannotAccept for one who is tied to the
    city by now, or has declined or been released, and once the review is validated.
    """
    appointment = _lock_own(expert, appointment)
    if appointment.accepted_at is not None:
        return
    if appointment.review.state in JUDGED:
        raise CannotAccept(f"{appointment.review} is validated: there is nothing left to check.")
    if not may_validate(expert, appointment.review.city, timezone.localdate(at)):
        raise CannotAccept(f"{expert} works or lately worked for {appointment.review.city}.")
    appointment.accepted_at = at
    appointment.save(update_fields=["accepted_at"])


@transaction.atomic
def decline_appointment(*, expert: Person, appointment: Appointment, reason: str, at: datetime) -> None:
    """Say no, and tell who coordinates the network why; who has accepted gives a review back in the same way.

    They are told, too, where the city's answers wait and nobody checks them any more.

    Raises as `accept_appointment` does, CannotAccept once the review is validated, and ValueError for no
    reason.
    """
    appointment = _lock_own(expert, appointment)
    if appointment.review.state in JUDGED:
        raise CannotAccept(f"{appointment.review} is validated: there is nothing left to give back.")
    if not reason.strip():
        raise ValueError("Somebody else has to be found, and so a reason helps.")
    appointment.accepted_at = None
    appointment.declined_at, appointment.reason = at, reason
    appointment.save(update_fields=["accepted_at", "declined_at", "reason"])
    review, day = appointment.review, timezone.localdate(at)
    assert review.cycle is not None
    nobody_checks = review.state in WITH_EXPERTS and not experts_to_tell(review, day)
    context = {"appointment": appointment, "nobody_checks": nobody_checks}
    for coordinator in coordinators_of(review.cycle.network, day):
        send_mail_to(coordinator, "review/mail/declined", context, "expert-declined")


@transaction.atomic
def release_expert(*, by: Person, appointment: Appointment, at: datetime) -> None:
    """End an expert's work on a review. What they wrote stays, under their name. Twice is harmless.

    Raises PermissionDenied unless `by` coordinates the network, and CannotRelease once the review is
    validated: what the expert said is part of that.
    """
    appointment = _lock(appointment)
    _check_coordinates(by, appointment.review, at)
    if appointment.released_at is not None or appointment.declined_at is not None:
        return
    if appointment.review.state in JUDGED:
        raise CannotRelease(f"{appointment.review} is validated.")
    appointment.released_at = at
    appointment.save(update_fields=["released_at"])
    send_mail_to(appointment.expert, "review/mail/released", {"appointment": appointment}, "expert-released")


def _check_coordinates(by: Person, review: Review, at: datetime) -> None:
    if review.cycle is None or not coordinates(by, review.cycle.network, timezone.localdate(at)):
        raise PermissionDenied(f"{by} does not coordinate the cycle of {review}.")


def _lock(appointment: Appointment) -> Appointment:
    """Behind its review, for whose validation this expert may be needed."""
    Review.objects.select_for_update().get(pk=appointment.review_id)
    return Appointment.objects.select_for_update().get(pk=appointment.pk)


def _lock_own(expert: Person, appointment: Appointment) -> Appointment:
    appointment = _lock(appointment)
    if appointment.expert != expert:
        raise PermissionDenied(f"{appointment} is another expert's.")
    if appointment.declined_at is not None or appointment.released_at is not None:
        raise CannotAccept(f"{appointment} does not stand any more.")
    return appointment
