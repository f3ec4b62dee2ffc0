"""What the clock does with reviews: it reminds people before their answers are due, and afterwards, and it
forgets the sheets that nobody took over.

No reminder is planned ahead. Each time the latest day on which somebody was to be told is compared with the
day on which they last were. So a day that the site slept through is made up for, once, by whatever comes
next.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import officers_of
from tessera.apps.review.access import lets_in
from tessera.apps.review.actions.reminders import remind_colleague, remind_officer
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import AreaWork, Assignment, Reminder, Review, Upload

EARLY = timedelta(days=14)
SOON = timedelta(days=3)
AFTERWARDS = timedelta(days=1)
DAYS_BETWEEN_LATE_ONES = 7
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


def forget_uploads(at: datetime) -> int:
    """Delete the sheets that came back a day ago and were not taken over; returns how many there were."""
    count, _ = Upload.objects.filter(brought_at__lt=at - SHEETS_FORGOTTEN_AFTER).delete()
    return count
