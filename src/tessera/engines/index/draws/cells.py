"""Single answers that are drawn: which values each can have, and the draws."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.draws.compiled import choose
from tessera.engines.index.draws.streams import LEVELS, draw_block, level_columns
from tessera.engines.index.errors import DataError
from tessera.engines.index.factors import SUM_TOLERANCE, UncertainCells
from tessera.engines.index.method import Method
from tessera.engines.index.prepare import Preparation

FEW = 3
NUMBERS_AT_ONCE = 12_000
Values = NDArray[np.float64]
Chances = NDArray[np.float64]
Number = TypeVar("Number", np.float64, np.uint16)


@dataclass(frozen=True, eq=False)
class AlikeCells:
    """Cells that have as many values each, which are equally likely in all of them or not in all."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: NDArray[np.float64]
    """Shape (n_cells, n_values)."""
    edges: NDArray[np.uint16] | None
    """Shape (n_cells, n_values - 1): above which level the next value begins; None if all are as likely."""

    @property
    def height(self) -> int:
        """Levels that a run takes."""
        return len(self.rows) * (2 if self.edges is None else 1)

    def write(self, levels: NDArray[np.uint16], flat: NDArray[np.float64], places: NDArray[np.intp]) -> None:
        """Write the value of each cell in each run, by even levels, into its row.

        Parameters
        ----------
        levels : ndarray of uint16, shape (height, n_runs)
        flat : ndarray of float, shape (n_all_cells, n_runs)
        places : ndarray of int, shape (n_cells,)
            Rows of ``flat``.
        """
        together = len(places) == len(flat)
        values, count = self.values.ravel(), self.values.shape[1]
        # A few cells at a time, so that what lies between stays in the machine's cache.
        size = max(1, NUMBERS_AT_ONCE // levels.shape[1])
        for first in range(0, len(places), size):
            part = slice(first, min(first + size, len(places)))
            starts = np.arange(part.start, part.stop)[:, None] * count
            chosen = starts + self._numbers(levels, part)
            if together:
                # All cells, which stand in the order of the table.
                values.take(chosen, out=flat[part], mode="clip")
            else:
                flat[places[part]] = values.take(chosen, mode="clip")

    def _numbers(self, levels: NDArray[np.uint16], part: slice) -> NDArray[Any]:
        """Which of its values each cell of a part takes, from 0."""
        if self.edges is None:
            # Two levels make a finer one: there may be thousands of values.
            fine = levels[part].astype(np.int64) << 16 | levels[len(self.rows) :][part]
            return fine * self.values.shape[1] >> 32
        found = (levels[part] > self.edges[part, :1]).view(np.uint8)
        for edge in range(1, self.edges.shape[1]):
            found += (levels[part] > self.edges[part, edge, None]).view(np.uint8)
        return found


@dataclass(frozen=True, eq=False)
class CellDraws:
    """The uncertain cells of one factor."""

    name: str
    kinds: tuple[AlikeCells, ...]

    @property
    def block(self) -> int:
        """Runs of which the cells are drawn together (see `level_columns`)."""
        return max(draw_block(cells.height) for cells in self.kinds)

    def fill(
        self, tables: NDArray[np.float64], keys: NDArray[np.int64], seed: int, *, compiled: bool
    ) -> None:
        """Draw the cells of each table, in place.

        Parameters
        ----------
        tables : ndarray of float, shape (n_rows, n_indicators, n_runs)
            Runs last: a cell then lies together for all runs.
        keys : ndarray of int, shape (n_runs,)
        """
        flat = tables.reshape(-1, tables.shape[2])
        for number, cells in enumerate(self.kinds):
            draw = partial(level_columns, f"cells {self.name} {number}", seed, height=cells.height)
            levels = draws_for(keys, draw, axis=1)
            places = cells.rows * tables.shape[1] + cells.columns
            if compiled and cells.edges is not None:
                choose(levels, cells.values, cells.edges, places, flat)
            else:
                cells.write(levels, flat, places)


def find_cell_draws(factor: UncertainCells, preparation: Preparation, method: Method) -> CellDraws:
    """What a factor draws, in figures divided by their denominators.

    Raises
    ------
    DataError
        A doubt names a cell that is not there, stands twice, or has probabilities that do not sum to 1; or
        nobody in the class of a missing answer has one.
    """
    data, codes = preparation.data, preparation.tree.leaves
    divisors = preparation.divisors if method.denominate else np.ones(data.values.shape)
    columns = {code: column for column, code in enumerate(codes)}
    rows = {row: place for place, row in enumerate(data.rows)}
    cells: dict[tuple[int, int], tuple[Values, Chances]] = {}
    for doubt in factor.doubts:
        where = f"{factor.name}: {doubt.row}, {doubt.code}"
        if doubt.code not in columns:
            raise DataError(f"{where}: there is no such indicator; indicators: {', '.join(codes[:8])}")
        try:
            row = rows[doubt.row] if doubt.row in rows else data.row_of(doubt.row)
        except DataError as error:
            raise DataError(f"{where}: {error}") from None
        place = (row, columns[doubt.code])
        if place in cells:
            raise DataError(f"{where} has two doubts")
        if not data.applies[place]:
            raise DataError(f"{where} does not apply, so there is nothing to doubt")
        if min(doubt.probabilities) < 0 or abs(sum(doubt.probabilities) - 1) > SUM_TOLERANCE:
            raise DataError(
                f"{where}: the probabilities sum to {sum(doubt.probabilities):g}; "
                "they must be from 0 and sum to 1"
            )
        likely = [pair for pair in zip(doubt.values, doubt.probabilities, strict=True) if pair[1] > 0]
        values, chances = np.array(likely).T
        cells[place] = values / divisors[place], chances / chances.sum()
    if factor.missing == "class":
        for place, values in _missing(factor, preparation, method).items():
            cells.setdefault(place, (values, np.full(len(values), 1 / len(values))))
    if not cells:
        raise DataError(f"{factor.name}: there is no missing answer and no doubt, so nothing would be drawn")
    return _laid_out(factor.name, cells)


def draws_for(
    keys: NDArray[np.int64], draw: Callable[[int, int], NDArray[Number]], *, axis: int = 0
) -> NDArray[Number]:
    """What a factor draws for its keys, by a function of the first draw and their number.

    Neighbours are drawn together, since a stream is costly to start. The axis is that of the draws.
    """
    breaks = np.flatnonzero(np.diff(keys) != 1) + 1
    if len(breaks) == 0:
        return draw(int(keys[0]) - 1, len(keys))
    return np.concatenate([draw(int(part[0]) - 1, len(part)) for part in np.split(keys, breaks)], axis=axis)


def _missing(
    factor: UncertainCells, preparation: Preparation, method: Method
) -> dict[tuple[int, int], NDArray[np.float64]]:
    """The answers of its class for each missing cell."""
    data, codes = preparation.data, preparation.tree.leaves
    values = data.values / preparation.divisors if method.denominate else data.values
    if factor.group is None:
        classes = np.full(len(data.units), "")
    else:
        classes = np.array(data.attribute(factor.group, wanted_by=f"{factor.name}: group"))
    found: dict[tuple[int, int], NDArray[np.float64]] = {}
    pools: dict[tuple[str, int], NDArray[np.float64]] = {}
    for row, column in np.argwhere(np.isnan(values) & data.applies):
        pool = (str(classes[row]), int(column))
        if factor.group is not None and not pool[0]:
            raise DataError(
                f"{factor.name}: {data.rows[row]} has no {factor.group}, hence no class to draw "
                f"{codes[column]} from; give it one, or leave the group out"
            )
        if pool not in pools:
            present = values[classes == classes[row], column]
            pools[pool] = np.sort(present[~np.isnan(present)])
        if len(pools[pool]) == 0:
            raise DataError(
                f"{factor.name}: nobody in the class of {data.rows[row]} has an answer to {codes[column]}; "
                "leave the indicator out, or take a larger class"
            )
        found[int(row), int(column)] = pools[pool]
    return found


def _laid_out(name: str, cells: Mapping[tuple[int, int], tuple[Values, Chances]]) -> CellDraws:
    kinds: dict[tuple[int, bool], list[tuple[int, int]]] = {}
    for place, (values, chances) in sorted(cells.items()):
        kinds.setdefault((len(values), bool((chances == chances[0]).all())), []).append(place)
    alike = []
    for (count, equal), places in sorted(kinds.items()):
        rows, columns = np.array(places).T
        values = np.array([cells[place][0] for place in places])
        edges = _edges([cells[place][1] for place in places], count, equal)
        alike.append(AlikeCells(rows, columns, values, edges))
    return CellDraws(name, tuple(alike))


def _edges(chances: list[Chances], count: int, equal: bool) -> NDArray[np.uint16] | None:
    # Two or three values are told apart quickest by comparing, more of them by counting.
    if count == 1 or (equal and count > FEW):
        return None
    reached = np.round(np.cumsum(chances, axis=1)[:, :-1] * LEVELS)
    return (np.clip(reached, 1, LEVELS) - 1).astype(np.uint16)
