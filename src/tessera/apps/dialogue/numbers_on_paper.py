"""Numbers that are read off paper and typed in: a letter behind them shows most slips of eye and hand."""

import re

LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
"""As on Spanish identity cards, by the rest of a division by 23: one wrong digit, or two that were swapped,
ask for another letter. https://ordenacionjuego.es/ca/calculo-digito-control"""

_WRITTEN = re.compile(r"([0-9]{1,18})([A-Z])", re.ASCII)


def spell_number(number: int) -> str:
    """
    Examples
    --------
    >>> spell_number(12), spell_number(12345678)
    ('12N', '12345678Z')
    """
    return f"{number}{LETTERS[number % len(LETTERS)]}"


def read_number(written: str) -> int | None:
    """The number that somebody typed with its letter, small or large; None where the two do not fit.

    Examples
    --------
    >>> read_number("12-n"), read_number("21n"), read_number("12")
    (12, None, None)
    """
    found = _WRITTEN.fullmatch(re.sub(r"[\s-]", "", written[:40]).upper())
    if found is None or spell_number(int(found[1])) != f"{int(found[1])}{found[2]}":
        return None
    return int(found[1])
