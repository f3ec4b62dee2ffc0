"""The figures of an index: units by indicators, with what is known about each unit beside them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import DataError, some
from tessera.engines.index.structure import Tree

PERIOD = "period"
"""The attribute that makes a panel: a row is then a unit in a period."""


@dataclass(frozen=True, eq=False)
class Data:
    """A table of observations.

    Parameters
    ----------
    units : tuple of str
        One for each row. In a panel a unit has a row for each of its periods.
    codes : tuple of str
        Of the indicators, one for each column.
    values : ndarray of float, shape (n_rows, n_indicators)
        In the units of the indicators. NaN is a missing value.
    applies : ndarray of bool, same shape, optional
        False where the indicator does not apply to the unit, whatever the value. Everywhere true by default.
    attributes : mapping of name to tuple of str
        Groups, periods, denominators: a text for each row, empty where it is missing.

    Raises
    ------
    DataError
        The shapes do not fit, a row stands twice, or a value is infinite; the message names it.

    Examples
    --------
    >>> data = Data(("Riga", "Porto"), ("jobs", "homes"), np.array([[1.0, 2.0], [3.0, np.nan]]))
    >>> data.rows
    ('Riga', 'Porto')
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    values: NDArray[np.float64]
    applies: NDArray[np.bool_] = field(default_factory=lambda: np.array(True))
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.codes))
        applies = np.asarray(self.applies)
        if applies.dtype != bool:
            raise DataError(f"applies holds {applies.dtype}; true or false is expected in each cell")
        if applies.ndim == 0:
            applies = np.full(shape, applies)
        values = np.array(self.values, dtype=np.float64)
        for name, array in (("values", values), ("applies", applies)):
            if array.shape != shape:
                raise DataError(
                    f"{name} have the shape {array.shape}; "
                    f"{shape[0]} rows and {shape[1]} indicators are named"
                )
        for name, column in self.attributes.items():
            if len(column) != shape[0]:
                raise DataError(f"the attribute {name} has {len(column)} values for {shape[0]} rows")
        twice = [code for code, count in Counter(self.codes).items() if count > 1]
        if twice:
            raise DataError(f"the indicator {twice[0]} stands in two columns")
        twice = [row for row, count in Counter(self.rows).items() if count > 1]
        if twice:
            raise DataError(
                f"{twice[0]} stands in two rows; for several years of a unit give the column {PERIOD}"
            )
        infinite = np.argwhere(np.isinf(values))
        if len(infinite):
            row, column_number = infinite[0]
            raise DataError(f"{self.rows[row]}, {self.codes[column_number]}: the value is not finite")
        values[~applies] = np.nan
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "applies", applies)

    @property
    def rows(self) -> tuple[str, ...]:
        """The name of each row: its unit, and its period in a panel."""
        if PERIOD not in self.attributes:
            return self.units
        return tuple(
            f"{unit} {period}" for unit, period in zip(self.units, self.attributes[PERIOD], strict=True)
        )

    def row_of(self, name: str) -> int:
        """The place of a row, by the name of the row or of a unit that has one row only.

        Raises
        ------
        DataError
            No row of this name, or several.
        """
        if name in self.rows:
            return self.rows.index(name)
        places = [place for place, unit in enumerate(self.units) if unit == name]
        if len(places) == 1:
            return places[0]
        if places:
            rows = ", ".join(self.rows[place] for place in places)
            raise DataError(f"{name} has {len(places)} rows; name one of them: {rows}")
        raise DataError(f"there is no unit {name}; units: {some(self.rows)}")

    def attribute(self, name: str, *, wanted_by: str) -> tuple[str, ...]:
        """A column of attributes.

        Raises
        ------
        DataError
            There is no such column; the message says what wanted it.
        """
        if name not in self.attributes:
            there = ", ".join(self.attributes) or "none"
            raise DataError(f"{wanted_by} needs the column {name}; columns beside the indicators: {there}")
        return self.attributes[name]

    def numbers(self, name: str, *, wanted_by: str) -> NDArray[np.float64]:
        """A column of attributes as numbers; NaN where it is empty.

        Raises
        ------
        DataError
            There is no such column, or a value is not a number; the message names row and value.
        """
        found = np.full(len(self.units), np.nan)
        for place, text in enumerate(self.attribute(name, wanted_by=wanted_by)):
            if text == "":
                continue
            try:
                found[place] = float(text)
            except ValueError:
                found[place] = np.inf
            # What Python reads as a number is not always one on paper.
            if not np.isfinite(found[place]) or "_" in text:
                raise DataError(f"{self.rows[place]}, {name}: {text!r} is not a number")
        return found

    def arranged(self, tree: Tree) -> "Data":
        """The same data with a column for each indicator of a tree, in its order.

        Raises
        ------
        DataError
            The tree has an indicator that is not there; the message names them. Others are left out.
        """
        absent = [code for code in tree.leaves if code not in self.codes]
        if absent:
            raise DataError(
                f"the data have no column for {some(absent)}, which the structure names as indicators; "
                f"columns: {some(self.codes)}"
            )
        order = [self.codes.index(code) for code in tree.leaves]
        return Data(self.units, tree.leaves, self.values[:, order], self.applies[:, order], self.attributes)

    def only(self, rows: Sequence[int] | NDArray[np.intp]) -> "Data":
        """The same data with these rows only."""
        kept = [int(row) for row in rows]
        attributes = {name: tuple(column[row] for row in kept) for name, column in self.attributes.items()}
        units = tuple(self.units[row] for row in kept)
        return Data(units, self.codes, self.values[kept], self.applies[kept], attributes)
