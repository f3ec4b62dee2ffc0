"""The factor model behind the bridging score."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tessera.engines.opinion.loops.passes import Floats, Starts, Statements, Values


@njit(cache=True)
def ridge(
    n: int,
    factor: float,
    square: float,
    rest: float,
    product: float,
    intercept_ridge: float,
    factor_ridge: float,
) -> tuple[float, float]:
    first, last = n + intercept_ridge, square + factor_ridge
    determinant = first * last - factor * factor
    return (rest * last - factor * product) / determinant, (first * product - factor * rest) / determinant


@njit(cache=True)
def sweep(
    starts: Starts,
    statements: Statements,
    values: Values,
    n_votes: NDArray[np.int64],
    mean: float,
    before: Floats,
    intercept_ridge: float,
    factor_ridge: float,
) -> Floats:
    known = before.copy()
    known[:, 0] += mean
    sums = np.zeros((len(before), 4))
    for row in range(len(starts) - 1):
        first, end = starts[row], starts[row + 1]
        factor_sum, square, rest_sum, product = 0.0, 0.0, 0.0, 0.0
        for vote in range(first, end):
            statement = statements[vote]
            factor = known[statement, 1]
            rest = values[vote] - known[statement, 0]
            factor_sum += factor
            square += factor * factor
            rest_sum += rest
            product += rest * factor
        intercept, factor = ridge(
            end - first, factor_sum, square, rest_sum, product, intercept_ridge, factor_ridge
        )
        offset, square = mean + intercept, factor * factor
        for vote in range(first, end):
            statement = statements[vote]
            rest = values[vote] - offset
            sums[statement, 0] += factor
            sums[statement, 1] += square
            sums[statement, 2] += rest
            sums[statement, 3] += rest * factor
    found = np.empty_like(before)
    for statement in range(len(before)):
        factor_sum, square, rest_sum, product = sums[statement]
        found[statement] = ridge(
            n_votes[statement], factor_sum, square, rest_sum, product, intercept_ridge, factor_ridge
        )
    return found
