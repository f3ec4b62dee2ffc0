"""Officers who sign at the same instant, and one who signs while another saves."""

from functools import partial

import pytest


@pytest.fixture
def at_once(run_at_once):
    return partial(run_at_once, "tests.apps.review.signs_at_once")


def test_of_two_officers_one_sends_and_the_other_is_told(at_once):
    assert at_once("one") == {"MoveError, submitted: submitted, 1 signed, 2 receipts": 15}


def test_where_two_must_sign_both_signatures_count(at_once):
    """The first leaves it being filled; what the second returns is sent."""
    assert at_once("two") == {"filling, submitted: submitted, 2 signed, 2 receipts": 15}


def test_nothing_is_sent_that_was_not_signed(at_once):
    """Whoever comes first: an answer that is saved stops the signature, a signature stops the saving."""
    rounds = at_once("save")

    assert sum(rounds.values()) == 15
    assert set(rounds) <= {
        "CannotSign, saved: filling, 0 signed, 0 receipts",
        "NotOpen, submitted: submitted, 1 signed, 2 receipts",
    }
