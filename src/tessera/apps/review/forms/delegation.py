"""The forms with which an officer gives an area to a colleague."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.accounts.name import NameInput
from tessera.apps.network.forms import day_field
from tessera.apps.review.actions.delegation import LONGEST_LINK
from tessera.apps.review.forms.answers import Prose
from tessera.apps.review.models import Review

MESSAGE_LENGTH = 2000


def _message_field() -> Prose:
    return Prose(
        label=_("Message"),
        longest=MESSAGE_LENGTH,
        required=False,
        help_text=_("It stands in the mail, such as why you ask this person."),
    )


def _last_day_field() -> forms.DateField:
    return day_field(_("Last day"), help_text=_("The link works until the end of this day."))


def offered_last_day(review: Review, day: date) -> date | None:
    """The day on which the answers are due, as far as a link can work until then; none once that is past."""
    assert review.due_on is not None
    return min(review.due_on, day + LONGEST_LINK) if day <= review.due_on else None


class ColleagueForm(forms.Form):
    """An area for somebody with a role in the city."""

    colleague = forms.ModelChoiceField(label=_("Colleague"), queryset=Person.objects.none())
    message = _message_field()

    names_person = "colleague"
    refusal = _("This person has no role in the city any more.")
    repetition = _("This person has the area already.")

    def __init__(self, *args: Any, colleagues: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleague = self.fields["colleague"]
        assert isinstance(colleague, forms.ModelChoiceField)
        colleague.queryset = colleagues.order_by("name", "pk")
        colleague.empty_label = _("choose a person")


class LinkForm(forms.Form):
    """An area for anybody who reads their mails."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Of the person alone, not of a department: whoever has the link answers in their name."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = NameInput(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    language = forms.ChoiceField(label=_("Language of mails and pages"), choices=settings.LANGUAGES)
    until = _last_day_field()
    message = _message_field()

    names_person = "email"
    refusal = _("No personal link can be sent to this address.")
    repetition = _("This person has a link to the area already. You can send a new one instead.")


class NewLinkForm(forms.Form):
    """Until when a link works that is sent again."""

    until = _last_day_field()
