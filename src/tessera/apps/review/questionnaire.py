"""A questionnaire as anybody may read it: every question, why it is asked, and what each answer is worth."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext

from tessera.frameworks.schema import Area, Framework, Kind, Pathway, Question, QuestionType, Texts
from tessera.frameworks.words import rule_in_words
from tessera.reports.wording import Wording


@dataclass(frozen=True)
class QuestionEntry:
    key: str
    text: str
    help: str
    why: str
    weight: str
    remarks: tuple[str, ...]
    when: str
    worth: tuple[tuple[str, str], ...]
    """Pairs of an answer and the score that it gives."""


@dataclass(frozen=True)
class AreaEntry:
    key: str
    title: str
    about: str
    weight: str
    is_optional: bool
    is_inside: bool
    questions: tuple[QuestionEntry, ...]


def read_questionnaire(framework: Framework, language: str) -> tuple[AreaEntry, ...]:
    return tuple(_areas(framework, Wording(language), framework.text(language)))


def _areas(framework: Framework, words: Wording, texts: Texts) -> Iterator[AreaEntry]:
    inside = {area.key for top in framework.areas for area in top.areas}
    for area in framework.all_areas():
        yield _area(framework, words, texts, area, is_inside=area.key in inside)


def _area(framework: Framework, words: Wording, texts: Texts, area: Area, *, is_inside: bool) -> AreaEntry:
    return AreaEntry(
        key=area.key,
        title=texts.areas[area.key].title,
        about=texts.areas[area.key].about,
        weight=words.number(float(area.weight)),
        is_optional=area.optional,
        is_inside=is_inside,
        questions=tuple(_question(framework, words, texts, question) for question in area.questions),
    )


def _question(framework: Framework, words: Wording, texts: Texts, question: Question) -> QuestionEntry:
    text = texts.questions[question.key]
    rule = question.when
    return QuestionEntry(
        key=question.key,
        text=text.text,
        help=text.help,
        why=text.why,
        weight=words.number(float(question.weight)),
        remarks=tuple(_remarks(question)),
        when=rule_in_words(framework, rule, language=texts.language) if rule else "",
        worth=tuple(_worth(words, texts, question)),
    )


def _remarks(question: Question) -> Iterator[str]:
    yield {
        Kind.FACT: gettext("a fact"),
        Kind.INPUT: gettext("what the city does"),
        Kind.IMPACT: gettext("what came of it"),
    }[question.kind]
    if question.pathway is Pathway.CORE:
        yield gettext("also in the core pathway")
    if question.may_not_apply:
        yield gettext("may not apply")
    if question.evidence_wished:
        yield gettext("evidence is wished for")


def _worth(words: Wording, texts: Texts, question: Question) -> Iterator[tuple[str, str]]:
    text = texts.questions[question.key]

    def score(points: Fraction) -> str:
        return words.points(float(100 * points / question.possible))

    for value, points in question.scale:
        amount = float(value)
        is_period = question.type is QuestionType.PERIOD
        yield (
            words.years(amount) if is_period else f"{words.number(amount)} {text.unit}".strip(),
            score(points),
        )
    for option in question.options:
        yield text.options[option.key], score(min(option.points, question.possible))
