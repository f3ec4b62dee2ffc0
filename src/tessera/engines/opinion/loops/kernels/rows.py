"""Events into rows, rows into fewer, and what is counted over them."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tessera.engines.opinion.loops.passes import UNSEEN, Codes, Starts, Statements, Values


@njit(cache=True)
def compress(
    participants: Codes,
    statements: Codes,
    values: Values,
    participant_ranks: NDArray[np.int32],
    statement_ranks: Statements,
    n_participants: int,
    n_statements: int,
) -> tuple[Starts, Statements, Values]:
    starts = np.zeros(n_participants + 1, dtype=np.int64)
    for participant in participants:
        starts[participant_ranks[participant] + 1] += 1
    for row in range(n_participants):
        starts[row + 1] += starts[row]
    free = starts[:-1].copy()
    placed_statements = np.empty(len(statements), dtype=np.uint16)
    placed_values = np.empty_like(values)
    for event in range(len(participants)):
        row = participant_ranks[participants[event]]
        place = free[row]
        placed_statements[place] = statement_ranks[statements[event]]
        placed_values[place] = values[event]
        free[row] = place + 1
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
    return starts, placed_statements[:written], placed_values[:written]


@njit(cache=True)
def thin(
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
def count(
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
def agreeing(
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
def add_agreed(
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
