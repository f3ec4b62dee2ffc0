"""Statements that say nearly the same, to hint at while somebody writes one more."""

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

Key = TypeVar("Key")

ALIKE_ENOUGH = 0.55
"""Dice's coefficient of the trigrams. Chosen by eye among the 452,000 pairs of statements in the three Polis
conversations in English: of the pairs from 0.60 up nine in ten say nearly the same, from 0.55 to 0.60 two in
three, from 0.50 to 0.55 two in five, and below that one in five."""

MOST_SHOWN = 3
"""More would be a list to read, and no hint."""

FEWEST_WORDS = 3
FEWEST_LETTERS = 10
"""A shorter text is like too many others to say anything yet."""

_ONE_LETTER = (("ł", "l"), ("đ", "d"), ("ø", "o"), ("ı", "i"), ("ة", "ه"), ("ى", "ي"))
"""Written both ways, and no Unicode decomposition joins them."""

_UNHEARD = re.compile(
    "[\u0300-\u036f"  # marks above and below Latin and Cyrillic letters
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"  # Arabic vowels, the stroke that stretches words
    "\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"  # signs of direction and of no width
    "'’ʼ]+"
)
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def find_similar(text: str, others: Iterable[tuple[Key, str]]) -> list[Key]:
    """Find the statements that say nearly the same, the most alike first.

    Case, marks on letters, punctuation, the order of the words and most of their endings make no difference.
    It knows no meaning: a statement and its denial are alike.

    Parameters
    ----------
    text : str
        What has been written so far. Under three words or ten letters, nothing is found.
    others : iterable of (key, text)
        Statements to compare with. One that stands in several languages comes several times, with one key.

    Returns
    -------
    list of keys
        Three at most; of equally alike ones, in the order given.
    """
    folded = _folded(text)
    words = folded.split()
    if len(words) < FEWEST_WORDS or sum(map(len, words)) < FEWEST_LETTERS:
        return []
    trigrams = _trigrams(folded)
    alike: dict[Key, float] = {}
    for key, other in others:
        likeness = _likeness(trigrams, _folded(other))
        if likeness >= ALIKE_ENOUGH:
            alike[key] = max(likeness, alike.get(key, 0.0))
    return sorted(alike, key=alike.__getitem__, reverse=True)[:MOST_SHOWN]


def _folded(text: str) -> str:
    """The words with one blank before, between and after them, without case and marks."""
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        for marked, plain in _ONE_LETTER:
            text = text.replace(marked, plain)
    return f" {_BETWEEN_WORDS.sub(' ', _UNHEARD.sub('', text)).strip()} "


def _trigrams(folded: str) -> set[str]:
    """Three signs in a row, of one word each; a blank is its beginning or its end."""
    return {folded[at : at + 3] for at in range(len(folded) - 2) if folded[at + 1] != " "}


def _likeness(trigrams: set[str], other: str) -> float:
    """Dice's coefficient: 0 where nothing is shared, 1 where all is."""
    shared = sum(trigram in other for trigram in trigrams)
    # Of `other`, at least the shared ones are there: most pairs are told apart without taking it to pieces.
    if 2 * shared < ALIKE_ENOUGH * (len(trigrams) + shared):
        return 0.0
    return 2 * shared / (len(trigrams) + len(_trigrams(other)))
