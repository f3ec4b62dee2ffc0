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
    direction: int = 1
    """-1 where a lower value is better."""
    goal_low: float | None = None
    """In the unit of the data; with ``goal_high``, the ends of the scale that does not move with the data."""
    goal_high: float | None = None
    target: float | None = None
    """In the unit of the data."""
    denominator: str | None = None
    """The attribute of a unit by which its value is divided."""


@dataclass(frozen=True)
class Tree:
    """One root, groups and indicators.

    Raises
    ------
    StructureError
        No root or more than one, a code twice, an unknown parent, a circle, a weight that is negative or not
        finite, a direction other than 1 and -1, or goalposts that are no interval; the message names the
        code.

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
            _check_scale(node)
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

    @cached_property
    def levels(self) -> dict[str, int]:
        """Indicators are on level 1, a group one level above its highest child, the root highest of all.

        An indicator may hang on any level above it.
        """
        found: dict[str, int] = {}
        for code in reversed(self.downward):
            children = self.children.get(code, ())
            found[code] = 1 + max((found[child.code] for child in children), default=0)
        return found

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Codes of all nodes with children, each after its children: the order in which scores are made."""
        return tuple(code for code in reversed(self.downward) if code in self.children)

    @cached_property
    def by_code(self) -> dict[str, Node]:
        return {node.code: node for node in self.nodes}

    def by_leaf(self, values: Sequence[float] | NDArray[np.float64] | NDArray[np.bool_]) -> dict[str, float]:
        """An array over indicators as a map, its length checked."""
        if len(values) != len(self.leaves):
            raise StructureError(f"{len(values)} values for {len(self.leaves)} indicators")
        return dict(zip(self.leaves, (float(value) for value in values), strict=True))


def _check_scale(node: Node) -> None:
    if node.direction not in (1, -1):
        raise StructureError(f"{node.code}: the direction {node.direction} is neither 1 nor -1")
    if (node.goal_low is None) != (node.goal_high is None):
        raise StructureError(f"{node.code}: goalposts are two, goal_low and goal_high; here is one")
    for name in ("goal_low", "goal_high", "target"):
        value = getattr(node, name)
        if value is not None and not np.isfinite(value):
            raise StructureError(f"{node.code}: {name} is {value}, not a finite number")
    if node.goal_low is not None and node.goal_high is not None and node.goal_low >= node.goal_high:
        raise StructureError(
            f"{node.code}: goal_low {node.goal_low:g} is not below goal_high {node.goal_high:g}; "
            "for an indicator that is better when low, set direction to -1 instead"
        )
