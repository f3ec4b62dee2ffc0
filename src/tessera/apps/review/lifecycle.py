"""What becomes of a review: filled by its city, sent, validated, published, and superseded by a later one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    FILLING = "filling", _("being filled")
    SUBMITTED = "submitted", _("sent")
    VALIDATED = "validated", _("validated")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded by a later review")


JUDGED = (State.VALIDATED, State.PUBLISHED, State.SUPERSEDED)
"""An expert has validated what the city says."""


class Act(models.TextChoices):
    SUBMIT = "submit", _("send")
    WITHDRAW = "withdraw", _("take back")
    PUBLISH = "publish", _("publish")
    SUPERSEDE = "supersede", _("supersede")


MOVES = {
    (State.FILLING, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.WITHDRAW): State.FILLING,
    (State.VALIDATED, Act.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Act.SUPERSEDE): State.SUPERSEDED,
}


class MoveError(Exception):
    """The review is not in a state from which this can be done."""


def move(state: str, act: Act) -> State:
    """The state after an act. Raises MoveError where the act is not allowed."""
    try:
        return MOVES[State(state), act]
    except KeyError:
        allowed = ", ".join(before for before, possible in MOVES if possible is act)
        raise MoveError(
            f"A review that is {state} cannot be the object of '{act}'; it must be {allowed}."
        ) from None
