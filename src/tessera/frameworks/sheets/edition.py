"""One answer sheet to be written: which questionnaire, pathway and language, and the answers it holds."""

from dataclasses import dataclass
from fractions import Fraction

from babel.numbers import format_decimal

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.schema import Framework, Pathway, Question, Texts
from tessera.frameworks.sheets.layout import tab_names
from tessera.frameworks.words import catalogue
from tessera.frameworks.xml_signs import fit_for_xml


@dataclass(frozen=True, slots=True)
class Edition:
    framework: Framework
    pathway: Pathway
    language: str
    filled: AnswerSheet | None

    @property
    def text(self) -> Texts:
        return self.framework.text(self.language)

    @property
    def tabs(self) -> dict[str, str]:
        """The names of the areas' tabs, by the area's key."""
        return tab_names(self.framework, pathway=self.pathway, language=self.language)

    @property
    def invented(self) -> bool:
        return self.filled is not None and self.filled.invented

    @property
    def about(self) -> str:
        """What stands on top of each printed page, without characters that XML cannot hold."""
        questionnaire = f"{self.text.title} {self.framework.version}"
        if self.filled is None:
            return questionnaire
        return fit_for_xml(f"{self.filled.city} {self.filled.year} · {questionnaire}")

    @property
    def invented_in_short(self) -> str:
        """Empty where the answers are real."""
        return catalogue(self.language).gettext("Invented data") if self.invented else ""

    @property
    def invented_in_full(self) -> str:
        """Empty where the answers are real."""
        _ = catalogue(self.language).gettext
        if not self.invented:
            return ""
        return _("Invented data. These answers were made up; they say nothing about any city.")

    def answer(self, question: Question) -> Answer:
        return self.filled.answers.get(question.key, Answer()) if self.filled else Answer()

    def number(self, value: Fraction) -> str:
        """In the language's own way to write numbers."""
        return format_decimal(float(value), locale=self.language)
