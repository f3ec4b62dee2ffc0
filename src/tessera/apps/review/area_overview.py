"""One area across the cities of a cycle, in the order of the alphabet: never a ranking."""

from collections.abc import Sequence
from dataclasses import dataclass

from tessera.apps.review.models import Review
from tessera.frameworks.profile import AreaProfile, AreaState, Interval
from tessera.frameworks.schema import Framework
from tessera.reports.answer_words import band_in_figures, coverage_in_figures, points_or_state
from tessera.reports.parts import Chart, DotPlot, DotRow, Table
from tessera.reports.wording import Wording


@dataclass(frozen=True)
class AreaOverview:
    title: str
    about: str
    chart: Chart
    reviews: tuple[Review, ...]
    """One for each row of the chart's table."""


def build_area_overview(
    framework: Framework, area: str, reviews: Sequence[Review], language: str
) -> AreaOverview:
    """The score, band and coverage of an area in each review that asked for it, in the order given."""
    words = Wording(language)
    text = framework.text(language).areas[area]
    found = [(review, review.publication.profile.area(area)) for review in reviews]
    found = [(review, profile) for review, profile in found if profile.state is not AreaState.NOT_ASKED]
    scored = sum(profile.state is AreaState.SCORED for _, profile in found)
    sentence = words.ngettext(
        "%(scored)s of %(count)s city has a score in this area.",
        "%(scored)s of %(count)s cities have a score in this area.",
        len(found),
    ) % {"scored": scored, "count": len(found)}
    legend = (
        ("score", words.gettext("score")),
        ("likely", words.gettext("80% band")),
        ("outer", words.gettext("outer band")),
    )
    table = Table(
        words.gettext("%(area)s, by city") % {"area": text.title},
        (
            words.gettext("City"),
            words.gettext("Points"),
            words.gettext("Coverage"),
            words.gettext("80% band"),
            words.gettext("Outer band"),
        ),
        tuple(_table_row(words, review, profile) for review, profile in found),
    )
    chart = Chart(
        name=f"area-{area}",
        title=text.title,
        description=f"{sentence} {words.gettext('The table holds all figures of the chart.')}",
        sentence=sentence,
        drawing=DotPlot(tuple(_dot_row(words, review, profile) for review, profile in found), legend),
        table=table,
    )
    return AreaOverview(text.title, text.about, chart, tuple(review for review, _ in found))


def has_bands(state: AreaState) -> bool:
    """Whether there is anything to answer, and so a band in which the score lies."""
    return state in (AreaState.SCORED, AreaState.NOT_ENOUGH)


def _table_row(words: Wording, review: Review, profile: AreaProfile) -> tuple[str, ...]:
    score = profile.score
    return (
        review.city.name.in_language(words.language),
        points_or_state(words, profile.state, score.points),
        coverage_in_figures(words, score),
        band_in_figures(words, score.likely_band if has_bands(profile.state) else None),
        band_in_figures(words, score.outer_band if has_bands(profile.state) else None),
    )


def _dot_row(words: Wording, review: Review, profile: AreaProfile) -> DotRow:
    score, shown = profile.score, has_bands(profile.state)
    return DotRow(
        label=review.city.name.in_language(words.language),
        inside=False,
        figure=points_or_state(words, profile.state, score.points),
        points=score.points,
        outer=drawn_ends(score.outer_band) if shown else None,
        likely=drawn_ends(score.likely_band) if shown and score.points is not None else None,
        class_range=None,
        previous=None,
    )


def drawn_ends(band: Interval | None) -> tuple[float, float] | None:
    """Of a band: None where there is no width to draw."""
    return None if band is None or band.low == band.high else (band.low, band.high)
