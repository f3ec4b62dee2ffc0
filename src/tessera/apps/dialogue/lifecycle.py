"""What becomes of a consultation, of a statement that people vote on, of a sheet of paper, and of a panel."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tessera.apps.records.moves import move_in


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("a consultation is", "being prepared")
    OPEN = "open", pgettext_lazy("a consultation is", "open")
    CLOSED = "closed", pgettext_lazy("a consultation is", "closed")
    SYNTHESISED = "synthesised", pgettext_lazy("a consultation is", "summed up in themes")
    ANSWERED = "answered", pgettext_lazy("a consultation is", "answered by the city")


ENDED = (State.CLOSED, State.SYNTHESISED, State.ANSWERED)
"""Nobody takes part any more, and nothing that people were asked or said changes."""
PUBLIC = (State.OPEN, *ENDED)
"""Whoever has the address can read it."""


class Act(models.TextChoices):
    OPEN = "open", _("open")
    CLOSE = "close", _("close")
    SYNTHESISE = "synthesise", _("publish the themes")
    ANSWER = "answer", _("publish the answer")


MOVES = {
    (State.DRAFT, Act.OPEN): State.OPEN,
    (State.OPEN, Act.CLOSE): State.CLOSED,
    (State.CLOSED, Act.SYNTHESISE): State.SYNTHESISED,
    (State.SYNTHESISED, Act.ANSWER): State.ANSWERED,
}


class StatementState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("a statement is", "waiting")
    SHOWN = "shown", pgettext_lazy("a statement is", "shown")
    HIDDEN = "hidden", pgettext_lazy("a statement is", "hidden")


class StatementAct(models.TextChoices):
    ACCEPT = "accept", _("show it")
    HIDE = "hide", _("hide it")


STATEMENT_MOVES = {
    (StatementState.PENDING, StatementAct.ACCEPT): StatementState.SHOWN,
    (StatementState.PENDING, StatementAct.HIDE): StatementState.HIDDEN,
    (StatementState.SHOWN, StatementAct.HIDE): StatementState.HIDDEN,
    (StatementState.HIDDEN, StatementAct.ACCEPT): StatementState.SHOWN,
}


class SheetState(models.TextChoices):
    PRINTED = "printed", pgettext_lazy("a sheet is", "printed")
    ENTERED_ONCE = "entered-once", pgettext_lazy("a sheet is", "typed in once")
    DIFFERING = "differing", pgettext_lazy("a sheet is", "typed in twice, with differences")
    TAKEN_IN = "taken-in", pgettext_lazy("a sheet is", "taken in")


class SheetAct(models.TextChoices):
    ENTER = "enter", _("type it in")
    CONFIRM = "confirm", _("type it in again, the same")
    CONTRADICT = "contradict", _("type it in again, with differences")
    DECIDE = "decide", _("decide about the differences")
    BEGIN_ANEW = "begin-anew", _("begin anew")


SHEET_MOVES = {
    (SheetState.PRINTED, SheetAct.ENTER): SheetState.ENTERED_ONCE,
    (SheetState.ENTERED_ONCE, SheetAct.CONFIRM): SheetState.TAKEN_IN,
    (SheetState.ENTERED_ONCE, SheetAct.CONTRADICT): SheetState.DIFFERING,
    (SheetState.ENTERED_ONCE, SheetAct.BEGIN_ANEW): SheetState.PRINTED,
    (SheetState.DIFFERING, SheetAct.DECIDE): SheetState.TAKEN_IN,
    (SheetState.DIFFERING, SheetAct.BEGIN_ANEW): SheetState.PRINTED,
}


class PanelState(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("a panel is", "being prepared")
    RUNNING = "running", pgettext_lazy("a panel is", "running")
    ENDED = "ended", pgettext_lazy("a panel is", "ended")


class PanelAct(models.TextChoices):
    CHANGE = "change", _("change what is asked")
    INVITE = "invite", _("make links for its members")
    OPEN_ROUND = "open-round", _("open a round")
    CLOSE_ROUND = "close-round", _("close the round")
    READ_COMMENTS = "read-comments", _("decide about comments")
    END = "end", _("end it")


PANEL_MOVES = {
    (PanelState.PREPARING, PanelAct.CHANGE): PanelState.PREPARING,
    (PanelState.PREPARING, PanelAct.INVITE): PanelState.PREPARING,
    (PanelState.PREPARING, PanelAct.OPEN_ROUND): PanelState.RUNNING,
    (PanelState.RUNNING, PanelAct.INVITE): PanelState.RUNNING,
    (PanelState.RUNNING, PanelAct.OPEN_ROUND): PanelState.RUNNING,
    (PanelState.RUNNING, PanelAct.CLOSE_ROUND): PanelState.RUNNING,
    (PanelState.RUNNING, PanelAct.READ_COMMENTS): PanelState.RUNNING,
    (PanelState.RUNNING, PanelAct.END): PanelState.ENDED,
}


def move(state: str, act: Act) -> State:
    """The state of a consultation after an act. Raises MoveError where the act is not allowed."""
    return move_in("consultation", MOVES, State(state), act)


def move_statement(state: str, act: StatementAct) -> StatementState:
    """The state of a statement after an act. Raises MoveError where the act is not allowed."""
    return move_in("statement", STATEMENT_MOVES, StatementState(state), act)


def move_sheet(state: str, act: SheetAct) -> SheetState:
    """The state of a sheet of paper after an act. Raises MoveError where the act is not allowed."""
    return move_in("sheet", SHEET_MOVES, SheetState(state), act)


def move_panel(state: str, act: PanelAct) -> PanelState:
    """The state of a panel after an act. Raises MoveError where the act is not allowed."""
    return move_in("panel", PANEL_MOVES, PanelState(state), act)
