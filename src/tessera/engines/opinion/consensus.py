"""What all groups can accept."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.statistics import GroupStatistics

Floats = NDArray[np.float64]


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
    product_disagree: Floats
    worst_group: NDArray[np.int32]
    """Number of the group with the smallest smoothed share that agrees, of equal ones the first; -1 if there
    is no group."""
    worst_row: NDArray[np.int32]
    """Its place among the groups."""


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
        return GroupConsensus(missing, missing, missing, nobody, nobody)
    product = share.prod(axis=0)
    worst = share.argmin(axis=0).astype(np.int32)
    return GroupConsensus(
        product,
        product ** (1 / n_groups),
        statistics.tally.smoothed_disagree.prod(axis=0),
        np.array(statistics.numbers, dtype=np.int32)[worst],
        worst,
    )
