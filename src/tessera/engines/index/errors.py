"""What the index engine refuses.

IndexEngineError
├── StructureError    no tree: no root or two, a circle, an unknown parent, a code twice, a bad weight
├── DataError         a table that does not fit: an unknown column, a unit twice, not a number
├── MethodError       a method that says something unknown, or something that the data or the tree lack
└── NotComputable     a step that has no result for these figures: a constant column, a logarithm of 0
"""

from collections.abc import Sequence


def some(names: Sequence[str], most: int = 8) -> str:
    """The first names of many, for a message."""
    shown = ", ".join(names[:most]) or "none"
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


class IndexEngineError(ValueError):
    """The engine was given something it cannot compute with; the message names it."""


class StructureError(IndexEngineError):
    pass


class DataError(IndexEngineError):
    pass


class MethodError(IndexEngineError):
    pass


class NotComputable(IndexEngineError):
    pass
