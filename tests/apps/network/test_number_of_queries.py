"""A longer list asks the database no more questions."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.builders import make_city
from tests.people import give, make_network, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import (
    CityFact,
    Kind,
    Membership,
    Organisation,
    Representation,
    Role,
    Tie,
    Topic,
    Unit,
)

pytestmark = pytest.mark.django_db


def fill(number, prefix):
    """So many more cities, each with a figure, an officer, an organisation and a tie of the expert."""
    for place in range(number):
        city = make_city(f"{prefix}-{place}")
        Membership.objects.create(city=city, network=make_network(), source_name="A site")
        CityFact.objects.create(
            city=city,
            topic=Topic.POPULATION,
            figure=1000,
            unit=Unit.INHABITANTS,
            year=2020,
            source_name="A census",
        )
        person = Person.objects.create(email=f"{prefix}{place}@example.org", name=f"Officer {place}")
        organisation = Organisation.objects.create(
            slug=f"{prefix}-{place}", name=LocalText("en", {"en": f"Town hall {place}"})
        )
        day = date(2020, 1, 1)
        Representation.objects.create(organisation=organisation, city=city, since=day)
        Role.objects.create(person=person, kind=Kind.OFFICER, city=city, organisation=organisation, since=day)
        Role.objects.create(person=make_person("ilze"), kind=Kind.CONTRIBUTOR, city=city, since=day)
        Tie.objects.create(
            person=make_person("nuria"), city=city, work="A study", since=day, declared_at="2024-01-01T00:00Z"
        )


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("mihai", "/en/desk/"),
        ("mihai", "/en/desk/people/"),
        ("mihai", "/en/desk/people/new/"),
        ("mihai", "/en/desk/cities/"),
        ("mihai", "/en/desk/organisations/"),
        ("nuria", "/en/desk/ties/"),
        ("ilze", "/en/desk/"),
        ("ilze", "/en/desk/cities/riga/trail/"),
    ],
)
def test_a_page_asks_as_much_for_forty_as_for_four(client, settings, key, address):
    settings.SECOND_STEP_REQUIRED = False
    riga = make_city("riga")
    give("mihai", Kind.COORDINATOR, make_network())
    give("nuria", Kind.EXPERT, make_network())
    give("ilze", Kind.OFFICER, riga)
    client.force_login(make_person(key))
    counts = []
    for number, prefix in ((4, "a"), (36, "b")):
        fill(number, prefix)
        for place in range(number):
            CityFact.objects.create(
                city=riga,
                topic=Topic.PILOT,
                text=LocalText("en", {"en": f"{prefix}{place}"}),
                source_name="A",
            )
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[1] <= 28
