"""The tables of one statement and one family of attributes as an attacker's linear system.

A *family* is the attributes that are tied by crosses; an attribute in no cross is a family of its own.
Unknowns are the people in each *joint group* (a combination of one value of each attribute of the family), by
answer and publication, and the participants of each joint group. Every published figure is a sum of unknowns.
Tables of different families have nothing in common but their totals, so that a block holds all that a reader
can reckon with for one statement; the participants are the one thing that blocks share.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.disclosure.tables import ANSWERS, HIDDEN, Publication, Table
from tessera.engines.opinion.errors import DisclosureError


class Course(Enum):
    """What a reader may take for granted of the time between two publications.

    Each is a set of inequalities that may or may not be true. The reader does not know, and may be right.
    """

    ANY = "people came, left and changed their votes"
    NOBODY_LEFT = "people came and changed their votes"
    ONLY_NEW_VOTES = "people came"
    ONLY_ERASURES = "people left"


@dataclass(frozen=True)
class Cell:
    """One figure of one publication: its table, row and column, and the unknowns that it sums up."""

    publication: int
    table: Table
    row: int
    column: int
    unknowns: NDArray[np.intp]

    @property
    def count(self) -> int:
        return int(self.table.counts[self.row, self.column])

    @property
    def place(self) -> tuple[object, ...]:
        """The same in every publication."""
        return *self.table.key, self.table.groups[self.row], self.column


@dataclass(frozen=True)
class Block:
    """The figures of one statement (or of who takes part) in one family, over all publications.

    ``totals`` has a row of unknowns and a sum for each published total.
    """

    cells: tuple[Cell, ...]
    totals: tuple[tuple[NDArray[np.intp], int], ...]
    shape: tuple[int, int, int]

    @property
    def n_unknowns(self) -> int:
        return int(np.prod(self.shape))

    def total_of(self, cell: int) -> int:
        """The published total that a cell, told by its position, is a part of."""
        one = self.cells[cell].unknowns[0]
        return next(total for unknowns, total in self.totals if one in unknowns)

    def figures(self) -> NDArray[np.float64]:
        """Matrix of cells by unknowns."""
        matrix = np.zeros((len(self.cells), self.n_unknowns))
        for row, cell in zip(matrix, self.cells, strict=True):
            row[cell.unknowns] = 1
        return matrix

    def equalities(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The totals, as a matrix by unknowns and the sums."""
        matrix = np.zeros((len(self.totals), self.n_unknowns))
        for row, (unknowns, _) in zip(matrix, self.totals, strict=True):
            row[unknowns] = 1
        return matrix, np.array([total for _, total in self.totals], dtype=float)

    def inequalities(self, course: Course) -> NDArray[np.float64]:
        """Rows of which the product with the unknowns is at most 0."""
        times, groups, columns = self.shape
        unit = np.eye(self.n_unknowns).reshape(times, groups, columns, -1)
        rows = []
        if columns > 1:
            rows.append((unit[:, :, :-1].sum(axis=2) - unit[:, :, -1]).reshape(-1, self.n_unknowns))
        if times > 1 and course is not Course.ANY:
            fall = unit[:-1] - unit[1:]
            if course is Course.NOBODY_LEFT and columns > 1:
                fall = np.stack([fall[:, :, :-1].sum(axis=2), fall[:, :, -1]], axis=2)
            rows.append((-fall if course is Course.ONLY_ERASURES else fall).reshape(-1, self.n_unknowns))
        return np.concatenate(rows) if rows else np.zeros((0, self.n_unknowns))


def families(publications: Sequence[Publication]) -> list[tuple[str, ...]]:
    """The attributes of all tables, those together that some cross ties, in order of their first table."""
    found: list[tuple[str, ...]] = []
    for table in itertools.chain.from_iterable(publication.tables for publication in publications):
        tied = [family for family in found if set(family) & set(table.attributes)]
        if not table.attributes or (len(tied) == 1 and set(table.attributes) <= set(tied[0])):
            continue
        merged = tuple(dict.fromkeys(itertools.chain(*tied, table.attributes)))
        found = [family for family in found if family not in tied] + [merged]
    return found


def make_block(publications: Sequence[Publication], family: tuple[str, ...], statement: str | None) -> Block:
    """The block of a statement; with None, of who takes part.

    Only publications that have the total of the statement take part.

    Raises
    ------
    DisclosureError
        A table whose total, or the total of participants, was not published with it.
    """
    wanted = (None,) if statement is None else (statement, None)
    chosen = [
        [
            table
            for table in publication.tables
            if table.statement in wanted and set(table.attributes) <= set(family)
        ]
        for publication in publications
        if any(table.statement == statement for table in publication.tables)
    ]
    values = [_values_of(name, chosen) for name in family]
    joint = list(itertools.product(*values))
    columns = 1 if statement is None else len(ANSWERS) + 1
    index = np.arange(len(chosen) * len(joint) * columns).reshape(len(chosen), len(joint), columns)
    cells, totals = [], []
    for time, tables in enumerate(chosen):
        _require_totals(tables, wanted)
        for table in tables:
            offset = columns - 1 if table.statement is None else 0
            where = [family.index(name) for name in table.attributes]
            for row, group in enumerate(table.groups):
                inside = [tuple(combination[i] for i in where) == group for combination in joint]
                for column in range(len(table.answers)):
                    unknowns = index[time, inside, offset + column]
                    if table.attributes:
                        cells.append(Cell(time, table, row, column, unknowns))
                    else:
                        totals.append((unknowns, int(table.counts[row, column])))
    return Block(tuple(cells), tuple(totals), (len(chosen), len(joint), columns))


def _values_of(name: str, chosen: Sequence[Sequence[Table]]) -> list[str]:
    """Every value of an attribute that some publication has a row for."""
    found: dict[str, None] = {}
    for table in itertools.chain.from_iterable(chosen):
        if name in table.attributes:
            found |= dict.fromkeys(group[table.attributes.index(name)] for group in table.groups)
    return list(found)


def _require_totals(tables: Sequence[Table], wanted: tuple[str | None, ...]) -> None:
    for statement in wanted:
        total = next((table for table in tables if table.key == (statement, ())), None)
        if total is None or (total.counts == HIDDEN).any():
            of = "who takes part" if statement is None else f"statement {statement}"
            raise DisclosureError(
                f"{of}: a breakdown without its total; publish the total over everybody with the tables"
            )
