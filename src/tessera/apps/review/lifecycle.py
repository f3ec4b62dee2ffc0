"""What becomes of a review, and of a question that an expert asks about one of its answers."""

from collections.abc import Mapping
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    FILLING = "filling", _("being filled")
    SUBMITTED = "submitted", _("sent")
    IN_REVIEW = "in-review", _("being checked")
    RETURNED = "returned", _("returned with queries")
    VALIDATED = "validated", _("validated")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded by a later review")


JUDGED = (State.VALIDATED, State.PUBLISHED, State.SUPERSEDED)
"""An expert has validated what the city says."""
WITH_EXPERTS = (State.SUBMITTED, State.IN_REVIEW, State.RETURNED)
"""Experts read and judge what the city says."""


class Act(models.TextChoices):
    SUBMIT = "submit", _("send")
    WITHDRAW = "withdraw", _("take back")
    BEGIN = "begin", _("begin to check")
    RETURN = "return", _("return with queries")
    SEND_BACK = "send-back", _("send back")
    VALIDATE = "validate", _("validate")
    PUBLISH = "publish", _("publish")
    SUPERSEDE = "supersede", _("supersede")


MOVES = {
    (State.FILLING, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.WITHDRAW): State.FILLING,
    (State.SUBMITTED, Act.BEGIN): State.IN_REVIEW,
    # Until the first query is asked or a draft is shown; see `actions.submission.withdraw_submission`.
    (State.IN_REVIEW, Act.WITHDRAW): State.FILLING,
    (State.IN_REVIEW, Act.RETURN): State.RETURNED,
    (State.RETURNED, Act.SEND_BACK): State.IN_REVIEW,
    (State.IN_REVIEW, Act.VALIDATE): State.VALIDATED,
    (State.VALIDATED, Act.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Act.SUPERSEDE): State.SUPERSEDED,
}


class QueryState(models.TextChoices):
    OPEN = "open", pgettext_lazy("a query is", "open")
    ANSWERED = "answered", pgettext_lazy("a query is", "answered")
    REOPENED = "reopened", pgettext_lazy("a query is", "asked again")
    CLOSED = "closed", pgettext_lazy("a query is", "closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("a query is", "withdrawn")


WAITING_FOR_CITY = (QueryState.OPEN, QueryState.REOPENED)
SETTLED = (QueryState.CLOSED, QueryState.WITHDRAWN)


class QueryAct(models.TextChoices):
    REPLY = "reply", _("reply")
    CLOSE = "close", _("close")
    REOPEN = "reopen", _("ask again")
    WITHDRAW = "withdraw", _("withdraw")


SETTLING = (QueryAct.CLOSE, QueryAct.WITHDRAW)
QUERY_MOVES = {
    (QueryState.OPEN, QueryAct.REPLY): QueryState.ANSWERED,
    (QueryState.REOPENED, QueryAct.REPLY): QueryState.ANSWERED,
    (QueryState.ANSWERED, QueryAct.CLOSE): QueryState.CLOSED,
    (QueryState.ANSWERED, QueryAct.REOPEN): QueryState.REOPENED,
    (QueryState.CLOSED, QueryAct.REOPEN): QueryState.REOPENED,
    (QueryState.OPEN, QueryAct.WITHDRAW): QueryState.WITHDRAWN,
    (QueryState.REOPENED, QueryAct.WITHDRAW): QueryState.WITHDRAWN,
}


class MoveError(Exception):
    """It is not in a state from which this can be done."""


def move(state: str, act: Act) -> State:
    """The state of a review after an act. Raises MoveError where the act is not allowed."""
    return _move("review", MOVES, State(state), act)


def move_query(state: str, act: QueryAct) -> QueryState:
    """The state of a query after an act. Raises MoveError where the act is not allowed."""
    return _move("query", QUERY_MOVES, QueryState(state), act)


S = TypeVar("S", bound=models.TextChoices)
A = TypeVar("A", bound=models.TextChoices)


def _move(what: str, moves: Mapping[tuple[S, A], S], state: S, act: A) -> S:
    try:
        return moves[state, act]
    except KeyError:
        allowed = ", ".join(before for before, possible in moves if possible is act)
        raise MoveError(
            f"A {what} that is {state} cannot be the object of '{act}'; it must be {allowed}."
        ) from None
