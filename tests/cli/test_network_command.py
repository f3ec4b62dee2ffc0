import pytest
from tests.cli.running import tessera
from tests.people import give, make_network, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind, Network, Role
from tessera.apps.records.models import OutgoingMail

pytestmark = pytest.mark.django_db

GIVEN = {
    "--coordinator": "Aino",
    "--email": "aino@example.org",
    "--first-day": "2026-01-01",
    "--last-day": "2028-12-31",
}


def start(name="Cities of the north", **changed):
    options = {**GIVEN, **{f"--{key.replace('_', '-')}": value for key, value in changed.items()}}
    return tessera("network", "start", name, *(part for pair in options.items() for part in pair))


def test_a_network_begins_and_its_coordinator_gets_a_link():
    done = start()

    assert (done.returncode, done.stderr) == (0, "")
    link = done.stdout.splitlines()[-1]
    assert "/en/account/invitation/" in link
    assert link in OutgoingMail.objects.get().text
    role = Role.objects.get()
    assert (role.kind, role.network.slug, role.person.name) == (
        Kind.COORDINATOR,
        "cities-of-the-north",
        "Aino",
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "…"}, "has no letter that an address can be made of"),
        ({"email": "aino"}, "'aino' is no e-mail address"),
        ({"language": "xx"}, "no language 'xx'; accepted: en, lv"),
        ({"last_day": "2025-01-01"}, "The last day, 2025-01-01, is before the first, 2026-01-01"),
        ({"name": "Pact"}, "A pact is coordinated already. Its coordinators invite others."),
        ({"email": "greta@example.org"}, "The account of Greta is closed"),
        ({"first_day": "1.1.2026"}, "1.1.2026"),
    ],
)
def test_wrong_input_is_refused_in_plain_words_and_changes_nothing(changed, words):
    mihai = give("mihai", Kind.COORDINATOR, make_network())
    mihai.set_password("a long sentence of words")
    mihai.save()
    make_person("greta")
    Person.objects.filter(email="greta@example.org").update(is_active=False)

    done = start(**changed)

    assert done.returncode == 2
    assert words in done.stderr
    assert (Network.objects.count(), Role.objects.count(), OutgoingMail.objects.count()) == (1, 1, 0)
