"""Printing sheets of paper, typing them in twice, and taking them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.dialogue.access import get_consultation_to_keep
from tessera.apps.dialogue.access.on_paper import lock_sheet_to_enter
from tessera.apps.dialogue.actions.setting_up import check_not_closed
from tessera.apps.dialogue.actions.taking_part import check_takes_votes, take_in_votes
from tessera.apps.dialogue.codes import make_code
from tessera.apps.dialogue.lifecycle import SheetAct, move_sheet
from tessera.apps.dialogue.models import (
    Channel,
    Choice,
    Consultation,
    PrintedStatement,
    Printing,
    Sheet,
)

MOST_SHEETS = 100
"""Printed at a time."""
MOST_LINES = 40
"""On a sheet: more than one answers at a table."""

Answers = Mapping[int, Choice | None]
"""What stands at each place of a sheet; None for a line that was left empty."""


class EmptySheet(ValueError):
    """Nobody answered anything on it."""


class OtherDifferences(ValueError):
    """What was decided is not what differs."""


@dataclass(frozen=True)
class NewSheet:
    number: int
    code: str
    """Of whoever answers on it; it is kept nowhere."""


@transaction.atomic
def print_sheets(
    *,
    by: Person,
    consultation: Consultation,
    language: str,
    statements: Sequence[int],
    count: int,
    at: datetime,
) -> list[NewSheet]:
    """Make sheets with these statements, by their keys in the order of their lines.

    Raises Http404 unless `by` keeps the consultation, MoveError once it is closed, and ValueError for a
    language that it is not held in, for none or more than `MOST_SHEETS`, or `MOST_LINES`.
    """
    day = timezone.localdate(at)
    consultation = get_consultation_to_keep(by, consultation.pk, day)
    check_not_closed(consultation)
    if language not in consultation.languages:
        raise ValueError(f"{consultation} is not held in {language!r}.")
    if not 1 <= count <= MOST_SHEETS or not 1 <= len(statements) <= MOST_LINES:
        raise ValueError(f"{count} sheets of {len(statements)} lines.")
    printing = Printing.objects.create(
        consultation=consultation, language=language, printed_by=by, printed_on=day
    )
    PrintedStatement.objects.bulk_create(
        PrintedStatement(printing=printing, place=place, statement_id=statement)
        for place, statement in enumerate(statements, start=1)
    )
    codes = [make_code() for _ in range(count)]
    sheets = Sheet.objects.bulk_create(Sheet(printing=printing, code_hash=token_hash(code)) for code in codes)
    return [NewSheet(sheet.pk, code) for sheet, code in zip(sheets, codes, strict=True)]


@transaction.atomic
def enter_first(*, by: Person, sheet: Sheet, answers: Answers, at: datetime) -> None:
    """Keep what somebody read off a sheet, until it is typed in a second time.

    Raises Http404 unless `by` keeps the consultation, `taking_part.NotNow`, MoveError where it was typed in
    already, and EmptySheet.
    """
    day = timezone.localdate(at)
    sheet = lock_sheet_to_enter(by, sheet.pk, day)
    check_takes_votes(sheet.printing.consultation, day)
    sheet.state = move_sheet(sheet.state, SheetAct.ENTER)
    _check_not_empty(answers)
    sheet.first_by, sheet.first_choices = by, _as_kept(answers)
    sheet.save(update_fields=["state", "first_by", "first_choices"])


@transaction.atomic
def enter_second(*, by: Person, sheet: Sheet, answers: Answers, at: datetime) -> Sheet:
    """Take a sheet in where it reads the same a second time; else keep both until somebody decides.

    Raises Http404 unless `by` keeps the consultation, `taking_part.NotNow`, MoveError unless it was typed in
    once, EmptySheet, and `taking_part.NotShown` where nothing of it is shown any more.
    """
    day = timezone.localdate(at)
    sheet = lock_sheet_to_enter(by, sheet.pk, day)
    check_takes_votes(sheet.printing.consultation, day)
    _check_not_empty(answers)
    sheet.second_by, sheet.second_choices = by, _as_kept(answers)
    if sheet.differing_places:
        sheet.state = move_sheet(sheet.state, SheetAct.CONTRADICT)
        sheet.save(update_fields=["state", "second_by", "second_choices"])
    else:
        _take_in(sheet, SheetAct.CONFIRM, answers, day)
    return sheet


@transaction.atomic
def decide_differences(*, by: Person, sheet: Sheet, decided: Answers, at: datetime) -> None:
    """Take a sheet in that was read in two ways, with what stands on it at the places that differ.

    Raises Http404 unless `by` keeps the consultation, `taking_part.NotNow`, MoveError unless it waits for
    that, OtherDifferences, EmptySheet, and `taking_part.NotShown`.
    """
    day = timezone.localdate(at)
    sheet = lock_sheet_to_enter(by, sheet.pk, day)
    check_takes_votes(sheet.printing.consultation, day)
    move_sheet(sheet.state, SheetAct.DECIDE)
    if sorted(decided) != sheet.differing_places:
        raise OtherDifferences(f"{sorted(decided)} are decided, and {sheet.differing_places} differ.")
    first: dict[str, int] = sheet.first_choices or {}
    answers = {**{int(place): Choice(value) for place, value in first.items()}, **decided}
    _check_not_empty(answers)
    _take_in(sheet, SheetAct.DECIDE, answers, day)


@transaction.atomic
def begin_anew(*, by: Person, sheet: Sheet, at: datetime) -> None:
    """Erase what was typed in, such as under the number of another sheet.

    Raises Http404 unless `by` keeps the consultation, and MoveError where nothing waits.
    """
    sheet = lock_sheet_to_enter(by, sheet.pk, timezone.localdate(at))
    move_sheet(sheet.state, SheetAct.BEGIN_ANEW)
    Sheet.objects.filter(pk=sheet.pk).forget_entries()


def _take_in(sheet: Sheet, act: SheetAct, answers: Answers, day: date) -> None:
    sheet.state = move_sheet(sheet.state, act)
    lines = dict(sheet.printing.lines.values_list("place", "statement"))
    take_in_votes(
        consultation=sheet.printing.consultation,
        code_hash=sheet.code_hash,
        channel=Channel.PAPER,
        language=sheet.printing.language,
        votes={
            lines[place]: choice for place, choice in answers.items() if choice is not None and place in lines
        },
        day=day,
    )
    sheet.code_hash, sheet.first_choices, sheet.second_choices = "", None, None
    sheet.taken_in_on = day
    sheet.save(
        update_fields=["state", "code_hash", "first_choices", "second_choices", "second_by", "taken_in_on"]
    )


def _as_kept(answers: Answers) -> dict[str, int]:
    return {str(place): choice.value for place, choice in answers.items() if choice is not None}


def _check_not_empty(answers: Answers) -> None:
    if all(choice is None for choice in answers.values()):
        raise EmptySheet("Nothing is answered on it.")
