"""Trying a consultation out while it is prepared: by a link, and until it is opened."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.dialogue.access import lock_consultation_to_keep
from tessera.apps.dialogue.lifecycle import Act, move
from tessera.apps.dialogue.models import Consultation, Moderation


@transaction.atomic
def make_trial_link(*, by: Person, consultation: Consultation, at: datetime) -> str:
    """Make the link by which residents' pages open before anybody else sees them; return its token.

    It is kept nowhere, and the one before works no more. Raises Http404 unless `by` keeps the consultation,
    and MoveError unless it is being prepared.
    """
    consultation = _lock_draft(by, consultation, at)
    token = secrets.token_urlsafe(16)
    consultation.trial_hash = token_hash(token)
    consultation.save(update_fields=["trial_hash"])
    return token


@transaction.atomic
def clear_trial(*, by: Person, consultation: Consultation, at: datetime) -> None:
    """Erase all that came of a trial, and end its link.

    Raises Http404 unless `by` keeps the consultation, and MoveError unless it is being prepared.
    """
    consultation = _lock_draft(by, consultation, at)
    erase_trial(consultation)
    consultation.trial_hash = ""
    consultation.save(update_fields=["trial_hash"])


def _lock_draft(by: Person, consultation: Consultation, at: datetime) -> Consultation:
    consultation = lock_consultation_to_keep(by, consultation.pk, timezone.localdate(at))
    # What is public is not tried out; asking for the move says so in the usual words.
    move(consultation.state, Act.OPEN)
    return consultation


def erase_trial(consultation: Consultation) -> None:
    """Erase whoever took part so far, and all that they did; for whoever holds the lock of a draft.

    With it goes what was decided about their statements. Decisions about the city's own stay.
    """
    # In the order in which somebody withdraws. A vote that is under way comes first, and goes with the rest.
    list(consultation.participants.select_for_update())
    said = consultation.statements.filter(is_seeded=False)
    list(said.select_for_update())
    # Those of statements that their authors withdrew have no statement any more.
    decided = Q(statement__in=said) | Q(statement=None)
    Moderation.objects.filter(decided, consultation=consultation).delete()
    consultation.participants.all().delete()
