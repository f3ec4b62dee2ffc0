"""The words that a framework's own texts lack: units of periods, and rules said as a sentence.

They come from the message catalogue that the whole package shares, read with the standard library, since a
framework is also used where there is no Django.
"""

import gettext
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from babel.numbers import format_decimal

from tessera.frameworks.schema import Framework, Question, QuestionType
from tessera.frameworks.when_rules import All, Any, AtLeast, AtMost, Includes, Is, Not, Rule

_CATALOGUES = Path(__file__).parents[1] / "locale"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The package's own words in a language; English where there is no catalogue."""
    return gettext.translation("django", _CATALOGUES, [language], fallback=True)


def unit(framework: Framework, question: Question, *, language: str) -> str:
    """The unit of a number, ``years`` for a period, otherwise an empty text."""
    if question.type is QuestionType.PERIOD:
        return catalogue(language).gettext("years")
    return framework.text(language).questions[question.key].unit


def rule_in_words(framework: Framework, rule: Rule, *, language: str) -> str:
    """A rule as part of a sentence that begins with *only if*.

    Parameters
    ----------
    framework : Framework
        Has the wording of the questions and options that the rule names.
    rule : Rule
    language : str
        One of the framework's languages.

    Returns
    -------
    str
        Without a capital letter at the start and without a full stop.
    """
    text = framework.text(language)
    _ = catalogue(language).gettext

    def options(question: str, keys: Sequence[str]) -> str:
        labels = text.questions[question].options
        return _joined([_("“{words}”").format(words=labels[key]) for key in keys], _("or"))

    def number(question: str, value: float) -> str:
        words = unit(framework, framework.question(question), language=language)
        return f"{format_decimal(value, locale=language)} {words}".rstrip()

    def say(rule: Rule) -> str:
        match rule:
            case All(rules):
                return _joined([_bracketed(part, say) for part in rules], _("and"))
            case Any(rules):
                return _joined([_bracketed(part, say) for part in rules], _("or"))
            case Not(part):
                return _("it is not so that {condition}").format(condition=_bracketed(part, say))
            case Is(question, keys):
                sentence, said = _("the answer to “{question}” is {answer}"), options(question, keys)
            case Includes(question, keys):
                sentence, said = _("the answers to “{question}” include {answer}"), options(question, keys)
            case AtLeast(question, value):
                sentence, said = (
                    _("the answer to “{question}” is at least {answer}"),
                    number(question, value),
                )
            case AtMost(question, value):
                sentence, said = _("the answer to “{question}” is at most {answer}"), number(question, value)
        return sentence.format(question=text.questions[rule.question].text, answer=said)

    return say(rule)


def _bracketed(rule: Rule, say: Callable[[Rule], str]) -> str:
    return f"({say(rule)})" if isinstance(rule, All | Any) else say(rule)


def _joined(parts: Sequence[str], last: str) -> str:
    return f" {last} ".join(parts)
