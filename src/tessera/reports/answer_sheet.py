"""Sheets on which people answer a consultation on paper, each with a strip to tear off and keep.

Every word is passed in, in the language of the sheets.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from babel import Locale

from tessera.reports.poster import address_to_type
from tessera.reports.typesetting import typeset


@dataclass(frozen=True)
class SheetWords:
    """What stands on every sheet, whatever the consultation."""

    follows: str  # a heading, "What happens with your answers"
    how: str  # "Tick one box in each line."
    no_name: str  # "Do not write your name on this sheet."
    typed_twice: str  # who reads it, and how
    hand_in: str  # with the last day to hand it in
    number: str  # a label, "Sheet"; its number follows
    line: str  # heads the codes of the lines
    sentence: str  # heads the statements
    agree: str  # heads the boxes, as the next two
    disagree: str
    do_not_know: str
    by_machine: str  # under a statement that a machine put into the language
    keep: str  # heads the strip: "Tear this off and keep it"
    your_code: str  # a label; the code follows
    good_for: str  # what the code is good for; the address follows
    lose: str  # what becomes of it without the code


@dataclass(frozen=True)
class SheetLine:
    """A statement, with its boxes."""

    code: str  # by which it is typed in
    text: str
    language: str  # of these words
    original: str  # where a machine put it into these words, what it was given; else ""
    original_language: str


@dataclass(frozen=True)
class SheetCopy:
    """What tells one sheet from another."""

    number: str
    code: str  # of whoever answers on it, as it is read out


@dataclass(frozen=True)
class AnswerSheets:
    language: str  # its code; the direction of writing follows from it
    city: str  # who asks
    title: str
    asked_by: str  # who asks and why; may have several lines, as the next one
    what_follows: str
    notice: str  # what must not be overlooked, such as that all is invented; often ""
    address: str  # where a code opens one's answers
    words: SheetWords
    lines: Sequence[SheetLine]
    copies: Sequence[SheetCopy]


def print_answer_sheets(sheets: AnswerSheets) -> bytes:
    """Set sheets, A4, on as many pages as their lines need. Each begins on a front side.

    The strip stands at the foot of the first page, and nothing stands there on its back: who tears it off
    takes no line along.

    Returns
    -------
    bytes
        A tagged PDF (PDF/UA-1) in the language. The same sheets give the same bytes.

    Raises
    ------
    NoLetterError
        A sign has no letter in our fonts.
    DoesNotFitError
        The words are too long for the strip, or leave no room for a line on the first page.
    """
    direction: str = Locale.parse(sheets.language).text_direction
    return typeset(
        "answer_sheet.typ",
        {
            **asdict(sheets),
            "direction": direction,
            "asked_by": sheets.asked_by.splitlines(),
            "what_follows": sheets.what_follows.splitlines(),
            "typed": address_to_type(sheets.address),
        },
    )
