"""A report as a tagged PDF (PDF/UA-1), set by typst."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import typst

from tessera.reports.charts import FONTS_FOLDER, Width, draw
from tessera.reports.parts import ReviewReport

TEMPLATE = Path(__file__).parent / "typst" / "review.typ"

NO_LETTER = "\N{WHITE SQUARE}"


class TypesettingError(Exception):
    """The report could not be set as it should; the message is that of the typesetting program."""


def render_pdf(report: ReviewReport) -> bytes:
    """Set a report on A4 pages.

    The report reaches the template as data only, so no text in it can act as markup. Signs for which there is
    no letter (pictures, Chinese; in a note, say) are set as a white square: the HTML holds them all.

    Returns
    -------
    bytes
        A PDF with tags, language, title, outline, and a text for every drawing. The same report gives the
        same bytes.

    Raises
    ------
    TypesettingError
        typst refused or warned of anything at all: it would otherwise set another font in silence.
    """
    data = {**asdict(report), "drawings": {chart.name: draw(chart, Width.WIDE) for chart in report.charts}}
    try:
        return _set(data)
    except typst.TypstError as error:
        without_letter = _signs_without_letter(error)
        if not without_letter:
            raise TypesettingError(error.diagnostic) from None
    try:
        return _set(_replaced(data, dict.fromkeys(map(ord, without_letter), NO_LETTER)))
    except typst.TypstError as error:
        raise TypesettingError(error.diagnostic) from None


def _set(data: object) -> bytes:
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


def _replaced(data: object, signs: Mapping[int, str]) -> object:
    if isinstance(data, str):
        return data.translate(signs)
    if isinstance(data, Mapping):
        return {key: _replaced(value, signs) for key, value in data.items()}
    if isinstance(data, Sequence):
        return [_replaced(value, signs) for value in data]
    return data


def _signs_without_letter(error: typst.TypstError) -> set[str]:
    """What typst had no letter for; it names every such text, with odd signs as ``\\u{200d}``."""
    named = re.findall(r'the text `"(.+?)"` could not be displayed', error.diagnostic)
    return set(re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), "".join(named)))
