"""From the scores of children to the score of their group.

Arrays of scores have the shape (..., n_units, n_children): a table, or a stack of tables with one for each
draw. Weights have the shape (n_children,), or (n_draws, n_children) with a row for each draw. NaN is a
missing score: it leaves the group, and the weights of the others are scaled up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import NotComputable
from tessera.engines.index.steps.rank import ranks

POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
"""The means that have a name, by the power that makes them."""

TIE = 1e-9
"""An outranking this near to one half is one half: 0.3 and 0.1 + 0.2 must not decide a contest."""

SHARE_TOLERANCE = 1e-12
PAIRS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Rule:
    """How the children of a group make its score.

    ``power`` belongs to the method "power", ``floor`` to the policy "floor". The policy on zeros is asked by
    means with a power up to 0 only: "error" refuses them, "floor" lifts what is lower to ``floor``,
    "annihilate" makes the mean 0. Negative scores have no such mean under any policy.
    """

    method: str = "arithmetic"
    power: float | None = None
    zeros: str = "error"
    floor: float | None = None
    min_available: float = 0.0

    @property
    def exponent(self) -> float | None:
        """Of the power mean; None for a method that counts contests instead."""
        return self.power if self.method == "power" else POWERS.get(self.method)

    @property
    def lifts_to(self) -> float | None:
        """What lower scores are lifted to before the mean is taken; None where they are left as they are."""
        return self.floor if self.zeros == "floor" and _needs_positive(self) else None


@dataclass(frozen=True)
class Aggregate:
    """A rule for all groups, and others for single levels ("L2", of the group itself) or groups (by code)."""

    rule: Rule = Rule()
    at: tuple[tuple[str, Rule], ...] = ()

    def rule_for(self, code: str, level: int) -> Rule:
        """A group's own rule comes before that of its level."""
        special = dict(self.at)
        return special.get(code, special.get(f"L{level}", self.rule))


def combine(
    scores: NDArray[np.float64],
    weights: NDArray[np.float64],
    rule: Rule,
    *,
    applicable: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """The score of a group in each unit.

    Parameters
    ----------
    scores : ndarray of float, shape (..., n_units, n_children)
        What the rule cannot take (see `refused`) must have been dealt with.
    weights : ndarray of float, shape (n_children,) or (n_draws, n_children)
        From 0, not all 0; their scale does not matter.
    applicable : ndarray of bool, shape (n_units, n_children), optional
        Where a child applies at all; the share for ``rule.min_available`` is taken of those.

    Returns
    -------
    ndarray of float, shape (n_units,) or (n_draws, n_units)
        NaN where no child with a weight is there, or fewer than the rule asks for.

    Examples
    --------
    >>> combine(np.array([[2.0, 8.0], [np.nan, 4.0]]), np.array([1.0, 1.0]), Rule("geometric")).tolist()
    [4.0, 4.0]
    """
    if rule.lifts_to is not None:
        scores = np.maximum(scores, rule.lifts_to)
    if rule.method == "copeland":
        found = copeland(scores, weights)
    elif rule.method == "borda":
        found = borda(scores, weights)
    else:
        assert rule.exponent is not None
        found = power_mean(scores, weights, rule.exponent)
    if rule.min_available > 0:
        found = np.where(
            _available(scores, applicable) >= rule.min_available - SHARE_TOLERANCE, found, np.nan
        )
    return found


def refused(scores: NDArray[np.float64], rule: Rule) -> NDArray[np.bool_]:
    """Where a rule cannot take a score, in the shape of the scores.

    A power mean with a power up to 0 takes no negative score, and 0 only by its policy; one with a power
    other than 1 takes no negative score. A logarithm of nothing is not skipped: it would raise the mean.
    """
    exponent = rule.exponent
    if exponent is None or exponent == 1:
        return np.zeros(scores.shape, dtype=bool)
    with np.errstate(invalid="ignore"):
        return scores <= 0 if _needs_positive(rule) and rule.zeros == "error" else scores < 0


def refuse_unfit(
    scores: NDArray[np.float64], rule: Rule, *, group: str, rows: Sequence[str], codes: Sequence[str]
) -> None:
    """Complain about the first score that a rule cannot take.

    Raises
    ------
    NotComputable
        The message names the group, the unit, the child and its score.
    """
    unfit = np.argwhere(refused(scores, rule))
    if len(unfit):
        row, child = unfit[0]
        score = scores[row, child]
        policy = 'choose what zeros do ("floor" or "annihilate"), or ' if score == 0 else ""
        raise NotComputable(
            f"{group}: {rows[row]} has {score:g} for {codes[child]}, of which there is no {rule.method} "
            f"mean; {policy}normalise to a range above 0"
        )


def power_mean(
    scores: NDArray[np.float64], weights: NDArray[np.float64], power: float
) -> NDArray[np.float64]:
    """Weighted power mean: 1 is the arithmetic, 0 the geometric and -1 the harmonic mean.

    Parameters
    ----------
    scores : ndarray of float, shape (..., n_units, n_children)
        From 0 unless the power is 1. A 0 makes the mean 0 when the power is 0 or lower, if it has a weight.
    weights : ndarray of float, shape (n_children,) or (n_draws, n_children)

    Returns
    -------
    ndarray of float, shape (n_units,) or (n_draws, n_units)
        NaN where no child with a weight above 0 is there.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6.

    Examples
    --------
    >>> power_mean(np.array([[1.0, 4.0]]), np.array([1.0, 1.0]), -1.0).tolist()
    [1.6]
    """
    if power == 1:
        return _weighted_mean(scores, weights)
    if not weights.all():
        # What counts for nothing must not bring its logarithm of 0 along.
        scores = np.where(weights[..., None, :] > 0, scores, np.nan)
    if power == 0:
        with np.errstate(divide="ignore"):
            return np.exp(_weighted_mean(np.log(scores), weights))
    # Scaled by the score that dominates, so that no power overflows.
    peak = np.fmax if power > 0 else np.fmin
    scale = peak.reduce(scores, axis=-1, keepdims=True)
    scale = np.where(scale > 0, scale, 1.0)
    with np.errstate(divide="ignore", over="ignore"):
        if abs(power) >= 1:
            return _weighted_mean((scores / scale) ** power, weights) ** (1 / power) * scale[..., 0]
        # Powers near 0 are all near 1: only their distance from it keeps the digits.
        mean = _weighted_mean(np.expm1(power * np.log(scores / scale)), weights)
        return np.exp(np.log1p(mean) / power) * scale[..., 0]


def outranking(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each pair of units the share of weight by which the first is ahead, ties counting half.

    The share is of the children that both units have: the order of the rows changes nothing. Two scores are
    tied as in `ranks`, but relative to their own size, so that they may stand in any unit.

    Parameters
    ----------
    scores : ndarray of float, shape (n_units, n_children)
    weights : ndarray of float, shape (n_children,)

    Returns
    -------
    ndarray of float, shape (n_units, n_units)
        NaN where two units have no child with a weight in common; a half on the diagonal.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6 (non-compensatory aggregation).

    Examples
    --------
    >>> outranking(np.array([[3.0, 1.0], [2.0, 1.0]]), np.array([3.0, 1.0])).tolist()
    [[0.5, 0.875], [0.125, 0.5]]
    """
    places = _places(scores)
    there = (~np.isnan(places)).astype(np.float64)
    shared = (there * weights) @ there.T
    # A comparison with NaN is false: a missing score puts nobody ahead. Half the digits take half the time.
    places = places.astype(np.float32)
    margin = np.empty_like(shared)
    at_once = max(1, PAIRS_AT_ONCE // max(1, places.size))
    for first in range(0, len(places), at_once):
        block = places[first : first + at_once, None, :]
        ahead = (block < places).view(np.int8) - (block > places).view(np.int8)
        margin[first : first + at_once] = ahead.astype(np.float64) @ weights
    with np.errstate(invalid="ignore"):
        found: NDArray[np.float64] = (1 + margin / shared) / 2
    return found


def copeland(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Contests won less contests lost against all other units, by outranking.

    A share within 1e-9 of one half is a tie, and units that share no child have no contest. Shapes as in
    `power_mean`; NaN for a unit without any score that has a weight.

    References
    ----------
    Copeland (1951), A reasonable social welfare function, as in OECD/JRC (2008), Handbook on Constructing
    Composite Indicators, step 6.

    Examples
    --------
    >>> copeland(np.array([[3.0], [2.0], [1.0]]), np.array([1.0])).tolist()
    [2.0, 0.0, -2.0]
    """
    draws = len(scores) if scores.ndim > 2 else len(weights) if weights.ndim > 1 else None
    if draws is not None:
        tables = scores if scores.ndim > 2 else [scores] * draws
        rows = weights if weights.ndim > 1 else [weights] * draws
        return np.array([copeland(table, row) for table, row in zip(tables, rows, strict=True)])
    margin = outranking(scores, weights) - 0.5
    won = np.where(np.abs(margin) <= TIE, 0.0, np.sign(margin))
    total: NDArray[np.float64] = np.nansum(won, axis=1)
    total[np.isnan(scores[:, weights > 0]).all(axis=1)] = np.nan
    return total


def borda(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted mean of the points of a unit in each child: the number of units that have it, less its rank.

    Units that are tied in a child, as in `outranking`, all have the points of their best place. Shapes as in
    `power_mean`.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6.

    Examples
    --------
    >>> borda(np.array([[3.0, 1.0], [2.0, 5.0], [1.0, 3.0]]), np.array([2.0, 1.0])).round(3).tolist()
    [1.333, 1.333, 0.333]
    """
    places = _places(scores)
    return _weighted_mean((~np.isnan(places)).sum(axis=-2, keepdims=True) - places, weights)


def _places(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks of the units in each child, in the shape of the scores; NaN where a score is missing."""
    found = np.swapaxes(ranks(np.swapaxes(scores, -1, -2), floor=0.0), -1, -2)
    return np.where(found > 0, found, np.nan)


def _weighted_mean(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    absent = np.isnan(scores)
    if not absent.any():
        total = weights.sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return _weighted_sum(scores, weights) / (total[:, None] if weights.ndim > 1 else total)
    summed = _weighted_sum(np.where(absent, 0.0, scores), weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return summed / _weighted_sum((~absent).astype(np.float64), weights)


def _weighted_sum(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    if weights.ndim == 1:
        return scores @ weights
    if scores.ndim == 2:
        return weights @ scores.T
    return np.matmul(scores, weights[:, :, None])[:, :, 0]


def _needs_positive(rule: Rule) -> bool:
    return rule.exponent is not None and rule.exponent <= 0


def _available(scores: NDArray[np.float64], applicable: NDArray[np.bool_] | None) -> NDArray[np.float64]:
    present = (~np.isnan(scores)).sum(axis=-1)
    asked = scores.shape[-1] if applicable is None else applicable.sum(axis=-1)
    return present / np.maximum(asked, 1)
