"""The tutorial is walked: its commands are run, and what it says about the outcome is looked for."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial" / "from-a-filled-sheet-to-a-report.md").read_text(
    "utf-8"
)
COMMANDS = [line.removeprefix("$ uv run ") for line in re.findall(r"^\$ uv run .+$", PAGE, re.MULTILINE)]
LIST, SHEET, REVIEW, AGAIN = COMMANDS


def run(command, folder):
    tessera, *arguments = shlex.split(command)
    program = Path(sys.executable).with_name(tessera)
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tutorial")
    run(SHEET, folder)
    return folder


def fill(folder):
    """Step 3 of the tutorial: the Start tab, and the answers of its table from top to bottom."""
    book = load_workbook(folder / "riga-2026.xlsx")
    start = {row[1].value: row[2] for row in book["Start"].iter_rows()}
    start["City"].value, start["Year that the answers describe"].value = "Riga", 2026
    start["Are the answers invented?"].value = "yes"
    tab = book["Commitment"]
    column = {cell.value: cell.column for cell in tab[2]}
    questions = [row for row in range(4, tab.max_row + 1) if tab.cell(row, column["Key"]).value]
    answers = re.findall(r"^\| (?!question|--).+ \| (.+) \|$", PAGE, re.MULTILINE)
    assert len(questions) == len(answers) == 3
    for row, answer in zip(questions, answers, strict=True):
        tab.cell(row, column["Answer"]).value = answer
    book.save(folder / "riga-2026.xlsx")


def test_the_list_names_the_questionnaire_that_is_taken(tmp_path):
    assert "intercultural-review" in run(LIST, tmp_path)


def test_the_sheet_has_a_start_tab_and_the_number_of_questions_that_is_named(folder):
    book = load_workbook(folder / "riga-2026.xlsx")
    assert book.sheetnames[0] == "Start"
    keys = [row[0].value for tab in book.worksheets[1:] for row in tab.iter_rows(min_row=4)]
    assert len([key for key in keys if key and "/" not in key]) == 25


def test_the_report_says_what_the_tutorial_says(folder):
    fill(folder)
    said = run(REVIEW, folder)
    assert "Not enough answers. The answers cover 10% of the weight; a score needs 50%." in said
    assert sorted(path.name for path in (folder / "riga-2026").iterdir()) == [
        "charts",
        "profile.json",
        "report.html",
        "report.pdf",
    ]
    profile = json.loads((folder / "riga-2026" / "profile.json").read_text(encoding="utf-8"))
    scores = {area["key"]: area["score"]["points"] for area in profile["areas"]}
    assert scores["commitment"] == 62.5
    assert profile["invented"] is True


def test_the_report_can_be_made_anew_in_its_place():
    assert AGAIN == REVIEW
