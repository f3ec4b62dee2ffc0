import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.opinion.small_votes import votes_of
from tests.engines.opinion.test_votes import collect

from tessera.engines.opinion.landscape import find_landscape
from tessera.engines.opinion.loops.choice import fastest


def landscape_of(matrix, out=None, **given):
    votes = votes_of(matrix)
    moderated_out = np.zeros(len(votes.statement_ids), bool) if out is None else np.array(out)
    return votes, find_landscape(votes, moderated_out, loops=fastest(), **given)


def camps(n, n_statements=10, seed=2):
    rng = np.random.default_rng(seed)
    return [
        [
            None if rng.random() < 0.2 else int((-1) ** (row + column)) if rng.random() < 0.8 else 0
            for column in range(n_statements)
        ]
        for row in range(n)
    ]


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_rows_changes_nothing(seed):
    events = [
        (str(row), str(column), value)
        for row, line in enumerate(camps(30))
        for column, value in enumerate(line)
        if value is not None
    ]
    shuffled = [events[place] for place in np.random.default_rng(seed).permutation(len(events))]
    out = np.zeros(10, bool)
    one, other = (find_landscape(collect(rows), out, loops=fastest()) for rows in (events, shuffled))
    assert one.places.tobytes() == other.places.tobytes()
    assert one.groups.of_participants.tolist() == other.groups.of_participants.tolist()
    assert one.reading.representative == other.reading.representative


@pytest.mark.parametrize("seed", range(5))
def test_everybody_twice_changes_no_place(seed):
    matrix = camps(25, seed=seed)
    _, once = landscape_of(matrix)
    _, twice = landscape_of([line for line in matrix for _ in range(2)])
    assert twice.places[::2] == pytest.approx(once.places, rel=1e-9, abs=1e-9)
    assert twice.places[1::2] == pytest.approx(once.places, rel=1e-9, abs=1e-9)


def test_fewer_than_fifteen_people_are_all_grouped():
    _, found = landscape_of(camps(6))
    assert found.in_conversation.all()
    assert sorted(found.groups.of_participants.tolist()) == [0, 0, 0, 1, 1, 1]


def test_where_everybody_agrees_there_are_no_groups_but_a_majority():
    _, found = landscape_of([[1, 1, 0]] * 20)
    assert found.groups.numbers == ()
    assert found.reading.representative == {}
    assert np.isnan(found.reading.consensus.product).all()
    assert [each.statement for each in found.reading.majority["agree"]] == [0, 1]
    # (1 - 1/22) x 1 x 21/22 x (1 + 8 / 2^4), squared: all are asked, though nobody is grouped.
    assert found.reading.priority[0] == pytest.approx((21 / 22 * 21 / 22 * 1.5) ** 2)


def test_one_statement_parts_those_who_agree_from_the_others():
    _, found = landscape_of([[1]] * 9 + [[-1]] * 8)
    assert found.groups.of_participants.tolist() == [0] * 9 + [1] * 8


def test_no_votes_make_an_empty_landscape():
    _, found = landscape_of([])
    assert found.places.shape == (0, 2)
    assert found.groups.numbers == ()
    assert found.reading.majority == {"agree": (), "disagree": ()}


def test_a_statement_that_nobody_saw_has_no_place_and_does_not_count():
    matrix = camps(20)
    _, with_all = landscape_of(matrix)
    votes = votes_of(matrix)
    # As after leaving out votes: a statement is there, and nobody voted on it.
    unseen = votes.thinned(votes.statements != 3, loops=fastest())
    found = find_landscape(unseen, np.zeros(10, bool), loops=fastest())
    assert found.axes.seen.tolist() == [place != 3 for place in range(10)]
    assert found.axes.n_seen == with_all.axes.n_seen - 1
    assert found.axes.components[3].tolist() == [0.0, 0.0]
    _, without = landscape_of([line[:3] + line[4:] for line in matrix])
    assert found.places == pytest.approx(without.places)


def test_all_statements_moderated_out_leave_nothing_to_differ_on():
    _, found = landscape_of(camps(20), out=[True] * 10)
    assert found.axes.explained.tolist() == [0.0, 0.0]
    assert (found.places == 0.0).all()
    assert found.groups.numbers == ()
    assert found.reading.majority == {"agree": (), "disagree": ()}


def test_groups_follow_an_earlier_landscape():
    votes, first = landscape_of(camps(30))
    swapped = {
        str(name): {0: 1, 1: 0}.get(int(group), -1)
        for name, group in zip(votes.participant_ids, first.groups.of_participants, strict=True)
    }
    _, found = landscape_of(camps(30), earlier=swapped)
    assert found.groups.of_participants.tolist() == list(swapped.values())
    assert found.reading.statistics.numbers == (0, 1)
    assert found.reading.representative[0] == first.reading.representative[1]
