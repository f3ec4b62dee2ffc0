"""Whoever wrote a hidden statement asks once to look at it again, and somebody else answers."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from tests.apps.dialogue.staff import give_to
from tests.builders import make_city
from tests.dialogues import DAY, LAST_DAY, OPENED_AT, make_consultation, make_entrance, speak, vote
from tests.people import give, make_officer

from tessera.apps.dialogue.access import appeals_to_answer, find_participant, people_who_answer
from tessera.apps.dialogue.actions.appeals import (
    AppealedAlready,
    NotHidden,
    WrongAppeal,
    answer_appeal,
    appeal,
)
from tessera.apps.dialogue.actions.moderation import AppealWaits, accept_statement, hide_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.actions.taking_part import withdraw_everything
from tessera.apps.dialogue.jobs import close_past_consultations, forget_codes
from tessera.apps.dialogue.models import Appeal, Consultation, HidingReason, Moderation, Statement
from tessera.apps.dialogue.moderation_queue import count_to_moderate
from tessera.apps.network.models import Kind
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db

WHY = "I name no person, only a street."


@pytest.fixture
def consultation():
    return make_consultation(make_city(), kept_days=30)


@pytest.fixture
def ilze(consultation):
    return make_officer("ilze", consultation.city)


@pytest.fixture
def piotr(consultation):
    """Keeps it, too, and hid nothing."""
    return give_to("piotr", consultation)


@pytest.fixture
def me():
    return make_entrance()


@pytest.fixture
def hidden(consultation, ilze, me):
    statement = speak(consultation, "The lamps in Lime Street are broken.", entrance=me)
    hide(statement, ilze)
    return statement


def hide(statement, by, reason=HidingReason.PERSONAL):
    hide_statement(by=by, statement=statement, reason=reason, at=OPENED_AT)


def ask(statement, words=WHY, *, day=DAY):
    participant = Statement.objects.get(pk=statement.pk).author
    return appeal(participant=participant, statement=statement, words=words, language="en", day=day)


def answer(by, about, *, is_granted, words="We read it again."):
    answer_appeal(by=by, appeal=about, is_granted=is_granted, words=words, at=OPENED_AT)


def decisions():
    return list(Moderation.objects.values_list("outcome", "is_appealed", "is_granted"))


def state_of(statement):
    return Statement.objects.get(pk=statement.pk).state


# Asking


def test_what_the_author_says_is_kept_with_the_decision_and_waits_for_those_who_keep_it(
    consultation, hidden, ilze
):
    ask(hidden)
    [kept] = appeals_to_answer(consultation)
    assert (kept.words, kept.language, kept.made_on) == (WHY, "en", DAY)
    assert kept.moderation.number == hidden.pk
    assert decisions() == [("hidden", True, None)]
    assert count_to_moderate(Consultation.objects.all()) == {consultation.pk: 1}


def test_the_same_words_that_come_again_are_one_appeal(hidden):
    assert ask(hidden) == ask(hidden, f" {WHY}\n")
    assert Appeal.objects.count() == 1


def test_one_asks_once(hidden):
    ask(hidden)
    with pytest.raises(AppealedAlready):
        ask(hidden, "And another thing.")
    assert [each.words for each in Appeal.objects.all()] == [WHY]


@pytest.mark.parametrize("words", ["", " \n", "...", "\u3164", "a" * 501])
def test_nothing_and_too_much_are_not_taken(hidden, words):
    with pytest.raises(WrongAppeal):
        ask(hidden, words)
    assert decisions() == [("hidden", False, None)]


def test_words_are_kept_as_those_of_a_statement(hidden):
    assert ask(hidden, "  No\x00body\n is   named. ").words == "Nobody is named."
    assert len(ask_again_after_granting(hidden, "a" * 500).words) == 500


def ask_again_after_granting(statement, words):
    """It is shown, and hidden for another reason: that is another decision."""
    officer = make_officer("ilze", statement.consultation.city)
    answer(officer, Appeal.objects.get(), is_granted=True)
    hide(statement, officer, HidingReason.UNCLEAR)
    return ask(statement, words)


@pytest.mark.parametrize("is_accepted", [False, True])
def test_what_waits_or_is_shown_cannot_be_appealed(consultation, ilze, me, is_accepted):
    statement = speak(consultation, "More benches.", entrance=me)
    if is_accepted:
        accept_statement(by=ilze, statement=statement, at=OPENED_AT)
    with pytest.raises(NotHidden):
        ask(statement)


def test_nobody_appeals_for_somebody_else(consultation, hidden):
    other = vote(consultation, consultation.statements.first())
    with pytest.raises(NotHidden):
        appeal(participant=other, statement=hidden, words=WHY, language="en", day=DAY)
    assert not Appeal.objects.exists()


def test_one_asks_after_the_end_too_as_long_as_the_code_is_known(consultation, hidden, ilze):
    close_consultation(by=ilze, consultation=consultation, reason="Enough.", at=OPENED_AT)
    answer(ilze, ask(hidden, day=LAST_DAY), is_granted=True)
    assert state_of(hidden) == "shown"


# Answering


def test_granted_it_is_shown_by_a_decision_of_its_own(consultation, hidden, ilze, piotr):
    answer(piotr, ask(hidden), is_granted=True)
    assert state_of(hidden) == "shown"
    assert decisions() == [("hidden", True, True), ("shown", False, None)]
    assert Moderation.objects.last().by == piotr
    kept = Appeal.objects.get()
    assert (kept.answer, kept.answered_by, kept.answered_on) == (
        "We read it again.",
        piotr,
        date(2026, 11, 2),
    )
    assert count_to_moderate(Consultation.objects.all()) == {}


def test_refused_it_stays_hidden_and_nobody_asks_again(hidden, piotr):
    answer(piotr, ask(hidden), is_granted=False)
    assert state_of(hidden) == "hidden"
    assert decisions() == [("hidden", True, False)]
    with pytest.raises(AppealedAlready):
        ask(hidden, "Please.")


@pytest.mark.parametrize("words", ["", "  ", "?!", "a" * 501])
def test_an_answer_says_why(hidden, piotr, words):
    about = ask(hidden)
    with pytest.raises(WrongAppeal):
        answer(piotr, about, is_granted=True, words=words)
    assert state_of(hidden) == "hidden"


def test_whoever_hid_it_does_not_answer_where_somebody_else_can(hidden, ilze, piotr):
    about = ask(hidden)
    assert people_who_answer(about, DAY) == [piotr]
    for is_granted in (True, False):
        with pytest.raises(PermissionDenied):
            answer(ilze, about, is_granted=is_granted)
    assert decisions() == [("hidden", True, None)]


def test_where_nobody_else_keeps_it_they_do(hidden, ilze):
    about = ask(hidden)
    assert people_who_answer(about, DAY) == [ilze]
    answer(ilze, about, is_granted=False)
    assert decisions() == [("hidden", True, False)]


def test_a_facilitator_whose_role_ended_is_nobody_else(consultation, hidden, ilze, piotr):
    piotr.roles.update(until=DAY - timedelta(days=1))
    assert people_who_answer(ask(hidden), DAY) == [ilze]


def test_it_is_answered_once(hidden, piotr):
    about = ask(hidden)
    answer(piotr, about, is_granted=False, words="First.")
    with pytest.raises(MoveError):
        answer(piotr, about, is_granted=True, words="Second.")
    assert Appeal.objects.get().answer == "First."
    assert state_of(hidden) == "hidden"


def test_while_an_appeal_waits_nobody_shows_the_statement_past_it(hidden, ilze, piotr):
    ask(hidden)
    for person in (ilze, piotr):
        with pytest.raises(AppealWaits):
            accept_statement(by=person, statement=hidden, at=OPENED_AT)
    assert state_of(hidden) == "hidden"


def test_whoever_does_not_keep_the_consultation_answers_nothing(consultation, hidden):
    about = ask(hidden)
    for stranger in (
        make_officer("chiara", make_city("ravenna", country="IT")),
        give("andris", Kind.CONTRIBUTOR, consultation.city),
        give("nuria", Kind.FACILITATOR, consultation.city),
    ):
        with pytest.raises(Http404):
            answer(stranger, about, is_granted=True)
    assert decisions() == [("hidden", True, None)]


# What stays


def test_whoever_withdraws_everything_takes_an_appeal_that_waits_along(consultation, hidden, me, piotr):
    about = ask(hidden)
    withdraw_everything(find_participant(consultation, me.code))
    assert not Appeal.objects.exists()
    assert decisions() == [("hidden", False, None)]
    with pytest.raises(Http404):
        answer(piotr, about, is_granted=True)


def test_whoever_withdraws_everything_leaves_what_was_answered_without_any_words(
    consultation, hidden, me, piotr
):
    answer(piotr, ask(hidden), is_granted=False)
    withdraw_everything(find_participant(consultation, me.code))
    assert not Appeal.objects.exists()
    assert decisions() == [("hidden", True, False)]


@pytest.mark.parametrize("is_granted", [True, False, None])
def test_the_words_go_with_the_codes_and_what_came_of_it_stays(consultation, hidden, piotr, is_granted):
    about = ask(hidden)
    if is_granted is not None:
        answer(piotr, about, is_granted=is_granted)
    close_past_consultations(LAST_DAY + timedelta(days=1))
    assert forget_codes(LAST_DAY + timedelta(days=31)) == 0
    assert Appeal.objects.count() == 1
    assert forget_codes(LAST_DAY + timedelta(days=32)) == 1
    assert not Appeal.objects.exists()
    assert decisions()[0] == ("hidden", True, is_granted)


def test_what_nobody_answered_in_time_can_still_be_shown(consultation, hidden, ilze):
    ask(hidden)
    close_past_consultations(LAST_DAY + timedelta(days=1))
    forget_codes(LAST_DAY + timedelta(days=32))
    accept_statement(by=ilze, statement=hidden, at=OPENED_AT)
    assert state_of(hidden) == "shown"


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "shown", "reason": "", "is_appealed": True},
        {"is_appealed": False, "is_granted": True},
    ],
)
def test_the_database_knows_that_only_hiding_is_appealed_and_only_an_appeal_granted(hidden, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Moderation.objects.update(**wrong)
