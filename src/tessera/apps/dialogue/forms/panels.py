"""The forms with which staff prepare a panel, choose what it weighs, and keep its rounds."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.dialogue.actions.panels import MOST_ITEMS, PanelPlan
from tessera.apps.dialogue.actions.taking_part import tidy_words
from tessera.apps.dialogue.forms.in_languages import language_name
from tessera.apps.dialogue.forms.keeping import OwnLinksForm
from tessera.apps.dialogue.forms.setting_up import LONGEST_TITLE
from tessera.apps.dialogue.forms.statements import OneSentence
from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import Panel, PanelItem, PanelKind, Rating, Stakeholder, Theme
from tessera.apps.network.forms import day_field
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.forms.answers import Prose

LONGEST_QUESTION = 500
LONGEST_ITEM = 200
SHOW, HIDE = "show", "hide"


class PanelForm(forms.Form):
    """What a panel is asked, and the rule for what counts as agreement."""

    kind = forms.ChoiceField(
        label=_("Method"), choices=PanelKind.choices, widget=forms.RadioSelect, initial=PanelKind.DELPHI
    )
    least_percent = forms.IntegerField(
        label=_("Delphi: per cent on one side, at least"),
        initial=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("An item is in if at least so many rate it 7 to 9, and out if so many rate it 1 to 3."),
    )
    opposed_below_percent = forms.IntegerField(
        label=_("Delphi: per cent on the other side, fewer than"),
        initial=15,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of those on the other side there must be fewer than so many."),
    )

    def __init__(self, *args: Any, languages: Sequence[str], standing: Panel | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._languages = languages
        hint = gettext("Such as: how important is it for the next four years?")
        for code in languages:
            about, is_first = {"language": language_name(code)}, code == languages[0]
            self.fields[f"title_{code}"] = OneSentence(
                label=gettext("Title, %(language)s") % about,
                required=is_first,
                language=code,
                longest=LONGEST_TITLE,
            )
            self.fields[f"question_{code}"] = OneSentence(
                label=gettext("What is asked, %(language)s") % about,
                required=is_first,
                language=code,
                longest=LONGEST_QUESTION,
                help_text=hint if is_first else "",
            )
            if standing is not None:
                self.initial[f"title_{code}"] = standing.title.texts.get(code, "")
                self.initial[f"question_{code}"] = standing.question.texts.get(code, "")
        if standing is not None:
            for name in ("kind", "least_percent", "opposed_below_percent"):
                self.initial[name] = getattr(standing, name)
        texts = [f"{name}_{code}" for code in languages for name in ("title", "question")]
        self.order_fields(["kind", *texts])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        least, opposed = found.get("least_percent"), found.get("opposed_below_percent")
        if least and opposed and opposed > least:
            self.add_error(
                "opposed_below_percent",
                gettext("This is more than on the other side, so that an item could be in and out at once."),
            )
        return found

    @property
    def plan(self) -> PanelPlan:
        return PanelPlan(
            kind=PanelKind(self.cleaned_data["kind"]),
            title=self._local("title"),
            question=self._local("question"),
            least_percent=self.cleaned_data["least_percent"],
            opposed_below_percent=self.cleaned_data["opposed_below_percent"],
        )

    def _local(self, name: str) -> LocalText:
        given = {code: self.cleaned_data[f"{name}_{code}"] for code in self._languages}
        return LocalText(self._languages[0], {code: text for code, text in given.items() if text})


class ItemsForm(forms.Form):
    """What a panel weighs: themes of the consultation, and items of the panel's own."""

    def __init__(
        self,
        *args: Any,
        languages: Sequence[str],
        themes: Collection[Theme],
        standing: Sequence[PanelItem],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._languages, self._themes = languages, {theme.pk: theme for theme in themes}
        if self._themes:
            self.fields["themes"] = forms.TypedMultipleChoiceField(
                label=_("Themes of the consultation"),
                required=False,
                coerce=int,
                choices=[(pk, str(theme)) for pk, theme in self._themes.items()],
                widget=forms.CheckboxSelectMultiple,
                initial=[item.theme_id for item in standing if item.theme_id],
            )
        own = [item.text for item in standing if item.theme_id is None]
        for code in languages:
            self._add_own(code, own)

    def _add_own(self, code: str, own: Sequence[LocalText]) -> None:
        is_first = code == self._languages[0]
        field = Prose(
            label=gettext("Items of your own, %(language)s") % {"language": language_name(code)},
            required=False,
            longest=MOST_ITEMS * (LONGEST_ITEM + 1),
            help_text=gettext("One in a line.") if is_first else gettext("In the same order, one in a line."),
            initial="\n".join(text.texts.get(code, "") for text in own),
        )
        field.widget.attrs |= {"lang": code, "dir": find_language(code).direction, "rows": 6}
        self.fields[f"own_{code}"] = field

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        first = self._lines(self._languages[0])
        for code in self._languages:
            lines, place = self._lines(code), f"own_{code}"
            if any(len(line) > LONGEST_ITEM for line in lines):
                self.add_error(
                    place, gettext("An item has at most %(most)s letters.") % {"most": LONGEST_ITEM}
                )
            elif len(set(lines)) < len(lines):
                self.add_error(place, gettext("Two items are the same."))
            elif lines and len(lines) != len(first):
                self.add_error(place, gettext("Write the same items as in the first language, in its order."))
        if len(first) + len(found.get("themes", [])) > MOST_ITEMS:
            self.add_error(None, gettext("A panel weighs at most %(most)s items.") % {"most": MOST_ITEMS})
        return found

    def _lines(self, code: str) -> list[str]:
        lines = [tidy_words(line) for line in self.cleaned_data.get(f"own_{code}", "").splitlines()]
        return [line for line in lines if line]

    @property
    def themes(self) -> list[Theme]:
        return [self._themes[pk] for pk in self.cleaned_data.get("themes", [])]

    @property
    def own(self) -> list[LocalText]:
        written = {code: lines for code in self._languages if (lines := self._lines(code))}
        first = self._languages[0]
        return [
            LocalText(first, {code: lines[place] for code, lines in written.items()})
            for place in range(len(written.get(first, [])))
        ]


class MembersForm(OwnLinksForm):
    """How many members get a link, and which group or organisation they come from."""

    stakeholder = forms.TypedChoiceField(
        label=_("Group or organisation"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Of those whom the consultation should hear. Nobody is kept by name."),
    )

    def __init__(self, *args: Any, stakeholders: Collection[Stakeholder], **options: Any) -> None:
        super().__init__(*args, **options)
        self._stakeholders = {each.pk: each for each in stakeholders}
        field = self.fields["stakeholder"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            ("", _("none in particular")),
            *((pk, str(each)) for pk, each in self._stakeholders.items()),
        ]
        if not self._stakeholders:
            del self.fields["stakeholder"]

    @property
    def chosen(self) -> Stakeholder | None:
        pk: int | None = self.cleaned_data.get("stakeholder")
        return None if pk is None else self._stakeholders[pk]


class RoundForm(forms.Form):
    """Until when the members of a panel answer."""

    last_day = day_field(_("Last day"), help_text=_("On it they can still answer. You close the round."))

    def say_past(self) -> None:
        self.add_error("last_day", gettext("This day is over. Choose today or a later one."))


class CommentsForm(forms.Form):
    """Which comments of a round the panel reads in the next.

    The fields are counted and not named by keys: these follow each other where one member wrote.
    """

    def __init__(self, *args: Any, comments: Sequence[Rating], **options: Any) -> None:
        super().__init__(*args, **options)
        self._comments = comments
        said = {StatementState.SHOWN: SHOW, StatementState.HIDDEN: HIDE}
        for place, comment in enumerate(comments):
            self.fields[f"comment_{place}"] = forms.ChoiceField(
                label=gettext("Comment on “%(item)s”") % {"item": comment.item},
                choices=[(SHOW, gettext("show it to the panel")), (HIDE, gettext("hide it"))],
                widget=forms.RadioSelect,
                initial=said.get(StatementState(comment.comment_state)),
                # Hints are marked up by those who wrote the page: the words of others are not.
                help_text=format_html('<span dir="auto">{}</span>', comment.comment),
            )

    @property
    def shown(self) -> dict[int, bool]:
        return {
            comment.pk: self.cleaned_data[f"comment_{place}"] == SHOW
            for place, comment in enumerate(self._comments)
        }
