"""The pages on which staff keep panels."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.panels import (
    ITEMS,
    TODAY,
    MemberPhone,
    begin,
    close,
    end,
    make_panel,
    make_theme,
    plan,
    rate,
)
from tests.apps.dialogue.staff import browser_of, give_to, make_running, page_of
from tests.builders import make_city
from tests.people import give, make_network, make_officer, make_person

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.dialogue.actions.panels import prepare_panel
from tessera.apps.dialogue.lifecycle import PanelState
from tessera.apps.dialogue.models import Consultation, Panel, PanelKind, Rating, Stakeholder, StakeholderKind
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Kind, Membership

pytestmark = pytest.mark.django_db

PLAN = {
    "kind": "delphi",
    "title_en": "What comes first",
    "question_en": "How important is it?",
    "title_lv": "",
    "question_lv": "",
    "least_percent": "70",
    "opposed_below_percent": "15",
}
OF_A_PANEL = (
    "panel",
    "change-panel",
    "panel-items",
    "panel-members",
    "open-round",
    "close-round",
    "panel-comments",
    "end-panel",
    "panel-results",
)


@pytest.fixture
def running():
    running = make_running(make_city("riga"), languages=("en", "lv"))
    make_officer("chiara", make_city("ravenna"))
    give_to("piotr", running)
    Person.objects.update(language="en")
    return running


@pytest.fixture
def only_english(running):
    Consultation.objects.filter(pk=running.pk).update(languages=["en"])
    running.refresh_from_db()
    return running


@pytest.fixture
def panel(only_english):
    return make_panel(only_english)


def url(name, about):
    return reverse(f"dialogue:{name}", args=[about.pk])


def send(name, about, who="ilze", **data):
    return browser_of(who).post(url(name, about), data, follow=True)


@pytest.mark.parametrize("name", OF_A_PANEL)
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_of_the_panels_of_others_do_not_exist(panel, name, method):
    statuses = {
        who: getattr(browser_of(who), method)(url(name, panel)).status_code
        for who in ("ilze", "piotr", "chiara", "greta")
    }
    assert 404 not in (statuses["ilze"], statuses["piotr"])
    assert statuses["chiara"] in (404, 405)
    assert statuses["greta"] in (404, 405)
    assert browser_of("visitor").get(url(name, panel)).status_code in (302, 405)


@pytest.mark.parametrize("name", ["panels", "new-panel"])
def test_pages_of_the_consultations_of_others_do_not_exist(running, name):
    statuses = [browser_of(who).get(url(name, running)).status_code for who in ("ilze", "piotr", "chiara")]
    assert statuses == [200, 200, 404]


def test_the_page_of_the_consultation_leads_to_its_panels(running):
    assert f'href="{url("panels", running)}"' in page_of("ilze", running.get_absolute_url())


def test_a_panel_is_prepared_and_its_items_chosen(running):
    theme = make_theme(running)
    answer = send("new-panel", running, **PLAN)
    panel = Panel.objects.get()
    assert answer.redirect_chain == [(url("panel-items", panel), 302)]
    assert (str(panel.title), panel.kind, panel.least_percent) == ("What comes first", "delphi", 70)
    send("panel-items", panel, themes=[theme.pk], own_en="Parks\n\n  Buses \n", own_lv="Parki\nAutobusi")
    assert [str(item) for item in panel.items.all()] == ["Work and language", "Parks", "Buses"]
    assert panel.items.last().text == LocalText("en", {"en": "Buses", "lv": "Autobusi"})
    page = page_of("ilze", url("panel-items", panel))
    assert "Parks\nBuses</textarea>" in page
    assert "checked" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title_en": ""}, "“Title, English” is empty. Fill it in."),
        ({"kind": "poll"}, "That choice is not one of the available choices."),
        ({"least_percent": "101"}, "Ensure this value is less than or equal to 100."),
        ({"least_percent": "10"}, "so that an item could be in and out at once."),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_stays_on_the_page(running, wrong, words):
    answer = send("new-panel", running, **{**PLAN, **wrong})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "How important is it?" in answer.content.decode()
    assert not Panel.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"own_en": "Parks\nParks"}, "Two items are the same."),
        ({"own_en": "Parks", "own_lv": "Parki\nAutobusi"}, "Write the same items as in the first language"),
        ({"own_lv": "Parki"}, "Write the same items as in the first language"),
        ({"own_en": "a" * 201}, "An item has at most 200 letters."),
        ({"own_en": "\n".join(map(str, range(26)))}, "A panel weighs at most 25 items."),
    ],
)
def test_items_that_cannot_be_are_refused(running, wrong, words):
    panel = make_panel(running)
    answer = send("panel-items", panel, **wrong)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert panel.items.count() == len(ITEMS)


def test_the_plan_is_changed_until_a_round_was_opened(panel):
    changed = {**PLAN, "least_percent": "80"}
    send("change-panel", panel, **changed)
    panel.refresh_from_db()
    assert panel.least_percent == 80
    begin(panel)
    for name in ("change-panel", "panel-items"):
        answer = send(name, panel, **{**PLAN, "least_percent": "60"})
        assert "A round was opened" in answer.content.decode()
    panel.refresh_from_db()
    assert panel.least_percent == 80


def test_cards_carry_the_links_of_new_members(panel, read_print):
    nurses = Stakeholder.objects.create(
        consultation=panel.consultation, kind=StakeholderKind.ORGANISATION, name="Union of nurses"
    )
    answer = browser_of("ilze").post(url("panel-members", panel), {"count": "2", "stakeholder": nurses.pk})
    assert answer["Content-Type"] == "application/pdf"
    printed = "".join(read_print(answer.content).split())
    tokens = set(re.findall(r"/take-part/arriving/panel/([\w-]{22})", printed))
    assert {token_hash(token) for token in tokens} == set(
        panel.members.filter(stakeholder=nurses).values_list("token_hash", flat=True)
    )
    assert len(tokens) == 2
    assert "Keepituntilthepanelends." in printed
    page = page_of("ilze", panel.get_absolute_url())
    assert "5 members have a link." in page
    assert "Union of nurses" in page
    assert not any(token in page for token in tokens)


def test_a_panel_goes_through_its_rounds_on_the_page(panel):
    page = page_of("piotr", panel.get_absolute_url())
    assert "Open the first round" in page
    send("open-round", panel, "piotr", last_day=TODAY.isoformat())
    rate(panel, [[9, 5, 1], [8, 5, 1]])
    page = page_of("piotr", panel.get_absolute_url())
    assert "Round 1 is open." in page
    assert "Round 1: 2 of 3 members answered." in page
    answer = send("open-round", panel, last_day=TODAY.isoformat())
    assert "No round can be opened now." in answer.content.decode()
    answer = send("end-panel", panel)
    assert "Close the round first." in answer.content.decode()
    send("close-round", panel)
    assert "No round is open." in send("close-round", panel).content.decode()
    assert "Open the next round" in page_of("piotr", panel.get_absolute_url())
    send("end-panel", panel)
    panel.refresh_from_db()
    assert panel.state == PanelState.ENDED
    page = page_of("piotr", panel.get_absolute_url())
    assert not any(f'action="{url(name, panel)}"' in page for name in ("close-round", "end-panel"))
    assert "It cannot be ended: it does not run." in send("end-panel", panel).content.decode()
    assert "nobody can answer any more" in send("panel-members", panel, count="2").content.decode()


@pytest.mark.parametrize(
    ("last_day", "words"),
    [("2020-01-01", "This day is over."), ("soon", "This is no day."), ("", "is empty")],
)
def test_a_last_day_that_cannot_be_is_refused(panel, last_day, words):
    answer = send("open-round", panel, last_day=last_day)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not panel.rounds.exists()


def test_what_is_missing_stands_on_the_page(running):
    bare = make_panel(running, items=ITEMS[:1], members=2)
    page = page_of("ilze", bare.get_absolute_url())
    assert "not written in: Latvian." in page
    assert "At least 2 items." in page
    assert "At least 3 members." in page
    assert url("open-round", bare) not in page


def test_comments_are_shown_or_hidden_without_a_word_on_whose_they_are(panel):
    begin(panel)
    rate(panel, [[9, 5, 1], [8, 5, 2]], comments={(0, 0): "<b>Zebra</b>", (1, 0): "Apple"})
    assert "There are no comments to decide about now." in send("panel-comments", panel).content.decode()
    close(panel)
    assert "2 comments that you have not read." in page_of("ilze", panel.get_absolute_url())
    page = page_of("ilze", url("panel-comments", panel))
    assert page.index("Apple") > page.index("&lt;b&gt;Zebra&lt;/b&gt;")
    assert "<b>Zebra" not in page
    assert not re.search(r"\bM[12]\b", page)
    keys = Rating.objects.exclude(comment="").values_list("pk", flat=True)
    assert not any(f'"comment_{pk}"' in page for pk in keys if pk > 1)
    answer = send("panel-comments", panel, comment_0="show")
    assert answer.status_code == 400
    send("panel-comments", panel, comment_0="hide", comment_1="show")
    assert dict(Rating.objects.exclude(comment="").values_list("comment", "comment_state")) == {
        "<b>Zebra</b>": "hidden",
        "Apple": "shown",
    }


def test_a_coordinator_reads_and_is_offered_nothing_to_do(panel):
    network = make_network()
    Membership.objects.create(
        city=panel.consultation.city, network=network, since=date(2015, 1, 1), source_name="A site"
    )
    give("mihai", Kind.COORDINATOR, network)
    Person.objects.update(language="en")
    begin(panel)
    close(panel)
    acts = [name for name in OF_A_PANEL if name not in ("panel", "panel-results")]
    offered = {
        who: [name for name in acts if f'"{url(name, panel)}"' in page_of(who, panel.get_absolute_url())]
        for who in ("ilze", "mihai")
    }
    assert offered == {"ilze": ["panel-members", "open-round", "end-panel"], "mihai": []}
    assert [browser_of("mihai").get(url(name, panel)).status_code for name in acts] == [
        404,
        404,
        404,
        404,
        405,
        404,
        405,
    ]


def test_no_page_of_staff_says_what_one_member_said(panel):
    begin(panel)
    phone = MemberPhone(panel, panel.tokens[0])
    items = list(panel.items.all())
    phone.send(phone.open(), **{f"value__{items[0].pk}": 9, f"comment__{items[0].pk}": "Only mine"})
    for name in ("panel", "panel-results"):
        assert "Only mine" not in page_of("ilze", url(name, panel))
    close(panel)
    assert "There are no results yet" in page_of("ilze", url("panel-results", panel))
    end(panel)


def test_panels_are_listed_with_their_method_and_state(only_english):
    prepare_panel(
        by=make_person("ilze"),
        consultation=only_english,
        plan=plan(PanelKind.MAXDIFF),
        at=timezone.now(),
    )
    page = page_of("piotr", url("panels", only_english))
    assert "MaxDiff: pick the most" in page
    assert "being prepared" in page


@pytest.mark.parametrize("name", ["panel", "panel-results", "panel-comments"])
def test_a_page_asks_the_database_as_often_with_many_items_and_members(only_english, name):
    panel = make_panel(only_english, items=[f"Item {number}" for number in range(25)], members=20)
    begin(panel)
    said = {(member, item): "A reason" for member in range(20) for item in range(25)}
    rate(panel, [[5] * 25] * 20, comments=said)
    close(panel)
    browser = browser_of("ilze")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url(name, panel)).status_code == 200
    assert len(asked) <= 28
