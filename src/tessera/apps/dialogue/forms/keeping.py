"""The forms with which a consultation is closed, given to facilitators, and its links are made."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.accounts.name import NameInput
from tessera.apps.dialogue.actions.setting_up import MOST_LINKS
from tessera.apps.review.forms.answers import Prose

LONGEST_REASON = 500
LONGEST_PURPOSE = 200


class ClosingForm(forms.Form):
    """Why a consultation is closed before its last day."""

    reason = Prose(
        label=_("Why is it closed before its last day?"),
        longest=LONGEST_REASON,
        help_text=_("Everybody who took part can read it."),
    )


class FacilitatorsForm(forms.Form):
    """Which facilitators of the city keep a consultation."""

    people = forms.TypedMultipleChoiceField(
        label=_("Facilitators"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They prepare it, read statements and invite people. Only officers open and close it."),
    )

    def __init__(self, *args: Any, facilitators: Sequence[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        self._facilitators = {person.pk: person for person in facilitators}
        field = self.fields["people"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(pk, str(person)) for pk, person in self._facilitators.items()]

    @property
    def chosen(self) -> list[Person]:
        return [self._facilitators[pk] for pk in self.cleaned_data["people"]]


class StewardForm(forms.Form):
    """Who may take all votes, and what for."""

    person = forms.TypedChoiceField(label=_("Who?"), coerce=int)
    purpose = NameInput(
        label=_("What for?"),
        max_length=LONGEST_PURPOSE,
        help_text=_("In one sentence, such as: to count the results again before the council votes."),
    )

    def __init__(self, *args: Any, people: Sequence[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        self._people = {person.pk: person for person in people}
        field = self.fields["person"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("Choose")), *((pk, str(person)) for pk, person in self._people.items())]

    @property
    def chosen(self) -> Person:
        return self._people[self.cleaned_data["person"]]


class OwnLinksForm(forms.Form):
    """How many people are given a link of their own."""

    count = forms.IntegerField(
        label=_("How many links?"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_LINKS)],
        help_text=_("One for each person that you hand a card to."),
    )
