"""What people are invited with: an address, its QR code, a poster, and cards for one person each."""

import re

import pytest
from django.urls import reverse
from tests.apps.dialogue.staff import browser_of, days, make_running, page_of
from tests.builders import make_city
from tests.dialogues import make_entrance, vote

from tessera.apps.accounts.models import token_hash
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Channel, Consultation
from tessera.apps.network.local_text import LocalText

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    return make_running(make_city("riga"), languages=("en", "lv", "ar"))


def url(consultation, name):
    return reverse(f"dialogue:{name}", args=[consultation.pk])


def test_the_page_shows_the_address_with_what_can_be_printed(running):
    page = page_of("ilze", running.get_absolute_url())
    assert '<a href="http://testserver/take-part/arriving/">' in page
    for name in ("qr", "poster", "own-links"):
        assert f'"{url(running, name)}"' in page


def test_the_code_is_a_drawing_of_the_address(running):
    answer = browser_of("ilze").get(url(running, "qr"))
    assert answer["Content-Type"] == "image/svg+xml"
    assert b'aria-label="http://testserver/take-part/arriving/"' in answer.content


def test_the_poster_speaks_every_language_of_the_consultation(running, read_print):
    answer = browser_of("ilze").get(url(running, "poster"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="poster-arriving.pdf"'
    printed = " ".join(read_print(answer.content).split())
    assert "Arriving in the city (en)" in printed
    assert "Arriving in the city (lv)" in printed
    assert "Have your say" in printed
    # The builders' consultations are invented.
    assert "this consultation is invented" in printed


def test_a_poster_needs_a_last_day():
    draft = make_running(make_city("riga"), state=State.DRAFT)
    draft.phases.all().delete()
    answer = browser_of("ilze").get(url(draft, "poster"), follow=True)
    assert "The poster names the last day. Set the days first." in answer.content.decode()
    assert f'"{url(draft, "poster")}"' not in page_of("ilze", draft.get_absolute_url())


def test_a_title_with_signs_that_cannot_be_printed_is_named(running):
    Consultation.objects.filter(pk=running.pk).update(title=LocalText("en", {"en": "Riga 🏙 and you"}))
    for answer in (
        browser_of("ilze").get(url(running, "poster"), follow=True),
        browser_of("ilze").post(url(running, "own-links"), {"count": "3"}),
    ):
        assert "our letters have no 🏙" in answer.content.decode()
    assert not running.own_links.exists()


def test_each_card_lets_one_person_in_once(running, read_print):
    answer = browser_of("ilze").post(url(running, "own-links"), {"count": "9"})
    assert answer["Content-Disposition"] == 'attachment; filename="cards-arriving.pdf"'
    printed = "".join(read_print(answer.content).split())
    tokens = set(re.findall(r"/take-part/arriving/link/([\w-]{22})", printed))
    kept = set(running.own_links.values_list("token_hash", flat=True))
    assert len(tokens) == 9
    assert {token_hash(token) for token in tokens} == kept

    came = vote(
        running,
        running.statements.first(),
        entrance=make_entrance(link_token=tokens.pop()),
        day=running.phases.get().ends_on,
    )
    assert came.channel == Channel.OWN_LINK
    assert "(9 made so far)" in page_of("ilze", running.get_absolute_url())


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ("", "“How many links?” is empty. Fill it in."),
        ("0", "Ensure this value is greater than or equal to 1."),
        ("201", "Ensure this value is less than or equal to 200."),
        ("many", "Enter a whole number."),
    ],
)
def test_a_number_of_links_that_cannot_be_is_refused(running, count, words):
    answer = browser_of("ilze").post(url(running, "own-links"), {"count": count})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not running.own_links.exists()


def test_nobody_is_invited_to_what_is_closed():
    closed = make_running(make_city("riga"), state=State.CLOSED)
    answer = browser_of("ilze").post(url(closed, "own-links"), {"count": "3"}, follow=True)
    assert "It is closed, and nobody can take part any more." in answer.content.decode()
    assert not closed.own_links.exists()
    assert "Invite people" not in page_of("ilze", closed.get_absolute_url())


def test_only_cards_let_people_in_where_there_is_no_open_link():
    closed_circle = make_running(make_city("riga"), has_open_link=False, phases=[days(-1, 3)])
    page = page_of("ilze", closed_circle.get_absolute_url())
    assert "Only people with a link of their own can take part." in page
