"""Whom a consultation has heard, whom it invited, and whom it has not reached yet."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from tessera.apps.dialogue.models import (
    BestWorst,
    Consultation,
    PanelMember,
    Rating,
    SessionParticipant,
    Stakeholder,
)


@dataclass(frozen=True)
class Placed:
    """A stakeholder, and in how many sessions and panels it was heard."""

    stakeholder: Stakeholder
    sessions: int
    panels: int


@dataclass(frozen=True)
class StakeholderMap:
    not_heard: list[Stakeholder]
    """Neither heard nor invited."""
    invited: list[Stakeholder]
    """And not heard so far."""
    heard: list[Placed]

    @property
    def missing(self) -> int:
        """How many are not heard, invited or not."""
        return len(self.not_heard) + len(self.invited)


def read_stakeholder_map(consultation: Consultation) -> StakeholderMap:
    """Every stakeholder in one of the lists, each by kind and name. Three queries, whatever the size.

    It is heard where somebody of it takes part in a session and the consent text was read out, since until
    then nothing that anybody says is kept; or answered on a panel.
    """
    sessions = _sessions_heard(consultation)
    panels = _panels_heard(consultation)
    stakeholders = list(consultation.stakeholders.select_related("organisation"))
    others = [each for each in stakeholders if each.pk not in sessions and each.pk not in panels]
    return StakeholderMap(
        not_heard=[each for each in others if each.invited_on is None],
        invited=[each for each in others if each.invited_on is not None],
        heard=[
            Placed(each, sessions.get(each.pk, 0), panels.get(each.pk, 0))
            for each in stakeholders
            if each.pk in sessions or each.pk in panels
        ],
    )


def _sessions_heard(consultation: Consultation) -> dict[int, int]:
    """In how many sessions each stakeholder was heard, by its number; those heard in none are left out."""
    there = SessionParticipant.objects.filter(
        held_in__consultation=consultation, held_in__consent__isnull=False, stakeholder__isnull=False
    )
    return dict(there.order_by().values_list("stakeholder").annotate(Count("held_in", distinct=True)))


def _panels_heard(consultation: Consultation) -> dict[int, int]:
    """The same of panels. That somebody of it answered is told, and never what."""
    answered = Exists(Rating.objects.filter(member=OuterRef("pk"))) | Exists(
        BestWorst.objects.filter(member=OuterRef("pk"))
    )
    there = PanelMember.objects.filter(answered, panel__consultation=consultation, stakeholder__isnull=False)
    return dict(there.order_by().values_list("stakeholder").annotate(Count("panel", distinct=True)))
