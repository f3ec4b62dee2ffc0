"""Why a score is what it is: parts that add up exactly, and what other figures would make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.compute import Result, compute
from tessera.engines.index.data import Data
from tessera.engines.index.errors import DataError, NotComputable, StructureError
from tessera.engines.index.method import Method
from tessera.engines.index.steps.aggregate import Rule
from tessera.engines.index.structure import Tree


@dataclass(frozen=True, eq=False)
class Contributions:
    """What each node brings to the score of the first one, as columns of one length, parents first."""

    row: str
    codes: tuple[str, ...]
    levels: NDArray[np.int64]
    scores: NDArray[np.float64]
    """NaN where there is none."""
    contribution: NDArray[np.float64]
    """In points of the first node; 0 for a node without a score, whose siblings take its weight."""


@dataclass(frozen=True, eq=False)
class UnitScores:
    """One row of a result, under the codes of another structure where it is compared with that one."""

    result: Result
    place: int
    scores: Mapping[str, float]
    """By its own code; not those of the result where some indicators are left out."""
    names: Mapping[str, str]
    """Its own code of each node by the code under which it is asked for."""

    def rule(self, code: str) -> Rule:
        tree, own = self.result.tree, self.names[code]
        return self.result.method.aggregate.rule_for(own, tree.levels[own])

    def score(self, code: str) -> float:
        return self.scores[self.names[code]]

    def group(
        self, code: str, children: Sequence[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Of the children: their scores, these as the rule lifts them, and their shares of the weight."""
        scores = np.array([self.score(child) for child in children])
        weights = np.array([self.result.weights[self.names[child]] for child in children])
        weights = np.where(np.isnan(scores), 0.0, weights)
        rule = self.rule(code)
        lifted = scores if rule.lifts_to is None else np.maximum(scores, rule.lifts_to)
        return scores, lifted, weights / (weights.sum() or 1.0)


def contributions(result: Result, row: str, code: str | None = None) -> Contributions:
    """Divide the score of a node among all nodes below it.

    The children of a node have together what the node has. In an arithmetic group a child brings its weight
    times its score, the weights scaled up where siblings are missing. In a geometric group the score S is
    divided by shares of logarithms, w_j ln x_j / ln S: a child below 1 point has a negative part, and a group
    of 1 point or less cannot be divided.

    Parameters
    ----------
    row : str
        A row of the result, or a unit that has one row.
    code : str, optional
        The node whose score is divided; the root by default.

    Raises
    ------
    DataError
        There is no such row.
    StructureError
        There is no such node.
    NotComputable
        The node has no score, a group that counts is neither arithmetic nor geometric, or it is geometric
        and its score is 1 or less.

    Examples
    --------
    >>> from tessera.engines.index.structure import Node
    >>> tree = Tree((Node("index", None), Node("jobs", "index", 3.0), Node("homes", "index")))
    >>> data = Data(("A", "B"), ("jobs", "homes"), np.array([[0.0, 5.0], [1.0, 6.0]]))
    >>> found = contributions(compute(tree, data, Method()), "B")
    >>> dict(zip(found.codes, found.contribution.tolist()))
    {'index': 100.0, 'jobs': 75.0, 'homes': 25.0}
    """
    tree = result.tree
    top = tree.root if code is None else code
    if top not in tree.by_code:
        raise StructureError(f"the structure has no {top}; its root is {tree.root}")
    unit = unit_scores(result, row)
    refuse_without_score(unit, top)
    # What a node brings is factor * score + rest; the rest is what a policy on zeros adds to the score.
    factor, rest = {top: 1.0}, {top: 0.0}
    for group in tree.downward:
        if group not in factor or group not in tree.children:
            continue
        children = [child.code for child in tree.children[group]]
        scores, lifted, shares = unit.group(group, children)
        if factor[group] == 0 and rest[group] == 0:
            factors = rests = np.zeros(len(children))
        elif exponent_with_parts(unit, group) == 1:
            factors, rests = factor[group] * shares, rest[group] * shares
        else:
            brought = factor[group] * unit.score(group) + rest[group]
            parts = brought * _log_shares(unit, group, lifted, shares)
            factors = np.divide(parts, lifted, out=np.zeros(len(children)), where=lifted > 0)
            rests = parts - factors * np.nan_to_num(scores)
        factor |= dict(zip(children, factors.tolist(), strict=True))
        rest |= dict(zip(children, rests.tolist(), strict=True))
    codes = tuple(node for node in tree.downward if node in factor)
    own = np.array([unit.score(node) for node in codes])
    brought_by = np.array([factor[node] for node in codes]) * np.nan_to_num(own)
    return Contributions(
        result.rows[unit.place],
        codes,
        np.array([tree.levels[node] for node in codes], dtype=np.int64),
        own,
        brought_by + np.array([rest[node] for node in codes]),
    )


def what_if(tree: Tree, data: Data, method: Method, row: str, changes: Mapping[str, float]) -> Result:
    """Make the index anew with other figures in one row.

    Other units move too wherever a step looks at all of them (imputation, outliers, min-max, z-scores): that
    is the index as it would be published. With goalposts only the row itself and the ranks change.

    Parameters
    ----------
    row : str
        A row of the data, or a unit that has one row.
    changes : mapping of code to float
        In the units of the data; NaN takes a value away.

    Raises
    ------
    DataError
        There is no such row or indicator, or the indicator does not apply to the unit.

    Examples
    --------
    >>> from tessera.engines.index.structure import Node
    >>> tree = Tree((Node("index", None), Node("jobs", "index", goal_low=0.0, goal_high=10.0)))
    >>> from tessera.engines.index.steps.normalise import Normalise
    >>> data = Data(("A", "B"), ("jobs",), np.array([[2.0], [5.0]]))
    >>> what_if(tree, data, Method(normalise=Normalise("goalposts")), "A", {"jobs": 7.0}).ranks[:, 0].tolist()
    [1, 2]
    """
    place = data.row_of(row)
    values = data.values.copy()
    for code, value in changes.items():
        if code not in data.codes:
            raise DataError(f"there is no indicator {code} to change; columns: {', '.join(data.codes[:8])}")
        column = data.codes.index(code)
        if not data.applies[place, column]:
            raise DataError(f"{data.rows[place]}, {code}: the indicator does not apply here; leave it out")
        values[place, column] = value
    return compute(tree, Data(data.units, data.codes, values, data.applies, data.attributes), method)


def unit_scores(result: Result, row: str) -> UnitScores:
    place = result.data.row_of(row)
    scores = dict(zip(result.codes, result.scores[place].tolist(), strict=True))
    return UnitScores(result, place, scores, {code: code for code in result.codes})


def refuse_without_score(unit: UnitScores, code: str) -> None:
    if np.isnan(unit.score(code)):
        raise NotComputable(
            f"{unit.result.rows[unit.place]} has no score for {code}, so there is nothing to explain"
        )


def exponent_with_parts(unit: UnitScores, code: str) -> float:
    rule = unit.rule(code)
    if rule.exponent is None or rule.exponent not in (0, 1):
        raise NotComputable(
            f"{code}: its method is {rule.method}, which has no exact parts; arithmetic and geometric have"
        )
    return rule.exponent


def _log_shares(
    unit: UnitScores, group: str, lifted: NDArray[np.float64], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    counts = shares > 0
    if (lifted[counts] == 0).any():
        return shares
    terms = shares * np.log(np.where(counts, lifted, 1.0))
    if not terms.any():
        # All at 1 point: the limit of the shares for equal children.
        return shares
    if terms.sum() <= 0:
        raise NotComputable(
            f"{group}: {unit.result.rows[unit.place]} has {unit.score(group):g}, and a geometric score of 1 "
            "or less cannot be divided by shares of logarithms; normalise to a range from 1, such as 1 to 100"
        )
    found: NDArray[np.float64] = terms / terms.sum()
    return found
