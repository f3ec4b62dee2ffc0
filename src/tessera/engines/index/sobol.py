"""Which factor moves an output how much: Sobol' indices, estimated from runs or exact over a grid.

The runs are made elsewhere. Of a factor, the *first-order* index is the share of the output's variance that
goes when the factor alone is fixed; the *total* index is the share that stays when all the others are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import DataError, MethodError

INTERVAL = (0.025, 0.975)
"""Quantiles of the resamples between which an index is reported to lie."""


@dataclass(frozen=True, eq=False)
class SobolIndices:
    """Estimates, each of shape (n_factors, n_outputs), with the ends of their 95 % intervals."""

    first: NDArray[np.float64]
    first_low: NDArray[np.float64]
    first_high: NDArray[np.float64]
    total: NDArray[np.float64]
    total_low: NDArray[np.float64]
    total_high: NDArray[np.float64]
    variance: NDArray[np.float64]
    """Shape (n_outputs,): of each output over all runs of A and B; 0 for a constant one."""


@dataclass(frozen=True, eq=False)
class ExactIndices:
    first: NDArray[np.float64]
    """Shape (n_factors, n_outputs), as `total`."""
    total: NDArray[np.float64]
    variance: NDArray[np.float64]
    """Shape (n_outputs,); 0 for a constant output."""


@dataclass(frozen=True, eq=False)
class _Rows:
    """What each row of runs adds to the sums that the indices are made of."""

    value: NDArray[np.float64]
    """Shape (n, n_outputs): the mean of f(A) and f(B)."""
    square: NDArray[np.float64]
    """Likewise, of their squares."""
    step: NDArray[np.float64]
    """Shape (n_factors, n, n_outputs): f(AB_i) - f(A)."""
    product: NDArray[np.float64]
    """Likewise: the step times f(B)."""


def saltelli_points(d: int, n: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two independent sets of points A and B: scrambled Sobol' points in 2 d dimensions, cut in two.

    With AB_i, which is A with column i of B, they are the n (d + 2) runs that `sobol_indices` asks for.

    Parameters
    ----------
    d : int
        Number of factors, from 1.
    n : int
        Number of points, from 2; a power of two, on which the points' balance rests.
    seed : int
        Of the scrambling.

    Returns
    -------
    a, b : ndarray of float, shape (n, d)
        From 0 to below 1.

    Raises
    ------
    MethodError
        No factor, or a number of points that is not a power of two.

    References
    ----------
    Saltelli et al. (2010), Variance based sensitivity analysis of model output, Computer Physics
    Communications 181.

    Examples
    --------
    >>> a, b = saltelli_points(3, 8, seed=1)
    >>> a.shape, b.shape
    ((8, 3), (8, 3))
    """
    if d < 1:
        raise MethodError(f"{d} factors: expected at least one")
    if n != _next_power(n):
        raise MethodError(f"{n} points: Sobol' points come in powers of two; the next is {_next_power(n)}")
    # Imported here: the web process never samples and shall not pay for scipy.stats.
    from scipy.stats import qmc

    points = qmc.Sobol(d=2 * d, scramble=True, rng=np.random.default_rng(seed)).random(n)
    return points[:, :d], points[:, d:]


def sobol_indices(
    f_a: NDArray[np.float64],
    f_b: NDArray[np.float64],
    f_ab: NDArray[np.float64],
    *,
    bootstrap: int,
    seed: int,
) -> SobolIndices:
    """First-order and total indices of every output, with 95 % intervals.

    The intervals are percentiles over resamples of whole rows: a row's runs of A, B and every AB_i stay
    together, and mean and variance are taken anew. They treat rows as independent, and so are rather too wide
    for Sobol' points.

    Parameters
    ----------
    f_a, f_b : ndarray of float, shape (n, n_outputs)
        Outputs at the points of A and of B.
    f_ab : ndarray of float, shape (n_factors, n, n_outputs)
        Outputs at A with column i of B.
    bootstrap : int
        Number of resamples, from 1; a thousand is usual.
    seed : int
        Of the resamples.

    Returns
    -------
    SobolIndices
        An estimate may lie a little below 0 or above 1. All is NaN for a constant output (one whose values
        differ by rounding only), and an interval where too few runs differ, so that a resample is constant.

    Raises
    ------
    DataError
        The shapes do not fit, or a run has no finite output: take its row out of all three first.
    MethodError
        No resample.

    References
    ----------
    First order: Saltelli et al. (2010), table 2, estimator (b), with f(B) centred. Total: Jansen (1999),
    Analysis of variance designs for model output, the same table's (f).

    Examples
    --------
    The sum of two factors, of which the second has nine times the variance:

    >>> a, b = saltelli_points(2, 256, seed=1)
    >>> ab = np.where(np.eye(2, dtype=bool)[:, np.newaxis, :], b, a)
    >>> sizes = np.array([[1.0], [3.0]])
    >>> indices = sobol_indices(a @ sizes, b @ sizes, ab @ sizes, bootstrap=100, seed=1)
    >>> indices.first.round(1).tolist()
    [[0.1], [0.9]]
    """
    _check_runs(f_a, f_b, f_ab)
    if bootstrap < 1:
        raise MethodError(f"{bootstrap} resamples give no interval: expected at least 1, usually 1000")
    n = len(f_a)
    both = np.concatenate([f_a, f_b])
    variance = np.where(_is_constant(both), 0.0, both.var(axis=0))
    rows = _row_parts(f_a, f_b, f_ab, both.mean(axis=0))
    first, total = _estimate(np.full((1, n), 1 / n), rows, variance)
    # A resample is how often each row is in it, so that all outputs share one product of matrices.
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=bootstrap)
    firsts, totals = _estimate(counts / n, rows, variance)
    first_low, first_high = _ends(firsts)
    total_low, total_high = _ends(totals)
    return SobolIndices(first[:, 0], first_low, first_high, total[:, 0], total_low, total_high, variance)


def exact_indices(values: NDArray[np.float64]) -> ExactIndices:
    """Indices without error where every factor has a few, equally likely alternatives.

    Parameters
    ----------
    values : ndarray of float, shape (n_alternatives of factor 1, ..., of factor d, n_outputs)
        Outputs for every combination of alternatives.

    Returns
    -------
    ExactIndices
        From 0 to 1; NaN for a constant output (one whose values differ by rounding only).

    Raises
    ------
    DataError
        No factor, no alternative, or a combination without a finite output.

    References
    ----------
    Saltelli et al. (2010): the definitions, with means and variances over the whole grid.

    Examples
    --------
    A product: neither factor does anything on its own where the other is -1 or 1.

    >>> indices = exact_indices(np.array([[[1.0], [-1.0]], [[-1.0], [1.0]]]))
    >>> indices.first.tolist(), indices.total.tolist()
    ([[0.0], [0.0]], [[1.0], [1.0]])
    """
    if values.ndim < 2 or not values.size:
        raise DataError(f"a grid of shape {values.shape}: expected an axis for each factor, then the outputs")
    _check_finite("the grid", values)
    factors = tuple(range(values.ndim - 1))
    constant = _is_constant(values.reshape(-1, values.shape[-1]))
    variance = np.where(constant, 0.0, values.var(axis=factors))
    alone, with_others = [], []
    for factor in factors:
        others = factors[:factor] + factors[factor + 1 :]
        alone.append(values.mean(axis=others).var(axis=0))
        # The mean variance along the factor is what the variance of the means of all others leaves.
        with_others.append(values.var(axis=factor, keepdims=True).mean(axis=factors))
    return ExactIndices(
        _share(np.array(alone), variance, ~constant),
        _share(np.array(with_others), variance, ~constant),
        variance,
    )


def generalised_index(indices: NDArray[np.float64], variance: NDArray[np.float64]) -> NDArray[np.float64]:
    """One index for all outputs: the share of the sum of their variances.

    Parameters
    ----------
    indices : ndarray of float, shape (n_factors, n_outputs)
        First-order or total. Those of an output without variance are not looked at.
    variance : ndarray of float, shape (n_outputs,)
        So the outputs should have the same unit.

    Returns
    -------
    ndarray of float, shape (n_factors,)
        NaN when no output varies.

    References
    ----------
    Lamboni, Monod and Makowski (2011), Multivariate sensitivity analysis to measure global contribution of
    input factors in dynamic models, Reliability Engineering and System Safety 96. Gamboa et al. (2014).

    Examples
    --------
    >>> generalised_index(np.array([[0.5, 0.1], [0.5, 0.9]]), np.array([1.0, 3.0])).round(3).tolist()
    [0.2, 0.8]
    """
    varies = variance > 0
    if not varies.any():
        return np.full(len(indices), np.nan)
    return indices[:, varies] @ variance[varies] / variance[varies].sum()


def _next_power(n: int) -> int:
    """Of two, from 2 on: a single run has no variance."""
    return max(2, 1 << max(n - 1, 0).bit_length())


def _check_runs(f_a: NDArray[np.float64], f_b: NDArray[np.float64], f_ab: NDArray[np.float64]) -> None:
    if f_a.ndim != 2 or len(f_a) < 2:
        raise DataError(f"f_a has shape {f_a.shape}: expected at least 2 runs, by outputs")
    if f_b.shape != f_a.shape:
        raise DataError(f"f_b has shape {f_b.shape}: expected that of f_a, {f_a.shape}")
    if f_ab.ndim != 3 or f_ab.shape[1:] != f_a.shape:
        raise DataError(f"f_ab has shape {f_ab.shape}: expected the factors, then that of f_a, {f_a.shape}")
    for name, runs in (("f_a", f_a), ("f_b", f_b), ("f_ab", f_ab)):
        _check_finite(name, runs)


def _check_finite(name: str, values: NDArray[np.float64]) -> None:
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        raise DataError(
            f"{name}: no finite number at {tuple(bad[0].tolist())} (such outputs in all: {len(bad)});"
            " take the row of a failed run out of A, B and AB, or its alternative off the grid"
        )


def _is_constant(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """By column: its values lie as close together as rounding leaves equal ones."""
    return np.ptp(values, axis=0) <= 1e-12 * np.abs(values).max(axis=0)


def _row_parts(
    f_a: NDArray[np.float64], f_b: NDArray[np.float64], f_ab: NDArray[np.float64], mean: NDArray[np.float64]
) -> _Rows:
    # Centred once on the mean of all runs, so that no digits go when a resample is centred on its own.
    a, b = f_a - mean, f_b - mean
    step = f_ab - f_a
    return _Rows((a + b) / 2, (a**2 + b**2) / 2, step, step * b)


def _estimate(
    weights: NDArray[np.float64], rows: _Rows, variance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Indices for each line of weights over the rows, shape (n_factors, n_resamples, n_outputs)."""
    mean = weights @ rows.value
    own = weights @ rows.square - mean**2
    varies = (own > 1e-9 * variance) & (variance > 0)
    first = weights @ rows.product - mean * (weights @ rows.step)
    total = weights @ rows.step**2 / 2
    return _share(first, own, varies), _share(total, own, varies)


def _ends(resampled: NDArray[np.float64]) -> NDArray[np.float64]:
    # Each index's resamples side by side in memory: fifteen times as fast as across it.
    side_by_side = np.ascontiguousarray(np.swapaxes(resampled, 1, 2))
    return np.quantile(side_by_side, INTERVAL, axis=2)


def _share(
    part: NDArray[np.float64], whole: NDArray[np.float64], defined: NDArray[np.bool_]
) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=defined)
