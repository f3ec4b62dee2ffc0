"""The tree of an index: which indicator counts in which group, and with what weight."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import StructureError


@dataclass(frozen=True)
class Node:
    code: str
    parent: str | None
    """None for the root."""
    weight: float = 1.0
    """Relative to its siblings, from 0; 0 counts for nothing."""


@dataclass(frozen=True)
class Tree:
    """One root, groups and indicators.

    Raises
    ------
    StructureError
        No root or more than one, a code twice, an unknown parent, a circle, or a weight that is negative or
        not finite; the message names the code.

    Examples
    --------
    >>> tree = Tree((Node("index", None), Node("work", "index"), Node("school", "index", 2.0)))
    >>> tree.leaves
    ('work', 'school')
    """

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        roots = [node.code for node in self.nodes if node.parent is None]
        if len(roots) != 1:
            raise StructureError(
                f"an index has one root; this one has {len(roots)}: {', '.join(roots) or 'none'}"
            )
        codes = Counter(node.code for node in self.nodes)
        for node in self.nodes:
            if codes[node.code] > 1:
                raise StructureError(f"{node.code}: the code stands more than once")
            if node.parent is not None and node.parent not in codes:
                raise StructureError(f"{node.code}: its parent {node.parent} is not in the tree")
            if not np.isfinite(node.weight) or node.weight < 0:
                raise StructureError(f"{node.code}: the weight {node.weight} is not a number from 0")
        if len(self.downward) != len(self.nodes):
            circle = next(code for code in codes if code not in self.downward)
            raise StructureError(f"{circle}: its parents lead in a circle and never to the root")

    @cached_property
    def children(self) -> dict[str, tuple[Node, ...]]:
        """By parent; a leaf has no entry."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            if node.parent is not None:
                found.setdefault(node.parent, []).append(node)
        return {code: tuple(nodes) for code, nodes in found.items()}

    @cached_property
    def root(self) -> str:
        return next(node.code for node in self.nodes if node.parent is None)

    @cached_property
    def downward(self) -> tuple[str, ...]:
        """Codes from the root down, each after its parent."""
        order = [self.root]
        for code in order:
            order += [child.code for child in self.children.get(code, ())]
        return tuple(order)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Codes of the indicators, in the order of the nodes: the order of every array over indicators."""
        return tuple(node.code for node in self.nodes if node.code not in self.children)

    def by_leaf(self, values: Sequence[float] | NDArray[np.float64] | NDArray[np.bool_]) -> dict[str, float]:
        """An array over indicators as a map, its length checked."""
        if len(values) != len(self.leaves):
            raise StructureError(f"{len(values)} values for {len(self.leaves)} indicators")
        return dict(zip(self.leaves, (float(value) for value in values), strict=True))
