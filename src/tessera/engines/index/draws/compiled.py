"""The loops over drawn cells, compiled: what the extra `fast` brings.

They do what `AlikeCells.write` and `Collapse.scores_on_lines` do for min-max, in one pass over memory.
Adding up goes indicator by indicator, so that the last digits of a score may differ from the other way.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import MethodError
from tessera.engines.index.steps.normalise import CONSTANT_TOLERANCE


@cache
def loops() -> tuple[Any, Any]:
    """The two compiled functions, `choose` and `score`; the first call compiles them.

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
    # A width of 0 is looked at after the loop, not at the division.
    compile_ = njit(cache=True, error_model="numpy")
    return compile_(_choose), compile_(_score)


def choose(
    levels: NDArray[np.uint16],
    values: NDArray[np.float64],
    edges: NDArray[np.uint16],
    places: NDArray[np.intp],
    flat: NDArray[np.float64],
) -> None:
    """Write the drawn value of each cell into its row of ``flat``, shape (n_all_cells, n_runs)."""
    loops()[0](levels, values, edges, places, flat)


def score(
    tables: NDArray[np.float64],
    direction: NDArray[np.float64],
    effective: NDArray[np.float64],
    low: float,
    high: float,
) -> NDArray[np.float64] | None:
    """Weighted means of min-max scores, shape (n_runs, n_rows).

    Parameters
    ----------
    tables : ndarray of float, shape (n_rows, n_indicators, n_runs)
        Without missing values.
    effective : ndarray of float, shape (n_indicators, n_runs)
        Weights that sum to 1 in each run.

    Returns
    -------
    ndarray or None
        None where a column is constant in a run.
    """
    found = np.empty((tables.shape[0], tables.shape[2]))
    if loops()[1](tables, direction, effective, low, high - low, CONSTANT_TOLERANCE, found):
        return None
    return np.ascontiguousarray(found.T)


def _choose(levels: Any, values: Any, edges: Any, places: Any, flat: Any) -> None:
    cells, runs = levels.shape
    for cell in range(cells):
        row = flat[places[cell]]
        first = values[cell, 0]
        for run in range(runs):
            row[run] = first
        for number in range(edges.shape[1]):
            edge, value = edges[cell, number], values[cell, number + 1]
            for run in range(runs):
                row[run] = value if levels[cell, run] > edge else row[run]


def _score(
    tables: Any, direction: Any, effective: Any, low: float, height: float, tolerance: float, found: Any
) -> bool:
    rows, columns, runs = tables.shape
    lowest, highest = tables[0].copy(), tables[0].copy()
    # Row by row, as the tables lie in memory.
    for row in range(1, rows):
        for column in range(columns):
            drawn = tables[row, column]
            for run in range(runs):
                value = drawn[run]
                lowest[column, run] = value if value < lowest[column, run] else lowest[column, run]
                highest[column, run] = value if value > highest[column, run] else highest[column, run]
    constant = False
    slope, base = np.empty((columns, runs)), np.zeros(runs)
    for column in range(columns):
        for run in range(runs):
            least, most = lowest[column, run], highest[column, run]
            width = most - least
            if not width > tolerance * max(abs(most), abs(least)):
                constant = True
            worst = least if direction[column] > 0 else most
            slope[column, run] = effective[column, run] * height / width * direction[column]
            base[run] += effective[column, run] * low - slope[column, run] * worst
    for row in range(rows):
        scores = found[row]
        for run in range(runs):
            scores[run] = base[run]
        for column in range(columns):
            drawn = tables[row, column]
            for run in range(runs):
                scores[run] += slope[column, run] * drawn[run]
    return constant
