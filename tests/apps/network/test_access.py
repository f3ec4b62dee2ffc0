"""Who may do what with people, cities and organisations, asked at the door itself."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from tests.builders import make_city
from tests.people import give, make_network, make_person

from tessera.apps.network import access
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Kind, Membership, Organisation, Representation, Tie

pytestmark = pytest.mark.django_db

TODAY = date(2024, 3, 4)
LONG_AGO = date(2015, 1, 1)


@pytest.fixture
def places():
    """Riga and Ravenna in a network, Graz outside; and those who have a role in them."""
    network = make_network()
    cities = {slug: make_city(slug) for slug in ("riga", "ravenna", "graz")}
    for slug in ("riga", "ravenna"):
        Membership.objects.create(city=cities[slug], network=network, since=LONG_AGO, source_name="A site")
    give("mihai", Kind.COORDINATOR, network)
    give("nuria", Kind.EXPERT, network)
    give("ilze", Kind.OFFICER, cities["riga"])
    give("andris", Kind.CONTRIBUTOR, cities["riga"])
    give("chiara", Kind.OFFICER, cities["ravenna"])
    return {**cities, "network": network}


GRANTS = {
    "mihai": {
        "coordinator of a network",
        "expert of a network",
        "officer of riga",
        "contributor of riga",
        "facilitator of riga",
        "officer of ravenna",
        "contributor of ravenna",
        "facilitator of ravenna",
    },
    "ilze": {"officer of riga", "contributor of riga", "facilitator of riga"},
    "chiara": {"officer of ravenna", "contributor of ravenna", "facilitator of ravenna"},
    "andris": set(),
    "nuria": set(),
    "piotr": set(),
}


@pytest.mark.parametrize("key", GRANTS)
def test_everybody_gives_the_roles_of_what_they_look_after(places, key):
    found = {
        f"{grant.kind.value} of {'a network' if grant.scope == places['network'] else grant.scope.slug}"
        for grant in access.grants_of(make_person(key), TODAY)
    }

    assert found == GRANTS[key]


MANAGED = {
    "mihai": {"mihai", "nuria", "ilze", "andris", "chiara"},
    "ilze": {"ilze", "andris"},
    "chiara": {"chiara"},
    "andris": PermissionDenied,
    "nuria": PermissionDenied,
    "piotr": PermissionDenied,
}


@pytest.mark.parametrize("manager", MANAGED)
@pytest.mark.parametrize("key", ["mihai", "nuria", "ilze", "andris", "chiara", "piotr"])
def test_somebody_is_found_by_those_who_look_after_them(places, manager, key):
    person, expected = make_person(key), MANAGED[manager]

    if expected is PermissionDenied:
        with pytest.raises(PermissionDenied):
            access.get_person_to_manage(make_person(manager), person.pk, TODAY)
    elif key in expected:
        assert access.get_person_to_manage(make_person(manager), person.pk, TODAY) == person
    else:
        with pytest.raises(Http404):
            access.get_person_to_manage(make_person(manager), person.pk, TODAY)


def test_a_role_that_is_over_opens_nothing(places):
    give("piotr", Kind.OFFICER, places["riga"], since=LONG_AGO, until=date(2024, 3, 3))

    assert not access.acts_for(make_person("piotr"), places["riga"], TODAY)
    assert not access.manages_people(make_person("piotr"), TODAY)
    assert access.acts_for(make_person("piotr"), places["riga"], date(2024, 3, 3))


def test_a_coordinator_looks_after_the_cities_of_the_own_network_only(places):
    mihai = make_person("mihai")

    assert access.get_city_to_edit(mihai, "riga", TODAY) == places["riga"]
    with pytest.raises(PermissionDenied):
        access.get_city_to_edit(mihai, "graz", TODAY)
    with pytest.raises(Http404):
        access.get_city_to_edit(mihai, "nowhere", TODAY)


@pytest.mark.parametrize("key", ["mihai", "andris", "chiara", "nuria", "piotr"])
def test_only_its_officers_read_the_trail_of_a_city(places, key):
    assert access.get_city_for_trail(make_person("ilze"), "riga", TODAY) == places["riga"]
    with pytest.raises(PermissionDenied):
        access.get_city_for_trail(make_person(key), "riga", TODAY)


@pytest.mark.parametrize(
    ("key", "asked"),
    [("mihai", True), ("nuria", True), ("ilze", True), ("andris", False), ("piotr", False)],
)
def test_a_second_step_is_asked_of_those_with_access_to_what_is_not_public(places, key, asked):
    assert access.must_use_second_step(make_person(key), TODAY) is asked


# Two years before 4 March 2024: up to 4 March 2022 included.
@pytest.mark.parametrize(
    ("until", "worked"),
    [(None, True), (date(2022, 3, 4), True), (date(2022, 3, 3), False)],
)
@pytest.mark.parametrize("way", ["officer", "contributor", "tie", "organisation"])
def test_whoever_works_or_lately_worked_for_a_city_is_known_to(places, way, until, worked):
    nuria, riga = make_person("nuria"), places["riga"]
    if way == "tie":
        Tie.objects.create(
            person=nuria,
            city=riga,
            work="A study",
            since=LONG_AGO,
            until=until,
            declared_at=datetime(2024, 1, 1, tzinfo=UTC),
        )
    elif way == "organisation":
        institute = Organisation.objects.create(slug="institute", name=LocalText("en", {"en": "Institute"}))
        Representation.objects.create(organisation=institute, city=riga, since=LONG_AGO, until=until)
        give("nuria", Kind.EXPERT, places["network"], since=date(2016, 1, 1), organisation=institute)
    else:
        give("nuria", Kind(way), riga, until=until)

    assert access.has_worked_for(nuria, riga, TODAY) is worked
    assert not access.has_worked_for(nuria, places["ravenna"], TODAY)


def test_an_organisation_counts_only_while_one_works_for_it(places):
    institute = Organisation.objects.create(slug="institute", name=LocalText("en", {"en": "Institute"}))
    Representation.objects.create(organisation=institute, city=places["riga"], since=LONG_AGO)
    give(
        "nuria",
        Kind.EXPERT,
        places["network"],
        since=date(2016, 1, 1),
        until=date(2021, 1, 1),
        organisation=institute,
    )

    assert not access.has_worked_for(make_person("nuria"), places["riga"], TODAY)


def test_somebody_ends_only_ties_of_their_own(places):
    tie = Tie.objects.create(
        person=make_person("nuria"),
        city=places["riga"],
        work="A study",
        since=LONG_AGO,
        declared_at=datetime(2024, 1, 1, tzinfo=UTC),
    )

    assert access.get_own_tie(make_person("nuria"), tie.pk, TODAY) == tie
    with pytest.raises(Http404):
        access.get_own_tie(make_person("mihai"), tie.pk, TODAY)


def test_a_tie_that_is_over_stays_as_it_was_declared(places):
    tie = Tie.objects.create(
        person=make_person("nuria"),
        city=places["riga"],
        work="A study",
        since=LONG_AGO,
        until=date(2024, 3, 3),
        declared_at=datetime(2024, 1, 1, tzinfo=UTC),
    )

    with pytest.raises(Http404):
        access.get_own_tie(make_person("nuria"), tie.pk, TODAY)


def test_a_city_that_left_is_looked_after_no_more(places):
    Membership.objects.filter(city=places["riga"]).update(until=date(2024, 3, 3))
    mihai = make_person("mihai")

    assert {city.slug for city in access.cities_coordinated_by(mihai, TODAY)} == {"ravenna"}
    with pytest.raises(PermissionDenied):
        access.get_city_to_edit(mihai, "riga", TODAY)
    with pytest.raises(Http404):
        access.get_person_to_manage(mihai, make_person("ilze").pk, TODAY)


def test_whoever_has_no_role_any_more_is_out_of_sight(places):
    give("piotr", Kind.CONTRIBUTOR, places["riga"], until=date(2024, 3, 3))

    assert make_person("piotr") not in access.people_seen_by(make_person("ilze"), TODAY)
    with pytest.raises(Http404):
        access.get_person_to_manage(make_person("ilze"), make_person("piotr").pk, TODAY)


def make_organisation(slug, city=None, **days):
    organisation = Organisation.objects.create(slug=slug, name=LocalText("en", {"en": slug}))
    if city:
        Representation.objects.create(organisation=organisation, city=city, **{"since": LONG_AGO, **days})
    return organisation


def test_an_officer_names_only_employers_that_act_for_the_own_city(places):
    council = make_organisation("council", places["riga"])
    elsewhere = make_organisation("comune", places["ravenna"])
    institute = make_organisation("institute")

    assert set(access.employers_offered_to(make_person("ilze"), TODAY)) == {council}
    assert set(access.employers_offered_to(make_person("mihai"), TODAY)) == {council, elsewhere, institute}


def test_a_coordinator_keeps_no_organisation_of_another_network(places):
    make_organisation("magistrat", places["graz"])

    with pytest.raises(Http404):
        access.get_organisation_to_edit(make_person("mihai"), "magistrat", TODAY)


def test_an_employer_that_acted_before_or_after_ones_time_there_is_no_tie(places):
    institute = make_organisation("institute", places["riga"], since=date(2023, 6, 1))
    give(
        "nuria",
        Kind.EXPERT,
        places["network"],
        since=date(2016, 1, 1),
        until=date(2023, 5, 31),
        organisation=institute,
    )

    assert not access.has_worked_for(make_person("nuria"), places["riga"], TODAY)
