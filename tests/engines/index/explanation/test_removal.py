"""Removals, against a case by hand and against the index made anew on a smaller tree."""

import numpy as np
import pytest
from hypothesis import given
from tests.engines.index.asem import METHOD, data_of, tree_of
from tests.engines.index.small_indices import index_of, indices, nan, without_node

from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.errors import NotComputable
from tessera.engines.index.explanation.removal import removals
from tessera.engines.index.method import Method
from tessera.engines.index.steps.aggregate import Aggregate, Rule
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.structure import Node, Tree

NESTED = [("index", None), ("g", "index", 3), ("d", "index"), ("a", "g"), ("b", "g", 4)]
MEANS = (
    Rule(),
    Rule("geometric"),
    Rule("harmonic"),
    Rule("power", power=0.5),
    Rule(min_available=0.6),
    Rule("geometric", min_available=1.0),
)
CONTESTS = (Rule("borda"), Rule("copeland"))


def assert_same_as_smaller_trees(result, found):
    """The independent path: the same method on a tree that never had the node."""
    assert found.codes == result.tree.downward[1:]
    for code, scores, ranks in zip(found.codes, found.scores, found.ranks, strict=True):
        smaller = without_node(result.tree, code)
        if smaller is None:
            assert np.isnan(scores).all()
            assert not ranks.any()
            continue
        at = tuple(
            (group, result.method.aggregate.rule_for(group, result.tree.levels[group]))
            for group in smaller.groups
        )
        method = result.method.with_setting("aggregate", None, Aggregate(at=at))
        expected = compute(smaller, result.data, method)
        assert np.allclose(scores, expected.column(smaller.root), rtol=1e-9, atol=1e-9, equal_nan=True), code
        assert np.array_equal(ranks, expected.ranks[:, 0]), code


def test_siblings_take_the_weight_of_what_is_left_out():
    # g of A = (10 + 4 * 60) / 5 = 50, of B 20 (b alone), of C 90; the index 3/4 g + 1/4 d.
    result = index_of(NESTED, {"A": [30, 10, 60], "B": [100, nan, 20], "C": [10, 90, 90]})
    assert result.column("index").tolist() == [45, 40, 70]
    found = removals(result)
    scores = dict(zip(found.codes, found.scores.tolist(), strict=True))
    ranks = dict(zip(found.codes, found.ranks.tolist(), strict=True))
    assert scores["d"] == [50, 20, 90]
    assert scores["g"] == [30, 100, 10]
    # Without a, g is b.
    assert scores["a"] == [52.5, 40, 70]
    # Without b, g is a, and B has d alone.
    assert scores["b"] == [15, 100, 70]
    assert (ranks["d"], ranks["g"], ranks["b"]) == ([2, 3, 1], [2, 1, 3], [3, 1, 2])
    # From 2, 3, 1: nobody moves without d or a; without g and without b 0 or 1, 2, 2 or 1 places.
    assert dict(zip(found.codes, found.mean_rank_shift, strict=True)) == pytest.approx(
        {"g": 4 / 3, "d": 0, "a": 0, "b": 4 / 3}
    )


def test_what_is_left_out_is_not_asked_any_more():
    # Two of three are 0.67 of what is asked; without c it is two of two for A and one of two for B.
    nodes = [("index", None), ("a", "index"), ("b", "index"), ("c", "index")]
    result = index_of(nodes, {"A": [10, 20, nan], "B": [10, nan, 30]}, rule=Rule(min_available=0.6))
    scores = dict(zip(removals(result).codes, removals(result).scores.tolist(), strict=True))
    assert np.array_equal(scores["c"], [15, nan], equal_nan=True)
    assert np.array_equal(scores["b"], [nan, 20], equal_nan=True)


def test_nothing_is_left_without_the_only_child():
    found = removals(index_of([("index", None), ("g", "index"), ("a", "g")], {"A": [1], "B": [2]}))
    assert np.isnan(found.scores).all()
    assert not found.ranks.any()
    assert np.isnan(found.mean_rank_shift).all()


def test_a_group_left_empty_goes_with_its_only_child():
    nodes = [("index", None), ("g", "index"), ("d", "index"), ("a", "g")]
    result = index_of(nodes, {"A": [10, 30]}, rule=Rule(min_available=1.0))
    assert removals(result).scores.tolist() == [[10], [30], [10]]


@given(indices(MEANS + CONTESTS, MEANS))
def test_each_removal_is_the_index_of_the_tree_without_the_node(result):
    assert_same_as_smaller_trees(result, removals(result))


@given(indices((Rule(), *CONTESTS), CONTESTS))
def test_each_removal_from_contests_is_the_index_of_the_tree_without_the_node(result):
    assert_same_as_smaller_trees(result, removals(result))


@pytest.mark.parametrize("rule", [Rule(), *MEANS[1:3], *CONTESTS])
def test_each_removal_from_asem_is_the_index_of_the_smaller_tree(shared, rule):
    tree = tree_of(shared)
    at = (("L3", rule),) if rule.method in ("copeland", "borda") else ()
    method = Method(
        METHOD.denominate,
        METHOD.screen,
        METHOD.impute,
        METHOD.treat,
        Normalise("minmax", low=1.0),
        aggregate=Aggregate(Rule() if at else rule, at),
    )
    result = compute(tree, data_of(shared, tree), method)
    found = removals(result)
    # 49 indicators, 8 groups of them and 2 sub-indices.
    assert found.scores.shape == (59, 51)
    assert_same_as_smaller_trees(result, found)


def test_ranks_are_those_of_each_period():
    tree = Tree(tuple(Node(*node) for node in [("index", None), ("a", "index"), ("b", "index")]))
    data = Data(
        ("A", "B", "A", "B"),
        tree.leaves,
        np.array([[1.0, 9.0], [2.0, 3.0], [8.0, 1.0], [4.0, 2.0]]),
        attributes={"period": ("2023", "2023", "2024", "2024")},
    )
    found = removals(compute(tree, data, Method(normalise=Normalise("none"))))
    assert found.ranks.tolist() == [[1, 2, 2, 1], [2, 1, 1, 2]]


def test_a_removal_that_has_no_mean_is_refused_by_its_code():
    # g is (-4 + 10) / 2 = 3, but -4 without b.
    nodes = [("index", None), ("g", "index"), ("d", "index"), ("a", "g"), ("b", "g")]
    result = index_of(nodes, {"A": [5, -4, 10]}, at={"index": Rule("geometric")})
    with pytest.raises(NotComputable, match="index with b changed: A has -4 for g"):
        removals(result)
