"""The files of an index: what is read from good ones, and how each kind of bad one is refused."""

import csv
import io
import math
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.cli.index_files import read_data, read_method_file, read_runs, read_structure
from tessera.engines.index.compute import compute
from tessera.engines.index.errors import DataError, MethodError, StructureError
from tessera.engines.index.factors import Choice, Doubt, WeightNoise, WeightShares
from tessera.engines.index.method import Method
from tessera.engines.index.structure import Node, Tree

TREE = Tree(
    (
        Node("index", None),
        Node("work", "index"),
        Node("jobs", "work"),
        Node("pay", "work", direction=-1),
        Node("homes", "index"),
    )
)
TREE_WITH_GOALPOSTS = Tree(
    (
        Node("index", None),
        Node("jobs", "index", goal_low=0.0, goal_high=10.0),
        Node("pay", "index", goal_low=1.0, goal_high=5.0),
    )
)


def written(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(error, read, *arguments):
    with pytest.raises(error) as caught:
        read(*arguments)
    return str(caught.value)


def assert_one_fault(message, words):
    assert len(message.splitlines()) == 1, message
    for word in words:
        assert word in message, message


def test_a_structure_with_all_columns_is_read(tmp_path):
    path = written(
        tmp_path,
        "STRUCTURE.csv",
        "code,parent,weight,direction,goal_low,goal_high,target,denominator\n"
        "index,,,,,,,\n"
        "jobs,index,2.5,1,0,1e2,90,\n"
        "crime,index,0,-1,-3,.5,,people\n",
    )
    assert read_structure(path).nodes == (
        Node("index", None),
        Node("jobs", "index", 2.5, 1, 0.0, 100.0, 90.0),
        Node("crime", "index", 0.0, -1, -3.0, 0.5, None, "people"),
    )


@pytest.mark.parametrize(
    "content",
    [
        "code,parent,weight\nindex,,\njobs,index,2\nhomes,index,\n",
        "weight,parent,code\n,,index\n2,index,jobs\n,index,homes\n",
        b"\xef\xbb\xbfcode,parent,weight\r\nindex,,\r\njobs,index,2\r\nhomes,index,\r\n",
        ' code , parent,"weight"\n index ,,\n jobs, index ,  2\n"homes",index,\n',
        "code,parent,weight\n\nindex,,\n,,\njobs,index,2.0\nhomes,index,\n\n",
    ],
    ids=["plain", "other order", "byte order mark", "blanks", "empty rows"],
)
def test_the_same_structure_in_another_dress_is_the_same_tree(tmp_path, content):
    nodes = (Node("index", None), Node("jobs", "index", 2.0), Node("homes", "index"))
    assert read_structure(written(tmp_path, "STRUCTURE.csv", content)).nodes == nodes


STRUCTURES = {
    "empty file": ("", ["STRUCTURE.csv is empty", "names of the columns"]),
    "blank file": (" \n\n", ["STRUCTURE.csv is empty"]),
    "empty first row": (",,\ncode,parent\n", ["STRUCTURE.csv, row 1", "names of the columns"]),
    "semicolons": ("code;parent\nindex;\n", ["STRUCTURE.csv, row 1", "semicolons", "a comma is expected"]),
    "quoted semicolons": ('"code";"parent"\n"index";""\n', ["semicolons", "a comma is expected"]),
    "tabs": ("code\tparent\nindex\t\n", ["tabs", "a comma is expected"]),
    "not UTF-8": (b"code,parent\nindex,\nG\xf6,index\n", ["STRUCTURE.csv, line 3", "UTF-8"]),
    "UTF-16": ("code,parent\n".encode("utf-16"), ["STRUCTURE.csv, line 1", "UTF-8"]),
    "open quotation mark": ('code,parent\n"index,\n', ["STRUCTURE.csv, line 2", "quotation marks"]),
    "no parent column": ("code,weight\nindex,1\n", ["header", "column parent is absent", "code, weight"]),
    "unknown column": (
        "code,parent,wieght\nindex,,\n",
        ["STRUCTURE.csv, header", "'wieght' is not known", "code, parent, weight, direction, goal_low"],
    ),
    "column twice": (
        "code,parent,weight,weight\nindex,,,\n",
        ["STRUCTURE.csv, header, column weight", "more than once"],
    ),
    "column without name": ("code,parent,\nindex,,\n", ["header", "column number 3 has no name"]),
    "row too short": ("code,parent\nindex,\njobs\n", ["STRUCTURE.csv, row 3", "1 cells", "header has 2"]),
    "row too long": ("code,parent\nindex,\na,b,c\n", ["row 3", "3 cells", "header has 2", "quotation marks"]),
    "empty code": ("code,parent\nindex,\n ,index\n", ["STRUCTURE.csv, row 3, column code", "empty"]),
    "weight in words": (
        "code,parent,weight\nindex,,\njobs,index,high\n",
        ["STRUCTURE.csv, row 3, column weight", "'high' is not a number", "a number from 0"],
    ),
    "decimal comma": (
        'code,parent,weight\nindex,,\njobs,index,"0,5"\n',
        ["row 3, column weight", "'0,5'", "behind a point"],
    ),
    "negative weight": (
        "code,parent,weight\nindex,,\njobs,index,-1\n",
        ["STRUCTURE.csv, row 3, column weight", "-1 is not accepted", "a number from 0"],
    ),
    "weight of nan": ("code,parent,weight\nindex,,\njobs,index,nan\n", ["row 3, column weight", "'nan'"]),
    "weight of inf": ("code,parent,weight\nindex,,\njobs,index,1e999\n", ["row 3, column weight", "'1e999'"]),
    "weight with an underscore": ("code,parent,weight\nindex,,\na,index,1_0\n", ["column weight", "'1_0'"]),
    "direction of 2": (
        "code,parent,direction\nindex,,\njobs,index,2\n",
        ["STRUCTURE.csv, row 3, column direction", "2 is not accepted", "1 (more is better), -1"],
    ),
    "direction in words": (
        "code,parent,direction\nindex,,\njobs,index,down\n",
        ["row 3, column direction", "'down' is not a number", "-1 (less is better)"],
    ),
    "goalpost in words": (
        "code,parent,goal_low,goal_high\nindex,,,\njobs,index,low,3\n",
        ["row 3, column goal_low", "'low' is not a number"],
    ),
    "one goalpost": (
        "code,parent,goal_low,goal_high\nindex,,,\njobs,index,1,\n",
        ["STRUCTURE.csv, row 3: jobs", "goal_low and goal_high"],
    ),
    "goalposts the wrong way": (
        "code,parent,goal_low,goal_high\nindex,,,\njobs,index,9,1\n",
        ["STRUCTURE.csv, row 3: jobs", "goal_low 9 is not below goal_high 1", "direction to -1"],
    ),
    "target in words": (
        "code,parent,target\nindex,,\njobs,index,all\n",
        ["row 3, column target", "'all' is not a number"],
    ),
    "code twice": ("code,parent\nindex,\na,index\na,index\n", ["STRUCTURE.csv, row 3 and 4: a", "once"]),
    "unknown parent": ("code,parent\nindex,\na,other\n", ["STRUCTURE.csv, row 3: a", "parent other"]),
    "two roots": ("code,parent\nindex,\nother,\n", ["STRUCTURE.csv:", "one root", "index, other"]),
    "no root": ("code,parent\na,b\nb,a\n", ["STRUCTURE.csv:", "one root", "none"]),
    "no rows": ("code,parent\n", ["STRUCTURE.csv:", "one root", "none"]),
    "circle": ("code,parent\nindex,\na,b\nb,a\n", ["STRUCTURE.csv, row 3: a", "circle"]),
    "group with a denominator": (
        "code,parent,denominator\nindex,,people\na,index,\n",
        ["STRUCTURE.csv, row 2, column denominator", "index is a group", "empty"],
    ),
    "group with a direction": (
        "code,parent,direction\nindex,,-1\na,index,\n",
        ["STRUCTURE.csv, row 2, column direction", "index is a group"],
    ),
}


@pytest.mark.parametrize(("content", "words"), STRUCTURES.values(), ids=STRUCTURES.keys())
def test_a_bad_structure_is_refused_by_its_place(tmp_path, content, words):
    message = refusal(StructureError, read_structure, written(tmp_path, "STRUCTURE.csv", content))
    assert_one_fault(message, ["STRUCTURE.csv", *words])


def test_a_structure_that_is_not_there_is_named(tmp_path):
    message = refusal(StructureError, read_structure, tmp_path / "absent.csv")
    assert "absent.csv cannot be read: No such file or directory" in message


def test_a_folder_is_no_structure(tmp_path):
    assert "cannot be read: Is a directory" in refusal(StructureError, read_structure, tmp_path)


def test_all_faults_of_a_structure_are_named_together(tmp_path):
    content = "code,parent,weight,direction\nindex,,x,\n,index,,\na,index,-2,0\n"
    message = refusal(StructureError, read_structure, written(tmp_path, "S.csv", content))
    places = [line.partition(":")[0] for line in message.splitlines()]
    assert places == [
        "S.csv, row 2, column weight",
        "S.csv, row 3, column code",
        "S.csv, row 4, column weight",
        "S.csv, row 4, column direction",
    ]


def test_figures_are_arranged_by_the_tree_and_other_columns_are_attributes(tmp_path):
    path = written(
        tmp_path,
        "DATA.csv",
        "unit,homes,country,pay,people,jobs\n"
        "Riga, 1.5 ,Latvia,,605000,-2\n"
        '"Porto, city",N/A,,4e-1,,+7\n'
        "Graz,n/a, Austria ,.25,300000,\n",
    )
    data = read_data(path, TREE)
    assert data.units == ("Riga", "Porto, city", "Graz")
    assert data.codes == ("jobs", "pay", "homes")
    assert [[None if math.isnan(v) else v for v in row] for row in data.values.tolist()] == [
        [-2.0, None, 1.5],
        [7.0, 0.4, None],
        [None, 0.25, None],
    ]
    assert data.applies.tolist() == [[True, True, True], [True, True, False], [True, True, False]]
    assert dict(data.attributes) == {"country": ("Latvia", "", "Austria"), "people": ("605000", "", "300000")}


def test_a_unit_has_a_row_for_each_period(tmp_path):
    content = "unit,period,jobs,pay,homes\nRiga,2023,1,2,3\nRiga,2024,4,5,6\nPorto,2023,7,8,9\n"
    data = read_data(written(tmp_path, "DATA.csv", content), TREE)
    assert data.rows == ("Riga 2023", "Riga 2024", "Porto 2023")
    assert data.values.tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]


def test_an_indicator_may_be_the_denominator_of_another(tmp_path):
    tree = Tree(
        (
            Node("index", None),
            Node("cars", "index", denominator="homes"),
            Node("homes", "index"),
        )
    )
    content = "unit,cars,homes\nRiga,6,3\nPorto,8,1\nGraz,5,N/A\nBrno,5,\nCork,12,4\n"
    data = read_data(written(tmp_path, "DATA.csv", content), tree)
    assert dict(data.attributes) == {"homes": ("3", "1", "", "", "4")}
    assert data.values[[0, 1, 4], 1].tolist() == [3.0, 1.0, 4.0]
    assert data.applies[:, 1].tolist() == [True, True, False, True, True]
    # Cars by home: 2, 8, none, none, 3; homes as they are.
    result = compute(tree, data, Method(denominate=True))
    given = [[None if math.isnan(v) else v for v in row] for row in result.prepared.denominated.tolist()]
    assert given == [[2.0, 3.0], [8.0, 1.0], [None, None], [None, None], [3.0, 4.0]]


def test_a_byte_order_mark_does_not_hide_the_first_column(tmp_path):
    content = b"\xef\xbb\xbfunit,jobs,pay,homes\r\nR\xc4\xabga,1,2,3\r\n\r\n,,,\r\n"
    assert read_data(written(tmp_path, "DATA.csv", content), TREE).units == ("Rīga",)


cells = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**6), 10**6),
    st.just(""),
    st.just("n/a"),
)
# Half of the tables hold numbers and empty cells only: those are read in one go.
tables = st.one_of(
    st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8),
    st.lists(st.tuples(*[st.floats(-1e9, 1e9) | st.just("")] * 3), min_size=1, max_size=8),
)


@given(tables, st.permutations(["jobs", "pay", "homes"]), st.randoms(use_true_random=False))
def test_what_was_written_is_read_in_any_order_of_columns_and_rows(tmp_path_factory, rows, order, chance):
    places = list(range(len(rows)))
    random.Random(chance.random()).shuffle(places)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["unit", *order])
    for place in places:
        by_code = dict(zip(("jobs", "pay", "homes"), rows[place], strict=True))
        writer.writerow([f"unit {place}", *(by_code[code] for code in order)])
    path = written(tmp_path_factory.mktemp("data"), "DATA.csv", text.getvalue())
    data = read_data(path, TREE)
    assert data.units == tuple(f"unit {place}" for place in places)
    for read, applies, place in zip(data.values.tolist(), data.applies.tolist(), places, strict=True):
        expected = [None if isinstance(cell, str) else float(cell) for cell in rows[place]]
        assert [None if math.isnan(value) else value for value in read] == expected
        assert applies == [cell != "n/a" for cell in rows[place]]


ACCEPTED = "a number, an empty cell (missing) or n/a (does not apply) is expected"
DATA = {
    "empty file": ("", ["DATA.csv is empty"]),
    "semicolons": ("unit;jobs;pay;homes\nRiga;1,5;2;3\n", ["DATA.csv, row 1", "semicolons", "a comma"]),
    "not UTF-8": (b"unit,jobs,pay,homes\nK\xf6ln,1,2,3\n", ["DATA.csv, line 2", "UTF-8"]),
    "open quotation mark": ('unit,jobs,pay,homes\n"Riga,1,2,3\n', ["DATA.csv, line 2", "quotation marks"]),
    "no rows": ("unit,jobs,pay,homes\n", ["DATA.csv, header", "no rows"]),
    "unit not first": ("jobs,unit,pay,homes\n1,Riga,2,3\n", ["DATA.csv, header", "'jobs'", "'unit'"]),
    "row numbers before the unit": (',unit,jobs\n"1",Riga,2\n', ["DATA.csv, header", "'unit'"]),
    "column twice": ("unit,jobs,pay,homes,pay\nRiga,1,2,3,4\n", ["DATA.csv, header, column pay", "once"]),
    "attribute twice": ("unit,jobs,pay,homes,x,x\nRiga,1,2,3,,\n", ["DATA.csv, header, column x", "once"]),
    "column without name": ("unit,jobs,pay,homes,\nRiga,1,2,3,\n", ["header", "column number 5 has no name"]),
    "indicator without column": (
        "unit,jobs,pay,Homes\nRiga,1,2,3\n",
        ["DATA.csv, header", "no column for the indicator homes", "no indicators: Homes"],
    ),
    "column of a group": (
        "unit,jobs,pay,homes,work\nRiga,1,2,3,4\n",
        ["DATA.csv, header, column work", "group", "leave the column out"],
    ),
    "row too short": ("unit,jobs,pay,homes\nRiga,1,2\n", ["DATA.csv, row 2", "3 cells", "header has 4"]),
    "row too long": ("unit,jobs,pay,homes\nRiga,1,2,3,5\n", ["DATA.csv, row 2", "5 cells", "comma"]),
    "empty unit": ("unit,jobs,pay,homes\nRiga,1,2,3\n ,1,2,3\n", ["DATA.csv, row 3, column unit", "empty"]),
    "unit twice": (
        "unit,jobs,pay,homes\nRiga,1,2,3\nPorto,1,2,3\nRiga,4,5,6\n",
        ["DATA.csv, row 4, column unit", "Riga stands in row 2 already", "add the column period"],
    ),
    "period twice": (
        "unit,period,jobs,pay,homes\nRiga,2023,1,2,3\nRiga,2023,1,2,3\n",
        ["DATA.csv, row 3, column unit", "row 2 already", "period 2023"],
    ),
    "empty period": (
        "unit,period,jobs,pay,homes\nRiga,,1,2,3\n",
        ["DATA.csv, row 2, column period", "period of Riga"],
    ),
    "a word": (
        "unit,jobs,pay,homes\nRiga,1,2,3\n\nPorto,1,abc,3\n",
        ["DATA.csv, row 4, column pay", "'abc' is not a number", ACCEPTED],
    ),
    "NA": ("unit,jobs,pay,homes\nRiga,NA,2,3\n", ["DATA.csv, row 2, column jobs", "'NA'", ACCEPTED]),
    "nan": ("unit,jobs,pay,homes\nRiga,1,nan,\n", ["DATA.csv, row 2, column pay", "'nan'", ACCEPTED]),
    "infinity": ("unit,jobs,pay,homes\nRiga,1,2,-inf\n", ["row 2, column homes", "'-inf'", ACCEPTED]),
    "too large": ("unit,jobs,pay,homes\nRiga,1,2,1e999\n", ["row 2, column homes", "'1e999'", ACCEPTED]),
    "underscore": ("unit,jobs,pay,homes\nRiga,1,2,1_000\n", ["row 2, column homes", "'1_000'", ACCEPTED]),
    "other digits": ("unit,jobs,pay,homes\nRiga,1,2,٣\n", ["row 2, column homes", "'٣'", ACCEPTED]),
    "hexadecimal": ("unit,jobs,pay,homes\nRiga,1,2,0x1F\n", ["row 2, column homes", "'0x1F'", ACCEPTED]),
    "decimal comma": (
        'unit,jobs,pay,homes\nRiga,1,2,"3,5"\n',
        ["DATA.csv, row 2, column homes", "'3,5'", ACCEPTED, "behind a point"],
    ),
    "thousands": ('unit,jobs,pay,homes\nRiga,1,2,"1,234.5"\n', ["column homes", "between thousands: 1234.5"]),
    "per cent": ("unit,jobs,pay,homes\nRiga,1,2,5%\n", ["DATA.csv, row 2, column homes", "'5%'", ACCEPTED]),
}


@pytest.mark.parametrize(("content", "words"), DATA.values(), ids=DATA.keys())
def test_bad_data_are_refused_by_their_place(tmp_path, content, words):
    message = refusal(DataError, read_data, written(tmp_path, "DATA.csv", content), TREE)
    assert_one_fault(message, words)


def test_data_that_are_not_there_are_named(tmp_path):
    message = refusal(DataError, read_data, tmp_path / "none.csv", TREE)
    assert "none.csv cannot be read: No such file or directory" in message


def test_all_faults_of_the_data_are_named_together_in_the_order_of_the_rows(tmp_path):
    content = "unit,jobs,pay,work\nRiga,x,1,1\nRiga,1,2,3,4\nPorto,1,y,\n,z,1,2\nPorto,,,3\n"
    message = refusal(DataError, read_data, written(tmp_path, "D.csv", content), TREE)
    assert [line.partition(":")[0] for line in message.splitlines()] == [
        "D.csv, header",
        "D.csv, header, column work",
        "D.csv, row 2, column jobs",
        "D.csv, row 3",
        "D.csv, row 4, column pay",
        "D.csv, row 5, column jobs",
        "D.csv, row 5, column unit",
        "D.csv, row 6, column unit",
    ]


@pytest.mark.parametrize(("bad", "last"), [(20, "row 21, column jobs"), (23, "and 3 more")])
def test_of_many_faults_twenty_are_written_out(tmp_path, bad, last):
    rows = "".join(f"unit {number},x,1,2\n" for number in range(bad))
    message = refusal(DataError, read_data, written(tmp_path, "D.csv", "unit,jobs,pay,homes\n" + rows), TREE)
    lines = message.splitlines()
    assert sum("'x' is not a number" in line for line in lines) == 20
    assert last in lines[-1]


def test_a_parquet_file_is_read_like_the_same_table_in_csv(tmp_path):
    import duckdb

    path = tmp_path / "DATA.parquet"
    duckdb.sql(
        "SELECT * FROM (VALUES ('Riga', 1.5::DOUBLE, 2, 'n/a', DATE '2024-05-01'), "
        "('Porto', NULL, 3, '4', NULL)) AS t(unit, jobs, pay, homes, visited)"
    ).write_parquet(str(path))
    data = read_data(path, TREE)
    assert data.units == ("Riga", "Porto")
    assert [[None if math.isnan(v) else v for v in row] for row in data.values.tolist()] == [
        [1.5, 2.0, None],
        [None, 3.0, 4.0],
    ]
    assert data.applies.tolist() == [[True, True, False], [True, True, True]]
    assert data.attributes["visited"] == ("2024-05-01", "")


def test_a_parquet_file_with_the_signs_of_a_pattern_in_its_name_is_that_file(tmp_path):
    import duckdb

    columns = "jobs, 2 AS pay, 3 AS homes"
    for name, jobs in (("DATA1.parquet", 0), ("DATA.parquet", 1)):
        duckdb.sql(f"SELECT 'Riga' AS unit, {jobs} AS {columns}").write_parquet(str(tmp_path / name))
    path = (tmp_path / "DATA.parquet").rename(tmp_path / "DATA[1].parquet")
    assert read_data(path, TREE).values.tolist() == [[1.0, 2.0, 3.0]]


def test_a_fault_in_a_parquet_file_is_named_by_row_and_column(tmp_path):
    import duckdb

    path = tmp_path / "DATA.parquet"
    duckdb.sql(
        "SELECT * FROM (VALUES ('Riga', 1, 2, 3), ('Porto', 1, 2, 3), ('Riga', 1, 2, 3)) "
        "AS t(unit, jobs, pay, homes)"
    ).write_parquet(str(path))
    message = refusal(DataError, read_data, path, TREE)
    assert_one_fault(message, ["DATA.parquet, row 3, column unit", "row 1 already"])


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    path = written(tmp_path, "DATA.parquet", "unit,jobs\n")
    assert "DATA.parquet cannot be read as Parquet" in refusal(DataError, read_data, path, TREE)


def test_without_its_extra_a_parquet_file_is_refused_with_the_remedy(tmp_path):
    path = written(tmp_path, "DATA.parquet", "")
    program = (
        "import sys; sys.modules['duckdb'] = None\n"
        "from pathlib import Path\n"
        "from tessera.cli.index_files import read_data\n"
        "from tessera.engines.index.structure import Node, Tree\n"
        f"read_data(Path({str(path)!r}), Tree((Node('index', None), Node('jobs', 'index'))))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "DATA.parquet: reading Parquet needs the extra: pip install 'tessera[data]'" in ran.stderr


def test_no_method_file_is_the_default_method():
    assert read_method_file(None, TREE) == Method()


@pytest.mark.parametrize(
    "content", ["", "# nothing yet\n", b"\xef\xbb\xbf"], ids=["empty", "comment", "mark"]
)
def test_an_empty_method_file_is_the_default_method(tmp_path, content):
    assert read_method_file(written(tmp_path, "method.toml", content), TREE) == Method()


def test_goalposts_everywhere_are_the_default_scale():
    assert read_method_file(None, TREE_WITH_GOALPOSTS).normalise.method == "goalposts"


def test_the_steps_of_a_method_are_read(tmp_path):
    content = (
        "[denominate]\n[screen]\nmin_available = 0.6\n[impute]\nmethod = 'group_mean'\ngroup = 'country'\n"
        "[treat]\nmethod = 'winsorise'\nmax_winsorised = 3\n"
        "[normalise]\nmethod = 'zscore'\nmean = 100\nsd = 15\n[weight]\nmethod = 'equal'\n"
        "[aggregate]\nmin_available = 0.5\n[aggregate.at.L3]\nmethod = 'geometric'\n"
        "[[uncertain]]\nname = 'points'\nstep = 'treat.max_winsorised'\nvalues = [1, 2]\n"
        "[[uncertain]]\nname = 'weights'\nweights = { noise = 0.25, levels = [1, 2] }\n"
        "[[uncertain]]\nname = 'shares'\nweights = { dirichlet = 50, levels = [2] }\n"
    )
    method = read_method_file(written(tmp_path, "method.toml", content), TREE)
    assert method.denominate
    assert (method.screen.min_available, method.impute.group) == (0.6, "country")
    assert (method.treat.max_winsorised, method.normalise.mean, method.normalise.sd) == (3, 100.0, 15.0)
    assert method.weight.method == "equal"
    assert method.aggregate.rule_for("work", 2).method == "arithmetic"
    assert method.aggregate.rule_for("index", 3).method == "geometric"
    assert method.uncertain == (
        Choice("points", "treat", "max_winsorised", (1, 2)),
        WeightNoise("weights", 0.25, (1, 2)),
        WeightShares("shares", 50.0, (2,)),
    )


def test_sets_of_weights_are_read_beside_the_method(tmp_path):
    written(tmp_path, "WEIGHTS.csv", "w1,code,w2,w3\n1,jobs,0,.5\n2,pay,1,1e1\n")
    content = "[[uncertain]]\nname = 'experts'\nweights = { sets = 'WEIGHTS.csv' }\n"
    (sets,) = read_method_file(written(tmp_path, "method.toml", content), TREE).uncertain
    assert sets.codes == ("jobs", "pay")
    assert sets.weights.tolist() == [[1.0, 2.0], [0.0, 1.0], [0.5, 10.0]]
    assert sets.alternatives == 3


def test_doubts_are_read_beside_the_method_and_gathered_by_cell(tmp_path):
    (tmp_path / "tables").mkdir()
    written(
        tmp_path / "tables",
        "DOUBT.csv",
        "code,unit,probability,value\npay,Riga 2024,0.25,1\njobs,Porto,1,-3.5\npay,Riga 2024,0.75,2\n",
    )
    content = "[[uncertain]]\nname = 'answers'\ncells = { missing = 'class', doubt = 'tables/DOUBT.csv' }\n"
    (cells,) = read_method_file(written(tmp_path, "method.toml", content), TREE).uncertain
    assert cells.missing == "class"
    assert cells.doubts == (
        Doubt("Riga 2024", "pay", (1.0, 2.0), (0.25, 0.75)),
        Doubt("Porto", "jobs", (-3.5,), (1.0,)),
    )


def factor(rest, before=""):
    return f"{before}\n[[uncertain]]\nname = 'f'\n{rest}\n"


METHODS = {
    "no TOML": ("[treat]\nmethod = winsorise\n", ["is not TOML", "line 2"]),
    "number without its 0": ("[treat]\nskew = .2\n", ["not TOML", "line 2", "'.2' is no", "write 0.2"]),
    "negative number without its 0": ("[normalise]\nlow = -.5 # low\n", ["'-.5' is no number", "write -0.5"]),
    "number without its decimals": ("[treat]\r\nskew = 2.\r\n", ["line 2", "'2.' is no", "write 2.0"]),
    "number without its 0 among others": (
        "[[uncertain]]\nname = 'f'\nweights = { noise = .25, levels = [1] }\n",
        ["line 3", "'.25' is no number in TOML: write 0.25"],
    ),
    "comma for a point": ("[treat]\nskew = 2,5\n", ["line 2", "decimals stand behind a point"]),
    "word without quotation marks": (
        "[treat]\nmethod = winsorise\n",
        ["line 2", "'winsorise' is no value in TOML: write \"winsorise\""],
    ),
    "True as Python has it": ("[normalise]\ncap = True\n", ["'True' is no value in TOML: write true"]),
    "per cent": ("[screen]\nmin_available = 5%\n", ["not TOML", "line 2, column 18)"]),
    "text that does not end": ("[treat]\nmethod = 'log\n", ["not TOML", "end of document"]),
    "key twice": ("[treat]\nskew = 1\nskew = 2\n", ["is not TOML", "line 3"]),
    "not UTF-8": (b"# caf\xe9\n", ["method.toml, line 1", "UTF-8"]),
    "unknown step": ("[normalize]\n", ["[normalize] is not known", "accepted: denominate, screen, impute"]),
    "step that is no table": ("normalise = 'minmax'\n", ["normalise is 'minmax'", "a table is expected"]),
    "unknown key": (
        "[treat]\nskw = 2\n",
        ["treat.skw is not known", "method, max_winsorised, skew, kurtosis"],
    ),
    "key of denominate": ("[denominate]\nby = 'x'\n", ["denominate.by is not known"]),
    "unknown method of normalise": ("[normalise]\nmethod = 'z'\n", ["normalise.method is 'z'", "zscore"]),
    "unknown method of treat": ("[treat]\nmethod = 'trim'\n", ["treat.method is 'trim'", "winsorise, log"]),
    "unknown method of impute": ("[impute]\nmethod = 'knn'\n", ["impute.method is 'knn'", "none, mean"]),
    "unknown method of weight": ("[weight]\nmethod = 'dea'\n", ["weight.method is 'dea'", "given, equal"]),
    "unknown method of aggregate": (
        "[aggregate]\nmethod = 'max'\n",
        ["aggregate.method is 'max'", "copeland"],
    ),
    "text for a number": ("[treat]\nskew = '2'\n", ["treat.skew is '2'", "a number is expected"]),
    "true for a number": ("[normalise]\nlow = true\n", ["normalise.low is True", "a number is expected"]),
    "infinite number": ("[normalise]\nhigh = inf\n", ["normalise.high is inf", "a number is expected"]),
    "half a value": ("[treat]\nmax_winsorised = 1.5\n", ["max_winsorised is 1.5", "whole number from 0"]),
    "share above 1": ("[screen]\nmin_available = 60\n", ["screen.min_available is 60", "from 0 up to 1"]),
    "sd of 0": ("[normalise]\nsd = 0\n", ["normalise.sd is 0", "above 0"]),
    "number for a flag": ("[normalise]\ncap = 1\n", ["normalise.cap is 1", "true or false"]),
    "low above high": ("[normalise]\nlow = 100\nhigh = 0\n", ["normalise.low is 100", "normalise.high 0"]),
    "goalposts without goalposts": (
        "[normalise]\nmethod = 'goalposts'\n",
        ["'goalposts' needs goal_low and goal_high", "jobs, pay, homes"],
    ),
    "target missing": ("[normalise]\nmethod = 'distance_to_target'\n", ["needs target", "jobs, pay, homes"]),
    "reference missing": (
        "[normalise]\nmethod = 'distance_to_reference'\n",
        ["'distance_to_reference' needs reference", "name of a unit"],
    ),
    "group missing": ("[impute]\nmethod = 'group_mean'\n", ["'group_mean' needs group", "name of a column"]),
    "importances missing": ("[weight]\nmethod = 'optimise'\n", ["'optimise' needs importances"]),
    "importances of an unknown code": (
        "[weight]\nmethod = 'optimise'\nimportances = { nobody = 1 }\n",
        ["weight.importances names nobody", "not in the structure"],
    ),
    "negative importance": (
        "[weight]\nmethod = 'optimise'\nimportances = { jobs = -1 }\n",
        ["weight.importances.jobs is -1", "from 0"],
    ),
    "power missing": ("[aggregate]\nmethod = 'power'\n", ['"power" needs power', "a number"]),
    "floor missing": ("[aggregate]\nzeros = 'floor'\n", ['"floor" needs floor', "above 0"]),
    "unknown level": (
        "[aggregate.at.L4]\nmethod = 'geometric'\n",
        ["aggregate.at.L4 is no level and no group", "accepted: L2, L3, work, index"],
    ),
    "indicator for a group": (
        "[aggregate.at.jobs]\nmethod = 'geometric'\n",
        ["aggregate.at.jobs is no level"],
    ),
    "unknown key at a level": ("[aggregate.at.L2]\nlow = 1\n", ["aggregate.at.L2.low is not known"]),
    "uncertain as one table": ("[uncertain]\nname = 'f'\n", ["[uncertain] is one table", "[[uncertain]]"]),
    "factor without name": ("[[uncertain]]\nstep = 'treat'\n", ["uncertain.1 has no name"]),
    "two factors with one name": (
        factor("weights = { noise = 0.1, levels = [1] }") * 2,
        ["two factors are named 'f'", "a name of its own"],
    ),
    "factor without a kind": (factor(""), ["uncertain 'f' has none of step, weights and cells"]),
    "factor of two kinds": (factor("step = 'treat'\ncells = {}"), ["step and cells", "one is expected"]),
    "unknown key of a factor": (factor("stp = 'treat'"), ["uncertain 'f'.stp is not known"]),
    "factor on an unknown step": (factor("step = 'trim'\nvalues = [1, 2]"), ["step is 'trim'", "accepted"]),
    "factor on an unknown key": (
        factor("step = 'treat.skw'\nvalues = [1, 2]"),
        ["names 'skw' of treat", "accepted: method, max_winsorised"],
    ),
    "one alternative": (factor("step = 'treat.skew'\nvalues = [2]"), ["values is [2]", "two values or more"]),
    "bad alternative": (
        factor("step = 'normalise'\nvalues = [{ method = 'minmax' }, { method = 'z' }]"),
        ["uncertain 'f'.values.method is 'z'", "accepted: goalposts"],
    ),
    "factor on a step that the method lacks": (
        factor("step = 'treat'\nvalues = [{ method = 'winsorise' }, { method = 'log' }]"),
        ["uncertain 'f' varies treat", "does not have", "its absence"],
    ),
    "factor on a key with no effect": (
        factor("step = 'treat.max_winsorised'\nvalues = [1, 2]", "[treat]\nmethod = 'log'"),
        ["varies treat.max_winsorised, which has no effect", "'log'", "used by winsorise"],
    ),
    "method that needs a key": (
        factor("step = 'aggregate.method'\nvalues = ['arithmetic', 'power']"),
        ["power needs a key of its own", "whole steps"],
    ),
    "weights of no kind": (factor("weights = { levels = [1] }"), ["has none of noise, sets and dirichlet"]),
    "values with weights": (
        factor("values = [1, 2]\nweights = { noise = 0.1, levels = [1] }"),
        ["values belongs to a step, not to weights"],
    ),
    "noise above 1": (factor("weights = { noise = 25, levels = [1] }"), ["noise is 25", "up to 1"]),
    "noise without levels": (factor("weights = { noise = 0.1 }"), ["levels is absent", "from: 1, 2"]),
    "noise on the root": (factor("weights = { noise = 0.1, levels = [3] }"), ["levels is [3]", "from: 1, 2"]),
    "concentration of 0": (
        factor("weights = { dirichlet = 0, levels = [1] }"),
        ["dirichlet is 0", "above 0"],
    ),
    "cells of no kind": (factor("cells = {}"), ['needs missing = "class", or doubt = a file']),
    "unknown way of missing": (
        factor("cells = { missing = 'all' }"),
        ["missing is 'all'", "accepted: class"],
    ),
    "group without class": (
        factor("cells = { group = 'x', doubt = 'd.csv' }"),
        ["group", "which is not there"],
    ),
}


@pytest.mark.parametrize(("content", "words"), METHODS.values(), ids=METHODS.keys())
def test_a_bad_method_is_refused_by_its_place(tmp_path, content, words):
    message = refusal(MethodError, read_method_file, written(tmp_path, "method.toml", content), TREE)
    assert_one_fault(message, words)
    assert message.count("method.toml") == 1


def test_a_method_file_that_is_not_there_is_named(tmp_path):
    message = refusal(MethodError, read_method_file, tmp_path / "mine.toml", TREE)
    assert "mine.toml cannot be read: No such file or directory" in message


WEIGHTS = {
    "empty file": ("", ["WEIGHTS.csv is empty"]),
    "no code": ("w1,w2\n1,2\n", ["WEIGHTS.csv, header", "column code is absent"]),
    "level": ("code,Level,w1\njobs,1,1\n", ["WEIGHTS.csv, header", "'Level' is no set", "w1, w2"]),
    "no set": ("code\njobs\n", ["WEIGHTS.csv, header", "each set of weights"]),
    "no rows": ("code,w1\n", ["WEIGHTS.csv, header", "no rows"]),
    "unknown code": ("code,w1\nnobody,1\n", ["WEIGHTS.csv, row 2, column code", "'nobody'", "index, work"]),
    "empty code": ("code,w1\n,1\n", ["WEIGHTS.csv, row 2, column code", "empty", "index, work"]),
    "code twice": ("code,w1\njobs,1\njobs,2\n", ["WEIGHTS.csv, row 3, column code", "row 2 already"]),
    "negative": ("code,w1,w2\njobs,1,-2\n", ["WEIGHTS.csv, row 2, column w2", "'-2'", "a number from 0"]),
    "infinite": ("code,w1\njobs,inf\n", ["WEIGHTS.csv, row 2, column w1", "'inf'", "a number from 0"]),
    "missing": ("code,w1,w2\njobs,,1\n", ["WEIGHTS.csv, row 2, column w1", "''", "a number from 0"]),
    "set twice": ("code,w1,w1\njobs,1,1\n", ["WEIGHTS.csv, header, column w1", "more than once"]),
}

DOUBTS = {
    "no probability": ("unit,code,value\nRiga,pay,1\n", ["header", "column probability is absent"]),
    "unknown column": (
        "unit,code,value,probability,by\n",
        ["header", "'by' is not known", "unit, code, value"],
    ),
    "no rows": ("unit,code,value,probability\n", ["DOUBT.csv, header", "no rows"]),
    "empty unit": ("unit,code,value,probability\n,pay,1,1\n", ["DOUBT.csv, row 2, column unit", "empty"]),
    "unknown code": (
        "unit,code,value,probability\nRiga,nobody,1,1\n",
        ["DOUBT.csv, row 2, column code", "'nobody' is not in the structure", "accepted: jobs, pay, homes"],
    ),
    "group": ("unit,code,value,probability\nRiga,work,1,1\n", ["row 2, column code", "accepted: jobs, pay"]),
    "value in words": (
        "unit,code,value,probability\nRiga,pay,low,1\n",
        ["DOUBT.csv, row 2, column value", "'low' is not a number", "a number is expected"],
    ),
    "empty value": (
        "unit,code,value,probability\nRiga,pay,,1\n",
        ["row 2, column value", "a number is expected"],
    ),
    "negative probability": (
        "unit,code,value,probability\nRiga,pay,1,1.5\nRiga,pay,2,-0.5\n",
        ["DOUBT.csv, row 3, column probability", "'-0.5'", "a number from 0"],
    ),
    "sum below 1": (
        "unit,code,value,probability\nPorto,pay,1,1\nRiga,pay,1,0.5\nRiga,pay,2,0.4\n",
        ["DOUBT.csv, row 3, column probability", "Riga, pay sum to 0.9;", "a sum of 1"],
    ),
    "sum just above 1": (
        "unit,code,value,probability\nRiga,pay,1,0.5\nRiga,pay,2,0.500002\n",
        ["DOUBT.csv, row 2, column probability", "sum to 1.000002", "a sum of 1"],
    ),
}


@pytest.mark.parametrize(("content", "words"), WEIGHTS.values(), ids=WEIGHTS.keys())
def test_bad_sets_of_weights_are_refused_by_their_place(tmp_path, content, words):
    written(tmp_path, "WEIGHTS.csv", content)
    method = written(tmp_path, "method.toml", factor("weights = { sets = 'WEIGHTS.csv' }"))
    assert_one_fault(refusal(DataError, read_method_file, method, TREE), words)


@pytest.mark.parametrize(("content", "words"), DOUBTS.values(), ids=DOUBTS.keys())
def test_bad_doubts_are_refused_by_their_place(tmp_path, content, words):
    written(tmp_path, "DOUBT.csv", content)
    method = written(tmp_path, "method.toml", factor("cells = { doubt = 'DOUBT.csv' }"))
    assert_one_fault(refusal(DataError, read_method_file, method, TREE), words)


def test_a_sum_of_thirds_is_one(tmp_path):
    rows = "".join(f"Riga,pay,{value},0.3333333\n" for value in (1, 2, 3))
    written(tmp_path, "DOUBT.csv", "unit,code,value,probability\n" + rows)
    method = written(tmp_path, "method.toml", factor("cells = { doubt = 'DOUBT.csv' }"))
    (cells,) = read_method_file(method, TREE).uncertain
    assert cells.doubts[0].values == (1.0, 2.0, 3.0)


def test_a_table_that_the_method_names_and_that_is_not_there_is_named(tmp_path):
    method = written(tmp_path, "method.toml", factor("weights = { sets = 'WEIGHTS.csv' }"))
    message = refusal(DataError, read_method_file, method, TREE)
    assert "WEIGHTS.csv cannot be read: No such file or directory" in message


FACTORS = (WeightNoise("shake", 0.25, (1,)), Choice("cap, in all", "treat", "max_winsorised", (1, 2, 3)))


def test_recorded_runs_are_read_in_any_order_of_rows_and_columns(tmp_path):
    content = 'failed,"cap, in all",run,shake\n,3,2,7\na 0,1,3,4000000000\n\n,2,1,7\n'
    keys = read_runs(written(tmp_path, "RUNS.csv", content), FACTORS)
    assert keys.dtype == "int64"
    assert keys.tolist() == [[7, 2], [7, 3], [4000000000, 1]]


def test_recorded_runs_need_not_say_which_failed(tmp_path):
    content = 'run,shake,"cap, in all"\n1,1,1\n'
    assert read_runs(written(tmp_path, "RUNS.csv", content), FACTORS).tolist() == [[1, 1]]


@given(st.lists(st.tuples(st.integers(1, 10**18 - 1), st.integers(1, 3)), min_size=1, max_size=8), st.data())
def test_runs_that_were_written_are_read_from_rows_in_any_order(tmp_path_factory, keys, chance):
    rows = [f"{run},{shake},{cap}\n" for run, (shake, cap) in enumerate(keys, 1)]
    content = 'run,shake,"cap, in all"\n' + "".join(chance.draw(st.permutations(rows)))
    path = written(tmp_path_factory.mktemp("runs"), "RUNS.csv", content)
    assert read_runs(path, FACTORS).tolist() == [list(key) for key in keys]


RUNS_HEADER = 'run,shake,"cap, in all",failed\n'
RUNS = {
    "empty file": ("", ["RUNS.csv is empty"]),
    "no rows": (RUNS_HEADER, ["RUNS.csv, header", "no rows", "for each run"]),
    "factor absent": ("run,shake\n1,1\n", ["header", "column cap, in all is absent", "run, shake"]),
    "run absent": ('shake,"cap, in all"\n1,1\n', ["header", "column run is absent"]),
    "factor of another method": (
        'run,shake,"cap, in all",scale\n1,1,1,1\n',
        ["header", "'scale' is not known", "accepted: run, shake, cap, in all, failed"],
    ),
    "factor twice": ('run,shake,"cap, in all",shake\n1,1,1,1\n', ["header, column shake", "more than once"]),
    "row too short": (RUNS_HEADER + "1,1,1\n", ["RUNS.csv, row 2", "3 cells", "header has 4"]),
    "alternative 0": (RUNS_HEADER + "1,1,0,\n", ["row 2, column cap, in all", "'0'", "from 1 to 3"]),
    "alternative 4": (RUNS_HEADER + "1,1,4,\n", ["row 2, column cap, in all", "'4'", "from 1 to 3"]),
    "draw 0": (RUNS_HEADER + "1,0,1,\n", ["row 2, column shake", "'0'", "whole number from 1 on"]),
    "negative draw": (RUNS_HEADER + "1,-3,1,\n", ["row 2, column shake", "'-3'"]),
    "half a draw": (RUNS_HEADER + "1,1.5,1,\n", ["row 2, column shake", "'1.5'", "whole number"]),
    "empty draw": (RUNS_HEADER + "1,,1,\n", ["row 2, column shake", "''"]),
    "draw beyond 64 bits": (RUNS_HEADER + "1,9999999999999999999,1,\n", ["row 2, column shake"]),
    "draw in other digits": (RUNS_HEADER + "1,²,1,\n", ["row 2, column shake", "'²'"]),
    "run in words": (RUNS_HEADER + "first,1,1,\n", ["RUNS.csv, row 2, column run", "'first'"]),
    "run 0": (RUNS_HEADER + "0,1,1,\n", ["RUNS.csv, row 2, column run", "'0'"]),
    "run twice": (RUNS_HEADER + "1,1,1,\n2,1,1,\n1,2,1,\n", ["row 4, column run", "run 1", "row 2 already"]),
    "run left out": (RUNS_HEADER + "1,1,1,\n3,1,1,\n", ["header, column run", "absent: 2", "1 to 2"]),
}


@pytest.mark.parametrize(("content", "words"), RUNS.values(), ids=RUNS.keys())
def test_bad_recorded_runs_are_refused_by_their_place(tmp_path, content, words):
    message = refusal(DataError, read_runs, written(tmp_path, "RUNS.csv", content), FACTORS)
    assert_one_fault(message, words)


def test_the_asem_index_is_read_from_files_of_ours(shared, tmp_path):
    with (shared / "data/coinr/asem_iMeta.csv").open(encoding="utf-8", newline="") as meta:
        rows = [row for row in csv.DictReader(meta) if row["Type"] in ("Indicator", "Aggregate")]
    columns = {
        "code": "iCode",
        "parent": "Parent",
        "weight": "Weight",
        "direction": "Direction",
        "target": "Target",
        "denominator": "Denominator",
    }
    structure = io.StringIO(newline="")
    writer = csv.writer(structure)
    writer.writerow(columns)
    writer.writerows([row[name] for name in columns.values()] for row in rows)
    tree = read_structure(written(tmp_path, "STRUCTURE.csv", structure.getvalue()))

    with (shared / "data/coinr/asem_iData.csv").open(encoding="utf-8", newline="") as source:
        table = list(csv.reader(source))
    place = table[0].index("uCode")
    table[0][place] = "unit"
    content = io.StringIO(newline="")
    csv.writer(content).writerows([row[place], *row[:place], *row[place + 1 :]] for row in table)
    data = read_data(written(tmp_path, "DATA.csv", content.getvalue()), tree)

    # README.md of the folder: 51 units, 49 indicators, 8 pillars, 2 sub-indexes, 1 index, 64 missing cells.
    # One of these is a denominator, the energy consumption of Laos.
    assert data.values.shape == (51, 49)
    assert len(tree.groups) == 8 + 2 + 1
    assert (tree.root, tree.levels[tree.root]) == ("Index", 4)
    assert sum(math.isnan(value) for value in data.values.ravel().tolist()) == 64 - 1
    assert [unit for unit, text in zip(data.units, data.attributes["Energy"], strict=True) if not text] == [
        "LAO"
    ]
    assert data.applies.all()
    # The first rows of the two files.
    assert data.units[0] == "AUT"
    assert data.values[0, data.codes.index("LPI")] == 4.097985
    assert tree.by_code["Flights"].denominator == "Population"
    assert tree.by_code["LPI"].target == 4.11803135
    assert data.numbers("Population", wanted_by="Flights")[0] == 8735.453
    assert data.attribute("uName", wanted_by="the test")[0] == "Austria"
    assert set(data.attributes) == {
        *("uName", "GDP_group", "GDPpc_group", "Pop_group", "EurAsia_group", "Time"),
        *("Area", "Energy", "GDP", "Population"),
    }
