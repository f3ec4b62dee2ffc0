"""Asking to look again at why a statement is hidden, and answering that."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import get_appeal_to_keep, lock_statement_to_moderate, people_who_answer
from tessera.apps.dialogue.actions.moderation import accept_statement
from tessera.apps.dialogue.actions.taking_part import CannotTakePart, says_something, tidy_words
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import LONGEST_APPEAL, Appeal, Moderation, Participant, Statement
from tessera.apps.records.moves import MoveError


class NotHidden(CannotTakePart):
    """There is nothing to look at again: the statement is shown, or was withdrawn."""


class AppealedAlready(CannotTakePart):
    """Its author has said something else about this decision before."""


class WrongAppeal(ValueError):
    """An appeal or its answer says nothing, or too much."""


@transaction.atomic
def appeal(*, participant: Participant, statement: Statement, words: str, language: str, day: date) -> Appeal:
    """Ask those who keep the consultation to look again at why a statement is hidden.

    At any time as long as the author's code is known, and once for each decision to hide it: the same words
    that come again bring no second appeal. Raises NotHidden, AppealedAlready and WrongAppeal.
    """
    words = tidy_words(words)
    _check_words(words)
    decision = _lock_what_hides(participant, statement)
    if decision.is_appealed:
        kept = decision.appeal
        if kept.words != words:
            raise AppealedAlready(f"Decision {decision.pk} was appealed in other words.")
        return kept
    decision.is_appealed = True
    decision.save(update_fields=["is_appealed"])
    return Appeal.objects.create(
        moderation=decision, participant=participant, words=words, language=language, made_on=day
    )


def _check_words(words: str) -> None:
    if not says_something(words, longest=LONGEST_APPEAL):
        raise WrongAppeal(f"{len(words)} signs; from one letter to {LONGEST_APPEAL} signs are taken.")


def _lock_what_hides(participant: Participant, statement: Statement) -> Moderation:
    """The decision for which a statement of the participant is hidden now."""
    # In the order in which everything is withdrawn. The same form that comes twice at once waits here.
    list(Participant.objects.select_for_update(no_key=True).filter(pk=participant.pk))
    own = Statement.objects.select_for_update(no_key=True).filter(author=participant, pk=statement.pk)
    hidden = own.filter(state=StatementState.HIDDEN).first()
    decision = hidden.moderations.last() if hidden is not None else None
    if decision is None:
        raise NotHidden(f"Statement {statement.pk} is not hidden, or no more there.")
    return decision


@transaction.atomic
def answer_appeal(*, by: Person, appeal: Appeal, is_granted: bool, words: str, at: datetime) -> None:
    """Show a statement again after all, or leave it hidden, and tell its author why.

    Raises Http404 unless `by` keeps the consultation, and where the author has withdrawn the statement;
    PermissionDenied where somebody else has to answer (`access.people_who_answer`), MoveError where it was
    answered already, and WrongAppeal for the words.
    """
    words, day = words.strip(), timezone.localdate(at)
    _check_words(words)
    # Whoever else answers it, and its author who withdraws it, waits for the statement.
    about = get_appeal_to_keep(by, appeal.pk, day).moderation.statement
    assert about is not None, "an appeal goes with its author's statement"
    statement = lock_statement_to_moderate(by, about.pk, day)
    appeal = get_appeal_to_keep(by, appeal.pk, day)
    if by not in people_who_answer(appeal, day):
        raise PermissionDenied(f"{by} hid statement {statement.pk}: somebody else answers.")
    if appeal.answered_on is not None:
        raise MoveError(f"Appeal {appeal.pk} was answered already.")
    appeal.answer, appeal.answered_by, appeal.answered_on = words, by, day
    appeal.save(update_fields=["answer", "answered_by", "answered_on"])
    appeal.moderation.is_granted = is_granted
    appeal.moderation.save(update_fields=["is_granted"])
    if is_granted:
        accept_statement(by=by, statement=statement, at=at)
