"""What was decided about statements, as everybody may read it: no words, no hour, and nobody's name."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import Consultation, HidingReason, Moderation
from tessera.apps.dialogue.vote_files import write_table


@dataclass(frozen=True)
class StatementCounts:
    from_people: int
    from_city: int
    shown: int
    waiting: int
    by_reason: dict[str, int]
    """Of those that are hidden, by every value of HidingReason."""

    merged: int
    """Of those, how many because a named other says the same."""

    @property
    def hidden(self) -> int:
        return sum(self.by_reason.values())


def count_statements(consultation: Consultation) -> StatementCounts:
    """As they stand now; one query, whatever their number."""
    rows = list(
        consultation.statements.order_by()
        .annotate(is_merged=Q(merged_into__isnull=False))
        .values_list("is_seeded", "state", "hiding_reason", "is_merged")
        .annotate(count=Count("pk"))
    )

    def total(place: int, value: object) -> int:
        return sum(row[-1] for row in rows if row[place] == value)

    return StatementCounts(
        from_people=total(0, False),
        from_city=total(0, True),
        shown=total(1, StatementState.SHOWN),
        waiting=total(1, StatementState.PENDING),
        by_reason={reason.value: total(2, reason) for reason in HidingReason},
        merged=total(3, True),
    )


def decisions_of(consultation: Consultation) -> QuerySet[Moderation]:
    """The newest first. Of statements that were withdrawn since, too: their numbers tell nothing."""
    return consultation.moderations.order_by("-at", "-pk")


def write_decisions(consultation: Consultation) -> bytes:
    """`statement,decided_on,outcome,reason,appealed,granted`, as a CSV file, the newest first.

    `appealed` is yes or no; `granted`, too, and empty where nobody appealed or answered. All values are
    numbers, days and words of our own, so that no program that opens the file takes one for a formula.
    """
    return write_table(
        ("statement", "decided_on", "outcome", "reason", "appealed", "granted"),
        (
            (
                each.number,
                timezone.localdate(each.at).isoformat(),
                each.outcome,
                each.reason,
                _yes_or_no(each.is_appealed),
                _yes_or_no(each.is_granted),
            )
            for each in decisions_of(consultation)
        ),
    )


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
