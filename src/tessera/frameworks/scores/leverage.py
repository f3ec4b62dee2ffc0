"""How much hangs on one answer: how far another would move the scores, and what a missing one leaves open.

One question is changed at a time, everything else stays as given. The definitions stand in
docs/reference/scores.md, *Leverage*.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tessera.frameworks.profile import QuestionState
from tessera.frameworks.schema import Area, Question, representative_answers
from tessera.frameworks.scores.bands import area_outer_band, mean_outer_band
from tessera.frameworks.scores.reading import OVERALL, Reading, question_code
from tessera.frameworks.when_rules import Value

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reach:
    """Where one score lies with each answer to one question. In points, 0 to 100."""

    now: float | None
    """None without a score."""
    low: float | None
    """Over the answers with which there is a score; None where there is none with any of them."""
    high: float | None
    may_be_lost: bool
    """There is a score now, and with some answer there would be none: too little would be answered."""

    @property
    def points(self) -> float | None:
        """How far the score moves at most, up or down: the leverage. None without a score now."""
        if self.now is None or self.low is None or self.high is None:
            return None
        return max(self.high - self.now, self.now - self.low)


@dataclass(frozen=True, slots=True)
class BandPart:
    """What of an outer band rests on one missing question."""

    points: float
    """By which the band gets narrower at least, whatever the answer is; 0 or more."""
    width: float
    """Of the band now, in points."""

    @property
    def share(self) -> float:
        """0 to 1; 0 of a band without width."""
        return self.points / self.width if self.width > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Leverage:
    question: str
    overall: Reach
    """Of the overall score (core)."""
    area: Reach
    """Of the plain area that the question stands in."""
    overall_band: BandPart | None
    """None unless the question is missing, and where there is no band."""
    area_band: BandPart | None


def read_leverages(reading: Reading) -> tuple[Leverage, ...]:
    """The leverage of every question that applies or may apply, or that the city says does not.

    For each question its own answers are tried, those that a band must consider
    (`schema.representative_answers`). A question that a rule hides has no entry: no answer to it counts.
    *Does not apply* is never tried; where the city says it, the answers that it could give instead are.
    Where an answer reveals further questions, they count as they are given, or as missing.

    Parameters
    ----------
    reading : Reading

    Returns
    -------
    tuple of Leverage
        In the order of the questionnaire. A question without weight that governs no rule moves nothing: 0. In
        an area that is optional it does not move the overall score: 0.

    References
    ----------
    Contract *Questionnaire scores*, for scores and bands. Where no rule looks at the question and it is
    answered, its leverage is `engines.index.explanation.leverage`, the slope of the score, times the way to
    the farthest answer; where no rule of the area is undecided, its part of the band is `band_narrowing`.
    """
    scale = _Scale(reading)
    return tuple(
        scale.leverage(area, question)
        for area in reading.framework.plain_areas()
        for question in area.asked(reading.sheet.pathway)
        if reading.states[question.key] is not QuestionState.HIDDEN
    )


def read_leverage(reading: Reading, key: str) -> Leverage | None:
    """The leverage of one question; None where a rule hides it.

    Raises
    ------
    KeyError
        The pathway does not ask such a question.
    """
    if reading.states[key] is QuestionState.HIDDEN:
        return None
    area, question = next(
        (area, question)
        for area in reading.framework.plain_areas()
        for question in area.questions
        if question.key == key
    )
    return _Scale(reading).leverage(area, question)


@dataclass(frozen=True)
class _Scale:
    """A reading on which one question after the other is moved."""

    reading: Reading

    def leverage(self, area: Area, question: Question) -> Leverage:
        state = self.reading.states[question.key]
        governs = question.key in area.governing()
        if state is QuestionState.ANSWERED and not governs:
            overall, inside = self._along_the_slope(area, question)
            return Leverage(question.key, overall, inside, None, None)
        tried = [self.reading.with_answer(area, question.key, value) for value in self._to_try[question.key]]
        overall_band, area_band = None, None
        if state is QuestionState.MISSING:
            overall_band, area_band = self._parts(area, tried)
        return Leverage(
            question.key,
            overall=_reach(_overall(self.reading), [_overall(other) for other in tried]),
            area=_reach(self.reading.area_points(area.key), [other.area_points(area.key) for other in tried]),
            overall_band=overall_band,
            area_band=area_band,
        )

    def _along_the_slope(self, area: Area, question: Question) -> tuple[Reach, Reach]:
        """Of an answered question at which no rule looks: the score is a straight line of its points."""
        code, points = question_code(question.key), self.reading.points[question.key]
        ends = [float(question.score(value)) - points for value in self._to_try[question.key]]
        inside = self.reading.extended.result.shares[code]
        overall = 0.0
        if code in self.reading.core.result.shares:
            overall = self.reading.core.result.share_in(self.reading.core.tree, code, OVERALL)
        return (
            _slope(_overall(self.reading), overall, ends),
            _slope(self.reading.area_points(area.key), inside, ends),
        )

    def _parts(self, area: Area, tried: Sequence[Reading]) -> tuple[BandPart | None, BandPart | None]:
        """What of the overall band and of the area's rests on a missing question."""
        then = [self._area_outer(area, other) for other in tried]
        overall = [self._overall_outer({**self._outer, area.key: band}) for band in then]
        return _part(self._overall_outer(self._outer), overall), _part(self._outer[area.key], then)

    @cached_property
    def _outer(self) -> dict[str, Ends | None]:
        """The outer band of each plain area now."""
        return {
            area.key: self._area_outer(area, self.reading) for area in self.reading.framework.plain_areas()
        }

    def _area_outer(self, area: Area, reading: Reading) -> Ends | None:
        return area_outer_band(
            area,
            reading,
            # Their chances are not looked at.
            lambda question, thresholds: [(value, 1.0) for value in self._to_try[question.key]],
        )

    def _overall_outer(self, outer: Mapping[str, Ends | None]) -> Ends | None:
        return mean_outer_band(
            (
                area,
                mean_outer_band((part, outer[part.key]) for part in area.areas)
                if area.composite
                else outer[area.key],
            )
            for area in self.reading.core_areas
        )

    @cached_property
    def _to_try(self) -> dict[str, Sequence[Value]]:
        """Of each question all answers that a band must consider, or two where no rule looks at it.

        There a score is a straight line of the answer's points, so that both ends of it lie at the lowest and
        the highest; so does the widest of the bands that are left, for how wide they are bends outwards only.
        """
        return dict(self._each_to_try())

    def _each_to_try(self) -> Iterator[tuple[str, Sequence[Value]]]:
        for area in self.reading.framework.plain_areas():
            governing = area.governing()
            for question in area.asked(self.reading.sheet.pathway):
                values = representative_answers(question, governing.get(question.key, ()))
                if question.key not in governing:
                    values = min(values, key=question.points), max(values, key=question.points)
                yield question.key, values


def _overall(reading: Reading) -> float:
    return reading.core.result.scores[OVERALL]


def _slope(now: float, slope: float, ends: Sequence[float]) -> Reach:
    """A score that moves by ``slope`` points for each point of the question, to both ends of its scale."""
    if math.isnan(now):
        return Reach(None, None, None, may_be_lost=False)
    lowest, highest = ends
    return Reach(now, now + slope * lowest, now + slope * highest, may_be_lost=False)


def _reach(now: float, then: Sequence[float]) -> Reach:
    scores = [score for score in then if not math.isnan(score)]
    has_score = not math.isnan(now)
    return Reach(
        now=now if has_score else None,
        low=min(scores, default=None),
        high=max(scores, default=None),
        may_be_lost=has_score and len(scores) < len(then),
    )


def _part(now: Ends | None, then: Sequence[Ends | None]) -> BandPart | None:
    if now is None:
        return None
    widest = max(_width(band) for band in then)
    # Sums of floats may miss each other in the last digit.
    return BandPart(points=max(0.0, _width(now) - widest), width=_width(now))


def _width(band: Ends | None) -> float:
    return band[1] - band[0] if band else 0.0
