"""Single answers that are drawn: which values each can have, and the draws."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.draws.compiled import choose
from tessera.engines.index.draws.streams import LEVELS, STEP_LEVELS, level_rows
from tessera.engines.index.errors import DataError
from tessera.engines.index.factors import SUM_TOLERANCE, UncertainCells
from tessera.engines.index.method import Method
from tessera.engines.index.prepare import Preparation

HANDFUL = 8
"""Values of a cell that are told apart quicker by comparing than by counting."""

NUMBERS_OF_TABLES = 1 << 23
NUMBERS_OF_A_STRIP = 1 << 17
Values = NDArray[np.float64]
Chances = NDArray[np.float64]
Number = TypeVar("Number", np.float64, np.uint16)


@dataclass(frozen=True, eq=False)
class AlikeCells:
    """Cells of about as many values each, in the order of their columns; which value, an even level tells.

    The values of a cell are a part of ``values`` that begins at its start; cells of a class share one part.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: NDArray[np.float64]
    starts: NDArray[np.intp]
    counts: NDArray[np.intp]
    edges: NDArray[np.uint16] | None
    """Shape (most values - 1, n_cells): above which level the next value begins, which is above none after a
    cell's last value. None: all values of a cell are as likely."""

    @property
    def width(self) -> int:
        """Levels that a run takes."""
        return len(self.rows) * (2 if self.edges is None else 1)

    def draw(
        self, levels: NDArray[np.uint16], part: slice, found: NDArray[np.float64], *, compiled: bool
    ) -> None:
        """Write the value of each cell of a part in each run.

        Parameters
        ----------
        levels : ndarray of uint16, shape (n_runs, width or more)
            Laid out by rows.
        found : ndarray of float, shape (n_runs, n_cells of the part)
        """
        if compiled and self.edges is not None:
            choose(levels, part.start, self.values, self.starts[part], self.edges[:, part], found)
        else:
            chosen = self.starts[part] + self._numbers(levels, part)
            self.values.take(chosen, out=found, mode="clip")

    def _numbers(self, levels: NDArray[np.uint16], part: slice) -> NDArray[Any]:
        """Which of its values each cell of a part takes, from 0."""
        if self.edges is None:
            # Two levels make a finer one: there may be thousands of values.
            fine = levels[:, 2 * part.start : 2 * part.stop].view("<u4").astype(np.int64)
            return fine * self.counts[part] >> 32
        own, edges = levels[:, part], self.edges[:, part]
        if not len(edges):
            return np.zeros(own.shape, dtype=np.uint8)
        found = (own > edges[0]).view(np.uint8)
        for edge in edges[1:]:
            found += (own > edge).view(np.uint8)
        return found


@dataclass(frozen=True, eq=False)
class CellDraws:
    """The uncertain cells of one factor."""

    name: str
    kinds: tuple[AlikeCells, ...]

    def levels(self, keys: NDArray[np.int64], seed: int) -> tuple[NDArray[np.uint16], ...]:
        """The levels of each kind for the draws of these keys, shape (n_runs, width or a few more)."""
        found = []
        for number, cells in enumerate(self.kinds):
            # Whole steps of the generator: what is cut off is no longer laid out by rows.
            width = -(-cells.width // STEP_LEVELS) * STEP_LEVELS
            found.append(
                draws_for(keys, partial(level_rows, f"cells {self.name} {number}", seed, width=width))
            )
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Strip:
    """Neighbouring indicators of all rows."""

    columns: slice
    given: NDArray[np.float64]
    """Shape (n_columns, n_rows)."""
    parts: tuple[slice, ...]
    """Of each kind, the cells that stand here."""
    places: tuple[NDArray[np.intp] | None, ...]
    """Of each kind, where they stand in the strip laid flat; None: they are all of it."""


@dataclass(frozen=True, eq=False)
class DrawnTables:
    """The tables of some runs, made when they are asked for: in strips, which fit the machine's caches."""

    strips: tuple[Strip, ...]
    kinds: tuple[AlikeCells, ...]
    levels: tuple[NDArray[np.uint16], ...]
    """Of each kind."""
    compiled: bool

    @property
    def runs(self) -> int:
        return len(self.levels[0])

    def only(self, places: NDArray[np.intp]) -> "DrawnTables":
        """The tables of some of these runs."""
        return replace(self, levels=tuple(levels[places] for levels in self.levels))

    def values(self) -> Iterator[NDArray[np.float64]]:
        """The values of each strip, shape (n_runs, n_columns, n_rows), gone when the next is asked for."""
        space = np.empty(self.runs * max(strip.given.size for strip in self.strips))
        for strip in self.strips:
            flat = space[: self.runs * strip.given.size].reshape(self.runs, -1)
            self._fill(strip, flat)
            yield flat.reshape(self.runs, *strip.given.shape)

    def whole(self) -> NDArray[np.float64]:
        """All tables, shape (n_runs, n_rows, n_indicators)."""
        rows = self.strips[0].given.shape[1]
        found = np.empty((self.runs, self.strips[-1].columns.stop, rows))
        for strip, values in zip(self.strips, self.values(), strict=True):
            found[:, strip.columns] = values
        return found.swapaxes(1, 2)

    def _fill(self, strip: Strip, flat: NDArray[np.float64]) -> None:
        """Write a strip, laid flat: shape (n_runs, n_columns of it x n_rows)."""
        if all(places is not None for places in strip.places):
            flat[:] = strip.given.ravel()
        for cells, levels, part, places in zip(
            self.kinds, self.levels, strip.parts, strip.places, strict=True
        ):
            if places is None:
                cells.draw(levels, part, flat, compiled=self.compiled)
            elif len(places):
                found = np.empty((self.runs, len(places)))
                cells.draw(levels, part, found, compiled=self.compiled)
                flat[:, places] = found


def runs_at_once(size: int) -> int:
    """Runs that are drawn together: as many tables of this size as still fit the machine's caches."""
    return 2 ** max(0, min(8, (NUMBERS_OF_TABLES // size).bit_length() - 1))


def strips_of(kinds: Sequence[AlikeCells], given: NDArray[np.float64]) -> tuple[Strip, ...]:
    """A table, shape (n_rows, n_indicators), in strips: a matter of its size, so that it changes no digit."""
    rows, indicators = given.shape
    at_once = runs_at_once(given.size) * rows
    width = max(2, NUMBERS_OF_A_STRIP // at_once)
    found = []
    for first in range(0, indicators, width):
        columns = slice(first, min(first + width, indicators))
        parts, places = [], []
        for cells in kinds:
            begin, end = np.searchsorted(cells.columns, (columns.start, columns.stop)).tolist()
            part = slice(begin, end)
            all_of_it = end - begin == (columns.stop - columns.start) * rows
            parts.append(part)
            places.append(None if all_of_it else (cells.columns[part] - first) * rows + cells.rows[part])
        found.append(Strip(columns, np.ascontiguousarray(given[:, columns].T), tuple(parts), tuple(places)))
    return tuple(found)


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


def draws_for(keys: NDArray[np.int64], draw: Callable[[int, int], NDArray[Number]]) -> NDArray[Number]:
    """What a factor draws for its keys, by a function of the first draw and their number.

    Neighbours are drawn together, since a stream is costly to start.
    """
    breaks = np.flatnonzero(np.diff(keys) != 1) + 1
    if len(breaks) == 0:
        return draw(int(keys[0]) - 1, len(keys))
    return np.concatenate([draw(int(part[0]) - 1, len(part)) for part in np.split(keys, breaks)])


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
    kinds: dict[int, list[tuple[int, int]]] = {}
    for place in sorted(cells, key=lambda place: (place[1], place[0])):
        kinds.setdefault(_kind(cells[place][1]), []).append(place)
    return CellDraws(name, tuple(_alike(kind, places, cells) for kind, places in sorted(kinds.items())))


def _kind(chances: Chances) -> int:
    """0 for values that are counted out; else how many they are, roughly, so that few edges are left idle."""
    if len(chances) > HANDFUL and bool((chances == chances[0]).all()):
        return 0
    return max(HANDFUL, len(chances) - 1).bit_length()


def _alike(
    kind: int,
    places: Sequence[tuple[int, int]],
    cells: Mapping[tuple[int, int], tuple[Values, Chances]],
) -> AlikeCells:
    rows, columns = np.array(places).T
    # The answers of a class are many, and the same for all who lack one: they are kept once. To look for
    # handfuls as well would cost more memory than it saves.
    lengths = np.array([len(cells[place][0]) for place in places])
    starts = np.empty(len(places), dtype=np.int64)
    parts: list[Values] = []
    known: dict[int, int] = {}
    end = 0
    for number, place in enumerate(places):
        values = cells[place][0]
        start = known.get(id(values), end) if len(values) > HANDFUL else end
        starts[number] = start
        if start == end:
            parts.append(values)
            end += len(values)
            if len(values) > HANDFUL:
                known[id(values)] = start
    return AlikeCells(
        rows,
        columns,
        np.concatenate(parts),
        starts,
        lengths,
        _edges([cells[place][1] for place in places]) if kind else None,
    )


def _edges(chances: Sequence[Chances]) -> NDArray[np.uint16]:
    counts = np.array([len(own) for own in chances])
    table = np.zeros((len(counts), counts.max()))
    table[np.arange(counts.max()) < counts[:, None]] = np.concatenate(chances)
    reached = np.round(np.cumsum(table, axis=1)[:, :-1] * LEVELS)
    return np.ascontiguousarray((np.clip(reached, 1, LEVELS) - 1).astype(np.uint16).T)
