"""Writes the tab of one area: a row for each question, with its help and the cells to fill."""

from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tessera.frameworks.answers import Answer
from tessera.frameworks.schema import Area, Question, QuestionType
from tessera.frameworks.sheets.drawing import (
    EDGE,
    FAINT,
    INK,
    NOT_TO_FILL,
    PALE,
    TO_FILL,
    Lists,
    letters,
    open_to_fill,
    put,
    restrict,
    set_height,
)
from tessera.frameworks.sheets.edition import Edition
from tessera.frameworks.sheets.guidance import how_to_answer, why_we_ask
from tessera.frameworks.sheets.layout import Column, column_headings, option_row_key, yes_and_no
from tessera.frameworks.sheets.marks import answer_mark
from tessera.frameworks.words import catalogue, rule_in_words

_FIRST_ROW_OF_QUESTIONS = 4
_WIDTHS = {
    Column.KEY: 16,
    Column.QUESTION: 40,
    Column.HELP: 46,
    Column.ACCEPTED: 24,
    Column.WEIGHT: 8,
    Column.ANSWER: 20,
    Column.NOT_APPLICABLE: 10,
    Column.REASON: 20,
    Column.NOTE: 24,
    Column.EVIDENCE: 24,
}
"""In characters, as spreadsheet programs count them."""
_NUMBERS = {column: number for number, column in enumerate(Column, 1)}
_LAST_SEEN = _NUMBERS[Column.EVIDENCE]
_FILLED_BY_THE_CITY = (Column.ANSWER, Column.NOT_APPLICABLE, Column.REASON, Column.NOTE, Column.EVIDENCE)


def write_area_tab(sheet: Worksheet, area: Area, edition: Edition, lists: Lists) -> None:
    _AreaTab(sheet, edition, lists).write(area)


class _AreaTab:
    def __init__(self, sheet: Worksheet, edition: Edition, lists: Lists) -> None:
        self.sheet, self.edition, self.lists = sheet, edition, lists
        self.row = _FIRST_ROW_OF_QUESTIONS

    def write(self, area: Area) -> None:
        self._write_headings(area)
        if self.edition.filled is not None:
            self._write_marks_heading()
        for question in area.asked(self.edition.pathway):
            self._write_question(question)
        self.sheet.freeze_panes = "C3"
        self.sheet.print_title_rows = "2:2"
        self.sheet.print_area = f"A1:{get_column_letter(_LAST_SEEN)}{self.row - 1}"

    def _write_headings(self, area: Area) -> None:
        for column, heading in column_headings(self.edition.language).items():
            number = _NUMBERS[column]
            self.sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[column]
            put(self.sheet, 1, number, column)
            put(
                self.sheet, 2, number, heading, font=letters(bold=True, color="FFFFFF"), fill=INK, border=EDGE
            )
        self.sheet.row_dimensions[1].hidden = True
        self.sheet.row_dimensions[2].height = 48
        text = self.edition.text.areas[area.key]
        # Not in the first column: whatever stands there is read as a key.
        about, first = f"{text.title}. {text.about}", _NUMBERS[Column.QUESTION]
        put(self.sheet, 3, first, about, font=letters(italic=True, color=INK), fill=PALE)
        self.sheet.merge_cells(start_row=3, end_row=3, start_column=first, end_column=_LAST_SEEN)
        set_height(self.sheet, 3, [(about, sum(_WIDTHS.values()) - _WIDTHS[Column.KEY])])

    def _write_marks_heading(self) -> None:
        number = _NUMBERS[Column.MARK]
        # The id in both rows: whoever deletes the hidden row keeps the marks, and nobody needs a heading.
        for row in (1, 2):
            put(self.sheet, row, number, Column.MARK)
        self.sheet.column_dimensions[get_column_letter(number)].hidden = True

    def _write_question(self, question: Question) -> None:
        answer, filled = self.edition.answer(question), self.edition.filled
        if filled is not None:
            mark = answer_mark(question, answer, city=filled.city, year=filled.year)
            self._put(Column.MARK, mark)
        texts = self._texts(question)
        for column, words in texts.items():
            self._put(column, words)
        self._put(Column.QUESTION, texts[Column.QUESTION], font=letters(bold=True))
        self._put(Column.WEIGHT, float(question.weight), horizontal="center")
        entries = {Column.REASON: answer.reason, Column.NOTE: answer.note, Column.EVIDENCE: answer.evidence}
        for column, words in entries.items():
            self._put(column, words, to_fill=column is not Column.REASON or question.may_not_apply)
        self._write_does_not_apply(question, answer)
        set_height(
            self.sheet, self.row, [(words, _WIDTHS[column]) for column, words in (texts | entries).items()]
        )
        if question.type is QuestionType.MULTIPLE:
            self._put(Column.ANSWER, "")
            self.row += 1
            self._write_options(question, answer)
        else:
            self._write_answer(question, answer)
            self.row += 1

    def _texts(self, question: Question) -> dict[Column, str]:
        _ = catalogue(self.edition.language).gettext
        text = self.edition.text.questions[question.key]
        help_ = [text.help, why_we_ask(self.edition.framework, question, language=self.edition.language)]
        if question.when is not None:
            condition = rule_in_words(self.edition.framework, question.when, language=self.edition.language)
            help_.insert(0, _("Asked only if {condition}.").format(condition=condition))
        return {
            Column.KEY: question.key,
            Column.QUESTION: text.text,
            Column.HELP: "\n".join(help_),
            Column.ACCEPTED: self._how_to_answer(question),
        }

    def _how_to_answer(self, question: Question) -> str:
        return how_to_answer(self.edition.framework, question, language=self.edition.language)

    def _write_does_not_apply(self, question: Question, answer: Answer) -> None:
        language = self.edition.language
        yes, _ = yes_and_no(language)
        mark = yes if answer.not_applicable else ""
        cell = self._put(Column.NOT_APPLICABLE, mark, to_fill=question.may_not_apply)
        if question.may_not_apply:
            self.lists.offer(cell, (yes,), language=language)

    def _write_answer(self, question: Question, answer: Answer) -> None:
        labels, language = self.edition.text.questions[question.key].options, self.edition.language
        shown = labels[answer.value] if isinstance(answer.value, str) else answer.value
        assert not isinstance(shown, tuple)
        cell = self._put(Column.ANSWER, "" if shown is None else shown, to_fill=True, horizontal="left")
        match question.type:
            case QuestionType.NUMBER:
                low, high = (str(float(bound)) for bound in question.bounds)
                allowed = DataValidation("decimal", operator="between", formula1=low, formula2=high)
            case QuestionType.PERIOD:
                at = cell.coordinate
                low, high = (str(float(bound)) for bound in question.bounds)
                choices = [f"AND(ISNUMBER({at}),{at}>={low},{at}<={high})"]
                choices += [f'{at}="{label.replace(chr(34), chr(34) * 2)}"' for label in labels.values()]
                allowed = DataValidation("custom", formula1=f"OR({','.join(choices)})")
            case _:
                self.lists.offer(
                    cell, tuple(labels[option.key] for option in question.options), language=language
                )
                return
        cell.number_format = "General"
        restrict(cell, allowed, self._how_to_answer(question), language=language)

    def _write_options(self, question: Question, answer: Answer) -> None:
        labels, language = self.edition.text.questions[question.key].options, self.edition.language
        yes, _ = yes_and_no(language)
        chosen = answer.value if isinstance(answer.value, tuple) else ()
        for option in question.options:
            label, key = labels[option.key], option_row_key(question, option.key)
            for column in column_headings(language):
                self._put(column, "")
            self._put(Column.KEY, key)
            self._put(Column.QUESTION, label, indent=2)
            cell = self._put(Column.ANSWER, yes if option.key in chosen else "", to_fill=True)
            self.lists.offer(cell, (yes,), language=language)
            widths = [(label, _WIDTHS[Column.QUESTION] - 4), (key, 1.3 * _WIDTHS[Column.KEY])]
            set_height(self.sheet, self.row, widths)
            self.row += 1

    def _put(
        self,
        column: Column,
        value: str | float,
        *,
        to_fill: bool = False,
        font: Font | None = None,
        horizontal: str | None = None,
        indent: int = 0,
    ) -> Cell:
        fill = TO_FILL if to_fill else NOT_TO_FILL if column in _FILLED_BY_THE_CITY else None
        if column is Column.KEY:
            font = letters(size=8, color=FAINT)
        cell = put(
            self.sheet,
            self.row,
            _NUMBERS[column],
            value,
            font=font,
            fill=fill,
            border=EDGE,
            horizontal=horizontal,
            indent=indent,
        )
        if to_fill:
            open_to_fill(cell)
        return cell
