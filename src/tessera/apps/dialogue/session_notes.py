"""Notes of a session that were typed elsewhere: a text file, read line by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from tessera.apps.accounts.name import steers
from tessera.apps.dialogue.models import LONGEST_NOTE

MOST_NOTES = 2_000
"""Of one file: a session of a whole day has some hundred."""
MAX_NOTES_BYTES = 1024**2
"""A file of so many notes has perhaps a fifth of that."""

_CODE = re.compile(r"\s*(P[1-9][0-9]{0,2})\s*:\s*", re.IGNORECASE)


class NotesFault(Enum):
    """Why a file is not taken."""

    NOT_TEXT = "not-text"
    """It is not UTF-8."""
    EMPTY = "empty"
    TOO_MANY = "too-many"
    TOO_LONG = "too-long"
    WRONG_SIGN = "wrong-sign"
    NO_WORDS = "no-words"
    """A code, and nothing behind it."""
    UNKNOWN_CODE = "unknown-code"


class WrongNotes(ValueError):
    """What is wrong with a file, and in which line, counted from 1; 0 where it is about the whole file."""

    def __init__(self, fault: NotesFault, line: int = 0, code: str = "") -> None:
        self.fault, self.line, self.code = fault, line, code
        super().__init__(f"line {line}: {fault.value} {code}".rstrip())


@dataclass(frozen=True)
class SaidLine:
    """One note of a file."""

    number: int
    """Of its first line, counted from 1."""
    code: str
    """Of who said it; empty for several people, and for what was seen."""
    text: str


def read_notes(content: bytes) -> list[SaidLine]:
    """The notes of a text file, in their order.

    An empty line ends a note; in a file without empty lines each line is one. A line that begins with a code,
    such as ``P3:``, begins a note of that participant.

    Raises WrongNotes.

    Examples
    --------
    >>> for note in read_notes(b"P1: The office closes at noon.\\nPeople nod."):
    ...     print(note.number, note.code or "-", note.text)
    1 P1 The office closes at noon.
    2 - People nod.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongNotes(NotesFault.NOT_TEXT) from None
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    found = [_read(piece) for piece in _pieces(lines)]
    if not found:
        raise WrongNotes(NotesFault.EMPTY)
    if len(found) > MOST_NOTES:
        raise WrongNotes(NotesFault.TOO_MANY)
    return found


_Lines = list[tuple[int, str]]


def _pieces(lines: _Lines) -> Iterator[_Lines]:
    """The lines of each note."""
    while lines and not lines[-1][1]:
        lines = lines[:-1]
    while lines and not lines[0][1]:
        lines = lines[1:]
    has_paragraphs = any(not line for _, line in lines)
    for is_said, group in groupby(lines, key=lambda each: bool(each[1])):
        if not is_said:
            continue
        piece: _Lines = []
        for each in group:
            if piece and (not has_paragraphs or _CODE.match(each[1])):
                yield piece
                piece = []
            piece.append(each)
        yield piece


def _read(piece: _Lines) -> SaidLine:
    number = piece[0][0]
    for at, line in piece:
        if any(steers(sign) for sign in line if sign != "\t"):
            raise WrongNotes(NotesFault.WRONG_SIGN, at)
    text = "\n".join(line for _, line in piece)
    found = _CODE.match(text)
    if found is not None:
        text = text[found.end() :]
    if not text:
        raise WrongNotes(NotesFault.NO_WORDS, number)
    if len(text) > LONGEST_NOTE:
        raise WrongNotes(NotesFault.TOO_LONG, number)
    return SaidLine(number, "" if found is None else found[1].upper(), text)
