"""What one gets of a published review: its report in a language, the drawings on its page, and its files."""

import hashlib
import io
from dataclasses import replace

from django.conf import settings
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from tessera.apps.network.models import SizeClass
from tessera.apps.records.made_once import make_once
from tessera.apps.review.models import Review
from tessera.apps.review.to_publish import compared_with, read_public_result
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.expert_words import ExpertWords
from tessera.frameworks.profile import Profile
from tessera.frameworks.sheets.write import write_sheet
from tessera.reports.charts import Width
from tessera.reports.pages import draw_for_page
from tessera.reports.parts import Chart, ReviewReport
from tessera.reports.pdf import render_pdf
from tessera.reports.review import build_review_report


def build_report(review: Review, language: str) -> ReviewReport:
    """The report of a published review, from what was frozen then."""
    publication = review.publication
    return _report(
        review,
        publication.sheet,
        publication.profile,
        publication.words,
        previous=publication.previous,
        class_name=_class_name(publication.size_class, language),
        language=language,
    )


def preview_report(review: Review, language: str) -> ReviewReport:
    """The report that anybody would read if the city published a validated review now."""
    result = read_public_result(review, compared_with(review))
    return _report(
        review,
        result.sheet,
        result.profile,
        result.words,
        previous=result.previous,
        class_name=_class_name(review.city.size or "", language),
        language=language,
    )


def _report(
    review: Review,
    sheet: AnswerSheet,
    profile: Profile,
    words: ExpertWords,
    *,
    previous: Review | None,
    class_name: str,
    language: str,
) -> ReviewReport:
    name = review.city.name.in_language(language)
    return build_review_report(
        review.framework,
        replace(sheet, city=name),
        profile.model_copy(update={"city": name}),
        language=language,
        previous_sheet=previous.publication.sheet if previous else None,
        class_name=class_name,
        expert_words=words,
    )


def page_drawing(chart: Chart, width: Width) -> SafeString:
    """A chart as an SVG element for a page; kept by its content, as drawing takes a fifth of a second."""
    return mark_safe(make_once("drawing", repr((chart, width)), lambda: str(draw_for_page(chart, width))))


def print_report(review: Review, language: str) -> bytes:
    report = build_report(review, language)
    return make_once("pdf", repr(report), lambda: render_pdf(report))


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
    frozen = (
        publication.profile_hash,
        publication.sheet.content_hash(),
        publication.sheet_json,
        publication.words_json,
    )
    return _hash(repr((*frozen, language, settings.VERSION)))


def words_hash(review: Review) -> str:
    """SHA-256 of what the experts say, as it was frozen."""
    return _hash(review.publication.words_json)


def _class_name(size_class: str, language: str) -> str:
    with translation.override(language):
        if size_class:
            return str(SizeClass(size_class).label)
        return gettext("cities of every size")


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
