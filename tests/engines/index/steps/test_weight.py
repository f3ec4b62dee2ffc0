"""Weights of a group, against decompositions by hand and COINr's index."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.index import asem

from tessera.engines.index.errors import DataError, MethodError, NotComputable, StructureError
from tessera.engines.index.steps.weight import effective_weights, optimise_weights, pca_weights
from tessera.engines.index.structure import Node, Tree

PILLARS = ("Physical", "ConEcFin", "Political", "Instit", "P2P", "Environ", "Social", "SusEcFin")


def with_correlations(r):
    """Eight units whose columns have exactly the correlations r, and one standard deviation."""
    signs = np.array([[1, 1], [1, -1]])
    independent = np.kron(np.kron(signs, signs), signs)[:, 1 : len(r) + 1]
    return independent @ np.linalg.cholesky(np.array(r, dtype=np.float64)).T


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def columns(path, codes):
    return np.array([[float(row[code]) for code in codes] for row in read(path)])


def shares_by_hand(x, weights):
    squares = np.array([np.corrcoef(column, x @ weights)[0, 1] ** 2 for column in x.T])
    return squares / squares.sum()


def test_one_component_of_a_chain_weighs_as_its_squared_vector():
    # Eigenvalues 1 + 0.4 sqrt 2, 1 and 1 - 0.4 sqrt 2: one is above 1, with the vector (1, sqrt 2, 1) / 2.
    weights = pca_weights(with_correlations([[1, 0.4, 0], [0.4, 1, 0.4], [0, 0.4, 1]]))
    np.testing.assert_allclose(weights, [0.25, 0.5, 0.25])


def test_two_components_weigh_by_the_variance_they_explain():
    # Two pairs: eigenvalues 1.8, 1.5, 0.5, 0.2. Each pair has half of its component: 1.8 and 1.5 of 3.3.
    r = np.eye(4)
    r[0, 1] = r[1, 0] = 0.8
    r[2, 3] = r[3, 2] = -0.5
    np.testing.assert_allclose(pca_weights(with_correlations(r)), np.array([0.9, 0.9, 0.75, 0.75]) / 3.3)


def test_uncorrelated_children_weigh_the_same():
    np.testing.assert_allclose(pca_weights(with_correlations(np.eye(3)) * [1, 7, 0.3]), 1 / 3)


def test_a_single_child_has_all_the_weight():
    assert pca_weights(np.array([[4.0], [4.0]])).tolist() == [1.0]


def test_principal_weights_take_each_pair_of_columns_where_both_are():
    # A unit with the middle one alone changes no correlation of the chain.
    x = with_correlations([[1, 0.4, 0], [0.4, 1, 0.4], [0, 0.4, 1]])
    x = np.concatenate([x, [[math.nan, 50.0, math.nan]]])
    np.testing.assert_allclose(pca_weights(x), [0.25, 0.5, 0.25])


def test_principal_weights_of_a_constant_column_are_refused():
    with pytest.raises(NotComputable, match="columns 1 and 2"):
        pca_weights(np.array([[1.0, 4.0], [2.0, 4.0], [3.0, 4.0]]))


@given(st.integers(0, 999), st.permutations(range(4)))
@settings(max_examples=30)
def test_principal_weights_move_with_the_columns_and_ignore_scale_and_sign(seed, order):
    x = np.random.default_rng(seed).normal(size=(20, 4))
    weights = pca_weights(x)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    np.testing.assert_allclose(pca_weights((x * [1, -3, 0.01, 200])[:, order]), weights[order])


def test_independent_children_weigh_as_the_roots_of_their_targets():
    # Correlations are proportional to weight times spread: 0.5/0.3/0.2 need roots of these over the spreads.
    found = optimise_weights(
        with_correlations(np.eye(3)) * [1, 2, 10], {"a": 0.5, "b": 0.3, "c": 0.2}, codes=("a", "b", "c")
    )
    expected = np.sqrt([0.5, 0.3, 0.2]) / [1, 2, 10]
    np.testing.assert_allclose(list(found.weights.values()), expected / expected.sum(), atol=1e-6)
    np.testing.assert_allclose(list(found.importance.values()), [0.5, 0.3, 0.2], atol=1e-6)
    assert found.reached


@pytest.mark.parametrize("r", [-0.6, 0.0, 0.3, 0.9])
def test_two_children_matter_the_same_when_weight_times_spread_is_the_same(r):
    # w1 s1 + r w2 s2 = w2 s2 + r w1 s1, whatever r: spreads 1 and 3 need weights 3/4 and 1/4.
    found = optimise_weights(
        with_correlations([[1, r], [r, 1]]) * [1, 3], {"a": 0.5, "b": 0.5}, codes=("a", "b")
    )
    assert found.weights["a"] == pytest.approx(0.75, abs=1e-6)
    assert found.reached


def test_targets_go_by_code_and_not_by_order():
    x = with_correlations(np.eye(3))
    one = optimise_weights(x, {"c": 0.2, "a": 0.5, "b": 0.3}, codes=("a", "b", "c"))
    two = optimise_weights(x[:, ::-1], {"a": 0.5, "b": 0.3, "c": 0.2}, codes=("c", "b", "a"))
    assert list(two.weights) == ["c", "b", "a"]
    for code, share in {"a": 0.5, "b": 0.3, "c": 0.2}.items():
        assert (one.target[code], one.importance[code]) == (pytest.approx(share), pytest.approx(share))
        assert two.weights[code] == pytest.approx(one.weights[code], abs=1e-6)


def test_a_unit_with_a_missing_score_is_left_out():
    x = with_correlations([[1, 0.3], [0.3, 1]]) * [1, 3]
    spoilt = np.concatenate([x, [[math.nan, 1e4], [-1e4, math.nan]]])
    found = optimise_weights(spoilt, {"a": 0.5, "b": 0.5}, codes=("a", "b"))
    assert found.weights["a"] == pytest.approx(0.75, abs=1e-6)


def test_equal_importance_of_the_pillars_of_asem_needs_negative_weights(shared):
    x = columns(shared / "data/coinr/aggregated_minmax_0_100__a_amean.csv", PILLARS)
    # Equal correlations c with the mean: cov(x) w = c sd(x), solved without us: three weights are negative.
    exact = np.linalg.solve(np.cov(x, rowvar=False), x.std(axis=0, ddof=1))
    assert [code for code, weight in zip(PILLARS, exact, strict=True) if weight < 0] == [
        "Physical", "Instit", "Social"
    ]  # fmt: skip
    found = optimise_weights(x, dict.fromkeys(PILLARS, 1 / 8), codes=PILLARS)
    weights = np.array(list(found.weights.values()))
    assert not found.reached
    assert found.distance > 0.01
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    reported = np.array(list(found.importance.values()))
    np.testing.assert_allclose(reported, shares_by_hand(x, weights))
    assert found.distance == pytest.approx(np.abs(reported - 1 / 8).max())
    # Nothing beats it, at random and close by.
    rng = np.random.default_rng(5)
    tried = [*rng.dirichlet(np.full(8, 0.4), 2000), *(weights + rng.dirichlet(np.ones(8), 500) * 0.02)]
    best = min(((shares_by_hand(x, w) - 1 / 8) ** 2).sum() for w in tried)
    assert ((reported - 1 / 8) ** 2).sum() < best


def test_the_pillar_that_should_matter_most_does(shared):
    # COINr gives this target to ConEcFin, the first by name.
    x = columns(shared / "data/coinr/aggregated_minmax_0_100__a_amean.csv", PILLARS)
    found = optimise_weights(x, {"Physical": 4 / 11, **dict.fromkeys(PILLARS[1:], 1 / 11)}, codes=PILLARS)
    assert max(found.importance, key=found.importance.get) == "Physical"
    assert found.target["Physical"] == pytest.approx(4 / 11)


def test_children_that_cancel_each_other_cannot_matter_the_same():
    x = np.array([[0.0, 10.0], [5.0, 5.0], [10.0, 0.0]])
    found = optimise_weights(x, {"a": 0.5, "b": 0.5}, codes=("a", "b"))
    assert not found.reached
    assert sorted(found.importance.values()) == pytest.approx([0, 1])
    assert found.distance == pytest.approx(0.5)


def test_a_child_that_falls_with_the_score_has_no_importance():
    # All weight on a: the correlation of b is -0.5, its square 0.25 would be a share of a fifth.
    found = optimise_weights(
        with_correlations([[1, -0.5], [-0.5, 1]]), {"a": 1.0, "b": 0.0}, codes=("a", "b")
    )
    assert found.reached
    assert found.importance == {"a": pytest.approx(1.0), "b": pytest.approx(0.0, abs=1e-6)}


def test_targets_are_not_reached_through_a_child_that_runs_against_the_score():
    # R w = (sqrt 0.8, sqrt 0.1, -sqrt 0.1) has a solution w above 0, so squares alone would be reached; with
    # three positive correlations the second weight is negative.
    r = np.array([[1, -0.4, -0.8], [-0.4, 1, 0.7], [-0.8, 0.7, 1]])
    targets = np.array([0.8, 0.1, 0.1])
    assert np.linalg.solve(r, np.sqrt(targets) * [1, 1, -1]).min() > 0
    assert np.linalg.solve(r, np.sqrt(targets))[1] < 0
    found = optimise_weights(
        with_correlations(r), dict(zip("abc", targets, strict=True)), codes=("a", "b", "c")
    )
    assert not found.reached
    grid = np.array([(a, b, 100 - a - b) for a in range(101) for b in range(101 - a)]) / 100
    squares = (grid @ r).clip(0) ** 2
    misfits = ((squares / squares.sum(axis=1, keepdims=True) - targets) ** 2).sum(axis=1)
    ours = sum((found.importance[code] - found.target[code]) ** 2 for code in "abc")
    assert misfits.min() - 1e-3 < ours < misfits.min() + 1e-9


def test_a_single_child_is_all_that_matters():
    found = optimise_weights(np.array([[1.0], [2.0], [4.0]]), {"a": 1.0}, codes=("a",))
    assert found.weights == found.importance == {"a": 1.0}


@given(st.integers(0, 999), st.permutations(range(3)))
@settings(max_examples=25)
def test_what_some_weights_give_is_reached_again_from_it(seed, order):
    # From positive weights to the shares they give, and back; the order of units does not matter.
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(15, 3)) + rng.normal(size=(15, 1))
    weights = rng.dirichlet([5, 5, 5])
    if (np.corrcoef(np.column_stack([x, x @ weights]), rowvar=False)[-1] < 0.05).any():
        return
    codes = tuple("abc"[j] for j in order)
    targets = dict(zip("abc", shares_by_hand(x, weights), strict=True))
    found = optimise_weights(x[::-1][:, order], targets, codes=codes)
    assert found.reached
    assert [found.weights[code] for code in "abc"] == pytest.approx(list(weights), abs=1e-3)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ({"a": 1.0}, "no importance is wanted of b"),
        ({"a": 0.5, "b": 0.3, "z": 0.2}, "z: not a child of this group, which has a, b"),
        ({"a": 1.2, "b": -0.2}, "b: the importance -0.2 is not a share"),
        ({"a": math.nan, "b": 1.0}, "a: the importance nan is not a share"),
        ({"a": 0.5, "b": 0.4}, "the importances of a, b sum to 0.9, not to 1"),
    ],
)
def test_targets_that_do_not_fit_the_children_are_refused(targets, message):
    with pytest.raises(MethodError, match=message):
        optimise_weights(np.eye(4)[:, :2], targets, codes=("a", "b"))


def test_a_column_without_a_code_is_refused():
    with pytest.raises(DataError, match="3 columns of scores and 2 codes"):
        optimise_weights(np.eye(3), {"a": 0.5, "b": 0.5}, codes=("a", "b"))


def test_too_few_units_and_a_constant_child_are_refused():
    nan = math.nan
    with pytest.raises(NotComputable, match="2 units have a score in each of a, b; 3 are needed"):
        optimise_weights(
            np.array([[1, 2], [2, 1], [nan, 3], [4, nan]]), {"a": 0.5, "b": 0.5}, codes=("a", "b")
        )
    with pytest.raises(NotComputable, match="b: the score is the same everywhere"):
        optimise_weights(np.array([[1, 7], [2, 7], [3, 7], [nan, 9]]), {"a": 0.5, "b": 0.5}, codes=("a", "b"))


def test_effective_weights_make_the_index_of_asem_at_once(shared):
    tree = asem.tree_of(shared)
    within = {
        child.code: child.weight / sum(sibling.weight for sibling in children)
        for children in tree.children.values()
        for child in children
    }
    weights = effective_weights(tree, within)
    _, codes, x = asem.table(shared, "normalised_minmax_0_100.csv")
    _, groups, scores = asem.table(shared, "aggregated_minmax_0_100__a_amean.csv")
    np.testing.assert_allclose(
        x @ [weights[code] for code in codes], scores[:, groups.index("Index")], rtol=1e-9
    )


def test_effective_weights_are_products_of_the_shares_that_were_used_and_not_of_those_given():
    tree = Tree(
        (
            Node("a", "g", 9.0),
            Node("b", "g", 1.0),
            Node("g", "index", 2.0),
            Node("c", "index", 6.0),
            Node("off", "index", 0.0),
            Node("d", "off", 5.0),
            Node("index", None, 9.0),
        )
    )
    used = {"a": 0.75, "b": 0.25, "g": 0.5, "c": 0.5, "off": 0.0, "d": 1.0}
    expected = {"index": 1.0, "g": 0.5, "c": 0.5, "off": 0.0, "a": 0.375, "b": 0.125, "d": 0.0}
    assert effective_weights(tree, used) == expected


def test_a_node_without_a_share_is_refused_by_its_code():
    tree = Tree((Node("index", None), Node("a", "index"), Node("b", "index")))
    with pytest.raises(StructureError, match="no weight of b: each node but the root"):
        effective_weights(tree, {"a": 1.0})


@given(st.integers(0, 999), st.integers(1, 12))
def test_the_effective_weights_of_all_indicators_sum_to_one(seed, size):
    rng = np.random.default_rng(seed)
    tree = Tree((Node("0", None), *(Node(str(n), str(rng.integers(n))) for n in range(1, size + 1))))
    used = {}
    for children in tree.children.values():
        shares = rng.dirichlet(np.ones(len(children)))
        used |= {child.code: float(share) for child, share in zip(children, shares, strict=True)}
    found = effective_weights(tree, used)
    assert sum(found[leaf] for leaf in tree.leaves) == pytest.approx(1)
