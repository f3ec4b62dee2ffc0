"""The figures of an audit: is there enough data, and do the columns of a group belong together?

Steps 2 and 4 of the Handbook. Nothing here changes a score.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import DataError, NotComputable

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

# A column whose values differ by less than this part of their size holds one value and rounding.
CONSTANT_WITHIN = 1e-12
FEWEST_UNITS = 3
# Bandwidths of the smoother, in standard deviations of x; beyond the last comes the straight line.
BANDWIDTHS = tuple(0.1 * 2 ** (step / 2) for step in range(11))


class Kind(StrEnum):
    PEARSON = "pearson"
    SPEARMAN = "spearman"
    KENDALL = "kendall"


@dataclass(frozen=True)
class Correlations:
    r: Floats
    """(k, k); Kendall's is tau-b. NaN where fewer than 3 units are shared or a column is constant."""
    n: Counts
    """(k, k), units with both values; on the diagonal those with one."""
    p: Floats
    """(k, k), two-sided, of no correlation."""


@dataclass(frozen=True)
class PrincipalComponents:
    eigenvalues: Floats
    """(k,), of the correlation matrix, falling; they sum to k."""
    loadings: Floats
    """(k columns, k components): the correlation of a column with a component, that is the eigenvector of
    length 1 times the root of its eigenvalue. A component's largest loading is positive."""
    explained: Floats
    """(k,), shares of the variance, summing to 1."""


@dataclass(frozen=True)
class Presence:
    present: Counts
    applicable: Counts
    share: Floats
    """NaN where nothing applies."""


@dataclass(frozen=True)
class Availability:
    units: Presence
    indicators: Presence
    zero_share: Floats
    """Per indicator, of the present values; NaN where there is none."""
    same_share: Floats
    """Per indicator, the share of the most frequent value among the present ones."""


def correlations(x: Floats, kind: Kind) -> Correlations:
    """Correlate every pair of columns over the units that have both.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, k)
        NaN means missing. Spearman's ranks are taken anew for every pair, among the units it shares.
    kind : Kind

    Returns
    -------
    Correlations
        p of Pearson and Spearman by Student's t with n - 2 degrees of freedom; of Kendall by the normal
        approximation with its correction for ties.

    Raises
    ------
    DataError
        Not a table, or an infinite value.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 4. Kendall (1970), Rank Correlation
    Methods, chapters 3 and 4.

    Examples
    --------
    >>> x = np.array([[1.0, 1.0], [2.0, 3.0], [3.0, 2.0], [4.0, 4.0], [5.0, np.nan]])
    >>> round(float(correlations(x, Kind.SPEARMAN).r[0, 1]), 3)
    0.8
    """
    _check_table(x)
    if kind is Kind.KENDALL:
        return _kendall(x)
    present = ~np.isnan(x)
    n = _shared_units(present)
    r = _correlation_matrix(x, _rank_correlation if kind is Kind.SPEARMAN else _linear_correlation)
    # The import of scipy takes longer than most audits; the web process, which never audits, goes without.
    from scipy.special import stdtr

    with np.errstate(divide="ignore"):
        t = np.abs(r) * np.sqrt((n - 2).clip(0) / (1 - r**2))
    return Correlations(r, n, 2 * stdtr((n - 2).clip(1).astype(np.float64), -t))


def cronbach_alpha(x: Floats) -> float:
    """How far the columns of a group measure one thing: 1 if they agree in all, 0 if in nothing, or negative.

    k squared times the mean covariance of two columns over the sum of all covariances, each over the units
    that have both. The scale counts: use normalised columns, all directed.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, k)
        NaN means missing.

    Returns
    -------
    float
        NaN for fewer than two columns, for a pair that shares fewer than two units, or where nothing varies.

    References
    ----------
    Cronbach (1951), Psychometrika 16; OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 4.

    Examples
    --------
    >>> round(cronbach_alpha(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])), 3)
    0.667
    """
    _check_table(x)
    k = x.shape[1]
    if k < 2:
        return float("nan")
    covariances = _over_shared_units(x, _covariance)
    total = covariances.sum()
    if not total:
        return float("nan")
    return float(k / (k - 1) * (total - np.trace(covariances)) / total)


def principal_components(x: Floats) -> PrincipalComponents:
    """Components of the correlation matrix of a group.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, k)
        NaN means missing: each correlation is taken over the units that have both columns. Such a matrix can
        have slightly negative eigenvalues; they are returned as they are, with loadings of 0.

    Raises
    ------
    NotComputable
        A pair of columns has no correlation; the message names it by place.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 4.

    Examples
    --------
    >>> found = principal_components(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]]))
    >>> found.eigenvalues.round(3).tolist(), found.explained.round(3).tolist()
    ([1.5, 0.5], [0.75, 0.25])
    """
    _check_table(x)
    r = _correlation_matrix(x, _linear_correlation)
    if np.isnan(r).any():
        one, two = (int(place) + 1 for place in np.argwhere(np.isnan(r))[0])
        raise NotComputable(
            f"columns {one} and {two} have no correlation: fewer than {FEWEST_UNITS} units have both, or one "
            "of them is constant there; leave it out or fill in what is missing"
        )
    values, vectors = np.linalg.eigh(r)
    values, vectors = values[::-1], vectors[:, ::-1]
    size = np.abs(vectors)
    # Of loadings that are equal but for rounding the first one decides, on every machine.
    largest = np.argmax(size >= size.max(axis=0) - 1e-9, axis=0)
    signs = np.sign(vectors[largest, np.arange(len(values))])
    return PrincipalComponents(values, vectors * signs * np.sqrt(values.clip(0)), values / len(values))


def availability(x: Floats, applies: NDArray[np.bool_]) -> Availability:
    """Count what is there of what could be.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, n_indicators)
        NaN means missing.
    applies : ndarray of bool, shape (n_units, n_indicators)
        False takes a cell out of every count, whatever its value.

    Examples
    --------
    >>> found = availability(np.array([[0.0, np.nan], [0.0, 2.0]]), np.array([[True, True], [True, False]]))
    >>> found.units.share.tolist(), found.indicators.share.tolist(), found.zero_share.tolist()
    ([0.5, 1.0], [1.0, 0.0], [1.0, nan])
    """
    _check_table(x)
    if applies.shape != x.shape:
        raise DataError(f"the values are {x.shape} and what applies is {applies.shape}: they must be alike")
    present = applies & ~np.isnan(x)
    counts = present.sum(axis=0)
    ordered = np.sort(np.where(present, x, np.nan), axis=0)
    first, last = _runs(ordered)
    longest = np.where(np.isnan(ordered), 0, last - first + 1).max(axis=0, initial=0)
    return Availability(
        units=_presence(present, applies, axis=1),
        indicators=_presence(present, applies, axis=0),
        zero_share=_share((present & (x == 0)).sum(axis=0), counts),
        same_share=_share(longest, counts),
    )


def correlations_between(x: Floats, scores: Floats) -> Floats:
    """Pearson's correlation of each column of one table with each of another.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, k)
    scores : ndarray of float, shape (n_units, m)
        NaN means missing, in both: each pair is taken over the units that have both.

    Returns
    -------
    ndarray of float, shape (k, m)
        NaN where :func:`correlations` has none.

    Examples
    --------
    >>> x, scores = np.array([[1.0], [2.0], [3.0]]), np.array([[1.0, 6.0], [3.0, 4.0], [2.0, 2.0]])
    >>> correlations_between(x, scores).round(6).tolist()
    [[0.5, -1.0]]
    """
    both = np.column_stack([x, scores])
    _check_table(both)
    return _over_shared_units(both, _linear_correlation)[: x.shape[1], x.shape[1] :]


def squared_correlations(x: Floats, score: Floats) -> Floats:
    """The importance of each column for a score, if it works in straight lines.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, k)
    score : ndarray of float, shape (n_units,)
        NaN means missing, in both: each column is taken over the units that have it and a score.

    Returns
    -------
    ndarray of float, shape (k,)
        0 to 1; NaN where :func:`correlations` has none.

    References
    ----------
    Paruolo, Saisana and Saltelli (2013), J. R. Stat. Soc. A 176, 609-634.

    Examples
    --------
    >>> squared_correlations(np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 3.0, 2.0])).round(6).tolist()
    [0.25]
    """
    return correlations_between(x, score[:, None])[:, 0] ** 2


def correlation_ratio(x: Floats, score: Floats) -> float:
    """The main effect of one column on a score: V(E(score | x)) / V(score).

    E(score | x) is a local straight line, weighted by a Gaussian kernel. Its bandwidth is the one of eleven,
    from 0.1 to 3.2 standard deviations of x, or the straight line over all, that best predicts each unit
    from the others; those under which a unit stands alone are not tried. The share it explains is taken as
    its covariance with the score: its own variance would be too low, since a smoother rounds off peaks. It
    also follows some noise: for a column without any effect about 0.05 is found among 50 units, 0.01 among
    500.

    Parameters
    ----------
    x, score : ndarray of float, shape (n_units,)
        NaN means missing: units without either are left out.

    Returns
    -------
    float
        0 to 1. NaN for fewer than 3 units, or where x or the score is constant.

    References
    ----------
    Paruolo, Saisana and Saltelli (2013), J. R. Stat. Soc. A 176, 609-634. Doksum and Samarov (1995), Annals
    of Statistics 23, 1443-1473, for the covariance.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 41)
    >>> round(float(squared_correlations(x[:, None], x**2)[0]), 3), correlation_ratio(x, x**2) > 0.95
    (0.0, True)
    """
    both = np.column_stack([x, score])
    _check_table(both)
    both = both[~np.isnan(both).any(axis=1)]
    if len(both) < FEWEST_UNITS or is_constant(both).any():
        return float("nan")
    place, y = ((both - both.mean(axis=0)) / both.std(axis=0)).T
    best, fitted = np.inf, _local_lines(place, np.inf) @ y
    for bandwidth in (np.inf, *BANDWIDTHS[::-1]):
        smoother = _local_lines(place, bandwidth)
        own = np.diag(smoother)
        # A unit that alone decides its own value is predicted by no other, here and under all narrower ones.
        if own.max() > 1 - 1e-6:
            break
        fit = smoother @ y
        error = float(np.mean(((y - fit) / (1 - own)) ** 2))
        if error < best * (1 - 1e-9):
            best, fitted = error, fit
    return float(np.clip(np.mean(fitted * y), 0.0, 1.0))


def _check_table(x: Floats) -> None:
    if x.ndim != 2:
        raise DataError(f"a table has units and columns; this has {x.ndim} dimensions")
    if np.isinf(x).any():
        unit, column = (int(place) + 1 for place in np.argwhere(np.isinf(x))[0])
        raise DataError(f"row {unit}, column {column}: an infinite value; a missing one is NaN")


def _shared_units(present: NDArray[np.bool_]) -> Counts:
    counts = present.astype(np.float64)
    return (counts.T @ counts).astype(np.int64)


def _over_shared_units(x: Floats, measure: Callable[[Floats, Floats], Floats]) -> Floats:
    """A measure of all pairs of columns, each over the units that have both.

    Columns that lack the same units are done at once: a complete table is one product of matrices.
    """
    patterns, membership = np.unique(~np.isnan(x), axis=1, return_inverse=True)
    columns = [np.flatnonzero(membership == number) for number in range(patterns.shape[1])]
    values = np.full((x.shape[1], x.shape[1]), np.nan)
    for one, first in enumerate(columns):
        for two, second in enumerate(columns[one:], start=one):
            units = patterns[:, one] & patterns[:, two]
            block = measure(x[np.ix_(units, first)], x[np.ix_(units, second)])
            values[np.ix_(second, first)] = block.T
            # A product of matrices need not be symmetric to the last bit.
            values[np.ix_(first, second)] = (block + block.T) / 2 if one == two else block
    return values


def _correlation_matrix(x: Floats, measure: Callable[[Floats, Floats], Floats]) -> Floats:
    r = _over_shared_units(x, measure)
    np.fill_diagonal(r, np.where(np.isnan(np.diag(r)), np.nan, 1.0))
    return r


def is_constant(x: Floats) -> NDArray[np.bool_]:
    """Whether a column of a table without NaN, of one unit or more, holds one value but for rounding."""
    return np.ptp(x, axis=0) <= CONSTANT_WITHIN * np.abs(x).max(axis=0)


def _covariance(x: Floats, y: Floats) -> Floats:
    if len(x) < 2:
        return np.full((x.shape[1], y.shape[1]), np.nan)
    return (x - x.mean(axis=0)).T @ (y - y.mean(axis=0)) / (len(x) - 1)


def _linear_correlation(x: Floats, y: Floats) -> Floats:
    if len(x) < FEWEST_UNITS:
        return np.full((x.shape[1], y.shape[1]), np.nan)
    return (_standardised(x).T @ _standardised(y)).clip(-1, 1)


def _rank_correlation(x: Floats, y: Floats) -> Floats:
    return _linear_correlation(_mean_ranks(x), _mean_ranks(y))


def _standardised(x: Floats) -> Floats:
    """Columns of mean 0 and length 1; constant ones are NaN."""
    centred = x - x.mean(axis=0)
    return centred / np.where(is_constant(x), np.nan, np.linalg.norm(centred, axis=0))


def _mean_ranks(x: Floats) -> Floats:
    """Ranks from 1 down each column, ties sharing their mean; no NaN."""
    order = np.argsort(x, axis=0)
    first, last = _runs(np.take_along_axis(x, order, axis=0))
    ranks = np.empty_like(x)
    np.put_along_axis(ranks, order, (first + last) / 2 + 1, axis=0)
    return ranks


def _runs(ordered: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first and the last row of the run of equal values that each cell of sorted columns lies in."""
    n = len(ordered)
    rows = np.broadcast_to(np.arange(n)[:, None], ordered.shape)
    differs = ordered[1:] != ordered[:-1]
    edge = np.ones((min(n, 1), ordered.shape[1]), dtype=np.bool_)
    first = np.maximum.accumulate(np.where(np.concatenate([edge, differs]), rows, 0), axis=0)
    last = np.where(np.concatenate([differs, edge]), rows, n - 1)
    return first, np.minimum.accumulate(last[::-1], axis=0)[::-1]


def _kendall(x: Floats) -> Correlations:
    """Tau-b of all pairs of columns at once, unit by unit.

    For each unit the signs of all differences to it, 0 where a value is missing; sums of their products give
    concordance, and the numbers of zeros give the ties among the units that a pair shares.
    """
    present = ~np.isnan(x)
    there = present.astype(np.float32)
    n = _shared_units(present)
    concordance, tied_pairs, tied_triples = np.zeros((3, *n.shape))
    for row, here in zip(x, there, strict=True):
        # Counts up to the number of units are exact in single precision, at half the time.
        signs = ((x > row).astype(np.float32) - (x < row)).astype(np.float32)
        concordance += signs.T @ signs
        tied = np.outer(here, here) * (n - 1 - np.abs(signs).T @ there)
        tied_pairs += tied
        tied_triples += tied * (tied - 1)
    pairs = (n * (n - 1)).astype(np.float64)
    untied = pairs - tied_pairs
    with np.errstate(divide="ignore", invalid="ignore"):
        usable = (n >= FEWEST_UNITS) & (untied > 0) & (untied.T > 0)
        tau = np.where(usable, concordance / np.sqrt(untied * untied.T), np.nan)
        # v_t of Kendall: sum t(t-1)(2t+5) over the groups of ties is 2 t(t-1)(t-2) + 9 t(t-1).
        ties = 2 * tied_triples + 9 * tied_pairs
        variance = (
            (pairs * (2 * n + 5) - ties - ties.T) / 18
            + tied_triples * tied_triples.T / (9 * pairs * (n - 2))
            + tied_pairs * tied_pairs.T / (2 * pairs)
        )
        z = np.where(usable, concordance / 2 / np.sqrt(variance), np.nan)
    # As in correlations: scipy only where an audit is asked for.
    from scipy.special import ndtr

    return Correlations(tau.clip(-1, 1), n, 2 * ndtr(-np.abs(z)))


def _local_lines(place: Floats, bandwidth: float) -> Floats:
    """The matrix (n, n) that takes the scores to the fitted ones."""
    distance = place - place[:, None]
    kernel = np.exp(-((distance / bandwidth) ** 2) / 2)
    total = kernel.sum(axis=1, keepdims=True)
    centre = (kernel * distance).sum(axis=1, keepdims=True) / total
    spread = (kernel * (distance - centre) ** 2).sum(axis=1, keepdims=True) / total
    # Where all the weight lies on one value of x there is no line, only the mean.
    flat = spread <= 1e-10
    slope = np.where(flat, 0.0, -centre / np.where(flat, 1.0, spread))
    return kernel / total * (1 + slope * (distance - centre))


def _presence(present: NDArray[np.bool_], applies: NDArray[np.bool_], axis: int) -> Presence:
    there, possible = present.sum(axis=axis), applies.sum(axis=axis)
    return Presence(there, possible, _share(there, possible))


def _share(part: Counts, whole: Counts) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)
