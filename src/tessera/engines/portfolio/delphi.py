"""The figures of a Delphi: ratings of 1 to 9 by the same experts over several rounds.

What counts as consensus is a rule that is fixed before the first rating; it stands in the result.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tessera.engines.portfolio.errors import ConsensusRuleError, RatingError

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

LOWEST, HIGHEST = 1, 9
LOW_TO, HIGH_FROM = 3, 7
# Scheibe, Skutsch and Schofer (1975): fewer net changes than this are the unrest of any two rounds.
STABLE_BELOW = 0.15


class Verdict(StrEnum):
    IN = "in"
    OUT = "out"
    OPEN = "open"
    """Rated, and neither in nor out."""
    UNRATED = "unrated"


@dataclass(frozen=True)
class ConsensusRule:
    """When an item is in or out: enough on one side, and few enough on the other.

    *In*: a share of at least `least_share` rates it 7 to 9 and one of less than `opposed_below` rates it 1 to
    3. *Out*: the same with the sides swapped. The default is the usual rule of core outcome sets.

    Raises
    ------
    ConsensusRuleError
        A share outside 0 to 1, or so few and so many that an item could be in and out at once.

    References
    ----------
    Harman et al. (2013), the protocol of MOMENT, Trials 14, 70; as a table in the protocol of ELICIT (2015),
    Trials 16, doi 10.1186/s13063-015-1011-8, table 1.
    """

    least_share: float = 0.70
    opposed_below: float = 0.15

    def __post_init__(self) -> None:
        if not (0 < self.least_share <= 1 and 0 < self.opposed_below <= 1):
            raise ConsensusRuleError(
                f"the rule asks for {self.least_share:g} on one side and under {self.opposed_below:g} on the"
                " other; expected two shares above 0 and up to 1, as 0.7 for 70 %"
            )
        if self.opposed_below > self.least_share:
            raise ConsensusRuleError(
                f"the rule asks for {self.least_share:g} on one side and under {self.opposed_below:g} on the"
                " other, so that an item could be in and out at once; ask for at least as many for as against"
            )


@dataclass(frozen=True)
class Concordance:
    """How far experts order the items alike."""

    w: float
    """Kendall's W, 0 to 1. NaN if fewer than two experts or items are left, or nobody told items apart."""
    chi_square: float
    df: int
    p: float
    """Of no common order, by the chi-square approximation."""
    n_experts: int
    """Those who rated every item; the others are left out."""
    n_items: int


@dataclass(frozen=True)
class Round:
    """One round, an entry an item. Without a rating a figure is NaN."""

    n: Counts
    """Ratings."""
    median: Floats
    quartile_low: Floats
    quartile_high: Floats
    iqr: Floats
    """Points between the quartiles (type 7)."""
    share_high: Floats
    """Of the ratings, 7 to 9."""
    share_low: Floats
    """Of the ratings, 1 to 3."""
    verdicts: tuple[Verdict, ...]
    concordance: Concordance


@dataclass(frozen=True)
class Shift:
    """From one round to a later one, an entry an item, over the experts who rated the item in both."""

    n: Counts
    entered: Counts
    """Experts who rate 7 to 9 now and did not."""
    left: Counts
    """Experts who rated 7 to 9 and do not now."""
    p: Floats
    """McNemar's exact test that as many leave as enter, two-sided. NaN if n is 0."""
    median_absolute_change: Floats
    """Points. NaN if n is 0."""
    net_change: Floats
    """Share of the experts that would have to change to turn one distribution of ratings into the other."""
    stable: Truths
    """The net change is under 15 %."""


@dataclass(frozen=True)
class Delphi:
    rule: ConsensusRule
    rounds: tuple[Round, ...]
    shifts: tuple[Shift, ...]
    """From each round to the next, so one fewer."""


def summarise_delphi(ratings: Floats, rule: ConsensusRule) -> Delphi:
    """Median, spread and consensus of every item in every round, and what moved from round to round.

    Parameters
    ----------
    ratings : ndarray of float, shape (n_rounds, n_experts, n_items)
        Whole points, 1 (not important) to 9 (critical). NaN means not rated: an expert who stayed away, an
        item that was not asked in that round. A row is the same expert in all rounds.
    rule : ConsensusRule
        Fixed before the first round. It is kept in the result.

    Returns
    -------
    Delphi

    Raises
    ------
    RatingError
        Not a stack of tables, nothing in it, or a rating that is no whole number from 1 to 9; the message
        names round, expert and item, counted from 1.

    References
    ----------
    von der Gracht (2012), Technological Forecasting and Social Change 79, 1525-1536: measures of consensus
    and stability. Quartiles: Hyndman and Fan (1996), The American Statistician 50, 361-365, type 7.

    Examples
    --------
    Four experts rate two items twice; the third is not convinced by the first item until the second round.

    >>> first = [[8, 2], [9, 1], [5, 3], [7, 6]]
    >>> second = [[8, 2], [9, 1], [7, 3], [7, 2]]
    >>> found = summarise_delphi(np.array([first, second], dtype=float), ConsensusRule())
    >>> [[verdict.value for verdict in one.verdicts] for one in found.rounds]
    [['in', 'out'], ['in', 'out']]
    >>> found.rounds[0].share_high.tolist(), found.rounds[1].share_high.tolist()
    ([0.75, 0.0], [1.0, 0.0])
    >>> found.shifts[0].net_change.tolist()
    [0.25, 0.25]
    """
    if ratings.ndim != 3 or not ratings.size:
        raise RatingError(
            f"ratings have the shape {ratings.shape}; expected (rounds, experts, items), one of each at least"
        )
    for number, one in enumerate(ratings, start=1):
        _check_ratings(f"round {number}, ", one)
    return Delphi(
        rule=rule,
        rounds=tuple(_summarise_round(one, rule) for one in ratings),
        shifts=tuple(compare_rounds(one, following) for one, following in pairwise(ratings)),
    )


def compare_rounds(earlier: Floats, later: Floats) -> Shift:
    """What moved between two rounds, item by item, among the experts who rated it in both.

    McNemar's test asks whether more experts moved into 7 to 9 than out of it, or the reverse; those who
    stayed on their side say nothing on that. The net change compares the two distributions, so that two
    experts who change places count as no change: half the sum over the points 1 to 9 of the difference in
    experts, over all experts.

    Parameters
    ----------
    earlier, later : ndarray of float, shape (n_experts, n_items)
        Whole points, 1 to 9. NaN means not rated. A row is the same expert in both.

    Returns
    -------
    Shift

    Raises
    ------
    RatingError
        Tables of different shape, or a rating that is no whole number from 1 to 9.

    References
    ----------
    McNemar (1947), Psychometrika 12, 153-157, with the exact binomial probability. Scheibe, Skutsch and
    Schofer (1975), Experiments in Delphi Methodology, in Linstone and Turoff (eds), The Delphi Method,
    262-287: net change and its 15 %.

    Examples
    --------
    >>> shift = compare_rounds(np.array([[5.0], [6.0], [8.0]]), np.array([[7.0], [6.0], [9.0]]))
    >>> shift.entered.tolist(), shift.left.tolist(), shift.p.tolist(), shift.median_absolute_change.tolist()
    ([1], [0], [1.0], [1.0])
    """
    if earlier.shape != later.shape:
        raise RatingError(
            f"the earlier round is {earlier.shape} and the later one {later.shape}; expected the same experts"
            " (rows) and items (columns), with NaN where one did not rate"
        )
    _check_ratings("earlier round, ", earlier)
    _check_ratings("later round, ", later)
    # scipy takes longer to import than a panel takes to count; the web process mostly goes without.
    from scipy.special import bdtr

    both = ~np.isnan(earlier) & ~np.isnan(later)
    n = both.sum(axis=0)
    entered = (both & (earlier < HIGH_FROM) & (later >= HIGH_FROM)).sum(axis=0)
    left = (both & (earlier >= HIGH_FROM) & (later < HIGH_FROM)).sum(axis=0)
    tail = bdtr(np.minimum(entered, left).astype(np.float64), entered + left, 0.5)
    change = np.where(both, np.abs(later - earlier), np.nan)
    moved = np.abs(_histogram(later, both) - _histogram(earlier, both)).sum(axis=0) / 2
    net_change = _share(moved, n)
    return Shift(
        n=n,
        entered=entered,
        left=left,
        p=np.where(n > 0, np.minimum(1.0, 2 * tail), np.nan),
        median_absolute_change=_quantiles(change, [0.5])[0],
        net_change=net_change,
        stable=net_change < STABLE_BELOW,
    )


def kendall_w(ratings: Floats) -> Concordance:
    """Kendall's coefficient of concordance: do the experts order the items alike?

    W = 12 S / (m^2 (n^3 - n) - m T), where S is the sum of squares of the rank sums of n items around their
    mean over m experts, and T the sum of t^3 - t over every group of t items that an expert rates alike. Its
    test, chi-square = m (n - 1) W with n - 1 degrees of freedom, is rough below eight items and cautious with
    few experts.

    Parameters
    ----------
    ratings : ndarray of float, shape (n_experts, n_items)
        Any scale; only the order within an expert counts. NaN means not rated: items that nobody rated drop
        out, then experts who left out another.

    Returns
    -------
    Concordance

    Raises
    ------
    RatingError
        Not a table of experts by items, or an infinite rating.

    References
    ----------
    Kendall and Babington Smith (1939), The Annals of Mathematical Statistics 10, 275-287; Siegel and
    Castellan (1988), Nonparametric Statistics for the Behavioral Sciences, on the coefficient W. On few
    experts: Legendre (2005), Journal of Agricultural, Biological, and Environmental Statistics 10, 226-245.

    Examples
    --------
    >>> kendall_w(np.array([[9.0, 5.0, 1.0], [8.0, 7.0, 6.0], [np.nan, 1.0, 2.0]])).w
    1.0
    """
    if ratings.ndim != 2:
        raise RatingError(
            f"ratings have {ratings.ndim} dimensions; expected a table of experts (rows) by items (columns)"
        )
    if np.isinf(ratings).any():
        expert, item = np.argwhere(np.isinf(ratings))[0] + 1
        raise RatingError(
            f"expert {expert}, item {item}: the rating is infinite; give a number, or NaN for none"
        )
    asked = ratings[:, ~np.isnan(ratings).all(axis=0)]
    complete = asked[~np.isnan(asked).any(axis=1)]
    m, n = complete.shape
    lower = (complete[:, None, :] < complete[:, :, None]).sum(axis=2)
    alike = (complete[:, None, :] == complete[:, :, None]).sum(axis=2)
    sums = (lower + (alike + 1) / 2).sum(axis=0)
    # Each of the t items of a group brings t^2 - 1, so that the group brings t^3 - t.
    ties = int((alike**2 - 1).sum())
    most = m**2 * (n**3 - n) - m * ties
    if m < 2 or n < 2 or most == 0:
        return Concordance(np.nan, np.nan, max(n - 1, 0), np.nan, m, n)
    # scipy takes longer to import than a panel takes to count; the web process mostly goes without.
    from scipy.special import chdtrc

    w = float(12 * ((sums - m * (n + 1) / 2) ** 2).sum() / most)
    chi_square = m * (n - 1) * w
    return Concordance(w, chi_square, n - 1, float(chdtrc(n - 1, chi_square)), m, n)


def _check_ratings(where: str, ratings: Floats) -> None:
    if ratings.ndim != 2:
        raise RatingError(
            f"{where}the ratings have {ratings.ndim} dimensions; expected a table of experts (rows) by items"
            " (columns)"
        )
    wrong = ~np.isnan(ratings) & ~np.isin(ratings, np.arange(LOWEST, HIGHEST + 1))
    if wrong.any():
        expert, item = np.argwhere(wrong)[0]
        raise RatingError(
            f"{where}expert {expert + 1}, item {item + 1}: the rating is {ratings[expert, item]:g};"
            f" expected a whole number from {LOWEST} to {HIGHEST}, or NaN for none"
        )


def _summarise_round(ratings: Floats, rule: ConsensusRule) -> Round:
    n = (~np.isnan(ratings)).sum(axis=0)
    low, median, high = _quantiles(ratings, [0.25, 0.5, 0.75])
    share_high = _share((ratings >= HIGH_FROM).sum(axis=0), n)
    share_low = _share((ratings <= LOW_TO).sum(axis=0), n)
    return Round(
        n=n,
        median=median,
        quartile_low=low,
        quartile_high=high,
        iqr=high - low,
        share_high=share_high,
        share_low=share_low,
        verdicts=tuple(
            _judge(float(above), float(below), rule)
            for above, below in zip(share_high, share_low, strict=True)
        ),
        concordance=kendall_w(ratings),
    )


def _judge(share_high: float, share_low: float, rule: ConsensusRule) -> Verdict:
    # A share is one division, rounded once as the rule's figure is: seven of ten is exactly 0.7.
    if np.isnan(share_high):
        return Verdict.UNRATED
    if share_high >= rule.least_share and share_low < rule.opposed_below:
        return Verdict.IN
    if share_low >= rule.least_share and share_high < rule.opposed_below:
        return Verdict.OUT
    return Verdict.OPEN


def _share(part: Counts | Floats, whole: Counts) -> Floats:
    share = np.full(whole.shape, np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def _quantiles(table: Floats, at: list[float]) -> Floats:
    """Type 7 of each column over its figures, (len(at), n_columns). NaN where there is none."""
    found = np.full((len(at), table.shape[1]), np.nan)
    for place, column in enumerate(table.T):
        present = column[~np.isnan(column)]
        if present.size:
            found[:, place] = np.quantile(present, at, method="linear")
    return found


def _histogram(ratings: Floats, counted: Truths) -> Counts:
    """How many experts gave each point, (9, n_items)."""
    points = np.arange(LOWEST, HIGHEST + 1)[:, None, None]
    return ((ratings[None] == points) & counted[None]).sum(axis=1)
