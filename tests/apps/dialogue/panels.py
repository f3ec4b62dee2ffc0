"""Panels that tests are about, and members who answer by their links."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.phone import Page
from tests.dialogues import words
from tests.people import make_person

from tessera.apps.accounts.models import token_hash
from tessera.apps.dialogue.actions.panel_answers import Opinion, pick, rate_items
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
from tessera.apps.dialogue.lifecycle import PanelState
from tessera.apps.dialogue.models import Panel, PanelKind, PanelMember, Theme

TODAY = timezone.localdate()
ITEMS = ("Language courses", "One desk for newcomers", "Evening buses")


def in_all(text, also):
    return words(text, **{code: f"{text} ({code})" for code in also})


def plan(kind=PanelKind.DELPHI, *, least=70, opposed=15, title=None, also=()):
    return PanelPlan(
        kind=kind,
        title=title or in_all("What comes first", also),
        question=in_all("How important is it for the next four years?", also),
        least_percent=least,
        opposed_below_percent=opposed,
    )


def make_panel(consultation, *, items=ITEMS, members=3, also=(), **about):
    """As Ilze prepared it, in English and in `also`, with its links; the tokens stand in `tokens`."""
    ilze, now = make_person("ilze"), timezone.now()
    panel = prepare_panel(by=ilze, consultation=consultation, plan=plan(also=also, **about), at=now)
    choose_items(by=ilze, panel=panel, themes=[], own=[in_all(item, also) for item in items], at=now)
    tokens = make_member_links(by=ilze, panel=panel, count=members, stakeholder=None, at=now)
    panel.refresh_from_db()
    panel.tokens = tokens
    return panel


def make_theme(consultation, title="Work and language"):
    return Theme.objects.create(
        consultation=consultation,
        title=words(title),
        summary=words("What people said."),
        written_by=make_person("ilze"),
    )


def begin(panel, *, days=7):
    opened = open_round(
        by=make_person("ilze"), panel=panel, last_day=TODAY + timedelta(days=days), at=timezone.now()
    )
    panel.refresh_from_db()
    return opened


def close(panel):
    close_round(by=make_person("ilze"), panel=panel, at=timezone.now())


def show_comments(panel):
    """All of the last round."""
    shown = {each.pk: True for each in comments_of(panel)}
    decide_comments(by=make_person("ilze"), panel=panel, shown=shown, at=timezone.now())


def end(panel):
    end_panel(by=make_person("ilze"), panel=panel, at=timezone.now())
    panel.refresh_from_db()


def bring_to(panel, state):
    """Make it run with an open round, or end."""
    if state is not PanelState.PREPARING:
        begin(panel)
    if state is PanelState.ENDED:
        close(panel)
        end(panel)
    return Panel.objects.get(pk=panel.pk)


def rate(panel, rows, *, comments=None):
    """The members in their order rate the items in theirs, in the round that is open; None is no rating."""
    items = list(panel.items.all())
    for place, (member, row) in enumerate(zip(panel.members.all(), rows, strict=False)):
        opinions = {
            item.pk: Opinion(value, (comments or {}).get((place, column), ""))
            for column, (item, value) in enumerate(zip(items, row, strict=True))
            if value is not None
        }
        rate_items(member=member, number=panel.open_round.number, opinions=opinions, day=TODAY)


def choose(panel, member, task, best, worst):
    """A member picks by the words of the items."""
    keys = {str(item): item.pk for item in panel.items.all()}
    pick(
        member=PanelMember.objects.get(pk=member.pk),
        number=1,
        task=task,
        best=keys[best],
        worst=keys[worst],
        day=TODAY,
    )


class MemberPhone:
    """Somebody with a link who runs no script."""

    def __init__(self, panel, token, language="en"):
        self.client = Client(headers={"User-Agent": "A phone"})
        self.url = reverse("take_part:panel", args=[panel.consultation.slug, token, language])
        self.link = reverse("take_part:panel-link", args=[panel.consultation.slug, token])
        self.member = PanelMember.objects.get(token_hash=token_hash(token))

    def open(self, **query):
        return Page(self.client.get(self.url, query, follow=True))

    def send(self, page, **filled):
        [form] = page.find("//main//form")
        values = {key.replace("__", "-"): str(value) for key, value in filled.items()}
        return Page(self.client.post(self.url, {**dict(form.form_values()), **values}, follow=True))
