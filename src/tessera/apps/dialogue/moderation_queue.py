"""Statements as those who keep a consultation read them. Who wrote or reported one is not part of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from tessera.apps.dialogue.languages import Language, find_language
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import (
    ConsultationQuerySet,
    HidingReason,
    Note,
    Report,
    Statement,
    TranslationState,
)
from tessera.apps.dialogue.personal_details import Detail, find_personal_details


@dataclass(frozen=True)
class Reports:
    reason: HidingReason
    count: int


@dataclass(frozen=True)
class ReadStatement:
    """A statement with what helps to decide about it."""

    statement: Statement
    language: Language
    details: list[Detail]
    reports: list[Reports]

    @property
    def is_reported(self) -> bool:
        """Whether one decides to leave it shown, or not."""
        return self.statement.state == StatementState.SHOWN and bool(self.reports)


def read_statements(statements: Iterable[Statement]) -> list[ReadStatement]:
    """In their order; one query for all, whatever their number."""
    statements = list(statements)
    counted: dict[int, list[Reports]] = {}
    for row in (
        Report.objects.filter(statement__in=[each.pk for each in statements])
        .values("statement", "reason")
        .annotate(count=Count("pk"))
        .order_by("statement", "reason")
    ):
        reports = Reports(HidingReason(row["reason"]), row["count"])
        counted.setdefault(row["statement"], []).append(reports)
    return [
        ReadStatement(
            each,
            find_language(each.language),
            find_personal_details(each.text, each.language),
            counted.get(each.pk, []),
        )
        for each in statements
    ]


def translation_states(said: Statement | Note, languages: Sequence[str]) -> dict[str, TranslationState]:
    """How it stands in each of the languages, but for its own, which is in none of these states."""
    kept = {each.language: each.state for each in said.translations.all()}
    return {code: kept.get(code, TranslationState.MISSING) for code in languages if code != said.language}


def count_to_moderate(consultations: ConsultationQuerySet) -> dict[int, int]:
    """How many statements wait for a decision or an answer, by consultation; those with none are left out."""
    waiting = Statement.objects.to_decide().filter(consultation__in=consultations.order_by().values("pk"))
    counted = waiting.order_by().values("consultation").annotate(count=Count("pk"))
    return {row["consultation"]: row["count"] for row in counted}
