"""numpy and compiled loops give the same figures to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.engines.opinion.loops.compiled import CELLS_FROM, PERSONS_PER_FLUSH, Compiled
from tessera.engines.opinion.loops.passes import UNSEEN
from tessera.engines.opinion.loops.plain import Plain

PLAIN, COMPILED = Plain(), Compiled()
SEEDS = st.integers(0, 2**32 - 1)


def some_votes(seed, n_participants=40, n_statements=12, share=0.4):
    """Events with repeats and changes, and the rows that they make."""
    rng = np.random.default_rng(seed)
    n = int(n_participants * n_statements * share)
    events = (
        rng.integers(0, n_participants, n).astype(np.int32),
        rng.integers(0, n_statements, n).astype(np.int32),
        rng.integers(-1, 2, n).astype(np.int8),
        rng.permutation(n_participants).astype(np.int32),
        rng.permutation(n_statements).astype(np.uint16),
        n_participants,
        n_statements,
    )
    return events, PLAIN.compress(*events)


def assert_same(one, other):
    for left, right in zip(one, other, strict=True):
        assert left.dtype == right.dtype
        assert np.array_equal(left, right)


@given(SEEDS, st.integers(1, 200), st.floats(0, 3))
def test_events_are_compressed_alike(seed, n_statements, share):
    events, rows = some_votes(seed, 15, n_statements, share)
    assert_same(COMPILED.compress(*events), rows)


@given(SEEDS)
def test_votes_are_left_out_alike(seed):
    _, rows = some_votes(seed)
    kept = np.random.default_rng(seed).random(len(rows[1])) < 0.8
    assert_same(COMPILED.thin(*rows, kept), PLAIN.thin(*rows, kept))
    assert PLAIN.thin(*rows, kept)[0][-1] == kept.sum()


@given(SEEDS)
def test_pairs_are_summed_alike_and_as_by_hand(seed):
    (*_, n_participants, n_statements), rows = some_votes(seed)
    sums = [np.zeros((n_statements, n_statements, 4), np.int32) for _ in range(3)]
    PLAIN.add_co_votes(*rows, sums[0])
    COMPILED.add_co_votes(*rows, sums[1])
    for person in range(n_participants):
        part = slice(rows[0][person], rows[0][person + 1])
        own = list(zip(rows[1][part].tolist(), rows[2][part].tolist(), strict=True))
        for at, (one, vote) in enumerate(own):
            for other, others_vote in own[at:]:
                sums[2][one, other] += [1, vote, others_vote, vote * others_vote]
    assert np.array_equal(sums[0], sums[2])
    assert np.array_equal(sums[1], sums[2])


@pytest.mark.parametrize("value", [-1, 0, 1])
def test_more_people_than_one_word_can_hold_are_summed(value):
    n = PERSONS_PER_FLUSH * 2 + 5
    starts = np.arange(0, 2 * n + 1, 2)
    statements, values = np.tile(np.array([0, 1], np.uint16), n), np.full(2 * n, value, np.int8)
    sums = np.zeros((2, 2, 4), np.int32)
    COMPILED.add_co_votes(starts, statements, values, sums)
    assert sums[0, 1].tolist() == [n, n * value, n * value, n * value * value]


@given(SEEDS)
def test_people_are_placed_and_counted_alike(seed):
    (*_, n_participants, n_statements), rows = some_votes(seed)
    rng = np.random.default_rng(seed)
    mean, components = rng.normal(size=n_statements), rng.normal(size=(n_statements, 2))
    counted = rng.random(n_statements) < 0.7
    placed = PLAIN.project(*rows, mean, components, counted)
    assert np.array_equal(placed, COMPILED.project(*rows, mean, components, counted))
    groups = rng.integers(-1, 3, n_participants).astype(np.int32)
    tally = PLAIN.count(*rows, groups, 3, n_statements)
    assert np.array_equal(tally, COMPILED.count(*rows, groups, 3, n_statements))
    assert tally.sum() == np.diff(rows[0])[groups >= 0].sum()


@settings(max_examples=25)
@given(SEEDS, st.sampled_from((300, CELLS_FROM, 3 * CELLS_FROM)), st.integers(1, 100))
def test_the_nearest_centres_are_found_alike(seed, n_points, n_centres):
    rng = np.random.default_rng(seed)
    points = np.round(rng.normal(size=(n_points, 2)), 1)
    # On a grid, so that many points are equally near to two centres.
    centres = np.round(rng.normal(size=(n_centres, 2)), 1)
    nearest = PLAIN.nearest(points, centres)
    assert np.array_equal(nearest, COMPILED.nearest(points, centres))
    weights = rng.random(n_points)
    sums = PLAIN.centre_sums(points, weights, nearest, n_centres)
    assert np.array_equal(sums, COMPILED.centre_sums(points, weights, nearest, n_centres))


def test_points_far_from_each_other_or_on_one_line_have_their_nearest_centres():
    line = np.zeros((CELLS_FROM, 2))
    line[:, 0] = np.linspace(-1e6, 1e6, CELLS_FROM)
    for points in (line, line[:, ::-1].copy(), np.ones((CELLS_FROM, 2)), line + np.array([0, 1e9])):
        centres = points[:: CELLS_FROM // 20]
        assert np.array_equal(PLAIN.nearest(points, centres), COMPILED.nearest(points, centres))


@given(SEEDS)
def test_a_vote_changes_the_sums_alike(seed):
    rng = np.random.default_rng(seed)
    states = []
    for _ in range(2):
        states.append(
            (np.zeros((6, 6, 4), np.int32), np.zeros(7, np.uint16), np.zeros(7, np.int8)),
        )
    n = [0, 0]
    for statement, value in rng.integers((0, UNSEEN), (6, 2), (40, 2)).tolist():
        if value == UNSEEN and statement not in states[0][1][: n[0]]:
            continue
        for which, loops in enumerate((PLAIN, COMPILED)):
            n[which] = loops.take_vote(*states[which], n[which], statement, value)
        assert n[0] == n[1]
        assert np.array_equal(states[0][0], states[1][0])
        rows = [
            dict(zip(row[: n[0]].tolist(), votes[: n[0]].tolist(), strict=True)) for _, row, votes in states
        ]
        assert rows[0] == rows[1]
