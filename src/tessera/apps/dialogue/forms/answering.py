"""The forms with which officers say what becomes of themes and statements."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.dialogue.forms.in_languages import AskedText, InLanguagesForm
from tessera.apps.dialogue.forms.themes import statement_label
from tessera.apps.dialogue.models import Outcome
from tessera.apps.network.local_text import LocalText
from tessera.reports.landscape.parts import ListedStatement

LONGEST_REASON = 1_000


class DispositionForm(InLanguagesForm):
    """What becomes of it, and why."""

    asked = {
        "reason": AskedText(
            _("Reason"),
            _("What the city does, by when, and who does it; or why it does not. Plain words."),
            LONGEST_REASON,
        )
    }

    outcome = forms.ChoiceField(
        label=_("What becomes of it"), choices=Outcome.choices, widget=forms.RadioSelect
    )

    @property
    def chosen(self) -> Outcome:
        return Outcome(self.cleaned_data["outcome"])

    @property
    def reason(self) -> LocalText:
        return self.text("reason")


class StatementsForm(DispositionForm):
    """The same for one or more statements that are in no theme."""

    def __init__(self, *args: Any, statements: Mapping[int, ListedStatement], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["statements"] = forms.TypedMultipleChoiceField(
            label=gettext("Statements outside the themes"),
            coerce=int,
            choices=[(key, statement_label(each)) for key, each in statements.items()],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": gettext("Tick at least one statement.")},
        )

    @property
    def ticked(self) -> list[int]:
        keys: list[int] = self.cleaned_data["statements"]
        return keys

    def say_not_in_every_language(self) -> None:
        self.add_error(
            None,
            gettext("The answer is public: write the reason in every language of the consultation."),
        )
