"""Telling people when their answers are due: nobody twice on one day."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import coordinators_of
from tessera.apps.records.mail import send_mail_to
from tessera.apps.review.models import Assignment, Reminder, Review


@transaction.atomic
def remind_officer(review: Review, officer: Person, day: date) -> bool:
    """Whether a mail was written: not to somebody who was told of this review on that day."""
    if not note_told(review, officer, day):
        return False
    # Only reviews that were recorded as a whole have none.
    assert review.cycle is not None
    coordinators = coordinators_of(review.cycle.network, day).order_by("name", "pk")
    context = {"review": review, "day": day, "coordinators": [person.name for person in coordinators]}
    send_mail_to(officer, "review/mail/reminder", context, "review-reminder")
    return True


@transaction.atomic
def remind_colleague(person: Person, open_areas: Sequence[Assignment], day: date) -> bool:
    """Remind somebody of areas of one review, in one mail; whether it was written, as in `remind_officer`."""
    review = open_areas[0].review
    if not note_told(review, person, day):
        return False
    context = {"review": review, "assignments": open_areas, "day": day}
    send_mail_to(person, "review/mail/area-reminder", context, "area-reminder")
    return True


def note_told(review: Review, person: Person, day: date) -> bool:
    """Note that somebody is told of the due date; whether they were not yet on that day."""
    _, is_new = Reminder.objects.get_or_create(review=review, person=person, sent_on=day)
    return is_new
