"""A report as a tagged PDF (PDF/UA-1), set by typst."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from tessera.reports.charts import Width, draw
from tessera.reports.parts import ReviewReport
from tessera.reports.typesetting import NoLetterError, typeset

NO_LETTER = "\N{WHITE SQUARE}"


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
    drawings = {chart.name: draw(chart, Width.WIDE) for chart in report.charts}
    return typeset_all("review.typ", {**asdict(report), "drawings": drawings})


def typeset_all(template: str, data: Mapping[str, object]) -> bytes:
    """Set data by a template, with a white square for each sign for which there is no letter.

    Raises
    ------
    TypesettingError
        As in `typeset`.
    """
    try:
        return typeset(template, data)
    except NoLetterError as error:
        return typeset(template, _replaced(data, dict.fromkeys(map(ord, error.signs), NO_LETTER)))


def _replaced(data: object, signs: Mapping[int, str]) -> object:
    if isinstance(data, str):
        return data.translate(signs)
    if isinstance(data, Mapping):
        return {key: _replaced(value, signs) for key, value in data.items()}
    if isinstance(data, Sequence):
        return [_replaced(value, signs) for value in data]
    return data
