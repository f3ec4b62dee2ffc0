import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from tests.cli.running import tessera
from typer.testing import CliRunner

from tessera.cli.main import app
from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway
from tessera.frameworks.scoring import score_sheet
from tessera.frameworks.sheets.write import write_sheet

MIPEX = find_framework("mipex-2015", 1)
LATVIA = AnswerSheet(
    "mipex-2015",
    1,
    Pathway.FULL,
    "Latvija",
    2014,
    False,
    {question.key: Answer(value=40.0 + 5 * at) for at, question in enumerate(MIPEX.questions())},
)


def sheet_file(file: Path, answers: AnswerSheet = LATVIA) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_sheet(
        find_framework(answers.framework_id, answers.version),
        pathway=answers.pathway,
        language="en",
        target=file,
        answers=answers,
    )
    return file


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return sheet_file(tmp_path / "latvia.xlsx")


def spoil(file: Path, found: object, instead: object) -> Path:
    """Write something else into every cell that holds what was found."""
    book = openpyxl.load_workbook(file)
    spoilt = 0
    for tab in book:
        for row in tab.iter_rows():
            for cell in row:
                if cell.value == found:
                    cell.value = instead
                    spoilt += 1
    assert spoilt
    book.save(file)
    return file


def review(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["review", *map(str, arguments)])


def test_a_filled_sheet_becomes_four_outputs(sheet: Path, tmp_path: Path) -> None:
    result = review(sheet, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    written = sorted(
        str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*") if p.is_file()
    )
    assert written == [
        "charts/areas.svg",
        "charts/overall-core.svg",
        "profile.json",
        "report.html",
        "report.pdf",
    ]
    profile = json.loads((tmp_path / "out/profile.json").read_text())
    # 40, 45 ... 75: eight areas of equal weight.
    assert profile["overall"]["core"]["points"] == 57.5
    assert profile == score_sheet(MIPEX, LATVIA).model_dump(mode="json")
    assert "Latvija, 2014: 58 points of 100." in result.stdout
    assert (tmp_path / "out/report.pdf").read_bytes().startswith(b"%PDF-")


def test_the_report_is_written_in_the_language_asked_for(sheet: Path, tmp_path: Path) -> None:
    assert review(sheet, "-o", tmp_path / "out", "--lang", "lv").exit_code == 0
    page = (tmp_path / "out/report.html").read_text()
    assert '<html lang="lv">' in page
    assert "Stiprās puses" in page


def test_an_earlier_sheet_shows_what_moved(sheet: Path, tmp_path: Path) -> None:
    earlier = sheet_file(tmp_path / "earlier.xlsx", replace(LATVIA, year=2010))
    assert review(sheet, "-o", tmp_path / "out", "--previous", earlier).exit_code == 0
    assert "What moved since 2010" in (tmp_path / "out/report.html").read_text()
    assert (tmp_path / "out/charts/moved.svg").exists()


def refused(tmp_path: Path, *arguments: object) -> str:
    """What is said against a call that must end with exit code 2 and leave every folder as it was."""
    before = sorted(tmp_path.rglob("*"))
    result = review(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    assert sorted(tmp_path.rglob("*")) == before
    return " ".join(result.stderr.split())


def test_an_earlier_sheet_of_another_city_is_refused(sheet: Path, tmp_path: Path) -> None:
    other = sheet_file(tmp_path / "other.xlsx", replace(LATVIA, city="Zviedrija", year=2010))
    said = refused(tmp_path, sheet, "-o", tmp_path / "out", "--previous", other)
    assert f"{other} is of Zviedrija, {sheet} of Latvija." in said


def test_a_sheet_that_is_no_earlier_one_is_refused_with_both_years(sheet: Path, tmp_path: Path) -> None:
    later = sheet_file(tmp_path / "later.xlsx", replace(LATVIA, year=2015))
    error = run_whole("review", sheet, "-o", tmp_path / "out", "--previous", later)
    assert error == ("the earlier review describes 2015, this one 2014: it must be of an earlier year\n")
    assert not (tmp_path / "out").exists()


def run_whole(*arguments: object) -> str:
    """What the command says on stderr, run as a person runs it, when it must end with exit code 2."""
    run = tessera(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    return run.stderr


def test_a_city_that_is_in_the_class_twice_is_refused(sheet: Path, tmp_path: Path) -> None:
    for year in (2010, 2014):
        sheet_file(tmp_path / f"class/sweden-{year}.xlsx", replace(LATVIA, city="Zviedrija", year=year))
    said = refused(tmp_path, sheet, "-o", tmp_path / "out", "--compare", tmp_path / "class")
    assert "Zviedrija is there twice, in sweden-2010.xlsx and sweden-2014.xlsx; leave one of them" in said


def test_a_sheet_of_the_class_in_another_format_is_named_and_not_passed_over(
    sheet: Path, tmp_path: Path
) -> None:
    sheet_file(tmp_path / "class/SWEDEN.XLSX", replace(LATVIA, city="Zviedrija"))
    (tmp_path / "class/spain.xls").write_bytes(b"\xd0\xcf\x11\xe0" * 200)
    (tmp_path / "class/read me.txt").write_text("Sheets of three countries")
    said = refused(tmp_path, sheet, "-o", tmp_path / "out", "--compare", tmp_path / "class")
    assert f"{tmp_path}/class/spain.xls: the file: found an old .xls file" in said
    assert "Nothing was written. Faults in the sheets: 1" in said


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["none.xlsx", "-o", "out"], "file 'none.xlsx' does not exist"),
        (["empty", "-o", "out"], "file 'empty' is a directory"),
        (["renamed.xlsx", "-o", "out"], "renamed.xlsx: the file: found a file of another kind"),
        (["latvia.xlsx"], "Missing option '--output' / '-o'"),
        (["latvia.xlsx", "-o", "renamed.xlsx"], "dir 'renamed.xlsx' is a file"),
        (["latvia.xlsx", "-o", "renamed.xlsx/out"], "renamed.xlsx/out cannot be written"),
        (["latvia.xlsx", "-o", "out", "--lang", "xx"], "there are no reports in 'xx'; languages: en, lv"),
        (["latvia.xlsx", "-o", "out", "--previous", "empty"], "file 'empty' is a directory"),
        (["latvia.xlsx", "-o", "out", "--previous", "renamed.xlsx"], "renamed.xlsx: the file: found a file"),
        (
            ["latvia.xlsx", "-o", "out", "--compare", "empty"],
            "there is no other answer sheet (.xlsx) in empty",
        ),
        (["latvia.xlsx", "-o", "out", "--compare", "latvia.xlsx"], "dir 'latvia.xlsx' is a file"),
    ],
)
def test_what_is_not_in_order_is_said_and_nothing_is_written(
    sheet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], complaint: str
) -> None:
    (tmp_path / "renamed.xlsx").write_text("city;year")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    assert complaint in refused(tmp_path, *arguments)


def test_a_class_is_the_other_cities_of_the_folder(tmp_path: Path) -> None:
    own = sheet_file(tmp_path / "class/latvia.xlsx")
    for at in range(5):
        sheet_file(tmp_path / f"class/{at}.xlsx", replace(LATVIA, city=f"City {at}"))
    sheet_file(tmp_path / "class/latvia again.xlsx")
    (tmp_path / "class/~$0.xlsx").write_bytes(b"kept while the sheet is open")
    assert review(own, "-o", tmp_path / "out", "--compare", tmp_path / "class").exit_code == 0
    profile = json.loads((tmp_path / "out/profile.json").read_text())
    assert profile["comparison"]["cities"] == 5


def test_faults_in_all_sheets_are_named_with_their_file_and_nothing_is_written(
    sheet: Path, tmp_path: Path
) -> None:
    spoil(sheet, 2014, "last year")
    good = sheet_file(tmp_path / "class/good.xlsx", replace(LATVIA, city="Good"))
    bad = spoil(sheet_file(tmp_path / "class/bad.xlsx", replace(LATVIA, city="Bad")), 75, 750)
    result = review(sheet, "-o", tmp_path / "out", "--compare", tmp_path / "class")
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"{sheet}: ")
    assert "last year" in lines[0]
    assert lines[1].startswith(f"{bad}: ")
    assert "750" in lines[1]
    assert lines[2] == "Nothing was written. Faults in the sheets: 2"
    assert str(good) not in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_earlier_report_is_replaced_whole(sheet: Path, tmp_path: Path) -> None:
    earlier = sheet_file(tmp_path / "earlier.xlsx", replace(LATVIA, year=2010))
    review(sheet, "-o", tmp_path / "out", "--previous", earlier)
    assert review(sheet, "-o", tmp_path / "out").exit_code == 0
    assert not (tmp_path / "out/charts/moved.svg").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["earlier.xlsx", "latvia.xlsx", "out"]


def test_a_folder_with_somebody_elses_files_is_left_alone(sheet: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/minutes.txt").write_text("mine")
    result = review(sheet, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "minutes.txt" in result.stderr
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["minutes.txt"]


def test_a_report_that_cannot_be_put_in_its_place_leaves_the_earlier_one(
    sheet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review(sheet, "-o", tmp_path / "out")
    before = (tmp_path / "out/profile.json").read_bytes()
    real = Path.rename

    def full_disk(self: Path, target: Path) -> Path:
        if self.name == "fresh":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", full_disk)
    result = review(sheet, "-o", tmp_path / "out", "--lang", "lv")
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert (tmp_path / "out/profile.json").read_bytes() == before
    assert 'lang="en"' in (tmp_path / "out/report.html").read_text()
