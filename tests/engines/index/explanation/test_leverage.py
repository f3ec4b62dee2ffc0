"""Slopes, gains and bands, against cases by hand and against an index that is made anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.index.asem import METHOD, data_of, tree_of
from tests.engines.index.small_indices import index_of, indices, nan

from tessera.engines.index.bands import Completion, Term, outer_band
from tessera.engines.index.compute import compute
from tessera.engines.index.data import Data
from tessera.engines.index.errors import DataError, NotComputable, StructureError
from tessera.engines.index.explanation.leverage import band_narrowing, gain_of_next, leverage, one_changed
from tessera.engines.index.method import Method, Screen
from tessera.engines.index.steps.aggregate import Rule
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.structure import Node, Tree

PAIR = [("index", None), ("a", "index"), ("b", "index")]
NESTED = [("index", None), ("g", "index", 3), ("d", "index"), ("a", "g"), ("b", "g", 4)]
MEANS = (Rule(), Rule("geometric"), Rule("harmonic"), Rule("power", power=2.0), Rule(min_available=0.6))
STEPS = (0.0, 25.0, 50.0, 75.0, 100.0)


def same(found, expected, tolerance=1e-9):
    return np.allclose(found, expected, rtol=tolerance, atol=tolerance, equal_nan=True)


def raised(result, row, column, value):
    """The root's score of a row if one score were another, with the whole index made anew."""
    values = result.data.values.copy()
    values[row, column] = value
    data = Data(result.data.units, result.data.codes, values, result.data.applies)
    return compute(result.tree, data, result.method).scores[row, 0]


def test_the_leverage_in_an_arithmetic_index_is_the_effective_weight():
    # d; a and b within g, weights 1 and 4 of 5, g 3 of 4. Without b, a has all of g.
    result = index_of(NESTED, {"A": [5, 6, 7], "B": [5, 6, nan], "C": [nan, 1, 1], "D": [nan] * 3})
    expected = [[0.25, 0.15, 0.6], [0.25, 0.75, nan], [nan, 0.2, 0.8], [nan] * 3]
    assert same(leverage(result), expected)


def test_the_leverage_on_a_group_is_0_beside_it():
    result = index_of(NESTED, {"A": [5, 6, 7], "B": [5, 6, nan], "C": [5, nan, nan]})
    assert same(leverage(result, "g"), [[0, 0.2, 0.8], [0, 1, nan], [nan, nan, nan]])
    assert same(leverage(result, "d"), [[1, 0, 0], [1, 0, nan], [1, nan, nan]])


@pytest.mark.parametrize(
    ("rule", "row", "slopes"),
    [
        # S = 4: S / 2x.
        (Rule("geometric"), [2, 8], [1, 0.25]),
        # S = 1.6: S^2 / 2x^2.
        (Rule("harmonic"), [1, 4], [1.28, 0.08]),
        # S = 5: x / 2S.
        (Rule("power", power=2.0), [1, 7], [0.1, 0.7]),
        # S = 4, of which what lies below the floor knows nothing.
        (Rule("geometric", zeros="floor", floor=2.0), [1, 8], [0, 0.25]),
        (Rule("geometric", zeros="annihilate"), [0, 8], [nan, 0]),
    ],
)
def test_the_leverage_in_a_power_mean(rule, row, slopes):
    assert same(leverage(index_of(PAIR, {"U": row}, rule=rule)), [slopes])


@given(indices(MEANS, MEANS))
def test_leverage_is_the_slope_of_the_index_made_anew(result):
    found = leverage(result)
    assert np.array_equal(
        np.isnan(found), np.isnan(result.data.values) | np.isnan(result.column("index"))[:, None]
    )
    step = 1e-5
    for row, column in np.argwhere(~np.isnan(found)):
        score = result.data.values[row, column]
        rise = raised(result, row, column, score + step) - raised(result, row, column, score - step)
        assert rise / (2 * step) == pytest.approx(found[row, column], abs=1e-5)


def test_the_gain_is_that_of_the_next_option():
    # sqrt(4 * 16) = 8: a to 9 gives 12, b to 25 gives 10. B is at the top of a and has no b.
    result = index_of(PAIR, {"A": [4, 16], "B": [9, nan]}, rule=Rule("geometric"))
    assert same(gain_of_next(result, [(1, 4, 9), (1, 16, 25)]), [[4, 2], [nan, nan]])


def test_a_score_between_options_rises_to_the_next_one_and_rounding_is_no_gain():
    result = index_of(PAIR, {"A": [60, 100 / 3 - 1e-12]})
    assert same(gain_of_next(result, [(0, 50, 100), (0, 100 / 3, 100)]), [[20, 100 / 3]])


def test_an_indicator_without_options_has_no_gain():
    assert same(gain_of_next(index_of(PAIR, {"A": [60, 10]}), [(), (0, 50)]), [[nan, 20]])


@given(indices(MEANS, MEANS))
def test_gains_are_those_of_the_index_made_anew(result):
    gains = gain_of_next(result, [STEPS] * len(result.tree.leaves))
    for (row, column), gain in np.ndenumerate(gains):
        score = result.data.values[row, column]
        higher = [option for option in STEPS if option > score + 1e-9]
        if not higher or np.isnan(result.scores[row, 0]):
            assert np.isnan(gain)
        else:
            expected = raised(result, row, column, higher[0]) - result.scores[row, 0]
            assert gain == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_steps_that_do_not_fit_are_refused():
    result = index_of(PAIR, {"A": [60, 10]})
    with pytest.raises(DataError, match="given for 1 indicators; the structure has 2"):
        gain_of_next(result, [(0, 50)])
    for wrong in ((50, 0), (0, 0), (0, nan), (0, np.inf)):
        with pytest.raises(DataError, match=r"b: the steps .* are not finite numbers that rise"):
            gain_of_next(result, [(0, 50), wrong])


def test_contests_are_refused_by_group_and_method():
    for method in ("copeland", "borda"):
        result = index_of(PAIR, {"A": [60, 10], "B": [1, 2]}, rule=Rule(method))
        with pytest.raises(NotComputable, match=f"index: its method is {method}, in which"):
            gain_of_next(result, [(0, 50), (0, 50)])
        with pytest.raises(NotComputable, match=f"index: its method is {method}, in which"):
            leverage(result)


def test_the_leverage_on_an_unknown_node_is_refused():
    with pytest.raises(StructureError, match="has no h; its root is index"):
        leverage(index_of(PAIR, {"A": [60, 10]}), "h")


def test_an_answer_narrows_the_band_by_its_weight():
    # Weights at the top: d 0.25, a 0.15, b 0.6; where a does not apply, b has all of g's 0.75.
    tree = Tree(tuple(Node(*node) for node in NESTED))
    data = Data(
        ("A", "B", "C"),
        tree.leaves,
        np.array([[nan, 50.0, nan], [100.0, nan, nan], [0.0, 0.0, 0.0]]),
        np.array([[True, True, True], [True, False, True], [True, True, True]]),
    )
    result = compute(tree, data, Method(normalise=Normalise("none")))
    found = band_narrowing(result, [(0, 50, 100), (0, 100), (20, 100)])
    assert same(found, [[25, nan, 48], [nan, nan, 60], [nan] * 3])


def test_a_row_that_was_screened_out_has_no_band():
    tree = Tree(tuple(Node(*node) for node in PAIR))
    data = Data(("A", "B"), tree.leaves, np.array([[nan, nan], [1.0, nan]]))
    method = Method(screen=Screen(0.5), normalise=Normalise("none"))
    assert same(band_narrowing(compute(tree, data, method), [(0, 100), (0, 100)]), [[nan, nan], [nan, 50]])


@given(indices((Rule(),), (Rule(),)), st.data())
def test_the_band_narrows_as_the_outer_bands_of_completions_say(result, draw):
    tree, values = result.tree, result.data.values
    steps = [sorted(draw.draw(st.sets(st.sampled_from(STEPS), min_size=1, max_size=3))) for _ in tree.leaves]
    found = band_narrowing(result, steps)
    weights = {}
    for leaf in tree.leaves:
        weights[leaf], code = 1.0, leaf
        while code != tree.root:
            weights[leaf] *= result.weights[code]
            code = tree.by_code[code].parent

    def width(row, answered=None):
        terms = []
        for place, leaf in enumerate(tree.leaves):
            points = tuple(steps[place]) if np.isnan(values[row, place]) else (float(values[row, place]),)
            terms.append(Term(leaf, weights[leaf], points[:1] if place == answered else points, ()))
        low, high = outer_band([Completion(1.0, tuple(terms))])
        return high - low

    for (row, place), narrowed in np.ndenumerate(found):
        if np.isnan(values[row, place]):
            assert narrowed == pytest.approx(width(row) - width(row, place), abs=1e-9)
        else:
            assert np.isnan(narrowed)


def test_the_band_of_other_means_is_refused():
    result = index_of(NESTED, {"A": [5, 6, 7]}, at={"g": Rule("geometric")})
    with pytest.raises(NotComputable, match="g: its method is geometric; only in arithmetic"):
        band_narrowing(result, [(0, 100)] * 3)


def test_a_changed_score_that_has_no_mean_is_refused():
    result = index_of(PAIR, {"A": [4, 9], "B": [1, 1]}, rule=Rule("geometric"))
    with pytest.raises(NotComputable, match="index with b changed: B has -1 for b, of which there is no"):
        one_changed(result, {"b": np.array([1.0, -1.0])}, asked=True)


def test_changes_stand_in_the_order_given_and_a_group_can_change():
    result = index_of(NESTED, {"A": [5, 6, 7], "B": [1, 2, 3]})
    changed = {"g": np.array([9.0, nan]), "d": np.array([1.0, 1.0])}
    # g of A is 6.8, of B 2.8.
    assert same(one_changed(result, changed, asked=True), [[8, 1], [5.35, 2.35]])


def test_the_leverage_of_all_of_asem_is_its_effective_weights(shared):
    tree = tree_of(shared)
    result = compute(tree, data_of(shared, tree), METHOD)
    found = leverage(result)
    assert found.shape == (51, 49)
    # An index of weighted means on complete data is linear: the slopes and the scores make it up.
    assert np.allclose((found * result.prepared.normalised).sum(axis=1), result.column(tree.root), rtol=1e-9)
