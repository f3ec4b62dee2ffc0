"""Rules as XPath: when a form shows a field, and which answers it takes.

Programs differ in what a hidden field still says, so each condition on a question also asks whether that
question is shown; then none can speak while hidden, as the closed rule language has it.
"""

from decimal import Decimal

from tessera.frameworks.schema import NEVER, Framework, Question, QuestionType
from tessera.frameworks.when_rules import All, Any, AtLeast, AtMost, Condition, Includes, Is, Not, Rule
from tessera.frameworks.xlsforms.fields import YEARS_CHOICE, YES, FormField, Part, plain_name


def relevance(framework: Framework, field: FormField) -> str:
    """When a field is shown; empty if always."""
    question = field.question
    shown = [] if question.when is None else [_rule(framework, question.when)]
    match field.part:
        case Part.YEARS if question.options:
            shown.append(_chosen(FormField(question, Part.ANSWER), YEARS_CHOICE))
        case Part.NOT_APPLICABLE:
            shown.append(_unanswered(question))
        case Part.REASON:
            shown += [_unanswered(question), _chosen(FormField(question, Part.NOT_APPLICABLE), YES)]
    return " and ".join(shown)


def constraint(field: FormField) -> str:
    """What a field takes, apart from its type; empty if anything."""
    question = field.question
    if field.part is Part.ANSWER and question.exclusive is not None:
        return f"not(selected(., '{plain_name(question.exclusive)}') and count-selected(.) > 1)"
    is_number = field.part is Part.ANSWER and question.type is QuestionType.NUMBER
    if is_number or field.part is Part.YEARS:
        low, high = (_figure(float(bound)) for bound in question.bounds)
        return f". >= {low} and . <= {high}"
    return ""


def _rule(framework: Framework, rule: Rule) -> str:
    """In brackets, so that it may stand anywhere."""
    match rule:
        case All(rules):
            return f"({' and '.join(_rule(framework, part) for part in rules)})"
        case Any(rules):
            return f"({' or '.join(_rule(framework, part) for part in rules)})"
        case Not(part):
            return f"not({_rule(framework, part)})"
    question = framework.question(rule.question)
    met = _condition(question, rule)
    return met if question.when is None else f"({_rule(framework, question.when)} and {met})"


def _condition(question: Question, condition: Condition) -> str:
    answer = FormField(question, Part.ANSWER)
    match condition:
        case Is(_, options) | Includes(_, options):
            return f"({' or '.join(_chosen(answer, plain_name(option)) for option in options)})"
        case AtLeast(_, number):
            long_enough = _measured(question, ">=", number)
            # Never is longer than any length of time.
            never = question.type is QuestionType.PERIOD and question.options
            return f"({_chosen(answer, NEVER)} or {long_enough})" if never else long_enough
        case AtMost(_, number):
            return _measured(question, "<=", number)


def _measured(question: Question, sign: str, number: float) -> str:
    """A comparison with the number given; a blank field meets none."""
    if question.type is QuestionType.NUMBER:
        return f"{_value(FormField(question, Part.ANSWER))} {sign} {_figure(number)}"
    compared = f"{_value(FormField(question, Part.YEARS))} {sign} {_figure(number)}"
    if not question.options:
        return compared
    return f"({_chosen(FormField(question, Part.ANSWER), YEARS_CHOICE)} and {compared})"


def _unanswered(question: Question) -> str:
    asked_by_number = question.type is QuestionType.PERIOD and not question.options
    return f"{_value(FormField(question, Part.YEARS if asked_by_number else Part.ANSWER))} = ''"


def _chosen(field: FormField, choice: str) -> str:
    return f"selected({_value(field)}, '{choice}')"


def _value(field: FormField) -> str:
    return f"${{{field.name}}}"


def _figure(number: float) -> str:
    # XPath knows no exponents.
    return f"{Decimal(repr(number)):f}"
