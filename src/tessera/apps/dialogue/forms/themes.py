"""The forms with which staff sum up what people said: themes, what they rest on, and areas of policy."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.dialogue.actions.themes import Bases
from tessera.apps.dialogue.forms.in_languages import AskedText, InLanguagesForm
from tessera.apps.dialogue.models import Excerpt
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.models import Finding
from tessera.reports.landscape.parts import ListedStatement

LONGEST_THEME = 120
LONGEST_SUMMARY = 1_500
LONGEST_AREA = 80
KINDS = ("statements", "excerpts", "findings")
"""Of what a theme rests on, as `Bases` names them."""


class ThemeForm(InLanguagesForm):
    """A theme in the languages of its consultation, and the priority that it is."""

    asked = {
        "title": AskedText(_("Theme"), _("In a few words."), LONGEST_THEME, is_line=True),
        "summary": AskedText(
            _("Summary"),
            _(
                "What people said, also where they differ, in plain words. The numbers come from the votes "
                "by themselves."
            ),
            LONGEST_SUMMARY,
        ),
    }

    area = forms.ChoiceField(
        label=_("Priority area"),
        required=False,
        help_text=_("With an area the theme is one of the city's priorities."),
    )

    def __init__(self, *args: Any, areas: Mapping[str, LocalText], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("no priority")), *((key, str(name)) for key, name in areas.items())]


class AreaForm(InLanguagesForm):
    """A priority area that the city sets up itself."""

    asked = {"name": AskedText(_("Name of the area"), _("Such as: public transport."), LONGEST_AREA, True)}


class BasesForm(forms.Form):
    """What a theme rests on: what it rests on already, and what else is offered on the page.

    `was` says what was ticked when the page was made, so that what somebody else added meanwhile stays.
    """

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kept: Bases,
        statements: Mapping[int, ListedStatement],
        excerpts: Sequence[Excerpt],
        findings: Sequence[Finding],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._offered: dict[str, dict[str, int]] = {name: {} for name in KINDS}
        self._offer(
            "statements",
            gettext("Statements"),
            [(key, statement_label(each)) for key, each in statements.items()],
            kept.statements,
        )
        self._offer(
            "excerpts",
            gettext("What was said at sessions"),
            [(each.pk, _excerpt_label(each)) for each in excerpts],
            kept.excerpts,
        )
        self._offer(
            "findings",
            gettext("Findings of the review"),
            [(each.pk, _worded(each.text)) for each in findings],
            kept.findings,
        )
        # What is not offered, such as a statement that is hidden for a while, is neither added nor removed.
        self.initial["was"] = ",".join(
            f"{name}-{key}"
            for name in KINDS
            for key in sorted(getattr(kept, name).intersection(self._offered[name].values()))
        )

    def _offer(
        self, name: str, label: str, choices: list[tuple[int, SafeString]], kept: frozenset[int]
    ) -> None:
        if choices:
            self._offered[name] = {str(key): key for key, _label in choices}
            self.fields[name] = forms.TypedMultipleChoiceField(
                label=label,
                required=False,
                coerce=int,
                choices=choices,
                initial=sorted(kept),
                widget=forms.CheckboxSelectMultiple,
            )

    def _ticked(self, name: str) -> frozenset[int]:
        return frozenset(self.cleaned_data.get(name, []))

    def _ticked_before(self, name: str) -> frozenset[int]:
        parts = (each.rpartition("-") for each in self.cleaned_data["was"].split(","))
        offered = self._offered[name]
        return frozenset(offered[key] for kind, _dash, key in parts if kind == name and key in offered)

    @property
    def add(self) -> Bases:
        return Bases(**{name: self._ticked(name) - self._ticked_before(name) for name in KINDS})

    @property
    def remove(self) -> Bases:
        return Bases(**{name: self._ticked_before(name) - self._ticked(name) for name in KINDS})


def statement_label(listed: ListedStatement) -> SafeString:
    figures = " ".join(votes.sentence for votes in listed.votes)
    return format_html(
        '<span lang="{}" dir="auto">{}</span> <span class="t-small">({}) {}</span>',
        listed.statement.language,
        listed.statement.text,
        listed.statement.name,
        figures,
    )


def _excerpt_label(excerpt: Excerpt) -> SafeString:
    cleared = (
        gettext("quotation cleared") if excerpt.quote else gettext("not cleared: the public reads none of it")
    )
    return format_html(
        '<span lang="{}" dir="auto">{}</span> <span class="t-small">({}; {})</span>',
        excerpt.note.language,
        excerpt.words,
        excerpt.note.held_in.get_kind_display(),
        cleared,
    )


def _worded(text: LocalText) -> SafeString:
    return format_html('<span lang="{}" dir="auto">{}</span>', text.language, text)
