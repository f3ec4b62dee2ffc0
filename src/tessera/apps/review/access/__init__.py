"""Who may see a review, and who may act on it. Views and the API get a review from here only."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.functional import cached_property

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.network.access import (
    acts_for,
    check_coordinates,
    cities_acted_for,
    cities_tied_to,
    cities_worked_for,
    holds,
    networks_of,
    people_of,
    ties_count_since,
)
from tessera.apps.network.models import KINDS_OF_A_CITY, City, CityQuerySet, Kind, Membership, Network, Role
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import (
    Appointment,
    AreaWork,
    Assignment,
    Cycle,
    Evidence,
    EvidenceUse,
    Publication,
    PublishedPiece,
    Query,
    Review,
    ReviewQuerySet,
    Upload,
)
from tessera.frameworks.schema import Area, Question
from tessera.frameworks.when_rules import questions_named

_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
"""Of a link's 32 bytes, as they stand in an address."""


def public_reviews() -> ReviewQuerySet:
    return Review.objects.public().select_related("city")


def get_public_review(city_slug: str, framework_id: str, year: int) -> Review:
    """A review that anybody may see. Raises Http404 for any other, whether it exists or not."""
    standing = "standing_publication"
    people_and_past = [f"{standing}__published_by", f"{standing}__validated_by"]
    people_and_past.append(f"{standing}__previous__{standing}")
    try:
        return (
            public_reviews()
            .select_related(*people_and_past)
            .get(city__slug=city_slug, framework_id=framework_id, year=year)
        )
    except Review.DoesNotExist:
        raise Http404 from None


def get_publication(city_slug: str, framework_id: str, year: int, number: int) -> Publication:
    """One of the publications of a public review, also one that a correction followed.

    Raises Http404 for any other.
    """
    review = get_public_review(city_slug, framework_id, year)
    found = review.publications.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def get_public_file(city_slug: str, framework_id: str, year: int, pk: int) -> Evidence:
    """A piece that is a file, and belongs to what stands: whoever asks may have it, unless it is withdrawn.

    Raises Http404 for any other, also for one that a correction took back.
    """
    review = get_public_review(city_slug, framework_id, year)
    found = published_files(review).filter(pk=pk, publications=review.standing_publication).first()
    if found is None:
        raise Http404
    return found


def published_files(review: Review) -> QuerySet[Evidence]:
    """The pieces of a review that are files, and belong to a publication; those that are withdrawn, too."""
    published = PublishedPiece.objects.filter(evidence__review=review)
    files = Evidence.objects.filter(file__isnull=False, pk__in=published.values("evidence"))
    return files.select_related("file", "withdrawn_by")


def may_publish(person: Person, review: Review, day: date) -> bool:
    """The city publishes its own review; nobody else does it for the city or holds it back."""
    return acts_for(person, review.city, day)


def may_validate(person: Person, city: City, day: date) -> bool:
    """Whether a person may judge a city: it is none of `cities_not_judged_by`."""
    return not cities_not_judged_by(person, day).filter(pk=city.pk).exists()


def cities_not_judged_by(person: Person, day: date) -> CityQuerySet:
    """Nobody judges a city that one works for, or worked for in the two years before.

    Who filled an area of a review for the city worked for it, too.
    """
    tied, filled = cities_tied_to(person, day), _areas_filled(person, day)
    return City.objects.filter(Q(pk__in=tied.values("pk")) | Q(pk__in=filled.values("review__city")))


def _areas_filled(person: Person, day: date) -> QuerySet[Assignment]:
    """The work ends when the area is taken back, on the last day of a link, or once the answers are sent."""
    first = ties_count_since(day)
    assigned = Assignment.objects.filter(person=person, given_at__date__lte=day)
    return assigned.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__date__gte=first),
        Q(until=None) | Q(until__gte=first),
        Q(review__submitted_at=None) | Q(review__submitted_at__date__gte=first),
    )


# Experts, for the reviews that they took on


def standing_appointments(person: Person, day: date) -> QuerySet[Appointment]:
    """An expert's own, in the networks in which the person is one today."""
    own = Appointment.objects.standing().filter(expert=person)
    in_network = Role.objects.on(day).filter(person=person, kind=Kind.EXPERT).values("network")
    return own.filter(review__cycle__network__in=in_network)


def checks(person: Person, review: Review, day: date) -> bool:
    """Whether a review is one of `reviews_checked_by`."""
    return reviews_checked_by(person, day).filter(pk=review.pk).exists()


def reviews_checked_by(person: Person, day: date) -> ReviewQuerySet:
    """Those that an expert took on, of cities that the person may still judge."""
    accepted = standing_appointments(person, day).filter(accepted_at__isnull=False)
    judged = Review.objects.filter(pk__in=accepted.values("review"))
    return judged.exclude(city__in=cities_not_judged_by(person, day).values("pk"))


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


def reviews_waited_for(day: date) -> ReviewQuerySet:
    """Those of a cycle whose answers are not sent, of cities that are in its network."""
    members = Membership.objects.on(day).filter(city=OuterRef("city"), network=OuterRef("cycle__network"))
    filling = Review.objects.filter(Exists(members), state=State.FILLING)
    return filling.select_related("city", "cycle__network")


def cities_with_review(framework_id: str, year: int) -> CityQuerySet:
    """Those that have a review of a questionnaire and year, in a cycle or not."""
    reviews = Review.objects.filter(framework_id=framework_id, year=year)
    return City.objects.filter(pk__in=reviews.values("city"))


def cities_without_officer(cities: CityQuerySet, day: date) -> CityQuerySet:
    """Those for which nobody could answer: a review there waits until an officer is found."""
    officers = Role.objects.on(day).filter(kind=Kind.OFFICER, person__is_active=True)
    return cities.exclude(pk__in=officers.values("city"))


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


def get_own_public_review(person: Person, pk: int, day: date) -> Review:
    """One of those that is published. Raises Http404 for any other."""
    review = get_own_review(person, pk, day)
    if review.standing_publication_id is None:
        raise Http404
    return review


def get_file_to_withdraw(person: Person, review: int, pk: int, day: date) -> Evidence:
    """A published file of a city that a person is officer of. Raises Http404 for any other."""
    files = published_files(get_own_public_review(person, review, day))
    found = files.select_related("review__city").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_review_to_read(person: Person, pk: int, day: date) -> Review:
    """A review whose answers a person may read as a whole. Raises Http404 for any other.

    The city's officers read their own at any time; the coordinator of its network, and the experts who check
    it, once it is sent.
    """
    reviews = Review.objects.select_related("city", "cycle__network").filter(pk=pk, cycle__isnull=False)
    review = reviews.first()
    if review is None or not may_read(person, review, day):
        raise Http404
    return review


def may_read(person: Person, review: Review, day: date) -> bool:
    """Whether a review is one of `reviews_read_by`."""
    return reviews_read_by(person, day).filter(pk=review.pk).exists()


def reviews_read_by(person: Person, day: date) -> ReviewQuerySet:
    """Those whose answers a person may read as a whole: see `get_review_to_read`."""
    coordinated = Role.objects.on(day).filter(person=person, kind=Kind.COORDINATOR).values("network")
    checked = reviews_checked_by(person, day).values("pk")
    of_others = Q(cycle__network__in=coordinated) | Q(pk__in=checked, cycle__isnull=False)
    return Review.objects.filter(
        Q(city__in=cities_acted_for(person, day)) | (of_others & ~Q(state=State.FILLING))
    )


def may_change(person: Person, review: Review, day: date) -> bool:
    """Whether a person may change every answer of a review, and sign them."""
    return review.state == State.FILLING and acts_for(person, review.city, day)


# Areas, for those who fill them


def questions_open(review: Review) -> frozenset[str]:
    """Questions whose answers the city can change: all while it fills its review.

    Once that is returned, those about which a query is not settled, those that an expert opened, and those
    that such an answer may rule in or out.
    """
    questions = list(review.framework.questions(review.sheet_pathway))
    if review.state == State.FILLING:
        return frozenset(question.key for question in questions)
    if review.state != State.RETURNED:
        return frozenset()
    found = set(Query.objects.unsettled().filter(review=review).values_list("question", flat=True))
    found.update(review.opened_answers.values_list("question", flat=True))
    for question in questions:
        # A rule looks back only, so one pass finds what follows from what follows.
        if question.when is not None and found & set(questions_named(question.when)):
            found.add(question.key)
    return frozenset(found)


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

    @cached_property
    def _open(self) -> frozenset[str]:
        return questions_open(self.review)

    @property
    def is_being_filled(self) -> bool:
        """Whether the city still fills its review, and so can give the area to somebody or mark it."""
        return self.review.state == State.FILLING

    @property
    def may_change(self) -> bool:
        """Whether at least one answer of the area can be changed."""
        return any(self.may_answer(question.key) for question in self.questions)

    def may_answer(self, question: str) -> bool:
        return question in self._open

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.area.asked(self.review.sheet_pathway)


def areas_asked(review: Review) -> list[Area]:
    """The areas with questions that a review asks, in the order of the questionnaire."""
    return [area for area in review.framework.plain_areas() if area.asked(review.sheet_pathway)]


def get_area(person: Person | None, links: Mapping[int, str], pk: int, area: str, day: date) -> OpenArea:
    """An area that somebody may open. Raises Http404 for any other, whether it exists or not.

    `person` is who is signed in, if anybody; `links` are the hashes of personal links that were opened in
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
    standing = Assignment.objects.standing(day).select_related("person", "review__city")
    found = standing.filter(review=review, area=area).first()
    if found is not None and _is_theirs(found, person, links) and lets_in(found, day):
        return OpenArea(review, asked[area], found.person, found)
    raise Http404


def _is_theirs(assignment: Assignment, person: Person | None, links: Mapping[int, str]) -> bool:
    if not assignment.is_by_link:
        return assignment.person == person
    # Nobody who is signed in answers as somebody else; above all not who coordinates a network.
    return links.get(assignment.pk) == assignment.token_hash and person in (None, assignment.person)


def may_fill(person: Person, day: date) -> bool:
    """Whether somebody can be given an area. To coordinate a network never opens a city's answers."""
    return person.is_active and not holds(person, Kind.COORDINATOR, day)


def lets_in(assignment: Assignment, day: date) -> bool:
    """Whether an assignment opens its area to its person: by the link, or by a role in the city as well."""
    return assignment.pk in let_in([assignment], day)


def let_in(assignments: Collection[Assignment], day: date) -> set[int]:
    """Of assignments, the numbers of those that open their area to their person; in one query for all."""
    roles = Role.objects.on(day).filter(person=OuterRef("person"))
    at_home = roles.filter(city=OuterRef("review__city"), kind__in=KINDS_OF_A_CITY)
    standing = Assignment.objects.standing(day).filter(
        Exists(at_home) | ~Q(token_hash=""), person__is_active=True, pk__in=[each.pk for each in assignments]
    )
    opening = standing.exclude(Exists(roles.filter(kind=Kind.COORDINATOR)))
    return set(opening.values_list("pk", flat=True))


class Shut(Enum):
    """Why an assignment does not open its area to its person any more."""

    PAST = "its link's last day is past"
    LINK = "its link does not work"
    CLOSED = "the account is closed"
    NO_ROLE = "the person has no role in the city"
    COORDINATES = "the person coordinates a network"


def why_shut(assignment: Assignment, opening: Collection[int], day: date) -> Shut | None:
    """None where it opens the area, as `let_in` found; for one that was not taken back.

    Of somebody with a link it does not tell what became of their account, which the city may not know.
    """
    if assignment.pk in opening:
        return None
    if assignment.is_by_link:
        return Shut.LINK if assignment.stands(day) else Shut.PAST
    if not assignment.person.is_active:
        return Shut.CLOSED
    return Shut.COORDINATES if holds(assignment.person, Kind.COORDINATOR, day) else Shut.NO_ROLE


def assignments_to_finish(reviews: ReviewQuerySet, day: date) -> list[Assignment]:
    """Of some reviews, those that open their area to their person while it is not marked as complete."""
    complete = AreaWork.objects.filter(
        review=OuterRef("review"), area=OuterRef("area"), done_at__isnull=False
    )
    standing = Assignment.objects.standing(day).filter(~Exists(complete), review__in=reviews)
    found = list(standing.select_related("person", "given_by", "review__city"))
    opening = let_in(found, day)
    return [assignment for assignment in found if assignment.pk in opening]


def find_link(copied: str, day: date) -> Assignment | None:
    """The assignment of a personal link that works, None for any other.

    A full stop that was copied with the link does no harm.
    """
    token = _TOKEN.search(copied)
    if token is None:
        return None
    by_link = Assignment.objects.exclude(token_hash="").select_related("person", "review__city")
    found = by_link.filter(token_hash=token_hash(token[0])).first()
    return found if found is not None and lets_in(found, day) else None


def own_assignment(place: OpenArea, day: date) -> Assignment | None:
    """That by which somebody was asked to fill an area; an officer needs none, and may have one."""
    standing = Assignment.objects.standing(day).filter(person=place.person, token_hash="")
    return place.assignment or standing.filter(review=place.review, area=place.area.key).first()


def assignments_of(person: Person, day: date) -> list[Assignment]:
    """Areas that somebody with an account fills for a city in which they have a role today."""
    standing = Assignment.objects.standing(day).filter(person=person, token_hash="")
    own = standing.filter(review__city__in=cities_worked_for(person, day))
    with_all = own.select_related("review__city", "review__cycle", "given_by")
    return list(with_all.order_by("-review__year", "pk"))


def colleagues_of(person: Person, city: City, day: date) -> QuerySet[Person]:
    """Whom an officer may give an area, with an account: the others who have a role in the city."""
    return people_of(city, day).filter(is_active=True).exclude(pk=person.pk)


def get_area_to_give(person: Person, pk: int, area: str, day: date) -> OpenArea:
    """An area of a review of a city that a person is officer of. Raises Http404 for any other."""
    return get_area(person, {}, get_own_review(person, pk, day).pk, area, day)


def get_own_assignment(person: Person, pk: int, day: date) -> Assignment:
    """One in a review of a city that a person is officer of, even if it was taken back.

    Raises Http404 for any other.
    """
    reviews = reviews_of_own_cities(person, day)
    found = Assignment.objects.select_related("person", "review__city").filter(pk=pk, review__in=reviews)
    if not found:
        raise Http404
    return found[0]


def check_acts_for(person: Person, review: Review, day: date) -> None:
    """Raises PermissionDenied for everybody but the officers of the review's city."""
    if not acts_for(person, review.city, day):
        raise PermissionDenied(f"{person} does not act for {review.city}.")


def areas_of_own(person: Person, review: Review, day: date) -> dict[str, OpenArea]:
    """Every area of a review by its key, as an officer of the city has it.

    Raises as `check_acts_for` does.
    """
    check_acts_for(person, review, day)
    return {area.key: OpenArea(review, area, person, None) for area in areas_asked(review)}


# Sheets that come back


def find_upload(person: Person, review: Review, pk: int) -> Upload | None:
    """A sheet that a person brought back to a review of their own; None once it is settled or forgotten."""
    brought = Upload.objects.select_related("review", "person")
    return brought.filter(pk=pk, review=review, person=person).first()


# Evidence


def check_asked(place: OpenArea, question: str) -> None:
    """Raises Http404 for a question that an area does not ask."""
    if question not in {asked.key for asked in place.questions}:
        raise Http404


def evidence_seen_in(place: OpenArea) -> QuerySet[Evidence]:
    """Officers see every piece of their review, a colleague those that serve the area they fill."""
    pieces = Evidence.objects.filter(review=place.review).select_related("file", "review", "added_by")
    if place.assignment is None:
        return pieces
    in_area = [question.key for question in place.questions]
    serving = EvidenceUse.objects.filter(evidence__review=place.review, question__in=in_area)
    return pieces.filter(pk__in=serving.values("evidence"))


def get_evidence(place: OpenArea, question: str, pk: int) -> Evidence:
    """A piece that serves the answer to a question of the area. Raises Http404 for any other."""
    check_asked(place, question)
    found = evidence_seen_in(place).filter(pk=pk, uses__question=question).first()
    if found is None:
        raise Http404
    return found


def may_change_evidence(place: OpenArea, piece: Evidence) -> bool:
    """Officers change what is said about every piece, a colleague where it serves no other area."""
    in_area = [question.key for question in place.questions]
    return place.assignment is None or not piece.uses.exclude(question__in=in_area).exists()


def get_evidence_file(
    person: Person | None, links: Mapping[int, str], review: int, pk: int, day: date
) -> Evidence:
    """A piece that somebody sees, and that is a file. Raises Http404 for any other.

    Those who read the review's answers as a whole may have it, and those who have an area before them that
    the piece serves. `person` and `links` are those of `get_area`.
    """
    files = Evidence.objects.filter(file__isnull=False).select_related("file", "review__city")
    piece = files.filter(pk=pk, review__pk=review, review__cycle__isnull=False).first()
    if piece is None:
        raise Http404
    if person is not None and may_read(person, piece.review, day):
        return piece
    for area in {piece.review.framework.question(use.question).area for use in piece.uses.all()}:
        with suppress(Http404):
            get_area(person, links, review, area, day)
            return piece
    raise Http404
