"""The forms with which an expert judges an answer and asks about it."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from tessera.apps.review.forms.answers import MayStayOpen, Prose, ValueForm
from tessera.apps.review.models import Phrase, Strength
from tessera.frameworks.answers import Answer as GivenAnswer

LONGEST_PHRASE = 1_000
SHOWN_OF_A_PHRASE = 80


class Words(MayStayOpen, Prose):
    """Needed or not, as another field or the button says."""


class JudgementForm(ValueForm):
    """What the answer should be, in the eyes of two experts together: as the city says, or another one."""

    choice_label = gettext_lazy("Another answer")
    number_label = gettext_lazy("Another answer (%(unit)s)")
    reason_label = gettext_lazy("Your reason, of both of you")
    reason_help = gettext_lazy(
        "Needed for another answer. It stands beside the city's answer and both opinions."
    )

    def __init__(self, *args: Any, accepts: bool, **options: Any) -> None:
        """`accepts` tells by which button the form came."""
        super().__init__(*args, **options)
        self._accepts = accepts
        self.fields["reason"] = Words(label=self.reason_label, help_text=self.reason_help)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self._accepts:
            # Whatever stands in the fields of another answer: the button says which is meant.
            for name in ("number", "choice"):
                self.errors.pop(name, None)
            return found
        if not self.errors.keys() & {"number", "choice"}:
            self._check_choice(self._chosen, found.get("number"))
            if self._value is None and not self._says_not_applicable:
                name = "number" if "number" in self.fields else "choice"
                self.add_error(name, gettext("Say which answer it should be."))
        if "reason" not in self.errors and not found["reason"]:
            self.add_error("reason", gettext("Say why it should be another answer."))
        return found

    @property
    def other(self) -> GivenAnswer | None:
        """What a valid form says; None where it accepts the city's answer."""
        if self._accepts:
            return None
        not_applicable = self._says_not_applicable
        return GivenAnswer(None if not_applicable else self._value, not_applicable)


class OpinionForm(JudgementForm):
    """What it should be in the eyes of one expert."""

    reason_label = gettext_lazy("Your reason")
    reason_help = gettext_lazy(
        "Needed for another answer. It stands beside the city's answer, under your name."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["strength"] = forms.ChoiceField(
            label=gettext("How sure are you?"),
            choices=Strength.choices,
            initial=Strength.MEDIUM,
            widget=forms.RadioSelect,
        )


class QueryForm(forms.Form):
    """What an expert asks about an answer, perhaps in a sentence that was kept for it."""

    # What is asked may stand in either field.
    use_required_attribute = False

    phrase = forms.ChoiceField(label=_("One of your phrases"), required=False)
    text = Words(label=_("Your question to the city"))

    def __init__(self, *args: Any, phrases: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        if not phrases:
            del self.fields["phrase"]
            return
        field = self.fields["phrase"]
        assert isinstance(field, forms.ChoiceField)
        shown = [(text, Truncator(text).chars(SHOWN_OF_A_PHRASE)) for text in phrases]
        field.choices = [("", _("none")), *shown]
        field.help_text = gettext("It is put before what you write.")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and not self.asked:
            self.add_error("text", gettext("Write what you want to know."))
        return found

    @property
    def asked(self) -> str:
        """The phrase, and what was written."""
        return "\n".join(filter(None, (self.cleaned_data.get("phrase"), self.cleaned_data["text"])))


class PhraseForm(forms.Form):
    """A sentence to be kept."""

    text = Prose(label=_("New phrase"), longest=LONGEST_PHRASE)

    def __init__(self, *args: Any, kept: list[Phrase], **options: Any) -> None:
        super().__init__(*args, **options)
        self._kept = {phrase.text for phrase in kept}

    def clean_text(self) -> str:
        # On one line: browsers send the line breaks of an option back as other signs.
        text = " ".join(self.cleaned_data["text"].split())
        if text in self._kept:
            raise forms.ValidationError(gettext("You have kept this phrase already."))
        return text
