"""The fields of a form: what the writer and the reader of an XLSForm agree on.

Names hold no hyphens. So an export can be read whatever sign it puts between the names of groups, and no
program takes a hyphen for a minus.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tessera.frameworks.schema import Area, Framework, Pathway, Question, QuestionType
from tessera.frameworks.sheets.layout import Field

YEARS_CHOICE = "years"
"""Chosen beside *never* by whoever will name a number of years."""
YES, NO = "yes", "no"
ABOUT_GROUP = "about__answers"


class Part(StrEnum):
    """What is asked about one question, each in a field of its own."""

    ANSWER = ""
    YEARS = "years"
    NOT_APPLICABLE = "does_not_apply"
    REASON = "reason"
    NOTE = "note"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class FormField:
    question: Question
    part: Part

    @property
    def name(self) -> str:
        """
        Examples
        --------
        >>> from tessera.frameworks.load import find_framework
        >>> vote = find_framework("intercultural-review").question("local-vote")
        >>> FormField(vote, Part.ANSWER).name, FormField(vote, Part.NOTE).name
        ('local_vote', 'local_vote__note')
        """
        return f"{plain_name(self.question.key)}__{self.part}".removesuffix("__")


def plain_name(key: str) -> str:
    """The name of a key. Keys have no underscores, so it can be turned back."""
    return key.replace("-", "_")


def about_name(field: Field) -> str:
    """The name of what the form asks or states about all answers together."""
    return f"about__{field}"


def area_name(area: Area) -> str:
    return f"area__{plain_name(area.key)}"


def fields_of(question: Question) -> Iterator[FormField]:
    """In the order of the form."""
    period = question.type is QuestionType.PERIOD
    parts = {
        Part.ANSWER: not period or bool(question.options),
        Part.YEARS: period,
        Part.NOT_APPLICABLE: question.may_not_apply,
        Part.REASON: question.may_not_apply,
        Part.NOTE: True,
        Part.EVIDENCE: question.evidence_wished,
    }
    return (FormField(question, part) for part, there in parts.items() if there)


def form_fields(framework: Framework, pathway: Pathway) -> dict[str, FormField]:
    """The fields of all questions, by name.

    Raises
    ------
    ValueError
        Two fields would have one name, which takes a key with two hyphens in a row.
    """
    found: dict[str, FormField] = {}
    for question in framework.questions(pathway):
        for field in fields_of(question):
            other = found.setdefault(field.name, field)
            if other != field:
                keys = f"{other.question.key!r} and {question.key!r}"
                raise ValueError(f"{framework.id}: {keys} would both have a field {field.name!r} in a form")
    return found
