"""Short lists of statements that speak for as many people as they can, and a check of any list.

To agree is to approve; a pass, a disagreement and a statement not seen are the same here. All decisions are
made on whole numbers. Of equally good statements the one with more agree votes is taken, of those the first
in the order of ids.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import lcm

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.errors import NotComputable
from tessera.engines.opinion.loops.passes import Loops, Starts
from tessera.engines.opinion.votes import Votes

LENGTH = 10


@dataclass(frozen=True, eq=False)
class Agreements:
    """Who agreed with what, among the people who count."""

    votes: Votes
    n_people: int
    """Also those who agreed with nothing."""
    people: NDArray[np.bool_]
    """Shape (n_participants,)."""
    listable: NDArray[np.bool_]
    """Shape (n_statements,): not moderated out."""
    starts: Starts
    """Shape (n_statements + 1,)."""
    agreeing: NDArray[np.int32]
    """Those who agreed with statement j are ``agreeing[starts[j]:starts[j + 1]]``."""

    @property
    def n_agreeing(self) -> NDArray[np.int64]:
        """Agree votes on each statement; 0 if it is moderated out."""
        return np.diff(self.starts)

    def with_statement(self, statement: int) -> NDArray[np.int32]:
        """Who agreed with it: places of participants, ascending."""
        return self.agreeing[self.starts[statement] : self.starts[statement + 1]]


@dataclass(frozen=True)
class ListCheck:
    """How a list serves the people who count."""

    length: int
    n_people: int
    n_served: int
    """Agreed with at least one statement of the list."""
    largest_left_out: int
    """Size of the largest group of people who agreed with nothing on the list, and all with one other."""
    left_out_statement: int | None
    """Place of that other statement; None if there is no such group."""

    @property
    def coverage(self) -> float:
        """Share of the people who agreed with at least one statement of the list; nan if nobody counts."""
        return self.n_served / self.n_people if self.n_people else np.nan

    @property
    def jr_ratio(self) -> float:
        """Size of the largest group left out, over that which deserves a statement: people / length.

        nan for an empty list, and if nobody counts.
        """
        if not (self.n_people and self.length):
            return np.nan
        return self.largest_left_out * self.length / self.n_people

    @property
    def is_justified(self) -> bool:
        """Justified representation: no group left out is as large as people / length.

        An empty list is justified only if nobody agrees with anything.
        """
        if not self.length:
            return self.largest_left_out == 0
        return self.largest_left_out * self.length < self.n_people or self.largest_left_out == 0


class Rule(StrEnum):
    SEQUENTIAL_PAV = "sequential-pav"
    GREEDY_CHAMBERLIN_COURANT = "greedy-chamberlin-courant"


@dataclass(frozen=True)
class RepresentativeList:
    statements: tuple[int, ...]
    """Places, in the order in which they were taken."""
    rule: Rule
    check: ListCheck


def find_agreements(
    votes: Votes, people: NDArray[np.bool_], moderated_out: NDArray[np.bool_], *, loops: Loops
) -> Agreements:
    """Gather who agreed with what: once for all lists of the same votes.

    Parameters
    ----------
    votes : Votes
    people : ndarray of bool, shape (n_participants,)
        Who counts; see `in_conversation`.
    moderated_out : ndarray of bool, shape (n_statements,)
        These are on no list, and nobody is left out for them.

    Examples
    --------
    >>> from tessera.engines.opinion.loops.choice import fastest
    >>> from tessera.engines.opinion.votes import collect_votes
    >>> votes = collect_votes(["1", "2"], ["a", "b"], np.array([0, 0, 1], np.int32),
    ...     np.array([0, 1, 1], np.int32), np.array([1, -1, 1], np.int8), None, loops=fastest())
    >>> agreements = find_agreements(votes, np.ones(2, bool), np.zeros(2, bool), loops=fastest())
    >>> agreements.n_agreeing.tolist(), agreements.with_statement(1).tolist()
    ([1, 1], [1])
    """
    rows = loops.agreeing(votes.starts, votes.statements, votes.values, people, ~moderated_out)
    return Agreements(votes, int(people.sum()), people, ~moderated_out, *rows)


def representative_list(agreements: Agreements, length: int = LENGTH, *, loops: Loops) -> RepresentativeList:
    """The list to publish: by sequential PAV, or if justified representation fails, by greedy CC.

    Greedy Chamberlin-Courant never fails (Aziz and others 2017, section 3, where it is called greedy approval
    voting).

    Parameters
    ----------
    agreements : Agreements
    length : int
        Statements of the list.

    Raises
    ------
    NotComputable
        See `sequential_pav`.

    Examples
    --------
    Four people who agree on a, b and c, and two who agree on d: a list of three that leaves the two out would
    not be justified.

    >>> from tessera.engines.opinion.loops.choice import fastest
    >>> from tessera.engines.opinion.votes import collect_votes
    >>> people = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 5], np.int32)
    >>> statements = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 3], np.int32)
    >>> votes = collect_votes(list("123456"), list("abcd"), people, statements, np.ones(14, np.int8), None,
    ...     loops=fastest())
    >>> agreements = find_agreements(votes, np.ones(6, bool), np.zeros(4, bool), loops=fastest())
    >>> found = representative_list(agreements, 3, loops=fastest())
    >>> found.statements, found.check.coverage
    ((0, 1, 3), 1.0)
    >>> check = check_list(agreements, (0, 1, 2), loops=fastest())
    >>> check.left_out_statement, check.jr_ratio, check.is_justified
    (3, 1.0, False)
    """
    statements, rule = sequential_pav(agreements, length, loops=loops), Rule.SEQUENTIAL_PAV
    check = check_list(agreements, statements, loops=loops)
    if not check.is_justified:
        statements = greedy_chamberlin_courant(agreements, length, loops=loops)
        rule = Rule.GREEDY_CHAMBERLIN_COURANT
        check = check_list(agreements, statements, loops=loops)
    return RepresentativeList(statements, rule, check)


def sequential_pav(agreements: Agreements, length: int = LENGTH, *, loops: Loops) -> tuple[int, ...]:
    """Take the statements one by one, each time the one to which those who agree with it give most.

    Whoever agreed with u of the statements taken so far gives 1 / (u + 1).

    Parameters
    ----------
    agreements : Agreements
    length : int
        Statements of the list.

    Returns
    -------
    tuple of int
        Places of the statements, in the order in which they were taken: ``length`` of them, or all with which
        somebody agreed, if they are fewer.

    Raises
    ------
    NotComputable
        A list so long, for so many people, that the sums do not fit into 64 bits: longer than 40 for a
        thousand people, longer than 30 for a million.

    References
    ----------
    Thiele, T. N. (1895), Om flerfoldsvalg; Janson, S. (2016), Phragmén's and Thiele's election methods,
    arXiv:1611.08826: Thiele's addition method.

    Examples
    --------
    Four people agree on a. Three of them, who then give a half each, are more for c than the fifth for b.

    >>> from tessera.engines.opinion.loops.choice import fastest
    >>> from tessera.engines.opinion.votes import collect_votes
    >>> people = np.array([0, 0, 1, 1, 2, 3, 3, 4], np.int32)
    >>> statements = np.array([0, 2, 0, 2, 0, 0, 2, 1], np.int32)
    >>> votes = collect_votes(list("12345"), list("abc"), people, statements, np.ones(8, np.int8), None,
    ...     loops=fastest())
    >>> agreements = find_agreements(votes, np.ones(5, bool), np.zeros(3, bool), loops=fastest())
    >>> sequential_pav(agreements, 2, loops=fastest())
    (0, 2)
    """
    # Shares of one vote as whole numbers: 1, 1/2 ... 1/length times the least number that all divide.
    whole = lcm(*range(1, length + 1))
    if whole * max(1, agreements.n_people) >= 1 << 63:
        raise NotComputable(
            f"a list of {length} statements for {agreements.n_people} people cannot be computed exactly; "
            "ask for a shorter list"
        )
    gives = np.array([whole // (taken + 1) for taken in range(length)] + [0], dtype=np.int64)
    n_taken = np.zeros(len(agreements.people), dtype=np.int8)

    def give_less(people: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        before = gives[n_taken[people]]
        n_taken[people] += 1
        return people, gives[n_taken[people]] - before

    return _one_by_one(agreements, length, agreements.n_agreeing * whole, give_less, loops)


def greedy_chamberlin_courant(
    agreements: Agreements, length: int = LENGTH, *, loops: Loops
) -> tuple[int, ...]:
    """Take the statements one by one, each time the one with which most people agree who have none so far.

    Once everybody has one who can have one, those with the most agree votes fill the list.

    Parameters
    ----------
    agreements : Agreements
    length : int
        Statements of the list.

    Returns
    -------
    tuple of int
        As `sequential_pav`.

    References
    ----------
    Aziz, H. and others (2017), Justified representation in approval-based committee voting, *Social Choice
    and Welfare* 48, 461-485, section 3: greedy approval voting. For statements that not everybody saw:
    Halpern, D. and others (2023), Representation with incomplete votes, AAAI.

    Examples
    --------
    >>> from tessera.engines.opinion.loops.choice import fastest
    >>> from tessera.engines.opinion.votes import collect_votes
    >>> people = np.array([0, 0, 1, 1, 2, 3, 3, 4], np.int32)
    >>> statements = np.array([0, 2, 0, 2, 0, 0, 2, 1], np.int32)
    >>> votes = collect_votes(list("12345"), list("abc"), people, statements, np.ones(8, np.int8), None,
    ...     loops=fastest())
    >>> agreements = find_agreements(votes, np.ones(5, bool), np.zeros(3, bool), loops=fastest())
    >>> greedy_chamberlin_courant(agreements, 2, loops=fastest())
    (0, 1)
    """
    served = np.zeros(len(agreements.people), dtype=bool)

    def give_no_more(people: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        people = people[~served[people]]
        served[people] = True
        return people, np.full(len(people), -1, dtype=np.int64)

    return _one_by_one(agreements, length, agreements.n_agreeing, give_no_more, loops)


def list_by_score(
    agreements: Agreements, scores: NDArray[np.float64], length: int = LENGTH
) -> tuple[int, ...]:
    """The statements with the largest scores, largest first: a list to be checked beside the others.

    Parameters
    ----------
    agreements : Agreements
    scores : ndarray of float, shape (n_statements,)
        Any; nan is never listed, nor is what is moderated out.

    Examples
    --------
    >>> from tessera.engines.opinion.loops.choice import fastest
    >>> from tessera.engines.opinion.votes import collect_votes
    >>> votes = collect_votes(["1"], ["a", "b", "c"], np.zeros(3, np.int32), np.arange(3, dtype=np.int32),
    ...     np.array([-1, 1, 1], np.int8), None, loops=fastest())
    >>> agreements = find_agreements(votes, np.ones(1, bool), np.zeros(3, bool), loops=fastest())
    >>> list_by_score(agreements, np.array([0.5, np.nan, 0.5]), 2)
    (2, 0)
    """
    order = np.lexsort((-agreements.n_agreeing, -scores))
    listed = order[(agreements.listable & ~np.isnan(scores))[order]]
    return tuple(listed[:length].tolist())


def check_list(agreements: Agreements, statements: Sequence[int], *, loops: Loops) -> ListCheck:
    """See whom a list leaves out: of n people and k statements, n / k who agree on one deserve one.

    Parameters
    ----------
    agreements : Agreements
    statements : sequence of int
        Places of the statements, each once and none moderated out.

    Raises
    ------
    NotComputable
        A statement is listed twice, or is moderated out.

    References
    ----------
    Aziz, H. and others (2017), Justified representation in approval-based committee voting, *Social Choice
    and Welfare* 48, 461-485: definition 1, and in section 3 that it is enough to look at one unlisted
    statement at a time.

    Examples
    --------
    See `representative_list`.
    """
    listed = np.asarray(statements, dtype=np.intp)
    names = agreements.votes.statement_ids
    if (out := listed[~agreements.listable[listed]]).size:
        raise NotComputable(f"statement {names[out[0]]} is on the list, but was moderated out; take it off")
    places, times = np.unique(listed, return_counts=True)
    if (again := places[times > 1]).size:
        raise NotComputable(f"statement {names[again[0]]} is twice on the list; list it once")
    votes = agreements.votes
    left_out = agreements.people.copy()
    for statement in places:
        left_out[agreements.with_statement(statement)] = False
    people = np.flatnonzero(left_out).astype(np.int32)
    sums = np.zeros(len(names), dtype=np.int64)
    loops.add_agreed(
        votes.starts, votes.statements, votes.values, people, np.ones(len(people), dtype=np.int64), sums
    )
    free = agreements.listable & (sums > 0)
    worst = _best(sums, agreements, free) if free.any() else None
    return ListCheck(
        length=len(listed),
        n_people=agreements.n_people,
        n_served=agreements.n_people - len(people),
        largest_left_out=0 if worst is None else int(sums[worst]),
        left_out_statement=worst,
    )


def _one_by_one(
    agreements: Agreements,
    length: int,
    sums: NDArray[np.int64],
    change: Callable[[NDArray[np.int32]], tuple[NDArray[np.int32], NDArray[np.int64]]],
    loops: Loops,
) -> tuple[int, ...]:
    """Take the statement with the largest sum, again and again; ``sums`` is used up.

    ``change`` says by how much which of the people who agree with it give another amount to their statements.
    """
    votes = agreements.votes
    free = agreements.n_agreeing > 0
    found: list[int] = []
    while len(found) < length and free.any():
        best = _best(sums, agreements, free)
        found.append(best)
        free[best] = False
        people, amounts = change(agreements.with_statement(best))
        loops.add_agreed(votes.starts, votes.statements, votes.values, people, amounts, sums)
    return tuple(found)


def _best(sums: NDArray[np.int64], agreements: Agreements, free: NDArray[np.bool_]) -> int:
    places = np.flatnonzero(free)
    places = places[sums[places] == sums[places].max()]
    return int(places[np.argmax(agreements.n_agreeing[places])])
