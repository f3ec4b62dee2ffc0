"""Imputation against COINr's ASEM example, closed forms of maximum likelihood, and sums by hand."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tessera.engines.index.errors import DataError, MethodError, NotComputable
from tessera.engines.index.steps.impute import Impute, impute
from tessera.engines.index.steps.multivariate import draw_imputations, em_normal, pool

nan = math.nan
CODES = ("a", "b", "c")

# Little and Rubin (2002), chapter 7, after Draper and Smith: a monotone pattern, each column missing from
# some row on (X4 first, then X1 and X2 together).
DRAPER_SMITH = np.array(
    [
        [7, 26, 6, 60, 78.5],
        [1, 29, 15, 52, 74.3],
        [11, 56, 8, 20, 104.3],
        [11, 31, 8, 47, 87.6],
        [7, 52, 6, 33, 95.9],
        [11, 55, 9, 22, 109.2],
        [3, 71, 17, nan, 102.7],
        [1, 31, 22, nan, 72.5],
        [2, 54, 18, nan, 93.1],
        [nan, nan, 4, nan, 115.9],
        [nan, nan, 23, nan, 83.8],
        [nan, nan, 9, nan, 113.3],
        [nan, nan, 8, nan, 109.4],
    ]
)


def same(values, expected):
    return values == pytest.approx(np.array(expected, dtype=float), rel=1e-12, nan_ok=True)


def fill(x, method, **rows):
    return impute(np.array(x, dtype=float), Impute(method, "region"), codes=CODES, **rows)


def asem(shared):
    """The denominated indicators, the groups, and COINr's imputed table, rows matched by unit."""

    def read(name):
        with (shared / "data/coinr" / name).open(newline="") as file:
            return list(csv.DictReader(file))

    def number(text):
        return float(text) if text not in ("", "NA") else nan

    units = read("asem_iData.csv")
    indicators = [row for row in read("asem_iMeta.csv") if row["Type"] == "Indicator"]
    codes = [row["iCode"] for row in indicators]
    x = np.array([[number(unit[code]) for code in codes] for unit in units])
    for column, row in enumerate(indicators):
        if row["Denominator"] not in ("", "NA"):
            x[:, column] /= [number(unit[row["Denominator"]]) for unit in units]
    imputed = {row["uCode"]: [float(row[code]) for code in codes] for row in read("asem_Imputed.csv")}
    return codes, x, [unit["EurAsia_group"] for unit in units], [imputed[unit["uCode"]] for unit in units]


def test_the_asem_indicators_are_filled_as_by_coinr(shared):
    codes, x, groups, expected = asem(shared)
    result = impute(x, Impute("group_mean", "EurAsia_group"), codes=codes, groups=groups)
    assert result.values == pytest.approx(np.array(expected), rel=1e-9, abs=0)
    assert (result.filled == np.isnan(x)).all()
    assert result.filled.any()


def test_nothing_is_filled_without_a_method():
    result = fill([[1, nan], [2, 3]], "none")
    assert same(result.values, [[1, nan], [2, 3]])
    assert not result.filled.any()


def test_the_mean_of_the_present_values_is_filled_in():
    result = fill([[1, nan], [3, 5], [nan, 8]], "mean")
    assert same(result.values, [[1, 6.5], [3, 5], [2, 8]])
    assert result.filled.tolist() == [[False, True], [False, False], [True, False]]


def test_the_median_of_an_odd_and_of_an_even_number_of_values():
    result = fill([[9, 1], [1, 2], [nan, nan], [2, 30], [nan, 4]], "median")
    assert same(result.values[2], [2, 3])


def test_the_group_fills_its_own_and_nothing_falls_back():
    # N has no value for b: the cell stays missing. The units without a group are in none.
    x = [[1, nan], [5, nan], [nan, nan], [7, 4], [nan, 8], [nan, 3], [6, nan]]
    groups = ("N", "N", "N", "S", "S", "", "")
    for method in ("group_mean", "group_median"):
        result = fill(x, method, groups=groups)
        assert same(result.values, [[1, nan], [5, nan], [3, nan], [7, 4], [7, 8], [nan, 3], [6, nan]])
        assert result.filled.tolist() == [
            *([False, False], [False, False], [True, False]),
            *([False, False], [True, False], [False, False], [False, False]),
        ]


def test_the_group_median_differs_from_the_group_mean():
    x = [[1], [2], [9], [nan]]
    assert same(fill(x, "group_median", groups=("N",) * 4).values[3], [2])
    assert same(fill(x, "group_mean", groups=("N",) * 4).values[3], [4])


def test_the_row_mean_takes_siblings_only():
    result = fill([[2, nan, 50], [nan, nan, 7], [4, 6, nan]], "row_mean", siblings=(8, 8, 3))
    assert same(result.values, [[2, 2, 50], [nan, nan, 7], [4, 6, nan]])


def test_the_last_earlier_value_of_the_unit_is_carried():
    # Rows are not in order of time; B's first period has nothing before it.
    order = [("A", 2022), ("A", 2020), ("B", 2021), ("A", 2021), ("B", 2020), ("A", 2023)]
    x = [[nan], [1], [7], [nan], [nan], [4]]
    result = fill(x, "carry", order=order)
    assert same(result.values, [[1], [1], [7], [1], [nan], [4]])
    assert result.filled.ravel().tolist() == [True, False, False, True, False, False]


def test_periods_that_are_numbers_stand_in_their_order_not_in_that_of_their_digits():
    order = [("A", "9"), ("A", "10"), ("A", "8")]
    assert same(fill([[nan], [2.5], [1]], "carry", order=order).values, [[1], [2.5], [1]])
    assert same(fill([[4], [nan], [1]], "carry", order=order).values, [[4], [4], [1]])


def test_periods_may_be_texts_that_sort_in_time():
    result = fill([[nan], [3]], "carry", order=[("A", "2021-06"), ("A", "2020-12")])
    assert same(result.values, [[3], [3]])


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # The 100 does not apply, so it is in no mean; the last cell of the first column is not filled.
        ("mean", [[1, nan], [3, 5], [2, 5], [nan, 7]]),
        ("median", [[1, nan], [3, 5], [2, 5], [nan, 7]]),
        ("group_mean", [[1, nan], [3, 5], [2, 5], [nan, 7]]),
        ("row_mean", [[1, nan], [3, 5], [5, 5], [nan, 7]]),
        ("carry", [[1, nan], [3, 5], [3, 5], [nan, 7]]),
    ],
)
def test_what_does_not_apply_is_neither_used_nor_filled(method, expected):
    x = [[1, 100], [3, 5], [nan, 5], [nan, 7]]
    applies = np.array([[True, False], [True, True], [True, True], [False, True]])
    result = fill(
        x,
        method,
        applies=applies,
        groups=("N", "N", "N", "S"),
        siblings=(0, 0),
        order=[("A", 1), ("A", 2), ("A", 3), ("A", 4)],
    )
    assert same(result.values, expected)
    assert result.filled.sum() == 1


def test_an_indicator_that_never_applies_is_left_out_of_em():
    x = [[-1, 0, nan], [-1, 2, nan], [1, 4, nan], [1, 6, nan], [3, nan, nan], [3, nan, nan]]
    applies = np.array([[True, True, False]] * 6)
    result = fill(x, "em", applies=applies)
    assert result.values[4:, 1] == pytest.approx([9, 9], abs=1e-6)
    assert np.isnan(result.values[:, 2]).all()


def holed(seed, *shape):
    rng = np.random.default_rng(seed)
    x = rng.normal(50, 10, size=shape)
    x[rng.random(shape) < 0.3] = nan
    return x


seeds = st.integers(0, 2**32 - 1)
GROUPS = ("N", "S", "N", "", "S", "E", "N")


@given(seeds, st.sampled_from(["mean", "median", "group_mean", "group_median", "row_mean"]))
def test_stacked_tables_are_filled_each_by_itself(seed, method):
    stack = holed(seed, 2, 3, 7, 4)
    spec, rows = Impute(method, "region"), {"groups": GROUPS, "siblings": (0, 1, 0, 1)}
    result = impute(stack, spec, codes="abcd", **rows)
    for place in np.ndindex(2, 3):
        alone = impute(stack[place], spec, codes="abcd", **rows)
        assert result.values[place] == pytest.approx(alone.values, rel=1e-12, nan_ok=True)
        assert (result.filled[place] == alone.filled).all()


@given(seeds, st.sampled_from(["mean", "median", "group_mean", "group_median", "row_mean", "carry"]))
def test_permuting_units_permutes_what_is_filled(seed, method):
    x, order = holed(seed, 7, 4), np.random.default_rng(seed).permutation(7)
    spec, periods = Impute(method, "region"), [(unit, 1) for unit in "ABCD"] + [(unit, 2) for unit in "ABC"]
    one = impute(x, spec, codes="abcd", groups=GROUPS, siblings=(0, 1, 0, 1), order=periods)
    two = impute(
        x[order],
        spec,
        codes="abcd",
        groups=[GROUPS[row] for row in order],
        siblings=(0, 1, 0, 1),
        order=[periods[row] for row in order],
    )
    assert two.values == pytest.approx(one.values[order], rel=1e-12, nan_ok=True)
    assert (two.filled == one.filled[order]).all()
    assert not (one.filled & ~np.isnan(x)).any()


def test_an_unknown_method_is_refused():
    with pytest.raises(MethodError, match=r"impute\.method is 'guess'; it must be none, mean, "):
        fill([[1.0]], "guess")


def test_a_group_method_without_groups_names_the_attribute():
    with pytest.raises(MethodError, match=r"group_median needs the groups .* no attribute 'region'"):
        fill([[1.0]], "group_median")


def test_row_mean_without_parents_is_refused():
    with pytest.raises(MethodError, match="row_mean needs the parents"):
        fill([[1.0]], "row_mean")


def test_carry_without_periods_is_refused():
    with pytest.raises(MethodError, match="carry needs the unit and period"):
        fill([[1.0]], "carry")


def test_two_rows_for_one_unit_and_period_are_refused():
    with pytest.raises(DataError, match="Oslo has two rows for the period 2021"):
        fill([[1.0], [2.0]], "carry", order=[("Oslo", 2021), ("Oslo", 2021)])


@pytest.mark.parametrize(
    ("method", "rows", "message"),
    [
        ("group_mean", {"groups": ("N",)}, "groups: 1 entries for a table that has 2"),
        ("row_mean", {"siblings": (1, 2)}, "siblings: 2 entries for a table that has 1"),
        ("carry", {"order": [("A", 1)]}, "order: 1 entries for a table that has 2"),
    ],
)
def test_rows_that_do_not_fit_the_table_are_refused(method, rows, message):
    with pytest.raises(DataError, match=message):
        fill([[1.0], [2.0]], method, **rows)


def test_em_refuses_an_indicator_without_two_values_by_its_code():
    with pytest.raises(NotComputable, match="b: it has no value, and em needs two"):
        fill([[1, nan], [2, nan], [4, nan]], "em")
    with pytest.raises(NotComputable, match="a: it has no value but 3, and em needs two"):
        fill([[3, 1], [3, 2], [nan, 4]], "em")


def test_em_of_two_indicators_by_hand():
    # Anderson (1957). Complete rows: mean of a 0, variance 1; b on a: slope 8/4 = 2, intercept 3, residual
    # variance 5 - 4 = 1. All rows: mean of a 1, variance 16/6.
    fit = em_normal(np.array([[-1, 0], [-1, 2], [1, 4], [1, 6], [3, nan], [3, nan]]))
    assert fit.mean == pytest.approx([1, 3 + 2 * 1], abs=1e-6)
    assert fit.covariance == pytest.approx(
        np.array([[8 / 3, 2 * 8 / 3], [2 * 8 / 3, 1 + 4 * 8 / 3]]), abs=1e-6
    )
    assert fit.values[4:] == pytest.approx(np.array([[3, 9], [3, 9]]), abs=1e-6)


def test_em_of_the_draper_and_smith_data():
    # Little and Rubin (2002), chapter 7, give the means to three places.
    fit = em_normal(DRAPER_SMITH)
    assert fit.mean == pytest.approx([6.655, 49.965, 11.769, 27.047, 95.423], abs=5e-4)


def test_em_agrees_with_the_closed_form_of_a_monotone_pattern():
    # Factored likelihood: the present part first, then each block regressed on all that is more present.
    fit = em_normal(DRAPER_SMITH)
    order = [2, 4, 0, 1, 3]
    x = DRAPER_SMITH[:, order]
    mean, covariance = x[:, :2].mean(axis=0), np.cov(x[:, :2].T, bias=True)
    for column in range(2, 5):
        rows = ~np.isnan(x[:, column])
        design = np.column_stack([np.ones(rows.sum()), x[rows, :column]])
        fitted, *_ = np.linalg.lstsq(design, x[rows, column], rcond=None)
        residual = np.mean((x[rows, column] - design @ fitted) ** 2)
        across = covariance @ fitted[1:]
        mean = np.append(mean, fitted[0] + mean @ fitted[1:])
        covariance = np.block([[covariance, across[:, None]], [across, residual + fitted[1:] @ across]])
    assert fit.mean[order] == pytest.approx(mean, rel=1e-6)
    assert fit.covariance[np.ix_(order, order)] == pytest.approx(covariance, rel=1e-5, abs=1e-4)


def test_em_of_a_complete_table_is_its_mean_and_covariance():
    x = np.random.default_rng(2).normal(size=(30, 4)) * [1, 10, 1e4, 1e-4]
    fit = em_normal(x)
    assert fit.mean == pytest.approx(x.mean(axis=0), rel=1e-9)
    assert fit.covariance == pytest.approx(np.cov(x.T, bias=True), rel=1e-9)
    assert (fit.values == x).all()


def log_likelihood(x, mean, covariance):
    total = 0.0
    for row in x:
        here = ~np.isnan(row)
        if here.any():
            total += stats.multivariate_normal.logpdf(row[here], mean[here], covariance[np.ix_(here, here)])
    return total


@given(seeds)
@settings(max_examples=10)
def test_nothing_near_the_estimate_of_em_is_likelier(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(40, 3)) @ np.array([[1, 0.5, 0.2], [0, 1, 0.5], [0, 0, 1]])
    x[rng.random(x.shape) < 0.2] = nan
    fit = em_normal(x)
    best = log_likelihood(x, fit.mean, fit.covariance)
    for _ in range(20):
        step = rng.normal(scale=0.01, size=(3, 3))
        other = fit.covariance + step + step.T
        assert log_likelihood(x, fit.mean + rng.normal(scale=0.01, size=3), other) < best


def test_em_does_not_depend_on_units_or_the_order_of_rows_and_columns():
    x = holed(4, 40, 3)
    fit = em_normal(x)
    scaled = em_normal(x * [1, 1e6, 1e-6] + [0, 5, 0])
    assert scaled.mean == pytest.approx(fit.mean * [1, 1e6, 1e-6] + [0, 5, 0], rel=1e-8)
    turned = em_normal(x[::-1, ::-1])
    assert turned.values == pytest.approx(fit.values[::-1, ::-1], rel=1e-8)


def test_a_row_without_any_value_changes_no_estimate_and_gets_the_mean():
    x = holed(4, 40, 3)
    fit, longer = em_normal(x), em_normal(np.vstack([x, [nan, nan, nan]]))
    assert longer.mean == pytest.approx(fit.mean, rel=1e-7)
    assert longer.covariance == pytest.approx(fit.covariance, rel=1e-5)
    assert longer.values[-1] == pytest.approx(longer.mean, rel=1e-12)


def test_em_refuses_a_column_without_values_by_its_number():
    with pytest.raises(NotComputable, match="column 2: it has no value"):
        em_normal(np.array([[1, nan], [2, nan]]))


def test_em_refuses_fewer_rows_than_indicators_and_names_the_counts():
    x = np.array([[1, 2, nan], [2, 1, 3], [4, 4, 1.0]])
    with pytest.raises(NotComputable, match="2 complete rows of 3 for 3 indicators; use fewer indicators"):
        em_normal(x)


def test_em_refuses_indicators_that_determine_each_other():
    x = np.random.default_rng(1).normal(size=(20, 2))
    x = np.column_stack([x, x.sum(axis=1)])
    x[0, 0] = nan
    with pytest.raises(NotComputable, match="singular: 19 complete rows of 20 for 3 indicators"):
        em_normal(x)


def test_em_refuses_all_asem_indicators_at_once_but_takes_one_group(shared):
    codes, x, _, _ = asem(shared)
    with pytest.raises(NotComputable, match="31 complete rows of 51 for 49 indicators"):
        impute(x, Impute("em"), codes=codes)
    assert not np.isnan(impute(x[:, :8], Impute("em"), codes=codes[:8]).values).any()


def test_em_says_when_it_has_not_settled():
    # Each step comes nearer by the share of b that is there: 4 of 400.
    a = np.arange(400.0)
    b = np.where(a < 4, [1.0, 0.0, 3.0, 2.0] * 100, nan)
    with pytest.raises(NotComputable, match="not settled after 1000 iterations"):
        em_normal(np.column_stack([a, b]))


def test_draws_keep_what_is_present_and_repeat_with_the_seed():
    x = holed(4, 30, 3)
    tables = draw_imputations(x, 4, np.random.default_rng(1))
    assert tables.shape == (4, 30, 3)
    assert not np.isnan(tables).any()
    assert (tables[:, ~np.isnan(x)] == x[~np.isnan(x)]).all()
    assert np.array_equal(tables, draw_imputations(x, 4, np.random.default_rng(1)))
    assert not np.array_equal(tables, draw_imputations(x, 4, np.random.default_rng(2)))
    assert (tables[0] != tables[1])[np.isnan(x)].all()


def test_draws_follow_the_conditional_normal_and_the_doubt_of_its_estimate():
    # b on a has residual variance 1 and slope 2. A cell at a = 3 is drawn around 2 * 3 with the variance
    # 1 + the doubt of the regression there, 1/n + 9 / sum a^2, small for n = 400.
    rng = np.random.default_rng(3)
    a = rng.normal(size=400)
    b = 2 * a + rng.normal(size=400)
    x = np.vstack([np.column_stack([a, b]), [[3.0, nan]]])
    drawn = draw_imputations(x, 800, np.random.default_rng(7))[:, -1, 1]
    slope, intercept = np.polyfit(a, b, 1)
    residual = np.mean((b - slope * a - intercept) ** 2)
    variance = residual * (1 + 1 / 400 + (3 - a.mean()) ** 2 / np.sum((a - a.mean()) ** 2))
    # Four standard errors of a mean and of a variance over 800 draws, and 3 % for the bootstrap of 400 rows.
    assert abs(drawn.mean() - (intercept + slope * 3)) < 4 * math.sqrt(variance / 800) + 0.01
    assert abs(drawn.var() / variance - 1) < 4 * math.sqrt(2 / 800) + 0.03


def test_draws_spread_more_where_the_rows_are_few():
    # With known parameters the variance of a draw would be the residual variance; 8 rows leave more doubt.
    a = np.array([-3.0, -2, -1, 0, 1, 2, 3, 4])
    b = 2 * a + np.array([1.0, -1, 1, -1, -1, 1, -1, 1])
    x = np.vstack([np.column_stack([a, b]), [[12.0, nan]]])
    fit = em_normal(x)
    residual = fit.covariance[1, 1] - fit.covariance[0, 1] ** 2 / fit.covariance[0, 0]
    drawn = draw_imputations(x, 150, np.random.default_rng(7))[:, -1, 1]
    assert drawn.var() > 1.5 * residual


def test_cells_missing_together_are_drawn_together():
    rng = np.random.default_rng(3)
    a = rng.normal(size=300)
    x = np.column_stack([a, a + 0.1 * rng.normal(size=300), rng.normal(size=300)])
    x[0, :2] = nan
    drawn = draw_imputations(x, 150, np.random.default_rng(5))[:, 0, :2]
    # The correlation is 1 / sqrt(1.01) = 0.995.
    assert np.corrcoef(drawn.T)[0, 1] > 0.98


def test_draws_of_a_table_that_em_refuses_are_refused():
    with pytest.raises(NotComputable, match="2 complete rows of 2 for 2 indicators"):
        draw_imputations(np.array([[1.0, 2.0], [2.0, 1.0]]), 3, np.random.default_rng(1))


def test_draws_say_when_no_resample_can_be_estimated():
    # Five rows for four indicators: a bootstrap sample nearly always repeats a row.
    x = np.random.default_rng(1).normal(size=(5, 4))
    with pytest.raises(NotComputable, match="20 bootstrap samples of the rows in a row"):
        draw_imputations(x, 200, np.random.default_rng(1))


def test_pooling_by_hand():
    # Mean 12, W = 4, B = 4, T = 4 + 4/3 * 4 = 28/3, df = 2 (1 + 4 / (16/3))^2 = 2 * 1.75^2 = 6.125.
    result = pool(np.array([10.0, 12.0, 14.0]), np.array([3.0, 4.0, 5.0]))
    assert result.estimate == 12
    assert (result.within, result.between) == (4, 4)
    assert result.total == pytest.approx(28 / 3, rel=1e-12)
    assert result.degrees_of_freedom == pytest.approx(6.125, rel=1e-12)


def test_pooling_works_along_the_first_axis_and_missing_spreads():
    estimates = np.array([[10.0, 1.0, nan], [12.0, 1.0, 2.0], [14.0, 1.0, 2.0]])
    variances = np.array([[3.0, 2.0, 1.0], [4.0, 2.0, 1.0], [5.0, 2.0, 1.0]])
    result = pool(estimates, variances)
    assert same(result.estimate, [12, 1, nan])
    assert same(result.total, [28 / 3, 2, nan])
    assert same(result.degrees_of_freedom, [6.125, math.inf, nan])


def test_estimates_without_a_variance_of_their_own_have_one_degree_less_than_tables():
    # W = 0: T = (1 + 1/m) B, df = m - 1.
    result = pool(np.array([1.0, 3.0]), np.zeros(2))
    assert result.total == pytest.approx(3.0)
    assert result.degrees_of_freedom == 1


@given(seeds, st.floats(0.01, 100))
def test_pooling_follows_the_unit_and_not_the_order(seed, factor):
    rng = np.random.default_rng(seed)
    estimates, variances = rng.normal(size=(5, 3)), rng.random((5, 3))
    one, two = pool(estimates, variances), pool(estimates[::-1] * factor, variances[::-1] * factor**2)
    assert two.total == pytest.approx(one.total * factor**2, rel=1e-9)
    assert two.degrees_of_freedom == pytest.approx(one.degrees_of_freedom, rel=1e-9)
    assert (one.total >= one.within).all()


def test_pooling_one_table_is_refused():
    with pytest.raises(DataError, match=r"1 imputed table: .* at least 2"):
        pool(np.array([1.0]), np.array([1.0]))


def test_pooling_without_a_variance_for_each_estimate_is_refused():
    with pytest.raises(DataError, match=r"shape \(3,\) and variances of shape \(2,\)"):
        pool(np.ones(3), np.ones(2))
