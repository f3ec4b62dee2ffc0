"""Opening a cycle for cities, giving them more time, and reminding those who are late."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import coordinates, officers_of
from tessera.apps.network.models import City, Network
from tessera.apps.records.mail import send_mail_to
from tessera.apps.review.access import cities_to_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Cycle, Reminder, Review
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway


class CannotOpen(ValueError):
    """A cycle cannot be opened so, or not for these cities."""


class CannotExtend(ValueError):
    """The answers are sent already, or the day is past."""


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
    `by` coordinates the network; UnknownFramework; and CannotOpen for a questionnaire that is a draft, a due
    date in the past, a second cycle of the questionnaire and year, or a city as in `take_into_cycle`.
    """
    framework = find_framework(framework_id, version)
    day = timezone.localdate(at)
    if framework.published is None:
        raise CannotOpen(f"{framework_id} {version} is not published.")
    if due_on < day:
        raise CannotOpen(f"Answers cannot be due on {due_on}: that is past.")
    if Cycle.objects.filter(network=network, framework_id=framework_id, year=year).exists():
        raise CannotOpen(f"{network} has a cycle of {framework_id} for {year} already.")
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

    Raises PermissionDenied unless `by` coordinates the network, and CannotOpen where no city is given, or one
    is not in the network, or has a review of this questionnaire and year.
    """
    day = timezone.localdate(at)
    if not coordinates(by, cycle.network, day):
        raise PermissionDenied(f"{by} does not coordinate {cycle.network}.")
    if not cities:
        raise CannotOpen("A cycle is for at least one city.")
    allowed = set(cities_to_review(cycle.network, day))
    for city in cities:
        if city not in allowed:
            raise CannotOpen(f"{city} is not in {cycle.network}.")
        if Review.objects.filter(city=city, framework_id=cycle.framework_id, year=cycle.year).exists():
            raise CannotOpen(f"{city} has a review of {cycle.framework_id} for {cycle.year} already.")
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
            due_on=due_on,
        )
        reviews.append(review)
        for officer in officers_of(city, day):
            send_mail_to(officer, "review/mail/opened", {"review": review, "by": by}, "review-opened")
    return reviews


@transaction.atomic
def extend_review(*, by: Person, review: Review, due_on: date, at: datetime) -> None:
    """Give a city until another day for its answers, and tell its officers.

    Raises PermissionDenied unless `by` coordinates the network, and CannotExtend where the answers are sent
    or the day is past.
    """
    day = timezone.localdate(at)
    review = Review.objects.select_for_update(of=("self",)).select_related("cycle__network").get(pk=review.pk)
    if review.cycle is None or not coordinates(by, review.cycle.network, day):
        raise PermissionDenied(f"{by} does not coordinate the cycle of {review}.")
    if review.state != State.FILLING:
        raise CannotExtend(f"The answers of {review} are sent: no day is due any more.")
    if due_on < day:
        raise CannotExtend(f"Answers cannot be due on {due_on}: that is past.")
    if due_on == review.due_on:
        return
    review.due_on = due_on
    review.save(update_fields=["due_on"])
    for officer in officers_of(review.city, day):
        send_mail_to(officer, "review/mail/due-date", {"review": review, "by": by}, "review-due-date")


@transaction.atomic
def remind_late(*, by: Person, cycle: Cycle, at: datetime) -> int:
    """Remind the officers of every city whose answers are overdue; returns how many mails were written.

    Nobody is reminded of a review twice on one day. Raises PermissionDenied unless `by` coordinates the
    network.
    """
    day = timezone.localdate(at)
    if not coordinates(by, cycle.network, day):
        raise PermissionDenied(f"{by} does not coordinate {cycle.network}.")
    late = Review.objects.filter(cycle=cycle, state=State.FILLING, due_on__lt=day).select_related("city")
    return sum(remind_officers(review, day) for review in late)


def remind_officers(review: Review, day: date) -> int:
    """Remind the officers of a city of its review, unless they were today; returns how many were."""
    reminded = 0
    for officer in officers_of(review.city, day):
        _, is_new = Reminder.objects.get_or_create(review=review, person=officer, sent_on=day)
        if is_new:
            send_mail_to(officer, "review/mail/reminder", {"review": review, "day": day}, "review-reminder")
            reminded += 1
    return reminded
