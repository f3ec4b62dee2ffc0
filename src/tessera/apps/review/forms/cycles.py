"""The forms with which a round of reviews is opened and kept."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.apps.network.forms import day_field
from tessera.apps.network.local_text import page_language
from tessera.apps.network.models import City, CityQuerySet
from tessera.apps.review.models import PathwayChoices
from tessera.frameworks.load import find_framework, shipped_frameworks
from tessera.frameworks.schema import Framework, Pathway

FIRST_YEAR = 2000


def questionnaire_choices() -> list[tuple[str, str]]:
    """The published questionnaires, the newest version of each first."""
    shipped = [find_framework(*known) for known in shipped_frameworks()]
    published = [framework for framework in shipped if framework.published]
    published.sort(key=lambda framework: (framework.id, -framework.version))
    return [
        (
            f"{framework.id}/{framework.version}",
            gettext("%(title)s, version %(version)s")
            % {"title": framework.text(page_language()).title, "version": framework.version},
        )
        for framework in published
    ]


class DueDateForm(forms.Form):
    due_on = day_field(_("Answers are due on"))


class CitiesField(forms.ModelMultipleChoiceField):
    """A number that is too large for the database is the number of no city, and no fault of the site."""

    def clean(self, value: Any) -> Any:
        assert self.queryset is not None
        offered = {str(key) for key in self.queryset.values_list("pk", flat=True)}
        for key in value if isinstance(value, list | tuple) else ():
            if str(key) not in offered:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        return super().clean(value)


class CitiesForm(DueDateForm):
    """Cities that begin a review, and the day on which their answers are due."""

    cities = CitiesField(label=_("Cities"), queryset=City.objects.none(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, cities: CityQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cities"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = cities.order_by("slug")


class CycleForm(CitiesForm):
    questionnaire = forms.ChoiceField(label=_("Questionnaire"))
    pathway = forms.ChoiceField(
        label=_("How much of it"),
        choices=[
            (PathwayChoices.CORE.value, _("Core: the most important questions only")),
            (PathwayChoices.FULL.value, _("Full: all questions")),
        ],
        widget=forms.RadioSelect,
    )
    year = forms.IntegerField(label=_("Year"), help_text=_("The year that the answers describe."))
    signatures = forms.TypedChoiceField(
        label=_("Who signs"),
        choices=[(1, _("One officer of the city")), (2, _("Two officers of the city"))],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("The answers of a city are sent once so many officers have signed them."),
    )
    field_order = ["questionnaire", "pathway", "year", "due_on", "signatures", "cities"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._this_year = today.year
        questionnaire = self.fields["questionnaire"]
        assert isinstance(questionnaire, forms.ChoiceField)
        questionnaire.choices = [("", gettext("choose a questionnaire")), *questionnaire_choices()]

    def clean_questionnaire(self) -> Framework:
        id, version = self.cleaned_data["questionnaire"].split("/")
        return find_framework(id, int(version))

    def clean_pathway(self) -> Pathway:
        return Pathway(self.cleaned_data["pathway"])

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not FIRST_YEAR <= year <= self._this_year:
            raise ValidationError(
                gettext("Give a year from %(first)s to %(last)s.")
                % {"first": FIRST_YEAR, "last": self._this_year}
            )
        return year
