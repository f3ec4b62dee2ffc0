"""What is to be decided: projects with their costs, a budget, and who is for what.

Money is whole cents. Ballots are approvals: a voter is for a project or is not; `ballots` makes approvals of
points and of rankings. Inside, the supporters stand project after project in one array.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tessera.engines.portfolio.errors import BallotError, ProjectError, some

MOST_CENTS = 10**15
"""Ten trillion euros. Every amount below is exact in floating point, too."""

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True, eq=False)
class Problem:
    """Projects, a budget and approvals. Made by `problem_of` or `problem_of_rows`."""

    projects: tuple[str, ...]
    """In the order of their ids: by number if all are whole numbers, else by code point."""
    costs: tuple[int, ...]
    """In cents, above 0, in the order of the projects."""
    budget: int
    """In cents, above 0."""
    n_voters: int
    """All who voted, those whose ballot is empty, too."""
    starts: NDArray[np.intp]
    """Where the supporters of each project begin; shape (n_projects + 1,)."""
    supporters: NDArray[np.intp]
    """Numbers of voters from 0, rising within a project; shape (n_approvals,)."""

    @cached_property
    def votes(self) -> tuple[int, ...]:
        """How many voters are for each project."""
        return tuple(np.diff(self.starts).tolist())

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each project in the other fields."""
        return {project: place for place, project in enumerate(self.projects)}

    @cached_property
    def eligible(self) -> tuple[int, ...]:
        """Places of the projects that a rule may choose: with a vote, and within the budget."""
        return tuple(
            place
            for place, (cost, votes) in enumerate(zip(self.costs, self.votes, strict=True))
            if votes and cost <= self.budget
        )

    def supporters_of(self, place: int) -> NDArray[np.intp]:
        """The voters who are for the project at this place."""
        return self.supporters[self.starts[place] : self.starts[place + 1]]

    def cost_of(self, projects: Iterable[str]) -> int:
        """What these projects cost together, in cents."""
        return sum(self.costs[self.places[project]] for project in projects)


def problem_of(costs: Mapping[str, int], budget: int, ballots: Mapping[str, Collection[str]]) -> Problem:
    """Put projects, a budget and ballots together.

    Parameters
    ----------
    costs : mapping of str to int
        The cost of each project in cents, above 0.
    budget : int
        In cents, above 0.
    ballots : mapping of str to collection of str
        For each voter the projects that the voter is for. An empty ballot counts as a voter.

    Raises
    ------
    ProjectError
        There is no project, or a cost or the budget is no whole number of cents above 0.
    BallotError
        There is no voter, or a ballot names an unknown project or one twice.

    Examples
    --------
    >>> ballots = {"Ada": ["park"], "Bo": ["gym", "park"]}
    >>> problem = problem_of({"gym": 400_00, "park": 250_00}, 500_00, ballots)
    >>> problem.projects, problem.votes, problem.supporters.tolist()
    (('gym', 'park'), (1, 2), [1, 0, 1])
    """
    numbers = {project: number for number, project in enumerate(costs)}
    voters: list[int] = []
    named: list[int] = []
    for number, (voter, ballot) in enumerate(ballots.items()):
        unknown = [project for project in ballot if project not in numbers]
        if unknown:
            raise BallotError(
                f"the ballot of {voter} names {some(unknown)}; on the ballot are {some(list(costs))}"
            )
        if len(set(ballot)) < len(ballot):
            twice = next(project for project in ballot if list(ballot).count(project) > 1)
            raise BallotError(f"the ballot of {voter} names {twice} more than once; once is enough")
        voters.extend([number] * len(ballot))
        named.extend(numbers[project] for project in ballot)
    return problem_of_rows(
        costs, budget, len(ballots), np.array(voters, dtype=np.intp), np.array(named, dtype=np.intp)
    )


def problem_of_rows(
    costs: Mapping[str, int],
    budget: int,
    n_voters: int,
    voters: NDArray[np.intp],
    projects: NDArray[np.intp],
) -> Problem:
    """Put projects, a budget and many ballots together, with a row for each approval.

    Parameters
    ----------
    costs : mapping of str to int
        The cost of each project in cents, above 0.
    budget : int
        In cents, above 0.
    n_voters : int
        All who voted, those whose ballot is empty, too.
    voters, projects : ndarray of int, shape (n_approvals,)
        Row for row the number of the voter, and that of the project in the order of ``costs``, both from 0.

    Raises
    ------
    ProjectError
        There is no project, or a cost or the budget is no whole number of cents above 0.
    BallotError
        There is no voter, a number is out of range, or a voter is for the same project in two rows.

    Examples
    --------
    >>> costs = {"park": 250_00, "gym": 400_00}
    >>> problem = problem_of_rows(costs, 500_00, 2, np.array([1, 0, 1]), np.array([0, 0, 1]))
    >>> problem.projects, problem.votes
    (('gym', 'park'), (1, 2))
    """
    _check_money(costs, budget)
    if n_voters < 1:
        raise BallotError("nobody voted; at least one ballot is expected")
    for what, numbers, count in (("voter", voters, n_voters), ("project", projects, len(costs))):
        if numbers.size and not 0 <= numbers.min() <= numbers.max() < count:
            raise BallotError(f"a {what} has a number outside of 0 to {count - 1}")
    ids = in_order(costs)
    place_of = {project: place for place, project in enumerate(ids)}
    places = np.array([place_of[project] for project in costs], dtype=np.intp)[projects]
    # One number for each approval, so that one sort puts them project after project and finds doubles.
    keys = np.sort(places * n_voters + voters)
    doubled = np.flatnonzero(keys[1:] == keys[:-1])
    if doubled.size:
        place, voter = divmod(int(keys[doubled[0]]), n_voters)
        raise BallotError(f"voter number {voter} is for {ids[place]} more than once; once is enough")
    starts = np.searchsorted(keys, np.arange(len(ids) + 1) * n_voters)
    return Problem(ids, tuple(costs[project] for project in ids), budget, n_voters, starts, keys % n_voters)


def in_order(ids: Iterable[str]) -> tuple[str, ...]:
    """Ids by number if all of them are whole numbers, with or without a sign, else by code point.

    Examples
    --------
    >>> in_order(["10", "-9", "9"]), in_order(["p10", "p9"])
    (('-9', '9', '10'), ('p10', 'p9'))
    """
    ids = list(ids)
    if all(map(_WHOLE_NUMBER.fullmatch, ids)):
        # A whole number of more than 4,300 digits is a ValueError of int.
        return tuple(sorted(ids, key=lambda name: (Decimal(name), name)))
    return tuple(sorted(ids))


def _check_money(costs: Mapping[str, int], budget: int) -> None:
    if not costs:
        raise ProjectError("there is no project to choose; at least one is expected")
    amounts = {"the budget": budget} | {f"the cost of {name}": cost for name, cost in costs.items()}
    for what, amount in amounts.items():
        if type(amount) is not int or not 0 < amount < MOST_CENTS:
            raise ProjectError(
                f"{what} is {amount!r}; a whole number of cents above 0 is expected (below {MOST_CENTS:,})"
            )
