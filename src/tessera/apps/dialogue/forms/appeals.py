"""The form with which an appeal is answered."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.dialogue.actions.taking_part import says_something
from tessera.apps.dialogue.models import LONGEST_APPEAL
from tessera.apps.review.forms.answers import Prose


class Reason(Prose):
    """Words that say something."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not says_something(value, longest=self.longest):
            raise ValidationError(gettext("Write a sentence: signs alone say nothing."))


class AnswerForm(forms.Form):
    """What its author is told."""

    answer = Reason(
        label=_("Your answer"),
        longest=LONGEST_APPEAL,
        help_text=_("Only the author reads it, with their receipt code. Say why, in at most 500 letters."),
    )
