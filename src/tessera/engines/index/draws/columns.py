"""Numbers by column, worked into tables of many rows without a loop over short rows."""

from functools import lru_cache
from math import gcd
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

LONG = 4096
"""A row of more numbers than this, half of what numpy buffers, is combined as quickly as a whole table."""

FOLD = 16
Number = TypeVar("Number", np.float64, np.int32)


class ByColumn(Generic[Number]):
    """A number for each column.

    Examples
    --------
    >>> table = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> rows, numbers = ByColumn(np.array([10.0, 20.0])).beside(table)
    >>> rows += numbers
    >>> table.tolist()
    [[11.0, 22.0], [13.0, 24.0]]
    """

    def __init__(self, numbers: NDArray[Number]) -> None:
        self._most = 1 << (LONG // len(numbers)).bit_length()
        self._repeated: NDArray[Number] = np.tile(numbers, self._most)

    def beside(self, table: NDArray[Number]) -> tuple[NDArray[Number], NDArray[Number]]:
        """The table, with several rows as one long row, and the numbers repeated for that row.

        Parameters
        ----------
        table : ndarray, shape (n, n_columns)
            Contiguous; what is done to the long rows is done to it.
        """
        width = gcd(len(table), self._most) * table.shape[1]
        return table.reshape(-1, width), self._repeated[:width]


@lru_cache(maxsize=16)
def by_column(numbers: bytes, scale: float) -> ByColumn[np.float64]:
    """The same of float64 numbers times a scale, made once for all blocks that work with them."""
    return ByColumn(scale * np.frombuffer(numbers))


def extremes(table: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Lowest and highest number of each column of a contiguous table; NaN where one is missing.

    Examples
    --------
    >>> [found.tolist() for found in extremes(np.array([[1.0, 9.0], [3.0, 4.0]]))]
    [[1.0, 4.0], [3.0, 9.0]]
    """
    number, width = table.shape
    folded = table.reshape(gcd(number, FOLD), -1)
    lowest, highest = (
        extreme.reduce(extreme.reduce(folded).reshape(-1, width)) for extreme in (np.minimum, np.maximum)
    )
    return lowest, highest
