"""Whoever may not come to a page of staff gets nothing, whatever they ask with."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.staff import browser_of, give_to, make_running, page_of
from tests.builders import make_city
from tests.people import give, make_network, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.network.models import Kind, Membership

pytestmark = pytest.mark.django_db

KEEPERS = {"ilze", "piotr"}
READERS = {*KEEPERS, "mihai"}
PAGES = {
    "consultation": READERS,
    "change": KEEPERS,
    "about": KEEPERS,
    "own-question": KEEPERS,
    "who": READERS,
    "statements": KEEPERS,
    "add-statement": KEEPERS,
    "own-links": KEEPERS,
    "sheets": KEEPERS,
    "print-sheets": KEEPERS,
    "assisted": KEEPERS,
    "qr": READERS,
    "poster": READERS,
    "open": {"ilze"},
    "close": {"ilze"},
    "facilitators": {"ilze"},
    "stewards": {"ilze"},
    "take-votes": set(),
}


@pytest.fixture
def running():
    riga, network = make_city("riga"), make_network()
    Membership.objects.create(city=riga, network=network, since=date(2015, 1, 1), source_name="A site")
    give("mihai", Kind.COORDINATOR, network)
    running = make_running(riga)
    give_to("piotr", running)
    make_officer("chiara", make_city("ravenna"))
    Person.objects.update(language="en")
    return running


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_of_others_do_not_exist(running, page, method):
    address = reverse(f"dialogue:{page}", args=[running.pk])
    for who in ("ilze", "piotr", "mihai", "chiara", "greta"):
        status = getattr(browser_of(who), method)(address).status_code
        if who not in PAGES[page]:
            assert status in (404, 405)
        else:
            assert status != 404
    assert browser_of("visitor").get(address).status_code == 302


def test_a_coordinator_reads_and_is_offered_nothing_to_do(running):
    page = browser_of("mihai").get(running.get_absolute_url()).content.decode()
    assert "Arriving in the city" in page
    acts = (
        "change",
        "close",
        "facilitators",
        "stewards",
        "about",
        "statements",
        "add-statement",
        "own-links",
        "sheets",
        "assisted",
    )
    assert [act for act in acts if reverse(f"dialogue:{act}", args=[running.pk]) in page] == []


def test_a_statement_of_others_does_not_exist(running):
    statement = running.statements.first()
    address = reverse("dialogue:statement", args=[statement.pk])
    assert [browser_of(who).get(address).status_code for who in ("piotr", "chiara")] == [200, 404]
    decide = reverse("dialogue:decide", args=[statement.pk])
    assert browser_of("chiara").post(decide, {"act": "hostile"}).status_code == 404
    assert browser_of("piotr").get(decide).status_code == 405
    assert type(statement).objects.get(pk=statement.pk).state == "shown"


def test_only_officers_prepare_one_and_only_for_their_city(running):
    asked = {
        who: browser_of(who).get(reverse("dialogue:new", args=["riga"])).status_code
        for who in ("ilze", "piotr", "chiara", "visitor")
    }
    assert asked == {"ilze": 200, "piotr": 403, "chiara": 403, "visitor": 302}
    assert browser_of("ilze").get(reverse("dialogue:new", args=["nowhere"])).status_code == 404


def test_a_facilitator_is_offered_nothing_that_only_officers_do(running):
    page = browser_of("piotr").get(running.get_absolute_url()).content.decode()
    for act in ("close", "facilitators", "stewards"):
        assert f'href="{reverse(f"dialogue:{act}", args=[running.pk])}"' not in page
    assert f'href="{reverse("dialogue:change", args=[running.pk])}"' in page


def test_whoever_sees_it_is_led_to_what_people_think_and_after_the_end_to_the_results(running):
    address = running.get_absolute_url()
    assert f'href="/take-part/{running.slug}/en/picture/"' in page_of("mihai", address)
    close_consultation(by=make_person("ilze"), consultation=running, reason="Enough.", at=timezone.now())
    assert f'href="/en/consultations/{running.slug}/"' in page_of("mihai", address)
