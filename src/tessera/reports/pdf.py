"""A report as a tagged PDF (PDF/UA-1), set by typst."""

import json
from dataclasses import asdict
from pathlib import Path

import typst

from tessera.reports.charts import FONTS_FOLDER, Width, draw
from tessera.reports.parts import ReviewReport

TEMPLATE = Path(__file__).parent / "typst" / "review.typ"


class TypesettingError(Exception):
    """The report could not be set as it should, for instance for want of a letter in the font."""


def render_pdf(report: ReviewReport) -> bytes:
    """Set a report on A4 pages.

    The report reaches the template as data only, so no text in it can act as markup.

    Returns
    -------
    bytes
        A PDF with tags, language, title, outline, and a text for every drawing. The same report gives the
        same bytes.

    Raises
    ------
    TypesettingError
        typst warned of anything at all: it would otherwise set another font in silence.
    """
    data = {**asdict(report), "drawings": {chart.name: draw(chart, Width.WIDE) for chart in report.charts}}
    pdf, warnings = typst.compile_with_warnings(
        str(TEMPLATE),
        output=None,
        font_paths=[str(FONTS_FOLDER)],
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    if warnings:
        raise TypesettingError("; ".join(warning.message for warning in warnings))
    return bytes(pdf)
