"""Giving an area of a review to a colleague, and taking it back."""

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.network.access import people_of
from tessera.apps.records.mail import send_mail_to
from tessera.apps.review.access import areas_asked, check_acts_for, lets_in, may_fill
from tessera.apps.review.actions.filling import NotOpen
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Assignment, Review

LONGEST_LINK = timedelta(days=90)


class CannotDelegate(ValueError):
    """The area cannot be given to this person, or not so."""


class HasItAlready(CannotDelegate):
    """The person has this area, and in this way."""


class WrongLastDay(CannotDelegate):
    """The link would work for too long, or not at all."""


@transaction.atomic
def delegate_area(
    *, by: Person, review: Review, area: str, colleague: Person, message: str, at: datetime
) -> Assignment:
    """Give an area to somebody with a role in the city, and tell them. Whoever had it is told, too.

    Raises PermissionDenied unless `by` acts for the city, KeyError for an area that the review does not ask,
    CannotDelegate for somebody who may fill none or has no role in the city, HasItAlready, and NotOpen once
    the answers are sent.
    """
    day = timezone.localdate(at)
    review = _lock(by, review, area, day)
    if not may_fill(colleague, day) or not people_of(review.city, day).filter(pk=colleague.pk).exists():
        raise CannotDelegate(f"{colleague} has no role in {review.city} with which to fill an area.")
    _hand_over(review, area, colleague, by, at, by_link=False)
    given = Assignment.objects.create(
        review=review, area=area, person=colleague, message=message, given_by=by, given_at=at
    )
    if colleague != by:
        _tell_of_area(given, "", day)
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

    The city knows the person by this name, whoever reads the mails of the address; as the name of a person,
    and with the language, it counts only for an address that is new. Raises as `delegate_area` does, but asks
    for no role in the city; and WrongLastDay.
    """
    day = timezone.localdate(at)
    review = _lock(by, review, area, day)
    _check_last_day(until, day)
    person, _ = Person.objects.get_or_create(email=email, defaults={"name": name, "language": language})
    if not may_fill(person, day):
        raise CannotDelegate(f"{person} coordinates a network, or the account is closed.")
    _hand_over(review, area, person, by, at, by_link=True)
    token = secrets.token_urlsafe(32)
    given = Assignment.objects.create(
        review=review,
        area=area,
        person=person,
        name=name,
        message=message,
        given_by=by,
        given_at=at,
        until=until,
        token_hash=token_hash(token),
    )
    return _send_link(given, token, day)


@transaction.atomic
def send_link_again(*, by: Person, assignment: Assignment, until: date, at: datetime) -> str:
    """Send somebody who fills an area by link a new one, good until a day; the earlier one stops working.

    Raises PermissionDenied unless `by` acts for the city, CannotDelegate where the assignment has no link, is
    taken back, or its person may fill no area any more, WrongLastDay, and NotOpen once the answers are sent.
    """
    day = timezone.localdate(at)
    _lock(by, assignment.review, assignment.area, day)
    locked = Assignment.objects.select_for_update(of=("self",))
    assignment = locked.select_related("person", "review__city").get(pk=assignment.pk)
    if not assignment.is_by_link or assignment.withdrawn_at or not may_fill(assignment.person, day):
        raise CannotDelegate(f"{assignment} has no link that could be sent again.")
    _check_last_day(until, day)
    token = secrets.token_urlsafe(32)
    assignment.token_hash, assignment.until, assignment.sent_again_on = token_hash(token), until, day
    assignment.save(update_fields=["token_hash", "until", "sent_again_on"])
    return _send_link(assignment, token, day)


@transaction.atomic
def withdraw_assignment(*, by: Person, assignment: Assignment, at: datetime) -> None:
    """Take an area back. What the colleague answered stays, under their name. Twice is harmless.

    Raises PermissionDenied unless `by` acts for the city.
    """
    check_acts_for(by, assignment.review, timezone.localdate(at))
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.withdrawn_at is None:
        _withdraw(assignment, at)
        if assignment.person != by:
            _tell_of_withdrawal(assignment, is_handed_over=False)


def _lock(by: Person, review: Review, area: str, day: date) -> Review:
    review = Review.objects.select_for_update(of=("self",)).select_related("city").get(pk=review.pk)
    check_acts_for(by, review, day)
    if review.state != State.FILLING:
        raise NotOpen(f"{review} is {review.state}; its areas cannot be given away.")
    if area not in {asked.key for asked in areas_asked(review)}:
        raise KeyError(area)
    return review


def _check_last_day(until: date, day: date) -> None:
    if not day <= until <= day + LONGEST_LINK:
        raise WrongLastDay(f"A link that is sent on {day} cannot work until {until}.")


def _hand_over(review: Review, area: str, to: Person, by: Person, at: datetime, *, by_link: bool) -> None:
    """Take the area back from whoever has it, who hears of it unless it comes to them in another way."""
    standing = review.assignments.select_for_update(of=("self",)).select_related("person")
    earlier = standing.filter(area=area, withdrawn_at=None).first()
    if earlier is None:
        return
    if earlier.person == to and earlier.is_by_link == by_link and lets_in(earlier, timezone.localdate(at)):
        raise HasItAlready(f"{earlier} stands already.")
    _withdraw(earlier, at)
    if earlier.person not in (to, by):
        _tell_of_withdrawal(earlier, is_handed_over=True)


def _withdraw(assignment: Assignment, at: datetime) -> None:
    assignment.withdrawn_at = at
    assignment.save(update_fields=["withdrawn_at"])


def _tell_of_withdrawal(assignment: Assignment, *, is_handed_over: bool) -> None:
    context = {"assignment": assignment, "is_handed_over": is_handed_over}
    send_mail_to(assignment.person, "review/mail/taken-back", context, "area-taken-back")


def _tell_of_area(assignment: Assignment, link: str, day: date) -> None:
    context = {"assignment": assignment, "link": link, "day": day}
    send_mail_to(assignment.person, "review/mail/assigned", context, "area-assigned")


def _send_link(assignment: Assignment, token: str, day: date) -> str:
    with translation.override(assignment.person.offered_language):
        link = f"{settings.BASE_URL}{reverse('review:use-link', args=[token])}"
    _tell_of_area(assignment, link, day)
    return link
