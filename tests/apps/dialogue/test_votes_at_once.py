"""Whatever one participant sends at the same instant, one row is left, and nobody is turned away."""

from functools import partial

import pytest


@pytest.fixture
def at_once(run_at_once):
    return partial(run_at_once, "tests.apps.dialogue.votes_at_once")


def test_sixteen_contradictory_votes_leave_one_row_of_the_last(at_once):
    assert at_once("contradict") == {"people": 20, "most_rows": 1, "value_is_of_newest_key": True}


def test_sixteen_first_votes_of_one_person_make_one_participant_who_is_counted_once(at_once):
    # Of each of twenty people five statements, by sixteen messages; one network, and one device.
    assert at_once("join") == {"people": 20, "votes": 100, "counted": [20]}


def test_sums_are_those_of_all_votes_whoever_counts_votes_or_withdraws_meanwhile(at_once):
    # Of fourteen people twenty times, every second of whom withdraws; five statements each.
    assert at_once("count") == {"people": 140, "votes": 700, "is_same": True}


def test_a_statement_that_is_sent_sixteen_times_comes_once(at_once):
    assert at_once("speak") == {"statements": 20, "votes": 20}


def test_nothing_keeps_somebody_here_who_withdraws_while_others_vote(at_once):
    assert at_once("withdraw") == {"said": 0, "votes_on_it": 0}


def test_nobody_who_joins_at_midnight_is_turned_away(at_once):
    assert at_once("midnight") == {"people": 320, "counts_without_a_salt": 0}
