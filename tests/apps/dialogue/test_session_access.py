"""Who sees sessions, who reads what was said there, and who writes: every person, in every state."""

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.rooms import (
    FROZEN,
    STATES,
    days_ago,
    hold,
    make_checked,
    name_stakeholder,
    note,
    plan,
)
from tests.apps.dialogue.staff import browser_of, page_of
from tests.dialogues import make_key, put_in_state, words
from tests.people import EVERYBODY, make_person

from tessera.apps.dialogue.actions.contacts import erase_contact, keep_contact
from tessera.apps.dialogue.actions.notes import (
    add_participants,
    change_note,
    delete_note,
    load_notes,
    place_participants,
    remove_participant,
    translate_note,
    write_note,
)
from tessera.apps.dialogue.actions.sessions import (
    begin_session,
    change_session,
    delete_session,
    record_consent,
    write_consent_text,
)
from tessera.apps.dialogue.actions.stakeholders import (
    StakeholderPlan,
    add_stakeholder,
    change_stakeholder,
    remove_stakeholder,
)
from tessera.apps.dialogue.models import ContactSlip, Purpose
from tessera.apps.dialogue.session_notes import SaidLine
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db

KEEPERS = {"ilze", "piotr"}
HEARERS = {*KEEPERS, "nuria"}
SEERS = {*HEARERS, "mihai"}


@pytest.fixture
def heard():
    """Prepared while it is open: a session with a note, and one without, a stakeholder and a slip."""
    heard = make_checked()
    session = hold(heard, people=2)
    kept = keep_contact(
        by=make_person("ilze"),
        consultation=heard,
        purpose=Purpose.INVITE,
        name="Amina",
        way="amina@example.org",
        language="ar",
        until=days_ago(-30),
        at=timezone.now(),
    )
    return {
        "consultation": heard,
        "session": session,
        "empty": hold(heard, title="Empty", people=1),
        "note": note(session, speaker="P1"),
        "participant": session.participants.get(code="P1"),
        "stakeholder": name_stakeholder(heard, "Night workers"),
        "slip": kept,
    }


ABOUT_A_SESSION = {
    "session": SEERS,
    "change-session": KEEPERS,
    "participants": KEEPERS,
    "add-participants": KEEPERS,
    "notes": HEARERS,
    "load-notes": KEEPERS,
}
PAGES = [
    *(
        (name, "consultation", who)
        for name, who in {
            "sessions": SEERS,
            "new-session": KEEPERS,
            "consent-text": KEEPERS,
            "stakeholders": KEEPERS,
            "add-stakeholder": KEEPERS,
            "contacts": KEEPERS,
        }.items()
    ),
    *((name, "session", who) for name, who in ABOUT_A_SESSION.items()),
    ("record-consent", "empty", KEEPERS),
    ("delete-session", "empty", KEEPERS),
    ("remove-participant", "participant", KEEPERS),
    ("note", "note", HEARERS),
    ("change-note", "note", KEEPERS),
    ("stakeholder", "stakeholder", KEEPERS),
]
DEEDS = [
    ("delete-note", "note"),
    ("remove-stakeholder", "stakeholder"),
    ("erase-contact", "slip"),
]


@pytest.mark.parametrize("state", STATES)
def test_who_comes_to_which_page(heard, state):
    put_in_state(heard["consultation"], state)
    browsers = {who: browser_of(who) for who in EVERYBODY}
    for page, about, let_in in PAGES:
        address = reverse(f"dialogue:{page}", args=[heard[about].pk])
        statuses = {who: browser.get(address).status_code for who, browser in browsers.items()}
        assert {who for who, status in statuses.items() if status != 404} == let_in, page
        assert set(statuses.values()) <= {200, 302, 404}
        assert browser_of("visitor").get(address).status_code == 302


@pytest.mark.parametrize(("page", "about"), [(page, about) for page, about, _ in PAGES] + DEEDS)
def test_whoever_only_reads_can_send_nothing(heard, page, about):
    address = reverse(f"dialogue:{page}", args=[heard[about].pk])
    for who in ("nuria", "mihai", "andris", "chiara"):
        assert browser_of(who).post(address, {"count": "1"}).status_code in (404, 405), who
    assert browser_of("visitor").post(address).status_code == 302
    assert heard["session"].notes.count() == 1
    assert ContactSlip.objects.count() == 1


@pytest.mark.parametrize(("page", "about"), DEEDS)
def test_a_deed_is_no_page(heard, page, about):
    address = reverse(f"dialogue:{page}", args=[heard[about].pk])
    assert browser_of("ilze").get(address).status_code == 405


def _acts(heard):
    """Everything that can be done, each by a person; and whether public themes end it."""
    session, said, now = heard["session"], heard["note"], timezone.now()
    about = {"text": "Otherwise.", "language": "en", "at": now}
    line = SaidLine(1, "", "From a file.")
    slip = {"purpose": Purpose.INVITE, "name": "A", "way": "a@example.org", "language": "en"}
    stakeholder = heard["stakeholder"]
    named = {"plan": _named(stakeholder, "Others"), "at": now}
    consultation = heard["consultation"]
    return {
        "begin": (lambda by: begin_session(by=by, consultation=consultation, plan=plan(), at=now), True),
        "change": (lambda by: change_session(by=by, session=session, plan=plan(), at=now), True),
        "consent text": (
            lambda by: write_consent_text(by=by, consultation=consultation, text=words("New"), at=now),
            True,
        ),
        "consent": (
            lambda by: record_consent(
                by=by, session=heard["empty"], consent=session.consent, language="en", at=now
            ),
            True,
        ),
        "add": (
            lambda by: add_participants(by=by, session=session, count=1, stakeholder=None, at=now),
            True,
        ),
        "place": (
            lambda by: place_participants(
                by=by, session=session, places={heard["participant"]: stakeholder}, at=now
            ),
            True,
        ),
        "write": (
            lambda by: write_note(by=by, session=session, speaker=None, key=make_key(7), **about),
            True,
        ),
        "load": (
            lambda by: load_notes(
                by=by, session=session, lines=[line], language="en", key=make_key(8), at=now
            ),
            True,
        ),
        "change note": (lambda by: change_note(by=by, note=said, speaker=None, **about), True),
        "translate": (lambda by: translate_note(by=by, note=said, texts={"lv": "Slēgts."}, at=now), True),
        "stakeholder": (lambda by: add_stakeholder(by=by, consultation=consultation, **named), False),
        "rename": (
            lambda by: change_stakeholder(
                by=by, stakeholder=stakeholder, plan=_named(stakeholder, "Night shifts"), at=now
            ),
            False,
        ),
        "off the map": (lambda by: remove_stakeholder(by=by, stakeholder=stakeholder, at=now), False),
        "slip": (
            lambda by: keep_contact(by=by, consultation=consultation, until=days_ago(-9), at=now, **slip),
            False,
        ),
        "erase": (lambda by: erase_contact(by=by, slip=heard["slip"], at=now), False),
        "delete": (lambda by: delete_session(by=by, session=heard["empty"], at=now), True),
        "delete note": (lambda by: delete_note(by=by, note=said, at=now), True),
        "take out": (lambda by: remove_participant(by=by, participant=heard["participant"], at=now), False),
    }


def _named(stakeholder, name):
    return StakeholderPlan(stakeholder.kind, name, None, "", "", None)


@pytest.mark.parametrize("state", STATES)
def test_who_does_what_in_which_state(heard, state):
    """Whoever does not keep it finds nothing; and what themes rest on stays once they are public."""
    put_in_state(heard["consultation"], state)
    acts = _acts(heard)
    assert len(acts) == 18
    for name, (act, ends_with_themes) in acts.items():
        for who in EVERYBODY:
            if who not in KEEPERS:
                with pytest.raises(Http404):
                    act(make_person(who))
        if ends_with_themes and state in FROZEN:
            with pytest.raises(MoveError):
                act(make_person("piotr"))
        else:
            act(make_person("piotr"))
            assert name


def test_a_coordinator_sees_when_and_what_came_of_it_and_nothing_that_was_said(heard):
    session = heard["session"]
    change_session(
        by=make_person("ilze"),
        session=session,
        plan=plan(agenda="Ten: welcome.", outputs="A list of offices."),
        at=timezone.now(),
    )
    page = page_of("mihai", reverse("dialogue:session", args=[session.pk]))
    assert "Ten: welcome." in page
    assert "A list of offices." in page
    assert "The library" in page
    listed = page_of("mihai", reverse("dialogue:sessions", args=[heard["consultation"].pk]))
    assert "2 participants" in listed
    for each in (page, listed):
        assert reverse("dialogue:notes", args=[session.pk]) not in each
        assert reverse("dialogue:contacts", args=[heard["consultation"].pk]) not in each
        assert "office closes" not in each
    own = page_of("mihai", heard["consultation"].get_absolute_url())
    assert "In the room" in own
    assert reverse("dialogue:contacts", args=[heard["consultation"].pk]) not in own


def test_the_expert_of_the_review_finds_the_sessions_and_reads_the_notes(heard):
    consultation, session = heard["consultation"], heard["session"]
    found = page_of("nuria", reverse("dialogue:consultations"))
    assert reverse("dialogue:sessions", args=[consultation.pk]) in found
    assert reverse("dialogue:sessions", args=[consultation.pk]) not in page_of(
        "greta", reverse("dialogue:consultations")
    )
    page = page_of("nuria", reverse("dialogue:notes", args=[session.pk]))
    assert "The office closes at noon." in page
    assert f'href="{consultation.get_absolute_url()}"' not in page
    assert "<textarea" not in page
    assert "<textarea" not in page_of("nuria", reverse("dialogue:note", args=[heard["note"].pk]))


def test_an_expert_who_did_not_take_the_review_on_sees_nothing(heard):
    review = heard["consultation"].review
    review.appointments.update(accepted_at=None)
    assert browser_of("nuria").get(reverse("dialogue:notes", args=[heard["session"].pk])).status_code == 404
