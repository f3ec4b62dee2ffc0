"""Sessions that tests are about, and what is written down there."""

from datetime import date, timedelta

from django.utils import timezone
from tests.apps.dialogue.staff import give_to, make_running, today
from tests.builders import make_city, make_review
from tests.dialogues import make_key, words
from tests.people import make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.notes import add_participants, write_note
from tessera.apps.dialogue.actions.sessions import (
    SessionPlan,
    begin_session,
    record_consent,
    write_consent_text,
)
from tessera.apps.dialogue.actions.stakeholders import StakeholderPlan, add_stakeholder
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Excerpt, SessionKind, StakeholderKind
from tessera.apps.review.lifecycle import State as ReviewState

STATES = list(State)
FROZEN = {State.SYNTHESISED, State.ANSWERED}


def make_heard(**about):
    """A consultation that runs, and that Ilze and Piotr keep."""
    running = make_running(make_city("riga"), **about)
    give_to("piotr", running)
    Person.objects.update(language="en")
    return running


def make_checked():
    """The same, about a review that Nuria checks; Mihai coordinates, and Chiara acts for another city."""
    heard = make_heard()
    heard.review = make_review(heard.city, state=ReviewState.IN_REVIEW)
    heard.save(update_fields=["review"])
    make_officer("chiara", make_city("ravenna", country="IT"))
    Person.objects.update(language="en")
    return heard


def plan(
    by="ilze", *, kind=SessionKind.FOCUS_GROUP, title="Parents", held_on=None, languages=("en", "lv"), **said
):
    texts = {"place": "The library", "interpreter": "", "agenda": "", "outputs": ""} | said
    return SessionPlan(
        kind=kind,
        title=words(title),
        held_on=held_on or today(),
        languages=languages,
        led_by=make_person(by),
        **texts,
    )


def hold(consultation, *, people=0, consented=True, stakeholder=None, by="ilze", **about):
    """A session with so many people, at which the consent text was read out unless a test says otherwise."""
    person = make_person(by)
    session = begin_session(by=person, consultation=consultation, plan=plan(by, **about), at=timezone.now())
    if consented:
        consent = write_consent_text(
            by=person, consultation=consultation, text=words("Do you agree?"), at=timezone.now()
        )
        record_consent(by=person, session=session, consent=consent, language="en", at=timezone.now())
    if people:
        add_participants(by=person, session=session, count=people, stakeholder=stakeholder, at=timezone.now())
    session.refresh_from_db()
    return session


def note(session, text="The office closes at noon.", *, speaker=None, language="en", key=1, by="ilze"):
    """A note; `speaker` is a code."""
    said_by = session.participants.get(code=speaker) if speaker else None
    return write_note(
        by=make_person(by),
        session=session,
        speaker=said_by,
        text=text,
        language=language,
        key=make_key(key),
        at=timezone.now(),
    )


def mark(note, starts=0, ends=3):
    return Excerpt.objects.create(note=note, starts=starts, ends=ends, marked_by=make_person("ilze"))


def name_stakeholder(
    consultation, name, *, kind=StakeholderKind.GROUP, invited_on=None, organisation=None, why="", by="ilze"
):
    said = StakeholderPlan(kind, name, organisation, why, "", invited_on)
    return add_stakeholder(by=make_person(by), consultation=consultation, plan=said, at=timezone.now())


def days_ago(count) -> date:
    return today() - timedelta(days=count)
