"""The pages on which cities of a cycle are read side by side, and on which a city agrees to that."""

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.network.access import coordinates
from tessera.apps.network.local_text import page_language
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import get_own_review
from tessera.apps.review.access.sharing import get_cycle_to_compare, reviews_compared
from tessera.apps.review.actions import sharing as actions
from tessera.apps.review.comparison import (
    ComparedFinding,
    ComparedReview,
    Comparison,
    Reason,
    read_comparison,
)
from tessera.apps.review.comparison_charts import (
    COLUMNS_OF_WORDS,
    draw_area,
    draw_overall,
    figures_of_all_areas,
    overall_abouts,
)
from tessera.apps.review.comparison_sheet import (
    XLSX,
    fill_comparison_sheet,
    invented_in_words,
    language_name,
)
from tessera.apps.review.models import Cycle, Review
from tessera.apps.review.published import page_drawing
from tessera.frameworks.expert_words import TranslatedText
from tessera.reports.charts import Width
from tessera.reports.parts import Chart
from tessera.reports.wording import Wording

Crumbs = list[tuple[str, str]]


def _read(request: HttpRequest, cycle: int) -> Comparison:
    today = timezone.localdate()
    compared = get_cycle_to_compare(signed_in(request), cycle, today)
    return read_comparison(compared, reviews_compared(compared, today))


def _title(cycle: Cycle) -> str:
    return gettext("Cities side by side, %(year)s") % {"year": cycle.year}


def _crumbs(person: Person, cycle: Cycle, day: date) -> Crumbs:
    work = [(gettext("Your work"), reverse("web:work"))]
    if not coordinates(person, cycle.network, day):
        return work
    name = gettext("%(title)s, %(year)s") % {"title": cycle.title, "year": cycle.year}
    cycles = (gettext("Review cycles"), reverse("review:cycles"))
    return [*work, cycles, (name, cycle.get_absolute_url())]


@login_required
@require_safe
def show_comparison(request: HttpRequest, cycle: int) -> HttpResponse:
    """Who takes part, the overall scores, and the points in every area."""
    comparison, language = _read(request, cycle), page_language()
    other_findings = comparison.other_findings()
    context = {
        "title": _title(comparison.cycle),
        "comparison": comparison,
        "invented": invented_in_words(Wording(page_language()), comparison),
        "cities": [_city(each) for each in comparison.reviews],
        "not_comparable": [
            (review.city, _why_not_comparable(reason)) for review, reason in comparison.not_comparable
        ],
        "charts": [
            {
                "about": overall_abouts(Wording(language))[name],
                **_drawn(draw_overall(comparison, name, language)),
            }
            for name in comparison.overalls
        ],
        "areas_table": _areas_table(comparison),
        "other_findings": (
            _findings_by_city(comparison, other_findings) if any(other_findings.values()) else []
        ),
        "files": [
            {
                "label": gettext("Scores and findings"),
                "format": "XLSX",
                "url": reverse("review:comparison-sheet", args=[comparison.cycle.pk]),
            }
        ],
        "crumbs": _crumbs(signed_in(request), comparison.cycle, timezone.localdate()),
    }
    return render(request, "review/comparison.html", context)


@login_required
@require_safe
def show_compared_area(request: HttpRequest, cycle: int, area: str) -> HttpResponse:
    """One area in all cities that take part, with the findings about it beside each other."""
    comparison = _read(request, cycle)
    shown = {each.key: each for each in comparison.areas}.get(area)
    if shown is None:
        raise Http404
    text = comparison.cycle.framework.text(page_language()).areas
    overview = (_title(comparison.cycle), reverse("review:comparison", args=[comparison.cycle.pk]))
    context = {
        "title": text[area].title,
        "about": text[area].about,
        "comparison": comparison,
        "invented": invented_in_words(Wording(page_language()), comparison),
        "drawn": _drawn(draw_area(comparison, area, page_language())),
        "findings": _findings_by_city(comparison, comparison.findings_in(shown)),
        "other_areas": [
            (text[each.key].title, _area_url(comparison, each.key))
            for each in comparison.areas
            if each.key != area
        ],
        "crumbs": [*_crumbs(signed_in(request), comparison.cycle, timezone.localdate()), overview],
    }
    return render(request, "review/compared_area.html", context)


@login_required
@require_safe
def download_comparison(request: HttpRequest, cycle: int) -> HttpResponse:
    comparison, language = _read(request, cycle), page_language()
    asked = comparison.cycle
    name = f"comparison-{asked.framework_id}-{asked.year}-{language}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = fill_comparison_sheet(comparison, language, timezone.localdate())
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _area_url(comparison: Comparison, area: str) -> str:
    return reverse("review:compared-area", args=[comparison.cycle.pk, area])


def _city(compared: ComparedReview) -> dict[str, str]:
    day = {"day": date_format(compared.stands_since)}
    if compared.is_published:
        said, url = gettext("Published on %(day)s."), compared.review.get_absolute_url()
    else:
        said, url = gettext("Validated on %(day)s, and not published."), ""
    return {"name": str(compared.review.city), "said": said % day, "url": url}


def _why_not_comparable(reason: Reason) -> str:
    return {
        Reason.QUESTIONNAIRE: gettext("It answered another questionnaire, or another version of it."),
        Reason.PATHWAY: gettext("It was asked more questions than the others, or fewer."),
    }[reason]


def _drawn(chart: Chart) -> dict[str, object]:
    kinds = ["text" if at in COLUMNS_OF_WORDS else "number" for at in range(len(chart.table.header))]
    return {
        "chart": chart,
        "wide": page_drawing(chart, Width.WIDE),
        "narrow": page_drawing(chart, Width.NARROW),
        "table": {
            "caption": chart.table.caption,
            "columns": [
                {"label": label, "kind": kind} for label, kind in zip(chart.table.header, kinds, strict=True)
            ],
            "rows": [[{"text": text} for text in row] for row in chart.table.rows],
        },
    }


def _areas_table(comparison: Comparison) -> dict[str, object]:
    """Each area leads to its page."""
    table = figures_of_all_areas(comparison, page_language())
    return {
        "caption": table.caption,
        "columns": [
            {"label": label, "kind": "number" if at else "text"} for at, label in enumerate(table.header)
        ],
        "rows": [
            [{"text": row[0], "url": _area_url(comparison, area.key)}, *({"text": text} for text in row[1:])]
            for area, row in zip(comparison.areas, table.rows, strict=True)
        ],
    }


def _findings_by_city(
    comparison: Comparison, findings: Mapping[int, tuple[ComparedFinding, ...]]
) -> list[dict[str, object]]:
    text = comparison.cycle.framework.text(page_language())
    return [
        {
            "city": str(each.review.city),
            "findings": [
                {
                    "kind": finding.kind.label,
                    "text": _marked(finding.text),
                    "next_step": _marked(finding.next_step) if finding.next_step else None,
                    "rests_on": [
                        *(text.areas[key].title for key in finding.areas),
                        *(text.questions[key].text for key in finding.questions),
                    ],
                }
                for finding in findings[each.review.pk]
            ],
        }
        for each in comparison.reviews
    ]


def _marked(text: TranslatedText) -> dict[str, str]:
    """The words, and their language where it is not the page's."""
    page = page_language()
    shown = text.shown_in(page)
    is_foreign = shown != page
    return {
        "words": text.in_language(page),
        "code": shown if is_foreign else "",
        "language": language_name(text, page) if is_foreign else "",
    }


# A city agrees


@login_required
@require_POST
def agree(request: HttpRequest, review: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    own = get_own_review(me, review, timezone.localdate(now))
    try:
        actions.agree_to_comparison(person=me, review=own, at=now)
    except MoveError:
        messages.error(request, _not_validated())
    else:
        messages.success(
            request, gettext("The other cities that take part can read your result now, and you theirs.")
        )
    return _back(own)


@login_required
@require_POST
def end(request: HttpRequest, review: int) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    own = get_own_review(me, review, timezone.localdate(now))
    try:
        actions.end_comparison(person=me, review=own, at=now)
    except MoveError:
        messages.error(request, _not_validated())
    else:
        messages.success(request, gettext("Your agreement to the comparison is taken back."))
    return _back(own)


def _not_validated() -> str:
    return gettext("Cities are compared only once an expert has validated the review. Nothing was changed.")


def _back(review: Review) -> HttpResponse:
    return redirect(f"{reverse('review:tasks', args=[review.pk])}#comparison")
