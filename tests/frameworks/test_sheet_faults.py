"""What cannot be read is named: tab, cell, what was found, what was expected; everything at once."""

import pytest
from tests.frameworks.sheets import answer_sheet, cell, change, faults, read, write

from tessera.frameworks.answers import Answer
from tessera.frameworks.errors import SheetError, SheetFault
from tessera.frameworks.schema import Pathway

# The rows of the tabs, worked by hand: the questions begin in row 4; the answer is column F, "does not apply"
# G, the reason H, the note I.
TWELVE = {
    ("Start", "C6"): ("", "a blank cell", "the name of the city"),
    ("Start", "C7"): ("last year", "“last year”", "the year that the answers describe, from 1900 to 2100"),
    ("Commitment", "F4"): ("maybe", "“maybe”", "one of “Yes”, “No”"),
    ("Commitment", "G5"): ("yes", "“does not apply” beside an answer", "one of the two"),
    ("Commitment", "I6"): ("#REF!", "the error #REF!", "a value, or a blank cell"),
    ("Commitment", "G7"): ("yes", "“does not apply”", "an answer: this question applies to every city"),
    ("Commitment", "F9"): (
        "Yes",
        "the answer “Yes” in a row without a key",
        "the key of its question in the first column, or a blank cell",
    ),
    ("Schools", "G4"): ("yes", "“does not apply” without a reason", "the reason beside it"),
    ("Business and the labour market…", "F8"): (
        "yes",
        "“None of these” together with other answers",
        "it alone, or the others without it",
    ),
    ("Business and the labour market…", "A9"): (
        "arabic-form",
        "the unknown key “arabic-form”",
        "the key of a question of worded, version 3",
    ),
    ("Interaction contacts", "F4"): (130, "“130”", "a number from 0 to 100, written like 1234 or 12.5"),
    ("Interaction contacts", "F5"): (
        "=2024-2021",
        "a formula whose result is not saved",
        "the value itself, typed in",
    ),
}


def test_twelve_planted_faults_give_twelve_complaints_with_their_cells(tmp_path):
    def plant(book):
        for (tab, place), (written, _, _) in TWELVE.items():
            book[tab][place] = written or None

    path = write(
        tmp_path, answer_sheet(strategy=Answer("yes"), languages_offered=Answer(("ukrainian", "arabic")))
    )
    with pytest.raises(SheetError) as refused:
        read(change(path, plant))
    assert refused.value.faults == tuple(
        SheetFault(tab, place, found, expected) for (tab, place), (_, found, expected) in TWELVE.items()
    )


def one_fault(tmp_path, act, pathway=Pathway.FULL):
    found = faults(change(write(tmp_path, answer_sheet(pathway)), act))
    assert len(found) == 1, found
    return found[0]


def test_a_workbook_without_a_start_tab_is_refused(tmp_path):
    def remove(book):
        del book["Start"]

    assert one_fault(tmp_path, remove) == (
        "the file: found no such tab, only “Commitment”, “Schools”, “Business and the labour market…”, "
        "“Interaction contacts”, “Lists”; expected the tab “Start” of an answer sheet, with “field” and "
        "“value” in its hidden first row"
    )


@pytest.mark.parametrize(
    ("field", "written", "complaint"),
    [
        (
            "framework",
            "other",
            "found “other”, version 3; expected one that is known here (there is no 'other' 3;",
        ),
        ("version", "three", "found “three”; expected the version of the questionnaire, a whole number"),
        ("pathway", "short", "found “short”; expected “core” or “full”"),
        ("year", 12023, "found “12023”; expected the year that the answers describe, from 1900 to 2100"),
        ("year", 2023.5, "found “2023.5”; expected the year that the answers describe"),
        ("city", "=A1", "found a formula whose result is not saved; expected the value itself"),
        ("invented", "perhaps", "found “perhaps”; expected “yes” or “no”"),
    ],
)
def test_the_start_tab_must_say_what_the_answers_are(tmp_path, field, written, complaint):
    place = []

    def spoil(book):
        entry = cell(book, field, "value")
        entry.value = written
        place.append(entry.coordinate)

    said = one_fault(tmp_path, spoil)
    assert said.startswith(f"tab “Start”, cell {place[0]}: {complaint}")


def test_an_unknown_version_is_named_beside_the_framework(tmp_path):
    def spoil(book):
        cell(book, "version", "value").value = 4

    said = one_fault(tmp_path, spoil)
    assert "found “worded”, version 4; expected one that is known here (there is no 'worded' 4;" in said


def test_a_row_missing_from_the_start_tab_is_named(tmp_path):
    def delete_city(book):
        book["Start"].delete_rows(6)

    assert one_fault(tmp_path, delete_city) == (
        "tab “Start”: found no row “city”; expected the name of the city"
    )


def test_all_faults_of_the_start_tab_are_named_before_an_unknown_framework_ends_the_reading(tmp_path):
    def spoil(book):
        cell(book, "framework", "value").value = "other"
        cell(book, "city", "value").value = None
        cell(book, "year", "value").value = "soon"

    assert len(faults(change(write(tmp_path, answer_sheet()), spoil))) == 3


def test_a_missing_tab_of_an_area_is_named_by_its_title(tmp_path):
    def remove(book):
        del book["Schools"]

    assert one_fault(tmp_path, remove) == (
        "the file: found no tab with its questions; expected a tab for the area “Schools”"
    )


@pytest.mark.parametrize("column", ["key", "answer"])
def test_a_missing_column_is_named(tmp_path, column):
    def remove(book):
        entry = next(entry for entry in book["Schools"][1] if entry.value == column)
        book["Schools"].delete_cols(entry.column)

    assert one_fault(tmp_path, remove) == (
        f"tab “Schools”: found no column “{column}”; "
        "expected the hidden first row as it was when the sheet was made"
    )


def test_a_column_that_stands_there_twice_is_refused(tmp_path):
    def copy(book):
        book["Schools"]["K1"] = "answer"
        book["Schools"]["K4"] = "All"

    assert one_fault(tmp_path, copy) == (
        "tab “Schools”, cell K1: found the column “answer” a second time; expected each column only once"
    )


def test_a_key_that_stands_there_twice_is_refused(tmp_path):
    def copy(book):
        book["Schools"]["A9"] = "lead"

    assert one_fault(tmp_path, copy) == (
        "tab “Schools”, cell A9: found the key “lead” a second time; "
        "expected it only once (see “Commitment”, row 7)"
    )


def test_an_answer_to_a_question_of_the_other_pathway_is_refused(tmp_path):
    def add(book):
        sheet = book["Business and the labour market…"]
        sheet["A9"], sheet["F9"] = "arabic-forms", "Yes"

    assert one_fault(tmp_path, add, Pathway.CORE) == (
        "tab “Business and the labour market…”, cell F9: found an answer to “arabic-forms”, "
        "which the core pathway does not ask; expected a blank cell"
    )


@pytest.mark.parametrize(
    ("key", "column", "written", "complaint"),
    [
        (
            "foreign-born",
            "answer",
            "many",
            "“many”; expected a number from 0 to 100, written like 1234",
        ),
        ("foreign-born", "answer", "1,234", "“1,234”; expected a number from 0 to 100"),
        ("foreign-born", "answer", -1, "“-1”; expected a number from 0 to 100"),
        (
            "last-survey",
            "answer",
            "12 %",
            "“12 %”; expected a number of years from 0 up, written",
        ),
        ("last-survey", "answer", -2, "“-2”; expected a number of years from 0 up"),
        ("strategy", "does-not-apply", "partly", "“partly”; expected “yes” or a blank cell"),
        (
            "languages-offered",
            "answer",
            "Arabic",
            "“Arabic” in the row of the question; expected “yes” in the",
        ),
        ("languages-offered/arabic", "answer", "soon", "“soon”; expected “yes” or a blank cell"),
        (
            "languages-offered/arabic",
            "note",
            "soon",
            "“soon” in the row of an option; expected it in the row",
        ),
        ("strategy", "answer", "#N/A", "the error #N/A; expected a value, or a blank cell"),
        ("strategy", "evidence", "=HYPERLINK(A1)", "a formula whose result is not saved; expected the value"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(tmp_path, key, column, written, complaint):
    place = []

    def spoil(book):
        entry = cell(book, key, column)
        entry.value = written
        place.append(f"tab “{entry.parent.title}”, cell {entry.coordinate}: found ")

    assert one_fault(tmp_path, spoil).startswith(place[0] + complaint)


def test_a_long_text_is_quoted_in_short(tmp_path):
    def spoil(book):
        cell(book, "statement", "answer").value = "a" * 500

    assert f"found “{'a' * 59}…”;" in one_fault(tmp_path, spoil)
