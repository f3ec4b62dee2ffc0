"""Who checks a review: experts, what they see of each other, and the queries between them and the city."""

from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import acts_for, experts_of, officers_of
from tessera.apps.review.access import (
    OpenArea,
    assignments_of,
    checks,
    cities_not_judged_by,
    cycles_kept_by,
    let_in,
    may_validate,
    reviews_checked_by,
    reviews_of_own_cities,
    reviews_read_by,
    standing_appointments,
)
from tessera.apps.review.lifecycle import JUDGED, WITH_EXPERTS, State
from tessera.apps.review.models import (
    Appointment,
    Assignment,
    Draft,
    Finding,
    Opinion,
    Query,
    QueryQuerySet,
    Reconciliation,
    Review,
    ReviewQuerySet,
)


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
    return standing_appointments(person, day).select_related(
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


def get_review_to_check(person: Person, pk: int, day: date) -> Review:
    """A review that an expert took on, once it is sent. Raises Http404 for any other."""
    reviews = Review.objects.select_related("city", "cycle__network").exclude(state=State.FILLING)
    review = reviews.filter(pk=pk, cycle__isnull=False).first()
    if review is None or not checks(person, review, day):
        raise Http404
    return review


def opinions_shown_to(person: Person, review: Review) -> QuerySet[Opinion]:
    """An expert's own opinions, and another's where the expert has given one on the answer as it stands, too.

    Everybody else who reads the review sees opinions once it is validated.
    """
    opinions = Opinion.objects.filter(review=review).select_related("expert")
    if review.state in JUDGED:
        return opinions
    return opinions.filter(Q(expert=person) | Q(question__in=_judged_by(person, review)))


def joint_opinions_shown_to(person: Person, review: Review) -> list[Reconciliation]:
    """What two experts hold together, for those to whom an opinion of another is shown."""
    joint = list(review.reconciliations.select_related("written_by"))
    if review.state in JUDGED:
        return joint
    judged = _judged_by(person, review)
    return [each for each in joint if each.question in judged]


def joint_opinion_shown_to(person: Person, review: Review, question: str) -> Reconciliation | None:
    """That on one answer; None also where there is none."""
    shown = joint_opinions_shown_to(person, review)
    return next((joint for joint in shown if joint.question == question), None)


def _judged_by(person: Person, review: Review) -> list[str]:
    """Questions on whose answers, as they stand, an expert has given an opinion."""
    revisions = dict(review.answers.values_list("question", "revision"))
    own = review.opinions.filter(expert=person).values_list("question", "answer_revision")
    return [question for question, revision in own if revisions.get(question, 0) == revision]


# Findings and drafts


def reviews_with_findings_seen_by(person: Person, day: date) -> ReviewQuerySet:
    """The experts who check a review see them once it is sent; everybody who reads it, once it is validated.

    What the city sees before is the draft that it is shown.
    """
    checked, read = reviews_checked_by(person, day), reviews_read_by(person, day)
    return Review.objects.filter(
        Q(state__in=WITH_EXPERTS, pk__in=checked.values("pk")) | Q(state__in=JUDGED, pk__in=read.values("pk"))
    )


def may_see_findings(person: Person, review: Review, day: date) -> bool:
    """Whether a review is one of `reviews_with_findings_seen_by`."""
    return reviews_with_findings_seen_by(person, day).filter(pk=review.pk).exists()


def get_review_with_findings(person: Person, pk: int, day: date) -> Review:
    """A review whose findings a person sees. Raises Http404 for any other."""
    review = _reviews_of_cycles().filter(pk=pk).first()
    if review is None or not may_see_findings(person, review, day):
        raise Http404
    return review


def get_finding(review: Review, pk: int) -> Finding:
    """One of a review whose findings the person sees. Raises Http404 where it has none of that number."""
    found = review.findings.prefetch_related("bases").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_review_with_draft(person: Person, pk: int, day: date) -> Review:
    """A review whose draft a person sees. Raises Http404 for any other.

    The experts who check it see what the draft would be, once it is sent; the officers of the city see what
    they were shown.
    """
    review = _reviews_of_cycles().filter(pk=pk).first()
    if review is None or review.state == State.FILLING:
        raise Http404
    is_shown = acts_for(person, review.city, day) and review.drafts.exists()
    if not (is_shown or checks(person, review, day)):
        raise Http404
    return review


def drafts_to_reply_to(person: Person, day: date) -> list[Draft]:
    """The latest draft of each review of a person's cities, where nobody has replied to it yet.

    Without one that led to what is published by now.
    """
    reviews = reviews_of_own_cities(person, day).filter(state__in=WITH_EXPERTS)
    drafts = Draft.objects.not_past().filter(review__in=reviews).select_related("review__city", "shown_by")
    latest = {draft.review_id: draft for draft in drafts.order_by("shown_at", "pk")}
    replied = set(Draft.objects.filter(pk__in=[each.pk for each in latest.values()], replies__isnull=False))
    return [draft for draft in latest.values() if draft not in replied]


def _reviews_of_cycles() -> QuerySet[Review]:
    return Review.objects.select_related("city", "cycle__network").filter(cycle__isnull=False)


# Queries, for both sides


def queries_to_reply_to(person: Person, day: date) -> QueryQuerySet:
    """Those on whose city's side somebody is: its officers, and the colleague with an account to whom the
    area of the answer is assigned."""
    own = Q(review__in=reviews_of_own_cities(person, day))
    assignments = assignments_of(person, day)
    opening = let_in(assignments, day)
    for assignment in assignments:
        if assignment.pk not in opening:
            continue
        in_area = [question.key for question in assignment.review.framework.area(assignment.area).questions]
        own |= Q(review=assignment.review, question__in=in_area)
    return _queries().filter(own)


def queries_to_settle(person: Person, day: date) -> QueryQuerySet:
    """Those of the reviews that an expert took on."""
    accepted = standing_appointments(person, day).exclude(accepted_at=None)
    checked = accepted.exclude(review__city__in=cities_not_judged_by(person, day))
    return _queries().filter(review__in=checked.values("review"))


def _queries() -> QueryQuerySet:
    return Query.objects.select_related("review__city", "review__cycle", "asked_by")


def get_query(person: Person, pk: int, day: date) -> Query:
    """Raises Http404 for a query that a person does not see."""
    for queries in (queries_to_reply_to(person, day), queries_to_settle(person, day)):
        found = queries.filter(pk=pk).first()
        if found is not None:
            return found
    raise Http404


def may_reply(person: Person, query: Query, day: date) -> bool:
    return queries_to_reply_to(person, day).filter(pk=query.pk).exists()


def queries_about(place: OpenArea, question: str) -> QuerySet[Query]:
    """With their messages, the newest first: whoever has the area reads them."""
    queries = Query.objects.filter(review=place.review, question=question).order_by("-asked_at", "-pk")
    return queries.prefetch_related("messages__author")


def get_review_to_talk_about(person: Person, pk: int, day: date) -> Review:
    """A review all of whose queries a person sees: its city's officers, and the experts who check it.

    Raises Http404 for any other.
    """
    reviews = Review.objects.select_related("city", "cycle__network").filter(pk=pk, cycle__isnull=False)
    review = reviews.first()
    if review is None or not (acts_for(person, review.city, day) or checks(person, review, day)):
        raise Http404
    return review


def experts_who_check(review: Review, day: date) -> list[Person]:
    """Who took on a review, and may still judge its city."""
    accepted = review.appointments.accepted().select_related("expert")
    return [each.expert for each in accepted if checks(each.expert, review, day)]


def experts_to_tell(review: Review, day: date) -> list[Person]:
    """Of them those whose account is open: a review with none of them waits for nobody."""
    return [expert for expert in experts_who_check(review, day) if expert.is_active]


def experts_who_count(review: Review) -> list[Person]:
    """Whose opinions and verifications count: who checks a review today, or did when it was validated."""
    return experts_who_check(review, timezone.localdate(review.validated_at or timezone.now()))


def people_who_reply(query: Query, day: date) -> list[Person]:
    """Everybody for whom `may_reply` holds, by name."""
    found = set(officers_of(query.review.city, day))
    area = query.review.framework.question(query.question).area
    given = Assignment.objects.standing(day).filter(review=query.review, area=area, token_hash="")
    found |= {each.person for each in given.select_related("person")}
    return sorted(
        (person for person in found if may_reply(person, query, day)),
        key=lambda person: (person.name, person.pk),
    )
