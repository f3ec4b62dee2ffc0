"""Giving an area of a review to a colleague, and taking it back."""

import secrets
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.network.access import holds, people_of
from tessera.apps.network.models import Kind
from tessera.apps.records.mail import send_mail_to
from tessera.apps.review.access import areas_asked, check_acts_for
from tessera.apps.review.actions.filling import NotOpen
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Assignment, Review


class CannotDelegate(ValueError):
    """The area cannot be given to this person, or not so."""


@transaction.atomic
def delegate_area(
    *, by: Person, review: Review, area: str, colleague: Person, message: str, at: datetime
) -> Assignment:
    """Give an area to somebody with a role in the city, and tell them. Whoever had it is told, too.

    Raises PermissionDenied unless `by` acts for the city, KeyError for an area that the review does not ask,
    CannotDelegate for somebody without a role in the city, and NotOpen once the answers are sent.
    """
    day = timezone.localdate(at)
    review = _lock(by, review, area, day)
    if not people_of(review.city, day).filter(pk=colleague.pk, is_active=True).exists():
        raise CannotDelegate(f"{colleague} has no role in {review.city}.")
    _hand_over(by, review, area, at)
    given = Assignment.objects.create(
        review=review, area=area, person=colleague, message=message, given_by=by, given_at=at
    )
    if colleague != by:
        send_mail_to(colleague, "review/mail/assigned", {"assignment": given, "link": ""}, "area-assigned")
    return given


@transaction.atomic
def delegate_by_link(
    *,
    by: Person,
    review: Review,
    area: str,
    email: str,
    name: str,
    language: str,
    until: date,
    message: str,
    at: datetime,
) -> str:
    """Send somebody a link with which they fill one area until a day; returns the link.

    The name and language count only for an address that is new. Raises as `delegate_area` does, and
    CannotDelegate for a last day in the past, for somebody whose account is closed, and for one who
    coordinates a network: to coordinate never opens a city's answers.
    """
    day = timezone.localdate(at)
    review = _lock(by, review, area, day)
    if until < day:
        raise CannotDelegate(f"A link cannot work until {until}: that is past.")
    person, _ = Person.objects.get_or_create(email=email, defaults={"name": name, "language": language})
    if not person.is_active:
        raise CannotDelegate(f"The account of {person} is closed.")
    if holds(person, Kind.COORDINATOR, day):
        raise CannotDelegate(f"{person} coordinates a network, and so fills no area.")
    _hand_over(by, review, area, at)
    token = secrets.token_urlsafe(32)
    given = Assignment.objects.create(
        review=review,
        area=area,
        person=person,
        message=message,
        given_by=by,
        given_at=at,
        until=until,
        token_hash=token_hash(token),
    )
    return _send_link(given, token)


@transaction.atomic
def send_link_again(*, by: Person, assignment: Assignment, at: datetime) -> str:
    """Send a new link to somebody who fills an area by link; the earlier one stops working.

    Raises PermissionDenied unless `by` acts for the city, CannotDelegate where the assignment has no link or
    does not stand any more, and NotOpen once the answers are sent.
    """
    day = timezone.localdate(at)
    _lock(by, assignment.review, assignment.area, day)
    assignment = Assignment.objects.select_related("person", "review__city").get(pk=assignment.pk)
    if not assignment.is_by_link or not assignment.stands(day):
        raise CannotDelegate("There is no link that works and could be sent again.")
    token = secrets.token_urlsafe(32)
    assignment.token_hash = token_hash(token)
    assignment.save(update_fields=["token_hash"])
    return _send_link(assignment, token)


@transaction.atomic
def withdraw_assignment(*, by: Person, assignment: Assignment, at: datetime) -> None:
    """Take an area back. What the colleague answered stays, under their name. Twice is harmless.

    Raises PermissionDenied unless `by` acts for the city.
    """
    check_acts_for(by, assignment.review, timezone.localdate(at))
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.withdrawn_at is None:
        _withdraw(assignment, by, at)


def _lock(by: Person, review: Review, area: str, day: date) -> Review:
    review = Review.objects.select_for_update(of=("self",)).select_related("city").get(pk=review.pk)
    check_acts_for(by, review, day)
    if review.state != State.FILLING:
        raise NotOpen(f"{review} is {review.state}; its areas cannot be given away.")
    if area not in {asked.key for asked in areas_asked(review)}:
        raise KeyError(area)
    return review


def _hand_over(by: Person, review: Review, area: str, at: datetime) -> None:
    for earlier in Assignment.objects.filter(review=review, area=area, withdrawn_at=None):
        _withdraw(earlier, by, at)


def _withdraw(assignment: Assignment, by: Person, at: datetime) -> None:
    assignment.withdrawn_at = at
    assignment.save(update_fields=["withdrawn_at"])
    if assignment.person != by:
        send_mail_to(
            assignment.person, "review/mail/taken-back", {"assignment": assignment}, "area-taken-back"
        )


def _send_link(assignment: Assignment, token: str) -> str:
    person = assignment.person
    with translation.override(person.offered_language):
        link = f"{settings.BASE_URL}{reverse('review:use-link', args=[token])}"
    send_mail_to(person, "review/mail/assigned", {"assignment": assignment, "link": link}, "area-assigned")
    return link
