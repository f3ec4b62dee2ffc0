"""Who is at a session, by code, and what is written down there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import lock_consultation_to_keep
from tessera.apps.dialogue.access.in_the_room import (
    get_session_participant_to_keep,
    lock_note_to_keep,
    lock_session_to_keep,
)
from tessera.apps.dialogue.actions.setting_up import check_not_synthesised
from tessera.apps.dialogue.actions.taking_part import check_key
from tessera.apps.dialogue.models import (
    LONGEST_NOTE,
    Note,
    NoteTranslation,
    Session,
    SessionParticipant,
    Stakeholder,
)
from tessera.apps.dialogue.session_notes import NotesFault, SaidLine, WrongNotes
from tessera.apps.records.moves import MoveError

MOST_PARTICIPANTS = 200
"""Of one session."""


class NoConsent(MoveError):
    """Nobody has said yet that the consent text was read out."""


class ExcerptsRest(MoveError):
    """Passages of the note are marked: its words and who said them stay."""


class TooManyParticipants(ValueError):
    """More than a session has, or none."""


class NotThere(ValueError):
    """Who is named was not at this session, or belongs to another consultation."""


class WrongNote(ValueError):
    """A note says nothing, or too much, or in a language that the session is not held in."""


@transaction.atomic
def add_participants(
    *, by: Person, session: Session, count: int, stakeholder: Stakeholder | None, at: datetime
) -> list[SessionParticipant]:
    """Give codes to so many people more: P1, P2 and so on, none twice. Nobody's name is kept.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public,
    TooManyParticipants, and NotThere for a stakeholder of another consultation.
    """
    session = _lock_session(by, session, at)
    _check_stakeholder(session, stakeholder)
    there = session.participants.count()
    if not 1 <= count <= MOST_PARTICIPANTS - there:
        raise TooManyParticipants(f"{count} more, where {there} of {MOST_PARTICIPANTS} are.")
    last = session.codes_given
    session.codes_given += count
    session.save(update_fields=["codes_given"])
    return [
        SessionParticipant.objects.create(held_in=session, code=f"P{number}", stakeholder=stakeholder)
        for number in range(last + 1, last + count + 1)
    ]


@transaction.atomic
def place_participants(
    *, by: Person, session: Session, places: Mapping[SessionParticipant, Stakeholder | None], at: datetime
) -> None:
    """Say to which group or organisation each of some people belongs; None takes it back.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, and NotThere.
    """
    session = _lock_session(by, session, at)
    for participant, stakeholder in places.items():
        _check_speaker(session, participant)
        _check_stakeholder(session, stakeholder)
        participant.stakeholder = stakeholder
        participant.save(update_fields=["stakeholder"])


@transaction.atomic
def remove_participant(*, by: Person, participant: SessionParticipant, at: datetime) -> int:
    """Take out somebody who takes back their consent, with all that is written down of them.

    Whatever state the consultation is in: excerpts, and what rested on them, go too. Returns how many notes.
    Raises Http404 unless `by` keeps the consultation.
    """
    day = timezone.localdate(at)
    participant = get_session_participant_to_keep(by, participant.pk, day)
    # Whoever marks or codes something of theirs waits, and whoever writes down something more.
    lock_consultation_to_keep(by, participant.held_in.consultation_id, day)
    lock_session_to_keep(by, participant.held_in_id, day)
    count = len(participant.notes.select_for_update())
    participant.delete()
    return count


@transaction.atomic
def write_note(
    *,
    by: Person,
    session: Session,
    speaker: SessionParticipant | None,
    text: str,
    language: str,
    key: str,
    at: datetime,
) -> Note:
    """Write down what somebody said; without `speaker`, what several said or what was seen.

    `key` is of the form, made anew for each: one that is sent twice brings one note. Raises Http404 unless
    `by` keeps the consultation, MoveError once its themes are public, NoConsent, NotThere, WrongNote and
    WrongKey.
    """
    check_key(key)
    session = _lock_session(by, session, at)
    if (again := session.notes.filter(key=key).first()) is not None:
        return again
    _check_consent(session)
    return _write(by, session, speaker, text, language, key)


@transaction.atomic
def load_notes(
    *, by: Person, session: Session, lines: Sequence[SaidLine], language: str, key: str, at: datetime
) -> int:
    """Write down what a file holds: all of it, or nothing; and once, however often the form is sent.

    Returns how many notes. Raises Http404 unless `by` keeps the consultation, MoveError once its themes are
    public, NoConsent, WrongNote, WrongKey, and WrongNotes for a code that nobody has.
    """
    check_key(key)
    session = _lock_session(by, session, at)
    _check_consent(session)
    there = {each.code: each for each in session.participants.all()}
    for line in lines:
        if line.code and line.code not in there:
            raise WrongNotes(NotesFault.UNKNOWN_CODE, line.number, line.code)
    first = f"{key}-1"
    if session.notes.filter(key=first).exists():
        return 0
    for number, line in enumerate(lines, start=1):
        speaker = there[line.code] if line.code else None
        _write(by, session, speaker, line.text, language, f"{key}-{number}")
    return len(lines)


def _write(
    by: Person, session: Session, speaker: SessionParticipant | None, text: str, language: str, key: str
) -> Note:
    _check_words(session, speaker, text, language)
    return Note.objects.create(
        held_in=session, speaker=speaker, text=text, language=language, written_by=by, key=key
    )


@transaction.atomic
def change_note(
    *, by: Person, note: Note, speaker: SessionParticipant | None, text: str, language: str, at: datetime
) -> None:
    """Put right what was written down, as long as no excerpt is marked in it.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, ExcerptsRest,
    NotThere and WrongNote.
    """
    note = _lock_note(by, note, at)
    _check_no_excerpts(note)
    _check_words(note.held_in, speaker, text, language)
    if language != note.language:
        note.translations.filter(language=language).delete()
    note.speaker, note.text, note.language = speaker, text, language
    note.save(update_fields=["speaker", "text", "language"])


@transaction.atomic
def delete_note(*, by: Person, note: Note, at: datetime) -> None:
    """Take back what should not have been written down.

    Raises Http404 unless `by` keeps the consultation, MoveError once its themes are public, and ExcerptsRest.
    """
    note = _lock_note(by, note, at)
    _check_no_excerpts(note)
    note.delete()


@transaction.atomic
def translate_note(*, by: Person, note: Note, texts: Mapping[str, str], at: datetime) -> None:
    """Keep a note's words in other languages, by language; an empty text takes a translation away.

    The original is never touched. Raises Http404 unless `by` keeps the consultation, and MoveError once its
    themes are public.
    """
    note = _lock_note(by, note, at)
    for language, text in texts.items():
        if not text:
            note.translations.filter(language=language).delete()
            continue
        NoteTranslation.objects.update_or_create(
            note=note,
            language=language,
            defaults={"text": text, "source_digest": note.digest, "written_by": by},
        )


def _lock_session(by: Person, session: Session, at: datetime) -> Session:
    session = lock_session_to_keep(by, session.pk, timezone.localdate(at))
    check_not_synthesised(session.consultation)
    return session


def _lock_note(by: Person, note: Note, at: datetime) -> Note:
    note = lock_note_to_keep(by, note.pk, timezone.localdate(at))
    check_not_synthesised(note.held_in.consultation)
    return note


def _check_consent(session: Session) -> None:
    if session.consent_id is None:
        raise NoConsent(f"No consent text was read out at session {session.pk}.")


def _check_no_excerpts(note: Note) -> None:
    if note.excerpts.exists():
        raise ExcerptsRest(f"Passages of note {note.pk} are marked.")


def _check_words(session: Session, speaker: SessionParticipant | None, text: str, language: str) -> None:
    _check_speaker(session, speaker)
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise WrongNote(f"{len(text)} letters; from 1 to {LONGEST_NOTE} are taken.")
    if language not in session.languages:
        raise WrongNote(f"Session {session.pk} is not held in {language!r}.")


def _check_speaker(session: Session, speaker: SessionParticipant | None) -> None:
    if speaker is not None and speaker.held_in_id != session.pk:
        raise NotThere(f"{speaker} was not at session {session.pk}.")


def _check_stakeholder(session: Session, stakeholder: Stakeholder | None) -> None:
    if stakeholder is not None and stakeholder.consultation_id != session.consultation_id:
        raise NotThere(f"Stakeholder {stakeholder.pk} is of another consultation.")
