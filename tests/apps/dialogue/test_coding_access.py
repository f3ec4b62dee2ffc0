"""Who may mark, code and quote what was said, in which state: asked at the door, and at the pages."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from tests.apps.dialogue.sessions_and_notes import (
    give_codes,
    make_code,
    make_excerpt,
    make_note,
    make_session,
)
from tests.apps.dialogue.staff import browser_of
from tests.builders import appoint, make_city, make_review
from tests.dialogues import make_consultation, put_in_state, words
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue import access
from tessera.apps.dialogue.access import in_the_room
from tessera.apps.dialogue.actions import coding
from tessera.apps.dialogue.actions.coding import CodeWords
from tessera.apps.dialogue.actions.setting_up import choose_facilitators
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Code, Coding, Consultation, Excerpt
from tessera.apps.network.models import Kind
from tessera.apps.records.moves import MoveError
from tessera.apps.review.lifecycle import State as ReviewState

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 10, 10, tzinfo=UTC)
TODAY = AT.date()
KEEPERS, READERS = {"ilze", "piotr"}, {"ilze", "piotr", "nuria"}
FROZEN = (State.SYNTHESISED, State.ANSWERED)
WORDS = CodeWords("new", "New", "Something new.", "", "")


@pytest.fixture
def consultation():
    """About a review that Nuria checks; Piotr was given it. One excerpt, and one code."""
    riga = make_city("riga")
    review = make_review(riga, state=ReviewState.SUBMITTED)
    appoint(review)
    give("andris", Kind.CONTRIBUTOR, riga)
    make_officer("chiara", make_city("ravenna"))
    make_officer("jonas", make_city("graz"))
    make_person("greta")
    consultation = make_consultation(riga)
    Consultation.objects.filter(pk=consultation.pk).update(review=review)
    piotr = give("piotr", Kind.FACILITATOR, riga)
    choose_facilitators(by=make_person("ilze"), consultation=consultation, people=[piotr], at=AT)
    make_code(consultation, "waiting")
    make_excerpt(make_note(make_session(consultation)), "Nobody told us why.")
    Person.objects.update(language="en")
    return consultation


def parts(consultation):
    session = consultation.sessions.get()
    note = session.notes.get()
    return session, note, note.excerpts.first(), consultation.codes.first()


def who_is_let(act):
    """Everybody for whom the act neither ends in 404 nor in a refusal."""
    let = set()
    for key in EVERYBODY:
        try:
            act(make_person(key))
        except (Http404, PermissionDenied):
            continue
        except MoveError:
            pass
        let.add(key)
    return let


@pytest.mark.parametrize("state", State)
def test_who_is_given_what(consultation, state):
    put_in_state(consultation, state)
    session, note, excerpt, code = parts(consultation)
    doors = {
        in_the_room.get_session_to_keep: (session, KEEPERS),
        in_the_room.get_session_to_read: (session, READERS),
        in_the_room.get_consultation_to_hear: (consultation, READERS),
        access.lock_consultation_to_keep: (consultation, KEEPERS),
        in_the_room.lock_note_to_keep: (note, KEEPERS),
        in_the_room.get_excerpt_to_keep: (excerpt, KEEPERS),
        in_the_room.get_code_to_keep: (code, KEEPERS),
    }
    for door, (about, let) in doors.items():
        assert who_is_let(lambda person, door=door, about=about: door(person, about.pk, TODAY)) == let


ACTS = {
    "mark": lambda by, note, excerpt, code, number: coding.mark_excerpt(
        by=by, note=note, starts=0, ends=10 + number, finding=None, at=AT
    ),
    "set finding": lambda by, note, excerpt, code, number: coding.set_finding(
        by=by, excerpt=excerpt, finding=None, at=AT
    ),
    "add code": lambda by, note, excerpt, code, number: coding.add_code(
        by=by,
        consultation=code.consultation,
        words=CodeWords(f"new-{number}", "New", "Something new.", "", ""),
        at=AT,
    ),
    "change code": lambda by, note, excerpt, code, number: coding.change_code(
        by=by, code=code, words=WORDS, at=AT
    ),
    "take codebook": lambda by, note, excerpt, code, number: coding.take_codebook(
        by=by, consultation=code.consultation, words=[WORDS], at=AT
    ),
    "code": lambda by, note, excerpt, code, number: coding.code_excerpt(
        by=by, excerpt=excerpt, codes=[code], at=AT
    ),
    "clear quote": lambda by, note, excerpt, code, number: coding.clear_quote(
        by=by, excerpt=excerpt, quote=words("Nobody told us."), at=AT
    ),
    "take quote back": lambda by, note, excerpt, code, number: coding.take_quote_back(
        by=by, excerpt=excerpt, at=AT
    ),
    "remove code": lambda by, note, excerpt, code, number: coding.remove_code(by=by, code=code, at=AT),
    "remove excerpt": lambda by, note, excerpt, code, number: coding.remove_excerpt(
        by=by, excerpt=excerpt, at=AT
    ),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", ACTS)
def test_who_may_do_what_in_which_state(consultation, act, state):
    put_in_state(consultation, state)
    _, note, _, _ = parts(consultation)
    let = set()
    for number, key in enumerate(EVERYBODY):
        # Each has something of their own before them, since some acts take it away.
        excerpt = note.excerpts.create(starts=number, ends=30, marked_by=make_person("ilze"))
        code = make_code(consultation, f"code-{number}")
        try:
            ACTS[act](make_person(key), note, excerpt, code, number)
        except Http404:
            continue
        except MoveError:
            assert state in FROZEN
        else:
            # What gives somebody away goes whenever they ask.
            assert act == "take quote back" or state not in FROZEN
        let.add(key)
    assert let == KEEPERS


PAGES = {
    "session-text": READERS,
    "codebook": READERS,
    "codebook-file": READERS,
    "agreement": READERS,
    "add-code": KEEPERS,
    "coding": KEEPERS,
    "disagreements": KEEPERS,
    "excerpt": KEEPERS,
    "code-excerpt": KEEPERS,
    "code": KEEPERS,
    "remove-code": KEEPERS,
}
FORMS = ("excerpt-finding", "take-quote-back", "remove-excerpt")


def address_of(consultation, page):
    session, _, excerpt, code = parts(consultation)
    about = {
        "session-text": session,
        "excerpt": excerpt,
        "code-excerpt": excerpt,
        "code": code,
        "remove-code": code,
        **dict.fromkeys(FORMS, excerpt),
    }
    return reverse(f"dialogue:{page}", args=[about.get(page, consultation).pk])


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_others_do_not_exist(consultation, page):
    address = address_of(consultation, page)
    assert browser_of("visitor").get(address).status_code == 302
    asked = {who: browser_of(who).get(address).status_code for who in EVERYBODY}
    assert asked == {who: 200 if who in PAGES[page] else 404 for who in EVERYBODY}


@pytest.mark.parametrize("page", [*PAGES, *FORMS])
def test_nobody_else_sends_a_form(consultation, page):
    address = address_of(consultation, page)
    for who in ("mihai", "nuria", "andris", "chiara", "greta", "jonas"):
        assert browser_of(who).post(address, {"act": "x"}).status_code in (404, 405)
    assert [kind.objects.count() for kind in (Excerpt, Code, Coding)] == [1, 1, 0]


def test_an_expert_reads_and_is_offered_nothing_to_do(consultation):
    _, _, excerpt, _ = parts(consultation)
    give_codes("ilze", excerpt)
    for name in ("session-text", "codebook", "agreement"):
        page = browser_of("nuria").get(address_of(consultation, name)).content.decode()
        for act in ("excerpt", "add-code", "code", "remove-code", "coding", "disagreements"):
            assert f'href="{address_of(consultation, act)}"' not in page
        assert f'href="{consultation.get_absolute_url()}"' not in page
        assert "Mark as excerpt" not in page
        assert "Take the file" not in page


def test_who_keeps_a_consultation_is_led_to_all_of_it_and_a_coordinator_to_nothing(consultation):
    page = browser_of("piotr").get(consultation.get_absolute_url()).content.decode()
    seen = browser_of("mihai").get(consultation.get_absolute_url()).content.decode()
    for name in ("session-text", "codebook", "coding", "agreement"):
        assert f'href="{address_of(consultation, name)}"' in page
        assert f'href="{address_of(consultation, name)}"' not in seen


def test_an_expert_of_another_review_reads_nothing(consultation):
    make_person("nuria").appointments.update(released_at=AT)
    session, _, _, _ = parts(consultation)
    with pytest.raises(Http404):
        in_the_room.get_session_to_read(make_person("nuria"), session.pk, date(2026, 11, 10))
