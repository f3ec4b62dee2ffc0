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
    experts_of,
    has_worked_for,
    networks_of,
    people_of,
    ties_count_since,
)
from tessera.apps.network.models import City, CityQuerySet, Kind, Network, Role
from tessera.apps.review.lifecycle import JUDGED, State
from tessera.apps.review.models import Appointment, Assignment, Cycle, Opinion, Query, Review, ReviewQuerySet
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


# Experts, who check


def experts_offered_for(review: Review, day: date) -> list[Person]:
    """Whom the coordinator may ask to check a review: experts of its network who may judge the city."""
    assert review.cycle is not None
    asked = review.appointments.standing().values("expert")
    experts = experts_of(review.cycle.network, day).exclude(pk__in=asked).order_by("name", "pk")
    return [expert for expert in experts if may_validate(expert, review.city, day)]


def get_own_appointment(person: Person, pk: int, day: date) -> Appointment:
    """One of an expert's own that stands. Raises Http404 for any other."""
    found = _appointments_of(person, day).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def appointments_of(person: Person, day: date) -> list[Appointment]:
    """Reviews that an expert is asked to check, or checks, the newest first."""
    return list(_appointments_of(person, day).order_by("-review__year", "-pk"))


def _appointments_of(person: Person, day: date) -> QuerySet[Appointment]:
    own = Appointment.objects.standing().filter(expert=person)
    in_network = Role.objects.on(day).filter(person=person, kind=Kind.EXPERT).values("network")
    return own.filter(review__cycle__network__in=in_network).select_related(
        "review__city", "review__cycle__network", "appointed_by"
    )


def get_appointment_to_release(person: Person, pk: int, day: date) -> Appointment:
    """One that stands, in a network that a person coordinates. Raises as `get_cycle` does."""
    cycles = cycles_kept_by(person, day)
    standing = Appointment.objects.standing().select_related("expert", "review__city", "review__cycle")
    found = standing.filter(pk=pk, review__cycle__in=cycles).first()
    if found is None:
        raise Http404
    return found


def checks(person: Person, review: Review, day: date) -> bool:
    """Whether a person is an expert who took on a review, and may still judge its city."""
    accepted = _appointments_of(person, day).filter(review=review, accepted_at__isnull=False)
    return accepted.exists() and may_validate(person, review.city, day)


def get_review_to_check(person: Person, pk: int, day: date) -> Review:
    """A review that an expert took on, once it is sent. Raises Http404 for any other."""
    reviews = Review.objects.select_related("city", "cycle__network").exclude(state=State.FILLING)
    review = reviews.filter(pk=pk, cycle__isnull=False).first()
    if review is None or not checks(person, review, day):
        raise Http404
    return review


def opinions_shown_to(person: Person, review: Review) -> QuerySet[Opinion]:
    """An expert's own opinions, and another's on an answer on which the expert has given one, too.

    Everybody else who reads the review sees opinions once it is validated.
    """
    opinions = Opinion.objects.filter(review=review).select_related("expert")
    if review.state in JUDGED:
        return opinions
    own = Opinion.objects.filter(review=review, expert=person)
    return opinions.filter(question__in=own.values("question"))


# Queries, for both sides


def queries_seen_by(person: Person, day: date) -> QuerySet[Query]:
    """Those about the own city's answers, for its officers; about areas that are assigned to somebody; and
    those of reviews that an expert took on."""
    queries = Query.objects.select_related("review__city", "review__cycle", "asked_by")
    checked = [
        appointment.review_id
        for appointment in _appointments_of(person, day).exclude(accepted_at=None)
        if may_validate(person, appointment.review.city, day)
    ]
    own = Q(review__in=reviews_of_own_cities(person, day)) | Q(review__in=checked)
    for assignment in assignments_of(person, day):
        in_area = [question.key for question in assignment.review.framework.area(assignment.area).questions]
        own |= Q(review=assignment.review, question__in=in_area)
    return queries.filter(own)


def get_query(person: Person, pk: int, day: date) -> Query:
    """Raises Http404 for a query that a person does not see."""
    found = queries_seen_by(person, day).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def may_reply(person: Person, query: Query, day: date) -> bool:
    """The officers of the city, and the colleague to whom the area of the answer is assigned."""
    if acts_for(person, query.review.city, day):
        return True
    area = query.review.framework.question(query.question).area
    return any(
        (given.review_id, given.area) == (query.review_id, area) for given in assignments_of(person, day)
    )
