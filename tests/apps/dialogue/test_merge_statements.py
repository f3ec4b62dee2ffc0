"""A statement that says the same as another is hidden, and both texts are kept."""

import pytest
from django.http import Http404
from tests.apps.dialogue.staff import give_to, make_running, today
from tests.builders import make_city
from tests.dialogues import OPENED_AT, make_consultation, make_entrance, speak, vote
from tests.people import EVERYBODY, make_officer, make_person

from tessera.apps.dialogue.access import find_participant
from tessera.apps.dialogue.actions.appeals import answer_appeal, appeal
from tessera.apps.dialogue.actions.moderation import (
    WrongTarget,
    accept_statement,
    hide_statement,
    merge_statement,
)
from tessera.apps.dialogue.decision_log import count_statements, write_decisions
from tessera.apps.dialogue.lifecycle import State, StatementState
from tessera.apps.dialogue.models import Consultation, HidingReason, Moderation, Statement, Vote
from tessera.apps.dialogue.own_statements import read_own_statements
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_city())


@pytest.fixture
def ilze(consultation):
    return make_officer("ilze", consultation.city)


def merge(statement, into, *, by="ilze"):
    return merge_statement(by=make_person(by), statement=statement, into=into, at=OPENED_AT)


def read(statement):
    return Statement.objects.get(pk=statement.pk)


def test_it_is_hidden_as_repeated_and_both_texts_and_its_votes_are_kept(consultation, ilze):
    kept = consultation.statements.first()
    said = speak(consultation, "Language courses near me, please.")
    accept_statement(by=ilze, statement=said, at=OPENED_AT)
    vote(consultation, said)
    vote(consultation, kept)
    before = set(Vote.objects.values_list("statement", "participant", "value"))
    assert merge(read(said), kept) == kept
    merged = read(said)
    assert (merged.state, merged.hiding_reason, merged.merged_into) == ("hidden", "repeated", kept)
    assert (merged.text, read(kept).text) == ("Language courses near me, please.", kept.text)
    assert read(kept).state == StatementState.SHOWN
    assert set(Vote.objects.values_list("statement", "participant", "value")) == before


def test_it_stands_in_the_log_as_any_hiding_and_without_words(consultation, ilze):
    said = speak(consultation, "Language courses near me, please.")
    merge(said, consultation.statements.first())
    decision = Moderation.objects.get()
    assert (decision.number, decision.outcome, decision.reason) == (said.pk, "hidden", "repeated")
    assert decision.by == ilze
    assert f"{said.pk},2026-11-02,hidden,repeated,no," in write_decisions(consultation).decode()
    counts = count_statements(consultation)
    assert (counts.by_reason["repeated"], counts.merged) == (1, 1)


def test_one_that_is_only_hidden_is_not_counted_as_merged(consultation, ilze):
    said = speak(consultation, "Language courses near me, please.")
    hide_statement(by=ilze, statement=said, reason=HidingReason.REPEATED, at=OPENED_AT)
    counts = count_statements(consultation)
    assert (counts.by_reason["repeated"], counts.merged) == (1, 0)


def test_what_is_accepted_again_stands_alone(consultation, ilze):
    said = speak(consultation, "Language courses near me, please.")
    merge(said, consultation.statements.first())
    accept_statement(by=ilze, statement=said, at=OPENED_AT)
    alone = read(said)
    assert (alone.state, alone.hiding_reason, alone.merged_into) == ("shown", "", None)


def test_a_chain_ends_at_the_one_that_is_kept(consultation):
    first, second, third, fourth = consultation.statements.order_by("pk")[:4]
    merge(first, second)
    merge(second, third)
    assert read(first).merged_into == read(second).merged_into == third
    assert merge(fourth, first) == third
    assert {each.pk for each in read(third).duplicates.all()} == {first.pk, second.pk, fourth.pk}


def test_there_is_no_circle_and_none_into_itself(consultation):
    first, second = consultation.statements.order_by("pk")[:2]
    with pytest.raises(WrongTarget):
        merge(first, first)
    merge(first, second)
    with pytest.raises(WrongTarget):
        merge(second, read(first))
    assert read(second).state == StatementState.SHOWN


def test_nothing_is_merged_into_what_nobody_sees_or_what_others_were_asked(consultation, ilze):
    said, waiting = speak(consultation, "More benches."), speak(consultation, "Benches!", key=2)
    hidden = consultation.statements.first()
    hide_statement(by=ilze, statement=hidden, reason=HidingReason.UNCLEAR, at=OPENED_AT)
    elsewhere = make_consultation(consultation.city, slug="elsewhere").statements.first()
    for other in (waiting, hidden, elsewhere):
        with pytest.raises(WrongTarget):
            merge(said, other)
    assert read(said).state == StatementState.PENDING


def test_what_is_hidden_is_not_merged(consultation, ilze):
    first, second = consultation.statements.order_by("pk")[:2]
    hide_statement(by=ilze, statement=first, reason=HidingReason.UNCLEAR, at=OPENED_AT)
    with pytest.raises(MoveError):
        merge(first, second)
    assert read(first).hiding_reason == "unclear"


@pytest.mark.parametrize("state", [State.DRAFT, State.OPEN, State.CLOSED, State.SYNTHESISED, State.ANSWERED])
def test_only_those_who_keep_it_merge_and_only_until_its_themes_are_public(state):
    made = State.CLOSED if state in (State.SYNTHESISED, State.ANSWERED) else state
    consultation = make_running(make_city(), state=made)
    give_to("piotr", consultation)
    dates = {"synthesised_on": today()} if made is not state else {}
    if state is State.ANSWERED:
        dates["answered_on"] = today()
    Consultation.objects.filter(pk=consultation.pk).update(state=state, **dates)
    *statements, kept = consultation.statements.order_by("pk")
    keepers = {"ilze", "piotr"}
    for who in EVERYBODY:
        if who not in keepers:
            with pytest.raises(Http404):
                merge(statements[0], kept, by=who)
    for who, statement in zip(sorted(keepers), statements, strict=False):
        if made is state:
            assert merge(statement, kept, by=who) == kept
        else:
            with pytest.raises(MoveError):
                merge(statement, kept, by=who)
    merged = Statement.objects.filter(merged_into=kept).count()
    assert merged == (len(keepers) if made is state else 0)


def test_its_author_reads_which_other_it_is_as_long_as_that_is_shown_and_can_appeal(consultation, ilze):
    me = make_entrance()
    said = speak(consultation, "Language courses near me, please.", entrance=me)
    kept = consultation.statements.first()
    merge(said, kept)
    participant = find_participant(consultation, me.code)
    [own] = read_own_statements(participant)
    assert (own.merged_into, own.may_appeal) == (kept, True)
    asked = appeal(
        participant=participant, statement=said, words="Mine is about evenings.", language="en", day=today()
    )
    answer_appeal(by=ilze, appeal=asked, is_granted=True, words="You are right.", at=OPENED_AT)
    assert (read(said).state, read(said).merged_into) == ("shown", None)
    merge(read(said), kept)
    hide_statement(by=ilze, statement=kept, reason=HidingReason.HOSTILE, at=OPENED_AT)
    [own] = read_own_statements(participant)
    assert own.merged_into is None
