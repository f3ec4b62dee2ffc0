"""Writes the first tab of an answer sheet: what it is, how to fill it, whose answers it holds."""

from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from tessera.frameworks.schema import Area
from tessera.frameworks.sheets.drawing import (
    EDGE,
    INK,
    LINK,
    NOT_TO_FILL,
    TO_FILL,
    WARNING,
    Lists,
    letters,
    open_to_fill,
    put,
    restrict,
    set_height,
)
from tessera.frameworks.sheets.edition import Edition
from tessera.frameworks.sheets.layout import (
    FIRST_YEAR,
    LAST_YEAR,
    Field,
    StartColumn,
    field_labels,
    start_tab_name,
    yes_and_no,
)
from tessera.frameworks.words import catalogue

_FIELD, _LABEL, _VALUE, _HINT = range(1, 5)
_WIDTHS = {_LABEL: 38, _VALUE: 36, _HINT: 68}
"""In characters, as spreadsheet programs count them."""

Fact = tuple[Field, str | int, str]
"""A field, its value, and a hint."""


def write_start_tab(sheet: Worksheet, edition: Edition, lists: Lists) -> None:
    _StartTab(sheet, edition, lists).write()


class _StartTab:
    def __init__(self, sheet: Worksheet, edition: Edition, lists: Lists) -> None:
        self.sheet, self.edition, self.lists = sheet, edition, lists
        self.row = 1

    def write(self) -> None:
        _, text = catalogue(self.edition.language).gettext, self.edition.text
        self._prepare()
        self._line(text.title, font=letters(size=20, bold=True, color=INK), height=32)
        self._line(text.description)
        if self.edition.invented:
            self._line(self.edition.invented_in_full, font=letters(bold=True), fill=WARNING)
        self._heading(_("About these answers"))
        for fact in self._facts_to_fill():
            self._limit(self._fact(fact, fill=TO_FILL), fact)
        self._heading(_("How to fill this sheet"))
        for step in self._instructions():
            self._line(step)
        self._heading(_("The areas"))
        self._areas()
        self._heading(_("For the program: please leave as it is"))
        for fact in self._facts_of_the_sheet():
            self._fact(fact, fill=NOT_TO_FILL)

    def _prepare(self) -> None:
        self.sheet.title = start_tab_name(self.edition.language)
        for number, column in enumerate(StartColumn, 1):
            put(self.sheet, 1, number, column)
        self.sheet.row_dimensions[1].hidden = True
        self.sheet.column_dimensions["A"].hidden = True
        for letter, width in zip("BCD", _WIDTHS.values(), strict=True):
            self.sheet.column_dimensions[letter].width = width
        self.sheet.sheet_view.showGridLines = False

    def _instructions(self) -> list[str]:
        _ = catalogue(self.edition.language).gettext
        return [
            _("1. Fill the city and the year above. Then open the tabs, in any order; each holds one area."),
            _("2. Fill the yellow cells only. Where a cell offers a list, choose from the list."),
            _("3. You do not know? Leave the answer blank. A blank answer counts as missing, never as zero."),
            _("4. Where “does not apply” is offered, choose “yes” there and write the reason beside it."),
            _("5. Where several answers are possible, choose “yes” beside each one that is true."),
            _("6. A note or a link to evidence helps those who read your answers."),
            _("7. Save the file as XLSX. You may add rows and columns: only rows with a key are read."),
        ]

    def _facts_to_fill(self) -> list[Fact]:
        _, filled = catalogue(self.edition.language).gettext, self.edition.filled
        yes, no = yes_and_no(self.edition.language)
        return [
            (Field.CITY, filled.city if filled else "", _("The name of the city.")),
            (Field.YEAR, filled.year if filled else "", _("Four digits, for example 2023.")),
            (
                Field.INVENTED,
                yes if self.edition.invented else no,
                _("“yes” only for a trial or a demonstration. Every report will then say so."),
            ),
        ]

    def _limit(self, cell: Cell, fact: Fact) -> None:
        field, _, hint = fact
        language = self.edition.language
        open_to_fill(cell)
        if field is Field.YEAR:
            cell.number_format = "0"
            years = DataValidation(
                "whole", formula1=str(FIRST_YEAR), formula2=str(LAST_YEAR), operator="between"
            )
            restrict(cell, years, hint, language=language)
        elif field is Field.INVENTED:
            self.lists.offer(cell, yes_and_no(language), language=language)

    def _facts_of_the_sheet(self) -> list[Fact]:
        _, edition = catalogue(self.edition.language).gettext, self.edition
        return [
            (Field.FRAMEWORK, edition.framework.id, _("Which questionnaire this is.")),
            (Field.VERSION, edition.framework.version, _("The version of the questionnaire.")),
            (Field.PATHWAY, edition.pathway.value, _("“core” is the short form, “full” all questions.")),
            (Field.LANGUAGE, edition.language, _("The language of this sheet.")),
        ]

    def _fact(self, fact: Fact, *, fill: str) -> Cell:
        field, value, hint = fact
        self.row += 1
        label = field_labels(self.edition.language)[field]
        put(self.sheet, self.row, _FIELD, field)
        put(self.sheet, self.row, _LABEL, label, font=letters(bold=True), border=EDGE)
        put(self.sheet, self.row, _HINT, hint, border=EDGE)
        set_height(self.sheet, self.row, [(label, _WIDTHS[_LABEL]), (hint, _WIDTHS[_HINT])])
        # Numbers would stand at the right edge, far from their label.
        return put(self.sheet, self.row, _VALUE, value, border=EDGE, fill=fill, horizontal="left")

    def _areas(self) -> None:
        _, edition = catalogue(self.edition.language).gettext, self.edition
        for area in edition.framework.areas:
            parts = [part for part in area.plain_areas() if part.key in edition.tabs]
            if area.composite and parts:
                self._area(area, _("weight {weight}").format(weight=edition.number(area.weight)), indent=0)
            for part in parts:
                facts = _("questions: {count} · weight {weight}").format(
                    count=len(part.asked(edition.pathway)), weight=edition.number(part.weight)
                )
                if part.optional:
                    facts += " · " + _("optional")
                self._area(part, facts, indent=2 if area.composite else 0)

    def _area(self, area: Area, facts: str, *, indent: int) -> None:
        self.row += 1
        text, tab = self.edition.text.areas[area.key], self.edition.tabs.get(area.key)
        font = letters(color=LINK, underlined=True) if tab else letters(bold=True)
        label = put(self.sheet, self.row, _LABEL, text.title, border=EDGE, font=font, indent=indent)
        if tab:
            label.hyperlink = Hyperlink(
                ref=label.coordinate, location="'{}'!B4".format(tab.replace("'", "''")), display=text.title
            )
        put(self.sheet, self.row, _VALUE, facts, border=EDGE)
        put(self.sheet, self.row, _HINT, text.about, border=EDGE)
        set_height(
            self.sheet,
            self.row,
            [(text.title, _WIDTHS[_LABEL] - indent), (facts, _WIDTHS[_VALUE]), (text.about, _WIDTHS[_HINT])],
        )

    def _heading(self, words: str) -> None:
        self.row += 1
        self._line(words, font=letters(size=13, bold=True, color=INK), height=24)

    def _line(
        self, words: str, *, font: Font | None = None, fill: str | None = None, height: float | None = None
    ) -> None:
        self.row += 1
        put(self.sheet, self.row, _LABEL, words, font=font, fill=fill)
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=_LABEL, end_column=_HINT)
        if height is None:
            set_height(self.sheet, self.row, [(words, sum(_WIDTHS.values()))])
        else:
            self.sheet.row_dimensions[self.row].height = height
