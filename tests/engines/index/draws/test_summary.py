"""Counts and sums of runs, against the ranks and scores of every run at once."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engines.index.draws.space import Space
from tessera.engines.index.draws.summary import RANK_BINS, SCORE_BINS, Summary, frame_around
from tessera.engines.index.draws.tally import Tally
from tessera.engines.index.steps.rank import ranks

nan = np.nan


def periods_of(n_rows, *groups):
    return [np.array(group) for group in groups] or [np.arange(n_rows)]


def ranked(scores, periods):
    found = np.zeros(scores.shape, dtype=int)
    for places in periods:
        found[..., places] = ranks(scores[..., places])
    return found


def summarise(scores, failed, frame):
    tally = Tally(frame, Space())
    tally.add(scores, failed)
    return tally.total()


def summary_of(scores, *, nominal=None, periods=None, pairs=False, pilot=None, failed=None):
    scores = np.asarray(scores, dtype=float)
    periods = periods or periods_of(scores.shape[2])
    if nominal is None:
        nominal = ranked(scores, periods)[0]
    frame = frame_around(scores if pilot is None else pilot, nominal, periods, pairs=pairs)
    return summarise(scores, failed or {}, frame), frame


def assert_counts_those_of(summary, frame, scores, nominal, periods, width=1):
    """Each figure by its definition, run by run."""
    found = ranked(scores, periods)
    n_bins = summary.rank_counts.shape[-1]
    for place in np.ndindex(scores.shape[1:]):
        own = found[(slice(None), *place)]
        expected = np.bincount((own[own > 0] - 1) // width, minlength=n_bins)
        assert summary.rank_counts[place].tolist() == expected.tolist(), place
    there = ~np.isnan(scores)
    assert np.array_equal(summary.scored, there.sum(axis=0))
    assert np.array_equal(summary.rank_sum, found.sum(axis=0))
    assert np.array_equal(summary.score_counts.sum(axis=-1), there.sum(axis=0))
    in_bins = (scores - frame.low) * (SCORE_BINS / (frame.high - frame.low))
    assert np.allclose(summary.score_sum, np.nansum(in_bins, axis=0), rtol=1e-12)
    assert np.allclose(summary.square_sum, np.nansum(in_bins**2, axis=0), rtol=1e-12)
    both = (found > 0) & (nominal > 0)
    number = both.sum(axis=2)
    moved = np.where(both, np.abs(found - nominal), 0).sum(axis=2)
    shift = np.divide(moved, number, out=np.zeros(moved.shape), where=number > 0).sum(axis=0)
    assert np.allclose(summary.shift_sum, shift, rtol=1e-12)


# Three runs of three rows: 1 2 3, then a tie at the top, then turned round.
BY_HAND = [[[30.0, 20, 10]], [[20, 20, 5]], [[1, 2, 3]]]


def test_three_runs_by_hand():
    summary, _ = summary_of(BY_HAND, pairs=True)
    assert summary.runs == 3
    assert summary.rank_counts[0].tolist() == [[2, 0, 1], [1, 2, 0], [1, 0, 2]]
    assert summary.rank_sum[0].tolist() == [5, 5, 7]
    # The low end of the bins is the range below the lowest; the range is a third of theirs.
    assert np.allclose(summary.score_sum[0] / 256, [(51 + 84) / 87, (42 + 48) / 54, (18 + 12) / 21])
    assert summary.lowest[0].tolist() == [1, 2, 3]
    assert summary.highest[0].tolist() == [30, 20, 10]
    # From 1 2 3: nothing, then one row by one place, then two rows by two.
    assert summary.shift_sum.tolist() == [pytest.approx(0 + 1 / 3 + 4 / 3)]
    # Row 0 against row 1: won, tied, lost.
    assert summary.beats.tolist() == [[[3, 3, 4], [3, 3, 4], [2, 2, 3]]]


def test_a_missing_score_takes_no_rank_and_no_place_from_others():
    summary, _ = summary_of([[[30.0, nan, 10]], [[5, 20, nan]]], nominal=np.array([[1, 2, 0]]), pairs=True)
    assert summary.scored[0].tolist() == [2, 1, 1]
    assert summary.rank_counts[0].tolist() == [[1, 1, 0], [1, 0, 0], [0, 1, 0]]
    assert summary.lowest[0].tolist() == [5, 20, 10]
    # Row 2 has no nominal rank: (0) and (1 + 1) / 2.
    assert summary.shift_sum.tolist() == [1]
    assert summary.beats.tolist() == [[[2, 0, 2], [2, 1, 0], [0, 0, 1]]]


def test_a_row_without_a_nominal_rank_moves_by_nothing():
    # Of the three, the second has none: the others move by 1 and 0, then by 0 and 1.
    summary, _ = summary_of([[[20.0, 30, 10]], [[30, 10, 20]]], nominal=np.array([[1, 0, 3]]))
    assert summary.shift_sum.tolist() == [1]


def test_a_row_that_never_has_a_score_counts_for_nothing():
    summary, _ = summary_of([[[30.0, nan]], [[5, nan]]])
    assert summary.scored[0].tolist() == [2, 0]
    assert summary.rank_counts[0].tolist() == [[2, 0], [0, 0]]
    assert summary.score_counts[0, 1].sum() == 0
    assert np.isnan([summary.lowest[0, 1], summary.highest[0, 1]]).all()


def test_contests_are_held_within_a_period():
    scores = [[[4.0, 3, 2, 1]], [[1, 2, 3, 4]]]
    summary, _ = summary_of(scores, periods=periods_of(4, [0, 2], [1, 3]), pairs=True)
    assert summary.beats[0].tolist() == [[2, 0, 2, 0], [0, 2, 0, 2], [2, 0, 2, 0], [0, 2, 0, 2]]
    assert summary.rank_counts[0].tolist() == [[1, 1, 0, 0]] * 4


def drawn_scores(seed, n_runs=200, n_targets=2, n_rows=9, *, ties=0.0, missing=0.0):
    rng = np.random.default_rng(seed)
    scores = rng.normal(50, 10, (n_runs, n_targets, n_rows)) + 4 * np.arange(n_rows)
    if ties:
        there = rng.random(n_runs) < ties
        scores[there] = np.round(scores[there] / 10) * 10 + rng.normal(0, 1e-12, scores[there].shape)
    scores[rng.random(scores.shape) < missing] = nan
    return scores


@pytest.mark.parametrize("pairs", [False, True], ids=["alone", "pairs"])
@pytest.mark.parametrize("periods", [(), ([0, 3, 4], [1, 2, 5, 6, 7, 8])], ids=["one period", "panel"])
@pytest.mark.parametrize("missing", [0.0, 0.1], ids=["complete", "missing"])
@pytest.mark.parametrize("ties", [0.0, 0.3, 1.0], ids=["no ties", "some ties", "all ties"])
def test_counts_are_those_of_the_ranks_of_every_run(ties, missing, periods, pairs):
    scores = drawn_scores(1, ties=ties, missing=missing)
    periods = periods_of(9, *periods)
    nominal = ranked(scores, periods)[0]
    summary, frame = summary_of(scores, nominal=nominal, periods=periods, pairs=pairs)
    assert_counts_those_of(summary, frame, scores, nominal, periods)
    if not pairs:
        assert summary.beats is None
        return
    found = ranked(scores, periods)
    for places in periods:
        for one in places:
            for two in places:
                a, b = found[:, :, one], found[:, :, two]
                met = (a > 0) & (b > 0)
                won = (2 * (a < b) + (a == b))[met].sum()
                assert summary.beats[:, one, two].sum() == won


@given(
    st.lists(
        st.lists(
            st.integers(-3, 3).map(float) | st.floats(-1e6, 1e6) | st.just(1e-13), min_size=4, max_size=4
        ),
        min_size=1,
        max_size=8,
    )
)
def test_counts_are_those_of_the_ranks_whatever_the_scores(runs):
    scores = np.array(runs)[:, None]
    summary, frame = summary_of(scores)
    periods = periods_of(4)
    assert_counts_those_of(summary, frame, scores, ranked(scores, periods)[0], periods)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_negative_scores_and_scores_of_any_size_are_ranked_right(scale):
    # Below 1 a difference of 1e-9 is a tie, above it a billionth of the size.
    scores = drawn_scores(2) * scale - 60 * scale
    periods = periods_of(9)
    nominal = ranked(scores, periods)[0]
    summary, frame = summary_of(scores, nominal=nominal)
    assert_counts_those_of(summary, frame, scores, nominal, periods)


def test_a_gap_of_rounding_is_a_tie_and_one_beyond_it_is_none():
    for gap, first in ((5e-10, [1, 1]), (2e-8, [0, 1]), (1e-11, [1, 1])):
        summary, _ = summary_of([[[10.0, 10.0 + gap * 10]]])
        assert summary.rank_counts[0, :, 0].tolist() == first


def test_one_row_alone_is_always_first():
    summary, _ = summary_of([[[3.0]], [[4.0]]], pairs=True)
    assert summary.rank_counts.tolist() == [[[2]]]
    assert summary.beats.tolist() == [[[2]]]


def test_every_score_is_counted_in_its_bin():
    # The extremes of the pilot lie on edges of bins by construction: other runs do not.
    pilot, scores = np.split(drawn_scores(3, n_runs=1000, n_targets=1, n_rows=3), [50])
    summary, frame = summary_of(scores, pilot=pilot)
    assert summary.score_counts.shape == (1, 3, SCORE_BINS + 2)
    for row in range(3):
        edges = np.linspace(frame.low[0, row], frame.high[0, row], SCORE_BINS + 1)
        inside = np.histogram(scores[:, 0, row], edges)[0]
        below = (scores[:, 0, row] < edges[0]).sum()
        above = (scores[:, 0, row] > edges[-1]).sum()
        assert summary.score_counts[0, row].tolist() == [below, *inside.tolist(), above]


def test_scores_beyond_the_ends_are_counted_at_the_ends():
    pilot = np.array([[[0.0]], [[2.0]]])
    # The bins reach from -2 to 4.
    scores = np.array([[[-1e9]], [[-2.5]], [[0.25]], [[4.5]], [[1e300]]])
    summary, frame = summary_of(scores, pilot=pilot, nominal=np.array([[1]]))
    assert (frame.low.tolist(), frame.high.tolist()) == ([[-2]], [[4]])
    counts = summary.score_counts[0, 0]
    assert (counts[0], counts[-1], counts.sum()) == (2, 2, 5)
    assert counts[1 + 96] == 1
    assert (summary.lowest[0, 0], summary.highest[0, 0]) == (-1e9, 1e300)


@pytest.mark.parametrize(
    ("scores", "row", "below", "inside", "above"),
    [([0.25, 4.5, 9.0], 0, 0, 1, 2), ([0.25, 4.5, 9.0], 1, 0, 1, 2), ([-2.1, -9.0, 3.9], 1, 2, 1, 0)],
)
def test_scores_beyond_one_end_alone_stay_with_their_row(scores, row, below, inside, above):
    pilot = np.array([[[0.0, 0.0]], [[2.0, 2.0]]])
    runs = np.full((3, 1, 2), 1.5)
    runs[:, 0, row] = scores
    counts = summary_of(runs, pilot=pilot)[0].score_counts[0]
    assert (counts[row, 0], counts[row, 1:-1].sum(), counts[row, -1]) == (below, inside, above)
    # The other row's three scores, 3.5 of 6 up, are all in one bin.
    assert counts[1 - row].tolist() == [0] * 150 + [3] + [0] * 107


def test_a_score_that_never_moves_lies_in_one_bin():
    for score in (0.0, 1.0, -3e8, 1e-20):
        summary, frame = summary_of(np.full((5, 1, 1), score))
        assert sorted(summary.score_counts[0, 0].tolist())[-2:] == [0, 5]
        assert frame.low[0, 0] < score < frame.high[0, 0]
        assert summary.score_counts[0, 0, [0, -1]].tolist() == [0, 0]


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_two_halves_add_up_to_the_whole(missing):
    scores = drawn_scores(4, ties=0.3, missing=missing)
    nominal = ranked(scores, periods_of(9))[0]
    frame = frame_around(scores[:100], nominal, periods_of(9), pairs=True)
    whole = summarise(scores, {3: "why", 150: "why not"}, frame)
    halves = summarise(scores[:80], {3: "why"}, frame) + summarise(scores[80:], {150: "why not"}, frame)
    assert halves.runs == 200
    assert halves.failed == whole.failed
    for name in ("scored", "rank_counts", "rank_sum", "score_counts", "lowest", "highest", "beats"):
        assert np.array_equal(getattr(halves, name), getattr(whole, name)), name
    for name in ("score_sum", "square_sum", "shift_sum"):
        assert np.allclose(getattr(halves, name), getattr(whole, name), rtol=1e-12), name


@pytest.mark.parametrize("targets", [1, 3])
def test_blocks_with_and_without_missing_scores_add_up_to_the_whole(targets):
    scores = drawn_scores(8, n_runs=600, n_targets=targets, ties=0.02)
    scores[450:500] = drawn_scores(9, n_runs=50, n_targets=targets, missing=0.2)
    nominal = ranked(scores, periods_of(9))[0]
    frame = frame_around(scores[:100], nominal, periods_of(9), pairs=False)
    tally = Tally(frame, Space())
    for start in range(0, 600, 50):
        tally.add(scores[start : start + 50], {})
    assert_counts_those_of(tally.total(), frame, scores, nominal, periods_of(9))


def test_blocks_with_missing_scores_and_contests_add_up_to_the_whole():
    scores = drawn_scores(12, n_runs=300, ties=0.2, missing=0.2)
    nominal = ranked(scores, periods_of(9))[0]
    frame = frame_around(scores[:100], nominal, periods_of(9), pairs=True, keep=True)
    tally = Tally(frame, Space())
    for start in range(0, 300, 50):
        tally.add(scores[start : start + 50], {start + 1: f"block {start}"})
    found = tally.total()
    assert_counts_those_of(found, frame, scores, nominal, periods_of(9))
    assert found.runs == 300
    assert found.failed == {start + 1: f"block {start}" for start in range(0, 300, 50)}
    assert np.array_equal(found.lowest, np.nanmin(scores, axis=0))
    assert np.array_equal(found.highest, np.nanmax(scores, axis=0))
    assert np.array_equal(found.kept, scores, equal_nan=True)
    whole = summarise(scores, {}, frame)
    assert np.array_equal(found.beats, whole.beats)
    assert np.array_equal(found.score_counts, whole.score_counts)


def test_a_sum_leaves_its_parts_alone_and_one_in_place_is_the_same():
    one, two = (summary_of(drawn_scores(seed), pairs=True)[0] for seed in (10, 11))
    before = one.rank_counts.copy(), two.rank_counts.copy()
    total = one + two
    assert np.array_equal(one.rank_counts, before[0])
    one += two
    assert np.array_equal(two.rank_counts, before[1])
    for name in Summary.__dataclass_fields__:
        assert np.array_equal(getattr(one, name), getattr(total, name)), name


@pytest.mark.parametrize("n_runs", [200, 300, 70_000])
def test_a_summary_that_travels_is_the_same_and_small(n_runs):
    # All runs in one bin and at one rank: as large as a count gets, beyond one byte and beyond two.
    scores = np.tile([1.0, 2.0, 3.0], (n_runs, 1, 1))
    whole, _ = summary_of(scores)
    sent = pickle.dumps(whole)
    found = pickle.loads(sent)
    assert len(sent) < whole.score_counts.nbytes
    for name in ("rank_counts", "score_counts"):
        assert np.array_equal(getattr(found, name), getattr(whole, name))
        assert getattr(found, name).dtype == np.int64
    assert (found + whole).rank_counts.max() == 2 * n_runs


def test_kept_scores_are_no_work_space():
    scores = drawn_scores(11, n_runs=4)
    frame = frame_around(scores, ranked(scores, periods_of(9))[0], periods_of(9), pairs=False, keep=True)
    lent = scores.copy()
    summary = summarise(lent, {}, frame)
    lent[:] = 0
    assert np.array_equal(summary.kept, scores)


def test_lowest_and_highest_of_a_part_without_scores_are_those_of_the_other():
    scores = np.array([[[nan, 1.0]], [[2.0, 3.0]]])
    frame = frame_around(scores, np.array([[1, 2]]), periods_of(2), pairs=False)
    both = summarise(scores[:1], {}, frame) + summarise(scores[1:], {}, frame)
    assert both.lowest.tolist() == [[2, 1]]
    assert both.highest.tolist() == [[2, 3]]


def test_permuting_rows_permutes_the_counts():
    scores = drawn_scores(5, ties=0.3)
    order = np.random.default_rng(6).permutation(9)
    straight, _ = summary_of(scores, pairs=True)
    turned, _ = summary_of(scores[:, :, order], pairs=True)
    assert np.array_equal(turned.rank_counts, straight.rank_counts[:, order])
    assert np.array_equal(turned.score_counts, straight.score_counts[:, order])
    assert np.array_equal(turned.beats, straight.beats[:, order][:, :, order])


@pytest.mark.parametrize(("n_rows", "width"), [(RANK_BINS, 1), (RANK_BINS + 1, 2), (2 * RANK_BINS + 1, 3)])
def test_many_rows_are_counted_in_bins_of_several_ranks(n_rows, width):
    scores = np.random.default_rng(7).normal(size=(3, 1, n_rows)) * 100
    summary, frame = summary_of(scores)
    assert frame.rank_width == width
    assert summary.rank_counts.shape == (1, n_rows, -(-n_rows // width))
    nominal = ranked(scores, periods_of(n_rows))[0]
    assert_counts_those_of(summary, frame, scores, nominal, periods_of(n_rows), width)
