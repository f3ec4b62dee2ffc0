"""What a city said the last time that it was reviewed, to be looked at again."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from tessera.apps.review.filled_area import lines_of
from tessera.apps.review.lifecycle import JUDGED
from tessera.apps.review.models import Answer, Review
from tessera.frameworks.load import find_framework
from tessera.frameworks.profile import QuestionState
from tessera.frameworks.schema import Change, Framework, Question
from tessera.frameworks.scores.movement import changes_since
from tessera.frameworks.scores.reading import read_answers


@dataclass(frozen=True)
class LastAnswer:
    review: Review
    question: Question
    """As it was asked then."""
    answer: Answer
    change: Change
    """What has become of the question since."""

    @property
    def year(self) -> int:
        return self.review.year

    def in_words(self, language: str) -> dict[str, object]:
        """As the pages about an answer show it."""
        text = self.review.framework.text(language).questions[self.question.key]
        said = lines_of(
            self.question,
            text,
            self.answer.given(),
            is_note_public=self.answer.is_note_public,
            language=language,
        )
        return {
            "year": self.year,
            "change": self.change.value,
            "is_comparable": self.change.comparable,
            "asked": text.text,
            "said": "\n".join(said),
        }


def previous_review(review: Review) -> Review | None:
    """The newest one before it that an expert has validated, of the same city and questionnaire.

    One that is being corrected speaks with the answers as they are corrected so far.
    """
    earlier = Review.objects.filter(
        Q(state__in=JUDGED) | Q(standing_publication__isnull=False),
        city=review.city,
        framework_id=review.framework_id,
        year__lt=review.year,
        version__lte=review.version,
    )
    return earlier.with_answers().order_by("-year").first()


def published_before(review: Review) -> Review | None:
    """The newest one before it that its city has published, of the same questionnaire in whatever version."""
    earlier = Review.objects.public().filter(
        city=review.city, framework_id=review.framework_id, year__lt=review.year
    )
    return earlier.select_related("standing_publication").order_by("-year").first()


def last_answers(review: Review, question: str) -> tuple[LastAnswer, ...]:
    """What counted then as an answer to a question, or to those which it comes from.

    One answer at most where the question is the same or merely reworded.
    """
    previous = previous_review(review)
    if previous is None:
        return ()
    states = read_answers(previous.framework, previous.sheet()).states
    kept = {answer.question: answer for answer in previous.answers.all()}
    change = changes_since(review.framework, previous.version)[question]
    return tuple(
        LastAnswer(previous, previous.framework.question(key), kept[key], change)
        for key in _origins(review.framework, question, previous.version)
        if states.get(key) in (QuestionState.ANSWERED, QuestionState.NOT_APPLICABLE)
    )


def _origins(framework: Framework, question: str, version: int) -> Iterator[str]:
    """The questions of an earlier version from which a question comes, over all versions between."""
    if framework.version == version:
        yield question
        return
    assert framework.changes is not None
    before = find_framework(framework.id, framework.version - 1)
    if framework.changes.new[question] is not Change.NEW:
        for origin in framework.changes.origin.get(question, (question,)):
            yield from _origins(before, origin, version)
