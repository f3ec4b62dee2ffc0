"""Somebody takes everything back: nothing says any more that they were here."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.db import connection
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.dialogues import TODAY, hold_consultation
from tests.people import make_officer

from tessera.apps.accounts.models import token_hash
from tessera.apps.dialogue.actions.moderation import accept_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.jobs import forget_codes
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, Participant, Report, Statement, Vote

pytestmark = pytest.mark.django_db

MARKER = "Qwertzuiop benches would help old people."


@pytest.fixture
def consultation():
    return hold_consultation()


@pytest.fixture
def phone(consultation):
    """Of somebody who did everything that one can do."""
    phone = Phone(consultation)
    phone.vote(1)
    phone.vote(0)
    phone.write(MARKER)
    statement = consultation.statements.first()
    page = phone.open("report", statement.pk)
    phone.send(page.form(), phone.url("report", statement.pk), reason="hostile")
    return phone


def everything():
    """Every row of the app, table by table, as it lies in the database."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("dialogue").get_models():
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            rows[model.__name__] = [tuple(map(str, row)) for row in cursor.fetchall()]
    return rows


def confirm(phone):
    return phone.send(phone.open("withdraw").form(), phone.url("withdraw"))


def test_the_page_says_what_will_be_erased_and_erases_nothing_yet(phone):
    page = phone.open("withdraw")
    assert "Your answers are erased: 2." in page.words
    assert "Your own sentence is erased (1), with what others answered to it." in page.words
    assert "It cannot be undone." in page.words
    assert Vote.objects.count() == 3


def test_no_row_is_left_of_whoever_withdraws(phone, consultation):
    before = everything()
    me, code = str(Participant.objects.get().pk), token_hash(phone.code)
    officer = make_officer("ilze", consultation.city)
    accept_statement(by=officer, statement=Statement.objects.get(text=MARKER), at=timezone.now())
    other = Phone(consultation)
    other.vote(1, other.open("statement", about=Statement.objects.get(text=MARKER).pk))
    page = confirm(phone)
    assert page.response.redirect_chain == [(phone.url("withdraw", done=1), 303)]
    assert "Everything is erased" in page.words
    assert not phone.cookies
    after = everything()
    # That these would have been found.
    assert (me in [row[0] for row in before["Participant"]], MARKER in str(before)) == (True, True)
    assert code in str(before)
    assert MARKER not in str(after)
    assert code not in str(after)
    assert not Participant.objects.filter(pk=me).exists()
    assert not Vote.objects.filter(participant=me).exists()
    assert not Report.objects.filter(participant=me).exists()
    # What was decided stays without words; the other person stays, without the vote on what is gone.
    [moderation] = consultation.moderations.all()
    assert moderation.statement is None
    assert Participant.objects.count() == 1


def test_the_trail_of_what_staff_did_holds_no_word_of_it_either(phone):
    confirm(phone)
    assert MARKER not in str(list(LogEntry.objects.values()))


def test_the_code_opens_nothing_afterwards(phone, consultation):
    code = phone.code
    confirm(phone)
    assert Phone(consultation).enter(code).status == 422


def test_whoever_withdraws_can_begin_anew_as_somebody_else(phone):
    code = phone.code
    confirm(phone)
    phone.vote(1)
    assert phone.code != code
    assert Vote.objects.count() == 1


def test_one_can_withdraw_when_it_is_closed(phone, consultation):
    officer = make_officer("ilze", consultation.city)
    close_consultation(by=officer, consultation=consultation, reason="Enough.", at=timezone.now())
    confirm(phone)
    assert not Participant.objects.exists()


def test_a_device_that_holds_no_code_withdraws_nobody(phone, consultation):
    page = Phone(consultation).open("withdraw")
    assert "This device knows no answers of yours." in page.words
    stranger = Phone(consultation)
    assert stranger.client.post(stranger.url("withdraw")).status_code == 200
    assert Participant.objects.count() == 1


def test_a_second_tap_is_told_the_same_as_the_first(phone):
    page = phone.open("withdraw")
    for _ in range(2):
        told = phone.send(page.form(), phone.url("withdraw"))
        assert "Nothing here says any more that you took part." in told.words
    assert phone.cookies == {}


def test_nobody_is_told_that_votes_are_erased_whose_code_was_forgotten(phone):
    page = phone.open("withdraw")
    closed_on = TODAY - timedelta(days=500)
    Consultation.objects.update(state=State.CLOSED, closed_on=closed_on)
    forget_codes(TODAY)
    told = phone.send(page.form(), phone.url("withdraw"))
    assert "The votes still count, but nobody can tell any more whose they are." in told.words
    assert "Nothing here says" not in told.words


def test_a_page_that_is_only_looked_at_erases_nothing(phone):
    assert phone.client.head(phone.url("withdraw")).status_code == 200
    assert phone.client.get(phone.url("withdraw"), {"done": 1}).status_code == 200
    assert Participant.objects.count() == 1


def test_another_site_cannot_withdraw_somebody(phone):
    response = phone.client.post(phone.url("withdraw"), headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 403
    assert Participant.objects.count() == 1


def test_a_page_that_was_left_open_takes_no_code_from_the_next_person(phone):
    page = phone.open("withdraw")
    phone.client.post(phone.url("anew"))
    phone.vote(1)
    code = phone.code
    phone.send(page.form(), phone.url("withdraw"))
    assert phone.code == code
    assert Participant.objects.get().code_hash == token_hash(code)
