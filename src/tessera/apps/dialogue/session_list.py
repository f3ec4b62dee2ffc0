"""The sessions of a consultation as they are listed, and the round tables of its city."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from tessera.apps.dialogue.models import Consultation, Session, SessionKind, SessionParticipant
from tessera.apps.dialogue.stakeholder_map import read_stakeholder_map
from tessera.apps.network.models import City

ROUND_TABLES_PER_CITY = 3
"""EPI, grant 863614, specific objective 2: to design policy with public and private stakeholders."""


def list_sessions(consultation: Consultation) -> "QuerySet[Session]":
    """In the order of their days, each with `people`, how many take part."""
    counted = consultation.sessions.select_related("led_by").annotate(people=Count("participants"))
    # Django drops the order of a model where it counts; SQLite happens to keep that of the keys.
    return counted.order_by("held_on", "pk")


def count_round_tables(city: City, day: date) -> int:
    """How many a city has held until a day, over all its consultations."""
    held = Session.objects.filter(consultation__city=city, kind=SessionKind.ROUND_TABLE, held_on__lte=day)
    return held.count()


def participants_by_stakeholder(session: Session) -> list[tuple[str, int]]:
    """Who was there: names of groups and organisations, empty for nobody's, with how many; most first."""
    counted = (
        SessionParticipant.objects.filter(held_in=session)
        .order_by()
        .values("stakeholder__name")
        .annotate(count=Count("pk"))
    )
    rows = [(row["stakeholder__name"] or "", row["count"]) for row in counted]
    return sorted(rows, key=lambda row: (not row[0], -row[1], row[0]))


@dataclass(frozen=True)
class InTheRoom:
    """What there is beside votes, in numbers."""

    sessions: int
    stakeholders: int
    not_heard: int
    contacts: int


def count_in_the_room(consultation: Consultation) -> InTheRoom:
    mapped = read_stakeholder_map(consultation)
    return InTheRoom(
        sessions=consultation.sessions.count(),
        stakeholders=mapped.missing + len(mapped.heard),
        not_heard=mapped.missing,
        contacts=consultation.contact_slips.count(),
    )
