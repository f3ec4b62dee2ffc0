"""Outlying indicators: found by skewness and kurtosis, then winsorised or transformed."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# The shift that keeps the smallest value of a column above zero before a logarithm, as a share of its range.
LOG_OFFSET = 0.01
BOXCOX_BOUNDS = (-2.0, 2.0)
# Each step of the golden section narrows the interval to 0.618 of it: from 4 to 4e-8.
GOLDEN_STEPS = 38


@dataclass(frozen=True)
class Treat:
    """The ``[treat]`` table of a method: what to do with which columns."""

    method: str = "none"
    """none, winsorise, log, boxcox, or winsorise_then_log."""
    max_winsorised: int = 5
    """The most values of one indicator that winsorising may touch."""
    skew: float = 2.0
    kurtosis: float = 3.5


@dataclass(frozen=True)
class Treated:
    """A treated table, and per indicator what was done and what it changed.

    ``action`` is "winsorised", "log", "boxcox", or empty where nothing was touched. ``winsorised`` counts the
    values it touched. The figures after equal those before in an untouched column; both
    are NaN where undefined.
    """

    values: NDArray[np.float64]
    action: NDArray[np.str_]
    winsorised: NDArray[np.intp]
    skew_before: NDArray[np.float64]
    kurtosis_before: NDArray[np.float64]
    skew_after: NDArray[np.float64]
    kurtosis_after: NDArray[np.float64]


def skewness(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sample skewness G1 of each indicator.

    Parameters
    ----------
    x : ndarray of float, shape (..., n_units, n_indicators)
        NaN means missing: left out.

    Returns
    -------
    ndarray of float, shape (..., n_indicators)
        Without unit. NaN for fewer than three values, or where all are equal.

    References
    ----------
    Joanes, D. N. and Gill, C. A. (1998), Comparing measures of sample skewness and kurtosis, The Statistician
    47, 183-189: G1.

    Examples
    --------
    >>> skewness(np.array([[0.0, 7.0], [0.0, 7.0], [3.0, 7.0]])).round(4).tolist()
    [1.7321, nan]
    """
    return _shape(x)[0]


def kurtosis(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sample excess kurtosis G2 of each indicator: 0 for a normal distribution.

    Parameters
    ----------
    x : ndarray of float, shape (..., n_units, n_indicators)
        NaN means missing: left out.

    Returns
    -------
    ndarray of float, shape (..., n_indicators)
        Without unit. NaN for fewer than four values, or where all are equal.

    References
    ----------
    Joanes, D. N. and Gill, C. A. (1998), Comparing measures of sample skewness and kurtosis, The Statistician
    47, 183-189: G2.

    Examples
    --------
    >>> kurtosis(np.array([[0.0], [0.0], [0.0], [4.0]])).round(4).tolist()
    [4.0]
    """
    return _shape(x)[1]


def outlying(x: NDArray[np.float64], *, skew: float, kurtosis: float) -> NDArray[np.bool_]:
    """Which indicators have outliers: those both skewed and with heavy tails.

    Parameters
    ----------
    x : ndarray of float, shape (..., n_units, n_indicators)
        NaN means missing: left out.
    skew, kurtosis : float
        True from these values of \\|G1\\| and of G2 on, both reached.

    Returns
    -------
    ndarray of bool, shape (..., n_indicators)
        False where a figure is undefined.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 3; JRC's thresholds are 2 and 3.5.

    Examples
    --------
    >>> x = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0], [5.0, 100.0]])
    >>> outlying(x, skew=2.0, kurtosis=3.5).tolist()
    [False, True]
    """
    return _beyond(*_shape(x), skew, kurtosis)


def treat(x: NDArray[np.float64], spec: Treat) -> Treated:
    """Reduce the pull of outliers in the indicators that have them; the others stay as they are.

    - *winsorise*: while the column is outlying, set its largest value to the next lower one (its smallest to
      the next higher one where the skew is negative). Equal values move together; a step that would touch
      more than ``max_winsorised`` values in all, or leave all values equal, is not taken, so the column may
      still be outlying after it.
    - *log*: ln(x - min + 0.01 (max - min)); where the skew is negative -ln(max - x + 0.01 (max - min)).
    - *boxcox*: (y^l - 1) / l with y the argument of that logarithm, and the same sign. l in [-2, 2] is the
      maximum of the profile likelihood of a normal distribution, by golden section.
    - *winsorise_then_log*: winsorise; where that is not enough, the log of the untouched column.

    A log or Box-Cox is kept even if the column is still outlying after it: the figures after tell.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, n_indicators)
        Any unit. NaN means missing and stays so.
    spec : Treat

    Returns
    -------
    Treated
        A winsorised column keeps its unit; log and Box-Cox change it, never the order of the units.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 3. Box, G. E. P. and Cox, D. R.
    (1964), An analysis of transformations, JRSS B 26, 211-252.

    Examples
    --------
    >>> x = np.array([[1.0], [2.0], [3.0], [4.0], [100.0]])
    >>> result = treat(x, Treat("winsorise"))
    >>> result.values.ravel().tolist(), result.action.tolist(), result.winsorised.tolist()
    ([1.0, 2.0, 3.0, 4.0, 4.0], ['winsorised'], [1])
    """
    values = x.copy()
    n_indicators = x.shape[1]
    action = np.full(n_indicators, "", dtype="<U10")
    winsorised = np.zeros(n_indicators, dtype=np.intp)
    skew_before, kurtosis_before = _shape(x)
    found = np.flatnonzero(_beyond(skew_before, kurtosis_before, spec.skew, spec.kurtosis))
    transformed = found[:0]
    if spec.method in ("winsorise", "winsorise_then_log"):
        columns, counts, failing = _winsorise(x[:, found], spec)
        if spec.method == "winsorise_then_log":
            transformed = found[failing]
            counts[failing] = 0
        values[:, found] = columns
        winsorised[found] = counts
        action[found[counts > 0]] = "winsorised"
    elif spec.method in ("log", "boxcox"):
        transformed = found
    if transformed.size:
        curve = _boxcox if spec.method == "boxcox" else np.log
        sign = np.where(skew_before[transformed] < 0, -1.0, 1.0)
        values[:, transformed] = sign * curve(_above_zero(sign * x[:, transformed]))
        action[transformed] = "boxcox" if spec.method == "boxcox" else "log"
    skew_after, kurtosis_after = skew_before.copy(), kurtosis_before.copy()
    touched = np.flatnonzero(action != "")
    if touched.size:
        skew_after[touched], kurtosis_after[touched] = _shape(values[:, touched])
    return Treated(values, action, winsorised, skew_before, kurtosis_before, skew_after, kurtosis_after)


def _shape(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    present = ~np.isnan(x)
    n = present.sum(axis=-2)
    low = np.min(x, axis=-2, where=present, initial=math.inf)
    high = np.max(x, axis=-2, where=present, initial=-math.inf)
    # Not by a variance of 0: rounding gives equal values like 0.1 a tiny one. By halves, because those of the
    # two smallest numbers are the same, and the unit below would be 0.
    varied = high / 2 > low / 2
    counted = present & varied[..., None, :]
    low, high = np.where(varied, low, -1.0), np.where(varied, high, 1.0)
    middle = low / 2 + high / 2
    # Both figures are free of scale, and powers of a very large or small unit would leave the floats.
    unit = high / 2 - low / 2
    z = np.where(counted, (x - middle[..., None, :]) / unit[..., None, :], 0.0)
    some = np.maximum(n, 1)
    z = np.where(counted, z - (z.sum(axis=-2) / some)[..., None, :], 0.0)
    squares = z * z
    m2 = np.where(varied, squares.sum(axis=-2) / some, 1.0)
    m3 = (squares * z).sum(axis=-2) / some
    m4 = (squares * squares).sum(axis=-2) / some
    three, four = np.maximum(n, 3), np.maximum(n, 4)
    g1 = np.sqrt(three * (three - 1)) / (three - 2) * m3 / m2**1.5
    g2 = (four - 1) / ((four - 2) * (four - 3)) * ((four + 1) * (m4 / m2**2 - 3) + 6)
    return np.where(varied & (n >= 3), g1, np.nan), np.where(varied & (n >= 4), g2, np.nan)


def _beyond(
    g1: NDArray[np.float64], g2: NDArray[np.float64], skew: float, kurtosis: float
) -> NDArray[np.bool_]:
    return (np.abs(g1) >= skew) & (g2 >= kurtosis)


def _winsorise(
    x: NDArray[np.float64], spec: Treat
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.bool_]]:
    """The columns, the number of values touched in each, and which are still outlying. All start outlying."""
    y = x.copy()
    touched = np.zeros(y.shape, dtype=np.bool_)
    failing = np.ones(y.shape[1], dtype=np.bool_)
    going = np.arange(y.shape[1])
    signs = np.where(skewness(y) < 0, -1.0, 1.0) if going.size else np.ones(0)
    while going.size:
        # Turned over where the skew is negative, so that the far end is always the maximum.
        here = y[:, going] * signs
        top = np.fmax.reduce(here, axis=0)
        extreme = here == top
        following = np.fmax.reduce(np.where(extreme, np.nan, here), axis=0)
        after = touched[:, going] | extreme
        allowed = (after.sum(axis=0) <= spec.max_winsorised) & (following > np.fmin.reduce(here, axis=0))
        going, signs = going[allowed], signs[allowed]
        y[:, going] = np.where(extreme, following, here)[:, allowed] * signs
        touched[:, going] = after[:, allowed]
        g1, g2 = _shape(y[:, going])
        failing[going] = _beyond(g1, g2, spec.skew, spec.kurtosis)
        signs = np.where(g1 < 0, -1.0, 1.0)[failing[going]]
        going = going[failing[going]]
    return y, touched.sum(axis=0), failing


def _above_zero(x: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = np.fmin.reduce(x, axis=0), np.fmax.reduce(x, axis=0)
    return x - low + LOG_OFFSET * (high - low)


def _boxcox(y: NDArray[np.float64]) -> NDArray[np.float64]:
    logs = np.log(y)
    power = _likeliest_power(logs - np.nanmean(logs, axis=0))
    return _power_curve(logs, power)


def _power_curve(logs: NDArray[np.float64], power: NDArray[np.float64]) -> NDArray[np.float64]:
    # expm1: the difference y^l - 1 has no digits left where l is close to 0.
    safe = np.where(power == 0, 1.0, power)
    return np.where(power == 0, logs, np.expm1(safe * logs) / safe)


def _likeliest_power(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Per column, from logarithms with mean 0, which leave only the variance in the profile likelihood."""

    def spread(power: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.nanvar(_power_curve(logs, power), axis=0)

    ratio = (math.sqrt(5) - 1) / 2
    low, high = (np.full(logs.shape[1], bound) for bound in BOXCOX_BOUNDS)
    for _ in range(GOLDEN_STEPS):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        better_left = spread(left) < spread(right)
        low, high = np.where(better_left, low, left), np.where(better_left, right, high)
    return (low + high) / 2
