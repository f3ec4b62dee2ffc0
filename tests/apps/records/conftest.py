from pathlib import Path

import pytest

from tessera.apps.accounts.models import Person


@pytest.fixture
def ilze(db):
    return Person.objects.create(email="ilze@example.org", name="Ilze", language="lv")


@pytest.fixture
def trial_mail(settings):
    """The name of a mail that only these tests have."""
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}]
    return "trial/mail/invitation"
