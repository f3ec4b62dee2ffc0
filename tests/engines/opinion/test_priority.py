import numpy as np
import pytest

from tessera.engines.opinion.priority import draw_next, priorities
from tessera.engines.opinion.statistics import Tally


def tally(agree, disagree, passed):
    return Tally(np.array([agree]), np.array([disagree]), np.array([passed]))


def test_a_priority_by_hand():
    # Five votes: (1 - 2/7) x (1 + 1) x 4/7, times 1 + 8 / 2 = 5, squared.
    found = priorities(tally(3, 1, 1), np.array([1.0]))
    assert found == pytest.approx([(5 / 7 * 2 * 4 / 7 * 5) ** 2])


def test_without_a_vote_it_is_high():
    # (1/2 x 1 x 1/2 x 9)^2.
    assert priorities(tally(0, 0, 0), np.array([0.0])) == pytest.approx([5.0625])


def test_statements_are_drawn_in_proportion_to_their_priority():
    rng = np.random.default_rng(7)
    drawn = [draw_next(np.array([1.0, 3.0, 4.0]), np.array([True, True, False]), rng) for _ in range(4000)]
    counts = np.bincount(drawn, minlength=3)
    assert counts[2] == 0
    # 3 in 4, with a standard error of 0.7 %.
    assert counts[1] / 4000 == pytest.approx(0.75, abs=0.025)


def test_an_unknown_priority_is_one():
    rng = np.random.default_rng(7)
    drawn = [draw_next(np.array([np.nan, 1.0]), np.array([True, True]), rng) for _ in range(4000)]
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.03)


def test_whoever_has_voted_on_all_gets_none():
    assert draw_next(np.array([1.0]), np.array([False]), np.random.default_rng(1)) is None
