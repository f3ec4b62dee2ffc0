"""A consultation that goes on: the sums of the landscape kept up to date vote by vote.

After any sequence of votes, changed votes and erasures they are what they would be if made from scratch:
whole numbers, equal to the last bit. What moderation leaves out is decided when the axes are found, so it
needs no update.
"""

import io
from collections.abc import Mapping, Sequence
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.co_votes import BOTH, FIRST, PRODUCT, SECOND, CoVotes, co_votes
from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.loops.passes import UNSEEN, Loops
from tessera.engines.opinion.votes import AGREE, DISAGREE, PASS, Votes, in_order

ROOM = 16
"""Statements that there is room for at first; it doubles when it is full."""


class LiveVotes:
    """Votes as they come, with the sums of `CoVotes` over them.

    Participants and statements are named by their ids. A vote takes time in proportion to the participant's
    other votes; what is read takes none that grows with the number of participants.
    """

    def __init__(self, statement_ids: Sequence[str], *, loops: Loops) -> None:
        self._loops = loops
        self._places: dict[str, int] = {}
        self._sums = np.zeros((max(ROOM, len(statement_ids)),) * 2 + (4,), dtype=np.int32)
        self._rows: dict[str, _Row] = {}
        for name in statement_ids:
            self.add_statement(name)

    @classmethod
    def of(cls, votes: Votes, *, loops: Loops) -> "LiveVotes":
        """Go on from votes that were given before."""
        live = cls(votes.statement_ids.tolist(), loops=loops)
        n = len(votes.statement_ids)
        live._sums[:n, :n] = co_votes(votes, loops=loops).sums
        for place, name in enumerate(votes.participant_ids.tolist()):
            part = slice(int(votes.starts[place]), int(votes.starts[place + 1]))
            live._rows[name] = _Row(votes.statements[part], votes.values[part])
        return live

    @property
    def statement_ids(self) -> tuple[str, ...]:
        """In the order in which they were added."""
        return tuple(self._places)

    @property
    def n_votes(self) -> int:
        """Of all participants."""
        return sum(row.n for row in self._rows.values())

    @property
    def sums(self) -> CoVotes:
        """The sums as they are now, for all statements in the order in which they were added; a copy."""
        n = len(self._places)
        return CoVotes(self._sums[:n, :n].copy())

    def sums_of(self, statement_ids: Sequence[str]) -> CoVotes:
        """The sums as they are now, for these statements in this order.

        Raises
        ------
        VotesError
            A statement is not known.
        """
        places = np.array([self._place(name) for name in statement_ids], dtype=np.intp)
        rows, columns = places[:, np.newaxis], places
        found = self._sums[np.minimum(rows, columns), np.maximum(rows, columns)]
        turned = rows > columns
        found[turned] = found[turned][:, [BOTH, SECOND, FIRST, PRODUCT]]
        found[np.tril_indices(len(places), -1)] = 0
        return CoVotes(found)

    def add_statement(self, name: str) -> None:
        """Let a statement be voted on.

        Raises
        ------
        VotesError
            It is there already.
        """
        if name in self._places:
            raise VotesError(f"the statement {name} is there already")
        n = len(self._places)
        if n == len(self._sums):
            wider = np.zeros((2 * n, 2 * n, 4), dtype=np.int32)
            wider[:n, :n] = self._sums
            self._sums = wider
        self._places[name] = n

    def vote(self, participant: str, statement: str, value: int) -> None:
        """Take a vote; it replaces an earlier one of the same participant on the same statement.

        Raises
        ------
        VotesError
            The statement is not known, or the value is not 1, 0 or -1.
        """
        if value not in (AGREE, PASS, DISAGREE):
            raise VotesError(f"{value!r} is no vote; 1 (agree), 0 (pass) or -1 (disagree) is expected")
        place = self._place(statement)
        row = self._rows.get(participant)
        if row is None:
            row = self._rows[participant] = _Row(np.empty(0, np.uint16), np.empty(0, np.int8))
        if row.n == len(row.statements):
            row.make_room()
        row.n = self._loops.take_vote(self._sums, row.statements, row.values, row.n, place, value)

    def erase(self, participant: str) -> None:
        """Forget a participant and all their votes, as if they had never been here.

        Raises
        ------
        VotesError
            There is no such participant.
        """
        row = self._rows.pop(participant, None)
        if row is None:
            raise VotesError(f"there is no participant {participant}")
        for place in row.votes[0].tolist():
            row.n = self._loops.take_vote(self._sums, row.statements, row.values, row.n, place, UNSEEN)

    def votes_of(self, participant: str) -> Mapping[str, int]:
        """A participant's votes by statement; empty if there are none."""
        row = self._rows.get(participant)
        if row is None:
            return {}
        names = self.statement_ids
        statements, values = row.votes
        return {names[place]: int(value) for place, value in zip(statements, values, strict=True)}

    def votes(self) -> Votes:
        """All votes as they are now, with all statements, also those without a vote."""
        names = self.statement_ids
        order = np.array(in_order(names), dtype=np.intp)
        ranks = np.empty(len(order), dtype=np.uint16)
        ranks[order] = np.arange(len(order))
        people = [name for name, row in self._rows.items() if len(row.votes[0])]
        people = [people[place] for place in in_order(people)]
        starts, statements, values = [0], [], []
        for name in people:
            own, vote = self._rows[name].votes
            ranked = ranks[own]
            ascending = np.argsort(ranked)
            statements.append(ranked[ascending])
            values.append(vote[ascending])
            starts.append(starts[-1] + len(own))
        return Votes(
            np.array(people, dtype=np.str_),
            np.array(names, dtype=np.str_)[order],
            np.array(starts, dtype=np.int64),
            np.concatenate([np.empty(0, np.uint16), *statements]),
            np.concatenate([np.empty(0, np.int8), *values]),
        )

    def saved(self) -> bytes:
        """Everything that is kept, for `restored`. It holds every vote: keep it where votes are kept."""
        names = list(self._rows)
        rows = [self._rows[name].votes for name in names]
        kept = io.BytesIO()
        np.savez_compressed(
            kept,
            statement_ids=np.array(self.statement_ids, dtype=np.str_),
            participant_ids=np.array(names, dtype=np.str_),
            lengths=np.array([len(statements) for statements, _ in rows], dtype=np.int64),
            statements=np.concatenate([np.empty(0, np.uint16), *(statements for statements, _ in rows)]),
            values=np.concatenate([np.empty(0, np.int8), *(values for _, values in rows)]),
            sums=self.sums.sums,
        )
        return kept.getvalue()

    @classmethod
    def restored(cls, saved: bytes, *, loops: Loops) -> "LiveVotes":
        """What was saved, to go on with.

        Raises
        ------
        VotesError
            These are not the bytes of `saved`.
        """
        try:
            with np.load(io.BytesIO(saved), allow_pickle=False) as kept:
                live = cls(kept["statement_ids"].tolist(), loops=loops)
                n = len(live._places)
                live._sums[:n, :n] = kept["sums"]
                ends = np.cumsum(kept["lengths"])[:-1]
                rows = zip(np.split(kept["statements"], ends), np.split(kept["values"], ends), strict=True)
                for name, (statements, values) in zip(kept["participant_ids"].tolist(), rows, strict=False):
                    live._rows[name] = _Row(statements, values)
        except (ValueError, KeyError, OSError, EOFError, BadZipFile) as reason:
            raise VotesError(f"this is no saved state of votes: {reason}") from None
        return live

    def _place(self, statement: str) -> int:
        try:
            return self._places[statement]
        except KeyError:
            raise VotesError(f"there is no statement {statement}; it must be added first") from None


class _Row:
    """The votes of one participant, in no order, with room for more."""

    __slots__ = ("n", "statements", "values")

    def __init__(self, statements: NDArray[np.uint16], values: NDArray[np.int8]) -> None:
        self.n = len(statements)
        self.statements = np.array(statements)
        self.values = np.array(values)

    @property
    def votes(self) -> tuple[NDArray[np.uint16], NDArray[np.int8]]:
        return self.statements[: self.n], self.values[: self.n]

    def make_room(self) -> None:
        room = np.empty(max(8, self.n), np.uint16)
        self.statements = np.concatenate([self.statements, room])
        self.values = np.concatenate([self.values, room.astype(np.int8)])
