"""The forms with which the two sides of a query write to each other."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tessera.apps.review.forms.answers import Prose


class ReplyForm(forms.Form):
    """What the city says."""

    text = Prose(label=_("Your reply"))


class AskAgainForm(forms.Form):
    """What an expert still wants to know."""

    text = Prose(label=_("What is still open?"))


class ReturnForm(forms.Form):
    """What an expert says to the city beside the queries."""

    message = Prose(
        label=_("Message"), required=False, help_text=_("It stands in the mail to the officers of the city.")
    )
