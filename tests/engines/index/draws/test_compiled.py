"""The compiled loops, by hand and against the runs that numpy makes."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.engines.index.compute import compute, periods, ranks_within
from tessera.engines.index.data import Data
from tessera.engines.index.draws.cells import AlikeCells, strips_of
from tessera.engines.index.draws.compiled import add_scores, choose
from tessera.engines.index.draws.runs import Runs
from tessera.engines.index.errors import NotComputable
from tessera.engines.index.factors import Choice, Doubt, UncertainCells, WeightNoise, WeightSets, WeightShares
from tessera.engines.index.method import Method, Screen
from tessera.engines.index.steps.aggregate import Aggregate, Rule
from tessera.engines.index.steps.impute import Impute
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.steps.treat import Treat
from tessera.engines.index.structure import Node, Tree

nan = np.nan

TREE = Tree(
    (
        Node("index", None),
        Node("g", "index", 2.0),
        Node("h", "index"),
        Node("a", "g"),
        Node("b", "g", 3.0, direction=-1),
        Node("c", "h", 2.0),
        Node("d", "h", direction=-1),
        Node("e", "index", 0.5),
    )
)
LEAVES = TREE.leaves
TARGETS = ("index", "g", "h")
UNITS = tuple("PQRSTU")
FIGURES = np.array(
    [
        [12.0, 3, 45, 60, 71],
        [50, 22, 61, 15, 90],
        [33, 70, 18, 44, 26],
        [81, 64, 77, 29, 13],
        [5, 48, 39, 83, 55],
        [67, 35, 9, 52, 38],
    ]
)
DATA = Data(UNITS, LEAVES, FIGURES, attributes={"region": tuple("NNNSSS")})
CHANCES = {
    1: [(1.0,)],
    2: [(0.5, 0.5), (0.9, 0.1)],
    3: [(1 / 3,) * 3, (0.2, 0.3, 0.5)],
    7: [(1 / 7,) * 7, (0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)],
}


def doubts_of(*counts):
    """A doubt of every answer but the first and the last unit's, with these numbers of values by turns."""
    chances = [each for count in counts for each in CHANCES[count]]
    return tuple(
        Doubt(unit, code, tuple(FIGURES[row, column] + 2.5 * k for k in range(len(own))), own)
        for row, unit in enumerate(UNITS[1:-1], 1)
        for column, code in enumerate(LEAVES)
        for own in [chances[(row + 2 * column) % len(chances)]]
    )


ANSWERS = UncertainCells("answers", doubts=doubts_of(1, 2, 3, 7))


def runs_both_ways(method, *factors, data=DATA, tree=TREE, targets=TARGETS, draws=300):
    """By numpy and by compiled loops."""
    method = replace(method, uncertain=factors)
    both = []
    for compiled in (False, True):
        runs = Runs(tree, data, method, targets, 5, compiled)
        both.append(runs.scores(runs.keys(0, draws)))
    return both


def assert_the_same(plain, compiled, data=DATA):
    assert compiled.failed == plain.failed
    assert compiled.scores.shape == plain.scores.shape
    np.testing.assert_allclose(compiled.scores, plain.scores, rtol=0, atol=1e-9)
    ranks = [ranks_within(periods(data), found.scores) for found in (plain, compiled)]
    assert np.array_equal(*ranks)
    # Else there would be nothing to compare.
    assert np.nan_to_num(plain.scores).std(axis=0).max() > 0.1


def levels_of(cells, rows):
    """As they come from the generator: laid out by rows, whole steps of it."""
    found = np.zeros((len(rows), -(-cells // 16) * 16), dtype=np.uint16)
    found[:, :cells] = rows
    return found


def test_a_value_begins_above_its_edge():
    # The second and third of three cells, with three values and two.
    levels = levels_of(3, [[7, 0, 65535], [7, 9, 8], [7, 10, 7], [7, 99, 6], [7, 100, 7], [7, 65535, 0]])
    values = np.array([50.0, 1, 2, 3, -4, 0.5])
    edges = np.array([[9, 6], [99, 65535]], dtype=np.uint16)
    found = np.full((6, 2), nan)
    choose(levels, 1, values, np.array([1, 4]), edges, found)
    assert found.T.tolist() == [[1, 1, 2, 2, 3, 3], [0.5, 0.5, 0.5, -4, 0.5, -4]]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_cells_are_chosen_as_numpy_chooses_them(data):
    cells, most, runs = (data.draw(st.integers(*ends)) for ends in ((1, 40), (1, 7), (1, 40)))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    levels = levels_of(cells, rng.integers(0, 65536, (runs, cells), dtype=np.uint16))
    # Levels on an edge, too; after a cell's last value none that is ever passed.
    edges = np.sort(rng.choice(np.append(levels.ravel(), [0, 65534]), (cells, most - 1)), axis=1).T
    counts = rng.integers(1, most + 1, cells)
    edges = np.where(np.arange(1, most)[:, None] < counts, edges, np.uint16(65535))
    values = rng.normal(size=counts.sum())
    nowhere = np.zeros(cells, dtype=np.intp)
    alike = AlikeCells(nowhere, nowhere, values, np.cumsum(counts) - counts, counts, edges)
    first = data.draw(st.integers(0, cells - 1))
    part = slice(first, data.draw(st.integers(first + 1, cells)))
    found, expected = np.zeros((2, runs, part.stop - first))
    alike.draw(levels, part, found, compiled=True)
    alike.draw(levels, part, expected, compiled=False)
    assert np.array_equal(found, expected)


def scored(values, direction, weights, low=0.0, high=100.0):
    """From values of shape (n_runs, n_indicators, n_rows); None where a column is constant."""
    found = np.zeros((values.shape[0], values.shape[2]))
    values, direction, weights = (np.array(each, dtype=float) for each in (values, direction, weights))
    return found if add_scores(values, direction, weights, low, high, found) else None


def test_scores_are_weighted_means_of_min_max_scores_of_each_run_by_itself():
    # Indicators by units in two runs; the second indicator is the better the lower.
    values = np.array([[[0.0, 1, 4], [6, 2, 3]], [[2, 4, 3], [5, 0, 1]]])
    weights = [[0.75, 0.25], [0.5, 0.5]]
    # First run: 0, 25, 100 and 0, 100, 75. Second run: 0, 100, 50 and 0, 100, 80.
    assert scored(values, [1, -1], weights) == pytest.approx(np.array([[0, 43.75, 93.75], [0, 100, 65]]))
    # On a scale from 10 to 20.
    found = scored(values, [1, -1], weights, 10.0, 20.0)
    assert found == pytest.approx(np.array([[10, 14.375, 19.375], [10, 20, 16.5]]))
    # From below 0 to above, and below 0 alone, they are the same.
    for shift in (2.5, 10.0):
        assert scored(values - shift, [1, -1], weights) == pytest.approx(scored(values, [1, -1], weights))


def test_scores_are_added_to_those_that_are_there():
    scores = np.array([[1.0, 2.0]])
    assert add_scores(np.array([[[3.0, 7.0]]]), np.ones(1), np.array([[0.5]]), 0.0, 100.0, scores)
    assert scores.tolist() == [[1.0, 52.0]]


def test_a_column_that_is_constant_in_one_run_is_told():
    values = np.array([[[0.0, 1], [6, 2]], [[2, 4], [5, 5]]])
    weights = np.full((2, 2), 0.5)
    assert scored(values, [1, 1], weights) is None
    # Equal but for rounding.
    values[1, 1, 0] = np.nextafter(5.0, 6.0)
    assert scored(values, [1, 1], weights) is None
    assert scored(values[:1], [1, 1], weights[:1]) is not None


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 40), st.integers(1, 5), st.integers(1, 9), st.integers(0, 2**32))
def test_scores_follow_their_units_and_leave_the_order_of_indicators_and_runs_aside(
    rows, columns, runs, seed
):
    rng = np.random.default_rng(seed)
    values = rng.uniform(-50, 50, (runs, columns, rows))
    direction = rng.choice([-1.0, 1.0], columns)
    weights = rng.dirichlet(np.ones(columns), runs)
    found = scored(values, direction, weights)
    directed = values * direction[:, None]
    lowest, highest = (each(axis=2, keepdims=True) for each in (directed.min, directed.max))
    by_formula = 100 * (weights[:, :, None] * (directed - lowest) / (highest - lowest)).sum(axis=1)
    np.testing.assert_allclose(found, by_formula, rtol=0, atol=1e-6)
    order, indicators, units = (rng.permutation(n) for n in values.shape)
    moved = scored(
        values[order][:, indicators][:, :, units], direction[indicators], weights[order][:, indicators]
    )
    np.testing.assert_allclose(moved, found[order][:, units], rtol=0, atol=1e-6)


@pytest.mark.parametrize("count", [2, 3, 7])
def test_doubts_of_any_number_of_values_are_drawn_the_same(count):
    answers = UncertainCells("answers", doubts=doubts_of(count))
    assert_the_same(*runs_both_ways(Method(), answers))


WEIGHTS = [
    WeightNoise("noise", 0.25, (1, 2)),
    WeightShares("shares", 20.0, (1, 2)),
    WeightSets("sets", ("index", "g", "h", "e"), np.array([[1.0, 1, 4, 2], [9, 3, 0, 1], [1, 2, 2, 1]])),
]


@pytest.mark.parametrize("weights", WEIGHTS, ids=lambda factor: factor.name)
def test_weights_may_be_drawn_along(weights):
    # More runs than are drawn together, and a last part that is shorter.
    assert_the_same(*runs_both_ways(Method(), weights, ANSWERS, draws=2500))


METHODS = {
    "scale of 0 to 100": Method(),
    "another scale": Method(normalise=Normalise(low=-3.0, high=7.0)),
    "z-scores": Method(normalise=Normalise("zscore", mean=10.0, sd=2.0)),
    "no scale": Method(normalise=Normalise("none")),
    "geometric": Method(normalise=Normalise(low=1.0), aggregate=Aggregate(Rule("geometric"))),
    "one group geometric": Method(
        normalise=Normalise(low=1.0), aggregate=Aggregate(Rule(), at=(("h", Rule("geometric")),))
    ),
    "winsorised": Method(treat=Treat("winsorise", skew=0.1, kurtosis=-9.0, max_winsorised=1)),
}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())
def test_each_method_makes_the_same_scores_compiled_or_not(method):
    assert_the_same(*runs_both_ways(method, ANSWERS))


def test_methods_of_which_only_some_are_compiled_may_alternate():
    scale = Choice("scale", "normalise", None, (Normalise(), Normalise("zscore"), Normalise(high=10.0)))
    mean = Choice("mean", "aggregate", None, (Aggregate(), Aggregate(Rule("power", power=2.0))))
    assert_the_same(*runs_both_ways(Method(), scale, mean, ANSWERS, draws=900))


HOLES = FIGURES.copy()
HOLES[[0, 2, 4, 5], [1, 0, 3, 4]] = nan
WITH_HOLES = replace(DATA, values=HOLES)


@pytest.mark.parametrize("group", [None, "region"])
def test_missing_answers_may_be_drawn_from_a_class(group):
    # Of a region two or three answers, of all units five.
    answers = UncertainCells("answers", missing="class", group=group, doubts=doubts_of(1, 2, 3, 7))
    assert_the_same(*runs_both_ways(Method(), answers, data=WITH_HOLES))


@pytest.mark.parametrize("impute", [Impute(), Impute("median")], ids=["left missing", "imputed"])
def test_missing_answers_that_are_not_drawn_make_the_same_scores(impute):
    answers = UncertainCells("answers", doubts=doubts_of(2, 3)[1:3])
    assert_the_same(*runs_both_ways(Method(impute=impute), answers, data=WITH_HOLES))


def test_units_that_are_screened_out_have_no_score_either_way():
    # P has three of five answers. That of R is drawn, so that nothing is missing.
    figures = FIGURES.copy()
    figures[[0, 0, 2], [1, 3, 0]] = nan
    answers = UncertainCells("answers", missing="class", group="region", doubts=doubts_of(2, 3))
    plain, compiled = runs_both_ways(Method(screen=Screen(0.7)), answers, data=replace(DATA, values=figures))
    assert_the_same(plain, compiled)
    assert np.isnan(compiled.scores).any(axis=(0, 1)).tolist() == [True] + [False] * 5


def test_ranks_of_a_panel_are_the_same_in_each_period():
    panel = replace(DATA, units=tuple("PQRPQR"), attributes={"period": tuple("111222")})
    named = dict(zip(UNITS, panel.rows, strict=True))
    answers = UncertainCells("answers", doubts=tuple(replace(d, row=named[d.row]) for d in doubts_of(2, 3)))
    assert_the_same(*runs_both_ways(Method(), answers, data=panel), panel)


def test_units_with_equal_answers_share_their_rank_in_every_run():
    tree = Tree((Node("index", None), Node("a", "index", 0.1), Node("b", "index", 0.7, direction=-1)))
    data = Data(tuple("PQR"), ("a", "b"), np.array([[0.1, 0.3], [0.1, 0.3], [0.7, 0.9]]))
    answers = UncertainCells("answers", doubts=(Doubt("R", "a", (0.7, 0.2, 1.3), (0.2, 0.3, 0.5)),))
    noise = WeightNoise("noise", 0.5, (1,))
    for found in runs_both_ways(Method(), noise, answers, tree=tree, data=data, targets=("index",)):
        ranks = ranks_within(periods(data), found.scores)[:, 0]
        assert np.array_equal(ranks[:, 0], ranks[:, 1])


def test_a_run_with_a_constant_column_fails_alone_and_with_the_reason_of_a_single_index():
    tree = Tree((Node("index", None), Node("a", "index"), Node("b", "index", direction=-1)))
    data = Data(tuple("PQR"), ("a", "b"), np.array([[1.0, 1], [2, 0], [4, 0]]))
    answers = UncertainCells("answers", doubts=(Doubt("P", "b", (1.0, 0.0), (0.5, 0.5)),))
    plain, compiled = runs_both_ways(Method(), answers, tree=tree, data=data, targets=("index",))
    assert compiled.failed == plain.failed
    assert 90 < len(compiled.failed) < 210
    with pytest.raises(NotComputable) as refused:
        compute(tree, replace(data, values=np.array([[1.0, 0], [2, 0], [4, 0]])), Method())
    assert set(compiled.failed.values()) == {str(refused.value)}
    failed = np.array([run in compiled.failed for run in range(300)])
    assert np.isnan(compiled.scores[failed]).all()
    # a: 0, 100/3, 100; b: 0, 100, 100.
    assert compiled.scores[~failed, 0] == pytest.approx(
        np.broadcast_to([0, 200 / 3, 100], (sum(~failed), 3)), abs=1e-12
    )


@pytest.mark.parametrize("compiled", [False, True], ids=["numpy", "compiled"])
def test_the_same_run_alone_and_among_others_has_the_same_score(compiled):
    noise = WeightNoise("noise", 0.25, (1, 2))
    method = Method(uncertain=(noise, ANSWERS))
    runs = Runs(TREE, DATA, method, TARGETS, 5, compiled)
    keys = runs.keys(0, 1500)
    whole = runs.scores(keys).scores
    for first, last in ((0, 1), (7, 9), (1000, 1500)):
        assert np.array_equal(runs.scores(keys[first:last]).scores, whole[first:last])


WIDE = Tree((Node("index", None), *(Node(f"i{n}", "index", direction=(-1) ** n) for n in range(7))))


def wide_answers(rows, seed):
    """Figures of many units, of which a part is doubted in each column: all, some, or no cell of it."""
    rng = np.random.default_rng(seed)
    figures = rng.normal(size=(rows, 7))
    data = Data(tuple(f"u{row}" for row in range(rows)), WIDE.leaves, figures)
    doubts = []
    for column, share in enumerate((1.0, 1.0, 0.5, 0.02, 0.0, 1.0, 0.9)):
        for row in np.flatnonzero(rng.random(rows) < share):
            count = int(rng.integers(1, 12))
            own = rng.dirichlet(np.ones(count)) if rng.random() < 0.7 else np.full(count, 1 / count)
            values = figures[row, column] + rng.normal(size=count)
            doubts.append(Doubt(f"u{row}", f"i{column}", tuple(values.tolist()), tuple(own.tolist())))
    return data, UncertainCells("answers", doubts=tuple(doubts))


@pytest.mark.parametrize("scale", ["minmax", "zscore", "distance_to_max"])
def test_a_table_in_several_strips_is_scored_like_the_whole_table(scale):
    data, answers = wide_answers(700, 3)
    noise = WeightNoise("noise", 0.25, (1,))
    method = Method(normalise=Normalise(scale), uncertain=(noise, answers))
    plain, compiled = (Runs(WIDE, data, method, ("index",), 5, way) for way in (False, True))
    assert len(strips_of([], data.values)) > 2
    keys = plain.keys(0, 300)
    found = [runs.scores(keys).scores for runs in (plain, compiled)]
    np.testing.assert_allclose(*found, rtol=0, atol=1e-9)
    # The tables, read off indices of one indicator each, and scored one by one.
    alone = Tree(
        (
            Node("index", None),
            *(Node(f"g{n}", "index") for n in range(7)),
            *(Node(leaf, f"g{n}") for n, leaf in enumerate(WIDE.leaves)),
        )
    )
    reading = Method(normalise=Normalise("none"), uncertain=(answers,))
    tables = Runs(alone, data, reading, tuple(f"g{n}" for n in range(7)), 5).scores(keys[:3, 1:]).scores
    unshaken = replace(method, uncertain=(answers,))
    scores = Runs(WIDE, data, unshaken, ("index",), 5).scores(keys[:3, 1:]).scores[:, 0]
    for table, one in zip(tables, scores, strict=True):
        expected = compute(WIDE, replace(data, values=table.T), replace(method, uncertain=()))
        np.testing.assert_allclose(one, expected.column("index"), rtol=0, atol=1e-9)
    for runs, whole in zip((plain, compiled), found, strict=True):
        assert np.array_equal(runs.scores(keys[40:43]).scores, whole[40:43])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.booleans())
def test_random_answers_are_scored_the_same_with_holes_constant_columns_and_choices(seed, holes):
    rng = np.random.default_rng(seed)
    # Few different figures: a column is constant in some runs.
    figures = rng.integers(0, 3, (4, 5)).astype(float)
    figures[0], figures[-1] = 0, 2
    if holes:
        figures[1, rng.integers(5)] = nan
    data = Data(tuple("PQRS"), LEAVES, figures)
    doubts = tuple(
        Doubt(unit, code, tuple(rng.permutation(3)[:count].astype(float).tolist()), (1 / count,) * count)
        for unit in "PQRS"
        for code in LEAVES
        for count in [int(rng.integers(4))]
        if count
    )
    answers = UncertainCells("answers", missing="class" if holes else None, doubts=doubts)
    scale = Choice("scale", "normalise", None, (Normalise(), Normalise("zscore"), Normalise("none")))
    factors = (scale, WeightNoise("noise", 0.25, (2,)), answers)
    plain, compiled = runs_both_ways(Method(), *factors, data=data, draws=60)
    assert compiled.failed == plain.failed
    np.testing.assert_allclose(compiled.scores, plain.scores, rtol=0, atol=1e-9)


def test_without_the_extra_compiled_loops_are_refused_with_the_remedy():
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "from tessera.engines.index.draws.compiled import loops\n"
        "loops()\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "MethodError: compiled loops need the extra: pip install 'tessera[fast]'" in ran.stderr
