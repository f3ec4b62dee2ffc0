"""How many take part, as staff see it while votes come in: in steps, so that no one person's coming shows."""

from dataclasses import dataclass

from django.db.models import Subquery

from tessera.apps.dialogue.models import Consultation, Vote

STEP = 10
"""People, and votes: the smallest group of which anything is shown."""


@dataclass(frozen=True)
class LiveCounts:
    people: int
    """In whole steps; 0 where fewer than one step of people took part."""
    votes: int
    """Of these people alone, in whole steps."""


def count_live(consultation: Consultation) -> LiveCounts:
    """Rounded down. Votes of those who came since the last step are not counted until the next."""
    people = consultation.participants.count() // STEP * STEP
    if not people:
        return LiveCounts(0, 0)
    last = consultation.participants.order_by("pk").values("pk")[people - 1 : people]
    of_these = Vote.objects.filter(participant__consultation=consultation, participant__lte=Subquery(last))
    votes = of_these.count()
    return LiveCounts(people, votes // STEP * STEP)
