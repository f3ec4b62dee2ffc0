"""What is said beside a question, in a sheet and in a form: how it is answered, and why it is asked."""

from fractions import Fraction

from babel.numbers import format_decimal

from tessera.frameworks.schema import NEVER, Framework, Question, QuestionType
from tessera.frameworks.words import catalogue, unit


def how_to_answer(framework: Framework, question: Question, *, language: str) -> str:
    """What the question takes: its options, or which numbers."""
    _ = catalogue(language).gettext
    labels = framework.text(language).questions[question.key].options
    match question.type:
        case QuestionType.MULTIPLE:
            words = _("Choose “yes” beside each answer below that is true.")
            if question.exclusive is not None:
                words += " " + stands_alone(framework, question, language=language)
            return words
        case QuestionType.NUMBER:
            low, high = (_number(bound, language) for bound in question.bounds)
            words = _("A number from {low} to {high}").format(low=low, high=high)
            measured = unit(framework, question, language=language)
            return f"{words}: {measured}" if measured else words
        case QuestionType.PERIOD:
            words = number_of_years(question, language=language)
            if question.options:
                words += "\n" + _("or “{never}”").format(never=labels[NEVER])
            return words
    return "\n".join(f"• {labels[option.key]}" for option in question.options)


def number_of_years(question: Question, *, language: str) -> str:
    """What a period takes, apart from *never*."""
    words = catalogue(language).gettext("A number of years from {low} to {high}")
    low, high = (_number(bound, language) for bound in question.bounds)
    return words.format(low=low, high=high)


def stands_alone(framework: Framework, question: Question, *, language: str) -> str:
    """Which option excludes the others; empty where none does."""
    if question.exclusive is None:
        return ""
    label = framework.text(language).questions[question.key].options[question.exclusive]
    return catalogue(language).gettext("“{option}” stands alone.").format(option=label)


def why_we_ask(framework: Framework, question: Question, *, language: str) -> str:
    reason = framework.text(language).questions[question.key].why
    return catalogue(language).gettext("Why we ask: {reason}").format(reason=reason)


def _number(value: Fraction, language: str) -> str:
    return format_decimal(float(value), locale=language)
