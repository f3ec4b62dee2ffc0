"""Where the experts who check a review agree, and where they differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import nan

import numpy as np

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


def read_agreement(review: Review) -> Agreement | None:
    """Over opinions on the answers as they stand. None unless two experts check the review."""
    experts = [expert.pk for expert in experts_who_count(review)]
    if len(experts) != 2:
        return None
    held = [
        (question, opinions)
        for question, opinions in _held(review, only_of_now=True)
        if all(expert in opinions for expert in experts)
    ]
    scores = np.array(
        [[_score(question, opinions[expert]) for question, opinions in held] for expert in experts]
    )
    return Agreement(
        answers=len(held),
        same=sum(len(set(opinions.values())) == 1 for _, opinions in held),
        without_score=int(np.isnan(scores).any(axis=0).sum()),
        alpha=_alpha(scores),
    )


def not_reconciled(review: Review) -> list[str]:
    """Questions on which two experts differ and hold no joint opinion, in the order of the questionnaire.

    Who was released, gave the review back or may not judge the city any more, holds nothing up.
    """
    joint = {held.question for held in held_together(review)}
    return [
        question.key
        for question, opinions in _held(review)
        if len(set(opinions.values())) > 1 and question.key not in joint
    ]


def held_together(review: Review) -> list[Reconciliation]:
    """Joint opinions that count: of two experts who take part, one of whom wrote it and the other agreed.

    Without those that say nothing of the answer that stands now.
    """
    taking_part = experts_who_count(review)
    revisions = dict(review.answers.values_list("question", "revision"))
    agreed = review.reconciliations.filter(written_by__in=taking_part, agreed_by__in=taking_part)
    return [joint for joint in agreed if joint.is_about(revisions.get(joint.question, 0))]


def _held(
    review: Review, *, only_of_now: bool = False
) -> Iterator[tuple[Question, Mapping[int, GivenAnswer]]]:
    """What each expert who takes part holds right, by the question.

    Without what was said of an earlier answer and says nothing of the one that stands now, and without
    questions that another answer rules out. Where `only_of_now`, without all that was said of an earlier one.
    """
    review = Review.objects.with_answers().get(pk=review.pk)
    answers = {answer.question: answer for answer in review.answers.all()}
    states = read_answers(review.framework, review.sheet()).states
    taking_part = experts_who_count(review)
    found: dict[str, dict[int, GivenAnswer]] = {}
    for opinion in Opinion.objects.filter(review=review, expert__in=taking_part):
        answer = answers.get(opinion.question)
        revision = answer.revision if answer else 0
        if opinion.answer_revision == revision or (opinion.is_about(revision) and not only_of_now):
            should_be = opinion.given(answer.given() if answer else GivenAnswer())
            # The reasons are each expert's own words.
            said = GivenAnswer(should_be.value, should_be.not_applicable)
            found.setdefault(opinion.question, {})[opinion.expert_id] = said
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
