"""How well two outcomes serve the voters: the comparison step of cities that use Equal Shares."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tessera.engines.portfolio.errors import RuleError, some
from tessera.engines.portfolio.outcome import Outcome
from tessera.engines.portfolio.problem import Problem


@dataclass(frozen=True)
class Service:
    """What an outcome gives the voters."""

    served: int
    """Voters who are for at least one of the chosen projects."""
    mean_projects: Fraction
    """Chosen projects that a voter is for, on average."""
    mean_share: Fraction
    """Share of the budget, 0 to 1, that goes to projects a voter is for, on average."""


@dataclass(frozen=True)
class Preference:
    """How many voters are for more of the chosen projects in one of two outcomes. They sum to all voters."""

    first: int
    second: int
    neither: int


def service(problem: Problem, outcome: Outcome) -> Service:
    """Count what an outcome gives the voters.

    Parameters
    ----------
    problem : Problem
    outcome : Outcome
        By any rule.

    Raises
    ------
    RuleError
        The outcome has projects that the problem lacks.

    References
    ----------
    equalshares.net, Benefits, Higher and more equal voter satisfaction.

    Examples
    --------
    >>> from tessera.engines.portfolio.greedy import greedy_by_votes
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> problem = problem_of({"gym": 80, "pool": 50}, 100, {"Ada": ["gym"], "Bo": ["gym"], "Cy": ["pool"]})
    >>> service(problem, greedy_by_votes(problem))
    Service(served=2, mean_projects=Fraction(2, 3), mean_share=Fraction(8, 15))
    """
    won = _won(problem, outcome)
    places = [problem.places[project] for project in outcome.chosen]
    money = sum(problem.votes[place] * problem.costs[place] for place in places)
    return Service(
        int(np.count_nonzero(won)),
        Fraction(int(won.sum()), problem.n_voters),
        Fraction(money, problem.n_voters * problem.budget),
    )


def preference(problem: Problem, first: Outcome, second: Outcome) -> Preference:
    """Count the voters who do better in one outcome than in the other.

    A voter prefers the outcome with more chosen projects that he or she is for. Cities with a comparison step
    publish the count by Equal Shares unless more voters prefer the greedy one.

    Parameters
    ----------
    problem : Problem
    first, second : Outcome
        By any rule.

    Raises
    ------
    RuleError
        An outcome has projects that the problem lacks.

    References
    ----------
    The comparison "satisfaction" of the computation tool of equalshares.net.

    Examples
    --------
    >>> from tessera.engines.portfolio.equal_shares import equal_shares
    >>> from tessera.engines.portfolio.greedy import greedy_by_votes
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> problem = problem_of({"gym": 80, "pool": 30}, 100, {"Ada": ["gym"], "Bo": ["gym"], "Cy": ["pool"]})
    >>> preference(problem, equal_shares(problem), greedy_by_votes(problem))
    Preference(first=1, second=2, neither=0)
    """
    ours, theirs = _won(problem, first), _won(problem, second)
    more, fewer = int(np.count_nonzero(ours > theirs)), int(np.count_nonzero(ours < theirs))
    return Preference(more, fewer, problem.n_voters - more - fewer)


def _won(problem: Problem, outcome: Outcome) -> NDArray[np.intp]:
    """For each voter the number of chosen projects that the voter is for."""
    unknown = [project for project in outcome.chosen if project not in problem.places]
    if unknown:
        raise RuleError(
            f"the outcome has {some(unknown)}, which is not on the ballot; compare outcomes of one vote"
        )
    won = np.zeros(problem.n_voters, dtype=np.intp)
    for project in outcome.chosen:
        won[problem.supporters_of(problem.places[project])] += 1
    return won
