"""Writes a workbook of tables that are only read: a tab that says what they are, and one for each table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tessera.frameworks.sheets.drawing import EDGE, INK, PALE, fit_to_print, letters, put

Value = str | float | date | None
"""What a cell holds; None and an empty text leave it empty."""


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    width: int
    """In characters."""
    number_format: str = ""
    """As spreadsheets write it, such as ``0.0%``."""


@dataclass(frozen=True, slots=True)
class TableTab:
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def write_tables(
    *,
    title: str,
    about_title: str,
    about: Sequence[tuple[str, str]],
    tabs: Sequence[TableTab],
    language: str,
    target: Path | BinaryIO,
) -> None:
    """Write tables as an XLSX workbook.

    Every text is stored as text: none becomes a formula, whatever it begins with. No table has a filter,
    which would offer to sort it.

    Parameters
    ----------
    title : str
        Of the workbook; stands on its first tab, too.
    about_title : str
        Of the first tab.
    about : sequence of (str, str)
        Pairs of a term and what is said to it.
    tabs : sequence of TableTab
        Numbers keep their full precision. A value that is missing leaves its cell empty.
    language : str
        Of the texts.
    target : Path or binary file
        An existing file is overwritten.
    """
    book = Workbook()
    book.properties.title = title
    book.properties.creator = "Tessera"
    book.properties.language = language
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = about_title
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 24, 90
    heading = put(first, 1, 1, title, font=letters(size=16, bold=True, color=INK))
    heading.alignment = Alignment(wrap_text=False)
    for row, (term, said) in enumerate(about, 3):
        put(first, row, 1, term, font=letters(bold=True))
        put(first, row, 2, said)
    fit_to_print(first, landscape=False)
    for tab in tabs:
        _write_tab(book.create_sheet(tab.title), tab)
    book.save(target)


def _write_tab(sheet: Worksheet, tab: TableTab) -> None:
    for number, column in enumerate(tab.columns, 1):
        put(sheet, 1, number, column.label, font=letters(bold=True, color=INK), fill=PALE, border=EDGE)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for row, values in enumerate(tab.rows, 2):
        for number, (column, value) in enumerate(zip(tab.columns, values, strict=True), 1):
            if value is None:
                continue
            cell = put(sheet, row, number, "" if isinstance(value, date) else value)
            if isinstance(value, date):
                cell.value = value
            if column.number_format:
                cell.number_format = column.number_format
    # The headings and the first column stay in sight.
    sheet.freeze_panes = "B2"
    fit_to_print(sheet, landscape=True)
