import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from tests.apps.records.chains import run_sql, write_entries

from tessera.apps.records.models import TrailLink
from tessera.apps.records.trail import erase_entry, seal_entries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "assignment", ["object_repr = 'Eve'", "timestamp = NULL", "id = 99999", "actor_id = NULL"]
)
def test_the_database_refuses_to_change_an_entry(assignment):
    [entry] = write_entries(1)
    with pytest.raises(IntegrityError, match=r"An entry of the trail never changes\."), transaction.atomic():
        run_sql(f"UPDATE auditlog_logentry SET {assignment} WHERE id = %s", entry.pk)


def test_the_database_refuses_to_change_an_entry_before_it_is_sealed(ilze):
    with pytest.raises(IntegrityError, match=r"An entry of the trail never changes\."), transaction.atomic():
        LogEntry.objects.update(object_repr="Eve")


@pytest.mark.parametrize(
    "assignment",
    [
        "digest = 'x'",
        "salt = ''",
        "salt = 'x'",
        "sequence = sequence + 5",
        "salt = '', erased_at = sealed_at, digest = 'x'",
        "salt = '', erased_at = sealed_at, entry_id = entry_id + 5",
        "salt = '', erased_at = sealed_at, entry_id = NULL",
    ],
)
def test_the_database_refuses_to_change_a_link(assignment):
    write_entries(1)
    with pytest.raises(IntegrityError, match=r"A link of the trail never changes\."), transaction.atomic():
        run_sql(f"UPDATE records_traillink SET {assignment}")


def test_the_database_refuses_to_date_an_erasure_anew():
    [entry] = write_entries(1)
    erase_entry(entry, reason="asked for", at=timezone.now())
    with pytest.raises(IntegrityError, match=r"A link of the trail never changes\."), transaction.atomic():
        TrailLink.objects.filter(entry=entry).update(erased_at=timezone.now())


def test_an_entry_that_is_sealed_is_not_deleted_by_the_program(ilze):
    seal_entries(timezone.now)
    with pytest.raises(ProtectedError):
        LogEntry.objects.all().delete()


def test_a_city_finds_its_entries_by_an_index():
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "auditlog_logentry")
    assert "records_entry_city" in constraints
