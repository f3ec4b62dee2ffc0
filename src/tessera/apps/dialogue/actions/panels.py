"""Preparing a panel, opening and closing its rounds, and ending it."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.dialogue.access import get_consultation_to_keep
from tessera.apps.dialogue.access.panels import lock_panel_to_keep
from tessera.apps.dialogue.actions.setting_up import MOST_LINKS
from tessera.apps.dialogue.lifecycle import PUBLIC, PanelAct, StatementState, move_panel
from tessera.apps.dialogue.models import (
    Consultation,
    Panel,
    PanelItem,
    PanelKind,
    PanelMember,
    PanelRound,
    Rating,
    Stakeholder,
    Theme,
)
from tessera.apps.network.local_text import LocalText
from tessera.engines.portfolio.maxdiff_design import design_tasks

FEWEST_ITEMS = {PanelKind.DELPHI: 2, PanelKind.MAXDIFF: 5}
"""With fewer than five, people who weigh a few at a time weigh all of them each time."""
MOST_ITEMS = 25
"""More than anybody reads with the same care to the end."""
FEWEST_MEMBERS = 3
"""Of two, each knows from the sums what the other said."""
MOST_ROUNDS = {PanelKind.DELPHI: 3, PanelKind.MAXDIFF: 1}
SHEETS = 6
"""Of tasks. What is uneven on one of them evens out over the panel."""
TIMES_SHOWN = 3
"""To each member, an item. The rule of thumb of docs/explanation/panels.md."""


class PanelObstacle(Enum):
    """Why a round cannot be opened yet, or any more."""

    NOT_PUBLIC = "not-public"
    TEXTS_MISSING = "texts-missing"
    FEW_ITEMS = "few-items"
    MANY_ITEMS = "many-items"
    FEW_MEMBERS = "few-members"
    COMMENTS_UNREAD = "comments-unread"
    ROUND_OPEN = "round-open"
    NO_MORE_ROUNDS = "no-more-rounds"


class CannotOpenRound(Exception):
    def __init__(self, obstacles: Sequence[PanelObstacle]) -> None:
        self.obstacles = obstacles
        super().__init__(f"No round can be opened: {', '.join(each.value for each in obstacles)}.")


class LastDayPast(ValueError):
    """The last day of a round is over before it begins."""


class NoRoundOpen(Exception):
    """There is no round to close."""


class RoundStillOpen(Exception):
    """What waits for the end of a round comes too early."""


class OfAnotherConsultation(ValueError):
    """A theme, stakeholder or comment that does not belong to the panel's consultation."""


@dataclass(frozen=True)
class PanelPlan:
    """What staff decide about a panel, as a form brings it."""

    kind: PanelKind
    title: LocalText
    question: LocalText
    least_percent: int
    opposed_below_percent: int


@transaction.atomic
def prepare_panel(*, by: Person, consultation: Consultation, plan: PanelPlan, at: datetime) -> Panel:
    """Begin a panel. Nobody but those who see the consultation knows of it yet.

    Raises Http404 unless `by` keeps the consultation, and ConsensusRuleError.
    """
    consultation = get_consultation_to_keep(by, consultation.pk, timezone.localdate(at))
    panel = Panel(consultation=consultation)
    _write(panel, plan)
    return panel


@transaction.atomic
def change_panel(*, by: Person, panel: Panel, plan: PanelPlan, at: datetime) -> None:
    """Change what is asked, and the rule, before the first round.

    Raises Http404 unless `by` keeps the consultation, MoveError once a round began, and ConsensusRuleError.
    """
    panel = lock_panel_to_keep(by, panel.pk, timezone.localdate(at))
    panel.state = move_panel(panel.state, PanelAct.CHANGE)
    _write(panel, plan)


def _write(panel: Panel, plan: PanelPlan) -> None:
    panel.kind = plan.kind
    panel.title = plan.title
    panel.question = plan.question
    panel.least_percent = plan.least_percent
    panel.opposed_below_percent = plan.opposed_below_percent
    # The engine knows which rules contradict themselves.
    _ = panel.rule
    panel.save()


@transaction.atomic
def choose_items(
    *, by: Person, panel: Panel, themes: Collection[Theme], own: Sequence[LocalText], at: datetime
) -> None:
    """Say what is weighed, before the first round: themes of the consultation, then items of its own.

    Raises Http404 unless `by` keeps the consultation, MoveError once a round began, OfAnotherConsultation.
    """
    panel = lock_panel_to_keep(by, panel.pk, timezone.localdate(at))
    move_panel(panel.state, PanelAct.CHANGE)
    if any(theme.consultation_id != panel.consultation_id for theme in themes):
        raise OfAnotherConsultation(f"{panel} weighs themes of its own consultation only.")
    panel.items.all().delete()
    items = [(theme, theme.title) for theme in themes] + [(None, text) for text in own]
    for place, (theme, text) in enumerate(items, start=1):
        PanelItem.objects.create(panel=panel, place=place, theme=theme, text=text)


@transaction.atomic
def make_member_links(
    *, by: Person, panel: Panel, count: int, stakeholder: Stakeholder | None, at: datetime
) -> list[str]:
    """Make members, each with a link, and return the tokens of the links: they are kept nowhere.

    Raises Http404 unless `by` keeps the consultation, MoveError once the panel ended, OfAnotherConsultation,
    and ValueError for none or more than `MOST_LINKS`.
    """
    panel = lock_panel_to_keep(by, panel.pk, timezone.localdate(at))
    move_panel(panel.state, PanelAct.INVITE)
    if not 1 <= count <= MOST_LINKS:
        raise ValueError(f"{count} links; from 1 to {MOST_LINKS} are made at a time.")
    if stakeholder is not None and stakeholder.consultation_id != panel.consultation_id:
        raise OfAnotherConsultation(f"{stakeholder} is not among those whom the consultation should hear.")
    last = panel.members.order_by("-number").values_list("number", flat=True).first() or 0
    tokens = [secrets.token_urlsafe(16) for _ in range(count)]
    for number, token in enumerate(tokens, start=last + 1):
        PanelMember.objects.create(
            panel=panel, number=number, stakeholder=stakeholder, token_hash=token_hash(token)
        )
    return tokens


def obstacles_to_round(panel: Panel) -> list[PanelObstacle]:
    """What stands in the way of the next round; empty when it can be opened."""
    kind, n_items = PanelKind(panel.kind), panel.items.count()
    checks = {
        PanelObstacle.NOT_PUBLIC: panel.consultation.state not in PUBLIC,
        PanelObstacle.TEXTS_MISSING: bool(languages_missing(panel)),
        PanelObstacle.FEW_ITEMS: n_items < FEWEST_ITEMS[kind],
        PanelObstacle.MANY_ITEMS: n_items > MOST_ITEMS,
        PanelObstacle.FEW_MEMBERS: panel.members.count() < FEWEST_MEMBERS,
        PanelObstacle.COMMENTS_UNREAD: comments_of(panel)
        .filter(comment_state=StatementState.PENDING)
        .exists(),
        PanelObstacle.ROUND_OPEN: panel.open_round is not None,
        PanelObstacle.NO_MORE_ROUNDS: panel.rounds.count() >= MOST_ROUNDS[kind],
    }
    return [obstacle for obstacle, stands in checks.items() if stands]


def languages_missing(panel: Panel) -> list[str]:
    """In which the title, the question or an own item is not written. Themes have pages of their own."""
    own = panel.items.filter(theme=None)
    texts = [panel.title, panel.question, *(item.text for item in own)]
    return [code for code in panel.consultation.languages if not all(text.texts.get(code) for text in texts)]


@transaction.atomic
def open_round(*, by: Person, panel: Panel, last_day: date, at: datetime) -> PanelRound:
    """Let the members answer until the end of a day. With the first round, rule and items are fixed.

    Raises Http404 unless `by` keeps the consultation, MoveError once the panel ended, CannotOpenRound, and
    LastDayPast.
    """
    day = timezone.localdate(at)
    panel = lock_panel_to_keep(by, panel.pk, day)
    state = move_panel(panel.state, PanelAct.OPEN_ROUND)
    if obstacles := obstacles_to_round(panel):
        raise CannotOpenRound(obstacles)
    if last_day < day:
        raise LastDayPast(f"The round would have ended on {last_day}.")
    if state != panel.state:
        _fix_what_is_asked(panel)
    panel.state = state
    panel.save()
    return PanelRound.objects.create(
        panel=panel, number=panel.rounds.count() + 1, opened_on=day, last_day=last_day
    )


def _fix_what_is_asked(panel: Panel) -> None:
    items = list(panel.items.select_related("theme"))
    for item in items:
        if item.theme is not None and item.text != item.theme.title:
            item.text = item.theme.title
            item.save(update_fields=["text"])
    if not panel.is_delphi:
        panel.seed = secrets.randbelow(2**31)
        panel.tasks = make_sheets([item.pk for item in items], panel.seed)


def make_sheets(items: Sequence[int], seed: int) -> list[list[list[int]]]:
    """The tasks of a MaxDiff over the items with these keys: the same seed, the same sheets."""
    n_shown = 4 if len(items) >= 7 else 3
    n_tasks = -(-TIMES_SHOWN * len(items) // n_shown)
    return [
        [
            [items[place] for place in task]
            for task in design_tasks(
                len(items), n_shown, n_tasks, np.random.default_rng([seed, sheet])
            ).tasks.tolist()
        ]
        for sheet in range(SHEETS)
    ]


@transaction.atomic
def close_round(*, by: Person, panel: Panel, at: datetime) -> None:
    """Take no more answers in the round that is open.

    Raises Http404 unless `by` keeps the consultation, MoveError unless the panel runs, and NoRoundOpen.
    """
    day = timezone.localdate(at)
    panel = lock_panel_to_keep(by, panel.pk, day)
    move_panel(panel.state, PanelAct.CLOSE_ROUND)
    running = panel.open_round
    if running is None:
        raise NoRoundOpen(f"No round of {panel} is open.")
    running.closed_on = day
    running.save(update_fields=["closed_on"])


def comments_of(panel: Panel) -> QuerySet[Rating]:
    """Those of the last round, once it is closed; in an order that does not tell whose they are."""
    last = panel.rounds.order_by("-number").first()
    if last is None or last.closed_on is None:
        return Rating.objects.none()
    said = last.ratings.exclude(comment="").select_related("item")
    return said.order_by("item__place", "item", "comment", "pk")


@transaction.atomic
def decide_comments(*, by: Person, panel: Panel, shown: Mapping[int, bool], at: datetime) -> None:
    """Say which comments of the last round the panel reads in the next, by their keys.

    Raises Http404 unless `by` keeps the consultation, MoveError unless the panel runs, RoundStillOpen, and
    OfAnotherConsultation for a key that is no comment of the last round.
    """
    panel = lock_panel_to_keep(by, panel.pk, timezone.localdate(at))
    move_panel(panel.state, PanelAct.READ_COMMENTS)
    if panel.open_round is not None:
        raise RoundStillOpen(f"A round of {panel} is open: its members may still change what they wrote.")
    comments = {comment.pk: comment for comment in comments_of(panel)}
    if not shown.keys() <= comments.keys():
        raise OfAnotherConsultation(f"Not all of {sorted(shown)} are comments of the last round.")
    for pk, is_shown in shown.items():
        comments[pk].comment_state = StatementState.SHOWN if is_shown else StatementState.HIDDEN
        comments[pk].save(update_fields=["comment_state"])


@transaction.atomic
def end_panel(*, by: Person, panel: Panel, at: datetime) -> None:
    """Open no more rounds: the results stand.

    Raises Http404 unless `by` keeps the consultation, MoveError unless the panel runs, and RoundStillOpen.
    """
    day = timezone.localdate(at)
    panel = lock_panel_to_keep(by, panel.pk, day)
    state = move_panel(panel.state, PanelAct.END)
    if panel.open_round is not None:
        raise RoundStillOpen(f"A round of {panel} is open.")
    panel.state, panel.ended_on = state, day
    panel.save(update_fields=["state", "ended_on"])
