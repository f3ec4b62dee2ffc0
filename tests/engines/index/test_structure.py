import pytest

from tessera.engines.index.errors import StructureError
from tessera.engines.index.structure import Node, Tree


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ((), "one root; this one has 0"),
        ((Node("a", "b"), Node("b", "a")), "one root; this one has 0"),
        ((Node("a", None), Node("b", None)), "has 2: a, b"),
        ((Node("a", None), Node("b", "a"), Node("b", "a")), "b: the code stands more than once"),
        ((Node("a", None), Node("b", "c")), "b: its parent c is not in the tree"),
        ((Node("a", None), Node("b", "c"), Node("c", "b")), "b: its parents lead in a circle"),
        ((Node("a", None), Node("b", "a", -1.0)), r"b: the weight -1\.0"),
        ((Node("a", None), Node("b", "a", float("nan"))), "b: the weight nan"),
        ((Node("a", None), Node("b", "a", float("inf"))), "b: the weight inf"),
    ],
)
def test_what_is_no_tree_is_refused_by_name(nodes, words):
    with pytest.raises(StructureError, match=words):
        Tree(nodes)


def test_leaves_stand_in_the_order_of_the_nodes():
    tree = Tree((Node("z", "top"), Node("top", None), Node("a", "top")))
    assert tree.leaves == ("z", "a")
    assert tree.root == "top"
