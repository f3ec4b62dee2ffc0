"""What a reader knows of some attributes, as equations: the adversary's own view, apart from ``block``.

An unknown is a number of people at one publication, with one value of each of the attributes, who gave one
answer to one statement, or who take part.
"""

import itertools
from collections.abc import Iterable, Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tessera.engines.opinion.disclosure.tables import HIDDEN, Publication, Table

Positions = NDArray[np.intp]


class Guess(Enum):
    """What the reader supposes to have happened between two publications."""

    NOTHING = "nothing: people may have come, left and changed their votes"
    NOBODY_ERASED = "nobody was erased: people came, and some changed their votes"
    NO_VOTE_CHANGED = "nobody was erased and no vote was changed"
    NOBODY_CAME = "nobody came and no vote was changed: people were only erased"


class Equations:
    """``equal @ unknowns == sums`` and ``at_most @ unknowns <= 0`` for one family of attributes.

    Parameters
    ----------
    publications : sequence of Publication
        The oldest first.
    family : sequence of str
        Attributes that some tables cross, directly or through others.
    guess : Guess
    """

    def __init__(self, publications: Sequence[Publication], family: Sequence[str], guess: Guess) -> None:
        self.family = tuple(family)
        self.tables = [
            (time, table)
            for time, publication in enumerate(publications)
            for table in publication.tables
            if set(table.attributes) <= set(family)
        ]
        self.people = list(itertools.product(*(self._values(name) for name in family)))
        self.inside = {
            (table.attributes, group): self._rows_of(table.attributes, group)
            for _, table in self.tables
            for group in table.groups
        }
        self.places: dict[tuple[int, str | None], Positions] = {}
        self.size = 0
        for time, table in self.tables:
            self._make_room(time, table)
        shown = [
            (self.unknowns(time, table, row, column), int(table.counts[row, column]))
            for time, table in self.tables
            for row, column in np.argwhere(table.counts != HIDDEN)
        ]
        self.equal = self.matrix((positions, positions[:0]) for positions, _ in shown)
        self.sums = np.array([count for _, count in shown], dtype=float)
        self.at_most = self.matrix(itertools.chain(self._voters_take_part(), self._moves(guess)))

    def unknowns(self, time: int, table: Table, row: int, column: int) -> Positions:
        """The unknowns that a cell is the sum of."""
        return self.places[time, table.statement][self.inside[table.attributes, table.groups[row]], column]

    def matrix(self, rows: Iterable[tuple[Positions, Positions]]) -> csr_array:
        """A row for each pair: 1 at the first positions, -1 at the second."""
        entries = [
            (np.concatenate(pair), np.repeat([1.0, -1.0], [len(pair[0]), len(pair[1])])) for pair in rows
        ]
        ends = np.cumsum([0, *(len(positions) for positions, _ in entries)])
        positions = np.concatenate([positions for positions, _ in entries] or [np.zeros(0, dtype=np.intp)])
        signs = np.concatenate([signs for _, signs in entries] or [np.zeros(0)])
        return csr_array((signs, positions, ends), shape=(len(entries), self.size))

    def _values(self, name: str) -> list[str]:
        seen: dict[str, None] = {}
        for _, table in self.tables:
            if name in table.attributes:
                seen |= dict.fromkeys(group[table.attributes.index(name)] for group in table.groups)
        return list(seen)

    def _rows_of(self, attributes: tuple[str, ...], group: tuple[str, ...]) -> Positions:
        """Which combinations of values belong to a group."""
        where = [self.family.index(name) for name in attributes]
        return np.flatnonzero([tuple(person[i] for i in where) == group for person in self.people])

    def _make_room(self, time: int, table: Table) -> None:
        if (time, table.statement) not in self.places:
            shape = (len(self.people), len(table.answers))
            self.places[time, table.statement] = self.size + np.arange(np.prod(shape)).reshape(shape)
            self.size += int(np.prod(shape))

    def _voters_take_part(self) -> Iterable[tuple[Positions, Positions]]:
        """Each person gives one answer to a statement, or none."""
        for (time, statement), places in self.places.items():
            if statement is not None and (time, None) in self.places:
                yield from zip(places, self.places[time, None], strict=True)

    def _moves(self, guess: Guess) -> Iterable[tuple[Positions, Positions]]:
        """From one publication to the next that speaks of the same statement."""
        if guess is Guess.NOTHING:
            return
        for statement in dict.fromkeys(statement for _, statement in self.places):
            times = sorted(time for time, other in self.places if other == statement)
            for then, now in itertools.pairwise(times):
                before, after = self.places[then, statement], self.places[now, statement]
                if guess is Guess.NOBODY_CAME:
                    before, after = after, before
                if guess is Guess.NOBODY_ERASED:
                    yield from zip(before, after, strict=True)
                else:
                    yield from zip(before.reshape(-1, 1), after.reshape(-1, 1), strict=True)
