"""Where the experts who check a review agree, and where they differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from tessera.apps.accounts.models import Person
from tessera.apps.review.access.checking import experts_who_count
from tessera.apps.review.models import Opinion, Reconciliation, Review
from tessera.engines.index.agreement import Level, krippendorff_alpha
from tessera.engines.index.errors import NotComputable
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.profile import QuestionState
from tessera.frameworks.schema import Question
from tessera.frameworks.scores.reading import read_answers


@dataclass(frozen=True)
class Agreement:
    """Of two experts, over the answers on which both have given an opinion."""

    answers: int
    same: int
    """Of them, on how many both hold the very same answer right."""
    without_score: int
    """Of them, on how many one holds that the question does not apply, or that there is no answer."""
    alpha: float | None
    """Krippendorff's, over the scores of the answers that they hold right; None where none can be found."""

    @property
    def scored(self) -> int:
        return self.answers - self.without_score


@dataclass(frozen=True)
class Standing:
    """What the experts who take part in a review hold of its answers, read at once."""

    experts: tuple[Person, ...]
    held: tuple[tuple[Question, Mapping[int, "Held"]], ...]
    """By the question, in the order of the questionnaire, and by the key of the expert."""
    joint: tuple[Reconciliation, ...]
    """As `held_together`."""

    @property
    def agreement(self) -> Agreement | None:
        """Over opinions on the answers as they stand. None unless two experts check the review."""
        if len(self.experts) != 2:
            return None
        keys = [expert.pk for expert in self.experts]
        both = [
            (question, [opinions[key].answer for key in keys])
            for question, opinions in self.held
            if all(key in opinions and opinions[key].is_of_now for key in keys)
        ]
        scores = np.array(
            [[_score(question, answers[place]) for question, answers in both] for place in range(len(keys))]
        )
        return Agreement(
            answers=len(both),
            same=sum(len(set(answers)) == 1 for _, answers in both),
            without_score=int(np.isnan(scores).any(axis=0).sum()),
            alpha=_alpha(scores),
        )

    @property
    def apart(self) -> list[str]:
        """Questions on which two experts differ and hold no joint opinion, in the order of the questionnaire.

        Who was released, gave the review back or may not judge the city any more, holds nothing up.
        """
        joint = {held.question for held in self.joint}
        return [
            question.key
            for question, opinions in self.held
            if len({held.answer for held in opinions.values()}) > 1 and question.key not in joint
        ]


@dataclass(frozen=True)
class Held:
    """The answer that one expert holds right."""

    answer: GivenAnswer
    is_of_now: bool
    """Said of the city's answer as it stands, and not of an earlier one."""


def read_standing(review: Review) -> Standing:
    """Of a review of `with_answers`."""
    experts = tuple(experts_who_count(review))
    return Standing(experts, tuple(_held(review, experts)), tuple(_held_together(review, experts)))


def read_agreement(review: Review) -> Agreement | None:
    return read_standing(Review.objects.with_answers().get(pk=review.pk)).agreement


def not_reconciled(review: Review) -> list[str]:
    return read_standing(Review.objects.with_answers().get(pk=review.pk)).apart


def held_together(review: Review) -> list[Reconciliation]:
    """Joint opinions that count: of two experts who take part, one of whom wrote it and the other agreed.

    Without those that say nothing of the answer that stands now.
    """
    return _held_together(review, experts_who_count(review))


def _held_together(review: Review, experts: Sequence[Person]) -> list[Reconciliation]:
    revisions = {answer.question: answer.revision for answer in review.answers.all()}
    agreed = review.reconciliations.filter(written_by__in=experts, agreed_by__in=experts)
    return [joint for joint in agreed if joint.is_about(revisions.get(joint.question, 0))]


def _held(review: Review, experts: Sequence[Person]) -> Iterator[tuple[Question, Mapping[int, Held]]]:
    """What each expert who takes part holds right, by the question.

    Without what was said of an earlier answer and says nothing of the one that stands now, and without
    questions that another answer rules out.
    """
    answers = {answer.question: answer for answer in review.answers.all()}
    states = read_answers(review.framework, review.sheet()).states
    found: dict[str, dict[int, Held]] = {}
    for opinion in Opinion.objects.filter(review=review, expert__in=experts):
        answer = answers.get(opinion.question)
        revision = answer.revision if answer else 0
        if opinion.is_about(revision):
            should_be = opinion.given(answer.given() if answer else GivenAnswer())
            # The reasons are each expert's own words.
            said = GivenAnswer(should_be.value, should_be.not_applicable)
            held = Held(said, is_of_now=opinion.answer_revision == revision)
            found.setdefault(opinion.question, {})[opinion.expert_id] = held
    for question in review.framework.questions(review.sheet_pathway):
        if question.key in found and states[question.key] is not QuestionState.HIDDEN:
            yield question, found[question.key]


def _score(question: Question, held: GivenAnswer) -> float:
    return nan if held.value is None else float(question.score(held.value))


def _alpha(scores: np.ndarray) -> float | None:
    try:
        return krippendorff_alpha(scores, Level.INTERVAL)
    except NotComputable:
        return None
