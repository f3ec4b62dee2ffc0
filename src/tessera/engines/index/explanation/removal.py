"""What an index would say without one of its indicators or groups."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.compute import Result, periods, ranks_within
from tessera.engines.index.explanation.leverage import one_changed
from tessera.engines.index.steps.rank import rank_shift


@dataclass(frozen=True, eq=False)
class Removals:
    """The root's scores and ranks without one node at a time.

    Parameters
    ----------
    codes : tuple of str
        Of all nodes but the root, each after its parent; what is left out with a group is all below it.
    scores : ndarray of float, shape (n_codes, n_rows)
        NaN where nothing is left.
    ranks : ndarray of int, same shape
        1 is the highest of its period; 0 where there is no score.
    mean_rank_shift : ndarray of float, shape (n_codes,)
        Places by which a unit moves, on average over units ranked with and without the node; NaN for none.
    """

    codes: tuple[str, ...]
    scores: NDArray[np.float64]
    ranks: NDArray[np.int64]
    mean_rank_shift: NDArray[np.float64]


def removals(result: Result) -> Removals:
    """Leave out each indicator and each group in turn.

    The normalised scores and the weights of the result stand: the weights of a node's siblings are scaled up,
    and a group left without children goes with them. Steps that look over several indicators (screening,
    imputation within a row, weights from correlations) are not done anew. The node is not missing but not
    asked: a rule's ``min_available`` is a share of the others.

    Raises
    ------
    NotComputable
        Without a node, a group on the way has a score of which its rule makes no mean.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 7.

    Examples
    --------
    >>> from tessera.engines.index.compute import compute
    >>> from tessera.engines.index.data import Data
    >>> from tessera.engines.index.method import Method
    >>> from tessera.engines.index.structure import Node, Tree
    >>> tree = Tree((Node("index", None), Node("jobs", "index", 3.0), Node("homes", "index")))
    >>> data = Data(("A", "B"), ("jobs", "homes"), np.array([[0.0, 6.0], [1.0, 5.0]]))
    >>> found = removals(compute(tree, data, Method()))
    >>> dict(zip(found.codes, found.scores.tolist())), found.mean_rank_shift.tolist()
    ({'jobs': [100.0, 0.0], 'homes': [0.0, 100.0]}, [1.0, 0.0])
    """
    codes = result.tree.downward[1:]
    gone = np.full(len(result.rows), np.nan)
    scores = one_changed(result, dict.fromkeys(codes, gone), asked=False)
    ranks = ranks_within(periods(result.data), scores)
    nominal = result.ranks[:, result.codes.index(result.tree.root)]
    return Removals(codes, scores, ranks, rank_shift(ranks, nominal))
