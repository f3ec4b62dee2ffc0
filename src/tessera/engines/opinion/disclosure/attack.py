"""What a reader can work out of published tables: the adversary of ``protect``.

It knows every publication and the rules of arithmetic, and not how the tables were protected. The unknown
counts are whole numbers, at least 0, that agree with all that is shown; the smallest and the largest value of
each hidden one are found over all statements at once.

References
----------
Hundepool et al. (2012), Statistical Disclosure Control, chapter 4: the feasibility interval of a suppressed
cell. Fischetti and Salazar-González (2001), Management Science 47(7), section 2: the attacker's subproblems.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tessera.engines.opinion.disclosure.equations import Equations, Guess
from tessera.engines.opinion.disclosure.ranges import find_ranges
from tessera.engines.opinion.disclosure.tables import HIDDEN, Publication, Table


@dataclass(frozen=True)
class Figure:
    """A count of one publication or, with ``since``, by how much it moved since an earlier publication.

    Publications are told by their position. ``guess`` is what the reader supposes of the time between them.
    """

    statement: str | None
    attributes: tuple[str, ...]
    group: tuple[str, ...]
    answer: str
    publication: int
    since: int | None
    guess: Guess


@dataclass(frozen=True)
class Interval:
    """The values that a figure can take, as far as the reader can tell.

    Both ends are values that it takes in some tables that agree with everything shown. They are the outermost
    such values wherever they lie less than ``enough`` apart. ``widest`` is how far apart the totals alone
    leave them: of a total of 3 passes no group can have more.
    """

    figure: Figure
    low: int
    high: int
    widest: int

    @property
    def pinned(self) -> bool:
        """The reader knows the exact value, and not from the totals alone."""
        return self.low == self.high and self.widest > 0


@dataclass(frozen=True)
class Attack:
    """The hidden figures with their intervals, and the small figures that are simply shown.

    A difference that must be 0 between publications with the same totals is left out: it is no news.
    ``revealed`` are shown cells with fewer people than the threshold of their publication, and differences of
    two shown cells that few people make up; a difference of 0 only if the total of the answer moved.
    """

    hidden: tuple[Interval, ...]
    revealed: tuple[Interval, ...]

    @property
    def pinned(self) -> tuple[Interval, ...]:
        """The hidden figures that the tables give away."""
        return tuple(interval for interval in self.hidden if interval.pinned)


def pin_down(publications: Sequence[Publication], *, enough: int) -> Attack:
    """Work out what can be known of every hidden count and of every hidden move of a count.

    Every ``Guess`` about the time between publications is tried. Where it contradicts what is shown, nothing
    follows from it.

    Parameters
    ----------
    publications : sequence of Publication
        Of one consultation, the oldest first. Each has the totals of its tables.
    enough : int
        People. A figure that was seen to take two values this far apart is looked at no further.

    Returns
    -------
    Attack

    Examples
    --------
    Three groups, one hidden: the total gives it away.

    >>> total = Table(None, (), ((),), np.array([[100]]))
    >>> ages = Table(None, ("age",), (("young",), ("middle",), ("old",)), np.array([[55], [41], [HIDDEN]]))
    >>> attack = pin_down([Publication((total, ages), 10)], enough=10)
    >>> [(found.figure.group, found.low, found.high) for found in attack.pinned]
    [(('old',), 4, 4)]
    """
    hidden: list[Interval] = []
    for family in _families(publications):
        for guess in Guess if len(publications) > 1 else [Guess.NOTHING]:
            hidden += _attack(publications, family, guess, enough)
    return Attack(tuple(hidden), tuple(_revealed(publications)))


def _families(publications: Sequence[Publication]) -> list[list[str]]:
    """Attributes that tables cross, directly or through others."""
    families: list[set[str]] = []
    for table in itertools.chain.from_iterable(publication.tables for publication in publications):
        names = set(table.attributes)
        if names and not any(names <= family for family in families):
            touching = [family for family in families if family & names]
            families = [family for family in families if not family & names] + [names.union(*touching)]
    return sorted(sorted(family) for family in families)


def _attack(
    publications: Sequence[Publication], family: Sequence[str], guess: Guess, enough: int
) -> Iterator[Interval]:
    equations = Equations(publications, family, guess)
    figures, unknowns, widest = [], [], []
    for time, table in equations.tables:
        total = _total(publications[time], table)
        for row, column in np.argwhere(table.counts == HIDDEN).tolist():
            now = equations.unknowns(time, table, row, column)
            figures.append(_figure(table, row, column, time, None, guess))
            unknowns.append((now, now[:0]))
            widest.append(int(total.counts[0, column]))
    for then, now_time, before, after in _repeated(publications) if guess is not Guess.NOTHING else ():
        if not set(after.attributes) <= set(family):
            continue
        totals = _total(publications[now_time], after).counts[0], _total(publications[then], before).counts[0]
        may_change = guess is Guess.NOBODY_ERASED and after.statement is not None
        room = totals[0] + totals[1] if may_change else abs(totals[0] - totals[1])
        for row_then, row in _common_rows(before, after):
            for column in range(len(after.answers)):
                if HIDDEN in (before.counts[row_then, column], after.counts[row, column]):
                    figures.append(_figure(after, row, column, now_time, then, guess))
                    unknowns.append(
                        (
                            equations.unknowns(now_time, after, row, column),
                            equations.unknowns(then, before, row_then, column),
                        )
                    )
                    widest.append(int(room[column]))
    low, high = find_ranges(
        equations, equations.matrix(unknowns), np.minimum(np.array(widest, dtype=np.int64), enough)
    )
    for figure, least, most, limit in zip(figures, low.tolist(), high.tolist(), widest, strict=True):
        supposed = least == most == 0 and figure.since is not None and _stood_still(publications, figure)
        if least <= most and not supposed:
            yield Interval(figure, least, most, limit)


def _figure(table: Table, row: int, column: int, time: int, since: int | None, guess: Guess) -> Figure:
    return Figure(
        table.statement, table.attributes, table.groups[row], table.answers[column], time, since, guess
    )


def _total(publication: Publication, table: Table) -> Table:
    total = publication.table(table.statement)
    assert total is not None, f"{table.name} comes without its total"
    return total


def _stood_still(publications: Sequence[Publication], figure: Figure) -> bool:
    """No total of the statement moved: that no group's did is then no news."""
    assert figure.since is not None
    then, now = (publications[time].table(figure.statement) for time in (figure.since, figure.publication))
    return then is not None and now is not None and bool((then.counts == now.counts).all())


def _repeated(publications: Sequence[Publication]) -> Iterator[tuple[int, int, Table, Table]]:
    """The tables by attribute that two publications have, with both positions."""
    for (then, before), (now, after) in itertools.combinations(enumerate(publications), 2):
        earlier = {table.key: table for table in before.tables}
        for table in after.tables:
            if table.attributes and table.key in earlier:
                yield then, now, earlier[table.key], table


def _common_rows(before: Table, after: Table) -> Iterator[tuple[int, int]]:
    rows = {group: row for row, group in enumerate(before.groups)}
    return ((rows[group], row) for row, group in enumerate(after.groups) if group in rows)


def _revealed(publications: Sequence[Publication]) -> Iterator[Interval]:
    for time, publication in enumerate(publications):
        for table in publication.tables:
            small = (table.counts != HIDDEN) & (table.counts < publication.threshold)
            for row, column in np.argwhere(small).tolist() if table.attributes else ():
                count = int(table.counts[row, column])
                yield Interval(_figure(table, row, column, time, None, Guess.NOTHING), count, count, count)
    for then, now, before, after in _repeated(publications):
        threshold = publications[now].threshold
        moved = _total(publications[now], after).counts[0] != _total(publications[then], before).counts[0]
        for row_then, row in _common_rows(before, after):
            shown = (before.counts[row_then] != HIDDEN) & (after.counts[row] != HIDDEN)
            difference = after.counts[row] - before.counts[row_then]
            few = shown & (abs(difference) < threshold) & ((difference != 0) | moved)
            for column in np.flatnonzero(few).tolist():
                figure = _figure(after, row, column, now, then, Guess.NOTHING)
                value = int(difference[column])
                yield Interval(figure, value, value, abs(value))
