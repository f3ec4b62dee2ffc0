"""The tables that `tessera portfolio` writes. docs/reference/portfolio-files.md describes every column."""

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from tessera.cli.results import Cell, table
from tessera.engines.portfolio.compare import preference, service
from tessera.engines.portfolio.equal_shares import Utility
from tessera.engines.portfolio.explanation import Explanation, LeftOut
from tessera.engines.portfolio.outcome import ChosenProject, Outcome
from tessera.engines.portfolio.problem import Problem


def selection_table(
    problem: Problem, titles: Mapping[str, str], outcome: Outcome, explained: Explanation
) -> bytes:
    """`project,title,cost,votes,chosen,round,why`: every project, the chosen ones first."""
    left_out = {left.project: left for left in explained.left_out}
    bought = {choice.project: (number, choice) for number, choice in enumerate(outcome.choices, 1)}
    filled = {choice.project for choice in outcome.filled}

    def row(project: str) -> Sequence[Cell]:
        place = problem.places[project]
        figures = (project, titles.get(project, ""), euros(problem.costs[place]), problem.votes[place])
        if project in bought:
            number, choice = bought[project]
            return *figures, "yes", number, _why_bought(problem, choice)
        why = _why_left_out(problem, left_out[project])
        if project in filled:
            return *figures, "yes", "", f"filled in at the end by its votes; {why}"
        return *figures, "no", "", why

    others = [project for project in problem.projects if project not in outcome.chosen]
    return table(
        ("project", "title", "cost", "votes", "chosen", "round", "why"),
        (row(project) for project in (*outcome.chosen, *others)),
    )


def rounds_table(problem: Problem, explained: Explanation, utility: Utility) -> bytes:
    """`round,project,bought,tied,votes,with_money,money,missing,price,pays_at_most,all_money`."""
    unit = 1 if utility == "cost" else 100

    def rows() -> Iterable[Sequence[Cell]]:
        for number, done in enumerate(explained.rounds, 1):
            for offer in done.offers:
                yield (
                    number,
                    offer.project,
                    "yes" if offer.project == done.chosen else "no",
                    "yes" if offer.project in done.tied else "no",
                    problem.votes[problem.places[offer.project]],
                    offer.with_money,
                    _number(offer.money, 100),
                    _number(offer.missing, 100),
                    _number(offer.figure, unit),
                    _number(offer.pays_at_most, 100),
                    _number(done.money, 100),
                )

    header = ("round", "project", "bought", "tied", "votes", "with_money", "money", "missing", "price")
    return table((*header, "pays_at_most", "all_money"), rows())


def comparison_table(problem: Problem, published: Outcome, others: Iterable[Outcome]) -> bytes:
    """What each rule gives the voters, and how many do better by it than by the published count."""

    def rows() -> Iterable[Sequence[Cell]]:
        for outcome in (published, *others):
            given, preferred = service(problem, outcome), preference(problem, published, outcome)
            yield (
                outcome.rule,
                len(outcome.chosen),
                euros(outcome.cost),
                outcome.cost / problem.budget,
                given.served,
                given.served / problem.n_voters,
                float(given.mean_projects),
                float(given.mean_share),
                preferred.first,
                preferred.second,
                preferred.neither,
            )

    header = ("rule", "projects", "cost", "share_of_budget", "voters_served", "share_served")
    means = ("mean_projects", "mean_share_of_budget")
    return table((*header, *means, "prefer_published", "prefer_this", "prefer_neither"), rows())


def euros(cents: int) -> str:
    """An amount in euros, with its cents.

    Examples
    --------
    >>> euros(1250007), euros(5)
    ('12500.07', '0.05')
    """
    return f"{cents // 100}.{cents % 100:02}"


def _why_bought(problem: Problem, choice: ChosenProject) -> str:
    votes = problem.votes[problem.places[choice.project]]
    pays = _fine_euros(choice.pays_at_most or Fraction(0))
    words = f"{votes} supporters pay at most {pays} EUR each"
    if votes == 1:
        words = f"1 supporter pays at most {pays} EUR"
    if choice.pay_all == 1:
        words += "; 1 of them has less and pays what is left, if anything"
    elif choice.pay_all:
        words += f"; {choice.pay_all} of them have less and pay what they have, if anything"
    if choice.tied:
        words += f"; as cheap: {', '.join(choice.tied)}; the order for ties decided"
    return words


def _fine_euros(cents: Fraction) -> str:
    """An amount in euros with the parts of a cent that it has, to a hundredth of a cent."""
    whole, decimals = f"{float(cents) / 100:.4f}".split(".")
    return f"{whole}.{decimals.rstrip('0'):0<2}"


def _why_left_out(problem: Problem, left: LeftOut) -> str:
    if left.missing is None:
        return {"no votes": "nobody is for it", "above the budget": "it costs more than the whole budget"}[
            left.reason
        ]
    # A missing fraction of a cent is a cent: 0.00 would look as if nothing was missing.
    missing = math.ceil(left.missing)
    has = problem.costs[problem.places[left.project]] - missing
    whose = "its supporter has" if problem.votes[problem.places[left.project]] == 1 else "its supporters have"
    return f"{whose} {euros(has)} EUR left in the end; {euros(missing)} EUR are missing"


def _number(figure: Fraction | None, unit: int) -> Cell:
    return "" if figure is None else float(figure / unit)
