"""Why a count by Equal Shares came out as it did: every offer of every round, and what the others lacked."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tessera.engines.portfolio.equal_shares import Utility, utility_of
from tessera.engines.portfolio.errors import RuleError
from tessera.engines.portfolio.outcome import Outcome
from tessera.engines.portfolio.problem import Problem
from tessera.engines.portfolio.purses import Price, Purses

Reason = Literal["no votes", "above the budget", "supporters lack money"]


@dataclass(frozen=True)
class Offer:
    """What a project would have cost its supporters in a round. Amounts in cents."""

    project: str
    with_money: int
    """Supporters who have anything left."""
    money: Fraction
    """What the supporters have left together."""
    figure: Fraction | None
    """rho, what a supporter pays for a unit of utility; None if the supporters cannot pay."""
    pays_at_most: Fraction | None
    missing: Fraction
    """What the supporters lack; 0 if they can pay."""


@dataclass(frozen=True)
class Round:
    """One round: what all voters had left before it, and the offers, the lowest rho first."""

    money: Fraction
    chosen: str
    tied: tuple[str, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class LeftOut:
    """A project that the count did not choose, and why."""

    project: str
    reason: Reason
    missing: Fraction | None
    """What the supporters lacked in the end, in cents; None for the other reasons."""


@dataclass(frozen=True)
class Explanation:
    rounds: tuple[Round, ...]
    money: Fraction
    """What all voters have left in the end, in cents."""
    left_out: tuple[LeftOut, ...]
    """The projects that were not bought, in the order of their ids. Some may be filled in later."""


def explain(problem: Problem, outcome: Outcome, utility: Utility) -> Explanation:
    """Go through a count by Equal Shares again and write down what it saw.

    Parameters
    ----------
    problem : Problem
    outcome : Outcome
        By `equal_shares` from the same problem. If its endowment was raised, this is the last count.
    utility : {"cost", "cardinality"}
        As in the count.

    Returns
    -------
    Explanation
        All amounts in fractions of cents.

    Raises
    ------
    RuleError
        The outcome is not one of Equal Shares from this problem and this utility.

    Examples
    --------
    >>> from tessera.engines.portfolio.equal_shares import equal_shares
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> problem = problem_of({"gym": 150, "park": 90}, 200, {"Ada": ["gym", "park"], "Bo": ["gym"]})
    >>> explained = explain(problem, equal_shares(problem), "cost")
    >>> [(offer.project, str(offer.figure)) for offer in explained.rounds[0].offers]
    [('gym', '1/2'), ('park', '1')]
    >>> explained.left_out
    (LeftOut(project='park', reason='supporters lack money', missing=Fraction(65, 1)),)
    """
    if outcome.endowment is None:
        raise RuleError(f"{outcome.rule} gives no money out; only a count by Equal Shares is explained")
    purses = Purses(problem.n_voters, outcome.endowment)
    left = dict.fromkeys(problem.eligible)
    rounds: list[Round] = []
    for choice in outcome.choices:
        place = problem.places[choice.project]
        if place not in left:
            raise RuleError(f"{choice.project} could not be chosen here; the outcome is of other ballots")
        priced = {other: _price(problem, purses, other) for other in left}
        offers = _offers(problem, purses, utility, priced)
        price = priced[place]
        if price is None or choice.figure != offers[0].figure:
            raise RuleError(f"{choice.project} was not the cheapest; the outcome is of other ballots")
        rounds.append(Round(_all_money(problem, outcome, rounds), choice.project, choice.tied, offers))
        purses.pay(problem.supporters_of(place), price)
        del left[place]
    return Explanation(tuple(rounds), _all_money(problem, outcome, rounds), _left_out(problem, purses, left))


def _price(problem: Problem, purses: Purses, place: int) -> Price | None:
    supporters, cost = problem.supporters_of(place), problem.costs[place]
    return purses.exact(supporters, cost, purses.estimate(supporters, cost, 0.0, float("inf")))


def _offers(
    problem: Problem, purses: Purses, utility: Utility, priced: dict[int, Price | None]
) -> tuple[Offer, ...]:
    offers = []
    for place, price in priced.items():
        supporters = problem.supporters_of(place)
        money = purses.money(supporters)
        offers.append(
            Offer(
                problem.projects[place],
                purses.with_money(supporters),
                money,
                None if price is None else price.amount / utility_of(problem, utility, place),
                None if price is None else price.amount,
                max(Fraction(0), problem.costs[place] - money),
            )
        )
    return tuple(sorted(offers, key=lambda offer: (offer.figure is None, offer.figure or offer.missing)))


def _all_money(problem: Problem, outcome: Outcome, rounds: Iterable[Round]) -> Fraction:
    spent = problem.cost_of(done.chosen for done in rounds)
    return problem.n_voters * (outcome.endowment or Fraction(0)) - spent


def _left_out(problem: Problem, purses: Purses, left: Iterable[int]) -> tuple[LeftOut, ...]:
    found: dict[int, LeftOut] = {}
    for place, project in enumerate(problem.projects):
        if problem.votes[place] == 0:
            found[place] = LeftOut(project, "no votes", None)
        elif problem.costs[place] > problem.budget:
            found[place] = LeftOut(project, "above the budget", None)
    for place in left:
        missing = problem.costs[place] - purses.money(problem.supporters_of(place))
        found[place] = LeftOut(problem.projects[place], "supporters lack money", missing)
    return tuple(found[place] for place in sorted(found))
