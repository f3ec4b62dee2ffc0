"""The public log: what was decided about statements, without a word of them, an hour or a name."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.apps.dialogue.staff import give_to
from tests.dialogues import SEEDS, TODAY, hold_consultation, make_entrance, speak
from tests.people import make_officer

from tessera.apps.dialogue.access import find_participant
from tessera.apps.dialogue.actions.appeals import answer_appeal, appeal
from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement, keep_shown
from tessera.apps.dialogue.actions.taking_part import withdraw_everything
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import REASONS_TO_HIDE, Consultation, HidingReason

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 11, 3, 22, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_riga():
    """Where it is past midnight, and the next day, at the hour of these decisions."""
    with timezone.override("Europe/Riga"):
        yield


@pytest.fixture
def consultation():
    return hold_consultation()


@pytest.fixture
def ilze(consultation):
    return make_officer("ilze", consultation.city)


@pytest.fixture
def phone(consultation):
    return Phone(consultation)


def say(consultation, text="Benches at the bus stops.", **about):
    return speak(consultation, text, day=TODAY, **about)


def hide(statement, by, reason=HidingReason.HOSTILE, at=LATE):
    hide_statement(by=by, statement=statement, reason=reason, at=at)


def items(page):
    """Of the list of decisions, each in one line."""
    return [" ".join(item.text_content().split()) for item in page.find("//main//ol/li")]


def table(phone):
    answer = phone.client.get(phone.url("decisions-file"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode())))


def test_it_says_how_many_came_are_shown_wait_and_are_hidden_for_which_reason(consultation, ilze, phone):
    first, second, third, fourth, _waiting = (say(consultation, f"Bench {n}.") for n in range(5))
    accept_statement(by=ilze, statement=first, at=LATE)
    hide(second, ilze)
    hide(third, ilze)
    hide(fourth, ilze, HidingReason.UNCLEAR)
    said = phone.open("decisions").words
    for line in (
        "Sentences of people who take part: 5",
        f"Sentences of the city: {len(SEEDS)}",
        "Of all these are shown: 6",
        "Of all these still wait for a decision: 1",
        "Of all these are hidden: 3",
        "It insults or threatens people. 2",
        "One cannot simply agree or disagree with it. 1",
        "It is against the law. 0",
        "It says who somebody is, or how to find them. 0",
        "Another sentence says the same. 0",
        "It is about something else than this consultation. 0",
    ):
        assert line in said


def test_it_says_that_nothing_is_seen_before_a_person_accepted_it(phone):
    page = phone.open("decisions")
    assert "is seen by nobody else before a person has read and accepted it." in page.words
    assert "Nothing was decided yet." in page.words
    assert items(page) == []


def test_each_decision_has_its_number_day_and_reason_the_newest_first(consultation, ilze, phone):
    first, second = say(consultation, "One."), say(consultation, "Two.")
    accept_statement(by=ilze, statement=first, at=LATE - timedelta(days=1))
    hide(second, ilze)
    keep_shown(by=ilze, statement=first, at=LATE + timedelta(hours=1))
    page = phone.open("decisions")
    assert items(page) == [
        f"Sentence {first.pk} · 4 November 2026 Shown.",
        f"Sentence {second.pk} · 4 November 2026 Hidden. It insults or threatens people.",
        f"Sentence {first.pk} · 3 November 2026 Shown.",
    ]
    assert [time.get("datetime") for time in page.find("//main//time")] == [
        "2026-11-04",
        "2026-11-04",
        "2026-11-03",
    ]


def test_no_word_of_a_statement_or_an_appeal_no_hour_and_nobodys_name_stands_in_it(consultation, ilze):
    piotr, me = give_to("piotr", consultation), make_entrance()
    shown, hidden = say(consultation, "Qwertz is shown."), say(consultation, "Qwertz is not.", entrance=me)
    accept_statement(by=ilze, statement=shown, at=LATE)
    hide(hidden, ilze)
    answer_it(ask(consultation, me, hidden, "Qwertz is right."), piotr, is_granted=False, words="Qwertz no.")
    phone = Phone(consultation)
    for name in ("decisions", "decisions-file"):
        content = phone.client.get(phone.url(name)).content.decode()
        assert str(hidden.pk) in content
        for secret in ("Qwertz", "22:30", "00:30", str(ilze), str(piotr), *SEEDS):
            assert secret not in content


def ask(consultation, me, statement, words="Why?"):
    author = find_participant(consultation, me.code)
    return appeal(participant=author, statement=statement, words=words, language="en", day=TODAY)


def answer_it(about, by, *, is_granted, words="So."):
    answer_appeal(by=by, appeal=about, is_granted=is_granted, words=words, at=LATE + timedelta(days=1))


@pytest.mark.parametrize(
    ("is_granted", "said", "in_table"),
    [
        (None, "and waits for an answer.", ""),
        (True, "it is shown after all.", "yes"),
        (False, "it stays hidden.", "no"),
    ],
)
def test_it_says_whether_a_decision_was_appealed_and_what_came_of_it(
    consultation, ilze, phone, is_granted, said, in_table
):
    me = make_entrance()
    statement = say(consultation, entrance=me)
    hide(statement, ilze)
    about = ask(consultation, me, statement)
    if is_granted is not None:
        answer_it(about, ilze, is_granted=is_granted)
    assert "Its author asked to look at it again" in items(phone.open("decisions"))[-1]
    assert items(phone.open("decisions"))[-1].endswith(said)
    assert table(phone)[-1] == [str(statement.pk), "2026-11-04", "hidden", "hostile", "yes", in_table]


def test_what_nobody_answered_before_the_codes_were_forgotten_says_so(consultation, ilze, phone):
    me = make_entrance()
    statement = say(consultation, entrance=me)
    hide(statement, ilze)
    ask(consultation, me, statement)
    Consultation.objects.update(state=State.CLOSED, closed_on=TODAY, codes_forgotten_on=TODAY)
    assert items(phone.open("decisions"))[0].endswith("and was not answered.")


def test_a_withdrawn_statement_leaves_its_decision_and_counts_no_more(consultation, ilze, phone):
    me = make_entrance()
    statement = say(consultation, entrance=me)
    hide(statement, ilze)
    withdraw_everything(find_participant(consultation, me.code))
    page = phone.open("decisions")
    assert items(page) == [
        f"Sentence {statement.pk} · 4 November 2026 Hidden. It insults or threatens people."
    ]
    assert "Sentences of people who take part: 0" in page.words


def test_the_table_has_a_row_for_each_and_no_cell_that_a_program_would_reckon(consultation, ilze, phone):
    for reason in REASONS_TO_HIDE:
        hide(say(consultation, f"{reason}"), ilze, reason)
    header, *rows = table(phone)
    assert header == ["statement", "decided_on", "outcome", "reason", "appealed", "granted"]
    assert [row[3] for row in rows] == [reason.value for reason in reversed(REASONS_TO_HIDE)]
    cells = [cell for row in rows for cell in row if cell]
    assert len(cells) == 6 * 5
    assert [cell for cell in cells if not cell[0].isalnum()] == []


def test_decisions_of_other_consultations_do_not_stand_in_it(consultation, ilze, phone):
    other = hold_consultation(consultation.city, slug="other")
    hide(say(other), ilze)
    assert items(phone.open("decisions")) == []
    assert len(table(phone)) == 1


def test_fifty_stand_on_a_page(consultation, ilze, phone):
    statement = consultation.statements.first()
    for minute in range(101):
        keep_shown(by=ilze, statement=statement, at=LATE + timedelta(days=minute))
    first = phone.open("decisions")
    last = phone.open("decisions", page=3)
    assert [len(items(page)) for page in (first, phone.open("decisions", page=2), last)] == [50, 50, 1]
    assert first.links()["Older decisions"] == "?page=2#decisions"
    assert "Newer decisions" not in first.links()
    assert last.links()["Newer decisions"] == "?page=2#decisions"
    assert "4 November 2026" in items(last)[0]
    assert len(table(phone)) == 102


def test_more_decisions_ask_the_database_no_more(consultation, ilze, phone):
    counts = []
    for _ in range(2):
        for number in range(6):
            me = make_entrance()
            statement = say(consultation, f"Bench {number}.", entrance=me)
            hide(statement, ilze)
            ask(consultation, me, statement)
        asked = []
        for name in ("decisions", "decisions-file"):
            with CaptureQueriesContext(connection) as queries:
                assert phone.client.get(phone.url(name)).status_code == 200
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 6


def test_it_is_found_from_help_and_from_ones_answers(phone):
    phone.vote(1)
    for name in ("help", "answers"):
        assert phone.open(name).links()["What is shown, and what is not"] == phone.url("decisions")


def test_what_is_not_open_yet_has_no_log():
    phone = Phone(hold_consultation(state=State.DRAFT))
    assert phone.open("decisions").status == 404
    assert phone.open("decisions-file").status == 404
