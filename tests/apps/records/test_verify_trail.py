"""Nobody alters, drops or swaps an entry of the trail unseen (shared/trust.md, T16)."""

import re
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from tests.apps.records.chains import ENTRIES, LINKS, bypass_triggers, faults, run_sql, write_entries

from tessera.apps.accounts.models import Person
from tessera.apps.records.models import TrailHead, TrailLink
from tessera.apps.records.trail import digest_of, erase_entry, hash_of, seal_entries
from tessera.apps.records.verification import Erasure, verify_trail

HUNDREDS = 100
ALTERATIONS = [
    ("object_repr", "Somebody else"),
    ("changes", '{"name": [null, "Eve"]}'),
    ("action", 2),
    ("timestamp", "2020-01-01 00:00:00+00:00"),
    ("actor_email", "eve@example.org"),
    ("additional_data", '{"city": 99}'),
    ("object_pk", "99"),
    ("object_id", 99),
    ("content_type_id", None),
    ("cid", "x"),
    ("remote_port", 1),
    ("changes_text", "x"),
    ("serialized_data", '{"x": 1}'),
    ("remote_addr", "192.0.2.1"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    entries = write_entries(HUNDREDS)
    bypass_triggers()
    return entries


def each_undone(entries):
    """One entry after the other; what is done to one is taken back before the next."""
    for number, entry in enumerate(entries):
        with transaction.atomic():
            yield number, entry
            transaction.set_rollback(True)


def named(found):
    return {fault.entry_id for fault in found}


def test_a_trail_that_nobody_touched_has_no_fault(entries):
    report = verify_trail(timezone.now())
    assert (report.count, report.erasures, report.unsealed, report.faults) == (HUNDREDS, (), 0, ())
    assert report.head == TrailLink.objects.order_by("sequence").last().link_hash


def test_every_altered_entry_is_found(entries):
    other_kind = ContentType.objects.exclude(pk=entries[0].content_type_id).first().pk
    found = 0
    for number, entry in each_undone(entries):
        column, value = ALTERATIONS[number % len(ALTERATIONS)]
        run_sql(f"UPDATE {ENTRIES} SET {column} = %s WHERE id = %s", value or other_kind, entry.pk)
        found += [str(fault) for fault in faults()] == [f"Entry {entry.pk} (link {number + 1}) was altered."]
    assert found == HUNDREDS


def test_every_dropped_entry_is_found(entries):
    found = 0
    for number, entry in each_undone(entries):
        run_sql(f"DELETE FROM {ENTRIES} WHERE id = %s", entry.pk)
        found += [str(fault) for fault in faults()] == [f"Entry {entry.pk} (link {number + 1}) is gone."]
    assert found == HUNDREDS


def test_every_dropped_link_is_found(entries):
    found = 0
    for number, entry in each_undone(entries):
        run_sql(f"DELETE FROM {LINKS} WHERE entry_id = %s", entry.pk)
        found += any(
            re.match(rf"Link {number + 1} is gone|.*ends at link {number},", str(f)) for f in faults()
        )
    assert found == HUNDREDS


def test_every_two_swapped_entries_are_found(entries):
    """Their contents under each other's number."""
    found = 0
    columns = [f.column for f in LogEntry._meta.concrete_fields if not f.primary_key]
    copied = ", ".join(f"{column} = (SELECT {column} FROM swapped WHERE id = %s)" for column in columns)
    for number, entry in each_undone(entries[:-1]):
        other = entries[number + 1]
        run_sql(
            f"CREATE TEMPORARY TABLE swapped AS SELECT * FROM {ENTRIES} WHERE id IN (%s, %s)",
            entry.pk,
            other.pk,
        )
        run_sql(f"UPDATE {ENTRIES} SET {copied} WHERE id = %s", *[other.pk] * len(columns), entry.pk)
        run_sql(f"UPDATE {ENTRIES} SET {copied} WHERE id = %s", *[entry.pk] * len(columns), other.pk)
        run_sql("DROP TABLE swapped")
        found += named(faults()) == {entry.pk, other.pk}
    assert found == HUNDREDS - 1


def test_every_two_swapped_links_are_found(entries):
    found = 0
    for number, entry in each_undone(entries[:-1]):
        other = entries[number + 1]
        run_sql(f"UPDATE {LINKS} SET entry_id = -1 WHERE entry_id = %s", entry.pk)
        run_sql(f"UPDATE {LINKS} SET entry_id = %s WHERE entry_id = %s", entry.pk, other.pk)
        run_sql(f"UPDATE {LINKS} SET entry_id = %s WHERE entry_id = -1", other.pk)
        found += named(faults()) == {entry.pk, other.pk}
    assert found == HUNDREDS - 1


@pytest.mark.parametrize("column", ["salt", "digest", "previous", "link_hash", "sealed_at"])
def test_an_altered_link_is_found(entries, column):
    value = "2020-01-01 00:00:00+00:00" if column == "sealed_at" else "0" * 64
    run_sql(f"UPDATE {LINKS} SET {column} = %s WHERE sequence = 60", value)
    assert entries[59].pk in named(faults())


def test_an_entry_that_was_put_in_is_found_before_it_is_sealed_and_after(entries):
    long_ago = timezone.now() - timedelta(days=30)
    forged = LogEntry.objects.log_create(Person.objects.first(), action=2, changes={}, timestamp=long_ago)
    assert [str(fault) for fault in faults()] == [
        f"Entry {forged.pk} of {long_ago:%Y-%m-%d} was never sealed."
    ]

    seal_entries(timezone.now)
    [fault] = faults()
    assert fault.entry_id == forged.pk
    assert "it may have been put in afterwards" in str(fault)


def test_an_entry_that_waits_for_its_seal_since_a_moment_is_no_fault(entries):
    Person.objects.create(email="new@example.org", name="New")
    report = verify_trail(timezone.now())
    assert (report.unsealed, report.faults) == (1, ())


def test_a_link_that_was_put_in_is_found(entries):
    forged = LogEntry.objects.log_create(Person.objects.first(), action=2, changes={})
    forged.refresh_from_db()
    last = TrailLink.objects.order_by("sequence").last()
    link = TrailLink(
        sequence=HUNDREDS + 1, entry=forged, salt="0" * 64, previous=last.previous, sealed_at=timezone.now()
    )
    link.digest = digest_of(forged, link.salt)
    link.link_hash = hash_of(link)
    link.save(force_insert=True)
    assert [str(fault) for fault in faults()] == [
        f"Link {HUNDREDS + 1} does not follow the one before it.",
        f"The chain goes on to link {HUNDREDS + 1}, but link {HUNDREDS} was sealed last.",
    ]


def cut_off_tail(count):
    """With everything that tells of it in the database itself."""
    gone = TrailLink.objects.filter(sequence__gt=HUNDREDS - count)
    keys = list(gone.values_list("entry_id", flat=True))
    gone.delete()
    run_sql(f"DELETE FROM {ENTRIES} WHERE id IN ({', '.join(map(str, keys))})")
    last = TrailLink.objects.order_by("sequence").last()
    TrailHead.objects.update(sequence=last.sequence, link_hash=last.link_hash)


def test_a_tail_that_was_cut_off_is_found_by_a_head_that_was_kept_elsewhere(entries):
    kept_long_ago = TrailLink.objects.get(sequence=80).link_hash
    kept_today = TrailHead.objects.get().link_hash
    assert faults(kept_long_ago) == faults(kept_today) == ()

    cut_off_tail(3)

    assert faults() == faults(kept_long_ago) == ()
    [fault] = faults(kept_today)
    assert "its end was cut off" in str(fault)


def test_a_chain_that_was_made_anew_as_a_whole_is_found_by_a_head_that_was_kept_elsewhere(entries):
    kept = TrailHead.objects.get().link_hash
    TrailLink.objects.all().delete()
    TrailHead.objects.all().delete()
    run_sql(f"UPDATE {ENTRIES} SET object_repr = 'Eve' WHERE id = %s", entries[3].pk)
    seal_entries(timezone.now)

    assert faults() == ()
    assert "or it was made anew" in str(faults(kept)[0])


def test_a_head_that_does_not_fit_the_chain_is_found(entries):
    TrailHead.objects.update(sequence=HUNDREDS + 5)
    assert [str(fault) for fault in faults()] == [
        f"The chain ends at link {HUNDREDS}, but link {HUNDREDS + 5} was sealed last."
    ]


def test_a_last_link_that_was_made_anew_is_found(entries):
    run_sql(f"UPDATE {ENTRIES} SET object_repr = 'Eve' WHERE id = %s", entries[-1].pk)
    last = TrailLink.objects.select_related("entry").get(sequence=HUNDREDS)
    last.digest = digest_of(last.entry, last.salt)
    last.link_hash = hash_of(last)
    last.save()
    assert [str(fault) for fault in faults()] == [f"Link {HUNDREDS} is not the one that was sealed last."]


def test_erased_entries_keep_the_chain(entries):
    for entry in entries[::10]:
        erase_entry(entry, reason="asked for by the person", at=timezone.now())
    seal_entries(timezone.now)
    report = verify_trail(timezone.now())
    assert (len(report.erasures), report.count, report.faults) == (10, HUNDREDS + 10, ())


def test_tampering_in_the_guise_of_an_erasure_is_found(entries):
    entry = entries[7]
    run_sql(f"UPDATE {LINKS} SET salt = '', erased_at = sealed_at WHERE entry_id = %s", entry.pk)
    assert [str(fault) for fault in faults()] == [
        f"Entry {entry.pk} (link 8) is marked as erased, but says something.",
        f"Entry {entry.pk} (link 8) is marked as erased, but no entry tells who did it.",
    ]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        (LINKS, "erased_at", "2020-01-01 00:00:00+00:00"),
        (LINKS, "erasure_reason", "court order"),
        (ENTRIES, "action", 2),
        (ENTRIES, "timestamp", "2020-01-01 00:00:00+00:00"),
        (ENTRIES, "additional_data", '{"city": 99}'),
        (ENTRIES, "content_type_id", None),
    ],
)
def test_what_an_erasure_left_cannot_be_altered_unseen(entries, table, column, value):
    entry = entries[7]
    erase_entry(entry, reason="asked for", at=timezone.now())
    seal_entries(timezone.now)
    telling = LogEntry.objects.order_by("pk").last()
    other_kind = ContentType.objects.exclude(pk=entry.content_type_id).first().pk
    key = "entry_id" if table == LINKS else "id"
    run_sql(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", value or other_kind, entry.pk)
    [fault] = faults()
    told = f"is not erased as entry {telling.pk} tells: date, reason or rest was altered."
    assert str(fault) == f"Entry {entry.pk} (link 8) {told}"


def test_an_erasure_that_was_forged_with_an_entry_that_does_not_fit_is_found(entries):
    erase_as_a_forger(entries[7], tell={})
    [fault] = faults()
    assert fault.entry_id == entries[7].pk
    assert f"is not erased as entry {LogEntry.objects.latest('pk').pk} tells" in str(fault)


def test_an_entry_that_tells_of_another_reason_than_the_first_is_found(entries):
    """The reason is altered, and an entry put in that fits."""
    erase_entry(entries[7], reason="asked for", at=timezone.now())
    telling = LogEntry.objects.order_by("pk").last()
    run_sql(f"UPDATE {LINKS} SET erasure_reason = 'court order' WHERE entry_id = %s", entries[7].pk)
    LogEntry.objects.log_create(
        TrailLink.objects.get(entry_id=entries[7].pk),
        action=1,
        changes={**telling.changes, "erasure_reason": [None, "court order"]},
        additional_data=telling.additional_data,
        timestamp=telling.timestamp,
    )
    seal_entries(timezone.now)
    assert named(faults()) == {entries[7].pk}


def test_an_erasure_that_is_dated_back_is_found(entries):
    """The entry that tells of it carries the day itself, and one that is sealed late is a fault."""
    erase_entry(entries[7], reason="asked for", at=timezone.now() - timedelta(days=300))
    telling = LogEntry.objects.latest("pk")
    with transaction.atomic():
        run_sql(f"UPDATE {ENTRIES} SET timestamp = %s WHERE id = %s", str(timezone.now()), telling.pk)
        seal_entries(timezone.now)
        assert named(faults()) == {entries[7].pk}
        transaction.set_rollback(True)
    seal_entries(timezone.now)
    assert named(faults()) == {telling.pk}


def test_each_erasure_is_listed(entries):
    at = timezone.now()
    erase_entry(entries[7], reason="asked for", at=at)
    seal_entries(timezone.now)
    [erasure] = verify_trail(timezone.now()).erasures
    assert erasure == Erasure(8, entries[7].pk, at, "asked for", "")


def erase_as_a_forger(entry, tell):
    run_sql(
        f"UPDATE {LINKS} SET salt = '', erased_at = sealed_at, erasure_reason = 'x' WHERE entry_id = %s",
        entry.pk,
    )
    emptied = dict.fromkeys(("object_id", "changes", "actor", "actor_email"))
    LogEntry.objects.filter(pk=entry.pk).update(object_pk="", object_repr="", **emptied)
    link = TrailLink.objects.get(entry_id=entry.pk)
    LogEntry.objects.log_create(link, action=1, changes={"erased_at": [None, "x"]}, additional_data=tell)
    seal_entries(timezone.now)


def test_words_that_are_put_into_an_erased_entry_are_found(entries):
    erase_entry(entries[7], reason="asked for", at=timezone.now())
    run_sql(f"UPDATE {ENTRIES} SET object_repr = 'Eve' WHERE id = %s", entries[7].pk)
    assert [str(f) for f in faults()] == [
        f"Entry {entries[7].pk} (link 8) is marked as erased, but says something."
    ]
