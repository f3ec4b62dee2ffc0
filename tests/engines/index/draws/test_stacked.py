"""Scores of drawn values by their lines, by hand and by the formula."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engines.index.draws.stacked import extremes, scores_on_lines
from tessera.engines.index.steps.normalise import Line


def test_extremes_are_those_of_each_column_in_each_run():
    values = np.array([[[3.0, -1, 2], [5, 5, 6]], [[0, 0, 0], [-7, -8, -9]]])
    lowest, highest = extremes(values)
    assert lowest.tolist() == [[-1, 5], [0, -9]]
    assert highest.tolist() == [[3, 6], [0, -7]]


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 70), st.integers(0, 2**32))
def test_extremes_bound_all_values_and_are_among_them(runs, columns, rows, seed):
    values = np.random.default_rng(seed).normal(size=(runs, columns, rows))
    lowest, highest = extremes(values)
    assert lowest.tolist() == [[min(column) for column in run] for run in values.tolist()]
    assert highest.tolist() == [[max(column) for column in run] for run in values.tolist()]


def line_of(centre, width, start=10.0, height=20.0):
    return Line(np.array(centre)[:, None], np.array(width)[:, None], start, height)


def test_scores_of_two_targets_are_added_up_strip_by_strip():
    # Two runs of two units. a reaches from 1 to 3 and from 0 to 4, for 10 to 30 points; b, in a strip of its
    # own, is the better the lower.
    first = np.array([[[1.0, 3.0]], [[4.0, 0.0]]])
    second = np.array([[[5.0, 9.0]], [[6.0, 7.0]]])
    strips = [
        (slice(0, 1), first, line_of([[1.0], [0.0]], [[2.0], [4.0]])),
        (slice(1, 2), second, line_of([[9.0], [7.0]], [[-4.0], [-1.0]])),
    ]
    # a scores 10, 30 and 30, 10; b 30, 10 and 30, 10.
    whole = np.array([[0.25, 0.75], [0.5, 0.5]])
    part = np.array([[0.0, 1.0], [0.0, 1.0]])
    of_both, of_b = scores_on_lines([whole, part], iter(strips))
    assert of_both == pytest.approx(np.array([[25, 15], [30, 10]]))
    assert of_b == pytest.approx(np.array([[30, 10], [30, 10]]))


@given(st.integers(1, 6), st.integers(0, 2**32))
def test_where_the_strips_are_cut_is_a_matter_of_rounding(cut, seed):
    rng = np.random.default_rng(seed)
    values, weights = rng.normal(size=(4, 7, 9)), rng.random((4, 7))
    centre, width = rng.normal(size=(2, 4, 1, 7))
    parts = [slice(0, cut), slice(cut, 7)]
    strips = [
        (part, np.ascontiguousarray(values[:, part]), Line(centre[..., part], width[..., part], 1.0, 5.0))
        for part in parts
    ]
    (found,) = scores_on_lines([weights], strips)
    by_formula = 1.0 + 5.0 * (values - centre.swapaxes(1, 2)) / width.swapaxes(1, 2)
    scale = np.abs(weights[:, :, None] * by_formula).max() + np.abs(values / width.swapaxes(1, 2)).max()
    np.testing.assert_allclose(
        found, (weights[:, :, None] * by_formula).sum(axis=1), rtol=0, atol=1e-12 * scale
    )
