"""Opening a cycle for cities, giving them more time, and reminding those who are late."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import coordinates, officers_of
from tessera.apps.network.models import City, Network
from tessera.apps.records.mail import send_mail_to
from tessera.apps.review.access import (
    assignments_to_finish,
    cities_to_review,
    cities_with_review,
    reviews_waited_for,
)
from tessera.apps.review.actions.reminders import note_told, remind_officer
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Cycle, Review
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway

LONGEST_TIME = timedelta(days=2 * 365)
"""Within which answers are due."""


class CannotOpen(ValueError):
    """A cycle cannot be opened so, or not for these cities."""


class HasCycle(CannotOpen):
    """The network has a cycle of this questionnaire and year already."""


class HasReview(CannotOpen):
    """Some of the cities have a review of this questionnaire and year already."""

    def __init__(self, cities: Sequence[City]) -> None:
        self.cities = cities
        super().__init__(f"There is a review already of {', '.join(str(city) for city in cities)}.")


class CannotExtend(ValueError):
    """The answers are sent already."""


class CannotTakeOut(ValueError):
    """The city has begun to answer, or has sent its answers."""


class WrongDueDate(ValueError):
    """Answers cannot be due on a day that is past, or that is too far away."""


@transaction.atomic
def open_cycle(
    *,
    by: Person,
    network: Network,
    framework_id: str,
    version: int,
    pathway: Pathway,
    year: int,
    due_on: date,
    signatures: int,
    cities: Collection[City],
    invented: bool,
    at: datetime,
) -> Cycle:
    """Begin a round for cities of a network, and tell their officers.

    `invented` says that the answers will be made up, as in a demonstration. Raises PermissionDenied unless
    `by` coordinates the network; UnknownFramework; CannotOpen for a questionnaire that is a draft; HasCycle;
    and as `take_into_cycle` does.
    """
    framework = find_framework(framework_id, version)
    if framework.published is None:
        raise CannotOpen(f"{framework_id} {version} is not published.")
    # Whoever opens another cycle of the network waits here.
    network = Network.objects.select_for_update().get(pk=network.pk)
    if Cycle.objects.filter(network=network, framework_id=framework_id, year=year).exists():
        raise HasCycle(f"{network} has a cycle of {framework_id} for {year} already.")
    cycle = Cycle.objects.create(
        network=network,
        framework_id=framework_id,
        version=version,
        pathway=pathway,
        year=year,
        due_on=due_on,
        signatures=signatures,
        opened_by=by,
        opened_at=at,
    )
    take_into_cycle(by=by, cycle=cycle, cities=cities, due_on=due_on, invented=invented, at=at)
    return cycle


@transaction.atomic
def take_into_cycle(
    *, by: Person, cycle: Cycle, cities: Collection[City], due_on: date, invented: bool, at: datetime
) -> list[Review]:
    """Begin the review of further cities in a cycle, and tell their officers.

    Raises PermissionDenied unless `by` coordinates the network; WrongDueDate; CannotOpen where no city is
    given, or one is not in the network; and HasReview.
    """
    day = timezone.localdate(at)
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("network").get(pk=cycle.pk)
    if not coordinates(by, cycle.network, day):
        raise PermissionDenied(f"{by} does not coordinate {cycle.network}.")
    _check_due_date(due_on, day)
    if not cities:
        raise CannotOpen("A cycle is for at least one city.")
    allowed = set(cities_to_review(cycle.network, day))
    for city in cities:
        if city not in allowed:
            raise CannotOpen(f"{city} is not in {cycle.network}.")
    reviewed = set(cities_with_review(cycle.framework_id, cycle.year))
    if has_review := [city for city in cities if city in reviewed]:
        raise HasReview(has_review)
    reviews = []
    for city in cities:
        review = Review.objects.create(
            city=city,
            cycle=cycle,
            framework_id=cycle.framework_id,
            version=cycle.version,
            pathway=cycle.pathway,
            year=cycle.year,
            invented=invented or city.invented,
            opened_at=at,
            due_on=due_on,
        )
        reviews.append(review)
        for officer in officers_of(city, day):
            send_mail_to(officer, "review/mail/opened", {"review": review, "by": by}, "review-opened")
    return reviews


@transaction.atomic
def extend_review(*, by: Person, review: Review, due_on: date, at: datetime) -> None:
    """Give a city until another day for its answers, and tell its officers.

    So is whoever else has to finish an area, where that changes their own day. Raises PermissionDenied unless
    `by` coordinates the network; CannotExtend; and WrongDueDate.
    """
    day = timezone.localdate(at)
    review = _lock(by, review, day)
    if review.state != State.FILLING:
        raise CannotExtend(f"The answers of {review} are sent: no day is due any more.")
    _check_due_date(due_on, day)
    if due_on == review.due_on:
        return
    officers = set(officers_of(review.city, day))
    open_areas = [
        (given, given.due_on)
        for given in assignments_to_finish(Review.objects.filter(pk=review.pk), day)
        if given.person not in officers
    ]
    review.due_on = due_on
    review.save(update_fields=["due_on"])
    context = {"review": review, "by": by, "day": day}
    for officer in officers:
        send_mail_to(officer, "review/mail/due-date", context, "review-due-date")
        # Or the clock would remind them of the same day at once.
        note_told(review, officer, day)
    changed = defaultdict(list)
    for given, earlier in open_areas:
        given.review = review
        if given.due_on != earlier:
            changed[given.person].append(given)
    for person, assignments in changed.items():
        told = {**context, "assignments": assignments}
        send_mail_to(person, "review/mail/area-due-date", told, "review-due-date")
        note_told(review, person, day)


@transaction.atomic
def take_out_of_cycle(*, by: Person, review: Review, at: datetime) -> None:
    """Delete the review of a city that has not begun to answer, and tell whoever had to answer.

    Raises PermissionDenied unless `by` coordinates the network, and CannotTakeOut once there is an answer, a
    note or a piece of evidence.
    """
    day = timezone.localdate(at)
    review = _lock(by, review, day)
    if review.state != State.FILLING or review.sheet().answers:
        raise CannotTakeOut(f"{review} has answers.")
    own = Review.objects.filter(pk=review.pk)
    colleagues = [given.person for given in assignments_to_finish(own, day)]
    for person in {*officers_of(review.city, day), *colleagues}:
        send_mail_to(person, "review/mail/taken-out", {"review": review, "by": by}, "review-taken-out")
    review.delete()


@transaction.atomic
def remind_late(*, by: Person, cycle: Cycle, at: datetime) -> int:
    """Remind the officers of every city whose answers are overdue; returns how many mails were written.

    Nobody is reminded of a review twice on one day. Raises PermissionDenied unless `by` coordinates the
    network.
    """
    day = timezone.localdate(at)
    if not coordinates(by, cycle.network, day):
        raise PermissionDenied(f"{by} does not coordinate {cycle.network}.")
    late = [review for review in reviews_waited_for(day).filter(cycle=cycle) if review.days_late(day)]
    return sum(
        remind_officer(review, officer, day) for review in late for officer in officers_of(review.city, day)
    )


def _lock(by: Person, review: Review, day: date) -> Review:
    """A review of the cycle of a network that somebody coordinates. Whoever saves or signs waits here."""
    locked = Review.objects.select_for_update(of=("self",)).with_answers()
    review = locked.select_related("city", "cycle__network").get(pk=review.pk)
    if review.cycle is None or not coordinates(by, review.cycle.network, day):
        raise PermissionDenied(f"{by} does not coordinate the cycle of {review}.")
    return review


def _check_due_date(due_on: date, day: date) -> None:
    if not day <= due_on <= day + LONGEST_TIME:
        raise WrongDueDate(f"Answers that are asked for on {day} cannot be due on {due_on}.")
