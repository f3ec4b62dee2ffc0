"""Giving somebody a role, and ending it."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from tests.builders import make_city
from tests.people import give, make_network, make_person

from tessera.apps.accounts.actions import CannotInvite
from tessera.apps.accounts.models import InvitationState, Person
from tessera.apps.network.access import Grant
from tessera.apps.network.actions import CannotEnd, CannotGive, end_role, give_role, start_network
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Kind, Membership, Organisation, Role
from tessera.apps.records.models import OutgoingMail

pytestmark = pytest.mark.django_db

AT = datetime(2024, 3, 4, 10, tzinfo=UTC)


@pytest.fixture
def riga():
    city = make_city("riga")
    Membership.objects.create(city=city, network=make_network(), source_name="A site")
    give("mihai", Kind.COORDINATOR, make_network())
    give("ilze", Kind.OFFICER, city)
    return city


def give_as(by, grant, **changed):
    given = {
        "email": "Dace@Example.org",
        "name": "Dace",
        "language": "lv",
        "organisation": None,
        "since": date(2024, 3, 4),
        "until": None,
        "at": AT,
        **changed,
    }
    return give_role(by=make_person(by), grant=grant, **given)


def test_somebody_new_is_invited_in_their_language_by_a_link(riga):
    role = give_as("ilze", Grant(Kind.CONTRIBUTOR, riga))

    assert (role.person.email, role.person.name, role.person.language) == ("dace@example.org", "Dace", "lv")
    assert (role.kind, role.city, role.since, role.until) == (Kind.CONTRIBUTOR, riga, date(2024, 3, 4), None)
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.person, mail.language, mail.purpose) == (
        "dace@example.org",
        role.person,
        "lv",
        "invitation",
    )
    assert "/lv/account/invitation/" in mail.text
    assert "/lv/account/invitation/" in mail.html


def test_somebody_who_signs_in_keeps_the_account_and_is_told_of_the_role(riga):
    andris = make_person("andris")
    andris.set_password("a long sentence of words")
    andris.save()

    role = give_as("ilze", Grant(Kind.CONTRIBUTOR, riga), email="ANDRIS@example.org", name="Another")

    assert (role.person, role.person.name) == (andris, "Andris")
    mail = OutgoingMail.objects.get()
    assert mail.purpose == "role"
    assert "/lv/desk/" in mail.text
    assert "invitation" not in mail.text


@pytest.mark.parametrize(
    ("by", "kind"),
    [
        ("ilze", Kind.COORDINATOR),
        ("ilze", Kind.EXPERT),
        ("chiara", Kind.OFFICER),
        ("andris", Kind.CONTRIBUTOR),
        ("nuria", Kind.CONTRIBUTOR),
    ],
)
def test_nobody_gives_a_role_beyond_what_they_look_after(riga, by, kind):
    give("chiara", Kind.OFFICER, make_city("ravenna"))
    give("andris", Kind.CONTRIBUTOR, riga)
    give("nuria", Kind.EXPERT, make_network())
    before = Person.objects.count()
    scope = make_network() if kind in (Kind.COORDINATOR, Kind.EXPERT) else riga

    with pytest.raises(PermissionDenied, match="may not make anybody"):
        give_as(by, Grant(kind, scope))
    assert (Person.objects.count(), OutgoingMail.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    ("since", "until", "taken"),
    [
        (date(2024, 3, 4), None, True),
        (date(2024, 6, 30), date(2024, 12, 31), True),
        (date(2024, 7, 1), None, False),
    ],
)
def test_a_role_is_held_once_at_a_time(riga, since, until, taken):
    give("andris", Kind.CONTRIBUTOR, riga, since=date(2024, 1, 1), until=date(2024, 6, 30))
    given = {"email": "andris@example.org", "since": since, "until": until}

    if taken:
        with pytest.raises(CannotGive, match="Andris is contributor of Riga at that time already"):
            give_as("ilze", Grant(Kind.CONTRIBUTOR, riga), **given)
    else:
        assert give_as("ilze", Grant(Kind.CONTRIBUTOR, riga), **given).since == since


def test_a_role_does_not_begin_in_the_past(riga):
    with pytest.raises(CannotGive, match="begins on 2024-03-04 or later, not on 2024-03-03"):
        give_as("ilze", Grant(Kind.CONTRIBUTOR, riga), since=date(2024, 3, 3))


def test_today_is_the_day_where_the_site_is(riga, settings):
    settings.TIME_ZONE = "Europe/Riga"
    late = datetime(2024, 3, 3, 22, 30, tzinfo=UTC)

    with timezone.override("Europe/Riga"):
        role = give_as("ilze", Grant(Kind.CONTRIBUTOR, riga), at=late, since=date(2024, 3, 4))
        with pytest.raises(CannotGive):
            give_as("ilze", Grant(Kind.OFFICER, riga), at=late, since=date(2024, 3, 3))
    assert role.since == date(2024, 3, 4)


def test_nobody_gives_a_role_to_themselves(riga):
    for kind in (Kind.OFFICER, Kind.CONTRIBUTOR):
        with pytest.raises(CannotGive, match="themselves"):
            give_as("mihai", Grant(kind, riga), email="mihai@example.org")


def test_whoever_coordinates_has_no_role_in_a_city_and_the_other_way_round(riga):
    give("greta", Kind.COORDINATOR, make_network())
    with pytest.raises(CannotGive, match="Greta coordinates a network"):
        give_as("mihai", Grant(Kind.OFFICER, riga), email="greta@example.org")
    with pytest.raises(CannotGive, match="Ilze has a role in a city"):
        give_as("mihai", Grant(Kind.COORDINATOR, make_network()), email="ilze@example.org")


def test_nobody_names_an_employer_beyond_what_they_look_after(riga):
    elsewhere = Organisation.objects.create(slug="comune", name=LocalText("it", {"it": "Comune"}))

    with pytest.raises(PermissionDenied, match="may not say that somebody works for Comune"):
        give_as("ilze", Grant(Kind.CONTRIBUTOR, riga), organisation=elsewhere)


def test_an_invitation_names_all_roles_that_the_link_opens(riga):
    give("nuria", Kind.EXPERT, make_network())

    give_as("ilze", Grant(Kind.CONTRIBUTOR, riga), email="nuria@example.org")

    text = OutgoingMail.objects.get().text
    assert "- expert, A pact" in text
    assert "- contributor, Riga" in text


def test_a_closed_account_gets_no_role(riga):
    andris = make_person("andris")
    andris.is_active = False
    andris.save()

    with pytest.raises(CannotInvite, match="closed"):
        give_as("ilze", Grant(Kind.CONTRIBUTOR, riga), email="andris@example.org")
    assert not Role.objects.filter(person=andris).exists()


def test_a_role_ends_with_a_day_and_stays_on_record(riga):
    role = Role.objects.get(person=give("andris", Kind.CONTRIBUTOR, riga))

    end_role(role=role, by=make_person("ilze"), last_day=date(2024, 3, 31), at=AT)

    role.refresh_from_db()
    assert role.until == date(2024, 3, 31)


@pytest.mark.parametrize("last_day", [date(2016, 1, 1), date(2024, 3, 2)])
def test_a_role_that_was_held_does_not_end_before_yesterday(riga, last_day):
    role = Role.objects.get(person=give("andris", Kind.CONTRIBUTOR, riga))

    with pytest.raises(CannotEnd, match="can end on 2024-03-03 or later"):
        end_role(role=role, by=make_person("ilze"), last_day=last_day, at=AT)
    role.refresh_from_db()
    assert role.until is None


def test_ending_a_role_never_makes_it_longer(riga):
    role = Role.objects.get(person=give("andris", Kind.CONTRIBUTOR, riga, until=date(2024, 3, 4)))

    with pytest.raises(CannotEnd, match="a later day is a new role"):
        end_role(role=role, by=make_person("ilze"), last_day=date(2099, 12, 31), at=AT)


def test_a_role_that_is_over_is_not_brought_back(riga):
    role = Role.objects.get(person=give("andris", Kind.CONTRIBUTOR, riga, until=date(2024, 3, 3)))

    with pytest.raises(Http404):
        end_role(role=role, by=make_person("ilze"), last_day=date(2024, 3, 4), at=AT)


def test_a_network_keeps_somebody_who_coordinates_it(riga):
    role = Role.objects.get(kind=Kind.COORDINATOR)
    with pytest.raises(CannotEnd, match="Mihai is the last one"):
        end_role(role=role, by=make_person("mihai"), last_day=date(2024, 3, 4), at=AT)

    give("greta", Kind.COORDINATOR, make_network())
    end_role(role=role, by=make_person("mihai"), last_day=date(2024, 3, 4), at=AT)
    role.refresh_from_db()
    assert role.until == date(2024, 3, 4)


def test_with_the_last_role_the_link_to_the_first_sign_in_stops_working(riga):
    role = give_as("ilze", Grant(Kind.CONTRIBUTOR, riga))
    other = give_as("ilze", Grant(Kind.OFFICER, riga))

    end_role(role=role, by=make_person("ilze"), last_day=date(2024, 3, 4), at=AT)
    assert role.person.invitations.latest("pk").state(AT) is InvitationState.OPEN
    end_role(role=other, by=make_person("ilze"), last_day=date(2024, 3, 4), at=AT)
    assert role.person.invitations.latest("pk").state(AT) is InvitationState.WITHDRAWN


def test_a_role_that_ends_before_it_began_is_taken_back(riga):
    role = Role.objects.get(person=give("andris", Kind.CONTRIBUTOR, riga, since=date(2024, 4, 1)))

    end_role(role=role, by=make_person("ilze"), last_day=date(2024, 3, 4), at=AT)

    assert not Role.objects.filter(pk=role.pk).exists()


def test_nobody_ends_a_role_in_another_city(riga):
    role = Role.objects.get(person=give("chiara", Kind.OFFICER, make_city("ravenna")))

    with pytest.raises(Http404):
        end_role(role=role, by=make_person("ilze"), last_day=date(2024, 3, 4), at=AT)
    role.refresh_from_db()
    assert role.until is None


def start(email="aino@example.org", name="Aino"):
    return start_network(
        slug="north",
        name=LocalText("en", {"en": "Cities of the north"}),
        first_day=date(2024, 1, 1),
        last_day=date(2026, 12, 31),
        coordinator=name,
        email=email,
        language="en",
        at=AT,
    )


def test_a_network_begins_with_a_link_for_its_coordinator():
    link = start()

    role = Role.objects.get(person__email="aino@example.org")
    assert (role.kind, role.network.slug, role.since) == (Kind.COORDINATOR, "north", date(2024, 3, 4))
    assert "/en/account/invitation/" in link
    mail = OutgoingMail.objects.get()
    assert link in mail.text
    assert "you coordinate it" in mail.text
    assert "Aino invites" not in mail.text


def test_a_network_whose_coordinator_never_came_is_begun_again_with_another():
    start(email="ain@example.org")
    link = start()

    assert Role.objects.get(kind=Kind.COORDINATOR).person.email == "aino@example.org"
    assert link in OutgoingMail.objects.get(to="aino@example.org").text


def test_somebody_who_signs_in_already_begins_a_network_without_a_link():
    mihai = make_person("mihai")
    mihai.set_password("a long sentence of words")
    mihai.save()

    assert start(email="mihai@example.org", name="Mihai") == ""
    assert OutgoingMail.objects.get().purpose == "role"
    with pytest.raises(CannotGive, match="is coordinated already"):
        start()
