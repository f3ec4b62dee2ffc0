"""Sessions, what was said at them, and what staff made of it: rows as they stand in the database."""

from datetime import date

from tests.dialogues import words
from tests.people import make_person

from tessera.apps.dialogue.models import (
    Code,
    Coding,
    ConsentText,
    Excerpt,
    Note,
    NoteTranslation,
    Session,
    SessionKind,
    SessionParticipant,
    Theme,
    ThemeBasis,
)

HELD_ON = date(2026, 11, 9)
SAID = "My son waited a year for a place. Nobody told us why. Now he speaks better than I do!"


def make_session(consultation, title="An evening in the library"):
    """Held by Ilze, the consent text read out in English."""
    ilze = make_person("ilze")
    consent, _ = ConsentText.objects.get_or_create(
        consultation=consultation,
        version=1,
        defaults={"text": words("We write down what you say."), "written_by": ilze, "written_on": HELD_ON},
    )
    return Session.objects.create(
        consultation=consultation,
        kind=SessionKind.FOCUS_GROUP,
        title=words(title),
        held_on=HELD_ON,
        place="The library",
        languages=["en"],
        led_by=ilze,
        consent=consent,
        consent_language="en",
    )


def make_note(session, text=SAID, *, language="en", speaker="P1", translations=None):
    participant, _ = SessionParticipant.objects.get_or_create(held_in=session, code=speaker)
    note = Note.objects.create(
        held_in=session, speaker=participant, text=text, language=language, written_by=make_person("ilze")
    )
    for code, translated in (translations or {}).items():
        NoteTranslation.objects.create(
            note=note,
            language=code,
            text=translated,
            source_digest=note.digest,
            written_by=make_person("ilze"),
        )
    return note


def make_excerpt(note, passage=None):
    """Of the words of the note that are given; of all of them unless a test says which."""
    starts = 0 if passage is None else note.text.index(passage)
    ends = starts + len(note.text if passage is None else passage)
    return Excerpt.objects.create(note=note, starts=starts, ends=ends, marked_by=make_person("ilze"))


def make_code(consultation, key, name=None):
    return Code.objects.create(
        consultation=consultation, key=key, name=name or key.capitalize(), definition=f"About {key}."
    )


def give_codes(key, excerpt, *codes):
    """The person has coded the excerpt; without codes, because none fits."""
    coding = Coding.objects.create(excerpt=excerpt, coder=make_person(key))
    coding.codes.set(codes)
    return coding


def rest_theme_on(excerpt, title="Waiting for a place"):
    consultation = excerpt.note.held_in.consultation
    theme = Theme.objects.create(
        consultation=consultation,
        title=words(title),
        summary=words("People wait long."),
        written_by=make_person("ilze"),
    )
    ThemeBasis.objects.create(theme=theme, excerpt=excerpt)
    return theme
