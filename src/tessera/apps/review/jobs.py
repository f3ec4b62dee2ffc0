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
from tessera.apps.review.access import lets_in
from tessera.apps.review.access.checking import experts_who_check, people_who_reply
from tessera.apps.review.actions.reminders import remind_colleague, remind_officer
from tessera.apps.review.lifecycle import QueryState, State
from tessera.apps.review.models import AreaWork, Assignment, QueryMessage, Reminder, Review, Upload

EARLY = timedelta(days=14)
SOON = timedelta(days=3)
AFTERWARDS = timedelta(days=1)
DAYS_BETWEEN_LATE_ONES = 7
GATHERED_FOR = timedelta(minutes=30)
"""An expert who reads through an area asks several things in a row: that is one mail."""
SHEETS_FORGOTTEN_AFTER = timedelta(days=1)

Told = dict[tuple[int, int], date]
"""When a person was last told of a review, by the keys of the review and the person."""


def remind(day: date) -> int:
    """Remind everybody who is to be told by this day and was not yet; returns how many mails were written."""
    filling = Review.objects.filter(state=State.FILLING, cycle__isnull=False).select_related("city")
    told: Told = {
        (review, person): last
        for review, person, last in Reminder.objects.filter(review__in=filling)
        .values_list("review", "person")
        .annotate(Max("sent_on"))
    }
    return _remind_officers(filling, told, day) + _remind_colleagues(told, day)


def _remind_officers(filling: Iterable[Review], told: Told, day: date) -> int:
    written = 0
    for review in filling:
        # A constraint holds that a review of a cycle has both.
        assert review.opened_at is not None
        assert review.due_on is not None
        wanted = _day_for_officers(review.due_on, day)
        if wanted is None or wanted <= timezone.localdate(review.opened_at):
            continue
        for officer in officers_of(review.city, day):
            if told.get((review.pk, officer.pk), date.min) < wanted:
                written += remind_officer(review, officer, day)
    return written


def _remind_colleagues(told: Told, day: date) -> int:
    complete = set(AreaWork.objects.filter(done_at__isnull=False).values_list("review", "area"))
    standing = Assignment.objects.standing(day).filter(review__state=State.FILLING)
    late: dict[tuple[int, Person], list[Assignment]] = defaultdict(list)
    for given in standing.select_related("person", "given_by", "review__city"):
        wanted = _latest((given.due_on - SOON, given.due_on + AFTERWARDS), day)
        last = max(timezone.localdate(given.given_at), told.get((given.review_id, given.person_id), date.min))
        if (
            wanted is not None
            and last < wanted
            and (given.review_id, given.area) not in complete
            and lets_in(given, day)
        ):
            late[given.review_id, given.person].append(given)
    return sum(remind_colleague(person, open_areas, day) for (_, person), open_areas in late.items())


def _day_for_officers(due_on: date, day: date) -> date | None:
    weeks_late = max(0, (day - due_on - AFTERWARDS).days) // DAYS_BETWEEN_LATE_ONES
    after = due_on + AFTERWARDS + timedelta(days=weeks_late * DAYS_BETWEEN_LATE_ONES)
    return _latest((due_on - EARLY, due_on - SOON, after), day)


def _latest(days: Iterable[date], day: date) -> date | None:
    return max((each for each in days if each <= day), default=None)


@transaction.atomic
def tell_of_queries(at: datetime) -> int:
    """Tell people what the other side of their queries wrote half an hour ago or earlier; returns how many
    mails were written.

    Each message is told once, to those who are on the other side by then. What was withdrawn in the meantime
    is told to nobody.
    """
    untold = QueryMessage.objects.filter(told_at=None, written_at__lte=at - GATHERED_FOR)
    # A worker that runs beside this one waits here, and then finds nothing.
    messages = list(untold.select_for_update(of=("self",)).select_related("query__review__city"))
    news: dict[Person, list[QueryMessage]] = defaultdict(list)
    for message in messages:
        for person in _to_be_told(message, timezone.localdate(at)):
            news[person].append(message)
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
    others = experts_who_check(query.review, day) if message.is_of_city else people_who_reply(query, day)
    return [person for person in others if person != message.author]


def forget_uploads(at: datetime) -> int:
    """Delete the sheets that came back a day ago and were not taken over; returns how many there were."""
    count, _ = Upload.objects.filter(brought_at__lt=at - SHEETS_FORGOTTEN_AFTER).delete()
    return count
