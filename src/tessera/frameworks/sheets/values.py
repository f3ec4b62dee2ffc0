"""What people write into the cells of an answer sheet, and what it means."""

import re
import unicodedata
from collections.abc import Iterable

from tessera.frameworks.schema import Framework, Question, QuestionType
from tessera.frameworks.sheets.layout import FIRST_YEAR, LAST_YEAR, yes_and_no
from tessera.frameworks.sheets.workbook_cells import SheetCell
from tessera.frameworks.words import unit

_SPACES = " \u00a0\u202f\u2009"
_GROUPED = re.compile(rf"[+-]?\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d+)?")
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
"""1,234 is a thousand or a little more than one, depending on who writes it."""


def plain(words: str) -> str:
    """A text as it is compared: without case, surrounding or doubled spaces.

    Examples
    --------
    >>> plain("  The  Mayor ")
    'the mayor'
    """
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def cell_text(cell: SheetCell | None) -> str:
    """What a cell says, as text; a blank cell says nothing.

    Examples
    --------
    >>> cell_text(SheetCell(2023.0)), cell_text(SheetCell(0.5)), cell_text(SheetCell(" Riga "))
    ('2023', '0.5', 'Riga')
    """
    if cell is None:
        return ""
    if isinstance(cell.value, bool):
        return str(cell.value).upper()
    if isinstance(cell.value, float):
        return repr(cell.value).removesuffix(".0")
    return cell.value.strip()


def languages_from(framework: Framework, first: str) -> list[str]:
    """The framework's languages, the sheet's own first: where two share a word, that one decides."""
    return sorted(framework.languages, key=lambda language: language != first)


def option_words(framework: Framework, question: Question, *, language: str) -> dict[str, str]:
    """All that may be written for an option: its label in any language, or its key; gives the key."""
    words: dict[str, str] = {}
    for tongue in languages_from(framework, language):
        labels = framework.text(tongue).questions[question.key].options
        for option in question.options:
            words.setdefault(plain(labels[option.key]), option.key)
    for option in question.options:
        words.setdefault(option.key, option.key)
    return words


def read_mark(words: str, languages: Iterable[str]) -> bool | None:
    """Whether a cell that takes a yes holds one; blank is no, and None for a word that is neither.

    Examples
    --------
    >>> read_mark("Jā", ["lv"]), read_mark("x", ["en"]), read_mark("", ["en"]), read_mark("perhaps", ["en"])
    (True, True, False, None)
    """
    said = plain(words)
    pairs = [yes_and_no(language) for language in languages] + [("yes", "no"), ("x", ""), ("true", "false")]
    if said in {plain(yes) for yes, _ in pairs}:
        return True
    if said in {plain(no) for _, no in pairs}:
        return False
    return None


def read_number(words: str, units: Iterable[str]) -> float | None:
    """A number as people write it, with its unit behind it or not; None where it is no number.

    Parameters
    ----------
    words : str
        With a decimal comma or point; thousands may be parted by spaces.
    units : iterable of str
        What may stand behind it.

    Examples
    --------
    >>> read_number("12,5", []), read_number("12 %", ["%"]), read_number("1 200 persons", ["persons"])
    (12.5, 12.0, 1200.0)

    One separator before three digits could mean thousands as well as thousandths; it is not guessed.

    >>> read_number("1,234", []) is None
    True
    """
    said = words.strip().replace("\u2212", "-")
    for measure in units:
        if said.casefold().endswith(measure.casefold()):
            said = said[: -len(measure)].strip()
            break
    if _AMBIGUOUS.fullmatch(said) or not (_GROUPED.fullmatch(said) or _PLAIN.fullmatch(said)):
        return None
    return float(re.sub(rf"[{_SPACES}]", "", said).replace(",", "."))


def read_year(words: str) -> int | None:
    """The year that answers describe; None where it is none.

    Examples
    --------
    >>> read_year("2023"), read_year("23"), read_year("2023-05-01")
    (2023, None, None)
    """
    if not (words.isdecimal() and len(words) == 4 and FIRST_YEAR <= int(words) <= LAST_YEAR):
        return None
    return int(words)


def within_scale(question: Question, number: float | None) -> float | None:
    """The number, if it is an answer to the question."""
    if number is None:
        return None
    try:
        question.points(number)
    except ValueError:
        return None
    return number


def accepted_numbers(question: Question) -> str:
    """What a number or a period takes, for a fault."""
    low, high = (f"{float(bound):.15g}" for bound in question.bounds)
    if question.type is QuestionType.PERIOD:
        return f"a number of years from {low} to {high}, written like 3 or 2.5"
    return f"a number from {low} to {high}, written like 1234 or 12.5"


def units_of(framework: Framework, question: Question) -> list[str]:
    """What may stand behind a number: its unit in any language, or a per cent sign."""
    units = {unit(framework, question, language=language) for language in framework.languages} - {""}
    if question.type is QuestionType.NUMBER:
        units.add("%")
    # The longest first: one may end as another does.
    return sorted(units, key=len, reverse=True)
