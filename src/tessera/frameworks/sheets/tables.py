"""Plain tables in a spreadsheet, for reading: nothing in them is to be filled in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tessera.frameworks.sheets.drawing import EDGE, INK, PALE, fit_to_print, letters, put

POINTS, SHARE, DAY = "0", "0.0%", "yyyy-mm-dd"

Value = str | float | date | None
"""Of a cell; None leaves it empty. A text is stored as text and never becomes a formula."""


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    width: int
    """In characters."""
    format: str = ""
    """A number format of spreadsheets; empty for texts."""


def write_table(sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
    """Write a header and rows of as many cells into an empty tab.

    The tab gets no filter, which would offer to sort what is not to be ranked.

    Raises
    ------
    ValueError
        A row has more or fewer cells than there are columns.
    """
    for number, column in enumerate(columns, 1):
        put(sheet, 1, number, column.label, font=letters(bold=True, color=INK), fill=PALE, border=EDGE)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for row, values in enumerate(rows, 2):
        for number, (value, column) in enumerate(zip(values, columns, strict=True), 1):
            if value is None:
                continue
            cell = put(sheet, row, number, "" if isinstance(value, date) else value)
            if isinstance(value, date):
                cell.value = value
            if column.format:
                cell.number_format = column.format
    sheet.freeze_panes = "B2"
    fit_to_print(sheet, landscape=True)


def write_facts(sheet: Worksheet, title: str, facts: Iterable[tuple[str, str]]) -> None:
    """Write a title and pairs of a term and what is said of it into an empty tab."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 90
    put(sheet, 1, 1, title, font=letters(size=16, bold=True, color=INK))
    for row, (term, said) in enumerate(facts, 3):
        put(sheet, row, 1, term, font=letters(bold=True))
        put(sheet, row, 2, said)
    fit_to_print(sheet, landscape=False)
