"""Statements to which staff type in what was answered, on a sheet or by somebody who speaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tessera.apps.dialogue.asking import Original, Worded, word_statement
from tessera.apps.dialogue.languages import Language
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import Choice, Printing, Sheet
from tessera.apps.dialogue.numbers_on_paper import spell_number


@dataclass(frozen=True)
class Line:
    place: int
    """On the sheet; without a sheet, the key of the statement."""
    text: str
    language: Language
    code: str = ""
    """That stands before it on the sheet."""
    is_shown: bool = True
    """If it is hidden meanwhile, what was answered is not taken in."""
    by_machine_from: Original | None = None
    """What a machine put into these words; None for any other words."""
    readings: Sequence[Choice | None] = ()
    """What was typed in the first time, and the second; None for empty. Only where the two differ."""


def line_of(statement: Worded) -> Line:
    """One that is read out."""
    return Line(statement.pk, statement.text, statement.language, by_machine_from=statement.by_machine_from)


def read_lines(printing: Printing) -> list[Line]:
    """What stands on the sheets of a printing, without the statements that their authors took back."""
    found = []
    for line in printing.lines.select_related("statement").prefetch_related("statement__translations"):
        statement = line.statement
        worded = word_statement(statement, printing.language)
        found.append(
            Line(
                line.place,
                worded.text,
                worded.language,
                code=spell_number(line.place),
                is_shown=statement.state == StatementState.SHOWN,
            )
        )
    return found


def with_readings(lines: Sequence[Line], sheet: Sheet) -> list[Line]:
    """Of the lines of a sheet, those that were read in two ways."""
    differing = sheet.differing_places
    return [
        replace(line, readings=[_read(sheet.first_choices, line), _read(sheet.second_choices, line)])
        for line in lines
        if line.place in differing
    ]


def _read(choices: Mapping[str, int] | None, line: Line) -> Choice | None:
    value = (choices or {}).get(str(line.place))
    return None if value is None else Choice(value)
