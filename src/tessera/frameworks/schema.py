"""What a framework is, as frozen classes. docs/reference/framework-format.md has the format of the files.

Weights and points are fractions: they are written as decimal numbers and must not pick up rounding on
the way to a score.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from tessera.frameworks.when_rules import Rule, Value, questions_named, thresholds_named

NEVER = "never"
LONGEST_PERIOD = Fraction(200)
"""Years: no city looks back on more, and a slip of the pen is not taken for an answer."""


class QuestionType(StrEnum):
    YES_NO = "yes-no"
    YES_PARTLY_NO = "yes-partly-no"
    FREQUENCY = "frequency"
    SHARE = "share"
    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    PERIOD = "period"


FIXED_OPTIONS: Mapping[QuestionType, Mapping[str, int]] = {
    QuestionType.YES_NO: {"yes": 1, "no": 0},
    QuestionType.YES_PARTLY_NO: {"yes": 2, "partly": 1, "no": 0},
    QuestionType.FREQUENCY: {"often": 3, "sometimes": 2, "rarely": 1, "never": 0},
    QuestionType.SHARE: {"all": 3, "most": 2, "some": 1, "none": 0},
}


class Kind(StrEnum):
    FACT = "fact"
    INPUT = "input"
    IMPACT = "impact"


class Pathway(StrEnum):
    CORE = "core"
    FULL = "full"


class Change(StrEnum):
    """What became of a question from one version to the next."""

    SAME = "same"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    CHANGED = "changed"
    NEW = "new"
    DROPPED = "dropped"

    @property
    def comparable(self) -> bool:
        return self in (Change.SAME, Change.REWORDED)


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    area: str
    type: QuestionType
    kind: Kind
    weight: Fraction
    pathway: Pathway
    may_not_apply: bool
    evidence_wished: bool
    when: Rule | None
    options: tuple[Option, ...]
    """Empty for numbers; for a period only *never*."""
    exclusive: str | None
    cap: Fraction | None
    scale: tuple[tuple[Fraction, Fraction], ...]
    """Pairs of value and points, values rising; empty for questions with options."""
    line: int
    """Where the question stands in framework.yaml."""

    @property
    def possible(self) -> Fraction:
        """The most points that an answer can reach."""
        if self.cap is not None:
            return self.cap
        return max([option.points for option in self.options] + [points for _, points in self.scale])

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """The lowest and the highest number that is an answer, to a number or a period."""
        first, last = self.scale[0][0], self.scale[-1][0]
        return first, LONGEST_PERIOD if self.type is QuestionType.PERIOD else last

    def option(self, key: str) -> Option:
        """Raises KeyError for an option that the question does not have."""
        for option in self.options:
            if option.key == key:
                return option
        raise KeyError(key)

    def points(self, value: Value) -> Fraction:
        """Points that an answer reaches.

        Parameters
        ----------
        value : str, tuple of str, or float
            An answer of the question's own type; a number of a period is in years.

        Raises
        ------
        ValueError
            The value is no answer to this question (an unknown option, a number out of bounds).
        """
        try:
            if isinstance(value, str):
                return self.option(value).points
            if isinstance(value, tuple):
                assert self.cap is not None
                return min(self.cap, sum((self.option(key).points for key in value), Fraction(0)))
        except KeyError as unknown:
            raise ValueError(f"{self.key}: {unknown.args[0]!r} is not one of its options") from None
        return self._interpolate(float(value))

    def score(self, value: Value) -> Fraction:
        """100 × points reached / points possible."""
        return 100 * self.points(value) / self.possible

    def _interpolate(self, number: float) -> Fraction:
        if not self.scale:
            raise ValueError(f"{self.key}: {number:g} is a number, and the question has options")
        low, high = self.bounds
        if not low <= number <= high:
            raise ValueError(f"{self.key}: {number:g} lies outside {float(low):g} to {float(high):g}")
        if number == 0 and math.copysign(1, number) < 0:
            raise ValueError(f"{self.key}: zero has no sign")
        x = Fraction(repr(number))
        for (x0, y0), (x1, y1) in zip(self.scale, self.scale[1:], strict=False):
            if x <= x1:
                return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        # A period that is longer than its scale.
        return self.scale[-1][1]


def representative_answers(question: Question, thresholds: Iterable[float] = ()) -> tuple[Value, ...]:
    """Answers to a question that reach every score and every side of every rule that a band must consider.

    Between two neighbours of these the points run in a straight line and no rule changes, so the lowest and
    the highest score over all answers are reached at one of them.

    Parameters
    ----------
    question : Question
    thresholds : iterable of float
        The numbers that rules compare the answer with (`when_rules.thresholds_named`); of use for numbers and
        periods only.

    Returns
    -------
    tuple of answers
        *One of several options*: each option. *multiple*: each set that a city may choose, that is every
        non-empty set of the options that do not exclude the others, in the question's order, and the
        exclusive option alone; their number doubles with each option. *number* and *period*: the values of
        the scale, and each threshold with the next float below and above it where the question admits them,
        rising; for a period then *never*.
    """
    if question.type is QuestionType.MULTIPLE:
        free = [option.key for option in question.options if option.key != question.exclusive]
        chosen = [set_ for size in range(1, len(free) + 1) for set_ in combinations(free, size)]
        return (*chosen, (question.exclusive,)) if question.exclusive else tuple(chosen)
    options = tuple(option.key for option in question.options)
    if not question.scale:
        return options
    values = {float(value) for value, _ in question.scale}
    lowest, highest = question.bounds
    for threshold in thresholds:
        around = (math.nextafter(threshold, -math.inf), threshold, math.nextafter(threshold, math.inf))
        values.update(value for value in around if lowest <= value <= highest)
    return (*sorted(values), *options)


@dataclass(frozen=True, slots=True)
class Area:
    key: str
    weight: Fraction
    optional: bool
    areas: tuple["Area", ...]
    questions: tuple[Question, ...]

    @property
    def composite(self) -> bool:
        return bool(self.areas)

    def plain_areas(self) -> Iterator["Area"]:
        """The areas that hold questions: this one, or those inside it."""
        if self.composite:
            yield from self.areas
        else:
            yield self

    def asked(self, pathway: Pathway) -> tuple[Question, ...]:
        """The questions of a plain area that a pathway asks."""
        return tuple(
            question
            for question in self.questions
            if pathway is Pathway.FULL or question.pathway is Pathway.CORE
        )

    def governing(self) -> dict[str, frozenset[float]]:
        """Keys of the questions that decide whether others of this plain area apply.

        Each with the numbers that the rules compare its answer with (none unless it is a number or a period).
        """
        rules = [question.when for question in self.questions if question.when is not None]
        named = {key for rule in rules for key in questions_named(rule)}
        return {
            question.key: frozenset(
                number for rule in rules for number in thresholds_named(rule, question.key)
            )
            for question in self.questions
            if question.key in named
        }


@dataclass(frozen=True, slots=True)
class Constraint:
    key: str
    condition: Rule
    consequence: Rule

    @property
    def questions(self) -> frozenset[str]:
        """Keys of the questions that it looks at."""
        return questions_named(self.condition) | questions_named(self.consequence)


@dataclass(frozen=True, slots=True)
class AreaText:
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class QuestionText:
    text: str
    help: str
    why: str
    options: Mapping[str, str]
    """A label for each of the question's options, shared wordings filled in."""
    unit: str


@dataclass(frozen=True, slots=True)
class Texts:
    language: str
    title: str
    description: str
    native_review: bool
    areas: Mapping[str, AreaText]
    questions: Mapping[str, QuestionText]
    constraints: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChangeMap:
    """From the version before to this one.

    ``old`` has an entry for each question of the version before, ``new`` for each of this one; ``origin``
    and ``heirs`` name the other side of a split or a merger.
    """

    from_version: int
    old: Mapping[str, Change]
    new: Mapping[str, Change]
    origin: Mapping[str, tuple[str, ...]]
    heirs: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Framework:
    id: str
    version: int
    published: date | None
    min_coverage: Fraction
    areas: tuple[Area, ...]
    constraints: tuple[Constraint, ...]
    texts: Mapping[str, Texts]
    """By language; the first is the source language."""
    changes: ChangeMap | None
    source: str
    """The text of SOURCE.md."""
    content_hash: str
    """SHA-256 of the whole definition: structure, texts, change map."""
    scheme_hash: str
    """SHA-256 of what decides a score: areas, weights, points, rules, minimum coverage."""

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.texts)

    def plain_areas(self) -> Iterator[Area]:
        for area in self.areas:
            yield from area.plain_areas()

    def all_areas(self) -> Iterator[Area]:
        """Every area, a composite one before those inside it."""
        for area in self.areas:
            yield area
            yield from area.areas

    def area(self, key: str) -> Area:
        """Raises KeyError for an unknown key."""
        for area in self.all_areas():
            if area.key == key:
                return area
        raise KeyError(key)

    def questions(self, pathway: Pathway = Pathway.FULL) -> Iterator[Question]:
        """In the order of the questionnaire; the core pathway asks the core questions only."""
        for area in self.plain_areas():
            yield from area.asked(pathway)

    def question(self, key: str) -> Question:
        """Raises KeyError for an unknown key."""
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> Mapping[str, Question]:
        return {question.key: question for question in self.questions()}

    def text(self, language: str) -> Texts:
        """The wording in a language, or in the source language where the framework lacks it."""
        return self.texts.get(language) or self.texts[self.languages[0]]
