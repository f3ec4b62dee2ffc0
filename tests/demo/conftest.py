import pytest
from django.db import transaction

from tessera.demo.build import build_network


@pytest.fixture(scope="module")
def network(django_db_setup, django_db_blocker):
    """The demonstration network, built once for a file of tests and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        build_network()
        yield
        transaction.set_rollback(True)
