"""Where participants stand, and which centre is nearest to them."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tessera.engines.opinion.loops.passes import Floats, Starts, Statements, Values

POINTS_AT_ONCE = 512


@njit(cache=True)
def project(
    starts: Starts,
    statements: Statements,
    values: Values,
    mean: Floats,
    components: Floats,
    counted: NDArray[np.bool_],
) -> Floats:
    found = np.zeros((len(starts) - 1, 3))
    for row in range(len(starts) - 1):
        x, y, n = 0.0, 0.0, 0
        for vote in range(starts[row], starts[row + 1]):
            statement = statements[vote]
            centred = values[vote] - mean[statement]
            x += centred * components[statement, 0]
            y += centred * components[statement, 1]
            n += counted[statement]
        found[row, 0], found[row, 1], found[row, 2] = x, y, n
    return found


@njit(cache=True)
def nearest(points: Floats, centres: Floats) -> NDArray[np.int32]:
    # Centre by centre over a few points, which the compiler turns into vector instructions.
    found = np.zeros(len(points), dtype=np.int32)
    best = np.empty(POINTS_AT_ONCE)
    for first in range(0, len(points), POINTS_AT_ONCE):
        n = min(POINTS_AT_ONCE, len(points) - first)
        best[:] = np.inf
        for centre in range(len(centres)):
            x, y = centres[centre]
            for place in range(n):
                away = (points[first + place, 0] - x) ** 2 + (points[first + place, 1] - y) ** 2
                if away < best[place]:
                    best[place] = away
                    found[first + place] = centre
    return found


@njit(cache=True)
def nearest_by_cells(points: Floats, centres: Floats, across: int) -> NDArray[np.int32]:
    # Exact: in a cell only those centres are asked whose least distance to the cell is not above the least of
    # all greatest distances to it.
    low_x, low_y = points[:, 0].min(), points[:, 1].min()
    wide = max(points[:, 0].max() - low_x, 1e-300) / across
    high = max(points[:, 1].max() - low_y, 1e-300) / across
    candidates = np.empty((across * across, len(centres)), dtype=np.int16)
    n_candidates = np.empty(across * across, dtype=np.int32)
    least = np.empty(len(centres))
    for row in range(across):
        for column in range(across):
            middle_x, middle_y = low_x + (column + 0.5) * wide, low_y + (row + 0.5) * high
            bound = np.inf
            for centre in range(len(centres)):
                off_x, off_y = abs(centres[centre, 0] - middle_x), abs(centres[centre, 1] - middle_y)
                inner_x, inner_y = max(off_x - 0.5 * wide, 0.0), max(off_y - 0.5 * high, 0.0)
                outer_x, outer_y = off_x + 0.5 * wide, off_y + 0.5 * high
                least[centre] = inner_x * inner_x + inner_y * inner_y
                bound = min(bound, outer_x * outer_x + outer_y * outer_y)
            # A point on the edge of a cell may be put into it by rounding.
            bound += 1e-9 * (bound + wide * wide + high * high)
            cell = row * across + column
            n_candidates[cell] = 0
            for centre in range(len(centres)):
                if least[centre] <= bound:
                    candidates[cell, n_candidates[cell]] = centre
                    n_candidates[cell] += 1
    found = np.empty(len(points), dtype=np.int32)
    for point in range(len(points)):
        x, y = points[point]
        column = min(int((x - low_x) / wide), across - 1)
        row = min(int((y - low_y) / high), across - 1)
        cell = row * across + column
        best, nearest = np.inf, 0
        for place in range(n_candidates[cell]):
            centre = candidates[cell, place]
            away = (x - centres[centre, 0]) ** 2 + (y - centres[centre, 1]) ** 2
            if away < best:
                best, nearest = away, centre
        found[point] = nearest
    return found


@njit(cache=True)
def centre_sums(points: Floats, weights: Floats, nearest: NDArray[np.int32], n_centres: int) -> Floats:
    sums = np.zeros((n_centres, 3))
    for point in range(len(points)):
        into = sums[nearest[point]]
        weight = weights[point]
        into[0] += weight
        into[1] += weight * points[point, 0]
        into[2] += weight * points[point, 1]
    return sums
