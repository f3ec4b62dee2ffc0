"""The meetings of the demonstration: who is invited, what is said, how it is coded. All of it is made up."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.coding import (
    CodeWords,
    clear_quote,
    code_excerpt,
    mark_excerpt,
    take_codebook,
)
from tessera.apps.dialogue.actions.notes import add_participants, translate_note, write_note
from tessera.apps.dialogue.actions.sessions import (
    SessionPlan,
    begin_session,
    record_consent,
    write_consent_text,
)
from tessera.apps.dialogue.actions.stakeholders import StakeholderPlan, add_stakeholder
from tessera.apps.dialogue.models import (
    Code,
    ConsentText,
    Consultation,
    Excerpt,
    Note,
    Session,
    SessionKind,
    Stakeholder,
    StakeholderKind,
)
from tessera.demo.data import invented
from tessera.demo.texts import local_text

Excerpts = dict[str, Excerpt]
"""By the names that the data give them."""
Coders = Mapping[str, Person]
"""Those who keep the consultation, by their first names in small letters; the first leads the sessions."""


def meet(about: Mapping[str, Any], consultation: Consultation, coders: Coders, now: datetime) -> Excerpts:
    """Invite, meet, write down and code what the data hold."""
    keeper = _leader(coders)
    stakeholders = _invite(about, consultation, keeper, now)
    sessions = about["sessions"]
    first_day = min(entry["day"] for entry in sessions)
    consent = write_consent_text(
        by=keeper,
        consultation=consultation,
        text=local_text(consultation.languages, invented()["consent"]),
        at=now + timedelta(days=first_day - 1),
    )
    words = [CodeWords(**each) for each in about["codebook"]]
    take_codebook(by=keeper, consultation=consultation, words=words, at=now + timedelta(days=first_day))
    codes = {code.key: code for code in consultation.codes.all()}
    excerpts: Excerpts = {}
    for entry in sessions:
        at = now + timedelta(days=entry["day"])
        session = _hold_session(entry, consultation, consent, stakeholders, keeper, at)
        for number, said in enumerate(entry["notes"]):
            note = _write_down(said, number, session, keeper, at)
            for marked in said["excerpts"]:
                excerpts[marked["key"]] = _mark(marked, note, codes, coders, at)
    return excerpts


def _leader(coders: Coders) -> Person:
    return next(iter(coders.values()))


def _invite(
    about: Mapping[str, Any], consultation: Consultation, keeper: Person, now: datetime
) -> dict[str, Stakeholder]:
    today = timezone.localdate(now)
    prepared_at = now - timedelta(days=about["prepared_days_ago"])
    return {
        each["key"]: add_stakeholder(
            by=keeper,
            consultation=consultation,
            plan=StakeholderPlan(
                kind=StakeholderKind(each["kind"]),
                name=each["name"],
                organisation=None,
                why=each["why"],
                reached_by=each["reached_by"],
                invited_on=None
                if each["invited_day"] is None
                else today + timedelta(days=each["invited_day"]),
            ),
            at=prepared_at,
        )
        for each in about["stakeholders"]
    }


def _hold_session(
    entry: Mapping[str, Any],
    consultation: Consultation,
    consent: ConsentText,
    stakeholders: Mapping[str, Stakeholder],
    keeper: Person,
    at: datetime,
) -> Session:
    plan = SessionPlan(
        kind=SessionKind(entry["kind"]),
        title=local_text(consultation.languages, entry["title"]),
        held_on=timezone.localdate(at),
        place=entry["place"],
        languages=entry["languages"],
        interpreter=entry["interpreter"],
        led_by=keeper,
        agenda=entry.get("agenda", ""),
        outputs=entry.get("outputs", ""),
    )
    session = begin_session(by=keeper, consultation=consultation, plan=plan, at=at)
    record_consent(by=keeper, session=session, consent=consent, language=entry["consent_language"], at=at)
    for key in entry["participants"]:
        add_participants(by=keeper, session=session, count=1, stakeholder=stakeholders[key], at=at)
    session.refresh_from_db()
    return session


def _write_down(said: Mapping[str, Any], number: int, session: Session, keeper: Person, at: datetime) -> Note:
    note = write_note(
        by=keeper,
        session=session,
        speaker=session.participants.get(code=said["by"]),
        text=said["text"],
        language=said["language"],
        key=f"{number:016x}",
        at=at,
    )
    texts = {language: said[language] for language in session.consultation.languages if language in said}
    translate_note(by=keeper, note=note, texts=texts, at=at)
    return note


def _mark(
    marked: Mapping[str, Any], note: Note, codes: Mapping[str, Code], coders: Coders, at: datetime
) -> Excerpt:
    keeper = _leader(coders)
    starts = note.text.index(marked["words"])
    ends = starts + len(marked["words"])
    excerpt = mark_excerpt(by=keeper, note=note, starts=starts, ends=ends, finding=None, at=at)
    for name, keys in marked["codes"].items():
        code_excerpt(by=coders[name], excerpt=excerpt, codes=[codes[key] for key in keys], at=at)
    if "quote" in marked:
        quote = local_text(note.held_in.consultation.languages, marked["quote"])
        clear_quote(by=keeper, excerpt=excerpt, quote=quote, at=at)
    return excerpt
