"""The page that tells an expert what the scores of a review hang on."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.network.local_text import page_language
from tessera.apps.review.access.checking import get_review_to_check
from tessera.apps.review.analysis import Analysis, OpenBand, WeighedAnswer, analyse_review
from tessera.apps.review.models import Review
from tessera.apps.review.published import page_drawing
from tessera.frameworks.scores.leverage import BandPart, Reach
from tessera.reports.answer_words import band_in_figures
from tessera.reports.charts import Width
from tessera.reports.pages import DrawnChart
from tessera.reports.wording import Wording

FIRST = 20
"""So many answers to check are named; who is through with these comes back."""

Cell = dict[str, object]


@login_required
@require_safe
def show_analysis(request: HttpRequest, review: int) -> HttpResponse:
    me = signed_in(request)
    shown = get_review_to_check(me, review, timezone.localdate())
    analysis = analyse_review(me, shown, page_language())
    words = Wording(page_language())
    context = {
        "review": shown,
        "analysis": analysis,
        "report": analysis.report,
        "bands": _bands_table(shown, analysis, words),
        "missing": _missing_table(shown, analysis, words),
        "to_check": _check_table(shown, analysis, words),
        "further": max(0, len(analysis.to_check) - FIRST),
        "moved": _drawn_move(analysis),
        "crumbs": [
            (gettext("Your work"), reverse("web:work")),
            (f"{shown.city}, {shown.year}", reverse("review:board", args=[shown.pk])),
        ],
    }
    return render(request, "review/analysis.html", context)


def _table(caption: str, columns: list[tuple[str, str]], rows: list[list[Cell]]) -> dict[str, object]:
    return {
        "caption": caption,
        "columns": [{"label": label, "kind": kind} for label, kind in columns],
        "rows": rows,
    }


def _bands_table(review: Review, analysis: Analysis, words: Wording) -> dict[str, object]:
    columns = [
        (gettext("Score"), "text"),
        (gettext("Missing answers"), "number"),
        (gettext("Points"), "number"),
        (gettext("Outer band"), "number"),
        (gettext("Width in points"), "number"),
    ]
    rows = [_band_row(review, band, words) for band in analysis.bands]
    return _table(gettext("Scores that missing answers leave open"), columns, rows)


def _band_row(review: Review, band: OpenBand, words: Wording) -> list[Cell]:
    name = review.area_title(band.area.key) if band.area else gettext("Overall score (core)")
    outer = band.score.outer_band
    return [
        {"text": name},
        {"text": str(band.missing)},
        {"text": gettext("no score") if band.score.points is None else words.points(band.score.points)},
        {"text": band_in_figures(words, outer)},
        {"text": words.tenths(outer.high - outer.low) if outer else gettext("no band")},
    ]


def _missing_table(review: Review, analysis: Analysis, words: Wording) -> dict[str, object]:
    columns = [
        (gettext("Question"), "text"),
        (gettext("Area"), "text"),
        (gettext("Of the overall band"), "number"),
        (gettext("Of the area's band"), "number"),
    ]
    rows = [
        _row(
            review,
            weighed,
            _part(weighed.leverage.overall_band, words),
            _part(weighed.leverage.area_band, words),
        )
        for weighed in analysis.missing
    ]
    return _table(gettext("What of the bands rests on each missing answer"), columns, rows)


def _row(review: Review, weighed: WeighedAnswer, *said: str) -> list[Cell]:
    """An answer, its area, and what is said of it."""
    url = reverse("review:judge", args=[review.pk, weighed.key])
    question: Cell = {"text": weighed.answer.filled.text.text, "url": url}
    others: list[Cell] = [{"text": text} for text in (review.area_title(weighed.area), *said)]
    return [question, *others]


def _part(part: BandPart | None, words: Wording) -> str:
    if part is None:
        return gettext("no band")
    return gettext("%(points)s (%(share)s)") % {
        "points": words.tenths(part.points),
        "share": words.percent(part.share),
    }


def _check_table(review: Review, analysis: Analysis, words: Wording) -> dict[str, object]:
    columns = [
        (gettext("Question"), "text"),
        (gettext("Area"), "text"),
        (gettext("Moves the overall score by up to"), "number"),
        (gettext("Moves the area's score by up to"), "number"),
        (gettext("Why"), "text"),
    ]
    rows = [
        _row(
            review,
            weighed,
            _reach(weighed.leverage.overall, words),
            _reach(weighed.leverage.area, words),
            ", ".join(str(reason.label) for reason in weighed.reasons),
        )
        for weighed in analysis.to_check[:FIRST]
    ]
    return _table(gettext("Answers to check first"), columns, rows)


def _reach(reach: Reach, words: Wording) -> str:
    if reach.points is None:
        return gettext("no score")
    points = words.tenths(reach.points)
    return gettext("%(points)s, or no score") % {"points": points} if reach.may_be_lost else points


def _drawn_move(analysis: Analysis) -> DrawnChart | None:
    moved = analysis.report.moved
    if moved is None or moved.chart is None:
        return None
    return DrawnChart(
        moved.chart, page_drawing(moved.chart, Width.WIDE), page_drawing(moved.chart, Width.NARROW)
    )
