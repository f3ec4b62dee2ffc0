"""What becomes of a review, and of a question that an expert asks about one of its answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tessera.apps.records.moves import move_in


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
    CORRECT = "correct", _("begin to correct")
    GIVE_UP = "give-up", _("give up the correction")


MOVES = {
    (State.FILLING, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.WITHDRAW): State.FILLING,
    (State.SUBMITTED, Act.BEGIN): State.IN_REVIEW,
    # Until the first query, return or draft; see `actions.submission.can_be_taken_back`.
    (State.IN_REVIEW, Act.WITHDRAW): State.FILLING,
    (State.IN_REVIEW, Act.RETURN): State.RETURNED,
    (State.RETURNED, Act.SEND_BACK): State.IN_REVIEW,
    (State.IN_REVIEW, Act.VALIDATE): State.VALIDATED,
    (State.VALIDATED, Act.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Act.SUPERSEDE): State.SUPERSEDED,
    (State.PUBLISHED, Act.CORRECT): State.RETURNED,
    # While something is corrected, and nothing was changed; see `actions.correcting.give_up_correction`.
    (State.RETURNED, Act.GIVE_UP): State.PUBLISHED,
    (State.IN_REVIEW, Act.GIVE_UP): State.PUBLISHED,
    (State.VALIDATED, Act.GIVE_UP): State.PUBLISHED,
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


def move(state: str, act: Act) -> State:
    """The state of a review after an act. Raises MoveError where the act is not allowed."""
    return move_in("review", MOVES, State(state), act)


def move_query(state: str, act: QueryAct) -> QueryState:
    """The state of a query after an act. Raises MoveError where the act is not allowed."""
    return move_in("query", QUERY_MOVES, QueryState(state), act)
