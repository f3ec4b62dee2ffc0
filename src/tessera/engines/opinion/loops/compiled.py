"""The passes over the votes as compiled loops: what the extra `fast` brings.

Each gives what the one of the same name in `plain` gives. The compiled code is kept beside this file, or in
the user's cache folder, so that it is compiled once per machine.
"""

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.loops.kernels.factor import sweep
from tessera.engines.opinion.loops.kernels.pairs import pack_co_votes, take_vote, unpack_co_votes
from tessera.engines.opinion.loops.kernels.plane import centre_sums, nearest, nearest_by_cells, project
from tessera.engines.opinion.loops.kernels.rows import add_agreed, agreeing, compress, count, thin
from tessera.engines.opinion.loops.passes import Codes, Floats, Starts, Statements, Values

PERSONS_PER_FLUSH = 16_383
"""Four sums lie in one word of 64 bits while they are added up; the largest grows by 4 a person."""

MOST_CELLS_ACROSS = 64
CELLS_FROM = 4_096
"""Points from which on it is worth asking first which centres can be nearest in a part of the plane."""


class Compiled:
    def compress(
        self,
        participants: Codes,
        statements: Codes,
        values: Values,
        participant_ranks: NDArray[np.int32],
        statement_ranks: Statements,
        n_participants: int,
        n_statements: int,
        /,
    ) -> tuple[Starts, Statements, Values]:
        starts, kept_statements, kept_values = compress(
            participants,
            statements,
            values,
            participant_ranks,
            statement_ranks,
            n_participants,
            n_statements,
        )
        return starts, kept_statements[: starts[-1]], kept_values[: starts[-1]]

    def thin(
        self, starts: Starts, statements: Statements, values: Values, kept: NDArray[np.bool_], /
    ) -> tuple[Starts, Statements, Values]:
        found: tuple[Starts, Statements, Values] = thin(starts, statements, values, kept)
        return found

    def add_co_votes(
        self, starts: Starts, statements: Statements, values: Values, sums: NDArray[np.int32], /
    ) -> None:
        packed = np.zeros(sums.shape[:2], dtype=np.int64)
        for first in range(0, len(starts) - 1, PERSONS_PER_FLUSH):
            pack_co_votes(starts[first : first + PERSONS_PER_FLUSH + 1], statements, values, packed)
            unpack_co_votes(packed, sums)

    def take_vote(
        self,
        sums: NDArray[np.int32],
        statements: Statements,
        values: Values,
        n: int,
        statement: int,
        value: int,
        /,
    ) -> int:
        left: int = take_vote(sums, statements, values, n, statement, value)
        return left

    def project(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        mean: Floats,
        components: Floats,
        counted: NDArray[np.bool_],
        /,
    ) -> Floats:
        found: Floats = project(starts, statements, values, mean, components, counted)
        return found

    def count(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        rows: NDArray[np.int32],
        n_rows: int,
        n_statements: int,
        /,
    ) -> NDArray[np.int64]:
        found: NDArray[np.int64] = count(starts, statements, values, rows, n_rows, n_statements)
        return found

    def nearest(self, points: Floats, centres: Floats, /) -> NDArray[np.int32]:
        found: NDArray[np.int32]
        if len(points) < CELLS_FROM or len(centres) < 8:
            found = nearest(points, centres)
        else:
            across = min(MOST_CELLS_ACROSS, int(len(points) ** 0.5) // 8)
            found = nearest_by_cells(points, centres, across)
        return found

    def centre_sums(
        self, points: Floats, weights: Floats, nearest: NDArray[np.int32], n_centres: int, /
    ) -> Floats:
        found: Floats = centre_sums(points, weights, nearest, n_centres)
        return found

    def sweep(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        n_votes: NDArray[np.int64],
        mean: float,
        before: Floats,
        intercept_ridge: float,
        factor_ridge: float,
        /,
    ) -> Floats:
        found: Floats = sweep(
            starts, statements, values, n_votes, mean, before, intercept_ridge, factor_ridge
        )
        return found

    def agreeing(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        people: NDArray[np.bool_],
        listable: NDArray[np.bool_],
        /,
    ) -> tuple[Starts, NDArray[np.int32]]:
        found: tuple[Starts, NDArray[np.int32]] = agreeing(starts, statements, values, people, listable)
        return found

    def add_agreed(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        participants: NDArray[np.int32],
        amounts: NDArray[np.int64],
        sums: NDArray[np.int64],
        /,
    ) -> None:
        add_agreed(starts, statements, values, participants, amounts, sums)
