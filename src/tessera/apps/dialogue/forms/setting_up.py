"""The forms with which a consultation is prepared: first its languages, then its texts and days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.dialogue.actions.setting_up import TEXTS, Plan, PlannedPhase
from tessera.apps.dialogue.forms.in_languages import AskedText, InLanguagesForm, language_name
from tessera.apps.dialogue.languages import CODES
from tessera.apps.dialogue.models import CODES_ARE_KEPT_DAYS, LONGEST_KEPT_DAYS, Consultation, Rule
from tessera.apps.network.forms import day_field
from tessera.apps.network.models import City
from tessera.apps.review.access import areas_asked
from tessera.apps.review.models import Finding, Review, ReviewQuerySet

LONGEST_TITLE = 120
LONGEST_TEXT = 1_000
"""Of what stands on one screen of a phone, before anybody has answered anything."""
MOST_PHASES = 3
LONGEST_ADDRESS = 40

TEXT_LABELS = {
    "title": _("Title"),
    "asked_by": _("Who asks, and why"),
    "what_follows": _("What will happen with the answers"),
    "contact": _("Help and contact"),
}
TEXT_HINTS = {
    "title": _("A short question or theme, as you would put it on a poster."),
    "asked_by": _("Two or three sentences that a newcomer understands."),
    "what_follows": _("Who reads the results, what can change by them, and until when the city answers."),
    "contact": _("Where somebody who needs help can come, call or write, and in which languages."),
}


def language_choices() -> list[tuple[str, str]]:
    return sorted(((code, language_name(code)) for code in CODES), key=lambda choice: choice[1])


class ScopeForm(forms.Form):
    """Which languages a consultation is in, and which review it takes up."""

    first = forms.ChoiceField(
        label=_("First language"),
        help_text=_("In this one you write. No machine translates these texts."),
    )
    others = forms.MultipleChoiceField(
        label=_("Further languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The buttons and explanations of residents' pages are there already. You add your own texts, "
            "before the consultation is opened."
        ),
    )
    review = forms.TypedChoiceField(
        label=_("Which review is it about?"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        help_text=_("You choose among its findings and areas on the next page."),
    )

    def __init__(self, *args: Any, reviews: ReviewQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        self._reviews = {review.pk: review for review in reviews}
        first, others, review = (self.fields[name] for name in ("first", "others", "review"))
        assert isinstance(first, forms.ChoiceField)
        assert isinstance(others, forms.MultipleChoiceField)
        assert isinstance(review, forms.TypedChoiceField)
        first.choices = others.choices = language_choices()
        review.choices = [
            *((each.pk, f"{each.title}, {each.year}") for each in self._reviews.values()),
            ("", gettext("about none of them")),
        ]
        if not self._reviews:
            del self.fields["review"]

    @property
    def scope(self) -> "Scope":
        found = self.cleaned_data
        others = [code for code in CODES if code in found["others"] and code != found["first"]]
        chosen: int | None = found.get("review")
        return Scope((found["first"], *others), None if chosen is None else self._reviews[chosen])


@dataclass(frozen=True)
class Scope:
    """The languages of a consultation, the first before the others, and the review that it takes up."""

    languages: tuple[str, ...]
    review: Review | None

    @property
    def as_query(self) -> list[tuple[str, str]]:
        """As `ScopeForm` reads it."""
        pairs = [("first", self.languages[0]), *(("others", code) for code in self.languages[1:])]
        return [*pairs, ("review", str(self.review.pk))] if self.review is not None else pairs


class PlanForm(InLanguagesForm):
    """The texts, the days and the rules of a consultation."""

    asked = {
        name: AskedText(
            label,
            TEXT_HINTS[name],
            LONGEST_TITLE if name == "title" else LONGEST_TEXT,
            is_line=name == "title",
        )
        for name, label in TEXT_LABELS.items()
    }

    has_open_link = forms.TypedChoiceField(
        label=_("Who can take part?"),
        choices=[
            ("yes", _("Everybody who has the address. Nobody can make sure that each votes only once.")),
            ("no", _("Only people who were given a link of their own. Each link works once.")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    kept_days = forms.IntegerField(
        label=_("Days for which receipt codes are kept"),
        initial=CODES_ARE_KEPT_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_KEPT_DAYS)],
        help_text=_(
            "After the consultation is closed. With the code, people see and withdraw what they answered; "
            "later, nobody can tell any more whose a vote is."
        ),
    )

    def __init__(
        self,
        *args: Any,
        scope: Scope,
        findings: Sequence[Finding],
        standing: Consultation | None,
        **options: Any,
    ) -> None:
        texts = {} if standing is None else {name: getattr(standing, name) for name in TEXTS}
        super().__init__(*args, languages=scope.languages, standing=texts, **options)
        self.scope = scope
        self._findings = {finding.pk: finding for finding in findings}
        if standing is None:
            self.fields["slug"] = _address_field()
        else:
            self.initial.update(_fields_of(standing))
        for number in range(1, MOST_PHASES + 1):
            self._add_phase(number)
        if scope.review is not None:
            self._add_brief(scope.review)
        self.order_fields([*self.text_names(), "slug", *self._phase_names(), "has_open_link", "kept_days"])

    def _add_phase(self, number: int) -> None:
        self.fields[f"rule_{number}"] = forms.ChoiceField(label=_("What people can do"), choices=Rule.choices)
        self.fields[f"starts_{number}"] = day_field(_("First day"), required=False)
        self.fields[f"ends_{number}"] = day_field(_("Last day"), required=False)

    def _add_brief(self, review: Review) -> None:
        if self._findings:
            self.fields["findings"] = forms.TypedMultipleChoiceField(
                label=_("Findings that people discuss"),
                required=False,
                coerce=int,
                choices=[(pk, str(finding.text)) for pk, finding in self._findings.items()],
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["areas"] = forms.MultipleChoiceField(
            label=_("Areas that people discuss"),
            required=False,
            choices=[(area.key, review.area_title(area.key)) for area in areas_asked(review)],
            widget=forms.CheckboxSelectMultiple,
        )

    def _phase_names(self) -> list[str]:
        numbers = range(1, MOST_PHASES + 1)
        return [f"{name}_{number}" for number in numbers for name in ("rule", "starts", "ends")]

    def clean_slug(self) -> str:
        address: str = self.cleaned_data["slug"]
        if not address:
            return ""
        if Consultation.objects.filter(slug=address).exists():
            raise ValidationError(_taken())
        return address

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for number in range(1, MOST_PHASES + 1):
            starts, ends = found.get(f"starts_{number}"), found.get(f"ends_{number}")
            if starts and ends and ends < starts:
                self.add_error(f"ends_{number}", gettext("The last day is before the first."))
            elif starts and f"ends_{number}" in found and not ends:
                self.add_error(f"ends_{number}", gettext("Give the last day of this phase, too."))
            elif ends and f"starts_{number}" in found and not starts:
                self.add_error(f"starts_{number}", gettext("Give the first day of this phase, too."))
        return found

    @property
    def plan(self) -> Plan:
        found = self.cleaned_data
        chosen = found.get("findings", [])
        return Plan(
            **{name: self.text(name) for name in TEXTS},
            languages=self.scope.languages,
            phases=[
                PlannedPhase(Rule(found[f"rule_{number}"]), starts_on, found[f"ends_{number}"])
                for number in range(1, MOST_PHASES + 1)
                if (starts_on := found[f"starts_{number}"])
            ],
            has_open_link=found["has_open_link"],
            kept_days=found["kept_days"],
            review=self.scope.review,
            findings=[self._findings[pk] for pk in chosen],
            areas=found.get("areas", []),
        )

    def address_for(self, city: City) -> str:
        """What was asked for; else made of the title, or of the city where that has no such letters."""
        if given := self.cleaned_data["slug"]:
            return str(given)
        return _free_address(self.text("title").texts[self.scope.languages[0]], city)

    def say_taken(self) -> None:
        """That somebody else's consultation was given the address meanwhile."""
        self.add_error("slug", _taken())

    def say_overlap(self, starts_on: date) -> None:
        """That a phase begins while another one runs."""
        number = next(
            number
            for number in range(1, MOST_PHASES + 1)
            if self.cleaned_data[f"starts_{number}"] == starts_on
        )
        self.add_error(
            f"starts_{number}",
            gettext("Another phase still runs on this day. One begins on the day after the other's last."),
        )

    # For the page

    def phases(self) -> Iterator[list[forms.BoundField]]:
        for number in range(1, MOST_PHASES + 1):
            yield [self[f"{name}_{number}"] for name in ("rule", "starts", "ends")]

    def brief(self) -> list[forms.BoundField]:
        return [self[name] for name in ("findings", "areas") if name in self.fields]


def _taken() -> str:
    return gettext("Another consultation has this address. Choose a different one.")


def _address_field() -> forms.SlugField:
    return forms.SlugField(
        label=_("Address for posters"),
        required=False,
        max_length=LONGEST_ADDRESS,
        help_text=_(
            "The end of the address that people type: small letters, digits and hyphens. Leave it empty to "
            "have it made from the title. It stays as it is, since posters carry it."
        ),
        validators=[*Consultation._meta.get_field("slug").validators],
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


def _free_address(title: str, city: City) -> str:
    plain = slugify(title).replace("_", "-")
    if len(plain) > LONGEST_ADDRESS:
        plain = plain[: LONGEST_ADDRESS + 1].rpartition("-")[0] or plain[:LONGEST_ADDRESS]
    plain = plain.strip("-") or city.slug[:LONGEST_ADDRESS]
    taken = set(Consultation.objects.filter(slug__startswith=plain[:30]).values_list("slug", flat=True))
    endings = ["", *(f"-{number}" for number in range(2, len(taken) + 3))]
    free = (f"{plain[: LONGEST_ADDRESS - len(ending)].rstrip('-')}{ending}" for ending in endings)
    return next(address for address in free if address not in taken)


def _fields_of(standing: Consultation) -> dict[str, Any]:
    """What the fields hold where somebody comes to change a consultation."""
    brief = list(standing.brief.all())
    fields: dict[str, Any] = {
        "has_open_link": "yes" if standing.has_open_link else "no",
        "kept_days": standing.kept_days,
        "findings": [item.finding_id for item in brief if item.finding_id],
        "areas": [item.area for item in brief if item.area],
    }
    for number, phase in enumerate(standing.all_phases, start=1):
        fields |= {
            f"rule_{number}": phase.rule,
            f"starts_{number}": phase.starts_on,
            f"ends_{number}": phase.ends_on,
        }
    return fields
