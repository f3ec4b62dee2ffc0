"""From a sheet of answers to its profile.

The definitions stand in docs/reference/scores.md: missing is never zero, every score shows its coverage and
its band, and the same answers give the same profile to the last digit.
"""

import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version as installed_version

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.profile import (
    AreaProfile,
    AreaState,
    Hashes,
    Highlight,
    Interval,
    Profile,
    QuestionProfile,
    Score,
)
from tessera.frameworks.schema import Area, Framework, Question
from tessera.frameworks.scores.bands import Band, area_band, mean_band
from tessera.frameworks.scores.comparison import compare_with_class, read_class
from tessera.frameworks.scores.movement import compare_over_time
from tessera.frameworks.scores.reading import CORE, OVERALL, Reading, question_code, read_answers
from tessera.frameworks.when_rules import holds, questions_named

HIGHLIGHTS = 3
"""So many areas are named as strongest and weakest, and so many questions in each."""


def score_sheet(
    framework: Framework,
    sheet: AnswerSheet,
    *,
    previous: tuple[Framework, AnswerSheet] | None = None,
    class_sheets: Sequence[AnswerSheet] = (),
) -> Profile:
    """Compute the profile of a review.

    Parameters
    ----------
    framework : Framework
        The framework and version that the sheet answers.
    sheet : AnswerSheet
        A question without an answer is missing: it lowers the coverage and widens the band, never the score.
    previous : (Framework, AnswerSheet), optional
        The same city's earlier review, with the version that it answers.
    class_sheets : sequence of AnswerSheet
        Similar cities, without this one. Missing answers are drawn from theirs where at least five answered.

    Returns
    -------
    Profile

    Raises
    ------
    ValueError
        A sheet answers another framework or version than the one given with it.
    NotComparable
        The earlier review is none: another framework, a later version, or not an earlier year.
    """
    reading = read_answers(framework, sheet)
    similar = read_class(framework, sheet, class_sheets)
    class_answers = similar.answers()
    seed = int(sheet.content_hash()[:16], 16)
    bands = {area: area_band(area, reading, class_answers, seed) for area in framework.plain_areas()}
    for area in framework.areas:
        if area.composite:
            bands[area] = mean_band({part: bands[part] for part in area.areas})
    return Profile(
        city=sheet.city,
        year=sheet.year,
        invented=sheet.invented,
        framework=framework.id,
        version=framework.version,
        pathway=sheet.pathway,
        engine=installed_version("tessera"),
        hashes=Hashes(
            answers=sheet.content_hash(), framework=framework.content_hash, scheme=framework.scheme_hash
        ),
        min_coverage=float(framework.min_coverage),
        overall={name: _overall_score(name, reading, bands) for name in reading.overalls},
        areas=tuple(
            _area_profile(area, parent, reading, bands[area])
            for top in framework.areas
            for area, parent in [(top, None), *((part, top.key) for part in top.areas)]
        ),
        strongest=_highlights(reading, weakest=False),
        weakest=_highlights(reading, weakest=True),
        contradictions=find_contradictions(reading),
        comparison=compare_with_class(reading, similar) if class_sheets else None,
        movement=compare_over_time(reading, read_answers(*previous)) if previous else None,
        compared_with_invented=any(
            other.invented for other in [*class_sheets, *([previous[1]] if previous else [])]
        ),
    )


def _overall_score(name: str, reading: Reading, bands: Mapping[Area, Band | None]) -> Score:
    result = reading.overalls[name].result
    areas = reading.core_areas if name == CORE else reading.framework.areas
    band = mean_band({area: bands[area] for area in areas})
    return _score(result.scores[OVERALL], result.coverage[OVERALL], band, areas, reading)


def _area_profile(area: Area, parent: str | None, reading: Reading, band: Band | None) -> AreaProfile:
    return AreaProfile(
        key=area.key,
        parent=parent,
        weight=float(area.weight),
        optional=area.optional,
        state=reading.area_state(area.key),
        score=_score(
            reading.area_points(area.key), reading.area_coverage(area.key), band, area.areas, reading
        ),
        questions=tuple(
            _question_profile(question, reading) for question in area.asked(reading.sheet.pathway)
        ),
    )


def _score(
    points: float, coverage: float, band: Band | None, inside: Sequence[Area], reading: Reading
) -> Score:
    return Score(
        points=None if math.isnan(points) else points,
        coverage=None if math.isnan(coverage) else coverage,
        outer_band=_interval(band.outer) if band else None,
        likely_band=_interval(band.likely) if band else None,
        likely_from=tuple(sorted(band.drawn_from)) if band else (),
        left_out=tuple(
            area.key
            for area in inside
            if reading.area_state(area.key) in (AreaState.NOT_ENOUGH, AreaState.NOT_FILLED)
        ),
    )


def _interval(ends: tuple[float, float]) -> Interval:
    return Interval(low=ends[0], high=ends[1])


def _question_profile(question: Question, reading: Reading) -> QuestionProfile:
    counts = question.key in reading.points
    return QuestionProfile(
        key=question.key,
        state=reading.states[question.key],
        value=reading.sheet.answers.get(question.key, Answer()).value,
        points=reading.points.get(question.key),
        weight=float(question.weight),
        share=reading.extended.result.shares[question_code(question.key)] if counts else None,
    )


def _highlights(reading: Reading, *, weakest: bool) -> tuple[Highlight, ...]:
    """The plain areas with the most, or the fewest, points; none where all have the same.

    Points that areas of both lists have stand for neither a strength nor a gap, unless no area has more, or
    fewer.
    """
    scored = {
        area: reading.area_points(area.key)
        for area in reading.framework.plain_areas()
        if reading.area_state(area.key) is AreaState.SCORED
    }
    if len(set(scored.values())) < 2:
        return ()
    number = min(HIGHLIGHTS, len(scored) // 2)
    # Sorting is stable: equal areas stay in the order of the questionnaire.
    lowest = sorted(scored, key=lambda area: scored[area])[:number]
    highest = sorted(scored, key=lambda area: -scored[area])[:number]
    chosen, others = (lowest, highest) if weakest else (highest, lowest)
    shared = {scored[area] for area in others} - {scored[chosen[0]]}
    return tuple(_highlight(area, reading, weakest=weakest) for area in chosen if scored[area] not in shared)


def _highlight(area: Area, reading: Reading, *, weakest: bool) -> Highlight:
    """Questions by the points of the area's score that they bring, or that they leave out."""
    telling = {
        question.key: reading.extended.result.shares[question_code(question.key)]
        * (100 - reading.points[question.key] if weakest else reading.points[question.key])
        for question in area.questions
        if question.key in reading.points
    }
    ordered = sorted((key for key in telling if telling[key] > 0), key=lambda key: -telling[key])
    return Highlight(
        area=area.key, points=reading.area_points(area.key), questions=tuple(ordered[:HIGHLIGHTS])
    )


def find_contradictions(reading: Reading) -> tuple[str, ...]:
    """Keys of the framework's constraints that the answers break.

    Parameters
    ----------
    reading : Reading
        A constraint whose consequence names a question without an answer that counts is not broken.

    Returns
    -------
    tuple of str
        In the order of the framework.
    """
    return tuple(
        constraint.key
        for constraint in reading.framework.constraints
        if questions_named(constraint.consequence) <= reading.values.keys()
        and holds(constraint.condition, reading.values)
        and not holds(constraint.consequence, reading.values)
    )
