"""Greedy rules, for comparison: the most votes first, whatever else these voters already got."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from tessera.engines.portfolio.outcome import ChosenProject, Outcome, order_of_ties
from tessera.engines.portfolio.problem import Problem


def greedy_by_votes(problem: Problem, *, order: Sequence[str] | None = None) -> Outcome:
    """Go through the projects from the most votes to the fewest and choose each that still fits.

    Parameters
    ----------
    problem : Problem
        Projects that cost more than the budget, and those without a vote, are never chosen.
    order : sequence of str, optional
        Every project once: which of those with the same votes comes first. See `order_of_ties`.

    Returns
    -------
    Outcome
        ``figure`` of a choice are the votes.

    References
    ----------
    The usual rule of cities; it maximises, nearly, the money spent on what voters are for. Faliszewski and
    others (2023), Participatory Budgeting: Data, Tools, and Analysis, IJCAI, section 2.

    Examples
    --------
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> ballots = {"Ada": ["gym", "park"], "Bo": ["gym"], "Cy": ["pool"]}
    >>> problem = problem_of({"gym": 250_00, "park": 50_00, "pool": 50_00}, 300_00, ballots)
    >>> greedy_by_votes(problem).chosen
    ('gym', 'park')
    """
    return _greedy("greedy by votes", problem, lambda place: Fraction(problem.votes[place]), order)


def greedy_by_votes_per_cost(problem: Problem, *, order: Sequence[str] | None = None) -> Outcome:
    """Go through the projects from the most votes for a cent to the fewest and choose each that still fits.

    Parameters
    ----------
    problem : Problem
        Projects that cost more than the budget, and those without a vote, are never chosen.
    order : sequence of str, optional
        Every project once: which of those with the same figure comes first. See `order_of_ties`.

    Returns
    -------
    Outcome
        ``figure`` of a choice are the votes divided by the cost in cents.

    Examples
    --------
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> ballots = {"Ada": ["gym", "park"], "Bo": ["gym"], "Cy": ["pool"]}
    >>> problem = problem_of({"gym": 250_00, "park": 60_00, "pool": 50_00}, 300_00, ballots)
    >>> greedy_by_votes_per_cost(problem).chosen
    ('pool', 'park')
    """
    return _greedy(
        "greedy by votes per cost",
        problem,
        lambda place: Fraction(problem.votes[place], problem.costs[place]),
        order,
    )


def fill(problem: Problem, chosen: Iterable[str], ties: Sequence[int]) -> tuple[ChosenProject, ...]:
    """Add to what is chosen, from the most votes to the fewest, each project that still fits.

    Parameters
    ----------
    problem : Problem
    chosen : iterable of str
    ties : sequence of int, length n_projects
        The rank of each project in a tie.

    Examples
    --------
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> problem = problem_of({"gym": 250_00, "park": 50_00}, 300_00, {"Ada": ["gym", "park"]})
    >>> [choice.project for choice in fill(problem, ["gym"], (0, 1))]
    ['park']
    """
    return _fill(problem, chosen, lambda place: Fraction(problem.votes[place]), ties)


def _greedy(
    rule: str, problem: Problem, figure: Callable[[int], Fraction], order: Sequence[str] | None
) -> Outcome:
    choices = _fill(problem, (), figure, order_of_ties(problem, order))
    cost = problem.cost_of(choice.project for choice in choices)
    return Outcome(rule, choices, cost, None, 0, ())


def _fill(
    problem: Problem, chosen: Iterable[str], figure: Callable[[int], Fraction], ties: Sequence[int]
) -> tuple[ChosenProject, ...]:
    chosen = set(chosen)
    left = problem.budget - problem.cost_of(chosen)
    open_places = [place for place in problem.eligible if problem.projects[place] not in chosen]
    figures = {place: figure(place) for place in open_places}
    waiting = sorted(open_places, key=lambda place: (-figures[place], ties[place]))
    choices = []
    for number, place in enumerate(waiting, 1):
        if problem.costs[place] > left:
            continue
        tied = [
            problem.projects[other]
            for other in waiting[number:]
            if figures[other] == figures[place] and problem.costs[other] <= left
        ]
        left -= problem.costs[place]
        choices.append(ChosenProject(problem.projects[place], figures[place], tuple(tied), None, 0))
    return tuple(choices)
