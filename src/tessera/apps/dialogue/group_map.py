"""The map of the groups, as circles on a drawing: cells in which at least ten people of a group stand.

It is the same in every language: left and right mean nothing on it, so that nothing is mirrored.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.cells import Cells

SIDE = 320
"""Width of the drawing, and its greatest height, in its own units: px on a small phone."""
MARGIN = 12
SMALLEST_RADIUS = 10
"""With less, no letter can be read in a circle."""


@dataclass(frozen=True)
class Circle:
    """In whole units: nobody can measure how many people it stands for."""

    x: int
    y: int
    radius: int
    row: int
    """Place of its group among the groups."""
    letter: str


@dataclass(frozen=True)
class GroupMap:
    circles: tuple[Circle, ...]
    """The largest first, so that none is hidden under another."""
    own: tuple[int, int] | None
    """Where its reader stands."""
    leaves_out: bool
    """Whether there are people who stand where fewer than ten of their group do."""
    height: int
    width: int = SIDE


def draw_map(cells: Cells, letters: Sequence[str], own: NDArray[np.float64] | None) -> GroupMap | None:
    """Put the cells on a drawing of `SIDE` in width; None where there is nothing that may be drawn.

    Parameters
    ----------
    cells : Cells
    letters : sequence of str
        Of the groups, in their order.
    own : ndarray of float, shape (2,), or None
        Where the reader stands, among the places of the cells.
    """
    if not cells.drawn:
        return None
    largest = max(cell.people for cell in cells.drawn)
    middles = np.array([[cell.x + _aside(cells, place), cell.y] for place, cell in enumerate(cells.drawn)])
    around = [middles - cells.width / 2, middles + cells.width / 2]
    if own is not None:
        around.append(own[np.newaxis])
    least, most = np.vstack(around).min(axis=0), np.vstack(around).max(axis=0)
    room = SIDE - 2 * MARGIN
    scale = room / (most - least).max()
    height = round((most - least)[1] * scale) + 2 * MARGIN
    left = (SIDE - (most - least)[0] * scale) / 2

    def at(place: NDArray[np.float64]) -> tuple[int, int]:
        # Up is up, and drawings count from the top.
        return round(left + (place[0] - least[0]) * scale), round(MARGIN + (most[1] - place[1]) * scale)

    circles = [
        Circle(
            *at(middle),
            max(SMALLEST_RADIUS, round(cells.width / 2 * scale * (cell.people / largest) ** 0.5)),
            cell.row,
            letters[cell.row],
        )
        for cell, middle in zip(cells.drawn, middles, strict=True)
    ]
    circles.sort(key=lambda circle: -circle.radius)
    return GroupMap(tuple(circles), None if own is None else at(own), cells.n_left_out > 0, height)


def _aside(cells: Cells, place: int) -> float:
    """How far a circle moves to the side, so that those of several groups in one cell can all be seen."""
    cell = cells.drawn[place]
    together = sorted(other.row for other in cells.drawn if (other.x, other.y) == (cell.x, cell.y))
    return (together.index(cell.row) - (len(together) - 1) / 2) * cells.width / 3
