"""Sums over the participants who voted on both of two statements: all that the two axes of a landscape need.

The sums are whole numbers. Those of parts of the participants add up to those of all, in any order and to the
last bit; so they can be made on many machines, or kept up to date vote by vote.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.loops.passes import Loops
from tessera.engines.opinion.votes import Votes

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""``map``, or what does the same elsewhere: the ``map`` of a pool of processes or of a cluster."""

BOTH, FIRST, SECOND, PRODUCT = range(4)
"""Of the participants who voted on both statements j <= k: their number, the sums of their votes on j and on
k, and the sum of the products of the two."""


@dataclass(frozen=True, eq=False)
class CoVotes:
    sums: NDArray[np.int32]
    """Shape (n_statements, n_statements, 4); what lies below the diagonal is 0."""

    def __add__(self, other: "CoVotes") -> "CoVotes":
        return CoVotes(self.sums + other.sums)

    @property
    def n_votes(self) -> NDArray[np.int64]:
        """Votes on each statement."""
        return np.diagonal(self.sums[..., BOTH]).astype(np.int64)

    @property
    def mean(self) -> NDArray[np.float64]:
        """Mean vote on each statement, -1 to 1; 0 where there is no vote."""
        total = np.diagonal(self.sums[..., FIRST])
        return total / np.maximum(self.n_votes, 1)

    def scatter(self, moderated_out: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Y'Y of the centred votes, an unseen vote being the mean: shape (n_statements, n_statements).

        It is the covariance times the number of participants less 1. A statement that is moderated out is 0.

        References
        ----------
        Small, C. and others (2021), Polis: Scaling deliberation by mapping high dimensional opinion spaces,
        *Recerca* 26(2), describe imputation by the mean. That the imputed votes then are 0, and the sums are
        enough, follows by multiplying out (v_j - m_j)(v_k - m_k).
        """
        mean = self.mean
        both, first, second, product = np.moveaxis(self.sums, -1, 0)
        upper = (both * mean - second) * mean[:, np.newaxis] + (product - first * mean)
        upper[moderated_out] = 0.0
        upper[:, moderated_out] = 0.0
        upper[np.tril_indices(len(mean), -1)] = 0.0
        return upper + np.triu(upper, 1).T


def co_votes(votes: Votes, *, loops: Loops) -> CoVotes:
    """Sum over all pairs of votes of one participant.

    Time grows with the sum of the squares of the participants' numbers of votes, memory with the square of
    the number of statements: 16 bytes a pair, 8 more while they are summed, and 25 more in `CoVotes.scatter`.
    """
    n_statements = len(votes.statement_ids)
    sums = np.zeros((n_statements, n_statements, 4), dtype=np.int32)
    loops.add_co_votes(votes.starts, votes.statements, votes.values, sums)
    return CoVotes(sums)


def co_votes_in_parts(votes: Votes, n_parts: int, through: Map) -> CoVotes:
    """The same sums, made for parts of the participants by ``through`` and added up.

    Each part has about the same sum of squares of the numbers of votes.
    """
    work = np.cumsum(votes.n_votes.astype(np.float64) ** 2)
    edges = np.searchsorted(work, work[-1] * np.arange(1, n_parts) / n_parts) if len(work) else []
    ends = [0, *(int(edge) for edge in edges), len(votes.participant_ids)]
    parts = [votes.of_participants(first, end) for first, end in pairwise(ends)]
    found = iter(through(_of_part, [part for part in parts if len(part.values)]))
    total = next(found, None)
    if total is None:
        return co_votes(votes, loops=fastest())
    for part in found:
        total += part
    return total


def _of_part(votes: Votes) -> CoVotes:
    return co_votes(votes, loops=fastest())
