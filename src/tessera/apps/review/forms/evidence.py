"""The forms with which evidence is added to an answer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.name import one_line
from tessera.apps.network.forms import day_field, language_choices
from tessera.apps.records.files import refusals
from tessera.apps.records.files.storing import CheckedFile, check_upload
from tessera.apps.review.forms.answers import Prose
from tessera.apps.review.models import Evidence
from tessera.apps.review.models.evidence import TITLE_LENGTH, URL_LENGTH


class OneLine(forms.CharField):
    """Words in one line, without signs that steer a program."""

    def to_python(self, value: Any) -> str:
        return one_line(str(super().to_python(value) or ""))


class AboutForm(forms.Form):
    """What is said about a piece of evidence, whatever it is."""

    title = OneLine(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        required=False,
        help_text=_("Such as the name of the decision or the report, and the page."),
    )
    dated_on = day_field(_("Date of the source"), required=False)
    language = forms.ChoiceField(label=_("Language of the source"), required=False)
    is_public = forms.BooleanField(
        label=_("Anybody may read it once the city publishes the result"),
        required=False,
        help_text=_("Leave it open where the source names people, or is not the city's to publish."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", gettext("not said")), *language_choices()]


class ChangeForm(AboutForm):
    """With the mark of what somebody had before them."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)


class FileForm(AboutForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "PDF, a picture (JPEG, PNG, WebP), or an office file (Word, Excel, PowerPoint, OpenDocument)."
        ),
    )
    field_order = ["file", "title", "dated_on", "language", "is_public"]

    def clean_file(self) -> CheckedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        try:
            return check_upload(upload)
        except refusals.FileRefused as refused:
            raise ValidationError(_why_refused(refused)) from refused


class LinkForm(AboutForm):
    url = forms.URLField(
        label=_("Address"),
        max_length=URL_LENGTH,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("Such as https://www.example.org/decision."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["url", "title", "dated_on", "language", "is_public"]


class QuotationForm(AboutForm):
    text = Prose(label=_("Quotation"))
    field_order = ["text", "title", "dated_on", "language", "is_public"]


class KnownForm(forms.Form):
    """A piece that the review has already, for a further answer."""

    evidence = forms.ModelChoiceField(label=_("Piece of evidence"), queryset=Evidence.objects.none())

    def __init__(self, *args: Any, pieces: QuerySet[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        evidence = self.fields["evidence"]
        assert isinstance(evidence, forms.ModelChoiceField)
        evidence.queryset = pieces
        evidence.empty_label = _("choose a piece")


def _why_refused(refused: refusals.FileRefused) -> str:
    match refused:
        case refusals.TooLarge(limit_bytes=limit):
            return gettext("The file is too large. We take up to %(size)s.") % {"size": filesizeformat(limit)}
        case refusals.TooManyPixels():
            return gettext("The picture is too large to be opened safely. Make it smaller first.")
        case refusals.OldOrLocked():
            return gettext(
                "The file is in an office format from before 2007, or needs a password. Save it in a newer "
                "format and without a password, or as a PDF."
            )
        case refusals.HasMacros():
            return gettext("The file holds macros, which could run something. Save it without them.")
        case refusals.Infected():
            return gettext("The scanner found malware in the file. Nothing of it was kept.")
        case refusals.NotScanned():
            return gettext("The file could not be checked for viruses just now. Try again a little later.")
        case refusals.Broken():
            return gettext("The file is damaged, or not what it says it is. Save it anew, or as a PDF.")
        case _:
            return gettext("We do not take this kind of file. Save it as a PDF.")
