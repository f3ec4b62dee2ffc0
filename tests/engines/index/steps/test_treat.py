"""Skewness, kurtosis and the treatment of outliers, against COINr's ASEM example, scipy and sums by hand."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tessera.engines.index.steps.treat import Treat, kurtosis, outlying, skewness, treat

nan = math.nan


def column(*values):
    return np.array(values, dtype=float)[:, None]


def asem(shared, name):
    with (shared / "data/coinr" / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    codes = [key for key in rows[0] if key != "uCode"]
    return codes, np.array([[float(row[code]) for code in codes] for row in rows])


def test_skewness_of_four_values_by_hand():
    # 0, 0, 0, 4: deviations -1, -1, -1, 3; m2 = 3, m3 = 6; G1 = sqrt(12)/2 * 6 / 3^1.5 = 2.
    assert skewness(column(0, 0, 0, 4)) == pytest.approx([2.0], rel=1e-14)


def test_kurtosis_of_four_values_by_hand():
    # m2 = 3, m4 = 21; G2 = 3/2 * (5 (21/9 - 3) + 6) = 4.
    assert kurtosis(column(0, 0, 0, 4)) == pytest.approx([4.0], rel=1e-14)


def test_missing_values_are_left_out():
    x = column(nan, 0, 0, nan, 0, 4)
    assert skewness(x) == pytest.approx([2.0], rel=1e-14)
    assert kurtosis(x) == pytest.approx([4.0], rel=1e-14)


def test_the_figures_are_undefined_for_too_few_values():
    x = np.array([[1.0, 1.0, nan], [2.0, 2.0, nan], [nan, 4.0, nan]])
    assert np.isnan(skewness(x)).tolist() == [True, False, True]
    assert np.isnan(kurtosis(x)).tolist() == [True, True, True]


@pytest.mark.parametrize("value", [0.0, 0.1, 1e-300, 1e300, -7.3])
def test_the_figures_are_undefined_for_a_constant_column(value):
    # 0.1 ten times has a mean that is not 0.1 in floats.
    x = np.full((10, 1), value)
    assert np.isnan(skewness(x)).all()
    assert np.isnan(kurtosis(x)).all()
    assert not outlying(x, skew=0.0, kurtosis=-math.inf).any()


def test_the_figures_are_undefined_where_half_the_range_is_no_number():
    # The smallest number above 0, whose half is 0.
    x = column(0.0, 5e-324, 5e-324, 5e-324)
    assert np.isnan([skewness(x), kurtosis(x)]).all()


def test_the_figures_are_those_of_scipy():
    x = np.random.default_rng(5).lognormal(size=(3, 40, 7))
    assert skewness(x) == pytest.approx(stats.skew(x, axis=1, bias=False), rel=1e-9)
    assert kurtosis(x) == pytest.approx(stats.kurtosis(x, axis=1, bias=False), rel=1e-9)


def test_an_indicator_is_outlying_from_both_thresholds_on():
    x = np.hstack([column(0, 0, 0, 4), column(0, 0, 0, -4), column(0, 1, 2, 3)])
    assert outlying(x, skew=1.99, kurtosis=3.99).tolist() == [True, True, False]
    assert outlying(x, skew=1.99, kurtosis=4.01).tolist() == [False, False, False]
    assert outlying(x, skew=2.01, kurtosis=3.99).tolist() == [False, False, False]


def test_the_figures_on_a_threshold_count_as_outlying():
    g1, g2 = skewness(column(0, 0, 0, 4))[0], kurtosis(column(0, 0, 0, 4))[0]
    assert outlying(column(0, 0, 0, 4), skew=g1, kurtosis=g2).tolist() == [True]


tables = st.integers(0, 2**32 - 1).map(
    lambda seed: np.exp(2 * np.random.default_rng(seed).standard_normal((15, 4))).round(1)
)


@given(tables, st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_the_figures_do_not_depend_on_the_unit(x, factor, shift):
    assert skewness(x * factor) == pytest.approx(skewness(x), rel=1e-9, nan_ok=True)
    assert kurtosis(x * factor) == pytest.approx(kurtosis(x), rel=1e-9, abs=1e-9, nan_ok=True)
    assert skewness(shift - x) == pytest.approx(-skewness(x), rel=1e-6, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("unit", [1e-250, 1e250])
def test_an_extreme_unit_does_not_leave_the_floats(unit):
    assert skewness(column(0, 0, 0, 4) * unit) == pytest.approx([2.0], rel=1e-9)
    assert kurtosis(column(0, 0, 0, 4) * unit) == pytest.approx([4.0], rel=1e-9)


def test_the_asem_indicators_are_treated_as_by_coinr(shared):
    codes, given_values = asem(shared, "asem_Imputed.csv")
    treated_codes, expected = asem(shared, "asem_Treated.csv")
    assert codes == treated_codes
    result = treat(given_values, Treat("winsorise_then_log"))
    assert result.values == pytest.approx(expected, rel=1e-9, abs=0)


def test_the_asem_figures_and_counts_are_those_of_coinr(shared):
    codes, given_values = asem(shared, "asem_Imputed.csv")
    result = treat(given_values, Treat("winsorise_then_log"))
    with (shared / "data/coinr/treat_details_winmax5.csv").open(newline="") as file:
        details = list(csv.DictReader(file))
    assert [row["iCode"] for row in details] == codes
    figures = np.array([[float(row[f"check_SkewKurt0.{f}"]) for f in ("Skew", "Kurt")] for row in details])
    assert result.skew_before == pytest.approx(figures[:, 0], rel=1e-9)
    assert result.kurtosis_before == pytest.approx(figures[:, 1], rel=1e-9)
    assert result.winsorised.tolist() == [int(row["winsorise.nwin"] or 0) for row in details]
    touched = [j for j, row in enumerate(details) if row["winsorise.nwin"]]
    assert len(touched) == 15
    assert result.action[touched].tolist() == ["winsorised"] * 15
    after = np.array([[float(details[j][f"check_SkewKurt1.{f}"]) for f in ("Skew", "Kurt")] for j in touched])
    assert result.skew_after[touched] == pytest.approx(after[:, 0], rel=1e-9)
    assert result.kurtosis_after[touched] == pytest.approx(after[:, 1], rel=1e-9)


def test_nothing_is_touched_without_a_method():
    x = column(1, 2, 3, 4, 100)
    result = treat(x, Treat())
    assert result.values.tolist() == x.tolist()
    assert result.action.tolist() == [""]
    assert result.winsorised.tolist() == [0]
    assert result.skew_after == result.skew_before


def test_what_is_not_outlying_is_not_touched():
    x = np.hstack([column(1, 2, 3, 4, 5), column(1, 2, 3, 4, 100)])
    for method in ("winsorise", "log", "boxcox", "winsorise_then_log"):
        result = treat(x, Treat(method))
        assert result.values[:, 0].tolist() == [1, 2, 3, 4, 5]
        assert (result.action != "").tolist() == [False, True]


def test_the_given_table_stays_as_it_is():
    x = column(1, 2, 3, 4, 100)
    result = treat(x, Treat("winsorise"))
    result.values[0] = 7.0
    assert x.ravel().tolist() == [1, 2, 3, 4, 100]


def test_winsorising_goes_one_value_at_a_time_and_skips_missing_ones():
    # After 1000 -> 900 the two far values are equal and still outlying; both go to 5, which is not.
    x = column(1, 2, nan, 3, 4, 5, 1, 2, 3, 4, 5, 2, 3, 4, 900, 1000, 1, 3, 5)
    result = treat(x, Treat("winsorise"))
    assert np.nan_to_num(result.values.ravel(), nan=-1).tolist() == [
        *(1, 2, -1, 3, 4, 5, 1, 2, 3, 4, 5, 2, 3, 4, 5, 5, 1, 3, 5)
    ]
    assert result.winsorised.tolist() == [2]


def test_a_negative_skew_is_winsorised_from_below():
    result = treat(column(1, 97, 98, 99, 100), Treat("winsorise"))
    assert result.values.ravel().tolist() == [97, 97, 98, 99, 100]


def test_ties_never_exceed_the_cap():
    # COINr lowers all three with a cap of 2.
    x = column(*range(30), 1000, 1000, 1000)
    result = treat(x, Treat("winsorise", max_winsorised=2, skew=1.0, kurtosis=1.0))
    assert result.values.tolist() == x.tolist()
    assert result.winsorised.tolist() == [0]
    assert result.action.tolist() == [""]
    assert treat(x, Treat("winsorise", max_winsorised=3, skew=1.0, kurtosis=1.0)).winsorised.tolist() == [3]


def test_what_the_cap_leaves_outlying_is_kept_and_shown():
    x = column(*range(40), 900, 1000)
    result = treat(x, Treat("winsorise", max_winsorised=1))
    assert result.values.ravel().tolist() == [*range(40), 900, 900]
    assert result.action.tolist() == ["winsorised"]
    assert outlying(result.values, skew=2.0, kurtosis=3.5).all()
    assert result.skew_after == pytest.approx(stats.skew(result.values.ravel(), bias=False))


def test_a_two_valued_column_is_left_by_winsorising():
    x = column(*[0] * 20, 1)
    result = treat(x, Treat("winsorise"))
    assert result.values.tolist() == x.tolist()
    assert result.winsorised.tolist() == [0]


def test_winsorising_stops_before_all_values_are_equal():
    # 0 x 20, 1, 2: 2 -> 1 leaves two values, and another step would leave one.
    result = treat(column(*[0] * 20, 1, 2), Treat("winsorise"))
    assert result.values.ravel().tolist() == [*[0] * 20, 1, 1]
    assert result.winsorised.tolist() == [1]


def test_a_two_valued_column_gets_the_logarithm():
    result = treat(column(*[0] * 20, 1), Treat("winsorise_then_log"))
    assert result.values.ravel() == pytest.approx([*[math.log(0.01)] * 20, math.log(1.01)], rel=1e-12)
    assert result.action.tolist() == ["log"]


def test_the_logarithm_starts_from_the_untouched_column():
    x = column(*range(40), 900, nan, 1000)
    result = treat(x, Treat("winsorise_then_log", max_winsorised=1))
    # x - 0 + 0.01 * 1000.
    expected = [*(math.log(value + 10) for value in range(40)), math.log(910), nan, math.log(1010)]
    assert result.values.ravel() == pytest.approx(expected, rel=1e-12, nan_ok=True)
    assert result.action.tolist() == ["log"]
    assert result.winsorised.tolist() == [0]


def test_a_cap_of_zero_goes_straight_to_the_logarithm():
    x = column(1, 2, 3, 4, 101)
    assert treat(x, Treat("winsorise", max_winsorised=0)).values.tolist() == x.tolist()
    both = treat(x, Treat("winsorise_then_log", max_winsorised=0))
    assert both.values.tolist() == treat(x, Treat("log")).values.tolist()


def test_the_logarithm_of_a_negative_skew_is_turned_over():
    result = treat(column(0, 97, 98, 99, 100), Treat("log"))
    expected = [-math.log(101), -math.log(4), -math.log(3), -math.log(2), -math.log(1)]
    assert result.values.ravel() == pytest.approx(expected, rel=1e-12)


def test_boxcox_takes_the_power_of_scipy():
    values = np.random.default_rng(8).lognormal(sigma=1.5, size=60)
    values[7] = nan
    result = treat(values[:, None], Treat("boxcox"))
    present = values[~np.isnan(values)]
    y = present - present.min() + 0.01 * (present.max() - present.min())
    power = stats.boxcox_normmax(y, brack=(-2, 2), method="mle")
    assert -2 < power < 2
    ours = result.values.ravel()[~np.isnan(values)]
    assert ours == pytest.approx((y**power - 1) / power, rel=1e-5)
    assert result.action.tolist() == ["boxcox"]


def test_boxcox_stays_within_its_bounds():
    # So many values at the smallest that the likeliest power lies beyond -2.
    result = treat(column(*[0] * 30, 1, 1.5), Treat("boxcox"))
    y = np.array([*[0.0] * 30, 1, 1.5]) + 0.015
    assert result.values.ravel() == pytest.approx((y**-2 - 1) / -2, rel=1e-5)


def test_boxcox_of_a_mirrored_column_is_mirrored():
    x = np.random.default_rng(8).lognormal(sigma=1.5, size=(60, 1))
    assert treat(-x, Treat("boxcox")).values == pytest.approx(-treat(x, Treat("boxcox")).values, rel=1e-9)


methods = st.sampled_from(["winsorise", "log", "boxcox", "winsorise_then_log"])


@given(tables, methods, st.integers(0, 4), st.integers(0, 1000))
def test_permuting_units_permutes_the_treated_values(x, method, cap, seed):
    order = np.random.default_rng(seed).permutation(len(x))
    spec = Treat(method, cap, skew=1.0, kurtosis=1.0)
    assert treat(x[order], spec).values == pytest.approx(treat(x, spec).values[order], rel=1e-6, abs=1e-9)


@given(tables, methods, st.integers(0, 4), st.booleans())
def test_treatment_keeps_the_cap_and_the_order_of_the_units(x, method, cap, mirrored):
    x = -x if mirrored else x
    result = treat(x, Treat(method, cap, skew=0.5, kurtosis=0.0))
    winsorised = result.action == "winsorised"
    changed = (result.values != x).sum(axis=0)
    assert (changed[winsorised] == result.winsorised[winsorised]).all()
    assert (result.winsorised <= cap).all()
    assert (changed[result.action == ""] == 0).all()
    for before, after in zip(x.T, result.values.T, strict=True):
        assert (np.diff(after[np.argsort(before, kind="stable")]) >= -1e-12).all()


@given(tables, methods)
def test_an_indicator_is_treated_by_itself(x, method):
    spec = Treat(method, 2, skew=1.0, kurtosis=1.0)
    alone = np.hstack([treat(x[:, [j]], spec).values for j in range(x.shape[1])])
    assert treat(x, spec).values == pytest.approx(alone, rel=1e-9)


def test_an_empty_column_stays_empty():
    result = treat(np.full((5, 1), nan), Treat("winsorise_then_log"))
    assert np.isnan(result.values).all()
    assert result.action.tolist() == [""]
