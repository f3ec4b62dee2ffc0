"""How a consultation stands, what is missing, and the pages that open it, close it and give it to others."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from tests.apps.dialogue.staff import browser_of, days, give_to, make_running, page_of, today
from tests.builders import make_city
from tests.dialogues import SEEDS, make_entrance, make_plan, speak, vote
from tests.people import give, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.setting_up import change_consultation, prepare_consultation
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def riga():
    return make_city("riga")


def url(consultation, act):
    return reverse(f"dialogue:{act}", args=[consultation.pk])


def send(consultation, act, *, who="ilze", **said):
    return browser_of(who).post(url(consultation, act), said, follow=True).content.decode()


def state_of(consultation):
    return Consultation.objects.get(pk=consultation.pk).state


# What is missing


def test_everything_that_is_missing_is_named_with_the_way_to_it(riga):
    draft = make_running(riga, state=State.DRAFT, phases=[days(-9, -1)], seeds=SEEDS[:2])
    plan = make_plan(phases=[days(-9, -1)], languages=("en", "lv"))
    plan = replace(plan, title=LocalText("en", {"en": "T"}), contact=LocalText("en", {"en": "C"}))
    change_consultation(by=make_person("ilze"), consultation=draft, plan=plan, at=timezone.now())

    page = page_of("ilze", draft.get_absolute_url())
    assert "<li>Latvian: Title; Help and contact</li>" in page
    assert "Days to come: the last day is over." in page
    assert "Statements to begin with: 2 of at least 5 are there." in page
    assert f'href="{url(draft, "change")}#texts"' in page
    assert f'href="{url(draft, "change")}#days"' in page
    assert f'href="{url(draft, "add-statement")}"' in page
    assert "Open the consultation" not in page
    form = page_of("ilze", url(draft, "change"))
    assert "Latvian: missing: Title; Help and contact" in form


def test_one_without_days_says_so(riga):
    make_running(riga, slug="other")
    draft = prepare_consultation(
        by=make_person("ilze"),
        city=riga,
        slug="no-days",
        plan=replace(make_plan(), phases=[]),
        invented=True,
        at=timezone.now(),
    )
    page = page_of("ilze", draft.get_absolute_url())
    assert "The days on which people take part." in page
    assert "not set yet" in page


# Opening


def test_opening_is_asked_first_and_then_done(riga):
    draft = make_running(riga, state=State.DRAFT)
    page = page_of("ilze", url(draft, "open"))
    assert "It begins with 5 statements." in page
    assert "It cannot be taken back into preparation." in page
    assert state_of(draft) == State.DRAFT

    assert "The consultation is open." in send(draft, "open")
    assert state_of(draft) == State.OPEN
    assert "It was opened already." in send(draft, "open")


def test_what_is_not_whole_is_not_opened(riga):
    draft = make_running(riga, state=State.DRAFT, seeds=SEEDS[:4])
    page = send(draft, "open")
    assert "It cannot be opened yet. See below what is missing." in page
    assert "4 of at least 5" in page
    assert state_of(draft) == State.DRAFT
    answer = browser_of("ilze").get(url(draft, "open"))
    assert answer["Location"] == draft.get_absolute_url()


def test_between_two_phases_the_page_says_when_it_goes_on(riga):
    paused = make_running(riga, phases=[days(-9, -3), days(2, 9)])
    page = page_of("ilze", paused.get_absolute_url())
    goes_on = date_format(today() + timedelta(days=2))
    assert f"Today nobody can take part. It goes on from {goes_on}." in page


# Closing


def test_who_closes_early_says_why_and_people_keep_their_codes(riga):
    running = make_running(riga, kept_days=30)
    page = page_of("ilze", url(running, "close"))
    assert "with their receipt code for 30 more days" in page
    assert "So say why it ends before." in page

    page = send(running, "close", reason="")
    assert "“Why is it closed before its last day?” is empty. Fill it in." in page
    assert state_of(running) == State.OPEN

    page = send(running, "close", reason="The council decided earlier.")
    closed = Consultation.objects.get(pk=running.pk)
    assert (closed.state, closed.closed_on, closed.closing_reason) == (
        State.CLOSED,
        today(),
        "The council decided earlier.",
    )
    until = date_format(today() + timedelta(days=30))
    assert f"Until {until} people can see and withdraw their answers" in page
    assert "The council decided earlier." in page
    # What cannot be done any more is not offered.
    for act in ("change", "close", "own-links", "add-statement"):
        assert f'href="{url(running, act)}"' not in page


def test_after_the_last_day_no_reason_is_asked(riga):
    past = make_running(riga)
    past.phases.update(starts_on=today() - timedelta(days=9), ends_on=today() - timedelta(days=1))
    assert "Why is it closed before" not in page_of("ilze", url(past, "close"))
    send(past, "close", reason="Not asked.")
    assert Consultation.objects.get(pk=past.pk).closing_reason == ""
    assert state_of(past) == State.CLOSED


# Who keeps it


def test_facilitators_of_the_city_are_chosen_and_taken_away(riga):
    running = make_running(riga)
    page = page_of("ilze", url(running, "facilitators"))
    assert "Riga has no facilitators yet" in page
    assert f'href="{reverse("network:add-person")}"' in page

    piotr = give("piotr", Kind.FACILITATOR, riga)
    give("greta", Kind.FACILITATOR, make_city("lublin"))
    Person.objects.update(language="en")
    page = page_of("ilze", url(running, "facilitators"))
    assert "Piotr" in page
    assert "Greta" not in page

    page = send(running, "facilitators", people=[piotr.pk])
    assert "<bdi>Piotr</bdi> (facilitator)" in page
    assert page_of("piotr", running.get_absolute_url())
    page = send(running, "facilitators")
    assert not running.facilitations.exists()
    assert "Piotr" not in page


@pytest.mark.parametrize("people", [["99999999999999999999"], ["0"], ["x"]])
def test_nobody_else_can_be_chosen(riga, people):
    running = make_running(riga)
    give_to("piotr", running)
    answer = browser_of("ilze").post(url(running, "facilitators"), {"people": people})
    assert answer.status_code == 400
    assert [each.person for each in running.facilitations.all()] == [make_person("piotr")]


# How many take part


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (0, "Fewer than 10 people so far."),
        (9, "Fewer than 10 people so far."),
        (10, "At least 10 people, with at least 10 votes."),
        (19, "At least 10 people, with at least 10 votes."),
        (20, "At least 20 people, with at least 20 votes."),
    ],
)
def test_people_are_counted_in_steps_of_ten(riga, people, words):
    running = make_running(riga)
    statement = running.statements.first()
    for _ in range(people):
        vote(running, statement, day=today())
    assert words in page_of("ilze", running.get_absolute_url())


def test_votes_are_counted_in_steps_of_ten_too(riga):
    running = make_running(riga)
    first, second = running.statements.all()[:2]
    people = [make_entrance() for _ in range(10)]
    for person in people:
        vote(running, first, entrance=person, day=today())
    for person in people[:9]:
        vote(running, second, entrance=person, day=today())
    assert "At least 10 people, with at least 10 votes." in page_of("ilze", running.get_absolute_url())
    vote(running, second, entrance=people[9], day=today())
    assert "At least 10 people, with at least 20 votes." in page_of("ilze", running.get_absolute_url())


def test_votes_of_the_people_who_came_last_wait_for_the_next_step(riga):
    running = make_running(riga)
    first, *others = running.statements.all()
    for _ in range(10):
        vote(running, first, day=today())
    # The eleventh says more than all the others: counted, it would show.
    last = make_entrance()
    for statement in (first, *others):
        vote(running, statement, entrance=last, day=today())
    for number in range(10):
        speak(running, f"And {number}.", entrance=last, key=number, day=today())
    assert "At least 10 people, with at least 10 votes." in page_of("ilze", running.get_absolute_url())


def test_a_list_shows_each_with_what_waits(riga):
    running = make_running(riga)
    speak(running, "Read me.", day=today())
    make_running(riga, slug="closed", state=State.CLOSED)
    page = page_of("ilze", reverse("dialogue:consultations"))
    assert page.count("1 statement waits to be read.") == 1
    assert "Prepare a consultation: Riga" in page
    assert f"Closed on {date_format(today())}." in page
    assert "No consultation yet" in page_of("greta", reverse("dialogue:consultations"))
