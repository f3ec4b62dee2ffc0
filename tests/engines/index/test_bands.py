"""Bands of a mean with missing terms, against sums by hand and against brute force."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.engines.index.bands import (
    Completion,
    Term,
    draw_means,
    exact_quantiles,
    mean_of_draws,
    outer_band,
)


def known(code, points, weight=1.0):
    return Term(code, weight, (float(points),), (1.0,))


def missing(code, *points, weight=1.0):
    return Term(code, weight, tuple(map(float, points)), (1 / len(points),) * len(points))


def test_the_outer_band_takes_the_worst_and_the_best_of_each_missing_term():
    # contracts: weights 1, 1, 2; yes, partly, missing of 0/50/100.
    way = Completion(1.0, (known("a", 100), known("b", 50), missing("c", 0, 50, 100, weight=2.0)))
    assert outer_band([way]) == (37.5, 87.5)


def test_the_outer_band_looks_at_every_completion():
    hidden = Completion(0.5, (known("a", 100), known("b", 0)))
    shown = Completion(0.5, (known("a", 100), known("b", 100), missing("c", 0, 100)))
    assert outer_band([hidden, shown]) == (50.0, 100.0)


def test_a_mean_without_weight_has_no_band():
    low, high = outer_band([Completion(1.0, (known("fact", 100, weight=0.0),))])
    assert math.isnan(low)
    assert math.isnan(high)


def test_exact_quantiles_of_two_missing_terms():
    # The mean of two draws from 0/100 is 0, 50, 100 with chances 1/4, 1/2, 1/4.
    way = Completion(1.0, (missing("a", 0, 100), missing("b", 0, 100)))
    assert exact_quantiles(way, (0.1, 0.25, 0.26, 0.75, 0.9)) == (0.0, 0.0, 50.0, 50.0, 100.0)


terms = st.lists(
    st.tuples(
        st.sampled_from([0.5, 1.0, 2.0, 3.0]),
        st.lists(st.sampled_from([0.0, 100 / 3, 50.0, 200 / 3, 100.0]), min_size=1, max_size=4, unique=True),
    ),
    min_size=1,
    max_size=5,
)


@given(terms, st.sampled_from([0.05, 0.1, 0.5, 0.9]))
@settings(max_examples=100, deadline=None)
def test_exact_quantiles_agree_with_listing_every_outcome(given_terms, share):
    way = Completion(
        1.0, tuple(missing(str(i), *points, weight=weight) for i, (weight, points) in enumerate(given_terms))
    )
    total = sum(weight for weight, _ in given_terms)
    outcomes = sorted(
        sum(weight * value for (weight, _), value in zip(given_terms, values, strict=True)) / total
        for values in itertools.product(*(points for _, points in given_terms))
    )
    place = math.ceil(round(share * len(outcomes), 9)) - 1
    assert exact_quantiles(way, (share,))[0] == pytest.approx(outcomes[place], abs=1e-6)


def test_draws_follow_the_chances():
    way = Completion(1.0, (Term("a", 1.0, (0.0, 100.0), (0.8, 0.2)),))
    draws = draw_means([way], code="area", seed=7, draws=20_000)
    # Four standard errors of a share of 0.2 over 20,000 draws: 0.0113.
    assert abs(np.mean(draws == 100.0) - 0.2) < 0.0113


def test_draws_choose_among_completions_by_their_chances():
    ways = [Completion(0.75, (known("a", 10),)), Completion(0.25, (known("a", 10), known("b", 30)))]
    draws = draw_means(ways, code="area", seed=7, draws=20_000)
    assert set(draws) == {10.0, 20.0}
    assert abs(np.mean(draws == 20.0) - 0.25) < 0.0123


def test_the_same_seed_draws_the_same_whatever_the_order():
    one, two = missing("a", 0, 50, 100), missing("b", 0, 100, weight=0.3)
    forward = draw_means([Completion(1.0, (one, two))], code="x", seed=3, draws=500)
    backward = draw_means([Completion(1.0, (two, one))], code="x", seed=3, draws=500)
    assert np.array_equal(forward, backward)
    assert not np.array_equal(forward, draw_means([Completion(1.0, (one, two))], code="x", seed=4, draws=500))


def test_draws_never_leave_the_outer_band():
    way = Completion(1.0, (known("a", 100), missing("b", 20, 60), missing("c", 0, 50, 100, weight=2.5)))
    low, high = outer_band([way])
    draws = draw_means([way], code="x", seed=1, draws=5_000)
    assert draws.min() >= low - 1e-9
    assert draws.max() <= high + 1e-9


def test_a_mean_of_draws_goes_draw_by_draw_and_by_weight():
    mean = mean_of_draws([np.array([0.0, 100.0, 50.0]), np.array([100.0, 0.0, 50.0])], [3.0, 1.0])
    assert mean.tolist() == [25.0, 75.0, 50.0]
