"""What experts say beside a city's answers: their findings, and their opinions on single answers."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import TypeAdapter

from tessera.frameworks.answers import Answer, AnswerSheet


class FindingKind(StrEnum):
    STRENGTH = "strength"
    GAP = "gap"
    PRIORITY = "priority"


class Sureness(StrEnum):
    """How sure an expert is of an opinion."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """One text, in the language that it was written in and in those that it was put into."""

    source: str
    """The language that it was written in; ``texts`` has it."""
    texts: Mapping[str, str]

    def shown_in(self, language: str) -> str:
        """The language to show it in: that which is asked for, or else the one that it was written in."""
        return language if self.texts.get(language) else self.source

    def in_language(self, language: str) -> str:
        return self.texts[self.shown_in(language)]


@dataclass(frozen=True, slots=True)
class Finding:
    """A strength, a gap or a priority, with the areas, answers and evidence that it rests on."""

    kind: FindingKind
    text: TranslatedText
    next_step: TranslatedText | None
    """What the city may do next."""
    areas: tuple[str, ...]
    """Keys, in the order of the questionnaire, as those of the questions."""
    questions: tuple[str, ...]
    evidence: tuple[str, ...]
    """Pieces in words, as an answer sheet names them."""
    kept_evidence: int
    """How many further pieces the city keeps to itself."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the answer to a question should be in the eyes of an expert, or of two together."""

    question: str
    experts: tuple[str, ...]
    """Names: one, or two who differed before and hold this together."""
    answer: Answer | None
    """Value or *does not apply*; None where the city's answer is accepted."""
    reason: str
    """Empty only where the answer is accepted."""
    sureness: Sureness | None
    """None where two hold it together."""

    @property
    def is_joint(self) -> bool:
        return self.sureness is None


@dataclass(frozen=True, slots=True)
class ExpertWords:
    findings: tuple[Finding, ...] = ()
    """The most urgent first."""
    opinions: tuple[Opinion, ...] = ()
    """In the order of the questionnaire; of one question, the single opinions before the joint one."""

    def to_json(self) -> str:
        return _WORDS.dump_json(self).decode()

    @staticmethod
    def from_json(written: str) -> "ExpertWords":
        """Raises pydantic.ValidationError where it was not written by `to_json`."""
        return _WORDS.validate_json(written)

    def content_hash(self) -> str:
        """SHA-256 of all that is said, as `to_json` writes it."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def opinions_on(self, question: str) -> tuple[Opinion, ...]:
        return tuple(opinion for opinion in self.opinions if opinion.question == question)

    @property
    def experts(self) -> tuple[str, ...]:
        """The names of those whose opinions there are, in their order."""
        return tuple(dict.fromkeys(name for opinion in self.opinions for name in opinion.experts))

    def held_right(self, sheet: AnswerSheet) -> dict[str, Answer | None]:
        """What the experts hold right, by the questions on whose answers there are opinions.

        Parameters
        ----------
        sheet : AnswerSheet
            The city's answers, on which the opinions are.

        Returns
        -------
        dict
            Value or *does not apply*; the city's own answer where it is accepted, empty where it gave none.
            What two hold together counts before what each of them holds. None where single opinions differ.
        """
        opinions: dict[str, list[Opinion]] = {}
        for opinion in self.opinions:
            opinions.setdefault(opinion.question, []).append(opinion)
        return {
            question: _held_right(on_it, sheet.answers.get(question, Answer()))
            for question, on_it in opinions.items()
        }


def with_opinions(sheet: AnswerSheet, words: ExpertWords) -> AnswerSheet:
    """The sheet with the answers that the experts hold right in place of the city's: to be scored.

    Where experts differ, and where they accept it, the city's answer stays as it is.
    """
    held = {question: answer for question, answer in words.held_right(sheet).items() if answer is not None}
    others = {
        question: answer
        for question, answer in held.items()
        if answer != _scored(sheet.answers.get(question, Answer()))
    }
    return replace(sheet, answers={**sheet.answers, **others})


def _held_right(opinions: Sequence[Opinion], given: Answer) -> Answer | None:
    joint = [opinion for opinion in opinions if opinion.is_joint]
    held = {_scored(opinion.answer or given) for opinion in joint or opinions}
    return held.pop() if len(held) == 1 else None


def _scored(answer: Answer) -> Answer:
    """An answer without what does not change a score."""
    return Answer(answer.value, answer.not_applicable)


_WORDS = TypeAdapter(ExpertWords)
