"""What cannot be read is named: tab, cell, what was found, what was expected; everything at once."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random

import pytest
from tests.frameworks.sheets import answer_sheet, cell, change, faults, read, write

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.errors import SheetError, SheetFault
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway
from tessera.frameworks.sheets.write import write_sheet

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
            "“12 %”; expected a number of years from 0 to 200, written",
        ),
        ("last-survey", "answer", -2, "“-2”; expected a number of years from 0 to 200"),
        ("last-survey", "answer", 1e26, "“1e+26”; expected a number of years from 0 to 200"),
        ("foreign-born", "answer", "-0", "“-0”; expected a number from 0 to 100"),
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


def test_an_error_of_any_length_is_told_in_short(tmp_path):
    def spoil(tab):
        return tab.replace(
            "</sheetData>", f'<row r="99"><c r="A99" t="e"><v>#{"A" * 500}</v></c></row></sheetData>'
        )

    path = rewrite(write(tmp_path, answer_sheet()), {"xl/worksheets/sheet2.xml": spoil})
    assert faults(path) == [
        f"tab “Commitment”, cell A99: found the error #{'A' * 58}…; expected a value, or a blank cell"
    ]


@pytest.mark.parametrize("count", [200, 201, 250])
def test_two_hundred_faults_are_told_and_the_others_counted(tmp_path, count):
    def spoil(book):
        for number in range(count):
            book["Schools"].cell(100 + number, 1).value = f"no-key-{number}"

    found = faults(change(write(tmp_path, answer_sheet()), spoil))
    assert len(found) == min(count, 200) + (count > 200)
    assert found[199] == (
        "tab “Schools”, cell A299: found the unknown key “no-key-199”; "
        "expected the key of a question of worded, version 3"
    )
    assert found[200:] == [f"faults beyond these: {count - 200}"] * (count > 200)


def test_an_unknown_framework_is_named_in_short(tmp_path):
    def spoil(book):
        cell(book, "framework", "value").value = "x" * 9_000

    assert len(one_fault(tmp_path, spoil)) < 400


def test_of_many_tabs_the_first_ten_are_named(tmp_path):
    def fill(book):
        del book["Start"]
        for number in range(30):
            book.create_sheet(f"Tab {number}")

    assert "“Lists”, “Tab 0”, “Tab 1”, “Tab 2”, “Tab 3”, “Tab 4”, …; expected" in one_fault(tmp_path, fill)


def rewrite(path, parts):
    """Change the text of some parts of a workbook, as no spreadsheet program does."""
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, parts[name](text) if name in parts else text)
    return path


READ = """
import re, sys
from pathlib import Path
from tessera.frameworks.errors import SheetError
from tessera.frameworks.sheets.read import read_sheet
try:
    read_sheet(Path(sys.argv[1]))
except SheetError as error:
    print(len(error.faults), len(str(error)))
print(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from Linux's /proc")
def test_a_file_full_of_faults_in_a_tab_with_an_endless_name_takes_under_256_mib(tmp_path):
    """The name packs badly, so that the file stays under the ratio."""
    mipex = find_framework("mipex-2015")
    path, name = tmp_path / "sheet.xlsx", Random(1).randbytes(200_000).hex()
    blank = AnswerSheet(mipex.id, mipex.version, Pathway.FULL, "Riga", 2023, True, {})
    write_sheet(mipex, pathway=Pathway.FULL, language="en", target=path, answers=blank)
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>nokey{at}</t></is></c></row>'
        for at in range(1_000, 11_000)
    )
    tabs = re.compile('name="[^"]+" sheetId="2"')
    rewrite(
        path,
        {
            "xl/workbook.xml": lambda text: tabs.sub(f'name="{name}" sheetId="2"', text),
            "xl/worksheets/sheet2.xml": lambda text: text.replace("</sheetData>", f"{rows}</sheetData>"),
        },
    )

    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=True)
    said, kibibytes = done.stdout.splitlines()
    faults_told, signs = map(int, said.split())
    assert (faults_told, int(kibibytes) < 256 * 1024) == (200, True)
    assert signs < 60_000
