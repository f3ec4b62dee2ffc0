"""Where a score can lie while answers are missing.

A *completion* says which terms a mean has; each term has one value or, while it is missing, several with
their chances. Where an answer decides whether others count, there is one completion for each way to give it.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.coverage import weighted_mean
from tessera.engines.index.draws.streams import stream


@dataclass(frozen=True)
class Term:
    code: str
    weight: float
    points: tuple[float, ...]
    """The points it can have: one, if it is known."""
    chances: tuple[float, ...]
    """Of each, summing to 1."""


@dataclass(frozen=True)
class Completion:
    chance: float
    terms: tuple[Term, ...]


def outer_band(completions: Sequence[Completion]) -> tuple[float, float]:
    """Lowest and highest weighted mean over all completions.

    NaN, NaN when no term has a weight above 0. Chances are not looked at.

    Examples
    --------
    >>> known = Term("a", 1.0, (100.0,), (1.0,))
    >>> missing = Term("b", 1.0, (0.0, 50.0), (0.5, 0.5))
    >>> outer_band([Completion(1.0, (known, missing))])
    (50.0, 75.0)
    """
    lowest = [weighted_mean((min(term.points), term.weight) for term in way.terms) for way in completions]
    highest = [weighted_mean((max(term.points), term.weight) for term in way.terms) for way in completions]
    return min(lowest, default=math.nan), max(highest, default=math.nan)


def exact_quantiles(completion: Completion, shares: Sequence[float]) -> tuple[float, ...]:
    """Quantiles of the weighted mean of independent terms, by convolution.

    Parameters
    ----------
    completion : Completion
        Its own chance is not looked at.
    shares : sequence of float
        Each 0 to 1.

    Returns
    -------
    tuple of float
        For each share the smallest value that is reached with at least that probability. NaN when no term
        has a weight above 0.
    """
    terms = sorted((term for term in completion.terms if term.weight > 0), key=lambda term: term.code)
    if not terms:
        return tuple(math.nan for _ in shares)
    sums, chances = np.zeros(1), np.ones(1)
    for term in terms:
        sums = np.add.outer(sums, term.weight * np.array(term.points)).ravel()
        chances = np.multiply.outer(chances, np.array(term.chances)).ravel()
        # Equal sums reached on different ways differ in the last digits: they are one value.
        _, firsts, places = np.unique(np.round(sums, 9), return_index=True, return_inverse=True)
        sums = sums[firsts]
        chances = np.bincount(places, weights=chances).astype(np.float64)
    reached = np.cumsum(chances)
    total = math.fsum(term.weight for term in terms)
    first = np.minimum(np.searchsorted(reached, np.array(shares) - 1e-12), len(sums) - 1)
    return tuple(float(value) for value in sums[first] / total)


def draw_means(completions: Sequence[Completion], *, code: str, seed: int, draws: int) -> NDArray[np.float64]:
    """Random weighted means, a completion drawn first and then each of its terms.

    Every code has a numbered stream of its own, so that the order of terms, or another term beside it, does
    not change what is drawn for it.

    Parameters
    ----------
    completions : sequence of Completion
        Their chances sum to 1.
    code : str
        Names the stream that chooses among the completions.
    seed : int
        0 to 2**64 - 1.
    draws : int

    Returns
    -------
    ndarray of float, shape (draws,)
        NaN when no term has a weight above 0.
    """
    chosen = _choose([way.chance for way in completions], stream(code, seed), draws)
    means = np.full(draws, math.nan)
    for number, way in enumerate(completions):
        here = chosen == number
        terms = sorted((term for term in way.terms if term.weight > 0), key=lambda term: term.code)
        if not terms or not here.any():
            continue
        total = np.zeros(draws)
        for term in terms:
            total += (
                term.weight * np.array(term.points)[_choose(term.chances, stream(term.code, seed), draws)]
            )
        means[here] = total[here] / math.fsum(term.weight for term in terms)
    return means


def mean_of_draws(draws: Sequence[NDArray[np.float64]], weights: Sequence[float]) -> NDArray[np.float64]:
    """The weighted mean of several scores, draw by draw.

    Added up in the order given, one by one: a product of matrices would differ in the last digit from one
    machine to another.

    Parameters
    ----------
    draws : sequence of ndarray of float, each of shape (n_draws,)
    weights : sequence of float
        Of each, above 0.

    Examples
    --------
    >>> mean_of_draws([np.array([0.0, 100.0]), np.array([50.0, 50.0])], [1.0, 3.0]).tolist()
    [37.5, 62.5]
    """
    total = np.zeros(len(draws[0]))
    for scores, weight in zip(draws, weights, strict=True):
        total += weight * scores
    return total / math.fsum(weights)


def _choose(chances: Sequence[float], rng: np.random.Generator, draws: int) -> NDArray[np.intp]:
    if len(chances) == 1:
        return np.zeros(draws, dtype=np.intp)
    edges = np.array(list(itertools.accumulate(chances)))[:-1]
    return np.searchsorted(edges, rng.random(draws), side="right")
