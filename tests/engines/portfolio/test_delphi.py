import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binomtest, friedmanchisquare
from tests.oracles.delphi import (
    ANXIETY,
    ANXIETY_PRINTED,
    CONFERENCE,
    CONFERENCE_PRINTED,
    CULTURES,
)

from tessera.engines.portfolio.delphi import (
    ConsensusRule,
    Verdict,
    compare_rounds,
    kendall_w,
    summarise_delphi,
)
from tessera.engines.portfolio.errors import ConsensusRuleError, RatingError

nan = float("nan")
USUAL = ConsensusRule()


def table(*rows):
    return np.array(rows, dtype=float)


def one_item(*ratings):
    """One round in which the experts rate one item."""
    return np.array(ratings, dtype=float)[None, :, None]


def verdict_on(*ratings, rule=USUAL):
    return summarise_delphi(one_item(*ratings), rule).rounds[0].verdicts[0]


@st.composite
def rounds(draw, n_rounds=2, gaps=True):
    n_experts, n_items = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    ratings = st.sampled_from([*map(float, range(1, 10)), nan] if gaps else [*map(float, range(1, 10))])
    size = n_rounds * n_experts * n_items
    flat = draw(st.lists(ratings, min_size=size, max_size=size))
    return np.array(flat).reshape(n_rounds, n_experts, n_items)


@pytest.mark.parametrize(
    ("ratings", "printed"), [(ANXIETY, ANXIETY_PRINTED), (CONFERENCE, CONFERENCE_PRINTED)]
)
def test_concordance_is_the_printed_one_with_and_without_ties(ratings, printed):
    found = kendall_w(table(*ratings))
    assert found.w == pytest.approx(printed["w"], abs=5e-8)
    assert found.chi_square == pytest.approx(printed["chi_square"], abs=5e-3)
    assert found.df == printed["df"]
    assert found.p == pytest.approx(printed["p"], abs=5e-6)
    assert (found.n_experts, found.n_items) == (len(ratings), len(ratings[0]))


def test_a_shift_has_the_printed_exact_p():
    data = CULTURES
    earlier = [8] * data["both"] + [4] * data["one"] + [7] * data["other"] + [3] * data["neither"]
    later = [9] * data["both"] + [7] * data["one"] + [6] * data["other"] + [2] * data["neither"]
    shift = compare_rounds(table(earlier).T, table(later).T)
    assert (shift.n[0], shift.entered[0], shift.left[0]) == (50, 12, 2)
    assert shift.p[0] == pytest.approx(data["p"], abs=5e-5)


def test_concordance_by_hand():
    # Ranks 1 2 3, 1 2 3 and 2 1 3: sums 4, 5, 9 around 6, S = 14, W = 12 * 14 / (9 * 24) = 7/9.
    found = kendall_w(table([1, 2, 3], [4, 5, 9], [5, 4, 9]))
    assert found.w == pytest.approx(7 / 9, rel=1e-12)
    assert found.chi_square == pytest.approx(3 * 2 * 7 / 9, rel=1e-12)
    # With two degrees of freedom the probability is exp(-x / 2).
    assert found.p == pytest.approx(np.exp(-7 / 3), rel=1e-12)


def test_an_expert_with_a_gap_and_an_item_nobody_rated_stay_out_of_concordance():
    ratings = table([1, 2, nan, 3], [4, 5, nan, 9], [5, 4, nan, 9], [9, nan, nan, 1])
    found = kendall_w(ratings)
    assert found.w == pytest.approx(7 / 9, rel=1e-12)
    assert (found.n_experts, found.n_items, found.df) == (3, 3, 2)


@pytest.mark.parametrize(
    "ratings",
    [
        table([5, 5, 5], [7, 7, 7]),  # nobody tells items apart
        table([1, 2, 3]),
        table([1], [2]),
        table([1, nan], [nan, 2]),
        table([nan, nan], [nan, nan]),
    ],
)
def test_without_two_experts_who_tell_two_items_apart_there_is_no_concordance(ratings):
    found = kendall_w(ratings)
    assert np.isnan([found.w, found.chi_square, found.p]).all()


@pytest.mark.parametrize(
    ("ratings", "verdict"),
    [
        ([7, 8, 9, 7, 8, 9, 7, 5, 5, 3], Verdict.IN),  # exactly 70 %, and 10 % against
        ([7, 8, 9, 7, 8, 9, 6, 5, 5, 4], Verdict.OPEN),  # 60 %
        ([7, 8, 9, 7, 8, 9, 7, 5, 3, 1], Verdict.OPEN),  # 70 %, but 20 % against
        ([7] * 14 + [5] * 3 + [3] * 3, Verdict.OPEN),  # exactly 15 % against is too many
        ([7] * 14 + [5] * 4 + [3] * 2, Verdict.IN),
        ([1, 2, 3, 1, 2, 3, 1, 5, 5, 7], Verdict.OUT),
        ([1, 2, 3, 1, 2, 3, 4, 5, 5, 6], Verdict.OPEN),
        ([3] * 14 + [5] * 3 + [7] * 3, Verdict.OPEN),
        ([5] * 10, Verdict.OPEN),
        ([7, 7, 7, nan, nan, nan], Verdict.IN),  # shares are of those who rated
        ([nan, nan], Verdict.UNRATED),
    ],
)
def test_the_usual_rule(ratings, verdict):
    assert verdict_on(*ratings) is verdict


def test_the_rule_that_was_fixed_decides_and_stands_in_the_result():
    strict = ConsensusRule(least_share=0.8, opposed_below=0.05)
    ratings = [7, 8, 9, 7, 8, 9, 7, 5, 5, 5]
    assert verdict_on(*ratings) is Verdict.IN
    assert verdict_on(*ratings, rule=strict) is Verdict.OPEN
    assert summarise_delphi(one_item(*ratings), strict).rule == strict


def test_a_round_by_hand():
    # 1, 3, 4, 8: the quartiles of type 7 are 1 + 0.75 * 2 and 4 + 0.25 * 4.
    ratings = np.array([[[8, 7], [1, 7], [4, nan], [3, nan], [nan, nan]]])
    found = summarise_delphi(ratings, USUAL).rounds[0]
    assert found.n.tolist() == [4, 2]
    assert found.median.tolist() == [3.5, 7.0]
    assert found.quartile_low.tolist() == [2.5, 7.0]
    assert found.quartile_high.tolist() == [5.0, 7.0]
    assert found.iqr.tolist() == [2.5, 0.0]
    assert found.share_high.tolist() == [0.25, 1.0]
    assert found.share_low.tolist() == [0.5, 0.0]
    assert found.concordance.n_experts == 2


def test_an_item_nobody_rated_has_no_figures():
    found = summarise_delphi(np.array([[[5, nan], [6, nan]]]), USUAL).rounds[0]
    assert found.n.tolist() == [2, 0]
    for figures in (found.median, found.iqr, found.share_high, found.share_low):
        assert np.isnan(figures).tolist() == [False, True]


def test_a_shift_by_hand_counts_those_who_rated_in_both_rounds():
    #          entered  left  stays  far   absent  absent
    earlier = [6, 7, 8, 2, 5, nan]
    later = [7, 6, 9, 6, nan, 9]
    shift = compare_rounds(table(earlier).T, table(later).T)
    assert shift.n.tolist() == [4]
    assert (shift.entered.tolist(), shift.left.tolist()) == ([1], [1])
    assert shift.p.tolist() == [1.0]
    assert shift.median_absolute_change.tolist() == [1.0]
    # Points 2, 6, 7, 8 became 6, 6, 7, 9: 2 and 8 lose one, 6 and 9 gain one. Half of 4, over 4.
    assert shift.net_change.tolist() == [0.5]
    assert shift.stable.tolist() == [False]


@pytest.mark.parametrize(("moved", "stable"), [(2, True), (3, False)])
def test_an_item_is_stable_below_fifteen_percent(moved, stable):
    # 2 of 20 are 10 %; 3 of 20 are exactly 15 %, which is not below.
    shift = compare_rounds(table([5] * 20).T, table([6] * moved + [5] * (20 - moved)).T)
    assert shift.net_change[0] == moved / 20
    assert shift.stable[0] == stable


def test_experts_who_change_places_are_no_net_change():
    shift = compare_rounds(table([3, 8]).T, table([8, 3]).T)
    assert shift.net_change.tolist() == [0.0]
    assert shift.median_absolute_change.tolist() == [5.0]


def test_an_item_without_a_common_expert_has_no_shift():
    shift = compare_rounds(table([5, nan]).T, table([nan, 5]).T)
    assert shift.n.tolist() == [0]
    assert np.isnan([shift.p, shift.median_absolute_change, shift.net_change]).all()
    assert shift.stable.tolist() == [False]


def test_three_rounds_have_two_shifts_each_to_the_next():
    ratings = np.concatenate([one_item(5, 5), one_item(7, 5), one_item(7, 9)])
    found = summarise_delphi(ratings, USUAL)
    assert [one.share_high[0] for one in found.rounds] == [0.0, 0.5, 1.0]
    assert [shift.entered[0] for shift in found.shifts] == [1, 1]
    assert [shift.median_absolute_change[0] for shift in found.shifts] == [1.0, 2.0]


@given(rounds(n_rounds=1, gaps=False))
def test_concordance_is_friedman_s_test_seen_otherwise(ratings):
    one = ratings[0]
    assume(one.shape[0] >= 2 and one.shape[1] >= 3 and np.ptp(one, axis=1).any())
    found = kendall_w(one)
    statistic, p = friedmanchisquare(*one.T)
    assert found.chi_square == pytest.approx(statistic, abs=1e-9)
    assert found.p == pytest.approx(p, abs=1e-9)
    assert -1e-12 <= found.w <= 1 + 1e-12


@given(rounds(n_rounds=1, gaps=False))
def test_only_the_order_within_an_expert_counts_for_concordance(ratings):
    one = ratings[0]
    shifted = np.exp(one / 3) + np.arange(len(one))[:, None]
    assert kendall_w(shifted).w == pytest.approx(kendall_w(one).w, abs=1e-12, nan_ok=True)


@given(rounds())
def test_the_exact_p_is_that_of_the_binomial_test(ratings):
    shift = compare_rounds(*ratings)
    for n, entered, left, p in zip(shift.n, shift.entered, shift.left, shift.p, strict=True):
        if n == 0:
            assert np.isnan(p)
        elif entered + left == 0:
            assert p == 1.0
        else:
            assert p == pytest.approx(binomtest(int(entered), int(entered + left)).pvalue, rel=1e-9)


@given(rounds())
def test_turning_the_scale_over_swaps_in_and_out(ratings):
    found, turned = summarise_delphi(ratings, USUAL), summarise_delphi(10 - ratings, USUAL)
    swap = {Verdict.IN: Verdict.OUT, Verdict.OUT: Verdict.IN}
    for one, other in zip(found.rounds, turned.rounds, strict=True):
        assert other.verdicts == tuple(swap.get(verdict, verdict) for verdict in one.verdicts)
        np.testing.assert_allclose(other.median, 10 - one.median)
        np.testing.assert_allclose(other.quartile_high, 10 - one.quartile_low)
        np.testing.assert_array_equal(other.share_low, one.share_high)
    np.testing.assert_array_equal(turned.shifts[0].net_change, found.shifts[0].net_change)


@given(rounds(), st.randoms(use_true_random=False))
def test_neither_the_order_of_experts_nor_one_who_says_nothing_counts(ratings, random):
    order = random.sample(range(ratings.shape[1]), ratings.shape[1])
    silent = np.full((ratings.shape[0], 1, ratings.shape[2]), nan)
    found = summarise_delphi(ratings, USUAL)
    other = summarise_delphi(np.concatenate([ratings[:, order], silent], axis=1), USUAL)
    for one, same in zip(found.rounds, other.rounds, strict=True):
        assert same.verdicts == one.verdicts
        np.testing.assert_array_equal(same.iqr, one.iqr)
        np.testing.assert_allclose(same.concordance.w, one.concordance.w)
    for name in ("n", "entered", "left", "p", "median_absolute_change", "net_change"):
        np.testing.assert_array_equal(getattr(other.shifts[0], name), getattr(found.shifts[0], name))


@pytest.mark.parametrize("rating", [0, 10, 6.5, float("inf")])
def test_a_rating_off_the_scale_is_refused_by_its_place(rating):
    ratings = np.full((2, 3, 4), 5.0)
    ratings[1, 2, 0] = rating
    with pytest.raises(
        RatingError, match=rf"round 2, expert 3, item 1: the rating is {rating:g}; expected a whole number"
    ):
        summarise_delphi(ratings, USUAL)
    with pytest.raises(RatingError, match="later round, expert 3, item 1"):
        compare_rounds(ratings[0], ratings[1])


@pytest.mark.parametrize("shape", [(2, 3), (0, 3, 4), (2, 0, 4), (2, 3, 0)])
def test_ratings_that_are_no_stack_of_tables_are_refused(shape):
    with pytest.raises(RatingError, match=r"expected \(rounds, experts, items\), one of each at least"):
        summarise_delphi(np.full(shape, 5.0), USUAL)


def test_rounds_of_different_shape_are_refused():
    with pytest.raises(RatingError, match=r"the earlier round is \(2, 1\) and the later one \(3, 1\)"):
        compare_rounds(np.full((2, 1), 5.0), np.full((3, 1), 5.0))
    with pytest.raises(RatingError, match="earlier round, the ratings have 1 dimensions"):
        compare_rounds(np.array([5.0]), np.array([5.0]))


def test_concordance_refuses_what_is_no_table_of_numbers():
    with pytest.raises(RatingError, match="ratings have 1 dimensions; expected a table of experts"):
        kendall_w(np.array([1.0, 2.0]))
    with pytest.raises(RatingError, match="expert 2, item 1: the rating is infinite"):
        kendall_w(table([1, 2], [float("inf"), 2]))


@pytest.mark.parametrize(
    ("least_share", "opposed_below", "message"),
    [
        (70, 0.15, r"the rule asks for 70 .* expected two shares above 0 and up to 1, as 0.7 for 70 %"),
        (0.7, 0, "expected two shares above 0"),
        (0.3, 0.5, "so that an item could be in and out at once"),
    ],
)
def test_a_rule_that_cannot_decide_is_refused(least_share, opposed_below, message):
    with pytest.raises(ConsensusRuleError, match=message):
        ConsensusRule(least_share, opposed_below)
