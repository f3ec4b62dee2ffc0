"""Scores of groups for many runs at once: one table under many weights, or a stack of tables.

Where all groups below a target have means of one kind and no score is missing, the tree is one mean, and all
runs are one product of matrices.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.draws.space import PASSING, Space
from tessera.engines.index.method import Method
from tessera.engines.index.steps.aggregate import combine, refused
from tessera.engines.index.steps.normalise import Line
from tessera.engines.index.structure import Tree

ROWS_OF_A_PRODUCT = 256
SMALL_PRODUCT = 1_000_000
"""Multiplications."""


@dataclass(frozen=True, eq=False)
class Weights:
    """The weight of each node but the root: the same in all runs, or a column of a table over runs.

    Where one node of a group varies, all nodes of the group have a column.
    """

    fixed: Mapping[str, float]
    varied: tuple[str, ...] = ()
    table: NDArray[np.float64] | None = None
    """Shape (n_runs, n_varied)."""
    space: Space = field(default_factory=Space)
    """Where what is made of them may lie."""

    def of(self, codes: Sequence[str]) -> NDArray[np.float64]:
        """The weights of a group's children, shape (n_children,) or (n_runs, n_children)."""
        if self.table is None or codes[0] not in self.varied:
            return np.array([self.fixed[code] for code in codes])
        return self.table[:, [self.varied.index(code) for code in codes]]


@dataclass(frozen=True, eq=False)
class Collapse:
    """A tree of means of one kind below a target, made one mean: what is the same for all runs.

    A leaf's weight in the target is the product of the shares on its path. Those that vary are multiplied
    run by run, down from the target; all others stand in ``parts``, which has a row for each varied node (and
    one for the leaves under none) and a column for each leaf.
    """

    target: str
    columns: tuple[int, ...]
    """Of the varied nodes below the target, parents first, in the table of the weights."""
    group_of: NDArray[np.float64]
    """Shape (n_varied, n_groups): 1 for the group of a node."""
    node_of: NDArray[np.float64]
    """The same turned round, and laid out so: products are quicker then."""
    layers: tuple[tuple[NDArray[np.intp], NDArray[np.intp]], ...]
    """Nodes under other varied nodes, with the nearest of those above; a layer only needs those before it."""
    parts: NDArray[np.float64]
    exponent: float
    leaves: tuple[int, ...]
    """Columns of the indicators below the target."""

    def by_node(self, normalised: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the varied nodes bring to each row, from a table that all runs share.

        Parameters
        ----------
        normalised : ndarray of float, shape (n_rows, n_indicators)

        Returns
        -------
        ndarray of float, shape (n_varied, n_rows), with one more for the leaves under none
        """
        return self.parts @ self._scaled(normalised).T

    def scores(self, by_node: NDArray[np.float64], weights: Weights) -> NDArray[np.float64]:
        """Scores of the target, shape (n_runs or 1, n_rows), from what `by_node` gives.

        They lie in the space of the weights.
        """
        shares = self._shares(weights)
        found = weights.space.floats(f"scores {self.target}", len(shares), by_node.shape[1])
        _multiply(shares, by_node, found)
        return np.exp(found, out=found) if self.exponent == 0 else found

    def scores_of_each(self, normalised: NDArray[np.float64], weights: Weights) -> NDArray[np.float64]:
        """The same from a stack of tables, shape (n_runs, n_rows, n_indicators)."""
        found = _each_by_its_own(self._scaled(normalised), self._shares(weights) @ self.parts)
        return np.exp(found, out=found) if self.exponent == 0 else found

    def effective(self, weights: Weights, runs: int) -> NDArray[np.float64]:
        """The weight of each indicator in the target, shape (n_runs, n_indicators)."""
        found = self._shares(weights) @ self.parts
        return np.broadcast_to(found, (runs, found.shape[1]))

    def _scaled(self, normalised: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the means are taken of: the scores, or their logarithms."""
        if self.exponent == 1:
            return normalised
        found = np.zeros(normalised.shape)
        below = normalised[..., self.leaves]
        # What is not positive fails its run elsewhere.
        found[..., self.leaves] = np.log(np.where(below > 0, below, 1.0))
        return found

    def _shares(self, weights: Weights) -> NDArray[np.float64]:
        if not self.columns or weights.table is None:
            return np.ones((1, 1))
        table = weights.table
        # All columns in their order are the table itself.
        chosen = table if self.columns == tuple(range(table.shape[1])) else table[:, list(self.columns)]
        totals = chosen @ self.group_of
        np.reciprocal(totals, out=totals)
        shares = np.matmul(totals, self.node_of, out=weights.space.floats(PASSING, *chosen.shape))
        shares *= chosen
        for nodes, above in self.layers:
            shares[:, nodes] *= shares[:, above]
        if len(self.parts) == shares.shape[1]:
            return shares
        return np.concatenate([shares, np.ones((len(shares), 1))], axis=1)


def collapse(tree: Tree, target: str, method: Method, weights: Weights) -> Collapse | None:
    """The one mean that the tree below a target is, or None where its groups have means of several kinds."""
    below = _below(tree, target)
    rules = [method.aggregate.rule_for(code, tree.levels[code]) for code in below if code in tree.children]
    exponents = {rule.exponent for rule in rules}
    exponent = exponents.pop()
    if exponents or exponent not in (0, 1) or (exponent == 0 and any(r.zeros != "error" for r in rules)):
        return None
    varied = [code for code in below if code in weights.varied and code != target]
    place = {code: number for number, code in enumerate(varied)}
    parents = [str(tree.by_code[code].parent) for code in varied]
    groups = list(dict.fromkeys(parents))
    group_of = np.zeros((len(varied), len(groups)))
    group_of[range(len(varied)), [groups.index(parent) for parent in parents]] = 1

    # Down the tree: the nearest varied node at or above a node, and the fixed shares since then.
    nearest: dict[str, int] = {target: len(varied)}
    since: dict[str, float] = {target: 1.0}
    depth: dict[int, int] = {len(varied): 0}
    rungs: dict[int, list[tuple[int, int]]] = {}
    lead = np.ones(len(varied) + 1)
    for code in below:
        children = [child.code for child in tree.children.get(code, ())]
        total = sum(weights.fixed[child] for child in children)
        for child in children:
            if child in place:
                own = place[child]
                nearest[child], since[child] = own, 1.0
                lead[own] = since[code]
                depth[own] = depth[nearest[code]] + 1
                if nearest[code] < len(varied):
                    rungs.setdefault(depth[own], []).append((own, nearest[code]))
                    lead[own] *= lead[nearest[code]]
            else:
                nearest[child] = nearest[code]
                since[child] = since[code] * (weights.fixed[child] / total)
    parts = np.zeros((len(varied) + 1, len(tree.leaves)))
    for column, leaf in enumerate(tree.leaves):
        if leaf in nearest:
            parts[nearest[leaf], column] = since[leaf] * lead[nearest[leaf]]
    if varied and not parts[-1].any():
        parts = parts[:-1]
    layers = tuple(
        (np.array([node for node, _ in rung]), np.array([above for _, above in rung]))
        for _, rung in sorted(rungs.items())
    )
    return Collapse(
        target,
        tuple(weights.varied.index(code) for code in varied),
        group_of,
        np.ascontiguousarray(group_of.T),
        layers,
        parts,
        float(exponent),
        tuple(column for column, leaf in enumerate(tree.leaves) if leaf in nearest),
    )


def group_by_group(
    tree: Tree,
    normalised: NDArray[np.float64],
    applies: NDArray[np.bool_],
    weights: Weights,
    method: Method,
    rows: Sequence[str],
) -> tuple[dict[str, NDArray[np.float64]], dict[int, str]]:
    """Scores of all nodes, from the indicators up.

    Parameters
    ----------
    normalised : ndarray of float, shape (n_rows, n_indicators) or (n_runs, n_rows, n_indicators)
    applies : ndarray of bool, shape (n_rows, n_indicators)
    rows : sequence of str
        Their names, for the reasons.

    Returns
    -------
    scores : dict of code to ndarray, shape (n_rows,) or (n_runs, n_rows)
    failed : dict
        By the place of a run, the reason: a group met a score that its rule cannot take.
    """
    scores = {leaf: normalised[..., column] for column, leaf in enumerate(tree.leaves)}
    applicable = dict(zip(tree.leaves, applies.T, strict=True))
    failed: dict[int, str] = {}
    for code in tree.groups:
        children = [child.code for child in tree.children[code]]
        below = np.stack(np.broadcast_arrays(*(scores[child] for child in children)), axis=-1)
        rule = method.aggregate.rule_for(code, tree.levels[code])
        unfit = refused(below, rule)
        if unfit.any():
            failed |= faults_of(unfit, [code] * len(children), rule.method, rows)
            below = np.where(unfit, np.nan, below)
        asked = np.stack([applicable[child] for child in children], axis=-1)
        scores[code] = combine(below, weights.of(children), rule, applicable=asked)
        applicable[code] = asked.any(axis=-1)
    return scores, failed


def scores_on_lines(
    effective: Sequence[NDArray[np.float64]],
    strips: Iterable[tuple[slice, NDArray[np.float64], Line]],
) -> list[NDArray[np.float64]]:
    """Scores of each target, shape (n_runs, n_rows), where the indicators' scores are lines in raw values.

    Parameters
    ----------
    effective : sequence of ndarray, shape (n_runs, n_indicators)
        By target, the weight of each indicator.
    strips : iterable
        The columns of some indicators, their values, shape (n_runs, n_columns, n_rows), and their lines. Each
        strip is done with when the next is asked for, so that no table need ever be whole.
    """
    found: list[NDArray[np.float64]] = []
    starts = [np.zeros(len(weights)) for weights in effective]
    for columns, values, line in strips:
        found = found or [np.zeros((len(values), values.shape[2])) for _ in effective]
        for scores, start, weights in zip(found, starts, effective, strict=True):
            slopes = weights[:, columns] * (line.height / line.width[:, 0])
            start += weights[:, columns].sum(axis=1) * line.start - np.vecdot(slopes, line.centre[:, 0])
            scores += np.matmul(slopes[:, None], values)[:, 0]
    for scores, start in zip(found, starts, strict=True):
        scores += start[:, None]
    return found


def extremes(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest value of each column, shape (n_runs, n_columns), where no value is missing.

    Parameters
    ----------
    values : ndarray of float, shape (n_runs, n_columns, n_rows)
        Laid out by rows.

    Examples
    --------
    >>> lowest, highest = extremes(np.array([[[3.0, 1.0, 2.0], [5.0, 5.0, 6.0]]]))
    >>> lowest.tolist(), highest.tolist()
    ([[1.0, 5.0]], [[3.0, 6.0]])
    """
    # One long row in pieces: quicker than many short rows.
    starts = np.arange(0, values.size, values.shape[2])
    lowest, highest = (each.reduceat(values.ravel(), starts) for each in (np.minimum, np.maximum))
    return lowest.reshape(values.shape[:2]), highest.reshape(values.shape[:2])


def faults_of(
    unfit: NDArray[np.bool_], groups: Sequence[str], method: str, rows: Sequence[str]
) -> dict[int, str]:
    """The runs of a stack in which a score is unfit for its group, with the reason.

    A table that all runs share was checked before them and has none.

    Parameters
    ----------
    unfit : ndarray of bool, shape (n_runs, n_rows, n_children)
    groups : sequence of str, length n_children
    """
    if unfit.ndim == 2 or not unfit.any():
        return {}
    places = np.flatnonzero(unfit.any(axis=(-2, -1)))
    found = {}
    for place in places.tolist():
        row, child = np.argwhere(unfit[place])[0]
        found[place] = f"{groups[child]}: a score of {rows[row]} is too low for a {method} mean"
    return found


def _each_by_its_own(stack: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each table times its own weights, (n_runs, n_rows, n_columns) and (n_runs or 1, n_columns)."""
    # Columns first, as drawn tables lie in memory (see `DrawnTables.whole`).
    found: NDArray[np.float64] = np.matmul(weights[:, None], stack.swapaxes(1, 2))[:, 0]
    return found


def _multiply(left: NDArray[np.float64], right: NDArray[np.float64], found: NDArray[np.float64]) -> None:
    """The product of two matrices, a few rows of the first at a time where that is quicker.

    The library below numpy has a way for small matrices that does not lay them out anew first.
    """
    small = right.size * ROWS_OF_A_PRODUCT <= SMALL_PRODUCT
    at_once = ROWS_OF_A_PRODUCT if small else len(left)
    for first in range(0, len(left), at_once):
        rows = slice(first, first + at_once)
        np.matmul(left[rows], right, out=found[rows])


def _below(tree: Tree, target: str) -> list[str]:
    """A node and all below it, each after its parent."""
    found = [target]
    for code in found:
        found += [child.code for child in tree.children.get(code, ())]
    return found
