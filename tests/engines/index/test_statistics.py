"""The audit's figures, against R, COINr, scipy and sums by hand."""

import csv
import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tessera.engines.index.errors import DataError, NotComputable
from tessera.engines.index.statistics import (
    Kind,
    availability,
    correlation_ratio,
    correlations,
    correlations_between,
    cronbach_alpha,
    principal_components,
    squared_correlations,
)

# Anscombe (1973), Graphs in Statistical Analysis, The American Statistician 27, 17-21: x and y, sets 1 to 4.
ANSCOMBE = (
    (
        (10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5),
        (8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68),
    ),
    (
        (10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5),
        (9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74),
    ),
    (
        (10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5),
        (7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73),
    ),
    ((8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8), (6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.5, 5.56, 7.91, 6.89)),
)
# Pr(>F) of the regressions, which is p of r, as R prints it for help("anscombe").
ANSCOMBE_P = (0.00217, 0.002179, 0.002176, 0.002165)

# Few different values, so that ties and constant columns are common.
tables = arrays(
    np.float64,
    st.tuples(st.integers(3, 9), st.integers(2, 4)),
    elements=st.sampled_from([0, 1, 2, 5, math.nan]),
)


def table(*columns):
    return np.array(columns, dtype=np.float64).T


def with_correlations(r):
    """Eight units whose correlation matrix is exactly r."""
    signs = np.array([[1, 1], [1, -1]])
    independent = np.kron(np.kron(signs, signs), signs)[:, 1 : len(r) + 1]
    return independent @ np.linalg.cholesky(np.array(r)).T


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text not in ("", "NA") else math.nan


@pytest.mark.parametrize(("data", "p"), list(zip(ANSCOMBE, ANSCOMBE_P, strict=True)))
def test_the_four_sets_of_anscombe_correlate_as_published(data, p):
    found = correlations(table(*data), Kind.PEARSON)
    assert found.r[0, 1] == pytest.approx(0.8165, abs=5e-4)
    assert found.p[0, 1] == pytest.approx(p, abs=6e-6 if p == 0.00217 else 6e-7)
    assert found.n.tolist() == [[11, 11], [11, 11]]


def other_program(kind, a, b):
    if kind is Kind.KENDALL:
        return scipy.stats.kendalltau(a, b, method="asymptotic")
    return scipy.stats.pearsonr(a, b) if kind is Kind.PEARSON else scipy.stats.spearmanr(a, b)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_pair_agrees_with_scipy_over_the_units_it_shares(kind):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(40, 6)) + rng.normal(size=(40, 1))
    x[:, 3:] = x[:, 3:].round()
    x[rng.random(x.shape) < 0.15] = np.nan
    x[:, 0] = np.arange(40)
    found = correlations(x, kind)
    for i in range(6):
        for j in range(6):
            both = ~np.isnan(x[:, i] + x[:, j])
            expected = other_program(kind, x[both, i], x[both, j])
            assert found.n[i, j] == both.sum()
            assert found.r[i, j] == pytest.approx(expected.statistic, rel=1e-9)
            assert found.p[i, j] == pytest.approx(expected.pvalue, rel=1e-7, abs=1e-60)


def test_spearman_ranks_anew_among_the_units_of_a_pair():
    # Without the third unit both have one order; ranks over all four would be 1, 3, 4 against 1, 2, 3.
    found = correlations(table((10, 30, 20, 40), (1, 2, math.nan, 3)), Kind.SPEARMAN)
    assert found.r[0, 1] == pytest.approx(1.0)
    assert found.n.tolist() == [[4, 3], [3, 3]]


def test_kendall_by_hand_with_a_tie_and_a_missing_value():
    # Four units are shared: 3 pairs agree, 2 disagree, 1 is tied in y. tau-b = 1 / sqrt(6 * 5).
    # Variance: (4 * 3 * 13 - 2 * 1 * 9) / 18 = 23 / 3; p = 2 (1 - Phi(1 / sqrt(23 / 3))).
    found = correlations(table((1, 2, 3, 4, math.nan), (1, 3, 2, 2, 9)), Kind.KENDALL)
    assert found.r[0, 1] == pytest.approx(1 / math.sqrt(30))
    assert found.p[0, 1] == pytest.approx(math.erfc(math.sqrt(3 / 23) / math.sqrt(2)))


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("y", [(2, 2, 2, 2), (2, 2, 2, 5), (math.nan, math.nan, 1, 3)])
def test_a_constant_column_and_two_units_have_no_correlation(kind, y):
    # The second y varies only where x is missing.
    found = correlations(table((1, 2, 4, math.nan), y), kind)
    assert np.isnan([found.r[0, 1], found.r[1, 0], found.p[0, 1]]).all()
    assert found.r[0, 0] == 1


@given(tables, st.sampled_from(list(Kind)), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_units_and_columns_does_not_matter(x, kind, random):
    units, columns = list(range(x.shape[0])), list(range(x.shape[1]))
    random.shuffle(units)
    random.shuffle(columns)
    one, two = correlations(x, kind), correlations(x[units][:, columns], kind)
    for before, after in ((one.r, two.r), (one.n, two.n), (one.p, two.p)):
        np.testing.assert_allclose(after, before[columns][:, columns], atol=1e-7)
    np.testing.assert_array_equal(one.r, one.r.T)


@given(tables, st.sampled_from([Kind.SPEARMAN, Kind.KENDALL]))
@settings(max_examples=60)
def test_rank_correlations_look_at_the_order_alone(x, kind):
    np.testing.assert_allclose(correlations(x, kind).r, correlations(np.exp(x), kind).r, atol=1e-12)


def test_two_tables_correlate_column_by_column_over_the_units_of_each_pair():
    # By hand: of (1, 2, 3) with (1, 3, 2) a half, with (3, 2, 1) minus one; with 7, 7, 7 none.
    nan = math.nan
    found = correlations_between(
        table((1, 2, 3, nan), (3, 2, 1, 9)), table((1, 3, 2, 50), (7, 7, 7, 7), (1, 2, 3, nan))
    )
    np.testing.assert_allclose(found[0], [0.5, nan, 1.0])
    np.testing.assert_allclose(found[1, 1:], [nan, -1.0])


def test_an_infinite_value_of_a_second_table_is_refused():
    with pytest.raises(DataError, match="row 1, column 2: an infinite value"):
        correlations_between(table((1, 2, 3)), table((math.inf, 2, 3)))


def test_what_is_no_table_of_finite_numbers_is_refused():
    with pytest.raises(DataError, match="1 dimensions"):
        correlations(np.array([1.0]), Kind.PEARSON)
    with pytest.raises(DataError, match="row 2, column 1: an infinite value"):
        correlations(table((1, math.inf), (1, 2)), Kind.PEARSON)


def asem(shared, dset):
    folder = shared / "data/coinr"
    if dset == "unimputed_pairwise":
        # As divided by the denominators, not directed.
        rows, meta = read(folder / "asem_iData.csv"), read(folder / "asem_iMeta.csv")
        below = {row["iCode"]: row["Denominator"] for row in meta if row["Type"] == "Indicator"}
        return {
            code: np.array([number(row[code]) / (number(row[by]) if by else 1) for row in rows])
            for code, by in below.items()
        }
    file = "normalised_minmax_0_100.csv" if dset == "Normalised" else "aggregated_minmax_0_100__a_amean.csv"
    rows = read(folder / file)
    return {code: np.array([number(row[code]) for row in rows]) for code in rows[0] if code != "uCode"}


@pytest.mark.parametrize("dset", ["Normalised", "Aggregated", "unimputed_pairwise"])
def test_alphas_of_asem_are_those_of_coinr(shared, dset):
    columns = asem(shared, dset)
    meta = read(shared / "data/coinr/asem_iMeta.csv")
    published = [row for row in read(shared / "data/coinr/cronbach.csv") if row["dset"] == dset]
    assert len(published) == (3 if dset == "Aggregated" else 8)
    for row in published:
        x = np.column_stack([columns[child["iCode"]] for child in meta if child["Parent"] == row["group"]])
        assert x.shape[1] == int(row["k"])
        assert cronbach_alpha(x) == pytest.approx(float(row["alpha"]), rel=1e-9)


def test_alpha_by_hand_with_a_missing_value():
    # Variances 1 and 14/3, covariance 1/2 over three units: 2 * 1 / (1 + 14/3 + 1).
    assert cronbach_alpha(table((1, 2, 3, math.nan), (2, 1, 3, 6))) == pytest.approx(0.3)


@pytest.mark.parametrize(
    "x", [table((1, 2, 3)), table((1, 2, 3), (math.nan, math.nan, 3)), table((1, 1), (2, 2))]
)
def test_alpha_is_not_defined_for_one_column_nor_without_shared_units_or_variance(x):
    assert math.isnan(cronbach_alpha(x))


def test_alpha_of_equal_columns_is_one():
    assert cronbach_alpha(table((1, 2, 5), (1, 2, 5), (1, 2, 5))) == pytest.approx(1.0)


CHAIN = ((1.0, 0.5, 0.0), (0.5, 1.0, 0.5), (0.0, 0.5, 1.0))


def test_components_of_a_chain_of_three_by_hand():
    # Eigenvalues 1 + a sqrt 2, 1, 1 - a sqrt 2 with the vectors (1, sqrt 2, 1) / 2, (1, 0, -1) / sqrt 2, ...
    found = principal_components(with_correlations(CHAIN) * [1, 10, 0.1] + [0, 5, 9])
    values = 1 + 0.5 * math.sqrt(2) * np.array([1, 0, -1])
    vectors = np.array([[0.5, math.sqrt(0.5), 0.5], [math.sqrt(0.5), 0, -math.sqrt(0.5)]])
    vectors = np.array([*vectors, [-0.5, math.sqrt(0.5), -0.5]]).T
    np.testing.assert_allclose(found.eigenvalues, values)
    np.testing.assert_allclose(found.loadings, vectors * np.sqrt(values), atol=1e-9)
    np.testing.assert_allclose(found.explained, values / 3)


def test_a_loading_is_the_correlation_of_the_column_with_the_component():
    x = np.random.default_rng(1).normal(size=(30, 4)) @ np.triu(np.ones((4, 4)))
    found = principal_components(x)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    # The components themselves by another way: the singular vectors of the standardised table.
    components, singular, _ = np.linalg.svd(z, full_matrices=False)
    np.testing.assert_allclose(found.eigenvalues, singular**2 / 30)
    expected = np.corrcoef(np.column_stack([x, components]), rowvar=False)[:4, 4:]
    np.testing.assert_allclose(np.abs(found.loadings), np.abs(expected))
    assert (found.loadings[np.abs(found.loadings).argmax(axis=0), range(4)] > 0).all()


def test_components_with_missing_values_take_each_pair_where_it_is():
    # Each pair shares three units of its own, with correlations 1, 1 and -1: the matrix has 2, 2 and -1.
    nan = math.nan
    found = principal_components(
        table(
            (1, 2, 3, nan, nan, nan, 1, 2, 3),
            (1, 2, 3, 4, 5, 6, nan, nan, nan),
            (nan, nan, nan, 4, 5, 6, 3, 2, 1),
        )
    )
    np.testing.assert_allclose(found.eigenvalues, [2, 2, -1])
    np.testing.assert_allclose(found.loadings[:, 2], 0)


def test_components_with_a_constant_column_are_refused_by_its_place():
    with pytest.raises(NotComputable, match="columns 1 and 2 have no correlation"):
        principal_components(table((1, 2, 3), (4, 4, 4)))


def test_availability_counts_what_applies():
    nan = math.nan
    x = np.array([[0, nan, 5], [0, 2, nan], [3, 2, 0], [nan, 2, 7]], dtype=np.float64)
    applies = np.array([[1, 1, 0], [1, 1, 1], [1, 0, 0], [1, 1, 0]], dtype=bool)
    found = availability(x, applies)
    assert found.units.present.tolist() == [1, 2, 1, 1]
    assert found.units.applicable.tolist() == [2, 3, 1, 2]
    assert found.units.share.tolist() == [1 / 2, 2 / 3, 1, 1 / 2]
    assert found.indicators.present.tolist() == [3, 2, 0]
    assert found.indicators.share.tolist() == [3 / 4, 2 / 3, 0]
    np.testing.assert_array_equal(found.zero_share, [2 / 3, 0, nan])
    np.testing.assert_array_equal(found.same_share, [2 / 3, 1, nan])


def test_where_nothing_applies_there_is_no_share():
    found = availability(np.array([[1.0]]), np.array([[False]]))
    assert math.isnan(found.units.share[0])
    assert availability(np.empty((0, 2)), np.empty((0, 2), dtype=bool)).indicators.present.tolist() == [0, 0]


def test_what_applies_must_fit_the_values():
    with pytest.raises(DataError, match=r"\(1, 1\) and what applies is \(1, 2\)"):
        availability(np.array([[1.0]]), np.array([[True, True]]))


@given(tables)
@settings(max_examples=60)
def test_the_most_frequent_value_is_that_of_counting(x):
    found = availability(x, np.full(x.shape, True)).same_share
    for share, column in zip(found, x.T, strict=True):
        present = column[~np.isnan(column)].tolist()
        if present:
            assert share == max(present.count(value) for value in present) / len(present)
        else:
            assert math.isnan(share)


def test_the_smoother_finds_the_main_effects_of_ishigami():
    # Ishigami and Homma (1990), with a = 7 and b = 0.1: S = 0.3139, 0.4424, 0 (Saltelli et al. 2008, 4.6).
    # A sample of 1000 estimates them to about 0.02 (Gaussian error of a share of the variance).
    x = np.random.default_rng(0).uniform(-math.pi, math.pi, (1000, 3))
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = [correlation_ratio(x[:, j], y) for j in range(3)]
    np.testing.assert_allclose(found, [0.3139, 0.4424, 0], atol=0.04)


def grid(sides=9):
    side = np.linspace(-1, 1, sides)
    return np.array([(a, b) for a in side for b in side])


def test_main_effects_on_a_full_grid_by_hand():
    a, b = grid().T
    # A sum: each has half of the variance. A product: none has an effect of its own.
    assert correlation_ratio(a, a + b) == pytest.approx(0.5)
    assert correlation_ratio(a, a * b) == pytest.approx(0.0, abs=1e-12)
    np.testing.assert_allclose(squared_correlations(grid(), a + 3 * b), [0.1, 0.9])


def test_a_step_is_all_effect_and_three_quarters_of_it_straight():
    # Of 400 evenly spaced x the correlation with their sign is sqrt(3/4) in the limit.
    x = np.linspace(-1, 1, 400)
    assert squared_correlations(x[:, None], np.sign(x))[0] == pytest.approx(0.75, abs=1e-3)
    assert correlation_ratio(x, np.sign(x)) > 0.95


def test_units_without_either_value_are_left_out():
    a, b = grid().T
    spoilt = np.array([[math.nan, 1e6], [1e6, math.nan]])
    x, y = np.concatenate([np.column_stack([a, a + b]), spoilt]).T
    assert correlation_ratio(x, y) == pytest.approx(0.5)
    assert squared_correlations(x[:, None], y)[0] == pytest.approx(0.5)


@pytest.mark.parametrize("y", [(1, 1, 1, 1), (1, math.nan, 2, math.nan)])
def test_a_constant_score_or_two_units_have_no_importance(y):
    x, y = np.arange(4.0), np.array(y, dtype=np.float64)
    assert math.isnan(correlation_ratio(x, y))
    assert math.isnan(squared_correlations(x[:, None], y)[0])


def test_one_unit_far_from_all_others_has_an_importance_too():
    # A two-valued column: its conditional means are the straight line.
    x, y = np.array([0.0, 0, 0, 9]), np.array([1.0, 2, 3, 4])
    assert correlation_ratio(x, y) == pytest.approx(squared_correlations(x[:, None], y)[0])


def test_units_far_apart_do_not_explain_themselves():
    # A zigzag: no line through neighbours predicts the next, and the straight line is level.
    assert correlation_ratio(np.arange(5.0), np.array([1.0, -1, 1, -1, 1])) < 0.2


@given(
    arrays(np.float64, (12, 2), elements=st.integers(-9, 9).map(float)),
    st.floats(0.1, 50),
    st.permutations(range(12)),
)
@settings(max_examples=40)
def test_neither_units_nor_their_order_change_the_ratio(values, scale, order):
    x, y = values.T
    found = correlation_ratio(x, y)
    assert math.isnan(found) or 0 <= found <= 1
    assert correlation_ratio(scale * x[order] + 3, y[order]) == pytest.approx(found, abs=1e-6, nan_ok=True)
