"""What the scores of a review hang on: missing answers, answers to check first, and what moved since."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.review.board import JudgedAnswer, read_answers_to_judge
from tessera.apps.review.last_answers import published_before
from tessera.apps.review.models import Review
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.errors import NotComparable
from tessera.frameworks.profile import AreaProfile, AreaState, Profile, Score
from tessera.frameworks.schema import Framework
from tessera.frameworks.scores.leverage import Leverage, read_leverage, read_leverages
from tessera.frameworks.scores.movement import changes_since
from tessera.frameworks.scores.reading import CORE, read_answers
from tessera.frameworks.scoring import score_sheet
from tessera.reports.parts import ReviewReport
from tessera.reports.review import build_review_report

# A sum of floats may miss another in the last digits: what moves the scores alike must not change places.
SAME_DIGITS = 9


class Reason(models.TextChoices):
    """Why an answer should be checked."""

    UNJUDGED = "unjudged", _("no opinion yet")
    CHANGED = "changed", _("changed since your opinion")
    APART = "apart", _("the experts differ")
    CONTRADICTION = "contradiction", _("contradicts another answer")
    NO_EVIDENCE = "no-evidence", _("no evidence")


@dataclass(frozen=True)
class WeighedAnswer:
    """An answer, or a missing one, with what hangs on it."""

    answer: JudgedAnswer
    leverage: Leverage
    reasons: tuple[Reason, ...]

    @property
    def key(self) -> str:
        return self.answer.key

    @property
    def area(self) -> str:
        return self.answer.filled.question.area


@dataclass(frozen=True)
class OpenBand:
    """A score that missing answers leave open."""

    area: AreaProfile | None
    """None for the whole."""
    score: Score
    missing: int


@dataclass(frozen=True)
class Analysis:
    report: ReviewReport
    """Of the answers as they are; what moved is in it, unless nothing can be compared."""
    bands: tuple[OpenBand, ...]
    """The whole, then the areas in the order of the questionnaire; none without a missing answer."""
    missing: tuple[WeighedAnswer, ...]
    """Without optional areas that the city left out; first those on which most of the overall band rests."""
    to_check: tuple[WeighedAnswer, ...]
    """Answers with at least one reason; first those that could move the overall score farthest."""
    previous: Review | None
    """The last one that the city published."""
    is_comparable: bool
    """What moved since then can be said."""


def analyse_review(expert: Person, review: Review, language: str) -> Analysis:
    """In the same number of queries however many areas and answers."""
    review = Review.objects.with_answers().get(pk=review.pk)
    framework = review.framework
    sheet = replace(review.sheet(), city=review.city.name.in_language(language))
    previous = published_before(review)
    earlier = _comparable(framework, previous)
    profile = score_sheet(framework, sheet, previous=earlier)
    weighed = list(_weigh(expert, review, sheet, profile, language))
    missing = [each for each in weighed if each.answer.filled.is_missing and not _is_left_out(each, profile)]
    to_check = [each for each in weighed if each.reasons and not each.answer.filled.is_missing]
    return Analysis(
        report=build_review_report(
            framework, sheet, profile, language=language, previous_sheet=earlier[1] if earlier else None
        ),
        bands=tuple(_bands(framework, profile, missing)),
        # Sorting is stable: equal ones stay in the order of the questionnaire.
        missing=tuple(sorted(missing, key=_by_band, reverse=True)),
        to_check=tuple(sorted(to_check, key=_by_reach, reverse=True)),
        previous=previous,
        is_comparable=earlier is not None,
    )


def leverage_of(review: Review, question: str) -> Leverage | None:
    """What hangs on the answer to one question; None where it is not asked at present."""
    review = Review.objects.with_answers().get(pk=review.pk)
    return read_leverage(read_answers(review.framework, review.sheet()), question)


def _comparable(framework: Framework, previous: Review | None) -> tuple[Framework, AnswerSheet] | None:
    """The earlier review as it was published, if the two can be held against each other."""
    if previous is None:
        return None
    try:
        changes_since(framework, previous.version)
    except NotComparable:
        return None
    return previous.framework, previous.publication.sheet


def _weigh(
    expert: Person, review: Review, sheet: AnswerSheet, profile: Profile, language: str
) -> Iterator[WeighedAnswer]:
    """In the order of the questionnaire, without what is not asked at present."""
    framework = review.framework
    leverages = {each.question: each for each in read_leverages(read_answers(framework, sheet))}
    contradicting = {
        question
        for constraint in framework.constraints
        if constraint.key in profile.contradictions
        for question in constraint.questions
    }
    for answer in read_answers_to_judge(expert, review, language):
        if answer.key in leverages:
            reasons = tuple(_reasons(answer, contradicts=answer.key in contradicting))
            yield WeighedAnswer(answer, leverages[answer.key], reasons)


def _reasons(answer: JudgedAnswer, *, contradicts: bool) -> Iterator[Reason]:
    if answer.opinion is None:
        yield Reason.UNJUDGED
    elif answer.was_changed:
        yield Reason.CHANGED
    if answer.is_apart:
        yield Reason.APART
    if contradicts:
        yield Reason.CONTRADICTION
    if answer.filled.lacks_evidence:
        yield Reason.NO_EVIDENCE


def _is_left_out(weighed: WeighedAnswer, profile: Profile) -> bool:
    """In an optional area without a single answer, which lowers no score."""
    return profile.area(weighed.area).state is AreaState.NOT_FILLED


def _bands(framework: Framework, profile: Profile, missing: Sequence[WeighedAnswer]) -> Iterator[OpenBand]:
    in_area = Counter(each.area for each in missing)
    core = [plain.key for area in framework.areas if not area.optional for plain in area.plain_areas()]
    if in_core := sum(in_area[key] for key in core):
        yield OpenBand(None, profile.overall[CORE], in_core)
    for area in profile.areas:
        if in_area[area.key]:
            yield OpenBand(area, area.score, in_area[area.key])


def _by_band(weighed: WeighedAnswer) -> tuple[float, float]:
    parts = weighed.leverage.overall_band, weighed.leverage.area_band
    overall, area = (round(part.points, SAME_DIGITS) if part else 0.0 for part in parts)
    return overall, area


def _by_reach(weighed: WeighedAnswer) -> tuple[float, float]:
    reaches = weighed.leverage.overall.points, weighed.leverage.area.points
    overall, area = (round(points or 0.0, SAME_DIGITS) for points in reaches)
    return overall, area
