"""The forms with which sheets are printed and typed in, and a facilitator types in what somebody says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tessera.apps.dialogue.actions.on_paper import MOST_SHEETS
from tessera.apps.dialogue.codes import tidy_code
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.lines_to_type import Line
from tessera.apps.dialogue.models import KEY_LENGTH, Choice, Consultation
from tessera.apps.dialogue.numbers_on_paper import read_number
from tessera.apps.network.forms import day_field

EMPTY = "empty"
"""Stands among the answers to a line, so that one can say that it is empty where the two readings differ."""


class PrintSheetsForm(forms.Form):
    """How many sheets, in which language, and until when they are handed in."""

    count = forms.IntegerField(
        label=_("How many sheets?"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SHEETS)],
        help_text=_("One for each person. Each has a number and a code of its own, so do not copy them."),
    )
    language = forms.ChoiceField(label=_("Language"))
    hand_in_by = day_field(
        _("Last day to hand them in"),
        help_text=_("It stands on the sheets. Leave yourselves time to type them in."),
    )

    def __init__(self, *args: Any, consultation: Consultation, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._first, self._last = today, consultation.last_day
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [(code, language_name(code)) for code in consultation.languages]
        self.initial["hand_in_by"] = consultation.last_day

    def clean_hand_in_by(self) -> date:
        day: date = self.cleaned_data["hand_in_by"]
        if self._last is None or not self._first <= day <= self._last:
            raise ValidationError(
                gettext("Name a day from today to the last day on which people can take part.")
            )
        return day


class SheetNumberForm(forms.Form):
    """Which sheet is typed in."""

    number = forms.CharField(
        label=_("Number of the sheet"),
        max_length=40,
        help_text=_("With the letter behind it, such as 12N. It shows most slips."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_number(self) -> int:
        number = read_number(self.cleaned_data["number"])
        if number is None:
            raise ValidationError(gettext("Number and letter do not fit. Compare them with the sheet."))
        return number

    def say_unknown(self) -> None:
        self.add_error("number", gettext("No sheet of this consultation has this number."))


@dataclass(frozen=True)
class TypedLine:
    """A line with the field in which it is typed in."""

    line: Line
    field: forms.BoundField


class LinesForm(forms.Form):
    """What was answered at each line. One that nobody touches is empty, but where two readings differ."""

    empty_label = pgettext_lazy("a line on a sheet", "empty")

    def __init__(self, *args: Any, lines: Sequence[Line], **options: Any) -> None:
        super().__init__(*args, **options)
        self._lines = lines
        for line in lines:
            self.fields[_name(line.place)] = forms.TypedChoiceField(
                label=line.code,
                required=bool(line.readings),
                error_messages={"required": gettext("Choose what stands at %(line)s.") % {"line": line.code}},
                initial=None if line.readings else EMPTY,
                choices=[
                    *((str(choice.value), choice.label) for choice in Choice),
                    (EMPTY, self.empty_label),
                ],
                coerce=_read_choice,
                empty_value=None,
                widget=forms.RadioSelect,
            )

    def lines(self) -> Iterator[TypedLine]:
        return (TypedLine(line, self[_name(line.place)]) for line in self._lines)

    @property
    def answers(self) -> dict[int, Choice | None]:
        """By places."""
        return {line.place: self.cleaned_data[_name(line.place)] for line in self._lines}

    def say_empty(self) -> None:
        self.add_error(None, gettext("Nothing is answered. Type in at least one answer."))


class AssistedForm(LinesForm):
    """The same, of somebody who sits beside a facilitator, and agreed that it is typed in."""

    empty_label = pgettext_lazy("somebody who is asked gives", "no answer")

    consent = forms.BooleanField(
        label=_("I read this out, and they agreed."),
        error_messages={"required": _("Nothing can be sent before they agreed.")},
    )
    key = forms.RegexField(rf"^[0-9a-f]{{{KEY_LENGTH}}}$", widget=forms.HiddenInput)
    code = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def clean_code(self) -> str:
        code = tidy_code(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(gettext("Open this page anew: it lost the code that it would show."))
        return code

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if all(found.get(_name(line.place)) is None for line in self._lines):
            self.say_empty()
        return found


def _name(place: int) -> str:
    return f"line_{place}"


def _read_choice(written: str) -> Choice | None:
    return None if written == EMPTY else Choice(int(written))
