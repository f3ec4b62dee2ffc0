"""However many act on an appeal at the same instant, it is made once and answered once."""

from functools import partial

import pytest


@pytest.fixture
def at_once(run_at_once):
    return partial(run_at_once, "tests.apps.dialogue.appeals_at_once")


def test_a_form_that_comes_eight_times_is_one_appeal(at_once):
    assert at_once("ask") == {"appeals": 12}


def test_of_two_keepers_who_answer_otherwise_one_does(at_once):
    assert at_once("answer") == {
        "taken": [12, 12],
        "of_one_person": True,
        "state_follows": True,
        "shown_by_a_decision_each": True,
    }


def test_nothing_is_left_of_whoever_withdraws_while_they_ask_or_are_answered(at_once):
    assert at_once("withdraw") == {"appeals": 0, "said": 0, "waiting": 0}


def test_a_statement_is_shown_or_appealed_but_not_both(at_once):
    assert at_once("show") == {"shown_or_appealed": 12}
