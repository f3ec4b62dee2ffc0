"""What the portfolio engine refuses.

PortfolioError
├── ProjectError         a project twice, none at all, a cost or a budget that is no amount above 0
├── BallotError          a project that is not on the ballot, a voter or a project twice, no voters
├── RuleError            an order for ties that lacks a project, a step that raises nothing, a foreign outcome
├── ChoiceError          a best-worst answer that cannot be: best is worst, an item not shown, nobody answered
├── DesignError          tasks that cannot be made or are none: more items in a task than there are, one twice
├── RatingError          a table of ratings that does not fit: not 1 to 9, rounds of different people or items
└── ConsensusRuleError   a rule of consensus under which an item could be in and out at once
"""

from collections.abc import Sequence


def some(names: Sequence[str], most: int = 8) -> str:
    """The first names of many, for a message."""
    shown = ", ".join(names[:most]) or "none"
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


class PortfolioError(ValueError):
    """The engine was given something it cannot compute with; the message names it."""


class ProjectError(PortfolioError):
    pass


class BallotError(PortfolioError):
    pass


class RuleError(PortfolioError):
    pass


class ChoiceError(PortfolioError):
    pass


class DesignError(PortfolioError):
    pass


class RatingError(PortfolioError):
    pass


class ConsensusRuleError(PortfolioError):
    pass
