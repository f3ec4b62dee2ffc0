"""How far raters of the same items agree."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import DataError, NotComputable


class Level(StrEnum):
    """What the distance between two ratings means."""

    NOMINAL = "nominal"
    """Equal or not."""
    ORDINAL = "ordinal"
    """How many ratings lie between the two."""
    INTERVAL = "interval"
    """Their difference, squared."""


def krippendorff_alpha(ratings: NDArray[np.float64], level: Level) -> float:
    """Agreement beyond chance: 1 if all agree, 0 if they agree as ratings dealt out at random would.

    alpha = 1 - D_o / D_e, where D_o is the mean distance of two ratings of the same item and D_e that of any
    two ratings. Below 0 the raters disagree systematically.

    Parameters
    ----------
    ratings : ndarray of float, shape (n_raters, n_items)
        NaN means not rated. Items with fewer than two ratings drop out.
    level : Level
        On `NOMINAL` the figures are names; on `ORDINAL` only their order counts, and their distance is taken
        from how often the values between them occur.

    Returns
    -------
    float
        At most 1.

    Raises
    ------
    DataError
        Not a table of raters by items, or an infinite rating.
    NotComputable
        No item has two ratings, or all ratings that can be paired are equal: D_e is 0 then, and whether the
        raters agree or do not use the scale cannot be told apart.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, sections C and D.

    Examples
    --------
    >>> ratings = np.array([[1.0, 2.0, 3.0, np.nan], [1.0, 2.0, 2.0, 3.0]])
    >>> round(krippendorff_alpha(ratings, Level.NOMINAL), 3)
    0.545
    """
    values, counts = _count_values(ratings)
    if len(values) == 1:
        raise NotComputable(
            f"all {int(counts.sum())} ratings that can be paired are {values[0]:g}: alpha compares with"
            " chance and needs at least two different values; report the exact agreement instead"
        )
    marginals = counts.sum(axis=0)
    others = counts.sum(axis=1, keepdims=True) - 1
    coincidences = (counts / others).T @ counts - np.diag((counts / others).sum(axis=0))
    distances = _distances(values, marginals, level)
    observed = (coincidences * distances).sum()
    expected = marginals @ distances @ marginals / (marginals.sum() - 1)
    return float(1 - observed / expected)


def exact_agreement(ratings: NDArray[np.float64]) -> float:
    """Share of the pairs of ratings of the same item that are equal.

    With two raters this is the share of the items both have rated. With more, an item with many ratings has
    many pairs and counts more.

    Parameters
    ----------
    ratings : ndarray of float, shape (n_raters, n_items)
        NaN means not rated.

    Returns
    -------
    float
        0 to 1. Not corrected for chance: see `krippendorff_alpha`.

    Raises
    ------
    DataError
        Not a table of raters by items, or an infinite rating.
    NotComputable
        No item has two ratings.

    Examples
    --------
    >>> exact_agreement(np.array([[1.0, 2.0, 3.0, 3.0, np.nan], [1.0, 2.0, 2.0, 3.0, 3.0]]))
    0.75
    """
    _, counts = _count_values(ratings)
    given = counts.sum(axis=1)
    return float((counts * (counts - 1)).sum() / (given * (given - 1)).sum())


def _count_values(ratings: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The values of pairable ratings in order, and how often each item has each, (n_items, n_values)."""
    if ratings.ndim != 2:
        raise DataError(f"ratings have {ratings.ndim} dimensions; expected a table of raters by items")
    infinite = np.argwhere(np.isinf(ratings))
    if len(infinite):
        rater, item = infinite[0]
        raise DataError(f"rater {rater}, item {item}: the rating is infinite; give a number, or NaN for none")
    given = (~np.isnan(ratings)).sum(axis=0)
    pairable = ratings[:, given >= 2]
    if not pairable.size:
        raise NotComputable(
            f"no item of {ratings.shape[1]} has two ratings; agreement needs items that several have rated"
        )
    raters, items = np.nonzero(~np.isnan(pairable))
    values, places = np.unique(pairable[raters, items], return_inverse=True)
    shape = (pairable.shape[1], len(values))
    counts = np.bincount(np.ravel_multi_index((items, places), shape), minlength=shape[0] * shape[1])
    return values, counts.reshape(shape).astype(np.float64)


def _distances(
    values: NDArray[np.float64], marginals: NDArray[np.float64], level: Level
) -> NDArray[np.float64]:
    if level == Level.NOMINAL:
        return 1 - np.eye(len(values))
    # The ordinal distance counts all ratings from one value to the other, and of the two themselves half:
    # that is the distance of their middle ranks.
    places = np.cumsum(marginals) - marginals / 2 if level == Level.ORDINAL else values
    return np.subtract.outer(places, places) ** 2
