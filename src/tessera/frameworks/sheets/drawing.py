"""How an answer sheet looks and behaves: texts that stay texts, drop-downs, row heights, print."""

import re
from collections.abc import Iterable
from math import ceil

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tessera.frameworks.words import catalogue
from tessera.frameworks.xml_signs import fit_for_xml

INK, PALE, LINE, FAINT, LINK = "1F3A4D", "EEF3F5", "C9D3D8", "6B7A83", "0B5A8A"
TO_FILL, NOT_TO_FILL, WARNING = "FFF9E5", "E9ECEE", "FBE3D6"
_SIDE = Side(style="thin", color=LINE)
EDGE = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
TEXT_FORMAT = "@"
"""Keeps a program from taking what is typed for a formula or a date."""
_HIGHEST_ROW_POINTS = 409
"""What a spreadsheet program allows."""


def letters(
    *,
    size: int = 11,
    bold: bool = False,
    italic: bool = False,
    underlined: bool = False,
    color: str = "000000",
) -> Font:
    # Without a name, programs fall back to a typeface of their own.
    return Font(
        name="Calibri",
        size=size,
        bold=bold,
        italic=italic,
        underline="single" if underlined else None,
        color=color,
    )


def put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: str | float,
    *,
    font: Font | None = None,
    fill: str | None = None,
    border: Border | None = None,
    horizontal: str | None = None,
    indent: int = 0,
) -> Cell:
    """Set a cell's value and look. A text stays a text, though openpyxl would make ``=1+1`` a formula."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        value = fit_for_xml(value)
        # Programs would read "_x0041_" as an escaped A.
        value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value)
        cell.value = value or None
        if value:
            cell.data_type = "s"
            # As if typed after an apostrophe: it remains text when someone edits the cell.
            cell.quotePrefix = value[0] in "=+-@\t\r"
    else:
        cell.value = value
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=horizontal, indent=indent)
    cell.font = font if font is not None else letters()
    if fill is not None:
        cell.fill = PatternFill("solid", fgColor=fill)
    if border is not None:
        cell.border = border
    return cell


def open_to_fill(cell: Cell) -> None:
    """Let a person write here, in a cell that keeps what is typed as text."""
    cell.protection = Protection(locked=False)
    cell.number_format = TEXT_FORMAT


def set_height(sheet: Worksheet, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Make a row as high as its longest text needs, given pairs of text and width in characters.

    Programs do not do it by themselves for every file, and for merged cells never.
    """
    lines = max(_lines(words, width) for words, width in texts)
    sheet.row_dimensions[row].height = min(15 * lines + 6, _HIGHEST_ROW_POINTS)


def _lines(words: str, width: float) -> int:
    # Generous where lines break early, as widths are counted in digits and most letters are narrower.
    return sum(max(1, ceil(len(line) / width)) for line in words.split("\n"))


def restrict(cell: Cell, allowed: DataValidation, message: str, *, language: str) -> None:
    """Let a cell take only what is allowed, or nothing; the message says what that is."""
    allowed.allow_blank = True
    allowed.showErrorMessage = True
    allowed.errorTitle = catalogue(language).gettext("This cannot be read")
    allowed.error = message[:255]  # what Excel allows
    allowed.add(cell)
    assert isinstance(cell.parent, Worksheet)
    cell.parent.add_data_validation(allowed)


class Lists:
    """The hidden tab with the words of the drop-downs: inside a rule, commas and length would break them."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._ranges: dict[tuple[str, ...], str] = {}
        sheet.sheet_state = "hidden"

    def offer(self, cell: Cell, labels: tuple[str, ...], *, language: str) -> None:
        """Make a drop-down of a cell."""
        if labels not in self._ranges:
            column = len(self._ranges) + 1
            for row, label in enumerate(labels, 1):
                put(self._sheet, row, column, label)
            letter = get_column_letter(column)
            self._ranges[labels] = f"{self._sheet.title}!${letter}$1:${letter}${len(labels)}"
        allowed = DataValidation("list", formula1=self._ranges[labels])
        restrict(
            cell, allowed, catalogue(language).gettext("Please choose from the list."), language=language
        )


def protect(sheet: Worksheet) -> None:
    """Without a password, against slips only."""
    sheet.protection.sheet = True
    # "Locked" is what is true in these fields: widening, colouring and adding for oneself stay open.
    sheet.protection.formatCells = sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.protection.insertRows = sheet.protection.insertColumns = False


def fit_to_print(sheet: Worksheet, *, landscape: bool) -> None:
    """A4, one page wide."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4


def set_header_and_footer(sheet: Worksheet, *, about: str, warning: str, warning_in_full: str) -> None:
    """On each printed page: what this is, the tab, page numbers, and the warning unless it is empty."""
    header, footer = sheet.oddHeader, sheet.oddFooter
    assert header is not None
    assert footer is not None
    header.left.text = _in_header(about)
    header.right.text = _in_header(sheet.title)
    footer.right.text = "&P / &N"
    if warning:
        header.center.text = _in_header(warning)
        footer.left.text = _in_header(warning_in_full)


def _in_header(words: str) -> str:
    """In headers and footers an ampersand begins a code."""
    return words.replace("&", "&&")
