"""The forms with which staff mark excerpts, keep the codebook, code, and clear quotations."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.name import NameInput
from tessera.apps.dialogue.actions.coding import CodeWords
from tessera.apps.dialogue.codebook_files import CodeRow, NotACodebook, read_codebook
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.models import LONGEST_NOTE, Code, Consultation, Excerpt, Note
from tessera.apps.dialogue.personal_details import Detail, find_personal_details
from tessera.apps.dialogue.sentences import Sentence, find_sentences
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.forms.answers import Prose
from tessera.apps.review.models import Finding

LONGEST_NAME, LONGEST_DEFINITION, LONGEST_QUOTE = 120, 2_000, 1_000
MOST_BYTES = 1024**2
"""Of a codebook: some hundred codes with long texts take a quarter of it."""
MOST_SAID = 50
"""Faults that are listed of one file; whoever has more is helped by no list."""


# Excerpts


class FindingChoice(forms.TypedChoiceField):
    """A finding of a consultation's brief, or none."""

    def __init__(self, *, findings: Sequence[Finding], **options: Any) -> None:
        self._findings = {finding.pk: finding for finding in findings}
        super().__init__(
            label=gettext("About which finding?"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[
                ("", gettext("about none of them")),
                *((pk, str(each)) for pk, each in self._findings.items()),
            ],
            **options,
        )

    def clean(self, value: Any) -> Finding | None:
        chosen: int | None = super().clean(value)
        return None if chosen is None else self._findings[chosen]


class SentencesForm(forms.Form):
    """Which sentences of a note are an excerpt: one, or several that stand one after the other."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, note: Note, findings: Sequence[Finding]
    ) -> None:
        super().__init__(data, prefix=f"note-{note.pk}")
        self.note = note
        self._sentences = find_sentences(note.text)
        self.fields["sentences"] = forms.TypedMultipleChoiceField(
            label=gettext("Sentences"),
            help_text=gettext("Tick one, or several that stand one after the other."),
            coerce=int,
            choices=[(place, each.words) for place, each in enumerate(self._sentences)],
            widget=forms.CheckboxSelectMultiple,
        )
        if findings:
            self.fields["finding"] = FindingChoice(findings=findings)

    def clean_sentences(self) -> list[Sentence]:
        places = sorted(set(self.cleaned_data["sentences"]))
        if any(later != earlier + 1 for earlier, later in pairwise(places)):
            raise ValidationError(
                gettext(
                    "Between the sentences that you ticked are others. Tick them, too, or mark two excerpts."
                )
            )
        return [self._sentences[place] for place in places]

    @property
    def passage(self) -> tuple[int, int]:
        sentences: list[Sentence] = self.cleaned_data["sentences"]
        return sentences[0].starts, sentences[-1].ends

    def say_marked(self) -> None:
        self.add_error("sentences", gettext("These words are an excerpt already."))


class SelectionForm(forms.Form):
    """What somebody has selected in a note; a script fills it in."""

    starts = forms.IntegerField(widget=forms.HiddenInput, validators=[MinValueValidator(0)])
    ends = forms.IntegerField(widget=forms.HiddenInput, validators=[MaxValueValidator(LONGEST_NOTE)])

    @property
    def passage(self) -> tuple[int, int]:
        return self.cleaned_data["starts"], self.cleaned_data["ends"]


class FindingForm(forms.Form):
    """Which finding of the brief an excerpt is about."""

    def __init__(self, *args: Any, excerpt: Excerpt, findings: Sequence[Finding], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["finding"] = FindingChoice(findings=findings, initial=excerpt.finding_id)


class QuoteForm(forms.Form):
    """An excerpt as everybody may read it: in the language in which it was said, and in others."""

    def __init__(self, *args: Any, excerpt: Excerpt, consultation: Consultation, **options: Any) -> None:
        super().__init__(*args, **options)
        self._source = excerpt.note.language
        self._languages = list(dict.fromkeys([self._source, *consultation.languages]))
        kept = excerpt.quote.texts if excerpt.quote is not None else {self._source: excerpt.words}
        for code in self._languages:
            field = self.fields[f"text_{code}"] = Prose(
                label=gettext("Quotation, %(language)s") % {"language": language_name(code)},
                required=code in (self._source, consultation.first_language),
                longest=LONGEST_QUOTE,
                initial=kept.get(code, ""),
            )
            field.widget.attrs |= {"lang": code, "dir": find_language(code).direction, "rows": 3}

    @property
    def quote(self) -> LocalText:
        given = {code: self.cleaned_data[f"text_{code}"] for code in self._languages}
        return LocalText(self._source, {code: text for code, text in given.items() if text})

    def personal_details(self) -> list[Detail]:
        """In what is written now: a hint for whoever clears it."""
        found: list[Detail] = []
        for code in self._languages:
            words = self[f"text_{code}"].value() or ""
            found += [each for each in find_personal_details(words, code) if each not in found]
        return found


# The codebook


class CodeForm(forms.Form):
    """What a code is called, what it means, and when to give it."""

    key = forms.CharField(
        label=_("Key"),
        max_length=40,
        validators=Code._meta.get_field("key").validators,
        help_text=_(
            "Small letters, digits and hyphens, such as: language-courses. It cannot be changed later."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    name = NameInput(label=_("Name"), max_length=LONGEST_NAME)
    definition = Prose(label=_("What it means"), longest=LONGEST_DEFINITION)
    includes = Prose(
        label=_("When to give it"),
        required=False,
        longest=LONGEST_DEFINITION,
        help_text=_("Also in cases that are not obvious, perhaps with an example."),
    )
    excludes = Prose(
        label=_("When not to give it"),
        required=False,
        longest=LONGEST_DEFINITION,
        help_text=_("What sounds alike, and which code to give instead."),
    )

    def __init__(self, *args: Any, code: Code | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._code = code
        if code is not None:
            del self.fields["key"]
            self.initial = {name: getattr(code, name) for name in self.fields}

    @property
    def words(self) -> CodeWords:
        key = self.cleaned_data["key"] if self._code is None else self._code.key
        texts = {name: self.cleaned_data[name] for name in ("name", "definition", "includes", "excludes")}
        return CodeWords(key, **texts)

    def say_taken(self) -> None:
        self.add_error("key", gettext("Another code has this key. Choose another one."))


class CodebookForm(forms.Form):
    """A codebook as a file. One fault, and nothing of it is taken."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A CSV file with the columns key, name, definition, includes and excludes."),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )

    def clean_file(self) -> list[CodeWords]:
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is None or upload.size > MOST_BYTES:
            size = filesizeformat(MOST_BYTES)
            raise ValidationError(gettext("The file is too large. We take up to %(size)s.") % {"size": size})
        try:
            rows = read_codebook(upload.read())
        except NotACodebook as error:
            raise ValidationError(str(error)) from error
        forms_of_rows = [(row, CodeForm(row.cells)) for row in rows]
        if faults := list(_faults(forms_of_rows)):
            raise ValidationError(faults[:MOST_SAID])
        return [form.words for _, form in forms_of_rows]


def _faults(rows: Sequence[tuple[CodeRow, CodeForm]]) -> Iterator[str]:
    lines: dict[str, int] = {}
    for row, form in rows:
        for field, errors in form.errors.items():
            for error in errors:
                yield gettext("Line %(line)s, %(column)s: %(error)s") % {
                    "line": row.line,
                    "column": field,
                    "error": error,
                }
        first = lines.setdefault(row.cells["key"], row.line)
        if first != row.line:
            yield gettext("Line %(line)s: the key “%(key)s” is in line %(first)s, too.") % {
                "line": row.line,
                "key": row.cells["key"],
                "first": first,
            }


# Codings


class CodingForm(forms.Form):
    """The codes that somebody gives to an excerpt, or that none fits."""

    codes = forms.TypedMultipleChoiceField(
        label=_("Codes"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    none_fits = forms.BooleanField(label=_("No code fits"), required=False)

    def __init__(
        self, *args: Any, codes: Sequence[Code], given: Sequence[Code] | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._codes = {code.pk: code for code in codes}
        field = self.fields["codes"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(pk, code.name) for pk, code in self._codes.items()]
        if given is not None:
            self.initial = {"codes": [code.pk for code in given], "none_fits": not given}

    def clean(self) -> None:
        if "codes" not in self.cleaned_data:
            return
        if bool(self.cleaned_data["codes"]) == self.cleaned_data["none_fits"]:
            self.add_error("codes", gettext("Tick the codes that fit, or that none does."))

    @property
    def chosen(self) -> list[Code]:
        return [self._codes[pk] for pk in self.cleaned_data["codes"]]

    def boxes(self) -> Iterator[tuple[Any, Code]]:
        """Each box to tick, with its code."""
        return zip(self["codes"].subwidgets, self._codes.values(), strict=True)
