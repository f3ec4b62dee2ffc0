"""What a participant said, with what became of it: only they are shown it so."""

from dataclasses import dataclass

from django.db.models import Prefetch

from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import Appeal, Moderation, Participant, Statement
from tessera.apps.dialogue.what_became import Became, read_became


@dataclass(frozen=True)
class OwnStatement:
    statement: Statement
    appeals: list[Appeal]
    """In their order, each with its decision."""
    may_appeal: bool
    """Whether it is hidden, and they have not asked about that yet."""
    became: Became | None
    """None before the themes are public, and for what is not shown and was merged into nothing that is."""

    @property
    def merged_into(self) -> Statement | None:
        """The other that says the same, where everybody sees that."""
        other = self.statement.merged_into
        return other if other is not None and other.state == StatementState.SHOWN else None


def read_own_statements(participant: Participant) -> list[OwnStatement]:
    """In the order in which they were written; five queries at most, whatever their number."""
    decisions = Moderation.objects.select_related("appeal")
    said = list(
        participant.statements.select_related("merged_into").prefetch_related(
            Prefetch("moderations", queryset=decisions)
        )
    )
    became = read_became(participant.consultation, said)
    return [read_own_statement(statement, became.get(statement.pk)) for statement in said]


def read_own_statement(statement: Statement, became: Became | None = None) -> OwnStatement:
    """One of them."""
    decisions = list(statement.moderations.all())
    is_hidden = statement.state == StatementState.HIDDEN and bool(decisions)
    return OwnStatement(
        statement,
        [decision.appeal for decision in decisions if decision.is_appealed],
        is_hidden and not decisions[-1].is_appealed,
        became,
    )
