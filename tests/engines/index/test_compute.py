"""A whole index: COINr's ASEM, the Human Development Index, and small ones by hand."""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.index.asem import METHOD, data_of, table, tree_of
from tests.engines.index.small_indices import index_of
from tests.oracles import hdi

from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.errors import DataError, IndexEngineError, MethodError, NotComputable
from tessera.engines.index.method import Method, Screen, Weight
from tessera.engines.index.steps.aggregate import Aggregate, Rule
from tessera.engines.index.steps.impute import Impute
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.steps.treat import Treat
from tessera.engines.index.structure import Node, Tree

nan = np.nan

PLAIN = Method(normalise=Normalise("none"))
FLAT = Tree((Node("index", None), Node("a", "index"), Node("b", "index")))


def flat(rows, **attributes):
    columns = {name: tuple(column) for name, column in attributes.items()}
    return Data(tuple(rows), ("a", "b"), np.array(list(rows.values()), dtype=float), attributes=columns)


@pytest.fixture(scope="module")
def asem(shared):
    tree = tree_of(shared)
    return compute(tree, data_of(shared, tree), METHOD)


def columns_of(result, units, codes, values):
    """Figures of a result in the order of another program's table."""
    rows, columns = [result.rows.index(u) for u in units], [result.codes.index(c) for c in codes]
    return values[np.ix_(rows, columns)]


def test_every_aggregate_of_asem_is_that_of_coinr(asem, shared):
    units, codes, scores = table(shared, "aggregated_minmax_0_100__a_amean.csv")
    assert (len(units), len(codes)) == (51, 11)
    assert np.allclose(columns_of(asem, units, codes, asem.scores), scores, rtol=1e-9, atol=0)


def test_every_rank_of_asem_is_that_of_coinr(asem, shared):
    units, codes, ranks = table(shared, "ranks_minmax_0_100__a_amean.csv")
    assert (len(units), len(codes)) == (51, 11)
    assert np.array_equal(columns_of(asem, units, codes, asem.ranks), ranks)


def test_every_normalised_value_of_asem_is_that_of_coinr(asem, shared):
    units, codes, scores = table(shared, "normalised_minmax_0_100.csv")
    assert (len(units), len(codes)) == (51, 49)
    assert np.allclose(columns_of(asem, units, codes, asem.scores), scores, rtol=1e-9, atol=1e-9)


def test_the_trace_of_asem_names_exactly_the_cells_that_changed(asem, shared):
    raw = data_of(shared, asem.tree)
    units, codes, imputed = table(shared, "asem_Imputed.csv")
    _, same, treated = table(shared, "asem_Treated.csv")
    assert codes == same
    place = np.ix_([units.index(u) for u in raw.units], [codes.index(code) for code in asem.tree.leaves])
    imputed, treated = imputed[place], treated[place]
    units = list(raw.units)
    divisors = np.ones(imputed.shape)
    for column, code in enumerate(asem.tree.leaves):
        name = asem.tree.by_code[code].denominator
        if name:
            divisors[:, column] = [float(text) if text else nan for text in raw.attributes[name]]
    missing = np.isnan(raw.values / divisors)

    def cells(where):
        return {(units[row], asem.tree.leaves[column]) for row, column in np.argwhere(where)}

    found = list(zip(asem.trace.step, asem.trace.row, asem.trace.code, strict=True))
    filled = [(row, code) for step, row, code in found if step == "impute"]
    treats = [(row, code) for step, row, code in found if step in ("winsorise", "log")]
    # 63 empty cells, and two of LAO that are divided by its energy, which is empty.
    assert len(filled) == 65
    assert set(filled) == cells(missing)
    assert set(treats) == cells(imputed != treated)
    assert len(found) == len(set(found)) == len(filled) + len(treats)
    at = [(units.index(row), asem.tree.leaves.index(code)) for _, row, code in found]
    before = np.array(
        [nan if step == "impute" else imputed[p] for (step, *_), p in zip(found, at, strict=True)]
    )
    after = [(imputed if step == "impute" else treated)[p] for (step, *_), p in zip(found, at, strict=True)]
    assert np.allclose(asem.trace.before, before, rtol=1e-9, equal_nan=True)
    assert np.allclose(asem.trace.after, after, rtol=1e-9)


def test_each_score_stands_in_the_long_table_with_its_level(asem):
    rows = list(asem.long())
    assert len(rows) == 51 * 60
    # asem_iMeta.csv, aggregated_minmax_0_100__a_amean.csv and ranks_minmax_0_100__a_amean.csv: first rows.
    unit, code, level, score, rank = next(row for row in rows if row[:2] == ("AUS", "P2P"))
    assert (unit, code, level, rank) == ("AUS", "P2P", 2, 16)
    assert score == pytest.approx(39.468127825650264, rel=1e-9)


HDI = Tree(
    (
        Node("hdi", None),
        Node("life-expectancy", "hdi", goal_low=hdi.LIFE_YEARS[0], goal_high=hdi.LIFE_YEARS[1]),
        Node("education", "hdi"),
        Node(
            "expected-schooling",
            "education",
            goal_low=hdi.EXPECTED_SCHOOLING_YEARS[0],
            goal_high=hdi.EXPECTED_SCHOOLING_YEARS[1],
        ),
        Node(
            "mean-schooling",
            "education",
            goal_low=hdi.MEAN_SCHOOLING_YEARS[0],
            goal_high=hdi.MEAN_SCHOOLING_YEARS[1],
        ),
        Node("ln-gni", "hdi", goal_low=math.log(hdi.GNI_PPP_USD[0]), goal_high=math.log(hdi.GNI_PPP_USD[1])),
    )
)
HDI_METHOD = Method(
    normalise=Normalise("goalposts", low=0, high=1),
    aggregate=Aggregate(Rule("arithmetic"), at=(("hdi", Rule("geometric")),)),
)


def hdi_data(countries):
    figures = [
        (life, expected, mean, math.log(gni))
        for life, expected, mean, gni, _ in map(hdi.COUNTRIES.get, countries)
    ]
    return Data(tuple(countries), hdi.CODES, np.array(figures))


def test_the_human_development_index_is_that_of_the_report():
    result = compute(HDI, hdi_data(hdi.COUNTRIES), HDI_METHOD)
    published = [country[-1] for country in hdi.COUNTRIES.values()]
    # Published from figures with one decimal.
    assert np.abs(result.column("hdi") - published).max() < 0.0015
    assert result.ranks[:, 0].tolist() == list(range(1, 11))
    # Expected schooling of Australia is above its goalpost: (1 + 13.0 / 15) / 2.
    assert result.column("education")[1] == pytest.approx((1 + 13 / 15) / 2, rel=1e-12)


def test_under_goalposts_a_country_that_joins_changes_no_score():
    alone = compute(HDI, hdi_data(["Japan", "Norway"]), HDI_METHOD)
    joined = compute(HDI, hdi_data(["Japan", "Norway", "Singapore", "Iceland"]), HDI_METHOD)
    assert np.array_equal(joined.scores[:2], alone.scores)


def test_a_rule_for_a_level_is_taken_by_all_groups_on_it_and_a_groups_own_comes_first():
    nodes = [("index", None), ("g", "index"), ("h", "index"), ("a", "g"), ("b", "g"), ("c", "h"), ("d", "h")]
    at = {"L2": Rule("geometric"), "h": Rule("harmonic")}
    result = index_of(nodes, {"A": [2, 8, 1, 4]}, at=at)
    assert result.scores[0, :3].round(12).tolist() == [2.8, 4, 1.6]


def test_an_index_without_hierarchy_is_made():
    # COINr's issue 52.
    result = index_of([("index", None), ("a", "index", 3), ("b", "index")], {"A": [1, 5], "B": [4, 8]})
    assert result.codes == ("index", "a", "b")
    assert result.scores.tolist() == [[2, 1, 5], [5, 4, 8]]
    assert result.ranks.tolist() == [[2, 2, 2], [1, 1, 1]]
    assert result.weights == {"a": 0.75, "b": 0.25}


def test_an_indicator_beside_groups_counts_as_one_of_them():
    nodes = [("index", None), ("g", "index"), ("d", "index", 3), ("a", "g"), ("b", "g")]
    result = index_of(nodes, {"A": [9, 10, 20], "B": [7, 3, nan]})
    # Leaves in the order of the nodes: d, a, b.
    assert result.column("g").tolist() == [15, 3]
    assert result.column("index").tolist() == [10.5, 6]
    assert result.tree.levels == {"index": 3, "g": 2, "d": 1, "a": 1, "b": 1}


def test_a_missing_child_drops_out_and_too_few_of_them_give_no_score():
    rows = {"A": [1, 5], "B": [4, nan], "C": [nan, nan]}
    nodes = [("index", None), ("a", "index"), ("b", "index")]
    assert np.array_equal(index_of(nodes, rows).column("index"), [3, 4, nan], equal_nan=True)
    strict = index_of(nodes, rows, rule=Rule(min_available=0.6))
    assert np.array_equal(strict.column("index"), [3, nan, nan], equal_nan=True)
    assert strict.ranks[:, 0].tolist() == [1, 0, 0]


def test_rows_that_are_screened_out_have_no_score_and_are_named():
    rows = {"A": [1, 5], "B": [4, nan], "C": [3, 1]}
    result = compute(FLAT, flat(rows), replace(PLAIN, screen=Screen(0.6)))
    assert result.screened_out == ("B",)
    assert np.array_equal(result.column("index"), [3, nan, 2], equal_nan=True)
    assert np.isnan(result.scores[1]).all()
    assert result.ranks.tolist() == [[1, 2, 1], [0, 0, 0], [2, 1, 2]]


PANEL = Data(
    ("A", "B", "A", "B", "C"),
    ("a", "b"),
    np.array([[0.0, 10], [5, 20], [10, 30], [20, 50], [15, 40]]),
    attributes={"period": ("2020", "2020", "2021", "2021", "2021")},
)


def test_a_panel_ranks_within_periods_and_scores_over_all_of_them():
    result = compute(FLAT, PANEL, Method())
    assert result.rows == ("A 2020", "B 2020", "A 2021", "B 2021", "C 2021")
    # Scales over all rows: a from 0 to 20, b from 10 to 50.
    assert result.column("index").tolist() == [0, 25, 50, 100, 75]
    assert result.ranks[:, 0].tolist() == [2, 1, 3, 1, 2]


def test_the_rows_of_a_panel_may_stand_in_any_order():
    order = [3, 0, 4, 1, 2]
    turned = Data(
        tuple(PANEL.units[row] for row in order),
        PANEL.codes,
        PANEL.values[order],
        attributes={"period": tuple(PANEL.attributes["period"][row] for row in order)},
    )
    straight, found = compute(FLAT, PANEL, Method()), compute(FLAT, turned, Method())
    assert found.scores.tolist() == straight.scores[order].tolist()
    assert found.ranks.tolist() == straight.ranks[order].tolist()


def test_cells_that_do_not_apply_are_never_filled_and_count_for_nothing():
    data = Data(
        ("A", "B", "C"),
        ("a", "b"),
        np.array([[2.0, nan], [4.0, 8.0], [nan, 7.0]]),
        applies=np.array([[True, False], [True, True], [True, True]]),
    )
    method = Method(
        impute=Impute("mean"),
        normalise=Normalise("none"),
        aggregate=Aggregate(Rule(min_available=1.0)),
    )
    result = compute(FLAT, data, method)
    # A has all that applies to it; C's gap takes the mean of 2 and 4.
    assert np.array_equal(result.scores, [[2, 2, nan], [6, 4, 8], [5, 3, 7]], equal_nan=True)
    assert list(zip(result.trace.row, result.trace.code, result.trace.after.tolist(), strict=True)) == [
        ("C", "a", 3)
    ]
    assert result.unfilled == ()


def test_a_group_is_asked_for_where_any_of_its_indicators_applies():
    # In A b does not apply and a is missing: g has no score and is missed. In B nothing of g applies.
    tree = Tree((Node("index", None), Node("g", "index"), Node("d", "index"), Node("a", "g"), Node("b", "g")))
    data = Data(
        ("A", "B"),
        ("d", "a", "b"),
        np.array([[4.0, nan, nan], [6.0, nan, nan]]),
        applies=np.array([[True, True, False], [True, False, False]]),
    )
    strict = replace(PLAIN, aggregate=Aggregate(Rule(min_available=1.0)))
    assert np.array_equal(compute(tree, data, strict).column("index"), [nan, 6], equal_nan=True)


def test_cells_that_could_not_be_filled_are_named():
    rows = {"A": [nan, 1], "B": [2, nan], "C": [4, 3]}
    method = replace(PLAIN, impute=Impute("group_mean", "region"))
    result = compute(FLAT, flat(rows, region=("N", "S", "S")), method)
    assert result.unfilled == (("A", "a"),)
    assert result.column("b").tolist() == [1, 3, 3]
    # Nothing was to be filled: what is missing is no news.
    assert compute(FLAT, flat(rows), PLAIN).unfilled == ()


def test_winsorised_logged_and_lifted_cells_are_traced():
    rows = [[1, 4], [2, 3], [3, 0], [4, 2], [100, 1]]
    data = flat(dict(zip("ABCDE", rows, strict=True)))
    floor = Aggregate(Rule("geometric", zeros="floor", floor=0.5))
    method = replace(PLAIN, treat=Treat("winsorise"), aggregate=floor)
    trace = compute(FLAT, data, method).trace
    found = list(
        zip(trace.step, trace.row, trace.code, trace.before.tolist(), trace.after.tolist(), strict=True)
    )
    assert found == [("winsorise", "E", "a", 100, 4), ("floor", "C", "b", 0, 0.5)]
    logged = compute(FLAT, data, replace(PLAIN, treat=Treat("log"))).trace
    assert (set(logged.step), set(logged.row), set(logged.code)) == ({"log"}, set("ABCDE"), {"a"})
    assert compute(FLAT, data, PLAIN).trace.step == ()


def test_each_policy_on_zeros_does_what_it_says():
    rows = {"A": [4, 0], "B": [4, 9]}
    nodes = [("index", None), ("a", "index"), ("b", "index")]
    lifted = index_of(nodes, rows, rule=Rule("geometric", zeros="floor", floor=1.0))
    assert lifted.column("index").round(12).tolist() == [2, 6]
    assert index_of(nodes, rows, rule=Rule("geometric", zeros="annihilate")).column("index").tolist() == [
        0,
        6,
    ]
    with pytest.raises(NotComputable, match="index: A has 0 for b, of which there is no geometric mean"):
        index_of(nodes, rows, rule=Rule("geometric"))


def test_equal_weights_leave_those_of_the_structure_aside():
    tree = Tree((Node("index", None), Node("a", "index", 3.0), Node("b", "index")))
    data = flat({"A": [1, 5], "B": [4, 8]})
    assert compute(tree, data, PLAIN).column("index").tolist() == [2, 5]
    equal = compute(tree, data, replace(PLAIN, weight=Weight("equal")))
    assert equal.column("index").tolist() == [3, 6]
    assert equal.weights == {"a": 0.5, "b": 0.5}


def test_weights_by_principal_components_are_equal_for_two_children_and_hand_made_for_three():
    # Of two standardised columns both load alike. With a third that is unrelated to them, the eigenvalues are
    # 1 + r, 1, 1 - r: the first alone is above 1, the third child takes no part in it.
    two = compute(FLAT, flat({"A": [1, 5], "B": [4, 8], "C": [2, 1]}), replace(PLAIN, weight=Weight("pca")))
    assert two.weights == {"a": pytest.approx(0.5), "b": pytest.approx(0.5)}
    tree = Tree((*FLAT.nodes, Node("c", "index")))
    values = np.array([[1.0, 1, 1], [1, 1, -1], [-1, -1, 1], [-1, -1, -1], [2, 1, 0], [-2, -1, 0]])
    three = compute(tree, Data(tuple("ABCDEF"), tree.leaves, values), replace(PLAIN, weight=Weight("pca")))
    assert three.weights == {
        "a": pytest.approx(0.5),
        "b": pytest.approx(0.5),
        "c": pytest.approx(0, abs=1e-9),
    }


def test_optimised_weights_go_by_code_and_other_groups_keep_theirs():
    # Uncorrelated children: the importance is the share of w^2 var, so that 4:1 asks for w sd of 2:1. In
    # COINr's get_opt_weights the targets go by place.
    nodes = [Node("index", None), Node("h", "index"), Node("g", "index"), Node("b", "g"), Node("a", "g")]
    tree = Tree((*nodes, Node("d", "h", 3.0), Node("c", "h")))
    values = np.array([[x, y, x, y] for x in (1.0, 3.0) for y in (1.0, 3.0)])
    data = Data(tuple("ABCD"), ("a", "b", "c", "d"), values)
    weight = Weight("optimise", (("a", 0.8), ("b", 0.2)))
    weights = compute(tree, data, replace(PLAIN, weight=weight)).weights
    assert weights["a"] == pytest.approx(2 / 3, abs=1e-4)
    assert weights["b"] == pytest.approx(1 / 3, abs=1e-4)
    assert (weights["d"], weights["c"], weights["h"], weights["g"]) == (0.75, 0.25, 0.5, 0.5)


def test_importances_for_some_children_of_a_group_only_are_refused():
    weight = Weight("optimise", (("a", 1.0),))
    data = flat({"A": [1, 5], "B": [4, 8], "C": [2, 1]})
    with pytest.raises(MethodError, match="no importance is wanted of b"):
        compute(FLAT, data, replace(PLAIN, weight=weight))


def test_children_that_all_have_the_weight_zero_are_refused_by_their_group():
    with pytest.raises(MethodError, match="the children of index all have the weight 0"):
        index_of([("index", None), ("a", "index", 0), ("b", "index", 0)], {"A": [1, 2]})


def test_a_constant_indicator_is_refused_by_its_code():
    # COINr normalises it to NaN and drops it without a word.
    data = flat({"A": [1, 7], "B": [4, 7], "C": [2, 7]})
    for method in ("minmax", "zscore", "distance_to_max"):
        with pytest.raises(NotComputable, match=r"\bb\b"):
            compute(FLAT, data, Method(normalise=Normalise(method)))


def test_negative_scores_have_no_geometric_mean_and_the_unit_is_named():
    method = Method(normalise=Normalise("zscore"), aggregate=Aggregate(Rule("geometric")))
    with pytest.raises(NotComputable, match="index: A has -1 for a, of which there is no geometric mean"):
        compute(FLAT, flat({"A": [1, 9], "B": [2, 5], "C": [3, 1]}), method)


def test_a_denominator_of_zero_is_refused():
    tree = Tree((Node("index", None), Node("a", "index", denominator="people"), Node("b", "index")))
    data = flat({"A": [1, 5], "B": [4, 8]}, people=("0", "3"))
    with pytest.raises(NotComputable, match="A: people is 0"):
        compute(tree, data, Method(denominate=True))


def test_a_missing_denominator_leaves_a_gap_that_the_score_does_without():
    tree = Tree((Node("index", None), Node("a", "index", denominator="people"), Node("b", "index")))
    data = flat({"A": [1, 5], "B": [6, 8]}, people=("", "3"))
    result = compute(tree, data, replace(PLAIN, denominate=True))
    assert np.array_equal(result.scores, [[5, nan, 5], [5, 2, 8]], equal_nan=True)


def test_an_indicator_that_the_data_lack_is_refused():
    with pytest.raises(DataError, match="no column for b"):
        compute(FLAT, Data(("A",), ("a",), np.ones((1, 1))), PLAIN)


def test_equal_scores_share_a_rank_whatever_the_rounding():
    # 0.1 + 0.2 and 0.3: COINr's ranks split them.
    result = index_of(
        [("index", None), ("a", "index"), ("b", "index")], {"A": [0.1, 0.2], "B": [0, 0.3], "C": [0, 0]}
    )
    assert result.column("index")[0] != result.column("index")[1]
    assert result.ranks[:, 0].tolist() == [1, 1, 3]


METHODS = [
    Method(),
    Method(normalise=Normalise("zscore", mean=10, sd=1), impute=Impute("mean")),
    Method(normalise=Normalise("minmax", low=1), aggregate=Aggregate(Rule("geometric"))),
    Method(normalise=Normalise("percentile"), weight=Weight("equal")),
    Method(treat=Treat("winsorise_then_log"), aggregate=Aggregate(Rule(), at=(("g", Rule("borda")),))),
    Method(
        impute=Impute("median"),
        aggregate=Aggregate(Rule(min_available=0.6), at=(("index", Rule("copeland")),)),
    ),
    Method(weight=Weight("pca"), impute=Impute("median")),
]
DEEP = Tree(
    (
        Node("index", None),
        Node("g", "index", 2.0),
        Node("d", "index", direction=-1),
        Node("a", "g"),
        Node("b", "g", 3.0),
        Node("c", "g", 0.5, direction=-1),
    )
)
cell = st.integers(0, 12).map(float) | st.floats(0.01, 100) | st.just(nan)
tables = st.lists(st.lists(cell, min_size=4, max_size=4), min_size=4, max_size=7)


def computed(tree, codes, values, method):
    """The result, or None where this table has none."""
    units = tuple(f"u{number}" for number in range(len(values)))
    try:
        return compute(tree, Data(units, codes, np.array(values)), method)
    except IndexEngineError:
        return None


@given(tables, st.sampled_from(METHODS), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_permuting_units_permutes_scores_and_ranks(values, method, random):
    order = random.sample(range(len(values)), len(values))
    straight = computed(DEEP, DEEP.leaves, values, method)
    turned = computed(DEEP, DEEP.leaves, [values[row] for row in order], method)
    assert (straight is None) == (turned is None)
    if straight is not None and turned is not None:
        assert np.allclose(turned.scores, straight.scores[order], rtol=1e-9, atol=1e-9, equal_nan=True)
        assert np.array_equal(turned.ranks, straight.ranks[order])


@given(tables, st.sampled_from(METHODS), st.permutations(range(6)), st.permutations(range(4)))
@settings(max_examples=60)
def test_permuting_nodes_and_columns_changes_nothing(values, method, nodes, columns):
    straight = computed(DEEP, DEEP.leaves, values, method)
    tree = Tree(tuple(DEEP.nodes[place] for place in nodes))
    codes = tuple(DEEP.leaves[place] for place in columns)
    turned = computed(tree, codes, [[row[place] for place in columns] for row in values], method)
    assert (straight is None) == (turned is None)
    if straight is not None and turned is not None:
        for code in straight.codes:
            assert np.allclose(
                turned.column(code), straight.column(code), rtol=1e-12, atol=1e-12, equal_nan=True
            )


def test_no_module_of_the_engine_imports_what_the_web_process_must_not_pay_for():
    program = """
import importlib, pkgutil, sys
import tessera.engines.index as engine
prefix = engine.__name__ + "."
names = [module.name for module in pkgutil.walk_packages(engine.__path__, prefix)]
for name in names:
    importlib.import_module(name)
print(len(names), *sorted({"scipy", "pandas", "sklearn", "numba"} & set(sys.modules)))
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    count, *heavy = ended.stdout.split()
    assert int(count) >= 28
    assert heavy == []
