"""The smallest and the largest value of many sums over the whole-number solutions of a linear system."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

from tessera.engines.opinion.disclosure.equations import Equations

WHOLE = 1e-6
PAIRS_OF_TRIES = 4


def find_ranges(
    equations: Equations, figures: csr_array, target: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The range of each figure over all whole, non-negative solutions.

    The system falls apart into parts that share no unknown. One programme moves a figure of every part at
    once, and each solution tells something of all figures.

    Parameters
    ----------
    figures : sparse array, shape (n_figures, n_unknowns)
    target : ndarray of int, shape (n_figures,)
        The search for a figure ends when the ends of its range are seen to lie this far apart. Where that
        never happens, the ends are exact.

    Returns
    -------
    low, high : ndarray of int, shape (n_figures,)
        In a part without a solution the low end is above the high one.
    """
    hunt = _Hunt(equations, figures, target)
    generator = np.random.default_rng(0)
    for _ in range(PAIRS_OF_TRIES):
        open_figures = hunt.open_figures()
        if open_figures.any():
            direction = (
                open_figures * generator.choice([-1, 1], len(target)) * generator.uniform(1, 2, len(target))
            )
            there, back = hunt.push(direction), hunt.push(-direction)
            hunt.settle_what_stood_still(open_figures, there & back)
    while (unsure := np.flatnonzero(hunt.open_figures())).size:
        _, first = np.unique(hunt.part_of_figure[unsure], return_index=True)
        one_of_each_part = np.zeros(len(target))
        one_of_each_part[unsure[first]] = 1.0
        hunt.push(one_of_each_part)
        hunt.push(-one_of_each_part)
        hunt.exact[unsure[first]] = True
    return hunt.low, hunt.high


class _Hunt:
    """The ranges seen so far, over the unknowns that no single equation fixes."""

    def __init__(self, equations: Equations, figures: csr_array, target: NDArray[np.int64]) -> None:
        self.target = target
        self.low = np.full(len(target), np.iinfo(np.int64).max)
        self.high = np.full(len(target), np.iinfo(np.int64).min)
        self.exact = np.zeros(len(target), dtype=bool)
        self.solvable = np.ones(len(target), dtype=bool)

        rows = vstack([equations.equal, equations.at_most], format="csr")
        least = np.concatenate([equations.sums, np.full(equations.at_most.shape[0], -np.inf)])
        most = np.concatenate([equations.sums, np.zeros(equations.at_most.shape[0])])
        single = np.flatnonzero(np.diff(equations.equal.indptr) == 1)
        known = np.zeros(equations.size)
        fixed = np.zeros(equations.size, dtype=bool)
        known[equations.equal.indices[equations.equal.indptr[single]]] = equations.sums[single]
        fixed[equations.equal.indices[equations.equal.indptr[single]]] = True

        self.certain = figures @ known
        self.figures = figures[:, ~fixed]
        remaining = rows[:, ~fixed]
        used = np.diff(remaining.indptr) > 0
        self.rows = remaining[used]
        self.least, self.most = ((bound - rows @ known)[used] for bound in (least, most))
        self._split()

    def _split(self) -> None:
        """Find the parts, and take those without a solution out of the system."""
        links = vstack([self.rows, self.figures], format="csr")
        _, label = connected_components(
            block_array([[None, links], [links.T, None]], format="csr"), directed=False
        )
        n_rows = self.rows.shape[0]
        part_of_row = label[:n_rows]
        self.part_of_figure = label[n_rows : n_rows + len(self.target)]
        self.part_of_unknown = label[n_rows + len(self.target) :]
        nothing = np.zeros(self.figures.shape[1])
        if _solve(nothing, self.rows, self.least, self.most, whole=True) is not None:
            return
        for part in np.unique(part_of_row):
            mine, unknowns = part_of_row == part, self.part_of_unknown == part
            rows = self.rows[mine][:, unknowns]
            if _solve(np.zeros(rows.shape[1]), rows, self.least[mine], self.most[mine], whole=True) is None:
                self.solvable[self.part_of_figure == part] = False
                self.least[mine], self.most[mine] = -np.inf, np.inf

    def open_figures(self) -> NDArray[np.bool_]:
        """Those that may range further than was seen."""
        seen = self.low <= self.high
        span = np.where(seen, self.high, 0) - np.where(seen, self.low, 0)
        return self.solvable & ~(self.exact | (seen & (span >= self.target)))

    def settle_what_stood_still(self, pushed: NDArray[np.bool_], arrived: NDArray[np.bool_]) -> None:
        """A part in which a weighted sum of figures is as small as it is large has these figures fixed.

        The weights are random reals: that a sum of moving figures stands still has probability 0.
        """
        moving = np.unique(self.part_of_figure[pushed & ((self.low != self.high) | ~arrived)])
        self.exact |= pushed & ~np.isin(self.part_of_figure, moving)

    def push(self, direction: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Move as far as possible in one direction, and note where every figure then is.

        Marks the figures that took part: those in parts with a solution.
        """
        cost = -(self.figures.T @ direction)
        solution = _solve(cost, self.rows, self.least, self.most, whole=False)
        if solution is not None and np.abs(solution - np.rint(solution)).max(initial=0.0) > WHOLE:
            solution = _solve(cost, self.rows, self.least, self.most, whole=True)
        if solution is None:
            return np.zeros(len(self.target), dtype=bool)
        values = np.rint(self.figures @ np.rint(solution) + self.certain).astype(np.int64)
        self.low = np.where(self.solvable, np.minimum(self.low, values), self.low)
        self.high = np.where(self.solvable, np.maximum(self.high, values), self.high)
        return self.solvable


def _solve(
    cost: NDArray[np.float64],
    rows: csr_array,
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    *,
    whole: bool,
) -> NDArray[np.float64] | None:
    if not cost.size:
        return cost
    found = milp(
        cost,
        integrality=np.full(cost.size, int(whole)),
        bounds=Bounds(0, np.inf),
        constraints=LinearConstraint(rows, least, most),
        options={"mip_rel_gap": 0.0},
    )
    solution: NDArray[np.float64] | None = found.x
    return solution
