"""Sums over pairs of votes of one participant."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tessera.engines.opinion.loops.passes import UNSEEN, Starts, Statements, Values


@njit(cache=True)
def pack_co_votes(starts: Starts, statements: Statements, values: Values, packed: NDArray[np.int64]) -> None:
    # With u = vote + 1 (0, 1 or 2), (1 + u_j 2^16)(1 + u_k 2^32) holds 1, u_j, u_k and u_j u_k side by side.
    for row in range(len(starts) - 1):
        for one in range(starts[row], starts[row + 1]):
            into = packed[statements[one]]
            left = 1 + (np.int64(values[one] + 1) << 16)
            for other in range(one, starts[row + 1]):
                into[statements[other]] += left * (1 + (np.int64(values[other] + 1) << 32))


@njit(cache=True)
def unpack_co_votes(packed: NDArray[np.int64], sums: NDArray[np.int32]) -> None:
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
def take_vote(
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
