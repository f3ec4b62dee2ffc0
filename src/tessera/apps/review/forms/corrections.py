"""The forms with which a city puts right what it published, and takes a file from the public."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.network.local_text import page_language
from tessera.apps.review.access import areas_asked
from tessera.apps.review.forms.answers import Prose, SomeOptions
from tessera.apps.review.models import Review

LONGEST_REASON = 1_000


class CorrectionForm(forms.Form):
    """What is wrong in what is published, and which answers are to be corrected, area by area."""

    reason = Prose(
        label=_("What is wrong?"),
        longest=LONGEST_REASON,
        help_text=_("Anybody can read it at once, on the page of the published review. Name nobody."),
    )

    def __init__(self, *args: Any, review: Review, **options: Any) -> None:
        super().__init__(*args, **options)
        questions = review.framework.text(page_language()).questions
        self._areas = []
        for area in areas_asked(review):
            name = f"area-{area.key}"
            asked = area.asked(review.sheet_pathway)
            self.fields[name] = SomeOptions(
                label=review.area_title(area.key),
                choices=[(question.key, questions[question.key].text) for question in asked],
                widget=forms.CheckboxSelectMultiple,
            )
            self._areas.append(name)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and not self.questions:
            self.add_error(self._areas[0], gettext("Choose at least one answer that is to be corrected."))
        return found

    @property
    def questions(self) -> list[str]:
        """The keys of those that were chosen."""
        return [key for name in self._areas for key in self.cleaned_data.get(name, ())]


class NoteForm(forms.Form):
    """What a correction that is published puts right."""

    note = Prose(
        label=_("What was corrected?"),
        longest=LONGEST_REASON,
        help_text=_("Anybody can read it, on top of the published review. Name nobody."),
    )


class WithdrawalForm(forms.Form):
    """Why a published file is taken from the public."""

    reason = Prose(
        label=_("Why is it withdrawn?"),
        longest=LONGEST_REASON,
        help_text=_("Anybody can read it in place of the file. Name nobody."),
    )
