"""Runs against an index that is made anew for each of them, one by one."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.draws.runs import Runs, alternatives_at
from tessera.engines.index.draws.space import Space
from tessera.engines.index.errors import DataError, MethodError, NotComputable
from tessera.engines.index.factors import (
    Choice,
    Doubt,
    UncertainCells,
    WeightNoise,
    WeightSets,
    WeightShares,
)
from tessera.engines.index.method import Method, Screen, Weight
from tessera.engines.index.steps.aggregate import Aggregate, Rule
from tessera.engines.index.steps.impute import Impute
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.steps.treat import Treat
from tessera.engines.index.structure import Node, Tree

nan = np.nan

TREE = Tree(
    (
        Node("index", None),
        Node("g", "index", 2.0),
        Node("h", "index"),
        Node("d", "index", 0.5),
        Node("a", "g"),
        Node("b", "g", 3.0),
        Node("c", "h", 2.0),
        Node("e", "h"),
        Node("f", "h", 0.5),
    )
)
NODES = TREE.downward[1:]
LEAVES = TREE.leaves
TARGETS = ("index", "g", "h")
PLAIN = Method(normalise=Normalise("none"))
MIXED = Aggregate(Rule("arithmetic"), at=(("h", Rule("geometric")),))
FULL = Data(
    tuple("PQRSTU"),
    LEAVES,
    np.array(
        [
            [12.0, 3, 45, 60, 71, 30],
            [50, 22, 61, 15, 90, 8],
            [33, 70, 18, 44, 26, 57],
            [81, 64, 77, 29, 13, 92],
            [5, 48, 39, 83, 55, 21],
            [67, 35, 9, 52, 38, 74],
        ]
    ),
    attributes={"region": tuple("NNNSSS")},
)
HOLES = [(0, 1), (2, 0), (2, 5), (3, 3), (4, 4), (4, 5)]


def with_holes(data):
    values = data.values.copy()
    values[tuple(np.transpose(HOLES))] = nan
    return replace(data, values=values)


def with_factors(method, *factors):
    return replace(method, uncertain=factors)


def tree_with(weights):
    return Tree(tuple(replace(node, weight=weights.get(node.code, node.weight)) for node in TREE.nodes))


def drawn_weights(factors, keys, seed):
    """The share of each node in its group, run by run, from an index in which each unit has one indicator.

    A factor draws the same whatever the data are.
    """
    probe = Data(LEAVES, LEAVES, np.eye(len(LEAVES)))
    found = Runs(TREE, probe, with_factors(PLAIN, *factors), TARGETS, seed).scores(keys).scores
    shares = []
    for of_index, of_g, of_h in found:
        effective = dict(zip(LEAVES, of_index, strict=True))
        own = {**dict(zip(LEAVES, of_g, strict=True)), **dict(zip(LEAVES, of_h, strict=True))}
        within = {code: own[code] for code in "cef"} | {code: of_g[LEAVES.index(code)] for code in "ab"}
        below = {"g": "ab", "h": "cef", "d": "d"}
        above = {code: sum(effective[leaf] for leaf in leaves) for code, leaves in below.items()}
        shares.append(above | within)
    return shares


def drawn_tables(factors, data, keys, seed, method=PLAIN):
    """The figures of each run, read off an index in which each indicator is a group of its own."""
    groups = tuple(f"group of {leaf}" for leaf in LEAVES)
    nodes = [Node("index", None), *(Node(group, "index") for group in groups)]
    nodes += [Node(leaf, group) for leaf, group in zip(LEAVES, groups, strict=True)]
    read = replace(PLAIN, denominate=method.denominate)
    found = Runs(Tree(tuple(nodes)), data, with_factors(read, *factors), groups, seed).scores(keys)
    assert not found.failed
    return found.scores.transpose(0, 2, 1)


def columns(result, targets=TARGETS):
    return np.array([result.column(target) for target in targets])


def assert_like_single_indices(found, expected):
    assert len(found.scores) == len(expected)
    assert not found.failed
    assert np.allclose(found.scores, expected, rtol=1e-12, atol=0, equal_nan=True)


@pytest.fixture(params=["complete", "with holes"])
def data(request):
    return FULL if request.param == "complete" else with_holes(FULL)


@pytest.mark.parametrize(
    "factor",
    [
        Choice("scale", "normalise", None, (Normalise(), Normalise("zscore", mean=10), Normalise("borda"))),
        Choice("low", "normalise", "low", (0.0, 10.0)),
        Choice("filling", "impute", None, (Impute(), Impute("mean"), Impute("group_median", "region"))),
        Choice("screen", "screen", "min_available", (0.0, 0.8, 1.0)),
        Choice("outliers", "treat", None, (Treat(), Treat("log", skew=0.1, kurtosis=-9.0))),
        Choice("source", "weight", "method", ("given", "equal", "pca")),
        Choice("mean", "aggregate", None, (Aggregate(), MIXED, Aggregate(Rule("borda")))),
        Choice("kind", "aggregate", "method", ("arithmetic", "copeland")),
        Choice("enough", "aggregate", "min_available", (0.0, 0.6, 1.0)),
    ],
    ids=lambda factor: factor.name,
)
def test_each_alternative_of_a_step_is_the_index_by_that_method(factor, data):
    method = Method(normalise=Normalise(low=5.0), impute=Impute("none"))
    numbers = [2, 1, *range(1, factor.alternatives + 1), 1]
    runs = Runs(TREE, data, with_factors(method, factor), TARGETS, 1)
    found = runs.scores(np.array(numbers)[:, None])
    expected = []
    for number in numbers:
        value = factor.values[number - 1]
        step = value if factor.key is None else getattr(method, factor.step)
        if factor.key is not None and factor.step == "aggregate":
            step = replace(step, rule=replace(step.rule, **{factor.key: value}))
        elif factor.key is not None:
            step = replace(step, **{factor.key: value})
        expected.append(columns(compute(TREE, data, replace(method, **{factor.step: step}))))
    assert_like_single_indices(found, expected)


SETS = WeightSets(
    "sets",
    ("index", "g", "h", "d", "a", "b", "c", "e", "f"),
    np.array(
        [[1.0, 1, 4, 2, 2, 1, 1, 3, 2], [9, 3, 0, 1, 1, 1, 5, 4, 0], [1, 2, 2, 1, 0, 0.5, 0.1, 0.2, 0.7]]
    ),
)
WEIGHT_FACTORS = [
    (WeightNoise("noise", 0.25, (1,)),),
    (WeightNoise("noise", 1.0, (1, 2)),),
    (WeightNoise("noise", 0.25, (1, 2)), WeightNoise("more", 0.5, (1, 2))),
    (WeightShares("shares", 20.0, (1, 2)),),
    (WeightShares("shares", 5.0, (1,)),),
    (WeightNoise("noise", 0.5, (2,)), WeightShares("shares", 20.0, (1,))),
    (SETS, WeightNoise("noise", 0.25, (1, 2))),
]
MEANS = [
    Aggregate(),
    Aggregate(Rule("geometric")),
    MIXED,
    Aggregate(Rule("harmonic")),
    Aggregate(Rule("borda")),
]


@pytest.mark.parametrize("aggregate", MEANS, ids=["arithmetic", "geometric", "mixed", "harmonic", "borda"])
@pytest.mark.parametrize("factors", WEIGHT_FACTORS, ids=lambda factors: " and ".join(f.name for f in factors))
def test_each_draw_of_weights_is_the_index_with_these_weights(factors, aggregate, data):
    method = replace(PLAIN, aggregate=aggregate)
    runs = Runs(TREE, data, with_factors(method, *factors), TARGETS, 11)
    keys = runs.keys(5, 12)
    expected = [
        columns(compute(tree_with(weights), data, method)) for weights in drawn_weights(factors, keys, 11)
    ]
    assert_like_single_indices(runs.scores(keys), expected)


def indices_of_sets(sets, keys, data, method):
    each = [dict(zip(sets.codes, weights, strict=True)) for weights in sets.weights.tolist()]
    return [columns(compute(tree_with(each[key - 1]), data, method)) for key in keys]


@pytest.mark.parametrize("aggregate", MEANS, ids=["arithmetic", "geometric", "mixed", "harmonic", "borda"])
def test_each_set_of_weights_replaces_those_given(aggregate, data):
    method = replace(PLAIN, aggregate=aggregate)
    keys = np.array([[3], [1], [2], [2], [1]])
    found = Runs(TREE, data, with_factors(method, SETS), TARGETS, 1).scores(keys)
    assert_like_single_indices(found, indices_of_sets(SETS, keys[:, 0], data, method))


@pytest.mark.parametrize("with_cells", [False, True])
def test_a_set_that_names_part_of_a_group_leaves_the_others_as_the_structure_has_them(with_cells):
    # c alone of c, e, f with 2, 1, 1/2: the weights of e and f are on the scale of the structure.
    sets = WeightSets("sets", ("c", "g"), np.array([[4.0, 1.0], [0.0, 3.0]]))
    factors = [sets]
    keys = np.array([[1, 1], [2, 1]])
    if with_cells:
        # A doubt that is none.
        factors.append(UncertainCells("answers", doubts=(Doubt("P", "a", (3.0,), (1.0,)),)))
    runs = Runs(TREE, FULL, with_factors(PLAIN, *factors), TARGETS, 1)
    found = runs.scores(keys[:, : len(factors)])
    assert_like_single_indices(found, indices_of_sets(sets, [1, 2], FULL, PLAIN))


def test_noise_is_even_between_its_ends_on_its_levels_alone():
    # d stands on level 1 and g, h on level 2: with noise on level 1 the ratio of d to g is d's own draw.
    shares = drawn_weights((WeightNoise("noise", 0.4, (1,)),), np.arange(1, 4001)[:, None], 2)
    shakes = np.array([share["d"] / share["g"] / (0.5 / 2) for share in shares])
    assert shakes.min() >= 0.6
    assert shakes.max() <= 1.4
    # Five standard errors of the mean and of the share below a quarter.
    assert abs(shakes.mean() - 1) < 5 * 0.8 / np.sqrt(12 * 4000)
    assert abs((shakes < 0.8).mean() - 0.25) < 5 * np.sqrt(0.25 * 0.75 / 4000)
    assert all(share["h"] / share["g"] == pytest.approx(0.5, rel=1e-12) for share in shares)
    others = np.array([share["a"] / share["b"] for share in shares])
    assert np.log(others * 3).std() > 0.1
    assert abs(np.corrcoef(shakes, others)[0, 1]) < 5 / np.sqrt(4000)


@pytest.mark.parametrize("levels", [(1,), (2,), (1, 2)])
def test_two_noises_multiply(levels):
    keys = np.repeat(np.arange(1, 301)[:, None], 2, axis=1)
    noises = WeightNoise("noise", 0.25, (1, 2)), WeightNoise("more", 0.5, levels)
    both = drawn_weights(noises, keys, 2)
    one, two = (drawn_weights((noise,), keys[:, :1], 2) for noise in noises)
    for upper, lower, given in (("b", "a", 3.0), ("h", "g", 0.5)):
        for run in range(300):
            odds = [shares[run][upper] / shares[run][lower] for shares in (both, one, two)]
            assert odds[0] == pytest.approx(odds[1] * odds[2] / given, rel=1e-12)


def test_shares_lie_around_those_given_with_the_variance_of_their_concentration():
    shares = drawn_weights((WeightShares("shares", 10.0, (1,)),), np.arange(1, 4001)[:, None], 2)
    given = {"c": 2 / 3.5, "e": 1 / 3.5, "f": 0.5 / 3.5}
    assert all(sum(share[code] for code in given) == pytest.approx(1, rel=1e-12) for share in shares)
    for code, mean in given.items():
        drawn = np.array([share[code] for share in shares])
        # Dirichlet: m (1 - m) / (concentration + 1).
        variance = mean * (1 - mean) / 11
        assert abs(drawn.mean() - mean) < 5 * np.sqrt(variance / 4000)
        assert drawn.var() == pytest.approx(variance, rel=0.15)
    # d is alone on its level in its group: nothing to share.
    assert all(share["d"] == pytest.approx(0.5 / 3.5, rel=1e-12) for share in shares)


def test_a_child_without_weight_gets_no_share():
    tree = Tree((Node("index", None), Node("a", "index", 2.0), Node("b", "index"), Node("c", "index", 0.0)))
    probe = Data(("A", "B", "C"), tree.leaves, np.eye(3))
    factor = WeightShares("shares", 5.0, (1,))
    scores = (
        Runs(tree, probe, with_factors(PLAIN, factor), ("index",), 1).scores(np.arange(1, 51)[:, None]).scores
    )
    assert (scores[:, 0, 2] == 0).all()
    assert np.allclose(scores.sum(axis=2), 1, rtol=1e-12)
    assert scores[:, 0, 0].std() > 0.1


def test_shares_on_one_level_leave_siblings_on_others_their_part():
    shares = drawn_weights((WeightShares("shares", 3.0, (2,)),), np.arange(1, 201)[:, None], 2)
    assert all(share["g"] + share["h"] == pytest.approx(3 / 3.5, rel=1e-12) for share in shares)
    assert np.std([share["g"] for share in shares]) > 0.05


def test_shares_around_weights_that_another_factor_replaces_are_refused():
    for other in (SETS, WeightShares("others", 9.0, (1,))):
        method = with_factors(PLAIN, other, WeightShares("shares", 5.0, (1, 2)))
        with pytest.raises(MethodError, match=f"draws shares around weights that .*{other.name}|shares"):
            Runs(TREE, FULL, method, TARGETS, 1)


def test_a_set_without_weight_for_a_group_is_refused_by_its_number_and_the_group():
    # As `compute` refuses a structure that has none.
    sets = WeightSets("sets", ("a", "b"), np.array([[1.0, 1.0], [0.0, 0.0]]))
    with pytest.raises(MethodError, match="sets: set 2 gives all children of g the weight 0"):
        Runs(TREE, FULL, with_factors(PLAIN, sets), TARGETS, 1)


DOUBTS = (
    Doubt("P", "a", (12.0, 40.0), (0.7, 0.3)),
    Doubt("T", "f", (21.0, 1.0, 99.0), (0.2, 0.3, 0.5)),
)
CELL_METHODS = [
    PLAIN,
    Method(),
    Method(normalise=Normalise("zscore", mean=10, sd=2), aggregate=Aggregate(Rule("geometric"))),
    Method(normalise=Normalise("zscore", mean=10, sd=2)),
    replace(PLAIN, aggregate=MIXED),
    replace(PLAIN, aggregate=Aggregate(Rule("copeland"))),
    Method(impute=Impute("median"), treat=Treat("winsorise", skew=0.1, kurtosis=-9.0, max_winsorised=1)),
    Method(impute=Impute("group_mean", "region"), normalise=Normalise("percentile")),
    Method(screen=Screen(0.7), impute=Impute("row_mean")),
]


@pytest.mark.parametrize("method", CELL_METHODS, ids=range(len(CELL_METHODS)))
@pytest.mark.parametrize(
    "factor",
    [
        UncertainCells("answers", doubts=DOUBTS),
        UncertainCells("answers", missing="class"),
        UncertainCells("answers", missing="class", group="region", doubts=DOUBTS),
    ],
    ids=["doubts", "missing", "both"],
)
def test_each_draw_of_answers_is_the_index_of_these_answers(factor, method):
    data = with_holes(FULL)
    keys = np.arange(3, 15)[:, None]
    found = Runs(TREE, data, with_factors(method, factor), TARGETS, 4).scores(keys)
    kept = compute(TREE, data, method).screened_out
    expected = []
    for table in drawn_tables((factor,), data, keys, 4):
        # Who is screened out is a matter of what was answered, not of what was drawn.
        stay = [place for place, unit in enumerate(data.units) if unit not in kept]
        scores = np.full((3, 6), nan)
        drawn = replace(data, values=table).only(stay)
        scores[:, stay] = columns(compute(TREE, drawn, replace(method, screen=Screen())))
        expected.append(scores)
    assert_like_single_indices(found, expected)


def test_answers_that_are_drawn_are_not_imputed_and_the_rest_is():
    data = with_holes(FULL)
    factor = UncertainCells("answers", doubts=(Doubt("P", "b", (0.0, 100.0), (0.5, 0.5)),))
    method = replace(PLAIN, impute=Impute("mean"))
    keys = np.arange(1, 41)[:, None]
    tables = drawn_tables((factor,), data, keys, 4)
    place = LEAVES.index("b")
    assert set(tables[:, 0, place]) == {0.0, 100.0}
    found = Runs(TREE, data, with_factors(method, factor), TARGETS, 4).scores(keys)
    expected = [columns(compute(TREE, replace(data, values=table), method)) for table in tables]
    assert_like_single_indices(found, expected)


@pytest.mark.parametrize("method", [Weight("pca"), Weight("optimise", (("a", 0.5), ("b", 0.5)))])
def test_weights_that_are_estimated_from_drawn_answers_are_refused(method):
    factor = UncertainCells("answers", doubts=DOUBTS)
    with pytest.raises(MethodError, match="estimated from the data, and here answers are drawn"):
        Runs(TREE, FULL, with_factors(replace(PLAIN, weight=method), factor), TARGETS, 4)


def test_two_factors_on_one_answer_are_refused():
    factors = [UncertainCells(name, doubts=DOUBTS) for name in ("one", "two")]
    with pytest.raises(DataError, match="two and one both draw"):
        Runs(TREE, FULL, with_factors(PLAIN, *factors), TARGETS, 4)


ALL_KINDS = (
    Choice("scale", "normalise", None, (Normalise(low=1.0), Normalise("zscore", mean=10, sd=2))),
    Choice("mean", "aggregate", "method", ("arithmetic", "geometric")),
    SETS,
    WeightNoise("noise", 0.25, (1, 2)),
    UncertainCells("answers", missing="class", group="region", doubts=DOUBTS),
)


def test_factors_of_all_kinds_are_drawn_jointly():
    data = with_holes(FULL)
    runs = Runs(TREE, data, with_factors(Method(), *ALL_KINDS), TARGETS, 3)
    keys = runs.keys(0, 40)
    assert runs.names == ("scale", "mean", "sets", "noise", "answers")
    tables = drawn_tables(ALL_KINDS[4:], data, keys[:, 4:], 3)
    weights = drawn_weights(ALL_KINDS[2:4], keys[:, 2:4], 3)
    expected = []
    for key, table, own in zip(keys, tables, weights, strict=True):
        method = Method(
            normalise=ALL_KINDS[0].values[key[0] - 1],
            aggregate=Aggregate(Rule(ALL_KINDS[1].values[key[1] - 1])),
        )
        expected.append(columns(compute(tree_with(own), replace(data, values=table), method)))
    assert_like_single_indices(runs.scores(keys), expected)


@pytest.mark.parametrize("data", [FULL, with_holes(FULL)], ids=["complete", "with holes"])
def test_the_same_keys_make_the_same_scores_in_any_order_block_and_subset(data):
    # Doubts, so that there is something to draw in complete data, too.
    runs = Runs(
        TREE,
        data,
        with_factors(Method(), *ALL_KINDS[:4], UncertainCells("answers", doubts=DOUBTS)),
        TARGETS,
        3,
    )
    keys = runs.keys(0, 100)
    whole = runs.scores(keys).scores
    fresh = Runs(TREE, data, runs.method, TARGETS, 3)
    assert np.array_equal(fresh.scores(keys).scores, whole, equal_nan=True)
    order = np.random.default_rng(2).permutation(100)
    assert np.allclose(runs.scores(keys[order]).scores, whole[order], rtol=1e-12, equal_nan=True)
    for first, last in ((0, 1), (7, 8), (10, 43), (43, 100)):
        part = runs.scores(keys[first:last]).scores
        assert np.allclose(part, whole[first:last], rtol=1e-12, equal_nan=True)
    for place, target in enumerate(TARGETS):
        single = Runs(TREE, data, runs.method, (target,), 3).scores(keys).scores
        assert np.allclose(single[:, 0], whole[:, place], rtol=1e-12, equal_nan=True)


def test_many_runs_at_once_have_the_scores_of_each_run_alone():
    runs = Runs(TREE, FULL, with_factors(PLAIN, WeightNoise("noise", 0.5, (1, 2))), ("index",), 3)
    keys = runs.keys(0, 700)
    alone = [runs.scores(keys[run : run + 1]).scores for run in range(700)]
    assert np.allclose(runs.scores(keys).scores, np.concatenate(alone), rtol=1e-12)


@pytest.mark.parametrize("targets", [("index",), TARGETS])
@pytest.mark.parametrize(
    "choices", [(), (Choice("scale", "normalise", None, (Normalise(), Normalise("borda"))),)]
)
def test_scores_are_the_same_in_a_space_that_is_used_again_and_without_one_they_stay(targets, choices):
    noise = (WeightNoise("noise", 0.25, (1,)), WeightNoise("more", 0.5, (1, 2)))
    runs = Runs(TREE, FULL, with_factors(PLAIN, *noise, *choices), targets, 3)
    space = Space()
    found = [runs.scores(runs.keys(first, 50)).scores for first in (0, 50, 100)]
    before = [scores.copy() for scores in found]
    for first, scores in zip((0, 50, 100), before, strict=True):
        assert np.array_equal(runs.scores(runs.keys(first, 50), space).scores, scores)
    assert all(np.array_equal(now, then) for now, then in zip(found, before, strict=True))


def test_keys_are_numbered_from_1_and_any_range_of_them_is_that_part_of_a_longer_one():
    runs = Runs(TREE, with_holes(FULL), with_factors(Method(), *ALL_KINDS), TARGETS, 3)
    keys = runs.keys(0, 3000)
    assert keys[:, 3].tolist() == keys[:, 4].tolist() == list(range(1, 3001))
    assert np.array_equal(runs.keys(1234, 50), keys[1234:1284])
    for place, alternatives in enumerate((2, 2, 3)):
        counts = np.bincount(keys[:, place], minlength=alternatives + 1)
        assert counts[0] == 0
        share = 1 / alternatives
        assert np.abs(counts[1:] / 3000 - share).max() < 5 * np.sqrt(share * (1 - share) / 3000)
    r = np.corrcoef(keys[:, :3], rowvar=False)
    assert np.abs(r - np.eye(3)).max() < 5 / np.sqrt(3000)


def test_discrete_factors_are_cut_over_0_to_1_and_not_over_the_range_of_the_sample():
    # COINr cuts the sample's own range, so that numbers in the middle become all alternatives.
    assert alternatives_at(np.array([0.45, 0.5, 0.55]), 4).tolist() == [2, 3, 3]
    assert alternatives_at(np.array([0.0, 0.2499, 0.25, 0.75, np.nextafter(1, 0)]), 4).tolist() == [
        1,
        1,
        2,
        4,
        4,
    ]
    below_1 = np.nextafter(np.float32(1), np.float32(0))
    assert [alternatives_at(np.array([below_1]), many)[0] for many in (2, 3, 5, 1000)] == [2, 3, 5, 1000]


def test_an_index_of_indicators_alone_and_a_panel_can_be_run():
    tree = Tree((Node("index", None), Node("a", "index"), Node("b", "index", 2.0)))
    data = Data(
        ("A", "B", "A", "B"),
        ("a", "b"),
        np.array([[0.0, 10], [5, 20], [10, 30], [20, 50]]),
        attributes={"period": ("1", "1", "2", "2")},
    )
    factor = Choice("high", "normalise", "high", (1.0, 100.0))
    runs = Runs(tree, data, Method(uncertain=(factor,)), ("index",), 1)
    assert [places.tolist() for places in runs.periods] == [[0, 1], [2, 3]]
    scores = runs.scores(np.array([[2]])).scores
    # By hand: a 0, 25, 50, 100, b 0, 25, 50, 100.
    assert scores[0, 0] == pytest.approx([0, 25, 50, 100], abs=1e-12)


@pytest.mark.parametrize("impute", [Impute("em"), Impute("carry")], ids=["em", "carry"])
def test_answers_can_be_drawn_where_one_table_at_a_time_is_imputed(impute):
    tree = Tree((Node("index", None), Node("a", "index"), Node("b", "index")))
    values = np.array([[1.0, 2], [2, 5], [4, 3], [3, 7], [6, nan], [8, 9]])
    periods = ("1", "1", "1", "2", "2", "2")
    data = Data(tuple("ABCABC"), ("a", "b"), values, attributes={"period": periods})
    factor = UncertainCells("answers", doubts=(Doubt("A 1", "b", (2.0, 9.0), (0.5, 0.5)),))
    method = replace(PLAIN, impute=impute)
    found = Runs(tree, data, with_factors(method, factor), ("index",), 1).scores(np.arange(1, 9)[:, None])
    either = []
    for value in (2.0, 9.0):
        table = values.copy()
        table[0, 1] = value
        either.append(compute(tree, replace(data, values=table), method).column("index"))
    nearest = np.abs(found.scores - np.array(either)[None]).max(axis=2).argmin(axis=1)
    assert set(nearest.tolist()) == {0, 1}
    assert np.allclose(found.scores[:, 0], np.array(either)[nearest], rtol=1e-6)


NEGATIVE = Choice("scale", "normalise", None, (Normalise(low=1.0), Normalise("zscore")))


def test_runs_that_cannot_be_computed_fail_with_the_reason_and_the_others_do_not():
    method = with_factors(
        Method(), NEGATIVE, Choice("mean", "aggregate", "method", ("arithmetic", "geometric"))
    )
    runs = Runs(TREE, FULL, method, TARGETS, 1)
    keys = np.array([[1, 1], [2, 2], [2, 1], [1, 2], [2, 2]])
    found = runs.scores(keys)
    assert list(found.failed) == [1, 4]
    assert np.isnan(found.scores[[1, 4]]).all()
    assert not np.isnan(found.scores[[0, 2, 3]]).any()
    with pytest.raises(NotComputable) as refused:
        compute(TREE, FULL, Method(normalise=Normalise("zscore"), aggregate=Aggregate(Rule("geometric"))))
    assert found.failed[1] == str(refused.value)


def test_only_those_draws_fail_in_which_a_column_is_constant():
    data = Data(tuple("PQR"), ("a", "b"), np.array([[1.0, 1], [2, 0], [3, 0]]))
    tree = Tree((Node("index", None), Node("a", "index"), Node("b", "index")))
    factor = UncertainCells("answers", doubts=(Doubt("P", "b", (1.0, 0.0), (0.5, 0.5)),))
    runs = Runs(tree, data, Method(uncertain=(factor,)), ("index",), 1)
    found = runs.scores(runs.keys(0, 200))
    assert 60 < len(found.failed) < 140
    assert set(found.failed.values()) == {next(iter(found.failed.values()))}
    assert "b" in next(iter(found.failed.values()))
    good = np.setdiff1d(np.arange(200), list(found.failed))
    assert np.isnan(found.scores[list(found.failed)]).all()
    # min-max: a 0, 50, 100; b 100, 0, 0.
    assert np.array_equal(found.scores[good], np.broadcast_to([50, 25, 50], (len(good), 1, 3)))


def test_only_those_draws_fail_that_cannot_be_imputed():
    values = np.array([[1.0, 1], [2, 0], [3, 0], [4, 0], [5, nan]])
    data = Data(tuple("PQRST"), ("a", "b"), values)
    tree = Tree((Node("index", None), Node("a", "index"), Node("b", "index")))
    factor = UncertainCells("answers", doubts=(Doubt("P", "b", (1.0, 0.0), (0.5, 0.5)),))
    runs = Runs(tree, data, with_factors(replace(PLAIN, impute=Impute("em")), factor), ("index",), 1)
    found = runs.scores(runs.keys(0, 40))
    assert 5 < len(found.failed) < 35
    assert "b" in next(iter(found.failed.values()))
    good = np.setdiff1d(np.arange(40), list(found.failed))
    expected = compute(tree, data, replace(PLAIN, impute=Impute("em"))).column("index")
    assert np.allclose(found.scores[good, 0], expected, rtol=1e-9)


@pytest.mark.parametrize("holes", [False, True])
def test_only_those_draws_fail_in_which_an_answer_has_no_geometric_mean_and_the_reason_names_it(holes):
    data = with_holes(FULL) if holes else FULL
    factor = UncertainCells("answers", doubts=(Doubt("T", "c", (39.0, 0.0), (0.5, 0.5)),))
    method = with_factors(replace(PLAIN, aggregate=Aggregate(Rule("geometric"))), factor)
    runs = Runs(TREE, data, method, ("index",), 1)
    keys = np.arange(1, 101)[:, None]
    zero = np.flatnonzero(drawn_tables((factor,), data, keys, 1)[:, 4, LEAVES.index("c")] == 0)
    found = runs.scores(keys)
    assert sorted(found.failed) == zero.tolist()
    assert 20 < len(zero) < 80
    assert np.isnan(found.scores[zero]).all()
    reason = found.failed[zero[0]]
    assert "geometric" in reason
    assert "h" in reason
    assert "T" in reason


@pytest.mark.parametrize("holes", [False, True])
def test_an_answer_outside_a_target_does_not_fail_its_runs(holes):
    # g has a geometric mean of its own indicators; the 0 is in h.
    data = with_holes(FULL) if holes else FULL
    factor = UncertainCells("answers", doubts=(Doubt("T", "c", (39.0, 0.0), (0.5, 0.5)), DOUBTS[0]))
    aggregate = Aggregate(Rule("arithmetic"), at=(("g", Rule("geometric")),))
    runs = Runs(TREE, data, with_factors(replace(PLAIN, aggregate=aggregate), factor), ("g",), 1)
    keys = np.arange(1, 41)[:, None]
    found = runs.scores(keys)
    tables = drawn_tables((factor,), data, keys, 1)
    expected = [
        columns(compute(TREE, replace(data, values=table), replace(PLAIN, aggregate=aggregate)), ("g",))
        for table in tables
    ]
    assert_like_single_indices(found, expected)


def test_a_method_without_factors_is_refused():
    with pytest.raises(MethodError, match="declares nothing as uncertain"):
        Runs(TREE, FULL, PLAIN, TARGETS, 1)


def test_a_target_that_is_no_group_is_refused():
    with pytest.raises(MethodError, match=r"a is no group; accepted: .*index"):
        Runs(TREE, FULL, with_factors(PLAIN, SETS), ("a",), 1)


def test_a_factor_that_names_what_the_data_lack_is_refused():
    doubt = Doubt("Z", "a", (1.0,), (1.0,))
    with pytest.raises(DataError, match="there is no unit Z"):
        Runs(TREE, FULL, with_factors(PLAIN, UncertainCells("answers", doubts=(doubt,))), TARGETS, 1)


def test_an_index_that_cannot_be_made_at_all_is_refused_before_any_run():
    method = Method(normalise=Normalise("zscore"), aggregate=Aggregate(Rule("geometric")), uncertain=(SETS,))
    with pytest.raises(NotComputable, match="no geometric mean"):
        Runs(TREE, FULL, method, TARGETS, 1)


def both_ways(tree, data, method, targets, keys):
    """The runs by numpy and by compiled loops."""
    return [Runs(tree, data, method, targets, 4, compiled=way).scores(keys) for way in (False, True)]


COMPILED_METHODS = [
    Method(),
    Method(normalise=Normalise(low=20.0, high=30.0)),
    PLAIN,
    Method(impute=Impute("mean")),
]


@pytest.mark.parametrize("method", COMPILED_METHODS, ids=["minmax", "other ends", "none", "imputed"])
def test_compiled_loops_make_the_same_scores(method):
    tree = Tree(tuple(replace(node, direction=-1 if node.code in "ae" else 1) for node in TREE.nodes))
    chances = [(1.0,), (0.5, 0.5), (0.9, 0.1), (0.2, 0.3, 0.5), (0.25,) * 4]
    doubts = tuple(
        Doubt(unit, code, tuple(FULL.values[row, column] + k for k in range(len(own))), own)
        for row, unit in enumerate(FULL.units)
        for column, code in enumerate(LEAVES)
        for own in [chances[(row + column) % 5]]
    )
    factors = (WeightNoise("noise", 0.25, (1, 2)), UncertainCells("answers", doubts=doubts))
    keys = np.column_stack([np.arange(1, 301)] * 2)
    plain, compiled = both_ways(tree, FULL, with_factors(method, *factors), TARGETS, keys)
    assert plain.failed == compiled.failed == {}
    assert np.allclose(compiled.scores, plain.scores, rtol=1e-12, atol=1e-12)


def test_compiled_loops_fail_the_same_draws():
    data = Data(tuple("PQR"), ("a", "b"), np.array([[1.0, 1], [2, 0], [3, 0]]))
    tree = Tree((Node("index", None), Node("a", "index"), Node("b", "index")))
    factor = UncertainCells("answers", doubts=(Doubt("P", "b", (1.0, 0.0), (0.5, 0.5)),))
    keys = np.arange(1, 101)[:, None]
    plain, compiled = both_ways(tree, data, with_factors(Method(), factor), ("index",), keys)
    assert 20 < len(plain.failed) < 80
    assert compiled.failed == plain.failed
    assert np.allclose(compiled.scores, plain.scores, rtol=1e-12, equal_nan=True)


def test_what_travels_to_a_worker_makes_the_same_runs_without_the_doubts_one_by_one():
    method = with_factors(PLAIN, UncertainCells("answers", doubts=DOUBTS), WeightNoise("noise", 0.2, (1,)))
    runs = Runs(TREE, FULL, method, TARGETS, 4)
    keys = runs.keys(0, 50)
    expected = runs.scores(keys).scores
    sent = pickle.dumps(runs)
    assert b"Doubt" not in sent
    assert np.array_equal(pickle.loads(sent).scores(keys).scores, expected)
    assert runs.method.uncertain == method.uncertain


@pytest.mark.parametrize("scale", [Normalise(), Normalise("zscore")])
def test_drawn_figures_far_from_zero_keep_their_digits(scale):
    far = replace(FULL, values=FULL.values + 1e10)
    doubts = tuple(replace(doubt, values=tuple(v + 1e10 for v in doubt.values)) for doubt in DOUBTS)
    keys = np.arange(1, 41)[:, None]
    near, shifted = (
        Runs(TREE, data, with_factors(Method(normalise=scale), UncertainCells("a", doubts=given)), TARGETS, 4)
        .scores(keys)
        .scores
        for data, given in ((FULL, DOUBTS), (far, doubts))
    )
    # Figures of 1e10 carry two digits in a million; what is made of them must lose no more.
    assert np.allclose(near, shifted, rtol=0, atol=2e-6)


def test_a_method_that_fails_before_any_factor_says_so():
    method = with_factors(Method(aggregate=Aggregate(Rule("geometric"))), SETS)
    with pytest.raises(NotComputable, match="the method as it stands, without its factors: h: Q has 0 for c"):
        Runs(TREE, FULL, method, TARGETS, 1)
