"""The receipt code: the only thing by which a participant is known, and only to the one who holds it."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of Crockford's Base32: no I, L, O or U, which are misread or misheard. https://www.crockford.com/base32.html"""
LENGTH = 16
"""Five bits each: eighty, which nobody guesses however often they try."""

_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def make_code() -> str:
    """A new code: it belongs to nobody until the first vote or statement comes with it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def tidy_code(written: str) -> str | None:
    """The code that somebody typed, with or without hyphens, in small letters or large; None for no code.

    Examples
    --------
    >>> tidy_code("o123-4567 89ab-cdef"), tidy_code("1234")
    ('0123456789ABCDEF', None)
    """
    bare = re.sub(r"[\s-]", "", written[:100]).upper().translate(_MISREAD)
    return bare if _CODE.fullmatch(bare) else None


def spell_code(code: str) -> str:
    """In four groups, as it is read out and written down.

    Examples
    --------
    >>> spell_code("0123456789ABCDEF")
    '0123-4567-89AB-CDEF'
    """
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))
