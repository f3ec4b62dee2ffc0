"""What all groups can accept."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.representative import FEWEST_VOTES
from tessera.engines.opinion.statistics import GroupStatistics

Floats = NDArray[np.float64]

FEWEST_VOTES_IN_A_GROUP = 5
"""Of each group on a statement, before it is said what the group holds of it."""


@dataclass(frozen=True, eq=False)
class GroupConsensus:
    """How far each statement is accepted by every group: arrays of shape (n_statements,).

    nan throughout if there is no group.
    """

    product: Floats
    """Of the smoothed shares that agree. It shrinks with the number of groups: do not compare two landscapes
    by it."""
    geometric: Floats
    """The same as a mean share, which may be compared."""
    worst_group: NDArray[np.int32]
    """Number of the group with the smallest smoothed share that agrees, of equal ones the first; -1 if there
    is no group."""
    worst_row: NDArray[np.int32]
    """Its place among the groups."""


@dataclass(frozen=True)
class Accepted:
    """A statement with which most people of every group agree."""

    statement: int
    """Its place among the statements."""
    product: float
    """See `GroupConsensus`."""
    worst_group: int
    """Number of the group that agrees least."""
    count: int
    """Of that group's votes, those that agree."""
    n: int
    share: float
    """Smoothed."""


def group_consensus(statistics: GroupStatistics) -> GroupConsensus:
    """Multiply the groups' shares of each statement.

    References
    ----------
    Small, C. and others (2021), Polis, *Recerca* 26(2): group-informed consensus.
    """
    share = statistics.tally.smoothed_agree
    n_groups, n_statements = share.shape
    if n_groups == 0:
        missing = np.full(n_statements, np.nan)
        nobody = np.full(n_statements, -1, dtype=np.int32)
        return GroupConsensus(missing, missing, nobody, nobody)
    product = share.prod(axis=0)
    worst = share.argmin(axis=0).astype(np.int32)
    return GroupConsensus(
        product,
        product ** (1 / n_groups),
        np.array(statistics.numbers, dtype=np.int32)[worst],
        worst,
    )


def accepted_by_all(
    statistics: GroupStatistics, consensus: GroupConsensus, moderated_out: NDArray[np.bool_]
) -> tuple[Accepted, ...]:
    """The statements that all groups accept, those that they share most first.

    A statement is taken if in every group at least 5 people voted on it and more than half agree (smoothed
    share, so that of the group that agrees least too), and if all groups together gave it the votes that any
    consensus needs. They are ordered by the product of the shares, of equal ones the first stays first.

    Parameters
    ----------
    statistics : GroupStatistics
    consensus : GroupConsensus
        Of the same groups.
    moderated_out : ndarray of bool, shape (n_statements,)
        These are never taken.

    Returns
    -------
    tuple of Accepted
        Empty if there is no group.

    References
    ----------
    Small, C. and others (2021), Polis, *Recerca* 26(2), for the product. Polis lists the largest products,
    also where a group is against; that every group must be for is ours.

    Examples
    --------
    >>> from tessera.engines.opinion.statistics import Tally
    >>> agree, disagree = np.array([[8, 8], [9, 2]]), np.array([[2, 2], [1, 8]])
    >>> statistics = GroupStatistics((0, 1), Tally(agree, disagree, np.zeros_like(agree)))
    >>> found = accepted_by_all(statistics, group_consensus(statistics), np.zeros(2, dtype=bool))
    >>> [(one.statement, one.worst_group, one.count, one.n, one.share) for one in found]
    [(0, 0, 8, 10, 0.75)]
    """
    if not statistics.numbers:
        return ()
    tally = statistics.tally
    taken = (
        (tally.smoothed_agree.min(axis=0) > 0.5)
        & (tally.n.min(axis=0) >= FEWEST_VOTES_IN_A_GROUP)
        & (statistics.everybody.n >= FEWEST_VOTES)
        & ~moderated_out
    )
    places = np.flatnonzero(taken)
    order = places[np.argsort(-consensus.product[places], kind="stable")]
    return tuple(_accepted(statistics, consensus, int(place)) for place in order)


def _accepted(statistics: GroupStatistics, consensus: GroupConsensus, place: int) -> Accepted:
    worst = consensus.worst_row[place], place
    tally = statistics.tally
    return Accepted(
        place,
        float(consensus.product[place]),
        int(consensus.worst_group[place]),
        int(tally.agree[worst]),
        int(tally.n[worst]),
        float(tally.smoothed_agree[worst]),
    )
