"""A comparison as a spreadsheet: what it is, every score, and every finding. Nothing is sorted by score."""

import io
from collections.abc import Iterator
from datetime import date

from babel import Locale
from babel.dates import format_date

from tessera.apps.review.area_overview import has_bands
from tessera.apps.review.comparison import ComparedReview, Comparison
from tessera.apps.review.comparison_charts import (
    ComparedScore,
    area_scores,
    overall_scores,
    overall_titles,
    source_in_words,
)
from tessera.frameworks.expert_words import TranslatedText
from tessera.frameworks.sheets.tables import Column, TableTab, Value, write_tables
from tessera.reports.answer_words import points_or_state
from tessera.reports.wording import Wording

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_POINTS, _SHARE, _DAY = "0", "0.0%", "yyyy-mm-dd"


def fill_comparison_sheet(comparison: Comparison, language: str, day: date) -> bytes:
    """The workbook in a language, as things are on a day.

    Scores have their full precision and are shown in whole points; a score that is not there leaves its cell
    empty, and the last column says why.
    """
    words, target = Wording(language), io.BytesIO()
    scores = TableTab(
        title=words.gettext("Scores"),
        columns=(
            Column(words.gettext("City"), 24),
            Column(words.gettext("Area"), 34),
            Column(words.gettext("Score"), 10, _POINTS),
            Column(words.gettext("Band, lowest"), 12, _POINTS),
            Column(words.gettext("Band, highest"), 12, _POINTS),
            Column(words.gettext("Coverage"), 12, _SHARE),
            Column(words.gettext("Unit"), 16),
            Column(words.gettext("Date"), 13, _DAY),
            Column(words.gettext("Taken from"), 28),
            Column(words.gettext("Why there is no score"), 24),
        ),
        rows=tuple(_scores(words, comparison)),
    )
    findings = TableTab(
        title=words.gettext("Findings"),
        columns=(
            Column(words.gettext("City"), 24),
            Column(words.gettext("Kind"), 12),
            Column(words.gettext("Finding"), 60),
            Column(words.gettext("Suggested next step"), 50),
            Column(words.gettext("Language"), 14),
            Column(words.gettext("Areas"), 34),
            Column(words.gettext("Questions that it rests on"), 50),
        ),
        rows=tuple(_findings(words, comparison)),
    )
    write_tables(
        title=words.gettext("Comparison of cities"),
        about_title=words.gettext("About"),
        about=list(_about(words, comparison, day)),
        tabs=(scores, findings),
        language=language,
        target=target,
    )
    return target.getvalue()


def _about(words: Wording, comparison: Comparison, day: date) -> Iterator[tuple[str, str]]:
    cycle = comparison.cycle
    yield from [
        (words.gettext("Network"), cycle.network.name.in_language(words.language)),
        (
            words.gettext("Questionnaire"),
            words.gettext("%(title)s, version %(version)s")
            % {"title": cycle.framework.text(words.language).title, "version": cycle.version},
        ),
        (words.gettext("Year"), str(cycle.year)),
        (
            words.gettext("Cities"),
            words.listed([_name(words, each) for each in comparison.reviews]) if comparison.reviews else "",
        ),
        (words.gettext("Made on"), format_date(day, format="long", locale=words.language)),
        (
            words.gettext("What it is"),
            words.gettext(
                "The scores and findings of cities that agreed to be read side by side, or that published "
                "their review. The cities stand in the order of the alphabet. This is no ranking: a review "
                "is for learning, and the bands say how sure a figure is."
            ),
        ),
        (
            words.gettext("Who may read it"),
            words.gettext(
                "What is not published was shown in confidence to the cities that take part, to the experts "
                "and to those who coordinate the network. Please do not pass it on."
            ),
        ),
        (
            words.gettext("Score and band"),
            words.gettext(
                "Points from 0 to 100. The band holds every score that the city could have once its missing "
                "answers are there; the coverage is the share of the weight that was answered."
            ),
        ),
    ]
    if invented := invented_in_words(words, comparison):
        yield words.gettext("Invented answers"), invented


def invented_in_words(words: Wording, comparison: Comparison) -> str:
    """Which answers are invented; empty where all are real."""
    found = [_name(words, each) for each in comparison.reviews if each.review.invented]
    if not found:
        return ""
    if len(found) < len(comparison.reviews):
        return words.gettext("The answers of these cities are invented, for demonstration: %(cities)s.") % {
            "cities": words.listed(found)
        }
    return words.gettext(
        "The answers are invented, for demonstration. They say nothing about how any real city works."
    )


def _scores(words: Wording, comparison: Comparison) -> Iterator[tuple[Value, ...]]:
    """City by city, and in each the overall scores before the areas in the order of the questionnaire."""
    titles = comparison.cycle.framework.text(words.language).areas
    scores = [
        *((overall_titles(words)[name], overall_scores(comparison, name)) for name in comparison.overalls),
        *((titles[area.key].title, area_scores(comparison, area.key)) for area in comparison.areas),
    ]
    for city in comparison.reviews:
        for title, compared in scores:
            for each in compared:
                if each.review is city:
                    yield _score_row(words, title, each)


def _score_row(words: Wording, title: str, compared: ComparedScore) -> tuple[Value, ...]:
    score, review = compared.score, compared.review
    band = score.outer_band if has_bands(compared.state) else None
    return (
        _name(words, review),
        title,
        score.points,
        band.low if band else None,
        band.high if band else None,
        score.coverage,
        words.gettext("points of 100"),
        review.stands_since,
        source_in_words(words, review),
        "" if score.points is not None else points_or_state(words, compared.state, None),
    )


def _findings(words: Wording, comparison: Comparison) -> Iterator[tuple[Value, ...]]:
    text = comparison.cycle.framework.text(words.language)
    for city in comparison.reviews:
        for finding in city.findings:
            yield (
                _name(words, city),
                str(finding.kind.label),
                finding.text.in_language(words.language),
                finding.next_step.in_language(words.language) if finding.next_step else "",
                language_name(finding.text, words.language),
                "; ".join(text.areas[key].title for key in finding.areas),
                "\n".join(text.questions[key].text for key in finding.questions),
            )


def language_name(text: TranslatedText, language: str) -> str:
    """That in which a text is shown on a page, in the page's language."""
    shown = text.shown_in(language)
    return Locale.parse(language).languages.get(shown, shown)


def _name(words: Wording, review: ComparedReview) -> str:
    return review.review.city.name.in_language(words.language)
