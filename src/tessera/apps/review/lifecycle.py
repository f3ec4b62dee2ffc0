"""What becomes of a validated review: published by its city, then superseded by a later one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    VALIDATED = "validated", _("validated")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded by a later review")


class Act(models.TextChoices):
    PUBLISH = "publish", _("publish")
    SUPERSEDE = "supersede", _("supersede")


MOVES = {
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
