"""What becomes of a consultation by the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.apps.dialogue.panels import make_panel
from tests.apps.dialogue.rooms import hold, make_heard, mark, note
from tests.builders import make_city
from tests.dialogues import (
    LAST_DAY,
    OPENED_AT,
    make_consultation,
    make_entrance,
    put_in_state,
    speak,
    vote,
)
from tests.people import make_officer

from tessera.apps.dialogue.access import find_participant
from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation, make_own_links
from tessera.apps.dialogue.jobs import close_past_consultations, forget_codes
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import (
    Consultation,
    Excerpt,
    HidingReason,
    Note,
    OwnLink,
    Participant,
    Rating,
    Statement,
    Vote,
)

pytestmark = pytest.mark.django_db

CLOSED_ON = LAST_DAY + timedelta(days=1)


def hide_as_personal(**about):
    hide_statement(reason=HidingReason.PERSONAL, **about)


def test_it_closes_the_day_after_its_last():
    consultation = make_consultation(make_city())
    make_consultation(make_city("ravenna", country="IT"), slug="draft", state=State.DRAFT)
    assert close_past_consultations(LAST_DAY) == 0
    assert close_past_consultations(CLOSED_ON) == 1
    closed = Consultation.objects.get(pk=consultation.pk)
    assert (closed.state, closed.closed_on, closed.closing_reason) == (State.CLOSED, CLOSED_ON, "")
    assert Consultation.objects.get(slug="draft").state == State.DRAFT
    assert close_past_consultations(CLOSED_ON) == 0


def test_one_that_the_clock_finds_late_was_closed_on_the_day_after_its_last():
    make_consultation(make_city())
    assert close_past_consultations(LAST_DAY + timedelta(days=9)) == 1
    assert Consultation.objects.get().closed_on == CLOSED_ON


def test_codes_are_forgotten_after_the_days_that_were_promised_and_the_votes_stay():
    consultation = make_consultation(make_city(), kept_days=30)
    officer = make_officer("ilze", consultation.city)
    make_own_links(by=officer, consultation=consultation, count=1, at=OPENED_AT)
    me, other = make_entrance(), make_entrance()
    for entrance in (me, other):
        vote(consultation, consultation.statements.first(), entrance=entrance)
    said = speak(consultation, "More benches.", entrance=me, key=2)
    close_consultation(
        by=officer,
        consultation=consultation,
        reason="",
        at=datetime(CLOSED_ON.year, CLOSED_ON.month, CLOSED_ON.day, 9, tzinfo=UTC),
    )
    last = CLOSED_ON + timedelta(days=30)
    assert forget_codes(last) == 0
    assert find_participant(consultation, me.code) is not None
    assert forget_codes(last + timedelta(days=1)) == 1
    assert find_participant(consultation, me.code) is None
    assert Vote.objects.count() == 2
    assert Participant.objects.count() == 2
    assert Statement.objects.get(pk=said.pk).author is None
    assert not OwnLink.objects.exists()
    assert forget_codes(last + timedelta(days=2)) == 0


def test_nobody_knows_who_spoke_at_a_session_or_on_a_panel_once_codes_are_forgotten():
    heard = make_heard()
    session = hold(heard, people=2)
    kept = note(session, "The office closes at noon.", speaker="P1", key=1)
    note(session, "My sister works there.", speaker="P2", key=2)
    mark(kept, 0, 10)
    panel = make_panel(heard, members=1)
    asked = panel.rounds.create(number=1, opened_on=OPENED_AT.date(), last_day=OPENED_AT.date())
    member = panel.members.get()
    Rating.objects.create(round=asked, member=member, item=panel.items.first(), value=9, comment="I wait.")
    put_in_state(heard, State.CLOSED, day=CLOSED_ON)
    assert forget_codes(CLOSED_ON + timedelta(days=heard.kept_days)) == 0
    assert Note.objects.count() == 2
    assert forget_codes(CLOSED_ON + timedelta(days=heard.kept_days + 1)) == 1
    assert [(each.text, each.speaker) for each in Note.objects.all()] == [(kept.text, None)]
    assert Excerpt.objects.get().words == "The office"
    member.refresh_from_db()
    assert member.token_hash == f"forgotten {member.pk}"
    assert list(Rating.objects.values_list("value", "comment")) == [(9, "")]


@pytest.mark.parametrize("decide", [None, accept_statement, hide_as_personal])
def test_no_vote_tells_who_said_something_once_codes_are_forgotten(decide):
    consultation = make_consultation(make_city(), kept_days=1)
    officer = make_officer("ilze", consultation.city)
    seed = consultation.statements.first()
    me, other = make_entrance(), make_entrance()
    said = speak(consultation, "My landlord at the corner shop threatens me.", entrance=me)
    if decide is not None:
        decide(by=officer, statement=said, at=OPENED_AT)
    is_shown = decide is accept_statement
    for entrance in (me, other):
        vote(consultation, seed, entrance=entrance, key=2)
        if is_shown:
            vote(consultation, said, entrance=entrance, key=3)
    close_past_consultations(CLOSED_ON)
    assert forget_codes(CLOSED_ON + timedelta(days=2)) == 1
    # Others may have voted on it as well; of what only its author saw, nothing is left.
    assert Vote.objects.filter(statement=said).count() == (2 if is_shown else 0)
    assert Vote.objects.filter(statement=seed).count() == 2
    # The key of the form stands in the vote that came with it.
    assert Statement.objects.get(pk=said.pk).key == ""


def test_an_open_consultation_forgets_nothing():
    consultation = make_consultation(make_city(), kept_days=1)
    me = make_entrance()
    vote(consultation, consultation.statements.first(), entrance=me)
    assert forget_codes(LAST_DAY + timedelta(days=1000)) == 0
    assert find_participant(consultation, me.code) is not None
