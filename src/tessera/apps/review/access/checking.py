"""Who checks a review: experts, what they see of each other, and the queries between them and the city."""

from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import acts_for, experts_of
from tessera.apps.network.models import Kind, Role
from tessera.apps.review.access import (
    assignments_of,
    cycles_kept_by,
    may_validate,
    reviews_of_own_cities,
)
from tessera.apps.review.lifecycle import JUDGED, State
from tessera.apps.review.models import Appointment, Opinion, Query, Review


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
