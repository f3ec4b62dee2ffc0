"""Who compares the cities of a cycle, and which of its reviews they read side by side.

They read profiles and findings, never an answer, a note or a piece of evidence.
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import cities_acted_for, networks_of
from tessera.apps.network.models import Membership
from tessera.apps.review.access import cities_not_judged_by, standing_appointments
from tessera.apps.review.lifecycle import JUDGED
from tessera.apps.review.models import Cycle, Review, ReviewQuerySet


def _taking_part(day: date) -> ReviewQuerySet:
    """Reviews of a cycle that are compared: published, or validated where the city agreed to it.

    None of a city that is not in the network of the cycle any more.
    """
    shared = Q(standing_publication__isnull=False) | Q(sharing__isnull=False, state__in=JUDGED)
    return _of_members(day).filter(shared)


def _of_members(day: date) -> ReviewQuerySet:
    members = Membership.objects.on(day).filter(city=OuterRef("city"), network=OuterRef("cycle__network"))
    return Review.objects.filter(Exists(members), cycle__isnull=False)


def takes_part(review: Review, day: date) -> bool:
    return _taking_part(day).filter(pk=review.pk).exists()


def is_compared_once_agreed(review: Review, day: date) -> bool:
    """Whether it is for the city to say: the review is validated and not published."""
    found = _of_members(day).filter(pk=review.pk, state__in=JUDGED, standing_publication__isnull=True)
    return found.exists()


def reviews_compared(cycle: Cycle, day: date) -> ReviewQuerySet:
    """Those of a cycle that are read side by side, in no order."""
    return _taking_part(day).filter(cycle=cycle).order_by()


def cycles_compared_by(person: Person, day: date) -> QuerySet[Cycle]:
    """Cycles whose cities a person reads side by side.

    Its coordinator does; an expert who took on a review in it; and the officers of a city that takes part
    itself: a city sees others only if it shows its own.
    """
    own = _taking_part(day).filter(city__in=cities_acted_for(person, day))
    accepted = standing_appointments(person, day).filter(accepted_at__isnull=False)
    checked = accepted.exclude(review__city__in=cities_not_judged_by(person, day))
    return Cycle.objects.filter(
        Q(network__in=networks_of(person, day))
        | Q(pk__in=own.values("cycle"))
        | Q(pk__in=checked.values("review__cycle"))
    ).select_related("network")


def get_cycle_to_compare(person: Person, pk: int, day: date) -> Cycle:
    """Raises Http404 for a cycle whose cities a person does not read side by side."""
    found = cycles_compared_by(person, day).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
