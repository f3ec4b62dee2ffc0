"""The counts and sums of many runs, made in place where they can be."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.compute import ranks_within
from tessera.engines.index.draws.columns import ByColumn, extremes
from tessera.engines.index.draws.ranking import RankCounter
from tessera.engines.index.draws.space import PASSING, Space
from tessera.engines.index.draws.summary import SCORE_BINS, Frame, Summary
from tessera.engines.index.steps.rank import rank_shift


class Tally:
    """Counts and sums of runs that are added block by block.

    Blocks without a missing score, of one period, with neither contests nor bins of several ranks, have a
    quicker way than all others.
    """

    def __init__(self, frame: Frame, space: Space) -> None:
        self._frame = frame
        plain = len(frame.periods) == 1 and frame.rank_width == 1 and not (frame.pairs or frame.keep)
        self._complete = _CompleteRuns(frame, space) if plain else None
        self._others: _AnyRuns | None = None

    def add(self, scores: NDArray[np.float64], failed: Mapping[int, str]) -> None:
        """Count some runs.

        Parameters
        ----------
        scores : ndarray of float, shape (n_runs, n_targets, n_rows)
            NaN where there is none.
        failed : mapping
            Reasons by the number of the run among all runs.
        """
        if self._complete is not None and self._complete.take(scores):
            return
        if self._others is None:
            self._others = _AnyRuns(self._frame)
        self._others.take(scores, failed)

    def total(self) -> Summary:
        """What was counted, of one block or more; it is handed over, and nothing can be added any more."""
        if self._complete is None or self._complete.runs == 0:
            assert self._others is not None
            return self._others.summary()
        total = self._complete.summary()
        return total if self._others is None else total + self._others.summary()


class _CompleteRuns:
    """The counts and sums of runs without a missing score."""

    def __init__(self, frame: Frame, space: Space) -> None:
        self._frame = frame
        self._space = space
        self.runs = 0
        n_targets, n_rows = frame.low.shape
        width = SCORE_BINS + 2
        self._low, self._scale = ByColumn(frame.low.ravel()), ByColumn(frame.scale.ravel())
        # The bins of all cells in one row, each cell's first for what lies below its low end.
        self._first_bin = ByColumn(np.arange(n_targets * n_rows, dtype=np.int32) * width + 1)
        self._bins = np.zeros(n_targets * n_rows * width, dtype=np.int64)
        self._sum = np.zeros(n_targets * n_rows)
        self._square_sum = np.zeros(n_targets * n_rows)
        self._lowest = np.full((n_targets, n_rows), np.inf)
        self._highest = np.full((n_targets, n_rows), -np.inf)
        self._ranks = [
            RankCounter(n_rows, float(low.min()), float(high.max()), space)
            for low, high in zip(frame.low, frame.high, strict=True)
        ]

    def take(self, scores: NDArray[np.float64]) -> bool:
        """Count some runs, unless a score is missing."""
        flat = np.ascontiguousarray(scores.reshape(len(scores), -1))
        lowest, highest = (found.reshape(scores.shape[1:]) for found in extremes(flat))
        ends = list(zip(lowest.min(axis=1).tolist(), highest.max(axis=1).tolist(), strict=True))
        if any(math.isnan(low) for low, _ in ends):
            return False
        self.runs += len(scores)
        self._lowest = np.minimum(self._lowest, lowest)
        self._highest = np.maximum(self._highest, highest)
        beyond = (lowest < self._frame.low).any() or (highest >= self._frame.high).any()
        self._count_bins(flat, bool(beyond))
        for target, (counter, (low, high)) in enumerate(zip(self._ranks, ends, strict=True)):
            counter.add(np.ascontiguousarray(scores[:, target]), low, high)
        return True

    def _count_bins(self, flat: NDArray[np.float64], beyond: bool) -> None:
        places = self._space.floats(PASSING, *flat.shape)
        long, low = self._low.beside(flat)
        long_places, scale = self._scale.beside(places)
        np.subtract(long, low, out=long_places)
        long_places *= scale
        ones = np.ones(len(flat))
        self._sum += ones @ places
        # Cut off, a number below 0 would be in the first bin.
        inside = np.clip(np.floor(places), -1, SCORE_BINS) if beyond else places
        bins = self._space.integers("whole", *flat.shape)
        np.copyto(bins, inside, casting="unsafe")
        long_bins, first = self._first_bin.beside(bins)
        long_bins += first
        self._bins += np.bincount(bins.ravel(), minlength=len(self._bins))
        with np.errstate(over="ignore"):
            places *= places
        self._square_sum += ones @ places

    def summary(self) -> Summary:
        shape = self._frame.low.shape
        counts = np.array([counter.counts for counter in self._ranks])
        away = [
            np.einsum("ur,ur->", self._frame.distances(nominal), own) / max(1, int((nominal > 0).sum()))
            for nominal, own in zip(self._frame.nominal, counts, strict=True)
        ]
        return Summary(
            self.runs,
            {},
            np.full(shape, self.runs),
            counts,
            counts @ np.arange(1, shape[1] + 1),
            score_sum=self._sum.reshape(shape),
            square_sum=self._square_sum.reshape(shape),
            score_counts=self._bins.reshape(*shape, -1),
            lowest=self._lowest,
            highest=self._highest,
            shift_sum=np.array(away, dtype=np.float64),
            beats=None,
            kept=None,
        )


class _AnyRuns:
    """The counts and sums of any runs, by definition."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        shape = frame.low.shape
        self._runs = 0
        self._failed: dict[int, str] = {}
        self._scored = np.zeros(shape, dtype=np.int64)
        self._rank_counts = np.zeros((*shape, frame.rank_bins), dtype=np.int64)
        self._rank_sum = np.zeros(shape, dtype=np.int64)
        self._score_counts = np.zeros((*shape, SCORE_BINS + 2), dtype=np.int64)
        self._score_sum = np.zeros(shape)
        self._square_sum = np.zeros(shape)
        self._lowest = np.full(shape, np.nan)
        self._highest = np.full(shape, np.nan)
        self._shift_sum = np.zeros(shape[0])
        self._beats = np.zeros((*shape, shape[1]), dtype=np.int64) if frame.pairs else None
        self._kept: list[NDArray[np.float64]] = []

    def take(self, scores: NDArray[np.float64], failed: Mapping[int, str]) -> None:
        """Count some runs."""
        self._runs += len(scores)
        self._failed |= failed
        there = ~np.isnan(scores)
        self._scored += there.sum(axis=0)
        self._lowest = np.fmin(self._lowest, np.fmin.reduce(scores, axis=0))
        self._highest = np.fmax(self._highest, np.fmax.reduce(scores, axis=0))
        places = scores - self._frame.low
        places *= self._frame.scale
        known = np.where(there, places, 0.0)
        self._score_sum += np.einsum("dtu->tu", known)
        self._square_sum += np.einsum("dtu,dtu->tu", known, known)
        inside = np.clip(np.floor(known), -1, SCORE_BINS).astype(np.int64)
        _count(inside + 1, there, self._score_counts)
        for target in range(scores.shape[1]):
            found = ranks_within(self._frame.periods, np.ascontiguousarray(scores[:, target]))
            self._take_ranks(target, found)
        if self._frame.keep:
            self._kept.append(scores.copy())

    def _take_ranks(self, target: int, found: NDArray[np.int64]) -> None:
        there = found > 0
        _count((found - 1) // self._frame.rank_width, there, self._rank_counts[target])
        self._rank_sum[target] += found.sum(axis=0)
        ranked = there.any(axis=1)
        if ranked.any():
            self._shift_sum[target] += np.sum(rank_shift(found[ranked], self._frame.nominal[target]))
        if self._beats is not None:
            _add_contests(found, self._frame.periods, self._beats[target])

    def summary(self) -> Summary:
        return Summary(
            self._runs,
            self._failed,
            self._scored,
            self._rank_counts,
            self._rank_sum,
            score_counts=self._score_counts,
            score_sum=self._score_sum,
            square_sum=self._square_sum,
            lowest=self._lowest,
            highest=self._highest,
            shift_sum=self._shift_sum,
            beats=self._beats,
            kept=np.concatenate(self._kept) if self._frame.keep else None,
        )


def _count(bins: NDArray[np.int64], there: NDArray[np.bool_], counts: NDArray[np.int64]) -> None:
    """Count in which bin each cell lies, shape (n_runs, ...); the counts have the bins as their last axis."""
    first = np.arange(0, counts.size, counts.shape[-1]).reshape(counts.shape[:-1])
    # Not a new table of counts for each block, which may need a hundred megabytes.
    np.add.at(counts.reshape(-1), (bins + first)[there], 1)


def _add_contests(
    found: NDArray[np.int64], periods: Sequence[NDArray[np.intp]], beats: NDArray[np.int64]
) -> None:
    for places in periods:
        small = found[:, places].astype(np.int32)
        there = small > 0
        for place, row in enumerate(places):
            own = small[:, [place]]
            both = there & there[:, [place]]
            won = ((own < small) & both).sum(axis=0)
            tied = ((own == small) & both).sum(axis=0)
            beats[row, places] += 2 * won + tied
