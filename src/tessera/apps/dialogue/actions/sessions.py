"""Meetings in a room: planning them, and saying which consent text was read out there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import get_consultation_to_keep, lock_consultation_to_keep, roles_that_keep
from tessera.apps.dialogue.access.in_the_room import lock_session_to_keep
from tessera.apps.dialogue.actions.setting_up import check_not_synthesised
from tessera.apps.dialogue.models import ConsentText, Consultation, Session, SessionKind
from tessera.apps.network.local_text import LocalText
from tessera.apps.records.moves import MoveError


class NotAKeeper(ValueError):
    """Only one who keeps the consultation leads a session of it."""


class HasNotes(MoveError):
    """Something was written down at the session."""


class NotTheText(ValueError):
    """The consent text is another consultation's, or there in other languages only."""


@dataclass(frozen=True)
class SessionPlan:
    """What staff say about a session, as a form brings it."""

    kind: SessionKind
    title: LocalText
    held_on: date
    place: str
    languages: Sequence[str]
    interpreter: str
    led_by: Person
    agenda: str
    outputs: str


@transaction.atomic
def begin_session(*, by: Person, consultation: Consultation, plan: SessionPlan, at: datetime) -> Session:
    """Plan a session of a consultation, or write down one that was held.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, and NotAKeeper.
    """
    day = timezone.localdate(at)
    consultation = get_consultation_to_keep(by, consultation.pk, day)
    check_not_synthesised(consultation)
    return _write(Session(consultation=consultation), plan, day)


@transaction.atomic
def change_session(*, by: Person, session: Session, plan: SessionPlan, at: datetime) -> None:
    """Say something else about a session. Who leads it already may stay, whatever became of their role.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, and NotAKeeper.
    """
    day = timezone.localdate(at)
    session = lock_session_to_keep(by, session.pk, day)
    check_not_synthesised(session.consultation)
    _write(session, plan, day)


def _write(session: Session, plan: SessionPlan, day: date) -> Session:
    keepers = {role.person_id for role in roles_that_keep(session.consultation, day)}
    if plan.led_by.pk not in {*keepers, session.led_by_id}:
        raise NotAKeeper(f"{plan.led_by} does not keep {session.consultation}.")
    session.kind = plan.kind
    session.title = plan.title
    session.held_on = plan.held_on
    session.place = plan.place
    session.languages = list(plan.languages)
    session.interpreter = plan.interpreter
    session.led_by = plan.led_by
    session.agenda = plan.agenda
    session.outputs = plan.outputs
    session.save()
    return session


@transaction.atomic
def delete_session(*, by: Person, session: Session, at: datetime) -> None:
    """Take back a session that was never held, or at which nothing was written down.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, and HasNotes.
    """
    session = lock_session_to_keep(by, session.pk, timezone.localdate(at))
    check_not_synthesised(session.consultation)
    if session.notes.exists():
        raise HasNotes(f"Session {session.pk} has notes.")
    session.delete()


@transaction.atomic
def write_consent_text(
    *, by: Person, consultation: Consultation, text: LocalText, at: datetime
) -> ConsentText:
    """Keep what is read out before anything is written down, as a new version unless nothing was changed.

    Raises Http404 unless `by` keeps the consultation, and MoveError once its themes are public.
    """
    day = timezone.localdate(at)
    consultation = lock_consultation_to_keep(by, consultation.pk, day)
    check_not_synthesised(consultation)
    latest = latest_consent_text(consultation)
    if latest is not None and latest.text == text:
        return latest
    return ConsentText.objects.create(
        consultation=consultation,
        version=1 if latest is None else latest.version + 1,
        text=text,
        written_by=by,
        written_on=day,
    )


def latest_consent_text(consultation: Consultation) -> ConsentText | None:
    return consultation.consent_texts.order_by("version").last()


@transaction.atomic
def record_consent(
    *, by: Person, session: Session, consent: ConsentText, language: str, at: datetime
) -> None:
    """Say that a consent text was read out, in which version and language.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, NotTheText, and
    HasNotes: what is written down rests on the text that people heard before.
    """
    session = lock_session_to_keep(by, session.pk, timezone.localdate(at))
    check_not_synthesised(session.consultation)
    if consent.consultation_id != session.consultation_id or not consent.text.texts.get(language):
        raise NotTheText(f"Consent text {consent.pk} is not there for session {session.pk} in {language!r}.")
    if session.notes.exists():
        raise HasNotes(f"Session {session.pk} has notes, taken after another text was read out.")
    session.consent, session.consent_language = consent, language
    session.save(update_fields=["consent", "consent_language"])
