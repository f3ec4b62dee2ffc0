"""The commands of an index, run on the files of the example: what they write, and what they refuse."""

import itertools
import json
import shlex
import statistics

import pytest
from tests.cli.asem_like import CODES, NOMINAL, UNITS, brought, filled, moments, ranks_of, scores_of, tables
from tests.cli.index_command import (
    EXPLAIN,
    SCORES,
    by_unit_and_code,
    digest,
    edit,
    index,
    refuse,
    rows_of,
    run_well,
)

TREATMENT = "code,action,winsorised,skew_before,kurtosis_before,skew_after,kurtosis_after"
AUDITED = (
    "availability",
    "correlations",
    "reliability",
    "weights",
    "importance",
    "components",
    "treatment",
    "flags",
)
IMPORTANCE = "code,group,squared_correlation,correlation_ratio"


def test_score_writes_every_score_and_rank_on_every_level(example):
    run = run_well("score", example, "-o", "scores.out")
    assert (run.stdout, run.stderr) == ("16 units, 14 scores each, written to scores.out\n", "")
    expected = scores_of(example, *NOMINAL)
    ranks = {code: ranks_of(expected, code) for code in CODES}
    rows = rows_of(example / "scores.out", SCORES)
    assert [(row["unit"], row["code"]) for row in rows] == list(itertools.product(UNITS, CODES))
    for row in rows:
        unit, code = row["unit"], row["code"]
        if (unit, code) == ("Garlund", "ports"):
            assert (row["score"], row["rank"]) == ("", "")
            continue
        assert float(row["score"]) == pytest.approx(expected[unit, code], rel=1e-12)
        assert int(row["rank"]) == ranks[code][unit]
    levels = {row["code"]: row["level"] for row in rows}
    assert list(levels.values()) == ["3"] + ["2"] * 3 + ["1"] * 10


def test_the_trace_has_each_cell_that_was_filled_or_moved(example):
    run_well("score", example, "-o", "scores.out", "--trace", "trace.out")
    figures = filled(example)
    found = {
        (row["step"], row["unit"], row["code"]): (row["before"], float(row["after"]))
        for row in rows_of(example / "trace.out", "step,unit,code,before,after")
    }
    missing = {"Fenholm": "languages", "Istara": "renewables", "Kerida": "broadband"}
    missing |= {"Novessa": "customs", "Pelagra": "students"}
    expected = {
        ("impute", unit, code): ("", pytest.approx(figures[code][unit])) for unit, code in missing.items()
    }
    # The two places with the most flights a head have what the third has, the first port what the second has.
    third, second = sorted(figures["flights"].values())[-3], sorted(figures["ports"].values())[-2]
    for unit, code, after in (("Dorvik", "flights", third), ("Lumaro", "flights", third)):
        expected["winsorise", unit, code] = (repr(figures[code][unit]), pytest.approx(after))
    expected["winsorise", "Orvida", "ports"] = ("131.5", pytest.approx(second))
    assert found == expected


def test_without_a_method_the_scale_is_0_to_100_and_figures_are_as_given(example):
    run_well("score", example, "-o", "plain.out", method=None)
    _, data = tables(example)
    given = [float(row["co2"]) for row in data]
    found = by_unit_and_code(example / "plain.out", SCORES, "score")
    assert [found[unit, "co2"] for unit in UNITS] == pytest.approx(
        [100 * (max(given) - value) / (max(given) - min(given)) for value in given]
    )


def test_units_with_too_few_indicators_have_no_score_and_are_named(own):
    edit(own / "METHOD.toml", r"\[impute\]", "[screen]\nmin_available = 0.95\n\n[impute]")
    run = run_well("score", own, "-o", "scores.csv")
    # Those with 9 of 10; Garlund has 9 of the 9 that apply.
    absent = ["Fenholm", "Istara", "Kerida", "Novessa", "Pelagra"]
    assert run.stderr.splitlines() == [f"{unit} has too few indicators and no score." for unit in absent]
    rows = rows_of(own / "scores.csv", SCORES)
    assert {
        row["unit"] for row in rows if row["score"] == row["rank"] == "" and row["code"] == "index"
    } == set(absent)
    assert json.loads((own / "scores.manifest.json").read_text())["screened_out"] == absent


def test_missing_cells_that_nothing_can_fill_are_counted_and_named(own):
    edit(own / "METHOD.toml", '"region"', '"population"')
    run = run_well("score", own, "-o", "scores.csv")
    assert run.stderr == "Missing cells that could not be filled: 5\n"
    unfilled = json.loads((own / "scores.manifest.json").read_text())["unfilled"]
    assert unfilled[0] == "Fenholm, languages"
    assert len(unfilled) == 5


@pytest.mark.parametrize("reachable", [True, False])
def test_importances_that_no_weights_bring_about_are_said(tmp_path, reachable):
    # Where two indicators do not go together, their importances are as the squares of their weights.
    (tmp_path / "STRUCTURE.csv").write_text("code,parent\nindex,\na,index\nb,index\n")
    figures = "0,0 0,1 1,0 1,1" if reachable else "0,0 1,2 2,4 3,6"
    rows = [f"{unit},{pair}" for unit, pair in zip("PQRS", figures.split(), strict=True)]
    (tmp_path / "DATA.csv").write_text("\n".join(["unit,a,b", *rows]) + "\n")
    (tmp_path / "METHOD.toml").write_text(
        '[weight]\nmethod = "optimise"\nimportances = { a = 0.8, b = 0.2 }\n'
    )
    run = run_well("score", tmp_path, "-o", "t.csv")
    said = json.loads((tmp_path / "t.manifest.json").read_text())["importances_not_reached"]
    if reachable:
        assert (said, run.stderr) == ([], "")
        # 0.8 and 0.2 are as 2 squared and 1 squared.
        found = by_unit_and_code(tmp_path / "t.csv", SCORES, "score")
        assert [found[unit, "index"] for unit in "PQRS"] == pytest.approx(
            [0, 100 / 3, 200 / 3, 100], abs=1e-4
        )
    else:
        # What says the same has the same importance under any weights.
        assert said == ["index"]
        assert run.stderr == (
            "index: no weights from 0 bring about the importances stated; the nearest were taken.\n"
        )


def test_statistics_say_what_is_there_and_what_goes_together(example):
    run = run_well("statistics", example, "-o", "statistics.out")
    folder = example / "statistics.out"
    names = sorted(AUDITED)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [f"{name}.csv" for name in names] + ["statistics.manifest.json"]
    )
    scores = scores_of(example, *NOMINAL)
    _, data = tables(example)

    header = "kind,name,present,applicable,share,zero_share,same_share"
    present = {(row["kind"], row["name"]): row for row in rows_of(folder / "availability.csv", header)}
    assert len(present) == 16 + 10
    assert list(present["unit", "Garlund"].values())[2:] == ["9", "9", "1.0", "", ""]
    assert list(present["unit", "Pelagra"].values())[2:] == ["9", "10", "0.9", "", ""]
    # Of the speeds of broadband each stands once, and one is missing.
    shares = [float(present["indicator", "broadband"][key]) for key in ("share", "zero_share", "same_share")]
    assert shares == pytest.approx([15 / 16, 0, 1 / 15])

    pairs = rows_of(folder / "correlations.csv", "a,b,level,kind,r,n,p")
    # 45 pairs of indicators and 3 of groups, each by three coefficients.
    assert len(pairs) == 3 * (45 + 3)
    found = {(row["a"], row["b"]): row for row in pairs if row["kind"] == "pearson"}
    for one, other in (("flights", "ports"), ("co2", "forest"), ("links", "nature")):
        both = [unit for unit in UNITS if (unit, one) in scores and (unit, other) in scores]
        r = statistics.correlation([scores[u, one] for u in both], [scores[u, other] for u in both])
        assert float(found[one, other]["r"]) == pytest.approx(r)
        assert found[one, other]["n"] == str(len(both))

    alphas = {
        row["code"]: float(row["cronbach"]) for row in rows_of(folder / "reliability.csv", "code,cronbach")
    }
    items = [[scores[unit, code] for unit in UNITS] for code in ("students", "visa_free", "languages")]
    summed = statistics.variance(map(sum, zip(*items, strict=True)))
    assert alphas["exchange"] == pytest.approx(3 / 2 * (1 - sum(map(statistics.variance, items)) / summed))

    weights = {row["code"]: row for row in rows_of(folder / "weights.csv", "code,weight,effective")}
    # Broadband has 2 of 5 of the links, which have 2 of 4 of the index.
    assert float(weights["broadband"]["weight"]) == pytest.approx(2 / 5)
    assert float(weights["broadband"]["effective"]) == pytest.approx(2 / 5 * 2 / 4)

    flags = rows_of(folder / "flags.csv", "code,flag,value,threshold")
    assert f"{len(flags)} flags; 8 tables written to" in run.stdout
    skewed = {row["code"]: float(row["value"]) for row in flags if row["flag"] == "skewed"}
    # As the treatment sees them: the flights a head.
    seen = {
        "flights": [float(row["flights"]) / float(row["population"]) for row in data],
        "ports": [float(row["ports"]) for row in data if row["ports"] != "n/a"],
    }
    assert skewed == {code: pytest.approx(moments(values)[0]) for code, values in seen.items()}
    treated = {row["code"]: row for row in rows_of(folder / "treatment.csv", TREATMENT)}
    assert float(treated["flights"]["skew_before"]) == pytest.approx(skewed["flights"])
    assert (treated["flights"]["action"], treated["co2"]["action"]) == ("winsorised", "")

    tells = {row["code"]: row for row in rows_of(folder / "importance.csv", IMPORTANCE)}
    whole = [scores[unit, "exchange"] for unit in UNITS]
    r = statistics.correlation([scores[unit, "students"] for unit in UNITS], whole)
    assert tells["students"]["group"] == "exchange"
    assert float(tells["students"]["squared_correlation"]) == pytest.approx(r**2)
    assert 0 <= float(tells["students"]["correlation_ratio"]) <= 1

    components = rows_of(folder / "components.csv", "group,component,eigenvalue,explained")
    of_exchange = [float(row["eigenvalue"]) for row in components if row["group"] == "exchange"]
    assert sum(of_exchange) == pytest.approx(3)
    assert of_exchange == sorted(of_exchange, reverse=True)


def test_explain_divides_a_score_also_where_an_indicator_does_not_apply(example):
    run = run_well("explain", example, "-o", "explain.out", "--unit", "Garlund")
    assert run.stdout == "What makes the score of Garlund, written to explain.out\n"
    rows = rows_of(example / "explain.out", EXPLAIN)
    assert [row["code"] for row in rows] == list(CODES)
    assert {row["unit"] for row in rows} == {"Garlund"}
    assert {row["difference"] for row in rows} == {""}
    expected = {"ports": 0.0, **brought(example, "Garlund")}
    assert {row["code"]: float(row["contribution"]) for row in rows} == pytest.approx(expected)
    indicators = sum(float(row["contribution"]) for row in rows if row["level"] == "1")
    assert indicators == pytest.approx(scores_of(example, *NOMINAL)["Garlund", "index"])


def test_explain_divides_the_difference_to_another_unit(example):
    run_well("explain", example, "-o", "explain.out", "--unit", "Jolana", "--against", "Alvora")
    jolana, alvora = brought(example, "Jolana"), brought(example, "Alvora")
    rows = rows_of(example / "explain.out", EXPLAIN)
    found = {row["code"]: float(row["difference"]) for row in rows}
    assert found == pytest.approx({code: jolana[code] - alvora[code] for code in CODES})


def test_explain_compares_two_periods_of_a_unit(tmp_path):
    (tmp_path / "STRUCTURE.csv").write_text("code,parent,weight\nindex,,\njobs,index,3\nhomes,index,1\n")
    (tmp_path / "DATA.csv").write_text(
        "unit,period,jobs,homes\nRiga,2023,0,10\nRiga,2024,4,5\nPorto,2024,10,0\n"
    )
    options = ("--unit", "Riga 2024", "--against", "Riga 2023")
    run_well("explain", tmp_path, "-o", "e.csv", *options, method=None)
    # On the scale: jobs from 0 to 40 with 3/4, homes from 100 to 50 with 1/4.
    assert [list(row.values()) for row in rows_of(tmp_path / "e.csv", EXPLAIN)] == [
        ["Riga 2024", "index", "2", "42.5", "17.5"],
        ["Riga 2024", "jobs", "1", "30.0", "30.0"],
        ["Riga 2024", "homes", "1", "12.5", "-12.5"],
    ]
    ambiguous = index("explain", tmp_path, "-o", "no.csv", "--unit", "Riga", method=None)
    assert ambiguous.returncode == 2
    assert "Riga has 2 rows; name one of them: Riga 2023, Riga 2024" in ambiguous.stderr


WRITTEN = {
    "score": (["-o", "t.csv", "--trace", "trace.csv"], ["t.csv", "trace.csv"], "t"),
    "statistics": (
        ["-o", "s"],
        [f"s/{name}.csv" for name in AUDITED],
        "s/statistics",
    ),
    "uncertainty": (
        shlex.split("-o t.csv --draws 20 --seed 3 --pairs p.csv --ranks r.csv --record runs.csv"),
        ["t.csv", "p.csv", "r.csv", "runs.csv"],
        "t",
    ),
    "sensitivity": (["-o", "t.csv", "--draws", "4", "--seed", "3"], ["t.csv"], "t"),
    "explain": (["-o", "t.csv", "--unit", "Alvora"], ["t.csv"], "t"),
}


@pytest.mark.parametrize(("command", "options", "outputs", "manifest"), [(c, *w) for c, w in WRITTEN.items()])
def test_the_manifest_has_the_hashes_of_all_files_and_the_method(own, command, options, outputs, manifest):
    before = {path for path in own.rglob("*") if path.is_file()}
    run_well(command, own, *options)
    said = json.loads((own / f"{manifest}.manifest.json").read_text(encoding="utf-8"))
    assert said["command"] == command
    assert said["inputs"] == {
        role: {"file": name, "sha256": digest(own / name)}
        for role, name in (("structure", "STRUCTURE.csv"), ("data", "DATA.csv"), ("method", "METHOD.toml"))
    }
    assert said["outputs"] == {name: digest(own / name) for name in outputs}
    after = {path for path in own.rglob("*") if path.is_file()}
    assert after - before == {own / name for name in (*outputs, f"{manifest}.manifest.json")}
    assert said["method"]["normalise"]["low"] == 1
    assert [factor["name"] for factor in said["method"]["uncertain"]][-1] == "weights"
    assert set(said["versions"]) == {"tessera", "numpy", "scipy", "python"}
    if "--seed" in options:
        assert said["seed"] == 3


def test_outputs_with_one_name_in_two_folders_both_stand_in_the_manifest(own):
    run_well("uncertainty", own, "-o", "a/t.csv", "--pairs", "b/t.csv", "--draws", 20, "--target", "nature")
    said = json.loads((own / "a" / "t.manifest.json").read_text(encoding="utf-8"))
    assert said["outputs"] == {name: digest(own / name) for name in ("a/t.csv", "b/t.csv")}


@pytest.mark.parametrize("command", ["uncertainty", "sensitivity"])
def test_the_manifest_says_which_groups_were_looked_at(own, command):
    options = ("-o", "t.csv", "--draws", 4)
    for targets in (["nature", "links"], []):
        asked = [word for target in targets for word in ("--target", target)]
        run_well(command, own, *options, *asked)
        said = json.loads((own / "t.manifest.json").read_text(encoding="utf-8"))
        assert said["targets"] == (targets or ["index", "links", "exchange", "nature"])


FAULTS = {
    "structure": ("score", "STRUCTURE.csv", "nature,index", "nature,nowhere", ["parent nowhere"]),
    "cell": ("statistics", "DATA.csv", ",871,", ",many,", ["Alvora, population: 'many' is not a number"]),
    "figure": (
        "score",
        "DATA.csv",
        "42.2,35.7",
        "42.2,fast",
        ["DATA.csv, row 2, column broadband", "'fast'"],
    ),
    "key": ("score", "METHOD.toml", "max_winsorised = 3", "most = 3", ["METHOD.toml", "treat.most"]),
    "toml": ("score", "METHOD.toml", r"low = 1\n", "low = one\n", ["METHOD.toml", "not TOML"]),
    "zeros": (
        "score",
        "METHOD.toml",
        '(?s)low = 1.*arithmetic"',
        'low = 0\n[aggregate]\nmethod = "geometric"',
        [],
    ),
    "no factor": (
        "uncertainty",
        "METHOD.toml",
        r"(?s)\[\[uncertain.*",
        "",
        ["declares nothing as uncertain"],
    ),
    "no factor, too": ("sensitivity", "METHOD.toml", r"(?s)\[\[uncertain.*", "", ["nothing as uncertain"]),
    "group": ("score", "METHOD.toml", '"region"', '"land"', ["impute.group needs the column land"]),
}


@pytest.mark.parametrize(
    ("command", "file", "pattern", "replacement", "words"), FAULTS.values(), ids=FAULTS.keys()
)
def test_what_is_not_in_order_is_said_and_nothing_is_written(own, command, file, pattern, replacement, words):
    edit(own / file, pattern, replacement)
    before = sorted(own.rglob("*"))
    refuse(index(command, own, "-o", "t.csv"), words)
    assert sorted(own.rglob("*")) == before


REQUESTS = {
    "unit": ("explain", ["--unit", "Riga"], ["there is no unit Riga", "units: Alvora, Brenmark"]),
    "other unit": ("explain", ["--unit", "Alvora", "--against", "Riga"], ["there is no unit Riga"]),
    "target": ("uncertainty", ["--target", "culture"], ["culture is no group", "links", "index"]),
    "indicator as target": ("sensitivity", ["--target", "flights"], ["flights is no group"]),
    "no power of two": ("sensitivity", ["--draws", "100"], ["powers of two", "128"]),
    "nothing to list": ("sensitivity", ["--exact"], ["weights has no alternatives", "sample"]),
    "one draw": ("uncertainty", ["--draws", "1"], ["--draws", "greater than or equal to 2"]),
    "negative seed": ("uncertainty", ["--seed", "-1"], ["--seed", "greater than or equal to 0"]),
    "runs that are not there": ("uncertainty", ["--replay", "none.csv"], ["none.csv", "does not exist"]),
    "runs of something else": ("uncertainty", ["--replay", "DATA.csv"], ["DATA.csv is named twice"]),
    "one file for two": ("uncertainty", ["--pairs", "t.csv"], ["t.csv is named twice"]),
    "output over an input": ("score", ["--trace", "./DATA.csv"], ["DATA.csv is named twice"]),
}


@pytest.mark.parametrize(("command", "options", "words"), REQUESTS.values(), ids=REQUESTS.keys())
def test_a_request_that_cannot_be_met_is_refused_and_nothing_is_written(own, command, options, words):
    before = {path: path.read_bytes() for path in own.rglob("*")}
    refuse(index(command, own, "-o", "t.csv", *options), words)
    assert {path: path.read_bytes() for path in own.rglob("*")} == before


def test_uncertainty_needs_a_method(own):
    for command in ("uncertainty", "sensitivity"):
        refuse(index(command, own, "-o", "t.csv", method=None), ["Missing option '--method'"])


def test_if_one_of_two_tables_cannot_be_written_neither_is(own):
    (own / "file").write_text("in the way")
    before = sorted(own.rglob("*"))
    refuse(
        index("score", own, "-o", "t.csv", "--trace", "file/trace.csv"),
        ["file/trace.csv cannot be written: a part of its path is a file"],
    )
    assert sorted(own.rglob("*")) == before


def test_a_folder_in_the_place_of_a_table_stops_all_tables(own):
    (own / "s" / "weights.csv").mkdir(parents=True)
    before = sorted(own.rglob("*"))
    refuse(index("statistics", own, "-o", "s"), ["s/weights.csv cannot be written: it is a folder"])
    assert sorted(own.rglob("*")) == before
