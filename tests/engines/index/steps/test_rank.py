"""Ranks and their shift, against COINr's ranks and against cases by hand."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tessera.engines.index.steps.rank import rank_shift, ranks

whole_scores = arrays(np.float64, st.integers(1, 12), elements=st.integers(-4, 4).map(float))


def read(path):
    with path.open(newline="") as file:
        head, *rows = csv.reader(file)
    return head[1:], np.array([[float(cell) for cell in row[1:]] for row in rows])


def test_the_ranks_of_every_aggregate_are_those_of_coinr(shared):
    codes, scores = read(shared / "data/coinr/aggregated_minmax_0_100__a_amean.csv")
    ranked_codes, expected = read(shared / "data/coinr/ranks_minmax_0_100__a_amean.csv")
    assert codes == ranked_codes
    assert expected.shape == (51, 11)
    assert np.array_equal(ranks(scores.T), expected.T)


def test_ties_take_the_smallest_rank_and_leave_a_gap():
    assert ranks(np.array([70.0, 90.0, 70.0, 50.0])).tolist() == [2, 1, 2, 4]


def test_a_unit_without_a_score_has_rank_0_and_takes_no_place():
    scores = np.array([[np.nan, 10.0, 30.0, np.nan], [1.0, np.nan, 1.0, 2.0]])
    assert ranks(scores).tolist() == [[0, 2, 1, 0], [2, 0, 2, 1]]
    assert ranks(np.full(2, np.nan)).tolist() == [0, 0]
    assert ranks(np.zeros(0)).tolist() == []


def test_rounding_noise_splits_no_tie():
    # COINr's fault with Borda scores: equal by arithmetic, apart in the last digit.
    assert 0.1 + 0.2 != 0.3
    assert ranks(np.array([0.3, 0.1 + 0.2, 0.2])).tolist() == [1, 1, 3]
    # A tenth of the tolerance is noise, ten times it is none.
    assert ranks(np.array([1.0, 1 + 1e-10, 0.2])).tolist() == [1, 1, 3]
    assert ranks(np.array([1.0, 1 + 1e-8, 0.2])).tolist() == [2, 1, 3]


def test_what_counts_as_noise_grows_with_the_score_above_1():
    assert ranks(np.array([1e6, 1e6 + 1e-4, 1e6 + 1e-2])).tolist() == [2, 2, 1]
    assert ranks(np.array([0.0, 1e-10, 1e-8, 1.0])).tolist() == [3, 3, 2, 1]
    # Where all are small, they are told apart.
    assert ranks(np.array([1e-10, 4e-10, 2e-10])).tolist() == [3, 1, 2]


def test_without_a_floor_small_figures_are_told_apart():
    assert ranks(np.array([1e-12, 2e-12, 2e-12 * (1 + 1e-12)]), floor=0.0).tolist() == [3, 1, 1]
    assert ranks(np.array([0.0, 0.0, -1e-12]), floor=0.0).tolist() == [1, 1, 3]


def test_ties_chain_from_neighbour_to_neighbour():
    # Steps of 0.8e-9: the ends lie 1.6e-9 apart.
    assert ranks(np.array([0.5, 0.5 + 0.8e-9, 0.5 + 1.6e-9, 0.4, 1.0])).tolist() == [2, 2, 2, 5, 1]


@given(whole_scores)
def test_a_rank_is_one_more_than_the_number_of_higher_scores(scores):
    assert ranks(scores).tolist() == [1 + sum(scores > score) for score in scores]


@given(whole_scores, st.randoms(use_true_random=False))
def test_permuting_units_permutes_ranks(scores, random):
    order = random.sample(range(len(scores)), len(scores))
    assert ranks(scores[order]).tolist() == ranks(scores)[order].tolist()


def test_a_stack_is_ranked_row_by_row():
    scores = np.random.default_rng(5).normal(size=(2, 3, 7))
    scores[1, 2, 3:5] = np.nan
    rows = [ranks(row) for row in scores.reshape(6, 7)]
    assert np.array_equal(ranks(scores), np.reshape(rows, (2, 3, 7)))


def test_the_shift_is_the_mean_of_the_places_moved():
    # |3-1| + |1-2| + |2-3| = 4 over three units.
    assert rank_shift(np.array([3, 1, 2]), np.array([1, 2, 3])) == pytest.approx(4 / 3)
    assert rank_shift(np.array([[1, 2, 3], [3, 2, 1]]), np.array([1, 2, 3])).tolist() == [0.0, 4 / 3]


def test_a_unit_without_a_rank_is_left_out_of_the_shift():
    # Units 1 and 4 are left: |2-1| and |1-4|.
    assert rank_shift(np.array([2, 0, 3, 1]), np.array([1, 2, 0, 4])) == 2.0
    assert np.isnan(rank_shift(np.array([0, 1]), np.array([1, 0])))


@given(whole_scores)
def test_ranks_have_not_shifted_from_themselves(scores):
    assert rank_shift(ranks(scores), ranks(scores)) == 0
