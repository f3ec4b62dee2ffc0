"""Rules as they stand in a definition, read to the classes of `when_rules`."""

from collections.abc import Callable, Mapping

from tessera.frameworks.parsing.yaml_nodes import Node, Page, Record
from tessera.frameworks.schema import Question, QuestionType
from tessera.frameworks.when_rules import All, Any, AtLeast, AtMost, Includes, Is, Not, Rule

_COMPARISONS = ("is", "includes", "at_least", "at_most")
_COMBINATIONS = ("all", "any", "not")
_MEASURED = (QuestionType.NUMBER, QuestionType.PERIOD)

Objection = Callable[[str], str | None]
"""Says why a rule that stands here may not name a question; None if it may."""


def read_rule(
    page: Page, node: Node, questions: Mapping[str, Question | None], objection: Objection
) -> Rule | None:
    """Read one rule; None, with complaints, if anything in it is wrong.

    Parameters
    ----------
    page : Page
        The file that the rule stands in; takes the complaints.
    node : Node
    questions : mapping of key to Question or None
        Every question of the framework; None for one that is itself too faulty to check a rule against.
    objection : function of a key
        What speaks against naming that question here.
    """
    record = page.record(node, "a rule")
    if record is None:
        return None
    known = [key for key in record.entries if key in ("question", *_COMPARISONS, *_COMBINATIONS)]
    if known == ["not"] and len(record.entries) == 1:
        part = read_rule(page, record.entries["not"], questions, objection)
        return Not(part) if part is not None else None
    if known in (["all"], ["any"]) and len(record.entries) == 1:
        nodes = page.items(record.entries[known[0]], f"'{known[0]}'")
        parts = [read_rule(page, item, questions, objection) for item in nodes]
        sound = tuple(part for part in parts if part is not None)
        if not sound or len(sound) < len(parts):
            return None
        return All(sound) if known == ["all"] else Any(sound)
    comparisons = [key for key in known if key in _COMPARISONS]
    if "question" in known and len(comparisons) == 1 and len(record.entries) == 2:
        return _condition(page, record, comparisons[0], questions, objection)
    page.complain(
        record.line,
        f"no rule has the keys {', '.join(record.entries) or '(none)'}: it names a question with one of "
        f"{', '.join(_COMPARISONS)}, or is one of {', '.join(_COMBINATIONS)}",
    )
    return None


def _condition(
    page: Page,
    record: Record,
    comparison: str,
    questions: Mapping[str, Question | None],
    objection: Objection,
) -> Rule | None:
    named = record.entries["question"]
    key = page.text(named, "the question of a rule")
    if key is None:
        return None
    if key not in questions:
        page.complain(named.line, f"the rule names '{key}', which is no question of this framework")
        return None
    if (reason := objection(key)) is not None:
        page.complain(named.line, f"the rule names {key}, which {reason}")
        return None
    question = questions[key]
    if question is None:
        return None
    operand = record.entries[comparison]
    if comparison in ("is", "includes"):
        return _on_options(page, operand, comparison, question)
    return _on_number(page, operand, comparison, question)


def _on_options(page: Page, operand: Node, comparison: str, question: Question) -> Rule | None:
    wanted = page.texts(operand, f"'{comparison}'")
    fitting = "includes" if question.type is QuestionType.MULTIPLE else "is"
    if question.type is QuestionType.NUMBER:
        page.complain(operand.line, f"{question.key} is a number; compare it with at_least or at_most")
        return None
    if comparison != fitting:
        page.complain(
            operand.line, f"{question.key} is of the type {question.type}; compare it with '{fitting}'"
        )
        return None
    options = [option.key for option in question.options]
    unknown = [option for option in wanted if option not in options]
    for option in unknown:
        listed = ", ".join(options)
        page.complain(
            operand.line, f"'{option}' is not an option of {question.key}; its options are {listed}"
        )
    if unknown or not wanted:
        return None
    return Includes(question.key, wanted) if comparison == "includes" else Is(question.key, wanted)


def _on_number(page: Page, operand: Node, comparison: str, question: Question) -> Rule | None:
    if question.type not in _MEASURED:
        fitting = "includes" if question.type is QuestionType.MULTIPLE else "is"
        page.complain(
            operand.line, f"{question.key} is of the type {question.type}; compare it with '{fitting}'"
        )
        return None
    number = page.number(operand, f"'{comparison}'")
    if number is None or not question.scale:
        return None
    low, high = question.bounds
    if not low <= number <= high:
        page.complain(
            operand.line,
            f"'{comparison}' is {float(number):g}; {question.key} takes {float(low):g} to {float(high):g}",
        )
        return None
    threshold = float(number)
    return AtLeast(question.key, threshold) if comparison == "at_least" else AtMost(question.key, threshold)


def rule_as_data(rule: Rule) -> dict[str, object]:
    """The rule in the shape of a definition, for hashes.

    Examples
    --------
    >>> rule_as_data(Not(Is("strategy", ("yes", "partly"))))
    {'not': {'question': 'strategy', 'is': ['yes', 'partly']}}
    """
    match rule:
        case All(rules):
            return {"all": [rule_as_data(part) for part in rules]}
        case Any(rules):
            return {"any": [rule_as_data(part) for part in rules]}
        case Not(part):
            return {"not": rule_as_data(part)}
        case Is(question, options):
            return {"question": question, "is": list(options)}
        case Includes(question, options):
            return {"question": question, "includes": list(options)}
        case AtLeast(question, number):
            return {"question": question, "at_least": number}
        case AtMost(question, number):
            return {"question": question, "at_most": number}
