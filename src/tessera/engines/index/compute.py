"""An index: every step of a method, from the figures to scores and ranks on every level."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.data import PERIOD, Data
from tessera.engines.index.errors import MethodError
from tessera.engines.index.method import Method, Weight
from tessera.engines.index.prepare import Preparation, Prepared
from tessera.engines.index.steps.aggregate import Rule, combine, refuse_unfit
from tessera.engines.index.steps.rank import ranks
from tessera.engines.index.steps.weight import optimise_weights, pca_weights
from tessera.engines.index.structure import Tree


@dataclass(frozen=True, eq=False)
class Trace:
    """Cell by cell what the steps changed, as columns of one length.

    ``step`` is impute, winsorise, log, boxcox or floor; the denominators and the normalisation change every
    cell and stand in the tables of `Prepared`.
    """

    step: tuple[str, ...]
    row: tuple[str, ...]
    code: tuple[str, ...]
    before: NDArray[np.float64]
    after: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Result:
    """Scores and ranks of an index.

    Parameters
    ----------
    rows : tuple of str
        Names of all rows of the data, those screened out, too.
    codes : tuple of str
        Of all nodes of the tree: the root, groups and indicators.
    scores : ndarray of float, shape (n_rows, n_codes)
        NaN where there is none.
    ranks : ndarray of int, shape (n_rows, n_codes)
        1 is the highest of its period; ties take the smallest; 0 where there is no score.
    weights : mapping of code to float
        Of each node but the root, within its group, summing to 1.
    unreached : tuple of str
        Groups in which no weights from 0 bring about the importances that the method states.
    screened_out : tuple of str
        Rows with fewer indicators than the method asks for.
    unfilled : tuple of (str, str)
        Row and code of cells that stayed missing although the method imputes.
    """

    tree: Tree
    data: Data
    method: Method
    rows: tuple[str, ...]
    codes: tuple[str, ...]
    scores: NDArray[np.float64]
    ranks: NDArray[np.int64]
    weights: Mapping[str, float]
    unreached: tuple[str, ...]
    screened_out: tuple[str, ...]
    unfilled: tuple[tuple[str, str], ...]
    prepared: Prepared
    trace: Trace

    def column(self, code: str) -> NDArray[np.float64]:
        """The scores of a node, shape (n_rows,)."""
        return self.scores[:, self.codes.index(code)]

    def long(self) -> Iterator[tuple[str, str, int, float, int]]:
        """Rows of a long table: unit, code, level, score, rank."""
        for place, row in enumerate(self.rows):
            for column, code in enumerate(self.codes):
                yield (
                    row,
                    code,
                    self.tree.levels[code],
                    float(self.scores[place, column]),
                    int(self.ranks[place, column]),
                )


def compute(tree: Tree, data: Data, method: Method) -> Result:
    """Make an index.

    Parameters
    ----------
    tree : Tree
    data : Data
        With a column for each indicator of the tree, in any order. In a panel the steps see all periods at
        once, so that scores are comparable over time; ranks are within a period.
    method : Method
        Its uncertain factors are left aside.

    Raises
    ------
    IndexEngineError
        Whatever has no result is refused by its name; nothing is dropped in silence.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators.

    Examples
    --------
    >>> from tessera.engines.index.structure import Node
    >>> tree = Tree((Node("index", None), Node("jobs", "index"), Node("rents", "index", direction=-1)))
    >>> data = Data(("A", "B", "C"), ("jobs", "rents"), np.array([[1.0, 9.0], [2.0, 5.0], [3.0, 7.0]]))
    >>> result = compute(tree, data, Method())
    >>> result.column("index").tolist(), result.ranks[:, 0].tolist()
    ([0.0, 75.0, 75.0], [3, 1, 1])
    """
    preparation = Preparation(tree, data)
    data = preparation.data
    prepared = preparation.under(method)
    rows = tuple(data.rows[place] for place in prepared.kept)
    applies = data.applies[prepared.kept]
    made = scores_of_groups(tree, prepared.normalised, applies, method, rows)
    codes = tree.downward
    scores = np.full((len(data.units), len(codes)), np.nan)
    for column, code in enumerate(codes):
        scores[prepared.kept, column] = made.scores[code]
    kept = set(prepared.kept.tolist())
    return Result(
        tree,
        data,
        method,
        data.rows,
        codes,
        scores,
        ranks_within(periods(data), scores.T).T,
        made.weights,
        made.unreached,
        tuple(row for place, row in enumerate(data.rows) if place not in kept),
        _unfilled(data, prepared, method),
        prepared,
        _trace(tree, rows, prepared, made.scores, method),
    )


@dataclass(frozen=True, eq=False)
class GroupScores:
    """Scores of all nodes by code, the weight of each but the root within its group, and the groups whose
    stated importances were not reached."""

    scores: Mapping[str, NDArray[np.float64]]
    weights: Mapping[str, float]
    unreached: tuple[str, ...]


def scores_of_groups(
    tree: Tree,
    normalised: NDArray[np.float64],
    applies: NDArray[np.bool_],
    method: Method,
    rows: tuple[str, ...],
) -> GroupScores:
    """Scores of all nodes, from the indicators up.

    Parameters
    ----------
    normalised : ndarray of float, shape (n_rows, n_indicators)
    applies : ndarray of bool, same shape

    Raises
    ------
    NotComputable
        A score has no mean of the kind that a rule asks for.
    """
    scores = dict(zip(tree.leaves, normalised.T, strict=True))
    applicable = dict(zip(tree.leaves, applies.T, strict=True))
    weights: dict[str, float] = {}
    unreached = []
    for code in tree.groups:
        children = tuple(child.code for child in tree.children[code])
        below = np.stack([scores[child] for child in children], axis=-1)
        asked = np.stack([applicable[child] for child in children], axis=-1)
        own, reached = group_weights(tree, code, below, method.weight)
        unreached += [] if reached else [code]
        rule = method.aggregate.rule_for(code, tree.levels[code])
        counting = [place for place, weight in enumerate(own) if weight > 0]
        named = [children[place] for place in counting]
        refuse_unfit(below[:, counting], rule, group=code, rows=rows, codes=named)
        scores[code] = combine(below, own, rule, applicable=asked)
        applicable[code] = asked.any(axis=-1)
        weights |= dict(zip(children, (own / own.sum()).tolist(), strict=True))
    return GroupScores(scores, weights, tuple(unreached))


def group_weights(
    tree: Tree, code: str, children_scores: NDArray[np.float64], spec: Weight
) -> tuple[NDArray[np.float64], bool]:
    """The weights of the children of a group, in their order, and whether they do what the spec states.

    Raises
    ------
    MethodError
        All weights given are 0.
    """
    children = tree.children[code]
    if spec.method == "equal":
        return np.ones(len(children)), True
    if spec.method == "pca" and len(children) > 1:
        return pca_weights(children_scores), True
    importances = dict(spec.importances)
    named = {child.code: importances[child.code] for child in children if child.code in importances}
    if spec.method == "optimise" and named:
        codes = tuple(child.code for child in children)
        found = optimise_weights(children_scores, named, codes=codes)
        return np.array([found.weights[child] for child in codes]), found.reached
    given = np.array([child.weight for child in children])
    if not given.any():
        raise MethodError(f"the children of {code} all have the weight 0; give one of them a weight")
    return given, True


def periods(data: Data) -> tuple[NDArray[np.intp], ...]:
    """The places of the rows of each period; all rows together where the data are no panel."""
    if PERIOD not in data.attributes:
        return (np.arange(len(data.units)),)
    column = np.array(data.attributes[PERIOD])
    return tuple(np.flatnonzero(column == period) for period in dict.fromkeys(column.tolist()))


def ranks_within(periods: tuple[NDArray[np.intp], ...], scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Ranks along the last axis, each row among those of its period."""
    found = np.zeros(scores.shape, dtype=np.int64)
    for places in periods:
        found[..., places] = ranks(scores[..., places])
    return found


def _unfilled(data: Data, prepared: Prepared, method: Method) -> tuple[tuple[str, str], ...]:
    if method.impute.method == "none":
        return ()
    missing = np.isnan(prepared.imputed.values) & data.applies[prepared.kept]
    return tuple((data.rows[prepared.kept[row]], data.codes[column]) for row, column in np.argwhere(missing))


def _trace(
    tree: Tree,
    rows: tuple[str, ...],
    prepared: Prepared,
    scores: Mapping[str, NDArray[np.float64]],
    method: Method,
) -> Trace:
    changes: list[tuple[str, str, str, float, float]] = []
    before, after = prepared.imputed.values, prepared.treated.values
    for row, column in np.argwhere(prepared.imputed.filled):
        changes.append(("impute", rows[row], tree.leaves[column], np.nan, before[row, column]))
    touched = (before != after) & ~np.isnan(before)
    for row, column in np.argwhere(touched):
        step = {"winsorised": "winsorise"}.get(
            prepared.treated.action[column], str(prepared.treated.action[column])
        )
        changes.append((step, rows[row], tree.leaves[column], before[row, column], after[row, column]))
    for code in tree.groups:
        rule = method.aggregate.rule_for(code, tree.levels[code])
        for child in tree.children[code]:
            changes += _lifted(rows, child.code, scores[child.code], rule)
    step_, row_, code_, before_, after_ = zip(*changes, strict=True) if changes else ((),) * 5
    return Trace(step_, row_, code_, np.array(before_, dtype=float), np.array(after_, dtype=float))


def _lifted(
    rows: tuple[str, ...], code: str, scores: NDArray[np.float64], rule: Rule
) -> list[tuple[str, str, str, float, float]]:
    """What the policy on zeros did to the scores of one child."""
    if rule.lifts_to is None:
        return []
    return [
        ("floor", rows[row], code, float(scores[row]), rule.lifts_to)
        for row in np.flatnonzero(scores < rule.lifts_to)
    ]
