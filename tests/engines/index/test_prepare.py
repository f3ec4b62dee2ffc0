"""The steps before any weight, against cases by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tessera.engines.index.data import Data
from tessera.engines.index.errors import DataError, NotComputable
from tessera.engines.index.method import Method, Screen
from tessera.engines.index.prepare import Preparation, treat_each
from tessera.engines.index.steps.impute import Impute
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.steps.treat import Treat, treat
from tessera.engines.index.structure import Node, Tree

EVERYWHERE = np.array(True)

nan = np.nan

TREE = Tree(
    (
        Node("index", None),
        Node("jobs", "index", denominator="people"),
        Node("rents", "index", direction=-1),
        Node("parks", "index", denominator="area"),
    )
)
PLAIN = Method(normalise=Normalise("none"))


def data_of(rows, *, applies=EVERYWHERE, **attributes):
    """Units with jobs, rents and parks."""
    columns = {name: tuple(column) for name, column in attributes.items()}
    values = np.array(list(rows.values()), dtype=float)
    return Data(tuple(rows), TREE.leaves, values, applies, columns)


def test_each_indicator_is_divided_by_its_own_column():
    data = data_of({"A": [10, 5, 6], "B": [8, 6, nan]}, people=("2", "4"), area=("3", "1"))
    table = Preparation(TREE, data).denominated(Method(denominate=True))
    assert np.array_equal(table, [[5, 5, 2], [2, 6, nan]], equal_nan=True)


def test_nothing_is_divided_where_the_method_does_not_say_so():
    data = data_of({"A": [10, 5, 6]})
    assert Preparation(TREE, data).denominated(Method()).tolist() == [[10, 5, 6]]


def test_a_missing_denominator_makes_a_missing_value():
    data = data_of({"A": [10, 5, 6], "B": [8, 6, 4]}, people=("2", ""), area=("3", "1"))
    table = Preparation(TREE, data).denominated(Method(denominate=True))
    assert np.array_equal(table, [[5, 5, 2], [nan, 6, 4]], equal_nan=True)


def test_a_denominator_of_zero_is_refused_by_row_and_code():
    data = data_of({"A": [10, 5, 6], "B": [8, 6, 4]}, people=("2", "4"), area=("3", "0.0"))
    with pytest.raises(NotComputable, match="B: area is 0, and parks is to be divided by it"):
        Preparation(TREE, data).denominated(Method(denominate=True))


def test_a_denominator_below_zero_is_refused_by_row_column_and_code():
    data = data_of({"A": [10, 5, 6], "B": [8, 6, 4]}, people=("2", "-4.5"), area=("3", "1"))
    found = r"B: people is -4\.5, and jobs is to be divided by it; a denominator is above 0: correct it"
    with pytest.raises(NotComputable, match=found):
        Preparation(TREE, data).denominated(Method(denominate=True))
    # Nothing is divided by it where the method does not say so, or where there is no figure.
    assert Preparation(TREE, data).denominated(Method()).tolist() == [[10, 5, 6], [8, 6, 4]]
    data = data_of({"A": [10, 5, 6], "B": [nan, 6, 4]}, people=("2", "-4.5"), area=("3", "1"))
    table = Preparation(TREE, data).denominated(Method(denominate=True))
    assert np.array_equal(table, [[5, 5, 2], [nan, 6, 4]], equal_nan=True)


def test_a_denominator_that_the_data_lack_is_refused_by_its_name():
    data = data_of({"A": [10, 5, 6]}, people=("2",))
    with pytest.raises(DataError, match="the denominator of parks needs the column area"):
        Preparation(TREE, data).denominated(Method(denominate=True))


def test_a_denominator_that_is_no_number_is_refused_by_row_and_text():
    data = data_of({"A": [10, 5, 6]}, people=("many",), area=("1",))
    with pytest.raises(DataError, match="A, people: 'many' is not a number"):
        Preparation(TREE, data).denominated(Method(denominate=True))


def test_screening_takes_the_share_of_what_applies():
    # A has 2 of 3, B 1 of 3, C 1 of the 2 that apply, D 2 of 2.
    rows = {"A": [1, 2, nan], "B": [1, nan, nan], "C": [nan, 2, nan], "D": [1, 2, nan]}
    applies = np.array([[True] * 3, [True] * 3, [True, True, False], [True, True, False]])
    preparation = Preparation(TREE, data_of(rows, applies=applies))
    expected = {0.0: [0, 1, 2, 3], 1 / 3: [0, 1, 2, 3], 0.5: [0, 2, 3], 2 / 3: [0, 3], 0.9: [3]}
    kept = {share: preparation.kept(Method(screen=Screen(share))).tolist() for share in expected}
    assert kept == expected


def test_screening_counts_a_value_without_its_denominator_as_missing():
    rows = {"A": [1, 2, 3], "B": [1, 2, 3]}
    preparation = Preparation(TREE, data_of(rows, people=("1", ""), area=("1", "1")))
    screen = Screen(1.0)
    assert preparation.kept(Method(screen=screen)).tolist() == [0, 1]
    assert preparation.kept(Method(denominate=True, screen=screen)).tolist() == [0]


def test_a_screen_that_leaves_no_unit_is_refused_with_the_highest_share():
    preparation = Preparation(TREE, data_of({"A": [1, 2, nan], "B": [1, nan, nan]}))
    with pytest.raises(NotComputable, match=r"no unit has the share 0\.9 .* the highest is 0\.667"):
        preparation.kept(Method(screen=Screen(0.9)))


def test_a_unit_that_is_screened_out_lends_nothing_to_the_others():
    # The mean of jobs over A and C is 3; B's 100 is gone before it is taken.
    rows = {"A": [2, 1, 1], "B": [100, nan, nan], "C": [4, 2, 2], "D": [nan, 3, 3]}
    method = Method(screen=Screen(0.5), impute=Impute("mean"), normalise=Normalise("minmax"))
    prepared = Preparation(TREE, data_of(rows)).under(method)
    assert prepared.kept.tolist() == [0, 2, 3]
    assert prepared.imputed.values.tolist() == [[2, 1, 1], [4, 2, 2], [3, 3, 3]]
    assert prepared.imputed.filled.tolist() == [[False] * 3, [False] * 3, [True, False, False]]
    # Rents are better when low.
    assert prepared.normalised.tolist() == [[0, 100, 0], [100, 50, 50], [50, 0, 100]]


def test_columns_are_found_by_code_and_others_left_out():
    data = Data(("A",), ("parks", "noise", "rents", "jobs"), np.array([[1.0, 2.0, 3.0, 4.0]]))
    assert Preparation(TREE, data).denominated(PLAIN).tolist() == [[4, 3, 1]]


def test_an_indicator_without_a_column_is_refused_by_its_code():
    with pytest.raises(DataError, match="no column for parks"):
        Preparation(TREE, Data(("A",), ("jobs", "rents"), np.ones((1, 2))))


def test_groups_that_the_data_lack_are_refused_by_what_wanted_them():
    preparation = Preparation(TREE, data_of({"A": [1, 2, nan]}))
    with pytest.raises(DataError, match=r"impute\.group needs the column region"):
        preparation.imputed(Method(impute=Impute("group_mean", "region")))


def test_siblings_of_a_row_mean_are_those_under_one_parent():
    nodes = [Node("i", None), Node("g", "i"), Node("a", "g"), Node("b", "g"), Node("c", "i"), Node("d", "i")]
    data = Data(("A",), ("a", "b", "c", "d"), np.array([[4.0, nan, nan, 9.0]]))
    filled = Preparation(Tree(tuple(nodes)), data).imputed(Method(impute=Impute("row_mean")))
    assert filled.values.tolist() == [[4, 4, 9, 9]]


def test_carry_takes_the_last_period_of_the_same_unit():
    data = Data(
        ("A", "B", "A", "B"),
        TREE.leaves,
        np.array([[1.0, 2.0, 3.0], [4.0, 5.0, nan], [nan, 7.0, 8.0], [9.0, nan, nan]]),
        attributes={"period": ("2020", "2020", "2021", "2021")},
    )
    filled = Preparation(TREE, data).imputed(Method(impute=Impute("carry")))
    expected = [[1, 2, 3], [4, 5, nan], [1, 7, 8], [9, 5, nan]]
    assert np.array_equal(filled.values, expected, equal_nan=True)


def test_carry_without_periods_is_refused():
    preparation = Preparation(TREE, data_of({"A": [1, 2, nan]}))
    with pytest.raises(DataError, match=r'impute\.method "carry" needs the column period'):
        preparation.imputed(Method(impute=Impute("carry")))


def test_the_reference_is_found_among_the_rows_that_are_left():
    # B is out, so that C is the second of two rows; (x - min) / (reference - min) with rents turned over.
    rows = {"A": [2, 9, 1], "B": [5, nan, nan], "C": [4, 5, 3]}
    method = Method(screen=Screen(0.5), normalise=Normalise("distance_to_reference", reference="C"))
    assert Preparation(TREE, data_of(rows)).normalised(method).tolist() == [[0, 0, 0], [1, 1, 1]]


def test_a_reference_that_is_screened_out_is_refused():
    rows = {"A": [2, 9, 1], "B": [5, nan, nan], "C": [4, 5, 3]}
    method = Method(screen=Screen(0.5), normalise=Normalise("distance_to_reference", reference="B"))
    with pytest.raises(NotComputable, match="the reference unit B was screened out"):
        Preparation(TREE, data_of(rows)).normalised(method)


def test_a_reference_that_is_no_unit_is_refused():
    method = Method(normalise=Normalise("distance_to_reference", reference="Z"))
    with pytest.raises(DataError, match="there is no unit Z"):
        Preparation(TREE, data_of({"A": [1, 2, 3]})).normalised(method)


def test_a_step_that_two_methods_share_is_done_once():
    preparation = Preparation(TREE, data_of({"A": [1, 2, 3], "B": [2, 3, 4]}))
    one, other = Method(), Method(normalise=Normalise("zscore"))
    assert preparation.treated(one) is preparation.treated(other)
    assert preparation.normalised(one) is not preparation.normalised(other)
    assert preparation.denominated(one) is preparation.denominated(Method(impute=Impute("mean")))


def test_a_method_that_is_asked_second_is_not_answered_by_the_first():
    preparation = Preparation(TREE, data_of({"A": [1, 2, nan], "B": [3, 3, 4], "C": [9, 4, 8]}))
    means = preparation.imputed(Method(impute=Impute("mean"))).values
    medians = preparation.imputed(Method(impute=Impute("row_mean"))).values
    kept = preparation.imputed(Method(screen=Screen(1.0), impute=Impute("mean"))).values
    assert (means[0, 2], medians[0, 2], len(kept)) == (6, 1.5, 2)
    treated = [
        preparation.treated(Method(impute=Impute(name))).values for name in ("none", "mean", "row_mean")
    ]
    assert np.array_equal([table[0, 2] for table in treated], [nan, 6, 1.5], equal_nan=True)
    scaled = [preparation.normalised(Method(normalise=Normalise(high=high)))[1, 1] for high in (10.0, 20.0)]
    assert scaled == [5, 10]


def test_each_table_of_a_stack_is_treated_by_itself():
    calm, wild = np.arange(6.0)[:, None], np.array([[1.0], [2], [3], [4], [5], [90]])
    spec = Treat("winsorise")
    treated = treat_each(np.array([calm, wild]), spec)
    # The outlier of the second is the next lower value; the first is left alone.
    assert treated[:, :, 0].tolist() == [[0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 5]]
    assert np.array_equal(treated[1], treat(wild, spec).values)
    assert treat_each(np.array([calm, wild]), Treat("none"))[1].tolist() == wild.tolist()


@pytest.mark.parametrize(
    "method", ["mean", "median", "group_mean", "group_median", "row_mean", "carry", "em"]
)
def test_each_table_of_a_stack_is_filled_by_itself(method):
    draws = np.random.default_rng(3).normal(size=(3, 8, 3))
    draws[:, [0, 5, 6], [0, 1, 2]] = nan
    rows = dict(zip("ABCDEFGH", draws[0], strict=True))
    preparation = Preparation(TREE, data_of(rows, region="NNNNSSSS", period="12341234"))
    spec = Impute(method, "region" if method.startswith("group") else None)
    stacked = preparation.impute(draws, spec, np.arange(8))
    assert stacked.filled.sum() == 0 if method == "carry" else 9
    for table, values, filled in zip(draws, stacked.values, stacked.filled, strict=True):
        single = preparation.impute(table, spec, np.arange(8))
        assert np.allclose(values, single.values, rtol=1e-12, equal_nan=True)
        assert np.array_equal(filled, single.filled)


@given(arrays(float, (5, 3), elements=st.floats(-1e3, 1e3) | st.just(nan)), st.permutations(range(5)))
def test_permuting_the_units_permutes_every_table(values, order):
    method = Method(screen=Screen(0.5), impute=Impute("median"), normalise=Normalise("borda"))
    units = tuple("ABCDE")
    try:
        prepared = Preparation(TREE, Data(units, TREE.leaves, values)).under(method)
    except NotComputable:
        return
    turned = Preparation(
        TREE, Data(tuple(units[place] for place in order), TREE.leaves, values[list(order)])
    ).under(method)
    back = [order.index(place) for place in prepared.kept]
    at = [turned.kept.tolist().index(place) for place in back]
    assert np.array_equal(turned.imputed.values[at], prepared.imputed.values, equal_nan=True)
    assert np.array_equal(turned.normalised[at], prepared.normalised, equal_nan=True)
