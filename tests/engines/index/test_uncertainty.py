"""Uncertainty analyses: against all runs at once, in parts and by several workers, and against COINr's."""

import csv
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from tests.engines.index.asem import METHOD, data_of, tree_of

from tessera.engines.index.data import Data
from tessera.engines.index.draws.runs import Runs
from tessera.engines.index.draws.summary import RANK_BINS
from tessera.engines.index.errors import MethodError, NotComputable
from tessera.engines.index.factors import Choice, Doubt, UncertainCells, WeightNoise, WeightSets
from tessera.engines.index.method import Method
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.steps.rank import rank_shift, ranks
from tessera.engines.index.structure import Node, Tree
from tessera.engines.index.uncertainty import Analysis, read, together

nan = np.nan

FLAT = Tree((Node("index", None), Node("a", "index"), Node("b", "index")))
NESTED = Tree((Node("index", None), Node("g", "index"), Node("c", "index"), Node("a", "g"), Node("b", "g")))
PLAIN = Method(normalise=Normalise("none"))
SETS = WeightSets("sets", ("a", "b"), np.array([[1.0, 0], [0, 1], [1, 1], [3, 1]]))


def small(
    *factors, values, tree=FLAT, targets=("index",), units="ABCDEFGH", method=PLAIN, seed=1, **attributes
):
    values = np.array(values, dtype=float)
    columns = {name: tuple(column) for name, column in attributes.items()}
    data = Data(tuple(units[: len(values)]), tree.leaves, values, attributes=columns)
    return Runs(tree, data, replace(method, uncertain=factors), targets, seed)


def nested(*factors, n_rows=12, missing=False, seed=1, **attributes):
    values = np.random.default_rng(5).uniform(20, 80, (n_rows, 3))
    if missing:
        values[[1, 4, 7], [0, 1, 2]] = nan
    units = [f"u{row}" for row in range(n_rows)]
    return small(
        *factors, values=values, tree=NESTED, targets=("index", "g"), units=units, seed=seed, **attributes
    )


NOISE = WeightNoise("noise", 0.5, (1, 2))
SCALE = Choice("scale", "normalise", None, (Normalise("none"), Normalise(), Normalise("borda")))
PERIODS = "112233112233"


def analysis_of(kind, **options):
    factors = (NOISE, SCALE) if "choice" in kind else (NOISE,)
    if "cells" in kind:
        factors = (*factors, UncertainCells("answers", missing="class"))
    attributes = {"period": PERIODS} if "panel" in kind else {}
    runs = nested(*factors, missing="missing" in kind or "cells" in kind, **attributes)
    return Analysis(runs, **options)


KINDS = ("plain", "choice", "missing", "panel", "missing panel", "cells", "choice cells panel")


def ranks_of(runs, scores):
    found = np.zeros(scores.shape, dtype=int)
    for places in runs.periods:
        found[..., places] = ranks(scores[..., places])
    return found


def by_numpy(figures, share):
    """A quantile of type 7 of the figures of each cell that are there."""
    shape = figures.shape[1:]
    found = np.full(shape, nan)
    for place in np.ndindex(shape):
        own = figures[(slice(None), *place)]
        if not np.isnan(own).all():
            found[place] = np.quantile(own[~np.isnan(own)], share)
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("draws", [1, 21, 1000])
def test_every_figure_is_that_of_all_runs_at_once(kind, draws):
    analysis = analysis_of(kind, pairs=True)
    runs = analysis.runs
    result = read(analysis, together(analysis.summaries(draws)))
    scores = runs.scores(runs.keys(0, draws)).scores
    found = ranks_of(runs, scores)
    placed = np.where(found > 0, found, nan)
    assert (result.runs, result.failed) == (draws, {})
    assert np.allclose(result.mean, scores.mean(axis=0), rtol=1e-12)
    if draws > 1:
        assert np.allclose(result.sd, scores.std(axis=0, ddof=1), rtol=1e-6, atol=1e-4)
    for name, share in (("median", 0.5), ("q05", 0.05), ("q95", 0.95)):
        assert np.allclose(getattr(result, f"rank_{name}"), by_numpy(placed, share), rtol=1e-12), name
        error = np.abs(getattr(result, name) - by_numpy(scores, share))
        assert (error <= result.score_error * (1 + 1e-9)).all(), name
    assert np.allclose(result.rank_mean, placed.mean(axis=0), rtol=1e-12)
    for rank in range(1, scores.shape[2] + 1):
        assert np.allclose(result.rank_shares[:, :, rank - 1], (found == rank).mean(axis=0))
    shift = rank_shift(found, result.nominal_rank[None]).mean(axis=0)
    assert np.allclose(result.mean_shift, shift, rtol=1e-12)
    assert_above(result.above, found, runs.periods)


def assert_above(above, found, periods):
    together_in = np.zeros(above.shape[1:], dtype=bool)
    for places in periods:
        together_in[np.ix_(places, places)] = True
    won = (found[..., :, None] < found[..., None, :]) + (found[..., :, None] == found[..., None, :]) / 2
    assert np.allclose(above[:, together_in], won.mean(axis=0)[:, together_in])
    assert np.isnan(above[:, ~together_in]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_any_parts_add_up_to_the_whole(kind):
    analysis = analysis_of(kind, pairs=True)
    whole = together(analysis.summaries(700))
    for parts in ([(0, 350), (350, 350)], [(500, 200), (0, 500)], [(0, 1), (1, 698), (699, 1)]):
        found = together(analysis.summary_of(part) for part in parts)
        for name in ("runs", "failed"):
            assert getattr(found, name) == getattr(whole, name)
        for name in ("scored", "rank_counts", "rank_sum", "beats"):
            assert np.array_equal(getattr(found, name), getattr(whole, name)), name
        for name in ("score_sum", "square_sum", "shift_sum", "lowest", "highest"):
            assert np.allclose(getattr(found, name), getattr(whole, name), rtol=1e-12), name


def fields(summary):
    return {name: getattr(summary, name) for name in summary.__dataclass_fields__}


def assert_same_bits(one, other):
    for name, value in fields(one).items():
        if isinstance(value, np.ndarray):
            assert value.tobytes() == getattr(other, name).tobytes(), name
        else:
            assert value == getattr(other, name), name


def parts_of(analysis):
    return 2 * analysis.parts(10**7)[0][1] + 17


@pytest.fixture(scope="module")
def alone():
    analysis = analysis_of("choice panel")
    return list(analysis.summaries(parts_of(analysis)))


def test_summaries_that_are_put_together_stay_as_they_are():
    analysis = analysis_of("missing")
    parts = [analysis.summary_of((first, 100)) for first in (0, 100, 200)]
    before = [part.rank_counts.copy() for part in parts]
    assert together(parts).rank_counts.sum() == sum(counts.sum() for counts in before)
    assert all(np.array_equal(part.rank_counts, counts) for part, counts in zip(parts, before, strict=True))


def test_an_analysis_that_has_worked_is_sent_without_its_work_and_makes_the_same():
    analysis = analysis_of("plain")
    fresh = pickle.dumps(analysis)
    made = analysis.summary_of((0, 700))
    worked = pickle.dumps(analysis)
    # Not even a number for each run.
    assert len(worked) - len(fresh) < 8 * 700
    assert_same_bits(pickle.loads(worked).summary_of((0, 700)), made)
    assert_same_bits(analysis.summary_of((0, 700)), made)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_makes_the_same_bits(pool, alone):
    analysis = analysis_of("choice panel")
    with pool(2) as executor:
        shared = list(analysis.summaries(parts_of(analysis), executor))
    assert len(alone) == len(shared) == 3
    for one, other in zip(alone, shared, strict=True):
        assert_same_bits(one, other)


def test_parts_cover_every_draw_once():
    analysis = analysis_of("plain")
    size = analysis.parts(10**9)[0][1]
    for draws in (1, size - 1, size, size + 1, 5 * size + 3):
        parts = analysis.parts(draws)
        assert [first for first, _ in parts] == list(range(0, draws, size))
        assert sum(number for _, number in parts) == draws


def test_one_can_stop_at_any_part_and_read_what_is_there():
    analysis = analysis_of("plain")
    size = analysis.parts(10**6)[0][1]
    ready = analysis.summaries(10**6)
    first = next(ready)
    ready.close()
    result = read(analysis, first)
    assert result.runs == size
    assert np.allclose(result.rank_shares.sum(axis=-1), 1)
    again = together(analysis.summaries(size))
    assert_same_bits(first, again)


def test_the_same_seed_says_the_same_and_another_something_else():
    said = [together(Analysis(nested(NOISE, seed=seed)).summaries(500)) for seed in (0, 0, 1)]
    assert_same_bits(said[0], said[1])
    assert not np.array_equal(said[0].score_sum, said[2].score_sum)


def test_recorded_runs_are_replayed():
    analysis = analysis_of("choice")
    keys = analysis.keys(0, 300)
    replayed = Analysis(analysis.runs, replayed=keys)
    assert_same_bits(together(replayed.summaries(300)), together(analysis.summaries(300)))
    part = Analysis(analysis.runs, replayed=keys[::-1][:10])
    assert np.array_equal(part.keys(2, 3), keys[[297, 296, 295]])
    result = read(part, together(part.summaries(10)))
    scores = analysis.runs.scores(keys[290:]).scores
    assert np.allclose(result.mean, scores.mean(axis=0), rtol=1e-12)


def test_four_runs_by_hand():
    # A 0/10, B 10/0, C 4/4 under the weights 1:0, 0:1, 1:1, 3:1.
    runs = small(SETS, values=[[0, 10], [10, 0], [4, 4]])
    analysis = Analysis(runs, pairs=True, replayed=np.array([[1], [2], [3], [4]]))
    result = read(analysis, together(analysis.summaries(4)))
    assert result.nominal.tolist() == [[5, 5, 4]]
    assert result.nominal_rank.tolist() == [[1, 1, 3]]
    # A: 0, 10, 5, 2.5; B: 10, 0, 5, 7.5; C: 4. Ranks: 3 1 2, 1 3 2, 1 1 3, 3 1 2.
    assert result.mean[0] == pytest.approx([4.375, 5.625, 4], rel=1e-12)
    # Squares from 4.375: 19.140625 + 31.640625 + 0.390625 + 3.515625, and B mirrors A.
    assert result.sd[0, :2] == pytest.approx([np.sqrt(54.6875 / 3)] * 2, rel=1e-12)
    assert result.rank_mean.tolist() == [[2, 1.5, 2.25]]
    assert result.rank_median.tolist() == [[2, 1, 2]]
    assert result.rank_shares[0].tolist() == [[0.5, 0, 0.5], [0.75, 0, 0.25], [0, 0.75, 0.25]]
    # Shifts from 1 1 3: 3, 3, 0, 3 of three rows.
    assert result.mean_shift.tolist() == [pytest.approx((3 + 3 + 0 + 3) / 3 / 4)]
    assert result.above[0].tolist() == [[0.5, 0.375, 0.5], [0.625, 0.5, 0.75], [0.5, 0.25, 0.5]]
    assert result.decided(0.75).tolist() == [[[False] * 3, [False, False, True], [False] * 3]]
    assert not result.decided().any()


def test_the_chance_to_be_above_and_that_to_be_below_make_one():
    analysis = analysis_of("missing", pairs=True)
    above = read(analysis, together(analysis.summaries(300))).above
    assert np.allclose(above + np.swapaxes(above, 1, 2), 1)
    assert (np.diagonal(above, axis1=1, axis2=2) == 0.5).all()


def test_pairs_that_were_not_counted_cannot_be_decided():
    analysis = analysis_of("plain")
    result = read(analysis, together(analysis.summaries(10)))
    assert result.above is None
    with pytest.raises(MethodError, match="pairs were not counted"):
        result.decided()


def test_a_quantile_between_two_heaps_of_scores_is_right_to_its_error():
    # Scores of 0 and 100, half of each: the median of type 7 is 50.
    runs = small(SETS, values=[[0, 100], [100, 0]])
    analysis = Analysis(runs, replayed=np.array([[1], [2]] * 10))
    result = read(analysis, together(analysis.summaries(20)))
    assert np.abs(result.median - 50).max() <= result.score_error.max()


def test_a_score_that_never_moves_has_no_spread():
    runs = small(SETS, values=[[0, 100], [100, 0], [37.3, 37.3], [8e7 / 3, 8e7 / 3]])
    analysis = Analysis(runs)
    result = read(analysis, together(analysis.summaries(1000)))
    assert result.mean[0, 2:] == pytest.approx([37.3, 8e7 / 3], rel=1e-12)
    assert (result.sd[0, 2:] <= 1e-9 * result.mean[0, 2:]).all()
    for quantiles in (result.median, result.q05, result.q95):
        assert quantiles[0, 2:] == pytest.approx([37.3, 8e7 / 3], rel=1e-12)


def test_a_small_spread_far_from_zero_is_not_lost_in_rounding():
    # An index of 10^7 that moves by 1: sd of the mean of two even draws of answers a and a + 1.
    doubt = Doubt("A", "a", (2e7, 2e7 + 1), (0.5, 0.5))
    runs = small(UncertainCells("answers", doubts=(doubt,)), values=[[2e7, 0], [1, 2]])
    analysis = Analysis(runs)
    scores = runs.scores(runs.keys(0, 1000)).scores
    result = read(analysis, together(analysis.summaries(1000)))
    assert result.sd[0, 0] == pytest.approx(scores[:, 0, 0].std(ddof=1), rel=1e-3)


FAILING = (
    Choice("scale", "normalise", None, (Normalise(low=1.0), Normalise("zscore"))),
    Choice("mean", "aggregate", "method", ("arithmetic", "geometric")),
)


def test_failed_draws_are_counted_and_named_and_leave_the_others_right():
    runs = nested(*FAILING)
    runs = Runs(runs.tree, runs.data, Method(uncertain=FAILING), runs.targets, 1)
    analysis = Analysis(runs, pairs=True)
    result = read(analysis, together(analysis.summaries(400)))
    keys = runs.keys(0, 400)
    bad = (keys == 2).all(axis=1)
    assert 60 < bad.sum() < 140
    assert sorted(result.failed) == (np.flatnonzero(bad) + 1).tolist()
    assert all("no geometric mean" in reason for reason in result.failed.values())
    scores = runs.scores(keys[~bad]).scores
    found = ranks_of(runs, scores)
    assert result.runs == 400
    assert np.allclose(result.mean, scores.mean(axis=0), rtol=1e-12)
    assert np.allclose(result.rank_mean, found.mean(axis=0), rtol=1e-12)
    assert np.allclose(result.rank_shares.sum(axis=-1), 1)
    assert np.allclose(result.mean_shift, rank_shift(found, result.nominal_rank).mean(axis=0), rtol=1e-12)
    assert_above(result.above, found, runs.periods)


def test_an_analysis_in_which_every_run_fails_is_refused_with_the_reason():
    runs = nested(*FAILING)
    runs = Runs(runs.tree, runs.data, Method(uncertain=FAILING), runs.targets, 1)
    with pytest.raises(NotComputable, match=r"every run fails: .* no geometric mean"):
        Analysis(runs, replayed=np.array([[2, 2]] * 5))


def test_a_part_in_which_every_run_failed_cannot_be_read():
    runs = nested(*FAILING)
    runs = Runs(runs.tree, runs.data, Method(uncertain=FAILING), runs.targets, 1)
    analysis = Analysis(runs, replayed=np.array([[1, 1], [2, 2], [2, 2]]))
    with pytest.raises(NotComputable, match="every run fails"):
        read(analysis, analysis.summary_of((1, 2)))
    assert read(analysis, analysis.summary_of((0, 3))).runs == 3


def test_a_panel_with_uncertainty_is_ranked_within_its_periods():
    # COINr cannot regenerate a panel that is normalised over all years.
    runs = small(
        SETS, values=[[0, 10], [10, 0], [20, 30], [30, 20]], units="ABAB", period=("1", "1", "2", "2")
    )
    analysis = Analysis(runs, pairs=True, replayed=np.array([[1], [2], [2], [1]]))
    result = read(analysis, together(analysis.summaries(4)))
    assert result.rows == ("A 1", "B 1", "A 2", "B 2")
    assert result.nominal_rank.tolist() == [[1, 1, 1, 1]]
    assert result.rank_shares[0, :, :2].tolist() == [[0.5, 0.5]] * 4
    assert result.rank_mean.tolist() == [[1.5] * 4]
    assert np.isnan(result.above[0, :2, 2:]).all()


def test_ranks_of_more_rows_than_bins_are_right_to_the_width_of_a_bin():
    n_rows = RANK_BINS + 52
    values = np.random.default_rng(3).uniform(0, 100, (n_rows, 2))
    units = [f"u{row}" for row in range(n_rows)]
    analysis = Analysis(small(SETS, values=values, units=units))
    result = read(analysis, together(analysis.summaries(60)))
    assert result.rank_width == 2
    found = ranks_of(analysis.runs, analysis.runs.scores(analysis.runs.keys(0, 60)).scores)
    assert np.allclose(result.rank_mean, found.mean(axis=0), rtol=1e-12)
    for name, share in (("median", 0.5), ("q05", 0.05), ("q95", 0.95)):
        error = np.abs(getattr(result, f"rank_{name}") - np.quantile(found, share, axis=0))
        # Of two ranks the middle is half a rank from each.
        assert error.max() <= 0.5 + 1e-9


def asem_factors(shared):
    with (shared / "data/coinr/ua_weight_sets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    weights = np.array([[float(row[f"w{number}"]) for row in rows] for number in range(1, 101)])
    return (
        Choice("winsorising", "treat", "max_winsorised", (1, 2, 3, 4, 5)),
        Choice("scale", "normalise", None, (Normalise(low=1.0), Normalise("zscore", mean=10.0, sd=2.0))),
        WeightSets("weights", tuple(row["iCode"] for row in rows), weights),
        Choice("mean", "aggregate", "method", ("arithmetic", "geometric")),
    )


def recorded(shared, name):
    with (shared / "data/coinr" / name).open(encoding="utf-8", newline="") as file:
        return {row["uCode"]: row for row in csv.DictReader(file)}


def assert_quantiles_of_a_sample(shares, stats):
    """Those recorded could be of 1,000 draws from the exact shares of ranks, within four standard errors."""
    for name, share in (("Median", 0.5), ("Q5", 0.05), ("Q95", 0.95)):
        error = 4 * np.sqrt(share * (1 - share) / 1000)
        # A quantile between two ranks is of both.
        low, high = int(np.floor(float(stats[name]))), int(np.ceil(float(stats[name])))
        assert shares[: low - 1].sum() <= share + error, stats
        assert shares[:high].sum() >= share - error, stats


def test_the_recorded_analysis_of_asem_is_met_within_its_error(shared):
    tree = tree_of(shared)
    runs = Runs(tree, data_of(shared, tree), replace(METHOD, uncertain=asem_factors(shared)), ("Index",), 12)
    # All 2,000 combinations of alternatives: what the recorded 1,000 draws are drawn from.
    counts = [factor.alternatives for factor in runs.factors]
    keys = np.stack(np.meshgrid(*(np.arange(1, n + 1) for n in counts), indexing="ij"), axis=-1).reshape(
        -1, 4
    )
    analysis = Analysis(runs, replayed=keys)
    result = read(analysis, together(analysis.summaries(len(keys))))
    nominal, stats = recorded(shared, "UA_N1000_nominal.csv"), recorded(shared, "UA_N1000_rankstats.csv")
    assert len(stats) == 51
    ranks_there = np.arange(1, 52)
    apart = []
    for place, unit in enumerate(result.rows):
        assert result.nominal[0, place] == pytest.approx(float(nominal[unit]["Score"]), rel=1e-9)
        assert result.nominal_rank[0, place] == int(nominal[unit]["Rank"])
        shares, mean = result.rank_shares[0, place], result.rank_mean[0, place]
        error = np.sqrt(shares @ (ranks_there - mean) ** 2 / 1000)
        assert abs(mean - float(stats[unit]["Mean"])) <= 4 * error + 1e-12, unit
        assert_quantiles_of_a_sample(shares, stats[unit])
        found = [result.rank_median[0, place], result.rank_q05[0, place], result.rank_q95[0, place]]
        theirs = [float(stats[unit][name]) for name in ("Median", "Q5", "Q95")]
        apart += [unit] * bool(np.abs(np.subtract(found, theirs)).max() > 1)
    # LUX is high under arithmetic means and low under geometric ones: 13th or better in 50.2 % of all
    # combinations and 15th or better in 52.8 %, so that the median of 1,000 draws is a matter of chance.
    assert apart == ["LUX"]


def test_fresh_draws_of_asem_meet_the_recorded_ones_within_both_errors(shared):
    tree = tree_of(shared)
    runs = Runs(tree, data_of(shared, tree), replace(METHOD, uncertain=asem_factors(shared)), ("Index",), 12)
    analysis = Analysis(runs)
    result = read(analysis, together(analysis.summaries(4000)))
    stats = recorded(shared, "UA_N1000_rankstats.csv")
    for place, unit in enumerate(result.rows):
        shares, mean = result.rank_shares[0, place], result.rank_mean[0, place]
        spread = shares @ (np.arange(1, 52) - mean) ** 2
        error = np.sqrt(spread / 1000 + spread / 4000)
        assert abs(mean - float(stats[unit]["Mean"])) <= 4 * error + 1e-12, unit
