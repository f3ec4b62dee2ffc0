"""Invented answers: the same ones every time, on any machine, whatever else is built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.schema import Area, Framework, Pathway, Question, QuestionType
from tessera.frameworks.when_rules import Value, conditions, holds

SHARE_MISSING = 0.06
SHARE_MISSING_WHERE_SPARSE = 0.6
SHARE_NOT_APPLICABLE = 0.1
SHARE_KEPT_WHERE_HIDDEN = 0.1
SHARE_WITH_NOTE = 0.05
SHARE_WITH_EVIDENCE = 0.4
SHARE_PRIVATE = 0.2
"""Of the notes: kept by the city to itself."""
SHARE_WITH_OPTIONAL_AREAS = 0.55
SHARE_CONTRADICTING = 0.1


@dataclass(frozen=True)
class Wording:
    """Invented sentences that the answers are given."""

    reasons: Sequence[str]
    notes: Sequence[str]
    evidence: Sequence[str]


@dataclass(frozen=True)
class InventedSheet:
    sheet: AnswerSheet
    public_notes: frozenset[str]


def invent_sheet(
    framework: Framework,
    *,
    slug: str,
    city: str,
    year: int,
    cycle: int,
    pathway: Pathway,
    sparse: bool,
    wording: Wording,
) -> InventedSheet:
    """Answers of a city that is better in some areas than in others, and mostly better in each later cycle.

    Parameters
    ----------
    cycle : int
        0 for the first review of the city, 1 for the next.
    sparse : bool
        Most questions are left without an answer.

    Returns
    -------
    InventedSheet
        The sheet, and the questions whose note and evidence anybody may read.
    """
    answers: dict[str, Answer] = {}
    counting: dict[str, Value] = {}
    public: set[str] = set()
    for area in framework.plain_areas():
        if _is_optional(framework, area) and _draws(slug, area.key).random() > SHARE_WITH_OPTIONAL_AREAS:
            continue
        level = _level(slug, area.key, cycle)
        for question in area.questions:
            if pathway is Pathway.CORE and question.pathway is Pathway.FULL:
                continue
            # What lasts (the leaning of a question) and what is new each time come from two streams.
            lasting, fresh = _draws(slug, question.key), _draws(slug, question.key, str(year))
            value = _answer(question, level + 18 * lasting.standard_normal(), lasting)
            hidden = question.when is not None and not holds(question.when, counting)
            if hidden and fresh.random() > SHARE_KEPT_WHERE_HIDDEN:
                continue
            if fresh.random() < (SHARE_MISSING_WHERE_SPARSE if sparse else SHARE_MISSING):
                continue
            note = _pick(wording.notes, fresh) if fresh.random() < SHARE_WITH_NOTE else ""
            if question.may_not_apply and lasting.random() < SHARE_NOT_APPLICABLE:
                answers[question.key] = Answer(
                    not_applicable=True, reason=_pick(wording.reasons, lasting), note=note
                )
            else:
                has_evidence = question.evidence_wished and lasting.random() < SHARE_WITH_EVIDENCE
                evidence = _pick(wording.evidence, lasting) if has_evidence else ""
                answers[question.key] = Answer(value=value, note=note, evidence=evidence)
                if not hidden:
                    counting[question.key] = value
            if fresh.random() >= SHARE_PRIVATE:
                public.add(question.key)
    if _draws(slug, "contradicts").random() > SHARE_CONTRADICTING:
        for question_key in _contradicting(framework, counting):
            del answers[question_key]
    sheet = AnswerSheet(framework.id, framework.version, pathway, city, year, True, answers)
    return InventedSheet(sheet, frozenset(public & answers.keys()))


def _draws(*names: str) -> np.random.Generator:
    """A stream of its own for each thing that is named: one more city or question changes no other answer."""
    return np.random.default_rng([crc32(name.encode()) for name in names])


def _is_optional(framework: Framework, area: Area) -> bool:
    return any(top.optional and area in tuple(top.plain_areas()) for top in framework.areas)


def _level(slug: str, area: str, cycle: int) -> float:
    """Points, 0 to 100, about which the answers of an area lie."""
    city = 54 + 11 * _draws(slug).standard_normal()
    everywhere = 8 * _draws(area).standard_normal()
    here = _draws(slug, area, "level")
    start = city + everywhere + 12 * here.standard_normal()
    return float(start + cycle * (7 + 6 * here.standard_normal()))


def _answer(question: Question, target: float, draws: np.random.Generator) -> Value:
    """The answer whose score comes near the target."""
    if question.type is QuestionType.MULTIPLE:
        free = [option.key for option in question.options if option.key != question.exclusive]
        chosen = tuple(
            key for key, draw in zip(free, draws.random(len(free)), strict=True) if 100 * draw < target
        )
        return chosen or (question.exclusive or free[0],)
    if question.scale:
        return _number(question, target)
    nearest = min(question.options, key=lambda option: abs(float(question.score(option.key)) - target))
    return nearest.key


def _number(question: Question, target: float) -> Value:
    values = [float(value) for value, _ in question.scale]
    scores = [float(100 * points / question.possible) for _, points in question.scale]
    never = [option.key for option in question.options]
    if never and target < 10:
        return never[0]
    offered = np.unique(np.round(np.linspace(values[0], values[-1], 201), 1 if values[-1] <= 10 else 0))
    distance = np.abs(np.interp(offered, values, scores) - target)
    return float(offered[np.argmin(distance)])


def _contradicting(framework: Framework, counting: Mapping[str, Value]) -> set[str]:
    """One question of each contradiction, whose answer is then left out."""
    broken = [
        constraint
        for constraint in framework.constraints
        if holds(constraint.condition, counting)
        and all(condition.question in counting for condition in conditions(constraint.consequence))
        and not holds(constraint.consequence, counting)
    ]
    return {next(conditions(constraint.consequence)).question for constraint in broken}


def _pick(sentences: Sequence[str], draws: np.random.Generator) -> str:
    return sentences[int(draws.integers(len(sentences)))]
