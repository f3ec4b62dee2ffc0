"""Work space: arrays that are used again for one block of runs after another."""

import numpy as np
from numpy.typing import NDArray

PASSING = "passing"
"""What the next step uses up."""


class Space:
    """Arrays by name, so that what a block works on stays in the machine's caches.

    What is asked for holds whatever was in it, and is used up when its name is asked for again: nothing that
    outlives a block may lie in it.

    Examples
    --------
    >>> space = Space()
    >>> space.floats("scores", 4, 2)[:] = 7
    >>> space.floats("scores", 3, 2).tolist()
    [[7.0, 7.0], [7.0, 7.0], [7.0, 7.0]]
    """

    def __init__(self) -> None:
        self._floats: dict[str, NDArray[np.float64]] = {}
        self._integers: dict[str, NDArray[np.int32]] = {}

    def floats(self, name: str, rows: int, columns: int) -> NDArray[np.float64]:
        size = rows * columns
        if name not in self._floats or self._floats[name].size < size:
            self._floats[name] = np.empty(size)
        return self._floats[name][:size].reshape(rows, columns)

    def integers(self, name: str, rows: int, columns: int) -> NDArray[np.int32]:
        size = rows * columns
        if name not in self._integers or self._integers[name].size < size:
            self._integers[name] = np.empty(size, dtype=np.int32)
        return self._integers[name][:size].reshape(rows, columns)
