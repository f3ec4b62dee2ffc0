"""The report of a landscape as a tagged PDF (PDF/UA-1)."""

import re
from dataclasses import asdict, replace

from tessera.reports.charts import Width
from tessera.reports.landscape.drawing import draw_map
from tessera.reports.landscape.parts import ComparedGroups, LandscapeReport, ListedStatement, StatementList
from tessera.reports.pdf import typeset_all

UNKNOWN = "und"
"""A language of which nothing is known, so that it is not taken for that of the report."""


def print_landscape(report: LandscapeReport) -> bytes:
    """Set a report on A4 pages: the same object as on the page, so that they cannot tell different things.

    Returns
    -------
    bytes
        As `pdf.render_pdf` gives them.

    Raises
    ------
    TypesettingError
        See `pdf.render_pdf`.
    """
    drawing = draw_map(report.differ.map, Width.WIDE) if report.differ.map else ""
    return typeset_all("landscape.typ", {**asdict(_with_languages(report)), "drawing": drawing})


def _with_languages(report: LandscapeReport) -> LandscapeReport:
    """Every text with a language that can be set."""

    def listed(part: StatementList) -> StatementList:
        return replace(part, items=tuple(map(item, part.items)))

    def item(each: ListedStatement) -> ListedStatement:
        code = _settable(each.statement.language, UNKNOWN)
        return replace(each, statement=replace(each.statement, language=code))

    def compared(each: ComparedGroups) -> ComparedGroups:
        languages = tuple(_settable(code, report.language) for code in each.table.row_languages)
        table = replace(each.table, row_languages=languages)
        return replace(each, language=_settable(each.language, report.language), table=table)

    took_part = report.took_part
    return replace(
        report,
        title_language=_settable(report.title_language, report.language),
        about_language=_settable(report.about_language, report.language),
        agree=tuple(map(listed, report.agree)),
        accept=listed(report.accept),
        differ=replace(report.differ, groups=tuple(map(listed, report.differ.groups))),
        together=listed(report.together),
        took_part=took_part and replace(took_part, compared=tuple(map(compared, took_part.compared))),
    )


def _settable(language: str, otherwise: str) -> str:
    """The language itself, without script and country."""
    found = re.match("[a-z]{2,3}(?=-|$)", language.lower())
    return found[0] if found else otherwise
