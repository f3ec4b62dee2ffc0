"""Contributions and what-if, against cases by hand, ASEM, and the scores that they must add up to."""

import numpy as np
import pytest
from hypothesis import given
from tests.engines.index.asem import METHOD, data_of, table, tree_of
from tests.engines.index.small_indices import index_of, indices, nan

from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.errors import DataError, NotComputable, StructureError
from tessera.engines.index.explanation.contributions import contributions, what_if
from tessera.engines.index.method import Method
from tessera.engines.index.steps.aggregate import Aggregate, Rule
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.structure import Node, Tree

GEOMETRIC = Rule("geometric")
TWO_LEVELS = [
    ("index", None),
    ("area", "index", 3),
    ("d", "index"),
    ("a", "area"),
    ("b", "area"),
    ("c", "area", 2),
]
PAIR = [("index", None), ("a", "index"), ("b", "index")]
NESTED = [("index", None), ("g", "index"), ("d", "index"), ("a", "g"), ("b", "g")]


def parts(result, row, code=None):
    found = contributions(result, row, code)
    return dict(zip(found.codes, found.contribution.tolist(), strict=True))


def assert_that_children_add_up(result, row):
    found = parts(result, row)
    tree = result.tree
    for group in tree.groups:
        below = sum(found[child.code] for child in tree.children[group])
        assert below == pytest.approx(found[group], rel=1e-9, abs=1e-9)
    top = result.scores[result.rows.index(row), 0]
    assert found[tree.root] == pytest.approx(top, rel=1e-9)
    assert sum(found[leaf] for leaf in tree.leaves) == pytest.approx(top, rel=1e-9)


def test_a_missing_child_leaves_its_weight_to_its_siblings():
    # area = (40 + 2 * 100) / 3 = 80; index = 3/4 * 80 + 1/4 * 20 = 65.
    result = index_of(TWO_LEVELS, {"U": [20, 40, nan, 100]})
    assert parts(result, "U") == pytest.approx({"index": 65, "area": 60, "a": 10, "b": 0, "c": 50, "d": 5})


def test_the_table_says_levels_and_scores_and_starts_with_the_node_asked_for():
    found = contributions(index_of(TWO_LEVELS, {"U": [20, 40, nan, 100]}), "U", "area")
    assert found.row == "U"
    assert found.codes == ("area", "a", "b", "c")
    assert found.levels.tolist() == [2, 1, 1, 1]
    assert np.allclose(found.scores, [80, 40, nan, 100], equal_nan=True)
    assert found.contribution == pytest.approx([80, 40 / 3, 0, 200 / 3])


def test_a_geometric_score_is_divided_by_logarithms():
    # sqrt(2 * 8) = 4, and ln 8 is three times ln 2; the index is (4 + 10) / 2.
    result = index_of(NESTED, {"U": [10, 2, 8]}, at={"g": GEOMETRIC})
    assert parts(result, "U") == pytest.approx({"index": 7, "g": 2, "d": 5, "a": 0.5, "b": 1.5})


def test_an_arithmetic_group_below_a_geometric_one_divides_its_share():
    # g = (1 + 3) / 2 = 2 and d = 8 make 4, of which g has a quarter.
    result = index_of(NESTED, {"U": [8, 1, 3]}, at={"index": GEOMETRIC})
    assert parts(result, "U") == pytest.approx({"index": 4, "g": 1, "d": 3, "a": 0.25, "b": 0.75})


def test_a_child_below_1_point_has_a_negative_part():
    # sqrt(0.5 * 8) = 2; the logarithms to the base 2 are -1 and 3.
    assert parts(index_of(PAIR, {"U": [0.5, 8]}, rule=GEOMETRIC), "U") == pytest.approx(
        {"index": 2, "a": -1, "b": 3}
    )


def test_equal_children_at_1_point_share_by_weight():
    assert parts(index_of(PAIR, {"U": [1, 1]}, rule=GEOMETRIC), "U") == {"index": 1, "a": 0.5, "b": 0.5}


def test_a_score_that_a_zero_annihilates_has_nothing_to_divide():
    result = index_of(PAIR, {"U": [0, 8]}, rule=Rule("geometric", zeros="annihilate"))
    assert parts(result, "U") == {"index": 0, "a": 0, "b": 0}


def test_what_a_floor_adds_is_divided_by_weight():
    # g = (0 + 2) / 2 = 1 counts as 2: with d = 8 the index is 4 and g brings 1, half of it by the floor.
    result = index_of(NESTED, {"U": [8, 0, 2]}, at={"index": Rule("geometric", zeros="floor", floor=2.0)})
    assert parts(result, "U") == pytest.approx({"index": 4, "g": 1, "d": 3, "a": 0.25, "b": 0.75})


def test_a_group_below_its_threshold_brings_nothing():
    result = index_of(NESTED, {"U": [30, 10, nan]}, at={"g": Rule(min_available=0.6)})
    assert parts(result, "U") == {"index": 30, "g": 0, "d": 30, "a": 0, "b": 0}


def test_negative_scores_bring_negative_parts():
    assert parts(index_of(PAIR, {"U": [-3, 1]}), "U") == {"index": -1, "a": -1.5, "b": 0.5}


@given(indices())
def test_the_parts_of_children_add_up_in_any_tree(result):
    for place, row in enumerate(result.rows):
        # A geometric group at 1 point or less is refused, and 1 is the lowest score drawn.
        if not np.isnan(result.scores[place, 0]) and not (result.scores[place] <= 1 + 1e-12).any():
            assert_that_children_add_up(result, row)


@pytest.mark.parametrize("rule", [Rule(), GEOMETRIC])
def test_the_parts_of_all_units_of_asem_add_up_to_their_scores(shared, rule):
    tree = tree_of(shared)
    at = () if rule.method == "arithmetic" else (("L2", rule),)
    method = Method(
        METHOD.denominate,
        METHOD.screen,
        METHOD.impute,
        METHOD.treat,
        Normalise("minmax", low=1.0),
        aggregate=Aggregate(at=at),
    )
    result = compute(tree, data_of(shared, tree), method)
    assert len(result.rows) == 51
    for row in result.rows:
        assert_that_children_add_up(result, row)


def test_the_parts_of_asem_add_up_to_the_scores_of_coinr(shared):
    tree = tree_of(shared)
    result = compute(tree, data_of(shared, tree), METHOD)
    units, codes, scores = table(shared, "aggregated_minmax_0_100__a_amean.csv")
    index = scores[:, codes.index(tree.root)]
    assert len(units) == 51
    for unit, score in zip(units, index, strict=True):
        found = parts(result, unit)
        assert sum(found[leaf] for leaf in tree.leaves) == pytest.approx(score, rel=1e-9)


def test_only_arithmetic_and_geometric_groups_are_divided():
    for rule in (Rule("harmonic"), Rule("power", power=2.0), Rule("copeland"), Rule("borda")):
        with pytest.raises(NotComputable, match=rf"index: its method is {rule.method}.*geometric have"):
            contributions(index_of(PAIR, {"U": [1, 2], "V": [2, 3]}, rule=rule), "U")


def test_a_geometric_score_up_to_1_is_refused_by_group_and_unit():
    with pytest.raises(NotComputable, match=r"index: U has 0\.5, .*normalise to a range from 1"):
        contributions(index_of(PAIR, {"U": [0.5, 0.5]}, rule=GEOMETRIC), "U")


def test_what_has_no_score_or_is_not_there_is_refused():
    result = index_of(NESTED, {"U": [5, nan, nan]})
    with pytest.raises(NotComputable, match="U has no score for g"):
        contributions(result, "U", "g")
    with pytest.raises(StructureError, match="has no h; its root is index"):
        contributions(result, "U", "h")
    with pytest.raises(DataError, match="no unit V"):
        contributions(result, "V")


JOBS = Tree((Node("index", None), Node("jobs", "index", goal_low=0.0, goal_high=20.0)))
UNITS = Data(("A", "B", "C"), ("jobs",), np.array([[0.0], [5.0], [10.0]]))


def test_what_if_moves_all_units_where_the_scale_hangs_on_them():
    # The range 0 to 10 becomes 0 to 20.
    assert what_if(JOBS, UNITS, Method(), "B", {"jobs": 20.0}).column("index").tolist() == [0, 100, 50]
    assert UNITS.values[1, 0] == 5.0


def test_what_if_moves_only_the_unit_under_goalposts():
    method = Method(normalise=Normalise("goalposts"))
    result = what_if(JOBS, UNITS, method, "B", {"jobs": 15.0})
    assert result.column("index").tolist() == [0, 75, 50]
    assert result.ranks[:, 0].tolist() == [3, 1, 2]


def test_what_if_takes_a_value_away():
    method = Method(normalise=Normalise("goalposts"))
    result = what_if(JOBS, UNITS, method, "B", {"jobs": nan})
    assert np.array_equal(result.column("index"), [0, nan, 50], equal_nan=True)


def test_what_if_refuses_what_is_not_there_or_does_not_apply():
    with pytest.raises(DataError, match="no indicator homes to change; columns: jobs"):
        what_if(JOBS, UNITS, Method(), "B", {"homes": 1.0})
    with pytest.raises(DataError, match="no unit Z"):
        what_if(JOBS, UNITS, Method(), "Z", {"jobs": 1.0})
    partly = Data(UNITS.units, UNITS.codes, UNITS.values, np.array([[True], [False], [True]]))
    with pytest.raises(DataError, match="B, jobs: the indicator does not apply"):
        what_if(JOBS, partly, Method(), "B", {"jobs": 1.0})
