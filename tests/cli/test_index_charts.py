"""`tessera index` with `--charts`: which drawings are written, what they show, and what is said of others."""

import json
from xml.etree import ElementTree

import pytest
from tests.cli.asem_like import CODES, UNITS
from tests.cli.index_command import digest, edit, index, refuse, rows_of, run_well

SVG = "{http://www.w3.org/2000/svg}"
FACTORS = ("winsorising", "normalisation", "aggregation", "weights")
GROUPS = CODES[:4]


def drawing(path):
    """What an SVG is called, and its texts."""
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    return root.get("aria-label"), ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


# By command: its options, and by chart its title and what has to stand in it.
DRAWN = {
    "score": (
        ("-o", "t.csv"),
        {
            "structure": ("The structure of index", CODES),
            "parts-index": ("What makes up index", UNITS),
        },
    ),
    "statistics": (
        ("-o", "tables"),
        {
            "correlations-L1": ("Correlations on level 1", CODES[4:]),
            "correlations-L2": ("Correlations on level 2", CODES[1:4]),
        },
    ),
    "uncertainty": (
        ("-o", "t.csv", "--draws", 40),
        {f"ranks-{group}": (f"Ranks on {group} and how sure they are", UNITS) for group in GROUPS},
    ),
    "sensitivity": (
        ("-o", "t.csv", "--draws", 8),
        {f"choices-{group}": (f"What moves {group}: all ranks", FACTORS) for group in GROUPS},
    ),
}


@pytest.mark.parametrize(("command", "options", "charts"), [(c, *d) for c, d in DRAWN.items()])
def test_each_command_draws_its_charts_with_every_name_in_them(own, command, options, charts):
    run = run_well(command, own, *options, "--charts", "charts")
    assert run.stderr == ""
    assert names_in(own / "charts") == sorted(f"{name}.svg" for name in charts)
    for name, (title, names) in charts.items():
        label, texts = drawing(own / "charts" / f"{name}.svg")
        assert label.startswith(f"{title}. ")
        assert title in texts
        for each in names:
            assert each in texts, (name, each)


@pytest.mark.parametrize(("command", "options", "charts"), [(c, *d) for c, d in DRAWN.items()])
def test_charts_stand_in_the_manifest_and_leave_the_tables_as_they_are(own, command, options, charts):
    run_well(command, own, *options)
    manifest = own / ("tables/statistics.manifest.json" if command == "statistics" else "t.manifest.json")
    without = json.loads(manifest.read_text())
    tables = {path: path.read_bytes() for path in own.rglob("*.csv")}
    run_well(command, own, *options, "--charts", "charts")
    assert {path: path.read_bytes() for path in own.rglob("*.csv")} == tables
    drawn = {f"charts/{name}.svg": digest(own / "charts" / f"{name}.svg") for name in charts}
    assert json.loads(manifest.read_text()) == {**without, "outputs": without["outputs"] | drawn}


def test_the_parts_of_a_bar_and_the_ends_of_the_ranks_are_told_in_words(example):
    run_well("score", example, "-o", "s.out", "--charts", "charts.out")
    label, texts = drawing(example / "charts.out" / "parts-index.svg")
    rows = {
        row["unit"]: row
        for row in rows_of(example / "s.out", "unit,code,level,score,rank")
        if row["code"] == "index"
    }
    first, last = (next(unit for unit in UNITS if rows[unit]["rank"] == rank) for rank in ("1", "16"))
    assert f"The first is {first} (score {float(rows[first]['score']):.4g})" in label
    assert f"the last {last} (score {float(rows[last]['score']):.4g})" in label
    # The scores on the right, the highest first.
    in_order = sorted((float(row["score"]) for row in rows.values()), reverse=True)
    figures = [f"{score:.1f}" for score in in_order]
    assert [text for text in texts if "." in text and text[0].isdigit()] == figures


def test_one_target_has_one_chart(example):
    run_well(
        "uncertainty",
        example,
        "-o",
        "u.out",
        "--draws",
        20,
        "--target",
        "links",
        "--charts",
        "links-alone.out",
    )
    assert names_in(example / "links-alone.out") == ["ranks-links.svg"]


UNDRAWN = {
    "harmonic": (
        '\nmethod = "arithmetic"',
        '\nmethod = "harmonic"',
        "its method is harmonic, which has no exact parts; arithmetic and geometric have",
    ),
    "geometric below 1 point": (
        '(?s)low = 1\nhigh = 100(.*?)"arithmetic"',
        r'low = 0.1\nhigh = 1\1"geometric"',
        "normalise to a range from 1, such as 1 to 100",
    ),
}


@pytest.mark.parametrize(("pattern", "replacement", "words"), UNDRAWN.values(), ids=UNDRAWN.keys())
def test_a_chart_that_cannot_be_drawn_is_named_and_all_else_is_written(own, pattern, replacement, words):
    edit(own / "METHOD.toml", pattern, replacement)
    run_well("score", own, "-o", "plain.csv")
    run = run_well("score", own, "-o", "t.csv", "--charts", "charts")
    (said,) = run.stderr.splitlines()
    assert said.startswith("No chart parts-index: index: ")
    assert said.endswith(words)
    assert (own / "t.csv").read_bytes() == (own / "plain.csv").read_bytes()
    assert names_in(own / "charts") == ["structure.svg"]
    assert set(json.loads((own / "t.manifest.json").read_text())["outputs"]) == {
        "t.csv",
        "charts/structure.svg",
    }


def test_ranks_that_no_choice_moves_have_no_chart(own):
    edit(own / "METHOD.toml", r"(?s)\[\[uncertain.*", "")
    with (own / "METHOD.toml").open("a") as method:
        method.write('[[uncertain]]\nname = "height"\nstep = "normalise.high"\nvalues = [50, 100]\n')
    run = run_well("sensitivity", own, "-o", "t.csv", "--exact", "--target", "index", "--charts", "charts")
    assert run.stderr == (
        "No chart choices-index: index, all ranks: it does not vary, so no factor has a share in it\n"
    )
    assert (own / "t.csv").exists()
    assert not (own / "charts").exists()


def test_a_unit_without_a_score_has_no_bar_and_is_counted(own):
    edit(own / "METHOD.toml", r"\[impute\]", "[screen]\nmin_available = 0.95\n\n[impute]")
    run_well("score", own, "-o", "t.csv", "--charts", "charts")
    label, texts = drawing(own / "charts" / "parts-index.svg")
    assert label.endswith("Left out: 5 units without a score.")
    # Those with 9 of 10; Garlund has 9 of the 9 that apply.
    absent = {"Fenholm", "Istara", "Kerida", "Novessa", "Pelagra"}
    assert absent.isdisjoint(texts)
    assert set(UNITS) - absent <= set(texts)


def test_what_no_file_name_can_have_is_escaped_in_the_names_of_charts(tmp_path):
    (tmp_path / "STRUCTURE.csv").write_text(
        "code,parent\nwhole/all,\na: b?,whole/all\nc,a: b?\nd,a: b?\n../e,whole/all\n"
    )
    (tmp_path / "DATA.csv").write_text("unit,c,d,../e\nRiga,1,5,2\nPorto,2,3,9\nBonn,4,4,1\n")
    (tmp_path / "METHOD.toml").write_text(
        '[[uncertain]]\nname = "weights"\nweights = { noise = 0.5, levels = [1, 2] }\n'
    )
    run_well("score", tmp_path, "-o", "t.csv", "--charts", "charts")
    run_well("uncertainty", tmp_path, "-o", "u.csv", "--draws", 20, "--charts", "charts")
    assert names_in(tmp_path / "charts") == [
        "parts-whole%2Fall.svg",
        "ranks-a%3A%20b%3F.svg",
        "ranks-whole%2Fall.svg",
        "structure.svg",
    ]
    label, texts = drawing(tmp_path / "charts" / "ranks-whole%2Fall.svg")
    assert label.startswith("Ranks on whole/all and how sure they are.")
    assert {"Riga", "Porto", "Bonn"} <= set(texts)
    # And nothing beside the folder, whatever a code leads to.
    given = ["DATA.csv", "METHOD.toml", "STRUCTURE.csv", "charts"]
    assert names_in(tmp_path) == [*given, "t.csv", "t.manifest.json", "u.csv", "u.manifest.json"]


def test_names_that_markup_would_read_stand_in_a_chart_as_they_are(tmp_path):
    (tmp_path / "STRUCTURE.csv").write_text("code,parent\nall,\nc,all\nd,all\n")
    (tmp_path / "DATA.csv").write_text('unit,c,d\n<b>Riga,1,5\n"Porto & ""Gaia""",2,3\nBonn,4,4\n')
    run_well("score", tmp_path, "-o", "t.csv", "--charts", "charts", method=None)
    label, texts = drawing(tmp_path / "charts" / "parts-all.svg")
    assert {"<b>Riga", 'Porto & "Gaia"', "Bonn"} <= set(texts)
    assert 'the last Porto & "Gaia" (score 16.67)' in label


def test_a_folder_in_the_place_of_a_chart_stops_the_tables_too(own):
    (own / "charts" / "structure.svg").mkdir(parents=True)
    before = sorted(own.rglob("*"))
    refuse(
        index("score", own, "-o", "t.csv", "--charts", "charts"),
        ["charts/structure.svg cannot be written: it is a folder"],
    )
    assert sorted(own.rglob("*")) == before


@pytest.mark.parametrize("command", ["score", "statistics", "uncertainty", "sensitivity"])
def test_a_file_is_no_folder_for_charts(own, command):
    before = sorted(own.rglob("*"))
    refuse(index(command, own, "-o", "t", "--charts", "DATA.csv"), ["--charts", "DATA.csv", "is a file"])
    assert sorted(own.rglob("*")) == before


def test_a_table_in_the_place_of_a_chart_is_refused(own):
    run = index("score", own, "-o", "charts/structure.svg", "--charts", "charts")
    refuse(run, ["charts/structure.svg would be a chart and a table; name another folder"])
    assert not (own / "charts").exists()
