"""Where people may be drawn: in cells in which at least ten of a group stand, at the middle of the cell.

A person's own place tells how that person voted, so none is drawn. The middles of the cells do not depend on
where anybody stands, and who stands in a cell with fewer people is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.cluster import NO_GROUP, Groups
from tessera.engines.opinion.stability import FEWEST_IN_A_PUBLIC_GROUP

WIDTHS = (0.75, 1.0, 1.25, 1.5, 2.0)
"""Widths of a cell that are tried, in standard deviations of the places."""
ENOUGH_DRAWN = 0.5
"""Share of every group; the narrowest cells that draw so many are taken, else those that draw most of the
group of which they draw least. A rule of thumb: no group may vanish because it is small or scattered."""

ROW_HEIGHT = np.sqrt(3) / 2
"""Of cells in a honeycomb, over their distance in a row."""


@dataclass(frozen=True)
class Cell:
    row: int
    """Place of the group among the groups."""
    x: float
    y: float
    people: int


@dataclass(frozen=True)
class Cells:
    width: float
    """Distance between the middles of two neighbouring cells."""
    drawn: tuple[Cell, ...]
    """Those with the most people first."""
    n_left_out: int


def find_cells(places: NDArray[np.float64], groups: Groups) -> Cells:
    """Gather the people of each group in cells of a honeycomb.

    Parameters
    ----------
    places : ndarray of float, shape (n_participants, 2)
    groups : Groups
        At least one; those who have none are not drawn.

    Examples
    --------
    >>> places = np.repeat([[1.0, 0.0], [-1.0, 0.0], [0.0, 5.0]], [30, 20, 3], axis=0)
    >>> of = np.repeat([0, 1, 1], [30, 20, 3]).astype(np.int32)
    >>> found = find_cells(places, Groups(of, 3, {}))
    >>> [(cell.row, cell.people) for cell in found.drawn], found.n_left_out
    ([(0, 30), (1, 20)], 3)
    """
    grouped = groups.of_participants != NO_GROUP
    points, rows = places[grouped], np.searchsorted(groups.numbers, groups.of_participants[grouped])
    spread = float(np.sqrt((points**2).sum(axis=1).mean() / 2))
    tried = [_gathered(points, rows, width * spread) for width in WIDTHS]
    least = [_least_drawn(cells, groups.sizes) for cells in tried]
    enough = [cells for cells, share in zip(tried, least, strict=True) if share >= ENOUGH_DRAWN]
    return enough[0] if enough else tried[least.index(max(least))]


def _least_drawn(cells: Cells, sizes: Sequence[int]) -> float:
    """The share of the group of which the smallest share is drawn."""
    return min(
        sum(cell.people for cell in cells.drawn if cell.row == row) / size for row, size in enumerate(sizes)
    )


def _gathered(points: NDArray[np.float64], rows: NDArray[np.intp], width: float) -> Cells:
    keys, counts = np.unique(
        np.column_stack([rows, *_nearest_middles(points, width)]), axis=0, return_counts=True
    )
    enough = counts >= FEWEST_IN_A_PUBLIC_GROUP
    drawn = [
        Cell(int(row), (column + line % 2 / 2) * width, line * ROW_HEIGHT * width, int(people))
        for (row, column, line), people in zip(keys[enough].tolist(), counts[enough], strict=True)
    ]
    drawn.sort(key=lambda cell: (-cell.people, cell.row, cell.x, cell.y))
    return Cells(width, tuple(drawn), int(counts[~enough].sum()))


def _nearest_middles(
    points: NDArray[np.float64], width: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Column and line of the nearest middle; lines with an odd number stand half a cell further right.

    The nearest is in one of the two lines around the point, and in each of them the nearest in that line.
    """
    x, y = points[:, 0] / width, points[:, 1] / (width * ROW_HEIGHT)
    lines = np.stack([np.floor(y), np.floor(y) + 1]).astype(np.int64)
    columns = np.rint(x - lines % 2 / 2).astype(np.int64)
    away = (x - columns - lines % 2 / 2) ** 2 + ((y - lines) * ROW_HEIGHT) ** 2
    nearer = away.argmin(axis=0)
    at = np.arange(len(points))
    return columns[nearer, at], lines[nearer, at]
