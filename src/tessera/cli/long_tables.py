"""Tables too long to be held: read part by part, each part column by column.

What is wrong with them is said as for other `tables`.
"""

import csv
import glob
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from tessera.cli.tables import (
    Faults,
    Heading,
    fault_of_width,
    faults_of_header,
    no_header,
    not_closed,
    not_parquet,
    not_utf8,
    nothing_in,
    reader_of_parquet,
    refuse_other_signs,
)

# A part stays in the nearest cache of the processor; larger ones are slower.
BYTES_AT_ONCE = 1 << 16
ROWS_AT_ONCE = 2_048

_COMMA, _LINE_END, _BLANK = b",\n "
_TAKEN_AS_THEY_ARE = frozenset(
    ["VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"]
)
"""Types of a Parquet column; one of another type is asked for as text."""

Cell = str | int | None


class Part(NamedTuple):
    """Some rows of a table, in its order: those that fit the header and are not empty."""

    rows: Sequence[int]
    """Their numbers in the file."""
    columns: Mapping[str, Sequence[Cell]]
    """The cells of each column as they stand there; `plain` gives what they say."""


@dataclass(frozen=True)
class LongTable(Heading):
    parts: Iterator[Part]
    """Can be gone through once."""


def plain(cell: Cell) -> str:
    """What a cell says: its text, without blanks around it.

    Examples
    --------
    >>> plain(" 007 "), plain(7), plain(None)
    ('007', '7', '')
    """
    return "" if cell is None else str(cell).strip()


@contextmanager
def long_table(path: Path, error: type[ValueError]) -> Iterator[LongTable]:
    """Open a table that is read part by part.

    Parameters
    ----------
    path : Path
        A CSV file in UTF-8, with or without a byte order mark, or a file that ends in ``.parquet``.
    error : type of ValueError
        What is raised.

    Returns
    -------
    context manager of LongTable
        Rows that do not fit the header become faults of the table when their part is read. Of many faults the
        first are kept, and the others are counted.

    Raises
    ------
    error
        The file cannot be read, is empty, or is not separated by commas, or the extra that reads Parquet is
        not installed; the message names file and row. What lies further down is raised when it is reached.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "T.csv")
    ...     size = written.write_text("unit,jobs\\nRiga, 1\\n\\nPorto,2\\nBrno,2,3\\n")
    ...     with long_table(written, ValueError) as table:
    ...         parts = list(table.parts)
    >>> parts
    [Part(rows=[2, 4], columns={'unit': ('Riga', 'Porto'), 'jobs': (' 1', '2')})]
    >>> [fault.row for fault in table.faults]
    [5]
    """
    if path.suffix.lower() == ".parquet":
        with _parquet_table(path, error) as table:
            yield table
        return
    try:
        file = path.open("rb")
    except OSError as reason:
        raise error(f"{path} cannot be read: {reason.strerror}") from None
    with file:
        yield _csv_table(_Text(file, path.name, error))


class _Text:
    """The text of a file, by whole lines."""

    def __init__(self, file: IO[bytes], name: str, error: type[ValueError]) -> None:
        self.file, self.name, self.error = file, name, error
        self.n_lines = 0
        self.left = ""

    def line(self) -> str:
        """The next line; empty at the end."""
        found = self._rest_or(self.file.readline())
        end = found.find("\r")
        if end >= 0 and found[end:] != "\r\n":
            # Lines may end with this sign alone; then all of the file was read as one.
            found, self.left = found[: end + 1], found[end + 1 :]
        return found

    def lines(self) -> str:
        """Some of the next lines; empty at the end."""
        return self._rest_or(self.file.read(BYTES_AT_ONCE) + self.file.readline())

    def _rest_or(self, read: bytes) -> str:
        try:
            text = read.decode()
        except UnicodeDecodeError as reason:
            line = self.n_lines + read.count(b"\n", 0, reason.start) + 1
            raise self.error(not_utf8(self.name, line)) from None
        if self.n_lines == 0:
            # Spreadsheet programs put a byte order mark in front.
            text = text.removeprefix("\ufeff")
        self.n_lines += read.count(b"\n")
        left, self.left = self.left, ""
        return left + text


def _csv_table(text: _Text) -> LongTable:
    first_line = text.line()
    refuse_other_signs(text.name, first_line, text.error)
    records = _records(chain([first_line], iter(text.line, "")), 0, text)
    header = tuple(cell.strip() for cell in next(records, []))
    if not any(header):
        empty = not any(any(map(str.strip, record)) for record in records)
        raise text.error(nothing_in(text.name) if empty else no_header(text.name))
    faults = faults_of_header(header)
    return LongTable(text.name, header, faults, _keeping_first(faults, _csv_parts(text, header, faults)))


def _keeping_first(faults: Faults, parts: Iterator[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        faults.keep_first()


def _csv_parts(text: _Text, header: Sequence[str], faults: Faults) -> Iterator[Part]:
    row = 2
    lines = text.lines()
    # A cell in quotation marks may hold commas and line ends; without one, every line is a row.
    while lines and '"' not in lines:
        if "\r" in lines:
            lines = lines.replace("\r\n", "\n").replace("\r", "\n")
        if not lines.endswith("\n"):
            lines += "\n"
        n_rows = lines.count("\n")
        if _is_regular(lines, n_rows, len(header)):
            cells = lines.replace("\n", ",").split(",")
            columns = {name: cells[place : -1 : len(header)] for place, name in enumerate(header)}
            yield Part(range(row, row + n_rows), columns)
        else:
            rows = [line.split(",") for line in lines.split("\n")[:-1]]
            yield _part(row, rows, header, faults)
        row += n_rows
        lines = text.lines()
    records = _records(_lines_from(lines, text), text.n_lines - lines.count("\n"), text)
    while rows := list(islice(records, ROWS_AT_ONCE)):
        yield _part(row, rows, header, faults)
        row += len(rows)


def _lines_from(lines: str, text: _Text) -> Iterator[str]:
    while lines:
        yield from io.StringIO(lines, newline="")
        lines = text.lines()


def _records(lines: Iterator[str], n_before: int, text: _Text) -> Iterator[list[str]]:
    reader = csv.reader(lines, strict=True)
    try:
        yield from reader
    except csv.Error as reason:
        raise text.error(not_closed(text.name, n_before + reader.line_num, reason)) from None


def _is_regular(lines: str, n_rows: int, width: int) -> bool:
    """Whether every line has as many cells as the header, and something in the first of them."""
    signs = np.frombuffer(lines.encode(), dtype=np.uint8)
    ends = signs == _LINE_END
    is_end = ends[ends | (signs == _COMMA)]
    if len(is_end) != n_rows * width or not is_end[width - 1 :: width].all():
        return False
    first = signs[np.concatenate(([0], np.flatnonzero(ends)[:-1] + 1))]
    return bool(((first > _BLANK) & (first != _COMMA)).all())


def _part(first_row: int, rows: Sequence[list[str]], header: Sequence[str], faults: Faults) -> Part:
    numbers = []
    fitting = []
    for number, cells in enumerate(rows, first_row):
        if not any(map(str.strip, cells)):
            continue
        if len(cells) == len(header):
            numbers.append(number)
            fitting.append(cells)
        else:
            faults.append(fault_of_width(number, len(cells), len(header)))
    columns = list(zip(*fitting, strict=True)) or [()] * len(header)
    return Part(numbers, dict(zip(header, columns, strict=True)))


@contextmanager
def _parquet_table(path: Path, error: type[ValueError]) -> Iterator[LongTable]:
    duckdb = reader_of_parquet(path, error)
    # One thread: the others would gain nothing, as a part is used as soon as it is read.
    connection = duckdb.connect(config={"threads": 1})
    # The name is no pattern of names, and a folder called year=2024 is no column of the file.
    named = [glob.escape(str(path))]
    source = "FROM read_parquet(?, hive_partitioning = false)"
    with connection:
        try:
            described = connection.execute(f"DESCRIBE SELECT * {source}", named).fetchall()
            cells = [
                f'"{quoted}"' if kind in _TAKEN_AS_THEY_ARE else f'CAST("{quoted}" AS VARCHAR)'
                for quoted, kind in ((name.replace('"', '""'), kind) for name, kind, *_ in described)
            ]
            connection.execute(f"SELECT {', '.join(cells)} {source}", named)
        except duckdb.Error as reason:
            raise error(not_parquet(path.name, reason)) from None
        header = tuple(name for name, *_ in described)
        faults = faults_of_header(header)

        def parts() -> Iterator[Part]:
            row = 1
            try:
                while rows := connection.fetchmany(ROWS_AT_ONCE):
                    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
                    yield Part(range(row, row + len(rows)), columns)
                    row += len(rows)
            except duckdb.Error as reason:
                raise error(not_parquet(path.name, reason)) from None

        yield LongTable(path.name, header, faults, _keeping_first(faults, parts()))
