"""An area as somebody fills it: its questions with their answers, and what a check of the area finds."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from tessera.apps.review.access import OpenArea
from tessera.apps.review.models import Answer, Review
from tessera.apps.review.progress import count_answered
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.profile import QuestionState
from tessera.frameworks.schema import Area, Question, QuestionText
from tessera.frameworks.scores.reading import Reading, read_answers
from tessera.frameworks.scoring import find_contradictions
from tessera.frameworks.words import rule_in_words
from tessera.reports.answer_words import answer_in_words, answer_or_state
from tessera.reports.wording import Wording


@dataclass(frozen=True)
class FilledQuestion:
    question: Question
    text: QuestionText
    state: QuestionState
    answer: Answer | None
    """As it is kept; None where nobody touched the question."""
    words: str
    """The answer, or why none counts."""
    when: str
    """What makes the question apply, as part of a sentence; empty where it always does."""
    lacks_evidence: bool
    """An answer counts without the evidence that is wished for."""

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def is_hidden(self) -> bool:
        return self.state is QuestionState.HIDDEN

    @property
    def is_missing(self) -> bool:
        return self.state is QuestionState.MISSING

    @property
    def given(self) -> GivenAnswer:
        return self.answer.given() if self.answer else GivenAnswer()

    @property
    def says_something(self) -> bool:
        return self.answer is not None and self.answer.says_something


@dataclass(frozen=True)
class FilledArea:
    place: OpenArea
    questions: tuple[FilledQuestion, ...]
    contradictions: tuple[str, ...]
    """In words: answers that do not fit together, of which at least one stands in this area."""

    def question(self, key: str) -> FilledQuestion:
        """Raises KeyError for a question that the area does not ask."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)

    def after(self, key: str) -> FilledQuestion | None:
        """The next question that is not hidden and whose answer can be changed."""
        keys = [question.key for question in self.questions]
        later = self.questions[keys.index(key) + 1 :]
        can_be_changed = (each for each in later if not each.is_hidden and self.place.may_answer(each.key))
        return next(can_be_changed, None)

    @property
    def count(self) -> tuple[int, int]:
        """As `progress.count_answered`."""
        return count_answered([question.state for question in self.questions])

    @property
    def unanswered(self) -> list[FilledQuestion]:
        return [question for question in self.questions if question.is_missing]

    @property
    def without_evidence(self) -> list[FilledQuestion]:
        return [question for question in self.questions if question.lacks_evidence]


def read_area(place: OpenArea, language: str) -> FilledArea:
    """The area with its answers as they are kept now."""
    review = Review.objects.with_answers().prefetch_related("answers__changed_by").get(pk=place.review.pk)
    reading = read_answers(review.framework, review.sheet())
    kept = {answer.question: answer for answer in review.answers.all()}
    words = Wording(language)
    return FilledArea(
        place=place,
        questions=tuple(
            read_question(reading, question, kept.get(question.key), words) for question in place.questions
        ),
        contradictions=tuple(_contradictions(reading, place.area, language)),
    )


def read_question(
    reading: Reading, question: Question, answer: Answer | None, words: Wording
) -> FilledQuestion:
    """One question of a review, whose answer is kept as `answer`."""
    framework = reading.framework
    text = framework.text(words.language).questions[question.key]
    state = reading.states[question.key]
    given = reading.sheet.answers.get(question.key, GivenAnswer())
    return FilledQuestion(
        question=question,
        text=text,
        state=state,
        answer=answer,
        words=answer_or_state(words, question, text, state, given),
        when=rule_in_words(framework, question.when, language=words.language) if question.when else "",
        lacks_evidence=question.evidence_wished and state is QuestionState.ANSWERED and not given.evidence,
    )


def _contradictions(reading: Reading, area: Area, language: str) -> Iterator[str]:
    sentences = reading.framework.text(language).constraints
    broken = find_contradictions(reading)
    here = {question.key for question in area.questions}
    for constraint in reading.framework.constraints:
        if constraint.key in broken and here & constraint.questions:
            yield sentences[constraint.key]


def lines_of(
    question: Question, text: QuestionText, given: GivenAnswer, *, is_note_public: bool, language: str
) -> list[str]:
    """All that an answer says, but for its evidence; nothing where it says nothing."""
    lines = []
    if given.not_applicable:
        lines.append(gettext("Does not apply: %(reason)s") % {"reason": given.reason})
    elif given.value is not None:
        lines.append(answer_in_words(Wording(language), question, text, given.value))
    if given.note and is_note_public:
        lines.append(gettext("Note, which may be published: %(note)s") % {"note": given.note})
    elif given.note:
        lines.append(gettext("Note, for the city and its experts: %(note)s") % {"note": given.note})
    return lines
