"""The one door through which tables by attribute leave: hide what would expose few people."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.disclosure.block import families, make_block
from tessera.engines.opinion.disclosure.suppress import suppress
from tessera.engines.opinion.disclosure.tables import HIDDEN, Publication, Table
from tessera.engines.opinion.errors import DisclosureError

THRESHOLD = 10

Key = tuple[str | None, tuple[str, ...]]


def protect(
    tables: Sequence[Table], published_before: Sequence[Publication], *, threshold: int = THRESHOLD
) -> Publication:
    """Hide every cell that few people are in, and as many others as keep those from being worked out.

    A cell is the people of a group who gave an answer. It is hidden

    - when it holds fewer than ``threshold`` people, nobody included: a published zero says of everybody in
      the group what they did not answer, and a group in which all agree is one with two zeros;
    - when it was published before and fewer than ``threshold`` people came to it or left it since, unless
      the total of the answer is the same as then: the difference would speak of those few;
    - when its group has a hidden number of participants;
    - when it would give another one away. A hidden cell, and a hidden difference of two publications, must
      leave room for values that lie ``threshold`` apart; hence a small cell may always hold ``threshold``
      people or more, as far as a reader can tell. Where the totals and what was published before already
      leave less room, it must leave as much as they do.

    Parameters
    ----------
    tables : sequence of Table
        True counts, with the total of each statement and of the participants (see ``break_down``). Totals are
        shown whatever they are: they are public in any case.
    published_before : sequence of Publication
        All earlier ones of the same consultation, the oldest first. Left out ones are not protected against.
    threshold : int
        People, at least 2.

    Returns
    -------
    Publication
        All tables; hidden cells are ``HIDDEN``. The same input gives the same cells.

    Raises
    ------
    DisclosureError
        A threshold under 2, hidden counts, a table twice, a table without its total, or counts that do not
        add up to it.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, chapters 4 and 5: primary and secondary
    suppression, group disclosure, differencing.

    Examples
    --------
    The total and the other group would give away that three people of the south disagree.

    >>> counts = np.array([[30, 20, 15], [25, 3, 12], [18, 14, 11]])
    >>> districts = (("north",), ("south",), ("west",))
    >>> tables = [
    ...     Table(None, (), ((),), np.array([[240]])),
    ...     Table(None, ("district",), districts, np.array([[90], [80], [70]])),
    ...     Table("1", (), ((),), counts.sum(axis=0)[None]),
    ...     Table("1", ("district",), districts, counts),
    ... ]
    >>> protect(tables, []).tables[-1].counts.tolist()
    [[30, 20, 15], [25, -1, 12], [18, -1, 11]]
    """
    if threshold < 2:
        raise DisclosureError(f"a threshold of {threshold} people protects nobody; choose at least 2")
    totals = _checked_totals(tables)
    hidden: dict[Key, NDArray[np.bool_]] = {
        table.key: _few(table, totals[table.statement], published_before, threshold)
        for table in tables
        if table.attributes
    }
    _hide_more(None, tables, published_before, hidden, threshold)
    for table in tables:
        if table.attributes:
            hidden[table.key] |= hidden[None, table.attributes][:, :1]
    for statement in totals:
        if statement is not None:
            _hide_more(statement, tables, published_before, hidden, threshold)
    return Publication(
        tuple(table.with_hidden(hidden[table.key]) if table.attributes else table for table in tables),
        threshold,
    )


def _checked_totals(tables: Sequence[Table]) -> dict[str | None, Table]:
    """The total of each statement and, under None, of the participants."""
    totals = {table.statement: table for table in tables if not table.attributes}
    if len({table.key for table in tables}) < len(tables):
        raise DisclosureError("a table comes twice; give each statement one table by the same attributes")
    by_people = {table.attributes for table in tables if table.statement is None}
    for table in tables:
        if (table.counts == HIDDEN).any():
            raise DisclosureError(f"{table.name}: holds hidden cells; protect needs the true counts")
        total = totals.get(table.statement)
        if total is None or table.attributes not in by_people:
            raise DisclosureError(
                f"{table.name}: the table needs the total over everybody, and the participants by the same "
                "attributes; give them too"
            )
        wrong = np.flatnonzero(table.counts.sum(axis=0) != total.counts[0])
        if wrong.size:
            answer = table.answers[wrong[0]]
            raise DisclosureError(
                f"{table.name}: the groups have {table.counts[:, wrong[0]].sum()} people for {answer}, "
                f"the total says {total.count((), answer)}; count both from the same votes"
            )
    return totals


def _few(
    table: Table, total: Table, published_before: Sequence[Publication], threshold: int
) -> NDArray[np.bool_]:
    """Primary suppression: cells with few people, and cells shown before that few came to or left since."""
    few = table.counts < threshold
    for publication in published_before:
        earlier, earlier_total = publication.table(*table.key), publication.table(table.statement)
        if earlier is None or earlier_total is None:
            continue
        row_of = {group: row for row, group in enumerate(earlier.groups)}
        for row, group in enumerate(table.groups):
            if group in row_of:
                then = earlier.counts[row_of[group]]
                moved = np.abs(table.counts[row] - then)
                same = (moved == 0) & (total.counts[0] == earlier_total.counts[0])
                few[row] |= (then != HIDDEN) & (moved < threshold) & ~same
    return few


def _hide_more(
    statement: str | None,
    tables: Sequence[Table],
    published_before: Sequence[Publication],
    hidden: dict[Key, NDArray[np.bool_]],
    threshold: int,
) -> None:
    """Secondary suppression in the tables of a statement, the participants being decided."""
    own = _only([Publication(tuple(tables), threshold)], statement)
    earlier = _only(published_before, statement)
    for family in families([*earlier, *own]):
        newest = make_block(own, family, statement)
        history = make_block([*earlier, *own], family, statement) if earlier else None
        cells = newest.cells
        marks = suppress(
            newest,
            history,
            fixed=np.array([cell.table.statement != statement for cell in cells], dtype=bool),
            hidden=np.array([hidden[cell.table.key][cell.row, cell.column] for cell in cells], dtype=bool),
            width=threshold,
        )
        for cell, mark in zip(cells, marks, strict=True):
            hidden[cell.table.key][cell.row, cell.column] = mark


def _only(publications: Sequence[Publication], statement: str | None) -> list[Publication]:
    """The tables of a statement and of the participants, from the publications that have the statement."""
    chosen = [
        Publication(
            tuple(table for table in publication.tables if table.statement in (statement, None)),
            publication.threshold,
        )
        for publication in publications
    ]
    return [publication for publication in chosen if publication.table(statement) is not None]
