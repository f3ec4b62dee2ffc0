import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from tests.apps.accounts.signing_in import PASSWORD, is_signed_in, sign_in
from tests.cli.running import tessera
from tests.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ilze(client, db):
    """She has a second step, and is signed in somewhere."""
    person = make_person("ilze")
    person.set_password(PASSWORD)
    person.save()
    sign_in(client)
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=person, type=kind, data={})
    return person


def test_a_closed_account_lets_nobody_in_and_opens_again(client, ilze):
    assert is_signed_in(client)
    done = tessera("person", "close", "ILZE@example.org")
    assert done.stdout == "The account of Ilze is closed, and every session of it has ended.\n"
    ilze.refresh_from_db()
    assert not ilze.is_active
    assert not is_signed_in(client)

    assert tessera("person", "open", "ilze@example.org").stdout == "The account of Ilze is open.\n"
    ilze.refresh_from_db()
    assert ilze.is_active


def test_whoever_lost_the_second_step_sets_up_another(client, ilze):
    done = tessera("person", "reset-second-step", "ilze@example.org")

    assert done.stdout == "Ilze has no second step any more, and every session has ended.\n"
    assert not Authenticator.objects.filter(user=ilze).exists()
    assert not UserSession.objects.filter(user=ilze).exists()
    assert not is_signed_in(client)


@pytest.mark.parametrize("act", ["close", "open", "reset-second-step"])
def test_an_address_that_nobody_has_is_refused(act):
    done = tessera("person", act, "nobody@example.org")

    assert (done.returncode, done.stderr) == (2, "Nobody here has the address 'nobody@example.org'.\n")
