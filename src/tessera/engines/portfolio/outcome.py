"""What a rule chose, the same for every rule, and the order that breaks ties."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tessera.engines.portfolio.errors import RuleError, some
from tessera.engines.portfolio.problem import Problem


@dataclass(frozen=True)
class ChosenProject:
    """One project, as it was chosen."""

    project: str
    figure: Fraction
    """What the rule compares: see the rule."""
    tied: tuple[str, ...]
    """The other projects with the same figure, behind which it stands in no way but by the order for ties."""
    pays_at_most: Fraction | None
    """What a supporter pays at most, in cents; None where nobody pays."""
    pay_all: int
    """Supporters who have less than that left and pay what they have, those who have nothing among them."""


@dataclass(frozen=True)
class Outcome:
    """What a rule chose and how."""

    rule: str
    choices: tuple[ChosenProject, ...]
    """In the order in which they were chosen."""
    cost: int
    """Of all chosen projects, the filled ones among them, in cents; never above the budget."""
    endowment: Fraction | None
    """What each voter was given, in cents; None where the rule gives nothing out."""
    raises: int
    """How often the endowment was raised."""
    filled: tuple[ChosenProject, ...]
    """Added by the greedy fill after the rule had ended."""

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the chosen projects, in the order in which they were chosen, the filled ones last."""
        return tuple(choice.project for choice in (*self.choices, *self.filled))


def order_with_lots(problem: Problem, drawn: Sequence[str]) -> tuple[str, ...]:
    """Every project in the order that breaks ties: lower cost, more votes, then as drawn by lot.

    Parameters
    ----------
    problem : Problem
    drawn : sequence of str
        Projects in the order in which they were drawn. Those that were not stand behind them by their ids.

    Raises
    ------
    RuleError
        A project that was drawn is unknown, or was drawn twice.

    Examples
    --------
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> problem = problem_of({"a": 2_00, "b": 2_00, "c": 1_00, "d": 2_00}, 9_00, {"Ada": ["d"]})
    >>> order_with_lots(problem, ["b", "a"])
    ('c', 'd', 'b', 'a')
    """
    wrong = [name for name in drawn if name not in problem.places or list(drawn).count(name) > 1]
    if wrong:
        raise RuleError(
            f"drawn by lot were {some(wrong)}; each is a project of this vote and is drawn once at most"
        )
    ranks = {project: rank for rank, project in enumerate(drawn)}

    def standing(place: int) -> tuple[int, int, int, int]:
        lot = ranks.get(problem.projects[place], len(ranks))
        return problem.costs[place], -problem.votes[place], lot, place

    return tuple(problem.projects[place] for place in sorted(range(len(problem.projects)), key=standing))


def order_of_ties(problem: Problem, order: Sequence[str] | None = None) -> tuple[int, ...]:
    """The rank of each project where a tie is to be broken; the lowest is chosen.

    Parameters
    ----------
    problem : Problem
    order : sequence of str, optional
        Every project once, the first wins. Without it the lower cost wins, then more votes, then the order of
        the ids; `order_with_lots` puts lots in the place of the ids.

    Raises
    ------
    RuleError
        The order lacks a project, or names one that is unknown or twice.

    References
    ----------
    equalshares.net, Implementation, Tie breaking: lowest cost, then most votes, then by lot. Here the order
    of the ids stands in for the lot, so that the same files always give the same result.

    Examples
    --------
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> problem = problem_of({"a": 3_00, "b": 2_00, "c": 2_00}, 9_00, {"Ada": ["a", "c"]})
    >>> order_of_ties(problem), order_of_ties(problem, ["b", "a", "c"])
    ((2, 1, 0), (1, 0, 2))
    """
    if order is None:
        order = order_with_lots(problem, ())
    else:
        _check_order(problem, order)
    ranks = {project: rank for rank, project in enumerate(order)}
    return tuple(ranks[project] for project in problem.projects)


def _check_order(problem: Problem, order: Sequence[str]) -> None:
    absent = [project for project in problem.projects if project not in order]
    if absent:
        raise RuleError(f"the order for ties lacks {some(absent)}; it names every project once")
    if len(order) > len(problem.projects):
        extra = [name for name in order if name not in problem.places or list(order).count(name) > 1]
        raise RuleError(f"the order for ties names {some(extra)} too often; it names every project once")
