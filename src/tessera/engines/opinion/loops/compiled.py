"""The passes over the votes as compiled loops: what the extra `fast` brings.

Each gives what the one of the same name in `plain` gives. The compiled code is kept beside this file, or in
the user's cache folder, so that it is compiled once per machine.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tessera.engines.opinion.loops.passes import UNSEEN, Floats, Starts, Statements, Values

PERSONS_PER_FLUSH = 16_383
"""Four sums lie in one word of 64 bits while they are added up; the largest grows by 4 a person."""

MOST_CELLS_ACROSS = 64
CELLS_FROM = 4_096
"""Points from which on it is worth asking first which centres can be nearest in a part of the plane."""

POINTS_AT_ONCE = 512


class Compiled:
    def compress(
        self,
        participants: NDArray[np.int32],
        statements: Statements,
        values: Values,
        n_participants: int,
        n_statements: int,
        /,
    ) -> tuple[Starts, Statements, Values]:
        starts, kept_statements, kept_values = _compress(
            participants, statements, values, n_participants, n_statements
        )
        return starts, kept_statements[: starts[-1]], kept_values[: starts[-1]]

    def thin(
        self, starts: Starts, statements: Statements, values: Values, kept: NDArray[np.bool_], /
    ) -> tuple[Starts, Statements, Values]:
        found: tuple[Starts, Statements, Values] = _thin(starts, statements, values, kept)
        return found

    def add_co_votes(
        self, starts: Starts, statements: Statements, values: Values, sums: NDArray[np.int32], /
    ) -> None:
        packed = np.zeros(sums.shape[:2], dtype=np.int64)
        for first in range(0, len(starts) - 1, PERSONS_PER_FLUSH):
            _pack_co_votes(starts[first : first + PERSONS_PER_FLUSH + 1], statements, values, packed)
            _unpack_co_votes(packed, sums)

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
        left: int = _take_vote(sums, statements, values, n, statement, value)
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
        found: Floats = _project(starts, statements, values, mean, components, counted)
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
        found: NDArray[np.int64] = _count(starts, statements, values, rows, n_rows, n_statements)
        return found

    def nearest(self, points: Floats, centres: Floats, /) -> NDArray[np.int32]:
        found: NDArray[np.int32]
        if len(points) < CELLS_FROM or len(centres) < 8:
            found = _nearest(points, centres)
        else:
            across = min(MOST_CELLS_ACROSS, int(len(points) ** 0.5) // 8)
            found = _nearest_by_cells(points, centres, across)
        return found

    def centre_sums(
        self, points: Floats, weights: Floats, nearest: NDArray[np.int32], n_centres: int, /
    ) -> Floats:
        found: Floats = _centre_sums(points, weights, nearest, n_centres)
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
        found: Floats = _sweep(
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
        found: tuple[Starts, NDArray[np.int32]] = _agreeing(starts, statements, values, people, listable)
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
        _add_agreed(starts, statements, values, participants, amounts, sums)


@njit(cache=True)
def _compress(
    participants: NDArray[np.int32],
    statements: Statements,
    values: Values,
    n_participants: int,
    n_statements: int,
) -> tuple[Starts, Statements, Values]:
    starts = np.zeros(n_participants + 1, dtype=np.int64)
    for participant in participants:
        starts[participant + 1] += 1
    for row in range(n_participants):
        starts[row + 1] += starts[row]
    free = starts[:-1].copy()
    placed_statements = np.empty_like(statements)
    placed_values = np.empty_like(values)
    for event in range(len(participants)):
        place = free[participants[event]]
        placed_statements[place] = statements[event]
        placed_values[place] = values[event]
        free[participants[event]] = place + 1
    # Row by row into order, over what was placed: a row never grows. A short one is sorted where it lies; a
    # long one is spread over all statements, where a later vote overwrites an earlier one.
    spread = np.full(n_statements, UNSEEN, dtype=np.int8)
    written = 0
    first = 0
    for row in range(n_participants):
        end = starts[row + 1]
        starts[row] = written
        length = end - first
        if length * length > 4 * n_statements:
            for place in range(first, end):
                spread[placed_statements[place]] = placed_values[place]
            for statement in range(n_statements):
                if spread[statement] != UNSEEN:
                    placed_statements[written] = statement
                    placed_values[written] = spread[statement]
                    spread[statement] = UNSEEN
                    written += 1
        else:
            begin = written
            for place in range(first, end):
                statement, value = placed_statements[place], placed_values[place]
                after = written
                while after > begin and placed_statements[after - 1] > statement:
                    after -= 1
                if after > begin and placed_statements[after - 1] == statement:
                    placed_values[after - 1] = value
                    continue
                for moved in range(written, after, -1):
                    placed_statements[moved] = placed_statements[moved - 1]
                    placed_values[moved] = placed_values[moved - 1]
                placed_statements[after] = statement
                placed_values[after] = value
                written += 1
        first = end
    starts[n_participants] = written
    return starts, placed_statements, placed_values


@njit(cache=True)
def _thin(
    starts: Starts, statements: Statements, values: Values, kept: NDArray[np.bool_]
) -> tuple[Starts, Statements, Values]:
    n_kept = 0
    for vote in range(len(kept)):
        n_kept += kept[vote]
    new_starts = np.zeros_like(starts)
    new_statements = np.empty(n_kept, dtype=statements.dtype)
    new_values = np.empty(n_kept, dtype=values.dtype)
    written = 0
    for row in range(len(starts) - 1):
        for vote in range(starts[row], starts[row + 1]):
            if kept[vote]:
                new_statements[written] = statements[vote]
                new_values[written] = values[vote]
                written += 1
        new_starts[row + 1] = written
    return new_starts, new_statements, new_values


@njit(cache=True)
def _pack_co_votes(starts: Starts, statements: Statements, values: Values, packed: NDArray[np.int64]) -> None:
    # With u = vote + 1 (0, 1 or 2), (1 + u_j 2^16)(1 + u_k 2^32) holds 1, u_j, u_k and u_j u_k side by side.
    for row in range(len(starts) - 1):
        for one in range(starts[row], starts[row + 1]):
            into = packed[statements[one]]
            left = 1 + (np.int64(values[one] + 1) << 16)
            for other in range(one, starts[row + 1]):
                into[statements[other]] += left * (1 + (np.int64(values[other] + 1) << 32))


@njit(cache=True)
def _unpack_co_votes(packed: NDArray[np.int64], sums: NDArray[np.int32]) -> None:
    field = (1 << 16) - 1
    for one in range(len(packed)):
        for other in range(one, len(packed)):
            word = packed[one, other]
            if word == 0:
                continue
            packed[one, other] = 0
            both = word & field
            first = (word >> 16) & field
            second = (word >> 32) & field
            product = (word >> 48) & field
            sums[one, other, 0] += both
            sums[one, other, 1] += first - both
            sums[one, other, 2] += second - both
            sums[one, other, 3] += product - first - second + both


@njit(cache=True)
def _take_vote(
    sums: NDArray[np.int32], statements: Statements, values: Values, n: int, statement: int, value: int
) -> int:
    at = n
    for place in range(n):
        if statements[place] == statement:
            at = place
            break
    before = values[at] if at < n else UNSEEN
    if before == value:
        return n
    seen = (value != UNSEEN) - (before != UNSEEN)
    vote = (value if value != UNSEEN else 0) - (before if before != UNSEEN else 0)
    square = (value * value if value != UNSEEN else 0) - (before * before if before != UNSEEN else 0)
    for place in range(n):
        if place == at:
            continue
        other, others_vote = statements[place], values[place]
        if other < statement:
            line = sums[other, statement]
            line[1] += seen * others_vote
            line[2] += vote
        else:
            line = sums[statement, other]
            line[1] += vote
            line[2] += seen * others_vote
        line[0] += seen
        line[3] += vote * others_vote
    line = sums[statement, statement]
    line[0] += seen
    line[1] += vote
    line[2] += vote
    line[3] += square
    if value == UNSEEN:
        statements[at], values[at] = statements[n - 1], values[n - 1]
        return n - 1
    statements[at], values[at] = statement, value
    return max(n, at + 1)


@njit(cache=True)
def _project(
    starts: Starts,
    statements: Statements,
    values: Values,
    mean: Floats,
    components: Floats,
    counted: NDArray[np.bool_],
) -> Floats:
    found = np.zeros((len(starts) - 1, 3))
    for row in range(len(starts) - 1):
        x, y, n = 0.0, 0.0, 0
        for vote in range(starts[row], starts[row + 1]):
            statement = statements[vote]
            centred = values[vote] - mean[statement]
            x += centred * components[statement, 0]
            y += centred * components[statement, 1]
            n += counted[statement]
        found[row, 0], found[row, 1], found[row, 2] = x, y, n
    return found


@njit(cache=True)
def _count(
    starts: Starts,
    statements: Statements,
    values: Values,
    rows: NDArray[np.int32],
    n_rows: int,
    n_statements: int,
) -> NDArray[np.int64]:
    found = np.zeros((n_rows, n_statements, 3), dtype=np.int64)
    for participant in range(len(starts) - 1):
        row = rows[participant]
        if row >= 0:
            for vote in range(starts[participant], starts[participant + 1]):
                found[row, statements[vote], values[vote] + 1] += 1
    return found


@njit(cache=True)
def _nearest(points: Floats, centres: Floats) -> NDArray[np.int32]:
    # Centre by centre over a few points, which the compiler turns into vector instructions.
    found = np.zeros(len(points), dtype=np.int32)
    best = np.empty(POINTS_AT_ONCE)
    for first in range(0, len(points), POINTS_AT_ONCE):
        n = min(POINTS_AT_ONCE, len(points) - first)
        best[:] = np.inf
        for centre in range(len(centres)):
            x, y = centres[centre]
            for place in range(n):
                away = (points[first + place, 0] - x) ** 2 + (points[first + place, 1] - y) ** 2
                if away < best[place]:
                    best[place] = away
                    found[first + place] = centre
    return found


@njit(cache=True)
def _nearest_by_cells(points: Floats, centres: Floats, across: int) -> NDArray[np.int32]:
    # Exact: in a cell only those centres are asked whose least distance to the cell is not above the least of
    # all greatest distances to it.
    low_x, low_y = points[:, 0].min(), points[:, 1].min()
    wide = max(points[:, 0].max() - low_x, 1e-300) / across
    high = max(points[:, 1].max() - low_y, 1e-300) / across
    candidates = np.empty((across * across, len(centres)), dtype=np.int16)
    n_candidates = np.empty(across * across, dtype=np.int32)
    least = np.empty(len(centres))
    for row in range(across):
        for column in range(across):
            middle_x, middle_y = low_x + (column + 0.5) * wide, low_y + (row + 0.5) * high
            bound = np.inf
            for centre in range(len(centres)):
                off_x, off_y = abs(centres[centre, 0] - middle_x), abs(centres[centre, 1] - middle_y)
                inner_x, inner_y = max(off_x - 0.5 * wide, 0.0), max(off_y - 0.5 * high, 0.0)
                outer_x, outer_y = off_x + 0.5 * wide, off_y + 0.5 * high
                least[centre] = inner_x * inner_x + inner_y * inner_y
                bound = min(bound, outer_x * outer_x + outer_y * outer_y)
            # A point on the edge of a cell may be put into it by rounding.
            bound += 1e-9 * (bound + wide * wide + high * high)
            cell = row * across + column
            n_candidates[cell] = 0
            for centre in range(len(centres)):
                if least[centre] <= bound:
                    candidates[cell, n_candidates[cell]] = centre
                    n_candidates[cell] += 1
    found = np.empty(len(points), dtype=np.int32)
    for point in range(len(points)):
        x, y = points[point]
        column = min(int((x - low_x) / wide), across - 1)
        row = min(int((y - low_y) / high), across - 1)
        cell = row * across + column
        best, nearest = np.inf, 0
        for place in range(n_candidates[cell]):
            centre = candidates[cell, place]
            away = (x - centres[centre, 0]) ** 2 + (y - centres[centre, 1]) ** 2
            if away < best:
                best, nearest = away, centre
        found[point] = nearest
    return found


@njit(cache=True)
def _centre_sums(points: Floats, weights: Floats, nearest: NDArray[np.int32], n_centres: int) -> Floats:
    sums = np.zeros((n_centres, 3))
    for point in range(len(points)):
        into = sums[nearest[point]]
        weight = weights[point]
        into[0] += weight
        into[1] += weight * points[point, 0]
        into[2] += weight * points[point, 1]
    return sums


@njit(cache=True)
def _ridge(
    n: int,
    factor: float,
    square: float,
    rest: float,
    product: float,
    intercept_ridge: float,
    factor_ridge: float,
) -> tuple[float, float]:
    first, last = n + intercept_ridge, square + factor_ridge
    determinant = first * last - factor * factor
    return (rest * last - factor * product) / determinant, (first * product - factor * rest) / determinant


@njit(cache=True)
def _sweep(
    starts: Starts,
    statements: Statements,
    values: Values,
    n_votes: NDArray[np.int64],
    mean: float,
    before: Floats,
    intercept_ridge: float,
    factor_ridge: float,
) -> Floats:
    known = before.copy()
    known[:, 0] += mean
    sums = np.zeros((len(before), 4))
    for row in range(len(starts) - 1):
        first, end = starts[row], starts[row + 1]
        factor_sum, square, rest_sum, product = 0.0, 0.0, 0.0, 0.0
        for vote in range(first, end):
            statement = statements[vote]
            factor = known[statement, 1]
            rest = values[vote] - known[statement, 0]
            factor_sum += factor
            square += factor * factor
            rest_sum += rest
            product += rest * factor
        intercept, factor = _ridge(
            end - first, factor_sum, square, rest_sum, product, intercept_ridge, factor_ridge
        )
        offset, square = mean + intercept, factor * factor
        for vote in range(first, end):
            statement = statements[vote]
            rest = values[vote] - offset
            sums[statement, 0] += factor
            sums[statement, 1] += square
            sums[statement, 2] += rest
            sums[statement, 3] += rest * factor
    found = np.empty_like(before)
    for statement in range(len(before)):
        factor_sum, square, rest_sum, product = sums[statement]
        found[statement] = _ridge(
            n_votes[statement], factor_sum, square, rest_sum, product, intercept_ridge, factor_ridge
        )
    return found


@njit(cache=True)
def _agreeing(
    starts: Starts,
    statements: Statements,
    values: Values,
    people: NDArray[np.bool_],
    listable: NDArray[np.bool_],
) -> tuple[Starts, NDArray[np.int32]]:
    begins = np.zeros(len(listable) + 1, dtype=np.int64)
    for row in range(len(starts) - 1):
        if people[row]:
            for vote in range(starts[row], starts[row + 1]):
                begins[statements[vote] + 1] += values[vote] == 1
    for statement in range(len(listable)):
        begins[statement + 1] = begins[statement] + listable[statement] * begins[statement + 1]
    found = np.empty(begins[-1], dtype=np.int32)
    free = begins[:-1].copy()
    for row in range(len(starts) - 1):
        if people[row]:
            for vote in range(starts[row], starts[row + 1]):
                statement = statements[vote]
                if values[vote] == 1 and listable[statement]:
                    found[free[statement]] = row
                    free[statement] += 1
    return begins, found


@njit(cache=True)
def _add_agreed(
    starts: Starts,
    statements: Statements,
    values: Values,
    participants: NDArray[np.int32],
    amounts: NDArray[np.int64],
    sums: NDArray[np.int64],
) -> None:
    for place in range(len(participants)):
        row = participants[place]
        amount = amounts[place]
        for vote in range(starts[row], starts[row + 1]):
            sums[statements[vote]] += amount * (values[vote] == 1)
