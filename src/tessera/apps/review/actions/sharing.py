"""A city lets the cities of its cycle read its validated review beside theirs, and takes that back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import check_acts_for
from tessera.apps.review.lifecycle import JUDGED
from tessera.apps.review.models import Review, Sharing


@transaction.atomic
def agree_to_comparison(*, person: Person, review: Review, at: datetime) -> Sharing:
    """Let those who compare the cities of a cycle read the profile and the findings of a review.

    Twice is harmless: the first day stands. Raises PermissionDenied for anybody but the officers of the city,
    and MoveError unless the review is validated and of a cycle.
    """
    review = _lock(person, review, at)
    sharing, _ = Sharing.objects.get_or_create(review=review, defaults={"agreed_by": person, "agreed_at": at})
    return sharing


@transaction.atomic
def end_comparison(*, person: Person, review: Review, at: datetime) -> None:
    """Take that back: nobody of another city reads it from then on, unless it is published.

    Twice is harmless. Raises as `agree_to_comparison` does.
    """
    review = _lock(person, review, at)
    for sharing in Sharing.objects.filter(review=review):
        sharing.delete()


def _lock(person: Person, review: Review, at: datetime) -> Review:
    locked = Review.objects.select_for_update(of=("self",)).select_related("city")
    review = locked.get(pk=review.pk)
    check_acts_for(person, review, timezone.localdate(at))
    if review.cycle_id is None:
        raise MoveError(f"{review} is in no cycle in which cities are compared.")
    if review.state not in JUDGED:
        raise MoveError(f"A review that is {review.state} is not compared: no expert has validated it.")
    return review
