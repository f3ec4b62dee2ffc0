"""Data set by a typst template as a tagged PDF (PDF/UA-1), in our own fonts and no other."""

import json
import re
from pathlib import Path

import typst

from tessera.reports.charts import FONTS_FOLDER

TEMPLATES = Path(__file__).parent / "typst"
_ASSERTED = "assertion failed: "


class TypesettingError(Exception):
    """The page could not be set as it should; the message is that of the typesetting program."""


class NoLetterError(TypesettingError):
    """Our fonts hold no letter for some signs, pictures or Chinese, say.

    Attributes
    ----------
    signs : frozenset of str
        Those that the typesetting program named; behind them there may be more.
    """

    def __init__(self, message: str, signs: frozenset[str]) -> None:
        super().__init__(message)
        self.signs = signs


class DoesNotFitError(TypesettingError):
    """There is more text than the page holds in its smallest letters; the message says what to shorten."""


def typeset(template: str, data: object) -> bytes:
    """Set data by a template.

    The data reach the template as data only, so no text in them can act as markup.

    Parameters
    ----------
    template : str
        Name of a file in ``typst/``; it reads the data as JSON from ``sys.inputs.data``.
    data : object
        What JSON can hold.

    Returns
    -------
    bytes
        A PDF with tags, language, title and a text for every drawing. The same data give the same bytes.

    Raises
    ------
    NoLetterError
        A sign has no letter in our fonts.
    DoesNotFitError
        The template asserts that all has room, and it has not.
    TypesettingError
        typst refused or warned of anything else: it would otherwise set another font in silence.
    """
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(TEMPLATES / template),
            output=None,
            font_paths=[str(FONTS_FOLDER)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except typst.TypstError as error:
        without_letter = _signs_without_letter(error)
        if without_letter:
            raise NoLetterError(error.diagnostic, without_letter) from None
        if error.message.startswith(_ASSERTED):
            raise DoesNotFitError(error.message.removeprefix(_ASSERTED)) from None
        raise TypesettingError(error.diagnostic) from None
    if warnings:
        raise TypesettingError("; ".join(warning.message for warning in warnings))
    return bytes(pdf)


def _signs_without_letter(error: typst.TypstError) -> frozenset[str]:
    """What typst had no letter for; it names every such text, with odd signs as ``\\u{200d}``."""
    named = re.findall(r'the text `"(.+?)"` could not be displayed', error.diagnostic)
    return frozenset(re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), "".join(named)))
