"""Writes an answer sheet: a workbook that a city fills, or that holds the answers of a published review."""

from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.schema import Framework, Pathway
from tessera.frameworks.sheets.area_tab import write_area_tab
from tessera.frameworks.sheets.drawing import Lists, fit_to_print, protect, set_header_and_footer
from tessera.frameworks.sheets.edition import Edition
from tessera.frameworks.sheets.layout import asked_areas
from tessera.frameworks.sheets.start_tab import write_start_tab


def write_sheet(
    framework: Framework,
    *,
    pathway: Pathway,
    language: str,
    target: Path | BinaryIO,
    answers: AnswerSheet | None = None,
) -> None:
    """Write an answer sheet as an XLSX workbook: a tab to start with and one tab for each area.

    Every text is stored as text: none becomes a formula, whatever it begins with. The tabs are protected
    without a password; only the cells to fill are open.

    Parameters
    ----------
    framework : Framework
    pathway : Pathway
        Which questions are asked.
    language : str
        One of the framework's languages.
    target : Path or binary file
        An existing file is overwritten.
    answers : AnswerSheet, optional
        Fills the sheet. A question without an answer stays blank; numbers keep 15 digits. Where the answers
        are invented, the first tab and every printed page say so.

    Raises
    ------
    ValueError
        The framework has no such language, or the answers belong to another framework, version or pathway.
    """
    if language not in framework.languages:
        raise ValueError(f"{framework.id} is not in {language!r}, only in {', '.join(framework.languages)}")
    if answers is not None:
        theirs = (answers.framework_id, answers.version, answers.pathway)
        if theirs != (framework.id, framework.version, pathway):
            raise ValueError(f"answers to {theirs} do not fit {framework.id} {framework.version} {pathway}")
    edition = Edition(framework, pathway, language, answers)
    book = Workbook()
    book.properties.title = edition.about
    book.properties.creator = "Tessera"
    book.properties.language = language
    start = book.active
    assert isinstance(start, Worksheet)
    lists = Lists(book.create_sheet("Lists"))
    write_start_tab(start, edition, lists)
    for area in asked_areas(framework, pathway):
        write_area_tab(book.create_sheet(edition.tabs[area.key]), area, edition, lists)
    # The hidden tab goes to the end.
    book.move_sheet("Lists", len(book.worksheets))
    for sheet in book.worksheets:
        protect(sheet)
        fit_to_print(sheet, landscape=sheet is not start)
        set_header_and_footer(
            sheet,
            about=edition.about,
            warning=edition.invented_in_short,
            warning_in_full=edition.invented_in_full,
        )
    book.save(target)
