"""What an audit points at: figures past a limit that a reader should look into.

Steps 2 and 4 of the Handbook. A flag is a question, not a fault, and changes no score.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import DataError, StructureError
from tessera.engines.index.statistics import availability, correlations_between, cronbach_alpha
from tessera.engines.index.steps.treat import Treat, outlying, skewness

Floats = NDArray[np.float64]

REDUNDANT_ABOVE = 0.9
"""Correlation of two indicators of a group above which they count one thing twice."""
CONFLICTING_BELOW = 0.0
"""Correlation of two directed indicators of a group below which they cancel each other in its score."""
RELIABLE_FROM = 0.7
"""Cronbach's alpha, after Nunnally (1978), as the Handbook quotes it; other authors ask from 0.6 to 0.8."""
AVAILABLE_FROM = 2 / 3
"""Share of the applicable values that are there; our choice, no published rule."""
ZEROS_ABOVE = 0.5
SAME_ABOVE = 0.5
"""Share of the present values that are zero, or the same; above it an indicator hardly tells units apart."""


@dataclass(frozen=True)
class Flag:
    code: str
    flag: str
    """What was noticed, with the code of the other node where there are two."""
    value: float
    threshold: float


def redundant_or_conflicting(r: Floats, *, codes: Sequence[str], parents: Sequence[str]) -> list[Flag]:
    """Pairs within a group that say the same, or the contrary.

    Parameters
    ----------
    r : ndarray of float, shape (k, k)
        Correlations of directed columns; NaN is never flagged.
    codes, parents : sequence of str, length k
        Of each column, and of the group it belongs to.

    Returns
    -------
    list of Flag
        ``redundant with`` or ``conflicting with`` the second code of the pair, once, under the first.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 4.

    Examples
    --------
    >>> r = np.array([[1.0, 0.95], [0.95, 1.0]])
    >>> redundant_or_conflicting(r, codes=("a", "b"), parents=("g", "g"))
    [Flag(code='a', flag='redundant with b', value=0.95, threshold=0.9)]
    """
    _check_codes(r.shape[1], codes, parents)
    group = np.array(parents)
    pairs = np.argwhere(np.triu(group[:, None] == group, 1))
    flags = []
    for one, two in pairs:
        value = float(r[one, two])
        if value > REDUNDANT_ABOVE:
            flags.append(Flag(codes[one], f"redundant with {codes[two]}", value, REDUNDANT_ABOVE))
        elif value < CONFLICTING_BELOW:
            flags.append(Flag(codes[one], f"conflicting with {codes[two]}", value, CONFLICTING_BELOW))
    return flags


def stronger_with_another_parent(
    x: Floats, scores: Floats, *, codes: Sequence[str], parents: Sequence[str], parent_codes: Sequence[str]
) -> list[Flag]:
    """Columns that go along with another group's score more than with their own group's.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, k)
        Directed; NaN means missing.
    scores : ndarray of float, shape (n_units, n_parents)
        Of the groups of one level, in the order of ``parent_codes``.
    codes, parents : sequence of str, length k

    Returns
    -------
    list of Flag
        ``stronger with`` the group of the highest correlation, which is the value; the threshold is the one
        with the own group. Signs count: data are directed, and a group that a column contradicts is no home
        for it.

    Raises
    ------
    StructureError
        A parent without a score; the message names it.
    """
    _check_codes(x.shape[1], codes, parents)
    unknown = sorted(set(parents) - set(parent_codes))
    if unknown:
        raise StructureError(f"no score of {', '.join(unknown)}: the scores are of {', '.join(parent_codes)}")
    if not len(codes):
        return []
    r = correlations_between(x, scores)
    own = r[np.arange(len(codes)), [list(parent_codes).index(parent) for parent in parents]]
    best = np.argmax(np.where(np.isnan(r), -np.inf, r), axis=1)
    highest = r[np.arange(len(codes)), best]
    return [
        Flag(codes[j], f"stronger with {parent_codes[best[j]]}", float(highest[j]), float(own[j]))
        for j in range(len(codes))
        if highest[j] > own[j]
    ]


def unreliable_groups(x: Floats, *, codes: Sequence[str], parents: Sequence[str]) -> list[Flag]:
    """Groups whose columns do not measure one thing: Cronbach's alpha below 0.7.

    A group of one column, and one whose alpha is not defined, is left out.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, k)
        Normalised and directed; NaN means missing.
    codes, parents : sequence of str, length k

    Returns
    -------
    list of Flag
        ``unreliable``, under the code of the parent.
    """
    _check_codes(x.shape[1], codes, parents)
    group = np.array(parents)
    alphas = {parent: cronbach_alpha(x[:, group == parent]) for parent in dict.fromkeys(parents)}
    return [
        Flag(parent, "unreliable", alpha, RELIABLE_FROM)
        for parent, alpha in alphas.items()
        if alpha < RELIABLE_FROM
    ]


def thin_data(x: Floats, applies: NDArray[np.bool_], *, codes: Sequence[str], limits: Treat) -> list[Flag]:
    """Indicators with too little in them: missing, zero or the same too often, or led by a few values.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, n_indicators)
        Before treatment, divided by their denominators; NaN means missing.
    applies : ndarray of bool, shape (n_units, n_indicators)
    codes : sequence of str, length n_indicators
    limits : Treat
        Whose skewness and kurtosis are too much.

    Returns
    -------
    list of Flag
        ``missing``, ``zeros``, ``same_value``, and ``skewed`` with the skewness where kurtosis is high, too.
    """
    _check_codes(x.shape[1], codes, codes)
    found = availability(x, applies)
    counted = np.where(applies, x, np.nan)
    led = outlying(counted, skew=limits.skew, kurtosis=limits.kurtosis)
    shares = found.indicators.share
    tests = (
        ("missing", shares, shares < AVAILABLE_FROM, AVAILABLE_FROM),
        ("zeros", found.zero_share, found.zero_share > ZEROS_ABOVE, ZEROS_ABOVE),
        ("same_value", found.same_share, found.same_share > SAME_ABOVE, SAME_ABOVE),
        ("skewed", skewness(counted), led, limits.skew),
    )
    return [
        Flag(code, flag, float(values[j]), threshold)
        for j, code in enumerate(codes)
        for flag, values, met, threshold in tests
        if met[j]
    ]


def _check_codes(k: int, codes: Sequence[str], parents: Sequence[str]) -> None:
    if not k == len(codes) == len(parents):
        raise DataError(f"{k} columns, {len(codes)} codes and {len(parents)} parents: one each is expected")
