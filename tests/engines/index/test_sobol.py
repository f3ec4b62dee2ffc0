"""Sobol' indices, against functions whose indices are known and against sums by hand."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.oracles import ishigami

from tessera.engines.index.errors import DataError, MethodError
from tessera.engines.index.sobol import exact_indices, generalised_index, saltelli_points, sobol_indices

# The function of Sobol' as Saltelli and Sobol' (1995, Reliability Engineering and System Safety 50) give it:
# the product of (|4 x_i - 2| + a_i) / (1 + a_i) has V_i = 1 / (3 (1 + a_i)^2), V = product(1 + V_i) - 1.
G_SIZES = np.array([0.0, 1.0, 4.5, 9.0])
G_PARTS = 1 / (3 * (1 + G_SIZES) ** 2)
G_VARIANCE = np.prod(1 + G_PARTS) - 1
G_FIRST = G_PARTS / G_VARIANCE
G_TOTAL = G_FIRST * np.prod(1 + G_PARTS) / (1 + G_PARTS)


def f_ishigami(x):
    x1, x2, x3 = (2 * x - 1).T * math.pi
    value = np.sin(x1) + ishigami.A * np.sin(x2) ** 2 + ishigami.B * x3**4 * np.sin(x1)
    return value[:, np.newaxis]


def f_sobol(x):
    return ((np.abs(4 * x - 2) + G_SIZES) / (1 + G_SIZES)).prod(axis=1, keepdims=True)


def runs(model, a, b):
    """The three blocks of outputs that the estimator asks for."""
    changed = [np.where(np.arange(a.shape[1]) == factor, b, a) for factor in range(a.shape[1])]
    return model(a), model(b), np.array([model(points) for points in changed])


def by_hand():
    # Two rows, two factors, one output.
    return np.array([[1.0], [3.0]]), np.array([[5.0], [7.0]]), np.array([[[5.0], [3.0]], [[1.0], [7.0]]])


def random_runs(seed, n=64, d=3, outputs=4):
    weights = np.random.default_rng(seed).normal(size=(d, outputs))
    return runs(lambda x: np.sin(3 * x @ weights) + x**2 @ weights, *saltelli_points(d, n, seed))


def test_ishigami_oracle_is_the_printed_one():
    assert pytest.approx(ishigami.FIRST_PRINTED, abs=5e-5) == ishigami.FIRST
    assert pytest.approx(ishigami.TOTAL_PRINTED, abs=5e-5) == ishigami.TOTAL


def test_estimates_for_ishigami_are_near_its_exact_indices():
    found = sobol_indices(*runs(f_ishigami, *saltelli_points(3, 4096, seed=1)), bootstrap=1, seed=1)
    assert found.first[:, 0] == pytest.approx(ishigami.FIRST, abs=0.02)
    assert found.total[:, 0] == pytest.approx(ishigami.TOTAL, abs=0.02)
    assert found.variance[0] == pytest.approx(ishigami.VARIANCE, rel=0.02)


def test_estimates_for_the_function_of_sobol_are_near_its_exact_indices():
    found = sobol_indices(*runs(f_sobol, *saltelli_points(4, 4096, seed=2)), bootstrap=1, seed=1)
    assert found.first[:, 0] == pytest.approx(G_FIRST, abs=0.02)
    assert found.total[:, 0] == pytest.approx(G_TOTAL, abs=0.02)


def test_two_rows_by_hand():
    # f0 = 4, V = (9 + 1 + 1 + 9)/4 = 5. First: (1*4 + 3*0)/2/5, (1*0 + 3*4)/2/5. Total: 16/2/10 twice.
    found = sobol_indices(*by_hand(), bootstrap=1, seed=1)
    assert found.first[:, 0] == pytest.approx([0.4, 1.2], rel=1e-12)
    assert found.total[:, 0] == pytest.approx([0.8, 0.8], rel=1e-12)
    assert found.variance.tolist() == [5.0]


def test_resamples_take_mean_and_variance_anew():
    # One resample in four is twice the first row, one in four twice the second. There, f0 = 3 or 5, V = 4,
    # first and total are 2*4/4 and 16/2/4 for the factor that moves, 0 for the other.
    found = sobol_indices(*by_hand(), bootstrap=1000, seed=1)
    for low, high in ((found.first_low, found.first_high), (found.total_low, found.total_high)):
        assert low[:, 0] == pytest.approx([0.0, 0.0], abs=1e-12)
        assert high[:, 0] == pytest.approx([2.0, 2.0], rel=1e-12)


def test_an_inert_factor_is_zero_in_every_resample():
    # Only if a row's runs stay together: f(AB) = f(A) row by row.
    f_a, f_b, f_ab = random_runs(3)
    f_ab[1] = f_a
    found = sobol_indices(f_a, f_b, f_ab, bootstrap=200, seed=1)
    for index in (found.first, found.first_low, found.first_high, found.total, found.total_low):
        assert index[1].tolist() == [0.0] * 4
    assert found.total_high[1].tolist() == [0.0] * 4


def test_the_intervals_hold_the_truth_about_as_often_as_they_say():
    # 200 plain Monte Carlo samples, as so many outputs. Four standard errors of 0.95 over 200: 0.062.
    rng = np.random.default_rng(11)
    samples = [runs(f_ishigami, rng.random((512, 3)), rng.random((512, 3))) for _ in range(200)]
    f_a, f_b, f_ab = (np.concatenate(block, axis=-1) for block in zip(*samples, strict=True))
    found = sobol_indices(f_a, f_b, f_ab, bootstrap=500, seed=1)
    first, total = np.array([ishigami.FIRST]).T, np.array([ishigami.TOTAL]).T
    held = np.mean((found.first_low <= first) & (first <= found.first_high), axis=1)
    assert held.min() >= 0.95 - 0.062
    held = np.mean((found.total_low <= total) & (total <= found.total_high), axis=1)
    assert held.min() >= 0.95 - 0.062
    # And they are no wider than they need be: some miss.
    assert held.max() < 1


def test_a_large_constant_changes_nothing():
    blocks = random_runs(4)
    plain = sobol_indices(*blocks, bootstrap=50, seed=1)
    raised = sobol_indices(*(block + 1e6 for block in blocks), bootstrap=50, seed=1)
    for name in ("first", "first_low", "first_high", "total", "total_low", "total_high", "variance"):
        assert getattr(raised, name) == pytest.approx(getattr(plain, name), abs=1e-7)


@given(st.integers(0, 1000), st.permutations(range(3)), st.permutations(range(4)))
def test_the_order_of_factors_and_outputs_does_not_count(seed, factors, outputs):
    f_a, f_b, f_ab = random_runs(seed, n=16)
    plain = sobol_indices(f_a, f_b, f_ab, bootstrap=20, seed=seed)
    shuffled = sobol_indices(
        f_a[:, outputs], f_b[:, outputs], f_ab[factors][:, :, outputs], bootstrap=20, seed=seed
    )
    for name in ("first", "first_low", "first_high", "total", "total_low", "total_high"):
        assert getattr(shuffled, name) == pytest.approx(
            getattr(plain, name)[np.ix_(factors, outputs)], abs=1e-9
        )
    assert shuffled.variance == pytest.approx(plain.variance[outputs], abs=1e-9)


def test_the_seed_decides_the_intervals():
    blocks = random_runs(5)
    one, again, other = (sobol_indices(*blocks, bootstrap=50, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(one.first_low, again.first_low)
    assert not np.array_equal(one.first_low, other.first_low)
    assert np.array_equal(one.first, other.first)


# 0.1 + 0.2 and 0.3 differ by rounding only.
@pytest.mark.parametrize("values", [(50.0, 50.0), (0.1 + 0.2, 0.3), (0.0, 0.0)])
def test_a_constant_output_has_no_indices_and_leaves_the_others_theirs(values):
    f_a, f_b, f_ab = (block.copy() for block in random_runs(6))
    alone = sobol_indices(f_a[:, 1:], f_b[:, 1:], f_ab[:, :, 1:], bootstrap=20, seed=1)
    f_a[:, 0], f_b[:, 0], f_ab[:, :, 0] = values[0], values[1], values[0]
    found = sobol_indices(f_a, f_b, f_ab, bootstrap=20, seed=1)
    assert found.variance[0] == 0.0
    for name in ("first", "first_low", "first_high", "total", "total_low", "total_high"):
        assert np.isnan(getattr(found, name)[:, 0]).all()
        assert getattr(found, name)[:, 1:] == pytest.approx(getattr(alone, name), abs=1e-12)


def test_an_output_that_varies_in_one_row_only_has_indices_but_no_interval():
    # f0 = 1/4, V = 1/4 - 1/16 = 3/16 over 4 runs; half of the rows: first (3/4 * 1)/2 / V, total 1/4 / V.
    f_a, f_b, f_ab = np.zeros((2, 1)), np.array([[1.0], [0.0]]), np.array([[[1.0], [0.0]]])
    found = sobol_indices(f_a, f_b, f_ab, bootstrap=100, seed=1)
    assert found.first[0, 0] == pytest.approx(2.0, rel=1e-12)
    assert found.total[0, 0] == pytest.approx(4 / 3, rel=1e-12)
    assert np.isnan([found.first_low, found.first_high, found.total_low, found.total_high]).all()


@pytest.mark.parametrize("block", [0, 1, 2])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_failed_run_is_refused_by_its_place(block, bad):
    blocks = random_runs(7)
    blocks[block][..., 3, 2] = bad
    place = (r"f_a: .* at \(3, 2\) .*: 1", r"f_b: .* at \(3, 2\) .*: 1", r"f_ab: .* at \(0, 3, 2\) .*: 3")[
        block
    ]
    with pytest.raises(DataError, match=place + r"\); take the row of a failed run out of A, B and AB"):
        sobol_indices(*blocks, bootstrap=10, seed=1)


def test_runs_that_do_not_fit_together_are_refused():
    f_a, f_b, f_ab = random_runs(8)
    estimate = partial(sobol_indices, bootstrap=10, seed=1)
    with pytest.raises(DataError, match=r"f_b has shape \(63, 4\): expected that of f_a, \(64, 4\)"):
        estimate(f_a, f_b[:63], f_ab)
    with pytest.raises(DataError, match=r"f_ab has shape \(64, 4\): expected the factors, then"):
        estimate(f_a, f_b, f_ab[0])
    with pytest.raises(DataError, match=r"f_a has shape \(64,\): expected at least 2 runs, by outputs"):
        estimate(f_a[:, 0], f_b[:, 0], f_ab[:, :, 0])
    with pytest.raises(DataError, match=r"f_a has shape \(1, 4\)"):
        estimate(f_a[:1], f_b[:1], f_ab[:, :1])


def test_no_resample_is_refused():
    with pytest.raises(MethodError, match="0 resamples give no interval"):
        sobol_indices(*random_runs(9), bootstrap=0, seed=1)


def test_exact_indices_of_a_table_by_hand():
    # Mean 4, V = (16 + 4 + 0 + 4 + 0 + 64)/6 = 44/3. Row means 2, 6: variance 4. Column means 1, 3, 8:
    # variance 26/3. First 3/11 and 13/22, total 1 - 13/22 and 1 - 3/11.
    grid = np.array([[0.0, 2.0, 4.0], [2.0, 4.0, 12.0]])[:, :, np.newaxis]
    found = exact_indices(grid)
    assert found.variance == pytest.approx([44 / 3], rel=1e-12)
    assert found.first[:, 0] == pytest.approx([3 / 11, 13 / 22], rel=1e-12)
    assert found.total[:, 0] == pytest.approx([9 / 22, 8 / 11], rel=1e-12)


def test_exact_indices_of_a_constant_output_and_of_a_factor_without_a_choice():
    # Axes of 2, 1 and 2 alternatives; the second output is constant but for rounding.
    grid = np.array([[[[1.0, 0.3], [2.0, 0.1 + 0.2]]], [[[3.0, 0.3], [4.0, 0.3]]]])
    found = exact_indices(grid)
    assert found.first[:, 0] == pytest.approx([0.8, 0.0, 0.2], abs=1e-12)
    assert found.total[:, 0] == pytest.approx([0.8, 0.0, 0.2], abs=1e-12)
    assert np.isnan(found.first[:, 1]).all()
    assert np.isnan(found.total[:, 1]).all()
    assert found.variance.tolist() == [1.25, 0.0]


grids = arrays(np.float64, (3, 2, 4, 2), elements=st.integers(-50, 50).map(float))


@given(grids)
def test_exact_indices_keep_their_order(grid):
    found = exact_indices(grid)
    varies = found.variance > 0
    first, total = found.first[:, varies], found.total[:, varies]
    assert (first >= 0).all()
    assert (first <= total + 1e-9).all()
    assert (total <= 1 + 1e-9).all()
    assert (first.sum(axis=0) <= 1 + 1e-9).all()
    assert (total.sum(axis=0) >= 1 - 1e-9).all()


@given(grids)
def test_exact_indices_follow_their_axes(grid):
    found, turned = exact_indices(grid), exact_indices(grid.transpose(2, 0, 1, 3))
    assert turned.first == pytest.approx(found.first[[2, 0, 1]], abs=1e-9, nan_ok=True)
    assert turned.total == pytest.approx(found.total[[2, 0, 1]], abs=1e-9, nan_ok=True)


@given(*(arrays(np.float64, size, elements=st.integers(-50, 50).map(float)) for size in (2, 3, 5)))
def test_where_effects_add_up_first_and_total_are_the_share_of_each(one, two, three):
    grid = one[:, np.newaxis, np.newaxis] + two[:, np.newaxis] + three
    parts = np.array([one.var(), two.var(), three.var()])
    found = exact_indices(grid[..., np.newaxis])
    if parts.sum() == 0:
        assert np.isnan(found.first).all()
        return
    assert found.first[:, 0] == pytest.approx(parts / parts.sum(), abs=1e-9)
    assert found.total[:, 0] == pytest.approx(parts / parts.sum(), abs=1e-9)


def test_estimates_over_a_grid_are_near_the_exact_indices():
    # Effects of three factors on five outputs, with some interaction.
    rng = np.random.default_rng(5)
    one, two, three = (rng.normal(size=size) for size in ((2, 1, 1, 5), (3, 1, 5), (4, 5)))
    grid = one + two + three + 0.5 * two * three
    alternatives = np.array(grid.shape[:3])

    def look_up(points):
        return grid[tuple((points * alternatives).astype(int).T)]

    exact = exact_indices(grid)
    found = sobol_indices(*runs(look_up, *saltelli_points(3, 4096, seed=3)), bootstrap=1, seed=1)
    assert found.first == pytest.approx(exact.first, abs=0.02)
    assert found.total == pytest.approx(exact.total, abs=0.02)


def test_a_grid_with_a_gap_or_without_factors_is_refused():
    grid = np.zeros((2, 3, 2))
    grid[1, 2, 0] = math.nan
    with pytest.raises(DataError, match=r"the grid: no finite number at \(1, 2, 0\)"):
        exact_indices(grid)
    with pytest.raises(DataError, match=r"a grid of shape \(2,\): expected an axis for each factor"):
        exact_indices(np.zeros(2))
    with pytest.raises(DataError, match=r"a grid of shape \(0, 2\)"):
        exact_indices(np.zeros((0, 2)))


def test_the_generalised_index_weights_outputs_by_variance_and_leaves_out_constant_ones():
    # (1 * 0.2 + 3 * 0.6) / 4 and (1 * 0.8 + 3 * 0.4) / 4.
    indices = np.array([[0.2, math.nan, 0.6], [0.8, math.nan, 0.4]])
    assert generalised_index(indices, np.array([1.0, 0.0, 3.0])) == pytest.approx([0.5, 0.5], rel=1e-12)
    assert np.isnan(generalised_index(indices[:, 1:2], np.array([0.0]))).all()


@given(grids)
def test_the_generalised_index_does_not_mind_a_turn_of_the_outputs(grid):
    # The sum of variances is the same in any orthogonal axes (Gamboa et al. 2014).
    found = exact_indices(grid)
    turned = exact_indices(grid @ np.array([[0.6, -0.8], [0.8, 0.6]]))
    assert generalised_index(turned.total, turned.variance) == pytest.approx(
        generalised_index(found.total, found.variance), abs=1e-9, nan_ok=True
    )


def test_points_fill_every_slice_of_every_factor_once():
    # What makes Sobol' points worth their powers of two: n points, one in each of n slices.
    a, b = saltelli_points(3, 16, seed=0)
    assert a.shape == b.shape == (16, 3)
    slices = np.sort((np.hstack([a, b]) * 16).astype(int), axis=0)
    assert (slices == np.arange(16)[:, np.newaxis]).all()


def test_the_seed_decides_the_points():
    one, again, other = (saltelli_points(2, 8, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(("n", "following"), [(500, 512), (1025, 2048), (3, 4), (1, 2), (0, 2), (-8, 2)])
def test_a_number_of_points_that_is_no_power_of_two_is_refused_with_the_next(n, following):
    with pytest.raises(MethodError, match=f"{n} points: .* the next is {following}$"):
        saltelli_points(2, n, seed=1)


def test_no_factor_is_refused():
    with pytest.raises(MethodError, match="0 factors: expected at least one"):
        saltelli_points(0, 8, seed=1)
