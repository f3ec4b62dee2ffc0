"""`tessera index explain` with another version of the index, and with what other figures would do."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cli.index_command import EXPLAIN, digest, index, refuse, rows_of, run_well

from tessera.cli.index_files import read_changes, read_structure
from tessera.engines.index.errors import DataError

LEVERAGE = "unit,code,leverage,gain,narrowing"
AS_GIVEN = '[normalise]\nmethod = "none"\n'
# 10 and 30 make 20; 40 and 50 make 45.
TWO_VERSIONS = {
    "OLD_STRUCTURE.csv": "code,parent\nold,\nx,old\ny,old\n",
    "OLD_DATA.csv": "unit,x,y\nRiga,10,30\nPorto,1,2\n",
    "STRUCTURE.csv": "code,parent\nnew,\nx2,new\nz,new\n",
    "DATA.csv": "unit,x2,z\nRiga,40,50\nPorto,3,4\n",
    "CHANGES.csv": "old,new,kind\nx,x2,reworded\ny,,dropped\n,z,new\n",
    "METHOD.toml": AS_GIVEN,
}
PANEL = {
    "STRUCTURE.csv": "code,parent\nindex,\njobs,index\nhomes,index\n",
    "DATA.csv": "unit,period,jobs,homes\nRiga,2023,10,30\nRiga,2024,40,50\n",
    "METHOD.toml": AS_GIVEN,
}
OTHER = ("--against", "Riga", "--against-structure", "OLD_STRUCTURE.csv", "--against-data", "OLD_DATA.csv")
YEARS = ("--unit", "Riga 2024", "--against", "Riga 2023")


def write(folder, files):
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def explained(folder):
    return {
        row["code"]: (row["contribution"], row["difference"]) for row in rows_of(folder / "e.csv", EXPLAIN)
    }


def manifest(folder):
    return json.loads((folder / "e.manifest.json").read_text(encoding="utf-8"))


def test_two_versions_are_compared_like_for_like_and_the_rest_stands_apart(tmp_path):
    folder = write(tmp_path, TWO_VERSIONS)
    run = run_well("explain", folder, "-o", "e.csv", "--unit", "Riga", *OTHER, "--changes", "CHANGES.csv")
    # Like for like 10 became 40. z lifts the new score from 40 to 45, y lifted the old one from 10 to 20.
    assert explained(folder) == {"new": ("45.0", "30.0"), "x2": ("20.0", "30.0"), "z": ("25.0", "")}
    assert run.stdout.splitlines() == [
        "Like for like Riga has +30 points against Riga; what is not comparable adds -5: z, y",
        "What makes the score of Riga, written to e.csv",
    ]
    said = manifest(folder)
    assert (said["framework_change"], said["apart"]) == (-5.0, ["z", "y"])
    assert said["inputs"] == {
        role: {"file": name, "sha256": digest(folder / name)}
        for role, name in (
            ("structure", "STRUCTURE.csv"),
            ("data", "DATA.csv"),
            ("method", "METHOD.toml"),
            ("against_structure", "OLD_STRUCTURE.csv"),
            ("against_data", "OLD_DATA.csv"),
            ("changes", "CHANGES.csv"),
        )
    }


def test_two_years_in_two_files_need_no_other_structure(tmp_path):
    files = PANEL | {
        "DATA.csv": "unit,jobs,homes\nRiga,40,50\n",
        "OLD_DATA.csv": "unit,homes,jobs\nRiga,30,10\n",
    }
    folder = write(tmp_path, files)
    run = run_well(
        *("explain", folder, "-o", "e.csv", "--unit", "Riga", "--against", "Riga"),
        *("--against-data", "OLD_DATA.csv"),
    )
    assert explained(folder) == {
        "index": ("45.0", "25.0"),
        "jobs": ("20.0", "15.0"),
        "homes": ("25.0", "10.0"),
    }
    assert run.stdout == "What makes the score of Riga, written to e.csv\n"
    assert (manifest(folder)["framework_change"], manifest(folder)["apart"]) == (0.0, [])


def test_a_question_that_changed_within_one_structure_stands_apart(tmp_path):
    folder = write(tmp_path, PANEL | {"CHANGES.csv": "kind,old,new\nchanged,homes,homes\n"})
    run_well("explain", folder, "-o", "e.csv", *YEARS, "--changes", "CHANGES.csv")
    # As above: 30 by jobs alone; homes lift 40 to 45, and lifted 10 to 20.
    assert explained(folder) == {"index": ("45.0", "30.0"), "jobs": ("20.0", "30.0"), "homes": ("25.0", "")}
    assert manifest(folder)["framework_change"] == -5
    assert manifest(folder)["apart"] == ["homes", "homes"]


def test_a_question_with_a_new_code_is_compared_within_one_structure(tmp_path):
    files = PANEL | {
        "STRUCTURE.csv": "code,parent\nindex,\njobs,index\nwork,index\nhomes,index\n",
        "DATA.csv": "unit,period,jobs,work,homes\nRiga,2023,10,n/a,30\nRiga,2024,n/a,40,50\n",
        "CHANGES.csv": "old,new,kind\njobs,work,reworded\n",
    }
    folder = write(tmp_path, files)
    run_well("explain", folder, "-o", "e.csv", *YEARS, "--changes", "CHANGES.csv")
    assert explained(folder) == {
        "index": ("45.0", "25.0"),
        "jobs": ("0.0", ""),
        "work": ("20.0", "15.0"),
        "homes": ("25.0", "10.0"),
    }
    assert manifest(folder)["framework_change"] == 0


def test_a_code_that_is_dropped_and_taken_for_another_question_is_compared_as_that(tmp_path):
    # The old y is gone; y is now what x was.
    files = TWO_VERSIONS | {
        "STRUCTURE.csv": "code,parent\nnew,\ny,new\nz,new\n",
        "DATA.csv": "unit,y,z\nRiga,40,50\n",
        "CHANGES.csv": "old,new,kind\nx,y,same\ny,,dropped\n",
    }
    folder = write(tmp_path, files)
    run_well("explain", folder, "-o", "e.csv", "--unit", "Riga", *OTHER, "--changes", "CHANGES.csv")
    assert explained(folder) == {"new": ("45.0", "30.0"), "y": ("20.0", "30.0"), "z": ("25.0", "")}
    assert manifest(folder)["apart"] == ["z", "y"]


def test_a_group_that_changed_stands_apart_with_all_below_it(tmp_path):
    files = {
        "STRUCTURE.csv": "code,parent\nindex,\ng,index\nd,index\na,g\nb,g\n",
        "DATA.csv": "unit,period,a,b,d\nRiga,2023,10,20,5\nRiga,2024,40,60,15\n",
        "CHANGES.csv": "old,new,kind\ng,g,changed\n",
        "METHOD.toml": AS_GIVEN,
    }
    folder = write(tmp_path, files)
    run_well("explain", folder, "-o", "e.csv", *YEARS, "--changes", "CHANGES.csv")
    found = explained(folder)
    # (15 + 5) / 2 = 10 and (50 + 15) / 2 = 32.5; d alone goes from 5 to 15.
    differences = {code: difference for code, (_, difference) in found.items()}
    assert differences == {"index": "10.0", "g": "", "d": "10.0", "a": "", "b": ""}
    assert manifest(folder)["framework_change"] == 12.5


def test_what_was_split_and_what_was_merged_stands_apart(tmp_path):
    write(
        tmp_path,
        {
            "OLD.csv": "code,parent\nindex,\na,index\nb,index\nc,index\nd,index\n",
            "NEW.csv": "code,parent\nindex,\na1,index\na2,index\ne,index\nd,index\n",
            "CHANGES.csv": "old,new,kind\na,a1,split\na,a2,split\nb,e,merged\nc,e,merged\nindex,index,same\n",
        },
    )
    old, new = read_structure(tmp_path / "OLD.csv"), read_structure(tmp_path / "NEW.csv")
    found = read_changes(tmp_path / "CHANGES.csv", old, new)
    # The old root is no child, hence nobody's counterpart but the root's.
    assert found == {"a1": "index", "a2": "index", "e": "index", "index": "index"}


CHANGES = {
    "empty file": ("", ["CHANGES.csv is empty"]),
    "no rows": ("old,new,kind\n", ["CHANGES.csv, header", "no rows", "for each change"]),
    "no kind": ("old,new\nx,x2\n", ["CHANGES.csv, header", "column kind is absent"]),
    "another column": ("old,new,kind,why\nx,x2,same,\n", ["'why' is not known", "accepted: old, new, kind"]),
    "unknown kind": (
        "old,new,kind\nx,x2,renamed\n",
        ["row 2, column kind", "'renamed'", "same, reworded, split, merged, changed, new, dropped"],
    ),
    "unknown old code": (
        "old,new,kind\nq,x2,same\n",
        ["row 2, column old", "'q' is not in the old structure", "accepted: old, g, x, y"],
    ),
    "unknown new code": (
        "old,new,kind\nx,x,same\n",
        ["row 2, column new", "'x' is not in the structure", "accepted: new, h, x2, z"],
    ),
    "no old code": ("old,new,kind\n,x2,same\n", ["row 2, column old", "empty", "accepted: old, g"]),
    "no new code": ("old,new,kind\nx,,changed\n", ["row 2, column new", "empty", "accepted: new, h"]),
    "new with an old code": ("old,new,kind\nx,z,new\n", ["row 2, column old", "'x' stands beside 'new'"]),
    "dropped with a new code": ("old,new,kind\nx,z,dropped\n", ["row 2, column new", "'dropped'", "empty"]),
    "old code twice": (
        "old,new,kind\nx,x2,same\n\nx,z,same\n",
        ["row 4, column old", "x stands in row 2 already", "only rows of the kind split"],
    ),
    "new code twice": (
        "old,new,kind\nx,z,merged\ny,z,same\n",
        ["row 3, column new", "z stands in row 2 already", "only rows of the kind merged"],
    ),
    "group and indicator": (
        "old,new,kind\nx,h,same\n",
        ["row 2, column kind", "'same'", "h is a group and x an indicator", "write changed"],
    ),
    "root that changed": ("old,new,kind\nold,new,changed\n", ["row 2", "root is compared with the root"]),
    "root and another": ("old,new,kind\nold,h,same\n", ["row 2", "root is compared with the root"]),
}


@pytest.mark.parametrize(("content", "words"), CHANGES.values(), ids=CHANGES.keys())
def test_bad_changes_are_refused_by_their_place(tmp_path, content, words):
    write(
        tmp_path,
        {
            "OLD.csv": "code,parent\nold,\ng,old\nx,g\ny,g\n",
            "NEW.csv": "code,parent\nnew,\nh,new\nx2,h\nz,h\n",
            "CHANGES.csv": content,
        },
    )
    old, new = read_structure(tmp_path / "OLD.csv"), read_structure(tmp_path / "NEW.csv")
    with pytest.raises(DataError) as caught:
        read_changes(tmp_path / "CHANGES.csv", old, new)
    (message,) = str(caught.value).splitlines()
    for word in words:
        assert word in message


@given(st.permutations(TWO_VERSIONS["CHANGES.csv"].splitlines()[1:]))
def test_the_order_of_the_changes_changes_nothing(tmp_path_factory, rows):
    content = "\n".join(["old,new,kind", *rows]) + "\n"
    folder = write(tmp_path_factory.mktemp("changes"), TWO_VERSIONS | {"CHANGES.csv": content})
    old, new = read_structure(folder / "OLD_STRUCTURE.csv"), read_structure(folder / "STRUCTURE.csv")
    assert read_changes(folder / "CHANGES.csv", old, new) == {"x2": "x", "z": "old"}


REQUESTS = {
    "changes of nothing": (["--changes", "CHANGES.csv"], ["--changes", "with --against"]),
    "structure of nobody": (
        ["--against-structure", "OLD_STRUCTURE.csv"],
        ["--against-structure", "--against"],
    ),
    "data of nobody": (["--against-data", "OLD_DATA.csv"], ["--against-data", "with --against"]),
    "file that is not there": ([*OTHER, "--changes", "none.csv"], ["none.csv", "does not exist"]),
    "one file for two": ([*OTHER, "--changes", "./OLD_DATA.csv"], ["OLD_DATA.csv is named twice"]),
    "table over an input": (["--leverage", "DATA.csv"], ["DATA.csv is named twice"]),
    "bad changes": (
        [*OTHER, "--changes", "BAD.csv"],
        ["BAD.csv, row 2, column kind: 'moved' is not accepted; accepted: same, reworded"],
    ),
    "nothing in common": (OTHER, ["new: without the indicators that only one structure has"]),
    "other unit": ([*OTHER, "--against", "Graz"], ["there is no unit Graz; units: Riga, Porto"]),
    "method that the other lacks": (
        [*OTHER, "--method", "AT.toml"],
        ["OLD_STRUCTURE.csv with OLD_DATA.csv: AT.toml: aggregate.at.new is no level and no group"],
    ),
}


@pytest.mark.parametrize(("options", "words"), REQUESTS.values(), ids=REQUESTS.keys())
def test_a_comparison_that_cannot_be_made_is_refused_and_nothing_is_written(tmp_path, options, words):
    bad = {
        "BAD.csv": "old,new,kind\nx,x2,moved\n",
        "AT.toml": AS_GIVEN + '[aggregate.at.new]\nmethod = "geometric"\n',
    }
    folder = write(tmp_path, TWO_VERSIONS | bad)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    refuse(index("explain", folder, "-o", "e.csv", "--unit", "Riga", *options), words)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


# Weights in the whole: d 1/4, a 3/20, b 12/20.
NESTED = {
    "STRUCTURE.csv": "code,parent,weight\nindex,,\ng,index,3\nd,index,1\na,g,1\nb,g,4\n",
    "DATA.csv": "unit,a,b,d\nU,20,,50\nV,60,100,0\nW,100,0,100\n",
    "METHOD.toml": AS_GIVEN,
}


def levered(folder, unit, *options):
    run = run_well("explain", folder, "-o", "e.csv", "--unit", unit, "--leverage", "l.csv", *options)
    rows = rows_of(folder / "l.csv", LEVERAGE)
    assert {row["unit"] for row in rows} == {unit}
    columns = ("leverage", "gain", "narrowing")
    return run, {
        row["code"]: tuple(None if row[column] == "" else float(row[column]) for column in columns)
        for row in rows
    }


def test_the_leverage_the_gain_and_the_narrowing_of_each_indicator(tmp_path):
    folder = write(tmp_path, NESTED)
    # Without b, a has all of g: 3/4. From 20 to 60 it gains 40 * 3/4; b would settle 12/20 of 0 to 100.
    run, found = levered(folder, "U")
    assert found == {
        "d": pytest.approx((0.25, 12.5, None)),
        "a": pytest.approx((0.75, 30, None)),
        "b": pytest.approx((None, None, 60)),
    }
    assert run.stderr == ""
    assert manifest(folder)["outputs"] == {name: digest(folder / name) for name in ("e.csv", "l.csv")}
    # b is as high as any; a goes from 60 to 100, d from 0 to 50.
    assert levered(folder, "V")[1] == {
        "d": pytest.approx((0.25, 12.5, None)),
        "a": pytest.approx((0.15, 6, None)),
        "b": pytest.approx((0.6, None, None)),
    }


def test_under_goalposts_the_ends_of_the_scale_are_scores_to_reach(tmp_path):
    files = {
        "STRUCTURE.csv": "code,parent,goal_low,goal_high\nindex,,,\na,index,0,10\nb,index,0,10\n",
        "DATA.csv": "unit,a,b\nU,5,\nV,2,4\n",
        "METHOD.toml": '[normalise]\nmethod = "goalposts"\n',
    }
    # a is highest with 50 of 100; without b it has the whole weight. b may lie anywhere from 0 to 100.
    assert levered(write(tmp_path, files), "U")[1] == {"a": (1, 50, None), "b": (None, None, 50)}


def test_where_the_band_is_no_sum_its_column_is_empty_and_the_reason_is_said(tmp_path):
    files = {
        "STRUCTURE.csv": "code,parent\nindex,\na,index\nb,index\n",
        "DATA.csv": "unit,a,b\nU,2,8\nV,8,1\n",
        "METHOD.toml": AS_GIVEN + '[aggregate]\nmethod = "geometric"\n',
    }
    run, found = levered(write(tmp_path, files), "U")
    # S = 4, the slopes S / 2x; a from 2 to 8 makes 8.
    assert found == {"a": pytest.approx((1, 4, None)), "b": pytest.approx((0.25, None, None))}
    reason = "index: its method is geometric; only in arithmetic groups is the width a sum"
    assert run.stderr == f"No narrowing in l.csv: {reason}\n"
