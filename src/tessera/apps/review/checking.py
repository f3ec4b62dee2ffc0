"""A review as its city reads it before signing: every answer in words, and what to look at once more."""

from collections import defaultdict
from dataclasses import dataclass, replace

from tessera.apps.review.filled_area import FilledQuestion, read_question
from tessera.apps.review.models import Evidence, Review
from tessera.apps.review.progress import AreaProgress, ReviewProgress
from tessera.frameworks.profile import AreaState
from tessera.frameworks.scores.reading import CORE, read_answers
from tessera.frameworks.scoring import score_sheet
from tessera.reports.answer_words import answer_in_words
from tessera.reports.parts import ReviewReport, ScoreText
from tessera.reports.review import build_review_report
from tessera.reports.wording import Wording


@dataclass(frozen=True)
class CheckedAnswer:
    filled: FilledQuestion
    kept: str
    """In words, the answer that is kept while a rule hides the question; empty for none."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class CheckedArea:
    progress: AreaProgress
    title: str
    score: ScoreText
    is_left_out: bool
    """Optional, and without a single answer: that lowers no score."""
    answers: tuple[CheckedAnswer, ...]

    @property
    def key(self) -> str:
        return self.progress.area.key


@dataclass(frozen=True)
class Contradiction:
    text: str
    questions: tuple[FilledQuestion, ...]
    """Those whose answers contradict each other."""


@dataclass(frozen=True)
class CheckedReview:
    progress: ReviewProgress
    report: ReviewReport
    """Of the answers as they are, compared with nothing."""
    coverage: float
    """Share 0 to 1 of the weight of what every city answers."""
    areas: tuple[CheckedArea, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def filled(self) -> list[CheckedArea]:
        """The areas that the city did not leave out."""
        return [area for area in self.areas if not area.is_left_out]

    @property
    def left_out(self) -> int:
        return len(self.areas) - len(self.filled)

    @property
    def missing(self) -> int:
        """Questions without an answer, outside the areas that are left out: these lower the coverage."""
        return sum(area.progress.missing for area in self.filled)

    @property
    def not_done(self) -> int:
        """Areas that nobody marked as complete, of those that are filled."""
        return sum(area.progress.done_at is None for area in self.filled)

    @property
    def without_evidence(self) -> int:
        return sum(answer.filled.lacks_evidence for area in self.areas for answer in area.answers)

    @property
    def kept(self) -> int:
        """Answers that are kept and do not count, because another answer rules the question out."""
        return sum(bool(answer.kept) for area in self.areas for answer in area.answers)

    @property
    def is_whole(self) -> bool:
        """Nothing is left to look at once more."""
        open_points = (
            self.missing,
            self.left_out,
            self.contradictions,
            self.without_evidence,
            self.kept,
            self.not_done,
        )
        return not any(open_points)


def check_review(progress: ReviewProgress, language: str) -> CheckedReview:
    """Put the answers of a review into words, with the scores that they give as they are.

    The class and the earlier review are left out: what other cities have not published must not show through.
    """
    review, framework, words = progress.review, progress.review.framework, Wording(language)
    sheet = replace(review.sheet(), city=review.city.name.in_language(language))
    profile = score_sheet(framework, sheet)
    report = build_review_report(framework, sheet, profile, language=language)
    reading = read_answers(framework, sheet)
    kept = {answer.question: answer for answer in review.answers.all()}
    filled = {
        question.key: read_question(reading, question, kept.get(question.key), words)
        for question in framework.questions(review.sheet_pathway)
    }
    evidence = _evidence_by_question(review)
    details = [detail for detail in report.details.areas if detail.questions]
    sentences = framework.text(language).constraints
    return CheckedReview(
        progress=progress,
        report=report,
        coverage=profile.overall[CORE].coverage or 0.0,
        areas=tuple(
            CheckedArea(
                progress=area,
                title=detail.title,
                score=detail.score,
                is_left_out=profile.area(area.area.key).state is AreaState.NOT_FILLED,
                answers=tuple(
                    CheckedAnswer(
                        filled[question.key],
                        _kept_in_words(filled[question.key], words),
                        tuple(evidence[question.key]),
                    )
                    for question in detail.questions
                ),
            )
            for area, detail in zip(progress.areas, details, strict=True)
        ),
        contradictions=tuple(
            Contradiction(
                sentences[constraint.key],
                tuple(question for key, question in filled.items() if key in constraint.questions),
            )
            for constraint in framework.constraints
            if constraint.key in profile.contradictions
        ),
    )


def read_answer_to(review: Review, question: str, language: str) -> CheckedAnswer:
    """One answer of a review, as `check_review` reads all of them."""
    review = Review.objects.with_answers().prefetch_related("answers__changed_by").get(pk=review.pk)
    words, asked = Wording(language), review.framework.question(question)
    kept = {answer.question: answer for answer in review.answers.all()}
    filled = read_question(read_answers(review.framework, review.sheet()), asked, kept.get(question), words)
    return CheckedAnswer(
        filled, _kept_in_words(filled, words), tuple(_evidence_by_question(review)[question])
    )


def _kept_in_words(question: FilledQuestion, words: Wording) -> str:
    if not question.is_hidden:
        return ""
    if question.given.not_applicable:
        return words.gettext("Does not apply")
    value = question.given.value
    return "" if value is None else answer_in_words(words, question.question, question.text, value)


def _evidence_by_question(review: Review) -> defaultdict[str, list[Evidence]]:
    found: defaultdict[str, list[Evidence]] = defaultdict(list)
    for piece in review.evidence.all():
        for use in piece.uses.all():
            found[use.question].append(piece)
    return found
