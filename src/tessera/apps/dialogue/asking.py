"""What a participant is asked next, and what they have answered so far."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.db.models import Prefetch, prefetch_related_objects

from tessera.apps.dialogue.landscapes import read_priorities
from tessera.apps.dialogue.languages import Language, find_language
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import (
    Choice,
    Consultation,
    Participant,
    Statement,
    StatementQuerySet,
    Translation,
    Vote,
)
from tessera.apps.dialogue.similar import find_similar
from tessera.engines.opinion.priority import draw_next


@dataclass(frozen=True)
class Original:
    """A statement as it was written."""

    text: str
    language: Language


@dataclass(frozen=True)
class Worded:
    """A statement in the words in which it is shown."""

    pk: int
    text: str
    language: Language
    """Of these words: where nobody has put it into the reader's, it stands as it was written."""
    is_original: bool
    own: Choice | None = None
    """What the reader thinks of it; None where they have not said."""
    by_machine_from: Original | None = None
    """What a machine put into these words, and no person has read; None for any other words."""


@dataclass(frozen=True)
class Progress:
    """How much of what is shown somebody has answered."""

    answered: int
    unanswered: list[int]
    """The keys of the other statements."""

    @property
    def total(self) -> int:
        return self.answered + len(self.unanswered)

    @property
    def is_done(self) -> bool:
        return not self.unanswered


def word_statement(statement: Statement, language: str, own: Choice | None = None) -> Worded:
    """In the language that is asked for, or else as it was written.

    An outdated translation is not shown: it says something else than people vote on.
    A machine's is shown, and the reader is told: so they can read it at all.
    """
    original = Original(statement.text, find_language(statement.language))
    if statement.language != language:
        for translation in statement.translations.all():
            if translation.language == language and translation.source_digest == statement.digest:
                by_machine_from = original if translation.machine else None
                return Worded(
                    statement.pk, translation.text, find_language(language), False, own, by_machine_from
                )
    return Worded(statement.pk, original.text, original.language, True, own)


def read_progress(consultation: Consultation, participant: Participant | None) -> Progress:
    about = [None if participant is None else participant.pk, consultation.pk, StatementState.SHOWN.value]
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, about)
        found = cursor.fetchall()
    unanswered = [key for key, is_answered in found if not is_answered]
    return Progress(len(found) - len(unanswered), unanswered)


# With every vote this is asked, and writing it anew each time takes longer than answering it.
_PROGRESS = f"""
SELECT shown.id, EXISTS (
    SELECT 1 FROM {Vote._meta.db_table} own WHERE own.participant_id = %s AND own.statement_id = shown.id
)
FROM {Statement._meta.db_table} shown
WHERE shown.consultation_id = %s AND shown.state = %s
ORDER BY shown.id
"""


def draw_statements(
    consultation: Consultation,
    progress: Progress,
    language: str,
    *,
    most: int,
    after: Iterable[int],
    rng: np.random.Generator,
) -> list[Worded]:
    """Statements that a participant has not answered, in an order that is drawn anew each time.

    Those that they put off just now, `after`, come only when no other is left, the one that waited longest
    first. The last landscape says which are wanted more; until there is one, all have the same chance.
    """
    keys = progress.unanswered
    put_off = list(dict.fromkeys(after))
    available = ~np.isin(keys, put_off)
    drawn: list[int] = []
    wanted = read_priorities(consultation) if most and available.any() else {}
    priority = np.array([wanted.get(key, np.nan) for key in keys])
    while len(drawn) < most and (place := draw_next(priority, available, rng)) is not None:
        available[place] = False
        drawn.append(keys[place])
    drawn.extend(key for key in put_off if key in keys)
    return word_statements(consultation, drawn[:most], language)


def word_statements(consultation: Consultation, keys: list[int], language: str) -> list[Worded]:
    """Shown statements in the order of their keys."""
    shown = Statement.objects.shown().filter(consultation=consultation)
    found = shown.only("text", "language").in_bulk(keys)
    _read_translations(found.values(), language)
    return [word_statement(found[key], language) for key in keys if key in found]


def read_own(participant: Participant | None, statement: Statement, language: str) -> Worded:
    """A statement, with what the reader thinks of it."""
    own = Vote.objects.filter(participant=participant, statement=statement).values_list("value", flat=True)
    value = own.first() if participant is not None else None
    return word_statement(statement, language, None if value is None else Choice(value))


def own_answers(participant: Participant, language: str) -> list[Worded]:
    """What a participant thinks of the statements that are shown, in the order in which they were written."""
    votes = dict(participant.votes.values_list("statement", "value"))
    statements = list(participant.consultation.statements.shown().filter(pk__in=votes))
    _read_translations(statements, language)
    return [word_statement(each, language, Choice(votes[each.pk])) for each in statements]


def find_similar_statements(consultation: Consultation, text: str, language: str) -> list[Worded]:
    """Shown statements that say nearly the same as somebody writes, in their own words or in the language."""
    return _find_similar(Statement.objects.shown(), consultation, text, language)


def find_others_like(statement: Statement, language: str) -> list[Worded]:
    """Other shown statements that say nearly the same, in their own words or in the language."""
    others = Statement.objects.shown().exclude(pk=statement.pk)
    return _find_similar(others, statement.consultation, statement.text, language)


def _find_similar(
    among: StatementQuerySet, consultation: Consultation, text: str, language: str
) -> list[Worded]:
    shown = among.filter(consultation=consultation)
    translations = Translation.objects.filter(statement__in=shown, language=language)
    known = [*shown.values_list("pk", "text"), *translations.values_list("statement", "text")]
    return word_statements(consultation, find_similar(text, known), language)


def _read_translations(statements: Iterable[Statement], language: str) -> None:
    """Of those that were not written in the language: nothing is asked where all of them were."""
    foreign = [statement for statement in statements if statement.language != language]
    translations = Translation.objects.filter(language=language)
    prefetch_related_objects(foreign, Prefetch("translations", queryset=translations))
