"""The marks of a downloaded sheet: they show, when it comes back, which of its answers were touched."""

import hashlib
import json

from tessera.frameworks.answers import Answer
from tessera.frameworks.schema import Question
from tessera.frameworks.xml_signs import fit_for_xml

_LENGTH = 16
"""Sixty-four bits: enough that no two answers to one question share a mark by chance."""

_LONGEST_TEXT = 32_767
"""What a cell can hold, in characters."""


def as_in_a_sheet(question: Question, answer: Answer) -> Answer:
    """An answer as it is read again from the sheet that it was written to.

    Cells have no blanks around a text, one kind of line end, no control characters and 15 digits.

    Examples
    --------
    >>> from tessera.frameworks.load import find_framework
    >>> vote = find_framework("intercultural-review").question("local-vote")
    >>> said = as_in_a_sheet(vote, Answer(1 / 3, note="Since spring.\\r\\nSee the law. "))
    >>> said.value, said.note
    (0.333333333333333, 'Since spring.\\nSee the law.')
    """
    value = answer.value
    if answer.not_applicable:
        value = None
    elif isinstance(value, tuple):
        value = tuple(option.key for option in question.options if option.key in value) or None
    elif isinstance(value, int | float):
        value = float(f"{value:.15g}")
    reason, note, evidence = (_in_a_cell(words) for words in (answer.reason, answer.note, answer.evidence))
    return Answer(value, answer.not_applicable, reason, note, evidence)


def answer_mark(question: Question, answer: Answer, *, city: str, year: int) -> str:
    """Short hash of all that a row says. In the sheet of another city or year, the same answer has another.

    A blank answer has a mark, too.
    """
    said = as_in_a_sheet(question, answer)
    whose = [_in_a_cell(city), year, question.key]
    content = [*whose, said.value, said.not_applicable, said.reason, said.note, said.evidence]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:_LENGTH]


def _in_a_cell(words: str) -> str:
    one_kind_of_line_end = words.replace("\r\n", "\n").replace("\r", "\n")
    return fit_for_xml(one_kind_of_line_end)[:_LONGEST_TEXT].strip()
