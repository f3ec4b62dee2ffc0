"""A table of observations: what it keeps, and what it refuses by name."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engines.index.data import Data
from tessera.engines.index.errors import DataError
from tessera.engines.index.structure import Node, Tree

nan = math.nan

TREE = Tree((Node("index", None), Node("homes", "index"), Node("jobs", "index")))


def panel():
    return Data(
        ("Riga", "Riga", "Porto"),
        ("jobs", "homes"),
        np.array([[1.0, nan], [2.0, 5.0], [3.0, 6.0]]),
        attributes={"period": ("2023", "2024", "2024"), "people": ("10", "", "2.5e3")},
    )


def test_what_does_not_apply_has_no_value():
    values = np.array([[1.0, 2.0], [3.0, nan]])
    data = Data(("A", "B"), ("a", "b"), values, np.array([[False, True], [True, True]]))
    np.testing.assert_array_equal(data.values, [[nan, 2.0], [3.0, nan]])
    assert data.applies.tolist() == [[False, True], [True, True]]
    # The caller's own table stays as it was.
    assert values[0, 0] == 1.0


def test_everything_applies_unless_it_is_said():
    assert Data(("A",), ("a", "b"), np.array([[1.0, nan]])).applies.all()


def test_a_row_is_named_by_its_unit_and_in_a_panel_by_its_period_too():
    assert Data(("A", "B"), ("a",), np.zeros((2, 1))).rows == ("A", "B")
    assert panel().rows == ("Riga 2023", "Riga 2024", "Porto 2024")


def test_a_row_is_found_by_its_own_name_or_by_that_of_a_unit_with_one_row():
    assert [panel().row_of(name) for name in ("Riga 2023", "Riga 2024", "Porto 2024", "Porto")] == [
        0,
        1,
        2,
        2,
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Riga", "Riga has 2 rows; name one of them: Riga 2023, Riga 2024"),
        ("Oslo", "there is no unit Oslo; units: Riga 2023, Riga 2024, Porto 2024"),
        ("Porto 2023", "there is no unit Porto 2023"),
    ],
)
def test_a_row_that_is_not_one_row_is_refused(name, words):
    with pytest.raises(DataError, match=words):
        panel().row_of(name)


def test_of_many_units_eight_are_named():
    data = Data(tuple("abcdefghij"), ("x",), np.zeros((10, 1)))
    with pytest.raises(DataError, match="units: a, b, c, d, e, f, g, h and 2 more"):
        data.row_of("z")


def test_an_attribute_is_read_as_text_and_as_numbers():
    assert panel().attribute("people", wanted_by="jobs") == ("10", "", "2.5e3")
    np.testing.assert_array_equal(panel().numbers("people", wanted_by="jobs"), [10.0, nan, 2500.0])


def test_an_attribute_that_is_not_there_is_refused_by_what_wanted_it():
    with pytest.raises(DataError, match=r"impute\.group needs the column area; .* period, people"):
        panel().attribute("area", wanted_by="impute.group")
    plain = Data(("A",), ("a",), np.zeros((1, 1)))
    with pytest.raises(DataError, match="jobs needs the column people; columns beside the indicators: none"):
        plain.numbers("people", wanted_by="jobs")


def test_an_attribute_that_is_no_number_is_refused_by_its_row():
    data = Data(("A", "B"), ("a",), np.zeros((2, 1)), attributes={"people": ("3", "many")})
    with pytest.raises(DataError, match="B, people: 'many' is not a number"):
        data.numbers("people", wanted_by="a")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"values": np.zeros((2, 3))}, r"values have the shape \(2, 3\); 2 rows and 2 indicators are named"),
        ({"values": np.zeros(2)}, r"values have the shape \(2,\)"),
        ({"applies": np.ones((1, 2), dtype=bool)}, r"applies have the shape \(1, 2\); 2 rows"),
        ({"attributes": {"area": ("north",)}}, "the attribute area has 1 values for 2 rows"),
        ({"codes": ("a", "a")}, "the indicator a stands in two columns"),
        ({"units": ("A", "A")}, "A stands in two rows; .* give the column period"),
        ({"units": ("A", "A"), "attributes": {"period": ("1", "1")}}, "A 1 stands in two rows"),
        ({"values": np.array([[0, 1], [2, math.inf]])}, "B, b: the value is not finite"),
    ],
)
def test_what_is_no_table_is_refused_by_name(changes, words):
    parts = {"units": ("A", "B"), "codes": ("a", "b"), "values": np.zeros((2, 2)), **changes}
    with pytest.raises(DataError, match=words):
        Data(**parts)


def test_columns_are_arranged_by_the_tree_and_others_left_out():
    data = Data(
        ("A", "B"),
        ("jobs", "noise", "homes"),
        np.array([[1.0, 9.0, 3.0], [nan, 9.0, 6.0]]),
        np.array([[True, True, False], [True, False, True]]),
        {"area": ("north", "south")},
    ).arranged(TREE)
    assert data.codes == ("homes", "jobs")
    np.testing.assert_array_equal(data.values, [[nan, 1.0], [6.0, nan]])
    assert data.applies.tolist() == [[False, True], [True, True]]
    assert data.attributes == {"area": ("north", "south")}


def test_an_indicator_without_a_column_is_refused_by_its_code():
    data = Data(("A",), ("jobs", "noise"), np.zeros((1, 2)))
    with pytest.raises(DataError, match=r"no column for homes, .* columns: jobs, noise"):
        data.arranged(TREE)


def test_some_rows_keep_all_that_belongs_to_them():
    data = panel().only(np.array([2, 0]))
    assert data.rows == ("Porto 2024", "Riga 2023")
    np.testing.assert_array_equal(data.values, [[3.0, 6.0], [1.0, nan]])
    assert data.attributes["people"] == ("2.5e3", "10")
    assert panel().only([]).units == ()


@given(st.permutations(range(3)), st.permutations(["jobs", "homes", "noise"]))
def test_neither_the_order_of_rows_nor_of_columns_changes_a_cell(rows, codes):
    cells = {(unit, code): ord(unit) * len(code) / 7 for unit in "ABC" for code in codes}
    units = ["ABC"[row] for row in rows]
    data = Data(
        tuple(units), tuple(codes), np.array([[cells[unit, code] for code in codes] for unit in units])
    ).arranged(TREE)
    back = data.only([data.row_of(unit) for unit in "ABC"])
    assert back.values.tolist() == [[cells[unit, code] for code in ("homes", "jobs")] for unit in "ABC"]


@pytest.mark.parametrize("applies", [None, np.array([[1.0, 0.0]])])
def test_what_applies_must_be_said_by_true_and_false(applies):
    with pytest.raises(DataError, match="true or false is expected in each cell"):
        Data(("A",), ("a", "b"), np.array([[1.0, 2.0]]), applies)
