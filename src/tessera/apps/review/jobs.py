"""What the clock does with reviews: it reminds people before their answers are due, and afterwards, it tells
both sides of a query what the other wrote, and it forgets the sheets that nobody took over.

No reminder is planned ahead. Each time the latest day on which somebody was to be told is compared with the
day on which they last were. So a day that the site slept through is made up for, once, by whatever comes
next.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import officers_of
from tessera.apps.records.mail import send_notice_to
from tessera.apps.review.access import assignments_to_finish, reviews_waited_for
from tessera.apps.review.access.checking import experts_to_tell, people_who_reply
from tessera.apps.review.actions.reminders import remind_colleague, remind_officer
from tessera.apps.review.lifecycle import QueryState
from tessera.apps.review.models import Assignment, QueryMessage, Reminder, Review, ReviewQuerySet, Upload

BEFORE, SOON_BEFORE, AFTER = timedelta(days=-14), timedelta(days=-3), timedelta(days=1)
WEEKS_OF_LATE_ONES = 8
"""Whoever did not answer so many reminders does not answer one more: somebody has to speak to them."""
DAYS_FOR_OFFICERS = (
    BEFORE,
    SOON_BEFORE,
    *(AFTER + timedelta(weeks=week) for week in range(WEEKS_OF_LATE_ONES + 1)),
)
DAYS_FOR_COLLEAGUES = (SOON_BEFORE, AFTER)
GATHERED_FOR = timedelta(minutes=30)
"""An expert who reads through an area asks several things in a row: that is one mail."""
SHEETS_FORGOTTEN_AFTER = timedelta(days=1)

Told = dict[tuple[int, int], date]
"""When a person was last told of a review, by the keys of the review and the person."""


def remind(day: date) -> int:
    """Remind everybody who is to be told by this day and was not yet; returns how many mails were written."""
    waited_for = reviews_waited_for(day)
    told: Told = {
        (review, person): last
        for review, person, last in Reminder.objects.filter(review__in=waited_for)
        .values_list("review", "person")
        .annotate(Max("sent_on"))
    }
    return _remind_officers(waited_for, told, day) + _remind_colleagues(waited_for, told, day)


def _remind_officers(reviews: Iterable[Review], told: Told, day: date) -> int:
    written = 0
    for review in reviews:
        # A constraint holds that a review of a cycle has both.
        assert review.opened_at is not None
        assert review.due_on is not None
        wanted = _latest(review.due_on, DAYS_FOR_OFFICERS, day)
        if wanted is None or wanted <= timezone.localdate(review.opened_at):
            continue
        for officer in officers_of(review.city, day):
            if told.get((review.pk, officer.pk), date.min) < wanted:
                written += remind_officer(review, officer, day)
    return written


def _remind_colleagues(reviews: ReviewQuerySet, told: Told, day: date) -> int:
    late: dict[tuple[int, Person], list[Assignment]] = defaultdict(list)
    for given in assignments_to_finish(reviews, day):
        wanted = _latest(given.due_on, DAYS_FOR_COLLEAGUES, day)
        last = max(given.asked_on, told.get((given.review_id, given.person_id), date.min))
        if wanted is not None and last < wanted:
            late[given.review_id, given.person].append(given)
    return sum(remind_colleague(person, open_areas, day) for (_, person), open_areas in late.items())


def _latest(due_on: date, distances: Iterable[timedelta], day: date) -> date | None:
    """The latest of the days at these distances from the due date that has come; None before the first."""
    come = [distance for distance in distances if distance <= day - due_on]
    return due_on + max(come) if come else None


@transaction.atomic
def tell_of_queries(at: datetime) -> int:
    """Tell people what the other side of their queries wrote half an hour ago or earlier; returns how many
    mails were written.

    Each message is told once, to those who are on the other side by then; it waits while nobody is. What was
    withdrawn in the meantime is told to nobody.
    """
    untold = QueryMessage.objects.filter(told_at=None, written_at__lte=at - GATHERED_FOR)
    # A worker that runs beside this one waits here, and then finds nothing.
    messages = list(untold.select_for_update(of=("self",)).select_related("query__review__city"))
    news: dict[Person, list[QueryMessage]] = defaultdict(list)
    for message in messages:
        told = _to_be_told(message, timezone.localdate(at))
        for person in told:
            news[person].append(message)
        if told or message.query.is_settled:
            message.told_at = at
            message.save(update_fields=["told_at"])
    written = 0
    for person, new in news.items():
        reviews = {message.query.review_id: message.query.review for message in new}
        context = {"reviews": reviews.values(), "count": len(new)}
        written += send_notice_to(person, "review/mail/query-news", context, "query-news") is not None
    return written


def _to_be_told(message: QueryMessage, day: date) -> list[Person]:
    query = message.query
    if query.state == QueryState.WITHDRAWN:
        return []
    others = experts_to_tell(query.review, day) if message.is_of_city else people_who_reply(query, day)
    return [person for person in others if person != message.author]


def forget_uploads(at: datetime) -> int:
    """Delete the sheets that came back a day ago and were not taken over; returns how many there were."""
    count, _ = Upload.objects.filter(brought_at__lt=at - SHEETS_FORGOTTEN_AFTER).delete()
    return count
