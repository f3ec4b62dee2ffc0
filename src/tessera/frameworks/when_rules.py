"""The closed rule language: when a question applies, and which answers contradict each other.

A rule sees only the answers that count: of questions that are answered, apply and are not hidden. A
condition on any other question does not hold (docs/reference/framework-format.md, *Rules*).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Value = str | tuple[str, ...] | float
"""An answer: an option's key, the chosen options' keys in the question's order, or a number."""


@dataclass(frozen=True, slots=True)
class Is:
    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Includes:
    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    question: str
    number: float


@dataclass(frozen=True, slots=True)
class AtMost:
    question: str
    number: float


@dataclass(frozen=True, slots=True)
class All:
    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Any:
    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Not:
    rule: "Rule"


Condition = Is | Includes | AtLeast | AtMost
Rule = Condition | All | Any | Not


def holds(rule: Rule, answers: Mapping[str, Value]) -> bool:
    """Whether a rule holds for the answers that count.

    Examples
    --------
    >>> holds(Is("strategy", ("yes", "partly")), {"strategy": "partly"})
    True
    >>> holds(Not(Is("strategy", ("yes",))), {})
    True
    """
    match rule:
        case All(rules):
            return all(holds(part, answers) for part in rules)
        case Any(rules):
            return any(holds(part, answers) for part in rules)
        case Not(part):
            return not holds(part, answers)
    if rule.question not in answers:
        return False
    return _meets(rule, answers[rule.question])


def _meets(condition: Condition, value: Value) -> bool:
    match condition:
        case Is(_, options):
            return value in options
        case Includes(_, options):
            return isinstance(value, tuple) and any(option in value for option in options)
        case AtLeast(_, number):
            # The only word that a number can be is "never": longer than any length of time.
            return isinstance(value, str) or (isinstance(value, float) and value >= number)
        case AtMost(_, number):
            return isinstance(value, float) and value <= number


def conditions(rule: Rule) -> Iterator[Condition]:
    """The conditions on single questions that a rule is made of."""
    match rule:
        case All(rules) | Any(rules):
            for part in rules:
                yield from conditions(part)
        case Not(part):
            yield from conditions(part)
        case _:
            yield rule


def questions_named(rule: Rule) -> frozenset[str]:
    """Keys of the questions that a rule looks at."""
    return frozenset(condition.question for condition in conditions(rule))


def thresholds_named(rule: Rule, question: str) -> frozenset[float]:
    """The numbers that a rule compares the answer to a question with."""
    return frozenset(
        condition.number
        for condition in conditions(rule)
        if isinstance(condition, AtLeast | AtMost) and condition.question == question
    )
