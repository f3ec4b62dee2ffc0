"""Files of Polis and our own short ones become votes, or say where they are not in order."""

import zipfile
from datetime import date

import pytest
from tests.apps.dialogue.elsewhere import POLIS, SHORT, votes_in, write

from tessera.apps.dialogue.votes_from_elsewhere import NotReadable, read_conversation

VOTES = [("4", "2", 1), ("5", "2", -1), ("5", "3", 0), ("11", "2", 1), ("11", "10", 1)]
STATEMENTS = [("2", 'More trams, "soon".', False), ("3", "Buy my hats", True), ("10", "Night trams.", False)]


def read(folder, files):
    return read_conversation(write(folder, files))


def without(files, name):
    return {key: text for key, text in files.items() if key != name}


def refusal(folder, files):
    with pytest.raises(NotReadable) as refused:
        read(folder, files)
    return str(refused.value)


@pytest.mark.parametrize(
    "files", [POLIS, without(POLIS, "votes.csv"), SHORT], ids=["votes", "matrix", "short"]
)
def test_every_form_gives_the_same_statements_and_votes_in_order_of_numbers(tmp_path, files):
    found = read(tmp_path, files)
    assert [(each.key, each.text, each.is_out) for each in found.statements] == STATEMENTS
    assert votes_in(found) == VOTES


def test_days_are_those_of_the_first_votes_and_of_the_last(tmp_path):
    found = read(tmp_path, POLIS)
    assert found.joined_on == {"4": date(2017, 7, 17), "5": date(2017, 7, 17), "11": date(2017, 7, 17)}
    assert found.ended_on == date(2017, 7, 19)


def test_seconds_are_taken_as_seconds(tmp_path):
    seconds = "timestamp,comment-id,voter-id,vote\n1500336000,2,4,1\n1500422400,10,11,1\n"
    found = read(tmp_path, {**POLIS, "votes.csv": seconds})
    assert (found.joined_on["4"], found.ended_on) == (date(2017, 7, 18), date(2017, 7, 19))


def test_files_without_times_say_no_days(tmp_path):
    found = read(tmp_path, SHORT)
    assert (found.joined_on, found.ended_on) == ({}, None)


def test_a_zip_is_read_whatever_folder_its_files_are_in(tmp_path):
    packed = tmp_path / "trams.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in POLIS.items():
            archive.writestr(f"trams/{name}", text)
    assert votes_in(read_conversation(packed)) == VOTES


def test_what_was_written_as_text_for_spreadsheets_is_read_as_it_was(tmp_path):
    found = read(tmp_path, {**SHORT, "statements.csv": SHORT["statements.csv"].replace("Night", "'-Night")})
    assert found.statements[-1].text == "-Night trams."


def test_signs_the_other_way_round_are_found_out(tmp_path):
    swapped = POLIS["votes.csv"].replace(",1\n", ",x\n").replace(",-1\n", ",1\n").replace(",x\n", ",-1\n")
    assert "the other way round" in refusal(tmp_path, {**POLIS, "votes.csv": swapped})


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "what"),
    [
        ("votes.csv", "2,11,1", "2,11,2", "votes.csv, row 4, column vote", "'2' was found"),
        ("votes.csv", "2,11,1", "2,,1", "votes.csv, row 4, column voter-id", "an id is expected"),
        ("votes.csv", "2,11,1", "7,11,1", "votes.csv, row 4, column comment-id", "no statement 7"),
        ("votes.csv", "1500336000000,", "soon,", "votes.csv, row 2, column timestamp", "'soon' was found"),
        ("votes.csv", "2,11,1", "2,11", "votes.csv, row 4", "4 cells were found; 5 are expected"),
        ("votes.csv", "voter-id", "who", "votes.csv, row 1", "voter-id is missing"),
        ("comments.csv", ",10,0", ",2,0", "comments.csv, row 3, column comment-id", "stands there twice"),
        ("comments.csv", ",-1,Buy", ",no,Buy", "comments.csv, row 4, column moderated", "'no' was found"),
        ("comments.csv", "Night trams.", "", "comments.csv, row 2, column comment-body", "is empty"),
        ("comments.csv", "Night", "N" * 1001, "comments.csv, row 2, column comment-body", "1008 letters"),
        ("comments.csv", "agrees", "moderated", "comments.csv, row 1", "twice, moderated"),
    ],
)
def test_what_is_wrong_is_named_by_file_row_and_column(tmp_path, name, old, new, where, what):
    assert old in POLIS[name]
    said = refusal(tmp_path, {**POLIS, name: POLIS[name].replace(old, new, 1)})
    assert said.startswith(f"{where}:")
    assert what in said


def test_a_wrong_cell_of_the_table_of_people_is_named(tmp_path):
    files = without(POLIS, "votes.csv")
    wrong = files["participants-votes.csv"].replace("-1,0,", "-1,9,")
    said = refusal(tmp_path, {**files, "participants-votes.csv": wrong})
    assert said.startswith("participants-votes.csv, row 3, column 3: '9' was found")


@pytest.mark.parametrize("missing", ["statements.csv", "votes.csv"])
def test_a_missing_file_is_named(tmp_path, missing):
    assert missing in refusal(tmp_path, without(SHORT, missing))


def test_files_without_a_vote_are_refused(tmp_path):
    assert "no votes" in refusal(tmp_path, {**SHORT, "votes.csv": "participant,statement,vote\n"})


def test_other_letters_than_utf_8_are_refused(tmp_path):
    write(tmp_path, SHORT)
    (tmp_path / "statements.csv").write_bytes("statement,moderated,text\n2,1,Rīga\n".encode("utf-16"))
    with pytest.raises(NotReadable, match=r"statements\.csv: it is not in UTF-8"):
        read_conversation(tmp_path)


def test_what_is_no_zip_is_refused(tmp_path):
    (tmp_path / "x.zip").write_text("no")
    with pytest.raises(NotReadable, match="zip"):
        read_conversation(tmp_path / "x.zip")


def test_two_files_of_one_name_in_a_zip_are_refused(tmp_path):
    packed = tmp_path / "x.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for folder in "ab":
            archive.writestr(f"{folder}/votes.csv", SHORT["votes.csv"])
    with pytest.raises(NotReadable, match="two files votes"):
        read_conversation(packed)


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
"""How the two headers of an entry begin (APPNOTE.TXT 4.3.7 and 4.3.12)."""


def set_in_headers(raw, place, value):
    """A field of an entry in both headers, by its place in the first; the other has it 2 further on."""
    raw[raw.index(LOCAL) + place] = value
    raw[raw.index(CENTRAL) + place + 2] = value


def lock(raw):
    set_in_headers(raw, 6, 1)


def pack_rarely(raw):
    set_in_headers(raw, 8, 99)


def damage(raw):
    # Behind the header of 30 bytes and the name; 0xff begins a block of a kind that there is not.
    start = raw.index(LOCAL) + 30 + len("votes.csv")
    raw[start : start + 6] = b"\xff" * 6


def cut(raw):
    del raw[-30:]


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lock, r"x\.zip: votes\.csv is locked by a password"),
        (pack_rarely, r"x\.zip: votes\.csv is packed in a rare way"),
        (damage, r"x\.zip: it cannot be read as a zip archive"),
        (cut, r"x\.zip: it cannot be read as a zip archive"),
    ],
)
def test_a_zip_that_cannot_be_unpacked_says_why(tmp_path, harm, told):
    packed = tmp_path / "x.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("votes.csv", SHORT["votes.csv"] * 50)
    raw = bytearray(packed.read_bytes())
    harm(raw)
    packed.write_bytes(raw)
    with pytest.raises(NotReadable, match=told):
        read_conversation(packed)
