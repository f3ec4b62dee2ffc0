"""What is told about the example, in its own README and in the documentation, is tried."""

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
from tests.cli.index_command import (
    EXPLAIN,
    SCORES,
    SENSITIVITY,
    UNCERTAINTY,
    by_unit_and_code,
    edit,
    refuse,
    rows_of,
)
from tests.cli.running import tessera

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "build-an-index.md"
PROGRAMS = re.findall(r"```python\n(.+?)```\n\n```text\n(.+?)```", HOW_TO.read_text("utf-8"), re.DOTALL)


def test_an_example_goes_into_a_new_folder_only(tmp_path):
    (tmp_path / "there").mkdir()
    refuse(tessera("index", "example", "asem-like", "-o", tmp_path / "there"), ["is there already"])
    assert list((tmp_path / "there").iterdir()) == []
    refuse(tessera("index", "example", "hdi", "-o", tmp_path / "new"), ["no example 'hdi'", "asem-like"])
    assert not (tmp_path / "new").exists()


def commands_in(path, start):
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [shlex.split(line.removeprefix(start)) for line in lines if line.startswith(start)]


def test_what_the_example_tells_to_try_runs_and_shows_what_it_says(own):
    commands = commands_in(own / "README.txt", "tessera index ")
    assert [command[0] for command in commands] == [
        *("score", "statistics", "uncertainty", "sensitivity", "explain", "score")
    ]
    for command in commands[:-1]:
        assert tessera("index", *command, folder=own).returncode == 0
    flags = rows_of(own / "statistics" / "flags.csv", "code,flag,value,threshold")
    assert ("flights", "stronger with exchange") in {(row["code"], row["flag"]) for row in flags}
    ranks = {
        row["unit"]: (float(row["rank_q05"]), float(row["rank_q95"]))
        for row in rows_of(own / "uncertainty.csv", UNCERTAINTY)
        if row["code"] == "index"
    }
    assert ranks["Alvora"] == (1, 1)
    assert ranks["Brenmark"][1] == ranks["Istara"][1] == 16
    pairs = rows_of(own / "pairs.csv", "code,unit,other,probability,difference")
    assert [
        row["difference"]
        for row in pairs
        if (row["code"], row["unit"], row["other"]) == ("index", "Brenmark", "Istara")
    ] == ["no clear difference"]
    total = {
        (row["target"], row["factor"]): float(row["total"])
        for row in rows_of(own / "sensitivity.csv", SENSITIVITY)
        if row["target"] in ("index: all scores", "index: all ranks")
    }
    assert max(total, key=lambda of: total[of] * (of[0] == "index: all scores"))[1] == "normalisation"
    assert max(total, key=lambda of: total[of] * (of[0] == "index: all ranks"))[1] == "weights"
    parts = {row["code"]: float(row["difference"]) for row in rows_of(own / "explain.csv", EXPLAIN)}
    assert parts["nature"] / parts["index"] > 0.9

    edit(own / "METHOD.toml", r'\nmethod = "arithmetic"', '\nmethod = "geometric"')
    assert tessera("index", *commands[-1], folder=own).returncode == 0
    order = {name: by_unit_and_code(own / f"{name}.csv", SCORES, "rank") for name in ("scores", "geometric")}
    assert order["scores"]["Lumaro", "index"] < order["scores"]["Pelagra", "index"]
    assert order["geometric"]["Lumaro", "index"] > order["geometric"]["Pelagra", "index"]


def test_the_commands_of_the_how_to_run(tmp_path):
    first, *others = commands_in(HOW_TO, "$ uv run tessera index ")
    assert tessera("index", *first, folder=tmp_path).returncode == 0
    assert {command[0] for command in others} == {
        *("score", "statistics", "uncertainty", "sensitivity", "explain")
    }
    for command in others:
        run = tessera("index", *command, folder=tmp_path / "example")
        assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(("program", "shown"), PROGRAMS, ids=["imputations", "answers"])
def test_a_program_of_the_how_to_prints_what_the_page_shows(own, program, shown):
    printed = io.StringIO()
    with contextlib.chdir(own), contextlib.redirect_stdout(printed):
        exec(compile(program, "build-an-index.md", "exec"), {})  # the page itself is under test
    assert printed.getvalue() == shown
