"""The standing people, the same as in the demonstration. Amina has no account, and so no record."""

from datetime import date

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Officer
from tessera.demo.data import invented

EVERYBODY = ("ilze", "andris", "chiara", "nuria", "piotr", "mihai", "greta")


def make_person(key):
    """The person, recorded once however often a test asks."""
    entry = invented()["people"][key]
    person, _ = Person.objects.get_or_create(
        email=entry["email"], defaults={"name": entry["name"], "language": entry["language"]}
    )
    return person


def make_officer(key, city, *, since=date(2015, 1, 1), until=None):
    """The person, acting for the city since long ago unless a test says otherwise."""
    person = make_person(key)
    Officer.objects.get_or_create(person=person, city=city, since=since, until=until)
    return person
