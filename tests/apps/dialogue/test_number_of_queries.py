"""A page asks the database as often for many statements, people and rooms as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.panels import MemberPhone, begin, close, make_panel, make_theme, rate, show_comments
from tests.apps.dialogue.rooms import hold, name_stakeholder, note
from tests.apps.dialogue.sessions_and_notes import give_codes, make_code, make_excerpt, rest_theme_on
from tests.apps.dialogue.sheets import print_for
from tests.apps.dialogue.staff import browser_of, give_to, make_running, today
from tests.builders import make_city
from tests.dialogues import make_entrance, speak, vote
from tests.people import make_person

from tessera.apps.dialogue.actions.appeals import appeal
from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement, translate_statement
from tessera.apps.dialogue.actions.taking_part import report_statement
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Appeal, HidingReason, PanelKind

pytestmark = pytest.mark.django_db

MOST = 12
MOST_AT_DESK = 28
"""Of a page of one's work; that of a consultation counts what stands on each page below it."""


def fill(consultation, number):
    """So many people say something, each in their way; a half is shown and reported, a quarter appealed."""
    ilze, now = make_person("ilze"), timezone.now()
    first = consultation.statements.first()
    for place in range(number):
        me = make_entrance(language=("en", "lv")[place % 2])
        said = speak(consultation, f"Call +371 2612345{place % 10}, {place}.", entrance=me, day=today())
        participant = vote(consultation, first, entrance=me, day=today())
        translate_statement(by=ilze, statement=said, texts={"ar": "نعم"}, at=now)
        if place % 2:
            accept_statement(by=ilze, statement=said, at=now)
            report_statement(participant=participant, statement=said, reason=HidingReason.HOSTILE)
        elif place % 4:
            hide_statement(by=ilze, statement=said, reason=HidingReason.UNCLEAR, at=now)
            appeal(participant=participant, statement=said, words="Why?", language="en", day=today())


def count_queries(who, address):
    browser = browser_of(who)
    # The first visit of a day writes down that there was one.
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_pages_of_sixty_statements_ask_as_much_as_those_of_twelve():
    riga = make_city("riga")
    counts = []
    for number in (12, 60):
        consultation = make_running(riga, slug=f"with-{number}", languages=("en", "lv", "ar"))
        give_to("piotr", consultation)
        fill(consultation, number)
        addresses = {
            "overview": consultation.get_absolute_url(),
            "statements": reverse("dialogue:statements", args=[consultation.pk]),
            "statement": reverse("dialogue:statement", args=[consultation.statements.last().pk]),
            "appeal": reverse("dialogue:appeal", args=[Appeal.objects.last().pk]),
            "list": reverse("dialogue:consultations"),
        }
        counts.append(
            {
                (who, name): count_queries(who, address)
                for name, address in addresses.items()
                for who in ("ilze", "piotr")
            }
        )
    assert counts[0] == counts[1]
    assert counts[1].pop(("ilze", "overview")) <= MOST_AT_DESK
    assert counts[1].pop(("piotr", "overview")) <= MOST_AT_DESK
    assert max(counts[1].values()) <= MOST, counts[1]


def fill_rooms(consultation, number):
    """So many sessions, coded notes, stakeholders, themes, sheets and panels."""
    codes = [make_code(consultation, f"code-{place}") for place in range(number)]
    for place in range(number):
        hold(consultation, title=f"Evening {place}", people=1)
        name_stakeholder(consultation, f"Group {place}")
        make_theme(consultation, f"Theme {place}")
    session = hold(consultation, people=number)
    for place in range(number):
        written = note(session, f"We waited {place} years.", speaker=f"P{place + 1}", key=place)
        excerpt = make_excerpt(written)
        give_codes("ilze", excerpt, codes[place])
        give_codes("piotr", excerpt, codes[0])
        theme = rest_theme_on(excerpt, f"Waiting {place}")
    print_for(consultation, number, at=timezone.now())
    for _ in range(number):
        panel = make_panel(consultation, members=number)
    begin(panel)
    rate(panel, [[9, 1, 5]] * number)
    close(panel)
    return {
        "session": session.pk,
        "note": written.pk,
        "excerpt": excerpt.pk,
        "theme": theme.pk,
        "panel": panel.pk,
    }


OF_ALL = (
    *("consultation", "sessions", "stakeholders", "codebook", "coding", "agreement", "sheets", "panels"),
    *("themes", "priorities"),
)
OF_ONE = {
    "session": ("session", "participants", "notes", "session-text"),
    "note": ("note",),
    "excerpt": ("excerpt", "code-excerpt"),
    "theme": ("theme", "theme-bases"),
    "panel": ("panel", "panel-results"),
}


def test_pages_of_nine_rooms_ask_as_much_as_those_of_three():
    riga = make_city("riga")
    counts = []
    for number in (3, 9):
        consultation = make_running(riga, slug=f"with-{number}")
        give_to("piotr", consultation)
        keys = fill_rooms(consultation, number)
        pages = [(name, consultation.pk) for name in OF_ALL]
        pages += [(name, keys[kind]) for kind, names in OF_ONE.items() for name in names]
        counts.append(
            {name: count_queries("piotr", reverse(f"dialogue:{name}", args=[key])) for name, key in pages}
        )
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= MOST_AT_DESK, counts[1]


def test_what_is_missing_is_found_in_as_few():
    draft = make_running(make_city("riga"), state=State.DRAFT, languages=("en", "lv"))
    assert count_queries("ilze", draft.get_absolute_url()) <= MOST_AT_DESK


@pytest.mark.parametrize("kind", PanelKind)
def test_the_page_of_a_member_asks_as_much_for_many_items_and_comments_as_for_few(kind):
    riga = make_city("riga")
    counts = []
    for number in (5, 20):
        consultation = make_running(riga, slug=f"of-{number}")
        items = [f"Item {place}" for place in range(number)]
        panel = make_panel(consultation, kind=kind, items=items, members=5)
        begin(panel)
        if kind == PanelKind.DELPHI:
            comments = {(0, place): f"Because of {place}." for place in range(number)}
            rate(panel, [[9] * number, *[[place % 9 + 1] * number for place in range(4)]], comments=comments)
            close(panel)
            show_comments(panel)
            begin(panel)
        counts.append(count_queries("visitor", MemberPhone(panel, panel.tokens[0]).url))
    assert counts[0] == counts[1] <= MOST
