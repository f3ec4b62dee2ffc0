"""Somebody reports a statement that insults people, or gives somebody away."""

import pytest
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.dialogues import hold_consultation, speak
from tests.people import make_officer

from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.models import HidingReason, Participant, Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return hold_consultation()


@pytest.fixture
def statement(consultation):
    return consultation.statements.first()


@pytest.fixture
def phone(consultation):
    return Phone(consultation)


def send(phone, statement, **sent):
    return phone.send(phone.open("report", statement.pk).form(), phone.url("report", statement.pk), **sent)


def reports():
    return list(Report.objects.values_list("statement", "reason"))


@pytest.mark.parametrize("reason", ["hostile", "personal"])
def test_a_report_is_kept_with_its_reason_even_of_somebody_who_has_not_voted_yet(phone, statement, reason):
    page = send(phone, statement, reason=reason)
    assert page.response.redirect_chain == [(phone.url("report", statement.pk, done=1), 303)]
    assert "Nobody is told who reported it." in page.words
    assert reports() == [(statement.pk, reason)]
    # The same person votes afterwards.
    phone.vote(1)
    assert Participant.objects.count() == 1


def test_the_statement_that_is_meant_stands_on_the_page_and_leads_there(phone):
    asked = phone.open("statement")
    page = phone.visit(asked.links()["Report this sentence"])
    assert page.find("//*[@class='r-statement']")[0].text == asked.find("//*[@data-statement-text]")[0].text


def test_somebody_reports_a_statement_once_however_often_they_send_it(phone, statement):
    send(phone, statement, reason="hostile")
    send(phone, statement, reason="personal")
    assert reports() == [(statement.pk, HidingReason.HOSTILE)]


@pytest.mark.parametrize("reason", ["", "off-topic", "unlawful", "x"])
def test_without_one_of_the_two_reasons_nothing_is_kept(phone, statement, reason):
    page = send(phone, statement, reason=reason)
    assert page.status == 422
    assert "Choose what is wrong with it." in page.words
    assert not reports()
    assert not phone.cookies


def test_what_nobody_is_shown_cannot_be_reported(phone, consultation):
    waiting = speak(consultation, "Benches would help.", day=timezone.localdate())
    assert phone.open("report", waiting.pk).status == 404
    assert phone.client.post(phone.url("report", waiting.pk), {"reason": "hostile"}).status_code == 404
    assert phone.open("report", 10**30).status == 404


def test_once_it_is_closed_only_those_report_who_took_part(phone, consultation, statement):
    phone.vote(1)
    officer = make_officer("ilze", consultation.city)
    close_consultation(by=officer, consultation=consultation, reason="Enough.", at=timezone.now())
    assert send(phone, statement, reason="hostile").status == 200
    assert send(Phone(consultation), statement, reason="hostile").status == 409
    assert len(reports()) == 1
