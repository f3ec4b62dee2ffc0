"""Best-worst answers of a panel (MaxDiff): how often each item was the best and the worst of those shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tessera.engines.portfolio.errors import ChoiceError

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

CONFIDENCE = 0.95
FEWEST_PERSONS = 2


@dataclass(frozen=True)
class Choice:
    """The answer of one person to one task."""

    person: str
    shown: tuple[str, ...]
    best: str
    worst: str


@dataclass(frozen=True)
class BestWorstCounts:
    """What a panel chose, one entry an item, in the order in which the items were given."""

    items: tuple[str, ...]
    n_persons: int
    n_tasks: int
    """Answers counted, of all persons together."""
    shown: Counts
    best: Counts
    worst: Counts
    score: Floats
    """(best - worst) / shown, -1 to 1. NaN if never shown."""
    low: Floats
    high: Floats
    """Interval of 95 % around the score. NaN if fewer than two persons saw the item."""
    rank: Counts
    """1 is the highest score, ties take the smallest rank. 0 if never shown."""


def count_choices(choices: Sequence[Choice], items: Sequence[str]) -> BestWorstCounts:
    """Count how often each item was chosen as best and as worst, and score it.

    The score is the difference over the number of times that the item was shown: 1 if it was the best in
    every task, -1 if the worst in every task, 0 if as often best as worst or never chosen. It compares items
    fairly if each met all others about equally often: see `measure_balance`.

    The interval treats persons, not answers, as the sample. For one task a person it is the one of Bonett and
    Price for a difference of two shares of the same people: one person who finds the item best and one who
    finds it worst are added, which keeps its width above 0 where all agree. Several answers of a person are
    taken together (a ratio estimator over clusters), and Student's t has as many degrees of freedom as
    persons saw the item, less one.

    Parameters
    ----------
    choices : sequence of Choice
        In any order, of any number of persons; a person may have answered any number of tasks. A task that
        was not answered, or only in part, is left out by the caller.
    items : sequence of str
        Every item of the panel, also those that were never shown.

    Returns
    -------
    BestWorstCounts

    Raises
    ------
    ChoiceError
        No choice, no two items, an item twice, a task of fewer than two items, an item that is not in the
        list, a best or a worst that was not shown, or a best that is also the worst. The message names the
        choice by its number, counted from 1, and its person.

    References
    ----------
    Louviere, Flynn and Marley (2015), Best-Worst Scaling, Cambridge University Press: the scores. Marley and
    Louviere (2005), Journal of Mathematical Psychology 49, 464-480: the model behind them. Bonett and Price
    (2012), Journal of Educational and Behavioral Statistics 37, 479-488, and Cochran (1977), Sampling
    Techniques, section 6.4: the interval.

    Examples
    --------
    >>> answers = [
    ...     Choice("anna", ("bus", "park", "school"), best="school", worst="bus"),
    ...     Choice("juris", ("bus", "park", "school"), best="park", worst="bus"),
    ... ]
    >>> counts = count_choices(answers, ["bus", "park", "school"])
    >>> counts.score.tolist(), counts.rank.tolist()
    ([-1.0, 0.5, 0.5], [3, 1, 1])
    """
    places = _places(items)
    if not choices:
        raise ChoiceError("there is no choice to count; give at least one answered task")
    rows: dict[str, int] = {}
    seen: list[tuple[int, int]] = []
    best: list[tuple[int, int]] = []
    worst: list[tuple[int, int]] = []
    for number, choice in enumerate(choices, start=1):
        _check_choice(f"choice {number}, of {choice.person!r}", choice, places)
        row = rows.setdefault(choice.person, len(rows))
        seen += [(row, places[item]) for item in choice.shown]
        best.append((row, places[choice.best]))
        worst.append((row, places[choice.worst]))
    shape = (len(rows), len(places))
    shown_by, best_by, worst_by = (_tally(cells, shape) for cells in (seen, best, worst))
    shown, chosen = shown_by.sum(axis=0), (best_by - worst_by).sum(axis=0)
    score = np.full(len(places), np.nan)
    np.divide(chosen, shown, out=score, where=shown > 0)
    low, high = _interval(best_by - worst_by, shown_by)
    return BestWorstCounts(
        items=tuple(items),
        n_persons=len(rows),
        n_tasks=len(choices),
        shown=shown,
        best=best_by.sum(axis=0),
        worst=worst_by.sum(axis=0),
        score=score,
        low=low,
        high=high,
        rank=np.where(shown > 0, 1 + (score[None, :] > score[:, None]).sum(axis=1), 0),
    )


def _places(items: Sequence[str]) -> dict[str, int]:
    places = {item: place for place, item in enumerate(items)}
    if len(places) < len(items):
        twice = next(item for place, item in enumerate(items) if places[item] != place)
        raise ChoiceError(f"the item {twice!r} stands twice in the list of items; list each once")
    if len(places) < 2:
        raise ChoiceError(f"the list of items has {len(places)}; a choice needs at least two")
    return places


def _check_choice(where: str, choice: Choice, places: dict[str, int]) -> None:
    shown = set(choice.shown)
    if len(shown) < len(choice.shown):
        twice = next(item for item in choice.shown if choice.shown.count(item) > 1)
        raise ChoiceError(f"{where}: {twice!r} was shown twice in one task; show each item once")
    if len(shown) < 2:
        raise ChoiceError(f"{where}: {len(shown)} items were shown; a best and a worst need at least two")
    unknown = [item for item in choice.shown if item not in places]
    if unknown:
        raise ChoiceError(f"{where}: {unknown[0]!r} is not in the list of items; correct it or add it there")
    for word, item in (("best", choice.best), ("worst", choice.worst)):
        if item not in shown:
            raise ChoiceError(
                f"{where}: the {word}, {item!r}, was not shown; expected one of {', '.join(choice.shown)}."
                " Leave out a task that was not answered in full"
            )
    if choice.best == choice.worst:
        raise ChoiceError(
            f"{where}: {choice.best!r} is both the best and the worst; look at the answer again, or leave it"
            " out"
        )


def _tally(cells: list[tuple[int, int]], shape: tuple[int, int]) -> Counts:
    """How often each cell of a table of persons by items is listed."""
    counts = np.zeros(shape, dtype=np.int64)
    persons, items = zip(*cells, strict=True)
    np.add.at(counts, (persons, items), 1)
    return counts


def _interval(chosen_by: Counts, shown_by: Counts) -> tuple[Floats, Floats]:
    # scipy takes longer to import than a panel takes to count; the web process mostly goes without.
    from scipy.special import stdtrit

    persons = (shown_by > 0).sum(axis=0)
    size = shown_by.sum(axis=0) + 2
    centre = chosen_by.sum(axis=0) / size
    squares = ((chosen_by - centre * shown_by) ** 2).sum(axis=0) + (1 - centre) ** 2 + (1 + centre) ** 2
    enough = persons >= FEWEST_PERSONS
    t = np.where(enough, stdtrit(np.maximum(persons - 1, 1), (1 + CONFIDENCE) / 2), np.nan)
    half = t * np.sqrt(squares) / size
    return (centre - half).clip(-1, 1), (centre + half).clip(-1, 1)
