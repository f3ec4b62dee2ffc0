"""Saying what becomes of what people said, and publishing that."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import Enum

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import lock_own_consultation
from tessera.apps.dialogue.access.summing_up import get_theme_of
from tessera.apps.dialogue.actions.themes import languages_missing
from tessera.apps.dialogue.lifecycle import Act, State, move
from tessera.apps.dialogue.models import Consultation, Disposition, Outcome, Theme
from tessera.apps.dialogue.what_became import contributions_outside, standing_dispositions, undisposed
from tessera.apps.network.local_text import LocalText


class Obstacle(Enum):
    """Why the answer of a city cannot be published yet."""

    UNDISPOSED = "undisposed"
    REASONS_MISSING = "reasons-missing"


class CannotAnswer(Exception):
    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = obstacles
        super().__init__(f"It cannot be published yet: {', '.join(each.value for each in obstacles)}.")


class NotOutside(ValueError):
    """What is in a theme is decided about with that; and what is not shown, or the city's own, not at all."""


class NotInEveryLanguage(ValueError):
    """What is public at once has its reason in every language of the consultation."""


@transaction.atomic
def decide_theme(*, by: Person, theme: Theme, outcome: Outcome, reason: LocalText, at: datetime) -> None:
    """Say what becomes of a theme, and why.

    Raises Http404 unless `by` is officer of the city; MoveError unless the themes are public, and once the
    answer is, too.
    """
    day = timezone.localdate(at)
    consultation = lock_own_consultation(by, theme.consultation_id, day)
    theme = get_theme_of(consultation, theme.pk)
    standing = Disposition.objects.filter(theme=theme).first()
    _check_takes_dispositions(consultation, standing, reason)
    _decide(standing or Disposition(consultation=consultation, theme=theme), by, outcome, reason, day)


@transaction.atomic
def decide_statements(
    *,
    by: Person,
    consultation: Consultation,
    statements: Collection[int],
    outcome: Outcome,
    reason: LocalText,
    at: datetime,
) -> None:
    """Say the same of one or more contributions that are in no theme, by their keys.

    One that was shown only after the city had answered can still be decided about; that is public at once.
    Raises Http404 unless `by` is officer of the city, NotOutside, NotInEveryLanguage, and MoveError as
    `decide_theme` does.
    """
    day = timezone.localdate(at)
    consultation = lock_own_consultation(by, consultation.pk, day)
    found = contributions_outside(consultation).select_related("disposition").in_bulk(statements)
    if strange := set(statements) - set(found):
        raise NotOutside(f"{min(strange)} is no contribution outside the themes of {consultation}.")
    for statement in found.values():
        standing: Disposition | None = getattr(statement, "disposition", None)
        _check_takes_dispositions(consultation, standing, reason)
        new = Disposition(consultation=consultation, statement=statement)
        _decide(standing or new, by, outcome, reason, day)


def _check_takes_dispositions(
    consultation: Consultation, standing: Disposition | None, reason: LocalText
) -> None:
    if consultation.state != State.ANSWERED or standing is not None:
        move(consultation.state, Act.ANSWER)
    elif missing := languages_missing(consultation, reason):
        raise NotInEveryLanguage(f"The reason is not written in {', '.join(missing)}.")


def _decide(disposition: Disposition, by: Person, outcome: Outcome, reason: LocalText, day: date) -> None:
    disposition.outcome, disposition.reason = outcome, reason
    disposition.decided_by, disposition.decided_on = by, day
    disposition.save()


def obstacles_to_answering(consultation: Consultation) -> list[Obstacle]:
    """What has to be done before the answer can be published; empty when nothing stands in the way."""
    found = []
    if undisposed(consultation):
        found.append(Obstacle.UNDISPOSED)
    if reasons_not_translated(consultation):
        found.append(Obstacle.REASONS_MISSING)
    return found


def reasons_not_translated(consultation: Consultation) -> dict[Disposition, list[str]]:
    """Those that are not in every language of the consultation, each with the languages that are missing."""
    standing = standing_dispositions(consultation)
    found = {each: languages_missing(consultation, each.reason) for each in standing}
    return {each: missing for each, missing in found.items() if missing}


@transaction.atomic
def publish_answer(*, by: Person, consultation: Consultation, at: datetime) -> None:
    """Let everybody read what becomes of each theme and contribution, and why.

    Raises Http404 unless `by` is officer of the city, MoveError unless its themes are public and its answer
    is not, and CannotAnswer.
    """
    day = timezone.localdate(at)
    consultation = lock_own_consultation(by, consultation.pk, day)
    state = move(consultation.state, Act.ANSWER)
    if obstacles := obstacles_to_answering(consultation):
        raise CannotAnswer(obstacles)
    consultation.state, consultation.answered_on = state, day
    consultation.save(update_fields=["state", "answered_on"])
