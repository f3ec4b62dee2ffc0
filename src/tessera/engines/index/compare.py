"""One unit beside a class of similar units."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SMALLEST_CLASS = 5
"""Under this number of units with a score no range is given: it would point at single ones."""


@dataclass(frozen=True)
class Range:
    n: int
    median: float
    low: float
    high: float


def class_range(scores: Sequence[float]) -> Range | None:
    """Median, lowest and highest of the scores that are there.

    Parameters
    ----------
    scores : sequence of float
        One for each unit of the class; NaN means no score.

    Returns
    -------
    Range or None
        None for fewer than five scores.

    Examples
    --------
    >>> class_range([10.0, 20.0, 40.0, 30.0, 90.0, float("nan")])
    Range(n=5, median=30.0, low=10.0, high=90.0)
    """
    present = np.array([score for score in scores if not np.isnan(score)])
    if len(present) < SMALLEST_CLASS:
        return None
    return Range(len(present), float(np.median(present)), float(present.min()), float(present.max()))
