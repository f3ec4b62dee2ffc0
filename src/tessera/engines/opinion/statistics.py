"""How the groups voted on each statement, against everybody else who is grouped."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.loops.passes import Loops
from tessera.engines.opinion.votes import AGREE, DISAGREE, PASS, Votes

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

SURE_ENOUGH = 1.2816
"""z of a one-sided test at 90 %, rounded as in Polis."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Votes counted. All arrays have the same shape: statements, or groups by statements."""

    agree: Counts
    disagree: Counts
    passed: Counts

    @cached_property
    def n(self) -> Counts:
        """All votes, passes included."""
        return self.agree + self.disagree + self.passed

    @cached_property
    def smoothed_agree(self) -> Floats:
        """(agree + 1) / (n + 2): the share of those who agree, held away from 0 and 1 while votes are few."""
        return smoothed(self.agree, self.n)

    @cached_property
    def smoothed_disagree(self) -> Floats:
        return smoothed(self.disagree, self.n)


@dataclass(frozen=True, eq=False)
class GroupStatistics:
    """What each group's votes say. Shapes are (n_groups, n_statements), in the order of ``numbers``.

    All raw votes count, also on statements that are moderated out.

    References
    ----------
    Small, C. and others (2021), Polis, *Recerca* 26(2); docs/explanation/opinion-engine.md has the formulas.
    """

    numbers: tuple[int, ...]
    tally: Tally

    @cached_property
    def everybody(self) -> Tally:
        """Everybody who is grouped: shape (n_statements,)."""
        tally = self.tally
        return Tally(tally.agree.sum(axis=0), tally.disagree.sum(axis=0), tally.passed.sum(axis=0))

    @cached_property
    def agree_z(self) -> Floats:
        """How surely more than half of the group agree (``pat``)."""
        return one_share_z(self.tally.agree, self.tally.n)

    @cached_property
    def disagree_z(self) -> Floats:
        return one_share_z(self.tally.disagree, self.tally.n)

    @cached_property
    def agree_ratio(self) -> Floats:
        """Smoothed share of the group that agrees over that of all other groups together (``ra``)."""
        return self.tally.smoothed_agree / smoothed(
            self._others(self.tally.agree), self._others(self.tally.n)
        )

    @cached_property
    def disagree_ratio(self) -> Floats:
        others = smoothed(self._others(self.tally.disagree), self._others(self.tally.n))
        return self.tally.smoothed_disagree / others

    @cached_property
    def agree_ratio_z(self) -> Floats:
        """How surely the group agrees more than all other groups together (``rat``)."""
        return self._two_shares_z(self.tally.agree)

    @cached_property
    def disagree_ratio_z(self) -> Floats:
        return self._two_shares_z(self.tally.disagree)

    def _others(self, counts: Counts) -> Counts:
        return counts.sum(axis=0) - counts

    def _two_shares_z(self, counts: Counts) -> Floats:
        return two_shares_z(counts, self.tally.n, self._others(counts), self._others(self.tally.n))


def count_votes(votes: Votes, among: NDArray[np.bool_], *, loops: Loops) -> Tally:
    """Count the votes of some participants, a bool for each, on each statement: shape (n_statements,)."""
    tally = _tally(votes, np.where(among, 0, -1).astype(np.int32), 1, loops)
    return Tally(tally.agree[0], tally.disagree[0], tally.passed[0])


def group_statistics(votes: Votes, groups: NDArray[np.int32], *, loops: Loops) -> GroupStatistics:
    """Count the votes of each group on each statement.

    Parameters
    ----------
    votes : Votes
    groups : ndarray of int, shape (n_participants,)
        The number of each participant's group, from 0; -1 for none.

    Raises
    ------
    VotesError
        A group has a number below -1, or there is not one for each participant.
    """
    if groups.shape != votes.participant_ids.shape:
        raise VotesError(f"{len(groups)} groups were given for {len(votes.participant_ids)} participants")
    numbers, rows = np.unique(groups, return_inverse=True)
    if len(numbers) and numbers[0] < -1:
        raise VotesError(f"the group {numbers[0]} is not accepted; -1 (none) or a number from 0 is expected")
    without = int(len(numbers) > 0 and numbers[0] == -1)
    tally = _tally(votes, (rows - without).astype(np.int32), len(numbers) - without, loops)
    return GroupStatistics(tuple(int(number) for number in numbers[without:]), tally)


def smoothed(counts: Counts, totals: Counts) -> Floats:
    """(count + 1) / (total + 2), Laplace's rule of succession: a half where there is no vote."""
    return (counts + 1) / (totals + 2)


def one_share_z(counts: Counts, totals: Counts) -> Floats:
    """z of the share being a half, one vote added: 2 sqrt(n + 1) ((count + 1) / (n + 1) - 1/2).

    Examples
    --------
    >>> one_share_z(np.array([8]), np.array([8]))
    array([3.])
    """
    return 2 * np.sqrt(totals + 1) * ((counts + 1) / (totals + 1) - 0.5)


def two_shares_z(counts: Counts, totals: Counts, other_counts: Counts, other_totals: Counts) -> Floats:
    """z of two shares being equal, by their pooled share, one added to each count; 0 if that share is 1."""
    one, n = counts + 1, totals + 1
    other, m = other_counts + 1, other_totals + 1
    pooled = (one + other) / (n + m)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m), where=pooled < 1, out=np.ones_like(pooled))
    return np.where(pooled < 1, (one / n - other / m) / spread, 0.0)


def _tally(votes: Votes, rows: NDArray[np.int32], n_rows: int, loops: Loops) -> Tally:
    n_statements = len(votes.statement_ids)
    counted = loops.count(votes.starts, votes.statements, votes.values, rows, n_rows, n_statements)
    return Tally(counted[..., AGREE + 1], counted[..., DISAGREE + 1], counted[..., PASS + 1])
