"""A comparison in pictures and figures: one chart for a score, and one table of all areas.

The bands are the outer ones. The narrower band of 80 % rests on a class of cities where a review is
published, and on nothing but the questionnaire where it is not, so that the two cannot stand side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tessera.apps.review.area_overview import drawn_ends, has_bands
from tessera.apps.review.comparison import ComparedReview, Comparison
from tessera.frameworks.profile import AreaState, Score
from tessera.reports.answer_words import band_in_figures, coverage_in_figures, points_or_state
from tessera.reports.parts import Chart, DotPlot, DotRow, Table
from tessera.reports.wording import Wording

COLUMNS_OF_WORDS = (0, 4)
"""Of the table under a chart: the city, and what the figures are taken from."""


@dataclass(frozen=True)
class ComparedScore:
    """One score of one city."""

    review: ComparedReview
    state: AreaState
    score: Score


def overall_scores(comparison: Comparison, name: str) -> tuple[ComparedScore, ...]:
    """Of the cities that have this overall score."""
    found = [(each, each.profile.overall.get(name)) for each in comparison.reviews]
    return tuple(
        ComparedScore(each, AreaState.NOT_ENOUGH if score.points is None else AreaState.SCORED, score)
        for each, score in found
        if score is not None
    )


def area_scores(comparison: Comparison, area: str) -> tuple[ComparedScore, ...]:
    """Raises KeyError for an area that the questionnaire does not have."""
    found = [(each, each.profile.area(area)) for each in comparison.reviews]
    return tuple(
        ComparedScore(each, profile.state, profile.score)
        for each, profile in found
        if profile.state is not AreaState.NOT_ASKED
    )


def overall_titles(words: Wording) -> dict[str, str]:
    return {
        "core": words.gettext("Overall score (core)"),
        "extended": words.gettext("Overall score (extended)"),
    }


def overall_abouts(words: Wording) -> dict[str, str]:
    return {
        "core": words.gettext("The mean of the areas that every city answers, by their weights."),
        "extended": words.gettext("The mean of all areas, the optional ones included, by their weights."),
    }


def source_in_words(words: Wording, review: ComparedReview) -> str:
    """What the figures of a city are taken from."""
    if review.is_published:
        return words.gettext("published review")
    return words.gettext("validated review, not published")


def draw_overall(comparison: Comparison, name: str, language: str) -> Chart:
    """Of the cities that have it; the sentence counts the others, too."""
    words, scores = Wording(language), overall_scores(comparison, name)
    count = len(comparison.reviews)
    sentence = words.ngettext(
        "%(scored)s of %(count)s city has this score.",
        "%(scored)s of %(count)s cities have this score.",
        count,
    ) % {"scored": _count_scored(scores), "count": count}
    return _chart(words, f"comparison-overall-{name}", overall_titles(words)[name], scores, sentence)


def draw_area(comparison: Comparison, area: str, language: str) -> Chart:
    """Raises KeyError for an area that the questionnaire does not have."""
    words, scores = Wording(language), area_scores(comparison, area)
    sentence = words.ngettext(
        "%(scored)s of %(count)s city has a score in this area.",
        "%(scored)s of %(count)s cities have a score in this area.",
        len(scores),
    ) % {"scored": _count_scored(scores), "count": len(scores)}
    title = comparison.cycle.framework.text(language).areas[area].title
    return _chart(words, f"comparison-{area}", title, scores, sentence)


def _count_scored(scores: Sequence[ComparedScore]) -> int:
    return sum(each.state is AreaState.SCORED for each in scores)


def figures_of_all_areas(comparison: Comparison, language: str) -> Table:
    """A row for each area and a column for each city: points, and the outer band in brackets."""
    words = Wording(language)
    names = tuple(_name(words, each) for each in comparison.reviews)
    titles = comparison.cycle.framework.text(language).areas
    rows = []
    for area in comparison.areas:
        of_city = {each.review.review.pk: each for each in area_scores(comparison, area.key)}
        figures = [of_city.get(each.review.pk) for each in comparison.reviews]
        rows.append((titles[area.key].title, *(_with_band(words, each) if each else "" for each in figures)))
    caption = words.gettext("Points in every area, with the outer band")
    return Table(caption, (words.gettext("Area"), *names), tuple(rows))


def _with_band(words: Wording, compared: ComparedScore) -> str:
    points = points_or_state(words, compared.state, compared.score.points)
    band = compared.score.outer_band if has_bands(compared.state) else None
    if band is None or drawn_ends(band) is None:
        return points
    return f"{points} ({band_in_figures(words, band)})"


def _name(words: Wording, review: ComparedReview) -> str:
    return review.review.city.name.in_language(words.language)


def _chart(words: Wording, name: str, title: str, scores: Sequence[ComparedScore], sentence: str) -> Chart:
    legend = (("score", words.gettext("score")), ("outer", words.gettext("outer band")))
    table = Table(
        words.gettext("%(area)s, by city") % {"area": title},
        (
            words.gettext("City"),
            words.gettext("Points"),
            words.gettext("Coverage"),
            words.gettext("Outer band"),
            words.gettext("Taken from"),
        ),
        tuple(_table_row(words, each) for each in scores),
    )
    return Chart(
        name=name,
        title=title,
        description=f"{sentence} {words.gettext('The table holds all figures of the chart.')}",
        sentence=sentence,
        drawing=DotPlot(tuple(_dot_row(words, each) for each in scores), legend),
        table=table,
    )


def _table_row(words: Wording, compared: ComparedScore) -> tuple[str, ...]:
    score = compared.score
    return (
        _name(words, compared.review),
        points_or_state(words, compared.state, score.points),
        coverage_in_figures(words, score),
        band_in_figures(words, score.outer_band if has_bands(compared.state) else None),
        source_in_words(words, compared.review),
    )


def _dot_row(words: Wording, compared: ComparedScore) -> DotRow:
    score = compared.score
    return DotRow(
        label=_name(words, compared.review),
        inside=False,
        figure=points_or_state(words, compared.state, score.points),
        points=score.points,
        outer=drawn_ends(score.outer_band) if has_bands(compared.state) else None,
        likely=None,
        class_range=None,
        previous=None,
    )
