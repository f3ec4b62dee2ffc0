"""Whom a consultation has heard: in a room where the consent text was read out, or on a panel."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.rooms import hold, make_heard, name_stakeholder
from tests.apps.dialogue.staff import browser_of, make_running, page_of
from tests.builders import make_city
from tests.people import make_person

from tessera.apps.dialogue.actions.notes import remove_participant
from tessera.apps.dialogue.actions.stakeholders import NamedAlready, remove_stakeholder
from tessera.apps.dialogue.models import Panel, PanelKind, Rating, Session, SessionParticipant, Stakeholder
from tessera.apps.dialogue.stakeholder_map import read_stakeholder_map
from tessera.apps.network.local_text import LocalText

pytestmark = pytest.mark.django_db

INVITED_ON = date(2026, 11, 3)


@pytest.fixture
def heard():
    return make_heard()


def names(consultation):
    found = read_stakeholder_map(consultation)
    return (
        [each.name for each in found.not_heard],
        [each.name for each in found.invited],
        [(each.stakeholder.name, each.sessions) for each in found.heard],
    )


def test_each_stakeholder_stands_in_one_list(heard):
    name_stakeholder(heard, "Students")
    name_stakeholder(heard, "Shopkeepers", invited_on=INVITED_ON)
    parents = name_stakeholder(heard, "Parents", invited_on=INVITED_ON)
    hold(heard, people=2, stakeholder=parents)
    hold(heard, people=1, stakeholder=parents)
    assert names(heard) == (["Students"], ["Shopkeepers"], [("Parents", 2)])


def test_nobody_is_heard_where_the_consent_text_was_not_read_out(heard):
    parents = name_stakeholder(heard, "Parents")
    hold(heard, people=2, stakeholder=parents, consented=False)
    assert names(heard) == (["Parents"], [], [])


def test_whose_only_participant_takes_back_consent_is_not_heard_any_more(heard):
    parents = name_stakeholder(heard, "Parents", invited_on=INVITED_ON)
    session = hold(heard, people=1, stakeholder=parents)
    assert names(heard) == ([], [], [("Parents", 1)])
    remove_participant(by=make_person("ilze"), participant=session.participants.get(), at=timezone.now())
    assert names(heard) == ([], ["Parents"], [])


def test_whoever_answers_on_a_panel_is_heard_and_whoever_only_has_a_link_is_not(heard):
    people = {name: name_stakeholder(heard, name) for name in ("Clinic", "Landlords")}
    panel = Panel.objects.create(
        consultation=heard,
        kind=PanelKind.DELPHI,
        title=LocalText("en", {"en": "What comes first"}),
        question=LocalText("en", {"en": "How important is it?"}),
    )
    item = panel.items.create(place=1, text=LocalText("en", {"en": "A house"}))
    members = [
        panel.members.create(number=number, stakeholder=stakeholder, token_hash=f"{number}")
        for number, stakeholder in enumerate(people.values(), 1)
    ]
    asked = panel.rounds.create(number=1, opened_on=INVITED_ON, last_day=INVITED_ON)
    Rating.objects.create(round=asked, member=members[0], item=item, value=9)
    found = read_stakeholder_map(heard)
    assert [(each.stakeholder.name, each.sessions, each.panels) for each in found.heard] == [("Clinic", 0, 1)]
    assert [each.name for each in found.not_heard] == ["Landlords"]


def test_stakeholders_of_other_consultations_are_not_on_the_map(heard):
    other = make_running(make_city("lublin", country="PL"), slug="other")
    hold(other, people=1, stakeholder=name_stakeholder(other, "Students"))
    assert names(heard) == ([], [], [])


def test_a_name_stands_on_a_map_once(heard):
    name_stakeholder(heard, "Parents")
    with pytest.raises(NamedAlready):
        name_stakeholder(heard, "Parents")
    assert Stakeholder.objects.count() == 1


def test_participants_stay_when_their_stakeholder_is_taken_off_the_map(heard):
    parents = name_stakeholder(heard, "Parents")
    hold(heard, people=2, stakeholder=parents)
    remove_stakeholder(by=make_person("ilze"), stakeholder=parents, at=timezone.now())
    assert [each.stakeholder for each in SessionParticipant.objects.all()] == [None, None]
    assert Session.objects.count() == 1


# Pages


def test_the_page_begins_with_those_who_are_not_heard(heard):
    name_stakeholder(heard, "Students", why="Nobody asked them.")
    name_stakeholder(heard, "Shopkeepers", invited_on=INVITED_ON)
    hold(heard, people=1, stakeholder=name_stakeholder(heard, "Parents"))
    page = page_of("ilze", reverse("dialogue:stakeholders", args=[heard.pk]))
    places = [
        page.index(words) for words in ("Students", "Invited, and", "Shopkeepers", ">Heard<", "Parents")
    ]
    assert places == sorted(places)
    assert "Nobody asked them." in page
    assert "At 1 session." in page
    assert reverse("dialogue:who", args=[heard.pk]) in page
    section = page_of("ilze", heard.get_absolute_url())
    assert "2 not heard yet" in section
    assert "3 groups and organisations" in section


def test_a_form_adds_and_changes_one_and_says_that_a_name_is_taken(heard):
    browser, address = browser_of("ilze"), reverse("dialogue:add-stakeholder", args=[heard.pk])
    sent = {"kind": "group", "name": " Night  workers ", "invited_on": "2026-11-03", "why": "They sleep."}
    assert browser.post(address, sent).status_code == 302
    kept = Stakeholder.objects.get()
    assert (kept.name, kept.invited_on, kept.why) == ("Night workers", INVITED_ON, "They sleep.")
    again = browser.post(address, sent)
    assert again.status_code == 400
    assert "This name is on the map already." in again.content.decode()
    assert "They sleep." in again.content.decode()
    changed = browser.post(
        reverse("dialogue:stakeholder", args=[kept.pk]), {"kind": "organisation", "name": "Union"}
    )
    assert changed.status_code == 302
    kept.refresh_from_db()
    assert (kept.kind, kept.name, kept.invited_on) == ("organisation", "Union", None)
    assert browser.post(reverse("dialogue:remove-stakeholder", args=[kept.pk])).status_code == 302
    assert not Stakeholder.objects.exists()


def test_the_page_asks_the_database_the_same_number_of_times_whatever_its_size(
    heard, django_assert_max_num_queries
):
    for number in range(30):
        name_stakeholder(heard, f"Group {number:02}")
    hold(heard, people=4, stakeholder=Stakeholder.objects.first())
    browser = browser_of("ilze")
    with django_assert_max_num_queries(20):
        assert browser.get(reverse("dialogue:stakeholders", args=[heard.pk])).status_code == 200
