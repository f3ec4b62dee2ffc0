"""The forms with which stakeholders are named, and it is kept how to reach people who wished it."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.name import NameInput
from tessera.apps.dialogue.actions.contacts import CONTACTS_ARE_KEPT_DAYS, LONGEST_CONTACT_DAYS
from tessera.apps.dialogue.actions.stakeholders import StakeholderPlan
from tessera.apps.dialogue.forms.setting_up import language_choices
from tessera.apps.dialogue.models import Purpose, Stakeholder, StakeholderKind
from tessera.apps.network.forms import day_field
from tessera.apps.network.models import Organisation
from tessera.apps.review.forms.answers import Prose

LONGEST_NAME = 120
LONGEST_WAY = 200
LONGEST_WHY = 1_000

_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{4,30}")


class StakeholderForm(forms.Form):
    """A group of people or an organisation that a consultation should hear."""

    kind = forms.ChoiceField(label=_("Kind"), choices=StakeholderKind.choices, widget=forms.RadioSelect)
    name = NameInput(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("Of the group or the organisation, and nobody’s own name."),
    )
    organisation = forms.TypedChoiceField(
        label=_("Organisation of the network"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Where it is one of those."),
    )
    why = Prose(label=_("Why we should hear them"), required=False, longest=LONGEST_WHY)
    reached_by = NameInput(
        label=_("How to reach them"),
        required=False,
        max_length=LONGEST_WAY,
        help_text=_("Such as: the language café on Thursdays."),
    )
    invited_on = day_field(_("Invited on"), required=False)

    def __init__(self, *args: Any, standing: Stakeholder | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._organisations = {each.pk: each for each in Organisation.objects.order_by("slug")}
        field = self.fields["organisation"]
        assert isinstance(field, forms.TypedChoiceField)
        named = sorted(((pk, str(each)) for pk, each in self._organisations.items()), key=lambda row: row[1])
        field.choices = [("", gettext("none")), *named]
        if standing is not None:
            self.initial = {
                "kind": standing.kind,
                "name": standing.name,
                "organisation": standing.organisation_id,
                "why": standing.why,
                "reached_by": standing.reached_by,
                "invited_on": standing.invited_on,
            }

    @property
    def plan(self) -> StakeholderPlan:
        found = self.cleaned_data
        return StakeholderPlan(
            kind=StakeholderKind(found["kind"]),
            name=found["name"],
            organisation=self._organisations.get(found["organisation"]),
            why=found["why"],
            reached_by=found["reached_by"],
            invited_on=found["invited_on"],
        )

    def say_named(self) -> None:
        self.add_error("name", gettext("This name is on the map already."))


class ContactForm(forms.Form):
    """How to reach somebody, what for, and until when."""

    purpose = forms.ChoiceField(label=_("What for"), choices=Purpose.choices, widget=forms.RadioSelect)
    name = NameInput(label=_("Name, as they give it"), max_length=LONGEST_NAME)
    way = NameInput(label=_("E-mail address or telephone number"), max_length=LONGEST_WAY)
    language = forms.ChoiceField(label=_("Language in which to write or speak"), choices=language_choices)
    until = day_field(_("Erased after"))
    agreed = forms.BooleanField(
        label=_(
            "They agreed to this today, for this purpose and until this day. They know that they can take it "
            "back."
        )
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today = today
        self.initial["until"] = today + timedelta(days=CONTACTS_ARE_KEPT_DAYS)
        for name in ("name", "way"):
            # It is somebody else's: the browser of who types has no business to remember it.
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_way(self) -> str:
        way: str = self.cleaned_data["way"]
        try:
            EmailValidator()(way)
        except ValidationError:
            if not _PHONE.fullmatch(way):
                raise ValidationError(
                    gettext("Give an e-mail address, or a telephone number in digits.")
                ) from None
        return way

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until < self._today:
            raise ValidationError(gettext("This day is past."))
        if until > self._today + timedelta(days=LONGEST_CONTACT_DAYS):
            raise ValidationError(
                ngettext(
                    "It is kept for at most %(days)s day.",
                    "It is kept for at most %(days)s days.",
                    LONGEST_CONTACT_DAYS,
                )
                % {"days": LONGEST_CONTACT_DAYS}
            )
        return until
