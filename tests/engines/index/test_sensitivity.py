"""Which factor matters: by hand, by every combination, and by a sample beside it."""

from dataclasses import replace

import numpy as np
import pytest
from tests.engines.index.asem import METHOD, data_of, tree_of
from tests.engines.index.test_uncertainty import asem_factors

from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.draws.runs import Runs
from tessera.engines.index.errors import IndexEngineError, MethodError, NotComputable
from tessera.engines.index.factors import Choice, Doubt, UncertainCells, WeightNoise, WeightSets
from tessera.engines.index.method import Method, Screen
from tessera.engines.index.sensitivity import exact, sampled
from tessera.engines.index.sobol import saltelli_points
from tessera.engines.index.steps.aggregate import Aggregate, Rule
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.structure import Node, Tree

nan = np.nan

TREE = Tree(
    (
        Node("index", None),
        Node("a", "index", goal_low=0.0, goal_high=1.0),
        Node("b", "index", goal_low=0.0, goal_high=1.0),
    )
)
GOALPOSTS = Method(normalise=Normalise("goalposts"))
EITHER = WeightSets("weights", ("a", "b"), np.array([[1.0, 0.0], [0.0, 1.0]]))
SHIFT = Choice("scale", "normalise", None, (Normalise("goalposts"), Normalise("goalposts", low=10, high=110)))
STRETCH = Choice("scale", "normalise", "high", (100.0, 200.0))


def runs_of(*factors, values=((0.2, 0.8), (0.5, 0.5)), method=GOALPOSTS, tree=TREE, seed=1):
    data = Data(tuple("ABCDEF"[: len(values)]), tree.leaves, np.array(values))
    return Runs(tree, data, replace(method, uncertain=factors), ("index",), seed)


def indices(result, group, output):
    """First and total of each factor for one output."""
    place = result.targets.index((group, output))
    return result.first[:, place].tolist(), result.total[:, place].tolist()


def test_an_additive_case_by_hand():
    # A scores 20 or 80 by the weights and 10 more by the scale; B 50 and 10 more. Variances: 900 and 25.
    result = exact(runs_of(SHIFT, EITHER))
    assert result.factors == ("scale", "weights")
    assert indices(result, "index", "score of A") == (
        [pytest.approx(25 / 925), pytest.approx(900 / 925)],
        [pytest.approx(25 / 925), pytest.approx(900 / 925)],
    )
    assert indices(result, "index", "score of B") == ([1, pytest.approx(0)], [1, pytest.approx(0)])
    # Ranks are the weights' matter alone; the shift from the nominal tie is half a place in every run.
    for unit in "AB":
        assert indices(result, "index", f"rank of {unit}") == ([0, 1], [0, 1])
    assert np.isnan(indices(result, "index", "rank shift")).all()
    # Each row by its variance: (25 + 25) and 900 of 950.
    assert indices(result, "index", "all scores")[0] == pytest.approx([50 / 950, 900 / 950])
    assert indices(result, "index", "all scores")[1] == pytest.approx([50 / 950, 900 / 950])
    assert indices(result, "index", "all ranks") == ([0, 1], [0, 1])
    assert (result.runs, result.failed, result.reasons) == (4, 0, ())
    assert result.first_low is result.first_high is result.total_low is result.total_high is None


def test_an_interaction_by_hand():
    # A scores 20, 80, 40, 160: variance 2875, of the means by scale 625, by weights 2025.
    first, total = indices(exact(runs_of(STRETCH, EITHER)), "index", "score of A")
    assert first == pytest.approx([625 / 2875, 2025 / 2875])
    assert total == pytest.approx([850 / 2875, 2250 / 2875])


def test_targets_are_named_and_stand_in_the_order_of_groups_and_rows():
    nodes = [Node("index", None), Node("g", "index"), *(replace(node, parent="g") for node in TREE.nodes[1:])]
    tree = Tree(tuple(nodes))
    data = Data(("A", "B"), tree.leaves, np.array([[0.2, 0.8], [0.5, 0.5]]))
    runs = Runs(tree, data, replace(GOALPOSTS, uncertain=(STRETCH, EITHER)), ("index", "g"), 1)
    outputs = ("score of A", "score of B", "rank of A", "rank of B", "rank shift")
    each = [(group, output) for group in ("index", "g") for output in outputs]
    over_all = [(group, output) for group in ("index", "g") for output in ("all scores", "all ranks")]
    for result in (exact(runs), sampled(runs, 8)):
        assert list(result.targets) == each + over_all
        assert result.first.shape == result.total.shape == (2, 14)
        rows = list(result.long())
        assert len(rows) == 28
        for factor, group, output, place, column in rows:
            assert result.factors[place] == factor
            assert result.targets[column] == (group, output)


def test_a_row_that_is_screened_out_in_some_runs_is_no_target():
    screen = Choice("screen", "screen", "min_available", (0.0, 1.0))
    runs = runs_of(screen, EITHER, values=((0.2, 0.8), (0.5, 0.6), (nan, 0.9)))
    outputs = {output for _, output in exact(runs).targets}
    assert outputs == {
        *("score of A", "score of B", "rank of A", "rank of B"),
        *("rank shift", "all scores", "all ranks"),
    }


def by_enumeration(runs):
    """First and total of each factor for each row's score, from conditional means over `compute`."""
    counts = [factor.alternatives for factor in runs.factors]
    scores = np.empty((*counts, len(runs.data.units)))
    for place in np.ndindex(*counts):
        method, tree = replace(runs.method, uncertain=()), runs.tree
        for factor, number in zip(runs.factors, place, strict=True):
            if isinstance(factor, Choice):
                step = factor.values[number]
                if factor.key is not None:
                    now = getattr(method, factor.step)
                    if factor.step == "aggregate":
                        step = replace(now, rule=replace(now.rule, **{factor.key: step}))
                    else:
                        step = replace(now, **{factor.key: step})
                method = replace(method, **{factor.step: step})
            else:
                own = dict(zip(factor.codes, factor.weights[number].tolist(), strict=True))
                tree = Tree(tuple(replace(n, weight=own.get(n.code, n.weight)) for n in tree.nodes))
        scores[place] = compute(tree, runs.data, method).column("Index")
    axes = range(len(counts))
    variance = scores.var(axis=tuple(axes))
    first = [scores.mean(axis=tuple(a for a in axes if a != own)).var(axis=0) / variance for own in axes]
    total = [1 - scores.mean(axis=own).var(axis=tuple(range(len(counts) - 1))) / variance for own in axes]
    return np.array(first), np.array(total)


@pytest.fixture(scope="module")
def asem(shared):
    factors = list(asem_factors(shared))
    # Eight of the hundred sets, so that every combination can be computed by itself.
    factors[2] = replace(factors[2], weights=factors[2].weights[:8])
    tree = tree_of(shared)
    return Runs(tree, data_of(shared, tree), replace(METHOD, uncertain=tuple(factors)), ("Index",), 3)


def test_exact_indices_of_asem_are_those_of_its_conditional_means(asem):
    result = exact(asem)
    first, total = by_enumeration(asem)
    scores = [place for place, (_, output) in enumerate(result.targets) if output.startswith("score of")]
    assert len(scores) == 51
    assert np.allclose(result.first[:, scores], first, rtol=1e-9, atol=1e-10)
    assert np.allclose(result.total[:, scores], total, rtol=1e-9, atol=1e-10)
    assert (result.first <= result.total + 1e-12)[~np.isnan(result.first)].all()
    assert result.runs == 5 * 2 * 8 * 2


def test_a_sample_of_asem_comes_near_the_exact_indices(asem):
    found, expected = sampled(asem, 1024), exact(asem)
    assert found.targets == expected.targets
    assert found.runs == 6 * 1024
    assert found.failed == 0
    there = ~np.isnan(expected.first[0])
    # A rank that hardly ever moves has no variance to speak of: judge the scores, the shift and the wholes.
    judged = np.array([not output.startswith("rank of") for _, output in expected.targets]) & there
    assert judged.sum() >= 54
    for name in ("first", "total"):
        error = np.abs(getattr(found, name) - getattr(expected, name))[:, judged]
        assert error.max() < 0.05, name
    # The interval of an output covers its estimate, and of the generalised index there is none.
    whole = [place for place, (_, output) in enumerate(found.targets) if output.startswith("all ")]
    assert np.isnan(found.first_low[:, whole]).all()
    own = np.flatnonzero(judged & ~np.isin(np.arange(len(judged)), whole))
    assert (found.total_low[:, own] <= found.total[:, own]).all()
    assert (found.total[:, own] <= found.total_high[:, own]).all()


def test_the_same_seed_samples_the_same_and_another_something_else():
    results = [sampled(runs_of(STRETCH, EITHER, seed=seed), 64) for seed in (0, 0, 5)]
    for name in ("first", "total", "first_low", "total_high"):
        assert np.array_equal(getattr(results[0], name), getattr(results[1], name), equal_nan=True)
    place = results[0].targets.index(("index", "score of A"))
    assert not np.array_equal(results[0].first_low[:, place], results[2].first_low[:, place])


def test_a_factor_without_alternatives_is_sampled_by_fresh_draws():
    # Score of A: 100 (a u + b v) / (u + v) and a doubt on B alone: each unit has one factor.
    noise = WeightNoise("noise", 0.5, (1,))
    doubt = UncertainCells(
        "answers", doubts=(Doubt("B", "a", (0.1, 0.9), (0.5, 0.5)), Doubt("B", "b", (0.5,), (1.0,)))
    )
    result = sampled(runs_of(noise, doubt, values=((0.2, 0.8), (0.5, 0.5), (0.4, 0.4))), 1024)
    first, total = indices(result, "index", "score of A")
    assert first == pytest.approx([1, 0], abs=0.1)
    assert total == pytest.approx([1, 0], abs=0.1)
    # The doubt of B moves a by 0.4 and weights by half of it at most: its own share is nearly all.
    first, total = indices(result, "index", "score of B")
    assert first[1] > 0.85
    assert total[1] > 0.85
    assert np.isnan(indices(result, "index", "score of C")).all()


ZEROS = Choice("scale", "normalise", None, (Normalise(low=1.0), Normalise(), Normalise(low=5.0)))
MEAN = Choice("mean", "aggregate", "method", ("arithmetic", "geometric"))
THREE = ((0.2, 0.8), (0.5, 0.9), (0.9, 0.1))


def test_rows_of_the_design_with_a_failed_run_are_left_out_jointly_and_counted():
    # More runs than are made at once.
    rows, runs = 512, runs_of(ZEROS, MEAN, values=THREE, method=Method(normalise=Normalise(low=1.0)))
    a, b = saltelli_points(2, rows, 1)
    bad = np.zeros(rows, dtype=bool)
    for design in (a, b, np.column_stack([b[:, 0], a[:, 1]]), np.column_stack([a[:, 0], b[:, 1]])):
        # Only the middle third, 0 to 100, has zeros, and only under the geometric mean do they matter.
        bad |= (np.floor(3 * design[:, 0]) == 1) & (design[:, 1] >= 0.5)
    assert 100 < bad.sum() < 400
    result = sampled(runs, rows)
    assert result.failed == bad.sum()
    assert result.runs == 4 * rows
    assert len(result.reasons) == 1
    assert "of which there is no geometric mean" in result.reasons[0]
    place = result.targets.index(("index", "score of A"))
    assert np.isfinite(result.first[:, place]).all()
    # What is left is the estimate from the rows without a failed run.
    keep = ~bad

    def scores(points):
        found = runs.scores(
            np.column_stack([np.floor(3 * points[:, 0]), np.floor(2 * points[:, 1])]).astype(int) + 1
        )
        return found.scores[keep, 0, 0]

    f_a, f_b = scores(a), scores(b)
    variance = np.concatenate([f_a, f_b]).var()
    for factor in (0, 1):
        mixed = a.copy()
        mixed[:, factor] = b[:, factor]
        jansen = ((f_a - scores(mixed)) ** 2).mean() / 2 / variance
        assert result.total[factor, place] == pytest.approx(jansen, rel=1e-9)


def test_a_sample_without_any_run_of_an_alternative_is_refused_by_its_name():
    scales = tuple(Normalise(high=float(high)) for high in range(100, 120))
    scale = Choice("scale", "normalise", None, scales)
    mean = Choice("mean", "aggregate", "method", ("geometric",) * 20 + ("arithmetic",))
    with pytest.raises(NotComputable, match=r"every run with alternative \d+ fails: index: A has 0 for a"):
        sampled(runs_of(scale, mean, values=THREE, method=Method()), 8)


def test_exact_indices_refuse_a_combination_that_fails_by_its_name():
    runs = runs_of(ZEROS, MEAN, values=THREE, method=Method(normalise=Normalise(low=1.0)))
    with pytest.raises(
        NotComputable, match=r"1 of 6 combinations .* scale 2, mean 2: index: A has 0 for a, .*geometric mean"
    ):
        exact(runs)


@pytest.mark.parametrize(
    "factor",
    [
        WeightNoise("shaken", 0.2, (1,)),
        UncertainCells("shaken", doubts=(Doubt("A", "a", (0.0, 1.0), (0.5, 0.5)),)),
    ],
)
def test_exact_indices_refuse_a_factor_without_alternatives_by_its_name(factor):
    with pytest.raises(MethodError, match="shaken has no alternatives to list"):
        exact(runs_of(EITHER, factor))


def test_exact_indices_refuse_more_than_a_million_combinations():
    many = [Choice(f"c{n}", "normalise", "high", tuple(100.0 + k for k in range(100))) for n in range(3)]
    with pytest.raises(MethodError, match="there are 2,000,000 combinations"):
        exact(runs_of(*many, EITHER))


def test_a_sample_that_is_no_power_of_two_is_refused():
    with pytest.raises(MethodError, match="12 points: Sobol' points come in powers of two; the next is 16"):
        sampled(runs_of(EITHER, SHIFT), 12)


def test_an_output_that_never_moves_has_no_indices():
    screen = Choice("screen", "screen", None, (Screen(), Screen(0.1)))
    result = exact(runs_of(screen, STRETCH, values=((0.0, 0.0), (0.5, 0.5))))
    assert np.isnan(indices(result, "index", "score of A")).all()
    assert indices(result, "index", "score of B") == ([0, 1], [0, 1])


def test_a_mean_that_differs_by_group_can_be_a_factor():
    # COINr's issue 35: one group alone has the other mean.
    aggregates = (Aggregate(), Aggregate(Rule(), at=(("index", Rule("geometric")),)))
    runs = runs_of(Choice("mean", "aggregate", None, aggregates), values=((0.2, 0.8), (0.5, 0.5)))
    first, total = indices(exact(runs), "index", "score of A")
    assert (first, total) == ([1], [1])


def test_an_index_that_has_no_nominal_score_is_refused():
    with pytest.raises(IndexEngineError, match="no geometric mean"):
        sampled(runs_of(EITHER, MEAN, method=Method(aggregate=Aggregate(Rule("geometric"))), values=THREE), 8)
