"""Phragmén's sequential rule, with costs: voters earn money at the same pace and buy what they are for.

All begin with nothing. As soon as the supporters of a project have together what it costs, it is bought, and
they have nothing again. Seen from the other side, each project puts its cost as a load on its supporters:

    load(p) = (sum over the supporters of their load so far + cost(p)) / number of supporters

The project with the lowest load comes next. It is the time at which it is bought.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tessera.engines.portfolio.outcome import ChosenProject, Outcome, order_of_ties
from tessera.engines.portfolio.problem import Problem


def phragmen(problem: Problem, *, order: Sequence[str] | None = None) -> Outcome:
    """Choose projects by Phragmén's sequential rule, exactly.

    The rule ends when one of the projects that come next at the same time costs more than what is left: to
    pass it over would let cheap projects overtake it.

    Parameters
    ----------
    problem : Problem
        Projects that cost more than the budget, and those without a vote, are left out beforehand.
    order : sequence of str, optional
        Every project once: which of those with the same load is chosen. See `order_of_ties`.

    Returns
    -------
    Outcome
        ``figure`` of a choice is the load of its supporters afterwards, in cents; ``pays_at_most`` is what a
        supporter has taken on for this project at most.

    References
    ----------
    Los, Christoff and Grossi (2022), Proportional Budget Allocations: Towards a Systematization, IJCAI;
    Phragmén (1894) for elections.

    Examples
    --------
    >>> from tessera.engines.portfolio.problem import problem_of
    >>> ballots = {"Ada": ["gym", "park"], "Bo": ["gym"], "Cy": ["pool"]}
    >>> problem = problem_of({"gym": 200_00, "park": 40_00, "pool": 90_00}, 300_00, ballots)
    >>> [(choice.project, str(choice.figure)) for choice in phragmen(problem).choices]
    [('park', '4000'), ('pool', '9000')]
    """
    ties = order_of_ties(problem, order)
    # A voter's load is that of the last chosen project that he or she is for; 0 stands for none.
    last = np.zeros(problem.n_voters, dtype=np.intp)
    loads = [Fraction(0)]
    # Loads only ever rise, so that the last one of a project is a bound from below.
    bounds = {place: Fraction(problem.costs[place], problem.votes[place]) for place in problem.eligible}
    left = problem.budget
    choices = []
    while tied := _next(problem, last, loads, bounds):
        if any(problem.costs[place] > left for place in tied):
            break
        place = min(tied, key=lambda place: ties[place])
        supporters = problem.supporters_of(place)
        least = min(loads[number] for number in np.unique(last[supporters]).tolist())
        last[supporters] = len(loads)
        loads.append(bounds.pop(place))
        left -= problem.costs[place]
        others = tuple(problem.projects[other] for other in tied if other != place)
        choices.append(ChosenProject(problem.projects[place], loads[-1], others, loads[-1] - least, 0))
    return Outcome("phragmen", tuple(choices), problem.budget - left, None, 0, ())


def _next(
    problem: Problem, last: NDArray[np.intp], loads: list[Fraction], bounds: dict[int, Fraction]
) -> list[int]:
    """The projects with the lowest load, in the order of their ids; the bounds rise to their loads."""
    best: Fraction | None = None
    tied: list[int] = []
    for place in sorted(bounds, key=lambda place: bounds[place]):
        if best is not None and bounds[place] > best:
            break
        counts = np.bincount(last[problem.supporters_of(place)], minlength=len(loads)).tolist()
        carried = sum(count * load for count, load in zip(counts, loads, strict=True) if count)
        bounds[place] = Fraction(carried + problem.costs[place]) / problem.votes[place]
        if best is None or bounds[place] < best:
            best, tied = bounds[place], []
        if bounds[place] == best:
            tied.append(place)
    return sorted(tied)
