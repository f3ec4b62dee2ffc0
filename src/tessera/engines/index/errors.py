"""What the index engine refuses.

IndexEngineError
└── StructureError    no tree: no root or two, a circle, an unknown parent, a code twice, a bad weight
"""


class IndexEngineError(ValueError):
    """The engine was given something it cannot compute with; the message names it."""


class StructureError(IndexEngineError):
    pass
