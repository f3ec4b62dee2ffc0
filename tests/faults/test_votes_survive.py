"""What was acknowledged stands, once and as it was said: in small here, in full by `make faults`."""

import pytest
from tests.faults.at_once import CONTRADICTORY, contradict, send_all
from tests.faults.kills import outlive_kills
from tests.faults.phones import make_newcomers
from tests.faults.place import open_place

KILLS, ROUNDS, NEWCOMERS = 3, 50, 1_000


@pytest.fixture(scope="module")
def whole_place():
    with open_place() as place:
        yield place


@pytest.fixture
def place(whole_place):
    yield whole_place
    whole_place.empty()


def test_no_acknowledged_vote_is_lost_doubled_or_wrong_when_the_database_is_killed(place):
    outcome = outlive_kills(place, kills=KILLS, seed=1)
    assert (outcome.lost, outcome.doubled, outcome.wrong, outcome.extra) == (0, 0, 0, 0)
    assert outcome.turned_away == 0, outcome.others
    # After each return somebody was served; how soon is reported by `make faults`.
    assert len(outcome.seconds_until_served) == KILLS
    assert outcome.acknowledged > 10 * KILLS


def test_sixteen_contradictory_votes_leave_one_row_of_one_of_them(place):
    outcome = contradict(place, rounds=ROUNDS)
    assert outcome.refused == {}
    assert outcome.acknowledged == ROUNDS * CONTRADICTORY
    assert (outcome.people, outcome.rows, outcome.joined) == (ROUNDS, ROUNDS, ROUNDS)
    assert (outcome.lost, outcome.doubled, outcome.wrong) == (0, 0, 0)


def test_every_newcomer_of_a_crowd_is_let_in_and_what_comes_again_adds_nothing(place):
    newcomers = make_newcomers(NEWCOMERS, place.statements)
    for _ in ("at first", "again"):
        outcome = send_all(place, newcomers)
        assert outcome.refused == {}
        assert outcome.acknowledged == NEWCOMERS
        assert (outcome.people, outcome.rows, outcome.joined) == (NEWCOMERS, NEWCOMERS, NEWCOMERS)
        assert (outcome.lost, outcome.doubled, outcome.wrong) == (0, 0, 0)
