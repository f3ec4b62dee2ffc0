"""Normalisation, against COINr's figures, the Human Development Index and cases by hand."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.oracles import hdi

from tessera.engines.index.errors import DataError, MethodError, NotComputable, StructureError
from tessera.engines.index.steps.normalise import (
    LINES,
    METHODS,
    Normalise,
    Scales,
    line_between,
    line_through,
    normalise,
)

NAN = np.nan
# Two columns: a of direction 1 with one value missing and a tie, b of direction -1.
TABLE = np.array([[2.0, 10.0], [4.0, 30.0], [NAN, 20.0], [4.0, 50.0], [8.0, 10.0]])


def make_scales(*directions, goal_low=NAN, goal_high=NAN, target=NAN):
    number = len(directions)
    return Scales(
        codes=tuple("abcdefgh"[:number]),
        direction=np.array(directions, dtype=np.float64),
        goal_low=np.full(number, goal_low),
        goal_high=np.full(number, goal_high),
        target=np.full(number, target),
    )


def agree(result, expected):
    np.testing.assert_allclose(result, np.array(expected), rtol=1e-12, atol=1e-12)


def read(path):
    with path.open(newline="") as file:
        head, *rows = csv.reader(file)
    return head[1:], np.array([[float(cell) for cell in row[1:]] for row in rows])


def test_minmax_of_the_asem_data_is_that_of_coinr(shared):
    codes, treated = read(shared / "data/coinr/asem_Treated.csv")
    expected_codes, expected = read(shared / "data/coinr/normalised_minmax_0_100.csv")
    with (shared / "data/coinr/asem_iMeta.csv").open(newline="") as file:
        directions = {
            row["iCode"]: float(row["Direction"]) for row in csv.DictReader(file) if row["Direction"]
        }
    assert codes == expected_codes
    assert expected.shape == (51, 49)
    unset = np.full(49, NAN)
    scales = Scales(tuple(codes), np.array([directions[code] for code in codes]), unset, unset, unset)
    result = normalise(treated, Normalise(method="minmax", low=0.0, high=100.0), scales)
    np.testing.assert_allclose(result, expected, rtol=1e-9, atol=1e-12)


def test_goalposts_and_a_geometric_mean_give_the_published_human_development_index():
    figures = np.array(list(hdi.COUNTRIES.values()))
    assert figures.shape == (10, 5)
    posts = np.array(
        [
            hdi.LIFE_YEARS,
            hdi.EXPECTED_SCHOOLING_YEARS,
            hdi.MEAN_SCHOOLING_YEARS,
            tuple(np.log(hdi.GNI_PPP_USD)),
        ]
    )
    scales = Scales(hdi.CODES, np.ones(4), posts[:, 0], posts[:, 1], np.full(4, NAN))
    table = np.column_stack([figures[:, :3], np.log(figures[:, 3])])
    life, expected, mean, income = normalise(table, Normalise("goalposts", low=0.0, high=1.0), scales).T
    result = np.cbrt(life * (expected + mean) / 2 * income)
    # As printed: 0.05 years of schooling, twice, move the index by 0.001, and its last digit is 0.0005 off.
    np.testing.assert_allclose(result, figures[:, 4], rtol=0, atol=0.0015)


def test_goalposts_give_the_income_index_of_the_worked_example():
    low, high = np.log(hdi.GNI_PPP_USD)
    scales = make_scales(1, goal_low=low, goal_high=high)
    table = np.log([[hdi.EXAMPLE["gni_ppp_usd"]]])
    income = normalise(table, Normalise("goalposts", low=0.0, high=1.0), scales)[0, 0]
    assert round(income, 4) == hdi.EXAMPLE["income_index"]
    life, education, _ = hdi.EXAMPLE["dimensions"]
    assert round(np.cbrt(life * education * income), 3) == hdi.EXAMPLE["index"]


def test_goalposts_by_hand():
    # (4 - 0)/10 and (10 - 4)/10; below 0 and above 10 is clipped; scale 1 to 5.
    x = np.array([[4.0, 4.0], [-1.0, -1.0], [12.0, 12.0], [NAN, 10.0]])
    scales = make_scales(1, -1, goal_low=0.0, goal_high=10.0)
    agree(
        normalise(x, Normalise("goalposts", low=1.0, high=5.0), scales),
        [[2.6, 3.4], [1, 5], [5, 1], [NAN, 1]],
    )


def test_goalposts_allow_a_constant_and_an_empty_column():
    scales = make_scales(1, 1, goal_low=0.0, goal_high=10.0)
    agree(normalise(np.array([[5.0, NAN]] * 2), Normalise("goalposts"), scales), [[50, NAN]] * 2)


def test_minmax_by_hand():
    # a: (x - 2)/6; b: directed -10, -30, -20, -50, -10, so (x + 50)/40; scale 1 to 100.
    expected = [[1, 100], [34, 50.5], [NAN, 75.25], [34, 1], [100, 100]]
    agree(normalise(TABLE, Normalise("minmax", low=1.0, high=100.0), make_scales(1, -1)), expected)


def test_zscores_by_hand():
    # 2, 4, 6: mean 4, s = 2 with n - 1. Directed -1, -3: mean -2, s = sqrt(2).
    x = np.array([[2.0, 1.0], [4.0, NAN], [6.0, 3.0]])
    agree(
        normalise(x, Normalise("zscore", mean=10.0, sd=2.0), make_scales(1, -1)),
        [[8, 10 + 2**0.5], [10, NAN], [12, 10 - 2**0.5]],
    )


def test_ranks_count_from_the_worst_and_ties_take_the_smallest():
    # a: 2 < 4 = 4 < 8. b, less is better: 50 is the worst, then 30, 20, and 10 twice.
    expected = np.array([[1, 4], [2, 2], [NAN, 3], [2, 1], [4, 4]])
    agree(normalise(TABLE, Normalise("rank"), make_scales(1, -1)), expected)
    agree(normalise(TABLE, Normalise("borda"), make_scales(1, -1)), expected - 1)
    # Four units of a are present, five of b.
    agree(normalise(TABLE, Normalise("percentile"), make_scales(1, -1)), (expected - 1) / [3, 4])


def test_ranks_tie_what_differs_by_rounding_whatever_the_unit():
    x = np.array([[0.3], [0.1 + 0.2], [0.2]])
    for unit in (1.0, 1e-12, 1e12):
        agree(normalise(x * unit, Normalise("borda"), make_scales(1)), [[1], [1], [0]])


def test_distance_to_max_by_hand():
    # a: 1 - (8 - x)/6; b: 1 - (-10 - x)/40.
    expected = [[0, 1], [1 / 3, 0.5], [NAN, 0.75], [1 / 3, 0], [1, 1]]
    agree(normalise(TABLE, Normalise("distance_to_max"), make_scales(1, -1)), expected)


def test_a_line_between_extremes_is_that_of_the_values():
    # Two runs of a, and of b, which is better the lower.
    lowest, highest = np.array([[[2.0, 10.0]], [[0.0, 0.0]]]), np.array([[[8.0, 50.0]], [[5.0, 4.0]]])
    line = line_between(lowest, highest, Normalise(low=1.0, high=5.0), make_scales(1, -1))
    assert line.of(np.array([[[5.0, 20.0]], [[5.0, 4.0]]])).tolist() == [[[3.0, 4.0]], [[5.0, 1.0]]]
    line = line_between(lowest, highest, Normalise("distance_to_max"), make_scales(1, -1))
    assert line.of(np.array([[[5.0, 20.0]], [[5.0, 4.0]]])).tolist() == [[[0.5, 0.75]], [[1.0, 0.0]]]
    with pytest.raises(NotComputable, match=r"^b: all units have the same value"):
        line_between(lowest, np.array([[[8.0, 50.0]], [[5.0, 0.0]]]), Normalise(), make_scales(1, -1))


@pytest.mark.parametrize("method", LINES)
def test_columns_have_the_same_line_by_themselves(method):
    scales = make_scales(1, -1)
    whole = line_through(TABLE, Normalise(method), scales).of(TABLE)
    for column in (slice(0, 1), slice(1, 2)):
        own = line_through(TABLE[:, column], Normalise(method), scales.only(column))
        np.testing.assert_array_equal(own.of(TABLE[:, column]), whole[:, column])
    assert line_through(TABLE, Normalise("borda"), scales) is None


def test_distance_to_target_by_hand():
    # Target 6 for a: (x - 2)/4; 20 for b: (-x + 50)/30.
    scales = replace(make_scales(1, -1), target=np.array([6.0, 20.0]))
    uncapped = [[0, 4 / 3], [0.5, 2 / 3], [NAN, 1], [0.5, 0], [1.5, 4 / 3]]
    capped = [[0, 1], [0.5, 2 / 3], [NAN, 1], [0.5, 0], [1, 1]]
    agree(normalise(TABLE, Normalise("distance_to_target", cap=False), scales), uncapped)
    agree(normalise(TABLE, Normalise("distance_to_target"), scales), capped)


def test_distance_to_reference_by_hand():
    # Reference is row 1 (a 4, b 30): a: 1 - (4 - x)/2; b: 1 - (-30 + x)/20.
    expected = [[0, 2], [1, 1], [NAN, 1.5], [1, 0], [3, 2]]
    spec = Normalise("distance_to_reference", reference="Ghent")
    agree(normalise(TABLE, spec, make_scales(1, -1), reference_row=1), expected)


def test_fraction_of_max_by_hand():
    agree(
        normalise(TABLE, Normalise("fraction_of_max"), make_scales(1, 1)),
        [[0.25, 0.2], [0.5, 0.6], [NAN, 0.4], [0.5, 1], [1, 0.2]],
    )


def test_none_applies_the_direction_only():
    agree(normalise(TABLE, Normalise("none"), make_scales(1, -1)), TABLE * [1, -1])


EVERY_METHOD = [Normalise(method, reference="x") for method in METHODS]
by_method = pytest.mark.parametrize("spec", EVERY_METHOD, ids=METHODS)


def positive_table(seed, *shape):
    # The first unit is the best of all, to serve as a reference.
    x = np.random.default_rng(seed).uniform(1, 9, size=shape)
    x[..., 1, 1] = NAN
    x[..., 0, :] = 9.5
    return x


@by_method
def test_a_stack_is_normalised_table_by_table(spec):
    x = positive_table(1, 2, 3, 6, 4)
    scales = make_scales(1, 1, 1, 1, goal_low=0.0, goal_high=10.0, target=9.0)
    tables = [normalise(table, spec, scales, reference_row=0) for table in x.reshape(6, 6, 4)]
    assert np.array_equal(
        normalise(x, spec, scales, reference_row=0), np.reshape(tables, x.shape), equal_nan=True
    )


@by_method
@given(order=st.permutations(range(6)))
def test_permuting_units_permutes_scores(spec, order):
    x = positive_table(2, 6, 4)
    scales = make_scales(1, 1, 1, 1, goal_low=0.0, goal_high=10.0, target=9.0)
    before = normalise(x, spec, scales, reference_row=0)
    agree(normalise(x[order], spec, scales, reference_row=order.index(0)), before[order])


@by_method
def test_missing_stays_missing_and_nothing_else_becomes_so(spec):
    x = positive_table(3, 6, 4)
    scales = make_scales(1, 1, 1, 1, goal_low=0.0, goal_high=10.0, target=9.0)
    assert np.array_equal(np.isnan(normalise(x, spec, scales, reference_row=0)), np.isnan(x))


columns = arrays(np.float64, (5, 1), elements=st.integers(-100, 100).map(float))


@given(columns, st.sampled_from([0.001, 0.5, 3.0, 1e6]), st.integers(-1000, 1000))
def test_minmax_does_not_see_the_unit_of_measurement(x, factor, shift):
    assume(x.max() > x.min())
    for direction in (1, -1):
        before = normalise(x, Normalise(), make_scales(direction))
        after = normalise(x * factor + shift, Normalise(), make_scales(direction))
        np.testing.assert_allclose(after, before, atol=1e-6)


@given(columns, columns, st.sampled_from([1, -1]))
def test_under_goalposts_other_units_change_nothing(x, others, direction):
    scales = make_scales(direction, goal_low=-50.0, goal_high=60.0)
    alone = normalise(x, Normalise("goalposts"), scales)
    assert np.array_equal(normalise(np.vstack([x, others]), Normalise("goalposts"), scales)[:5], alone)
    assert alone.min() >= 0
    assert alone.max() <= 100


@pytest.mark.parametrize("method", ["minmax", "zscore", "distance_to_max"])
def test_a_constant_column_is_refused_by_its_code(method):
    x = np.array([[1.0, 5.0, NAN, 0.3], [2.0, 5.0, 7.0, 0.1 + 0.2]])
    with pytest.raises(NotComputable, match=rf"^b, c, d: all units.*{method}.*goalposts"):
        normalise(x, Normalise(method), make_scales(1, 1, -1, 1))


def test_a_constant_column_in_one_table_of_a_stack_is_refused_by_its_code():
    x = np.random.default_rng(1).normal(size=(3, 4, 2))
    x[1, :, 1] = 7.0
    with pytest.raises(NotComputable, match=r"^b: all units"):
        normalise(x, Normalise(), make_scales(1, 1))


def test_a_small_spread_is_no_constant():
    agree(normalise(np.array([[1e-15], [3e-15], [2e-15]]), Normalise(), make_scales(1)), [[0], [100], [50]])


def test_a_percentile_of_one_value_is_refused():
    with pytest.raises(NotComputable, match=r"^b: one value only"):
        normalise(np.array([[1.0, 5.0], [1.0, NAN]]), Normalise("percentile"), make_scales(1, 1))


@pytest.mark.parametrize("spec", [s for s in EVERY_METHOD if s.method not in ("goalposts", "none")])
def test_an_empty_column_is_refused_by_its_code(spec):
    x = np.array([[1.0, NAN], [2.0, NAN]])
    with pytest.raises(NotComputable, match=r"^b: no unit has a value"):
        normalise(x, spec, make_scales(1, 1, target=5.0), reference_row=1)


def test_a_table_without_units_is_refused():
    with pytest.raises(NotComputable, match=r"^a, b: no unit has a value"):
        normalise(np.zeros((0, 2)), Normalise(), make_scales(1, 1))


def test_missing_goalposts_and_targets_are_refused_by_their_codes():
    x = np.array([[1.0, 5.0, 2.0], [2.0, 6.0, 3.0]])
    scales = replace(
        make_scales(1, 1, 1),
        goal_low=np.array([0.0, NAN, 0.0]),
        goal_high=np.array([9.0, 9.0, NAN]),
        target=np.array([NAN, 9.0, NAN]),
    )
    with pytest.raises(MethodError, match=r"^b, c: no goalposts"):
        normalise(x, Normalise("goalposts"), scales)
    with pytest.raises(MethodError, match=r"^a, c: no target"):
        normalise(x, Normalise("distance_to_target"), scales)


def test_a_target_that_the_worst_unit_reaches_is_refused():
    # Less is better in b: its worst is 6, so a target of 5 is fine and 7 is not; in a the worst is 1.
    x = np.array([[1.0, 5.0], [2.0, 6.0]])
    scales = make_scales(1, -1)
    with pytest.raises(NotComputable, match=r"^b: the target is no better"):
        normalise(x, Normalise("distance_to_target"), replace(scales, target=np.array([2.0, 7.0])))
    with pytest.raises(NotComputable, match=r"^a: the target is no better"):
        normalise(x, Normalise("distance_to_target"), replace(scales, target=np.array([1.0, 5.0])))


def test_a_reference_that_is_the_worst_or_missing_or_not_named_is_refused():
    x = np.array([[1.0, 5.0], [2.0, 6.0], [3.0, NAN]])
    spec = Normalise("distance_to_reference", reference="Ghent")
    with pytest.raises(NotComputable, match=r"^b: the reference unit Ghent is the worst"):
        normalise(x, spec, make_scales(1, -1), reference_row=1)
    with pytest.raises(NotComputable, match=r"^b: the reference unit Ghent has no value"):
        normalise(x, spec, make_scales(1, -1), reference_row=2)
    with pytest.raises(MethodError, match=r"^normalise\.reference: .* needs the name of a unit"):
        normalise(x, Normalise("distance_to_reference"), make_scales(1, -1))


def test_a_fraction_of_a_maximum_needs_values_from_0():
    x = np.array([[1.0, -1.0, 0.0, 3.0], [2.0, 4.0, 0.0, 1.0]])
    with pytest.raises(NotComputable, match=r"^b, c, d: fraction_of_max needs values from 0"):
        normalise(x, Normalise("fraction_of_max"), make_scales(1, 1, 1, -1))


def test_an_unknown_method_and_a_table_of_another_width_are_refused():
    with pytest.raises(MethodError, match=r"^normalise\.method: min-max is none of goalposts, minmax"):
        normalise(TABLE, Normalise("min-max"), make_scales(1, 1))
    with pytest.raises(DataError, match=r"shape \(5, 2\) for 3 indicators"):
        normalise(TABLE, Normalise(), make_scales(1, 1, 1))


def test_scales_that_say_nonsense_are_refused():
    with pytest.raises(StructureError, match=r"^b: the direction is 0; write 1 or -1"):
        make_scales(1, 0)
    with pytest.raises(StructureError, match=r"^a: goal_low 10 is not below goal_high 5"):
        make_scales(1, goal_low=10.0, goal_high=5.0)
    with pytest.raises(StructureError, match=r"^target: 2 values for 1 codes"):
        replace(make_scales(1), target=np.array([1.0, 2.0]))
