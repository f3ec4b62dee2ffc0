"""Taking a published file from the public, for it holds what nobody else should read."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.records.files.storing import erase_file
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import check_acts_for
from tessera.apps.review.models import Evidence, Review


class CannotWithdraw(ValueError):
    """It is not said why."""


@transaction.atomic
def withdraw_published_file(*, person: Person, evidence: Evidence, reason: str, at: datetime) -> None:
    """Erase the content of a published file for good. The page says when and why; the figures stay.

    Twice is harmless. Raises PermissionDenied for anybody but the officers of the city; MoveError for a piece
    that is no file or belongs to no publication, and so can simply be taken away; and CannotWithdraw without
    a reason, which anybody can read.
    """
    review = Review.objects.select_for_update().get(pk=evidence.review_id)
    check_acts_for(person, review, timezone.localdate(at))
    piece = Evidence.objects.select_for_update(of=("self",)).select_related("file").get(pk=evidence.pk)
    if piece.file is None or not piece.published_as.exists():
        raise MoveError(f"{piece} is no published file.")
    if not reason.strip():
        raise CannotWithdraw("Whoever finds the file gone wants to know why.")
    if piece.withdrawn_at is not None:
        return
    piece.withdrawn_at, piece.withdrawn_by, piece.withdrawal_reason = at, person, reason.strip()
    piece.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    erase_file(file=piece.file, at=at)
