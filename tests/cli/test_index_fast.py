"""`tessera index` with `--fast`: the same figures by compiled loops, for answers that are drawn."""

import itertools
import json
import subprocess
import sys

import pytest
from tests.cli.index_command import SENSITIVITY, UNCERTAINTY, digest, rows_of, run_well

HEADERS = {
    "u": UNCERTAINTY,
    "pairs": "code,unit,other,probability,difference",
    "ranks": "code,unit,rank,share",
}
NUMBERS = ("mean", "median", "q05", "q95")


@pytest.fixture
def drawn(tmp_path):
    """A small index in which single answers are drawn."""
    (tmp_path / "STRUCTURE.csv").write_text(
        "code,parent,weight,direction\nindex,,,\nwork,index,2,\njobs,work,,\nrents,work,3,-1\ngreen,index,,\n"
    )
    (tmp_path / "DATA.csv").write_text(
        "unit,jobs,rents,green\nRiga,10,7,3\nPorto,14,12,8\nBonn,21,9,5\nTurku,17,15,1\nGent,12,11,\n"
    )
    (tmp_path / "DOUBT.csv").write_text(
        "unit,code,value,probability\nRiga,jobs,10,0.5\nRiga,jobs,19,0.5\nBonn,rents,9,0.2\nBonn,rents,13,0.3\n"
        "Bonn,rents,14,0.5\nTurku,green,1,0.9\nTurku,green,9,0.1\n"
    )
    (tmp_path / "METHOD.toml").write_text(
        '[[uncertain]]\nname = "answers"\ncells = { missing = "class", doubt = "DOUBT.csv" }\n\n'
        '[[uncertain]]\nname = "weights"\nweights = { noise = 0.25, levels = [1, 2] }\n'
    )
    return tmp_path


def uncertainty_both_ways(folder, *options):
    """All tables, first without and then with compiled loops."""
    found = []
    for name, way in (("plain", ()), ("fast", ("--fast",))):
        (folder / name).mkdir()
        tables = (
            "--pairs",
            f"{name}/pairs.csv",
            "--ranks",
            f"{name}/ranks.csv",
            "--record",
            f"{name}/runs.csv",
        )
        run = run_well("uncertainty", folder, "-o", f"{name}/u.csv", *tables, *options, *way)
        found.append((folder / name, run))
    return found


def test_drawn_answers_have_the_same_ranks_and_scores_within_a_billionth(drawn):
    (plain, _), (fast, run) = uncertainty_both_ways(drawn, "--draws", 3000)
    assert run.stderr == ""
    for name in ("pairs", "ranks", "runs"):
        assert (fast / f"{name}.csv").read_bytes() == (plain / f"{name}.csv").read_bytes()
    rows, expected = (rows_of(folder / "u.csv", UNCERTAINTY) for folder in (fast, plain))
    assert [(row["unit"], row["code"]) for row in rows] == list(
        itertools.product(("Riga", "Porto", "Bonn", "Turku", "Gent"), ("index", "work"))
    )
    for row, other in zip(rows, expected, strict=True):
        for column in NUMBERS:
            assert float(row[column]) == pytest.approx(float(other[column]), abs=1e-9)
        assert {key: row[key] for key in row if key not in NUMBERS} == {
            key: other[key] for key in other if key not in NUMBERS
        }
    # Riga has two answers that are worth something: its ranks are not all the same.
    assert len([row for row in rows_of(fast / "ranks.csv", HEADERS["ranks"]) if row["unit"] == "Riga"]) > 4


def test_sensitivity_is_the_same_within_a_billionth(drawn):
    run_well("sensitivity", drawn, "-o", "plain.csv", "--draws", 64)
    run_well("sensitivity", drawn, "-o", "fast.csv", "--draws", 64, "--fast")
    rows, expected = (rows_of(drawn / f"{name}.csv", SENSITIVITY) for name in ("fast", "plain"))
    assert len(rows) == 2 * 2 * (5 + 5 + 1 + 2)
    for row, other in zip(rows, expected, strict=True):
        assert (row["factor"], row["target"]) == (other["factor"], other["target"])
        for column in ("first", "total", "first_low", "total_high"):
            assert (row[column] == "") == (other[column] == "")
            assert float(row[column] or 0) == pytest.approx(float(other[column] or 0), abs=1e-9)


def test_without_drawn_answers_the_tables_are_the_same_to_the_last_byte(own):
    (plain, _), (fast, _) = uncertainty_both_ways(own, "--draws", 300)
    for name in ("u", "pairs", "ranks", "runs"):
        assert (fast / f"{name}.csv").read_bytes() == (plain / f"{name}.csv").read_bytes()


def test_only_runs_with_a_constant_column_fail_and_for_the_same_reason(tmp_path):
    (tmp_path / "STRUCTURE.csv").write_text("code,parent\nindex,\na,index\nb,index\n")
    (tmp_path / "DATA.csv").write_text("unit,a,b\nRiga,1,1\nPorto,2,0\nBonn,3,0\n")
    (tmp_path / "DOUBT.csv").write_text("unit,code,value,probability\nRiga,b,1,0.5\nRiga,b,0,0.5\n")
    (tmp_path / "METHOD.toml").write_text(
        '[[uncertain]]\nname = "answers"\ncells = { doubt = "DOUBT.csv" }\n'
    )
    (plain, said), (fast, said_fast) = uncertainty_both_ways(tmp_path, "--draws", 200)
    assert said_fast.stderr == said.stderr
    failed = json.loads((fast / "u.manifest.json").read_text())["failed"]
    ((reason, count),) = failed.items()
    assert "b" in reason
    assert 60 < count < 140
    assert said_fast.stderr == f"{count} of 200 runs failed and are in no figure: {reason}\n"
    assert (fast / "runs.csv").read_bytes() == (plain / "runs.csv").read_bytes()
    runs = rows_of(fast / "runs.csv", "run,answers,failed")
    assert [row["failed"] for row in runs].count(reason) == count
    assert {row["failed"] for row in runs} == {reason, ""}
    # a: 0, 50, 100; b: 100, 0, 0. What is the same in every run has no spread.
    for row, score in zip(rows_of(fast / "u.csv", UNCERTAINTY), (50, 25, 50), strict=True):
        assert [float(row[column]) for column in NUMBERS] == pytest.approx([score] * 4, abs=1e-9)


def test_recorded_runs_may_be_replayed_by_compiled_loops(drawn):
    run_well("uncertainty", drawn, "-o", "first.csv", "--draws", 200, "--record", "runs.csv", "--fast")
    run_well("uncertainty", drawn, "-o", "again.csv", "--replay", "runs.csv", "--fast")
    assert digest(drawn / "again.csv") == digest(drawn / "first.csv")


def test_the_manifest_says_whether_the_loops_were_compiled(drawn):
    for command in ("uncertainty", "sensitivity"):
        for name, way in (("plain", ()), ("fast", ("--fast",))):
            run_well(command, drawn, "-o", f"{name}.csv", "--draws", 8, *way)
            assert json.loads((drawn / f"{name}.manifest.json").read_text())["fast"] is (name == "fast")


def test_without_the_extra_compiled_loops_are_refused_with_the_remedy(drawn):
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "from tessera.cli.main import run\n"
        "sys.argv = 'tessera index uncertainty STRUCTURE.csv DATA.csv --method METHOD.toml'.split()\n"
        "sys.argv += ['-o', 'u.csv', '--fast']\n"
        "run()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=drawn
    )
    assert ran.returncode == 2
    assert "compiled loops need the extra: pip install 'tessera[fast]'" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (drawn / "u.csv").exists()
