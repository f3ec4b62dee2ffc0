"""Sheets of paper are printed on a page of staff, with a code that nobody can look up."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.staff import browser_of, days, make_running, page_of, today
from tests.builders import make_city
from tests.people import make_person

from tessera.apps.accounts.models import token_hash
from tessera.apps.dialogue.actions.moderation import seed_statement
from tessera.apps.dialogue.actions.on_paper import MOST_LINES
from tessera.apps.dialogue.codes import tidy_code
from tessera.apps.dialogue.lifecycle import ENDED
from tessera.apps.dialogue.models import Consultation, Rule, Sheet
from tessera.apps.dialogue.numbers_on_paper import read_number
from tessera.apps.network.local_text import LocalText

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    return make_running(make_city("riga"), languages=("en", "lv", "ar"))


def url(consultation, name="print-sheets"):
    return reverse(f"dialogue:{name}", args=[consultation.pk])


def filled(**changes):
    return {
        "count": "2",
        "language": "en",
        "hand_in_by": (today() + timedelta(days=5)).isoformat(),
        **changes,
    }


def printed(consultation, read_print, **changes):
    answer = browser_of("ilze").post(url(consultation), filled(**changes))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return answer, " ".join(read_print(answer.content).split())


def test_each_sheet_has_a_number_and_a_code_and_only_the_paper_holds_the_code(running, read_print):
    answer, words = printed(running, read_print)
    assert answer["Content-Disposition"] == 'attachment; filename="sheets-arriving-en.pdf"'
    codes = [tidy_code(code) for code in re.findall(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b", words)]
    numbers = [read_number(number) for number in re.findall(r"Sheet (\d+[A-Z])", words)]
    sheets = Sheet.objects.order_by("pk")
    assert len(codes) == 2
    assert [token_hash(code) for code in codes] == [each.code_hash for each in sheets]
    assert numbers == [each.pk for each in sheets]


def test_a_sheet_says_who_asks_why_and_what_becomes_of_it_and_how_to_take_it_back(running, read_print):
    _, words = printed(running, read_print, count="1")
    for said in (
        "Arriving in the city (en)",
        "The city asks, because it writes its strategy. (en)",
        "The city answers each theme. (en)",
        "this consultation is invented",
        "Do not write your name on this sheet.",
        "change or erase your answers with this code",
    ):
        assert said in words
    assert "http://testserver/take-part/arriving/en/code" in words.replace(" ", "")
    for each in running.statements.all():
        assert each.text in words


def test_a_sheet_is_in_the_language_that_is_asked_for(running, read_print):
    _, words = printed(running, read_print, count="1", language="lv")
    assert "Arriving in the city (lv)" in words
    assert "Piekrītu" in words
    answer = browser_of("ilze").post(url(running), filled(count="1", language="ar"))
    assert answer["Content-Disposition"] == 'attachment; filename="sheets-arriving-ar.pdf"'


def test_more_statements_than_a_sheet_holds_are_drawn_by_lot(running):
    for number in range(MOST_LINES):
        seed_statement(
            by=make_person("ilze"),
            consultation=running,
            text=LocalText("en", {"en": f"Sentence number {number}."}),
            at=timezone.now(),
        )
    for _ in range(2):
        assert browser_of("ilze").post(url(running), filled(count="1")).status_code == 200
    first, second = (
        list(each.printing.lines.values_list("statement", flat=True)) for each in Sheet.objects.all()
    )
    assert len(first) == len(second) == MOST_LINES
    assert first != second


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"count": ""}, "“How many sheets?” is empty. Fill it in."),
        ({"count": "101"}, "Ensure this value is less than or equal to 100."),
        ({"language": "pl"}, "Select a valid choice."),
        ({"hand_in_by": ""}, "“Last day to hand them in” is empty. Fill it in."),
        ({"hand_in_by": "2020-01-01"}, "Name a day from today to the last day"),
        ({"hand_in_by": "2099-01-01"}, "Name a day from today to the last day"),
        ({"hand_in_by": "soon"}, "This is no day."),
    ],
)
def test_what_cannot_be_printed_is_refused_at_its_field(running, changes, words):
    answer = browser_of("ilze").post(url(running), filled(**changes))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Sheet.objects.exists()


def test_signs_without_letters_are_named_before_there_is_a_sheet(running):
    Consultation.objects.filter(pk=running.pk).update(asked_by=LocalText("en", {"en": "Riga 🏙 asks"}))
    answer = browser_of("ilze").post(url(running), filled())
    assert answer.status_code == 400
    assert "our letters have no 🏙" in answer.content.decode()
    assert not Sheet.objects.exists()


def test_texts_that_leave_no_room_are_named_before_there_is_a_sheet(running):
    Consultation.objects.filter(pk=running.pk).update(asked_by=LocalText("en", {"en": "Words. " * 1200}))
    answer = browser_of("ilze").post(url(running), filled())
    assert answer.status_code == 400
    assert "the texts of the consultation are too long" in answer.content.decode()
    assert not Sheet.objects.exists()


@pytest.mark.parametrize("state", ENDED)
def test_nothing_is_printed_for_what_is_over(state):
    closed = make_running(make_city("riga"), state=state)
    assert url(closed) not in page_of("ilze", url(closed, "sheets"))
    assert browser_of("ilze").get(url(closed)).status_code == 302
    answer = browser_of("ilze").post(url(closed), filled(), follow=True)
    page = answer.content.decode()
    assert "It is closed, and nobody can take part any more." in page
    assert "It is closed. No sheet is taken any more." in page
    assert not Sheet.objects.exists()


def test_keepers_are_led_to_paper_and_to_sitting_down_with_somebody(running):
    page = page_of("ilze", running.get_absolute_url())
    assert f'href="{url(running, "sheets")}"' in page
    assert f'href="{url(running, "assisted")}"' in page
    assert f'href="{url(running)}"' in page_of("ilze", url(running, "sheets"))


def test_on_days_without_votes_the_page_says_that_nothing_can_be_typed_in():
    paused = make_running(make_city("riga"), phases=[days(-5, 5, Rule.SAY)])
    page = page_of("ilze", url(paused, "sheets"))
    assert "Nobody can vote today, so no sheet can be typed in either." in page
    assert "Number of the sheet" not in page
