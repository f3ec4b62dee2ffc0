"""Who may see a consultation, take part in it, or keep it. Views and the API get one from here only."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import (
    Appeal,
    AppealQuerySet,
    Attribute,
    BriefItem,
    Consultation,
    ConsultationQuerySet,
    OwnLink,
    Participant,
    Statement,
    StatementQuerySet,
    Stewardship,
)
from tessera.apps.dialogue.shipped_questions import shipped_questions
from tessera.apps.network.access import acts_for, cities_acted_for, cities_coordinated_by
from tessera.apps.network.models import City, Kind, Role
from tessera.apps.review.access import reviews_checked_by
from tessera.apps.review.lifecycle import JUDGED
from tessera.apps.review.models import Finding, Review, ReviewQuerySet

# Residents: whoever has the address, and nobody by name


def get_public_consultation(slug: str, *, with_city: bool = True) -> Consultation:
    """One that is open or closed. Raises Http404 for any other, whether it exists or not.

    Its city is read along where it will be named; a vote by script, which is what comes most often, does not.
    """
    public = Consultation.objects.public()
    return get_object_or_404(public.select_related("city") if with_city else public, slug=slug)


def get_consultation_to_take_part(slug: str, trial_token: str, *, with_city: bool = True) -> Consultation:
    """As `get_public_consultation`; one that is prepared, too, for whoever holds the token of its trial."""
    tried = find_consultation_to_try_out(slug, trial_token)
    return tried or get_public_consultation(slug, with_city=with_city)


def find_consultation_to_try_out(slug: str, trial_token: str) -> Consultation | None:
    """One that is prepared, where the token is that of its last link for a trial."""
    if not trial_token:
        return None
    tried = _in_trial().select_related("city").filter(slug=slug, trial_hash=token_hash(trial_token)).first()
    if tried is not None:
        tried.is_tried_out = True
    return tried


def lock_trial(consultation: Consultation) -> bool:
    """Whether it is still tried out: if so, nobody opens it or ends the trial until the transaction ends."""
    return bool(_in_trial().select_for_update(no_key=True).filter(pk=consultation.pk))


def _in_trial() -> ConsultationQuerySet:
    return Consultation.objects.filter(state=State.DRAFT).exclude(trial_hash="")


def public_consultations(city: City) -> ConsultationQuerySet:
    """Of a city, the newest first: those that are open to everybody, and those that were."""
    return Consultation.objects.public().filter(city=city, has_open_link=True)


def find_participant(consultation: Consultation, code: str) -> Participant | None:
    """Who holds a code, as `codes.tidy_code` gives it; None where nobody does, or no more."""
    return _find_participant(consultation.participants.all(), consultation, code)


def lock_participant(consultation: Consultation, code: str) -> Participant | None:
    """The same, and nothing else of theirs is kept or withdrawn until the transaction ends."""
    locked = consultation.participants.select_for_update(no_key=True)
    return _find_participant(locked, consultation, code)


def _find_participant(
    participants: QuerySet[Participant], consultation: Consultation, code: str
) -> Participant | None:
    found = participants.filter(code_hash=token_hash(code)).first()
    if found is not None:
        found.consultation = consultation
    return found


def find_unused_link(consultation: Consultation, token: str) -> OwnLink | None:
    return consultation.own_links.filter(token_hash=token_hash(token), is_used=False).first()


def get_own_statement(participant: Participant, pk: int) -> Statement:
    """One that the participant wrote, shown or not. Raises Http404 for any other."""
    return _get_statement(participant.statements.all(), pk)


def get_shown_statement(consultation: Consultation, pk: int) -> Statement:
    """One that everybody sees. Raises Http404 for any other."""
    found = consultation.statements.shown().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# Staff: the city's officers, and the facilitators they chose


def consultations_kept_by(person: Person, day: date) -> ConsultationQuerySet:
    """Those that a person may change: of cities that one is officer of, and those that one facilitates."""
    facilitates = Role.objects.on(day).filter(person=person, kind=Kind.FACILITATOR, city=OuterRef("city"))
    return (
        Consultation.objects.select_related("city")
        .filter(
            Q(city__in=cities_acted_for(person, day))
            | (Q(facilitations__person=person) & Exists(facilitates))
        )
        .distinct()
    )


def consultations_seen_by(person: Person, day: date) -> ConsultationQuerySet:
    """Those that a person keeps, and those of the cities whose network one coordinates."""
    return Consultation.objects.select_related("city", "review").filter(
        Q(pk__in=consultations_kept_by(person, day).values("pk"))
        | Q(city__in=cities_coordinated_by(person, day))
    )


def get_consultation_to_see(person: Person, pk: int, day: date) -> Consultation:
    """Raises Http404 for one that the person does not see."""
    return find_consultation(consultations_seen_by(person, day), pk)


def get_consultation_to_keep(person: Person, pk: int, day: date) -> Consultation:
    """Raises Http404 for one that the person does not keep."""
    return find_consultation(consultations_kept_by(person, day), pk)


def get_own_consultation(person: Person, pk: int, day: date) -> Consultation:
    """One of a city that the person is officer of, who alone decides about it. Raises Http404 else."""
    own = Consultation.objects.select_related("city").filter(city__in=cities_acted_for(person, day))
    return find_consultation(own, pk)


def find_consultation(consultations: ConsultationQuerySet, pk: int) -> Consultation:
    """One of them. Raises Http404 for any other."""
    found = consultations.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_question_about_oneself(consultation: Consultation, pk: int) -> Attribute:
    """One that the consultation asks. Raises Http404 for any other."""
    return _get_question(consultation.attributes.all(), pk)


def get_own_question(consultation: Consultation, pk: int) -> Attribute:
    """One about oneself that its staff wrote. Raises Http404 for any other."""
    return _get_question(consultation.attributes.exclude(key__in=shipped_questions()), pk)


def _get_question(questions: QuerySet[Attribute], pk: int) -> Attribute:
    found = questions.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_statement_to_moderate(person: Person, pk: int, day: date) -> Statement:
    """One of a consultation that the person keeps. Raises Http404 for any other."""
    return _get_statement(_statements_to_moderate_by(person, day), pk)


def lock_statement_to_moderate(person: Person, pk: int, day: date) -> Statement:
    """The same, and whoever else decides about it, votes on it or withdraws it waits."""
    return _get_statement(_statements_to_moderate_by(person, day).select_for_update(of=("self",)), pk)


def _statements_to_moderate_by(person: Person, day: date) -> QuerySet[Statement]:
    kept = consultations_kept_by(person, day)
    return Statement.objects.select_related("consultation__city").filter(consultation__in=kept)


def _get_statement(statements: QuerySet[Statement], pk: int) -> Statement:
    found = statements.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def statements_to_moderate(consultation: Consultation) -> StatementQuerySet:
    """About which nobody decided yet, and which were reported since somebody did; the oldest first."""
    return consultation.statements.to_moderate()


def get_appeal_to_keep(person: Person, pk: int, day: date) -> Appeal:
    """One about a statement of a consultation that the person keeps. Raises Http404 for any other."""
    kept = consultations_kept_by(person, day)
    found = (
        Appeal.objects.select_related("moderation__statement", "moderation__consultation__city")
        .filter(moderation__consultation__in=kept, pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def appeals_to_answer(consultation: Consultation) -> AppealQuerySet:
    """The oldest first, each with its statement."""
    waiting = Appeal.objects.waiting().filter(moderation__consultation=consultation)
    return waiting.select_related("moderation__statement")


def people_who_answer(appeal: Appeal, day: date) -> list[Person]:
    """Those who keep the consultation, but whoever hid the statement only where nobody else does; by name."""
    roles = roles_that_keep(appeal.moderation.consultation, day)
    keepers = list({role.person_id: role.person for role in roles}.values())
    return [person for person in keepers if person.pk != appeal.moderation.by_id] or keepers


def check_prepares(person: Person, city: City, day: date) -> None:
    """Raises PermissionDenied unless the person is officer of the city, which alone begins a consultation."""
    if not acts_for(person, city, day):
        raise PermissionDenied(f"{person} does not act for {city}.")


def facilitators_of(city: City, day: date) -> QuerySet[Person]:
    """Those who can be given a consultation of the city."""
    roles = Role.objects.on(day).filter(kind=Kind.FACILITATOR, city=city)
    return Person.objects.filter(pk__in=roles.values("person"), is_active=True)


def roles_that_keep(consultation: Consultation, day: date) -> QuerySet[Role]:
    """Of the city's officers, and of the facilitators who were given the consultation; by their names."""
    given = Q(kind=Kind.FACILITATOR, person__facilitations__consultation=consultation)
    roles = Role.objects.on(day).filter(Q(kind=Kind.OFFICER) | given, city=consultation.city)
    people = roles.filter(person__is_active=True).select_related("person")
    return people.order_by("-kind", "person__name", "pk").distinct()


def lock_consultation_to_keep(person: Person, pk: int, day: date) -> Consultation:
    """As `get_consultation_to_keep`, and whoever else changes it waits."""
    return find_consultation(_locked().filter(pk__in=consultations_kept_by(person, day).values("pk")), pk)


def lock_own_consultation(person: Person, pk: int, day: date) -> Consultation:
    """As `get_own_consultation`, and whoever else changes it waits."""
    return find_consultation(_locked().filter(city__in=cities_acted_for(person, day)), pk)


def _locked() -> ConsultationQuerySet:
    # Not for its key: votes, which refer to it, come in meanwhile.
    return Consultation.objects.select_related("city").select_for_update(of=("self",), no_key=True)


# Stewards: of single votes, after the end


def people_to_name_steward(city: City, day: date) -> QuerySet[Person]:
    """Those who act for the city or facilitate there: who answers for its votes is one of its own."""
    roles = Role.objects.on(day).filter(kind__in=_KINDS_OF_STEWARDS, city=city)
    return Person.objects.filter(pk__in=roles.values("person"), is_active=True)


def consultations_of_steward(person: Person, day: date) -> ConsultationQuerySet:
    """Those whose votes a person may take once they are closed, as long as one has a role in their city."""
    in_city = Role.objects.on(day).filter(person=person, kind__in=_KINDS_OF_STEWARDS, city=OuterRef("city"))
    return Consultation.objects.select_related("city").filter(Exists(in_city), stewardships__person=person)


def get_consultation_as_steward(person: Person, pk: int, day: date) -> Consultation:
    """One of which the person was named steward. Raises Http404 for any other."""
    return find_consultation(consultations_of_steward(person, day), pk)


def get_stewardship_to_end(person: Person, pk: int, day: date) -> Stewardship:
    """One in a city that the person is officer of. Raises Http404 for any other."""
    own = Stewardship.objects.select_related("consultation", "person")
    found = own.filter(consultation__city__in=cities_acted_for(person, day), pk=pk).first()
    if found is None:
        raise Http404
    return found


_KINDS_OF_STEWARDS = (Kind.OFFICER, Kind.FACILITATOR)


# Those who read more of it than everybody: who coordinates, and the experts of its review


def consultations_read_by(person: Person | None, city: City, day: date) -> ConsultationQuerySet:
    """Of a city, the newest first: those that everybody can read, and those that a person sees besides."""
    if person is None:
        return public_consultations(city)
    seen = consultations_seen_as_a_whole_by(person, day)
    return Consultation.objects.filter(
        Q(pk__in=public_consultations(city).values("pk")) | Q(pk__in=seen.values("pk")), city=city
    )


def consultations_seen_as_a_whole_by(person: Person, day: date) -> ConsultationQuerySet:
    """Those of which a person sees themes and what becomes of them before everybody does.

    Whoever keeps or coordinates, and the experts who took on the review that one is about.
    """
    return Consultation.objects.select_related("city", "review").filter(
        Q(pk__in=consultations_seen_by(person, day).values("pk"))
        | Q(pk__in=consultations_checked_by(person, day).values("pk"))
    )


def consultations_heard_by(person: Person, day: date) -> ConsultationQuerySet:
    """Those of which a person reads what was said in the room: who coordinates does not."""
    return Consultation.objects.select_related("city").filter(
        Q(pk__in=consultations_kept_by(person, day).values("pk"))
        | Q(pk__in=consultations_checked_by(person, day).values("pk"))
    )


def keeps(person: Person, consultation: Consultation, day: date) -> bool:
    return consultations_kept_by(person, day).filter(pk=consultation.pk).exists()


def sees(person: Person, consultation: Consultation, day: date) -> bool:
    """Whether a person comes to its own page; an expert of its review does not."""
    return consultations_seen_by(person, day).filter(pk=consultation.pk).exists()


def hears(person: Person, consultation: Consultation, day: date) -> bool:
    """Whether a person reads what was said at its sessions."""
    return consultations_heard_by(person, day).filter(pk=consultation.pk).exists()


def reviews_to_discuss(city: City) -> ReviewQuerySet:
    """Of a city, the newest first: those whose findings stand."""
    return Review.objects.filter(city=city, state__in=JUDGED).order_by("-year", "-pk")


def findings_to_be_about(consultation: Consultation) -> QuerySet[Finding]:
    """What a statement of a consultation can be about: findings of its brief, or else of its review."""
    brief = BriefItem.objects.filter(consultation=consultation, finding__isnull=False)
    of_review = Q(review__in=reviews_to_discuss(consultation.city), review=consultation.review_id)
    return Finding.objects.filter(Q(pk__in=brief.values("finding")) | (of_review & ~Exists(brief))).order_by(
        "place", "pk"
    )


def findings_to_discuss(city: City) -> QuerySet[Finding]:
    return Finding.objects.filter(review__in=reviews_to_discuss(city)).select_related("review")


def consultations_checked_by(person: Person, day: date) -> ConsultationQuerySet:
    """Those about a review that a person took on as an expert, and may still judge."""
    checked = reviews_checked_by(person, day).values("pk")
    return Consultation.objects.select_related("city").filter(review__in=checked)
