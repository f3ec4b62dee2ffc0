"""Reads the tabs of the areas in an answer sheet: one row for each question, or for each of its options."""

from collections.abc import Mapping
from dataclasses import dataclass

from tessera.frameworks.answers import Answer
from tessera.frameworks.errors import SheetFault
from tessera.frameworks.schema import NEVER, Area, Framework, Pathway, Question, QuestionType
from tessera.frameworks.sheets.faults import Place, SheetReading, quoted, rows_of_texts
from tessera.frameworks.sheets.layout import (
    Column,
    asked_areas,
    column_headings,
    option_row_key,
    row_keys,
    tab_names,
)
from tessera.frameworks.sheets.values import (
    accepted_numbers,
    cell_text,
    languages_from,
    option_words,
    plain,
    read_mark,
    read_number,
    units_of,
    within_scale,
)
from tessera.frameworks.sheets.workbook_cells import SheetCell
from tessera.frameworks.when_rules import Value
from tessera.frameworks.words import catalogue


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of an area's tab that has a key."""

    tab: int
    number: int
    columns: Mapping[Column, int]
    cells: Mapping[tuple[int, int], SheetCell]

    def place(self, column: Column) -> Place:
        # Where the sheet lacks a column, the key stands for the row.
        return Place(self.tab, self.number, self.columns.get(column, self.columns[Column.KEY]))

    def cell(self, column: Column) -> SheetCell | None:
        return self.cells.get((self.number, self.columns[column])) if column in self.columns else None

    def text(self, column: Column) -> str:
        return cell_text(self.cell(column))


class AreaTabs:
    """The tabs with the answers."""

    def __init__(
        self, reading: SheetReading, framework: Framework, pathway: Pathway, language: str, *, skip: int
    ) -> None:
        self.reading, self.framework, self.pathway, self.language = reading, framework, pathway, language
        self.languages = languages_from(framework, language)
        self.asked = {
            key: area
            for area in asked_areas(framework, pathway)
            for question in area.asked(pathway)
            for key in row_keys(question)
        }
        """The area of each key that the pathway asks."""
        self.known = {key for question in framework.questions() for key in row_keys(question)}
        self.rows: dict[str, _Row] = {}
        self.areas_with_tab: set[str] = set()
        for number in range(len(reading.tabs)):
            if number != skip:
                self._read_tab(number)

    def answers(self) -> dict[str, Answer]:
        found: dict[str, Answer] = {}
        for area in asked_areas(self.framework, self.pathway):
            for question in area.asked(self.pathway):
                row = self.rows.get(question.key)
                answer = self._answer(question, row) if row else None
                if answer is not None:
                    found[question.key] = answer
            self._complain_of_missing_tab(area)
        return found

    def marks(self) -> dict[str, str]:
        """By the question's key; empty in a sheet that was written without answers."""
        found = {
            question.key: self.rows[question.key].text(Column.MARK)
            for question in self.framework.questions(self.pathway)
            if question.key in self.rows
        }
        return {key: mark for key, mark in found.items() if mark}

    # Which rows there are

    def _read_tab(self, number: int) -> None:
        tab = self.reading.tabs[number]
        area = self._area_by_name(tab.name)
        if area is not None:
            self.areas_with_tab.add(area)
        row, columns = self._headings(number)
        if Column.KEY not in columns or Column.ANSWER not in columns:
            # Only a tab of this questionnaire must have them; people add tabs of their own.
            if area is not None:
                missing = [f"“{column}”" for column in (Column.KEY, Column.ANSWER) if column not in columns]
                self.reading.complain(
                    Place(number, 0, 0),
                    f"no column {' and no column '.join(missing)}",
                    "the hidden first row as it was when the sheet was made",
                )
            return
        for at in sorted({at for at, _ in tab.cells if at > row}):
            self._take_row(_Row(number, at, columns, tab.cells))

    def _headings(self, number: int) -> tuple[int, Mapping[Column, int]]:
        """The first row that names at least two columns: by ids, or by headings in any language."""
        meanings = {str(column): column for column in Column}
        for language in self.languages:
            for column, heading in column_headings(language).items():
                meanings.setdefault(plain(heading), column)
        for row, texts in rows_of_texts(self.reading.tabs[number]):
            named = [(meanings[text], place) for text, place in texts if text in meanings]
            columns: dict[Column, int] = {}
            if len(named) < 2:
                continue
            for column, place in named:
                if columns.setdefault(column, place) != place:
                    found = f"the column “{column}” a second time"
                    self.reading.complain(Place(number, row, place), found, "each column only once")
            return row, columns
        return 0, {}

    def _take_row(self, row: _Row) -> None:
        place = row.place(Column.KEY)
        if self.reading.complain_of_trouble(place, row.cell(Column.KEY)):
            return
        key = plain(row.text(Column.KEY))
        if not key:
            if row.text(Column.ANSWER) or row.cell(Column.ANSWER):
                found = f"the answer {quoted(row.text(Column.ANSWER))} in a row without a key"
                expected = "the key of its question in the first column, or a blank cell"
                self.reading.complain(row.place(Column.ANSWER), found, expected)
        elif key in self.rows:
            first = self.rows[key]
            where = f"{quoted(self.reading.tabs[first.tab].name)}, row {first.number}"
            self.reading.complain(
                place, f"the key {quoted(key)} a second time", f"it only once (see {where})"
            )
        elif key in self.asked:
            self.rows[key] = row
            self.areas_with_tab.add(self.asked[key].key)
        elif key in self.known:
            if row.text(Column.ANSWER):
                found = f"an answer to {quoted(key)}, which the {self.pathway} pathway does not ask"
                self.reading.complain(row.place(Column.ANSWER), found, "a blank cell")
        elif key not in {plain(column_headings(language)[Column.KEY]) for language in self.languages}:
            title = f"{self.framework.id}, version {self.framework.version}"
            self.reading.complain(
                place, f"the unknown key {quoted(key)}", f"the key of a question of {title}"
            )

    def _area_by_name(self, name: str) -> str | None:
        for language in self.languages:
            for area, title in tab_names(self.framework, pathway=self.pathway, language=language).items():
                if plain(title) == plain(name):
                    return area
        return None

    def _complain_of_missing_tab(self, area: Area) -> None:
        # A city may leave an optional area out whole.
        if area.key not in self.areas_with_tab and not area.optional:
            title = self.framework.text(self.language).areas[area.key].title
            last = len(self.reading.tabs) - 1
            fault = SheetFault("", "", "no tab with its questions", f"a tab for the area “{title}”")
            self.reading.add_fault(Place(last + 1, 0, 0), fault)

    # What a question's rows say

    def _answer(self, question: Question, row: _Row) -> Answer | None:
        value = self._value(question, row)
        not_applicable = self._does_not_apply(question, row, answered=value is not None)
        texts = [self._free_text(row, column) for column in (Column.REASON, Column.NOTE, Column.EVIDENCE)]
        if value is None and not not_applicable and not any(texts):
            return None
        reason, note, evidence = texts
        return Answer(None if not_applicable else value, not_applicable, reason, note, evidence)

    def _free_text(self, row: _Row, column: Column) -> str:
        if self.reading.complain_of_trouble(row.place(column), row.cell(column)):
            return ""
        return row.text(column)

    def _does_not_apply(self, question: Question, row: _Row, *, answered: bool) -> bool:
        place, complain = row.place(Column.NOT_APPLICABLE), self.reading.complain
        mark = self._mark(row, Column.NOT_APPLICABLE)
        if mark and not question.may_not_apply:
            complain(place, "“does not apply”", "an answer: this question applies to every city")
        elif mark and answered:
            complain(place, "“does not apply” beside an answer", "one of the two")
        elif mark and not row.cell(Column.REASON):
            complain(place, "“does not apply” without a reason", "the reason beside it")
        return mark

    def _mark(self, row: _Row, column: Column) -> bool:
        if self.reading.complain_of_trouble(row.place(column), row.cell(column)):
            return False
        mark = read_mark(row.text(column), self.languages)
        if mark is None:
            yes = catalogue(self.language).gettext("yes")
            self.reading.complain(row.place(column), quoted(row.text(column)), f"“{yes}” or a blank cell")
        return bool(mark)

    def _value(self, question: Question, row: _Row) -> Value | None:
        if question.type is QuestionType.MULTIPLE:
            return self._chosen(question, row)
        place, cell, text = row.place(Column.ANSWER), row.cell(Column.ANSWER), row.text(Column.ANSWER)
        if cell is None or self.reading.complain_of_trouble(place, cell):
            return None
        options = option_words(self.framework, question, language=self.language)
        if plain(text) in options:
            return options[plain(text)]
        if question.type in (QuestionType.NUMBER, QuestionType.PERIOD):
            return self._number(question, cell, place)
        self.reading.complain(place, quoted(text), self._accepted(question))
        return None

    def _number(self, question: Question, cell: SheetCell, place: Place) -> float | None:
        if isinstance(cell.value, float):
            number: float | None = cell.value
        else:
            number = read_number(cell_text(cell), units_of(self.framework, question))
        number = within_scale(question, number)
        if number is None:
            self.reading.complain(place, quoted(cell_text(cell)), self._accepted(question))
        return number

    def _accepted(self, question: Question) -> str:
        labels = self.framework.text(self.language).questions[question.key].options
        if question.type is QuestionType.NUMBER:
            return accepted_numbers(question)
        if question.type is QuestionType.PERIOD:
            number = accepted_numbers(question)
            return f"{number}, or “{labels[NEVER]}”" if question.options else number
        return "one of " + ", ".join(f"“{labels[option.key]}”" for option in question.options)

    def _chosen(self, question: Question, row: _Row) -> tuple[str, ...] | None:
        if row.cell(Column.ANSWER):
            found = f"{quoted(row.text(Column.ANSWER))} in the row of the question"
            self.reading.complain(row.place(Column.ANSWER), found, "“yes” in the rows of its options below")
        chosen: dict[str, _Row] = {}
        for option in question.options:
            option_row = self.rows.get(option_row_key(question, option.key))
            if option_row is not None:
                self._complain_of_asides(option_row)
                if self._mark(option_row, Column.ANSWER):
                    chosen[option.key] = option_row
        if question.exclusive in chosen and len(chosen) > 1:
            label = self.framework.text(self.language).questions[question.key].options[question.exclusive]
            self.reading.complain(
                chosen[question.exclusive].place(Column.ANSWER),
                f"“{label}” together with other answers",
                "it alone, or the others without it",
            )
        return tuple(chosen) or None

    def _complain_of_asides(self, row: _Row) -> None:
        for column in (Column.NOT_APPLICABLE, Column.REASON, Column.NOTE, Column.EVIDENCE):
            if row.cell(column):
                found = f"{quoted(row.text(column))} in the row of an option"
                self.reading.complain(row.place(column), found, "it in the row of the question above")
