import math

from tessera.engines.index.compare import Range, class_range


def test_four_scores_give_no_range():
    assert class_range([1.0, 2.0, 3.0, 4.0, math.nan]) is None


def test_five_scores_give_median_and_ends():
    assert class_range([40.0, 10.0, 30.0, 20.0, 50.0]) == Range(5, 30.0, 10.0, 50.0)


def test_the_median_of_six_lies_between_the_middle_two():
    assert class_range([10.0, 20.0, 30.0, 40.0, 50.0, 60.0]).median == 35.0
