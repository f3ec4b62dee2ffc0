"""A sheet of answers held against its framework: which questions count, and what every area scores."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tessera.engines.index.coverage import Assessment, assess
from tessera.engines.index.structure import Node, Tree
from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.profile import AreaState, QuestionState
from tessera.frameworks.schema import Area, Framework, Pathway, Question, representative_answers
from tessera.frameworks.scores.applicability import question_state, ways
from tessera.frameworks.when_rules import Value

OVERALL = "overall"
CORE = "core"
EXTENDED = "extended"


def area_code(key: str) -> str:
    """An area's code in a tree, where areas and questions stand together."""
    return f"area:{key}"


def question_code(key: str) -> str:
    """A question's code in a tree."""
    return f"question:{key}"


@dataclass(frozen=True)
class Assessed:
    """A tree of areas and questions with the assessment made on it."""

    tree: Tree
    result: Assessment

    def area_share(self, key: str) -> float:
        """The part of the overall score that an area makes up; 0 if it is not in this tree."""
        code = area_code(key)
        if code not in self.result.shares:
            return 0.0
        return self.result.share_in(self.tree, code, OVERALL)


@dataclass(frozen=True)
class Reading:
    framework: Framework
    sheet: AnswerSheet
    states: Mapping[str, QuestionState]
    """Of each question that the pathway asks."""
    values: Mapping[str, Value]
    """The answers that count."""

    @cached_property
    def points(self) -> dict[str, float]:
        """0 to 100, of each question that counts."""
        return {key: float(self.framework.question(key).score(value)) for key, value in self.values.items()}

    def assess(self, points: Mapping[str, float], areas: Sequence[Area]) -> Assessed:
        """Carry points of questions up a tree of areas.

        Parameters
        ----------
        points : mapping of question key to points
            A question that applies and is not in it counts as missing.
        areas : sequence of Area
            The top areas of the tree.
        """
        tree = Tree(tuple(_nodes(areas, self.sheet.pathway)))
        given = np.array([points.get(_key(code), math.nan) for code in tree.leaves])
        counting = np.array([self._applies(_key(code)) for code in tree.leaves], dtype=bool)
        return Assessed(tree, assess(tree, given, counting, min_coverage=float(self.framework.min_coverage)))

    @cached_property
    def core(self) -> Assessed:
        """Over the areas that are not optional."""
        return self.assess(self.points, self.core_areas)

    @cached_property
    def extended(self) -> Assessed:
        """Over all areas."""
        return self.assess(self.points, self.framework.areas)

    @property
    def core_areas(self) -> tuple[Area, ...]:
        return tuple(area for area in self.framework.areas if not area.optional)

    @cached_property
    def overalls(self) -> dict[str, Assessed]:
        """The overall scores that are shown: the extended one only when every optional area has a score."""
        optional = [area.key for area in self.framework.areas if area.optional]
        if optional and all(self.area_state(key) is AreaState.SCORED for key in optional):
            return {CORE: self.core, EXTENDED: self.extended}
        return {CORE: self.core}

    def with_answer(self, area: Area, key: str, value: Value) -> "Reading":
        """The same sheet with another answer to one question of a plain area; only that area is read anew."""
        sheet = replace(self.sheet, answers={**self.sheet.answers, key: Answer(value)})
        return _reading(self.framework, sheet, {**self.states, **_states_in(area, sheet)})

    def area_points(self, key: str) -> float:
        """0 to 100; NaN without a score."""
        return self.extended.result.scores.get(area_code(key), math.nan)

    def area_coverage(self, key: str) -> float:
        """Share 0 to 1; NaN when nothing in the area applies."""
        return self.extended.result.coverage.get(area_code(key), math.nan)

    def area_state(self, key: str) -> AreaState:
        area = self.framework.area(key)
        questions = [q for plain in area.plain_areas() for q in plain.asked(self.sheet.pathway)]
        if not questions:
            return AreaState.NOT_ASKED
        if area.optional and not any(self._said_something(question) for question in questions):
            return AreaState.NOT_FILLED
        if math.isnan(self.area_coverage(key)):
            return AreaState.NOT_APPLICABLE
        return AreaState.NOT_ENOUGH if math.isnan(self.area_points(key)) else AreaState.SCORED

    def _applies(self, key: str) -> bool:
        return self.states[key] in (QuestionState.ANSWERED, QuestionState.MISSING)

    def _said_something(self, question: Question) -> bool:
        answer = self.sheet.answers.get(question.key, Answer())
        return answer.value is not None or answer.not_applicable


def read_answers(framework: Framework, sheet: AnswerSheet) -> Reading:
    """Find out which answers of a sheet count.

    Raises
    ------
    ValueError
        The sheet belongs to another framework or version.
    """
    if (sheet.framework_id, sheet.version) != (framework.id, framework.version):
        raise ValueError(
            f"the sheet of {sheet.city} answers {sheet.framework_id} {sheet.version}, "
            f"not {framework.id} {framework.version}"
        )
    states = {
        key: state for area in framework.plain_areas() for key, state in _states_in(area, sheet).items()
    }
    return _reading(framework, sheet, states)


def _states_in(area: Area, sheet: AnswerSheet) -> dict[str, QuestionState]:
    """Of each question of a plain area that the sheet's pathway asks."""
    possible = ways(
        area,
        sheet.pathway,
        sheet.answers,
        lambda question, thresholds: [(value, 1.0) for value in representative_answers(question, thresholds)],
    )
    return {
        question.key: question_state(question, sheet.answers.get(question.key, Answer()), possible)
        for question in area.asked(sheet.pathway)
    }


def _reading(framework: Framework, sheet: AnswerSheet, states: Mapping[str, QuestionState]) -> Reading:
    values = {
        key: answer.value
        for key, answer in sheet.answers.items()
        if states.get(key) is QuestionState.ANSWERED and answer.value is not None
    }
    return Reading(framework, sheet, states, values)


def _key(code: str) -> str:
    return code.removeprefix("question:")


def _nodes(areas: Sequence[Area], pathway: Pathway) -> Iterator[Node]:
    yield Node(OVERALL, None)
    for area in areas:
        yield from _area_nodes(area, OVERALL, pathway)


def _area_nodes(area: Area, parent: str, pathway: Pathway) -> Iterator[Node]:
    if not any(plain.asked(pathway) for plain in area.plain_areas()):
        return
    yield Node(area_code(area.key), parent, float(area.weight))
    for part in area.areas:
        yield from _area_nodes(part, area_code(area.key), pathway)
    for question in area.asked(pathway):
        yield Node(question_code(question.key), area_code(area.key), float(question.weight))
