"""The table in an export of submissions: an XLSX workbook, or CSV as KoboToolbox and ODK Central write it."""

import csv
import io
from pathlib import Path

from tessera.frameworks.errors import SheetError, SheetFault
from tessera.frameworks.sheets.workbook_cells import SheetCell, Tab, read_workbook, refuse_far_column

MAX_CSV_BYTES = 5_000_000
"""The answers of a city take some hundred thousand."""
MAX_CSV_CELLS = 200_000
"""It bounds the memory that reading takes; the answers of a city take some hundred."""
_WORKBOOK_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_EXPECTED = "an export as XLSX or CSV, as KoboToolbox or ODK wrote it"


def read_table(path: Path) -> Tab:
    """The first tab of a workbook, or a CSV file, whose name is then empty.

    Parameters
    ----------
    path : Path
        CSV in UTF-8, parted by commas (ODK Central) or semicolons (KoboToolbox).

    Raises
    ------
    SheetError
        It is neither, is damaged, or is larger than an export of answers can be.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(4)
        if beginning.startswith(_WORKBOOK_BEGINNINGS):
            tabs = read_workbook(path)
            if not tabs:
                raise _refused("a workbook without a table", _EXPECTED)
            return tabs[0]
        if path.stat().st_size > MAX_CSV_BYTES:
            found = f"a CSV file of {round(path.stat().st_size / 1e6)} MB"
            raise _refused(found, f"one of at most {MAX_CSV_BYTES // 1_000_000} MB")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise _refused(f"no file that can be opened ({problem.strerror})", _EXPECTED) from None
    except UnicodeDecodeError:
        raise _refused("neither an XLSX workbook nor CSV in UTF-8", _EXPECTED) from None
    return Tab("", _cells(text))


def _cells(text: str) -> dict[tuple[int, int], SheetCell]:
    headings = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=headings.count))
    cells: dict[tuple[int, int], SheetCell] = {}
    try:
        for row, line in enumerate(lines, 1):
            for column, value in enumerate(line, 1):
                if value.strip():
                    refuse_far_column(column)
                    cells[row, column] = SheetCell(value)
            if len(cells) > MAX_CSV_CELLS:
                raise _refused("far more cells than the answers of a city have", _EXPECTED)
    except csv.Error as problem:
        raise _refused(f"CSV that cannot be read ({problem})", _EXPECTED) from None
    return cells


def _refused(found: str, expected: str) -> SheetError:
    return SheetError([SheetFault("", "", found, expected)])
