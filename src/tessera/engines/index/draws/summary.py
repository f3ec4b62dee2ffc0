"""What is kept of many runs: counts and sums that add up, whoever made which part.

Scores are counted in bins between ends that are fixed before the first run, ranks one by one (or, with more
than `RANK_BINS` rows, in bins of several). So a summary has the same size for ten runs and for ten million.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCORE_BINS = 256
RANK_BINS = 1024


@dataclass(frozen=True, eq=False)
class Frame:
    """What is the same for all summaries that may be added.

    ``low`` and ``high`` are the ends of the score bins, shape (n_targets, n_rows); ``nominal`` the ranks that
    shifts are counted from, 0 where there is none. With ``keep`` all scores are kept, too.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    nominal: NDArray[np.int64]
    periods: tuple[NDArray[np.intp], ...]
    pairs: bool
    keep: bool = False
    _distances: dict[bytes, NDArray[np.int64]] = field(default_factory=dict, repr=False)

    @property
    def scale(self) -> NDArray[np.float64]:
        """Bins per point of a score."""
        return SCORE_BINS / (self.high - self.low)

    def distances(self, nominal: NDArray[np.int64]) -> NDArray[np.int64]:
        """Places from each row's nominal rank to each rank, shape (n_rows, n_rows); 0 without one."""
        key = nominal.tobytes()
        if key not in self._distances:
            places = np.arange(1, len(nominal) + 1)
            away = np.abs(places - nominal[:, None])
            self._distances[key] = np.where(nominal[:, None] > 0, away, 0)
        return self._distances[key]

    @property
    def rank_width(self) -> int:
        """Ranks in one bin."""
        return -(-self.low.shape[1] // RANK_BINS)

    @property
    def rank_bins(self) -> int:
        return -(-self.low.shape[1] // self.rank_width)


@dataclass(frozen=True, eq=False)
class Summary:
    """Counts and sums of some runs; shapes begin with (n_targets, n_rows).

    ``rank_counts`` (.., n_rank_bins): runs in which a row had a rank of the bin. ``score_counts``
    (.., SCORE_BINS + 2): runs with a score in the bin, the first and last for scores beyond the ends.
    ``score_sum`` and ``square_sum`` are of scores measured in bins from the low end, which keeps their
    digits. ``beats`` (.., n_rows): twice the runs in which the row was above another of its period, and once
    those with a tie; None where pairs are not asked for. ``kept``, shape (n_runs, n_targets, n_rows): all
    scores, where they are kept. ``failed`` has the reason by the number of the run.
    """

    runs: int
    failed: Mapping[int, str]
    scored: NDArray[np.int64]
    rank_counts: NDArray[np.int64]
    rank_sum: NDArray[np.int64]
    score_counts: NDArray[np.int64]
    score_sum: NDArray[np.float64]
    square_sum: NDArray[np.float64]
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]
    shift_sum: NDArray[np.float64]
    beats: NDArray[np.int64] | None
    kept: NDArray[np.float64] | None

    def __getstate__(self) -> dict[str, Any]:
        """What travels from a worker: counts in as few bytes as they need."""
        counts = {name: getattr(self, name) for name in ("rank_counts", "score_counts")}
        small = {name: count.astype(np.min_scalar_type(self.runs)) for name, count in counts.items()}
        return {**self.__dict__, **small}

    def __setstate__(self, state: dict[str, Any]) -> None:
        counts = {name: state[name].astype(np.int64) for name in ("rank_counts", "score_counts")}
        self.__dict__.update({**state, **counts})

    def __add__(self, other: "Summary") -> "Summary":
        """The summary of both parts. Counts are exact; sums of scores to rounding."""
        return self._with(other, self.rank_counts + other.rank_counts)

    def __iadd__(self, other: "Summary") -> "Summary":
        """The same with the largest counts, which may need a hundred megabytes, added in place."""
        return self._with(other, np.add(self.rank_counts, other.rank_counts, out=self.rank_counts))

    def _with(self, other: "Summary", rank_counts: NDArray[np.int64]) -> "Summary":
        return Summary(
            self.runs + other.runs,
            {**self.failed, **other.failed},
            self.scored + other.scored,
            rank_counts,
            self.rank_sum + other.rank_sum,
            self.score_counts + other.score_counts,
            self.score_sum + other.score_sum,
            self.square_sum + other.square_sum,
            np.fmin(self.lowest, other.lowest),
            np.fmax(self.highest, other.highest),
            self.shift_sum + other.shift_sum,
            None if self.beats is None or other.beats is None else self.beats + other.beats,
            None if self.kept is None or other.kept is None else np.concatenate([self.kept, other.kept]),
        )


def frame_around(
    pilot: NDArray[np.float64],
    nominal: NDArray[np.int64],
    periods: Sequence[NDArray[np.intp]],
    *,
    pairs: bool,
    keep: bool = False,
) -> Frame:
    """A frame for scores like those of some pilot runs, shape (n_runs, n_targets, n_rows).

    The bins reach as far again beyond each end of the pilot's range, since more runs reach further.
    """
    with np.errstate(invalid="ignore"):
        empty = np.isnan(pilot).all(axis=0)
        low = np.nanmin(np.where(empty, 0.0, pilot), axis=0)
        high = np.nanmax(np.where(empty, 0.0, pilot), axis=0)
    # A score that never moves still needs a bin to lie in.
    margin = np.maximum(high - low, 1e-9 * np.maximum(1, np.abs(high)))
    return Frame(low - margin, high + margin, nominal, tuple(periods), pairs, keep)
