"""Which statements people see, and in which languages."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import (
    findings_to_be_about,
    get_consultation_to_keep,
    lock_consultation_to_keep,
    lock_statement_to_moderate,
)
from tessera.apps.dialogue.actions.setting_up import check_not_closed, check_not_synthesised
from tessera.apps.dialogue.lifecycle import State, StatementAct, StatementState, move_statement
from tessera.apps.dialogue.models import (
    LONGEST_STATEMENT,
    Appeal,
    Consultation,
    HidingReason,
    Moderation,
    Report,
    Statement,
    Translation,
)
from tessera.apps.network.local_text import LocalText
from tessera.apps.records.moves import MoveError
from tessera.apps.review.models import Finding


class TooLong(ValueError):
    """A statement has more letters than people can read at a glance."""


class AppealWaits(MoveError):
    """Its author asked to look at the statement again: whoever shows it answers that."""


class WrongTarget(ValueError):
    """A statement is merged only into another of its consultation, which everybody sees."""


class WrongFinding(ValueError):
    """A statement is only about a finding that its consultation takes up."""


class IsTranslated(ValueError):
    """A statement was put into other languages as being in the language that it has."""


@transaction.atomic
def seed_statement(
    *, by: Person, consultation: Consultation, text: LocalText, at: datetime, finding: Finding | None = None
) -> Statement:
    """Add a statement of the city's own, in the language it was written in and in others.

    It is shown at once: those who could refuse it wrote it. Raises Http404 unless `by` keeps the
    consultation, MoveError once that is closed, TooLong, and WrongFinding.
    """
    consultation = get_consultation_to_keep(by, consultation.pk, timezone.localdate(at))
    check_not_closed(consultation)
    words = text.texts[text.source]
    if len(words) > LONGEST_STATEMENT:
        raise TooLong(f"{len(words)} letters; at most {LONGEST_STATEMENT} are taken.")
    _check_finding(consultation, finding)
    statement = Statement.objects.create(
        consultation=consultation,
        text=words,
        language=text.source,
        state=StatementState.SHOWN,
        is_seeded=True,
        finding=finding,
    )
    _keep_translations(by, statement, text.texts)
    return statement


@transaction.atomic
def translate_statement(*, by: Person, statement: Statement, texts: Mapping[str, str], at: datetime) -> None:
    """Keep a statement's words in other languages, by language; an empty text takes a translation away.

    The original is never touched. Raises Http404 unless `by` keeps the consultation.
    """
    statement = _lock(by, statement, at)
    _keep_translations(by, statement, texts)


def _keep_translations(by: Person, statement: Statement, texts: Mapping[str, str]) -> None:
    for language, text in texts.items():
        if language == statement.language:
            continue
        if not text:
            statement.translations.filter(language=language).delete()
            continue
        Translation.objects.update_or_create(
            statement=statement,
            language=language,
            defaults={
                "text": text,
                "source_digest": statement.digest,
                "written_by": by,
                # What a machine had written before is a person's now.
                "machine": "",
            },
        )


@transaction.atomic
def set_language(*, by: Person, statement: Statement, language: str, at: datetime) -> None:
    """Say in which language a statement is written, where it is another than that of its author's page.

    `language` is one of `languages.CODES`. Raises Http404 unless `by` keeps the consultation, and
    IsTranslated: whoever translated it read it in the language that it has. What a machine made of it
    goes: it took it for another language.
    """
    statement = _lock(by, statement, at)
    if statement.is_translated_by_people:
        raise IsTranslated(f"Statement {statement.pk} is put into other languages already.")
    statement.translations.all().delete()
    statement.language = language
    statement.save(update_fields=["language"])


@transaction.atomic
def set_finding(*, by: Person, statement: Statement, finding: Finding | None, at: datetime) -> None:
    """Say which finding a statement is about, or that it is about none.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, and WrongFinding.
    """
    _check_not_synthesised(by, statement, at)
    statement = _lock(by, statement, at)
    _check_finding(statement.consultation, finding)
    statement.finding = finding
    statement.save(update_fields=["finding"])


def _check_not_synthesised(by: Person, statement: Statement, at: datetime) -> None:
    # Whoever publishes the themes waits, or was first.
    day = timezone.localdate(at)
    check_not_synthesised(lock_consultation_to_keep(by, statement.consultation_id, day))


def _check_finding(consultation: Consultation, finding: Finding | None) -> None:
    if finding is not None and not findings_to_be_about(consultation).filter(pk=finding.pk).exists():
        raise WrongFinding(f"{consultation} does not take finding {finding.pk} up.")


@transaction.atomic
def accept_statement(*, by: Person, statement: Statement, at: datetime) -> None:
    """Show a statement to everybody, and set aside what was reported of it. What was merged stands alone.

    Raises Http404 unless `by` keeps the consultation, MoveError, and AppealWaits.
    """
    statement = _lock(by, statement, at)
    if Appeal.objects.waiting().filter(moderation__statement=statement).exists():
        raise AppealWaits(f"An appeal about statement {statement.pk} waits for an answer.")
    _decide(by, statement, StatementAct.ACCEPT, "", at)


@transaction.atomic
def hide_statement(*, by: Person, statement: Statement, reason: HidingReason, at: datetime) -> None:
    """Show a statement to nobody any more, wherever it stood. The reason is public, its words are not.

    Raises Http404 unless `by` keeps the consultation, and MoveError.
    """
    _decide(by, _lock(by, statement, at), StatementAct.HIDE, reason.value, at)


@transaction.atomic
def merge_statement(*, by: Person, statement: Statement, into: Statement, at: datetime) -> Statement:
    """Hide a statement because another says the same, and keep which; return that other.

    Where `into` was merged itself, it is the one that was kept. What was merged into the statement goes
    along. The votes on it stay with it: they were cast on these words and not on the others.

    Raises Http404 unless `by` keeps the consultation, MoveError where the statement is hidden or the themes
    are public, and WrongTarget.
    """
    _check_not_synthesised(by, statement, at)
    merged = Statement.objects.filter(pk=into.pk).values_list("merged_into", flat=True).first()
    wanted = merged or into.pk
    # In one order, so that two who merge the same ones do not wait for each other.
    locked = {
        pk: lock_statement_to_moderate(by, pk, timezone.localdate(at))
        for pk in sorted({statement.pk, wanted})
    }
    statement, kept = locked[statement.pk], locked[wanted]
    is_other = kept.pk != statement.pk and kept.consultation_id == statement.consultation_id
    # What was said in a trial goes, and would leave the city's own hidden for nothing.
    is_lasting = kept.is_seeded or kept.consultation.state != State.DRAFT
    if not (is_other and is_lasting) or kept.state != StatementState.SHOWN:
        raise WrongTarget(f"Statement {statement.pk} is not merged into {into.pk}, which is {kept.state}.")
    _decide(by, statement, StatementAct.HIDE, HidingReason.REPEATED.value, at, merged_into=kept)
    statement.duplicates.update(merged_into=kept)
    return kept


@transaction.atomic
def keep_shown(*, by: Person, statement: Statement, at: datetime) -> None:
    """Leave a statement that was reported as it is, and set the reports aside.

    Raises Http404 unless `by` keeps the consultation, and MoveError unless it is shown.
    """
    statement = _lock(by, statement, at)
    if statement.state != StatementState.SHOWN:
        raise MoveError(f"Statement {statement.pk} is {statement.state}; only one that is shown stays so.")
    Report.objects.filter(statement=statement).delete()
    _write_down(by, statement, at)


def _lock(by: Person, statement: Statement, at: datetime) -> Statement:
    return lock_statement_to_moderate(by, statement.pk, timezone.localdate(at))


def _decide(
    by: Person,
    statement: Statement,
    act: StatementAct,
    reason: str,
    at: datetime,
    merged_into: Statement | None = None,
) -> None:
    statement.state = move_statement(statement.state, act)
    statement.hiding_reason = reason
    statement.merged_into = merged_into
    statement.save(update_fields=["state", "hiding_reason", "merged_into"])
    Report.objects.filter(statement=statement).delete()
    _write_down(by, statement, at)


def _write_down(by: Person, statement: Statement, at: datetime) -> None:
    Moderation.objects.create(
        consultation=statement.consultation,
        statement=statement,
        number=statement.pk,
        outcome=statement.state,
        reason=statement.hiding_reason,
        by=by,
        at=at,
    )
