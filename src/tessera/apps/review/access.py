"""Who may see a review, and who may act on it. Views and the API get a review from here only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.network.access import (
    acts_for,
    check_coordinates,
    cities_acted_for,
    cities_worked_for,
    coordinates,
    has_worked_for,
    networks_of,
    people_of,
    ties_count_since,
)
from tessera.apps.network.models import City, CityQuerySet, Network
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Assignment, Cycle, Review, ReviewQuerySet
from tessera.frameworks.schema import Area, Question


def public_reviews() -> ReviewQuerySet:
    return Review.objects.public().select_related("city")


def get_public_review(city_slug: str, framework_id: str, year: int) -> Review:
    """A review that anybody may see. Raises Http404 for any other, whether it exists or not."""
    people_and_past = ("validated_by", "publication__published_by", "publication__previous__publication")
    try:
        return (
            public_reviews()
            .select_related(*people_and_past)
            .get(city__slug=city_slug, framework_id=framework_id, year=year)
        )
    except Review.DoesNotExist:
        raise Http404 from None


def may_publish(person: Person, review: Review, day: date) -> bool:
    """The city publishes its own review; nobody else does it for the city or holds it back."""
    return acts_for(person, review.city, day)


def may_validate(person: Person, city: City, day: date) -> bool:
    """Nobody judges a city that one works for, or worked for in the two years before.

    Who filled an area of a review for the city worked for it, too.
    """
    return not has_worked_for(person, city, day) and not _has_filled_for(person, city, day)


def _has_filled_for(person: Person, city: City, day: date) -> bool:
    first = ties_count_since(day)
    ended_later = Q(withdrawn_at__date__gte=first) | Q(withdrawn_at=None, until__gte=first)
    assigned = Assignment.objects.filter(person=person, review__city=city, given_at__date__lte=day)
    return assigned.filter(ended_later | Q(withdrawn_at=None, until=None)).exists()


# Cycles, for those who coordinate


def cycles_kept_by(person: Person, day: date) -> QuerySet[Cycle]:
    """Those of the networks that a person coordinates. Raises PermissionDenied for everybody else."""
    check_coordinates(person, day)
    return Cycle.objects.filter(network__in=networks_of(person, day)).select_related("network")


def get_cycle(person: Person, pk: int, day: date) -> Cycle:
    """Raises PermissionDenied unless a person coordinates a network, and Http404 for another network's."""
    found = cycles_kept_by(person, day).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_review_of_cycle(person: Person, pk: int, day: date) -> Review:
    """A review of a network that a person coordinates: its dates and its progress, not its answers.

    Raises as `get_cycle` does.
    """
    cycles = cycles_kept_by(person, day)
    found = Review.objects.select_related("city", "cycle__network").filter(pk=pk, cycle__in=cycles).first()
    if found is None:
        raise Http404
    return found


def cities_to_review(network: Network, day: date) -> CityQuerySet:
    """Those that are in a network."""
    return City.objects.filter(pk__in=network.memberships.on(day).values("city"))


# Reviews, for those who act for the city


def reviews_of_own_cities(person: Person, day: date) -> ReviewQuerySet:
    """Those of a cycle, of the cities that a person is officer of, the newest first."""
    own = Review.objects.filter(city__in=cities_acted_for(person, day), cycle__isnull=False)
    return own.select_related("city", "cycle").order_by("-year", "-pk")


def get_own_review(person: Person, pk: int, day: date) -> Review:
    """A review of a cycle, of a city that a person is officer of. Raises Http404 for any other."""
    found = reviews_of_own_cities(person, day).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_review_to_read(person: Person, pk: int, day: date) -> Review:
    """A review whose answers a person may read as a whole. Raises Http404 for any other.

    The city's officers read their own at any time, the coordinator of its network once it is sent.
    """
    reviews = Review.objects.select_related("city", "cycle__network").filter(pk=pk, cycle__isnull=False)
    review = reviews.first()
    if review is None or not may_read(person, review, day):
        raise Http404
    return review


def may_read(person: Person, review: Review, day: date) -> bool:
    if acts_for(person, review.city, day):
        return True
    if review.state == State.FILLING or review.cycle is None:
        return False
    return coordinates(person, review.cycle.network, day)


# Areas, for those who fill them


@dataclass(frozen=True)
class OpenArea:
    """An area of a review that somebody has before them."""

    review: Review
    area: Area
    person: Person
    assignment: Assignment | None
    """That lets the person in; None for an officer of the city, who needs none."""

    @property
    def title(self) -> str:
        """In the page's language."""
        return self.review.area_title(self.area.key)

    @property
    def may_change(self) -> bool:
        return self.review.state == State.FILLING

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.area.asked(self.review.sheet_pathway)


def areas_asked(review: Review) -> list[Area]:
    """The areas with questions that a review asks, in the order of the questionnaire."""
    return [area for area in review.framework.plain_areas() if area.asked(review.sheet_pathway)]


def get_area(person: Person | None, links: Mapping[int, str], pk: int, area: str, day: date) -> OpenArea:
    """An area that somebody may open. Raises Http404 for any other, whether it exists or not.

    `person` is who is signed in, if anybody; `links` are the tokens of personal links that were opened in
    this browser, by the number of their assignment. The city's officers open every area; a colleague with an
    account or a link opens the area that is assigned to them.
    """
    reviews = Review.objects.select_related("city", "cycle__network").filter(pk=pk, cycle__isnull=False)
    review = reviews.first()
    asked = {found.key: found for found in areas_asked(review)} if review else {}
    if review is None or area not in asked:
        raise Http404
    if person is not None and acts_for(person, review.city, day):
        return OpenArea(review, asked[area], person, None)
    standing = Assignment.objects.standing(day).select_related("person").filter(review=review, area=area)
    for assignment in standing:
        if assignment.is_by_link:
            comes = token_hash(links.get(assignment.pk, "")) == assignment.token_hash
        else:
            comes = assignment in assignments_of(person, day) if person else False
        if comes and assignment.person.is_active:
            return OpenArea(review, asked[area], assignment.person, assignment)
    raise Http404


def find_link(token: str, day: date) -> Assignment | None:
    """The assignment of a personal link that works; None for any other token."""
    standing = Assignment.objects.standing(day).exclude(token_hash="")
    found = standing.select_related("person", "review__city").filter(token_hash=token_hash(token)).first()
    return found if found is not None and found.person.is_active else None


def assignments_of(person: Person, day: date) -> list[Assignment]:
    """Areas that somebody with an account fills for a city in which they have a role today."""
    standing = Assignment.objects.standing(day).filter(person=person, token_hash="")
    own = standing.filter(review__city__in=cities_worked_for(person, day))
    return list(own.select_related("review__city", "review__cycle").order_by("-review__year", "pk"))


def colleagues_of(person: Person, city: City, day: date) -> QuerySet[Person]:
    """Whom an officer may give an area, with an account: the others who have a role in the city."""
    return people_of(city, day).filter(is_active=True).exclude(pk=person.pk)


def get_own_assignment(person: Person, pk: int, day: date) -> Assignment:
    """One that stands, in a review of a city that a person is officer of. Raises Http404 for any other."""
    reviews = reviews_of_own_cities(person, day)
    standing = Assignment.objects.filter(withdrawn_at=None)
    found = standing.select_related("person", "review__city").filter(pk=pk, review__in=reviews).first()
    if found is None:
        raise Http404
    return found


def check_acts_for(person: Person, review: Review, day: date) -> None:
    """Raises PermissionDenied for everybody but the officers of the review's city."""
    if not acts_for(person, review.city, day):
        raise PermissionDenied(f"{person} does not act for {review.city}.")
