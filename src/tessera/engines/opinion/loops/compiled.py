"""The passes over the votes as compiled loops: what the extra `fast` brings.

Each gives what the one of the same name in `plain` gives. The compiled code is kept beside this file, or in
the user's cache folder, so that it is compiled once per machine.
"""

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.loops.kernels import factor, pairs, plane, rows
from tessera.engines.opinion.loops.passes import Floats, Starts, Statements, Values

PERSONS_PER_FLUSH = 16_383
"""Four sums lie in one word of 64 bits while they are added up; the largest grows by 4 a person."""

MOST_CELLS_ACROSS = 64
CELLS_FROM = 4_096
"""Points from which on it is worth asking first which centres can be nearest in a part of the plane."""


class Compiled:
    compress = staticmethod(rows.compress)
    thin = staticmethod(rows.thin)
    count = staticmethod(rows.count)
    agreeing = staticmethod(rows.agreeing)
    add_agreed = staticmethod(rows.add_agreed)
    take_vote = staticmethod(pairs.take_vote)
    project = staticmethod(plane.project)
    centre_sums = staticmethod(plane.centre_sums)
    sweep = staticmethod(factor.sweep)

    def add_co_votes(
        self, starts: Starts, statements: Statements, values: Values, sums: NDArray[np.int32], /
    ) -> None:
        packed = np.zeros(sums.shape[:2], dtype=np.int64)
        for first in range(0, len(starts) - 1, PERSONS_PER_FLUSH):
            pairs.pack_co_votes(starts[first : first + PERSONS_PER_FLUSH + 1], statements, values, packed)
            pairs.unpack_co_votes(packed, sums)

    def nearest(self, points: Floats, centres: Floats, /) -> NDArray[np.int32]:
        found: NDArray[np.int32]
        if len(points) < CELLS_FROM or len(centres) < 8:
            found = plane.nearest(points, centres)
        else:
            across = min(MOST_CELLS_ACROSS, int(len(points) ** 0.5) // 8)
            found = plane.nearest_by_cells(points, centres, across)
        return found
