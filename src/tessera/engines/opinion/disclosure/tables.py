"""What a publication holds: counts of people by group and answer, some of them hidden.

A table belongs to one statement, or to none: then it counts who takes part. Its rows are the groups of one
declared attribute, or of two crossed. The table without attributes is the total over everybody.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.errors import DisclosureError

HIDDEN = -1
ANSWERS = ("agree", "disagree", "pass")
PARTICIPANTS = ("participants",)


@dataclass(frozen=True, eq=False)
class Table:
    """Counts of people, one row a group and one column an answer.

    Parameters
    ----------
    statement : str or None
        None: the table counts who takes part, in one column.
    attributes : tuple of str
        None, one or two. Without attributes the table has one row, everybody, whose group is ``()``.
    groups : tuple of tuples of str
        One value per attribute and row.
    counts : ndarray of int, shape (n_groups, n_answers)
        People. ``HIDDEN`` marks a cell that is not shown. The answers are ``ANSWERS`` for a statement.

    Raises
    ------
    DisclosureError
        The counts do not fit the groups, a group comes twice, or a count is negative.

    Examples
    --------
    >>> counts = np.array([[30, 12, HIDDEN], [41, 15, 11]])
    >>> table = Table("1", ("district",), (("north",), ("south",)), counts)
    >>> table.count(("north",), "agree"), table.count(("north",), "pass")
    (30, None)
    """

    statement: str | None
    attributes: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    counts: NDArray[np.int64]

    def __post_init__(self) -> None:
        counts = np.array(self.counts, dtype=np.int64)
        shape = (len(self.groups), len(self.answers))
        if counts.shape != shape:
            raise DisclosureError(
                f"{self.name}: {shape[0]} groups and {shape[1]} answers need a table of {shape[0]} by "
                f"{shape[1]} counts, found {' by '.join(map(str, counts.shape))}"
            )
        if len(set(self.groups)) < len(self.groups):
            raise DisclosureError(f"{self.name}: a group comes twice; give each group one row")
        if any(len(group) != len(self.attributes) for group in self.groups):
            raise DisclosureError(f"{self.name}: a group needs one value for each of {self.attributes}")
        if (counts < HIDDEN).any():
            raise DisclosureError(
                f"{self.name}: {counts.min()} people; a count is 0 or more, or hidden ({HIDDEN})"
            )
        counts.setflags(write=False)
        object.__setattr__(self, "counts", counts)

    @property
    def answers(self) -> tuple[str, ...]:
        return PARTICIPANTS if self.statement is None else ANSWERS

    @property
    def key(self) -> tuple[str | None, tuple[str, ...]]:
        """What tells the table from the others of its publication."""
        return self.statement, self.attributes

    @property
    def name(self) -> str:
        """For messages."""
        of = "who takes part" if self.statement is None else f"statement {self.statement}"
        return f"{of} by {' and '.join(self.attributes)}" if self.attributes else f"{of}, in total"

    def count(self, group: tuple[str, ...], answer: str) -> int | None:
        """The people of a group with an answer; None when hidden."""
        found = int(self.counts[self.groups.index(group), self.answers.index(answer)])
        return None if found == HIDDEN else found

    def agreement(self, group: tuple[str, ...]) -> float | None:
        """Agreeing over agreeing and disagreeing people of a group, 0 to 1; None unless both are shown.

        A share of a hidden count would give the count away, so that shares come from published counts only.
        """
        agree, disagree = self.count(group, "agree"), self.count(group, "disagree")
        if agree is None or disagree is None or agree + disagree == 0:
            return None
        return agree / (agree + disagree)

    def with_hidden(self, hidden: NDArray[np.bool_]) -> "Table":
        """The same table, the marked cells hidden."""
        counts = np.where(hidden, HIDDEN, self.counts)
        return Table(self.statement, self.attributes, self.groups, counts)


@dataclass(frozen=True)
class Publication:
    """The tables of a consultation that were made public together, totals included.

    A hidden cell carries no reason: "fewer than ten" would be a bound that a reader can reckon with. A table
    of which nothing is shown is withheld.
    """

    tables: tuple[Table, ...]
    threshold: int

    def table(self, statement: str | None, attributes: tuple[str, ...] = ()) -> Table | None:
        """The table of a statement by some attributes, None when there is none."""
        return next((table for table in self.tables if table.key == (statement, attributes)), None)

    def withheld(self) -> tuple[Table, ...]:
        """The tables of which no cell is shown."""
        return tuple(table for table in self.tables if (table.counts == HIDDEN).all())
