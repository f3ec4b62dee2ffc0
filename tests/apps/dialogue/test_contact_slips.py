"""How to reach people is kept for one purpose and until a day, and tied to nothing they said."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.rooms import days_ago, make_heard
from tests.apps.dialogue.staff import browser_of, page_of, today
from tests.dialogues import put_in_state
from tests.people import make_person

from tessera.apps.dialogue.actions.contacts import KeptTooLong, erase_contact, keep_contact
from tessera.apps.dialogue.jobs import erase_contacts
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import ContactSlip, Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    return make_heard()


def keep(consultation, name="Amina", *, purpose=Purpose.INVITE, until=None):
    return keep_contact(
        by=make_person("ilze"),
        consultation=consultation,
        purpose=purpose,
        name=name,
        way="+371 20 000 000",
        language="ar",
        until=until or today() + timedelta(days=30),
        at=timezone.now(),
    )


def left():
    return sorted(ContactSlip.objects.values_list("name", flat=True))


def test_a_slip_says_what_for_since_when_and_until_when(heard):
    kept = ContactSlip.objects.get(pk=keep(heard).pk)
    assert (kept.purpose, kept.name, kept.way, kept.language) == ("invite", "Amina", "+371 20 000 000", "ar")
    assert (kept.consented_on, kept.until) == (today(), today() + timedelta(days=30))


@pytest.mark.parametrize("days", [-1, 549])
def test_a_slip_is_kept_neither_for_no_time_nor_for_ever(heard, days):
    with pytest.raises(KeptTooLong):
        keep(heard, until=today() + timedelta(days=days))
    assert left() == []


@pytest.mark.parametrize("days", [0, 548])
def test_a_day_and_a_year_and_a_half_are_taken(heard, days):
    keep(heard, until=today() + timedelta(days=days))
    assert left() == ["Amina"]


def test_the_clock_erases_a_slip_on_the_day_after_its_last_and_no_other(heard):
    keep(heard, "First", until=today() + timedelta(days=10))
    keep(heard, "Second", until=today() + timedelta(days=11))
    assert erase_contacts(today() + timedelta(days=10)) == 0
    assert erase_contacts(today() + timedelta(days=11)) == 1
    assert left() == ["Second"]


def test_who_wished_to_be_told_is_erased_sixty_days_after_the_answer(heard):
    for purpose in Purpose:
        keep(heard, purpose.value, purpose=purpose, until=today() + timedelta(days=300))
    assert erase_contacts(today() + timedelta(days=61)) == 0
    put_in_state(heard, State.ANSWERED)
    assert erase_contacts(today() + timedelta(days=60)) == 0
    assert left() == ["invite", "tell-answer"]
    assert erase_contacts(today() + timedelta(days=61)) == 1
    assert left() == ["invite"]


def test_the_trail_says_that_a_slip_was_there_and_not_whose(heard):
    slip = keep(heard)
    erase_contact(by=make_person("ilze"), slip=slip, at=timezone.now())
    entries = LogEntry.objects.get_for_model(ContactSlip)
    assert entries.count() == 2
    kept = str(list(entries.values()))
    assert "Amina" not in kept
    assert "20 000 000" not in kept
    assert left() == []


# The page


def sent(**said):
    return {
        "purpose": "tell-answer",
        "name": "Amina",
        "way": "amina@example.org",
        "language": "ar",
        "until": (today() + timedelta(days=30)).isoformat(),
        "agreed": "on",
    } | said


def address_of(consultation):
    return reverse("dialogue:contacts", args=[consultation.pk])


def test_a_form_keeps_a_slip_and_a_button_erases_it(heard):
    browser = browser_of("piotr")
    assert browser.post(address_of(heard), sent()).status_code == 302
    page = page_of("ilze", address_of(heard))
    assert "amina@example.org" in page
    assert "Arabic" in page
    slip = ContactSlip.objects.get()
    assert browser.post(reverse("dialogue:erase-contact", args=[slip.pk])).status_code == 302
    assert left() == []


def test_past_its_day_nobody_reads_a_slip_even_before_the_clock_comes_by(heard):
    keep(heard, "Past")
    keep(heard, "On its last day", until=today())
    ContactSlip.objects.filter(name="Past").update(consented_on=days_ago(9), until=days_ago(1))
    page = page_of("ilze", address_of(heard))
    assert "On its last day" in page
    assert "Past" not in page


def test_the_form_proposes_half_a_year(heard):
    assert f'value="{days_ago(-183).isoformat()}"' in page_of("ilze", address_of(heard))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("agreed", "", "is not ticked"),
        ("way", "at the corner", "Give an e-mail address, or a telephone number in digits."),
        ("until", "2020-01-01", "This day is past."),
        ("until", "2099-01-01", "It is kept for at most 548 days."),
        ("purpose", "advertising", "Select a valid choice"),
    ],
)
def test_what_cannot_be_kept_is_said_at_the_field_and_nothing_typed_is_lost(heard, field, value, said):
    answer = browser_of("ilze").post(address_of(heard), sent(**{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert 'value="Amina"' in page
    assert left() == []
