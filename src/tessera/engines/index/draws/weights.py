"""Weights that are drawn: what each factor does to the weights of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.draws.cells import draws_for
from tessera.engines.index.draws.columns import by_column
from tessera.engines.index.draws.space import Space
from tessera.engines.index.draws.stacked import Weights
from tessera.engines.index.draws.streams import LEVELS, gammas, level_rows
from tessera.engines.index.errors import MethodError
from tessera.engines.index.factors import Factor, WeightNoise, WeightSets, WeightShares
from tessera.engines.index.structure import Tree


class WeightDraws:
    """The factors of a method that move weights, and the nodes that they move.

    A set of weights comes first, shares and noise then move what it gives.

    Raises
    ------
    MethodError
        Shares are drawn around weights that another factor replaces.
    """

    def __init__(self, tree: Tree, factors: Sequence[Factor], seed: int) -> None:
        self._tree = tree
        self._places_of = [
            place
            for place, factor in enumerate(factors)
            if isinstance(factor, WeightSets | WeightNoise | WeightShares)
        ]
        self._factors = tuple(factors[place] for place in self._places_of)
        self._seed = seed
        self._moved = {
            factor.name: self._nodes_of(factor)
            for factor in factors
            if isinstance(factor, WeightSets | WeightNoise | WeightShares)
        }
        moved = {code for codes in self._moved.values() for code in codes}
        groups = [
            group for group in tree.downward if any(c.code in moved for c in tree.children.get(group, ()))
        ]
        self.varied = tuple(child.code for group in groups for child in tree.children[group])
        self._column = {code: column for column, code in enumerate(self.varied)}
        self._columns = {name: self._places(codes) for name, codes in self._moved.items()}
        self._refuse_shares_of_sets()
        self._refuse_empty_groups()

    def start(self, fixed: Mapping[str, float]) -> Weights:
        """What the factors start from: one row for all runs, until a factor tells them apart."""
        if not self.varied:
            return Weights(fixed)
        return Weights(fixed, self.varied, np.array([[fixed[code] for code in self.varied]]))

    def of_runs(self, start: Weights, keys: NDArray[np.int64], space: Space) -> Weights:
        """The weights of some runs.

        Parameters
        ----------
        start : Weights
            As `start` gives them.
        keys : ndarray of int, shape (n_runs, n_factors)
        space : Space
            Where they may lie.
        """
        table = start.table
        if table is None:
            return replace(start, space=space)
        columns = [
            (factor, keys[:, place]) for factor, place in zip(self._factors, self._places_of, strict=True)
        ]
        for factor, own in columns:
            if isinstance(factor, WeightSets):
                table = self._set(factor, table, own)
        for factor, own in columns:
            if isinstance(factor, WeightShares):
                table = self._draw_shares(factor, table, own)
        for factor, own in columns:
            if isinstance(factor, WeightNoise):
                table = self._shake(factor, table, own, space)
        return Weights(start.fixed, self.varied, table, space)

    def _set(
        self, factor: WeightSets, table: NDArray[np.float64], keys: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        known = [place for place, code in enumerate(factor.codes) if code != self._tree.root]
        found = np.repeat(table, len(keys) // len(table), axis=0)
        found[:, self._places([factor.codes[place] for place in known])] = factor.weights[:, known][keys - 1]
        return found

    def _draw_shares(
        self, factor: WeightShares, table: NDArray[np.float64], keys: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        moved = set(self._moved[factor.name])
        found = np.repeat(table, len(keys) // len(table), axis=0)
        for group in self._tree.groups:
            places = self._places([c.code for c in self._tree.children[group] if c.code in moved])
            # Nothing is drawn around a weight of 0.
            places = [place for place in places if table[0, place] > 0]
            if len(places) < 2:
                continue
            given = table[0, places]
            shapes = factor.concentration * given / given.sum()
            drawn = draws_for(
                keys, partial(gammas, f"shares {factor.name} {group}", self._seed, shapes=shapes)
            )
            found[:, places] = drawn / drawn.sum(axis=1, keepdims=True) * given.sum()
        return found

    def _shake(
        self, factor: WeightNoise, table: NDArray[np.float64], keys: NDArray[np.int64], space: Space
    ) -> NDArray[np.float64]:
        places = self._columns[factor.name]
        draw = partial(level_rows, f"weights {factor.name}", self._seed, width=len(places))
        every = len(places) == table.shape[1]
        given = table if every else table[:, places]
        shaken = space.floats(f"weights {factor.name}", len(keys), len(places))
        np.copyto(shaken, draws_for(keys, draw))
        # From 1 - noise to 1 + noise times the weight, at the middle of each level.
        slope, start = 2 * factor.noise / LEVELS, 1 - factor.noise + factor.noise / LEVELS
        if len(given) == 1:
            rows, slopes = by_column(given.tobytes(), slope).beside(shaken)
            rows *= slopes
            rows, starts = by_column(given.tobytes(), start).beside(shaken)
            rows += starts
        else:
            shaken *= slope * given
            shaken += start * given
        if every:
            return shaken
        found = np.repeat(table, len(keys) // len(table), axis=0)
        found[:, places] = shaken
        return found

    def _places(self, codes: Sequence[str]) -> list[int]:
        return [self._column[code] for code in codes]

    def _nodes_of(self, factor: WeightSets | WeightNoise | WeightShares) -> tuple[str, ...]:
        if isinstance(factor, WeightSets):
            # A set may give the root a weight, which is a share of nothing.
            return tuple(code for code in factor.codes if code != self._tree.root)
        return tuple(
            child.code
            for group in self._tree.downward
            for child in self._tree.children.get(group, ())
            if self._tree.levels[child.code] in factor.levels
        )

    def _refuse_shares_of_sets(self) -> None:
        for shares in self._factors:
            if not isinstance(shares, WeightShares):
                continue
            for other in self._factors:
                both = set(self._moved[shares.name]) & set(self._moved.get(other.name, ()))
                if both and other is not shares and isinstance(other, WeightSets | WeightShares):
                    raise MethodError(
                        f"{shares.name} draws shares around weights that {other.name} replaces "
                        f"({min(both)}); use one of them"
                    )

    def _refuse_empty_groups(self) -> None:
        for factor in self._factors:
            if not isinstance(factor, WeightSets):
                continue
            for group, children in self._tree.children.items():
                named = [child.code for child in children if child.code in factor.codes]
                empty = factor.without_weight(named) if len(named) == len(children) else None
                if empty is not None:
                    raise MethodError(
                        f"{factor.name}: set {empty} gives all children of {group} the weight 0; "
                        "give one of them a weight"
                    )
