"""Plain k-means for a given number of groups: how compact groups could be, whatever the levels of Polis."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.cluster import first_distinct, inertia
from tessera.engines.opinion.errors import NotComputable
from tessera.engines.opinion.loops.passes import Loops

STARTS = 100
CANDIDATES = 4
"""Drawn for each starting point; the one that leaves the least inertia is taken."""
MOST_ROUNDS = 300

CELLS_FROM = 5_000
CELLS_ACROSS = 128
"""Starts are tried on a grid where there are more points; the best is then moved on the points."""


@dataclass(frozen=True, eq=False)
class Clusters:
    labels: NDArray[np.int32]
    """Shape (n_points,)."""
    centres: NDArray[np.float64]
    inertia: float
    """Sum of the squared distances of the points from their centres."""


def kmeans(points: NDArray[np.float64], k: int, rng: np.random.Generator, *, loops: Loops) -> Clusters:
    """Find k clusters of small inertia: the best of 100 starts, each moved until no point changes.

    Parameters
    ----------
    points : ndarray of float, shape (n_points, 2)
    k : int
        At least 1.
    rng : Generator
        Of the starts, which are spread by k-means++.

    Raises
    ------
    NotComputable
        There are fewer than k different places.

    References
    ----------
    Arthur, D. and Vassilvitskii, S. (2007), k-means++: The advantages of careful seeding, *SODA '07*.

    Examples
    --------
    >>> from tessera.engines.opinion.loops.choice import fastest
    >>> points = np.array([[0.0, 0.0], [0.0, 2.0], [9.0, 0.0], [9.0, 2.0]])
    >>> kmeans(points, 2, np.random.default_rng(1), loops=fastest()).inertia
    4.0
    """
    if len(first_distinct(points, k)) < k:
        raise NotComputable(f"{k} groups need at least {k} different places, and there are fewer")
    tried, weights = (points, np.ones(len(points))) if len(points) < CELLS_FROM else _cells(points)
    best, least = np.empty((0, 2)), np.inf
    for _ in range(STARTS):
        centres = _settle(tried, weights, _spread(tried, weights, k, rng), loops)
        away = _squared(tried, centres)[loops.nearest(tried, centres), np.arange(len(tried))]
        if (found := float((weights * away).sum())) < least:
            best, least = centres, found
    if tried is not points:
        best = _settle(points, np.ones(len(points)), best, loops)
    labels = loops.nearest(points, best)
    return Clusters(labels, best, inertia(points, labels, k, loops=loops))


def _spread(
    points: NDArray[np.float64], weights: NDArray[np.float64], k: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Starting points: each the best of a few, drawn by weight and squared distance from those before."""
    places = rng.choice(len(points), 1, p=weights / weights.sum())
    away = _squared(points, points[places])[0]
    while len(places) < k:
        chance = weights * away
        if not chance.any():
            # The cells may be fewer than k; the rest start beside each other and are parted by the points.
            chance = weights
        candidates = rng.choice(len(points), CANDIDATES, p=chance / chance.sum())
        left = np.minimum(away, _squared(points, points[candidates]))
        best = int((left * weights).sum(axis=1).argmin())
        places, away = np.append(places, candidates[best]), left[best]
    return points[places]


def _squared(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = points.T
    squared: NDArray[np.float64] = (x - centres[:, :1]) ** 2 + (y - centres[:, 1:]) ** 2
    return squared


def _settle(
    points: NDArray[np.float64], weights: NDArray[np.float64], centres: NDArray[np.float64], loops: Loops
) -> NDArray[np.float64]:
    labels = loops.nearest(points, centres)
    for _ in range(MOST_ROUNDS):
        sums = loops.centre_sums(points, weights, labels, len(centres))
        filled = sums[:, 0] > 0
        centres = np.where(filled[:, np.newaxis], sums[:, 1:] / np.maximum(sums[:, :1], 1), centres)
        moved = loops.nearest(points, centres)
        if (moved == labels).all():
            break
        labels = moved
    return centres


def _cells(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The middles of the points in each cell of a grid that are in one, with their number."""
    low, high = points.min(axis=0), points.max(axis=0)
    at = np.minimum((points - low) / np.maximum(high - low, 1e-300) * CELLS_ACROSS, CELLS_ACROSS - 1).astype(
        int
    )
    cell = at[:, 0] * CELLS_ACROSS + at[:, 1]
    columns = (np.ones(len(cell)), points[:, 0], points[:, 1])
    sums = np.zeros((CELLS_ACROSS**2, 3))
    for place, column in enumerate(columns):
        sums[:, place] = np.bincount(cell, column, len(sums))
    sums = sums[sums[:, 0] > 0]
    return sums[:, 1:] / sums[:, :1], sums[:, 0]
