from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from tessera.apps.network.local_text import page_language
from tessera.apps.network.models import City
from tessera.apps.review.access import get_public_review, public_reviews
from tessera.apps.review.area_overview import build_area_overview
from tessera.apps.review.models import Review
from tessera.apps.review.published import (
    build_report,
    file_hash,
    fill_sheet,
    page_drawing,
    print_report,
    words_hash,
)
from tessera.apps.review.questionnaire import read_questionnaire
from tessera.frameworks.errors import UnknownFramework
from tessera.frameworks.expert_words import ExpertWords
from tessera.frameworks.load import find_framework, shipped_frameworks
from tessera.frameworks.schema import Framework
from tessera.reports.charts import Width
from tessera.reports.pages import review_context
from tessera.reports.parts import Chart

MINUTES_5 = 300

Link = dict[str, object]


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
def show_review(request: HttpRequest, city: str, framework: str, year: int) -> HttpResponse:
    review = get_public_review(city, framework, year)
    report = build_report(review, page_language())
    address = [city, framework, year]
    has_words = review.publication.words != ExpertWords()
    context = {
        "review": review,
        "words_hash": words_hash(review) if has_words else "",
        **review_context(report, page_drawing),
        "class_reviews": _in_alphabet(list(public_reviews().filter(compared_in=review.publication))),
        "later": public_reviews().filter(city=review.city, framework_id=framework, year__gt=year).last(),
        "area_links": _area_links(review.framework, year),
        "files": [
            {"label": gettext("Report"), "format": "PDF", "url": reverse("review:report", args=address)},
            {"label": gettext("Answers"), "format": "XLSX", "url": reverse("review:sheet", args=address)},
            {"label": gettext("Profile"), "format": "JSON", "url": reverse("review:profile", args=address)},
            *(
                [
                    {
                        "label": gettext("Findings"),
                        "format": "JSON",
                        "url": reverse("review:findings-file", args=address),
                    }
                ]
                if has_words
                else []
            ),
        ],
        "crumbs": [
            (gettext("Home"), reverse("web:home")),
            (gettext("Cities"), reverse("web:cities")),
            (str(review.city), review.city.get_absolute_url()),
        ],
    }
    return render(request, "review/review.html", context)


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
def show_area(request: HttpRequest, framework: str, year: int, area: str) -> HttpResponse:
    """One area in all cities of a cycle, as far as they answered the same version of the questionnaire."""
    cycles = public_reviews().filter(framework_id=framework)
    reviews = list(cycles.filter(year=year).select_related("standing_publication"))
    if not reviews:
        raise Http404
    asked = _framework(framework, max(review.version for review in reviews))
    if area not in {known.key for known in asked.all_areas()}:
        raise Http404
    reviews = _in_alphabet([review for review in reviews if review.version == asked.version])
    overview = build_area_overview(asked, area, reviews, page_language())
    years = cycles.order_by("year").values_list("year", flat=True).distinct()
    title = asked.text(page_language()).title
    context = {
        "overview": overview,
        "drawings": _drawings(overview.chart),
        "table": _linked_table(overview.chart, [review.get_absolute_url() for review in overview.reviews]),
        "invented": any(review.invented for review in reviews),
        "year": year,
        "years": [
            _link(str(other), reverse("review:area", args=[framework, other, area]), is_current=other == year)
            for other in years
        ],
        "areas": _area_links(asked, year, current=area),
        "framework_title": title,
        "crumbs": [
            (gettext("Home"), reverse("web:home")),
            (gettext("Questionnaires"), reverse("review:questionnaires")),
            (title, reverse("review:questionnaire", args=[framework, asked.version])),
        ],
    }
    return render(request, "review/area.html", context)


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
def show_questionnaires(request: HttpRequest) -> HttpResponse:
    frameworks = [find_framework(*shipped) for shipped in shipped_frameworks()]
    context = {
        "frameworks": [
            {
                "title": framework.text(page_language()).title,
                "version": framework.version,
                "published": framework.published,
                "questions": sum(1 for _ in framework.questions()),
                "areas": sum(1 for _ in framework.plain_areas()),
                "url": reverse("review:questionnaire", args=[framework.id, framework.version]),
            }
            for framework in frameworks
        ],
        "crumbs": [(gettext("Home"), reverse("web:home"))],
    }
    return render(request, "review/questionnaires.html", context)


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
def show_questionnaire(request: HttpRequest, framework: str, version: int) -> HttpResponse:
    shown = _framework(framework, version)
    year = public_reviews().filter(framework_id=framework, version=version).order_by("year").last()
    context = {
        "framework": shown,
        "text": shown.text(page_language()),
        "areas": read_questionnaire(shown, page_language()),
        "area_urls": {link["key"]: link["url"] for link in _area_links(shown, year.year)} if year else {},
        "min_coverage": float(shown.min_coverage),
        "crumbs": [
            (gettext("Home"), reverse("web:home")),
            (gettext("Questionnaires"), reverse("review:questionnaires")),
        ],
    }
    return render(request, "review/questionnaire.html", context)


def _mark_of_file(request: HttpRequest, city: str, framework: str, year: int) -> str:
    return f'"{file_hash(get_public_review(city, framework, year), page_language())}"'


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
@condition(etag_func=_mark_of_file)
def download_report(request: HttpRequest, city: str, framework: str, year: int) -> HttpResponse:
    return _download(city, framework, year, "pdf", "application/pdf", print_report)


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
@condition(etag_func=_mark_of_file)
def download_sheet(request: HttpRequest, city: str, framework: str, year: int) -> HttpResponse:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(city, framework, year, "xlsx", kind, fill_sheet)


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
@condition(etag_func=_mark_of_file)
def download_profile(request: HttpRequest, city: str, framework: str, year: int) -> HttpResponse:
    """The frozen profile, byte for byte: its SHA-256 is the hash that the page shows."""

    def frozen(review: Review, language: str) -> bytes:
        return review.publication.profile_json.encode()

    return _download(city, framework, year, "json", "application/json", frozen)


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
@condition(etag_func=_mark_of_file)
def download_findings(request: HttpRequest, city: str, framework: str, year: int) -> HttpResponse:
    """What the experts say, as it was frozen, byte for byte."""

    def frozen(review: Review, language: str) -> bytes:
        return review.publication.words_json.encode()

    return _download(city, framework, year, "json", "application/json", frozen, part="findings-")


def _download(
    city: str,
    framework: str,
    year: int,
    ending: str,
    kind: str,
    make: Callable[[Review, str], bytes],
    *,
    part: str = "",
) -> HttpResponse:
    language = page_language()
    review = get_public_review(city, framework, year)
    name = f"{city}-{framework}-{year}-{part}{language}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(make(review, language), content_type=kind, headers=headers)


def _framework(framework_id: str, version: int) -> Framework:
    try:
        return find_framework(framework_id, version)
    except UnknownFramework:
        raise Http404 from None


def _drawings(chart: Chart) -> dict[str, SafeString]:
    return {width.name.lower(): page_drawing(chart, width) for width in Width}


def _in_alphabet(reviews: list[Review]) -> list[Review]:
    place = {city.pk: number for number, city in enumerate(City.objects.alphabetical())}
    return sorted(reviews, key=lambda review: place[review.city_id])


def _link(label: str, url: str, *, is_current: bool, key: str = "") -> Link:
    return {"label": label, "url": url, "is_current": is_current, "key": key}


def _area_links(framework: Framework, year: int, current: str = "") -> list[Link]:
    titles = framework.text(page_language()).areas
    return [
        _link(
            titles[area.key].title,
            reverse("review:area", args=[framework.id, year, area.key]),
            is_current=area.key == current,
            key=area.key,
        )
        for area in framework.all_areas()
    ]


def _linked_table(chart: Chart, urls: list[str]) -> dict[str, object]:
    table = chart.table
    kinds = ["text"] + ["number"] * (len(table.header) - 1)
    return {
        "caption": table.caption,
        "columns": [{"label": label, "kind": kind} for label, kind in zip(table.header, kinds, strict=True)],
        "rows": [
            [{"text": row[0], "url": url}, *({"text": cell} for cell in row[1:])]
            for row, url in zip(table.rows, urls, strict=True)
        ],
    }
