"""How far the groups can be believed: whether they come back when a fifth of the votes is taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from math import comb

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.cluster import NO_GROUP, Groups, find_groups, in_conversation
from tessera.engines.opinion.co_votes import Map, co_votes
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.loops.passes import Loops
from tessera.engines.opinion.project import find_axes, participant_places
from tessera.engines.opinion.votes import Votes

RERUNS = 20
KEPT_SHARE = 0.8

# Steinley, D. (2004), Properties of the Hubert-Arabie adjusted Rand index, Psychological Methods 9, 386-396:
# excellent from 0.90, good from 0.80, moderate from 0.65.
ALMOST_THE_SAME, MOSTLY_THE_SAME, BROADLY_THE_SAME = 0.9, 0.8, 0.65
STABLE_FROM = 0.6
FEWEST_IN_A_GROUP = 5
FEWEST_IN_A_PUBLIC_GROUP = 10
SMALLEST_SHARE = 0.02

VOTES_AT_ONCE = 1 << 20


class Likeness(Enum):
    """Which groups come back, as whoever reads no figures is told."""

    ALMOST_THE_SAME = "almost"
    MOSTLY_THE_SAME = "mostly"
    BROADLY_THE_SAME = "broadly"
    ROUGHLY_THE_SAME = "roughly"
    OTHERS = "others"
    """Too far from being the same for any to be shown."""


@dataclass(frozen=True)
class Stability:
    """How alike the groups are to those from a random 80 % of the votes: 1 is the same, 0 is by chance."""

    reruns: tuple[float, ...]
    """Adjusted Rand index of each rerun, over the people grouped in both; 0 if they are fewer than two."""

    @property
    def median(self) -> float:
        return float(np.median(self.reruns))

    @property
    def likeness(self) -> Likeness:
        """Of the median, by the thresholds of Steinley (2004); below 0.6 it is another picture."""
        for least, likeness in _LIKENESS:
            if self.median >= least:
                return likeness
        return Likeness.OTHERS

    @property
    def lowest(self) -> float:
        return min(self.reruns)

    @property
    def highest(self) -> float:
        return max(self.reruns)


_LIKENESS = (
    (ALMOST_THE_SAME, Likeness.ALMOST_THE_SAME),
    (MOSTLY_THE_SAME, Likeness.MOSTLY_THE_SAME),
    (BROADLY_THE_SAME, Likeness.BROADLY_THE_SAME),
    (STABLE_FROM, Likeness.ROUGHLY_THE_SAME),
)


def groups_of(votes: Votes, moderated_out: NDArray[np.bool_], *, loops: Loops) -> Groups:
    """All the way from votes to groups."""
    axes = find_axes(co_votes(votes, loops=loops), moderated_out)
    places = participant_places(votes, axes, loops=loops)
    return find_groups(places, in_conversation(votes.n_votes, axes.n_seen), loops=loops)


def find_stability(
    votes: Votes, moderated_out: NDArray[np.bool_], groups: Groups, *, seed: int, through: Map = map
) -> Stability | None:
    """Group again from a random 80 % of the votes, 20 times; None if there are no groups.

    Parameters
    ----------
    votes, moderated_out, groups
        What the landscape was made of, and its groups.
    seed : int
        The same seed gives the same figures, wherever the reruns are made.
    through : map, or what does the same elsewhere
        Makes the reruns.

    References
    ----------
    Hennig, C. (2007), Cluster-wise assessment of cluster stability, *Computational Statistics & Data
    Analysis* 52, 258-271, for the idea of clustering parts again.
    """
    if not groups.numbers:
        return None
    again = partial(_rerun, votes, moderated_out, groups.of_participants, seed)
    return Stability(tuple(through(again, range(RERUNS))))


def why_withheld(
    sizes: Sequence[int], stability: Stability | None, *, public: bool = False
) -> tuple[str, ...]:
    """The reasons why no map of groups is shown, as codes; none if groups of these sizes may be shown.

    "alike": nobody differs, so that there are no groups. "unstable": the median stability is below 0.6.
    "small": a group is smaller than 5 people or 2 % of the grouped; for the public, 10 people or 2 %.
    """
    if not sizes or stability is None:
        return ("alike",)
    reasons = []
    if stability.likeness is Likeness.OTHERS:
        reasons.append("unstable")
    if min(sizes) < fewest_in_a_group(sum(sizes), public=public):
        reasons.append("small")
    return tuple(reasons)


def fewest_in_a_group(n_grouped: int, *, public: bool) -> float:
    """How many people the smallest group must have for groups to be shown."""
    return max(FEWEST_IN_A_PUBLIC_GROUP if public else FEWEST_IN_A_GROUP, SMALLEST_SHARE * n_grouped)


def adjusted_rand_index(
    one: Sequence[int] | NDArray[np.int32], other: Sequence[int] | NDArray[np.int32]
) -> float:
    """How alike two groupings of the same people are; 1 if equal, about 0 if by chance.

    References
    ----------
    Hubert, L. and Arabie, P. (1985), Comparing partitions, *Journal of Classification* 2, 193-218, formula 5.

    Examples
    --------
    >>> adjusted_rand_index([0, 0, 1, 1], [1, 1, 0, 0])
    1.0
    """
    _, rows = np.unique(one, return_inverse=True)
    _, columns = np.unique(other, return_inverse=True)
    shared = np.zeros((rows.max(initial=-1) + 1, columns.max(initial=-1) + 1), dtype=np.int64)
    np.add.at(shared, (rows, columns), 1)
    together = _pairs(shared.ravel())
    in_one, in_other = _pairs(shared.sum(axis=1)), _pairs(shared.sum(axis=0))
    everybody = comb(len(rows), 2)
    expected = in_one * in_other / everybody if everybody else 0.0
    possible = (in_one + in_other) / 2
    # Both put all into one group, or each into one of its own.
    return 1.0 if possible == expected else (together - expected) / (possible - expected)


def _pairs(counts: NDArray[np.int64]) -> int:
    return sum(comb(int(count), 2) for count in counts)


def _rerun(
    votes: Votes, moderated_out: NDArray[np.bool_], groups: NDArray[np.int32], seed: int, rerun: int
) -> float:
    loops = fastest()
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(rerun,)))
    kept = np.empty(len(votes.values), dtype=bool)
    for first in range(0, len(kept), VOTES_AT_ONCE):
        part = kept[first : first + VOTES_AT_ONCE]
        part[:] = rng.random(len(part)) < KEPT_SHARE
    found = groups_of(votes.thinned(kept, loops=loops), moderated_out, loops=loops).of_participants
    both = (groups != NO_GROUP) & (found != NO_GROUP)
    # Groups that do not come back at all are not alike, though the index of nothing is 1.
    return adjusted_rand_index(groups[both], found[both]) if both.sum() > 1 else 0.0
