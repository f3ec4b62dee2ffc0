"""The forms with which people, cities and organisations are kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel import Locale
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.name import NameInput
from tessera.apps.network.access import Grant
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import (
    City,
    CityFact,
    CityQuerySet,
    Network,
    Organisation,
    Representation,
    Tie,
    Topic,
    Unit,
)

LANGUAGES_OF_NAMES = (
    *("bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "it", "lt", "lv"),
    *("nl", "no", "pl", "pt", "ro", "sk", "sl", "sr", "sv", "tr", "uk"),
)
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
"""Codes of two letters for regions, organisations and tests."""

FIRST_YEAR = 1950
FIGURES = {Topic.POPULATION: Unit.INHABITANTS, Topic.FOREIGN_SHARE: Unit.PERCENT}


def _words() -> Locale:
    return Locale.parse(get_language() or settings.LANGUAGE_CODE)


def language_choices() -> list[tuple[str, str]]:
    names = _words().languages
    return sorted(((code, names[code]) for code in LANGUAGES_OF_NAMES), key=lambda choice: choice[1])


def country_choices() -> list[tuple[str, str]]:
    countries = [
        (code, name)
        for code, name in _words().territories.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    ]
    return sorted(countries, key=lambda choice: choice[1])


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        error_messages={"invalid": _("This is no day. Write year, month and day, such as 2027-03-31.")},
    )


class DatedForm(forms.Form):
    """Part of a form for something that holds from a day on, and until another or without an end."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("The last day is before the first.")))
        return cleaned


class RoleForm(DatedForm):
    """A role for somebody: what, where, whom they work for, and how long."""

    grant = forms.ChoiceField(label=_("Role"))
    organisation = forms.ModelChoiceField(
        label=_("Works for"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("not said"),
    )
    since = day_field(_("First day"))
    until = day_field(_("Last day"), required=False, help_text=_("Leave it empty if no end is known."))

    def __init__(
        self,
        *args: Any,
        grants: Sequence[Grant],
        employers: QuerySet[Organisation],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self._grants = {grant.key: grant for grant in grants}
        choice = self.fields["grant"]
        assert isinstance(choice, forms.ChoiceField)
        # Nobody becomes a coordinator because a list began with that.
        choice.choices = [("", gettext("choose a role"))] + [
            (key, f"{grant.kind.label.capitalize()}: {grant.scope}") for key, grant in self._grants.items()
        ]
        employer = self.fields["organisation"]
        assert isinstance(employer, forms.ModelChoiceField)
        employer.queryset = employers.order_by("slug")

    def clean_grant(self) -> Grant:
        return self._grants[self.cleaned_data["grant"]]

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since < self._today:
            raise ValidationError(_("A role begins today or later."))
        return since


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Of the person alone, not of a department. The link to the first sign-in goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = NameInput(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    language = forms.ChoiceField(label=_("Language of mails and pages"), choices=settings.LANGUAGES)
    field_order = ["email", "name", "language", "grant", "organisation", "since", "until"]


class LastDayForm(forms.Form):
    """When something ends that began on a day."""

    last_day = day_field(_("Last day"))


class NamedForm(forms.ModelForm):
    """A form for something with a name: as it is written there, and in the languages of the site."""

    original = NameInput(
        label=_("Name, as it is written there"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    source = forms.ChoiceField(label=_("Language of that name"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = language_choices()
        for code, language in settings.LANGUAGES:
            self.fields[f"name_{code}"] = NameInput(
                label=gettext("Name in this language: %(language)s") % {"language": language},
                max_length=120,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "lang": code}),
            )
        codes = [code for code, _language in settings.LANGUAGES]
        if self.instance.pk:
            name: LocalText = self.instance.name
            self.initial["original"], self.initial["source"] = name.texts[name.source], name.source
            for code in codes:
                self.initial[f"name_{code}"] = name.texts.get(code, "")
        self.order_fields(["original", "source", *(f"name_{code}" for code in codes)])

    def save(self, commit: bool = True) -> Any:
        texts = {code: self.cleaned_data[f"name_{code}"] for code, _language in settings.LANGUAGES}
        source = self.cleaned_data["source"]
        said = {code: words for code, words in texts.items() if words}
        name = LocalText(source, {**said, source: self.cleaned_data["original"]})
        self.instance.name = name
        if not self.instance.pk:
            self.instance.slug = self._free_slug(name.in_language("en"))
        return super().save(commit)

    def _free_slug(self, name: str) -> str:
        """A name for addresses; it never changes afterwards."""
        plain = slugify(name)[:50] or self._meta.model._meta.model_name
        taken = set(self._meta.model.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
        # The page that adds one stands at "new".
        free = [plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 4))]
        return next(slug for slug in free if slug not in {*taken, "new", "join"})


class CityForm(NamedForm):
    country = forms.ChoiceField(label=_("Country"))

    class Meta:
        model = City
        fields = ["country", "eurostat_code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["eurostat_code"].help_text = _("Such as LV001C. Leave it empty where there is none.")
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = country_choices()


class NetworkForm(forms.Form):
    """Which of the networks that one coordinates a city joins."""

    network = forms.ModelChoiceField(label=_("Network"), queryset=Network.objects.none(), empty_label=None)

    def __init__(self, *args: Any, networks: Sequence[Network], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        network = self.fields["network"]
        assert isinstance(network, forms.ModelChoiceField)
        network.queryset = Network.objects.filter(pk__in=[each.pk for each in networks])


class NewCityForm(NetworkForm, CityForm):
    pass


class JoiningForm(NetworkForm):
    """A city that is here already joins a network, too."""

    city = forms.ModelChoiceField(label=_("City"), queryset=City.objects.none())
    field_order = ["city", "network"]

    def __init__(self, *args: Any, cities: CityQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        city = self.fields["city"]
        assert isinstance(city, forms.ModelChoiceField)
        city.queryset = cities.order_by("slug")


class OrganisationForm(NamedForm):
    country = forms.ChoiceField(label=_("Country"), required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = ["country", "website"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [("", _("not said")), *country_choices()]


class FigureForm(forms.ModelForm):
    """A figure about a city, with its year and its source."""

    topic = forms.ChoiceField(
        label=_("What"),
        choices=[
            (Topic.POPULATION.value, _("Inhabitants, a number")),
            (Topic.FOREIGN_SHARE.value, _("Foreign nationals, in percent of the inhabitants")),
        ],
    )
    figure = forms.DecimalField(label=_("Figure"), min_value=0, max_digits=14, decimal_places=2)
    year = forms.IntegerField(label=_("Year"))
    source_name = NameInput(
        label=_("Source"), max_length=200, help_text=_("Who published it, such as the statistical office.")
    )
    source_url = forms.URLField(
        label=_("Address of the source"), max_length=300, required=False, assume_scheme="https"
    )

    class Meta:
        model = CityFact
        fields = ["topic", "figure", "year", "source_name", "source_url"]

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = self.fields["year"]
        year.validators += [MinValueValidator(FIRST_YEAR), MaxValueValidator(this_year)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        topic, figure = cleaned.get("topic"), cleaned.get("figure")
        if figure is not None and topic == Topic.FOREIGN_SHARE and figure > 100:
            self.add_error(
                "figure", ValidationError(_("A share of the inhabitants cannot be more than 100 percent."))
            )
        if figure is not None and topic == Topic.POPULATION and figure != int(figure):
            self.add_error("figure", ValidationError(_("A number of inhabitants is whole.")))
        if topic:
            self.instance.unit = FIGURES[Topic(topic)]
        return cleaned


class RepresentationForm(DatedForm, forms.ModelForm):
    since = day_field(_("First day"))
    until = day_field(_("Last day"), required=False, help_text=_("Leave it empty if no end is known."))

    class Meta:
        model = Representation
        fields = ["city", "since", "until"]

    def __init__(self, *args: Any, cities: CityQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        city = self.fields["city"]
        assert isinstance(city, forms.ModelChoiceField)
        city.queryset = cities.order_by("slug")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until, city = cleaned.get("since"), cleaned.get("until"), cleaned.get("city")
        if since and city:
            acting = Representation.objects.within(since, until or date.max)
            if acting.filter(organisation=self.instance.organisation, city=city).exists():
                self.add_error("city", ValidationError(_("It acts for this city at that time already.")))
        return cleaned


class TieForm(DatedForm, forms.ModelForm):
    since = day_field(_("First day"))
    until = day_field(_("Last day"), required=False, help_text=_("Leave it empty if it goes on."))

    class Meta:
        model = Tie
        fields = ["city", "work", "since", "until"]
        field_classes = {"work": NameInput}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        city = self.fields["city"]
        assert isinstance(city, forms.ModelChoiceField)
        city.queryset = City.objects.order_by("slug")

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since > self._today:
            raise ValidationError(_("This day has not come yet. Declare what is or was."))
        return since
