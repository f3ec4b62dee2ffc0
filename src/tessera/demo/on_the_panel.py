"""The panel of the demonstration, and what its members think of the themes. It never met."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access.panels import get_panel_member
from tessera.apps.dialogue.actions.panel_answers import Opinion, rate_items
from tessera.apps.dialogue.actions.panels import (
    PanelPlan,
    choose_items,
    close_round,
    comments_of,
    decide_comments,
    end_panel,
    make_member_links,
    open_round,
    prepare_panel,
)
from tessera.apps.dialogue.models import Consultation, Panel, PanelKind, PanelMember, Theme
from tessera.demo.texts import local_text


def weigh(
    about: Mapping[str, Any],
    consultation: Consultation,
    keeper: Person,
    themes: Sequence[Theme],
    now: datetime,
) -> None:
    """A Delphi over the themes, from its first round to its end."""
    began_at = now + timedelta(days=about["rounds"][0]["from_day"])
    panel = prepare_panel(
        by=keeper,
        consultation=consultation,
        plan=PanelPlan(
            kind=PanelKind.DELPHI,
            title=local_text(consultation.languages, about["title"]),
            question=local_text(consultation.languages, about["question"]),
            least_percent=about["least_percent"],
            opposed_below_percent=about["opposed_below_percent"],
        ),
        at=began_at,
    )
    choose_items(by=keeper, panel=panel, themes=themes, own=[], at=began_at)
    count = len(about["rounds"][0]["ratings"])
    tokens = make_member_links(by=keeper, panel=panel, count=count, stakeholder=None, at=began_at)
    members = [get_panel_member(consultation, token) for token in tokens]
    for number, entry in enumerate(about["rounds"], start=1):
        _hold_round(entry, number, panel, members, keeper, now)
    end_panel(by=keeper, panel=panel, at=now + timedelta(days=about["rounds"][-1]["to_day"] + 1))


def _hold_round(
    entry: Mapping[str, Any],
    number: int,
    panel: Panel,
    members: Sequence[PanelMember],
    keeper: Person,
    now: datetime,
) -> None:
    opened_at = now + timedelta(days=entry["from_day"])
    closed_at = now + timedelta(days=entry["to_day"] + 1)
    last_day = timezone.localdate(now) + timedelta(days=entry["to_day"])
    open_round(by=keeper, panel=panel, last_day=last_day, at=opened_at)
    items = list(panel.items.values_list("pk", flat=True))
    for place, (member, values) in enumerate(zip(members, entry["ratings"], strict=True), start=1):
        comments = entry["comments"].get(place, {})
        opinions = {
            item: Opinion(value, comments.get(at_place, ""))
            for at_place, (item, value) in enumerate(zip(items, values, strict=True), start=1)
        }
        rate_items(member=member, number=number, opinions=opinions, day=last_day)
    close_round(by=keeper, panel=panel, at=closed_at)
    shown = {comment.pk: True for comment in comments_of(panel)}
    decide_comments(by=keeper, panel=panel, shown=shown, at=closed_at)
