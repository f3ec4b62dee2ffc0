"""Texts that are written in several languages: the fields of each, and what is read of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext

from tessera.apps.accounts.name import NameInput
from tessera.apps.dialogue.languages import Language, find_language
from tessera.apps.network.local_text import LocalText, page_language
from tessera.apps.review.forms.answers import Prose


def language_name(code: str) -> str:
    """In the page's language."""
    name: str = Locale.parse(page_language()).languages[code]
    return name


@dataclass(frozen=True)
class TextsInLanguage:
    """The fields of one language on the page."""

    language: Language
    name: str
    is_first: bool
    fields: list[forms.BoundField]
    labels: Mapping[str, str | Promise]

    @property
    def missing(self) -> list[str]:
        """What is not written yet, by its label."""
        return [str(self.labels[each.name.split("-")[0]]) for each in self.fields if not each.value()]

    @property
    def is_empty(self) -> bool:
        return len(self.missing) == len(self.fields)

    @property
    def has_errors(self) -> bool:
        return any(each.errors for each in self.fields)


@dataclass(frozen=True)
class AskedText:
    label: str | Promise
    hint: str | Promise
    longest: int
    is_line: bool = False
    """Else it has several."""


class InLanguagesForm(forms.Form):
    """A form with texts of which the first language is needed, while the others can wait."""

    asked: Mapping[str, AskedText]

    def __init__(
        self, *args: Any, languages: Sequence[str], standing: Mapping[str, LocalText], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._languages, self._standing = languages, standing
        for code in languages:
            for name, text in self.asked.items():
                self.fields[f"{name}-{code}"] = self._field(text, code)
        for name, kept in standing.items():
            self.initial.update({f"{name}-{code}": words for code, words in kept.texts.items()})

    def _field(self, text: AskedText, code: str) -> forms.CharField:
        is_first = code == self._languages[0]
        about: dict[str, Any] = {"label": text.label, "required": is_first}
        if is_first:
            about["help_text"] = text.hint
        else:
            # The list of errors stands apart from the language's heading.
            about["label"] = gettext("%(label)s, %(language)s") % {
                "label": text.label,
                "language": language_name(code),
            }
        field: forms.CharField
        if text.is_line:
            field = NameInput(max_length=text.longest, **about)
            field.widget.attrs["autocomplete"] = "off"
        else:
            field = Prose(longest=text.longest, **about)
        field.widget.attrs |= {"lang": code, "dir": find_language(code).direction}
        return field

    def text_names(self) -> list[str]:
        """Of the fields, language by language."""
        return [f"{name}-{code}" for code in self._languages for name in self.asked]

    def text(self, name: str) -> LocalText:
        """What was written. What stands in languages that are not offered here is kept."""
        offered, kept = self._languages, self._standing.get(name)
        others = (
            {} if kept is None else {code: text for code, text in kept.texts.items() if code not in offered}
        )
        given = {code: self.cleaned_data[f"{name}-{code}"] for code in offered}
        return LocalText(offered[0], {**others, **{code: text for code, text in given.items() if text}})

    # For the page

    def texts(self) -> list[TextsInLanguage]:
        """The first language before the others."""
        labels = {name: text.label for name, text in self.asked.items()}
        return [
            TextsInLanguage(
                find_language(code),
                language_name(code),
                code == self._languages[0],
                [self[f"{name}-{code}"] for name in self.asked],
                labels,
            )
            for code in self._languages
        ]

    def others(self) -> list[forms.BoundField]:
        """What is asked beside the texts."""
        names = set(self.text_names())
        return [each for each in self.visible_fields() if each.name not in names]
