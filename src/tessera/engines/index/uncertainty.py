"""How sure scores and ranks are: many runs of an index whose method is uncertain, read from their summary."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.compute import compute
from tessera.engines.index.draws.runs import Runs
from tessera.engines.index.draws.space import Space
from tessera.engines.index.draws.summary import SCORE_BINS, Frame, Summary, frame_around
from tessera.engines.index.draws.tally import Tally
from tessera.engines.index.errors import MethodError, NotComputable

PILOT = 128
"""Runs that the ends of the score bins are laid around."""

DECIDED = 0.95
SHARES = (0.5, 0.05, 0.95)
"""Of the quantiles that are read."""


class Executor(Protocol):
    """Anything with the map of `concurrent.futures.Executor`."""

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterable[Any]: ...


@dataclass(eq=False)
class Analysis:
    """An uncertainty analysis that can be done in parts.

    Parameters
    ----------
    runs : Runs
    pairs : bool
        Whether contests between rows are counted; they take a number for each two rows.
    keep : bool
        Whether all scores are kept, so that their quantiles are exact; memory then grows with the runs.
    replayed : ndarray of int, shape (n_runs, n_factors), optional
        Keys of recorded runs, to be run instead of fresh draws.

    Examples
    --------
    >>> from tessera.engines.index.data import Data
    >>> from tessera.engines.index.factors import WeightNoise
    >>> from tessera.engines.index.method import Method
    >>> from tessera.engines.index.structure import Node, Tree
    >>> tree = Tree((Node("index", None), Node("jobs", "index"), Node("homes", "index")))
    >>> data = Data(("A", "B"), ("jobs", "homes"), np.array([[1.0, 9.0], [2.0, 3.0]]))
    >>> method = Method(uncertain=(WeightNoise("weights", 0.2, (1,)),))
    >>> analysis = Analysis(Runs(tree, data, method, ("index",), seed=1))
    >>> result = read(analysis, together(analysis.summaries(1000)))
    >>> result.runs, bool(45 < result.mean[0, 0] < 55)
    (1000, True)
    """

    runs: Runs
    pairs: bool = False
    keep: bool = False
    replayed: NDArray[np.int64] | None = None
    frame: Frame = field(init=False)
    _spare: list[Space] = field(default_factory=list, init=False, repr=False)
    """Work spaces that no part is being made in: new memory takes longer to get than to fill."""

    def __post_init__(self) -> None:
        runs = self.runs
        nominal = compute(runs.tree, runs.data, runs.method)
        columns = [nominal.codes.index(target) for target in runs.targets]
        self.nominal_scores = nominal.scores[:, columns].T
        pilot = runs.scores(runs.keys(0, PILOT) if self.replayed is None else self.replayed[:PILOT])
        if len(pilot.failed) == len(pilot.scores):
            raise NotComputable(f"every run fails: {next(iter(pilot.failed.values()))}")
        self.frame = frame_around(
            pilot.scores, nominal.ranks[:, columns].T, runs.periods, pairs=self.pairs, keep=self.keep
        )

    def __getstate__(self) -> dict[str, Any]:
        """What travels to a worker: no work space."""
        return {**self.__dict__, "_spare": []}

    def parts(self, draws: int) -> list[tuple[int, int]]:
        """First run and number of runs of each part."""
        size = self.runs.part
        return [(first, min(size, draws - first)) for first in range(0, draws, size)]

    def summary_of(self, part: tuple[int, int]) -> Summary:
        """Make the runs of a part."""
        first, draws = part
        space = self._spare.pop() if self._spare else Space()
        tally = Tally(self.frame, space)
        for start in range(first, first + draws, self.runs.block):
            made = self.runs.scores(self.keys(start, min(self.runs.block, first + draws - start)), space)
            tally.add(made.scores, {start + place + 1: why for place, why in made.failed.items()})
        self._spare.append(space)
        return tally.total()

    def summaries(self, draws: int, executor: Executor | None = None) -> Iterator[Summary]:
        """The summaries of all parts, in their order, as they are ready.

        To show progress, count them; to cancel, stop asking. Without an executor they are made one by one.
        """
        parts = self.parts(draws)
        yield from map(self.summary_of, parts) if executor is None else executor.map(self.summary_of, parts)

    def keys(self, first: int, draws: int) -> NDArray[np.int64]:
        """The keys of some runs, fresh or replayed."""
        if self.replayed is not None:
            return self.replayed[first : first + draws]
        return self.runs.keys(first, draws)


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """What the runs say; shapes begin with (n_targets, n_rows).

    Scores: ``mean``, ``sd`` and quantiles of type 7 (``median``, ``q05``, ``q95``), which are exact where
    scores were kept, else right to ``score_error``, the width of the widest bin that one of them lies in.
    Ranks: the same with ``rank_``, exact unless ``rank_width`` is above 1, and ``rank_shares``, the share of
    runs at each rank (or bin of ranks). ``mean_shift``, shape (n_targets,), is the mean number of places by
    which a row moves from its nominal rank. ``above``, if asked for, is the probability that one row is above
    another of its period, a tie counting half.
    """

    rows: tuple[str, ...]
    targets: tuple[str, ...]
    runs: int
    failed: Mapping[int, str]
    nominal: NDArray[np.float64]
    nominal_rank: NDArray[np.int64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    median: NDArray[np.float64]
    q05: NDArray[np.float64]
    q95: NDArray[np.float64]
    score_error: NDArray[np.float64]
    rank_mean: NDArray[np.float64]
    rank_median: NDArray[np.float64]
    rank_q05: NDArray[np.float64]
    rank_q95: NDArray[np.float64]
    rank_width: int
    rank_shares: NDArray[np.float64]
    mean_shift: NDArray[np.float64]
    above: NDArray[np.float64] | None

    def decided(self, level: float = DECIDED) -> NDArray[np.bool_]:
        """For each two rows whether the first is above the second with at least this probability.

        Where neither is, there is no clear difference.

        Raises
        ------
        MethodError
            The contests were not counted.
        """
        if self.above is None:
            raise MethodError("pairs were not counted; ask for them in the analysis")
        with np.errstate(invalid="ignore"):
            return self.above >= level


def together(summaries: Iterable[Summary]) -> Summary:
    """The sum of one summary or more."""
    iterator = iter(summaries)
    first = next(iterator)
    second = next(iterator, None)
    if second is None:
        return first
    total = first + second
    for summary in iterator:
        total += summary
    return total


def read(analysis: Analysis, summary: Summary) -> Uncertainty:
    """What a summary says.

    Raises
    ------
    NotComputable
        Every run failed; the message has the first reason.
    """
    if len(summary.failed) == summary.runs:
        raise NotComputable(f"every run fails: {next(iter(summary.failed.values()))}")
    frame, runs = analysis.frame, analysis.runs
    with np.errstate(invalid="ignore", divide="ignore"):
        place = summary.score_sum / summary.scored
        mean = np.clip(frame.low + place / frame.scale, summary.lowest, summary.highest)
        spread = np.maximum(summary.square_sum - summary.scored * place**2, 0)
        sd = np.sqrt(spread / (summary.scored - 1)) / frame.scale
        rank_mean = summary.rank_sum / summary.scored
        shares = summary.rank_counts / summary.scored[..., None]
        compared = summary.runs - len(summary.failed)
        above = None if summary.beats is None else _shares_above(summary.beats)
    (median, low, high), error = _score_quantiles(summary, frame)
    rank_median, rank_low, rank_high = _rank_quantiles(summary, frame)
    return Uncertainty(
        runs.data.rows,
        runs.targets,
        summary.runs,
        summary.failed,
        analysis.nominal_scores,
        frame.nominal,
        mean,
        sd,
        median,
        low,
        high,
        error,
        rank_mean,
        rank_median,
        rank_low,
        rank_high,
        frame.rank_width,
        shares,
        summary.shift_sum / compared,
        above,
    )


def _shares_above(beats: NDArray[np.int64]) -> NDArray[np.float64]:
    met = beats + np.swapaxes(beats, -1, -2)
    return np.where(met > 0, beats / met, np.nan)


def _rank_quantiles(summary: Summary, frame: Frame) -> list[NDArray[np.float64]]:
    """Quantiles of type 7 of the ranks at `SHARES`; of bins of several ranks, from their middles."""
    middles = 1 + np.arange(frame.rank_bins) * frame.rank_width + (frame.rank_width - 1) / 2
    bins = _Bins(summary.rank_counts)
    found = []
    for share in SHARES:
        place = (summary.scored - 1) * share
        lower, upper = (middles[bins.at(np.floor(place) + shift)] for shift in (0, 1))
        part = place - np.floor(place)
        # The last order statistic has none above it.
        upper = np.where(part > 0, upper, lower)
        found.append(np.where(summary.scored > 0, lower + part * (upper - lower), np.nan))
    return found


class _Bins:
    """Counts by cell and bin, to find what stands where in the order of a cell."""

    def __init__(self, counts: NDArray[np.int64]) -> None:
        cells, self._number = counts.shape[:-1], counts.shape[-1]
        # All cells in one row, in which a place is found by halving instead of a look at every bin.
        self._counts = counts.ravel()
        self._reached = np.cumsum(counts)
        self._first = np.arange(0, counts.size, self._number).reshape(cells)
        self._before = np.append(0, self._reached[self._number - 1 : -1 : self._number]).reshape(cells)

    def at(self, place: NDArray[np.float64]) -> NDArray[np.intp]:
        """The bin of each cell in which a place lies, from 0; beyond the last place the last bin."""
        found = np.searchsorted(self._reached, self._before + place.astype(np.int64), side="right")
        return np.clip(found - self._first, 0, self._number - 1)

    def inside(self, bins: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """What each cell's bin counts, and what those before it do."""
        inside = self._counts[self._first + bins]
        return inside, self._reached[self._first + bins] - inside - self._before


def _score_quantiles(summary: Summary, frame: Frame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The quantiles at `SHARES`, shape (3, n_targets, n_rows), and how far one of them may be off."""
    none = summary.scored == 0
    if summary.kept is not None:
        kept = np.where(none, 0.0, summary.kept)
        quantiles = np.nanquantile(kept, SHARES, axis=0)
        return np.where(none, np.nan, quantiles), np.where(none, np.nan, 0.0)
    order = _Order(summary, frame)
    found, widths = zip(*(_binned_quantile(order, share) for share in SHARES), strict=True)
    return np.array(found), np.where(none, np.nan, np.max(widths, axis=0))


def _binned_quantile(order: "_Order", share: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A quantile of type 7 from two order statistics, and the width of the wider one's bin."""
    place = np.maximum((order.scored - 1) * share, 0)
    lower, lower_width = order.statistic(np.floor(place))
    upper, upper_width = order.statistic(np.ceil(place))
    return lower + (place - np.floor(place)) * (upper - lower), np.maximum(lower_width, upper_width)


class _Order:
    """The scores of a summary in their order, as far as bins tell."""

    def __init__(self, summary: Summary, frame: Frame) -> None:
        self.scored = summary.scored
        self._bins = _Bins(summary.score_counts)
        self._lowest, self._highest = summary.lowest, summary.highest
        edges = np.linspace(frame.low, frame.high, SCORE_BINS + 1, axis=-1)
        first = np.minimum(summary.lowest, frame.low)[..., None]
        last = np.maximum(summary.highest, frame.high)[..., None]
        # The first and last bin reach to the extremes.
        self._edges = np.concatenate([first, edges, last], axis=-1)

    def statistic(self, place: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The score at a place, from 0, scores lying evenly in their bin; and the bin's width."""
        bins = self._bins.at(place)
        inside, before = self._bins.inside(bins)
        left, right = (
            np.take_along_axis(self._edges, end[..., None], axis=-1)[..., 0] for end in (bins, bins + 1)
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            found = left + (right - left) * (place - before + 0.5) / inside
        # Bins may reach beyond the scores that were seen.
        return np.clip(found, self._lowest, self._highest), right - left
