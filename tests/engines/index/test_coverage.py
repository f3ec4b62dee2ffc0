"""Weighted means up a tree. The expected figures are worked by hand."""

import math
from itertools import permutations

import numpy as np
import pytest

from tessera.engines.index.coverage import assess, weighted_mean
from tessera.engines.index.errors import StructureError
from tessera.engines.index.structure import Node, Tree

TWO_AREAS = Tree(
    (
        Node("index", None),
        Node("schools", "index", 2.0),
        Node("work", "index", 1.0),
        Node("s1", "schools"),
        Node("s2", "schools", 3.0),
        Node("w1", "work"),
        Node("w2", "work"),
        Node("w3", "work"),
    )
)


def assess_two_areas(s1, s2, w1, w2, w3, *, applies=(True,) * 5, min_coverage=0.5):
    return assess(
        TWO_AREAS, np.array([s1, s2, w1, w2, w3], dtype=float), np.array(applies), min_coverage=min_coverage
    )


def test_a_group_is_the_weighted_mean_of_its_children():
    result = assess_two_areas(100, 0, 50, 50, 80)
    assert result.scores["schools"] == 25.0  # (1 × 100 + 3 × 0) / 4
    assert result.scores["work"] == 60.0
    assert result.scores["index"] == pytest.approx(110 / 3)  # (2 × 25 + 1 × 60) / 3


def test_a_missing_indicator_lowers_the_coverage_and_not_the_score():
    result = assess_two_areas(math.nan, 40, 50, 50, 80)
    assert result.scores["schools"] == 40.0
    assert result.coverage["schools"] == 0.75
    assert result.coverage["index"] == pytest.approx((2 * 0.75 + 1) / 3)


def test_an_indicator_that_does_not_apply_leaves_the_denominator():
    result = assess_two_areas(100, math.nan, 50, 50, 80, applies=(True, False, True, True, True))
    assert result.scores["schools"] == 100.0
    assert result.coverage["schools"] == 1.0


def test_a_group_under_the_minimum_coverage_has_no_score_and_leaves_the_mean_above():
    result = assess_two_areas(100, math.nan, 50, 50, 80)
    assert math.isnan(result.scores["schools"])
    assert result.coverage["schools"] == 0.25
    assert math.isnan(result.scores["index"])  # work alone is a third of the weight
    assert result.coverage["index"] == pytest.approx(1 / 3)


def test_exactly_the_minimum_coverage_is_enough():
    # 0.1 + 0.7 of 1.6 is half of the weight; as floats it is a little less.
    tree = Tree((Node("a", None), Node("x", "a", 0.1), Node("y", "a", 0.7), Node("z", "a", 0.8)))
    result = assess(tree, np.array([10, 10, np.nan]), np.array([True, True, True]), min_coverage=0.5)
    assert result.scores["a"] == pytest.approx(10.0)


def test_a_group_in_which_nothing_applies_is_left_out_above():
    result = assess_two_areas(1, 1, 50, 50, 80, applies=(False, False, True, True, True))
    assert math.isnan(result.scores["schools"])
    assert math.isnan(result.coverage["schools"])
    assert result.scores["index"] == 60.0
    assert result.coverage["index"] == 1.0


def test_the_shares_of_the_indicators_add_up_to_the_score():
    result = assess_two_areas(100, 0, 50, math.nan, 80)
    points = {"s1": 100, "s2": 0, "w1": 50, "w3": 80}
    parts = [result.share_in(TWO_AREAS, code, "index") * value for code, value in points.items()]
    assert sum(parts) == pytest.approx(result.scores["index"])
    assert result.shares["w2"] == 0.0


def test_the_order_of_the_indicators_does_not_change_the_last_digit():
    values = [(100 / 3, 0.1), (66.7, 0.7), (0.1, 1.3), (99.9, 2.1)]
    assert len({weighted_mean(order) for order in permutations(values)}) == 1


def test_the_mean_of_nothing_is_not_a_number():
    assert math.isnan(weighted_mean([]))
    assert math.isnan(weighted_mean([(50.0, 0.0)]))


def test_the_wrong_number_of_points_is_refused():
    with pytest.raises(StructureError, match="3 values for 5 indicators"):
        assess(TWO_AREAS, np.ones(3), np.ones(5, dtype=bool), min_coverage=0.5)
