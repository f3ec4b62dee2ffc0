"""Whom a consultation should hear: groups and organisations."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import lock_consultation_to_keep
from tessera.apps.dialogue.access.in_the_room import get_stakeholder_to_keep
from tessera.apps.dialogue.models import Consultation, Stakeholder, StakeholderKind
from tessera.apps.network.models import Organisation


class NamedAlready(ValueError):
    """The consultation has a stakeholder of this name."""


@dataclass(frozen=True)
class StakeholderPlan:
    """What staff say about a stakeholder, as a form brings it."""

    kind: StakeholderKind
    name: str
    organisation: Organisation | None
    why: str
    reached_by: str
    invited_on: date | None


@transaction.atomic
def add_stakeholder(
    *, by: Person, consultation: Consultation, plan: StakeholderPlan, at: datetime
) -> Stakeholder:
    """Name a group or organisation that a consultation should hear.

    Raises Http404 unless `by` keeps the consultation, and NamedAlready.
    """
    consultation = lock_consultation_to_keep(by, consultation.pk, timezone.localdate(at))
    return _write(Stakeholder(consultation=consultation), plan)


@transaction.atomic
def change_stakeholder(*, by: Person, stakeholder: Stakeholder, plan: StakeholderPlan, at: datetime) -> None:
    """Say something else about it. Raises Http404 unless `by` keeps the consultation, and NamedAlready."""
    day = timezone.localdate(at)
    stakeholder = get_stakeholder_to_keep(by, stakeholder.pk, day)
    lock_consultation_to_keep(by, stakeholder.consultation_id, day)
    _write(stakeholder, plan)


def _write(stakeholder: Stakeholder, plan: StakeholderPlan) -> Stakeholder:
    others = stakeholder.consultation.stakeholders.exclude(pk=stakeholder.pk)
    if others.filter(name=plan.name).exists():
        raise NamedAlready(f"{stakeholder.consultation} names {plan.name!r} already.")
    stakeholder.kind = plan.kind
    stakeholder.name = plan.name
    stakeholder.organisation = plan.organisation
    stakeholder.why = plan.why
    stakeholder.reached_by = plan.reached_by
    stakeholder.invited_on = plan.invited_on
    stakeholder.save()
    return stakeholder


@transaction.atomic
def remove_stakeholder(*, by: Person, stakeholder: Stakeholder, at: datetime) -> None:
    """Take it off the map. Whoever came from there stays at their sessions, without it.

    Raises Http404 unless `by` keeps the consultation.
    """
    get_stakeholder_to_keep(by, stakeholder.pk, timezone.localdate(at)).delete()
