"""The statistics of a whole index: what steps 2 and 4 of the Handbook ask of its data and its structure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.compute import Result
from tessera.engines.index.flags import (
    Flag,
    redundant_or_conflicting,
    stronger_with_another_parent,
    thin_data,
    unreliable_groups,
)
from tessera.engines.index.statistics import (
    Availability,
    Correlations,
    Kind,
    PrincipalComponents,
    availability,
    correlation_ratio,
    correlations,
    cronbach_alpha,
    principal_components,
    squared_correlations,
)
from tessera.engines.index.steps.weight import effective_weights
from tessera.engines.index.structure import Tree

MOST_FOR_RATIOS = 500
"""Rows: a correlation ratio takes time with the square of their number."""


@dataclass(frozen=True, eq=False)
class Audit:
    """Parameters
    ----------
    availability : Availability
        Of all rows, before any step.
    codes_on : mapping of level to tuple of str
        The nodes that are correlated with each other.
    correlations : mapping of (level, kind) to Correlations
        Of the scores on a level, so that all point upward.
    reliability : mapping of code to float
        Cronbach's alpha of the children of each group with two or more.
    effective : mapping of code to float
        The weight of each node in the whole.
    importance : mapping of code to (float, float)
        What each node's score tells of its group's: squared correlation, and correlation ratio, which also
        sees what is no line. The second is NaN with more than `MOST_FOR_RATIOS` rows.
    components : mapping of code to PrincipalComponents
        Of the children of each group with two or more.
    flags : tuple of Flag
    """

    availability: Availability
    codes_on: Mapping[int, tuple[str, ...]]
    correlations: Mapping[tuple[int, Kind], Correlations]
    reliability: Mapping[str, float]
    effective: Mapping[str, float]
    importance: Mapping[str, tuple[float, float]]
    components: Mapping[str, PrincipalComponents]
    flags: tuple[Flag, ...]


def audit(result: Result) -> Audit:
    """Examine the data and the structure of an index that was made.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, steps 2 and 4.
    """
    tree, data = result.tree, result.data
    below_root = tree.downward[1:]
    codes_on = {
        level: tuple(code for code in result.codes if tree.levels[code] == level)
        for level in range(1, tree.levels[tree.root])
    }
    tables = {level: _scores(result, codes) for level, codes in codes_on.items()}
    found = {(level, kind): correlations(table, kind) for level, table in tables.items() for kind in Kind}
    prepared = result.prepared
    flags = thin_data(
        prepared.denominated, data.applies[prepared.kept], codes=data.codes, limits=result.method.treat
    )
    for level, codes in codes_on.items():
        pearson = found[level, Kind.PEARSON].r
        flags += redundant_or_conflicting(pearson, codes=codes, parents=_parents(tree, codes))
        flags += _with_another_parent(result, codes)
    # Not level by level: the children of a group may stand on several.
    flags += unreliable_groups(
        _scores(result, below_root), codes=below_root, parents=_parents(tree, below_root)
    )
    reliability = {
        group: cronbach_alpha(_scores(result, _children(tree, group)))
        for group in tree.groups
        if len(tree.children[group]) > 1
    }
    return Audit(
        availability(data.values, data.applies),
        codes_on,
        found,
        reliability,
        effective_weights(tree, result.weights),
        {
            child.code: _importance(result, child.code, group)
            for group in tree.groups
            for child in tree.children[group]
        },
        {group: principal_components(_scores(result, _children(tree, group))) for group in reliability},
        tuple(flags),
    )


def _with_another_parent(result: Result, codes: tuple[str, ...]) -> list[Flag]:
    """Nodes that go along with another group on the level of their own: one above it is no other home."""
    tree = result.tree
    flags = []
    for height in sorted({tree.levels[parent] for parent in _parents(tree, codes)}):
        groups = tuple(group for group in tree.downward if tree.levels[group] == height)
        here = tuple(code for code in codes if tree.by_code[code].parent in groups)
        flags += stronger_with_another_parent(
            _scores(result, here),
            _scores(result, groups),
            codes=here,
            parents=_parents(tree, here),
            parent_codes=groups,
        )
    return flags


def _parents(tree: Tree, codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(tree.by_code[code].parent) for code in codes)


def _importance(result: Result, code: str, group: str) -> tuple[float, float]:
    own, whole = result.column(code), result.column(group)
    squared = float(squared_correlations(own[:, None], whole)[0])
    if len(own) > MOST_FOR_RATIOS:
        return squared, float("nan")
    return squared, correlation_ratio(own, whole)


def _children(tree: Tree, group: str) -> tuple[str, ...]:
    return tuple(child.code for child in tree.children[group])


def _scores(result: Result, codes: tuple[str, ...]) -> NDArray[np.float64]:
    return result.scores[:, [result.codes.index(code) for code in codes]]
