"""The forms with which staff choose questions about oneself, and state who lives in the city."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.name import NameInput
from tessera.apps.dialogue.actions.about_oneself import FEWEST_ANSWERS, MOST_ANSWERS, MOST_QUESTIONS
from tessera.apps.dialogue.actions.taking_part import tidy_words
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.forms.statements import OneSentence
from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.models import Attribute
from tessera.apps.dialogue.shipped_questions import shipped_questions
from tessera.apps.network.forms import day_field
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.forms.answers import Prose

LONGEST_QUESTION = 120
LONGEST_ANSWER = 60
MOST_RESIDENTS = 100_000_000
"""More than any city has; a longer number is a slip of the finger."""


class QuestionsForm(forms.Form):
    """Which questions are asked: those that come with Tessera, and those that the consultation wrote."""

    questions = forms.MultipleChoiceField(
        label=_("Ask about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The fewer you ask, the more people answer. Own questions that you untick are deleted."),
    )

    def __init__(self, *args: Any, standing: Sequence[Attribute], language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = {attribute.key: attribute.question for attribute in standing}
        shipped = {key: question.worded(language) for key, question in shipped_questions().items()}
        field = self.fields["questions"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, str(question)) for key, question in (shipped | asked).items()]
        self.initial["questions"] = list(asked)

    @property
    def chosen(self) -> list[str]:
        """The keys."""
        keys: list[str] = self.cleaned_data["questions"]
        return keys

    def say_too_many(self) -> None:
        self.add_error("questions", gettext("Choose at most %(most)s.") % {"most": MOST_QUESTIONS})


@dataclass(frozen=True)
class _InLanguage:
    """What was written in one language."""

    question: str
    answers: list[str]


class OwnQuestionForm(forms.Form):
    """A question of the consultation's own, in its first language and in the others."""

    def __init__(
        self, *args: Any, languages: Sequence[str], standing: Attribute | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._languages = languages
        for code in languages:
            self._add_fields(code)
        if standing is not None:
            labels = [value.label for value in standing.values.all()]
            for code in languages:
                self.initial[f"question_{code}"] = standing.question.texts.get(code, "")
                self.initial[f"answers_{code}"] = "\n".join(label.texts.get(code, "") for label in labels)

    def _add_fields(self, code: str) -> None:
        is_first, about = code == self._languages[0], {"language": language_name(code)}
        self.fields[f"question_{code}"] = OneSentence(
            label=gettext("Question, %(language)s") % about,
            required=is_first,
            language=code,
            longest=LONGEST_QUESTION,
        )
        answers = Prose(
            label=gettext("Answers, %(language)s") % about,
            required=is_first,
            longest=MOST_ANSWERS * (LONGEST_ANSWER + 1),
            help_text=_answers_hint(is_first),
        )
        answers.widget.attrs |= {"lang": code, "dir": find_language(code).direction, "rows": 6}
        self.fields[f"answers_{code}"] = answers

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        first = self._languages[0]
        for code in self._languages:
            if f"answers_{code}" in found and f"question_{code}" in found:
                self._check(code, self._written(code), self._written(first) if code != first else None)
        return found

    def _check(self, code: str, written: _InLanguage, first: _InLanguage | None) -> None:
        lines, place = written.answers, f"answers_{code}"
        if first is None and not FEWEST_ANSWERS <= len(lines) <= MOST_ANSWERS:
            self.add_error(
                place,
                gettext("Write from %(fewest)s to %(most)s answers, one in a line.")
                % {"fewest": FEWEST_ANSWERS, "most": MOST_ANSWERS},
            )
        elif any(len(line) > LONGEST_ANSWER for line in lines):
            self.add_error(
                place, gettext("An answer has at most %(most)s letters.") % {"most": LONGEST_ANSWER}
            )
        elif len(set(lines)) < len(lines):
            self.add_error(place, gettext("Two answers are the same."))
        elif first is not None and bool(written.question) != bool(lines):
            self.add_error(place, gettext("In one language, write the question and the answers, or neither."))
        elif first is not None and lines and len(lines) != len(first.answers):
            self.add_error(place, gettext("Write the same answers as in the first language, in its order."))

    def _written(self, code: str) -> _InLanguage:
        lines = [tidy_words(line) for line in self.cleaned_data.get(f"answers_{code}", "").splitlines()]
        return _InLanguage(self.cleaned_data.get(f"question_{code}", ""), [line for line in lines if line])

    @property
    def question(self) -> LocalText:
        return self._local({code: self._written(code).question for code in self._languages})

    @property
    def answers(self) -> list[LocalText]:
        """In the order in which they are offered."""
        written = {code: found.answers for code in self._languages if (found := self._written(code)).answers}
        first = written[self._languages[0]]
        return [
            self._local({code: lines[place] for code, lines in written.items()})
            for place in range(len(first))
        ]

    def _local(self, texts: dict[str, str]) -> LocalText:
        return LocalText(self._languages[0], {code: text for code, text in texts.items() if text})


def _answers_hint(is_first: bool) -> str:
    if not is_first:
        return gettext("In the same order, one in a line.")
    return gettext(
        "From %(fewest)s to %(most)s, one in a line. Few and broad ones: groups of fewer than ten people are "
        "not shown. Nobody has to answer, so you need no “prefer not to say”."
    ) % {"fewest": FEWEST_ANSWERS, "most": MOST_ANSWERS}


class PopulationForm(forms.Form):
    """How many residents of the city are in each group, and who says so."""

    def __init__(self, *args: Any, asked: Attribute, **options: Any) -> None:
        super().__init__(*args, **options)
        self._values = list(asked.values.all())
        for value in self._values:
            self.fields[f"residents_{value.pk}"] = forms.IntegerField(
                label=str(value.label),
                required=False,
                initial=value.population,
                validators=[MinValueValidator(0), MaxValueValidator(MOST_RESIDENTS)],
            )
        self.fields["source"] = NameInput(
            label=gettext("Source"),
            required=False,
            max_length=200,
            initial=asked.population_source,
            help_text=gettext("Who counted, and where it can be read up."),
        )
        self.fields["counted_on"] = day_field(gettext("Day of the count"), required=False)
        self.initial["counted_on"] = asked.population_on

    @property
    def residents(self) -> dict[int, int]:
        """By the keys of the answers; what is left empty is not there."""
        found = {value.pk: self.cleaned_data[f"residents_{value.pk}"] for value in self._values}
        return {pk: count for pk, count in found.items() if count is not None}

    @property
    def source(self) -> str:
        said: str = self.cleaned_data["source"]
        return said

    @property
    def counted_on(self) -> date | None:
        day: date | None = self.cleaned_data["counted_on"]
        return day

    def counts(self) -> Iterator[forms.BoundField]:
        """The fields of the groups."""
        return (self[f"residents_{value.pk}"] for value in self._values)

    def say_incomplete(self) -> None:
        self.add_error(
            None,
            gettext(
                "State the residents of at least two groups with their source and day, or leave all of it "
                "empty."
            ),
        )
