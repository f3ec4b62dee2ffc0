"""Excerpts for the eye: marked in their note, or each with all that one needs to judge it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tessera.apps.dialogue.languages import Language, find_language
from tessera.apps.dialogue.models import Excerpt, NoteTranslation


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand in the same excerpts."""

    words: str
    depth: int
    """In how many; 0 for words outside all."""


def find_pieces(text: str, excerpts: Sequence[Excerpt]) -> Iterator[Piece]:
    """All of a text, cut wherever one of its excerpts begins or ends: excerpts may overlap."""
    cuts = {0, len(text)} | {each.starts for each in excerpts} | {each.ends for each in excerpts}
    for start, end in pairwise(sorted(cuts)):
        yield Piece(text[start:end], sum(each.starts <= start and end <= each.ends for each in excerpts))


@dataclass(frozen=True)
class ReadExcerpt:
    excerpt: Excerpt
    language: Language
    translations: Sequence[tuple[NoteTranslation, Language]]
    """Of the whole note."""


def read_excerpt(excerpt: Excerpt) -> ReadExcerpt:
    translations = [(each, find_language(each.language)) for each in excerpt.note.translations.all()]
    return ReadExcerpt(excerpt, find_language(excerpt.note.language), translations)
