"""What may become of a thing: the moves between its states, which each app writes down as one table."""

from collections.abc import Mapping
from typing import TypeVar

from django.db import models

S = TypeVar("S", bound=models.TextChoices)
A = TypeVar("A", bound=models.TextChoices)


class MoveError(Exception):
    """It is not in a state from which this can be done."""


def move_in(what: str, moves: Mapping[tuple[S, A], S], state: S, act: A) -> S:
    """The state of a thing after an act. Raises MoveError where the table has no such move."""
    try:
        return moves[state, act]
    except KeyError:
        allowed = ", ".join(before for before, possible in moves if possible is act)
        raise MoveError(
            f"A {what} that is {state} cannot be the object of '{act}'; it must be {allowed}."
        ) from None
