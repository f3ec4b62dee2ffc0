"""A participant takes everything back: nothing says any more that they were here."""

import pytest
from auditlog.models import LogEntry
from django.db import connection
from tests.apps.dialogue.summed_up import decide, hold_and_end, publish, said_by_people, write
from tests.builders import make_city
from tests.dialogues import DAY, OPENED_AT, make_consultation, make_entrance, speak, vote
from tests.people import make_officer

from tessera.apps.accounts.models import token_hash
from tessera.apps.dialogue.access import find_participant
from tessera.apps.dialogue.actions.moderation import accept_statement
from tessera.apps.dialogue.actions.taking_part import report_statement, withdraw_everything
from tessera.apps.dialogue.models import (
    Choice,
    HidingReason,
    Moderation,
    Participant,
    Report,
    Statement,
    Vote,
)

pytestmark = pytest.mark.django_db


def every_value():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from map(str, row)


def test_votes_statements_reports_and_the_code_are_gone_and_those_of_others_are_not():
    consultation = make_consultation(make_city())
    seeds = list(consultation.statements.all())
    me, other = make_entrance(), make_entrance()
    for key, seed in enumerate(seeds):
        vote(consultation, seed, Choice.AGREE, entrance=me, key=key)
        vote(consultation, seed, Choice.DISAGREE, entrance=other, key=key)
    mine = speak(consultation, "A sentence like no other.", entrance=me, key=99)
    officer = make_officer("ilze", consultation.city)
    accept_statement(by=officer, statement=mine, at=OPENED_AT)
    # Somebody voted on what is taken back.
    vote(consultation, mine, entrance=other, key=99)
    participant = find_participant(consultation, me.code)
    report_statement(participant=participant, statement=seeds[0], reason=HidingReason.HOSTILE)

    withdraw_everything(participant)

    stayed = find_participant(consultation, other.code)
    assert list(Participant.objects.all()) == [stayed]
    assert sorted(Vote.objects.values_list("participant", "statement")) == sorted(
        (stayed.pk, seed.pk) for seed in seeds
    )
    assert not Report.objects.exists()
    assert not Statement.objects.filter(pk=mine.pk).exists()
    marks = ("A sentence like no other.", me.code, token_hash(me.code))
    values = list(every_value())
    assert len(values) > 100
    assert [value for value in values if any(mark in value for mark in marks)] == []


def test_what_was_decided_about_a_statement_stays_without_its_words():
    consultation = make_consultation(make_city())
    mine = speak(consultation, "A sentence like no other.")
    officer = make_officer("ilze", consultation.city)
    accept_statement(by=officer, statement=mine, at=OPENED_AT)
    number = mine.pk
    withdraw_everything(Participant.objects.get())
    [decision] = Moderation.objects.all()
    assert (decision.statement, decision.number, decision.outcome) == (None, number, "shown")


def test_whoever_withdrew_may_begin_anew_with_the_same_code():
    consultation = make_consultation(make_city())
    me = make_entrance()
    vote(consultation, consultation.statements.first(), entrance=me)
    withdraw_everything(Participant.objects.get())
    again = vote(consultation, consultation.statements.last(), entrance=me)
    assert Vote.objects.count() == 1
    assert again.joined_on == DAY


def test_no_row_of_the_trail_is_written_for_what_participants_do():
    consultation = make_consultation(make_city())
    before = LogEntry.objects.count()
    me = make_entrance()
    vote(consultation, consultation.statements.first(), entrance=me)
    speak(consultation, "More benches.", entrance=me, key=2)
    withdraw_everything(Participant.objects.get())
    assert LogEntry.objects.count() == before


@pytest.fixture
def answered_words():
    """What one said is in a theme; what another said is not, and something was decided about it."""
    consultation = hold_and_end(said=("A sentence like no other.", "Another like none."))
    write(consultation, statements=said_by_people(consultation)[:1])
    consultation = publish(consultation)
    decide(consultation)
    return consultation


def test_the_trail_holds_no_word_of_what_was_in_a_theme_or_decided_about(answered_words):
    for participant in Participant.objects.all():
        withdraw_everything(participant)
    kept = str(list(LogEntry.objects.values()))
    assert "Places to sit" in kept
    assert "A sentence like no other." not in kept
    assert "Another like none." not in kept


def test_no_row_of_the_trail_tells_when_what_was_in_a_theme_or_decided_about_went(answered_words):
    before = LogEntry.objects.count()
    for participant in Participant.objects.all():
        withdraw_everything(participant)
    assert LogEntry.objects.count() == before
