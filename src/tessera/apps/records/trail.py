"""The trail of who changed what: keeping it, sealing it as a chain, erasing what must go.

django-auditlog writes an entry for every change of a model that an app registers here, in one transaction
with the change. After the commit every new entry gets a link in a chain of salted digests, so that nobody can
alter, drop or swap an entry unseen.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from auditlog.context import disable_auditlog
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone

from tessera.apps.records.acting import acting_now
from tessera.apps.records.models import TrailHead, TrailLink

# What lets its holder in, or says only that somebody was there.
_NEVER_KEPT = re.compile(r"password|last_login|session|token|secret")
# What an entry says. A field that auditlog adds one day is not sealed until it stands here, and then only
# in a new form of the digest: the old ones must still hold.
_SEALED_FIELDS = (
    "id",
    "content_type_id",
    "object_pk",
    "object_id",
    "object_repr",
    "serialized_data",
    "action",
    "changes_text",
    "changes",
    "actor_id",
    "cid",
    "remote_addr",
    "remote_port",
    "timestamp",
    "additional_data",
    "actor_email",
)
# What an erasure takes away, and leaves empty. Of `additional_data` the city alone stays: that something of
# this kind happened then, and to which city.
_ERASED_FIELDS: dict[str, Any] = {
    "object_pk": "",
    "object_id": None,
    "object_repr": "",
    "serialized_data": None,
    "changes_text": "",
    "changes": None,
    "actor": None,
    "cid": None,
    "remote_addr": None,
    "remote_port": None,
    "actor_email": None,
}
_GO_BY_THEIR_KIND: set[type[models.Model]] = set()


def keep_trail(
    model: type[models.Model], *, leave_out: Collection[str] = (), without: Collection[str] = ()
) -> None:
    """Let every change of a model's rows leave an entry, or else not happen.

    Passwords, tokens and what else lets somebody in are left out by their names, and the fields that are
    named in `leave_out`. Rows of such a model go by their kind alone: their name may tell what is left out.
    Fields that are named in `without` are left out, too, and the name of the row tells nothing of them.
    Entries of a model with a property `trail_city_id` belong to that city's trail.
    """
    for name in (*leave_out, *without):
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist as error:
            raise ValueError(f"{model.__name__} has no field {name!r} to leave out.") from error
    kept = [
        field.name
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.name in {*leave_out, *without} or _NEVER_KEPT.search(field.name))
    ]
    auditlog.register(model, include_fields=kept)
    if leave_out:
        _GO_BY_THEIR_KIND.add(model)
    # auditlog asks every row for this method.
    model.add_to_class("get_additional_data", _name_its_city)
    # It writes the entry before the row is changed, or after it was made, and opens no transaction itself.
    model.add_to_class("save", transaction.atomic(model.save))


def without_entries() -> AbstractContextManager[None]:
    """For what people who take part do, and what goes along: an entry would say at which second."""
    return disable_auditlog()


def _name_its_city(row: models.Model) -> dict[str, int] | None:
    city_id = getattr(row, "trail_city_id", None)
    return None if city_id is None else {"city": city_id}


def prepare_entry(instance: LogEntry, **signal: object) -> None:
    """Name who acts, by the name of this moment, before an entry is written."""
    if not instance._state.adding:
        return
    model = instance.content_type.model_class()
    if model in _GO_BY_THEIR_KIND:
        instance.object_repr = model._meta.model_name
    acting = acting_now()
    if acting is not None:
        person = acting.person
        instance.actor = person
        instance.actor_email = person.email if person else None
        name = person.name if person else ""
        instance.additional_data = {**(instance.additional_data or {}), "actor": name}


def seal_after_commit(created: bool, **signal: object) -> None:
    # Django forgets what was registered in a savepoint that is rolled back, and so its own list is asked.
    waiting = (registered[1] for registered in connection.run_on_commit)
    if created and not any(isinstance(func, partial) and func.func is seal_new_entries for func in waiting):
        # Robust: the act is done by then. What was not sealed is sealed by the next act, or by the job.
        transaction.on_commit(partial(seal_new_entries, timezone.now), robust=True)


@transaction.atomic
def seal_new_entries(now: Callable[[], datetime]) -> int:
    """Link the entries with numbers above the newest one that is linked; returns how many there were.

    However long the trail, this is quick. It passes over an entry whose number was given earlier and that was
    committed later; `seal_entries` finds it.
    """
    head = _lock_head()
    newest = TrailLink.objects.aggregate(newest=Max("entry_id"))["newest"] or 0
    return _seal_all(LogEntry.objects.filter(pk__gt=newest), head, now)


@transaction.atomic
def seal_entries(now: Callable[[], datetime]) -> int:
    """Link every entry that has no link yet, which takes a look at the whole trail; returns how many."""
    return _seal_all(LogEntry.objects.filter(trail_link=None), _lock_head(), now)


def _seal_all(entries: models.QuerySet[LogEntry], head: TrailHead, now: Callable[[], datetime]) -> int:
    links = []
    for entry in entries.order_by("pk").iterator():
        link = _seal(entry, head, now())
        head.sequence, head.link_hash = link.sequence, link.link_hash
        links.append(link)
    TrailLink.objects.bulk_create(links, batch_size=500)
    if links:
        head.save(update_fields=["sequence", "link_hash"])
    return len(links)


def _lock_head() -> TrailHead:
    """Only one at a time passes here, until its transaction ends.

    SQLite knows no lock of a row: there the transaction holds the whole database from its beginning.
    """
    TrailHead.objects.get_or_create(pk=1)
    return TrailHead.objects.select_for_update().get(pk=1)


def _seal(entry: LogEntry, head: TrailHead, at: datetime) -> TrailLink:
    link = TrailLink(
        sequence=head.sequence + 1,
        entry=entry,
        salt=secrets.token_hex(32),
        previous=head.link_hash,
        sealed_at=at,
    )
    link.digest = digest_of(entry, link.salt)
    link.link_hash = hash_of(link)
    return link


def digest_of(entry: LogEntry, salt: str) -> str:
    """SHA-256 over the salt and what the entry says, as JSON with its keys in order."""
    said = {name: getattr(entry, name) for name in _SEALED_FIELDS}
    said["timestamp"] = _write_time(entry.timestamp)
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def hash_of(link: TrailLink) -> str:
    """SHA-256 over everything in a link that outlives an erasure."""
    said = [link.sequence, link.entry_id, link.digest, link.previous, _write_time(link.sealed_at)]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _write_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@transaction.atomic
def erase_entry(entry: LogEntry, *, reason: str, at: datetime) -> None:
    """Take away what an entry says, and whom it names. The chain still holds, and another entry tells of it.

    Raises ValueError for an entry that tells of an erasure: without it, the erased one would look tampered
    with.
    """
    if is_erasure(entry):
        raise ValueError(f"Entry {entry.pk} tells that another one was erased. It holds nothing to erase.")
    seal_entries(timezone.now)
    link = TrailLink.objects.select_for_update().get(entry_id=entry.pk)
    if link.erased_at is not None:
        return
    link.salt, link.erased_at, link.erasure_reason = "", at, reason
    link.save(update_fields=["salt", "erased_at", "erasure_reason"])
    city = _city_alone(entry)
    LogEntry.objects.filter(pk=entry.pk).update(**_ERASED_FIELDS, additional_data=city)
    entry.refresh_from_db()
    LogEntry.objects.log_create(
        link,
        action=LogEntry.Action.UPDATE,
        changes={"erased_at": [None, _write_time(at)], "erasure_reason": [None, reason]},
        additional_data={**(city or {}), "erased": _what_stays(link, entry)},
        timestamp=at,
    )


def _city_alone(entry: LogEntry) -> dict[str, int] | None:
    said = entry.additional_data or {}
    return {"city": said["city"]} if "city" in said else None


def _what_stays(link: TrailLink, entry: LogEntry) -> dict[str, Any]:
    return {
        "link_hash": link.link_hash,
        "entry": entry.pk,
        "kind": entry.content_type_id,
        "action": entry.action,
        "timestamp": _write_time(entry.timestamp),
        "additional_data": entry.additional_data,
    }


def is_erasure(entry: LogEntry) -> bool:
    """Whether an entry tells that another one was erased."""
    return (
        entry.content_type.model_class() is TrailLink
        and entry.action == LogEntry.Action.UPDATE
        and "erased_at" in (entry.changes or {})
    )


def tells_of(telling: LogEntry, link: TrailLink, erased: LogEntry) -> bool:
    """Whether an entry tells of the erasure of another one as it is: when, why, and what stayed."""
    at = link.erased_at
    return (
        at is not None
        and telling.timestamp == at
        and telling.changes
        == {"erased_at": [None, _write_time(at)], "erasure_reason": [None, link.erasure_reason]}
        and (telling.additional_data or {}).get("erased") == _what_stays(link, erased)
    )


def is_empty(entry: LogEntry) -> bool:
    """Whether nothing is left in it of what an erasure takes away."""
    return entry.additional_data == _city_alone(entry) and all(
        getattr(entry, name) == empty for name, empty in _ERASED_FIELDS.items()
    )
