"""`tessera framework sheet`, run as a person runs it."""

import pytest
from openpyxl import load_workbook
from tests.cli.running import tessera


def write_sheet(folder, *arguments):
    return tessera("framework", "sheet", *arguments, folder=folder)


def test_a_sheet_is_written_in_the_language_and_pathway_asked_for(tmp_path):
    run = write_sheet(
        tmp_path,
        *("intercultural-review", "--version", "1", "--pathway", "core", "--lang", "lv", "-o", "rīga.xlsx"),
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("rīga.xlsx: ")
    assert run.stdout.endswith(", version 1, questions: 25\n")
    start = load_workbook(tmp_path / "rīga.xlsx")["Sākums"]
    facts = {row[0].value: row[2].value for row in start.rows if row[0].value}
    assert facts["framework"] == "intercultural-review"
    assert (facts["version"], facts["pathway"], facts["language"]) == (1, "core", "lv")


def test_without_a_version_and_a_pathway_all_questions_of_the_newest_version_are_asked(tmp_path):
    run = write_sheet(tmp_path, "intercultural-review", "-o", "riga.xlsx")
    assert (run.returncode, run.stderr) == (0, "")
    assert ", version 2, questions: " in run.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["riga.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["census", "-o", "new.xlsx"], "there is no framework 'census'; there are: intercultural-review"),
        (["mipex-2015", "--version", "9", "-o", "new.xlsx"], "mipex-2015 has no version 9; it has: 1"),
        (["mipex-2015", "--lang", "xx", "-o", "new.xlsx"], "mipex-2015 is not in 'xx'; languages: en, lv"),
        (["mipex-2015", "--pathway", "short", "-o", "new.xlsx"], "'short' is not one of 'core', 'full'"),
        (["mipex-2015", "-o", "new.ods"], "new.ods does not end in .xlsx"),
        (["mipex-2015", "-o", "none/new.xlsx"], "there is no folder none"),
        (["mipex-2015"], "Missing option '--output' / '-o'"),
    ],
)
def test_what_is_not_in_order_is_said_and_nothing_is_written(tmp_path, arguments, complaint):
    run = write_sheet(tmp_path, *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert complaint in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_can_be_written_is_said_in_plain_words(tmp_path):
    # Not even root may make files there, as the tests of a build server run.
    run = write_sheet(tmp_path, "mipex-2015", "-o", "/proc/new.xlsx")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("/proc/new.xlsx cannot be written: ")


def test_a_file_that_may_hold_answers_is_not_replaced(tmp_path):
    (tmp_path / "filled.xlsx").write_text("answers")
    run = write_sheet(tmp_path, "mipex-2015", "-o", "filled.xlsx")
    assert run.returncode == 2
    assert "filled.xlsx exists and may hold answers; name a new file" in run.stderr
    assert (tmp_path / "filled.xlsx").read_text() == "answers"
