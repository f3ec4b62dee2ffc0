"""Weights of a group's children: from their correlations, towards wanted importances, and down the tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import DataError, MethodError, NotComputable, StructureError
from tessera.engines.index.statistics import FEWEST_UNITS, is_constant, principal_components
from tessera.engines.index.structure import Tree

Floats = NDArray[np.float64]

TARGETS_SUM_WITHIN = 1e-6
REACHED_WITHIN = 0.01
"""The difference of an importance from its target, both shares, that still counts as reached."""

# Where the children cancel each other, nothing but rounding is left of their covariances with the mean.
NO_COVARIANCE = 1e-10
# Eigenvalues of uncorrelated columns are 1 but for rounding.
EIGENVALUE_WITHIN = 1e-9


@dataclass(frozen=True)
class OptimisedWeights:
    """The best weights found and what they do, each by code."""

    weights: dict[str, float]
    """From 0, summing to 1."""
    importance: dict[str, float]
    """Shares that these very weights give; they sum to 1."""
    target: dict[str, float]
    reached: bool
    """The distance is at most ``REACHED_WITHIN``."""
    distance: float
    """The largest difference of an importance from its target."""


def pca_weights(x: Floats) -> Floats:
    """Weights of one group's children by how much of each its main components explain.

    Components of the correlation matrix with an eigenvalue above 1 are kept, or the highest one if none is.
    The squared loadings on each are scaled to sum to 1 and averaged with the component's share of the
    variance that all kept ones explain. Loadings are not rotated: rotation keeps the sum of a child's squared
    loadings and so these weights. It does change those of the Handbook's example, which takes for each child
    only the factor it loads on most.

    Parameters
    ----------
    x : ndarray of float, shape (n_units, k)
        NaN means missing; correlations are pairwise.

    Returns
    -------
    ndarray of float, shape (k,)
        From 0, summing to 1. A single child has 1.

    Raises
    ------
    NotComputable
        A pair of columns has no correlation.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6, weights based on principal
    components analysis.

    Examples
    --------
    >>> pca_weights(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])).round(3).tolist()
    [0.5, 0.5]
    """
    if x.shape[1] == 1:
        return np.ones(1)
    found = principal_components(x)
    least = min(1 + EIGENVALUE_WITHIN, found.eigenvalues[0] - EIGENVALUE_WITHIN)
    kept = found.eigenvalues > least
    explained = (found.loadings[:, kept] ** 2).sum(axis=1)
    return explained / explained.sum()


def optimise_weights(
    children: Floats, targets: Mapping[str, float], *, codes: Sequence[str]
) -> OptimisedWeights:
    """Weights under which each child has the importance that was wanted for it.

    The importance of a child is its squared correlation with the weighted mean, as a share of the sum over
    all children; a child that falls when the mean rises has none. The sum of squared differences from the
    targets is made smallest over weights from 0. Often the targets cannot be reached: the result says so, and
    what was reached instead.

    Parameters
    ----------
    children : ndarray of float, shape (n_units, k)
        Scores of one group's children. Units with a missing (NaN) score are left out.
    targets : mapping of str to float
        The wanted share of each child, by code: from 0, summing to 1 within 1e-6.
    codes : sequence of str, length k
        Of the columns.

    Raises
    ------
    DataError
        Not one code for each column.
    MethodError
        A child without a target, a target without a child, a negative one, or a sum other than 1.
    NotComputable
        Fewer than 3 complete units, or a child whose score is the same everywhere.

    References
    ----------
    Paruolo, Saisana and Saltelli (2013), J. R. Stat. Soc. A 176, 609-634; Becker et al. (2017), Ecological
    Indicators 80, 12-22, whose optimisation may make weights negative; this one does not.

    Examples
    --------
    >>> children = np.array([[0.0, 0.0], [0.0, 2.0], [1.0, 0.0], [1.0, 2.0]])
    >>> found = optimise_weights(children, {"a": 0.5, "b": 0.5}, codes=("a", "b"))
    >>> round(found.weights["a"], 4), round(found.importance["a"], 4), found.reached
    (0.6667, 0.5, True)
    """
    if children.shape[1] != len(codes):
        raise DataError(f"{children.shape[1]} columns of scores and {len(codes)} codes: one each is expected")
    wanted = _ordered_targets(targets, codes)
    complete = children[~np.isnan(children).any(axis=1)]
    spread = _standard_deviations(complete, codes)
    r = np.corrcoef(complete, rowvar=False).reshape(len(codes), len(codes))
    # Shares depend on the weights times the spreads alone: scales of any size are the same problem.
    best = min(
        (_descend(r, wanted, start) for start in _starts(r, wanted)), key=lambda u: _misfit(u, r, wanted)[0]
    )
    weights = best / spread / (best / spread).sum()
    importance = _importance(weights * spread, r)
    distance = float(np.abs(importance - wanted).max())
    return OptimisedWeights(
        weights=_by_code(codes, weights),
        importance=_by_code(codes, importance),
        target=_by_code(codes, wanted),
        reached=distance <= REACHED_WITHIN,
        distance=distance,
    )


def effective_weights(tree: Tree, weights: Mapping[str, float]) -> dict[str, float]:
    """The weight of every node in the whole: the product of the shares within the groups above it.

    Parameters
    ----------
    tree : Tree
    weights : mapping of code to float
        The shares that were used, of each node but the root within its group.

    Returns
    -------
    dict of str to float
        1 for the root.

    Raises
    ------
    StructureError
        A node without a share; the message names it.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6.

    Examples
    --------
    >>> from tessera.engines.index.structure import Node
    >>> tree = Tree((Node("index", None), Node("a", "index"), Node("b", "index"), Node("c", "b")))
    >>> effective_weights(tree, {"a": 0.25, "b": 0.75, "c": 1.0})
    {'index': 1.0, 'a': 0.25, 'b': 0.75, 'c': 0.75}
    """
    absent = [code for code in tree.downward if code != tree.root and code not in weights]
    if absent:
        raise StructureError(f"no weight of {', '.join(absent)}: each node but the root has one in its group")
    found = {tree.root: 1.0}
    for parent in tree.downward:
        for child in tree.children.get(parent, ()):
            found[child.code] = found[parent] * weights[child.code]
    return found


def _ordered_targets(targets: Mapping[str, float], codes: Sequence[str]) -> Floats:
    absent = [code for code in codes if code not in targets]
    if absent:
        raise MethodError(f"no importance is wanted of {', '.join(absent)}: each child needs one, 0 or more")
    unknown = [code for code in targets if code not in codes]
    if unknown:
        raise MethodError(f"{', '.join(unknown)}: not a child of this group, which has {', '.join(codes)}")
    wanted = np.array([targets[code] for code in codes], dtype=np.float64)
    for code, value in zip(codes, wanted, strict=True):
        if not value >= 0:
            raise MethodError(f"{code}: the importance {value:g} is not a share from 0")
    if not abs(wanted.sum() - 1) <= TARGETS_SUM_WITHIN:
        raise MethodError(f"the importances of {', '.join(codes)} sum to {wanted.sum():g}, not to 1")
    return wanted / wanted.sum()


def _standard_deviations(complete: Floats, codes: Sequence[str]) -> Floats:
    if len(complete) < FEWEST_UNITS:
        raise NotComputable(
            f"{len(complete)} units have a score in each of {', '.join(codes)}; {FEWEST_UNITS} are needed"
        )
    constant = is_constant(complete)
    if constant.any():
        code = codes[int(np.argmax(constant))]
        raise NotComputable(f"{code}: the score is the same everywhere, so no weight gives it importance")
    return complete.std(axis=0, ddof=1)


def _importance(scaled: Floats, r: Floats) -> Floats:
    covariances = (r @ (scaled / scaled.sum())).clip(0)
    return covariances**2 / (covariances**2).sum()


def _misfit(scaled: Floats, r: Floats, wanted: Floats) -> tuple[float, Floats]:
    """The sum of squared differences from the targets and its gradient; 2, the most, without a score."""
    covariances = (r @ scaled).clip(0)
    if covariances.max() < NO_COVARIANCE:
        return 2.0, np.zeros_like(wanted)
    total = (covariances**2).sum()
    shares = covariances**2 / total
    off = shares - wanted
    return float(off @ off), r @ (4 * covariances / total * (off - off @ shares))


def _starts(r: Floats, wanted: Floats) -> list[Floats]:
    """Equal, the targets, half-way from equal to each single child, and what would be exact.

    Importances equal the targets where the correlations are as their roots. That is a set of linear
    equations: if its solution has no negative weight, nothing is left to descend.
    """
    k = len(wanted)
    equal = np.full(k, 1 / k)
    exact = np.linalg.lstsq(r, np.sqrt(wanted), rcond=None)[0].clip(0)
    starts = [equal, wanted, *(equal + np.eye(k)) / 2]
    return [exact / exact.sum(), *starts] if exact.sum() > NO_COVARIANCE else starts


def _descend(r: Floats, wanted: Floats, start: Floats) -> Floats:
    # scipy.optimize takes half a second to import; only a method that optimises weights should pay for it.
    from scipy.optimize import minimize

    found = minimize(
        _misfit,
        start,
        args=(r, wanted),
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * len(wanted),
        constraints={"type": "eq", "fun": lambda u: u.sum() - 1, "jac": np.ones_like},
        options={"ftol": 1e-15, "maxiter": 500},
    )
    end = np.nan_to_num(found.x).clip(0)
    better = end.any() and _misfit(end, r, wanted)[0] < _misfit(start, r, wanted)[0]
    return end / end.sum() if better else start


def _by_code(codes: Sequence[str], values: Floats) -> dict[str, float]:
    return dict(zip(codes, (float(value) for value in values), strict=True))
