"""Secondary cell suppression: hide as little as leaves every hidden figure open to a reader who reckons.

For each hidden figure the program looks for *alternatives*: other whole-number tables that agree with
everything published, now and before, and in which the figure is another. Where the published cells leave too
few of them, the cheapest further cells are hidden that let one in: the cells that the alternative changes
(the heuristic of Kelly, Golden and Assad, with a linear programme in place of the network). What was found
stays true when more is hidden, so that the search ends.

References
----------
Hundepool et al. (2012), Statistical Disclosure Control, chapter 4. Fischetti and Salazar-González (2001),
Solving the Cell Suppression Problem on Tabular Data with Linear Constraints, Management Science 47(7), on
protection levels; ours is a sliding one. Kelly, Golden and Assad (1992), Cell Suppression: Disclosure
Protection for Sensitive Tabular Data, Networks 22(4).
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from tessera.engines.opinion.disclosure.block import Block, Course
from tessera.engines.opinion.disclosure.tables import HIDDEN

# One person more between the smallest and the largest value outweighs all the cells that it can cost.
REACH = 1000.0
WHOLE = 1e-6


@dataclass(frozen=True)
class Figure:
    """What a reader would like to know: a hidden count, or by how much a count moved. Positions of cells."""

    cell: int
    since: int | None


def suppress(
    newest: Block, history: Block | None, fixed: NDArray[np.bool_], hidden: NDArray[np.bool_], width: int
) -> NDArray[np.bool_]:
    """Mark further cells as hidden until every figure that is not shown is open.

    A figure is *open* when the smallest and the largest value that it takes among all tables that agree with
    what is shown lie at least ``width`` apart; or, where the totals and what was published before already
    leave less, as far apart as those leave them. That is asked for every ``Course`` that the figures can have
    taken.

    Parameters
    ----------
    newest : Block
        The new publication alone, with true counts.
    history : Block or None
        The same with the publications before it, the newest last; None when there are none.
    fixed, hidden : ndarray of bool, shape (n_cells of newest,)
        Cells on which is no longer decided here, and cells that are not shown.
    width : int
        People.

    Returns
    -------
    ndarray of bool, shape (n_cells of newest,)
        ``hidden`` and what had to be added.

    """
    if hidden[~fixed].all():
        return hidden
    searches = [_Search(newest, Course.ANY, fixed, hidden, width)]
    if history is not None:
        courses = [course for course in Course if course is not Course.ANY]
        searches += [_Search(history, course, fixed, hidden, width) for course in courses]
    while True:
        before = hidden
        for search in searches:
            hidden = search.open_up(hidden)
        if len(searches) == 1 or (hidden == before).all():
            break
    return hidden


def _figures(block: Block, course: Course, counts: NDArray[np.float64]) -> Iterator[Figure]:
    """Every count of an attribute's table and, where a course ties the publications, every move of one.

    Between two publications with the same totals, of which all cells shown in both are the same, moves are
    left out: that nothing moved is what anybody supposes then, and nothing else can follow.
    """
    by_place: dict[tuple[object, ...], list[int]] = {}
    for position, cell in enumerate(block.cells):
        by_place.setdefault(cell.place, []).append(position)
        yield Figure(position, None)
    if course is Course.ANY:
        return
    pairs = [pair for positions in by_place.values() for pair in itertools.combinations(positions, 2)]
    moved = {
        (block.cells[then].publication, block.cells[now].publication, block.cells[now].table.statement)
        for then, now in pairs
        if block.total_of(then) != block.total_of(now)
        or (HIDDEN not in (counts[then], counts[now]) and counts[then] != counts[now])
    }
    for then, now in pairs:
        cell = block.cells[now]
        if (block.cells[then].publication, cell.publication, cell.table.statement) in moved:
            yield Figure(now, then)


def _widest(block: Block, course: Course, figure: Figure) -> int:
    """How far the totals alone let a figure range."""
    now = block.total_of(figure.cell)
    if figure.since is None:
        return now
    then = block.total_of(figure.since)
    votes = block.cells[figure.cell].table.statement is not None
    return now + then if course is Course.NOBODY_LEFT and votes else abs(now - then)


class _Search:
    """Looks for alternatives under one course, and remembers how far it has seen each figure range.

    The linear programme has the unknowns of the block and, for each cell on which is still decided, by how
    much it rises above and falls below its true count.
    """

    def __init__(
        self, block: Block, course: Course, fixed: NDArray[np.bool_], hidden: NDArray[np.bool_], width: int
    ) -> None:
        cells = block.figures()
        counts = np.array([cell.count for cell in block.cells], dtype=float)
        n_before = len(cells) - len(fixed)
        self.hidden_before = counts[:n_before] == HIDDEN
        visible = np.where(np.concatenate([self.hidden_before, hidden]), HIDDEN, counts)
        self.figures = list(_figures(block, course, visible))
        self.rows = np.array(
            [
                cells[figure.cell] - (0 if figure.since is None else cells[figure.since])
                for figure in self.figures
            ]
        ).reshape(len(self.figures), block.n_unknowns)
        self.target = np.minimum(width, [_widest(block, course, figure) for figure in self.figures])
        self.low = np.full(len(self.figures), np.inf)
        self.high = np.full(len(self.figures), -np.inf)
        self.exhausted = np.zeros(len(self.figures), dtype=bool)

        self.undecided = np.flatnonzero(~fixed)
        movable = n_before + self.undecided
        settled = np.flatnonzero(np.concatenate([~self.hidden_before, fixed & ~hidden]))
        self.price = 1 + 0.5 * counts[movable] / max(counts.max(initial=1), 1)
        sums, totals = block.equalities()
        limits = block.inequalities(course)
        matrix = np.vstack([cells[movable], sums, cells[settled], limits])
        rises = -np.eye(len(matrix), len(movable))
        known = np.concatenate([counts[movable], totals, counts[settled]])
        self.system = LinearConstraint(
            csc_array(np.hstack([matrix, rises, -rises])),
            np.concatenate([known, np.full(len(limits), -np.inf)]),
            np.concatenate([known, np.zeros(len(limits))]),
        )

    def open_up(self, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Hide until every figure is open under this course, if what is shown allows the course at all."""
        changed = self._alternative(hidden, np.zeros(self.rows.shape[1]), np.inf)
        if changed is None or (changed & ~hidden).any():
            return hidden
        self._look_around(hidden)
        while not hidden[self.undecided].all() and (closed := self._closed(hidden)).size:
            figure = closed[0]
            for direction in (1, -1):
                if self.high[figure] - self.low[figure] < self.target[figure]:
                    edge = self.low[figure] if direction == 1 else -self.high[figure]
                    changed = self._alternative(
                        hidden, direction * self.rows[figure], edge + self.target[figure]
                    )
                    assert changed is not None, "what agreed before agrees still"
                    if (changed & ~hidden).any():
                        hidden = hidden | changed
                        self._look_around(hidden)
            self.exhausted[figure] = True
        return hidden

    def _closed(self, hidden: NDArray[np.bool_]) -> NDArray[np.intp]:
        """The figures that are not shown and that were not yet seen to range far enough."""
        unseen = np.concatenate([self.hidden_before, hidden])
        narrow = np.flatnonzero((self.high - self.low < self.target) & ~self.exhausted)
        asked = [
            unseen[figure.cell] or (figure.since is not None and bool(unseen[figure.since]))
            for figure in (self.figures[position] for position in narrow)
        ]
        return narrow[np.array(asked, dtype=bool)]

    def _look_around(self, hidden: NDArray[np.bool_]) -> None:
        """Push the closed figures about, within what is hidden now: most of them move far at once."""
        generator = np.random.default_rng(0)
        still = np.where(hidden[self.undecided], np.inf, 0.0)
        before, closed = len(self.figures) + 1, self._closed(hidden)
        while 0 < len(closed) < before:
            direction = generator.choice([-1.0, 1.0], size=len(closed)) @ self.rows[closed]
            for cost in (direction, -direction):
                self._solve(np.concatenate([cost, np.zeros(2 * len(still))]), [self.system], still)
            before, closed = len(closed), self._closed(hidden)

    def _alternative(
        self, hidden: NDArray[np.bool_], goal: NDArray[np.float64], limit: float
    ) -> NDArray[np.bool_] | None:
        """The tables that raise ``goal`` most, up to a limit, and of those the ones cheapest to allow.

        Marks the cells that they change. None when no tables at all fit the course.
        """
        price = np.where(hidden[self.undecided], 0.0, self.price)
        cost = np.concatenate([-REACH * goal, price, price])
        aim = np.concatenate([goal, np.zeros(2 * len(price))])
        constraints = [self.system, LinearConstraint(aim[None, :], -np.inf, limit)]
        moves = self._solve(cost, constraints, np.full(len(price), np.inf))
        if moves is None:
            return None
        changed = np.zeros(len(hidden), dtype=bool)
        changed[self.undecided] = np.abs(moves) > WHOLE
        return changed

    def _solve(
        self, cost: NDArray[np.float64], constraints: list[LinearConstraint], most: NDArray[np.float64]
    ) -> NDArray[np.float64] | None:
        """By how much the cells move in the cheapest whole-number tables, which are taken note of.

        None when there are no such tables.
        """
        n_unknowns = self.rows.shape[1]
        for whole in (0, 1):
            found = milp(
                cost,
                integrality=np.full(len(cost), whole),
                bounds=Bounds(0, np.concatenate([np.full(n_unknowns, np.inf), most, most])),
                constraints=constraints,
                options={"mip_rel_gap": 0.0},
            )
            if found.x is None:
                return None
            unknowns = np.rint(found.x[:n_unknowns])
            if np.abs(found.x[:n_unknowns] - unknowns).max(initial=0.0) < WHOLE:
                break
        values = self.rows @ unknowns
        self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)
        rise, fall = np.split(found.x[n_unknowns:], 2)
        moves: NDArray[np.float64] = rise - fall
        return moves
