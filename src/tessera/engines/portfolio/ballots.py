"""Approvals made of points and of rankings.

The rule is the same for both: without a limit, every project that a voter named is approved; with a limit k,
the k that stand highest. Where the limit falls between projects with the same points, all of them are
approved: a ballot is never cut by the order in which it was written down.
"""

from collections.abc import Mapping, Sequence

from tessera.engines.portfolio.errors import BallotError, RuleError


def approvals_of_points(
    points: Mapping[str, Mapping[str, int]], *, top: int | None = None
) -> dict[str, tuple[str, ...]]:
    """Approve what got points: all of it, or the projects with the most.

    Parameters
    ----------
    points : mapping of str to mapping of str to int
        For each voter the points of each project, from 0. A project with 0 points is not approved.
    top : int, optional
        How many projects of a ballot are approved at most, but for equal points at the limit; from 1.

    Raises
    ------
    BallotError
        Points are below 0.
    RuleError
        The limit is below 1.

    Examples
    --------
    >>> approvals_of_points({"Ada": {"gym": 3, "park": 7, "pool": 0}, "Bo": {"gym": 1, "pool": 1}}, top=1)
    {'Ada': ('park',), 'Bo': ('gym', 'pool')}
    """
    _check_limit(top)
    approvals = {}
    for voter, given in points.items():
        for project, number in given.items():
            if number < 0:
                raise BallotError(
                    f"the ballot of {voter} gives {project} {number} points; 0 or more is expected"
                )
        highest = sorted(given.values(), reverse=True)
        least = 1 if top is None or len(highest) <= top else max(1, highest[top - 1])
        approvals[voter] = tuple(project for project, number in given.items() if number >= least)
    return approvals


def approvals_of_ranks(
    rankings: Mapping[str, Sequence[str]], *, top: int | None = None
) -> dict[str, tuple[str, ...]]:
    """Approve what is ranked: all of it, or the first places.

    Parameters
    ----------
    rankings : mapping of str to sequence of str
        For each voter projects, the best first. A project that is not ranked is not approved.
    top : int, optional
        How many places are approved; from 1. What the order says beyond them is lost.

    Raises
    ------
    RuleError
        The limit is below 1.

    Examples
    --------
    >>> approvals_of_ranks({"Ada": ["park", "gym", "pool"], "Bo": ["gym"]}, top=2)
    {'Ada': ('park', 'gym'), 'Bo': ('gym',)}
    """
    _check_limit(top)
    return {voter: tuple(ranking[:top]) for voter, ranking in rankings.items()}


def _check_limit(top: int | None) -> None:
    if top is not None and top < 1:
        raise RuleError(f"the first {top} places of a ballot would be approved; 1 or more is expected")
