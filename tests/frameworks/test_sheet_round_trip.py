"""What goes out comes in again, whichever program saved the file in between."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.frameworks.invented import answers_to
from tests.frameworks.sheets import WORDED, answer_sheet, cell, change, read, write

from tessera.frameworks.answers import Answer
from tessera.frameworks.schema import Pathway

EVERY_TYPE = answer_sheet(
    invented=True,
    statement=Answer("yes", note="Said by the mayor.\nTwice."),
    strategy=Answer("partly", evidence="https://example.org/strategy"),
    strategy_reviewed=Answer("rarely"),
    lead=Answer("mayor"),
    trained_teachers=Answer(not_applicable=True, reason="The schools belong to the state."),
    languages_offered=Answer(("ukrainian", "english"), note="Arabic is planned."),
    arabic_forms=Answer(note="Nobody knows."),
    foreign_born=Answer(12.5),
    last_survey=Answer("never"),
)


@st.composite
def sheets(draw):
    pathway = draw(st.sampled_from(Pathway))
    return answer_sheet(pathway, draw(st.booleans()), **draw(answers_to(WORDED, pathway)))


@pytest.mark.parametrize("language", ["en", "lv"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=sheets())
def test_any_answers_come_back_as_they_were_written(tmp_path, language, answers):
    assert read(write(tmp_path, answers, language)) == answers


@pytest.mark.parametrize("language", ["en", "lv"])
def test_one_answer_of_every_type_comes_back(tmp_path, language):
    assert read(write(tmp_path, EVERY_TYPE, language)) == EVERY_TYPE


def test_a_sheet_that_libreoffice_saved_once_is_read(request):
    # EVERY_TYPE in Latvian, saved by LibreOffice 7.4 as XLSX: kept so that machines without it try this too.
    assert read(Path(request.path).parent / "saved_by_libreoffice.xlsx") == EVERY_TYPE


def test_a_sheet_that_this_machines_libreoffice_saves_is_read(tmp_path, soffice):
    write(tmp_path, EVERY_TYPE, "lv")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    # By way of its own format, as when someone works there for a week and exports at the end.
    for form, folder, source in (("ods", "week", "sheet.xlsx"), ("xlsx", "end", "week/sheet.ods")):
        order = [soffice, profile, "--headless", "--convert-to", form, "--outdir", folder, source]
        subprocess.run(order, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert read(tmp_path / "end" / "sheet.xlsx") == EVERY_TYPE


def test_columns_may_be_moved_and_rows_and_columns_added(tmp_path):
    def rearrange(book):
        sheet = book["Commitment"]
        rows = [[entry.value for entry in row] for row in sheet.iter_rows(max_col=10)]
        sheet.unmerge_cells("B3:J3")
        for number, row in enumerate(rows, 1):
            for place, value in enumerate([*reversed(row), "ours"], 1):
                sheet.cell(number, place).value = value
        sheet.insert_rows(5, amount=2)
        sheet["A5"] = "Ask Andris about this one."
        sheet.insert_rows(1)
        sheet["A1"] = "Draft of the social department"
        book.create_sheet("Our own notes", 1)["A1"] = "Key"

    assert read(change(write(tmp_path, EVERY_TYPE), rearrange)) == EVERY_TYPE


def test_without_the_hidden_rows_the_headings_serve(tmp_path):
    def delete_hidden_row(book):
        book["Commitment"].delete_rows(1)

    assert read(change(write(tmp_path, EVERY_TYPE), delete_hidden_row)) == EVERY_TYPE


def test_tabs_may_be_renamed_and_the_optional_area_removed(tmp_path):
    def rename(book):
        book["Commitment"].title = "Part one"
        book["Start"].title = "Who we are"
        del book["Interaction contacts"]

    found = read(change(write(tmp_path, EVERY_TYPE), rename)).answers
    assert found == {
        key: answer
        for key, answer in EVERY_TYPE.answers.items()
        if key not in ("foreign-born", "last-survey")
    }


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("statement", " YES ", "yes"),
        ("statement", "jā", "yes"),
        ("strategy", "partly", "partly"),
        ("lead", "the  mayor, or a deputy", "mayor"),
        ("lead", "office", "office"),
        ("foreign-born", "12,5", 12.5),
        ("foreign-born", "12.5", 12.5),
        ("foreign-born", "12 %", 12.0),
        ("foreign-born", "12,5 procenti", 12.5),
        ("foreign-born", 7, 7.0),
        ("last-survey", "2 years", 2.0),
        ("last-survey", "Nekad", "never"),
    ],
)
def test_people_may_write_an_answer_their_own_way(tmp_path, key, written, meant):
    def answer(book):
        cell(book, key, "answer").value = written

    assert read(change(write(tmp_path, answer_sheet()), answer)).answers[key].value == meant


def test_a_percentage_is_read_as_it_is_seen(tmp_path):
    def answer(book):
        entry = cell(book, "foreign-born", "answer")
        entry.value, entry.number_format = 0.07, "0%"

    assert read(change(write(tmp_path, answer_sheet()), answer)).answers["foreign-born"].value == 7.0


def test_a_blank_sheet_is_a_sheet_without_answers(tmp_path):
    assert read(write(tmp_path, answer_sheet(Pathway.CORE))).answers == {}
