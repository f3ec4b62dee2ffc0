"""Two people who save one answer at the same instant: one of them is told, and nothing is lost."""

from functools import partial

import pytest


@pytest.fixture
def at_once(run_at_once):
    return partial(run_at_once, "tests.apps.review.saves_at_once")


@pytest.mark.parametrize(("what", "rounds"), [("act", 500), ("send", 25)])
def test_exactly_one_of_two_who_save_at_once_wins_each_round(at_once, what, rounds):
    assert at_once(what) == {
        "rounds_by_winners": {"1": rounds},
        "revision": rounds,
        "is_the_winner's": True,
        "rows": 1,
    }
