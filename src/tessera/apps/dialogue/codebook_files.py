"""A codebook as a file that a spreadsheet opens: `key,name,definition,includes,excludes`."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from tessera.apps.dialogue.models import Code
from tessera.apps.dialogue.vote_files import from_cell, in_cell, write_table

COLUMNS = ("key", "name", "definition", "includes", "excludes")


class NotACodebook(ValueError):
    """The file as a whole cannot be read. Its message is for whoever brought it."""


@dataclass(frozen=True)
class CodeRow:
    line: int
    """Where it begins in the file, the header being 1."""
    cells: dict[str, str]
    """By the columns, without the apostrophe that keeps a spreadsheet from computing a text."""


def write_codebook(codes: Iterable[Code]) -> bytes:
    """In UTF-8 with the mark by which Excel knows it."""
    rows = ([in_cell(getattr(code, column)) for column in COLUMNS] for code in codes)
    return "\ufeff".encode() + write_table(COLUMNS, rows)


def read_codebook(content: bytes) -> list[CodeRow]:
    """The rows that are not empty. Further columns are passed over; semicolons may part the cells.

    Raises
    ------
    NotACodebook
        It is not in UTF-8, a column is missing, or it is no CSV file.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotACodebook(gettext("The file is not in UTF-8. Save it as “CSV UTF-8”.")) from None
    # The names of the columns hold neither.
    first_line = text.partition("\n")[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        _check_header(header)
        line = reader.line_num + 1
        for record in reader:
            cells = dict(zip(header, (from_cell(cell.strip()) for cell in record), strict=False))
            if any(cells.values()):
                rows.append(CodeRow(line, {column: cells.get(column, "") for column in COLUMNS}))
            line = reader.line_num + 1
    except csv.Error:
        raise NotACodebook(
            gettext("Line %(line)s cannot be read. Is a quotation mark left open?")
            % {"line": reader.line_num}
        ) from None
    if not rows:
        raise NotACodebook(gettext("There is no code in the file."))
    return rows


def _check_header(header: list[str]) -> None:
    if missing := [column for column in COLUMNS if column not in header]:
        raise NotACodebook(
            gettext("The first line has to name the columns. Not there: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
