"""What a panel came to, from what its members said to the figures."""

import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.apps.dialogue.panels import TODAY, begin, bring_to, choose, close, end, make_panel, rate
from tests.apps.dialogue.staff import make_running, page_of
from tests.builders import make_city
from tests.oracles.best_worst import (
    ALTERNATIVES,
    COUNTED_BEST,
    COUNTED_DIFFERENCE,
    COUNTED_ORDER,
    COUNTED_TASKS,
    COUNTED_WORST,
)

from tessera.apps.dialogue.actions.panel_answers import pick
from tessera.apps.dialogue.lifecycle import PanelState
from tessera.apps.dialogue.models import Panel, PanelKind
from tessera.apps.dialogue.panel_results import (
    FEWEST_PUBLIC,
    FEWEST_SHOWN,
    read_public_results,
    read_results,
    rounds_with_answers,
)
from tessera.apps.dialogue.panel_tables import show_public_panels
from tessera.engines.portfolio.delphi import Verdict

pytestmark = pytest.mark.django_db

# The third member is won over; the second leaves the item.
FIRST = [[8, 2, 5], [9, 1, 5], [5, 3, 9], [7, 6, 1], [7, 2, 5]]
SECOND = [[8, 2, 5], [6, 1, 5], [7, 3, 9], [7, 2, 1], [7, 2, None]]


@pytest.fixture
def running():
    return make_running(make_city("riga"))


@pytest.fixture
def delphi(running):
    panel = make_panel(running, members=5)
    for rows in (FIRST, SECOND):
        begin(panel)
        rate(panel, rows)
        close(panel)
    return Panel.objects.get(pk=panel.pk)


def test_a_delphi_by_hand(delphi):
    results = read_results(delphi, fewest=3)
    first, second = results.rounds
    assert (first.number, first.n_members, second.number, second.n_members) == (1, 5, 2, 5)
    courses, desk, buses = (item.rated for item in first.items)
    # 5 7 7 8 9: the middle is 7, the quartiles are the second and the fourth.
    assert (courses.n, courses.median, courses.quartile_low, courses.quartile_high) == (5, 7, 7, 8)
    assert (courses.share_high, courses.share_low, courses.verdict) == (0.8, 0, Verdict.IN)
    # 1 2 2 3 6
    assert (desk.median, desk.iqr, desk.share_low, desk.verdict) == (2, 1, 0.8, Verdict.OUT)
    # 1 5 5 5 9
    assert (buses.share_high, buses.share_low, buses.verdict) == (0.2, 0.2, Verdict.OPEN)
    assert [item.moved for item in first.items] == [None, None, None]
    assert (first.count(Verdict.IN), first.count(Verdict.OUT), first.count(Verdict.OPEN)) == (1, 1, 1)


def test_what_moved_is_of_those_who_rated_twice(delphi):
    courses, desk, buses = (item.moved for item in read_results(delphi, fewest=3).rounds[1].items)
    # One came to 7 to 9, one left: as even as can be. 5 7 7 8 9 became 6 7 7 7 8: 2 of 5 would have to move.
    assert (courses.n, courses.entered, courses.left, courses.p, courses.is_stable) == (5, 1, 1, 1.0, False)
    # 1 2 2 3 6 became 1 2 2 2 3: one of five, and 20 % is not under 15 %.
    assert (desk.n, desk.entered, desk.left, desk.is_stable) == (5, 0, 0, False)
    assert (buses.n, buses.entered, buses.left, buses.is_stable) == (4, 0, 0, True)


def test_kendall_s_w_by_hand(running):
    # As in tests/engines/portfolio/test_delphi.py: S = 14, W = 12 * 14 / (9 * 24).
    panel = make_panel(running)
    begin(panel)
    rate(panel, [[1, 2, 3], [4, 5, 9], [5, 4, 9]])
    close(panel)
    order = read_results(panel, fewest=3).last.order
    assert order.w == pytest.approx(7 / 9, rel=1e-12)
    assert order.p == pytest.approx(math.exp(-7 / 3), rel=1e-12)
    assert (order.n_members, order.n_items) == (3, 3)


def test_the_rule_that_was_fixed_decides(running):
    panel = make_panel(running, members=5, least=90)
    begin(panel)
    rate(panel, FIRST)
    close(panel)
    assert read_results(panel, fewest=3).last.items[0].rated.verdict is Verdict.OPEN


def test_figures_of_fewer_are_left_out(running):
    panel = make_panel(running, members=5)
    begin(panel)
    rate(panel, [[8, 2, 5], [9, 1, None], [5, 3, None], [7, None, None]])
    close(panel)
    shown = read_results(panel, fewest=3).last
    assert [item.rated and item.rated.n for item in shown.items] == [4, 3, None]
    # One member rated all three.
    assert (shown.n_members, shown.order) == (4, None)
    assert read_results(panel, fewest=5) is None


def test_a_round_that_is_open_does_not_count(running):
    panel = make_panel(running)
    begin(panel)
    rate(panel, FIRST[:3])
    assert read_results(panel, fewest=3) is None
    assert [each.n_answered for each in rounds_with_answers(panel)] == [3]


def test_who_cannot_say_answered_and_rated_nothing(running):
    panel = make_panel(running, members=4)
    begin(panel)
    rate(panel, FIRST[:4])
    item = panel.items.first()
    item.ratings.filter(member__number=4).update(value=None)
    close(panel)
    shown = read_results(panel, fewest=3).last
    assert (shown.n_members, shown.items[0].rated.n) == (4, 3)


def maxdiff(running, *, members):
    """The sheet of the printed example, given to everybody."""
    panel = make_panel(running, kind=PanelKind.MAXDIFF, items=ALTERNATIVES, members=members)
    begin(panel)
    keys = {str(item): item.pk for item in panel.items.all()}
    Panel.objects.filter(pk=panel.pk).update(
        tasks=[[[keys[name] for name in shown] for shown, _, _ in COUNTED_TASKS]]
    )
    return Panel.objects.get(pk=panel.pk)


def test_a_maxdiff_is_counted_as_printed_in_its_order(running):
    panel = maxdiff(running, members=3)
    for member in panel.members.all():
        for task, (_, best, worst) in enumerate(COUNTED_TASKS, start=1):
            choose(panel, member, task, best, worst)
    close(panel)
    results = read_results(panel, fewest=3)
    assert (results.n_members, results.n_tasks) == (3, 18)
    found = {str(item.text): item for item in results.items}
    for name, best, worst, difference, rank in zip(
        ALTERNATIVES, COUNTED_BEST, COUNTED_WORST, COUNTED_DIFFERENCE, COUNTED_ORDER, strict=True
    ):
        item = found[name]
        # Three members who answer as the one of the example: each shown three times to each.
        assert (item.shown, item.best, item.worst, item.rank) == (9, 3 * best, 3 * worst, rank)
        assert item.score == pytest.approx(difference / 3)
        assert item.low < item.score < item.high or abs(item.score) == 1
    assert [item.rank for item in results.items] == sorted(COUNTED_ORDER)


def test_a_maxdiff_of_fewer_members_has_no_results(running):
    panel = maxdiff(running, members=3)
    for member in list(panel.members.all())[:2]:
        choose(panel, member, 1, "C", "E")
    close(panel)
    assert read_results(panel, fewest=3) is None
    assert read_results(panel, fewest=2).n_members == 2


# Who reads them


@pytest.mark.parametrize(("n_members", "are_public"), [(4, False), (5, True)])
def test_results_are_public_once_it_ended_and_five_answered(running, n_members, are_public):
    panel = make_panel(running, members=5)
    begin(panel)
    rate(panel, FIRST[:n_members])
    close(panel)
    assert read_public_results(panel) is None
    end(panel)
    assert (read_public_results(panel) is not None) is are_public
    assert len(show_public_panels(running)) == are_public
    assert (FEWEST_SHOWN, FEWEST_PUBLIC) == (3, 5)


def results_page(panel, who="ilze"):
    return page_of(who, reverse("dialogue:panel-results", args=[panel.pk]))


def test_results_of_many_panels_ask_as_often_as_those_of_one(running):
    def ask():
        with CaptureQueriesContext(connection) as asked:
            shown = show_public_panels(running)
        return len(shown), len(asked)

    def add(kind):
        panel = make_panel(running, kind=kind, items=[f"Item {letter}" for letter in "abcdefg"], members=5)
        begin(panel)
        if kind is PanelKind.DELPHI:
            rate(panel, [[9] * 7] * 5)
        else:
            for member in panel.members.all():
                best, worst, *_ = member.tasks[0]
                pick(member=member, number=1, task=1, best=best, worst=worst, day=TODAY)
        close(panel)
        end(panel)

    for kind in PanelKind:
        add(kind)
    assert ask() == (2, 6)
    for kind in PanelKind:
        add(kind)
    assert ask() == (4, 6)


def test_staff_read_the_figures_with_their_rule_number_and_day(delphi):
    page = " ".join(results_page(delphi).split())
    assert "Round 2, closed on" in page
    assert "5 members answered. 1 in, 1 out, 1 open." in page
    assert "In: at least 70% rate it 7 to 9, and fewer than 15% rate it 1 to 3." in page
    assert "7 to 8 (1 apart)" in page
    assert "Of 5 who rated it twice, 1 came to 7 to 9 and 1 left (p = 1)." in page
    assert "Of 4 who rated it twice, 0 came to 7 to 9 and 0 left (p = 1). Stable." in page


def test_without_a_closed_round_there_is_nothing_to_read(running):
    panel = bring_to(make_panel(running), PanelState.RUNNING)
    assert "There are no results yet" in results_page(panel)


def test_the_page_of_a_maxdiff_has_its_scores(running):
    panel = maxdiff(running, members=3)
    for member in panel.members.all():
        choose(panel, member, 1, "C", "E")
    close(panel)
    page = results_page(panel)
    assert "3 members answered 3 tasks." in page
    assert page.index("<span>C</span>") < page.index("<span>D</span>") < page.index("<span>E</span>")
