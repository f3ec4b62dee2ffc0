"""The forms with which staff write statements of the city's own, and put those of others into languages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BigAutoField, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy, ngettext

from tessera.apps.dialogue.actions.taking_part import tidy_words
from tessera.apps.dialogue.asking import Worded
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.languages import CODES, find_language
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import LONGEST_STATEMENT, Statement, TranslationState
from tessera.apps.dialogue.moderation_queue import translation_states
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.models import Finding


class OneSentence(forms.CharField):
    """The words of a statement, kept in one line. Too many letters are refused, and not cut off."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, language: str, longest: int, **options: Any) -> None:
        self.longest = longest
        super().__init__(**options)
        self.widget.attrs |= {"lang": language, "dir": find_language(language).direction}

    def to_python(self, value: Any) -> str:
        return tidy_words(str(super().to_python(value)))

    def validate(self, value: str) -> None:
        super().validate(value)
        surplus = len(value) - self.longest
        if surplus > 0:
            raise ValidationError(
                ngettext(
                    "“%(label)s” is %(surplus)s letter too long.",
                    "“%(label)s” is %(surplus)s letters too long.",
                    surplus,
                )
                % {"label": self.label, "surplus": surplus}
            )


class SeedForm(forms.Form):
    """A statement of the city's own, in the first language of the consultation and in the others."""

    def __init__(
        self, *args: Any, languages: Sequence[str], findings: QuerySet[Finding], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._languages = languages
        first, *others = languages
        self.fields[f"text_{first}"] = OneSentence(
            label=gettext("Statement, %(language)s") % {"language": language_name(first)},
            help_text=gettext(
                "One thing, in one sentence, that one can agree or disagree with. At most %(most)s letters."
            )
            % {"most": LONGEST_STATEMENT},
            language=first,
            longest=LONGEST_STATEMENT,
        )
        for code in others:
            self.fields[f"text_{code}"] = _translation_field(code)
        if findings.exists():
            self.fields["finding"] = _finding_field(findings)

    @property
    def finding(self) -> Finding | None:
        return self.cleaned_data.get("finding")

    @property
    def text(self) -> LocalText:
        given = {code: self.cleaned_data[f"text_{code}"] for code in self._languages}
        return LocalText(self._languages[0], {code: text for code, text in given.items() if text})


class FindingForm(forms.Form):
    """Which of the findings that a consultation takes up a statement is about."""

    def __init__(self, *args: Any, findings: QuerySet[Finding], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["finding"] = _finding_field(findings)


class MergeForm(forms.Form):
    """Which other statement says the same: one that looks alike, or any by its number."""

    similar = forms.TypedChoiceField(
        label=gettext_lazy("These look alike"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    number = forms.IntegerField(
        label=gettext_lazy("Number of another statement"),
        help_text=gettext_lazy("As it stands in the list of statements."),
        required=False,
        min_value=1,
        max_value=BigAutoField.MAX_BIGINT,
    )

    def __init__(self, *args: Any, statement: Statement, similar: Sequence[Worded], **options: Any) -> None:
        super().__init__(*args, **options)
        others = statement.consultation.statements.exclude(pk=statement.pk)
        self._others = others.filter(
            Q(state=StatementState.SHOWN) | Q(merged_into__state=StatementState.SHOWN)
        )
        field = self.fields["similar"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            *((each.pk, f"{each.pk}: {each.text}") for each in similar),
            ("", gettext("none of these")),
        ]
        if not similar:
            del self.fields["similar"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = {key for key in (given.get("similar"), given.get("number")) if key is not None}
        given["into"] = self._others.filter(pk__in=chosen).first() if len(chosen) == 1 else None
        if not self.errors and len(chosen) != 1:
            self.add_error("number", gettext("Choose one statement, or give one number."))
        elif not self.errors and given["into"] is None:
            self.add_error("number", gettext("No other statement with this number is shown."))
        return given

    @property
    def into(self) -> Statement:
        found: Statement = self.cleaned_data["into"]
        return found


class WrittenInForm(forms.Form):
    """In which language a statement is written: all that residents can read are offered."""

    language = forms.ChoiceField(
        label=gettext_lazy("Written in"),
        help_text=gettext_lazy(
            "Phones read it out in this language. It cannot be changed any more once it is translated."
        ),
    )

    def __init__(self, *args: Any, statement: Statement, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["language"] = statement.language
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, language_name(code)) for code in CODES]


def _finding_field(findings: QuerySet[Finding]) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        findings,
        label=gettext("Which finding is it about?"),
        required=False,
        empty_label=gettext("about none of them"),
        widget=forms.RadioSelect,
    )


@dataclass(frozen=True)
class TranslationOnPage:
    """One language of a statement, with its state and what can be done about it."""

    language: str
    state: TranslationState
    text: forms.BoundField
    still_right: forms.BoundField | None
    """Where the original was changed since, or a machine wrote: that the words fit."""


class WordsInOtherLanguages(forms.Form):
    """A form with a field `text_` for each language, and `right_` where one can say that the words fit."""

    _states: Mapping[str, TranslationState]

    @property
    def texts(self) -> dict[str, str]:
        """What was written anew or found to be right, by language; the rest stays as it is kept."""
        return {
            code: self.cleaned_data[f"text_{code}"]
            for code in self._states
            if f"text_{code}" in self.changed_data or self.cleaned_data.get(f"right_{code}")
        }

    def translations(self) -> Iterator[TranslationOnPage]:
        for code, state in self._states.items():
            right = self[f"right_{code}"] if f"right_{code}" in self.fields else None
            yield TranslationOnPage(code, state, self[f"text_{code}"], right)


class TranslationsForm(WordsInOtherLanguages):
    """The words of a statement in the other languages of its consultation."""

    def __init__(self, *args: Any, statement: Statement, **options: Any) -> None:
        super().__init__(*args, **options)
        kept = {each.language: each for each in statement.translations.all()}
        self._states = translation_states(statement, statement.consultation.languages)
        for code, state in self._states.items():
            self.fields[f"text_{code}"] = _translation_field(code)
            self.initial[f"text_{code}"] = kept[code].text if code in kept else ""
            if state is TranslationState.OUTDATED:
                self.fields[f"right_{code}"] = forms.BooleanField(
                    label=gettext("It fits the original as it is now"), required=False
                )
            elif state is TranslationState.MACHINE:
                self.fields[f"right_{code}"] = forms.BooleanField(
                    label=gettext("I have read it, and it says the same as the original"), required=False
                )


def _translation_field(code: str) -> OneSentence:
    # A translation may be longer than its original, which alone is limited.
    return OneSentence(
        label=gettext("In this language: %(language)s") % {"language": language_name(code)},
        required=False,
        language=code,
        longest=2 * LONGEST_STATEMENT,
    )
