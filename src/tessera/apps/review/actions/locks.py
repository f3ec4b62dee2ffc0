"""What every act of an expert begins with: the review under its lock, and whether it is with the experts."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import checks
from tessera.apps.review.lifecycle import WITH_EXPERTS, Act, State, move
from tessera.apps.review.models import Review


def lock_review(review: Review) -> Review:
    """The review as it is now. Whoever acts on it meanwhile waits until the transaction ends."""
    locked = Review.objects.select_for_update(of=("self",)).select_related("city", "cycle__network")
    return locked.get(pk=review.pk)


def lock_to_check(expert: Person, review: Review, at: datetime) -> Review:
    """The same, for an expert.

    Raises PermissionDenied for anybody but an expert who took on the review, and MoveError unless experts
    have it.
    """
    review = lock_review(review)
    if not checks(expert, review, timezone.localdate(at)):
        raise PermissionDenied(f"{expert} does not check {review}.")
    check_is_with_experts(review)
    return review


def check_is_with_experts(review: Review) -> None:
    """Raises MoveError for a review that is not."""
    if review.state not in WITH_EXPERTS:
        raise MoveError(f"A review that is {review.state} is not with the experts.")


def begin_checking(review: Review) -> None:
    """The first act of an expert begins the checking."""
    if review.state == State.SUBMITTED:
        review.state = move(review.state, Act.BEGIN)
        review.save(update_fields=["state"])
