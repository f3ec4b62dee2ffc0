import pytest
from tests.apps.accounts.signing_in import PASSWORD
from tests.people import make_person


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """A good hash takes a third of a second, which hundreds of sign-ins would feel."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ilze(db):
    person = make_person("ilze")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def mihai(db):
    return make_person("mihai")
