"""What of an index is uncertain, declared on its method: the factors of an uncertainty analysis.

A factor with alternatives takes one of them in a run, each equally likely. A factor without takes a draw from
its distribution; the number of the draw is its *key*, from which the same draw can be made again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tessera.engines.index.method import Method


SUM_TOLERANCE = 1e-6
"""Probabilities are typed with a few digits: thirds must pass."""


@dataclass(frozen=True)
class Choice:
    """A choice among alternatives of a step, or of one key of it."""

    name: str
    step: str
    """A field of `Method`."""
    key: str | None
    """A field of the step; None when the values are whole steps."""
    values: tuple[Any, ...]

    @property
    def alternatives(self) -> int:
        return len(self.values)

    def chosen(self, method: "Method", number: int) -> "Method":
        """The method with one alternative, counted from 1."""
        return method.with_setting(self.step, self.key, self.values[number - 1])


@dataclass(frozen=True)
class WeightNoise:
    """Each weight on some levels times an even draw from 1 - noise to 1 + noise."""

    name: str
    noise: float
    levels: tuple[int, ...]
    alternatives = None


@dataclass(frozen=True)
class WeightShares:
    """The shares of the children in each group from a Dirichlet distribution around the shares given.

    The concentration is the sum of its parameters: the higher, the nearer to the shares given. The level is
    that of the children.
    """

    name: str
    concentration: float
    levels: tuple[int, ...]
    alternatives = None


@dataclass(frozen=True, eq=False)
class WeightSets:
    """One of several sets of weights, which replace those given."""

    name: str
    codes: tuple[str, ...]
    weights: NDArray[np.float64]
    """Shape (n_sets, n_codes), from 0."""

    def without_weight(self, codes: Sequence[str]) -> int | None:
        """The number of the first set, from 1, that gives all of these codes the weight 0."""
        empty = ~self.weights[:, [self.codes.index(code) for code in codes]].any(axis=1)
        return int(np.argmax(empty)) + 1 if empty.any() else None

    @property
    def alternatives(self) -> int:
        return len(self.weights)


@dataclass(frozen=True)
class Doubt:
    """The values that one answer can have, with their probabilities, which sum to 1 within SUM_TOLERANCE."""

    row: str
    code: str
    values: tuple[float, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class UncertainCells:
    """Answers drawn for single units: doubtful ones from their own distribution, missing ones from the class.

    ``missing`` is "class" or None. The class of a unit is those with the same attribute ``group``, all units
    without one; a missing answer is drawn from theirs, each equally likely.
    """

    name: str
    missing: str | None = None
    group: str | None = None
    doubts: tuple[Doubt, ...] = ()
    alternatives = None


Factor = Choice | WeightNoise | WeightShares | WeightSets | UncertainCells
