"""Ranks counted by sorted keys, against the ranks of every run by their definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engines.index.draws.ranking import FEW_ROWS, RankCounter
from tessera.engines.index.draws.space import Space
from tessera.engines.index.steps.rank import ranks

LOW, HIGH = 0.0, 100.0


def counted(*blocks, low=LOW, high=HIGH):
    counter = RankCounter(blocks[0].shape[1], low, high, Space())
    for scores in blocks:
        counter.add(scores, scores.min(), scores.max())
    return counter.counts


def one_by_one(scores):
    n_rows = scores.shape[1]
    found = ranks(scores)
    return np.array([np.bincount(own - 1, minlength=n_rows) for own in found.T])


def drawn(n_rows, n_runs=400, seed=1):
    return np.random.default_rng(seed).uniform(20, 80, (n_runs, n_rows))


def among_plain_runs(*runs):
    """After each of the runs three hundred in which the rows are far apart, the first the lowest."""
    plain = np.linspace(20, 80, len(runs[0]))
    return np.vstack([block for run in runs for block in (np.array([run]), np.tile(plain, (300, 1)))])


@pytest.mark.parametrize("n_rows", [1, 2, 3, 4, 5, 51, 64, 65, FEW_ROWS, FEW_ROWS + 1, 300])
def test_counts_are_those_of_the_ranks_whatever_the_number_of_rows(n_rows):
    scores = drawn(n_rows)
    assert np.array_equal(counted(scores), one_by_one(scores))


# A step of the scale is 100 / 2**30 = 9.3e-8 with three rows, and a tie at 50 is 5e-8: scores on one step
# may be apart, and scores on two be tied.
@pytest.mark.parametrize(
    ("gap", "first", "second"),
    [
        (0.0, 2, 2),
        (4.9e-8, 2, 2),
        (5.2e-8, 3, 2),
        (-4.9e-8, 2, 2),
        (-5.2e-8, 2, 3),
        (1e-7, 3, 2),
        (-1e-7, 2, 3),
        (2e-7, 3, 2),
        (-2e-7, 2, 3),
    ],
)
@pytest.mark.parametrize("start", [50.0, 49.99999996])
def test_scores_within_a_step_have_their_own_order_and_their_own_ties(gap, first, second, start):
    scores = among_plain_runs([start, start + gap, 90.0])
    expected = np.array([[0, 0, 300], [0, 300, 0], [300, 0, 0]])
    for row, rank in enumerate((first, second, 1)):
        expected[row, rank - 1] += 1
    assert counted(scores).tolist() == expected.tolist()


@pytest.mark.parametrize("gap", [4.9e-8, 5.2e-8, -4.9e-8, -5.2e-8])
def test_ties_that_reach_over_many_steps_are_ties(gap):
    # A step is 1e-9 here.
    plain, near = np.array([[49.6, 50.0, 50.4]]), np.array([[49.6, 50.0, 50.0 + gap]])
    counts = counted(np.vstack([plain] * 50 + [near]), low=49.5, high=50.5)
    upper = 1 if gap > -5e-8 else 2
    middle = 2 if gap > 5e-8 else 1
    expected = np.array([[0, 0, 51], [0, 50, 0], [50, 0, 0]])
    expected[1, middle - 1] += 1
    expected[2, upper - 1] += 1
    assert counts.tolist() == expected.tolist()


def test_ties_chain_among_runs_without_any():
    # Neighbours are tied, so all three share the second rank; turned round, and with one apart.
    close = np.array([50.0, 50 + 4e-8, 50 + 8e-8])
    scores = among_plain_runs([*close, 90.0], [*close[::-1], 90.0], [50.0, 50.5, 50 + 4e-8, 10.0])
    counts = counted(scores)
    assert counts[0].tolist() == [0, 3, 0, 900]
    assert counts[1].tolist() == [1, 2, 900, 0]
    assert counts[2].tolist() == [0, 903, 0, 0]
    assert counts[3].tolist() == [902, 0, 0, 1]


def test_runs_that_end_and_begin_at_the_ends_of_the_scale_are_told_apart():
    # The highest of a run and the lowest of the next are neighbours in memory, here a step apart or none.
    scores = np.array([[0.0, 100.0], [100.0, 0.0], [0.0, 0.0], [0.0, 1e-7], [100.0, 100 - 1e-6]] * 40)
    scores = np.vstack([scores, np.tile([0.0, 100.0], (1000, 1))])
    assert np.array_equal(counted(scores), one_by_one(scores))


@pytest.mark.parametrize("beyond", [-1e-9, -1e6, 100 + 1e-9, 1e12])
def test_a_score_beyond_the_scale_is_ranked_with_all_others(beyond):
    scores = drawn(5)
    scores[7, 3] = beyond
    assert np.array_equal(counted(scores), one_by_one(scores))


def test_a_scale_that_is_too_coarse_for_most_runs_does_not_split_or_make_ties():
    # A step of 60 scores that are 1e-6 apart, on a scale that reaches for another's outlier.
    scores = 50 + drawn(60, seed=2) * 1e-6
    assert np.array_equal(counted(scores, high=1e9), one_by_one(scores))
    assert np.array_equal(counted(scores, low=-1e9), one_by_one(scores))


def test_scores_of_which_all_are_tied_share_the_first_rank():
    scores = np.full((300, 5), 50.0)
    assert counted(scores, low=50 - 1e-7, high=50 + 1e-7).tolist() == [[300, 0, 0, 0, 0]] * 5


def test_scores_below_zero_and_of_any_size_are_counted_by_their_ranks():
    for scale in (1e-9, 1.0, 1e12):
        scores = (drawn(51) - 50) * scale
        assert np.array_equal(counted(scores, low=-50 * scale, high=50 * scale), one_by_one(scores))


def test_blocks_add_up():
    scores = drawn(51, 1000)
    scores[::100, 1] = scores[::100, 0] * (1 + 1e-10)
    beyond = np.full((1, 51), 1e5)
    parts = counted(scores[:700], scores[700:701], beyond, scores[701:])
    assert np.array_equal(parts, one_by_one(np.vstack([scores, beyond])))


# Scores near a few points, at distances about a tie's and a step's.
NEAR = st.builds(
    lambda point, steps: point + steps * 1.1e-8, st.sampled_from([0.0, 50.0, 99.9]), st.integers(-9, 9)
)


@given(st.lists(st.lists(NEAR, min_size=5, max_size=5), min_size=1, max_size=12))
def test_any_near_scores_are_counted_by_their_ranks(runs):
    scores = among_plain_runs(*runs)
    assert np.array_equal(counted(scores, low=-1.0), one_by_one(scores))
