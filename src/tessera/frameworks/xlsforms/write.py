"""Writes a questionnaire as an XLSForm: people then answer it in KoboToolbox or ODK, offline too."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from babel import Locale
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tessera.frameworks.schema import NEVER, Area, Framework, Pathway, Question, QuestionType
from tessera.frameworks.sheets.drawing import put
from tessera.frameworks.sheets.guidance import how_to_answer, number_of_years, stands_alone, why_we_ask
from tessera.frameworks.sheets.layout import (
    FIRST_YEAR,
    LAST_YEAR,
    Column,
    Field,
    asked_areas,
    column_headings,
    field_labels,
    yes_and_no,
)
from tessera.frameworks.words import catalogue
from tessera.frameworks.xlsforms.conditions import constraint, relevance
from tessera.frameworks.xlsforms.fields import (
    ABOUT_GROUP,
    NO,
    YEARS_CHOICE,
    YES,
    FormField,
    Part,
    about_name,
    area_name,
    fields_of,
    form_fields,
    plain_name,
)

Row = dict[str, str]
"""Cells by their column."""
Words = Callable[[str], str]
"""Gives a wording in a language."""

_YES_NO = "yes_no"
_HEADINGS = {
    Part.NOT_APPLICABLE: Column.NOT_APPLICABLE,
    Part.REASON: Column.REASON,
    Part.NOTE: Column.NOTE,
    Part.EVIDENCE: Column.EVIDENCE,
}


def write_xlsform(framework: Framework, *, pathway: Pathway, language: str, target: Path | BinaryIO) -> None:
    """Write a questionnaire as an XLSForm, in all of its languages.

    One group for each area, shown as one page. No question must be answered, for an unknown answer is left
    blank; *does not apply* is offered where a question is left blank. Every text is stored as text: none
    becomes a formula.

    Parameters
    ----------
    framework : Framework
    pathway : Pathway
        Which questions are asked.
    language : str
        The one of the framework's languages that the form opens in.
    target : Path or binary file
        An existing file is overwritten.

    Raises
    ------
    ValueError
        The framework has no such language, or two fields would have one name.
    """
    if language not in framework.languages:
        raise ValueError(f"{framework.id} is not in {language!r}, only in {', '.join(framework.languages)}")
    form_fields(framework, pathway)  # refuses names that could not be told apart
    form = _Form(framework, pathway)
    settings = {
        "form_title": framework.text(language).title,
        "form_id": f"{framework.id}-{framework.version}-{pathway}",
        "version": str(framework.version),
        "default_language": _language_name(language),
        "style": "pages",
    }
    book = Workbook()
    survey = book.active
    assert isinstance(survey, Worksheet)
    survey.title = "survey"
    _fill(survey, list(form.survey()))
    _fill(book.create_sheet("choices"), list(form.choices()))
    _fill(book.create_sheet("settings"), [settings])
    book.properties.title = framework.text(language).title
    book.properties.creator = "Tessera"
    book.save(target)


class _Form:
    def __init__(self, framework: Framework, pathway: Pathway) -> None:
        self.framework, self.pathway = framework, pathway

    def survey(self) -> Iterator[Row]:
        yield from self._about()
        for area in self.framework.areas:
            yield from self._area(area)

    def choices(self) -> Iterator[Row]:
        yield self._choice(_YES_NO, YES, lambda language: yes_and_no(language)[0])
        yield self._choice(_YES_NO, NO, lambda language: yes_and_no(language)[1])
        for question in self.framework.questions(self.pathway):
            list_name = plain_name(question.key)
            if question.type is QuestionType.PERIOD and question.options:
                yield self._choice(list_name, YEARS_CHOICE, self._years(question))
            for option in question.options:
                yield self._choice(list_name, plain_name(option.key), self._option(question, option.key))

    def _about(self) -> Iterator[Row]:
        def said(english: str) -> Words:
            return lambda language: catalogue(language).gettext(english)

        yield self._begin(ABOUT_GROUP, said("About these answers"), appearance="field-list")
        yield self._about_field("text", Field.CITY, said("The name of the city."), required="yes")
        yield self._about_field(
            "integer",
            Field.YEAR,
            said("Four digits, for example 2023."),
            required="yes",
            constraint=f". >= {FIRST_YEAR} and . <= {LAST_YEAR}",
        )
        hint = said("“yes” only for a trial or a demonstration. Every report will then say so.")
        yield self._about_field(f"select_one {_YES_NO}", Field.INVENTED, hint)
        facts = {
            Field.FRAMEWORK: self.framework.id,
            Field.VERSION: str(self.framework.version),
            Field.PATHWAY: self.pathway.value,
        }
        for field, fact in facts.items():
            # Not asked: it says, when the answers come back, what they are answers to.
            yield {"type": "calculate", "name": about_name(field), "calculation": f"'{fact}'"}
        yield {"type": "end_group"}

    def _about_field(self, kind: str, field: Field, hint: Words, **more: str) -> Row:
        labels = self._worded("label", lambda language: field_labels(language)[field])
        row = {"type": kind, "name": about_name(field)} | labels | self._worded("hint", hint) | more
        return row | self._worded("constraint_message", hint) if "constraint" in more else row

    def _area(self, area: Area) -> Iterator[Row]:
        asked = [part for part in area.plain_areas() if part in asked_areas(self.framework, self.pathway)]
        if not asked:
            return
        if area.composite:
            yield self._begin(area_name(area), self._title(area))
            for part in asked:
                yield from self._plain_area(part)
            yield {"type": "end_group"}
        else:
            yield from self._plain_area(area)

    def _plain_area(self, area: Area) -> Iterator[Row]:
        yield self._begin(area_name(area), self._title(area), appearance="field-list")
        about = self._worded("label", lambda language: self.framework.text(language).areas[area.key].about)
        yield {"type": "note", "name": f"{area_name(area)}__about"} | about
        for question in area.asked(self.pathway):
            for field in fields_of(question):
                yield self._field(field)
        yield {"type": "end_group"}

    def _field(self, field: FormField) -> Row:
        question = field.question
        asks = field.part is Part.ANSWER or (field.part is Part.YEARS and not question.options)
        row = {"type": self._type(field), "name": field.name}
        row |= self._worded("label", self._question(question) if asks else self._aside(field))
        if asks:
            row |= self._worded("hint", self._help(question))
        if field.part is Part.REASON:
            row["required"] = "yes"
        if shown := relevance(self.framework, field):
            row["relevant"] = shown
        if taken := constraint(field):
            row["constraint"] = taken
            row |= self._worded("constraint_message", self._objection(field))
        return row

    def _type(self, field: FormField) -> str:
        match field.part:
            case Part.YEARS:
                return "decimal"
            case Part.NOT_APPLICABLE:
                return f"select_one {_YES_NO}"
            case Part.REASON | Part.NOTE | Part.EVIDENCE:
                return "text"
        match field.question.type:
            case QuestionType.NUMBER:
                return "decimal"
            case QuestionType.MULTIPLE:
                return f"select_multiple {plain_name(field.question.key)}"
        return f"select_one {plain_name(field.question.key)}"

    # Wordings

    def _title(self, area: Area) -> Words:
        return lambda language: self.framework.text(language).areas[area.key].title

    def _question(self, question: Question) -> Words:
        return lambda language: self.framework.text(language).questions[question.key].text

    def _option(self, question: Question, key: str) -> Words:
        return lambda language: self.framework.text(language).questions[question.key].options[key]

    def _years(self, question: Question) -> Words:
        return lambda language: number_of_years(question, language=language)

    def _help(self, question: Question) -> Words:
        def words(language: str) -> str:
            lines = [self.framework.text(language).questions[question.key].help]
            if question.scale and NEVER not in {option.key for option in question.options}:
                lines.append(how_to_answer(self.framework, question, language=language))
            return "\n".join([*lines, why_we_ask(self.framework, question, language=language)])

        return words

    def _aside(self, field: FormField) -> Words:
        if field.part is Part.YEARS:
            return self._years(field.question)
        return lambda language: column_headings(language)[_HEADINGS[field.part]]

    def _objection(self, field: FormField) -> Words:
        if field.part is Part.YEARS:
            return self._years(field.question)
        say = stands_alone if field.question.exclusive is not None else how_to_answer
        return lambda language: say(self.framework, field.question, language=language)

    # Rows

    def _begin(self, name: str, title: Words, **more: str) -> Row:
        return {"type": "begin_group", "name": name} | self._worded("label", title) | more

    def _choice(self, list_name: str, name: str, label: Words) -> Row:
        return {"list_name": list_name, "name": name} | self._worded("label", label)

    def _worded(self, column: str, words: Words) -> Row:
        return {
            f"{column}::{_language_name(language)}": _without_references(words(language))
            for language in self.framework.languages
        }


def _language_name(language: str) -> str:
    """As XLSForm wants it, and as the readers of the language call it.

    Examples
    --------
    >>> _language_name("lv")
    'Latviešu (lv)'
    """
    name = Locale.parse(language).get_display_name()
    assert name is not None
    return f"{name[0].upper()}{name[1:]} ({language})"


def _without_references(words: str) -> str:
    """In an XLSForm, ``${`` in a text begins the name of a field."""
    return words.replace("${", "$ {")


def _fill(sheet: Worksheet, rows: list[Row]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for place, column in enumerate(columns, 1):
        put(sheet, 1, place, column)
        for number, row in enumerate(rows, 2):
            put(sheet, number, place, row.get(column, ""))
