"""Votes of participants on statements, kept as compressed rows: three bytes a vote."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.loops.passes import Codes, Loops, Starts, Statements, Values

AGREE, PASS, DISAGREE = 1, 0, -1

MOST_STATEMENTS = 10_000
"""The sums over pairs of so many take 4 GB. The largest consultations in Polis had fewer than 1,000."""

CODES_AT_ONCE = 1 << 20
"""An index takes 8 bytes a number while it is used."""

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True, eq=False)
class Votes:
    """Who voted how on what: +1 agree, -1 disagree, 0 pass; what nobody saw is absent.

    The votes of participant i are ``statements[starts[i]:starts[i + 1]]``, ascending, and the same part of
    ``values``. A participant or statement may be left without any vote.
    """

    participant_ids: NDArray[np.str_]
    """In the order of `in_order`."""
    statement_ids: NDArray[np.str_]
    starts: Starts
    """Shape (n_participants + 1,)."""
    statements: Statements
    """Shape (n_votes,): places in ``statement_ids``."""
    values: Values
    """Shape (n_votes,)."""

    @property
    def n_votes(self) -> NDArray[np.int64]:
        """Votes of each participant."""
        return np.diff(self.starts)

    def thinned(self, kept: NDArray[np.bool_], *, loops: Loops) -> "Votes":
        """Those votes for which ``kept``, shape (n_votes,), is true, with all participants and statements."""
        starts, statements, values = loops.thin(self.starts, self.statements, self.values, kept)
        return replace(self, starts=starts, statements=statements, values=values)

    def of_participants(self, first: int, end: int) -> "Votes":
        """The participants from the first to the one before the end, with all statements."""
        starts = self.starts[first : end + 1]
        part = slice(int(starts[0]), int(starts[-1]))
        return replace(
            self,
            participant_ids=self.participant_ids[first:end],
            starts=starts - starts[0],
            statements=self.statements[part],
            values=self.values[part],
        )


def collect_votes(
    participant_ids: Sequence[str],
    statement_ids: Sequence[str],
    participants: Codes,
    statements: Codes,
    values: Values,
    times: NDArray[np.int64] | None,
    *,
    loops: Loops,
) -> Votes:
    """Put events together: of two votes of one participant on one statement the last one counts.

    Parameters
    ----------
    participant_ids, statement_ids : sequence of str
        Each once. Those without an event are left out.
    participants, statements : ndarray of int, shape (n_events,)
        Places in the ids.
    values : ndarray of int8, shape (n_events,)
        1, 0 or -1.
    times : ndarray of int64, shape (n_events,), or None
        Events at the same time, and all events without times, count in the order given.

    Raises
    ------
    VotesError
        More than 10,000 statements with votes, or a value that is no vote.

    Examples
    --------
    >>> from tessera.engines.opinion.loops.choice import fastest
    >>> votes = collect_votes(
    ...     ["p10", "p9"], ["a"], np.array([0, 1, 0], np.int32), np.zeros(3, np.int32),
    ...     np.array([1, 1, -1], np.int8), None, loops=fastest())
    >>> votes.participant_ids.tolist(), votes.values.tolist()
    (['p10', 'p9'], [-1, 1])
    """
    if len(values) and not DISAGREE <= values.min() <= values.max() <= AGREE:
        raise VotesError("a vote is 1 (agree), 0 (pass) or -1 (disagree)")
    if times is not None and (times[1:] < times[:-1]).any():
        order = np.argsort(times, kind="stable")
        participants, statements, values = participants[order], statements[order], values[order]
    kept_participants, participant_ranks = _ordered(participant_ids, participants)
    kept_statements, statement_ranks = _ordered(statement_ids, statements)
    if len(kept_statements) > MOST_STATEMENTS:
        raise VotesError(
            f"there are votes on {len(kept_statements):,} statements; at most {MOST_STATEMENTS:,} are taken"
        )
    # The ranks are looked up while the rows are made: codes of a hundred million votes are not copied.
    rows = loops.compress(
        participants,
        statements,
        values,
        participant_ranks,
        statement_ranks.astype(np.uint16),
        len(kept_participants),
        len(kept_statements),
    )
    return Votes(kept_participants, kept_statements, *rows)


def in_order(ids: Sequence[str]) -> list[int]:
    """Places of the ids in their order: numeric when all are whole numbers, else by code point.

    Two ways to write a number (7, 007) stay two ids, by code point.

    Examples
    --------
    >>> in_order(["10", "9"]), in_order(["10", "9", "x"])
    ([1, 0], [0, 1, 2])
    """
    # A million ids are asked together: one by one it would take longer than to count their votes.
    together = "".join(ids)
    if together.isascii() and together.isdigit() and all(ids):
        numbers = list(map(int, ids)) if max(map(len, ids)) < 19 else []
        if numbers and len(set(numbers)) == len(ids):
            return np.argsort(np.array(numbers, dtype=np.int64), kind="stable").tolist()
    if all(map(_WHOLE_NUMBER.fullmatch, ids)):
        # Decimal, because int takes no more than 4,300 digits.
        return sorted(range(len(ids)), key=lambda place: (Decimal(ids[place]), ids[place]))
    return sorted(range(len(ids)), key=ids.__getitem__)


def _ordered(ids: Sequence[str], codes: Codes) -> tuple[NDArray[np.str_], NDArray[np.int32]]:
    """The ids that occur, in their order, and the place of each id among them."""
    occurs = np.zeros(len(ids), dtype=bool)
    for first in range(0, len(codes), CODES_AT_ONCE):
        occurs[codes[first : first + CODES_AT_ONCE]] = True
    order = [place for place in in_order(ids) if occurs[place]]
    ranks = np.zeros(len(ids), dtype=np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return np.array([ids[place] for place in order], dtype=np.str_), ranks
