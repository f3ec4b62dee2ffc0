"""Reads answers that people gave in KoboToolbox or ODK, and names every fault at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.schema import NEVER, Framework, Pathway, Question, QuestionType
from tessera.frameworks.sheets.faults import Place, SheetReading, quoted, shortened
from tessera.frameworks.sheets.layout import FIRST_YEAR, LAST_YEAR, Field
from tessera.frameworks.sheets.read import FilledSheet
from tessera.frameworks.sheets.values import (
    accepted_numbers,
    cell_text,
    read_number,
    read_year,
    within_scale,
)
from tessera.frameworks.sheets.workbook_cells import SheetCell
from tessera.frameworks.when_rules import Value
from tessera.frameworks.xlsforms.export_table import read_table
from tessera.frameworks.xlsforms.fields import (
    NO,
    YEARS_CHOICE,
    YES,
    FormField,
    Part,
    about_name,
    form_fields,
    plain_name,
)

Meaning = TypeVar("Meaning")

_BETWEEN_GROUPS = re.compile(r"[/:.\-]")
"""KoboToolbox lets one choose the sign; ODK Central takes a hyphen, and a stroke before an option."""
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TIMES = ("_submission_time", "SubmissionDate")
"""When a submission arrived: KoboToolbox, ODK Central."""
_TICKED = {"1": True, "true": True, "0": False, "false": False}
_MOST_NAMED = 10


def is_xlsform_export(path: Path) -> bool:
    """Whether a file is an export of a form, well made or not, and no answer sheet.

    Parameters
    ----------
    path : Path
        Every CSV file is one, and a workbook whose first row has the name of a field of a form.

    Raises
    ------
    SheetError
        It is neither a workbook nor CSV, is damaged, or is larger than an export of answers can be.
    """
    tab = read_table(path)
    names = {about_name(each) for each in Field}
    headings = [cell_text(cell) for (row, _), cell in tab.cells.items() if row == 1]
    return not tab.name or any(names & set(_BETWEEN_GROUPS.split(heading)) for heading in headings)


def read_xlsform_export(path: Path, framework: Framework, pathway: Pathway) -> FilledSheet:
    """Read the one submission in an export of a form that ``write_xlsform`` wrote.

    Parameters
    ----------
    path : Path
        XLSX or CSV with XML values and headers, from KoboToolbox or ODK Central; with the names of groups
        before those of fields or without; several choices in one column, in a column for each, or both.
    framework : Framework
    pathway : Pathway
        What the answers must be answers to.

    Returns
    -------
    FilledSheet
        Without marks: an export cannot show what was there before. A question has an entry only where
        something was filled.

    Raises
    ------
    SheetError
        The file cannot be taken as it is; it holds every fault with its cell.
    """
    return _Export(path, framework, pathway).read()


@dataclass(slots=True)
class _Columns:
    """Where each field of the form stands."""

    fields: dict[str, int] = field(default_factory=dict)
    options: dict[str, dict[str, int]] = field(default_factory=dict)
    """Of several choices, by the names of field and option."""


class _Export:
    def __init__(self, path: Path, framework: Framework, pathway: Pathway) -> None:
        self.framework, self.pathway = framework, pathway
        self.tab = read_table(path)
        self.reading = SheetReading((self.tab,))
        self.known = form_fields(framework, pathway)
        self.columns = self._find_columns()
        self.row = self._find_submission()

    def read(self) -> FilledSheet:
        self._complain_of_another_form()
        city, year, invented = self._city(), self._year(), self._invented()
        answers = {
            question.key: answer
            for question in self.framework.questions(self.pathway)
            if (answer := self._answer(question)) != Answer()
        }
        if self.reading.faults:
            raise self.reading.error()
        sheet = AnswerSheet(
            self.framework.id, self.framework.version, self.pathway, city, year, invented, answers
        )
        return FilledSheet(self.framework, sheet, {})

    # Where things stand

    def _find_columns(self) -> _Columns:
        found = _Columns()
        names = {*self.known, *(about_name(each) for each in Field)}
        for (row, column), cell in sorted(self.tab.cells.items()):
            if row > 1:
                break
            pieces = _BETWEEN_GROUPS.split(cell_text(cell))
            at = next((number for number, piece in enumerate(pieces) if piece in names), None)
            if at is None:
                continue
            if pieces[at + 1 :]:
                taken = found.options.setdefault(pieces[at], {}).setdefault(pieces[-1], column)
            else:
                taken = found.fields.setdefault(pieces[at], column)
            if taken != column:
                found_twice = f"the column {quoted(cell_text(cell))} a second time"
                self.reading.complain(Place(0, row, column), found_twice, "each column only once")
        missing = [
            about_name(each)
            for each in (Field.FRAMEWORK, Field.VERSION, Field.PATHWAY, Field.CITY, Field.YEAR)
            if about_name(each) not in found.fields
        ]
        if missing:
            names_missing = " and ".join(f"no column “{name}”" for name in missing)
            expected = (
                "an export of a form that was written here, with “XML values and headers” in place of labels"
            )
            self.reading.complain(Place(0, 0, 0), names_missing, expected)
            raise self.reading.error()
        return found

    def _find_submission(self) -> int:
        ours = {*self.columns.fields.values()}
        ours.update(column for options in self.columns.options.values() for column in options.values())
        rows = sorted({row for row, column in self.tab.cells if row > 1 and column in ours})
        if len(rows) != 1:
            named = [self._submission_in_words(row) for row in rows[:_MOST_NAMED]]
            named += ["…"] * (len(rows) > _MOST_NAMED)
            found = f"{len(rows)} submissions: {'; '.join(named)}" if rows else "no submission"
            expected = "one submission: delete the other rows, or export only the one that counts"
            self.reading.complain(Place(0, 0, 0), found, expected if rows else "one submission")
            raise self.reading.error()
        return rows[0]

    def _submission_in_words(self, row: int) -> str:
        times = [column for (at, column), cell in self.tab.cells.items() if at == 1 and cell.value in _TIMES]
        about = [self.columns.fields[about_name(each)] for each in (Field.CITY, Field.YEAR)]
        said = [cell_text(self.tab.cells.get((row, column))) for column in [*about, *times]]
        return " ".join([f"row {row}:", *map(shortened, filter(None, said))]).rstrip(":")

    def _place(self, name: str) -> Place:
        return Place(0, self.row, self.columns.fields[name])

    def _cell(self, name: str) -> SheetCell | None:
        """None also where it cannot be read; then there is a complaint."""
        if name not in self.columns.fields:
            return None
        cell = self.tab.cells.get((self.row, self.columns.fields[name]))
        return None if self.reading.complain_of_trouble(self._place(name), cell) else cell

    def _text(self, name: str) -> str:
        return cell_text(self._cell(name))

    def _one_of(self, name: str, meanings: Mapping[str, Meaning]) -> Meaning | None:
        """What the chosen option means; None where none is chosen, or an unknown one after a complaint."""
        text = self._text(name)
        if text and text not in meanings:
            self.reading.complain(self._place(name), quoted(text), _any_of(meanings))
        return meanings.get(text)

    # What they say

    def _complain_of_another_form(self) -> None:
        ours = {
            Field.FRAMEWORK: self.framework.id,
            Field.VERSION: str(self.framework.version),
            Field.PATHWAY: self.pathway.value,
        }
        for each, expected in ours.items():
            text = self._text(about_name(each))
            if text != expected:
                found = f"the {each} {quoted(text)}"
                self.reading.complain(self._place(about_name(each)), found, f"“{expected}”")

    def _city(self) -> str:
        city = self._text(about_name(Field.CITY))
        if not city:
            self.reading.complain(self._place(about_name(Field.CITY)), "a blank cell", "the name of the city")
        return city

    def _year(self) -> int:
        text = self._text(about_name(Field.YEAR))
        year = read_year(text)
        if year is None:
            expected = f"the year that the answers describe, from {FIRST_YEAR} to {LAST_YEAR}"
            self.reading.complain(self._place(about_name(Field.YEAR)), quoted(text), expected)
        return year or 0

    def _invented(self) -> bool:
        return self._one_of(about_name(Field.INVENTED), {YES: True, NO: False}) or False

    def _answer(self, question: Question) -> Answer:
        value = self._value(question)
        reason = self._text(FormField(question, Part.REASON).name)
        not_applicable = self._does_not_apply(question, reason, answered=value is not None)
        note, evidence = (self._text(FormField(question, part).name) for part in (Part.NOTE, Part.EVIDENCE))
        return Answer(None if not_applicable else value, not_applicable, reason, note, evidence)

    def _does_not_apply(self, question: Question, reason: str, *, answered: bool) -> bool:
        name = FormField(question, Part.NOT_APPLICABLE).name
        said = self._one_of(name, {YES: True, NO: False}) or False
        if said and answered:
            self.reading.complain(self._place(name), "“does not apply” beside an answer", "one of the two")
        elif said and not reason:
            self.reading.complain(self._place(name), "“does not apply” without a reason", "the reason")
        return said

    def _value(self, question: Question) -> Value | None:
        answer, years = (FormField(question, part).name for part in (Part.ANSWER, Part.YEARS))
        match question.type:
            case QuestionType.MULTIPLE:
                return self._chosen(question, answer)
            case QuestionType.NUMBER:
                return self._number(question, answer)
            case QuestionType.PERIOD:
                number = self._number(question, years)
                never = self._one_of(answer, {NEVER: True, YEARS_CHOICE: False})
                if never and number is not None:
                    self.reading.complain(self._place(years), f"“{NEVER}” beside a number", "one of the two")
                return NEVER if never else number
        return self._one_of(answer, {plain_name(option.key): option.key for option in question.options})

    def _number(self, question: Question, name: str) -> float | None:
        cell = self._cell(name)
        if cell is None:
            return None
        number = within_scale(question, _read_figure(cell))
        if number is None:
            self.reading.complain(self._place(name), quoted(cell_text(cell)), accepted_numbers(question))
        return number

    def _chosen(self, question: Question, name: str) -> tuple[str, ...] | None:
        keys = {plain_name(option.key): option.key for option in question.options}
        named = self._named_together(name, keys) if name in self.columns.fields else self._ticked(name, keys)
        chosen = tuple(key for option, key in keys.items() if option in named)
        if question.exclusive in chosen and len(chosen) > 1:
            column = self.columns.fields.get(name) or self.columns.options[name][named[0]]
            found = f"“{plain_name(question.exclusive)}” together with other answers"
            self.reading.complain(Place(0, self.row, column), found, "it alone, or the others without it")
        return chosen or None

    def _named_together(self, name: str, keys: Mapping[str, str]) -> list[str]:
        named = self._text(name).split()
        for option in named:
            if option not in keys:
                self.reading.complain(self._place(name), quoted(option), f"some of {_listed(keys)}")
        return named

    def _ticked(self, name: str, keys: Mapping[str, str]) -> list[str]:
        ticked = []
        for option, column in self.columns.options.get(name, {}).items():
            place, cell = Place(0, self.row, column), self.tab.cells.get((self.row, column))
            if cell is None or self.reading.complain_of_trouble(place, cell):
                continue
            mark = _TICKED.get(cell_text(cell).casefold())
            if option not in keys:
                self.reading.complain(place, f"the unknown option {quoted(option)}", _any_of(keys))
            elif mark is None:
                self.reading.complain(place, quoted(cell_text(cell)), "“1”, “0” or a blank cell")
            elif mark:
                ticked.append(option)
        return ticked


def _read_figure(cell: SheetCell) -> float | None:
    """A number as programs write it; one with a decimal comma comes from a spreadsheet in between."""
    if isinstance(cell.value, float):
        return cell.value
    text = cell_text(cell)
    return float(text) if _PLAIN_NUMBER.fullmatch(text) else read_number(text, [])


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _any_of(names: Mapping[str, object]) -> str:
    return f"one of {_listed(names)}"
