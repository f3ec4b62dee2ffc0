"""Tables in files, read with every fault named by file, row and column.

Rows are counted as in the file: the header of a CSV file is row 1, and an empty row counts. All faults of a
table are reported together.
"""

import csv
import glob
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

# The faults of a table that are written out; the others are counted.
MOST_FAULTS = 20

HEADER = 0
"""The row of a fault that lies in the header."""

_NUMBER_CHARACTERS = frozenset("0123456789+-.eE")


class Fault(NamedTuple):
    row: int
    column: str
    """Empty where the whole row is meant."""
    words: str


class Faults(list[Fault]):
    """What is wrong with a table. Readers add what they find."""

    n_more = 0
    """Those that are counted only."""

    def keep_first(self) -> None:
        """Keep those that will be written out and count the others; what is added later lies further down."""
        self.sort(key=lambda fault: fault.row)
        self.n_more += len(self[MOST_FAULTS:])
        del self[MOST_FAULTS:]


@dataclass(frozen=True)
class Heading:
    """What a table is called, its columns, and what is wrong with it."""

    name: str
    header: tuple[str, ...]
    faults: Faults

    def refuse_faults(self, error: type[ValueError]) -> None:
        """Raise the error with a line for each fault, if there are any."""
        self.faults.keep_first()
        lines = [_line(self.name, fault) for fault in self.faults]
        if self.faults.n_more:
            lines.append(f"and {self.faults.n_more} more")
        if lines:
            raise error("\n".join(lines))

    def refuse_columns(
        self, error: type[ValueError], *, required: Sequence[str], accepted: Sequence[str]
    ) -> None:
        """Raise the error if the header lacks a column or has one that is not known."""
        for name in self.header:
            if name and name not in accepted:
                words = f"the column {name!r} is not known; accepted: {', '.join(accepted)}"
                if name.lower() in accepted:
                    words = f"the column {name!r} is written {name.lower()}, in small letters"
                self.faults.append(Fault(HEADER, "", words))
        for name in required:
            if name not in self.header:
                words = f"the column {name} is absent; columns: {', '.join(self.header)}"
                self.faults.append(Fault(HEADER, "", words))
        if any(fault.row == HEADER for fault in self.faults):
            self.refuse_faults(error)


@dataclass(frozen=True)
class Table(Heading):
    """The cells of a file, without blanks around them. ``rows`` are those that fit the header."""

    rows: list[tuple[int, list[str]]]
    """Each with its number in the file."""

    def expect_rows(self, of: str) -> None:
        """Take it for a fault if there is no row below the header."""
        # A row that does not fit the header is a fault already.
        if not self.rows and not self.faults:
            self.faults.append(
                Fault(HEADER, "", f"there are no rows below it; a row for each {of} is expected")
            )


def read_csv(path: Path, error: type[ValueError]) -> Table:
    """Read a CSV file in UTF-8, with or without a byte order mark.

    Parameters
    ----------
    path : Path
    error : type of ValueError
        What is raised.

    Raises
    ------
    error
        The file cannot be read, is empty, or is not separated by commas; the message names file and row.
        Rows that do not fit the header, and columns without a name of their own, are faults of the table.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "T.csv")
    ...     size = written.write_text("unit,jobs\\nRiga, 1\\n\\nPorto,2,3\\n")
    ...     table = read_csv(written, ValueError)
    >>> table.header, table.rows, [fault.row for fault in table.faults]
    (('unit', 'jobs'), [(2, ['Riga', '1'])], [4])
    """
    text = read_text(path, error)
    refuse_other_signs(path.name, text.partition("\n")[0], error)
    # The reader counts lines; rows are what a spreadsheet shows.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records = [[cell.strip() for cell in record] for record in reader]
    except csv.Error as reason:
        raise error(not_closed(path.name, reader.line_num, reason)) from None
    header = records[0]
    if not any(header):
        raise error(no_header(path.name))
    rows = [(number, record) for number, record in enumerate(records[1:], 2) if any(record)]
    return table_of(path.name, header, rows)


def read_parquet(path: Path, error: type[ValueError]) -> Table:
    """Read a Parquet file as text; null is an empty cell. Its rows are counted from 1.

    Raises
    ------
    error
        The file cannot be read, or the extra that reads it is not installed.
    """
    duckdb = reader_of_parquet(path, error)
    try:
        # The name is no pattern of names.
        relation = duckdb.read_parquet(glob.escape(str(path)))
        records = relation.fetchall()
    except duckdb.Error as reason:
        raise error(not_parquet(path.name, reason)) from None
    cells = [["" if value is None else str(value).strip() for value in record] for record in records]
    return table_of(path.name, relation.columns, list(enumerate(cells, 1)))


def reader_of_parquet(path: Path, error: type[ValueError]) -> Any:
    """The module that reads Parquet files, for one that is there.

    Raises
    ------
    error
        The file cannot be opened, or the extra that reads it is not installed.
    """
    try:
        # Large, and of use for this kind of file only.
        import duckdb
    except ImportError:
        raise error(f"{path.name}: reading Parquet needs the extra: pip install 'tessera[data]'") from None
    try:
        with path.open("rb"):
            return duckdb
    except OSError as reason:
        raise error(f"{path} cannot be read: {reason.strerror}") from None


def read_text(path: Path, error: type[ValueError], *, may_be_empty: bool = False) -> str:
    """Read a file in UTF-8.

    Raises
    ------
    error
        It cannot be read, is not in UTF-8, or is empty; the message names file and line.
    """
    try:
        # Spreadsheet programs put a byte order mark in front.
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as reason:
        raise error(f"{path} cannot be read: {reason.strerror}") from None
    except UnicodeDecodeError as reason:
        line = reason.object[: reason.start].count(b"\n") + 1
        raise error(not_utf8(path.name, line)) from None
    if not text.strip() and not may_be_empty:
        raise error(nothing_in(path.name))
    return text


def number_in(text: str) -> float | None:
    """The number that a cell says, None for anything else.

    Stricter than ``float``, which takes nan, inf, 1_000 and the digits of other scripts for numbers, too.

    Examples
    --------
    >>> number_in("-1.5e3"), number_in("1_000"), number_in("inf"), number_in("")
    (-1500.0, None, None, None)
    """
    if not _NUMBER_CHARACTERS.issuperset(text):
        return None
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def hint_on(text: str) -> str:
    """What to add to a complaint about a number that was written with a comma."""
    if "," in text and number_in(text.replace(",", "").replace(" ", "")) is not None:
        return "; decimals stand behind a point, and nothing stands between thousands: 1234.5"
    return ""


def refuse_other_signs(name: str, first_line: str, error: type[ValueError]) -> None:
    """Raise the error if the cells are separated by something else than commas."""
    for sign, called in ((";", "semicolons"), ("\t", "tabs")):
        if sign in first_line and "," not in first_line:
            raise error(f"{name}, row 1: the columns are separated by {called}; a comma is expected")


def not_utf8(name: str, line: int) -> str:
    return (
        f"{name}, line {line}: this is not text in UTF-8; save the file again with that encoding "
        "(from a spreadsheet program: CSV UTF-8)"
    )


def not_closed(name: str, line: int, reason: csv.Error) -> str:
    return f"{name}, line {line}: a cell in quotation marks is not closed as it should be ({reason})"


def not_parquet(name: str, reason: Exception) -> str:
    # What follows on further lines speaks of a query that the reader has not asked.
    return f"{name} cannot be read as Parquet: {str(reason).splitlines()[0]}"


def nothing_in(name: str) -> str:
    return f"{name} is empty; a first row with the names of the columns is expected"


def no_header(name: str) -> str:
    return f"{name}, row 1 is empty; the names of the columns are expected there"


def faults_of_header(header: Sequence[str]) -> Faults:
    """Columns without a name of their own."""
    faults = Faults()
    for place, column in enumerate(header, 1):
        if not column:
            faults.append(Fault(HEADER, "", f"the column number {place} has no name"))
    for column in dict.fromkeys(header):
        if column and list(header).count(column) > 1:
            faults.append(Fault(HEADER, column, "the name stands more than once"))
    return faults


def fault_of_width(row: int, found: int, width: int, *, between: str = "comma") -> Fault:
    """A row that does not fit the header; ``between`` names the sign between two cells."""
    words = (
        f"{found} cells, and the header has {width}; a text or number with a {between} in it must stand in "
        "quotation marks"
    )
    return Fault(row, "", words)


def table_of(
    name: str, header: Sequence[str], rows: list[tuple[int, list[str]]], *, between: str = "comma"
) -> Table:
    """The rows that fit the header, as a table that keeps the others, and the header, as faults.

    Parameters
    ----------
    name : str
        What the table is called in a complaint.
    header : sequence of str
    rows : list of (int, list of str)
        Each with its number in the file.
    between : str
        What the sign between two cells is called.

    Examples
    --------
    >>> table = table_of("T.csv", ["unit", "jobs"], [(2, ["Riga", "1"]), (3, ["Porto"])])
    >>> table.rows, [fault.row for fault in table.faults]
    ([(2, ['Riga', '1'])], [3])
    """
    width = len(header)
    faults = faults_of_header(header)
    faults += [
        fault_of_width(row, len(cells), width, between=between) for row, cells in rows if len(cells) != width
    ]
    fitting = [(row, cells) for row, cells in rows if len(cells) == width]
    return Table(name, tuple(header), faults, fitting)


def _line(name: str, fault: Fault) -> str:
    place = "header" if fault.row == HEADER else f"row {fault.row}"
    column = f", column {fault.column}" if fault.column else ""
    return f"{name}, {place}{column}: {fault.words}"
