"""The standing people, the same as in the demonstration. Amina has no account, and so no record."""

from datetime import date

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City, Kind, Network, Role
from tessera.demo.data import invented

EVERYBODY = ("ilze", "andris", "chiara", "nuria", "piotr", "mihai", "greta", "jonas")


def make_person(key):
    """The person, recorded once however often a test asks."""
    entry = invented()["people"][key]
    person, _ = Person.objects.get_or_create(
        email=entry["email"], defaults={"name": entry["name"], "language": entry["language"]}
    )
    return person


def make_officer(key, city, *, since=date(2015, 1, 1), until=None):
    """The person, acting for the city since long ago unless a test says otherwise."""
    return give(key, Kind.OFFICER, city, since=since, until=until)


def make_network():
    """The network that the standing people work in, begun once however often a test asks."""
    network, _ = Network.objects.get_or_create(
        slug="pact",
        defaults={
            "name": LocalText("en", {"en": "A pact"}),
            "starts_on": date(2015, 1, 1),
            "ends_on": date(2040, 1, 1),
            "source_name": "A site",
        },
    )
    return network


def give(key, kind, scope, *, since=date(2015, 1, 1), until=None, organisation=None):
    """The person, with a role in a network or city."""
    person = make_person(key)
    place = {"city": scope} if isinstance(scope, City) else {"network": scope}
    Role.objects.get_or_create(
        person=person, kind=kind, since=since, until=until, organisation=organisation, **place
    )
    return person
