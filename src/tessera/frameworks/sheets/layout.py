"""What the writer and the reader of an answer sheet agree on: ids of columns and fields, tab names, words.

The words of the sheet itself come from the message catalogue that the whole package shares; those of the
questionnaire come from the framework.
"""

import re
from enum import StrEnum

from tessera.frameworks.schema import Area, Framework, Pathway, Question, QuestionType
from tessera.frameworks.words import catalogue

TAB_NAME_LENGTH = 31
"""What a spreadsheet program allows."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""What is taken for a year."""


class Column(StrEnum):
    """The columns of an area's tab; their ids stand in its hidden first row."""

    KEY = "key"
    QUESTION = "question"
    HELP = "help"
    ACCEPTED = "accepted"
    WEIGHT = "weight"
    ANSWER = "answer"
    NOT_APPLICABLE = "does-not-apply"
    REASON = "reason"
    NOTE = "note"
    EVIDENCE = "evidence"
    MARK = "mark"
    """Hidden, and only in a sheet with answers: shows later whether the row was touched."""


class StartColumn(StrEnum):
    """The columns of the Start tab."""

    FIELD = "field"
    LABEL = "label"
    VALUE = "value"
    HINT = "hint"


class Field(StrEnum):
    """What the Start tab asks for or states, by the id in its *field* column."""

    CITY = "city"
    YEAR = "year"
    INVENTED = "invented"
    FRAMEWORK = "framework"
    VERSION = "version"
    PATHWAY = "pathway"
    LANGUAGE = "language"


def column_headings(language: str) -> dict[Column, str]:
    """The headings that people see."""
    _ = catalogue(language).gettext
    return {
        Column.KEY: _("Key"),
        Column.QUESTION: _("Question"),
        Column.HELP: _("Help, and why we ask"),
        Column.ACCEPTED: _("How to answer"),
        Column.WEIGHT: _("Weight"),
        Column.ANSWER: _("Answer"),
        Column.NOT_APPLICABLE: _("Does not apply"),
        Column.REASON: _("Reason why it does not apply"),
        Column.NOTE: _("Note"),
        Column.EVIDENCE: _("Evidence (link or quotation)"),
    }


def field_labels(language: str) -> dict[Field, str]:
    _ = catalogue(language).gettext
    return {
        Field.CITY: _("City"),
        Field.YEAR: _("Year that the answers describe"),
        Field.INVENTED: _("Are the answers invented?"),
        Field.FRAMEWORK: _("Questionnaire"),
        Field.VERSION: _("Version"),
        Field.PATHWAY: _("Pathway"),
        Field.LANGUAGE: _("Language"),
    }


def yes_and_no(language: str) -> tuple[str, str]:
    _ = catalogue(language).gettext
    return _("yes"), _("no")


def start_tab_name(language: str) -> str:
    return catalogue(language).gettext("Start")


def asked_areas(framework: Framework, pathway: Pathway) -> tuple[Area, ...]:
    """The plain areas that have a tab: those with a question that the pathway asks."""
    return tuple(area for area in framework.plain_areas() if area.asked(pathway))


def tab_names(framework: Framework, *, pathway: Pathway, language: str) -> dict[str, str]:
    """The name of each area's tab, by the area's key.

    A name is the area's title without the characters that spreadsheet programs refuse, cut to 31
    characters; where two would be equal but for case, the later ones are numbered.
    """
    names: dict[str, str] = {}
    taken = {start_tab_name(language).casefold(), "history"}  # Excel keeps "History" for itself
    for area in asked_areas(framework, pathway):
        title = re.sub(r"[\[\]:*?/\\\s]+", " ", framework.text(language).areas[area.key].title).strip(" '")
        name, number = _cut(title, TAB_NAME_LENGTH), 2
        while name.casefold() in taken:
            name = f"{_cut(title, TAB_NAME_LENGTH - len(f' {number}'))} {number}"
            number += 1
        taken.add(name.casefold())
        names[area.key] = name
    return names


def row_keys(question: Question) -> tuple[str, ...]:
    """The keys of a question's rows: its own, and for several choices one more for each option."""
    if question.type is not QuestionType.MULTIPLE:
        return (question.key,)
    return (question.key, *(option_row_key(question, option.key) for option in question.options))


def option_row_key(question: Question, option: str) -> str:
    return f"{question.key}/{option}"


def _cut(title: str, length: int) -> str:
    return title if len(title) <= length else title[: length - 1].rstrip() + "…"
