"""A sheet while it is being read: its tabs, and every fault found so far."""

from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from tessera.frameworks.errors import SheetError, SheetFault
from tessera.frameworks.sheets.values import cell_text, plain
from tessera.frameworks.sheets.workbook_cells import SheetCell, Tab, Trouble

_ROWS_TO_LOOK_FOR_HEADINGS = 10
_LONGEST_QUOTATION = 60
MOST_FAULTS = 200
"""That are kept of one file: it bounds the memory that a file full of them takes."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, by the number of its tab (from 0), row and column (from 1)."""

    tab: int
    row: int
    column: int


class SheetReading:
    def __init__(self, tabs: tuple[Tab, ...]) -> None:
        self.tabs = tabs
        self.faults: list[tuple[Place, SheetFault]] = []
        self.further_faults = 0

    def complain(self, place: Place, found: str, expected: str) -> None:
        """A place without a row is the whole tab."""
        cell = f"{get_column_letter(place.column)}{place.row}" if place.row else ""
        self.add_fault(place, SheetFault(shortened(self.tabs[place.tab].name), cell, found, expected))

    def add_fault(self, place: Place, fault: SheetFault) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append((place, fault))
        else:
            self.further_faults += 1

    def error(self) -> SheetError:
        in_order = sorted(self.faults, key=lambda fault: (fault[0].tab, fault[0].row, fault[0].column))
        return SheetError((fault for _, fault in in_order), self.further_faults)

    def complain_of_trouble(self, place: Place, cell: SheetCell | None) -> bool:
        """Whether a cell cannot be read at all: a formula without a result, or an error."""
        match cell:
            case SheetCell(trouble=Trouble.NO_RESULT):
                self.complain(place, "a formula whose result is not saved", "the value itself, typed in")
            case SheetCell(value, Trouble.ERROR):
                self.complain(place, f"the error {shortened(str(value))}", "a value, or a blank cell")
            case _:
                return False
        return True


def rows_of_texts(tab: Tab) -> list[tuple[int, list[tuple[str, int]]]]:
    """The first rows of a tab: their texts, each with its column."""
    rows: dict[int, list[tuple[str, int]]] = {}
    for (row, column), cell in sorted(tab.cells.items()):
        if row <= _ROWS_TO_LOOK_FOR_HEADINGS:
            rows.setdefault(row, []).append((plain(cell_text(cell)), column))
    return sorted(rows.items())


def quoted(text: str) -> str:
    return f"“{shortened(text)}”"


def shortened(text: str) -> str:
    """What a fault says of a text: names and values of a file may be of any length."""
    return text if len(text) <= _LONGEST_QUOTATION else text[: _LONGEST_QUOTATION - 1] + "…"
