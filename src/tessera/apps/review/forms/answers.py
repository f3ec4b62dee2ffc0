"""What a city says to one question, as a form that fits the question's type."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy, ngettext

from tessera.apps.accounts.name import steers
from tessera.apps.review.models import Answer
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.schema import Framework, Question, QuestionText, QuestionType
from tessera.frameworks.sheets.values import read_number, units_of
from tessera.frameworks.when_rules import Value
from tessera.frameworks.words import unit
from tessera.reports.wording import Wording

LONGEST_TEXT = 5_000
"""Characters of a note or a reason: about two printed pages."""
LONGEST_NUMBER = 400
"""Characters: the number next to zero, written out, has 340."""
DOES_NOT_APPLY = "n/a"
"""Stands among the options; no key of an option holds a stroke."""


class MayStayOpen(forms.Field):
    """An answer can wait, which does not make it optional: the page marks no such field as optional."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class OneOption(MayStayOpen, forms.ChoiceField):
    widget = forms.RadioSelect


class SomeOptions(MayStayOpen, forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class Prose(forms.CharField):
    """Words in lines. Too many are refused, and not cut off by the browser while one pastes them."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, longest: int = LONGEST_TEXT, **options: Any) -> None:
        self.longest = longest
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        words = "\n".join(str(super().to_python(value)).splitlines())
        if any(steers(sign) for sign in words if sign not in "\n\t"):
            raise ValidationError(
                gettext(
                    "“%(label)s” holds a sign that cannot be kept. Type the words anew, or paste them "
                    "without their formatting."
                )
                % {"label": self.label}
            )
        return words

    def validate(self, value: str) -> None:
        super().validate(value)
        surplus = len(value) - self.longest
        if surplus > 0:
            raise ValidationError(
                ngettext(
                    "“%(label)s” is %(surplus)s character too long.",
                    "“%(label)s” is %(surplus)s characters too long.",
                    surplus,
                )
                % {"label": self.label, "surplus": surplus}
            )


class NumberAnswer(MayStayOpen, forms.CharField):
    """A number as people write it, within the range that the question has points for."""

    def __init__(self, framework: Framework, question: Question, *, label: str, language: str) -> None:
        words = Wording(language)
        self.framework, self.question = framework, question
        self.low, self.high = (words.number(float(bound)) for bound in question.bounds)
        super().__init__(
            label=label % {"unit": unit(framework, question, language=language)},
            help_text=""
            if question.type is QuestionType.PERIOD
            else gettext("From %(low)s to %(high)s.") % {"low": self.low, "high": self.high},
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )

    def clean(self, value: Any) -> float | None:
        said = super().clean(value)
        if not said:
            return None
        units = units_of(self.framework, self.question)
        number = read_number(said, units) if len(said) <= LONGEST_NUMBER else None
        if number is None:
            raise ValidationError(gettext("Write the number like 1234 or 12.5."))
        try:
            self.question.points(number)
        except ValueError:
            raise ValidationError(self._range) from None
        return number

    @property
    def _range(self) -> str:
        if self.question.type is QuestionType.PERIOD:
            words = gettext("Give a number of years from %(low)s to %(high)s.")
        else:
            words = gettext("Give a number from %(low)s to %(high)s.")
        return words % {"low": self.low, "high": self.high}


class ValueForm(forms.Form):
    """One answer to a question, in the fields that fit its type."""

    # Nothing must be there: a form is saved while one fills it in.
    use_required_attribute = False

    choice_label = gettext_lazy("The city's answer")
    number_label = gettext_lazy("The city's answer (%(unit)s)")

    def __init__(
        self, *args: Any, framework: Framework, question: Question, language: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.question = question
        self.text = framework.text(language).questions[question.key]
        if question.scale:
            self.fields["number"] = NumberAnswer(
                framework, question, label=str(self.number_label), language=language
            )
        self.labels = dict(_choices(question, self.text))
        if self.labels:
            field = OneOption if _takes_one(question) else SomeOptions
            self.fields["choice"] = field(
                choices=list(self.labels.items()),
                label=gettext("Instead of a number") if question.scale else self.choice_label,
                help_text=gettext("Choose all that are true.")
                if question.type is QuestionType.MULTIPLE
                else "",
            )

    def _check_choice(self, chosen: list[str], number: float | None) -> None:
        alone = [key for key in chosen if key in (DOES_NOT_APPLY, self.question.exclusive)]
        if number is not None and chosen:
            self.add_error(
                "choice",
                gettext("Give a number or choose “%(option)s”, not both.")
                % {"option": self.labels[chosen[0]]},
            )
        elif alone and len(chosen) > 1:
            self.add_error(
                "choice",
                gettext("“%(option)s” goes with no other answer. Choose it alone, or take it back.")
                % {"option": self.labels[alone[0]]},
            )

    @property
    def _chosen(self) -> list[str]:
        chosen = self.cleaned_data.get("choice") or []
        return [chosen] if isinstance(chosen, str) else chosen

    @property
    def _value(self) -> Value | None:
        number: float | None = self.cleaned_data.get("number")
        if number is not None:
            return number
        keys = [option.key for option in self.question.options if option.key in self._chosen]
        if not keys:
            return None
        return tuple(keys) if self.question.type is QuestionType.MULTIPLE else keys[0]

    @property
    def _says_not_applicable(self) -> bool:
        return DOES_NOT_APPLY in self._chosen


class AnswerForm(ValueForm):
    """The answer, its reason and note, and the revision that the person had before them."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    newer = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The revision of what somebody else saved meanwhile, on a page that shows it."""

    def __init__(self, *args: Any, question: Question, **options: Any) -> None:
        super().__init__(*args, question=question, **options)
        if question.may_not_apply:
            self.fields["reason"] = Prose(
                required=False, label=gettext("If the question does not apply: why?")
            )
        self.fields["note"] = Prose(
            required=False,
            label=gettext("Note"),
            help_text=gettext("What one should know to understand the answer."),
        )
        self.fields["is_note_public"] = forms.BooleanField(
            required=False,
            label=gettext("The note may be published"),
            help_text=gettext(
                "With the review, once the city publishes it. Otherwise the note stays with the "
                "city, its experts and the network."
            ),
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors:
            self._check_choice(self._chosen, found.get("number"))
            self._check_reason(found.get("reason", ""))
        return found

    def _check_reason(self, reason: str) -> None:
        says_so = self._says_not_applicable
        if says_so and not reason:
            self.add_error("reason", gettext("Say why the question does not apply to the city."))
        elif reason and not says_so and self._value is None:
            self.add_error(
                "reason",
                gettext("You gave a reason. Choose “Does not apply” as well, or take the reason back."),
            )

    @property
    def given(self) -> GivenAnswer:
        """What a valid form says."""
        not_applicable = self._says_not_applicable
        return GivenAnswer(
            value=None if not_applicable else self._value,
            not_applicable=not_applicable,
            # Beside an answer, the reason why there was none has nothing more to say.
            reason=self.cleaned_data["reason"] if not_applicable else "",
            note=self.cleaned_data["note"],
        )


def _takes_one(question: Question) -> bool:
    return not question.scale and question.type is not QuestionType.MULTIPLE


def _choices(question: Question, text: QuestionText) -> Iterator[tuple[str, str]]:
    for option in question.options:
        yield option.key, text.options[option.key]
    if question.may_not_apply:
        yield DOES_NOT_APPLY, gettext("Does not apply")


def fields_of(question: Question, answer: Answer, language: str) -> dict[str, Any]:
    """What the fields of a form hold where it shows an answer that is kept."""
    return {
        **value_fields_of(question, answer.given(), language),
        "reason": answer.reason,
        "note": answer.note,
        "is_note_public": answer.is_note_public,
    }


def value_fields_of(question: Question, given: GivenAnswer, language: str) -> dict[str, Any]:
    """Of them, those of a `ValueForm`."""
    value = given.value
    chosen: list[str] = [DOES_NOT_APPLY] if given.not_applicable else []
    if isinstance(value, tuple):
        chosen.extend(value)
    elif isinstance(value, str):
        chosen.append(value)
    return {
        "number": as_typed(value, language) if isinstance(value, float) else "",
        "choice": "".join(chosen) if _takes_one(question) else chosen,
    }


def as_typed(number: float, language: str) -> str:
    """A number as somebody writes it, so that it is read as the same number again."""
    said = format(Decimal(repr(number)), "f").removesuffix(".0")
    whole, point, digits = said.partition(".")
    # Three digits behind a separator might be thousands; a fourth makes it plain.
    return f"{whole}{',' if point and language == 'lv' else point}{digits}{'0' if len(digits) == 3 else ''}"
