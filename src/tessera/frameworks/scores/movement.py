"""What moved since an earlier review, like for like.

Only questions that are the same or merely reworded, and that were answered both times, are compared, with
the weights of the newer version. The difference of two weighted means with the same weights is the weighted
mean of the differences, so every area's difference is exactly the sum of what its questions contribute.
"""

import math
from collections.abc import Callable, Mapping

from tessera.frameworks.errors import NotComparable
from tessera.frameworks.load import find_framework
from tessera.frameworks.profile import AreaMove, Movement, NotCompared, QuestionMove, QuestionState
from tessera.frameworks.schema import Area, Change, Framework
from tessera.frameworks.scores.reading import CORE, OVERALL, Assessed, Reading, area_code, question_code


def changes_since(
    framework: Framework, version: int, find: Callable[[str, int], Framework] = find_framework
) -> dict[str, Change]:
    """What every question of a framework is, seen from an earlier version of it.

    Over several versions a question is comparable if it is so at each step.

    Raises
    ------
    NotComparable
        The version is later than the framework's own.
    """
    if version > framework.version:
        raise NotComparable(
            f"the earlier review answers version {version} of {framework.id}, "
            f"the later one only version {framework.version}: they cannot be compared"
        )
    since = {question.key: Change.SAME for question in framework.questions()}
    for later in range(framework.version, version, -1):
        step = framework if later == framework.version else find(framework.id, later)
        assert step.changes is not None
        for key, change in since.items():
            if change.comparable and step.changes.new[key] is not Change.SAME:
                since[key] = step.changes.new[key]
    return since


def compare_over_time(now: Reading, then: Reading) -> Movement:
    """Hold a reading against an earlier one of the same city.

    Raises
    ------
    NotComparable
        The earlier sheet is of another framework, of a later version, or of the same or a later year.
    """
    if now.framework.id != then.framework.id:
        raise NotComparable(
            f"the earlier review answers {then.framework.id}, this one {now.framework.id}: "
            "they cannot be compared"
        )
    if then.sheet.year >= now.sheet.year:
        raise NotComparable(
            f"the earlier review describes {then.sheet.year}, this one {now.sheet.year}: "
            "it must be of an earlier year"
        )
    since = changes_since(now.framework, then.framework.version)
    differences = {
        key: points - then.points[key]
        for key, points in now.points.items()
        if since[key].comparable and key in then.points
    }
    core = now.assess(differences, now.core_areas)
    extended = now.assess(differences, now.framework.areas)
    overall = {name: (core if name == CORE else extended).result.scores[OVERALL] for name in now.overalls}
    return Movement(
        previous_year=then.sheet.year,
        previous_version=then.framework.version,
        previous_answers_hash=then.sheet.content_hash(),
        overall={name: _number(difference) for name, difference in overall.items()},
        areas=tuple(
            _area_move(area, now, then, since, differences, core, extended)
            for area in now.framework.all_areas()
            if area_code(area.key) in extended.result.scores
        ),
        previous_points={
            area.key: _number(then.area_points(area.key)) for area in then.framework.all_areas()
        },
        previous_overall={
            name: _number(assessed.result.scores[OVERALL]) for name, assessed in then.overalls.items()
        },
    )


def _area_move(
    area: Area,
    now: Reading,
    then: Reading,
    since: Mapping[str, Change],
    differences: Mapping[str, float],
    core: Assessed,
    extended: Assessed,
) -> AreaMove:
    code = area_code(area.key)
    difference = extended.result.scores[code]
    questions = area.asked(now.sheet.pathway)
    share = core.area_share(area.key)
    return AreaMove(
        key=area.key,
        difference=_number(difference),
        contribution=share * difference if share > 0 else None,
        compared_share=0.0 if math.isnan(extended.result.coverage[code]) else extended.result.coverage[code],
        questions=tuple(
            QuestionMove(
                key=question.key,
                change=since[question.key],
                before=then.points[question.key],
                now=now.points[question.key],
                contribution=extended.result.shares[question_code(question.key)] * differences[question.key],
            )
            for question in questions
            if question.key in differences
        ),
        not_compared=tuple(
            NotCompared(key=question.key, reason=_reason(question.key, now, since))
            for question in questions
            if question.key not in differences
        ),
    )


def _reason(key: str, now: Reading, since: Mapping[str, Change]) -> str:
    if not since[key].comparable:
        return since[key].value
    if now.states[key] is not QuestionState.ANSWERED:
        return "not-answered-now"
    return "not-answered-then"


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
