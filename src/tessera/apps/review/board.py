"""A review as an expert has it before them: every answer with what was said to it, area by area."""

from collections.abc import Sequence
from dataclasses import dataclass

from tessera.apps.accounts.models import Person
from tessera.apps.review.access import questions_open
from tessera.apps.review.agreement import Agreement, Standing, read_standing
from tessera.apps.review.checking import CheckedArea, CheckedReview, Contradiction, check_review
from tessera.apps.review.filled_area import FilledQuestion, read_question
from tessera.apps.review.models import Opinion, Query, Review, Verification
from tessera.apps.review.progress import progress_of
from tessera.frameworks.scores.reading import read_answers
from tessera.reports.wording import Wording


@dataclass(frozen=True)
class JudgedAnswer:
    """An answer with what stands beside it, as far as one expert sees it."""

    filled: FilledQuestion
    opinion: Opinion | None
    """The expert's own."""
    query: Query | None
    """That is not settled."""
    is_apart: bool
    """The experts differ on it, and do not hold a joint opinion."""
    awaits_agreement: bool
    """The other expert has proposed a joint opinion, and this one has not agreed."""

    @property
    def key(self) -> str:
        return self.filled.key

    @property
    def revision(self) -> int:
        return self.filled.answer.revision if self.filled.answer else 0

    @property
    def was_changed(self) -> bool:
        """Since the expert gave an opinion."""
        return self.opinion is not None and self.opinion.answer_revision != self.revision

    @property
    def awaits_opinion(self) -> bool:
        """The expert has given none on the answer as it is; a question that is not asked needs none."""
        return not self.filled.is_hidden and (self.opinion is None or self.was_changed)


def read_answers_to_judge(expert: Person, review: Review, language: str) -> tuple[JudgedAnswer, ...]:
    """In the order of the questionnaire, with who changed each."""
    review = Review.objects.with_answers().prefetch_related("answers__changed_by").get(pk=review.pk)
    return _answers_to_judge(expert, review, language, read_standing(review))


def _answers_to_judge(
    expert: Person, review: Review, language: str, standing: Standing
) -> tuple[JudgedAnswer, ...]:
    reading, words = read_answers(review.framework, review.sheet()), Wording(language)
    kept = {answer.question: answer for answer in review.answers.all()}
    own = {opinion.question: opinion for opinion in review.opinions.filter(expert=expert)}
    queries = {query.question: query for query in Query.objects.unsettled().filter(review=review)}
    apart = set(standing.apart)
    proposed = set(
        review.reconciliations.filter(agreed_by=None)
        .exclude(written_by=expert)
        .values_list("question", flat=True)
    )
    return tuple(
        JudgedAnswer(
            filled=read_question(reading, question, kept.get(question.key), words),
            opinion=own.get(question.key),
            query=queries.get(question.key),
            is_apart=question.key in apart,
            awaits_agreement=question.key in apart and question.key in proposed,
        )
        for question in review.framework.questions(review.sheet_pathway)
    )


def next_to_judge(answers: Sequence[JudgedAnswer], after: str = "") -> JudgedAnswer | None:
    """The next one that awaits an opinion; behind the last one the first comes again."""
    keys = [answer.key for answer in answers]
    start = keys.index(after) + 1 if after else 0
    return next((each for each in (*answers[start:], *answers[:start]) if each.awaits_opinion), None)


@dataclass(frozen=True)
class BoardArea:
    checked: CheckedArea
    answers: tuple[JudgedAnswer, ...]
    verification: Verification | None
    is_open: bool
    """The city can change an answer of it now."""
    shown: str
    """The mark of its answers as they are here."""
    contradictions: tuple[Contradiction, ...]

    @property
    def key(self) -> str:
        return self.checked.key

    @property
    def asked(self) -> int:
        return sum(not answer.filled.is_hidden for answer in self.answers)

    @property
    def awaiting(self) -> int:
        """Answers without the expert's opinion on them as they are."""
        return sum(answer.awaits_opinion for answer in self.answers)

    @property
    def judged(self) -> int:
        return self.asked - self.awaiting

    @property
    def queries(self) -> int:
        return sum(answer.query is not None for answer in self.answers)

    @property
    def changed(self) -> int:
        return sum(answer.was_changed for answer in self.answers)

    @property
    def apart(self) -> int:
        return sum(answer.is_apart for answer in self.answers)

    @property
    def without_evidence(self) -> int:
        return sum(answer.filled.lacks_evidence for answer in self.answers)

    @property
    def flags(self) -> int:
        return len(self.contradictions) + self.without_evidence + self.changed + self.apart


@dataclass(frozen=True)
class Board:
    checked: CheckedReview
    areas: tuple[BoardArea, ...]
    agreement: Agreement | None

    @property
    def answers(self) -> tuple[JudgedAnswer, ...]:
        return tuple(answer for area in self.areas for answer in area.answers)

    @property
    def queries(self) -> int:
        return sum(area.queries for area in self.areas)

    @property
    def verified(self) -> int:
        return sum(area.verification is not None for area in self.areas)

    @property
    def judged(self) -> int:
        return sum(area.judged for area in self.areas)

    @property
    def asked(self) -> int:
        return sum(area.asked for area in self.areas)


def read_board(expert: Person, review: Review, language: str) -> Board:
    """In the same number of queries however many areas and answers."""
    checked = check_review(progress_of(review), language)
    review = checked.progress.review
    standing = read_standing(review)
    answers = _answers_to_judge(expert, review, language, standing)
    counting = review.verifications.filter(expert__in=standing.experts).select_related("expert")
    verified = {each.area: each for each in counting}
    opened = questions_open(review)
    return Board(
        checked=checked,
        areas=tuple(_area(area, answers, verified.get(area.key), opened, checked) for area in checked.areas),
        agreement=standing.agreement,
    )


def _area(
    area: CheckedArea,
    answers: Sequence[JudgedAnswer],
    verification: Verification | None,
    opened: frozenset[str],
    checked: CheckedReview,
) -> BoardArea:
    here = {answer.filled.key for answer in area.answers}
    return BoardArea(
        checked=area,
        answers=tuple(answer for answer in answers if answer.key in here),
        verification=verification,
        is_open=bool(opened & here),
        shown=checked.progress.review.area_hash(area.key),
        contradictions=tuple(
            each for each in checked.contradictions if here & {question.key for question in each.questions}
        ),
    )
