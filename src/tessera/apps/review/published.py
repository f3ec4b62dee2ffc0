"""What one gets of a published review: its report in a language, the drawings on its page, and its files."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from django.conf import settings
from django.core.cache import caches
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from tessera.apps.network.models import SizeClass
from tessera.apps.review.models import Publication, Review
from tessera.frameworks.sheets.write import write_sheet
from tessera.reports.charts import Width
from tessera.reports.pages import draw_for_page
from tessera.reports.parts import Chart, ReviewReport
from tessera.reports.pdf import render_pdf
from tessera.reports.review import build_review_report

Made = TypeVar("Made", str, bytes)


def build_report(review: Review, language: str) -> ReviewReport:
    """The report of a published review, from what was frozen then."""
    publication = review.publication
    name = review.city.name.in_language(language)
    previous = publication.previous
    return build_review_report(
        review.framework,
        replace(publication.sheet, city=name),
        publication.profile.model_copy(update={"city": name}),
        language=language,
        previous_sheet=previous.publication.sheet if previous else None,
        class_name=_class_name(publication, language),
    )


def page_drawing(chart: Chart, width: Width) -> SafeString:
    """A chart as an SVG element for a page; kept by its content, as drawing takes a fifth of a second."""
    return mark_safe(_kept("drawing", repr((chart, width)), lambda: str(draw_for_page(chart, width))))


def print_report(review: Review, language: str) -> bytes:
    report = build_report(review, language)
    return _kept("pdf", repr(report), lambda: render_pdf(report))


def fill_sheet(review: Review, language: str) -> bytes:
    """The published answers as a spreadsheet, in the language or in the questionnaire's own."""
    framework, sheet = review.framework, review.publication.sheet
    target = io.BytesIO()
    write_sheet(
        framework,
        pathway=sheet.pathway,
        language=framework.text(language).language,
        target=target,
        answers=replace(sheet, city=review.city.name.in_language(language)),
    )
    return target.getvalue()


def file_hash(review: Review, language: str) -> str:
    """Changes whenever a file of the review in that language may read otherwise."""
    publication = review.publication
    frozen = (publication.profile_hash, publication.sheet.content_hash(), publication.sheet_json)
    return _hash(repr((*frozen, language, settings.VERSION)))


def _class_name(publication: Publication, language: str) -> str:
    with translation.override(language):
        if publication.size_class:
            return str(SizeClass(publication.size_class).label)
        return gettext("cities of every size")


def _kept(kind: str, content: str, make: Callable[[], Made]) -> Made:
    key = f"{kind}-{_hash(content + settings.VERSION)}"
    made: Made | None = caches["drawings"].get(key)
    if made is None:
        made = make()
        caches["drawings"].set(key, made)
    return made


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
