"""Indicators in different units, brought to one scale on which more is better."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import DataError, MethodError, NotComputable, StructureError
from tessera.engines.index.steps.rank import ranks

# A spread this small beside the values themselves is what is left of rounding: the column is constant.
CONSTANT_TOLERANCE = 1e-13

METHODS = (
    "goalposts",
    "minmax",
    "zscore",
    "borda",
    "percentile",
    "rank",
    "distance_to_max",
    "distance_to_target",
    "distance_to_reference",
    "fraction_of_max",
    "none",
)
LINES = ("minmax", "zscore", "distance_to_max")
"""Methods that are a line in the raw value, for each column by itself."""


@dataclass(frozen=True)
class Normalise:
    """How to normalise: the table ``[normalise]`` of a method file."""

    method: str = "minmax"
    low: float = 0.0
    """Lowest score of minmax and goalposts."""
    high: float = 100.0
    """Highest score of minmax and goalposts."""
    mean: float = 0.0
    """Of the scores of zscore."""
    sd: float = 1.0
    """Of the scores of zscore."""
    cap: bool = True
    """Whether distance_to_target stops at 1."""
    reference: str | None = None
    """The unit that distance_to_reference compares with."""


@dataclass(frozen=True, eq=False)
class Scales:
    """What the structure says about the scale of each indicator, in the order of the table's columns.

    Raises
    ------
    StructureError
        An array of another length than ``codes``, a direction that is not 1 or -1, or a goal_low that is not
        below goal_high; the message names the code.
    """

    codes: tuple[str, ...]
    direction: NDArray[np.float64]
    """1 where more is better, -1 where less is."""
    goal_low: NDArray[np.float64]
    """Raw unit; NaN: not given."""
    goal_high: NDArray[np.float64]
    """Raw unit; NaN: not given."""
    target: NDArray[np.float64]
    """Raw unit; NaN: not given."""

    def __post_init__(self) -> None:
        for name in ("direction", "goal_low", "goal_high", "target"):
            if getattr(self, name).shape != (len(self.codes),):
                raise StructureError(f"{name}: {getattr(self, name).size} values for {len(self.codes)} codes")
        for code, direction, low, high in zip(
            self.codes, self.direction, self.goal_low, self.goal_high, strict=True
        ):
            if direction not in (1, -1):
                raise StructureError(f"{code}: the direction is {direction:g}; write 1 or -1")
            if low >= high:
                raise StructureError(
                    f"{code}: goal_low {low:g} is not below goal_high {high:g}; write them in the indicator's"
                    " own unit, the smaller figure first, and let the direction say which end is good"
                )

    def only(self, columns: slice) -> "Scales":
        """Of some neighbouring columns."""
        return Scales(
            self.codes[columns],
            self.direction[columns],
            self.goal_low[columns],
            self.goal_high[columns],
            self.target[columns],
        )


@dataclass(frozen=True, eq=False)
class Line:
    """A normalisation that is a line in the raw value: start + height (value - centre) / width.

    The arrays have the shape (..., 1, n_indicators); a width is negative where less is better.
    """

    centre: NDArray[np.float64]
    width: NDArray[np.float64]
    start: float
    height: float

    def of(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.start + self.height * ((x - self.centre) / self.width)


def normalise(
    x: NDArray[np.float64], spec: Normalise, scales: Scales, *, reference_row: int | None = None
) -> NDArray[np.float64]:
    """Bring every indicator to one scale on which more is better.

    Below, x is a column times its direction, min, max, mean and s (with n - 1) are taken over its n present
    units, and rank counts from 1 for the lowest, ties taking the smallest.

    ======================  ===============================================  ===========================
    method                  score                                            range
    ======================  ===============================================  ===========================
    goalposts               low + (high - low) (x - goal_low) /              low to high, clipped
                            (goal_high - goal_low), posts directed like x
    minmax                  low + (high - low) (x - min) / (max - min)       low to high
    zscore                  mean + sd (x - mean(x)) / s                      any
    borda                   rank - 1                                         0 to n - 1
    percentile              (rank - 1) / (n - 1)                             0 to 1
    rank                    rank: n is the best                              1 to n
    distance_to_max         1 - (max - x) / (max - min)                      0 to 1
    distance_to_target      (x - min) / (target - min)                       0 to 1, or above uncapped
    distance_to_reference   1 - (reference - x) / (reference - min)          from 0; the reference has 1
    fraction_of_max         x / max                                          0 to 1
    none                    x                                                that of x
    ======================  ===============================================  ===========================

    Under goalposts alone a score does not depend on which other units are in the table.

    Parameters
    ----------
    x : ndarray of float, shape (..., n_units, n_indicators)
        A table, or a stack of tables that are normalised each on its own. Raw units, finite; NaN means
        missing: not counted, and NaN in the result.
    spec : Normalise
    scales : Scales
        For the n_indicators columns.
    reference_row : int, optional
        Row of the unit that ``spec.reference`` names; only for distance_to_reference.

    Returns
    -------
    ndarray of float, shape of x

    Raises
    ------
    DataError
        Another number of columns than of codes.
    MethodError
        An unknown method, or goalposts, targets or a reference that are not given.
    NotComputable
        A column without values (except under goalposts and none); one that is constant under minmax, zscore
        or distance_to_max; fewer than two values under percentile; a target or reference that is not above
        the minimum; negative values or no positive one under fraction_of_max. The message names the codes.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 5.

    Examples
    --------
    >>> none = np.full(2, np.nan)
    >>> scales = Scales(("jobs", "rent"), np.array([1.0, -1.0]), none, none, none)
    >>> normalise(np.array([[10.0, 5.0], [20.0, np.nan], [30.0, 9.0]]), Normalise(), scales).tolist()
    [[0.0, 100.0], [50.0, nan], [100.0, 0.0]]
    """
    codes = scales.codes
    if x.ndim < 2 or x.shape[-1] != len(codes):
        raise DataError(
            f"a table of shape {x.shape} for {len(codes)} indicators: a column for each is needed"
        )
    if spec.method not in METHODS:
        raise MethodError(f"normalise.method: {spec.method} is none of {', '.join(METHODS)}")
    if spec.method == "goalposts":
        return _between_goalposts(x, spec, scales)
    if spec.method == "none":
        return x * scales.direction
    _refuse_empty(x, codes)
    line = line_through(x, spec, scales)
    if line is not None:
        return line.of(x)
    directed = x * scales.direction
    match spec.method:
        case "borda":
            return _ranks_from_the_lowest(directed) - 1
        case "rank":
            return _ranks_from_the_lowest(directed)
        case "percentile":
            return _percentiles(directed, codes)
        case "distance_to_target":
            return _distances_to_target(directed, spec, scales)
        case "distance_to_reference":
            return _distances_to_reference(directed, spec, reference_row, codes)
        case _:
            return _fractions_of_max(directed, codes)


def line_through(x: NDArray[np.float64], spec: Normalise, scales: Scales) -> Line | None:
    """The line of minmax, zscore and distance_to_max for a table or a stack; None under other methods.

    Raises
    ------
    NotComputable
        A constant column; the message names the codes.
    """
    if spec.method not in LINES:
        return None
    lowest, highest = _lowest(x), _highest(x)
    if spec.method == "zscore":
        _refuse_constant(lowest, highest, spec.method, scales.codes)
        mean = np.nanmean(x, axis=-2, keepdims=True)
        spread = np.nanstd(x, axis=-2, ddof=1, keepdims=True)
        return Line(mean, spread * scales.direction, spec.mean, spec.sd)
    return line_between(lowest, highest, spec, scales)


def line_between(
    lowest: NDArray[np.float64], highest: NDArray[np.float64], spec: Normalise, scales: Scales
) -> Line:
    """The line of minmax or distance_to_max by the lowest and highest values, shape (..., 1, n_indicators).

    Raises
    ------
    NotComputable
        A constant column; the message names the codes.
    """
    _refuse_constant(lowest, highest, spec.method, scales.codes)
    worst = np.where(scales.direction > 0, lowest, highest)
    width = (highest - lowest) * scales.direction
    if spec.method == "distance_to_max":
        return Line(worst, width, 0.0, 1.0)
    return Line(worst, width, spec.low, spec.high - spec.low)


def _between_goalposts(x: NDArray[np.float64], spec: Normalise, scales: Scales) -> NDArray[np.float64]:
    low, high = scales.goal_low, scales.goal_high
    if lacking := _codes_where(~(np.isfinite(low) & np.isfinite(high)), scales.codes):
        raise MethodError(
            f"{lacking}: no goalposts; give goal_low and goal_high in the structure, or choose another method"
        )
    share = np.where(scales.direction > 0, x - low, high - x) / (high - low)
    return spec.low + (spec.high - spec.low) * np.clip(share, 0, 1)


def _ranks_from_the_lowest(directed: NDArray[np.float64]) -> NDArray[np.float64]:
    # Raw figures may all be tiny, hence no floor: what is tied must not depend on the unit of measurement.
    ranked = np.swapaxes(ranks(-np.swapaxes(directed, -1, -2), floor=0.0), -1, -2)
    return np.where(ranked > 0, ranked, np.nan)


def _percentiles(directed: NDArray[np.float64], codes: Sequence[str]) -> NDArray[np.float64]:
    number = np.isfinite(directed).sum(axis=-2, keepdims=True)
    if lonely := _codes_where(number < 2, codes):
        raise NotComputable(
            f"{lonely}: one value only, and a percentile needs two; leave the indicator out, or give it"
            " goalposts"
        )
    return (_ranks_from_the_lowest(directed) - 1) / (number - 1)


def _distances_to_target(
    directed: NDArray[np.float64], spec: Normalise, scales: Scales
) -> NDArray[np.float64]:
    if lacking := _codes_where(~np.isfinite(scales.target), scales.codes):
        raise MethodError(f"{lacking}: no target; give it in the structure, or choose another method")
    target, lowest = scales.target * scales.direction, _lowest(directed)
    if reached := _codes_where(~_is_above(target, lowest), scales.codes):
        raise NotComputable(
            f"{reached}: the target is no better than the worst unit, so there is no distance to measure;"
            " check the target's unit and the direction, or choose another method"
        )
    distances = (directed - lowest) / (target - lowest)
    return np.minimum(distances, 1) if spec.cap else distances


def _distances_to_reference(
    directed: NDArray[np.float64], spec: Normalise, reference_row: int | None, codes: Sequence[str]
) -> NDArray[np.float64]:
    if reference_row is None:
        raise MethodError("normalise.reference: distance_to_reference needs the name of a unit")
    reference = directed[..., reference_row, :][..., np.newaxis, :]
    lowest = _lowest(directed)
    if missing := _codes_where(np.isnan(reference), codes):
        raise NotComputable(
            f"{missing}: the reference unit {spec.reference} has no value; impute it, or choose another"
            " reference"
        )
    if worst := _codes_where(~_is_above(reference, lowest), codes):
        raise NotComputable(
            f"{worst}: the reference unit {spec.reference} is the worst, so there is no distance to measure;"
            " choose another reference or another method"
        )
    return 1 - (reference - directed) / (reference - lowest)


def _fractions_of_max(directed: NDArray[np.float64], codes: Sequence[str]) -> NDArray[np.float64]:
    lowest, highest = _lowest(directed), _highest(directed)
    if unfit := _codes_where((lowest < 0) | (highest <= 0), codes):
        raise NotComputable(
            f"{unfit}: fraction_of_max needs values from 0 with a positive maximum, after the direction is"
            " applied (with direction -1 there are none); choose another method"
        )
    return directed / highest


def _lowest(directed: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.fmin.reduce(directed, axis=-2, keepdims=True)


def _highest(directed: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.fmax.reduce(directed, axis=-2, keepdims=True)


def _is_above(upper: NDArray[np.float64], lower: NDArray[np.float64]) -> NDArray[np.bool_]:
    return upper - lower > CONSTANT_TOLERANCE * np.maximum(np.abs(upper), np.abs(lower))


def _refuse_empty(directed: NDArray[np.float64], codes: Sequence[str]) -> None:
    if empty := _codes_where(np.logical_and.reduce(np.isnan(directed), axis=-2), codes):
        raise NotComputable(f"{empty}: no unit has a value; leave the indicator out, or give it goalposts")


def _refuse_constant(
    lowest: NDArray[np.float64], highest: NDArray[np.float64], method: str, codes: Sequence[str]
) -> None:
    differ = _is_above(highest, lowest)
    if not differ.all():
        constant = _codes_where(~differ, codes)
        raise NotComputable(
            f"{constant}: all units have the same value, or one unit only has any, and {method} needs a"
            " difference; leave the indicator out, or give it goalposts"
        )


def _codes_where(flags: NDArray[np.bool_], codes: Sequence[str]) -> str:
    """The codes whose column is flagged in any table of a stack, as text; empty when none is."""
    columns = np.logical_or.reduce(flags.reshape(-1, len(codes)), axis=0)
    return ", ".join(code for code, flagged in zip(codes, columns, strict=True) if flagged)
