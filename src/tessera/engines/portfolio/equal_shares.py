"""The Method of Equal Shares: every voter decides on the same share of the budget.

Each voter gets an endowment, the budget divided by the voters. A project can be bought if its supporters can
pay for it; all pay the same, and who has less pays what he or she has. Round for round the project is bought
that costs its supporters least for what it is worth to them:

    rho(p) = the smallest rho with  sum over the supporters i of min(money of i, rho x u(p)) = cost(p)

u(p) is the cost of the project (every euro spent on what a voter is for counts the same) or 1 (every project
does). The count is exact: see `purses`. Peters, Pierczynski and Skowron (2021), Proportional Participatory
Budgeting with Additive Utilities, NeurIPS 34, section 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tessera.engines.portfolio.errors import RuleError
from tessera.engines.portfolio.greedy import fill
from tessera.engines.portfolio.outcome import ChosenProject, Outcome, order_of_ties
from tessera.engines.portfolio.problem import Problem
from tessera.engines.portfolio.purses import Price, Purses

Utility = Literal["cost", "cardinality"]

_JUST_BELOW, _JUST_ABOVE, _WELL_ABOVE = 1 - 2.0**-48, 1 + 2.0**-48, 1 + 2.0**-44
"""A few roundings of a product or quotient, and more than those of several."""


@dataclass(frozen=True)
class Completion:
    """How an outcome that leaves money unspent is completed."""

    step: Fraction
    """By how much the endowment of each voter rises at a time, in cents; above 0."""
    fill: bool = False
    """Whether the projects with the most votes that still fit are added at the end."""


def one_percent(problem: Problem) -> Fraction:
    """The step of the endowment, in cents a voter, that raises what all have by 1 % of the budget.

    Examples
    --------
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> one_percent(problem_of({"gym": 400_00}, 500_00, {"Ada": ["gym"], "Bo": []}))
    Fraction(250, 1)
    """
    return Fraction(problem.budget, 100 * problem.n_voters)


def equal_shares(
    problem: Problem,
    utility: Utility = "cost",
    *,
    completion: Completion | None = None,
    order: Sequence[str] | None = None,
) -> Outcome:
    """Share a budget among the voters equally.

    Parameters
    ----------
    problem : Problem
        Projects that cost more than the budget, and those without a vote, are never chosen.
    utility : {"cost", "cardinality"}
        What a project is worth to each of its supporters: its cost, or 1.
    completion : Completion, optional
        Without it, about a third of the budget is often not spent. With it the endowment is raised step by
        step, and each time the count begins anew. It ends when no project that is left out fits into what
        is left of the budget, or when the next step would cost more than the budget.
    order : sequence of str, optional
        Every project once: which of those with the same figure is chosen. See `order_of_ties`.

    Returns
    -------
    Outcome
        ``figure`` of a choice is rho: cents per cent of cost, or cents per project, that a supporter pays.

    Raises
    ------
    RuleError
        The step is not above 0, or the order is not one of these projects.

    References
    ----------
    Peters, Pierczynski and Skowron (2021), section 3; completion as recommended on equalshares.net,
    Implementation, Completion ("Add1", with a step of one unit of money for each voter).

    Examples
    --------
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> ballots = {"Ada": ["gym", "park"], "Bo": ["gym"], "Cy": ["pool"]}
    >>> problem = problem_of({"gym": 200_00, "park": 90_00, "pool": 100_00}, 300_00, ballots)
    >>> [(choice.project, str(choice.pays_at_most)) for choice in equal_shares(problem).choices]
    [('gym', '10000'), ('pool', '10000')]
    """
    ties = order_of_ties(problem, order)
    endowment = Fraction(problem.budget, problem.n_voters)
    bought, raises = _count(problem, utility, endowment, ties), 0
    if completion is not None:
        if completion.step <= 0:
            raise RuleError(f"the endowment would rise by {completion.step} cents; more than 0 is expected")
        bought, raises = _complete(problem, utility, completion.step, ties, bought)
        endowment += raises * completion.step
    filled: tuple[ChosenProject, ...] = ()
    if completion is not None and completion.fill:
        filled = fill(problem, [choice.project for choice in bought], ties)
    return Outcome(
        f"equal shares, {utility}",
        bought,
        _cost(problem, (*bought, *filled)),
        endowment,
        raises,
        filled,
    )


def utility_of(problem: Problem, utility: Utility, place: int) -> int:
    """What a project is worth to each of its supporters: its cost in cents, or 1.

    Examples
    --------
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> problem = problem_of({"gym": 400_00}, 500_00, {"Ada": ["gym"]})
    >>> utility_of(problem, "cost", 0), utility_of(problem, "cardinality", 0)
    (40000, 1)
    """
    return problem.costs[place] if utility == "cost" else 1


def _count(
    problem: Problem, utility: Utility, endowment: Fraction, ties: tuple[int, ...]
) -> tuple[ChosenProject, ...]:
    """Buy projects until none can be bought."""
    purses = Purses(problem.n_voters, endowment)
    # What a supporter pays at most only ever rises. Each project keeps a bound from below, in cents.
    bounds = {place: problem.costs[place] / problem.votes[place] * _JUST_BELOW for place in problem.eligible}
    bought = []
    while tied := _cheapest(problem, utility, purses, bounds):
        place = min(tied, key=lambda place: ties[place])
        price = tied[place]
        purses.pay(problem.supporters_of(place), price)
        del bounds[place]
        bought.append(
            ChosenProject(
                problem.projects[place],
                price.amount / utility_of(problem, utility, place),
                tuple(problem.projects[other] for other in sorted(tied) if other != place),
                price.amount,
                price.pay_all,
            )
        )
    return tuple(bought)


def _complete(
    problem: Problem,
    utility: Utility,
    step: Fraction,
    ties: tuple[int, ...],
    bought: tuple[ChosenProject, ...],
) -> tuple[tuple[ChosenProject, ...], int]:
    """Raise the endowment until nothing fits or the budget would be exceeded: the last count, and the raises.

    If two counts make the same purchases at the same prices, no supporter lacked money: who does pays more
    of a higher endowment. Then each chosen project has the lowest rho it can have, and more money changes
    nothing until another project can be paid for soon enough, which from there on it always can. So a count
    further on that is the same is the count of every raise between, and these are passed over: a project
    with one supporter would need a hundred thousand of them.
    """
    first = Fraction(problem.budget, problem.n_voters)
    raises, stride = 0, 1
    while not _is_exhaustive(problem, bought):
        richer = _count(problem, utility, first + (raises + stride) * step, ties)
        if stride > 1 and richer != bought:
            stride //= 2
            continue
        if _cost(problem, richer) > problem.budget:
            break
        raises += stride
        stride = 2 * stride if richer == bought else 1
        bought = richer
    return bought, raises


def _cheapest(
    problem: Problem, utility: Utility, purses: Purses, bounds: dict[int, float]
) -> dict[int, Price]:
    """The projects with the lowest rho, with their prices; the bounds rise, what cannot be paid leaves them.

    Most projects are passed over by their bound. What is left is decided in fractions.
    """
    best: Fraction | None = None
    ceiling = float("inf")
    tied: dict[int, Price] = {}
    worth = {place: utility_of(problem, utility, place) for place in bounds}
    for place in sorted(bounds, key=lambda place: bounds[place] / worth[place]):
        if bounds[place] / worth[place] * _JUST_BELOW > ceiling:
            break
        supporters, cost = problem.supporters_of(place), problem.costs[place]
        near = purses.estimate(supporters, cost, bounds[place], ceiling * worth[place] * _WELL_ABOVE)
        bounds[place] = max(bounds[place], (near.price - near.error) * _JUST_BELOW)
        if bounds[place] / worth[place] * _JUST_BELOW > ceiling and near.price < float("inf"):
            continue
        price = purses.exact(supporters, cost, near)
        if price is None:
            del bounds[place]
            continue
        rho = price.amount / worth[place]
        if best is None or rho < best:
            best, ceiling, tied = rho, float(rho) * _JUST_ABOVE, {}
        if rho == best:
            tied[place] = price
    return tied


def _cost(problem: Problem, choices: Sequence[ChosenProject]) -> int:
    return problem.cost_of(choice.project for choice in choices)


def _is_exhaustive(problem: Problem, bought: Sequence[ChosenProject]) -> bool:
    """Whether no project that could be chosen fits into what is left of the budget."""
    chosen = {choice.project for choice in bought}
    left = problem.budget - _cost(problem, bought)
    return all(
        problem.costs[place] > left for place in problem.eligible if problem.projects[place] not in chosen
    )
