"""Reads a filled answer sheet, as people and programs give it back, and names every fault at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Framework
from tessera.frameworks.sheets.answer_cells import AreaTabs
from tessera.frameworks.sheets.faults import SheetReading
from tessera.frameworks.sheets.layout import Field
from tessera.frameworks.sheets.start_cells import StartTab
from tessera.frameworks.sheets.workbook_cells import read_workbook


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet that came back."""

    framework: Framework
    sheet: AnswerSheet
    marks: Mapping[str, str]
    """By the question's key: the mark of its answer as it was downloaded. A row without a mark has none."""


def read_sheet(
    path: Path, frameworks: Callable[[str, int], Framework] = find_framework
) -> tuple[Framework, AnswerSheet]:
    """Read the answers of a filled answer sheet, as ``read_filled_sheet`` does.

    Raises
    ------
    SheetError
        The file cannot be taken as it is; it holds every fault with its tab and cell.
    """
    filled = read_filled_sheet(path, frameworks)
    return filled.framework, filled.sheet


def read_filled_sheet(
    path: Path, frameworks: Callable[[str, int], Framework] = find_framework
) -> FilledSheet:
    """Read a filled answer sheet, with the marks of what was downloaded.

    Parameters
    ----------
    path : Path
        An XLSX workbook made by ``write_sheet``, saved by any program. Rows and columns may have been added,
        columns moved; options may be given by label in any of the framework's languages or by key. A blank
        answer is missing. Numbers may be texts with a comma or a point.
    frameworks : callable
        Gives the framework of an id and a version, or raises ``UnknownFramework``.

    Returns
    -------
    FilledSheet
        Only questions that the pathway asks have an entry, and only where something was filled.

    Raises
    ------
    SheetError
        The file cannot be taken as it is; it holds every fault with its tab and cell.
    """
    reading = SheetReading(read_workbook(path))
    start = StartTab(reading)
    city, year, pathway = start.city(), start.year(), start.pathway()
    framework = start.framework(frameworks)
    if framework is None or pathway is None:
        raise reading.error()
    invented = start.invented(framework.languages)
    said = start.text(Field.LANGUAGE)
    language = said if said in framework.languages else framework.languages[0]
    tabs = AreaTabs(reading, framework, pathway, language, skip=start.number)
    answers = tabs.answers()
    if reading.faults:
        raise reading.error()
    sheet = AnswerSheet(framework.id, framework.version, pathway, city, year, invented, answers)
    return FilledSheet(framework, sheet, tabs.marks())
