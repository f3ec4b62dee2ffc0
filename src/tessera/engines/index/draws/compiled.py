"""The loops over drawn cells, compiled: what the extra `fast` brings.

They do what `AlikeCells.draw` and, for min-max, `scores_on_lines` do by numpy. Adding up goes indicator by
indicator, so that the last digits of a score may differ from the other way.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import MethodError
from tessera.engines.index.steps.normalise import CONSTANT_TOLERANCE

LAST = (1 << 63) - 1
"""The highest signed whole number of 64 bits."""


@cache
def loops() -> tuple[Any, Any]:
    """The two compiled functions, of `choose` and `add_scores`; the first call compiles them.

    Raises
    ------
    MethodError
        numba is not installed.
    """
    try:
        # Half a second, which only those pay who ask for it.
        from numba import njit
    except ImportError:
        raise MethodError("compiled loops need the extra: pip install 'tessera[fast]'") from None
    # A width of 0 is looked at before the division, which goes on.
    compile_ = njit(cache=True, error_model="numpy")
    return compile_(_choose), compile_(_add_scores)


def choose(
    levels: NDArray[np.uint16],
    first: int,
    values: NDArray[np.float64],
    starts: NDArray[np.intp],
    edges: NDArray[np.uint16],
    found: NDArray[np.float64],
) -> None:
    """Write the drawn value of some cells in each run.

    Parameters
    ----------
    levels : ndarray of uint16, shape (n_runs, first + n_cells or more)
        Laid out by rows; the cells' own begin at ``first``.
    values : ndarray of float
        Of all cells.
    starts : ndarray of int, shape (n_cells,)
        Where a cell's values begin.
    edges : ndarray of uint16, shape (most values - 1, n_cells)
        Above which level the next value begins.
    found : ndarray of float, shape (n_runs, n_cells)
        Laid out by rows.
    """
    loops()[0](levels, first, values, starts, edges, found)


def add_scores(
    values: NDArray[np.float64],
    direction: NDArray[np.float64],
    weights: NDArray[np.float64],
    low: float,
    high: float,
    scores: NDArray[np.float64],
) -> bool:
    """Add the weighted min-max scores of some indicators to the scores of each run.

    Parameters
    ----------
    values : ndarray of float, shape (n_runs, n_indicators, n_rows)
        Laid out by rows, without missing values.
    direction : ndarray of float, shape (n_indicators,)
        1 where more is better, -1 where less is.
    weights : ndarray of float, shape (n_runs, n_indicators)
    scores : ndarray of float, shape (n_runs, n_rows)
        Laid out by rows.

    Returns
    -------
    bool
        Whether all columns differ in all runs. Else the scores are of no use.
    """
    return bool(loops()[1](values, direction, weights, low, high - low, CONSTANT_TOLERANCE, scores))


def _choose(levels: Any, first: Any, values: Any, starts: Any, edges: Any, found: Any) -> None:
    runs, cells = found.shape
    options, limits = np.empty((len(edges) + 1, cells)), edges.copy()
    for number in range(len(options)):
        for cell in range(cells):
            # Beyond a cell's own values lies what is never chosen.
            options[number, cell] = values[min(starts[cell] + number, len(values) - 1)]
    for run in range(runs):
        own, chosen = levels[run, first : first + cells], found[run]
        for cell in range(cells):
            chosen[cell] = options[0, cell]
        for number in range(len(limits)):
            option, limit = options[number + 1], limits[number]
            for cell in range(cells):
                # Both are read whichever is chosen: else the loop would branch at every cell.
                value, before = option[cell], chosen[cell]
                chosen[cell] = value if own[cell] > limit[cell] else before


def _add_scores(
    values: Any, direction: Any, weights: Any, low: float, height: float, tolerance: float, scores: Any
) -> bool:
    runs, columns, rows = values.shape
    bits = values.view(np.int64)
    ends = np.empty(2, dtype=np.int64)
    least, most = ends[:1].view(np.float64), ends[1:].view(np.float64)
    differ = True
    for run in range(runs):
        found = scores[run]
        for column in range(columns):
            # Floats are in the order of their bits as whole numbers, once those below 0 are turned round.
            # Whole numbers are compared several at a time, floats, of which one might be missing, one by one.
            own = bits[run, column]
            lowest, highest = LAST, -LAST
            for row in range(rows):
                number = own[row]
                number ^= (number >> 63) & LAST
                lowest = number if number < lowest else lowest
                highest = number if number > highest else highest
            ends[0], ends[1] = lowest ^ ((lowest >> 63) & LAST), highest ^ ((highest >> 63) & LAST)
            width = most[0] - least[0]
            if not width > tolerance * max(abs(most[0]), abs(least[0])):
                differ = False
            worst = least[0] if direction[column] > 0 else most[0]
            slope = weights[run, column] * height / width * direction[column]
            start = weights[run, column] * low
            drawn = values[run, column]
            for row in range(rows):
                found[row] += start + slope * (drawn[row] - worst)
    return differ
