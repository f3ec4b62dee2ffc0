"""The tree of an index: its order and its levels by hand, and what is no tree."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.index import asem

from tessera.engines.index.errors import StructureError
from tessera.engines.index.structure import Node, Tree

# Branches of different depth, written from the bottom up: the index of work (pay, and hours with two parts)
# and of homes, an indicator beside groups.
TREE = Tree(
    (
        Node("full", "hours"),
        Node("part", "hours"),
        Node("homes", "index"),
        Node("hours", "work"),
        Node("pay", "work"),
        Node("work", "index"),
        Node("index", None),
    )
)


@st.composite
def trees(draw):
    """Each node below any of those before it, in any order."""
    size = draw(st.integers(2, 15))
    parents = [draw(st.integers(0, number - 1)) for number in range(1, size)]
    nodes = [Node("n0", None), *(Node(f"n{n}", f"n{parent}") for n, parent in enumerate(parents, 1))]
    return Tree(tuple(draw(st.permutations(nodes))))


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ((), "one root; this one has 0"),
        ((Node("a", "b"), Node("b", "a")), "one root; this one has 0"),
        ((Node("a", None), Node("b", None)), "has 2: a, b"),
        ((Node("a", None), Node("b", "a"), Node("b", "a")), "b: the code stands more than once"),
        ((Node("a", None), Node("b", "c")), "b: its parent c is not in the tree"),
        ((Node("a", None), Node("b", "c"), Node("c", "b")), "b: its parents lead in a circle"),
        ((Node("a", None), Node("b", "b")), "b: its parents lead in a circle"),
        ((Node("a", None), Node("b", "a", -1.0)), r"b: the weight -1\.0"),
        ((Node("a", None), Node("b", "a", math.nan)), "b: the weight nan"),
        ((Node("a", None), Node("b", "a", math.inf)), "b: the weight inf"),
    ],
)
def test_what_is_no_tree_is_refused_by_name(nodes, words):
    with pytest.raises(StructureError, match=words):
        Tree(nodes)


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        ({"direction": 0}, "b: the direction 0 is neither 1 nor -1"),
        ({"goal_low": 1.0}, "b: goalposts are two, goal_low and goal_high; here is one"),
        ({"goal_high": 1.0}, "b: goalposts are two"),
        ({"goal_low": 0.0, "goal_high": math.inf}, "b: goal_high is inf, not a finite number"),
        ({"goal_low": math.nan, "goal_high": 1.0}, "b: goal_low is nan, not a finite number"),
        ({"target": math.nan}, "b: target is nan, not a finite number"),
        ({"goal_low": 5.0, "goal_high": 5.0}, "b: goal_low 5 is not below goal_high 5"),
        (
            {"goal_low": 9.0, "goal_high": 1.0, "direction": -1},
            "b: goal_low 9 .* set direction to -1",
        ),
    ],
)
def test_what_is_no_scale_is_refused_by_its_code(scale, words):
    with pytest.raises(StructureError, match=words):
        Tree((Node("a", None), Node("b", "a", **scale)))


def test_a_scale_below_zero_and_a_weight_of_zero_are_accepted():
    node = Node("b", "a", 0.0, -1, goal_low=-20.0, goal_high=-1.5, target=-3.0)
    assert Tree((Node("a", None), node)).by_code["b"] is node


def test_leaves_stand_in_the_order_of_the_nodes():
    tree = Tree((Node("z", "top"), Node("top", None), Node("a", "top")))
    assert tree.leaves == ("z", "a")
    assert tree.root == "top"
    assert TREE.leaves == ("full", "part", "homes", "pay")


def test_a_root_alone_is_an_indicator():
    tree = Tree((Node("index", None),))
    assert (tree.leaves, tree.groups, tree.levels) == (("index",), (), {"index": 1})


def test_a_group_stands_one_level_above_its_highest_child():
    assert TREE.levels == {"full": 1, "part": 1, "homes": 1, "pay": 1, "hours": 2, "work": 3, "index": 4}


def test_children_go_by_their_parent_and_parents_come_before_and_after_them():
    children = {code: tuple(node.code for node in nodes) for code, nodes in TREE.children.items()}
    assert children == {"hours": ("full", "part"), "index": ("homes", "work"), "work": ("hours", "pay")}
    assert TREE.downward == ("index", "homes", "work", "hours", "pay", "full", "part")
    assert TREE.groups == ("hours", "work", "index")


def test_an_array_over_indicators_goes_by_code():
    assert TREE.by_leaf(np.array([1.0, 2.0, 3.0, 4.0])) == {"full": 1, "part": 2, "homes": 3, "pay": 4}
    with pytest.raises(StructureError, match="3 values for 4 indicators"):
        TREE.by_leaf([1.0, 2.0, 3.0])


def test_asem_has_the_levels_of_coinr(shared):
    tree = asem.tree_of(shared)
    counts = [sum(level == wanted for level in tree.levels.values()) for wanted in (1, 2, 3, 4)]
    assert counts == [49, 8, 2, 1]


@given(trees())
def test_every_tree_keeps_its_order(tree):
    places = {code: place for place, code in enumerate(tree.downward)}
    made = {code: place for place, code in enumerate(tree.groups)}
    below_root = [node for node in tree.nodes if node.parent is not None]
    assert sorted(tree.downward) == sorted(node.code for node in tree.nodes)
    assert all(places[node.parent] < places[node.code] for node in below_root)
    assert all(tree.levels[node.parent] > tree.levels[node.code] for node in below_root)
    assert all(made[node.code] < made[node.parent] for node in below_root if node.code in made)
    assert set(tree.leaves) | set(tree.groups) == set(tree.by_code)
