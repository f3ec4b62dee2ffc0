"""Whether people who read a statement in one language vote otherwise than those who read it in another.

If they do, also within the same group of opinion, its translation may say something else than the original.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from tessera.engines.opinion.cluster import NO_GROUP
from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.loops.passes import Loops
from tessera.engines.opinion.shares import Z
from tessera.engines.opinion.statistics import group_statistics
from tessera.engines.opinion.votes import Votes

Floats = NDArray[np.float64]

FEWEST_READERS = 10
"""Votes of readers of the language, and of all others, before the two are compared."""
SURE_ENOUGH = 0.05
"""Of the statements that are flagged, about so many may be flagged by chance."""
FAR_ENOUGH = 2.0
"""Odds of agreeing at least twice, or at most half, those of the others: less is no slip of a translation."""


@dataclass(frozen=True, eq=False)
class CommonOdds:
    """What several tables of two by two say together. All arrays have one shape: one number for each test."""

    ratio: Floats
    """Odds of the first row over those of the second, from 0 to inf; nan where no table tells."""
    low: Floats
    """Of the 95 % interval; nan where the ratio is 0, inf or nan."""
    high: Floats
    statistic: Floats
    """Chi-square with one degree of freedom, with continuity correction; nan where nothing can vary."""
    p: Floats


@dataclass(frozen=True)
class Comparison:
    """The readers of one language against all others, on one statement."""

    statement: int
    """Its place among the statements."""
    language: str
    ratio: float
    """Odds of agreeing, of the readers over those of the others in the same groups: 0 to inf."""
    low: float
    """Of the 95 % interval; nan where the ratio is 0 or inf."""
    high: float
    adjusted_p: float
    """By Benjamini and Hochberg, over all comparisons that were made together."""

    @property
    def is_flagged(self) -> bool:
        """Whether somebody should look at the translation."""
        is_far = self.ratio >= FAR_ENOUGH or self.ratio <= 1 / FAR_ENOUGH
        return self.adjusted_p < SURE_ENOUGH and is_far


def common_odds(tables: ArrayLike) -> CommonOdds:
    """The common odds ratio of strata by Mantel and Haenszel, and whether it may be 1.

    Parameters
    ----------
    tables : array of counts, shape (..., n_strata, 2, 2)
        Of each stratum two rows that are compared, with those who agree first. Strata with nobody in one
        row, or where all think the same, tell nothing and change nothing.

    Returns
    -------
    CommonOdds
        Of the shape before the strata.

    References
    ----------
    Mantel, N. and Haenszel, W. (1959), Statistical aspects of the analysis of data from retrospective studies
    of disease, *Journal of the National Cancer Institute* 22, 719-748. The interval is that of Robins, J.,
    Breslow, N. and Greenland, S. (1986), Estimators of the Mantel-Haenszel variance consistent in both sparse
    data and large-strata limiting models, *Biometrics* 42, 311-323.

    Examples
    --------
    >>> found = common_odds([[[8, 2], [5, 5]], [[6, 4], [3, 7]]])
    >>> round(float(found.ratio), 2), round(float(found.p), 3)
    (3.73, 0.114)
    """
    counts = np.asarray(tables, dtype=np.float64)
    a, b, c, d = (counts[..., row, column] for row in (0, 1) for column in (0, 1))
    n = a + b + c + d
    share = np.divide(1, n, where=n > 0, out=np.zeros_like(n))
    for_it, against = a * d * share, b * c * share
    alike, apart = (a + d) * share, (b + c) * share
    r, s = for_it.sum(axis=-1), against.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = r / s
        variance = (
            (alike * for_it).sum(axis=-1) / (2 * r**2)
            + (alike * against + apart * for_it).sum(axis=-1) / (2 * r * s)
            + (apart * against).sum(axis=-1) / (2 * s**2)
        )
        factor = np.exp(Z * np.sqrt(np.where((r > 0) & (s > 0), variance, np.nan)))
        statistic = _statistic(a, b, c, d)
    return CommonOdds(ratio, ratio / factor, ratio * factor, statistic, chdtrc(1, statistic))


def adjust_by_number(p: ArrayLike) -> Floats:
    """Adjust p values for their number, so that of those called significant few are so by chance.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, *Journal of the Royal
    Statistical Society B* 57, 289-300.

    Examples
    --------
    >>> adjust_by_number([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.04, 0.04]
    """
    given = np.asarray(p, dtype=np.float64)
    falling = np.argsort(-given, kind="stable")
    ranks = np.arange(len(given), 0, -1)
    adjusted = np.empty_like(given)
    adjusted[falling] = np.minimum.accumulate(np.minimum(given[falling] * len(given) / ranks, 1))
    return adjusted


def compare_versions(
    votes: Votes,
    groups: NDArray[np.int32],
    languages: Sequence[str],
    versions: Mapping[str, Collection[str]],
    *,
    loops: Loops,
) -> tuple[Comparison, ...]:
    """Compare how readers of each language and all others vote, within the groups of opinion.

    Who agrees is compared with who disagrees or passes. Only those who are grouped count.

    Parameters
    ----------
    votes : Votes
    groups : ndarray of int, shape (n_participants,)
        The number of each participant's group; -1 for none.
    languages : sequence of str, length n_participants
        In which each of them reads.
    versions : mapping of statement id to languages
        In which it was written or translated: readers of others are not compared, for they read no version
        of their own. Statements that are left out are not compared at all.

    Returns
    -------
    tuple of Comparison
        Those for which ten readers of the language and ten others voted, and not all alike; by statement,
        then by language.

    Raises
    ------
    VotesError
        There is not one language, or one group, for each participant.
    """
    if len(languages) != len(votes.participant_ids):
        raise VotesError(
            f"{len(languages)} languages were given for {len(votes.participant_ids)} participants"
        )
    if groups.shape != votes.participant_ids.shape:
        raise VotesError(f"{len(groups)} groups were given for {len(votes.participant_ids)} participants")
    codes = sorted(set(languages))
    agree, n = _count_by_group_and_language(votes, groups, [codes.index(each) for each in languages], loops)
    others_agree, others_n = agree.sum(axis=1, keepdims=True) - agree, n.sum(axis=1, keepdims=True) - n
    rows = [[agree, n - agree], [others_agree, others_n - others_agree]]
    odds = common_odds(np.moveaxis(np.array(rows), (2, 0, 1), (-3, -2, -1)))
    enough = (n.sum(axis=0) >= FEWEST_READERS) & (others_n.sum(axis=0) >= FEWEST_READERS)
    names = votes.statement_ids.tolist()
    has_version = np.array([[code in versions.get(name, ()) for name in names] for code in codes], dtype=bool)
    compared = enough & has_version.reshape(enough.shape) & ~np.isnan(odds.p)
    statements, readers = np.nonzero(compared.T)
    at = readers, statements
    found = zip(
        statements.tolist(),
        (codes[reader] for reader in readers),
        odds.ratio[at].tolist(),
        odds.low[at].tolist(),
        odds.high[at].tolist(),
        adjust_by_number(odds.p[at]).tolist(),
        strict=True,
    )
    return tuple(Comparison(*each) for each in found)


def _statistic(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    n = a + b + c + d
    told = n > 1
    expected = np.divide((a + b) * (a + c), n, where=told, out=a.copy())
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    variance = np.divide(margins, n**2 * (n - 1), where=told, out=np.zeros_like(n)).sum(axis=-1)
    # The correction takes no more away than there is, as in R.
    away = np.maximum(np.abs((a - expected).sum(axis=-1)) - 0.5, 0)
    found: Floats = away**2 / np.where(variance > 0, variance, np.nan)
    return found


def _count_by_group_and_language(
    votes: Votes, groups: NDArray[np.int32], readers: Sequence[int], loops: Loops
) -> tuple[Floats, Floats]:
    """Those who agree, and all: shape (n_groups, n_languages, n_statements) each."""
    n_languages = max(readers, default=-1) + 1
    both = np.where(
        groups == NO_GROUP, NO_GROUP, groups * n_languages + np.array(readers, dtype=np.int32)
    ).astype(np.int32)
    statistics = group_statistics(votes, both, loops=loops)
    n_groups = int(groups.max(initial=NO_GROUP)) + 1
    agree = np.zeros((n_groups * n_languages, len(votes.statement_ids)))
    n = np.zeros_like(agree)
    numbers = list(statistics.numbers)
    agree[numbers], n[numbers] = statistics.tally.agree, statistics.tally.n
    shape = n_groups, n_languages, len(votes.statement_ids)
    return agree.reshape(shape), n.reshape(shape)
