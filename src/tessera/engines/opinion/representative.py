"""Which statements tell best what a group stands for, and which ones a majority of all holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.statistics import SURE_ENOUGH, GroupStatistics, Tally, one_share_z

MOST = 5

FEWEST_VOTES = 10
"""Votes on a statement before it can be called a consensus: with fewer, one vote moves a share by a tenth."""


@dataclass(frozen=True)
class Representative:
    """A statement that tells what a group stands for."""

    statement: int
    """Its place among the statements."""
    direction: str
    """"agree" or "disagree": in which of the two the group differs more from the others."""
    count: int
    """Of the group's votes, those in this direction."""
    n: int
    share: float
    """Smoothed."""
    z: float
    ratio: float
    ratio_z: float
    agreed_most: bool
    """The one that the group agrees with best, which is in the list whatever its direction."""


@dataclass(frozen=True)
class Majority:
    """A statement on which most of all participants are on one side."""

    statement: int
    count: int
    n: int
    share: float
    """Smoothed."""
    z: float


def representative_statements(
    statistics: GroupStatistics, moderated_out: NDArray[np.bool_]
) -> dict[int, tuple[Representative, ...]]:
    """Up to five statements for each group, agreements before disagreements.

    A statement is taken if the group surely (one-sided, 90 %) is more than half for it and more for it than
    all others, or the same against. They are ordered by ratio x its z x share x its z; the statement that
    the group agrees with best comes first. If none is sure, it is this one alone, or else the one with the
    largest z of the ratio.

    References
    ----------
    Small, C. and others (2021), Polis, *Recerca* 26(2); rules as in Polis' server (July 2026) and red-dwarf
    0.4.0, which agree.
    """
    selectable = [int(place) for place in np.flatnonzero(~moderated_out)]
    return {number: _of_group(statistics, row, selectable) for row, number in enumerate(statistics.numbers)}


def majority_statements(
    tally: Tally, moderated_out: NDArray[np.bool_], *, fewest_votes: int
) -> dict[str, tuple[Majority, ...]]:
    """Up to five statements with which a majority of all agree, and five with which it disagrees.

    The smoothed share is above a half and its z above 1.2816; they are ordered by share x z, of equal ones
    the first stays first.

    Parameters
    ----------
    tally : Tally
        Of all participants.
    moderated_out : ndarray of bool, shape (n_statements,)
        These are never taken.
    fewest_votes : int
        On a statement, for it to be taken. Polis takes it from the first vote.
    """
    found = {}
    for direction, counts in (("agree", tally.agree), ("disagree", tally.disagree)):
        share, z = (counts + 1) / (tally.n + 2), one_share_z(counts, tally.n)
        taken = (share > 0.5) & (z > SURE_ENOUGH) & ~moderated_out & (tally.n >= fewest_votes)
        places = np.flatnonzero(taken)
        order = places[np.argsort(-(share * z)[places], kind="stable")][:MOST]
        found[direction] = tuple(
            Majority(int(j), int(counts[j]), int(tally.n[j]), float(share[j]), float(z[j])) for j in order
        )
    return found


def _of_group(statistics: GroupStatistics, row: int, selectable: list[int]) -> tuple[Representative, ...]:
    sure = [place for place in selectable if _is_sure(statistics, row, place)]
    best = _agreed_most(statistics, row, selectable)
    if not sure:
        if best is not None:
            return (_described(statistics, row, best, agreed_most=True),)
        ratio_z = np.maximum(statistics.agree_ratio_z[row], statistics.disagree_ratio_z[row])
        likeliest = max(selectable, key=ratio_z.__getitem__, default=None)
        return () if likeliest is None else (_described(statistics, row, likeliest),)
    described = [_described(statistics, row, place) for place in sure if place != best]
    described.sort(key=lambda found: -(found.ratio * found.ratio_z * found.share * found.z))
    if best is not None:
        described.insert(0, _described(statistics, row, best, agreed_most=True))
    return tuple(sorted(described[:MOST], key=lambda found: found.direction != "agree"))


def _is_sure(statistics: GroupStatistics, row: int, place: int) -> bool:
    at = row, place
    agrees = statistics.agree_ratio_z[at] > SURE_ENOUGH and statistics.agree_z[at] > SURE_ENOUGH
    disagrees = statistics.disagree_ratio_z[at] > SURE_ENOUGH and statistics.disagree_z[at] > SURE_ENOUGH
    return bool(agrees or disagrees)


def _agreed_most(statistics: GroupStatistics, row: int, selectable: list[int]) -> int | None:
    """The statement that the group agrees with best, if there is one that most agree with.

    The first that the group agrees with by any of two measures is replaced by each later one that is better:
    as long as the best so far is not agreed with more than elsewhere, better is share x z, and after that
    ratio x its z x share x z.
    """
    share, z = statistics.tally.smoothed_agree[row], statistics.agree_z[row]
    ratio, ratio_z = statistics.agree_ratio[row], statistics.agree_ratio_z[row]
    generally = share * z
    specially = ratio * ratio_z * share * z
    voted = statistics.tally.agree[row] + statistics.tally.disagree[row] > 0
    best = None
    for place in selectable:
        if not voted[place]:
            continue
        if best is None:
            better = z[place] > SURE_ENOUGH or (ratio[place] > 1 and share[place] > 0.5)
        elif ratio[best] > 1:
            better = specially[place] > specially[best]
        else:
            better = generally[place] > generally[best]
        if better:
            best = place
    return best


def _described(
    statistics: GroupStatistics, row: int, place: int, *, agreed_most: bool = False
) -> Representative:
    at = row, place
    tally = statistics.tally
    agrees = statistics.agree_ratio_z[at] > statistics.disagree_ratio_z[at]
    return Representative(
        place,
        "agree" if agrees else "disagree",
        int((tally.agree if agrees else tally.disagree)[at]),
        int(tally.n[at]),
        float((tally.smoothed_agree if agrees else tally.smoothed_disagree)[at]),
        float((statistics.agree_z if agrees else statistics.disagree_z)[at]),
        float((statistics.agree_ratio if agrees else statistics.disagree_ratio)[at]),
        float((statistics.agree_ratio_z if agrees else statistics.disagree_ratio_z)[at]),
        agreed_most,
    )
