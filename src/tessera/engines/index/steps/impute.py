"""Missing values, filled by a stated method."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import DataError, MethodError
from tessera.engines.index.steps.multivariate import expected_values


@dataclass(frozen=True)
class Impute:
    """The ``[impute]`` table of a method: how missing values are filled."""

    method: str = "none"
    """none, mean, median, group_mean, group_median, row_mean, carry, or em."""
    group: str | None = None
    """The attribute of the units that group_mean and group_median go by."""


@dataclass(frozen=True)
class Imputed:
    """A table with missing values filled, and which cells were. What could not be filled is still NaN."""

    values: NDArray[np.float64]
    filled: NDArray[np.bool_]


def impute(
    x: NDArray[np.float64],
    spec: Impute,
    *,
    codes: Sequence[str],
    applies: NDArray[np.bool_] | None = None,
    groups: Sequence[str] | None = None,
    siblings: Sequence[int] | NDArray[np.intp] | None = None,
    order: Sequence[tuple[str, str]] | None = None,
) -> Imputed:
    """Fill missing values by one method, and by nothing else where it cannot.

    - *mean*, *median*: of the indicator's present values.
    - *group_mean*, *group_median*: of those in the unit's group. A unit with an empty group is in none.
    - *row_mean*: of the row's present siblings under the same parent. It mixes indicators, so it is meant for
      indicators on one scale.
    - *carry*: the unit's last value of an earlier period; never one of a later period.
    - *em*: the expectation under a multivariate normal distribution, see :func:`em_normal`.

    Parameters
    ----------
    x : ndarray of float, shape (..., n_units, n_indicators)
        NaN means missing. Stacked tables are filled each by itself; not for carry and em, which take one.
    spec : Impute
    codes : sequence of str, length n_indicators
        For messages.
    applies : ndarray of bool, shape of x or (n_units, n_indicators)
        False: the cell does not apply. It is used for nothing and NaN in the result.
    groups : sequence of str, length n_units
        The values of the attribute ``spec.group``.
    siblings : sequence of int, length n_indicators
        Equal numbers for indicators under the same parent.
    order : sequence of (unit, period), length n_units
        Which unit and period a row is. Periods are all numbers, or texts that sort in time like "2018-06".

    Returns
    -------
    Imputed
        A cell whose whole column, group or row of siblings is missing stays NaN.

    Raises
    ------
    MethodError
        The method is unknown, or needs groups, siblings or an order that are not there.
    DataError
        Two rows for one unit and period under carry; groups, siblings or an order of another length than x.
    NotComputable
        Under em, as :func:`em_normal`.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 4 (imputation of missing data).

    Examples
    --------
    >>> x = np.array([[1.0, 10.0], [3.0, np.nan], [np.nan, 40.0]])
    >>> result = impute(x, Impute("group_mean", "region"), codes=("a", "b"), groups=("N", "N", "S"))
    >>> result.values.tolist()
    [[1.0, 10.0], [3.0, 10.0], [nan, 40.0]]
    >>> result.filled.tolist()
    [[False, False], [False, True], [False, False]]
    """
    counting = np.broadcast_to(True if applies is None else applies, x.shape)
    given = np.where(counting, x, np.nan)
    filling = _filling(given, spec, counting, codes, groups, siblings, order)
    filled = np.isnan(given) & counting & ~np.isnan(filling)
    return Imputed(np.where(filled, filling, given), filled)


def _filling(
    x: NDArray[np.float64],
    spec: Impute,
    applies: NDArray[np.bool_],
    codes: Sequence[str],
    groups: Sequence[str] | None,
    siblings: Sequence[int] | NDArray[np.intp] | None,
    order: Sequence[tuple[str, str]] | None,
) -> NDArray[np.float64]:
    """What each cell would be filled with; NaN where the method has nothing."""
    match spec.method:
        case "none":
            return np.full(x.shape, np.nan)
        case "mean":
            return np.broadcast_to(_mean(x), x.shape)
        case "median":
            return np.broadcast_to(_median(x), x.shape)
        case "group_mean" | "group_median":
            if groups is None:
                raise MethodError(
                    f"impute.method {spec.method} needs the groups of the units, and the data have no "
                    f"attribute {spec.group!r}: name a column of the data in impute.group"
                )
            _fits("groups", len(groups), x.shape[-2])
            return _by_group(x, groups, _mean if spec.method == "group_mean" else _median)
        case "row_mean":
            if siblings is None:
                raise MethodError("impute.method row_mean needs the parents of the indicators")
            _fits("siblings", len(siblings), x.shape[-1])
            return _sibling_means(x, np.asarray(siblings))
        case "carry":
            if order is None:
                raise MethodError(
                    "impute.method carry needs the unit and period of each row, and the data have no "
                    "periods: give a column period"
                )
            _fits("order", len(order), x.shape[-2])
            return _carried(x, order)
        case "em":
            return expected_values(x, applies, codes)
    raise MethodError(
        f"impute.method is {spec.method!r}; it must be none, mean, median, group_mean, group_median, "
        "row_mean, carry or em"
    )


def _fits(name: str, found: int, expected: int) -> None:
    if found != expected:
        raise DataError(f"{name}: {found} entries for a table that has {expected} of them")


def _mean(x: NDArray[np.float64]) -> NDArray[np.float64]:
    present = ~np.isnan(x)
    n = present.sum(axis=-2, keepdims=True)
    total = np.sum(x, axis=-2, keepdims=True, where=present)
    return np.divide(total, n, out=np.full(total.shape, np.nan), where=n > 0)


def _median(x: NDArray[np.float64]) -> NDArray[np.float64]:
    # NaN sorts last, so the present values are the first n.
    in_order = np.sort(x, axis=-2)
    n = (~np.isnan(x)).sum(axis=-2, keepdims=True)
    lower = np.take_along_axis(in_order, np.maximum(n - 1, 0) // 2, axis=-2)
    upper = np.take_along_axis(in_order, np.minimum(n // 2, x.shape[-2] - 1), axis=-2)
    return lower + (upper - lower) / 2


def _by_group(
    x: NDArray[np.float64],
    groups: Sequence[str],
    centre: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> NDArray[np.float64]:
    names = np.asarray(groups)
    filling = np.full(x.shape, np.nan)
    for name in np.unique(names[names != ""]):
        rows = np.flatnonzero(names == name)
        filling[..., rows, :] = centre(x[..., rows, :])
    return filling


def _sibling_means(x: NDArray[np.float64], siblings: NDArray[np.intp]) -> NDArray[np.float64]:
    parents, parent_of = np.unique(siblings, return_inverse=True)
    below = (parent_of[:, None] == np.arange(len(parents))).astype(np.float64)
    present = ~np.isnan(x)
    n = present @ below
    total = np.where(present, x, 0.0) @ below
    return np.divide(total, n, out=np.full(total.shape, np.nan), where=n > 0)[..., parent_of]


def _in_time(periods: Sequence[str]) -> Sequence[float] | Sequence[str]:
    """Periods as numbers where all of them are: as texts 10 would stand before 9."""
    try:
        return [float(period) for period in periods]
    except ValueError:
        return periods


def _carried(x: NDArray[np.float64], order: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    moments = _in_time([period for _, period in order])
    rows = sorted(range(len(order)), key=lambda row: (order[row][0], moments[row]))
    starts = np.zeros(len(rows), dtype=np.intp)
    for place in range(1, len(rows)):
        before, here = order[rows[place - 1]], order[rows[place]]
        if before == here:
            raise DataError(f"{here[0]} has two rows for the period {here[1]}: keep one of them")
        starts[place] = starts[place - 1] if before[0] == here[0] else place
    in_time = x[rows]
    seen = np.where(np.isnan(in_time), -1, np.arange(len(rows))[:, None])
    last = np.maximum.accumulate(seen, axis=0)
    found = np.take_along_axis(in_time, np.maximum(last, 0), axis=0)
    filling = np.empty_like(x)
    filling[rows] = np.where(last >= starts[:, None], found, np.nan)
    return filling
