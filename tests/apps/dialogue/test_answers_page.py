"""All that somebody thinks and said, on one page that only they can open."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.dialogues import SEEDS, hold_consultation
from tests.people import make_officer

from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement
from tessera.apps.dialogue.models import REASONS_TO_HIDE, HidingReason, Statement

pytestmark = pytest.mark.django_db

SAID = "Benches at the bus stops would help."


@pytest.fixture
def consultation():
    return hold_consultation()


@pytest.fixture
def phone(consultation):
    return Phone(consultation)


@pytest.fixture
def officer(consultation):
    return make_officer("ilze", consultation.city)


def test_each_answer_stands_in_words_below_its_statement(phone, consultation):
    first, second, third, *_ = consultation.statements.all()
    for statement, choice in ((first, 1), (second, -1), (third, 0)):
        phone.vote(choice, phone.open("statement", about=statement.pk))
    said = phone.open("answers").words
    assert f"{SEEDS[0]} I agree" in said
    assert f"{SEEDS[1]} I disagree" in said
    assert f"{SEEDS[2]} I do not know" in said
    assert SEEDS[3] not in said


def test_whoever_has_not_answered_is_asked_for_a_code(phone):
    page = phone.open("answers")
    assert "This device knows no answers of yours." in page.words
    assert page.links()["I have a code"] == phone.url("code")


def test_what_one_said_is_listed_with_what_became_of_it(phone, officer):
    phone.write(SAID)
    statement = Statement.objects.get(text=SAID)
    assert "It waits." in phone.open("answers").words
    accept_statement(by=officer, statement=statement, at=timezone.now())
    assert f"{SAID} Others can read it and answer it." in phone.open("answers").words


@pytest.mark.parametrize("reason", REASONS_TO_HIDE)
def test_a_statement_that_was_hidden_says_why_to_its_author(phone, officer, reason):
    phone.write(SAID)
    hide_statement(by=officer, statement=Statement.objects.get(text=SAID), reason=reason, at=timezone.now())
    said = {
        "personal": "it says who somebody is, or how to find them.",
        "hostile": "it insults or threatens people.",
        "off-topic": "it is about something else than this consultation.",
        "unclear": "one cannot simply agree or disagree with it.",
        "repeated": "another sentence says the same.",
        "unlawful": "it is against the law.",
    }[reason]
    assert f"{SAID} It is not shown: {said}" in phone.open("answers").words


def test_nobody_else_is_shown_them(phone, consultation):
    phone.write(SAID)
    other = Phone(consultation)
    other.vote(1)
    assert SAID not in other.open("answers").words


def test_more_answers_ask_the_database_no_more(phone, officer):
    counts = []
    for turn in range(2):
        phone.vote(1)
        phone.vote(-1)
        phone.write(f"{turn} more benches.")
        statement = Statement.objects.last()
        hide_statement(by=officer, statement=statement, reason=HidingReason.UNCLEAR, at=timezone.now())
        form = phone.open("appeal", statement.pk).form()
        phone.send(form, phone.url("appeal", statement.pk), text="Why?")
        with CaptureQueriesContext(connection) as asked:
            assert phone.open("answers").status == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9
