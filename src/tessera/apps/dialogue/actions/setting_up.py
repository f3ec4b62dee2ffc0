"""Preparing a consultation, opening it, and closing it."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.dialogue.access import (
    check_prepares,
    facilitators_of,
    get_consultation_to_keep,
    get_own_consultation,
    lock_own_consultation,
)
from tessera.apps.dialogue.actions.trial import erase_trial
from tessera.apps.dialogue.lifecycle import Act, State, move
from tessera.apps.dialogue.models import (
    Attribute,
    BriefItem,
    Consultation,
    Facilitation,
    OwnLink,
    Phase,
    Rule,
    Sheet,
)
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City
from tessera.apps.review.models import Finding, Review

FEWEST_STATEMENTS = 5
"""To begin with: with fewer, the first people have nothing to answer and set the tone for all who follow."""
MOST_LINKS = 200
"""Made at a time."""
TEXTS = ("title", "asked_by", "what_follows", "contact")
"""That a consultation has in every language in which people take part."""


class Obstacle(Enum):
    """Why a consultation cannot be opened yet."""

    TEXTS_MISSING = "texts-missing"
    NO_PHASE = "no-phase"
    PHASES_PAST = "phases-past"
    FEW_STATEMENTS = "few-statements"
    QUESTIONS_NOT_TRANSLATED = "questions-not-translated"


class CannotOpen(Exception):
    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = obstacles
        super().__init__(f"It cannot be opened yet: {', '.join(each.value for each in obstacles)}.")


class CannotStayOpen(Exception):
    """What people are taking part in would no longer be whole, or would be over without a reason."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = obstacles
        super().__init__(f"It is open, and cannot be left so: {', '.join(each.value for each in obstacles)}.")


class PhasesOverlap(ValueError):
    """On one day two rules would hold."""

    def __init__(self, starts_on: date, ends_on: date) -> None:
        self.starts_on, self.ends_on = starts_on, ends_on
        super().__init__(f"One begins on {starts_on}, before the other ends on {ends_on}.")


class AddressTaken(ValueError):
    """Another consultation has the address."""


class NoReason(ValueError):
    """Who closes a consultation before its last day says why."""


class NotAFacilitator(ValueError):
    """Only facilitators of the city can be given a consultation."""


@dataclass(frozen=True)
class PlannedPhase:
    rule: Rule
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Plan:
    """What staff decide about a consultation, as a form brings it."""

    title: LocalText
    asked_by: LocalText
    what_follows: LocalText
    contact: LocalText
    languages: Sequence[str]
    phases: Sequence[PlannedPhase]
    has_open_link: bool
    kept_days: int
    review: Review | None
    findings: Collection[Finding]
    areas: Collection[str]


@transaction.atomic
def prepare_consultation(
    *, by: Person, city: City, slug: str, plan: Plan, invented: bool, at: datetime
) -> Consultation:
    """Begin a consultation of a city. Nobody but its staff sees it until it is opened.

    Raises PermissionDenied unless `by` is officer of the city, AddressTaken, and PhasesOverlap.
    """
    check_prepares(by, city, timezone.localdate(at))
    consultation = Consultation(city=city, slug=slug, prepared_by=by, invented=invented or city.invented)
    try:
        with transaction.atomic():
            _write(consultation, plan)
    except IntegrityError:
        # Whoever chose the same one meanwhile was first.
        if Consultation.objects.filter(slug=slug).exists():
            raise AddressTaken(f"There is a consultation at {slug!r} already.") from None
        raise
    return consultation


@transaction.atomic
def change_consultation(*, by: Person, consultation: Consultation, plan: Plan, at: datetime) -> None:
    """Change what was decided, while it is prepared or open: phases, texts, languages.

    Raises Http404 unless `by` keeps it; MoveError once it is closed; PhasesOverlap; CannotStayOpen where it
    is open and texts or days to come would be missing.
    """
    day = timezone.localdate(at)
    consultation = get_consultation_to_keep(by, _lock(consultation).pk, day)
    check_not_closed(consultation)
    _write(consultation, plan)
    if consultation.state == State.OPEN and (gaps := _gaps_in_plan(consultation, day)):
        raise CannotStayOpen(gaps)


def _write(consultation: Consultation, plan: Plan) -> None:
    _check_phases(plan.phases)
    consultation.title = plan.title
    consultation.asked_by = plan.asked_by
    consultation.what_follows = plan.what_follows
    consultation.contact = plan.contact
    consultation.languages = list(plan.languages)
    consultation.has_open_link = plan.has_open_link
    consultation.kept_days = plan.kept_days
    consultation.review = plan.review
    consultation.save()
    _replace_phases(consultation, plan.phases)
    _replace_brief(consultation, plan)


def _check_phases(phases: Sequence[PlannedPhase]) -> None:
    in_order = sorted(phases, key=lambda phase: phase.starts_on)
    for earlier, later in pairwise(in_order):
        if later.starts_on <= earlier.ends_on:
            raise PhasesOverlap(later.starts_on, earlier.ends_on)


def _replace_phases(consultation: Consultation, phases: Sequence[PlannedPhase]) -> None:
    wanted = {(phase.rule, phase.starts_on, phase.ends_on) for phase in phases}
    for kept in consultation.phases.all():
        if (kept.rule, kept.starts_on, kept.ends_on) in wanted:
            wanted.remove((Rule(kept.rule), kept.starts_on, kept.ends_on))
        else:
            kept.delete()
    for rule, starts_on, ends_on in sorted(wanted, key=lambda each: each[1]):
        Phase.objects.create(consultation=consultation, rule=rule, starts_on=starts_on, ends_on=ends_on)


def _replace_brief(consultation: Consultation, plan: Plan) -> None:
    findings, areas = {finding.pk for finding in plan.findings}, set(plan.areas)
    for item in consultation.brief.all():
        if item.finding_id in findings:
            findings.remove(item.finding_id)
        elif item.area in areas:
            areas.remove(item.area)
        else:
            item.delete()
    for finding in sorted(findings):
        BriefItem.objects.create(consultation=consultation, finding_id=finding)
    for area in sorted(areas):
        BriefItem.objects.create(consultation=consultation, area=area)


@transaction.atomic
def choose_facilitators(
    *, by: Person, consultation: Consultation, people: Collection[Person], at: datetime
) -> None:
    """Say which facilitators of the city keep a consultation beside its officers.

    Raises Http404 unless `by` is officer of its city, and NotAFacilitator.
    """
    day = timezone.localdate(at)
    consultation = get_own_consultation(by, consultation.pk, day)
    allowed = set(facilitators_of(consultation.city, day))
    for person in people:
        if person not in allowed:
            raise NotAFacilitator(f"{person} is no facilitator of {consultation.city}.")
    kept = {each.person: each for each in consultation.facilitations.select_related("person")}
    for person, facilitation in kept.items():
        if person not in people:
            facilitation.delete()
    for person in people:
        if person not in kept:
            Facilitation.objects.create(consultation=consultation, person=person)


def obstacles_to_opening(consultation: Consultation, day: date) -> list[Obstacle]:
    """What has to be done before a consultation can be opened; empty when nothing stands in the way."""
    found = _gaps_in_plan(consultation, day)
    if consultation.statements.to_begin_with().count() < FEWEST_STATEMENTS:
        found.append(Obstacle.FEW_STATEMENTS)
    if questions_not_translated(consultation):
        found.append(Obstacle.QUESTIONS_NOT_TRANSLATED)
    return found


def _gaps_in_plan(consultation: Consultation, day: date) -> list[Obstacle]:
    found = []
    if missing_texts(consultation):
        found.append(Obstacle.TEXTS_MISSING)
    if consultation.last_day is None:
        found.append(Obstacle.NO_PHASE)
    elif consultation.last_day < day:
        found.append(Obstacle.PHASES_PAST)
    return found


def missing_texts(consultation: Consultation) -> dict[str, list[str]]:
    """For each language in which a text is not written yet, the names of those fields."""
    found: dict[str, list[str]] = {}
    for code in consultation.languages:
        missing = [name for name in TEXTS if not getattr(consultation, name).texts.get(code)]
        if missing:
            found[code] = missing
    return found


def questions_not_translated(consultation: Consultation) -> list[Attribute]:
    """Those about oneself that are not in every language in which people take part."""
    return [
        attribute
        for attribute in consultation.attributes.prefetch_related("values")
        if any(
            not text.texts.get(code)
            for text in (attribute.question, *(value.label for value in attribute.values.all()))
            for code in consultation.languages
        )
    ]


@transaction.atomic
def open_consultation(*, by: Person, consultation: Consultation, at: datetime) -> None:
    """Let people take part, from the first day of its first phase on. What came of a trial is erased.

    Raises Http404 unless `by` is officer of its city, MoveError unless it is being prepared, and CannotOpen.
    """
    day = timezone.localdate(at)
    consultation = lock_own_consultation(by, consultation.pk, day)
    state = move(consultation.state, Act.OPEN)
    if obstacles := obstacles_to_opening(consultation, day):
        raise CannotOpen(obstacles)
    erase_trial(consultation)
    consultation.state, consultation.trial_hash = state, ""
    consultation.save(update_fields=["state", "trial_hash"])


@transaction.atomic
def close_consultation(*, by: Person, consultation: Consultation, reason: str, at: datetime) -> None:
    """Take no more votes. Before its last day, `reason` says why, and everybody can read it.

    What was typed in from sheets of paper and not taken in yet is erased.

    Raises Http404 unless `by` is officer of its city, MoveError unless it is open, and NoReason.
    """
    day = timezone.localdate(at)
    consultation = get_own_consultation(by, _lock(consultation).pk, day)
    state = move(consultation.state, Act.CLOSE)
    is_early = consultation.last_day is not None and day <= consultation.last_day
    if is_early and not reason.strip():
        raise NoReason(f"{consultation} would run until {consultation.last_day}.")
    consultation.state = state
    consultation.closed_on = day
    consultation.closing_reason = reason.strip() if is_early else ""
    consultation.save(update_fields=["state", "closed_on", "closing_reason"])
    Sheet.objects.filter(printing__consultation=consultation).forget_entries()


@transaction.atomic
def make_own_links(*, by: Person, consultation: Consultation, count: int, at: datetime) -> list[str]:
    """Make links for one person each, and return their tokens: they are kept nowhere.

    Raises Http404 unless `by` keeps the consultation, MoveError once it is closed, and ValueError for none or
    more than `MOST_LINKS`.
    """
    consultation = get_consultation_to_keep(by, consultation.pk, timezone.localdate(at))
    check_not_closed(consultation)
    if not 1 <= count <= MOST_LINKS:
        raise ValueError(f"{count} links; from 1 to {MOST_LINKS} are made at a time.")
    tokens = [secrets.token_urlsafe(16) for _ in range(count)]
    OwnLink.objects.bulk_create(
        OwnLink(consultation=consultation, token_hash=token_hash(token)) for token in tokens
    )
    return tokens


def _lock(consultation: Consultation) -> Consultation:
    """Whoever else changes, opens or closes it waits."""
    return Consultation.objects.select_for_update().get(pk=consultation.pk)


def check_not_closed(consultation: Consultation) -> None:
    """Raises MoveError for one that is closed."""
    # What is closed stays as people found it; asking for the next move says so in the usual words.
    if consultation.has_ended:
        move(consultation.state, Act.CLOSE)


def check_not_synthesised(consultation: Consultation) -> None:
    """Raises MoveError for one whose themes are public: what they rest on stays as it is."""
    if consultation.has_public_themes:
        move(consultation.state, Act.SYNTHESISE)
