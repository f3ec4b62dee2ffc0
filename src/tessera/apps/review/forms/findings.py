"""The forms with which experts write findings and show a draft, and with which the city replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.network.local_text import LocalText, page_language
from tessera.apps.review.findings import Bases, OfferedArea, bases_of, bases_offered
from tessera.apps.review.forms.answers import Prose
from tessera.apps.review.models import Finding, FindingKind

LONGEST_FINDING = 2_000
LEFT_OPEN = _("Leave it empty where there is no translation.")


@dataclass(frozen=True)
class Box:
    """Something that a finding may rest on, to be ticked."""

    id: str
    name: str
    value: str
    label: str
    is_ticked: bool


@dataclass(frozen=True)
class BoxesOfArea:
    title: str
    area: Box
    questions: tuple[Box, ...]
    evidence: tuple[Box, ...]

    @property
    def ticked(self) -> int:
        return sum(box.is_ticked for box in (self.area, *self.questions, *self.evidence))


class Ticks(forms.MultipleChoiceField):
    """What the page shows as boxes of its own, area by area."""

    widget = forms.CheckboxSelectMultiple


class FindingForm(forms.Form):
    """A finding in the language that it is written in and in others, and what it rests on."""

    kind = forms.ChoiceField(
        label=_("Kind of finding"), choices=FindingKind.choices, widget=forms.RadioSelect
    )
    source = forms.ChoiceField(label=_("Language that you write in"))
    text = Prose(label=_("What you find"), longest=LONGEST_FINDING)
    next_step = Prose(
        label=_("Suggested next step"),
        longest=LONGEST_FINDING,
        required=False,
        help_text=_("What the city may do about it."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    newer = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The revision of what the other expert saved meanwhile, on a page that shows it."""

    def __init__(
        self, *args: Any, offered: Sequence[OfferedArea], standing: Finding | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.initial = _fields_of(standing)
        self._offered = offered
        self.languages = _languages(standing)
        names = Locale.parse(page_language()).languages
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = [(code, names[code]) for code in self.languages]
        for code in self.languages:
            words = {"language": names[code]}
            self.fields[f"text_{code}"] = Prose(
                label=gettext("What you find, in this language: %(language)s") % words,
                longest=LONGEST_FINDING,
                required=False,
                help_text=LEFT_OPEN,
            )
            self.fields[f"next_step_{code}"] = Prose(
                label=gettext("Suggested next step, in this language: %(language)s") % words,
                longest=LONGEST_FINDING,
                required=False,
                help_text=LEFT_OPEN,
            )
            for name in (f"text_{code}", f"next_step_{code}"):
                self.fields[name].widget.attrs["lang"] = code
        possible = bases_offered(offered)
        for name, keys in (
            ("areas", possible.areas),
            ("questions", possible.questions),
            ("evidence", possible.evidence),
        ):
            self.fields[name] = Ticks(
                label=gettext("What it rests on"),
                required=False,
                choices=[(str(key), str(key)) for key in keys],
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        source = found.get("source")
        for name in ("text", "next_step"):
            again = f"{name}_{source}"
            if found.get(again) and name in found and found[again] != found[name]:
                self.add_error(
                    again,
                    gettext(
                        "This is the language that you write in. Put the words above, and leave this empty."
                    ),
                )
        if "next_step" not in self.errors and not found.get("next_step"):
            for code in self.languages:
                if code != source and found.get(f"next_step_{code}"):
                    self.add_error(
                        "next_step",
                        gettext("You gave the next step in a further language only. Write it here, too."),
                    )
                    break
        self._check_bases()
        return found

    def _check_bases(self) -> None:
        """What is wrong with any of the boxes is said once, above all of them."""
        gone = [name for name in BASES if self.errors.pop(name, None)]
        if gone:
            self.add_error(
                "areas",
                gettext("Something that you ticked is not there any more. Look at what is ticked now."),
            )
        elif not self.bases:
            self.add_error(
                "areas",
                gettext("Say what the finding rests on: tick an area, an answer or a piece of evidence."),
            )

    @property
    def written(self) -> LocalText:
        return LocalText(self.cleaned_data["source"], self._texts("text"))

    @property
    def suggested(self) -> LocalText | None:
        texts = self._texts("next_step")
        return LocalText(self.cleaned_data["source"], texts) if texts else None

    @property
    def bases(self) -> Bases:
        found = self.cleaned_data
        return Bases(
            areas=frozenset(found.get("areas", [])),
            questions=frozenset(found.get("questions", [])),
            evidence=frozenset(int(number) for number in found.get("evidence", [])),
        )

    @property
    def has_translations(self) -> bool:
        """Whether something stands in the fields of further languages, or is wrong there."""
        names = [f"{name}_{code}" for name in ("text", "next_step") for code in self.languages]
        return any(self[name].value() or self[name].errors for name in names)

    @property
    def translations(self) -> list[forms.BoundField]:
        return [self[f"{name}_{code}"] for code in self.languages for name in ("text", "next_step")]

    def boxes(self) -> list[BoxesOfArea]:
        """What may be ticked, area by area, with what is ticked."""
        ticked = {name: {str(value) for value in self[name].value() or []} for name in BASES}

        def box(name: str, value: str, label: str) -> Box:
            return Box(f"id_{name}_{value}", name, value, label, value in ticked[name])

        return [
            BoxesOfArea(
                title=each.title,
                area=box("areas", each.area.key, gettext("The area as a whole")),
                questions=tuple(box("questions", key, words) for key, words in each.questions),
                evidence=tuple(box("evidence", str(piece.pk), piece.in_words) for piece in each.evidence),
            )
            for each in self._offered
        ]

    def _texts(self, name: str) -> dict[str, str]:
        source = self.cleaned_data["source"]
        others = {code: self.cleaned_data[f"{name}_{code}"] for code in self.languages if code != source}
        return {code: words for code, words in {source: self.cleaned_data[name], **others}.items() if words}


BASES = ("areas", "questions", "evidence")


def _languages(finding: Finding | None) -> list[str]:
    """Those of the site, and others that the finding is in already."""
    codes = [code for code, _name in settings.LANGUAGES]
    kept = sorted(finding.text.texts) if finding is not None else []
    if finding is not None and finding.next_step is not None:
        kept += sorted(finding.next_step.texts)
    return list(dict.fromkeys([*codes, *kept]))


def _fields_of(finding: Finding | None) -> dict[str, Any]:
    """What the fields hold where somebody comes to write or to change a finding."""
    if finding is None:
        return {"revision": 0, "source": page_language()}
    bases = bases_of(finding)
    fields: dict[str, Any] = {
        "kind": finding.kind,
        "source": finding.text.source,
        "revision": finding.revision,
        "areas": sorted(bases.areas),
        "questions": sorted(bases.questions),
        "evidence": [str(number) for number in sorted(bases.evidence)],
    }
    for name in ("text", "next_step"):
        said: LocalText | None = getattr(finding, name)
        for code, words in said.texts.items() if said is not None else ():
            fields[name if code == finding.text.source else f"{name}_{code}"] = words
    return fields


class ShowDraftForm(forms.Form):
    """What an expert says to the city beside the draft."""

    message = Prose(
        label=_("Message"),
        required=False,
        help_text=_("It stands with the draft, and in the mail to the officers of the city."),
    )


class DraftReplyForm(forms.Form):
    """What the city says to a draft, and which one it read."""

    text = Prose(label=_("Your reply to the draft"))
    draft = forms.IntegerField(widget=forms.HiddenInput)
