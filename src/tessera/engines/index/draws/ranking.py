"""How often each row has each rank, of many runs without a missing score."""

import math

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.draws.columns import ByColumn
from tessera.engines.index.draws.space import PASSING, Space
from tessera.engines.index.steps.rank import TIE_TOLERANCE, ranks

FEW_ROWS = 128
"""Above them, 32 bits would leave a score too few: many runs would have to be ranked again."""

KEY_BITS = 32
OFTEN = 8
"""Runs of which one is ranked again, at most."""


class RankCounter:
    """Ranks counted one by one, as `ranks` has them.

    One sort of keys gives the order and the gaps: a key ends in the number of the row. For few rows it has
    32 bits, of which the first tell the step of a scale on which the score lies. Scores on different steps
    are in the order of their steps; runs in which two are so near that they might be tied are ranked again,
    by the scores themselves. For many rows, and scores beyond the scale, a key is the score but for its last
    bits, far below what counts as a tie.

    Parameters
    ----------
    n_rows : int
    low, high : float
        Ends of the scale.
    space : Space

    Examples
    --------
    >>> counter = RankCounter(3, low=0.0, high=100.0, space=Space())
    >>> counter.add(np.array([[30.0, 10.0, 20.0], [30.0, 40.0, 40.0]]), lowest=10.0, highest=40.0)
    >>> counter.counts.tolist()
    [[1, 0, 1], [1, 0, 1], [1, 1, 0]]
    """

    def __init__(self, n_rows: int, low: float, high: float, space: Space) -> None:
        self._n_rows = n_rows
        self._bits = (n_rows - 1).bit_length()
        # By rank, and row.
        self._counts = np.zeros((n_rows, n_rows), dtype=np.int64)
        rows = np.arange(n_rows, dtype=np.int32)
        # Of places from the bottom: the last is the first rank.
        self._first = n_rows * np.arange(n_rows - 1, -1, -1)
        self._row, self._first_of_place = ByColumn(rows), ByColumn(self._first.astype(np.int32))
        self._low, self._high = low, high
        self._middle = low / 2 + high / 2
        self._steps_per_point = (2.0 ** (KEY_BITS - self._bits) - 4) / (high - low)
        tie = 2 * TIE_TOLERANCE * max(1.0, abs(low), abs(high)) * self._steps_per_point
        self._short = 1 < n_rows <= FEW_ROWS
        # Scores n + 1 steps apart differ by more than n, since what lies between the steps is cut off.
        self._near = (math.ceil(tie) + 1) << self._bits if self._short else 0
        self._space = space

    @property
    def counts(self) -> NDArray[np.int64]:
        """Runs in which a row had a rank, shape (n_rows, n_rows)."""
        return self._counts.T

    def add(self, scores: NDArray[np.float64], lowest: float, highest: float) -> None:
        """Count some more runs.

        Parameters
        ----------
        scores : ndarray of float, shape (n_runs, n_rows)
            Contiguous, none missing.
        lowest, highest : float
            Of all these scores.
        """
        within = self._low <= lowest and highest <= self._high
        if not (self._short and within and self._add_by_short_keys(scores)):
            self._add_by_long_keys(scores, max(1.0, abs(lowest), abs(highest)))

    def _add_by_short_keys(self, scores: NDArray[np.float64]) -> bool:
        """Count some runs, unless too many are too near to be told apart."""
        scaled = np.subtract(scores, self._middle, out=self._space.floats(PASSING, *scores.shape))
        scaled *= self._steps_per_point
        keys = self._space.integers("whole", *scores.shape)
        np.copyto(keys, scaled, casting="unsafe")
        keys <<= self._bits
        long, row = self._row.beside(keys)
        long |= row
        keys.sort(axis=1)
        flat = keys.ravel()
        # As numbers without a sign: from one run to the next, where they are negative, they are huge. A small
        # one there only has a run ranked again. They are written over what was scaled.
        gaps = scaled.view(np.int32).ravel()[: flat.size - 1]
        gaps = np.subtract(flat[1:], flat[:-1], out=gaps).view(np.uint32)
        near = np.flatnonzero(gaps < self._near) // self._n_rows if gaps.min() < self._near else None
        if near is not None and len(near) * OFTEN > len(scores):
            return False
        keys &= (1 << self._bits) - 1
        long, first = self._first_of_place.beside(keys)
        long += first
        if near is not None:
            keys[near] = self._cells_of(scores[near])
        self._count(keys)
        return True

    def _add_by_long_keys(self, scores: NDArray[np.float64], size: float) -> None:
        """Count some runs, of which no score is larger than ``size``."""
        last = np.int64((1 << self._bits) - 1)
        keys = self._space.floats("keys", *scores.shape).view(np.int64)
        np.bitwise_and(scores.view(np.int64), ~last, out=keys)
        keys |= np.arange(self._n_rows)
        ordered = keys.view(np.float64)
        ordered.sort(axis=1)
        gaps = self._space.floats(PASSING, len(scores), self._n_rows - 1)
        np.subtract(ordered[:, 1:], ordered[:, :-1], out=gaps)
        near = 2 * TIE_TOLERANCE * size
        again = gaps.min(axis=1) <= near if gaps.size and gaps.min() <= near else None
        keys &= last
        keys += self._first
        if again is not None:
            keys[again] = self._cells_of(scores[again])
        self._count(keys)

    def _cells_of(self, scores: NDArray[np.float64]) -> NDArray[np.int64]:
        """Where the ranks are counted, by their definition."""
        return (ranks(scores) - 1) * self._n_rows + np.arange(self._n_rows)

    def _count(self, cells: NDArray[np.int32] | NDArray[np.int64]) -> None:
        counts = np.bincount(cells.ravel(), minlength=self._counts.size)
        self._counts += counts.reshape(self._counts.shape)
