"""The trail in words, for those who may read it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from tessera.apps.records.models import TrailLink

_ACTS = {
    LogEntry.Action.CREATE: lambda: pgettext("in the trail", "created"),
    LogEntry.Action.UPDATE: lambda: pgettext("in the trail", "changed"),
    LogEntry.Action.DELETE: lambda: pgettext("in the trail", "deleted"),
    LogEntry.Action.ACCESS: lambda: pgettext("in the trail", "read"),
}


@dataclass(frozen=True)
class TrailChange:
    field: str
    before: str
    """Empty where there was nothing."""
    after: str


@dataclass(frozen=True)
class TrailRow:
    """One entry in words. An erased one says only when, of what kind, and since when it is erased."""

    at: datetime
    actor: str
    act: str
    kind: str
    """What kind of thing was changed: city, role, review."""
    what: str
    """The thing itself."""
    changes: tuple[TrailChange, ...]
    erased_at: datetime | None
    erasure_reason: str


def entries_about(city_id: int) -> models.QuerySet[LogEntry]:
    """A city's trail, the newest entry first. `trail_rows` puts a page of it into words."""
    entries: models.QuerySet[LogEntry] = (
        LogEntry.objects.filter(additional_data__city=city_id)
        .select_related("content_type", "trail_link")
        .order_by("-timestamp", "-pk")
    )
    return entries


def entries_that_hold(words: str) -> list[LogEntry]:
    """Every entry with these words in it, the oldest first; erased ones hold none."""
    sought = words.casefold()
    entries = LogEntry.objects.select_related("content_type", "trail_link").order_by("pk")
    return [entry for entry in entries.iterator() if sought in _everything_said(entry).casefold()]


def _everything_said(entry: LogEntry) -> str:
    kept = json.dumps([entry.changes, entry.additional_data], ensure_ascii=False)
    return f"{entry.object_repr} {entry.actor_email} {kept}"


def trail_rows(entries: Iterable[LogEntry]) -> list[TrailRow]:
    entries = list(entries)
    names = _names_of_what_fields_point_to(entries)
    return [_row(entry, names) for entry in entries]


Names = Mapping[type[models.Model], Mapping[Any, models.Model]]


def _row(entry: LogEntry, names: Names) -> TrailRow:
    model = entry.content_type.model_class()
    link: TrailLink | None = getattr(entry, "trail_link", None)
    erased_at = link.erased_at if link else None
    return TrailRow(
        at=entry.timestamp,
        actor="" if erased_at else _actor(entry),
        act=_ACTS[entry.action](),
        kind=str(model._meta.verbose_name) if model else entry.content_type.model,
        what=entry.object_repr,
        changes=tuple(
            _change(model, name, said, names) for name, said in sorted((entry.changes or {}).items())
        ),
        erased_at=erased_at,
        erasure_reason=link.erasure_reason if link else "",
    )


def _actor(entry: LogEntry) -> str:
    """By the name of that time, which is sealed: nobody renames themselves in what they did before."""
    name: str | None = (entry.additional_data or {}).get("actor")
    if name is None:
        return gettext("Tessera itself")
    return name or gettext("Somebody who was not signed in")


def _change(model: type[models.Model] | None, name: str, said: Any, names: Names) -> TrailChange:
    field = _field(model, name)
    label = capfirst(str(getattr(field, "verbose_name", name)))
    if isinstance(said, dict):
        listed = ", ".join(said["objects"])
        return (
            TrailChange(label, "", listed) if said["operation"] == "add" else TrailChange(label, listed, "")
        )
    before, after = said
    return TrailChange(label, _words(field, before, names), _words(field, after, names))


def _words(field: "models.Field[Any, Any] | None", value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    in_words = getattr(field, "trail_words", None)
    if in_words is not None:
        return str(in_words(value))
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.ForeignKey):
        found = names[field.related_model].get(value)
        return str(found) if found else gettext("no longer there")
    if isinstance(field, models.DateTimeField):
        return _moment(str(value))
    if isinstance(field, models.DateField):
        day = parse_date(str(value))
        return date_format(day) if day else str(value)
    if isinstance(field, models.DecimalField):
        figure = Decimal(str(value))
        return number_format(
            figure.to_integral() if figure == figure.to_integral() else figure, force_grouping=True
        )
    if isinstance(field, models.IntegerField | models.FloatField):
        return number_format(value)
    return str(value)


def _moment(written: str) -> str:
    at = parse_datetime(written)
    if at is None:
        return written
    # auditlog writes times of UTC without saying so.
    at = at if timezone.is_aware(at) else at.replace(tzinfo=UTC)
    at = timezone.localtime(at)
    return f"{date_format(at)}, {at:%H:%M}"


def _names_of_what_fields_point_to(entries: Iterable[LogEntry]) -> Names:
    """One query for each kind of thing, however many entries name them."""
    keys: dict[type[models.Model], set[Any]] = defaultdict(set)
    for entry in entries:
        for name, said in (entry.changes or {}).items():
            field = _field(entry.content_type.model_class(), name)
            if isinstance(field, models.ForeignKey) and isinstance(said, list):
                keys[field.related_model] |= {key for key in said if key is not None}
    return {model: model._default_manager.in_bulk(found) for model, found in keys.items()}


def _field(model: type[models.Model] | None, name: str) -> "models.Field[Any, Any] | None":
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None
