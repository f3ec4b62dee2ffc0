"""Consultations on the pages that show several phases: one's work, and a city's own page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from tests.apps.dialogue.staff import days, give_to, make_running, today
from tests.builders import make_city
from tests.dialogues import put_in_state, speak
from tests.people import make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.moderation import accept_statement
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation
from tessera.apps.network.local_text import LocalText

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_second_step_is_not_the_subject(settings):
    settings.SECOND_STEP_REQUIRED = False


@pytest.fixture
def riga():
    return make_city("riga")


def work_of(who):
    """The part of the page that is about consultations; nothing where there is none."""
    browser = Client()
    browser.force_login(make_person(who))
    page = browser.get(reverse("web:work")).content.decode()
    return page.partition('id="consultations"')[2].partition("</section>")[0]


def city_page(city):
    """That part of the page that anybody sees."""
    page = Client().get(city.get_absolute_url()).content.decode()
    return page.partition('id="consultations"')[2].partition("</section>")[0]


# One's work


def test_whoever_keeps_a_consultation_sees_what_waits_there(riga):
    running = make_running(riga)
    give_to("piotr", running)
    waits = speak(running, "Read me.", day=today())
    for who in ("ilze", "piotr"):
        assert f'href="{running.get_absolute_url()}"' in work_of(who)
        assert "1 statement waits to be read." in work_of(who)
    accept_statement(by=make_person("piotr"), statement=waits, at=timezone.now())
    assert "waits" not in work_of("piotr")


def test_an_officer_is_offered_to_prepare_one_and_a_facilitator_is_not(riga):
    make_officer("ilze", riga)
    Person.objects.update(language="en")
    assert f'href="{reverse("dialogue:new", args=["riga"])}"' in work_of("ilze")
    assert "All consultations" not in work_of("ilze")

    give_to("piotr", make_running(riga))
    assert "Prepare a consultation" not in work_of("piotr")
    assert "All consultations" in work_of("piotr")
    assert work_of("greta") == ""


def test_one_that_is_over_is_on_the_list_until_it_is_answered_and_no_statement_waits(riga):
    running = make_running(riga)
    give_to("piotr", running)
    waits = speak(running, "Read me.", day=today())
    put_in_state(running, State.CLOSED)
    Person.objects.update(language="en")
    on_lists = {who for who in ("ilze", "piotr") if running.get_absolute_url() in work_of(who)}
    assert on_lists == {"ilze", "piotr"}
    accept_statement(by=make_person("ilze"), statement=waits, at=timezone.now())
    assert running.get_absolute_url() in work_of("ilze")
    assert running.get_absolute_url() not in work_of("piotr")
    put_in_state(running, State.ANSWERED)
    assert running.get_absolute_url() not in work_of("ilze")


# A city's page


def test_a_city_shows_what_is_open_to_everybody_with_its_days(riga):
    running = make_running(riga, phases=[days(-3, 2), days(3, 9)])
    part = city_page(riga)
    assert f'href="{running.take_part_url}"' in part
    assert "Take part" in part
    first, last = (date_format(today() + timedelta(days=number)) for number in (-3, 9))
    assert f"{first} – {last}" in part
    assert "Invented, for demonstration." in part


def test_a_past_one_has_its_day_and_takes_nobody_in(riga):
    closed = make_running(riga, state=State.CLOSED)
    part = city_page(riga)
    assert f"Past: closed on {date_format(today())}." in part
    assert f'href="{closed.take_part_url}"' in part
    assert "Take part" not in part


def test_nothing_is_shown_of_what_is_prepared_or_for_people_with_links(riga):
    make_running(riga, slug="draft", state=State.DRAFT)
    make_running(riga, slug="by-cards", has_open_link=False)
    make_running(make_city("ravenna"), slug="elsewhere")
    assert city_page(riga) == ""


def test_a_title_in_another_language_says_so(riga):
    make_running(riga)
    Consultation.objects.update(title=LocalText("lv", {"lv": "Ierašanās"}))
    assert '<bdi lang="lv">Ierašanās</bdi>' in city_page(riga)


def test_a_city_with_many_consultations_is_asked_as_much(riga):
    counts = []
    for number in (1, 6):
        for place in range(number):
            make_running(riga, slug=f"c-{number}-{place}")
        with CaptureQueriesContext(connection) as asked:
            city_page(riga)
        counts.append(len(asked))
    assert counts[0] == counts[1]
