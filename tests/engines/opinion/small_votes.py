"""Votes written down as a small matrix."""

import numpy as np

from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.votes import collect_votes


def votes_of(matrix, participants=None, statements=None, loops=None):
    """A row per participant, with 1, 0, -1, or None where a statement was not seen.

    Ids are 0, 1, 2 and so on, unless they are given. As ever, whoever has no vote is left out.
    """
    cells = [
        (row, column, value)
        for row, line in enumerate(matrix)
        for column, value in enumerate(line)
        if value is not None
    ]
    events = np.array(cells, dtype=np.int32).reshape(-1, 3)
    n_statements = max((len(line) for line in matrix), default=0)
    return collect_votes(
        participants or [str(row) for row in range(len(matrix))],
        statements or [str(column) for column in range(n_statements)],
        events[:, 0],
        events[:, 1],
        events[:, 2].astype(np.int8),
        None,
        loops=loops or fastest(),
    )
