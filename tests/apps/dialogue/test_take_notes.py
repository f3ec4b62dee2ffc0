"""What is said is written down once, by code; and goes whole with whoever takes back their consent."""

import pytest
from auditlog.models import LogEntry
from django.utils import timezone
from tests.apps.dialogue.rooms import hold, make_heard, mark, name_stakeholder, note
from tests.apps.dialogue.staff import make_running
from tests.builders import make_city
from tests.dialogues import make_key, words
from tests.people import make_person

from tessera.apps.dialogue.actions.coding import clear_quote
from tessera.apps.dialogue.actions.notes import (
    MOST_PARTICIPANTS,
    ExcerptsRest,
    NotThere,
    TooManyParticipants,
    WrongNote,
    add_participants,
    change_note,
    delete_note,
    load_notes,
    place_participants,
    remove_participant,
    translate_note,
)
from tessera.apps.dialogue.actions.taking_part import WrongKey
from tessera.apps.dialogue.models import (
    LONGEST_NOTE,
    Excerpt,
    Note,
    NoteTranslation,
    SessionParticipant,
    Theme,
    ThemeBasis,
    TranslationState,
)
from tessera.apps.dialogue.moderation_queue import translation_states
from tessera.apps.dialogue.session_notes import NotesFault, SaidLine, WrongNotes

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return hold(make_heard(languages=("en", "lv")), people=3)


def add(session, count, stakeholder=None):
    return add_participants(
        by=make_person("ilze"), session=session, count=count, stakeholder=stakeholder, at=timezone.now()
    )


def take_out(session, code):
    return remove_participant(
        by=make_person("ilze"), participant=session.participants.get(code=code), at=timezone.now()
    )


def load(session, *lines, key=5, language="en"):
    return load_notes(
        by=make_person("ilze"),
        session=session,
        lines=lines,
        language=language,
        key=make_key(key),
        at=timezone.now(),
    )


def change(note, **said):
    said = {"speaker": None, "text": "Closed.", "language": "en"} | said
    change_note(by=make_person("ilze"), note=note, at=timezone.now(), **said)


# Participants


def test_people_get_codes_in_turn(session):
    add(session, 2)
    assert [each.code for each in session.participants.all()] == ["P1", "P2", "P3", "P4", "P5"]


@pytest.mark.parametrize(("gone", "left"), [("P2", ["P1", "P3", "P4"]), ("P3", ["P1", "P2", "P4"])])
def test_the_code_of_somebody_who_was_taken_out_is_not_given_again(session, gone, left):
    take_out(session, gone)
    add(session, 1)
    assert [each.code for each in session.participants.all()] == left


@pytest.mark.parametrize("count", [0, -1, MOST_PARTICIPANTS - 2])
def test_a_session_holds_only_so_many(session, count):
    with pytest.raises(TooManyParticipants):
        add(session, count)
    assert session.participants.count() == 3


def test_somebody_belongs_to_a_stakeholder_of_the_consultation_alone(session):
    mine = name_stakeholder(session.consultation, "Night workers")
    other = name_stakeholder(make_running(make_city("lublin", country="PL"), slug="other"), "Students")
    first, second, _ = session.participants.all()
    place_participants(
        by=make_person("ilze"), session=session, places={first: mine, second: None}, at=timezone.now()
    )
    with pytest.raises(NotThere):
        place_participants(by=make_person("ilze"), session=session, places={second: other}, at=timezone.now())
    with pytest.raises(NotThere):
        add(session, 1, other)
    assert list(session.participants.values_list("stakeholder__name", flat=True)) == [
        "Night workers",
        None,
        None,
    ]


def test_somebody_of_another_session_is_not_placed(session):
    stranger = hold(session.consultation, people=1).participants.get()
    with pytest.raises(NotThere):
        place_participants(
            by=make_person("ilze"), session=session, places={stranger: None}, at=timezone.now()
        )


def test_whoever_takes_back_consent_goes_with_every_note_and_what_rested_on_it_and_nothing_else(session):
    gone = [note(session, "Mine.", speaker="P1", key=1), note(session, "Mine, too.", speaker="P1", key=2)]
    other, shared = note(session, "Theirs.", speaker="P2", key=3), note(session, "All.", key=4)
    translate_note(by=make_person("ilze"), note=gone[0], texts={"lv": "Mans."}, at=timezone.now())
    theme = Theme.objects.create(
        consultation=session.consultation,
        title=words("Offices"),
        summary=words("They close."),
        written_by=make_person("ilze"),
    )
    for each in (gone[0], gone[1], other):
        ThemeBasis.objects.create(theme=theme, excerpt=mark(each))
    assert take_out(session, "P1") == 2
    assert list(Note.objects.all()) == [other, shared]
    assert [each.note for each in Excerpt.objects.all()] == [other]
    assert [each.excerpt.note for each in ThemeBasis.objects.all()] == [other]
    assert not NoteTranslation.objects.exists()
    assert [each.code for each in session.participants.all()] == ["P2", "P3"]


def test_the_trail_keeps_no_word_of_a_note(session):
    said = note(session, "Unmistakable words.", speaker="P1")
    translate_note(by=make_person("ilze"), note=said, texts={"lv": "Nepārprotami vārdi."}, at=timezone.now())
    change(said, text="Quite unmistakable words.")
    take_out(session, "P1")
    kept = str(list(LogEntry.objects.values()))
    assert "Unmistakable" not in kept
    assert "unmistakable" not in kept
    assert "Nepārprotami" not in kept


def test_the_trail_keeps_no_word_of_a_quotation(session):
    excerpt = mark(note(session, speaker="P1"))
    clear_quote(by=make_person("ilze"), excerpt=excerpt, quote=words("Unmistakable."), at=timezone.now())
    take_out(session, "P1")
    assert "Unmistakable" not in str(list(LogEntry.objects.values()))


# Notes


def test_a_form_that_comes_twice_brings_one_note(session):
    first, again = note(session, speaker="P1"), note(session, speaker="P1")
    assert first == again
    assert Note.objects.count() == 1
    note(session, key=2)
    assert Note.objects.count() == 2


def test_a_note_is_kept_with_who_said_it_and_in_which_language(session):
    kept = Note.objects.get(pk=note(session, "Slēgts.", speaker="P3", language="lv", by="piotr").pk)
    assert (kept.text, kept.language, kept.speaker.code) == ("Slēgts.", "lv", "P3")
    assert kept.written_by == make_person("piotr")


@pytest.mark.parametrize(
    ("text", "language"), [("", "en"), ("  \n", "en"), ("a" * (LONGEST_NOTE + 1), "en"), ("Ciao", "it")]
)
def test_a_note_that_says_nothing_or_too_much_or_in_no_language_of_the_session_is_refused(
    session, text, language
):
    with pytest.raises(WrongNote):
        note(session, text, language=language)
    assert not Note.objects.exists()


def test_the_longest_note_is_taken(session):
    assert len(note(session, "a" * LONGEST_NOTE).text) == 4000


def test_a_key_that_no_form_made_is_refused(session):
    with pytest.raises(WrongKey):
        load_notes(
            by=make_person("ilze"),
            session=session,
            lines=[SaidLine(1, "", "One.")],
            language="en",
            key="mine",
            at=timezone.now(),
        )


def test_somebody_of_another_session_says_nothing_here(session):
    stranger = hold(session.consultation, people=1)
    said = note(session)
    with pytest.raises(NotThere):
        change(said, speaker=stranger.participants.get())


def test_a_note_is_changed_and_deleted_only_while_nothing_in_it_is_marked(session):
    said, marked = note(session), note(session, key=2)
    mark(marked)
    change(said, text="It closes at one.", speaker=session.participants.get(code="P2"))
    said.refresh_from_db()
    assert (said.text, said.speaker.code) == ("It closes at one.", "P2")
    with pytest.raises(ExcerptsRest):
        change(marked)
    with pytest.raises(ExcerptsRest):
        delete_note(by=make_person("ilze"), note=marked, at=timezone.now())
    delete_note(by=make_person("ilze"), note=said, at=timezone.now())
    assert [each.text for each in Note.objects.all()] == ["The office closes at noon."]


# Translations


def test_a_translation_is_missing_then_a_persons_then_outdated_once_the_note_is_changed(session):
    said = note(session)

    def state():
        return translation_states(Note.objects.get(pk=said.pk), session.consultation.languages)

    assert state() == {"lv": TranslationState.MISSING}
    translate_note(by=make_person("piotr"), note=said, texts={"lv": "Slēdz pusdienlaikā."}, at=timezone.now())
    assert state() == {"lv": TranslationState.REVIEWED}
    assert said.translations.get().written_by == make_person("piotr")
    change(said, text="It closes at one.")
    assert state() == {"lv": TranslationState.OUTDATED}
    translate_note(by=make_person("ilze"), note=said, texts={"lv": ""}, at=timezone.now())
    assert state() == {"lv": TranslationState.MISSING}


def test_the_original_stays_whatever_is_translated(session):
    said = note(session)
    translate_note(by=make_person("ilze"), note=said, texts={"lv": "Pavisam kas cits."}, at=timezone.now())
    assert Note.objects.get().text == "The office closes at noon."


def test_a_note_that_turns_out_to_be_in_another_language_is_no_translation_of_itself(session):
    said = note(session, "Slēgts.")
    translate_note(by=make_person("ilze"), note=said, texts={"lv": "Slēgts!"}, at=timezone.now())
    change(said, text="Slēgts.", language="lv")
    assert not said.translations.exists()


# Files


def test_a_file_brings_all_its_notes_in_order_and_once(session):
    lines = [SaidLine(1, "P1", "One."), SaidLine(2, "", "Two."), SaidLine(4, "P3", "Three.")]
    assert load(session, *lines) == 3
    assert load(session, *lines) == 0
    assert [(each.speaker and each.speaker.code, each.text) for each in Note.objects.all()] == [
        ("P1", "One."),
        (None, "Two."),
        ("P3", "Three."),
    ]


def test_a_file_with_a_code_that_nobody_has_brings_nothing(session):
    with pytest.raises(WrongNotes) as refused:
        load(session, SaidLine(1, "P1", "One."), SaidLine(3, "P4", "Two."))
    assert (refused.value.fault, refused.value.line, refused.value.code) == (NotesFault.UNKNOWN_CODE, 3, "P4")
    assert not Note.objects.exists()


def test_a_file_that_fails_late_brings_nothing(session):
    with pytest.raises(WrongNote):
        load(session, SaidLine(1, "P1", "One."), SaidLine(2, "", " "))
    assert not Note.objects.exists()


def test_codes_of_other_sessions_are_unknown_here(session):
    hold(session.consultation, people=9)
    with pytest.raises(WrongNotes):
        load(session, SaidLine(1, "P9", "One."))
    assert SessionParticipant.objects.count() == 12
