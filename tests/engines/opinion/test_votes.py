import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.loops.plain import Plain
from tessera.engines.opinion.votes import collect_votes, in_order


def collect(events, times=None, loops=None):
    """Events as (participant, statement, vote), ids in the order in which they come."""
    people = list(dict.fromkeys(person for person, _, _ in events))
    statements = list(dict.fromkeys(statement for _, statement, _ in events))
    return collect_votes(
        people,
        statements,
        np.array([people.index(person) for person, _, _ in events], dtype=np.int32),
        np.array([statements.index(statement) for _, statement, _ in events], dtype=np.int32),
        np.array([value for _, _, value in events], dtype=np.int8),
        None if times is None else np.array(times, dtype=np.int64),
        loops=loops or Plain(),
    )


def as_events(votes):
    return [
        (person, votes.statement_ids[votes.statements[at]].item(), int(votes.values[at]))
        for row, person in enumerate(votes.participant_ids.tolist())
        for at in range(votes.starts[row], votes.starts[row + 1])
    ]


EVENTS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxyz"), st.sampled_from((-1, 0, 1))), max_size=60
)


def test_rows_are_in_the_order_of_the_ids(loops):
    votes = collect([("10", "2", 1), ("9", "10", -1), ("9", "2", 0)], loops=loops)
    assert as_events(votes) == [("9", "2", 0), ("9", "10", -1), ("10", "2", 1)]


def test_the_last_of_two_votes_counts_by_row(loops):
    assert as_events(collect([("a", "u", 1), ("a", "v", 1), ("a", "u", -1)], loops=loops)) == [
        ("a", "u", -1),
        ("a", "v", 1),
    ]


def test_the_last_of_two_votes_counts_by_time_and_then_by_row(loops):
    events = [("a", "u", 1), ("a", "u", -1), ("a", "v", -1), ("a", "v", 0)]
    assert as_events(collect(events, times=[20, 10, 5, 5], loops=loops)) == [("a", "u", 1), ("a", "v", 0)]


@given(EVENTS)
def test_the_rows_are_what_a_dictionary_keeps(events):
    kept = {(person, statement): value for person, statement, value in events}
    expected = sorted((person, statement, value) for (person, statement), value in kept.items())
    assert as_events(collect(events)) == expected


@given(EVENTS, st.randoms(use_true_random=False))
def test_with_different_times_the_order_of_the_rows_changes_nothing(events, random):
    timed = list(enumerate(events))
    random.shuffle(timed)
    shuffled = collect([event for _, event in timed], times=[time for time, _ in timed])
    assert as_events(shuffled) == as_events(collect(events))


def test_numbers_are_ordered_as_numbers_and_other_ids_by_code_point():
    def ordered(*ids):
        return [ids[place] for place in in_order(ids)]

    assert ordered("10", "9", "-3") == ["-3", "9", "10"]
    assert ordered("-10", "-9", "10", "9") == ["-10", "-9", "9", "10"]
    assert ordered("+1", "10", "2") == ["+1", "2", "10"]
    assert ordered("0", "+", "-1") == ["+", "-1", "0"]
    assert ordered("10", "9", "x") == ["10", "9", "x"]
    assert ordered("b", "ā", "B") == ["B", "b", "ā"]
    assert ordered("7", "007", "6") == ["6", "007", "7"]
    assert ordered("9" * 5000, "1") == ["1", "9" * 5000]
    assert ordered("9" * 30, "1") == ["1", "9" * 30]
    # Digits of another script are no whole number here, or the order would depend on who reads them.
    assert ordered("٢", "10") == ["10", "٢"]


def test_a_value_that_is_no_vote_is_refused():
    with pytest.raises(VotesError, match="1 \\(agree\\), 0 \\(pass\\) or -1"):
        collect([("a", "u", 2)])


def test_more_statements_than_there_is_room_for_are_refused():
    n = 10_001
    each = np.arange(n, dtype=np.int32)
    with pytest.raises(VotesError, match="10,001 statements; at most 10,000"):
        collect_votes(
            ["a"], [str(name) for name in each], each * 0, each, np.ones(n, np.int8), None, loops=Plain()
        )


def test_who_has_no_vote_and_what_nobody_saw_is_left_out(loops):
    one = np.array([1], dtype=np.int32)
    votes = collect_votes(["a", "b"], ["u", "v"], one, one, np.ones(1, np.int8), None, loops=loops)
    assert (votes.participant_ids.tolist(), votes.statement_ids.tolist()) == (["b"], ["v"])


def test_nobody_and_nothing_is_a_table_without_rows(loops):
    votes = collect([], loops=loops)
    assert (len(votes.participant_ids), len(votes.statement_ids), votes.starts.tolist()) == (0, 0, [0])
