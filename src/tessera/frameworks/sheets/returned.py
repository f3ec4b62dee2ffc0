"""Holds a sheet that came back against the answers that are there by now."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tessera.frameworks.answers import Answer
from tessera.frameworks.schema import Framework, Pathway, Question
from tessera.frameworks.sheets.marks import answer_mark, as_in_a_sheet
from tessera.frameworks.sheets.read import FilledSheet

_BLANK = Answer()


class Kind(StrEnum):
    NEW = "new"
    """Nothing is there now."""
    CHANGED = "changed"
    """What is there now is what was downloaded."""
    CLEARED = "cleared"
    """As CHANGED, and the sheet says nothing any more."""
    CONFLICT = "conflict"
    """What is there now was changed since, or the sheet does not show what was downloaded."""


@dataclass(frozen=True, slots=True)
class Difference:
    question: str
    """Its key."""
    kind: Kind
    present: Answer
    """Blank where nothing is there."""
    returned: Answer
    """The answer to keep where the sheet is followed; blank where it was cleared."""


def compare_sheets(
    framework: Framework,
    pathway: Pathway,
    *,
    returned: FilledSheet,
    present: Mapping[str, Answer],
) -> tuple[Difference, ...]:
    """What a returned sheet would change.

    Parameters
    ----------
    framework : Framework
    pathway : Pathway
        Which questions are looked at: those that the review asks.
    returned : FilledSheet
        A question whose mark shows that its row was not touched is no difference. Without a mark, a blank
        cell changes nothing, and evidence is only added.
    present : mapping of key to Answer
        The answers that are there now. They may be written in other words than a cell can hold, such as other
        line ends; that is no difference.

    Returns
    -------
    tuple of Difference
        In the order of the questionnaire.
    """
    found = []
    for question in framework.questions(pathway):
        now = as_in_a_sheet(question, present.get(question.key, _BLANK))
        back = as_in_a_sheet(question, returned.sheet.answers.get(question.key, _BLANK))
        mark = returned.marks.get(question.key)
        if mark is None:
            back = _with_blanks_filled(back, now)
        kind = _kind(question, mark, returned, now=now, back=back)
        if kind is not None:
            found.append(Difference(question.key, kind, now, back))
    return tuple(found)


def _kind(
    question: Question, mark: str | None, returned: FilledSheet, *, now: Answer, back: Answer
) -> Kind | None:
    def marked(answer: Answer) -> bool:
        sheet = returned.sheet
        return mark == answer_mark(question, answer, city=sheet.city, year=sheet.year)

    if now == back or marked(back):
        return None
    if now == _BLANK:
        return Kind.NEW
    if not marked(now):
        return Kind.CONFLICT
    return Kind.CLEARED if back == _BLANK else Kind.CHANGED


def _with_blanks_filled(answer: Answer, now: Answer) -> Answer:
    """The answer with what is there now in place of each blank cell."""
    blank = answer.value is None and not answer.not_applicable
    said = now if blank else answer
    return Answer(
        said.value,
        said.not_applicable,
        answer.reason or said.reason,
        answer.note or now.note,
        _joined(now.evidence, answer.evidence),
    )


def _joined(there: str, named: str) -> str:
    """The pieces of evidence that are there, and those that the sheet names besides."""
    known = [" ".join(line.split()) for line in there.splitlines()]
    further = [line for line in named.splitlines() if " ".join(line.split()) not in known]
    return "\n".join([there, *further] if there else further)
