"""What is done vote by vote: the passes that `plain` and `compiled` both make.

Both give the same figures to the last bit: whole numbers are added in any order, and floating point numbers
are added one after the other in the order of the participants, without fused operations.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

UNSEEN = -2
"""In place of a vote: there is none."""

Codes = NDArray[np.integer]
Starts = NDArray[np.int64]
Statements = NDArray[np.uint16]
Values = NDArray[np.int8]
Floats = NDArray[np.float64]


class Loops(Protocol):
    """The passes over the votes. `plain` says what each does; rows are those of `Votes`."""

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
    ) -> tuple[Starts, Statements, Values]: ...

    def thin(
        self, starts: Starts, statements: Statements, values: Values, kept: NDArray[np.bool_], /
    ) -> tuple[Starts, Statements, Values]: ...

    def add_co_votes(
        self, starts: Starts, statements: Statements, values: Values, sums: NDArray[np.int32], /
    ) -> None: ...

    def take_vote(
        self,
        sums: NDArray[np.int32],
        statements: Statements,
        values: Values,
        n: int,
        statement: int,
        value: int,
        /,
    ) -> int: ...

    def project(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        mean: Floats,
        components: Floats,
        counted: NDArray[np.bool_],
        /,
    ) -> Floats: ...

    def count(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        rows: NDArray[np.int32],
        n_rows: int,
        n_statements: int,
        /,
    ) -> NDArray[np.int64]: ...

    def nearest(self, points: Floats, centres: Floats, /) -> NDArray[np.int32]: ...

    def centre_sums(
        self, points: Floats, weights: Floats, nearest: NDArray[np.int32], n_centres: int, /
    ) -> Floats: ...

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
    ) -> Floats: ...

    def agreeing(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        people: NDArray[np.bool_],
        listable: NDArray[np.bool_],
        /,
    ) -> tuple[Starts, NDArray[np.int32]]: ...

    def add_agreed(
        self,
        starts: Starts,
        statements: Statements,
        values: Values,
        participants: NDArray[np.int32],
        amounts: NDArray[np.int64],
        sums: NDArray[np.int64],
        /,
    ) -> None: ...
