"""A text file is read as whoever typed it meant it, or refused with the line."""

import pytest

from tessera.apps.dialogue.models import LONGEST_NOTE
from tessera.apps.dialogue.session_notes import MOST_NOTES, NotesFault, WrongNotes, read_notes


def read(text):
    return [(note.number, note.code, note.text) for note in read_notes(text.encode())]


def refuse(content):
    with pytest.raises(WrongNotes) as refused:
        read_notes(content)
    return refused.value.fault, refused.value.line


def test_without_empty_lines_each_line_is_a_note():
    assert read("P1: One.\nTwo.\nP12: Three.") == [(1, "P1", "One."), (2, "", "Two."), (3, "P12", "Three.")]


def test_an_empty_line_ends_a_note_and_lines_between_belong_together():
    assert read("P1: One,\nand on.\n\n\nTwo.\n  \nP2: Three.\n") == [
        (1, "P1", "One,\nand on."),
        (5, "", "Two."),
        (7, "P2", "Three."),
    ]


def test_a_code_begins_a_note_also_without_an_empty_line():
    assert read("P1: One,\nand on.\nP2: Two.\n\nP3: Three.") == [
        (1, "P1", "One,\nand on."),
        (3, "P2", "Two."),
        (5, "P3", "Three."),
    ]


def test_empty_lines_at_both_ends_part_nothing():
    assert read("\n\nOne.\nTwo.\n\n\n") == [(3, "", "One."), (4, "", "Two.")]


@pytest.mark.parametrize("line", ["P3: Yes.", "p3: Yes.", "P3 : Yes.", "  P3:Yes."])
def test_a_code_is_known_however_it_is_spaced(line):
    assert read(line) == [(1, "P3", "Yes.")]


@pytest.mark.parametrize("line", ["P3 said yes.", "At P3: no.", "P: yes", "P0: yes", "Park: closed"])
def test_what_is_no_code_at_the_beginning_is_part_of_the_words(line):
    assert read(line) == [(1, "", line)]


def test_files_of_other_systems_are_read():
    assert read("\ufeffP1: Jā.\r\nNē.\r\n") == [(1, "P1", "Jā."), (2, "", "Nē.")]


def test_words_from_right_to_left_stay_as_they_are():
    assert read("P2: المكتب مغلق.") == [(1, "P2", "المكتب مغلق.")]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", (NotesFault.EMPTY, 0)),
        (b" \n\n ", (NotesFault.EMPTY, 0)),
        ("Jā".encode("utf-16"), (NotesFault.NOT_TEXT, 0)),
        (b"\xff\xfe", (NotesFault.NOT_TEXT, 0)),
        (b"One.\nTw\x00o.", (NotesFault.WRONG_SIGN, 2)),
        (b"One.\nP2:\nThree.", (NotesFault.NO_WORDS, 2)),
        (b"One.\n" + b"a" * (LONGEST_NOTE + 1), (NotesFault.TOO_LONG, 2)),
        (b"x\n" * (MOST_NOTES + 1), (NotesFault.TOO_MANY, 0)),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_line(content, fault):
    assert refuse(content) == fault


def test_as_many_notes_and_letters_as_are_taken_are_read():
    assert len(read_notes(b"x\n" * MOST_NOTES)) == 2000
    assert len(read_notes(b"P1: " + b"a" * LONGEST_NOTE)[0].text) == 4000
