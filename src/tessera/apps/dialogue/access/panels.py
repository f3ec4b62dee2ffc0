"""Panels: whoever keeps the consultation keeps them, experts of its review read them, members have a link."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.dialogue.access import (
    consultations_kept_by,
    consultations_seen_as_a_whole_by,
    find_consultation,
)
from tessera.apps.dialogue.models import (
    Consultation,
    ConsultationQuerySet,
    Panel,
    PanelMember,
)


def get_consultation_to_see_panels(person: Person, pk: int, day: date) -> Consultation:
    """Raises Http404 for one whose panels the person does not see."""
    return find_consultation(consultations_seen_as_a_whole_by(person, day), pk)


def get_panel_to_see(person: Person, pk: int, day: date) -> Panel:
    """Raises Http404 for one that the person does not see."""
    return _get_panel(_panels_of(consultations_seen_as_a_whole_by(person, day)), pk)


def get_panel_to_keep(person: Person, pk: int, day: date) -> Panel:
    """One of a consultation that the person keeps. Raises Http404 for any other."""
    return _get_panel(_panels_of(consultations_kept_by(person, day)), pk)


def lock_panel_to_keep(person: Person, pk: int, day: date) -> Panel:
    """The same, and whoever else changes it, or answers, waits."""
    kept = _panels_of(consultations_kept_by(person, day))
    return _get_panel(kept.select_for_update(of=("self",)), pk)


def _panels_of(consultations: ConsultationQuerySet) -> QuerySet[Panel]:
    # Without the joins of the choice, which a lock does not take.
    return Panel.objects.select_related("consultation__city").filter(
        consultation__in=consultations.values("pk")
    )


def _get_panel(panels: QuerySet[Panel], pk: int) -> Panel:
    found = panels.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_panel_member(consultation: Consultation, token: str) -> PanelMember:
    """Who holds the link of a panel. Raises Http404 where nobody does, and in a trial: they would count."""
    if consultation.is_tried_out:
        raise Http404
    members = PanelMember.objects.select_related("panel").filter(panel__consultation=consultation)
    found = members.filter(token_hash=token_hash(token)).first()
    if found is None:
        raise Http404
    found.panel.consultation = consultation
    return found


def lock_panel_of(member: PanelMember) -> Panel:
    """Until the transaction ends, no round of it is opened or closed, and nobody else answers."""
    return Panel.objects.select_for_update(no_key=True).get(pk=member.panel_id)
