import pytest
from django.db import transaction

from tessera.demo.build import build_network


@pytest.fixture(scope="package")
def network(django_db_setup, django_db_blocker):
    """The demonstration network, built once and taken back after the last test that uses it."""
    with django_db_blocker.unblock(), transaction.atomic():
        build_network()
        yield
        transaction.set_rollback(True)
