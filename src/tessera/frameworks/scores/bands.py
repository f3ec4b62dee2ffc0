"""The bands of a reading: where each score can lie while answers are missing.

Rules look back within an area only, so the areas are independent of each other, and the band of a mean of
areas is the mean of theirs.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.bands import (
    Completion,
    Term,
    draw_means,
    exact_quantiles,
    mean_of_draws,
    outer_band,
)
from tessera.engines.index.coverage import weighted_mean
from tessera.frameworks.profile import DrawnFrom
from tessera.frameworks.schema import Area, Question, representative_answers
from tessera.frameworks.scores.applicability import Choices, Way, ways
from tessera.frameworks.scores.reading import Reading, area_code, question_code
from tessera.frameworks.when_rules import Value

Found = TypeVar("Found")

DRAWS = 10_000
LIKELY = (0.1, 0.9)
"""The 80 % interval leaves out a tenth on each side."""


@dataclass(frozen=True)
class Band:
    """Of one score, in points. ``draws`` has the shape (DRAWS,)."""

    outer: tuple[float, float]
    likely: tuple[float, float]
    draws: NDArray[np.float64]
    drawn_from: frozenset[DrawnFrom]


def area_band(
    area: Area, reading: Reading, class_answers: Mapping[str, Sequence[Value]], seed: int
) -> Band | None:
    """The band of one plain area.

    Parameters
    ----------
    class_answers : mapping of question key to answers
        Where a question has an entry, its missing answer is drawn from it, else evenly over its own answers.
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Band or None
        None where nothing in the area applies or counts.
    """

    drawn_from: set[DrawnFrom] = set()

    def likely(question: Question, thresholds: frozenset[float]) -> Sequence[tuple[Value, float]]:
        given = class_answers.get(question.key)
        if given is None:
            drawn_from.add(DrawnFrom.OPTIONS)
            return _evenly(question, frozenset())
        drawn_from.add(DrawnFrom.CLASS)
        counts = Counter(given)
        return [(value, counts[value] / len(given)) for value in sorted(counts, key=repr)]

    outer = area_outer_band(area, reading)
    if outer is None:
        return None
    drawn = _completions(area, reading, likely)
    draws = draw_means(drawn, code=area_code(area.key), seed=seed, draws=DRAWS)
    has_rules = any(question.when is not None for question in area.asked(reading.sheet.pathway))
    quantiles = _quantiles(draws) if has_rules else exact_quantiles(drawn[0], LIKELY)
    return _band(outer, quantiles, draws, drawn_from)


def area_outer_band(
    area: Area, reading: Reading, choices: Choices | None = None
) -> tuple[float, float] | None:
    """Lowest and highest score of one plain area over all completions of its missing questions, in points.

    Parameters
    ----------
    choices : callable, optional
        Answers that complete a missing question; by default all that a band must consider.

    Returns
    -------
    (float, float) or None
        None where nothing in the area applies or counts.
    """
    lowest, highest = outer_band(_completions(area, reading, choices or _evenly))
    return None if math.isnan(lowest) else (lowest, highest)


def mean_band(parts: Mapping[Area, Band | None]) -> Band | None:
    """The band of the weighted mean of areas; None where none of them has one."""
    present = _present(parts.items())
    if not present:
        return None
    lowest, highest = _mean_of_outer([(area, band.outer) for area, band in present])
    draws = mean_of_draws([band.draws for _, band in present], [float(area.weight) for area, _ in present])
    drawn_from = {source for _, band in present for source in band.drawn_from}
    return _band((lowest, highest), _quantiles(draws), draws, drawn_from)


def mean_outer_band(
    parts: Iterable[tuple[Area, tuple[float, float] | None]],
) -> tuple[float, float] | None:
    """The outer band of the weighted mean of areas; None where none of them has one."""
    present = _present(parts)
    return _mean_of_outer(present) if present else None


def _present(parts: Iterable[tuple[Area, Found | None]]) -> list[tuple[Area, Found]]:
    # In the order of the keys: a sum of floats must not depend on the order of the questionnaire.
    found = [(area, band) for area, band in parts if band is not None]
    return sorted(found, key=lambda part: part[0].key)


def _mean_of_outer(present: Sequence[tuple[Area, tuple[float, float]]]) -> tuple[float, float]:
    weights = [float(area.weight) for area, _ in present]
    lowest = weighted_mean(zip([band[0] for _, band in present], weights, strict=True))
    highest = weighted_mean(zip([band[1] for _, band in present], weights, strict=True))
    return lowest, highest


def _band(
    outer: tuple[float, float],
    quantiles: Sequence[float],
    draws: NDArray[np.float64],
    drawn_from: Iterable[DrawnFrom],
) -> Band:
    # A quantile is a quotient of sums and may pass the end of the outer band in the last digit.
    low, high = (min(max(quantile, outer[0]), outer[1]) for quantile in quantiles)
    return Band(outer, (low, high), draws, frozenset(drawn_from))


def _quantiles(draws: NDArray[np.float64]) -> list[float]:
    return [float(quantile) for quantile in np.quantile(draws, LIKELY)]


def _evenly(question: Question, thresholds: frozenset[float]) -> Sequence[tuple[Value, float]]:
    values = representative_answers(question, thresholds)
    return [(value, 1 / len(values)) for value in values]


def _completions(area: Area, reading: Reading, choices: Choices) -> list[Completion]:
    possible = ways(area, reading.sheet.pathway, reading.sheet.answers, choices)
    return [_completion(way, area, choices) for way in possible]


def _completion(way: Way, area: Area, choices: Choices) -> Completion:
    terms = []
    for question in area.questions:
        if question.weight == 0:
            continue
        if question.key in way.counted:
            answers: Sequence[tuple[Value, float]] = [(way.counted[question.key], 1.0)]
        elif question.key in way.missing:
            answers = choices(question, frozenset())
        else:
            continue
        points: defaultdict[float, float] = defaultdict(float)
        for value, chance in answers:
            points[float(question.score(value))] += chance
        reached = tuple(sorted(points))
        chances = tuple(points[reach] for reach in reached)
        terms.append(Term(question_code(question.key), float(question.weight), reached, chances))
    return Completion(way.chance, tuple(terms))
