"""Missing values under a multivariate normal distribution: filled once, or several times as draws."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import DataError, NotComputable

# Smallest eigenvalue of a correlation matrix below which its indicators are taken to determine each other.
SINGULAR = 1e-8
# EM stops when no mean and no covariance moves more, in standard deviations of the present values and their
# products.
TOLERANCE = 1e-12
MOST_ITERATIONS = 1000
# A resample of a table that can be estimated fails now and then; one that fails this often is too short.
RESAMPLES = 20
# The bootstrap itself moves an estimate far more than this.
RESAMPLE_TOLERANCE = 1e-5


@dataclass(frozen=True)
class EmNormal:
    """Maximum likelihood estimate of a multivariate normal distribution from a table with missing cells.

    ``covariance`` has the divisor n. ``values`` is the table with each missing cell at its expectation, given
    what its row has.
    """

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]
    values: NDArray[np.float64]
    iterations: int


@dataclass(frozen=True)
class Pooled:
    """Estimates from several imputations as one, by Rubin's rules. Variances in the unit squared."""

    estimate: NDArray[np.float64]
    within: NDArray[np.float64]
    between: NDArray[np.float64]
    total: NDArray[np.float64]
    degrees_of_freedom: NDArray[np.float64]
    """Infinite where the estimates do not differ."""


def em_normal(x: NDArray[np.float64]) -> EmNormal:
    """Mean and covariance of a multivariate normal distribution from a table with missing cells, by EM.

    Supposes that whether a cell is missing depends on nothing but what is present (missing at random).

    Parameters
    ----------
    x : ndarray of float, shape (n_units, n_indicators)
        NaN means missing. A row without any value tells nothing and is left out of the estimate.

    Returns
    -------
    EmNormal

    Raises
    ------
    NotComputable
        An indicator has no value or only equal ones, the covariance is singular (too few complete rows for
        so many indicators), or it has not settled after 1,000 steps.

    References
    ----------
    Little, R. J. A. and Rubin, D. B. (2002), Statistical Analysis with Missing Data, 2nd ed., section 11.2.

    Examples
    --------
    >>> x = np.array([[-1, 0], [-1, 2], [1, 4], [1, 6], [3, np.nan], [3, np.nan]])
    >>> fit = em_normal(x)
    >>> fit.mean.round(4).tolist(), fit.values[5].round(4).tolist()
    ([1.0, 5.0], [3.0, 9.0])
    """
    _refuse_without_spread(x, [f"column {number + 1}" for number in range(x.shape[1])])
    centre, scale = _present_moments(x)
    fit = _estimate((x - centre) / scale, TOLERANCE)
    return EmNormal(
        centre + scale * fit.mean,
        fit.covariance * np.outer(scale, scale),
        np.where(np.isnan(x), centre + scale * fit.values, x),
        fit.iterations,
    )


def draw_imputations(x: NDArray[np.float64], m: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Fill missing cells m times at random, so that the spread over the m shows what is not known.

    For each table the mean and covariance are estimated by EM from a bootstrap sample of the rows, which
    carries the doubt of the estimate; then the missing cells of a row are drawn together from their normal
    distribution given what the row has. A sample that cannot be estimated is drawn anew.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, n_indicators)
        NaN means missing; a cell that does not apply is drawn as well, so set it back to NaN.
    m : int
        Number of tables, from 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float, shape (m, n_units, n_indicators)
        Present cells as given. A drawn value can lie outside the range of the present ones.

    Raises
    ------
    NotComputable
        As :func:`em_normal`, or if 20 bootstrap samples in a row cannot be estimated.

    References
    ----------
    Honaker, J. and King, G. (2010), What to do about missing values in time-series cross-section data,
    American Journal of Political Science 54, 561-581: EM with bootstrapping.

    Examples
    --------
    >>> x = np.array([[1.0, 2.1], [2.0, 3.9], [3.0, 6.2], [4.0, 7.8], [5.0, 10.1], [6.0, np.nan]])
    >>> tables = draw_imputations(x, 3, np.random.default_rng(1))
    >>> tables.shape, bool(np.isnan(tables).any()), bool((tables[:, :5] == x[:5]).all())
    ((3, 6, 2), False, True)
    """
    em_normal(x)
    centre, scale = _present_moments(x)
    z = (x - centre) / scale
    tables = np.empty((m, *x.shape))
    for table in tables:
        fit = _resampled_estimate(z, rng)
        table[:] = np.where(np.isnan(x), centre + scale * _draw_given(z, fit, rng), x)
    return tables


def pool(estimates: NDArray[np.float64], variances: NDArray[np.float64]) -> Pooled:
    """Combine what m imputed tables gave into one estimate with its variance.

    Parameters
    ----------
    estimates : ndarray of float, shape (m, ...)
        One estimate from each table, m at least 2. NaN spreads to the result.
    variances : ndarray of float, shape (m, ...)
        The squared standard error of each, from 0.

    Returns
    -------
    Pooled
        Arrays of the trailing shape.

    Raises
    ------
    DataError
        Fewer than two estimates, or shapes that differ.

    References
    ----------
    Rubin, D. B. (1987), Multiple Imputation for Nonresponse in Surveys, section 3.1.

    Examples
    --------
    >>> result = pool(np.array([10.0, 12.0, 14.0]), np.array([4.0, 4.0, 4.0]))
    >>> round(float(result.total), 4), float(result.degrees_of_freedom)
    (9.3333, 6.125)
    """
    if estimates.shape != variances.shape:
        raise DataError(
            f"estimates of shape {estimates.shape} and variances of shape {variances.shape}: give one "
            "variance for each estimate"
        )
    m = len(estimates)
    if m < 2:
        raise DataError(f"{m} imputed table: its estimate shows no spread; give at least 2")
    within, between = variances.mean(axis=0), estimates.var(axis=0, ddof=1)
    added = (1 + 1 / m) * between
    ratio = np.divide(within, added, out=np.full_like(added, math.inf), where=added != 0)
    return Pooled(estimates.mean(axis=0), within, between, within + added, (m - 1) * (1 + ratio) ** 2)


def expected_values(
    x: NDArray[np.float64], applies: NDArray[np.bool_], codes: Sequence[str]
) -> NDArray[np.float64]:
    """What each missing value is expected to be, given the others of its row; shape of x.

    Indicators that apply to nobody stay NaN. Raises what `em_normal` does, with their codes.
    """
    used = np.flatnonzero(applies.any(axis=0))
    _refuse_without_spread(x[:, used], [codes[column] for column in used.tolist()])
    filling = np.full(x.shape, np.nan)
    filling[:, used] = em_normal(x[:, used]).values
    return filling


def _refuse_without_spread(x: NDArray[np.float64], names: Sequence[str]) -> None:
    low, high = np.fmin.reduce(x, axis=0), np.fmax.reduce(x, axis=0)
    for number in np.flatnonzero(~(high > low)).tolist():
        found = "no value" if np.isnan(low[number]) else f"no value but {low[number]:g}"
        raise NotComputable(
            f"{names[number]}: it has {found}, and em needs two different ones; leave the indicator out or "
            "choose another method"
        )


def _present_moments(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.nanmean(x, axis=0), np.nanstd(x, axis=0)


def _estimate(z: NDArray[np.float64], tolerance: float) -> EmNormal:
    """EM on a table in units of about 1, so that one tolerance fits all of its columns."""
    rows, n_indicators = z[~np.isnan(z).all(axis=1)], z.shape[1]
    complete = int((~np.isnan(z)).all(axis=1).sum())
    advice = (
        f"{complete} complete rows of {len(rows)} for {n_indicators} indicators; use fewer indicators, for "
        "example those of one group, or another method"
    )
    if len(rows) <= n_indicators:
        raise NotComputable(f"em cannot estimate a covariance: {advice}")
    patterns = list(_patterns(rows))
    mean, spread = _present_moments(rows)
    covariance = np.diag(spread**2)
    for iteration in range(1, MOST_ITERATIONS + 1):
        values, unexplained = _expectation(rows, patterns, mean, covariance)
        new_mean = values.mean(axis=0)
        deviations = values - new_mean
        new_covariance = (deviations.T @ deviations + unexplained) / len(rows)
        if _is_singular(new_covariance):
            raise NotComputable(f"the covariance that em comes to is singular: {advice}")
        moved = max(np.abs(new_mean - mean).max(), np.abs(new_covariance - covariance).max())
        mean, covariance = new_mean, new_covariance
        if moved <= tolerance:
            expected, _ = _expectation(z, list(_patterns(z)), mean, covariance)
            return EmNormal(mean, covariance, expected, iteration)
    raise NotComputable(
        f"em has not settled after {MOST_ITERATIONS} iterations (last step {moved:.1g}, wanted "
        f"{tolerance:.1g}): {advice}"
    )


def _patterns(z: NDArray[np.float64]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.bool_]]]:
    """Rows that lack the same columns, and which columns those are."""
    kinds, kind_of = np.unique(np.isnan(z), axis=0, return_inverse=True)
    for number, missing in enumerate(kinds):
        yield np.flatnonzero(kind_of == number), missing


def _expectation(
    z: NDArray[np.float64],
    patterns: Sequence[tuple[NDArray[np.intp], NDArray[np.bool_]]],
    mean: NDArray[np.float64],
    covariance: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The table at its expectation, and the covariance that the present cells leave, summed over rows."""
    values, unexplained = z.copy(), np.zeros_like(covariance)
    for rows, missing in patterns:
        if missing.any():
            values[np.ix_(rows, missing)], left = _conditional(z[rows], missing, mean, covariance)
            unexplained[np.ix_(missing, missing)] += len(rows) * left
    return values, unexplained


def _conditional(
    z: NDArray[np.float64],
    missing: NDArray[np.bool_],
    mean: NDArray[np.float64],
    covariance: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean, by row, and covariance of the missing columns given the others."""
    across = covariance[np.ix_(~missing, missing)]
    slopes = np.linalg.solve(covariance[np.ix_(~missing, ~missing)], across)
    expected = mean[missing] + (z[:, ~missing] - mean[~missing]) @ slopes
    return expected, covariance[np.ix_(missing, missing)] - across.T @ slopes


def _is_singular(covariance: NDArray[np.float64]) -> bool:
    spread = np.sqrt(np.diag(covariance))
    if not (spread > 0).all():
        return True
    return bool(np.linalg.eigvalsh(covariance / np.outer(spread, spread))[0] < SINGULAR)


def _resampled_estimate(z: NDArray[np.float64], rng: np.random.Generator) -> EmNormal:
    for _ in range(RESAMPLES):
        sample = z[rng.integers(len(z), size=len(z))]
        try:
            _refuse_without_spread(sample, [""] * z.shape[1])
            return _estimate(sample, RESAMPLE_TOLERANCE)
        except NotComputable as refusal:
            reason = refusal
    raise NotComputable(
        f"{RESAMPLES} bootstrap samples of the rows in a row could not be estimated; {reason}"
    )


def _draw_given(z: NDArray[np.float64], fit: EmNormal, rng: np.random.Generator) -> NDArray[np.float64]:
    values = z.copy()
    for rows, missing in _patterns(z):
        if missing.any():
            expected, left = _conditional(z[rows], missing, fit.mean, fit.covariance)
            noise = rng.standard_normal(expected.shape) @ np.linalg.cholesky(left).T
            values[np.ix_(rows, missing)] = expected + noise
    return values
