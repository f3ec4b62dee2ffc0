"""What the panel methods, MaxDiff and Delphi, refuse.

PanelError
├── ChoiceError    a best-worst answer that cannot be: best is worst, an item was not shown, nobody answered
├── DesignError    tasks that cannot be made or are none: more items in a task than there are, one twice
├── RatingError    a table of ratings that does not fit: not 1 to 9, rounds of different people or items
└── RuleError      a rule of consensus under which an item could be in and out at once
"""


class PanelError(ValueError):
    """A panel method was given something it cannot compute with; the message names it."""


class ChoiceError(PanelError):
    pass


class DesignError(PanelError):
    pass


class RatingError(PanelError):
    pass


class RuleError(PanelError):
    pass
