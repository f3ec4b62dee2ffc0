"""Groups of people who vote alike: k-means on two levels, with the choice of their number.

The definition is that of Polis from a cold start (docs/explanation/opinion-engine.md): first up to a hundred
base clusters of participants, then groups of base clusters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from tessera.engines.opinion.loops.passes import Loops

NO_GROUP = -1

BASE_CLUSTERS = 100
BASE_ROUNDS = 100
GROUP_ROUNDS = 20
MOST_GROUPS = 5
BASE_PER_FURTHER_GROUP = 12
SETTLED = 0.01
"""Distance; when no centre moves so far any more, k-means has settled."""

VOTES_TO_BE_GROUPED = 7
FEWEST_GROUPED = 15


@dataclass(frozen=True)
class Split:
    """The base clusters put into k groups."""

    silhouette: float
    """Mean over the base clusters, each counting once: -1 to 1."""
    inertia: float
    """Sum of the squared distances of the grouped participants from the middle of their group."""
    sizes: tuple[int, ...]
    """Participants of each group, the largest first."""


@dataclass(frozen=True, eq=False)
class Groups:
    of_participants: NDArray[np.int32]
    """Shape (n_participants,): number of each one's group, -1 for none."""
    n_base: int
    splits: Mapping[int, Split]
    """By the number of groups that was tried; the largest silhouette was taken, of equal ones the fewest
    groups, unless a number was asked for. Empty where nobody differs."""

    @property
    def best_k(self) -> int:
        """As many groups as are told apart best; 0 where nobody differs."""
        return max(self.splits, key=lambda k: (self.splits[k].silhouette, -k), default=0)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the groups, ascending."""
        found = np.unique(self.of_participants)
        return tuple(int(number) for number in found if number != NO_GROUP)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Participants of each group, in the order of the numbers."""
        return tuple(int((self.of_participants == number).sum()) for number in self.numbers)


def in_conversation(n_votes: NDArray[np.int64], n_statements: int) -> NDArray[np.bool_]:
    """Who is grouped: whoever has 7 votes, or as many as there are statements.

    If those are fewer than 15, the most active of the others fill up to 15, of equally active ones the first.

    Parameters
    ----------
    n_votes : ndarray of int, shape (n_participants,)
        Also on statements that are moderated out.
    n_statements : int
        With at least one vote.

    Examples
    --------
    >>> in_conversation(np.array([3, 8, 0, 1]), 20).tolist()
    [True, True, False, True]
    """
    found = n_votes >= max(1, min(VOTES_TO_BE_GROUPED, n_statements))
    missing = FEWEST_GROUPED - int(found.sum())
    if missing > 0:
        others = np.flatnonzero(~found & (n_votes > 0))
        found[others[np.argsort(-n_votes[others], kind="stable")][:missing]] = True
    return found


def find_groups(
    places: NDArray[np.float64], grouped: NDArray[np.bool_], *, loops: Loops, k: int | None = None
) -> Groups:
    """Group participants by where they stand.

    Parameters
    ----------
    places : ndarray of float, shape (n_participants, 2)
    grouped : ndarray of bool, shape (n_participants,)
        Who is to be grouped; see `in_conversation`.
    k : int or None
        So many groups, if so many can be found; None for as many as are told apart best.

    Returns
    -------
    Groups
        Nobody has a group where all who are to be grouped stand on one place.

    Examples
    --------
    >>> from tessera.engines.opinion.loops.choice import fastest
    >>> places = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 0.1], [9.0, 0.1], [5.0, 5.0]])
    >>> found = find_groups(places, np.array([True, True, True, True, False]), loops=fastest())
    >>> found.of_participants.tolist(), found.sizes
    ([0, 1, 0, 1, -1], (2, 2))
    """
    points = places[grouped]
    labels = np.full(len(places), NO_GROUP, dtype=np.int32)
    splits: dict[int, Split] = {}
    base, centres = _settle(
        points, np.ones(len(points)), first_distinct(points, BASE_CLUSTERS), BASE_ROUNDS, loops
    )
    members = np.bincount(base, minlength=len(centres)).astype(np.float64)
    best = -np.inf
    for tried in range(2, min(MOST_GROUPS, 2 + len(centres) // BASE_PER_FURTHER_GROUP) + 1):
        start = first_distinct(centres, tried)
        if len(start) < tried:
            break
        group_of_base, middles = _settle(centres, members, start, GROUP_ROUNDS, loops)
        if len(np.unique(group_of_base)) < 2:
            continue
        silhouette = mean_silhouette(centres, group_of_base)
        found = group_of_base[base]
        splits[tried] = Split(
            silhouette,
            inertia(points, found, len(middles), loops=loops),
            tuple(sorted(np.bincount(found).tolist(), reverse=True)),
        )
        if silhouette > best or tried == k:
            best = np.inf if tried == k else silhouette
            labels[grouped] = found
    return Groups(labels, len(centres), splits)


def renumbered(groups: Groups, ids: NDArray[np.str_], earlier: Mapping[str, int]) -> Groups:
    """Give groups the numbers of those earlier groups with which they share the most participants.

    Parameters
    ----------
    groups : Groups
    ids : ndarray of str, shape (n_participants,)
    earlier : mapping of participant to group number
        Of an earlier landscape; -1 for none.

    Returns
    -------
    Groups
        The sum of shared participants is the largest possible. A group that has no earlier one takes the
        smallest number that is free now and was not used before.
    """
    before = np.array([earlier.get(str(name), NO_GROUP) for name in ids], dtype=np.int32)
    old = sorted({number for number in earlier.values() if number != NO_GROUP})
    shared = np.array(
        [
            [((groups.of_participants == number) & (before == other)).sum() for other in old]
            for number in groups.numbers
        ],
        dtype=np.int64,
    ).reshape(len(groups.numbers), len(old))
    rows, columns = linear_sum_assignment(shared, maximize=True)
    named = {
        groups.numbers[row]: old[column]
        for row, column in zip(rows, columns, strict=True)
        if shared[row, column]
    }
    free = (number for number in count() if number not in old)
    labels = np.full_like(groups.of_participants, NO_GROUP)
    for number in groups.numbers:
        labels[groups.of_participants == number] = named[number] if number in named else next(free)
    return Groups(labels, groups.n_base, groups.splits)


def first_distinct(points: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """The first places that differ, in order: shape (up to ``most``, 2)."""
    found: dict[tuple[float, float], None] = {}
    for x, y in points:
        found[(float(x), float(y))] = None
        if len(found) == most:
            break
    return np.array(list(found)).reshape(-1, 2)


def mean_silhouette(points: NDArray[np.float64], labels: NDArray[np.int32]) -> float:
    """Mean silhouette of points in at least two groups; one that is alone in its group counts 0.

    Time and memory grow with the square of the number of points.

    References
    ----------
    Rousseeuw, P. J. (1987), Silhouettes, *Journal of Computational and Applied Mathematics* 20, 53-65.

    Examples
    --------
    >>> round(mean_silhouette(np.array([[0.0, 0.0], [0.0, 1.0], [4.0, 0.0]]), np.array([0, 0, 1])), 4)
    0.5025
    """
    away = np.hypot(points[:, :1] - points[:, 0], points[:, 1:] - points[:, 1])
    groups, own = np.unique(labels, return_inverse=True)
    sizes = np.bincount(own)
    everyone = np.arange(len(points))
    sums = np.stack([away[:, own == group].sum(axis=1) for group in range(len(groups))], axis=1)
    inner = sums[everyone, own] / np.maximum(sizes[own] - 1, 1)
    outer = sums / sizes
    outer[everyone, own] = np.inf
    nearest = outer.min(axis=1)
    widest = np.maximum(inner, nearest)
    score = np.divide(
        nearest - inner, widest, out=np.zeros(len(points)), where=(widest > 0) & (sizes[own] > 1)
    )
    return float(score.mean())


def inertia(points: NDArray[np.float64], labels: NDArray[np.int32], n_groups: int, *, loops: Loops) -> float:
    """Sum of the squared distances of the points from the middle of their group."""
    sums = loops.centre_sums(points, np.ones(len(points)), labels, n_groups)
    middles = sums[:, 1:] / np.maximum(sums[:, :1], 1)
    return float(((points - middles[labels]) ** 2).sum())


def _settle(
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    centres: NDArray[np.float64],
    most_rounds: int,
    loops: Loops,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Move the centres until they settle, and give each point to its nearest one."""
    for _ in range(most_rounds):
        sums = loops.centre_sums(points, weights, loops.nearest(points, centres), len(centres))
        # A centre to which nobody is nearest is given up.
        sums = sums[sums[:, 0] > 0]
        moved = sums[:, 1:] / sums[:, :1]
        settled = len(moved) == len(centres) and _farthest(_sorted(moved) - _sorted(centres)) < SETTLED
        centres = moved
        if settled:
            break
    return loops.nearest(points, centres), centres


def _sorted(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    return centres[np.lexsort((centres[:, 1], centres[:, 0]))]


def _farthest(moves: NDArray[np.float64]) -> float:
    return float(np.hypot(moves[:, 0], moves[:, 1]).max(initial=0.0))
