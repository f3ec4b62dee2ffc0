"""Questions about oneself: which of them a consultation asks, of whom the city consists, what people say."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import (
    get_consultation_to_keep,
    get_own_question,
    get_question_about_oneself,
    lock_participant,
)
from tessera.apps.dialogue.actions.setting_up import check_not_closed
from tessera.apps.dialogue.actions.taking_part import CannotTakePart, NotNow
from tessera.apps.dialogue.lifecycle import Act, move
from tessera.apps.dialogue.models import Attribute, AttributeValue, Consultation, Declaration
from tessera.apps.dialogue.shipped_questions import shipped_questions
from tessera.apps.network.local_text import LocalText

MOST_QUESTIONS = 5
"""In one consultation: with each, people can be told apart better, and fewer answer."""
FEWEST_ANSWERS, MOST_ANSWERS = 2, 8
"""To one question: the more there are, the more groups are too small to be shown."""
OWN = "own"
"""How keys of questions begin that a consultation wrote itself."""


class TooManyQuestions(ValueError):
    """No more than `MOST_QUESTIONS` are asked."""


class WrongAnswers(ValueError):
    """A question has too few or too many answers, or one of them twice."""


class IncompletePopulation(ValueError):
    """Residents stand there with a source and a day, and for two answers or more; or not at all."""


class NotTakingPart(CannotTakePart):
    """Only who takes part already says something about themselves."""


class WrongDeclaration(ValueError):
    """What came is no answer to the questions that this consultation asks."""


# Staff


@transaction.atomic
def choose_questions(*, by: Person, consultation: Consultation, keys: Collection[str], at: datetime) -> None:
    """Say what people are asked about themselves: of the shipped questions, and of one's own that stand.

    What is not among the keys is not asked any more. Raises Http404 unless `by` keeps the consultation,
    MoveError unless it is being prepared, TooManyQuestions, and ValueError for a key of no question.
    """
    consultation = _lock_draft(by, consultation, at)
    if len(keys) > MOST_QUESTIONS:
        raise TooManyQuestions(f"{len(keys)} questions; at most {MOST_QUESTIONS} are asked.")
    standing = {attribute.key: attribute for attribute in consultation.attributes.all()}
    for key in keys:
        if key not in standing and key not in shipped_questions():
            raise ValueError(f"{key!r} is no question that comes with Tessera, or that stands there.")
    for key, attribute in standing.items():
        if key not in keys:
            attribute.delete()
    for key, shipped in shipped_questions().items():
        if key in keys and key not in standing:
            language = consultation.first_language
            attribute = Attribute.objects.create(
                consultation=consultation, key=key, question=shipped.worded(language)
            )
            _write_answers(attribute, shipped.worded_answers(language))


@transaction.atomic
def write_own_question(
    *,
    by: Person,
    consultation: Consultation,
    pk: int | None,
    question: LocalText,
    answers: Sequence[LocalText],
    at: datetime,
) -> Attribute:
    """Ask something that does not come with Tessera, or, with `pk`, put such a question otherwise.

    Residents that were stated for its answers stay only where the answers do, in the language in which they
    were written. Raises Http404 unless `by` keeps the consultation, MoveError unless it is being prepared,
    TooManyQuestions and WrongAnswers.
    """
    consultation = _lock_draft(by, consultation, at)
    _check_answers(answers)
    if pk is not None:
        attribute = get_own_question(consultation, pk)
        _rewrite(attribute, question, answers)
        return attribute
    keys = set(consultation.attributes.values_list("key", flat=True))
    if len(keys) >= MOST_QUESTIONS:
        raise TooManyQuestions(f"{len(keys)} questions are asked already.")
    free = (f"{OWN}-{number}" for number in range(1, MOST_QUESTIONS + 1))
    key = next(key for key in free if key not in keys)
    attribute = Attribute.objects.create(consultation=consultation, key=key, question=question)
    _write_answers(attribute, _numbered(answers))
    return attribute


@transaction.atomic
def state_population(
    *,
    by: Person,
    consultation: Consultation,
    pk: int,
    residents: Mapping[int, int],
    source: str,
    counted_on: date | None,
    at: datetime,
) -> None:
    """Say of how many residents each answer to the question `pk` is true, by the keys of the answers.

    An answer that the source does not count is left out. Without any, and without source and day, what was
    stated before is taken away. Raises Http404 unless `by` keeps the consultation and it asks the question,
    MoveError once it is closed, and IncompletePopulation.
    """
    consultation = get_consultation_to_keep(by, consultation.pk, timezone.localdate(at))
    check_not_closed(consultation)
    attribute = get_question_about_oneself(consultation, pk)
    _check_population(residents, source, counted_on)
    for value in attribute.values.all():
        if value.population != residents.get(value.pk):
            value.population = residents.get(value.pk)
            value.save(update_fields=["population"])
    attribute.population_source, attribute.population_on = source, counted_on
    attribute.save(update_fields=["population_source", "population_on"])


def _lock_draft(by: Person, consultation: Consultation, at: datetime) -> Consultation:
    """Whoever opens it at this moment waits. Raises MoveError unless it is being prepared."""
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    kept = get_consultation_to_keep(by, locked.pk, timezone.localdate(at))
    move(kept.state, Act.OPEN)
    return kept


def _check_answers(answers: Sequence[LocalText]) -> None:
    if not FEWEST_ANSWERS <= len(answers) <= MOST_ANSWERS:
        raise WrongAnswers(f"{len(answers)} answers; from {FEWEST_ANSWERS} to {MOST_ANSWERS} are offered.")
    for language in {code for answer in answers for code in answer.texts}:
        labels = [answer.texts[language] for answer in answers if answer.texts.get(language)]
        if len(set(labels)) < len(labels):
            raise WrongAnswers(f"Two answers are the same in {language!r}.")


def _check_population(residents: Mapping[int, int], source: str, counted_on: date | None) -> None:
    is_nothing = not residents and not source and counted_on is None
    # One group alone is compared with nothing, and nobody is a share of no residents.
    is_whole = len(residents) >= FEWEST_ANSWERS and sum(residents.values()) > 0
    if not is_nothing and not (is_whole and source and counted_on is not None):
        raise IncompletePopulation(f"{len(residents)} groups, source {source!r}, counted on {counted_on}.")


def _rewrite(attribute: Attribute, question: LocalText, answers: Sequence[LocalText]) -> None:
    attribute.question = question
    values = list(attribute.values.all())
    if [_as_written(value.label) for value in values] == [_as_written(answer) for answer in answers]:
        for value, answer in zip(values, answers, strict=True):
            value.label = answer
            value.save(update_fields=["label"])
    else:
        for value in values:
            value.delete()
        _write_answers(attribute, _numbered(answers))
        attribute.population_source, attribute.population_on = "", None
    attribute.save(update_fields=["question", "population_source", "population_on"])


def _as_written(label: LocalText) -> str:
    return label.texts[label.source]


def _numbered(answers: Sequence[LocalText]) -> dict[str, LocalText]:
    return {str(number): answer for number, answer in enumerate(answers, start=1)}


def _write_answers(attribute: Attribute, labels: Mapping[str, LocalText]) -> None:
    for key, label in labels.items():
        AttributeValue.objects.create(attribute=attribute, key=key, label=label)


# Participants


@transaction.atomic
def declare(*, consultation: Consultation, code: str, answers: Mapping[int, int | None], day: date) -> None:
    """Keep what somebody says about themselves: for each question that is asked, an answer or None.

    Whatever they said before is replaced. Raises NotTakingPart, NotNow and WrongDeclaration.
    """
    if consultation.phase_on(day) is None:
        raise NotNow(f"{consultation} is not open on {day}.")
    participant = lock_participant(consultation, code)
    if participant is None:
        raise NotTakingPart(f"Nobody takes part in {consultation} with this code.")
    offered = {
        attribute.pk: {value.pk for value in attribute.values.all()}
        for attribute in consultation.attributes.prefetch_related("values")
    }
    if set(answers) != set(offered):
        raise WrongDeclaration(f"Answers to {sorted(answers)}; {sorted(offered)} are asked.")
    said = {attribute: value for attribute, value in answers.items() if value is not None}
    for attribute, value in said.items():
        if value not in offered[attribute]:
            raise WrongDeclaration(f"{value} is no answer to question {attribute}.")
    participant.declarations.all().delete()
    Declaration.objects.bulk_create(
        Declaration(participant=participant, attribute_id=attribute, value_id=value)
        for attribute, value in said.items()
    )


@transaction.atomic
def take_back_declarations(*, consultation: Consultation, code: str) -> None:
    """Erase all that somebody said about themselves; as long as there is their code, even after the end.

    Raises NotTakingPart.
    """
    participant = lock_participant(consultation, code)
    if participant is None:
        raise NotTakingPart(f"Nobody takes part in {consultation} with this code.")
    participant.declarations.all().delete()
