import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
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


def test_a_language_without_reports_is_refused(sheet: Path, tmp_path: Path) -> None:
    result = review(sheet, "-o", tmp_path / "out", "--lang", "xx")
    assert result.exit_code == 2
    assert "languages: en, lv" in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_earlier_sheet_shows_what_moved(sheet: Path, tmp_path: Path) -> None:
    earlier = sheet_file(tmp_path / "earlier.xlsx", replace(LATVIA, year=2010))
    assert review(sheet, "-o", tmp_path / "out", "--previous", earlier).exit_code == 0
    assert "What moved since 2010" in (tmp_path / "out/report.html").read_text()
    assert (tmp_path / "out/charts/moved.svg").exists()


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


def test_a_folder_without_other_sheets_is_no_class(sheet: Path, tmp_path: Path) -> None:
    result = review(sheet, "-o", tmp_path / "out", "--compare", tmp_path)
    assert result.exit_code == 2
    assert "there is no other answer sheet" in result.stderr


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
