"""A trail to tamper with."""

from auditlog.models import LogEntry
from django.db import connection
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.records.trail import seal_entries
from tessera.apps.records.verification import verify_trail

ENTRIES = "auditlog_logentry"
LINKS = "records_traillink"


def write_entries(count):
    """Entries as the program leaves them: people who are recorded, and rename themselves."""
    for number in range((count + 1) // 2):
        person = Person.objects.create(email=f"{number}@example.org", name=f"Person {number}")
        person.name = f"Person {number} of Riga"
        person.save(update_fields=["name"])
    surplus = LogEntry.objects.order_by("-pk").values_list("pk", flat=True)[: count % 2]
    LogEntry.objects.filter(pk__in=list(surplus)).delete()
    seal_entries(timezone.now)
    return list(LogEntry.objects.order_by("pk"))


def bypass_triggers():
    for table, trigger in ((ENTRIES, "records_entry_never_changes"), (LINKS, "records_link_never_changes")):
        run_sql(f"DROP TRIGGER {trigger}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def run_sql(statement, *values):
    """Past the program, as somebody would who holds the password of the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults(expected_head=None):
    return verify_trail(timezone.now(), expected_head).faults
