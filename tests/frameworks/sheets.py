"""Answer sheets for tests: written, opened in openpyxl, changed as people change them, and read again."""

from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from tests.frameworks.worded import worded_framework

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.errors import SheetError, UnknownFramework
from tessera.frameworks.schema import Framework, Pathway
from tessera.frameworks.sheets.read import read_sheet
from tessera.frameworks.sheets.write import write_sheet

WORDED = worded_framework()


def only_worded(id: str, version: int) -> Framework:
    if (id, version) != ("worded", 3):
        raise UnknownFramework(f"there is no '{id}' {version}; there is: worded 3")
    return WORDED


def answer_sheet(pathway: Pathway = Pathway.FULL, invented: bool = False, **answers: Answer) -> AnswerSheet:
    """Answers by key, with underscores for hyphens."""
    by_key = {key.replace("_", "-"): answer for key, answer in answers.items()}
    return AnswerSheet("worded", 3, pathway, "Rīga", 2023, invented, by_key)


def write(folder: Path, answers: AnswerSheet, language: str = "en") -> Path:
    path = folder / "sheet.xlsx"
    write_sheet(WORDED, pathway=answers.pathway, language=language, target=path, answers=answers)
    return path


def read(path: Path) -> AnswerSheet:
    return read_sheet(path, only_worded)[1]


def change(path: Path, act: Callable[[Workbook], None]) -> Path:
    book = load_workbook(path)
    act(book)
    book.save(path)
    return path


def faults(path: Path) -> list[str]:
    """What the reader says against a sheet: one line for each fault."""
    try:
        read(path)
    except SheetError as error:
        return str(error).split("\n")
    return []


def cell(book: Workbook, key: str, column: str) -> Cell:
    """The cell in the row of a key and in the column of an id, wherever they stand."""
    for sheet in book.worksheets:
        columns = {entry.value: entry.column for entry in sheet[1]}
        for row in range(1, sheet.max_row + 1):
            for first in ("key", "field"):
                if first in columns and sheet.cell(row, columns[first]).value == key:
                    return sheet.cell(row, columns[column])
    raise KeyError(key)
