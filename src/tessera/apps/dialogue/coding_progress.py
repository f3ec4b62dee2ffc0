"""How far the words of a consultation's sessions are worked through."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access.in_the_room import excerpts_of
from tessera.apps.dialogue.models import Consultation, Session


@dataclass(frozen=True)
class CodingProgress:
    sessions: Sequence[Session]
    """Those at which something was written down."""
    excerpts: int
    coded: int
    """Of them, how many one has coded oneself."""
    quotes: int
    """Of them, how many everybody may read."""
    codes: int


def read_coding_progress(consultation: Consultation, person: Person) -> CodingProgress:
    """As somebody who keeps the consultation sees it; three queries."""
    counts = excerpts_of(consultation).aggregate(
        excerpts=Count("pk", distinct=True),
        coded=Count("pk", filter=Q(codings__coder=person), distinct=True),
        quotes=Count("pk", filter=Q(quote__isnull=False), distinct=True),
    )
    sessions = consultation.sessions.filter(notes__isnull=False).distinct()
    return CodingProgress(list(sessions), **counts, codes=consultation.codes.count())
