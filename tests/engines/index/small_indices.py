"""Small indices for tests: built from a few words, or drawn at random."""

import numpy as np
from hypothesis import strategies as st

from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.method import Method
from tessera.engines.index.steps.aggregate import Aggregate, Rule
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.structure import Node, Tree

nan = np.nan

WITH_PARTS = (Rule(), Rule("geometric"))


def index_of(nodes, rows, *, rule=None, at=None):
    """An index of scores as given: nodes are (code, parent) or with a weight, rows are units with scores."""
    tree = Tree(tuple(Node(*node) for node in nodes))
    data = Data(tuple(rows), tree.leaves, np.array(list(rows.values()), dtype=float))
    aggregate = Aggregate(rule or Rule(), tuple((at or {}).items()))
    return compute(tree, data, Method(normalise=Normalise("none"), aggregate=aggregate))


def without_node(tree, code):
    """The tree without a node and all below it, and groups that this leaves empty; None for nothing."""
    gone = {code}
    for node in tree.downward:
        if tree.by_code[node].parent in gone:
            gone.add(node)
    for group in tree.groups:
        if {child.code for child in tree.children[group]} <= gone:
            gone.add(group)
    left = tuple(node for node in tree.nodes if node.code not in gone)
    return Tree(left) if left else None


@st.composite
def indices(draw, tops=WITH_PARTS, rules=WITH_PARTS):
    """Three levels, some indicators on level 2, some cells missing, scores from 1 to 100."""
    nodes = [("index", None)]
    weight = st.sampled_from([0.5, 1.0, 2.0, 3.0])
    for group in range(draw(st.integers(1, 3))):
        nodes.append((f"g{group}", "index", draw(weight)))
        nodes += [(f"g{group}.{leaf}", f"g{group}", draw(weight)) for leaf in range(draw(st.integers(0, 3)))]
    tree = Tree(tuple(Node(*node) for node in nodes))
    score = st.one_of(st.integers(1, 100).map(float), st.floats(1, 100), st.just(nan))
    row = st.lists(score, min_size=len(tree.leaves), max_size=len(tree.leaves))
    rows = {unit: draw(row) for unit in ("A", "B", "C")}
    at = {group: draw(st.sampled_from(tops if group == tree.root else rules)) for group in tree.groups}
    return index_of(nodes, rows, at=at)
