"""How far a share of those who voted can be trusted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tessera.engines.opinion.errors import VotesError

Z = 1.959963984540054
"""Of the normal distribution, 95 % lies between -Z and Z."""


@dataclass(frozen=True, eq=False)
class Interval:
    low: NDArray[np.float64]
    """Shares, 0 to 1; nan where nobody was asked."""
    high: NDArray[np.float64]


def wilson_interval(counts: ArrayLike, totals: ArrayLike) -> Interval:
    """95 % score interval for a share, good for small numbers and for shares near 0 and 1.

    Parameters
    ----------
    counts, totals : array of int, of shapes that go together
        So many out of so many.

    Returns
    -------
    Interval
        Of the common shape.

    Raises
    ------
    VotesError
        A count below 0 or above its total.

    References
    ----------
    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, *Journal of
    the American Statistical Association* 22, 209-212. Recommended by Newcombe, R. G. (1998), Two-sided
    confidence intervals for the single proportion, *Statistics in Medicine* 17, 857-872 (method 3, without
    continuity correction).

    Examples
    --------
    >>> found = wilson_interval([81, 0, 0], [263, 20, 0])
    >>> np.round(found.low, 4).tolist(), np.round(found.high, 4).tolist()
    ([0.2553, 0.0, nan], [0.3662, 0.1611, nan])
    """
    count, total = np.broadcast_arrays(np.asarray(counts, np.float64), np.asarray(totals, np.float64))
    wrong = np.flatnonzero((count < 0) | (count > total))
    if len(wrong):
        found, out_of = count.flat[wrong[0]], total.flat[wrong[0]]
        raise VotesError(f"{found:.0f} out of {out_of:.0f} is no share; a part is 0 up to the whole")
    asked = np.where(total > 0, total, np.nan)
    middle = 2 * count + Z**2
    half = Z * np.sqrt(Z**2 + 4 * count * (asked - count) / asked)
    whole = 2 * (asked + Z**2)
    # Nothing and all are the ends themselves, but for rounding.
    low = np.where((count == 0) & (total > 0), 0.0, (middle - half) / whole)
    high = np.where((count == total) & (total > 0), 1.0, (middle + half) / whole)
    return Interval(low, high)
