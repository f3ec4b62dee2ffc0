"""Which items to show together in the tasks of a MaxDiff panel, and how even a set of tasks is."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.portfolio.errors import DesignError

Counts = NDArray[np.int64]

# Exchanges that are tried, for each place of the design and in all, and how warm the search starts and ends,
# in halves of the sum of squares: found by trying on designs that are known to exist, as those in
# tests/oracles/best_worst.py.
EXCHANGES_PER_PLACE = 1000
MOST_EXCHANGES = 200_000
WARM, COLD = 0.6, 0.2
NOBODY = -1


@dataclass(frozen=True)
class Balance:
    """How evenly tasks show their items."""

    shown: Counts
    """(n_items,), the tasks that show an item."""
    together: Counts
    """(n_items, n_items), the tasks that show both; 0 on the diagonal."""
    positions: Counts
    """(n_items, n_shown), how often an item stands first, second and so on."""
    fewest_together: int
    most_together: int
    """Over all pairs of items."""
    connected: bool
    """Every item can be compared with every other, if only through a chain of tasks. If not, the scores of
    the separate parts cannot be compared."""


@dataclass(frozen=True)
class Design:
    tasks: Counts
    """(n_tasks, n_shown): the places of the items in the list, from 0, in the order in which to show them."""
    balance: Balance


def design_tasks(n_items: int, n_shown: int, n_tasks: int, rng: np.random.Generator) -> Design:
    """Make tasks that show every item equally often and every pair as evenly as the search finds.

    Items are shown equally often if the places of the tasks can be shared among them, else the numbers differ
    by one. So do the positions: an item stands first as often as second, or once more. Pairs are evened out
    by exchanging items between tasks, with simulated annealing on the sum of squares; it stops at the least
    possible sum and otherwise after a fixed number of exchanges. It need not find the best design: the
    balance tells what it found.

    Parameters
    ----------
    n_items : int
        At least 2.
    n_shown : int
        Items in a task, 2 to n_items. Four or five are usual.
    n_tasks : int
        Enough that every item is shown.
    rng : numpy.random.Generator
        The same state gives the same tasks.

    Returns
    -------
    Design

    Raises
    ------
    DesignError
        The numbers allow no such tasks; the message says what would.

    References
    ----------
    Louviere, Flynn and Marley (2015), Best-Worst Scaling, Cambridge University Press: balanced incomplete
    block designs for best-worst tasks. Positions by König's theorem (1916): the edges of a bipartite graph
    can be coloured with as many colours as its largest degree.

    Examples
    --------
    Seven items in seven tasks of three: every pair meets once.

    >>> balance = design_tasks(7, 3, 7, np.random.default_rng(1)).balance
    >>> balance.shown.tolist(), balance.fewest_together, balance.most_together
    ([3, 3, 3, 3, 3, 3, 3], 1, 1)
    >>> bool((balance.positions == 1).all())
    True
    """
    _check_numbers(n_items, n_shown, n_tasks)
    blocks = _deal(n_items, n_shown, n_tasks, rng)
    _even_out_pairs(blocks, n_items, rng)
    tasks = rng.permutation(_order_within(blocks, n_items, n_shown, rng))
    return Design(tasks, measure_balance(tasks, n_items))


def measure_balance(tasks: Counts, n_items: int) -> Balance:
    """Count how evenly tasks show their items, alone, in pairs and by position.

    Parameters
    ----------
    tasks : ndarray of int, shape (n_tasks, n_shown)
        Places of items in their list, 0 to n_items - 1. The tasks of several persons can be stacked.
    n_items : int
        At least 2.

    Raises
    ------
    DesignError
        Not a table of tasks, a place outside the list, or an item twice in a task.

    Examples
    --------
    >>> balance = measure_balance(np.array([[0, 1], [2, 3]]), 4)
    >>> balance.shown.tolist(), balance.fewest_together, balance.most_together, balance.connected
    ([1, 1, 1, 1], 0, 1, False)
    """
    _check_tasks(tasks, n_items)
    # scipy takes longer to import than a panel takes to count; the web process mostly goes without.
    from scipy.sparse.csgraph import connected_components

    n_tasks, n_shown = tasks.shape
    present = np.zeros((n_tasks, n_items), dtype=np.int64)
    present[np.arange(n_tasks)[:, None], tasks] = 1
    together = present.T @ present
    shown = together.diagonal().copy()
    np.fill_diagonal(together, 0)
    positions = np.zeros((n_items, n_shown), dtype=np.int64)
    np.add.at(positions, (tasks, np.arange(n_shown)[None, :]), 1)
    pairs = together[np.triu_indices(n_items, 1)]
    parts, _ = connected_components(together, directed=False)
    return Balance(shown, together, positions, int(pairs.min()), int(pairs.max()), bool(parts == 1))


def _check_numbers(n_items: int, n_shown: int, n_tasks: int) -> None:
    if n_items < 2:
        raise DesignError(f"there are {n_items} items; a choice needs at least two")
    if not 2 <= n_shown <= n_items:
        raise DesignError(f"a task shows {n_shown} of {n_items} items; show at least 2 and at most {n_items}")
    if n_tasks * n_shown < n_items:
        raise DesignError(
            f"{n_tasks} tasks of {n_shown} have {n_tasks * n_shown} places for {n_items} items, so that some"
            f" would never be shown; make at least {math.ceil(n_items / n_shown)} tasks"
        )


def _check_tasks(tasks: Counts, n_items: int) -> None:
    if n_items < 2:
        raise DesignError(f"there are {n_items} items; a choice needs at least two")
    if tasks.ndim != 2 or not np.issubdtype(tasks.dtype, np.integer) or not tasks.size:
        raise DesignError(
            f"tasks are {tasks.dtype} of shape {tasks.shape}; expected a table of whole numbers, a row a task"
        )
    outside = np.argwhere((tasks < 0) | (tasks >= n_items))
    if len(outside):
        task, position = outside[0]
        raise DesignError(
            f"task {task + 1}, position {position + 1}: there is no item {tasks[task, position]};"
            f" expected 0 to {n_items - 1}"
        )
    ordered = np.sort(tasks, axis=1)
    twice = np.argwhere(ordered[:, 1:] == ordered[:, :-1])
    if len(twice):
        task, place = twice[0]
        raise DesignError(
            f"task {task + 1} shows item {ordered[task, place]} twice; show each item once in a task"
        )


def _deal(n_items: int, n_shown: int, n_tasks: int, rng: np.random.Generator) -> list[list[int]]:
    """Fill task after task with the items dealt least so far: their numbers differ by one at most."""
    dealt = np.zeros(n_items, dtype=np.int64)
    blocks = []
    for _ in range(n_tasks):
        block = np.lexsort((rng.random(n_items), dealt))[:n_shown]
        dealt[block] += 1
        blocks.append(block.tolist())
    return blocks


def _even_out_pairs(blocks: list[list[int]], n_items: int, rng: np.random.Generator) -> None:
    """Exchange items between blocks until the numbers of common blocks are even, as far as found."""
    n_tasks, n_shown = len(blocks), len(blocks[0])
    if n_tasks < 2:
        return
    together = [[0] * n_items for _ in range(n_items)]
    for block in blocks:
        for one in block:
            for other in block:
                together[one][other] += one != other
    excess = _excess(together, n_items)
    exchanges = min(EXCHANGES_PER_PLACE * n_tasks * n_shown, MOST_EXCHANGES)
    cooling = (COLD / WARM) ** (1 / exchanges)
    warmth = WARM
    for draw in rng.random((exchanges, 5)).tolist():
        if excess == 0:
            break
        warmth *= cooling
        first, second = int(draw[0] * n_tasks), int(draw[1] * (n_tasks - 1))
        left, right = blocks[first], blocks[second + (second >= first)]
        out, into = left[int(draw[2] * n_shown)], right[int(draw[3] * n_shown)]
        if into in left or out in right:
            continue
        gain, loss = together[into], together[out]
        stay_left = [item for item in left if item != out and item not in right]
        stay_right = [item for item in right if item != into and item not in left]
        change = sum(gain[item] - loss[item] + 1 for item in stay_left)
        change += sum(loss[item] - gain[item] + 1 for item in stay_right)
        if change > 0 and draw[4] >= math.exp(-change / warmth):
            continue
        for item, step in [(item, 1) for item in stay_left] + [(item, -1) for item in stay_right]:
            together[into][item] += step
            together[item][into] += step
            together[out][item] -= step
            together[item][out] -= step
        left[left.index(out)], right[right.index(into)] = into, out
        excess += change


def _excess(together: list[list[int]], n_items: int) -> int:
    """Half of what the sum of squares over pairs has above the least sum that these pairs could have."""
    numbers = [together[one][other] for one in range(n_items) for other in range(one)]
    each, more = divmod(sum(numbers), len(numbers))
    least = (len(numbers) - more) * each**2 + more * (each + 1) ** 2
    return (sum(number**2 for number in numbers) - least) // 2


def _order_within(blocks: list[list[int]], n_items: int, n_shown: int, rng: np.random.Generator) -> Counts:
    """Give the items of each block their positions, so that every item has all positions equally often.

    A position is a colour of the edge between a block and an item. The occurrences of an item are bundled by
    n_shown, so that no vertex has more edges than there are colours; a full bundle then has each colour once.
    """
    occurrences = [0] * n_items
    at_block = [[NOBODY] * n_shown for _ in blocks]
    at_bundle: dict[tuple[int, int], list[int]] = {}
    bundles: list[dict[int, list[int]]] = []
    for block, items in enumerate(blocks):
        bundles.append({})
        for item in rng.permutation(items).tolist():
            bundle = at_bundle.setdefault((item, occurrences[item] // n_shown), [NOBODY] * n_shown)
            bundles[block][item] = bundle
            occurrences[item] += 1
            free = [colour for colour in range(n_shown) if at_block[block][colour] == NOBODY]
            shared = [colour for colour in free if bundle[colour] == NOBODY]
            colour = shared[int(rng.integers(len(shared)))] if shared else free[0]
            if not shared:
                _swap_colours(bundle, item, colour, bundle.index(NOBODY), at_block, bundles)
            at_block[block][colour] = item
            bundle[colour] = block
    return np.array(at_block, dtype=np.int64)


def _swap_colours(
    bundle: list[int],
    item: int,
    wanted: int,
    spare: int,
    at_block: list[list[int]],
    bundles: list[dict[int, list[int]]],
) -> None:
    """Free the wanted colour at a bundle: swap it with a spare one along the path that starts there.

    The graph is bipartite, so the path never comes back to the block that wants the colour.
    """
    path = []
    old, new = wanted, spare
    while (block := bundle[old]) != NOBODY:
        path.append((bundle, item, block, old, new))
        following = at_block[block][new]
        if following == NOBODY:
            break
        item, bundle = following, bundles[block][following]
        path.append((bundle, item, block, new, old))
    for vertex, _, block, colour, _ in path:
        vertex[colour] = NOBODY
        at_block[block][colour] = NOBODY
    for vertex, named, block, _, colour in path:
        vertex[colour] = block
        at_block[block][colour] = named
