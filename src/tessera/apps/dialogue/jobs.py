"""What a consultation does by the clock."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db import models, transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from tessera.apps.dialogue.actions.contacts import TOLD_WITHIN_DAYS
from tessera.apps.dialogue.actions.machine import translate_by_machine
from tessera.apps.dialogue.group_tables import landscapes_to_publish, publish_group_tables
from tessera.apps.dialogue.landscapes import forget_counted_votes, refresh_landscape
from tessera.apps.dialogue.lifecycle import ENDED, Act, State, StatementState, move
from tessera.apps.dialogue.models import (
    Appeal,
    Consultation,
    ContactSlip,
    Declaration,
    Note,
    PanelMember,
    Participant,
    Purpose,
    Rating,
    Sheet,
    Statement,
    Vote,
)
from tessera.apps.dialogue.publish_tables import consultations_to_publish, publish_due_tables
from tessera.connectors.translation import LibreTranslate, NotTranslated

MOST_TRANSLATED = 50
"""In one round: the server is perhaps not ours alone."""
LONGEST_ROUND_SECONDS = 20.0
"""After that the other jobs have their turn."""

_Row = TypeVar("_Row", bound=models.Model)


class JobFailed(Exception):
    """Something could not be done for one consultation or several; for all others it was."""


def _do_for_each(rows: Iterable[_Row], act: Callable[[_Row, date], bool], day: date) -> int:
    """For how many something was done. What one stumbles over must not keep the others from their turn.

    Raises JobFailed once all had it.
    """
    count, faults = 0, []
    for row in rows:
        try:
            count += act(row, day)
        except Exception as fault:
            faults.append((f"{row._meta.model_name} {row.pk}", fault))
    if faults:
        said = [f"{name}: {type(fault).__name__}: {fault}" for name, fault in faults]
        raise JobFailed("; ".join(said)) from faults[0][1]
    return count


def refresh_landscapes(day: date) -> int:
    """Find the landscapes again into which votes came, or people withdrew; returns how many."""
    return _do_for_each(Consultation.objects.public(), refresh_landscape, day)


def publish_tables(day: date) -> int:
    """Make tables by attribute public where it is time; returns in how many consultations."""
    return _do_for_each(consultations_to_publish(), publish_due_tables, day)


def publish_groups(day: date) -> int:
    """Count for the open data how groups answered, where a landscape became final; returns how many."""
    return _do_for_each(landscapes_to_publish(), publish_group_tables, day)


def close_past_consultations(day: date) -> int:
    """Close those whose last day is over, on the day after it; returns how many."""
    return _do_for_each(Consultation.objects.filter(state=State.OPEN), _close_past, day)


@transaction.atomic
def _close_past(still_open: Consultation, day: date) -> bool:
    # An officer who gives it more days at this moment waits, or was first.
    consultation = Consultation.objects.select_for_update().get(pk=still_open.pk)
    last_day = consultation.last_day
    if consultation.state != State.OPEN or last_day is None or last_day >= day:
        return False
    consultation.state = move(consultation.state, Act.CLOSE)
    # Whenever the clock comes by: votes were taken until then.
    consultation.closed_on = last_day + timedelta(days=1)
    consultation.save(update_fields=["state", "closed_on"])
    Sheet.objects.filter(printing__consultation=consultation).forget_entries()
    return True


def forget_codes(day: date) -> int:
    """Cut votes and statements from whoever could show a code for them, once the city had time to answer.

    The votes stay, as counts of people; nobody can be told any more which are theirs, or who said what, nor
    at sessions and on panels. The words of appeals go; whether they were granted stays with the decisions.
    Returns the number of consultations.
    """
    closed = Consultation.objects.filter(state__in=ENDED, codes_forgotten_on=None)
    due = [
        consultation
        for consultation in closed
        if (until := consultation.codes_kept_until) is not None and until < day
    ]
    return _do_for_each(due, _forget_codes_of, day)


@transaction.atomic
def _forget_codes_of(consultation: Consultation, day: date) -> bool:
    # No hash looks so: whatever code comes, it is none of these.
    Participant.objects.filter(consultation=consultation).update(
        code_hash=Concat(Value("forgotten "), Cast("pk", CharField()))
    )
    said = Statement.objects.filter(consultation=consultation)
    # The author's vote tells whose words they are: it has the key of their form, or is the only one.
    own = said.exclude(state=StatementState.SHOWN).filter(
        pk=OuterRef("statement_id"), author=OuterRef("participant_id")
    )
    Vote.objects.filter(Exists(own)).delete()
    said.update(author=None, key="")
    # Whoever answers one at this moment held its statement until now.
    Appeal.objects.filter(participant__consultation=consultation).delete()
    Declaration.objects.filter(participant__consultation=consultation).delete()
    forget_counted_votes(consultation.pk)
    consultation.own_links.all().delete()
    # Sheets that never came back have codes, too.
    consultation.printings.all().delete()
    _forget_who_spoke(consultation)
    consultation.codes_forgotten_on = day
    consultation.save(update_fields=["codes_forgotten_on"])
    return True


def _forget_who_spoke(consultation: Consultation) -> None:
    """At sessions, and on panels. Notes in which nothing was marked go; of the others nobody knows whose."""
    notes = Note.objects.filter(held_in__consultation=consultation)
    notes.filter(excerpts=None).delete()
    notes.update(speaker=None)
    members = PanelMember.objects.filter(panel__consultation=consultation)
    members.update(token_hash=Concat(Value("forgotten "), Cast("pk", CharField())))
    Rating.objects.filter(member__in=members).update(comment="")


def erase_contacts(day: date) -> int:
    """Erase how to reach people, once the day is over until which they agreed to it; returns how many.

    So go those who wished to hear what the city answers, some time after it did.
    """
    told = Q(
        purpose=Purpose.TELL_ANSWER,
        consultation__answered_on__lt=day - timedelta(days=TOLD_WITHIN_DAYS),
    )
    count, _ = ContactSlip.objects.filter(Q(until__lt=day) | told).delete()
    return count


@dataclass(frozen=True)
class TranslationRound:
    """What became of the translations that were missing."""

    count: int
    trouble: str
    """Why the last one that did not come did not; empty where all came that were asked for."""


def translate_statements(translator: LibreTranslate, clock: Callable[[], float]) -> TranslationRound:
    """Ask a machine for what nobody has translated yet, of statements that everybody sees.

    `clock` counts seconds. A server that does not answer is asked again in the next round.
    """
    until = clock() + LONGEST_ROUND_SECONDS
    missing = _missing_translations()
    count, trouble = 0, ""
    # By lot: those that the server does not take must not keep the others from their turn.
    for statement, language in random.sample(missing, min(len(missing), MOST_TRANSLATED)):
        if clock() > until:
            break
        try:
            count += translate_by_machine(statement=statement, language=language, translator=translator)
        except NotTranslated as error:
            trouble = str(error)
            if not error.server_answers:
                break
    return TranslationRound(count, trouble)


def _missing_translations() -> list[tuple[int, str]]:
    """Numbers of statements, and languages in which they are not there, or only as a machine had them once.

    What a person wrote stays, also where it is outdated: only a person knows what of it still holds.
    """
    shown = Statement.objects.shown().filter(consultation__state=State.OPEN)
    missing = []
    for statement in shown.select_related("consultation").prefetch_related("translations"):
        kept = {
            each.language
            for each in statement.translations.all()
            if each.written_by_id is not None or each.source_digest == statement.digest
        }
        there = {statement.language, *kept}
        missing += [(statement.pk, code) for code in statement.consultation.languages if code not in there]
    return missing
