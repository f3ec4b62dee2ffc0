"""How far a review has come, in each of its areas: counts and states, never an answer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from tessera.apps.accounts.models import Person
from tessera.apps.review.access import areas_asked
from tessera.apps.review.models import Answer, Assignment, Review, ReviewQuerySet, read_value
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.profile import QuestionState
from tessera.frameworks.schema import Area
from tessera.frameworks.scores.reading import read_answers


class AreaState(models.TextChoices):
    UNTOUCHED = "untouched", _("nobody has looked")
    STARTED = "started", _("begun")
    ANSWERED = "answered", _("every question answered")
    DONE = "done", _("complete")

    @property
    def color(self) -> str:
        """Of the tag that shows it."""
        return _COLORS[self]


_COLORS = {
    AreaState.UNTOUCHED: "neutral",
    AreaState.STARTED: "info",
    AreaState.ANSWERED: "accent",
    AreaState.DONE: "success",
}


@dataclass(frozen=True)
class AreaProgress:
    area: Area
    state: AreaState
    answered: int
    """Questions with an answer, *does not apply* included."""
    asked: int
    """Questions that apply, or may apply, as far as the answers tell."""
    assignment: Assignment | None
    """The newest one that was not withdrawn; its last day may have passed."""
    done_by: Person | None
    done_at: datetime | None

    @property
    def missing(self) -> int:
        return self.asked - self.answered


@dataclass(frozen=True)
class ReviewProgress:
    review: Review
    areas: tuple[AreaProgress, ...]

    @property
    def answered(self) -> int:
        return sum(area.answered for area in self.areas)

    @property
    def asked(self) -> int:
        return sum(area.asked for area in self.areas)

    @property
    def done(self) -> int:
        """Areas that somebody marked as complete."""
        return sum(area.state is AreaState.DONE for area in self.areas)

    def area(self, key: str) -> AreaProgress:
        """Raises KeyError for an area that the review does not ask."""
        for area in self.areas:
            if area.area.key == key:
                return area
        raise KeyError(key)


def read_progress(reviews: ReviewQuerySet) -> list[ReviewProgress]:
    """The progress of each review, in the same number of queries however many.

    Their answers are counted and forgotten: in a cycle of a hundred cities there are thousands.
    """
    answers: dict[int, dict[str, GivenAnswer]] = defaultdict(dict)
    said = ("value", "not_applicable", "reason")
    for review, question, value, not_applicable, reason in Answer.objects.filter(
        review__in=reviews.order_by().values("pk")
    ).values_list("review", "question", *said):
        answers[review][question] = GivenAnswer(read_value(value), not_applicable, reason)
    found = _with_work(reviews.select_related("city"))
    return [_read(review, review.sheet_of(answers[review.pk])) for review in found]


def progress_of(review: Review) -> ReviewProgress:
    """That of one review, which has its answers with it."""
    found = _with_work(Review.objects.with_answers()).get(pk=review.pk)
    return _read(found, found.sheet())


def _with_work(reviews: ReviewQuerySet) -> ReviewQuerySet:
    with_cycle = reviews.select_related("cycle")
    return with_cycle.prefetch_related("area_works__done_by", "assignments__person")


def _read(review: Review, sheet: AnswerSheet) -> ReviewProgress:
    states = read_answers(review.framework, sheet).states
    works = {work.area: work for work in review.area_works.all()}
    assigned = {given.area: given for given in review.assignments.all() if not given.withdrawn_at}
    found = []
    for area in areas_asked(review):
        work = works.get(area.key)
        in_area = [states[question.key] for question in area.asked(review.sheet_pathway)]
        answered, asked = count_answered(in_area)
        found.append(
            AreaProgress(
                area=area,
                state=_state(
                    work is not None, work is not None and work.done_at is not None, answered, asked
                ),
                answered=answered,
                asked=asked,
                assignment=assigned.get(area.key),
                done_by=work.done_by if work else None,
                done_at=work.done_at if work else None,
            )
        )
    return ReviewProgress(review, tuple(found))


def count_answered(states: Sequence[QuestionState]) -> tuple[int, int]:
    """How many questions have an answer, and how many apply or may apply."""
    answered = sum(state in (QuestionState.ANSWERED, QuestionState.NOT_APPLICABLE) for state in states)
    return answered, sum(state is not QuestionState.HIDDEN for state in states)


def _state(is_opened: bool, is_done: bool, answered: int, asked: int) -> AreaState:
    if is_done:
        return AreaState.DONE
    if answered == asked:
        return AreaState.ANSWERED
    return AreaState.STARTED if is_opened or answered else AreaState.UNTOUCHED
