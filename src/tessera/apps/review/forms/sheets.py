"""The forms with which a sheet comes back, and with which somebody chooses what of it shall stand."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.network.local_text import page_language
from tessera.apps.network.models import City
from tessera.apps.review.actions.sheets import Choice
from tessera.apps.review.forms.answers import Prose
from tessera.apps.review.models import PathwayChoices, Review, Upload
from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.errors import SheetError, SheetFault
from tessera.frameworks.sheets.faults import shortened
from tessera.frameworks.sheets.read import FilledSheet, read_filled_sheet
from tessera.frameworks.sheets.returned import Difference, Kind
from tessera.frameworks.sheets.values import plain
from tessera.frameworks.xlsforms.read import is_xlsform_export, read_xlsform_export

MAX_SHEET_BYTES = 5 * 1024**2
"""A sheet in which every question has long notes takes some hundred thousand."""
MOST_SAID = 50
"""Faults that are listed of one file; whoever has more is helped by no list."""
HERE, SHEET = "here", "sheet"


class SheetForm(forms.Form):
    """A filled answer sheet, or an export of the form; which of the two shows its content."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("The answer sheet as XLSX, or the export of the form as XLSX or CSV."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, review: Review, **options: Any) -> None:
        super().__init__(*args, **options)
        self.review = review
        self.faults: tuple[SheetFault, ...] = ()
        self.further_faults = 0

    def clean_file(self) -> FilledSheet:
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is None or upload.size > MAX_SHEET_BYTES:
            size = filesizeformat(MAX_SHEET_BYTES)
            raise ValidationError(gettext("The file is too large. We take up to %(size)s.") % {"size": size})
        try:
            filled = _read(upload, self.review)
        except SheetError as error:
            self.faults = error.faults[:MOST_SAID]
            self.further_faults = len(error.faults) + error.further - len(self.faults)
            raise ValidationError(
                gettext("The file cannot be taken as it is. See what to put right in it.")
            ) from error
        if wrong := list(_not_of(self.review, filled.sheet)):
            raise ValidationError(wrong)
        return replace(filled, sheet=replace(filled.sheet, answers=self._as_typed(filled.sheet)))

    def _as_typed(self, sheet: AnswerSheet) -> dict[str, Answer]:
        """The answers with their texts as the page of a question takes them."""
        titles = self.review.framework.text(page_language()).questions
        answers, wrong = {}, []
        for key, answer in sheet.answers.items():
            try:
                answers[key] = _answer_as_typed(titles[key].text, answer)
            except ValidationError as error:
                wrong.extend(error.messages)
        if wrong:
            further = len(wrong) - MOST_SAID
            said = ngettext(
                "There is %(count)s further fault.", "There are %(count)s further faults.", further
            )
            raise ValidationError(wrong[:MOST_SAID] + ([said % {"count": further}] if further > 0 else []))
        return answers


def _read(upload: UploadedFile, review: Review) -> FilledSheet:
    with NamedTemporaryFile() as copy:
        for piece in upload.chunks():
            copy.write(piece)
        copy.flush()
        path = Path(copy.name)
        if is_xlsform_export(path):
            return read_xlsform_export(path, review.framework, review.sheet_pathway)
        return read_filled_sheet(path)


def _not_of(review: Review, sheet: AnswerSheet) -> Iterator[str]:
    """Why a sheet does not belong to a review."""
    if sheet.framework_id != review.framework_id:
        yield gettext(
            "The file holds answers to another questionnaire. This review asks “%(title)s”: get its sheet "
            "here."
        ) % {"title": review.title}
    elif sheet.version != review.version:
        yield gettext(
            "The file answers version %(theirs)s of the questionnaire, and this review asks version "
            "%(ours)s. Get its sheet here."
        ) % {"theirs": sheet.version, "ours": review.version}
    elif sheet.pathway != review.sheet_pathway:
        yield gettext(
            "The file follows the pathway “%(theirs)s”, and this review follows “%(ours)s”. Get its sheet "
            "here."
        ) % {
            "theirs": PathwayChoices(sheet.pathway).label,
            "ours": PathwayChoices(review.pathway).label,
        }
    if not _is_name_of(review.city, sheet.city):
        yield gettext("The file names the city “%(theirs)s”. These are the answers of %(ours)s.") % {
            "theirs": shortened(sheet.city),
            "ours": review.city,
        }
    if sheet.year != review.year:
        yield gettext("The file is about the year %(theirs)s, and this review about %(ours)s.") % {
            "theirs": sheet.year,
            "ours": review.year,
        }
    if sheet.invented and not review.invented:
        yield gettext(
            "The file says that its answers are invented. If they are not, say “no” there, and bring it back "
            "again."
        )


def _is_name_of(city: City, name: str) -> bool:
    """In any language, and by people who type without accents."""
    return _letters(name) in {_letters(text) for text in city.name.texts.values()}


def _letters(name: str) -> str:
    apart = unicodedata.normalize("NFKD", plain(name))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _answer_as_typed(question: str, answer: Answer) -> Answer:
    """Raises ValidationError for a text that the page of the question would not take, either."""
    if answer.reason and not answer.not_applicable and answer.value is None:
        raise ValidationError(
            gettext(
                "“%(question)s” has a reason and no answer. Say there that the question does not apply, or "
                "take the reason back."
            )
            % {"question": question}
        )
    names = {
        "note": gettext("%(question)s (note)"),
        "reason": gettext("%(question)s (reason)"),
        "evidence": gettext("%(question)s (evidence)"),
    }
    words = {part: Prose(label=name % {"question": question}, required=False) for part, name in names.items()}
    # Each line is a piece of evidence, and may be as long as one.
    evidence = [words["evidence"].clean(line) for line in answer.evidence.splitlines()]
    return replace(
        answer,
        # Beside an answer, the reason why there was none has nothing more to say.
        reason=words["reason"].clean(answer.reason) if answer.not_applicable else "",
        note=words["note"].clean(answer.note),
        evidence="\n".join(evidence),
    )


class DifferencesForm(forms.Form):
    """Which of two answers shall stand, for every question in which a sheet differs.

    Where the answer here was changed since the person last saw it, what they chose does not count.
    """

    def __init__(self, *args: Any, upload: Upload, differences: Iterable[Difference], **options: Any) -> None:
        super().__init__(*args, **options)
        titles = upload.review.framework.text(page_language()).questions
        self.shown = {each.question: upload.mark_of_present(each) for each in differences}
        self.outdated: set[str] = set()
        if self.is_bound:
            self._forget_outdated()
        for difference in differences:
            question = difference.question
            self.fields[question] = forms.ChoiceField(
                label=titles[question].text,
                choices=[(HERE, gettext("Keep what is here")), (SHEET, gettext("Take the sheet"))],
                widget=forms.RadioSelect,
                initial=None if difference.kind is Kind.CONFLICT else SHEET,
                required=question not in self.outdated,
            )
            self.fields[_shown(question)] = forms.CharField(
                widget=forms.HiddenInput, initial=self.shown[question]
            )

    def _forget_outdated(self) -> None:
        data = {name: self.data.get(name) for name in self.data}
        for question, mark in self.shown.items():
            if data.get(_shown(question)) != mark:
                self.outdated.add(question)
                data.pop(question, None)
                data[_shown(question)] = mark
        self.data = data

    @property
    def choices(self) -> dict[str, Choice]:
        """What a valid form says, by question."""
        return {
            question: Choice(mark, self.cleaned_data[question] == SHEET)
            for question, mark in self.shown.items()
            if question not in self.outdated
        }


def _shown(question: str) -> str:
    # Keys of questions hold no underscore.
    return f"shown_{question}"
