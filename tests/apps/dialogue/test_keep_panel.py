"""Staff prepare a panel, open and close its rounds, read its comments, and end it."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError
from django.http import Http404
from django.utils import timezone
from tests.apps.dialogue.panels import (
    ITEMS,
    TODAY,
    begin,
    bring_to,
    close,
    end,
    make_panel,
    make_theme,
    plan,
    rate,
)
from tests.apps.dialogue.staff import give_to, make_running
from tests.builders import make_city, make_review, make_sheet
from tests.dialogues import make_consultation, words
from tests.people import give, make_network, make_officer, make_person

from tessera.apps.accounts.models import token_hash
from tessera.apps.dialogue.access import panels
from tessera.apps.dialogue.actions import panels as actions
from tessera.apps.dialogue.lifecycle import PanelAct, PanelState, State, StatementState, move_panel
from tessera.apps.dialogue.models import (
    Consultation,
    Panel,
    PanelItem,
    PanelKind,
    PanelMember,
    Rating,
    Stakeholder,
    StakeholderKind,
)
from tessera.apps.network.models import Kind, Membership
from tessera.apps.records.moves import MoveError
from tessera.apps.review.lifecycle import State as ReviewState
from tessera.engines.portfolio.errors import ConsensusRuleError

pytestmark = pytest.mark.django_db

EVERYBODY = ("ilze", "piotr", "mihai", "nuria", "chiara", "greta")
"""The city's officer, its facilitator, the coordinator, the review's expert, another officer, nobody."""


@pytest.fixture
def running():
    return make_running(make_city("riga"))


@pytest.fixture
def panel(running):
    return make_panel(running)


@pytest.fixture
def roles(running):
    network = make_network()
    Membership.objects.create(
        city=running.city, network=network, since=date(2015, 1, 1), source_name="A site"
    )
    give("mihai", Kind.COORDINATOR, network)
    give_to("piotr", running)
    make_officer("chiara", make_city("ravenna"))


@pytest.fixture
def checked(running, roles):
    """Nuria checks the review that the consultation is about."""
    Membership.objects.all().delete()
    review = make_review(running.city, make_sheet(year=2024), state=ReviewState.IN_REVIEW)
    Consultation.objects.filter(pk=running.pk).update(review=review)
    give("mihai", Kind.COORDINATOR, review.cycle.network)
    return review


# Who may


@pytest.mark.parametrize("state", PanelState)
def test_who_sees_and_who_keeps_a_panel_in_any_state(panel, checked, state):
    bring_to(panel, state)
    sees, keeps = set(), set()
    for who in EVERYBODY:
        for found, get in ((sees, panels.get_panel_to_see), (keeps, panels.get_panel_to_keep)):
            try:
                get(make_person(who), panel.pk, TODAY)
            except Http404:
                continue
            found.add(who)
    assert (sees, keeps) == ({"ilze", "piotr", "mihai", "nuria"}, {"ilze", "piotr"})


def test_an_expert_who_was_only_asked_sees_no_panel(panel, checked):
    checked.appointments.update(accepted_at=None)
    with pytest.raises(Http404):
        panels.get_panel_to_see(make_person("nuria"), panel.pk, TODAY)


@pytest.mark.parametrize("act", PanelAct)
@pytest.mark.parametrize("state", PanelState)
def test_the_moves_of_a_panel(state, act):
    allowed = {
        (PanelState.PREPARING, PanelAct.CHANGE): PanelState.PREPARING,
        (PanelState.PREPARING, PanelAct.INVITE): PanelState.PREPARING,
        (PanelState.PREPARING, PanelAct.OPEN_ROUND): PanelState.RUNNING,
        (PanelState.RUNNING, PanelAct.INVITE): PanelState.RUNNING,
        (PanelState.RUNNING, PanelAct.OPEN_ROUND): PanelState.RUNNING,
        (PanelState.RUNNING, PanelAct.CLOSE_ROUND): PanelState.RUNNING,
        (PanelState.RUNNING, PanelAct.READ_COMMENTS): PanelState.RUNNING,
        (PanelState.RUNNING, PanelAct.END): PanelState.ENDED,
    }
    if (state, act) in allowed:
        assert move_panel(state, act) is allowed[state, act]
    else:
        with pytest.raises(MoveError):
            move_panel(state, act)


def change(by, panel):
    actions.change_panel(by=by, panel=panel, plan=plan(least=80), at=timezone.now())


def choose(by, panel):
    actions.choose_items(by=by, panel=panel, themes=[], own=[words("Parks")], at=timezone.now())


def invite(by, panel):
    actions.make_member_links(by=by, panel=panel, count=1, stakeholder=None, at=timezone.now())


def open_(by, panel):
    actions.open_round(by=by, panel=panel, last_day=TODAY, at=timezone.now())


def close_(by, panel):
    actions.close_round(by=by, panel=panel, at=timezone.now())


def read(by, panel):
    actions.decide_comments(by=by, panel=panel, shown={}, at=timezone.now())


def end_(by, panel):
    actions.end_panel(by=by, panel=panel, at=timezone.now())


OUTCOMES = {
    # An open round stands while it runs.
    change: {PanelState.PREPARING: None, PanelState.RUNNING: MoveError, PanelState.ENDED: MoveError},
    choose: {PanelState.PREPARING: None, PanelState.RUNNING: MoveError, PanelState.ENDED: MoveError},
    invite: {PanelState.PREPARING: None, PanelState.RUNNING: None, PanelState.ENDED: MoveError},
    open_: {
        PanelState.PREPARING: None,
        PanelState.RUNNING: actions.CannotOpenRound,
        PanelState.ENDED: MoveError,
    },
    close_: {PanelState.PREPARING: MoveError, PanelState.RUNNING: None, PanelState.ENDED: MoveError},
    read: {
        PanelState.PREPARING: MoveError,
        PanelState.RUNNING: actions.RoundStillOpen,
        PanelState.ENDED: MoveError,
    },
    end_: {
        PanelState.PREPARING: MoveError,
        PanelState.RUNNING: actions.RoundStillOpen,
        PanelState.ENDED: MoveError,
    },
}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("state", PanelState)
@pytest.mark.parametrize("act", OUTCOMES, ids=lambda act: act.__name__.strip("_"))
def test_who_does_what_in_which_state(panel, roles, act, state, who):
    there = bring_to(panel, state)
    expected = OUTCOMES[act][state] if who in ("ilze", "piotr") else Http404
    if expected is None:
        act(make_person(who), there)
    else:
        with pytest.raises(expected):
            act(make_person(who), there)


def test_only_who_keeps_the_consultation_prepares_a_panel(running, roles):
    for who in EVERYBODY:
        try:
            actions.prepare_panel(by=make_person(who), consultation=running, plan=plan(), at=timezone.now())
        except Http404:
            continue
    assert Panel.objects.count() == 2


# The rule and the items


def test_a_rule_by_which_an_item_is_in_and_out_is_refused(running):
    with pytest.raises(ConsensusRuleError):
        actions.prepare_panel(
            by=make_person("ilze"), consultation=running, plan=plan(least=10, opposed=20), at=timezone.now()
        )
    assert not Panel.objects.exists()


def test_themes_come_before_own_items_with_their_words_of_the_day_of_the_first_round(running, panel):
    theme = make_theme(running)
    actions.choose_items(
        by=make_person("ilze"), panel=panel, themes=[theme], own=[words("Parks")], at=timezone.now()
    )
    theme.title = words("Work, and language for it")
    theme.save()
    begin(panel)
    theme.title = words("Something else")
    theme.save()
    assert [str(item) for item in panel.items.all()] == ["Work, and language for it", "Parks"]
    theme.delete()
    assert [str(item) for item in PanelItem.objects.all()] == ["Work, and language for it", "Parks"]


def test_a_theme_of_another_consultation_is_refused(panel):
    other = make_consultation(make_city("ravenna"), slug="other")
    with pytest.raises(actions.OfAnotherConsultation):
        actions.choose_items(
            by=make_person("ilze"), panel=panel, themes=[make_theme(other)], own=[], at=timezone.now()
        )
    assert panel.items.count() == len(ITEMS)


# Members


def test_members_are_kept_by_a_number_and_a_hash_of_their_link(running, panel):
    nurses = Stakeholder.objects.create(
        consultation=running, kind=StakeholderKind.ORGANISATION, name="Union of nurses"
    )
    tokens = actions.make_member_links(
        by=make_person("ilze"), panel=panel, count=2, stakeholder=nurses, at=timezone.now()
    )
    assert [str(member) for member in panel.members.all()] == ["M1", "M2", "M3", "M4", "M5"]
    kept = panel.members.filter(stakeholder=nurses).values_list("token_hash", flat=True)
    assert set(kept) == {token_hash(token) for token in tokens}
    assert not any(token in str(entry.changes) for entry in LogEntry.objects.all() for token in tokens)


@pytest.mark.parametrize("count", [0, 201])
def test_a_number_of_members_that_cannot_be_is_refused(panel, count):
    with pytest.raises(ValueError, match="from 1 to 200"):
        actions.make_member_links(
            by=make_person("ilze"), panel=panel, count=count, stakeholder=None, at=timezone.now()
        )


# Rounds


def obstacles(panel):
    return [each.value for each in actions.obstacles_to_round(panel)]


def test_what_stands_in_the_way_of_the_first_round():
    draft = make_running(make_city("riga"), state=State.DRAFT, languages=("en", "lv"))
    bare = make_panel(draft, items=ITEMS[:1], members=2)
    assert obstacles(bare) == ["not-public", "texts-missing", "few-items", "few-members"]
    assert actions.languages_missing(bare) == ["lv"]
    with pytest.raises(actions.CannotOpenRound):
        begin(bare)


def test_maxdiff_needs_five_items_and_no_panel_more_than_25(running):
    assert obstacles(make_panel(running, kind=PanelKind.MAXDIFF, items="abcd")) == ["few-items"]
    assert obstacles(make_panel(running, kind=PanelKind.MAXDIFF, items="abcde")) == []
    assert obstacles(make_panel(running, items=[f"Item {n}" for n in range(26)])) == ["many-items"]


def test_a_round_does_not_end_before_it_begins(panel):
    begin_on_time = begin(panel, days=0)
    assert begin_on_time.last_day == TODAY
    close(panel)
    with pytest.raises(actions.LastDayPast):
        begin(panel, days=-1)


def test_a_delphi_has_three_rounds_at_most_and_a_maxdiff_one(running, panel):
    for number in (1, 2, 3):
        assert begin(panel).number == number
        close(panel)
    assert obstacles(panel) == ["no-more-rounds"]
    maxdiff = make_panel(running, kind=PanelKind.MAXDIFF, items="abcde")
    begin(maxdiff)
    close(maxdiff)
    assert obstacles(maxdiff) == ["no-more-rounds"]


def test_only_one_round_is_open_at_a_time(panel):
    begin(panel)
    assert obstacles(panel) == ["round-open"]
    with pytest.raises(IntegrityError):
        panel.rounds.create(number=2, opened_on=TODAY, last_day=TODAY)


def test_there_is_no_round_to_close_twice(panel):
    begin(panel)
    close(panel)
    with pytest.raises(actions.NoRoundOpen):
        close(panel)


def test_an_ended_panel_says_since_when(panel):
    begin(panel)
    close(panel)
    end(panel)
    assert (panel.state, panel.ended_on) == (PanelState.ENDED, TODAY)


# The tasks of a MaxDiff


def test_each_item_stands_three_times_on_each_sheet_and_the_seed_makes_them_again(running):
    panel = make_panel(running, kind=PanelKind.MAXDIFF, items="abcdefgh", members=7)
    begin(panel)
    keys = [item.pk for item in panel.items.all()]
    assert panel.tasks == actions.make_sheets(keys, panel.seed)
    assert len(panel.tasks) == 6
    for sheet in panel.tasks:
        # 8 items three times in fours: six tasks.
        assert [len(task) for task in sheet] == [4] * 6
        assert sorted(key for task in sheet for key in task) == sorted(keys * 3)
    assert panel.tasks[0] != panel.tasks[1]
    members = list(PanelMember.objects.filter(panel=panel))
    assert members[6].tasks == members[0].tasks == panel.tasks[0]


# Comments


@pytest.fixture
def commented(panel):
    begin(panel)
    rate(panel, [[9, 5, 1], [8, 5, 2], [7, 5, 3]], comments={(0, 0): "Zebra", (1, 0): "Apple", (2, 2): "No."})
    return panel


def test_comments_are_read_once_nobody_changes_them_and_before_the_next_round(commented):
    assert list(actions.comments_of(commented)) == []
    close(commented)
    # In the order of the letters, not of the members.
    assert [each.comment for each in actions.comments_of(commented)] == ["Apple", "Zebra", "No."]
    assert obstacles(commented) == ["comments-unread"]
    apple, zebra, no = actions.comments_of(commented)
    actions.decide_comments(
        by=make_person("ilze"),
        panel=commented,
        shown={apple.pk: True, zebra.pk: False, no.pk: True},
        at=timezone.now(),
    )
    states = {each.comment: each.comment_state for each in actions.comments_of(commented)}
    assert states == {
        "Apple": StatementState.SHOWN,
        "Zebra": StatementState.HIDDEN,
        "No.": StatementState.SHOWN,
    }
    assert obstacles(commented) == []


def test_a_key_that_is_no_comment_of_the_last_round_is_refused(commented):
    close(commented)
    silent = Rating.objects.filter(comment="").first()
    with pytest.raises(actions.OfAnotherConsultation):
        actions.decide_comments(
            by=make_person("ilze"), panel=commented, shown={silent.pk: True}, at=timezone.now()
        )
