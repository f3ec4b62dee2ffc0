"""The two axes on which votes differ most, and where participants and statements stand on them.

The formulas are those of Polis; docs/explanation/opinion-engine.md has them with their sources.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import ArpackNoConvergence, eigsh
from threadpoolctl import threadpool_limits

from tessera.engines.opinion.co_votes import CoVotes
from tessera.engines.opinion.loops.passes import Loops
from tessera.engines.opinion.votes import Votes

AXES = 2

WHOLE_DECOMPOSITION_UP_TO = 100
"""Statements; with fewer, all axes are as quickly found as two."""

NO_SPREAD = 1e-12
"""Share of the whole spread; what an axis below it explains is rounding."""


@dataclass(frozen=True, eq=False)
class Axes:
    """The two components of the votes on statements."""

    seen: NDArray[np.bool_]
    """Shape (n_statements,): somebody voted on it. The others have no place."""
    moderated_out: NDArray[np.bool_]
    mean: NDArray[np.float64]
    """Shape (n_statements,): mean vote; 0 if moderated out or not seen."""
    components: NDArray[np.float64]
    """Shape (n_statements, 2), columns of length 1; of each the largest entry is positive, of equally large
    ones the first. An axis along which nobody differs is 0."""
    explained: NDArray[np.float64]
    """Shape (2,): share of the spread of all votes that lies along each axis; 0 if there is none."""

    @property
    def n_seen(self) -> int:
        return int(self.seen.sum())

    @property
    def statement_places(self) -> NDArray[np.float64]:
        """Where a person stands who agreed with one statement and saw no other: shape (n_statements, 2)."""
        return np.sqrt(self.n_seen) * (1 - self.mean)[:, np.newaxis] * self.components

    @property
    def extremity(self) -> NDArray[np.float64]:
        """Distance of each statement's place from the middle."""
        places = self.statement_places
        return np.hypot(places[:, 0], places[:, 1])


def find_axes(sums: CoVotes, moderated_out: NDArray[np.bool_]) -> Axes:
    """Find the two components: eigenvectors of the covariance of the votes, an unseen vote being the mean.

    Parameters
    ----------
    sums : CoVotes
    moderated_out : ndarray of bool, shape (n_statements,)
        Of these the whole column counts as 0.

    Examples
    --------
    >>> from tessera.engines.opinion.loops.choice import fastest
    >>> from tessera.engines.opinion.co_votes import co_votes
    >>> from tessera.engines.opinion.votes import collect_votes
    >>> votes = collect_votes(
    ...     ["1", "2"], ["a", "b"], np.array([0, 0, 1, 1], np.int32), np.array([0, 1, 0, 1], np.int32),
    ...     np.array([1, 1, -1, 1], np.int8), None, loops=fastest())
    >>> axes = find_axes(co_votes(votes, loops=fastest()), np.zeros(2, dtype=bool))
    >>> axes.components.tolist(), axes.explained.tolist()
    ([[1.0, 0.0], [0.0, 0.0]], [1.0, 0.0])
    """
    scatter = sums.scatter(moderated_out)
    spread = float(np.trace(scatter))
    # Where nobody differs there is nothing to decompose.
    values, vectors = _leading(scatter) if spread else (np.empty(0), scatter[:, :0])
    components = np.zeros((len(scatter), AXES))
    explained = np.zeros(AXES)
    for place, (value, vector) in enumerate(zip(values, vectors.T, strict=True)):
        if value > NO_SPREAD * spread:
            largest = np.abs(vector)
            # Equal entries may differ in their last digits.
            first = int(np.argmax(largest >= largest.max() * (1 - 1e-9)))
            components[:, place] = vector * np.sign(vector[first])
            explained[place] = value / spread
    components[moderated_out | (sums.n_votes == 0)] = 0.0
    return Axes(
        sums.n_votes > 0, moderated_out, np.where(moderated_out, 0.0, sums.mean), components + 0.0, explained
    )


def participant_places(votes: Votes, axes: Axes, *, loops: Loops) -> NDArray[np.float64]:
    """Where each participant stands: shape (n_participants, 2); nan for whoever has no vote.

    sqrt(S / n) times the sum of (vote - mean) x component, S and n counting statements that are moderated out
    as seen by everybody.
    """
    out = axes.moderated_out & axes.seen
    sums = loops.project(votes.starts, votes.statements, votes.values, axes.mean, axes.components, ~out)
    n_seen = sums[:, AXES] + int(out.sum())
    places = sums[:, :AXES] * np.sqrt(axes.n_seen / np.maximum(n_seen, 1))[:, np.newaxis]
    places[votes.n_votes == 0] = np.nan
    return places


def _leading(scatter: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The two largest eigenvalues, largest first, with their vectors; one if there is one statement."""
    n_axes = min(AXES, len(scatter))
    # Several threads would add in another order, and who stands on an edge would change groups.
    with threadpool_limits(1, "blas"):
        if len(scatter) > WHOLE_DECOMPOSITION_UP_TO:
            # From these it draws where it starts, and where it starts again if it finds no further direction.
            draws = np.random.default_rng(0)
            try:
                values, vectors = eigsh(scatter, n_axes, which="LA", rng=draws)
            except ArpackNoConvergence:
                # Many axes are equally long; the whole decomposition does not mind.
                values, vectors = np.linalg.eigh(scatter)
        else:
            values, vectors = np.linalg.eigh(scatter)
    order = np.argsort(values)[::-1][:n_axes]
    return values[order], vectors[:, order]
