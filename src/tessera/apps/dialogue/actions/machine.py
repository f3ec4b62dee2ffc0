"""Statements in other languages by a machine: marked as such until a person has read them."""

from django.db import transaction

from tessera.apps.dialogue.actions.taking_part import tidy_words
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import LONGEST_STATEMENT, Statement, StatementQuerySet, Translation
from tessera.connectors.translation import LibreTranslate, NotTranslated


def translate_by_machine(*, statement: int, language: str, translator: LibreTranslate) -> bool:
    """Ask a machine for the words of a statement, by its number, and keep them; whether they were kept.

    Only what a person accepted, and everybody sees in a consultation that is open, goes to the machine.
    Nothing is locked until it answers, and what happened meanwhile counts more: other words, a decision to
    hide them, a withdrawal, a translation by a person. Raises NotTranslated.
    """
    asked = _may_be_sent().filter(pk=statement).first()
    if asked is None:
        return False
    text = tidy_words(translator.translate(asked.text, source=asked.language, target=language))
    if not 0 < len(text) <= 2 * LONGEST_STATEMENT:
        raise NotTranslated(
            f"{translator.host} made {len(text)} letters of statement {statement}", server_answers=True
        )
    return _keep(asked, language, text, translator.name)


@transaction.atomic
def _keep(asked: Statement, language: str, text: str, machine: str) -> bool:
    statement = _may_be_sent().select_for_update(of=("self",)).filter(pk=asked.pk).first()
    if statement is None or statement.digest != asked.digest:
        return False
    if statement.translations.filter(language=language, written_by__isnull=False).exists():
        return False
    Translation.objects.update_or_create(
        statement=statement,
        language=language,
        defaults={"text": text, "source_digest": statement.digest, "machine": machine},
    )
    return True


def _may_be_sent() -> StatementQuerySet:
    return Statement.objects.shown().filter(consultation__state=State.OPEN)
