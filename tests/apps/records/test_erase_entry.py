from datetime import UTC, datetime

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from tests.apps.records.chains import faults

from tessera.apps.accounts.models import Person
from tessera.apps.records.models import TrailLink
from tessera.apps.records.trail import erase_entry, seal_entries

pytestmark = pytest.mark.django_db

MARKER = "Marta Nezināmā"
AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def entry(ilze, monkeypatch):
    """An entry about Marta, made by Ilze for the city 7, sealed and with something in every field."""
    seal_entries(timezone.now)
    entry = LogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Person),
        object_pk=MARKER,
        object_id=9_876_543_210,
        object_repr=MARKER,
        serialized_data={"name": MARKER},
        action=LogEntry.Action.UPDATE,
        changes_text=MARKER,
        changes={"name": [None, MARKER]},
        actor=ilze,
        cid=MARKER,
        remote_addr="192.0.2.1",
        remote_port=1,
        additional_data={"city": 7, "actor": MARKER},
        actor_email="marta@example.org",
    )
    seal_entries(timezone.now)
    return entry


def everything_kept():
    entries = LogEntry.objects.filter(content_type__model="person").exclude(object_repr="Ilze")
    return str([*entries.values(), *TrailLink.objects.values()])


def test_what_an_entry_said_is_gone_and_its_place_stays(entry):
    before = TrailLink.objects.get(entry=entry)
    erase_entry(entry, reason="asked for by the person", at=AT)

    for marker in (MARKER, "9876543210", "192.0.2.1", "marta@example.org"):
        assert marker not in everything_kept()
    entry.refresh_from_db()
    assert (entry.actor, entry.action, entry.additional_data) == (None, LogEntry.Action.UPDATE, {"city": 7})
    link = TrailLink.objects.get(entry=entry)
    assert (link.salt, link.erased_at, link.erasure_reason) == ("", AT, "asked for by the person")
    assert (link.digest, link.link_hash) == (before.digest, before.link_hash)
    assert faults() == ()


def test_another_entry_of_the_same_city_tells_of_the_erasure(entry):
    link = TrailLink.objects.get(entry=entry)
    erase_entry(entry, reason="asked for by the person", at=AT)

    telling = LogEntry.objects.order_by("pk").last()
    assert (telling.object_id, telling.additional_data["city"]) == (link.sequence, 7)
    assert telling.additional_data["erased"]["link_hash"] == link.link_hash
    assert telling.timestamp == AT
    assert telling.changes["erasure_reason"] == [None, "asked for by the person"]
    with pytest.raises(ValueError, match="It holds nothing to erase"):
        erase_entry(telling, reason="to hide it", at=AT)


def test_an_entry_that_was_not_sealed_yet_is_sealed_first(ilze):
    erase_entry(LogEntry.objects.get(), reason="asked for", at=AT)
    assert TrailLink.objects.get().erased_at == AT
    assert faults() == ()


def test_erasing_twice_is_harmless(entry):
    erase_entry(entry, reason="asked for", at=AT)
    count = LogEntry.objects.count()
    erase_entry(entry, reason="again", at=timezone.now())
    assert LogEntry.objects.count() == count
    assert TrailLink.objects.get(entry=entry).erased_at == AT
