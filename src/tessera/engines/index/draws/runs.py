"""Runs of an index whose method is uncertain: each takes one value of every factor, all drawn jointly.

A run is described by its *keys*, one for each factor: the number of the alternative, or the number of the
draw for a factor without alternatives; both count from 1. The same keys make the same run again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.compute import group_weights, periods, scores_of_groups
from tessera.engines.index.data import Data
from tessera.engines.index.draws.cells import (
    CellDraws,
    DrawnTables,
    Strip,
    find_cell_draws,
    runs_at_once,
    strips_of,
)
from tessera.engines.index.draws.compiled import add_scores
from tessera.engines.index.draws.space import Space
from tessera.engines.index.draws.stacked import (
    Collapse,
    Weights,
    collapse,
    extremes,
    faults_of,
    group_by_group,
    scores_on_lines,
)
from tessera.engines.index.draws.streams import fractions
from tessera.engines.index.draws.weights import WeightDraws
from tessera.engines.index.errors import DataError, MethodError, NotComputable
from tessera.engines.index.factors import Choice, UncertainCells
from tessera.engines.index.method import Method, Weight
from tessera.engines.index.prepare import KEPT_BYTES, Preparation, treat_each
from tessera.engines.index.steps.normalise import LINES, Line, line_between, line_through
from tessera.engines.index.structure import Tree

SCORES_AT_ONCE = 2_000_000
MOST_AT_ONCE = 2048
NUMBERS_OF_A_PART = 1 << 29
RUNS_OF_A_PART = 1 << 14
FAR = 1e4
"""Ranges of a column that its values may lie from zero."""


@dataclass(frozen=True, eq=False)
class RunScores:
    """Scores of some runs.

    ``scores`` has the shape (n_runs, n_targets, n_rows), NaN where there is none. ``failed`` has the reason
    by the place of the run; a failed run has no score at all.
    """

    scores: NDArray[np.float64]
    failed: Mapping[int, str]


@dataclass(frozen=True, eq=False)
class _State:
    """What all runs share that take the same alternatives of the steps."""

    method: Method
    kept: NDArray[np.intp]
    normalised: NDArray[np.float64]
    weights: Weights
    """What the factors start from."""
    complete: bool
    """No score is missing."""
    collapsed: tuple[Collapse | None, ...]
    """For each target."""
    by_node: tuple[NDArray[np.float64] | None, ...]
    """What the one mean of each target is taken of, if it has one and no score is missing."""


@dataclass(eq=False)
class Runs:
    """A tree, its data and a method with uncertain factors, ready to be run.

    Parameters
    ----------
    targets : tuple of str
        Codes of the groups whose scores are wanted.
    seed : int
        0 to 2**64 - 1.
    compiled : bool
        Draw single answers by compiled loops, which needs the extra `fast`.

    Raises
    ------
    MethodError
        The method has no factor, or a target is no group.
    DataError
        What a factor names is not in the data.
    """

    tree: Tree
    data: Data
    method: Method
    targets: tuple[str, ...]
    seed: int
    compiled: bool = False
    _states: dict[tuple[int, ...], _State | str] = field(default_factory=dict, repr=False)
    _collapsed: dict[object, tuple[Collapse | None, ...]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.factors = self.method.uncertain
        if not self.factors:
            raise MethodError("the method declares nothing as uncertain; add a factor: [[uncertain]]")
        for target in self.targets:
            if target not in self.tree.groups:
                raise MethodError(f"{target} is no group; accepted: {', '.join(self.tree.groups)}")
        self._preparation = Preparation(self.tree, self.data)
        self.data = self._preparation.data
        self.periods = periods(self.data)
        self._choices = [place for place, factor in enumerate(self.factors) if isinstance(factor, Choice)]
        if any(isinstance(factor, UncertainCells) for factor in self.factors):
            self._refuse_estimated_weights()
        self._weights = WeightDraws(self.tree, self.factors, self.seed)
        self._cells: list[tuple[int, CellDraws]] = [
            (place, find_cell_draws(factor, self._preparation, self.method))
            for place, factor in enumerate(self.factors)
            if isinstance(factor, UncertainCells)
        ]
        if len(self._cells) > 1:
            self._refuse_two_draws()
        # Before any step, as the tables of all runs are where nothing is drawn.
        self._given = self.data.values
        if self.method.denominate:
            self._given = self._given / self._preparation.divisors
        drawn = ~np.isnan(self._given)
        self._kinds = tuple(kind for _, cells in self._cells for kind in cells.kinds)
        for kind in self._kinds:
            drawn[kind.rows, kind.columns] = True
        self._complete = bool(drawn.all())
        self._strips = strips_of(self._kinds, self._given)
        self._scales = [self._preparation.scales.only(strip.columns) for strip in self._strips]
        # A line far from zero would lose the digits that normalising first keeps.
        low, high = np.fmin.reduce(self._given, axis=0), np.fmax.reduce(self._given, axis=0)
        self._near_zero = bool((np.maximum(-low, high) <= FAR * (high - low)).all())
        try:
            nominal = self._preparation.under(self.method)
            scores_of_groups(
                self.tree,
                nominal.normalised,
                self.data.applies[nominal.kept],
                self.method,
                tuple(self.data.rows[place] for place in nominal.kept),
            )
        except NotComputable as error:
            raise NotComputable(f"the method as it stands, without its factors: {error}") from None

    def __getstate__(self) -> dict[str, Any]:
        """What travels to a worker: without the doubts one by one, which are laid out by now, nor the states,
        whose methods have them, too."""
        lean = tuple(
            replace(factor, doubts=()) if isinstance(factor, UncertainCells) else factor
            for factor in self.factors
        )
        method = replace(self.method, uncertain=lean)
        return {**self.__dict__, "factors": lean, "method": method, "_states": {}}

    def _refuse_two_draws(self) -> None:
        drawn: dict[tuple[int, int], str] = {}
        for place, cells in self._cells:
            for kind in cells.kinds:
                for row, column in zip(kind.rows.tolist(), kind.columns.tolist(), strict=True):
                    before = drawn.setdefault((row, column), cells.name)
                    if before != self.factors[place].name:
                        raise DataError(
                            f"{cells.name} and {before} both draw {self.data.rows[row]}, "
                            f"{self.tree.leaves[column]}; leave it to one of them"
                        )

    def _refuse_estimated_weights(self) -> None:
        """Weights that are estimated from the data would have to be estimated anew in each run."""
        chosen = [f.values for f in self.factors if isinstance(f, Choice) and f.step == "weight"]
        methods = {self.method.weight.method} | {
            getattr(value, "method", value) for values in chosen for value in values
        }
        estimated = methods & {"pca", "optimise"}
        if estimated:
            raise MethodError(
                f"weight.method {min(estimated)!r} is estimated from the data, and here answers are drawn; "
                "give the weights, or leave the answers as they are"
            )

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(factor.name for factor in self.factors)

    @property
    def block(self) -> int:
        """Runs to ask for at once: a matter of the size of the data alone, so that it changes no digit."""
        fitting = max(1, SCORES_AT_ONCE // (len(self.data.units) * len(self.targets)))
        return int(min(MOST_AT_ONCE, 2 ** (fitting.bit_length() - 1)))

    @property
    def part(self) -> int:
        """Runs that are made in one place: enough to be worth the way there, few enough to share out."""
        of_one = self.data.values.size if self._cells else len(self.data.units) * len(self.targets)
        fitting = max(1, NUMBERS_OF_A_PART // of_one)
        return self.block * max(1, min(RUNS_OF_A_PART, fitting) // self.block)

    def keys(self, first: int, draws: int) -> NDArray[np.int64]:
        """The keys of the draws from a number on, counted from 0; shape (draws, n_factors)."""
        numbers = np.arange(first + 1, first + draws + 1)
        found = np.empty((draws, len(self.factors)), dtype=np.int64)
        for place, factor in enumerate(self.factors):
            if factor.alternatives is None:
                found[:, place] = numbers
            else:
                even = fractions(f"choice {factor.name}", self.seed, first, draws)
                found[:, place] = alternatives_at(even, factor.alternatives)
        return found

    def scores(self, keys: NDArray[np.int64], space: Space | None = None) -> RunScores:
        """Run the index for each row of keys, shape (n_runs, n_factors).

        With a space the scores may lie in it, and are good until the next are made there.
        """
        space = space or Space()
        if not self._cells:
            return self._scores(keys, None, space)
        # Choices scatter the runs over states, each of which needs a few to be worth its while.
        size = runs_at_once(self._given.size) * (8 if self._choices else 1)
        parts = [
            self._scores(part, self._tables(part), space)
            for part in np.split(keys, range(size, len(keys), size))
        ]
        failed = {
            number * size + place: reason
            for number, part in enumerate(parts)
            for place, reason in part.failed.items()
        }
        return RunScores(np.concatenate([part.scores for part in parts]), failed)

    def _tables(self, keys: NDArray[np.int64]) -> DrawnTables:
        levels = tuple(
            levels for place, cells in self._cells for levels in cells.levels(keys[:, place], self.seed)
        )
        return DrawnTables(self._strips, self._kinds, levels, self.compiled)

    def _scores(self, keys: NDArray[np.int64], tables: DrawnTables | None, space: Space) -> RunScores:
        shape = (len(keys), len(self.targets), len(self.data.units))
        found = np.empty(0)
        failed: dict[int, str] = {}
        groups = _alike(keys[:, self._choices]) if self._choices else [((), np.arange(len(keys)))]
        for choice, places in groups:
            state = self._state(choice)
            if isinstance(state, str):
                failed |= dict.fromkeys(places.tolist(), state)
                continue
            own = tables
            if tables is not None and len(groups) > 1:
                own = tables.only(places)
            made, faults = self._run(state, keys[places], own, space)
            failed |= {int(places[place]): reason for place, reason in faults.items()}
            if len(groups) == 1 and made.shape == shape:
                found = made
                break
            if found.size == 0:
                found = np.full(shape, np.nan)
            if len(state.kept) == len(self.data.units):
                found[places] = made
            else:
                found[places[:, None, None], np.arange(len(self.targets))[:, None], state.kept] = made
        if found.size == 0:
            found = np.full(shape, np.nan)
        if failed:
            found[list(failed)] = np.nan
        return RunScores(found, failed)

    def _state(self, choice: tuple[int, ...]) -> _State | str:
        """What a combination of alternatives leads to, or why it leads to nothing."""
        if choice not in self._states:
            if len(self._states) * self.data.values.nbytes > KEPT_BYTES:
                self._states.clear()
            method = self.method
            for place, number in zip(self._choices, choice, strict=True):
                factor = self.factors[place]
                assert isinstance(factor, Choice)
                method = factor.chosen(method, number)
            try:
                self._states[choice] = self._make_state(method)
            except NotComputable as error:
                self._states[choice] = str(error)
        return self._states[choice]

    def _make_state(self, method: Method) -> _State:
        kept = self._preparation.kept(method)
        normalised = self._preparation.normalised(method)
        applies = self.data.applies[kept]
        rows = tuple(self.data.rows[place] for place in kept)
        # Only an arithmetic mean takes whatever it is given. Drawn answers are looked at run by run.
        takes_all = all(
            method.aggregate.rule_for(code, self.tree.levels[code]).exponent == 1 for code in self.tree.groups
        )
        if method.weight.method not in ("given", "equal"):
            weights = scores_of_groups(self.tree, normalised, applies, method, rows).weights
        else:
            weights = self._weights_as_given(method.weight)
            if not self._cells and not takes_all:
                scores_of_groups(self.tree, normalised, applies, method, rows)
        collapsed = self._collapse(method, weights)
        complete = not np.isnan(normalised).any()
        by_node = tuple(c.by_node(normalised) if complete and c is not None else None for c in collapsed)
        return _State(method, kept, normalised, self._weights.start(weights), complete, collapsed, by_node)

    def _weights_as_given(self, spec: Weight) -> dict[str, float]:
        """Not as shares: a factor may replace those of some nodes."""
        none = np.empty((0, 0))
        return {
            child.code: float(weight)
            for group in self.tree.groups
            for child, weight in zip(
                self.tree.children[group], group_weights(self.tree, group, none, spec)[0], strict=True
            )
        }

    def _collapse(self, method: Method, weights: Mapping[str, float]) -> tuple[Collapse | None, ...]:
        """The one mean of each target; the same for all states with the same rules and weights."""
        key = (method.aggregate, tuple(weights.items()))
        if key not in self._collapsed:
            start = Weights(weights, self._weights.varied)
            self._collapsed[key] = tuple(
                collapse(self.tree, target, method, start) for target in self.targets
            )
        return self._collapsed[key]

    def _run(
        self, state: _State, keys: NDArray[np.int64], tables: DrawnTables | None, space: Space
    ) -> tuple[NDArray[np.float64], dict[int, str]]:
        weights = self._weights.of_runs(state.weights, keys, space)
        if tables is None:
            found, failed = self._score(state, state.normalised, weights)
        else:
            found, failed = self._score_drawn(state, tables, weights)
        shape = (len(keys), found[0].shape[1])
        if len(found) == 1 and found[0].shape == shape:
            return found[0][:, None], failed
        return np.stack([np.broadcast_to(scores, shape) for scores in found], axis=1), failed

    def _score(
        self, state: _State, normalised: NDArray[np.float64], weights: Weights
    ) -> tuple[list[NDArray[np.float64]], dict[int, str]]:
        """The scores of each target, shape (n_runs or 1, n_rows), from a table or a stack of tables."""
        shared = normalised is state.normalised
        complete = state.complete if shared else not np.isnan(normalised).any()
        found: list[NDArray[np.float64]] = []
        failed: dict[int, str] = {}
        others: dict[str, NDArray[np.float64]] | None = None
        for target, collapsed, by_node in zip(self.targets, state.collapsed, state.by_node, strict=True):
            if collapsed is not None and complete:
                if collapsed.exponent == 0:
                    below = list(collapsed.leaves)
                    groups = [str(self.tree.by_code[self.tree.leaves[leaf]].parent) for leaf in below]
                    unfit = normalised[..., below] <= 0
                    failed |= faults_of(unfit, groups, "geometric", self._names(state))
                if shared and by_node is not None:
                    found.append(collapsed.scores(by_node, weights))
                else:
                    found.append(collapsed.scores_of_each(normalised, weights))
                continue
            if others is None:
                applies = self.data.applies[state.kept]
                others, faults = group_by_group(
                    self.tree, normalised, applies, weights, state.method, self._names(state)
                )
                failed |= faults
            found.append(np.atleast_2d(others[target]))
        return found, failed

    def _score_drawn(
        self, state: _State, tables: DrawnTables, weights: Weights
    ) -> tuple[list[NDArray[np.float64]], dict[int, str]]:
        """The same from drawn values, which must be treated and normalised first."""
        method = state.method
        means = [
            collapsed for collapsed in state.collapsed if collapsed is not None and collapsed.exponent == 1
        ]
        untreated = method.impute.method == method.treat.method == "none"
        on_lines = untreated and method.normalise.method in LINES and len(means) == len(self.targets)
        if on_lines and self._complete and self._near_zero:
            # Where a column is constant in a run, it is told below which run fails.
            with suppress(NotComputable):
                effective = [mean.effective(weights, tables.runs) for mean in means]
                if self.compiled and method.normalise.method == "minmax":
                    return self._add_compiled(state, tables, effective), {}
                return scores_on_lines(effective, self._lines(state, tables)), {}
        values = tables.whole()
        if len(state.kept) < len(self.data.units):
            values = values[:, state.kept]
        try:
            treated = self._treat(state, values)
            normalised = self._preparation.normalise(treated, method.normalise, state.kept)
        except NotComputable:
            normalised, failed = self._normalise_each(state, values)
            found, faults = self._score(state, normalised, weights)
            return found, {**faults, **failed}
        return self._score(state, normalised, weights)

    def _add_compiled(
        self, state: _State, tables: DrawnTables, effective: Sequence[NDArray[np.float64]]
    ) -> list[NDArray[np.float64]]:
        """The same as `scores_on_lines`, by compiled loops.

        Raises
        ------
        NotComputable
            A column is constant in a run.
        """
        spec = state.method.normalise
        found = [np.zeros((tables.runs, len(state.kept))) for _ in effective]
        for scales, (strip, values) in zip(self._scales, self._strips_of(state, tables), strict=True):
            for scores, weights in zip(found, effective, strict=True):
                own = weights[:, strip.columns]
                if not add_scores(values, scales.direction, own, spec.low, spec.high, scores):
                    raise NotComputable("a column is constant in one of these runs")
        return found

    def _lines(self, state: _State, tables: DrawnTables) -> Iterator[tuple[slice, NDArray[np.float64], Line]]:
        """Columns, drawn values and lines, strip by strip (see `scores_on_lines`)."""
        spec = state.method.normalise
        for scales, (strip, values) in zip(self._scales, self._strips_of(state, tables), strict=True):
            if spec.method == "zscore":
                line = line_through(values.swapaxes(1, 2), spec, scales)
                assert line is not None
            else:
                lowest, highest = extremes(values)
                line = line_between(lowest[:, None], highest[:, None], spec, scales)
            yield strip.columns, values, line

    def _strips_of(self, state: _State, tables: DrawnTables) -> Iterator[tuple[Strip, NDArray[np.float64]]]:
        """Each strip, and its drawn values in the rows that were not screened out."""
        kept_all = len(state.kept) == len(self.data.units)
        for strip, values in zip(self._strips, tables.values(), strict=True):
            yield strip, values if kept_all else values.take(state.kept, axis=2)

    def _treat(self, state: _State, values: NDArray[np.float64]) -> NDArray[np.float64]:
        spec = state.method.impute
        filled = values
        if spec.method != "none":
            filled = self._preparation.impute(values, spec, state.kept).values
        return treat_each(filled, state.method.treat)

    def _normalise_each(
        self, state: _State, values: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], dict[int, str]]:
        """Treat and normalise a stack in which some tables cannot be: they fail, each by its reason."""
        found, failed = np.full(values.shape, np.nan), {}
        for place in range(len(values)):
            try:
                treated = self._treat(state, values[place : place + 1])
                normalised = self._preparation.normalise(treated, state.method.normalise, state.kept)
                found[place] = normalised[0]
            except NotComputable as error:
                failed[place] = str(error)
        return found, failed

    def _names(self, state: _State) -> tuple[str, ...]:
        return tuple(self.data.rows[place] for place in state.kept)


def alternatives_at(even: NDArray[np.float64], alternatives: int) -> NDArray[np.int64]:
    """The number of an alternative, from 1, for each even number from 0 up to 1."""
    return (even * alternatives).astype(np.int64) + 1


def _alike(rows: NDArray[np.int64]) -> list[tuple[tuple[int, ...], NDArray[np.intp]]]:
    """Distinct rows, and the places of each."""
    distinct, places = np.unique(rows, axis=0, return_inverse=True)
    order = np.argsort(places, kind="stable")
    ends = np.cumsum(np.bincount(places, minlength=len(distinct)))
    return [
        (tuple(row.tolist()), order[end - count : end])
        for row, end, count in zip(distinct, ends, np.diff(ends, prepend=0), strict=True)
    ]
