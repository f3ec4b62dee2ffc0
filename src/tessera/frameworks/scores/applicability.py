"""Which questions of an area count, given its answers and its rules.

A rule looks back within its area only, so an area is read from top to bottom. Where a question that governs
others is missing, the reading forks: one *way* for each answer it may still get.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tessera.frameworks.answers import Answer
from tessera.frameworks.profile import QuestionState
from tessera.frameworks.schema import Area, Pathway, Question
from tessera.frameworks.when_rules import Value, holds

Choices = Callable[[Question, frozenset[float]], Sequence[tuple[Value, float]]]
"""Answers that a missing question may get, with their chances; given are the numbers that rules compare."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which an area can be completed."""

    chance: float = 1.0
    counted: Mapping[str, Value] = field(default_factory=dict)
    """Answers that count: given ones, and those that this way assumes for missing governing questions."""
    missing: tuple[str, ...] = ()
    """Questions that apply, have no answer and govern nothing."""
    not_applicable: tuple[str, ...] = ()

    def applies(self, key: str) -> bool:
        return key in self.counted or key in self.missing


def ways(area: Area, pathway: Pathway, answers: Mapping[str, Answer], choices: Choices) -> list[Way]:
    """Every way to complete a plain area.

    Returns
    -------
    list of Way
        One, unless a question that governs others is missing. Chances sum to 1.
    """
    governing = area.governing()
    found = [Way()]
    for question in area.asked(pathway):
        found = [
            further for way in found for further in _continue(way, question, answers, governing, choices)
        ]
    return found


def _continue(
    way: Way,
    question: Question,
    answers: Mapping[str, Answer],
    governing: Mapping[str, frozenset[float]],
    choices: Choices,
) -> Iterator[Way]:
    key = question.key
    answer = answers.get(key, Answer())
    if question.when is not None and not holds(question.when, way.counted):
        yield way
    elif answer.not_applicable:
        yield Way(way.chance, way.counted, way.missing, (*way.not_applicable, key))
    elif answer.value is not None:
        yield Way(way.chance, {**way.counted, key: answer.value}, way.missing, way.not_applicable)
    elif key in governing:
        for value, chance in choices(question, governing[key]):
            yield Way(way.chance * chance, {**way.counted, key: value}, way.missing, way.not_applicable)
    else:
        yield Way(way.chance, way.counted, (*way.missing, key), way.not_applicable)


def question_state(question: Question, answer: Answer, possible: Sequence[Way]) -> QuestionState:
    """What a question is, over all ways that are still possible.

    A question that only some ways show counts as missing, even where an answer to it is there: until the
    question that governs it is answered, nobody knows whether it applies.
    """
    shown = [way for way in possible if way.applies(question.key)]
    if any(question.key in way.not_applicable for way in possible):
        return QuestionState.NOT_APPLICABLE
    if not shown:
        return QuestionState.HIDDEN
    if answer.value is not None and len(shown) == len(possible):
        return QuestionState.ANSWERED
    return QuestionState.MISSING
