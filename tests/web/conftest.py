import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import translation
from tests.conftest import storages_in
from tests.web.things import make_things


@pytest.fixture(autouse=True)
def in_english():
    """A page that a test asked for leaves its language behind; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def things(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """What a row names, made once for all rows that need the same, and taken back after them."""
    storages = storages_in(tmp_path_factory.mktemp("files"))
    with (
        override_settings(STORAGES=storages),
        translation.override("en"),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield make_things(request.param)
        transaction.set_rollback(True)
