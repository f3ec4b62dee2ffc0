"""Weighted arithmetic means up a tree for one unit, with coverage: missing is never zero."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.structure import Tree

# Coverage is a quotient of sums of floats: half of the weight must count as half of it.
COVERAGE_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Assessment:
    """One unit's scores at every node of a tree, by code.

    NaN in ``scores``: no score. NaN in ``coverage``: nothing below applies. ``shares`` is the part of its
    parent's score that a node makes up, 0 where it counts for nothing.
    """

    scores: dict[str, float]
    coverage: dict[str, float]
    shares: dict[str, float]

    def share_in(self, tree: Tree, code: str, ancestor: str) -> float:
        """The part of an ancestor's score that a node makes up (the product of the shares between them)."""
        parents = {node.code: node.parent for node in tree.nodes}
        share = 1.0
        while code != ancestor:
            share *= self.shares[code]
            above = parents[code]
            assert above is not None, f"{ancestor} is not above {code}"
            code = above
        return share


def weighted_mean(pairs: Iterable[tuple[float, float]]) -> float:
    """Mean of (value, weight) pairs; NaN when no weight is above 0.

    The sums are exactly rounded, so that the order of the pairs does not change the last digit.

    Examples
    --------
    >>> weighted_mean([(100.0, 1.0), (50.0, 1.0)])
    75.0
    """
    counted = [(value, weight) for value, weight in pairs if weight > 0]
    total = math.fsum(weight for _, weight in counted)
    if total == 0:
        return math.nan
    return math.fsum(value * weight for value, weight in counted) / total


def assess(
    tree: Tree, points: NDArray[np.float64], applies: NDArray[np.bool_], *, min_coverage: float
) -> Assessment:
    """Score every node of a tree for one unit.

    The score of a group is the weighted mean of its children that have one. Its coverage is the weight that
    was answered over the weight that applies; a child group without a score counts as not answered, since its
    answers do not reach the mean above it. A group whose coverage is under the minimum has no score.

    Parameters
    ----------
    points : ndarray of float, shape (n_leaves,)
        Points of each indicator in the order of ``tree.leaves``. NaN means missing: left out of the mean.
    applies : ndarray of bool, shape (n_leaves,)
        False takes the indicator out of score and coverage, whatever its points.
    min_coverage : float
        Share 0 to 1.

    Returns
    -------
    Assessment
        Scores in the unit of ``points``.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, steps 3 and 6.

    Examples
    --------
    >>> from tessera.engines.index.structure import Node
    >>> tree = Tree((Node("area", None), Node("a", "area"), Node("b", "area"), Node("c", "area", 2.0)))
    >>> result = assess(tree, np.array([100, 50, np.nan]), np.array([True, True, True]), min_coverage=0.5)
    >>> result.scores["area"], result.coverage["area"]
    (75.0, 0.5)
    """
    given = tree.by_leaf(points)
    counting = tree.by_leaf(applies)
    scores: dict[str, float] = {}
    coverage: dict[str, float] = {}
    shares: dict[str, float] = {tree.root: 1.0}
    for code in reversed(tree.downward):
        children = tree.children.get(code)
        if children is None:
            scores[code] = given[code] if counting[code] else math.nan
            coverage[code] = float(not math.isnan(scores[code])) if counting[code] else math.nan
            continue
        weights = {child.code: child.weight for child in children if not math.isnan(coverage[child.code])}
        scored = {child: weight for child, weight in weights.items() if not math.isnan(scores[child])}
        coverage[code] = weighted_mean(
            (coverage[child] if child in scored else 0.0, weight) for child, weight in weights.items()
        )
        enough = coverage[code] >= min_coverage - COVERAGE_TOLERANCE
        scores[code] = (
            weighted_mean((scores[child], weight) for child, weight in scored.items()) if enough else math.nan
        )
        total = math.fsum(scored.values())
        for child in children:
            shares[child.code] = scored.get(child.code, 0.0) / total if total > 0 else 0.0
    return Assessment(scores, coverage, shares)
