"""What a consultation came to, for anybody."""

import hashlib
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tessera.apps.dialogue.access import get_public_consultation
from tessera.apps.dialogue.landscapes import is_counted
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.live_counts import STEP
from tessera.apps.dialogue.models import Consultation
from tessera.apps.dialogue.results import build_results, print_results, write_file
from tessera.apps.network.local_text import page_language
from tessera.apps.records.made_once import make_once
from tessera.reports.charts import Width
from tessera.reports.landscape.page import draw_for_page, landscape_context
from tessera.reports.landscape.parts import LandscapeReport, OpinionMap

SECONDS_30 = 30
"""A statement that is hidden is gone everywhere within a minute."""


@require_safe
@cache_control(public=True, max_age=SECONDS_30)
def show_results(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_public_consultation(slug)
    report = build_results(consultation, page_language())
    context: dict[str, object] = {
        "consultation": consultation,
        "report": report,
        "crumbs": [
            (gettext("Home"), reverse("web:home")),
            (gettext("Cities"), reverse("web:cities")),
            (str(consultation.city), consultation.city.get_absolute_url()),
        ],
    }
    if report is None:
        return render(request, "dialogue/no_results.html", context | _why_none(consultation))
    files = [
        {"label": gettext("Report"), "format": "PDF", "url": reverse("results:print", args=[slug])},
        {"label": gettext("Report"), "format": "HTML", "url": reverse("results:file", args=[slug])},
        {"label": gettext("Open data"), "format": "ZIP", "url": reverse("results:open-data", args=[slug])},
    ]
    parts = landscape_context(report, _draw_once)
    return render(request, "dialogue/results.html", {**context, "files": files, **parts})


@require_safe
@cache_control(public=True, max_age=SECONDS_30)
def download_file(request: HttpRequest, slug: str) -> HttpResponse:
    return _download(
        request, slug, "html", "text/html; charset=utf-8", lambda report: write_file(report).encode()
    )


@require_safe
@cache_control(public=True, max_age=SECONDS_30)
def download_print(request: HttpRequest, slug: str) -> HttpResponse:
    return _download(request, slug, "pdf", "application/pdf", print_results)


def _download(
    request: HttpRequest, slug: str, ending: str, kind: str, make: Callable[[LandscapeReport], bytes]
) -> HttpResponse:
    """The report as a file; whoever has it as it stands gets it no second time. Http404 without one."""
    consultation, language = get_public_consultation(slug), page_language()
    report = build_results(consultation, language)
    if report is None:
        raise Http404
    mark = f'"{hashlib.sha256(repr(report).encode()).hexdigest()}"'
    headers = {"ETag": mark, "Content-Disposition": f'attachment; filename="{slug}-{language}.{ending}"'}
    if request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(make(report), content_type=kind, headers=headers)


def _why_none(consultation: Consultation) -> dict[str, object]:
    return {
        "is_open": consultation.state == State.OPEN,
        "is_counted": consultation.has_ended and is_counted(consultation),
        "fewest": STEP,
    }


def _draw_once(chart: OpinionMap, width: Width) -> SafeString:
    """Kept by its content, as drawing takes a fifth of a second; there are no words of statements in it."""
    return mark_safe(make_once("map", repr((chart, width)), lambda: str(draw_for_page(chart, width))))
