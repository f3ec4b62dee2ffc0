"""Where a city stands with the comparison of its cycle, as its own officers read it."""

from dataclasses import dataclass
from datetime import date

from tessera.apps.review.access.sharing import is_compared_once_agreed, takes_part
from tessera.apps.review.models import Review, Sharing


@dataclass(frozen=True)
class SharingState:
    takes_part: bool
    """Those who compare the cities of the cycle read the review now."""
    may_agree: bool
    may_end: bool
    agreed: Sharing | None


def read_sharing(review: Review, day: date) -> SharingState:
    """For a review of a cycle. What is published takes part without being asked, and stays."""
    agreed = Sharing.objects.select_related("agreed_by").filter(review=review).first()
    decides = is_compared_once_agreed(review, day)
    return SharingState(
        takes_part=takes_part(review, day),
        may_agree=decides and agreed is None,
        may_end=decides and agreed is not None,
        agreed=agreed,
    )
