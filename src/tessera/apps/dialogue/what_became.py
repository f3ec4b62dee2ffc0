"""What became of what people said: what the city answered, and what it has not answered yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from tessera.apps.dialogue.models import (
    Consultation,
    Disposition,
    Statement,
    StatementQuerySet,
    Theme,
    ThemeBasis,
)


@dataclass(frozen=True)
class Undisposed:
    """About what the city has not decided."""

    themes: Sequence[Theme]
    statements: Sequence[Statement]
    """Contributions that are in no theme."""

    def __bool__(self) -> bool:
        return bool(self.themes or self.statements)


@dataclass(frozen=True)
class Became:
    """What became of a statement, as far as everybody may read it."""

    merged_into: Statement | None
    """The one that says the same; the rest is about that."""
    themes: Sequence[Theme]
    """That it went into, each with its `disposition` where there is one."""
    disposition: Disposition | None
    """Of itself, where it is in no theme."""


def contributions_outside(consultation: Consultation) -> StatementQuerySet:
    """What people said that is shown and in no theme.

    The city's own statements are no contributions, but where one stands for what somebody said and was
    merged into it.
    """
    is_in_theme = Exists(ThemeBasis.objects.filter(statement=OuterRef("pk")))
    stands_for_others = Exists(Statement.objects.filter(merged_into=OuterRef("pk"), is_seeded=False))
    return consultation.statements.shown().filter(~is_in_theme, Q(is_seeded=False) | stands_for_others)


def standing_dispositions(consultation: Consultation) -> QuerySet[Disposition]:
    """What was decided about themes and contributions; not about a statement that was hidden since."""
    is_outside = Q(statement__in=contributions_outside(consultation))
    return consultation.dispositions.filter(Q(theme__isnull=False) | is_outside)


def undisposed(consultation: Consultation) -> Undisposed:
    """Every theme, and every contribution outside a theme, about which nothing was decided. Two queries."""
    return Undisposed(
        list(consultation.themes.filter(disposition__isnull=True)),
        list(contributions_outside(consultation).filter(disposition__isnull=True)),
    )


def read_became(consultation: Consultation, statements: Sequence[Statement]) -> dict[int, Became]:
    """By the keys of the statements; empty before the themes are public. Three queries, whatever the number.

    A statement that is not shown became nothing, unless it was merged into one that is.
    """
    if not consultation.has_public_themes:
        return {}
    kept_as = _kept_as(consultation, statements)
    wanted = {each.pk for each in kept_as.values()}
    bases = ThemeBasis.objects.filter(statement__in=wanted).select_related("theme__disposition")
    themes: dict[int, list[Theme]] = {}
    for basis in bases.order_by("theme", "pk"):
        assert basis.statement_id is not None
        themes.setdefault(basis.statement_id, []).append(basis.theme)
    alone = {each.statement_id: each for each in Disposition.objects.filter(statement__in=wanted)}
    return {
        key: Became(
            merged_into=kept if kept.pk != key else None,
            themes=themes.get(kept.pk, []),
            disposition=alone.get(kept.pk) if kept.pk not in themes else None,
        )
        for key, kept in kept_as.items()
    }


def _kept_as(consultation: Consultation, statements: Sequence[Statement]) -> dict[int, Statement]:
    """The statement that is shown for each: itself, or the one that it was merged into."""
    shown = consultation.statements.shown().in_bulk(
        [each.pk if each.merged_into_id is None else each.merged_into_id for each in statements]
    )
    kept = {each.pk: shown.get(each.merged_into_id or each.pk) for each in statements}
    return {key: statement for key, statement in kept.items() if statement is not None}
