"""What a better answer would change, for all units and indicators at once.

Arrays over indicators have the columns of ``tree.leaves``; rows are those of the result.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.compute import Result
from tessera.engines.index.errors import DataError, NotComputable, StructureError
from tessera.engines.index.steps.aggregate import combine, refuse_unfit, refused

SAME = 1e-9
"""An option this near to a score, in points, is the score."""


def leverage(result: Result, code: str | None = None) -> NDArray[np.float64]:
    """How much the score of a node moves with the normalised score of each indicator.

    The exact partial derivative: in an arithmetic group the weight, scaled up where siblings are missing; in
    a power mean S with the power p, that weight times (S / x)^(1 - p). Below a floor it is 0.

    Parameters
    ----------
    code : str, optional
        The root by default.

    Returns
    -------
    ndarray of float, shape (n_rows, n_indicators)
        Points of the node per point of the indicator; 0 for an indicator that is not below the node. NaN
        where either has no score. At a score of 0 a mean may have an infinite slope, or none: NaN.

    Raises
    ------
    StructureError
        There is no such node.
    NotComputable
        A group counts contests, which have no slope.

    Examples
    --------
    >>> from tessera.engines.index.compute import compute
    >>> from tessera.engines.index.data import Data
    >>> from tessera.engines.index.method import Method
    >>> from tessera.engines.index.structure import Node, Tree
    >>> tree = Tree((Node("index", None), Node("jobs", "index", 3.0), Node("homes", "index")))
    >>> data = Data(("A", "B", "C"), ("jobs", "homes"), np.array([[0.0, 5.0], [1.0, 6.0], [1.0, np.nan]]))
    >>> leverage(compute(tree, data, Method())).tolist()
    [[0.75, 0.25], [0.75, 0.25], [1.0, nan]]
    """
    tree = result.tree
    top = tree.root if code is None else code
    if top not in tree.by_code:
        raise StructureError(f"the structure has no {top}; its root is {tree.root}")
    slopes = {leaf: np.zeros(len(result.rows)) for leaf in tree.leaves}
    slopes[top] = np.ones(len(result.rows))
    for group in tree.downward:
        if group not in slopes or group not in tree.children:
            continue
        children = [child.code for child in tree.children[group]]
        own = slopes[group][:, None] * _slopes(result, group, children)
        slopes |= dict(zip(children, own.T, strict=True))
    found = np.stack([slopes[leaf] for leaf in tree.leaves], axis=1)
    found[np.isnan(_scores(result, tree.leaves))] = np.nan
    found[np.isnan(result.column(top))] = np.nan
    return found


def gain_of_next(result: Result, steps: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """What the score of the root would gain if one indicator of one unit rose to its next possible score.

    Each cell by itself, scored anew on the way to the root; nothing else moves, and the normalisation stays.

    Parameters
    ----------
    steps : sequence of sequence of float
        For each indicator the normalised scores that it can have, rising, such as (0, 50, 100). An empty one
        is for an indicator that no answer moves.

    Returns
    -------
    ndarray of float, shape (n_rows, n_indicators)
        Points of the root. NaN where the indicator is missing or has no higher step, or the root no score.

    Raises
    ------
    DataError
        The steps are not one rising sequence for each indicator; the message names it.
    NotComputable
        A group counts contests, so that the gain of one unit is the loss of others.

    Examples
    --------
    >>> from tessera.engines.index.compute import compute
    >>> from tessera.engines.index.data import Data
    >>> from tessera.engines.index.method import Method
    >>> from tessera.engines.index.structure import Node, Tree
    >>> tree = Tree((Node("index", None), Node("jobs", "index", 3.0), Node("homes", "index")))
    >>> data = Data(("A", "B"), ("jobs", "homes"), np.array([[0.0, 5.0], [1.0, 6.0]]))
    >>> gain_of_next(compute(tree, data, Method()), [(0, 50, 100), (0, 40, 100)]).tolist()
    [[37.5, 10.0], [nan, nan]]
    """
    tree = result.tree
    for group in tree.groups:
        _refuse_contests(result, group)
    options = _rising(result, steps)
    scores = _scores(result, tree.leaves)
    raised = {}
    for place, leaf in enumerate(tree.leaves):
        higher = np.searchsorted(options[place], scores[:, place] + SAME, side="right")
        raised[leaf] = np.append(options[place], np.nan)[higher]
    found = one_changed(result, raised, asked=True) - result.column(tree.root)
    found[np.isnan(list(raised.values()))] = np.nan
    return found.T


def band_narrowing(result: Result, steps: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """By how much each missing answer widens the band in which the score of the root can lie.

    The outer band lets each missing indicator that applies take its lowest and its highest step. In an
    arithmetic index its width is a sum over them, so that an answer takes away its own part: the weight among
    all indicators that apply, times highest less lowest.

    Parameters
    ----------
    steps : sequence of sequence of float
        As in `gain_of_next`.

    Returns
    -------
    ndarray of float, shape (n_rows, n_indicators)
        Points of the root. NaN where the indicator is there or does not apply, or has no steps, and in rows
        that were screened out.

    Raises
    ------
    DataError
        As in `gain_of_next`.
    NotComputable
        A group is not arithmetic.

    Examples
    --------
    >>> from tessera.engines.index.compute import compute
    >>> from tessera.engines.index.data import Data
    >>> from tessera.engines.index.method import Method
    >>> from tessera.engines.index.structure import Node, Tree
    >>> tree = Tree((Node("index", None), Node("jobs", "index", 3.0), Node("homes", "index")))
    >>> data = Data(("A", "B", "C"), ("jobs", "homes"), np.array([[0.0, 5.0], [1.0, 6.0], [1.0, np.nan]]))
    >>> band_narrowing(compute(tree, data, Method()), [(0, 50, 100), (0, 40, 80)]).tolist()
    [[nan, nan], [nan, nan], [nan, 20.0]]
    """
    tree = result.tree
    options = _rising(result, steps)
    applies = dict(zip(tree.leaves, result.data.applies.T, strict=True))
    for group in tree.groups:
        rule = result.method.aggregate.rule_for(group, tree.levels[group])
        if rule.exponent != 1:
            raise NotComputable(
                f"{group}: its method is {rule.method}; only in arithmetic groups is the width a sum"
            )
        applies[group] = np.array([applies[child.code] for child in tree.children[group]]).any(axis=0)
    shares = {tree.root: np.ones(len(result.rows))}
    for group in reversed(tree.groups):
        children = [child.code for child in tree.children[group]]
        asked = np.array([applies[child] * result.weights[child] for child in children])
        total = asked.sum(axis=0)
        own = shares[group] * np.divide(asked, total, out=np.zeros(asked.shape), where=total > 0)
        shares |= dict(zip(children, own, strict=True))
    widths = np.array([found[-1] - found[0] if len(found) else np.nan for found in options])
    narrowed = np.stack([shares[leaf] for leaf in tree.leaves], axis=1) * widths
    missing = np.isnan(_scores(result, tree.leaves)) & result.data.applies
    missing &= ~np.isin(result.rows, result.screened_out)[:, None]
    return np.where(missing, narrowed, np.nan)


def one_changed(
    result: Result, changed: Mapping[str, NDArray[np.float64]], *, asked: bool
) -> NDArray[np.float64]:
    """The scores of the root with the scores of one node at a time replaced, in one pass up the tree.

    Parameters
    ----------
    changed : mapping of code to ndarray of float, shape (n_rows,)
        Normalised scores of indicators, or scores of groups. NaN takes the node away.
    asked : bool
        Whether a node that is replaced counts among those of which a rule's ``min_available`` is a share.

    Returns
    -------
    ndarray of float, shape (n_changed, n_rows)
        In the order of ``changed``. The weights of the result stand, scaled up for what is missing.

    Raises
    ------
    NotComputable
        With a score replaced, a group on the way has a score of which its rule makes no mean.
    """
    tree = result.tree
    number = len(result.rows)
    applies = dict(zip(tree.leaves, result.data.applies.T, strict=True))
    # By node: which codes were changed at or below it, its scores then, and where it applies then.
    variants: dict[str, tuple[list[str], NDArray[np.float64], NDArray[np.bool_]]] = {}
    for code in reversed(tree.downward):
        children = [child.code for child in tree.children.get(code, ())]
        codes = [below for child in children for below in variants[child][0]]
        scores = np.empty((len(codes), number))
        applicable = np.empty((len(codes), number), dtype=bool)
        if children:
            applies[code] = np.array([applies[child] for child in children]).any(axis=0)
        if codes:
            table = _one_replaced(_scores(result, children), [variants[child][1] for child in children])
            asked_of = _one_replaced(
                np.stack([applies[child] for child in children], axis=1),
                [variants[child][2] for child in children],
            )
            applicable = np.logical_or.reduce(asked_of, axis=-1)
            scores = _combined(result, code, codes, table, asked_of)
        if code in changed:
            codes = [*codes, code]
            scores = np.vstack([scores, changed[code]])
            applicable = np.vstack([applicable, applies[code] & asked])
        variants[code] = codes, scores, applicable
    codes, scores, _ = variants[tree.root]
    found: NDArray[np.float64] = scores[[codes.index(code) for code in changed]]
    return found


def _one_replaced(nominal: NDArray, columns: Sequence[NDArray]) -> NDArray:
    """A stack of one table: in each layer one column is another; ``columns`` has its layers by column."""
    stack = np.repeat(nominal[None], sum(len(layers) for layers in columns), axis=0)
    first = 0
    for place, layers in enumerate(columns):
        stack[first : first + len(layers), :, place] = layers
        first += len(layers)
    return stack


def _combined(
    result: Result,
    group: str,
    changed: Sequence[str],
    stack: NDArray[np.float64],
    applicable: NDArray[np.bool_],
) -> NDArray[np.float64]:
    rule = result.method.aggregate.rule_for(group, result.tree.levels[group])
    children = [child.code for child in result.tree.children[group]]
    for code, table in zip(changed, stack, strict=True) if refused(stack, rule).any() else ():
        refuse_unfit(table, rule, group=f"{group} with {code} changed", rows=result.rows, codes=children)
    weights = np.array([result.weights[child] for child in children])
    return combine(stack, weights, rule, applicable=applicable)


def _slopes(result: Result, group: str, children: Sequence[str]) -> NDArray[np.float64]:
    """Of a group's score by each child's, shape (n_rows, n_children); 0 where the child is missing."""
    exponent = _refuse_contests(result, group)
    rule = result.method.aggregate.rule_for(group, result.tree.levels[group])
    scores = _scores(result, children)
    weights = np.where(np.isnan(scores), 0.0, np.array([result.weights[child] for child in children]))
    total = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, total, out=np.zeros(scores.shape), where=total > 0)
    if exponent == 1:
        return shares
    floor = rule.lifts_to
    lifted = scores if floor is None else np.maximum(scores, floor)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = shares * (result.column(group)[:, None] / lifted) ** (1 - exponent)
    return np.where((shares == 0) | (lifted > scores), 0.0, slopes)


def _refuse_contests(result: Result, group: str) -> float:
    rule = result.method.aggregate.rule_for(group, result.tree.levels[group])
    if rule.exponent is None:
        raise NotComputable(
            f"{group}: its method is {rule.method}, in which a unit's score hangs on the others; "
            "only means (arithmetic, geometric, harmonic, power) are scored one unit at a time"
        )
    return rule.exponent


def _rising(result: Result, steps: Sequence[Sequence[float]]) -> list[NDArray[np.float64]]:
    leaves = result.tree.leaves
    if len(steps) != len(leaves):
        raise DataError(f"steps are given for {len(steps)} indicators; the structure has {len(leaves)}")
    found = [np.array(options, dtype=np.float64) for options in steps]
    for leaf, options in zip(leaves, found, strict=True):
        if not np.isfinite(options).all() or (np.diff(options) <= 0).any():
            raise DataError(f"{leaf}: the steps {options.tolist()} are not finite numbers that rise")
    return found


def _scores(result: Result, codes: Sequence[str]) -> NDArray[np.float64]:
    places = {code: place for place, code in enumerate(result.codes)}
    return result.scores[:, [places[code] for code in codes]]
