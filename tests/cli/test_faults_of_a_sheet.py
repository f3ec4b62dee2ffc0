"""A whole answer sheet through the command: faults named one by one, and what LibreOffice saved."""

import json
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.cli.running import tessera
from tests.frameworks.sheets import cell

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway, representative_answers
from tessera.frameworks.sheets.write import write_sheet

REVIEW = find_framework("intercultural-review", 2)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Every question answered: the first as its first answer says, the second as its second, and so on."""
    answers = {}
    for at, question in enumerate(REVIEW.questions()):
        possible = representative_answers(question)
        answers[question.key] = Answer(value=possible[at % len(possible)])
    write_sheet(
        REVIEW,
        pathway=Pathway.FULL,
        language="en",
        target=tmp_path / "riga.xlsx",
        answers=AnswerSheet(REVIEW.id, 2, Pathway.FULL, "Rīga", 2023, False, answers),
    )
    return tmp_path / "riga.xlsx"


# Key, column, what is written there, what is said of it.
TWELVE = [
    ("year", "value", "soon", "found “soon”; expected the year that the answers describe, from 1900 to 2100"),
    ("strategy", "answer", "maybe", "found “maybe”; expected one of “Yes”, “In preparation”, “No”"),
    ("action-plan", "does-not-apply", "yes", "found “does not apply”; expected an answer"),
    ("budget-share", "answer", 140, "found “140”; expected a number from 0 to 100"),
    ("school-mix", "does-not-apply", "yes", "found “does not apply” beside an answer"),
    ("early-leaving-gap", "answer", "=14-9", "found a formula whose result is not saved"),
    ("housing-help", "answer", "Advice", "found “Advice” in the row of the question; expected “yes”"),
    ("housing-help/advice", "answer", "soon", "found “soon”; expected “yes” or a blank cell"),
    ("interpretation", "note", "#REF!", "found the error #REF!; expected a value, or a blank cell"),
    ("purchasing", "key", "purchases", "found the unknown key “purchases”; expected the key of a question"),
    ("attitude-survey", "answer", "1,500", "found “1,500”; expected a number of years from 0 to 200"),
    ("women-share", "answer", "-5 %", "found “-5 %”; expected a number from 0 to 100"),
]  # fmt: skip


def test_twelve_planted_faults_are_twelve_complaints_and_no_output(sheet: Path, tmp_path: Path) -> None:
    book = load_workbook(sheet)
    expected = []
    for key, column, written, said in TWELVE:
        place = cell(book, key, column)
        expected.append(f"{sheet}: tab “{place.parent.title}”, cell {place.coordinate}: {said}")
        place.value = written
    book.save(sheet)
    run = tessera("review", sheet, "-o", tmp_path / "out")
    assert (run.returncode, run.stdout) == (2, "")
    *complaints, count = run.stderr.splitlines()
    assert [line[: len(words)] for line, words in zip(complaints, expected, strict=True)] == expected
    assert count == "Nothing was written. Faults in the sheets: 12"
    assert [path.name for path in tmp_path.iterdir()] == ["riga.xlsx"]


def test_of_many_faults_two_hundred_are_said_and_all_are_counted(sheet: Path, tmp_path: Path) -> None:
    book = load_workbook(sheet)
    for number in range(250):
        book["Commitment"].cell(500 + number, 1).value = f"no-key-{number}"
    book.save(sheet)
    run = tessera("review", sheet, "-o", tmp_path / "out")
    *complaints, count = run.stderr.splitlines()
    assert (run.returncode, len(complaints)) == (2, 201)
    assert "the unknown key “no-key-199”" in complaints[199]
    assert complaints[200] == f"{sheet}: faults beyond these: 50"
    assert count == "Nothing was written. Faults in the sheets: 250"


def test_a_sheet_that_libreoffice_wrote_becomes_the_four_outputs(
    sheet: Path, tmp_path: Path, soffice: str
) -> None:
    order = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    order += ["--convert-to", "xlsx", "--outdir", "saved", sheet.name]
    subprocess.run(order, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    run = tessera("review", tmp_path / "saved/riga.xlsx", "-o", tmp_path / "out")
    assert (run.returncode, run.stderr) == (0, "")
    out = tmp_path / "out"
    assert sorted(path.name for path in out.iterdir()) == [
        "charts",
        "profile.json",
        "report.html",
        "report.pdf",
    ]
    profile = json.loads((out / "profile.json").read_text(encoding="utf-8"))
    values = {each["key"]: each["value"] for area in profile["areas"] for each in area["questions"]}
    # By their place in the questionnaire: the first of four options, the second of three, the seventh of two.
    assert (values["public-commitment"], values["strategy"]) == ("council-decision", "partly")
    assert None not in values.values()
    assert "Rīga, 2023" in (out / "report.html").read_text(encoding="utf-8")
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF-")
