"""The cities on their own pages: what their sources say of them, and their reviews."""

from collections.abc import Iterator, Sequence

from babel.numbers import format_decimal
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tessera.apps.dialogue.access import public_consultations
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation
from tessera.apps.network.models import City, CityFact, SizeClass, Topic
from tessera.apps.review.access import public_reviews
from tessera.apps.review.models import Review

MINUTES_5 = 300
TONES = ("", "clay", "ochre")


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
def cities(request: HttpRequest) -> HttpResponse:
    all_cities = City.objects.prefetch_related("facts", "memberships").alphabetical()
    years = _years_reviewed()
    real = [city for city in all_cities if not city.invented]
    invented = [city for city in all_cities if city.invented]
    context = {
        "members": [_tile(city, years, size=True) for city in real if not _has_left(city)],
        "former": [_tile(city, years, size=True) for city in real if _has_left(city)],
        "classes": [
            {
                "title": size.label,
                "cities": [_tile(city, years) for city in invented if city.size is size],
            }
            for size in SizeClass
        ]
        if invented
        else [],
        "invented_count": len(invented),
        "crumbs": [(gettext("Home"), reverse("web:home"))],
    }
    return render(request, "web/cities.html", context)


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
def city(request: HttpRequest, slug: str) -> HttpResponse:
    shown = City.objects.prefetch_related("facts", "memberships__network").filter(slug=slug).first()
    if shown is None:
        raise Http404
    facts = list(shown.facts.all())
    consultations = list(public_consultations(shown).prefetch_related("phases"))
    reviews = list(
        public_reviews().select_related("standing_publication").filter(city=shown).order_by("-year")
    )
    context = {
        "city": shown,
        "facts": list(_fact_rows(facts, [topic for topic in Topic if topic is not Topic.PUBLISHED_INDEX])),
        "published_index": list(_fact_rows(facts, [Topic.PUBLISHED_INDEX])),
        "memberships": shown.memberships.all(),
        "reviews": [{"review": review, "scores": _scores(review)} for review in reviews],
        "consultations": [_consultation(each) for each in consultations],
        "invented_answers": any(review.invented for review in reviews),
        "crumbs": [(gettext("Home"), reverse("web:home")), (gettext("Cities"), reverse("web:cities"))],
    }
    return render(request, "web/city.html", context)


def _consultation(consultation: Consultation) -> dict[str, object]:
    phases = consultation.all_phases
    return {
        "consultation": consultation,
        "is_open": consultation.state == State.OPEN,
        "starts_on": phases[0].starts_on if phases else None,
    }


def reviewed_city_tiles() -> list[dict[str, object]]:
    """For the first page: the real cities that have a review to show."""
    years = _years_reviewed()
    reviewed = City.objects.prefetch_related("facts").filter(pk__in=years, invented=False)
    return [_tile(city, years, size=True) for city in reviewed.alphabetical()]


def _tile(city: City, years: dict[int, list[int]], *, size: bool = False) -> dict[str, object]:
    lines = []
    if size and city.size:
        lines.append(str(city.size.label))
    if city.pk in years:
        lines.append(gettext("Reviews: %(years)s") % {"years": ", ".join(map(str, years[city.pk]))})
    return {
        "name": str(city),
        "url": city.get_absolute_url(),
        "country": city.country_name or gettext("invented city"),
        "facts": lines,
        "tone": TONES[city.pk % len(TONES)],
    }


def _years_reviewed() -> dict[int, list[int]]:
    years: dict[int, list[int]] = {}
    for city_id, year in public_reviews().order_by("year").values_list("city_id", "year"):
        years.setdefault(city_id, []).append(year)
    return years


def _has_left(city: City) -> bool:
    memberships = city.memberships.all()
    return bool(memberships) and all(membership.left_before for membership in memberships)


def _fact_rows(facts: Sequence[CityFact], topics: Sequence[Topic]) -> Iterator[dict[str, object]]:
    """A row for each fact; where nothing is known of a topic, a row that says so."""
    for topic in topics:
        of_topic = [fact for fact in facts if fact.topic == topic]
        for fact in of_topic:
            source = {"label": fact.source_name, "url": fact.source_url}
            yield {"term": topic.label, "value": _fact_in_words(fact), "source": source}
        if not of_topic:
            yield {"term": topic.label, "value": ""}


def _fact_in_words(fact: CityFact) -> str:
    """A figure stands with its unit and its year, or with the words that the year is not known."""
    if fact.figure is None:
        return str(fact.text)
    figure = f"{format_decimal(fact.figure, locale=get_language())} {fact.get_unit_display()}"
    if fact.approximate:
        figure = gettext("about %(figure)s") % {"figure": figure}
    said = f"{figure} {fact.text}" if fact.text else figure
    # Outside the f-string: xgettext finds no wording inside one.
    year = fact.year or gettext("year not known")
    return f"{said} ({year})"


def _scores(review: Review) -> list[dict[str, object]]:
    titles = {"core": gettext("Overall score (core)"), "extended": gettext("Overall score (extended)")}
    return [
        {
            "label": titles[name],
            "score": score.points,
            "low": score.outer_band.low,
            "high": score.outer_band.high,
            "coverage": score.coverage or 0.0,
        }
        for name, score in review.publication.profile.overall.items()
        if score.outer_band
    ]
