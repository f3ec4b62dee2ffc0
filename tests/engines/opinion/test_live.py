import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.opinion.test_votes import as_events, collect

from tessera.engines.opinion.co_votes import co_votes
from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.landscape import find_landscape
from tessera.engines.opinion.live import LiveVotes
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.loops.compiled import Compiled
from tessera.engines.opinion.loops.plain import Plain

PEOPLE, STATEMENTS = "abcdefgh", tuple(str(number) for number in range(20))

ACTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("vote"), st.sampled_from(PEOPLE), st.sampled_from(STATEMENTS), st.sampled_from((-1, 0, 1))
        ),
        st.tuples(st.just("erase"), st.sampled_from(PEOPLE)),
        st.tuples(st.just("moderate"), st.sampled_from(STATEMENTS)),
        st.tuples(st.just("save")),
    ),
    max_size=80,
)


def replay(acts, loops):
    """The live votes after the acts, and what a dictionary keeps."""
    live = LiveVotes(STATEMENTS[:3], loops=loops)
    kept, out = {}, set()
    for act, *what in acts:
        if act == "vote":
            person, statement, value = what
            if statement not in live.statement_ids:
                live.add_statement(statement)
            live.vote(person, statement, value)
            kept[person, statement] = value
        elif act == "erase":
            if live.votes_of(what[0]):
                live.erase(what[0])
            kept = {pair: value for pair, value in kept.items() if pair[0] != what[0]}
        elif act == "moderate":
            out ^= {what[0]}
        else:
            live = LiveVotes.restored(live.saved(), loops=loops)
    return live, kept, out


@settings(max_examples=200)
@given(ACTS, st.sampled_from((Plain(), Compiled())))
def test_after_any_sequence_the_sums_are_those_of_all_votes_at_once(acts, loops):
    live, kept, out = replay(acts, loops)
    votes = live.votes()
    assert as_events(votes) == as_events(collect([(*pair, value) for pair, value in kept.items()]))
    sums, batch = live.sums_of(votes.statement_ids.tolist()), co_votes(votes, loops=loops)
    assert np.array_equal(sums.sums, batch.sums)
    moderated_out = np.isin(votes.statement_ids, sorted(out))
    # In the order in which the statements were added, which another machine may see, too.
    places = [live.statement_ids.index(name) for name in votes.statement_ids.tolist()]
    own = live.sums.scatter(np.isin(live.statement_ids, sorted(out)))[np.ix_(places, places)]
    assert own == pytest.approx(batch.scatter(moderated_out), rel=1e-9, abs=1e-12)


def test_a_landscape_can_be_read_from_the_sums():
    rng = np.random.default_rng(3)
    events = [(str(row), str(column), int(rng.integers(-1, 2))) for row in range(40) for column in range(12)]
    live = LiveVotes([str(column) for column in reversed(range(12))], loops=fastest())
    for event in events:
        live.vote(*event)
    votes, out = live.votes(), np.arange(12) == 5
    fresh = find_landscape(collect(events), out, loops=fastest())
    kept_up = find_landscape(votes, out, loops=fastest(), sums=live.sums_of(votes.statement_ids.tolist()))
    assert np.array_equal(kept_up.places, fresh.places)
    assert np.array_equal(kept_up.groups.of_participants, fresh.groups.of_participants)


def test_it_goes_on_from_votes_given_before():
    votes = collect([("a", "u", 1), ("a", "v", -1), ("b", "v", 0)])
    live = LiveVotes.of(votes, loops=fastest())
    live.vote("b", "u", 1)
    live.vote("a", "v", 0)
    expected = collect([("a", "u", 1), ("a", "v", 0), ("b", "u", 1), ("b", "v", 0)])
    assert np.array_equal(live.sums.sums, co_votes(expected, loops=fastest()).sums)
    assert live.votes_of("a") == {"u": 1, "v": 0}


def test_an_erased_participant_leaves_no_trace():
    live = LiveVotes(["u", "v"], loops=fastest())
    live.vote("a", "u", 1)
    before = live.saved()
    live.vote("secret person", "u", -1)
    live.vote("secret person", "v", 1)
    live.erase("secret person")
    assert live.saved() == before
    assert live.votes_of("secret person") == {}


def test_what_does_not_fit_is_refused():
    live = LiveVotes(["u"], loops=fastest())
    with pytest.raises(VotesError, match="no statement x; it must be added first"):
        live.vote("a", "x", 1)
    with pytest.raises(VotesError, match="2 is no vote"):
        live.vote("a", "u", 2)
    with pytest.raises(VotesError, match="u is there already"):
        live.add_statement("u")
    with pytest.raises(VotesError, match="no participant a"):
        live.erase("a")
    with pytest.raises(VotesError, match="no saved state"):
        LiveVotes.restored(b"something else", loops=fastest())
    for damaged in (b"", live.saved()[:-30], live.saved()[:40]):
        with pytest.raises(VotesError, match="no saved state"):
            LiveVotes.restored(damaged, loops=fastest())
    assert live.votes_of("a") == {}
