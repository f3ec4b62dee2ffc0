"""A landscape without its people: kept as JSON it is the same, and it tells where a person stands."""

import json

import numpy as np
import pytest
from tests.engines.opinion.small_votes import votes_of

from tessera.engines.opinion.landscape import find_landscape
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.overview import find_overview, from_json, groups_of_overview, to_json
from tessera.engines.opinion.stability import find_stability

LOOPS = fastest()


def camps(first=20, second=15, n_statements=9):
    """Two camps that vote alike but for a few votes drawn with a fixed seed; some votes are missing."""
    rng = np.random.default_rng(5)
    sides = np.repeat([1, -1], [first, second])
    leaning = np.where(np.arange(n_statements) % 2, 1, -1)
    rows = sides[:, None] * leaning
    rows = np.where(rng.random(rows.shape) < 0.1, 0, rows)
    seen = rng.random(rows.shape) < 0.9
    return [
        [int(v) if s else None for v, s in zip(*pair, strict=True)] for pair in zip(rows, seen, strict=True)
    ]


def given(rows, out=()):
    people = [str(place) for place in range(100, 100 + len(rows))]
    votes = votes_of(rows, people, [str(place) for place in range(1, len(rows[0]) + 1)])
    return votes, np.isin(votes.statement_ids, out)


def overview_of(rows, out=(), **asked):
    votes, moderated_out = given(rows, out)
    found = find_landscape(votes, moderated_out, loops=LOOPS, **asked)
    stability = find_stability(votes, moderated_out, found.groups, seed=1)
    return votes, found, find_overview(votes, found, stability, loops=LOOPS)


@pytest.mark.parametrize("rows", [camps(), [[1, 1], [1, 1]], [[1]]], ids=["groups", "alike", "one"])
def test_what_was_kept_is_read_again_to_the_last_digit(rows):
    _, _, overview = overview_of(rows)
    kept = json.loads(json.dumps(to_json(overview), allow_nan=False))
    again = from_json(kept)
    assert json.loads(json.dumps(to_json(again))) == kept
    assert again.reading.majority == overview.reading.majority
    assert again.reading.representative == overview.reading.representative
    assert again.withheld == overview.withheld


@pytest.mark.parametrize("taken", [(), ("2",), ("unknown",)])
def test_where_nothing_more_is_taken_out_nothing_is_read_again(taken):
    _, _, overview = overview_of(camps(), out=("2",))
    assert overview.without(taken) is overview
    assert overview.without(("3",)).n_taken_since == 1


def test_it_holds_nobody():
    votes, _, overview = overview_of(camps())
    written = json.dumps(to_json(overview))
    assert not any(f'"{name}"' in written for name in votes.participant_ids.tolist())


def test_a_person_stands_where_the_landscape_put_them():
    votes, found, overview = overview_of(camps(), out=("3",))
    for place, name in enumerate(votes.participant_ids.tolist()):
        part = slice(votes.starts[place], votes.starts[place + 1])
        own = dict(
            zip(
                votes.statement_ids[votes.statements[part]].tolist(),
                votes.values[part].tolist(),
                strict=True,
            )
        )
        assert overview.place_of(own) == pytest.approx(found.places[place]), name
        if found.in_conversation[place]:
            assert overview.group_near(overview.place_of(own)) == found.groups.of_participants[place]


def test_whoever_has_not_voted_on_these_statements_stands_nowhere():
    _, _, overview = overview_of(camps())
    assert overview.place_of({}) is None
    assert overview.place_of({"999": 1}) is None


def test_groups_go_on_with_their_numbers_though_nobodys_group_was_kept():
    rows = camps()
    _, then, before = overview_of(rows)
    # The other camp comes first now, and a statement was added.
    votes, moderated_out = given([[*row, 1] for row in reversed(rows)])
    anew = find_landscape(votes, moderated_out, loops=LOOPS)
    on = find_landscape(
        votes, moderated_out, loops=LOOPS, earlier=groups_of_overview(votes, before, loops=LOOPS)
    )
    mirrored = then.groups.of_participants[::-1]
    both = (mirrored >= 0) & (anew.groups.of_participants >= 0)
    assert (anew.groups.of_participants[both] != mirrored[both]).all()
    assert (on.groups.of_participants[both] == mirrored[both]).all()


def test_a_number_of_groups_can_be_kept_though_another_tells_people_better_apart():
    _, found, _ = overview_of(camps(40, 30, 15))
    others = [k for k in found.groups.splits if k != found.groups.best_k]
    assert others
    votes, moderated_out = given(camps(40, 30, 15))
    for k in others:
        kept = find_landscape(votes, moderated_out, loops=LOOPS, k=k).groups
        assert sorted(kept.sizes, reverse=True) == list(found.groups.splits[k].sizes)
        assert kept.best_k == found.groups.best_k


def test_half_of_the_people_voted_on_so_many_statements_or_more():
    # 3, 2 and 1 votes; one of each is on a statement that was taken out.
    _, _, overview = overview_of([[1, 1, 1], [1, 1, None], [1, None, None]], out=("1",))
    assert (overview.median_votes, overview.n_people, overview.n_votes) == (1, 3, 6)
