"""Intervals of shares, against Newcombe's table and against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from tests.oracles.newcombe import SCORE_INTERVALS

from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.shares import wilson_interval


def test_intervals_are_those_that_Newcombe_printed():
    counts, totals = np.array(list(SCORE_INTERVALS)).T
    low, high = np.array(list(SCORE_INTERVALS.values())).T
    found = wilson_interval(counts, totals)
    np.testing.assert_array_equal(np.round(found.low, 4), low)
    np.testing.assert_array_equal(np.round(found.high, 4), high)


@given(st.integers(1, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_intervals_are_those_of_scipy(share):
    count, total = share
    found = wilson_interval(count, total)
    other = binomtest(count, total).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=1e-12)


@given(st.integers(1, 1_000_000))
def test_none_reaches_down_to_0_and_all_up_to_1(total):
    found = wilson_interval([0, total], total)
    assert found.low[0] == 0
    assert 0 < found.high[0] == pytest.approx(1 - found.low[1])
    assert found.high[1] == 1


def test_where_nobody_was_asked_nothing_is_known():
    found = wilson_interval([[0, 1], [0, 2]], [[0, 2], [5, 2]])
    assert found.low.shape == (2, 2)
    np.testing.assert_array_equal(np.isnan(found.low), [[True, False], [False, False]])
    np.testing.assert_array_equal(np.isnan(found.high), [[True, False], [False, False]])


@pytest.mark.parametrize(("counts", "totals"), [([1, 3], [2, 2]), ([-1, 1], [2, 2])])
def test_a_part_above_the_whole_or_below_nothing_is_refused(counts, totals):
    with pytest.raises(VotesError, match=r"(3|-1) out of 2 is no share"):
        wilson_interval(counts, totals)
