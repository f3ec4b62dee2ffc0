"""Means and contests by hand, against the Handbook's example and plain loops."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tessera.engines.index.errors import NotComputable
from tessera.engines.index.steps.aggregate import (
    Aggregate,
    Rule,
    borda,
    combine,
    copeland,
    outranking,
    power_mean,
    refuse_unfit,
    refused,
)

nan = math.nan

# Of 2 and 8 with the weights 3 and 1, by hand: (3 * 2 + 8) / 4, 2^(3/4) 8^(1/4), 4 / (3/2 + 1/8),
# sqrt((3 * 4 + 64) / 4), ((3/4 + 1/64) / 4)^(-1/2) and ((3 sqrt 2 + sqrt 8) / 4)^2.
MEANS_OF_2_AND_8 = {1: 3.5, 0: 2**1.5, -1: 32 / 13, 2: math.sqrt(19), -2: 16 / 7, 0.5: 3.125}

RULES = (
    Rule(),
    Rule("geometric"),
    Rule("harmonic"),
    Rule("power", power=2.0),
    Rule("power", power=-2.0),
    Rule("power", power=0.25),
    Rule("geometric", zeros="annihilate"),
    Rule("harmonic", zeros="floor", floor=0.5),
    Rule("arithmetic", min_available=0.6),
    Rule("copeland"),
    Rule("borda"),
)

# OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6, the example on Borda and Condorcet:
# orders of four countries, each with how many of 21 criteria give it. By adding up: the Borda points, and how
# many criteria are for the country of a row against that of a column.
ORDERS = {"abcd": 3, "acbd": 5, "bdca": 7, "cbda": 6}
POINTS = (24, 44, 38, 20)
FOR_THE_ROW = ((0, 8, 8, 8), (13, 0, 10, 21), (13, 11, 0, 14), (13, 0, 7, 0))


def row(*scores):
    return np.array([scores], dtype=np.float64)


def handbook():
    scores = np.array([[-order.index(country) for order in ORDERS] for country in "abcd"], dtype=np.float64)
    return scores, np.array(list(ORDERS.values()), dtype=np.float64)


@pytest.mark.parametrize(("power", "mean"), MEANS_OF_2_AND_8.items())
def test_power_means_by_hand(power, mean):
    assert power_mean(row(2, 8), np.array([3.0, 1.0]), power)[0] == pytest.approx(mean, rel=1e-14)


@pytest.mark.parametrize(("power", "mean"), MEANS_OF_2_AND_8.items())
def test_a_missing_child_drops_out_and_the_others_keep_their_proportions(power, mean):
    assert power_mean(row(nan, 2, 8), np.array([5.0, 3.0, 1.0]), power)[0] == pytest.approx(mean, rel=1e-14)


@pytest.mark.parametrize("weights", [[0.0, 3.0, 1.0], [[0.0, 3.0, 1.0], [0.0, 6.0, 2.0]]])
@pytest.mark.parametrize(("power", "mean"), MEANS_OF_2_AND_8.items())
def test_a_child_without_weight_counts_for_nothing_even_at_zero(power, mean, weights):
    found = power_mean(row(0, 2, 8), np.array(weights), power)
    assert found.ravel().tolist() == pytest.approx([mean] * (found.size), rel=1e-14)


@pytest.mark.parametrize("weights", [[1.0, 0.0], [[1.0, 0.0], [2.0, 0.0]]])
@pytest.mark.parametrize("power", MEANS_OF_2_AND_8)
def test_there_is_no_mean_of_nothing(power, weights):
    scores = np.array([[nan, nan], [nan, 7.0], [7.0, nan]])
    found = power_mean(scores, np.array(weights), power).reshape(-1, 3)
    assert np.isnan(found[:, :2]).all()
    assert found[:, 2].tolist() == pytest.approx([7.0] * len(found), rel=1e-14)


@pytest.mark.parametrize("power", [0, -1, -2, -0.5])
def test_a_zero_makes_a_mean_zero_whose_power_is_not_above_zero(power):
    assert power_mean(row(0, 9, nan), np.ones(3), power).tolist() == [0.0]


@pytest.mark.parametrize("power", [0.5, 2])
def test_zeros_alone_have_the_mean_zero_under_any_power(power):
    assert power_mean(row(0, 0), np.ones(2), power).tolist() == [0.0]


def test_a_power_without_bound_is_the_lowest_or_the_highest_score():
    assert power_mean(row(3, 50, 90), np.ones(3), -1e6)[0] == pytest.approx(3, rel=1e-5)
    assert power_mean(row(3, 50, 90), np.ones(3), 1e6)[0] == pytest.approx(90, rel=1e-5)


@pytest.mark.parametrize("power", [1e-12, -1e-12])
def test_a_power_near_zero_is_the_geometric_mean_to_the_last_digits(power):
    # The mean and the geometric mean differ by about power / 2 times the variance of the logarithms.
    assert power_mean(row(2, 8), np.ones(2), power)[0] == pytest.approx(4.0, rel=1e-11)


@pytest.mark.parametrize(
    ("rule", "score"),
    [
        (Rule("geometric", zeros="floor", floor=1.0), 2.0),
        (Rule("harmonic", zeros="floor", floor=1.0), 1.6),
        (Rule("power", power=0.0, zeros="floor", floor=1.0), 2.0),
        (Rule("geometric", zeros="annihilate"), 0.0),
        (Rule("harmonic", zeros="annihilate"), 0.0),
        (Rule("arithmetic", zeros="floor", floor=1.0), 2.0),
        (Rule("power", power=2.0, zeros="floor", floor=1.0), math.sqrt(8)),
    ],
)
def test_each_policy_on_zeros_by_hand_with_a_missing_child(rule, score):
    # Of 0 and 4; means with a power above 0 take the zero as it is.
    assert combine(row(0, nan, 4), np.ones(3), rule)[0] == pytest.approx(score)
    assert not refused(row(0, nan, 4), rule).any()


def test_the_floor_lifts_what_is_lower_and_nothing_else():
    rule = Rule("geometric", zeros="floor", floor=2.0)
    assert combine(row(0.5, 8), np.ones(2), rule)[0] == pytest.approx(4.0)
    assert combine(row(2, 8), np.ones(2), rule)[0] == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("rule", "unfit"),
    [
        (Rule(), [False, False, False]),
        (Rule("copeland"), [False, False, False]),
        (Rule("power", power=2.0), [True, False, False]),
        (Rule("power", power=2.0, zeros="floor", floor=1.0), [True, False, False]),
        (Rule("geometric"), [True, True, False]),
        (Rule("harmonic"), [True, True, False]),
        (Rule("power", power=-0.5), [True, True, False]),
        (Rule("geometric", zeros="annihilate"), [True, False, False]),
        (Rule("harmonic", zeros="floor", floor=1.0), [True, False, False]),
    ],
)
def test_what_a_rule_cannot_take(rule, unfit):
    assert refused(row(-1, 0, nan), rule)[0].tolist() == unfit


@pytest.mark.parametrize(
    ("rule", "scores", "words"),
    [
        (
            Rule("geometric"),
            [[1.0, 2.0], [3.0, 0.0]],
            "work: Riga has 0 for pay, .* geometric mean; choose",
        ),
        (Rule("harmonic"), [[1.0, -2.5], [0.0, 1.0]], "work: Porto has -2.5 for pay, .* harmonic mean; norm"),
        (Rule("power", power=3.0), [[1.0, 2.0], [-1.0, nan]], "work: Riga has -1 for jobs, .* no power mean"),
    ],
)
def test_a_score_without_a_mean_is_refused_by_unit_and_child(rule, scores, words):
    with pytest.raises(NotComputable, match=words):
        refuse_unfit(np.array(scores), rule, group="work", rows=("Porto", "Riga"), codes=("jobs", "pay"))


def test_scores_that_have_a_mean_are_not_refused():
    refuse_unfit(row(0.1, nan), Rule("geometric"), group="work", rows=("Porto",), codes=("jobs", "pay"))


def test_too_few_children_of_those_that_apply_give_no_score():
    scores = np.array([[1, 3, nan, nan], [1, nan, nan, nan], [1, nan, nan, nan], [nan] * 4])
    applicable = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]], dtype=bool)
    found = combine(scores, np.ones(4), Rule(min_available=0.5), applicable=applicable)
    np.testing.assert_array_equal(found, [2.0, nan, 1.0, nan])
    np.testing.assert_array_equal(combine(scores, np.ones(4), Rule(min_available=0.5)), [2.0, nan, nan, nan])


def test_a_share_of_two_thirds_is_reached_by_two_of_three():
    for share in (2 / 3, 0.6666666666667):
        assert combine(row(1, 3, nan), np.ones(3), Rule(min_available=share)).tolist() == [2.0]
    assert np.isnan(combine(row(1, 3, nan), np.ones(3), Rule(min_available=0.667))).all()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.method} {rule.power} {rule.zeros}")
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_a_stack_of_tables_or_of_weights_is_the_loop_over_them(rule, missing):
    rng = np.random.default_rng(4)
    tables = rng.uniform(1, 100, size=(5, 7, 4))
    tables[rng.random(tables.shape) < missing] = nan
    many = rng.choice([0.0, 0.5, 1.0, 2.0], size=(5, 4))
    many[:, 3] += 1
    applicable = rng.random((7, 4)) < 0.9

    def one(table, weights):
        return combine(table, weights, rule, applicable=applicable)

    stacked = one(tables, many)
    assert stacked.shape == (5, 7)
    np.testing.assert_allclose(stacked, [one(t, w) for t, w in zip(tables, many, strict=True)], rtol=1e-12)
    np.testing.assert_allclose(one(tables, many[0]), [one(t, many[0]) for t in tables], rtol=1e-12)
    np.testing.assert_allclose(one(tables[0], many), [one(tables[0], w) for w in many], rtol=1e-12)


def test_a_zero_without_weight_in_one_draw_is_annihilating_in_the_other():
    rule = Rule("geometric", zeros="annihilate")
    found = combine(row(0, 9), np.array([[0.0, 1.0], [1.0, 1.0]]), rule)
    assert found[:, 0].tolist() == [pytest.approx(9.0), 0.0]


def test_a_groups_own_rule_comes_before_that_of_its_level():
    own, level, general = Rule("harmonic"), Rule("geometric"), Rule("borda")
    aggregate = Aggregate(general, (("L2", level), ("work", own)))
    assert aggregate.rule_for("work", 2) is own
    assert aggregate.rule_for("homes", 2) is level
    assert aggregate.rule_for("index", 3) is general


def test_outranking_counts_the_weight_of_the_children_that_both_have():
    # A and B share the first and the third child, with the weights 3 and 1: (3 + 1/2) / 4. C shares the
    # second with B, and nothing with A.
    scores = np.array([[3, nan, 1], [2, 9, 1], [nan, 9.5, nan]])
    expected = np.array([[0.5, 0.875, nan], [0.125, 0.5, 0.0], [nan, 1.0, 0.5]])
    np.testing.assert_allclose(outranking(scores, np.array([3.0, 5.0, 1.0])), expected)
    # In the other order of rows, to which COINr has another answer.
    back = outranking(scores[::-1], np.array([3.0, 5.0, 1.0]))
    np.testing.assert_allclose(back, expected[::-1, ::-1])


def test_a_unit_whose_only_child_has_no_weight_outranks_nobody():
    scores, weights = np.array([[1.0, 2.0], [nan, 3.0]]), np.array([1.0, 0.0])
    np.testing.assert_array_equal(outranking(scores, weights), [[0.5, nan], [nan, nan]])
    np.testing.assert_array_equal(copeland(scores, weights), [0.0, nan])


def test_the_handbooks_countries_outrank_each_other_as_published():
    shares = outranking(*handbook())
    np.fill_diagonal(shares, 0)
    np.testing.assert_allclose(shares * 21, FOR_THE_ROW)


def test_the_handbooks_countries_by_copeland_and_borda():
    # c wins all three contests and b two; by points b is first.
    assert copeland(*handbook()).tolist() == [-3.0, 1.0, 3.0, -1.0]
    np.testing.assert_allclose(borda(*handbook()) * 21, POINTS)


def plain_copeland(scores, weights):
    total = []
    for one in scores:
        score = 0
        for other in scores:
            pairs = [(a, b, w) for a, b, w in zip(one, other, weights, strict=True) if a == a and b == b]
            won, lost = (math.fsum(w for a, b, w in pairs if (a - b) * sign > 0) for sign in (1, -1))
            score += 0 if abs(won - lost) <= 2e-9 * math.fsum(weights) else math.copysign(1, won - lost)
        total.append(score)
    return total


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_copeland_of_fifty_one_units_is_that_of_a_plain_double_loop(missing):
    rng = np.random.default_rng(51)
    # Few values and weights, so that ties of scores and of contests are common.
    scores = rng.integers(0, 6, size=(51, 49)).astype(np.float64)
    scores[rng.random(scores.shape) < missing] = nan
    weights = rng.choice([0.1, 0.2, 0.3], size=49)
    expected = plain_copeland(scores.tolist(), weights.tolist())
    assert copeland(scores, weights).tolist() == expected
    assert len(set(expected)) > 20


def test_rounding_decides_no_contest():
    # The first unit is ahead with 0.1 and 0.2, the second with 0.3.
    scores = np.array([[2.0, 2.0, 1.0], [1.0, 1.0, 2.0]])
    assert copeland(scores, np.array([0.1, 0.2, 0.3])).tolist() == [0, 0]
    # And scores that differ by rounding alone are tied.
    assert outranking(np.array([[0.1 + 0.2], [0.3]]), np.ones(1)).tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_contests_do_not_depend_on_the_unit_of_the_scores():
    tiny = np.array([[3e-12], [1e-12], [2e-12]])
    assert copeland(tiny, np.ones(1)).tolist() == [2.0, -2.0, 0.0]
    assert borda(tiny, np.ones(1)).tolist() == [2.0, 0.0, 1.0]


def test_many_units_are_compared_in_blocks_without_a_seam():
    # 1500 units in 2 children: more pairs than are compared at once. Each unit beats those below it.
    order = np.random.default_rng(0).permutation(1500).astype(np.float64)
    found = copeland(np.column_stack([order, order]), np.ones(2))
    np.testing.assert_array_equal(found, 2 * order - 1499)


def test_borda_by_hand_with_ties_and_missing_scores():
    # First child, three units: ranks 1, 1, 3, so 2, 2, 0. Second child, three units: 0, 1, 2.
    scores = np.array([[3, 1], [3, 2], [1, nan], [nan, 5]])
    assert borda(scores, np.array([1.0, 3.0])).tolist() == [0.5, 1.25, 0.0, 2.0]


def test_without_any_score_there_are_neither_contests_nor_points():
    scores = np.array([[1.0, 2.0], [nan, nan]])
    np.testing.assert_array_equal(copeland(scores, np.ones(2)), [0.0, nan])
    np.testing.assert_array_equal(borda(scores, np.ones(2)), [0.0, nan])


cells = st.one_of(st.floats(0.01, 1000), st.sampled_from([1.0, 2.0, 50.0, nan]))
tables = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=cells)
powers = st.one_of(
    st.sampled_from([-2.0, -1.0, 0.0, 1.0, 2.0]), st.floats(-30, 30).filter(lambda power: abs(power) > 1e-200)
)


def weights_for(table, seed):
    found = np.random.default_rng(seed).choice([0.0, 0.3, 1.0, 2.5], size=table.shape[1])
    assume(found.any())
    return found


@given(tables, powers, st.integers(0, 99))
def test_a_mean_lies_between_the_lowest_and_the_highest_score(table, power, seed):
    weights = weights_for(table, seed)
    counted = table[:, weights > 0]
    found = power_mean(table, weights, power)
    here = ~np.isnan(counted).all(axis=1)
    assert (np.isnan(found) == ~here).all()
    assert (found[here] >= np.nanmin(counted[here], axis=1) * (1 - 1e-12)).all()
    assert (found[here] <= np.nanmax(counted[here], axis=1) * (1 + 1e-12)).all()


@given(tables, powers, powers, st.integers(0, 99))
def test_a_mean_does_not_fall_when_its_power_rises(table, one, other, seed):
    weights = weights_for(table, seed)
    low, high = (power_mean(table, weights, power) for power in sorted((one, other)))
    assert (np.isnan(low) | (low <= high * (1 + 1e-12))).all()


@given(tables, powers, st.floats(1e-6, 1e6), st.floats(1e-6, 1e6), st.integers(0, 99))
def test_a_mean_scales_with_the_scores_and_not_with_the_weights(table, power, unit, scale, seed):
    weights = weights_for(table, seed)
    found = power_mean(table, weights, power)
    np.testing.assert_allclose(power_mean(unit * table, scale * weights, power), unit * found, rtol=1e-10)


@given(tables, st.sampled_from(RULES), st.integers(0, 99), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_units_and_children_does_not_matter(table, rule, seed, random):
    weights = weights_for(table, seed)
    units, children = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(units)
    random.shuffle(children)
    found = combine(table, weights, rule)
    shuffled = combine(table[units][:, children], weights[children], rule)
    np.testing.assert_allclose(shuffled, found[units], rtol=1e-12)


@given(tables, st.integers(0, 99))
def test_of_two_units_the_shares_sum_to_one_and_the_contests_to_nothing(table, seed):
    weights = weights_for(table, seed)
    shares = outranking(table, weights)
    np.testing.assert_allclose((shares + shares.T)[~np.isnan(shares)], 1, rtol=1e-12)
    assert np.nansum(copeland(table, weights)) == 0


@given(tables, st.sampled_from([Rule("copeland"), Rule("borda")]), st.integers(0, 99))
def test_contests_and_points_look_at_the_order_alone(table, rule, seed):
    # Distances of at least 1 in 1000 before, so that no tie is made or broken.
    table = table.round(2)
    weights = weights_for(table, seed)
    np.testing.assert_array_equal(combine(table**3, weights, rule), combine(table, weights, rule))
