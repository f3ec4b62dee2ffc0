"""The forms with which experts are found for a review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.review.forms.answers import Prose


class ExpertForm(forms.Form):
    """Whom to ask."""

    expert = forms.TypedChoiceField(label=_("Expert"), coerce=int)

    def __init__(self, *args: Any, experts: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._experts = {expert.pk: expert for expert in experts}
        field = self.fields["expert"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("choose a person")), *((pk, str(each)) for pk, each in self._experts.items())]

    @property
    def chosen(self) -> Person:
        return self._experts[self.cleaned_data["expert"]]


class AcceptanceForm(forms.Form):
    """An expert takes a review on."""

    has_no_tie = forms.BooleanField(
        label=_("I neither work for this city nor did so in the last two years, in whatever way"),
    )


class RefusalForm(forms.Form):
    """An expert does not check a review."""

    reason = Prose(
        label=_("Why not?"), help_text=_("Whoever coordinates the network reads it and asks somebody else.")
    )
