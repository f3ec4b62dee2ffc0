"""Why two scores differ: parts of their difference that add up exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.compute import Result
from tessera.engines.index.errors import NotComputable, StructureError
from tessera.engines.index.explanation.contributions import (
    UnitScores,
    exponent_with_parts,
    refuse_without_score,
    unit_scores,
)
from tessera.engines.index.steps.aggregate import combine
from tessera.engines.index.structure import Tree


@dataclass(frozen=True, eq=False)
class Differences:
    """What each node brings to the difference of two scores, as columns of one length, parents first.

    Every column adds up: a group has the sum of its children, and the first node has everything but the
    ``framework_change``.
    """

    row_a: str
    row_b: str
    codes: tuple[str, ...]
    """Of the structure of b."""
    levels: NDArray[np.int64]
    difference: NDArray[np.float64]
    """b less a, in points of the top; the sum of the two that follow."""
    by_scores: NDArray[np.float64]
    by_weights: NDArray[np.float64]
    framework_change: float
    """What the indicators that stand apart add to the score of b, less what they add to that of a."""
    apart: tuple[str, ...]
    """Indicators of either structure that the other does not have in the same place."""


def difference(
    result_a: Result, row_a: str, result_b: Result, row_b: str, *, crosswalk: Mapping[str, str] | None = None
) -> Differences:
    """Divide the difference of two scores of the root, b less a, among all nodes.

    The two may be units of one result, one unit in two periods, or one unit under two versions of a
    framework. Each indicator's part is split into what its score brings and what weights bring, its own and
    those of the groups above it. In arithmetic groups these are Bennet's: mean(w) dx and mean(x) dw with the
    weights effective at the top; in geometric groups, with L the logarithmic mean, L(S_a, S_b) mean(w) d ln x
    and L(S_a, S_b) mean(ln x) dw. A weight changes where a sibling is missing on one side; an indicator that
    is missing on one side has its part by its weight, from or to 0. What a change of weight above a geometric
    group brings is divided among the children by their weights. Where a 0 makes a geometric score 0 on one
    side, the children with the 0 have all of the difference, the limit of the formula.

    Parameters
    ----------
    crosswalk : mapping of code to code, optional
        The codes of nodes of b that had another code in a. All others are the same node where they have the
        same code and their parents are the same node; the roots always are. Indicators that remain stand
        apart: the others are compared as if those had never been there, and the ``framework_change`` is what
        that leaves of the difference.

    Raises
    ------
    DataError
        There is no such row.
    StructureError
        The crosswalk names a node that is not there, or two nodes of b are one of a.
    NotComputable
        A score is missing, no indicator is on both sides, or a group is neither arithmetic nor geometric or
        is not the same on both sides.

    References
    ----------
    Bennet (1920), Journal of the Royal Statistical Society 83(3), 455-462.
    Ang (2005), Energy Policy 33(7), 867-871 (logarithmic mean); Ang and Liu (2007), 35(1), 238-246 (zeros).

    Examples
    --------
    >>> from tessera.engines.index.compute import compute
    >>> from tessera.engines.index.data import Data
    >>> from tessera.engines.index.method import Method
    >>> from tessera.engines.index.structure import Node
    >>> tree = Tree((Node("index", None), Node("jobs", "index", 3.0), Node("homes", "index")))
    >>> data = Data(("A", "B"), ("jobs", "homes"), np.array([[0.0, 6.0], [1.0, 5.0]]))
    >>> result = compute(tree, data, Method())
    >>> found = difference(result, "A", result, "B")
    >>> dict(zip(found.codes, found.difference.tolist()))
    {'index': 50.0, 'jobs': 75.0, 'homes': -25.0}
    """
    tree = result_b.tree
    names = _counterparts(result_a.tree, tree, crosswalk or {})
    full_a, full_b = unit_scores(result_a, row_a), unit_scores(result_b, row_b)
    refuse_without_score(full_a, result_a.tree.root)
    refuse_without_score(full_b, tree.root)
    old = set(names.values())
    new_only = tuple(leaf for leaf in tree.leaves if leaf not in names)
    old_only = tuple(leaf for leaf in result_a.tree.leaves if leaf not in old)
    a, b = _without(full_a, old_only, names), _without(full_b, new_only, {code: code for code in names})
    if np.isnan(a.score(tree.root)) or np.isnan(b.score(tree.root)):
        raise NotComputable(
            f"{tree.root}: without the indicators that only one structure has there is no score to compare; "
            "name in the crosswalk those that have another code now"
        )
    by_scores, by_weights = _parts(a, b, tree, names)
    framework_change = (full_b.score(tree.root) - b.score(tree.root)) - (
        full_a.score(result_a.tree.root) - a.score(tree.root)
    )
    return Differences(
        result_a.rows[a.place],
        result_b.rows[b.place],
        tree.downward,
        np.array([tree.levels[code] for code in tree.downward], dtype=np.int64),
        by_scores + by_weights,
        by_scores,
        by_weights,
        framework_change,
        (*new_only, *old_only),
    )


def _counterparts(old: Tree, new: Tree, crosswalk: Mapping[str, str]) -> dict[str, str]:
    """The code in the old tree of each node of the new one that has the same place there."""
    for code, former in crosswalk.items():
        for tree, name, which in ((new, code, "b"), (old, former, "a")):
            if name not in tree.by_code:
                raise StructureError(f"the crosswalk names {name}, which the structure of {which} lacks")
    found = {new.root: old.root}
    for group in new.downward:
        for child in new.children.get(group, ()) if group in found else ():
            former = crosswalk.get(child.code, child.code)
            here = former in old.by_code and old.by_code[former].parent == found[group]
            if not here or (child.code in new.children) != (former in old.children):
                continue
            twin = next((code for code, taken in found.items() if taken == former), None)
            if twin is not None:
                raise StructureError(f"{twin} and {child.code} are both {former} in the structure of a")
            found[child.code] = former
    return found


def _without(unit: UnitScores, leaves: Sequence[str], names: Mapping[str, str]) -> UnitScores:
    """The unit as if it had never been asked for some indicators."""
    tree, scores = unit.result.tree, dict(unit.scores)
    if not leaves:
        return UnitScores(unit.result, unit.place, scores, names)
    asked = dict(zip(tree.leaves, unit.result.data.applies[unit.place].tolist(), strict=True))
    scores |= dict.fromkeys(leaves, np.nan)
    asked |= dict.fromkeys(leaves, False)
    for group in tree.groups:
        children = [child.code for child in tree.children[group]]
        below = np.array([[scores[child] for child in children]])
        weights = np.array([unit.result.weights[child] for child in children])
        applicable = np.array([[asked[child] for child in children]])
        scores[group] = float(combine(below, weights, unit.rule(group), applicable=applicable)[0])
        asked[group] = bool(applicable.any())
    return UnitScores(unit.result, unit.place, scores, names)


@dataclass(frozen=True, eq=False)
class _Pair:
    """A node on both sides; its part is ``factor_b * score_b - factor_a * score_a + rest``.

    Where one side has no score, both units are the other one: nothing but the factor changes.
    """

    a: UnitScores
    b: UnitScores
    factor_a: float
    factor_b: float
    rest: float


def _parts(
    a: UnitScores, b: UnitScores, tree: Tree, names: Mapping[str, str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By scores and by weights for all nodes of a tree, shape (n_codes,) each."""
    pairs = {tree.root: _Pair(a, b, 1.0, 1.0, 0.0)}
    by_scores, by_weights = dict.fromkeys(tree.downward, 0.0), dict.fromkeys(tree.downward, 0.0)
    for code in tree.downward:
        if code not in pairs:
            continue
        pair = pairs[code]
        if code in tree.children:
            children = [child.code for child in tree.children[code] if child.code in names]
            pairs |= _children_of(pair, code, children)
            continue
        score_a, score_b = pair.a.score(code), pair.b.score(code)
        by_scores[code] = (pair.factor_a + pair.factor_b) / 2 * (score_b - score_a)
        by_weights[code] = (score_a + score_b) / 2 * (pair.factor_b - pair.factor_a) + pair.rest
    for group in tree.groups:
        for found in (by_scores, by_weights):
            found[group] = sum(found[child.code] for child in tree.children[group])
    return np.array(list(by_scores.values())), np.array(list(by_weights.values()))


def _children_of(pair: _Pair, code: str, children: Sequence[str]) -> dict[str, _Pair]:
    """The pairs of those children that have a score on a side."""
    exponent = exponent_with_parts(pair.b, code)
    if exponent_with_parts(pair.a, code) != exponent:
        raise NotComputable(
            f"{code}: {pair.a.rule(code).method} on one side and {pair.b.rule(code).method} on the other, so "
            "that the two scores differ by their method; compute both with one"
        )
    scores_a, lifted_a, shares_a = pair.a.group(code, children)
    scores_b, lifted_b, shares_b = pair.b.group(code, children)
    none_a, none_b = np.isnan(scores_a), np.isnan(scores_b)
    scores_a, lifted_a = np.where(none_a, scores_b, scores_a), np.where(none_a, lifted_b, lifted_a)
    scores_b, lifted_b = np.where(none_b, scores_a, scores_b), np.where(none_b, lifted_a, lifted_b)
    share = (shares_a + shares_b) / 2
    if exponent == 1:
        factors_a, factors_b, rests = pair.factor_a * shares_a, pair.factor_b * shares_b, pair.rest * share
    else:
        top_a, top_b = pair.a.score(code), pair.b.score(code)
        rest = pair.rest + (top_a + top_b) / 2 * (pair.factor_b - pair.factor_a)
        slopes, moved = _geometric(lifted_a, lifted_b, shares_a, shares_b, top_a, top_b)
        factor = (pair.factor_a + pair.factor_b) / 2
        factors_a = factors_b = factor * slopes * _followed(scores_a, scores_b, lifted_a, lifted_b)
        rests = factor * moved + rest * share
    return {
        child: _Pair(
            pair.b if none_a[place] else pair.a,
            pair.a if none_b[place] else pair.b,
            float(factors_a[place]),
            float(factors_b[place]),
            float(rests[place]),
        )
        for place, child in enumerate(children)
        if not (none_a[place] and none_b[place])
    }


def _geometric(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    shares_a: NDArray[np.float64],
    shares_b: NDArray[np.float64],
    top_a: float,
    top_b: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How the difference of two geometric means follows that of each child, and its weight's own part."""
    share = (shares_a + shares_b) / 2
    if top_a == 0 or top_b == 0:
        at_zero = np.where(((a == 0) & (shares_a > 0)) | ((b == 0) & (shares_b > 0)), share, 0.0)
        parts = (top_b - top_a) * at_zero / at_zero.sum()
        slopes = np.divide(parts, b - a, out=np.zeros(len(a)), where=b != a)
        return slopes, np.where(b != a, 0.0, parts)
    # What counts on one side only is all weight; what counts on none must bring no logarithm of 0.
    a, b = np.where(shares_a > 0, a, b), np.where(shares_b > 0, b, a)
    a, b = np.where(share > 0, a, 1.0), np.where(share > 0, b, 1.0)
    mean = float(_logarithmic_mean(np.array(top_a), np.array(top_b)))
    slopes = np.where((shares_a > 0) & (shares_b > 0), mean * share / _logarithmic_mean(a, b), 0.0)
    return slopes, mean * (np.log(a) + np.log(b)) / 2 * (shares_b - shares_a)


def _logarithmic_mean(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    # log1p keeps its digits where a and b are nearly equal.
    growth = (b - a) / a
    return a * np.divide(growth, np.log1p(growth), out=np.ones_like(growth), where=growth != 0)


def _followed(
    scores_a: NDArray[np.float64],
    scores_b: NDArray[np.float64],
    lifted_a: NDArray[np.float64],
    lifted_b: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The part of a child's difference that is left after scores were lifted to the floor."""
    moved = scores_b - scores_a
    still = (lifted_a == scores_a).astype(np.float64)
    return np.divide(lifted_b - lifted_a, moved, out=still, where=(moved != 0) & ~np.isnan(moved))
