"""Differences of two scores, against cases by hand, ASEM, and the differences that they must add up to."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.engines.index.asem import METHOD, data_of, tree_of
from tests.engines.index.small_indices import WITH_PARTS, index_of, indices, nan

from tessera.engines.index.compute import compute
from tessera.engines.index.errors import DataError, NotComputable, StructureError
from tessera.engines.index.explanation.difference import difference
from tessera.engines.index.steps.aggregate import Rule

GEOMETRIC = Rule("geometric")
PAIR = [("index", None), ("a", "index"), ("b", "index")]
NESTED = [("index", None), ("g", "index"), ("d", "index"), ("a", "g"), ("b", "g")]


def columns(found):
    return {
        code: (scores, weights)
        for code, scores, weights in zip(
            found.codes, found.by_scores.tolist(), found.by_weights.tolist(), strict=True
        )
    }


def between(result, row_a="A", row_b="B"):
    return columns(difference(result, row_a, result, row_b))


def assert_columns(found, expected):
    assert found.keys() == expected.keys()
    for code, pair in expected.items():
        assert found[code] == pytest.approx(pair, abs=1e-12), code


def assert_that_it_adds_up(found, tree, total):
    assert np.allclose(found.by_scores + found.by_weights, found.difference, rtol=0, atol=1e-9)
    place = {code: number for number, code in enumerate(found.codes)}
    for group in tree.groups:
        children = [place[child.code] for child in tree.children[group]]
        for column in (found.difference, found.by_scores, found.by_weights):
            assert column[children].sum() == pytest.approx(column[place[group]], abs=1e-9)
    assert found.difference[0] + found.framework_change == pytest.approx(total, abs=1e-9)


def test_bennet_by_hand_with_a_child_missing_on_one_side():
    # A = 10 / 4 + 20 * 3 / 4 = 17.5, B = 30. a: mean weight 0.625 times 20, and 0.75 of weight times 20.
    result = index_of([("index", None), ("a", "index"), ("b", "index", 3)], {"A": [10, 20], "B": [30, nan]})
    assert_columns(between(result), {"index": (12.5, 0), "a": (12.5, 15), "b": (0, -15)})


def test_a_geometric_difference_belongs_to_the_child_that_moved():
    # sqrt(2 * 8) = 4 and sqrt(8 * 8) = 8.
    result = index_of(PAIR, {"A": [2, 8], "B": [8, 8]}, rule=GEOMETRIC)
    assert_columns(between(result), {"index": (4, 0), "a": (4, 0), "b": (0, 0)})


def test_children_that_grow_alike_share_a_geometric_difference():
    # Both grow fourfold: sqrt(1 * 4) = 2 and sqrt(4 * 16) = 8.
    result = index_of(PAIR, {"A": [1, 4], "B": [4, 16]}, rule=GEOMETRIC)
    assert_columns(between(result), {"index": (6, 0), "a": (3, 0), "b": (3, 0)})


def test_a_child_missing_from_a_geometric_group_is_a_change_of_weight():
    # 4 becomes 2; L(4, 2) = 2 / ln 2. a: L ln 2 / 2 = 1; b: -L ln 8 / 2 = -3.
    result = index_of(PAIR, {"A": [2, 8], "B": [2, nan]}, rule=GEOMETRIC)
    assert_columns(between(result), {"index": (0, -2), "a": (0, 1), "b": (0, -3)})


def test_arithmetic_above_geometric():
    result = index_of(NESTED, {"A": [10, 1, 4], "B": [20, 4, 16]}, at={"g": GEOMETRIC})
    expected = {"index": (8, 0), "g": (3, 0), "d": (5, 0), "a": (1.5, 0), "b": (1.5, 0)}
    assert_columns(between(result), expected)


def test_geometric_above_arithmetic():
    # g goes from (1 + 3) / 2 = 2 to (15 + 1) / 2 = 8, the index from 4 to 8, all by g: 7 and -1 of 6.
    result = index_of(NESTED, {"A": [8, 1, 3], "B": [8, 15, 1]}, at={"index": GEOMETRIC})
    expected = {"index": (4, 0), "g": (4, 0), "d": (0, 0), "a": (14 / 3, 0), "b": (-2 / 3, 0)}
    assert_columns(between(result), expected)


def test_a_group_missing_on_one_side_brings_its_weight_to_its_children():
    # A has d only, 8; B has (8 + 4) / 2 = 6. g brings 4 / 2, its children sqrt(2 * 8) by weight; d loses 4.
    result = index_of(NESTED, {"A": [8, nan, nan], "B": [8, 2, 8]}, at={"g": GEOMETRIC})
    expected = {"index": (0, -2), "g": (0, 2), "d": (0, -4), "a": (0, 1), "b": (0, 1)}
    assert_columns(between(result), expected)
    back = between(result, "B", "A")
    assert_columns(back, {code: (-scores, -weights) for code, (scores, weights) in expected.items()})


def test_the_child_that_annihilates_has_all_of_the_difference():
    result = index_of(PAIR, {"A": [0, 9], "B": [4, 9]}, rule=Rule("geometric", zeros="annihilate"))
    assert_columns(between(result), {"index": (6, 0), "a": (6, 0), "b": (0, 0)})


def test_a_zero_that_is_missing_on_the_other_side_is_a_change_of_weight():
    result = index_of(PAIR, {"A": [0, 9], "B": [nan, 9]}, rule=Rule("geometric", zeros="annihilate"))
    assert_columns(between(result), {"index": (0, 9), "a": (0, 9), "b": (0, 0)})


def test_a_zero_without_weight_brings_no_logarithm():
    rule = Rule("geometric", zeros="annihilate")
    old = index_of([("index", None), ("a", "index"), ("b", "index", 0)], {"U": [4, 0]}, rule=rule)
    new = index_of(PAIR, {"U": [4, 9]}, rule=rule)
    # 4 becomes 6 because b counts now: L(6, 4) = 2 / ln 1.5, half of it times -ln 4 and ln 9.
    half = 1 / math.log(1.5)
    expected = {"index": (0, 2), "a": (0, -half * math.log(4)), "b": (0, half * math.log(9))}
    assert_columns(columns(difference(old, "U", new, "U")), expected)


def test_two_annihilated_scores_do_not_differ():
    result = index_of(PAIR, {"A": [0, 9], "B": [4, 0]}, rule=Rule("geometric", zeros="annihilate"))
    assert_columns(between(result), {"index": (0, 0), "a": (0, 0), "b": (0, 0)})


def test_a_difference_below_the_floor_changes_nothing():
    # 0 and 1 count as 2, so that A and B have 4 and C 8.
    rule = Rule("geometric", zeros="floor", floor=2.0)
    result = index_of(PAIR, {"A": [0, 8], "B": [1, 8], "C": [8, 8]}, rule=rule)
    assert_columns(between(result), {"index": (0, 0), "a": (0, 0), "b": (0, 0)})
    assert_columns(between(result, "A", "C"), {"index": (4, 0), "a": (4, 0), "b": (0, 0)})
    assert_columns(between(result, "C", "A"), {"index": (-4, 0), "a": (-4, 0), "b": (0, 0)})


def test_weights_that_changed_between_versions_stand_apart_from_scores():
    old = index_of(PAIR, {"U": [10, 20]})
    new = index_of([("index", None), ("a", "index", 3), ("b", "index")], {"U": [30, 20]})
    # 15 becomes 27.5. a: 0.625 * 20 and 20 * 0.25; b: 20 * -0.25.
    found = difference(old, "U", new, "U")
    assert_columns(columns(found), {"index": (12.5, 0), "a": (12.5, 5), "b": (0, -5)})
    assert found.framework_change == 0
    assert found.apart == ()


OLD = index_of([("old", None), ("x", "old"), ("y", "old")], {"U": [10, 30]})
NEW = index_of([("new", None), ("x2", "new"), ("z", "new")], {"U": [40, 50]})


def test_indicators_without_counterpart_are_a_change_of_framework():
    # 20 becomes 45. Like for like 10 becomes 40; z lifts the new score by 5, y lifted the old one by 10.
    found = difference(OLD, "U", NEW, "U", crosswalk={"x2": "x"})
    assert_columns(columns(found), {"new": (30, 0), "x2": (30, 0), "z": (0, 0)})
    assert found.framework_change == pytest.approx(-5)
    assert found.apart == ("z", "y")
    assert (found.row_a, found.row_b, found.levels.tolist()) == ("U", "U", [2, 1, 1])


def test_an_indicator_in_another_group_has_no_counterpart():
    moved = [("index", None), ("g", "index"), ("h", "index"), ("a", "g"), ("b", "h"), ("c", "h")]
    before = [("index", None), ("g", "index"), ("h", "index"), ("a", "g"), ("b", "g"), ("c", "h")]
    # Without b: (10 + 30) / 2 = 20 both times; with it (15 + 30) / 2 = 22.5, then (10 + 25) / 2 = 17.5.
    found = difference(index_of(before, {"U": [10, 20, 30]}), "U", index_of(moved, {"U": [10, 20, 30]}), "U")
    assert found.apart == ("b", "b")
    assert not found.difference.any()
    assert found.framework_change == pytest.approx(-5)


def test_what_was_never_asked_does_not_count_for_a_threshold():
    rule = Rule(min_available=0.6)
    old = index_of(PAIR, {"U": [10, nan]}, at={"index": Rule()})
    new = index_of([*PAIR, ("c", "index")], {"U": [20, nan, 50]}, at={"index": rule})
    # Without c the new structure asks for two and has one: below 0.6, so there is nothing to compare.
    with pytest.raises(NotComputable, match="no score to compare"):
        difference(old, "U", new, "U")
    new = index_of([("index", None), ("a", "index"), ("c", "index")], {"U": [20, 50]}, at={"index": rule})
    assert difference(old, "U", new, "U").difference.tolist() == [10, 10, 0]


@given(indices())
def test_differences_add_up_in_any_tree(result):
    top = result.column("index")
    present = [row for place, row in enumerate(result.rows) if not np.isnan(top[place])]
    assume(len(present) > 1)
    for row_b in present[1:]:
        found = difference(result, present[0], result, row_b)
        total = top[result.rows.index(row_b)] - top[result.rows.index(present[0])]
        assert_that_it_adds_up(found, result.tree, total)
        back = difference(result, row_b, result, present[0])
        assert np.allclose(back.difference, -found.difference, rtol=0, atol=1e-9)


def two_with_the_same_rules(rules):
    top, below = rules
    return st.tuples(indices((top,), (below,)), indices((top,), (below,)))


@given(st.tuples(st.sampled_from(WITH_PARTS), st.sampled_from(WITH_PARTS)).flatmap(two_with_the_same_rules))
def test_differences_of_two_frameworks_add_up(versions):
    old, new = versions
    try:
        found = difference(old, "A", new, "A")
    except NotComputable:
        # Nothing in common, or no score.
        return
    assert_that_it_adds_up(found, new.tree, new.scores[0, 0] - old.scores[0, 0])


def test_the_differences_of_asem_add_up(shared):
    tree = tree_of(shared)
    result = compute(tree, data_of(shared, tree), METHOD)
    top = result.column(tree.root)
    assert len(top) == 51
    effective = []
    for leaf in tree.leaves:
        node, product = tree.by_code[leaf], 1.0
        while node.parent is not None:
            product *= node.weight / sum(sibling.weight for sibling in tree.children[node.parent])
            node = tree.by_code[node.parent]
        effective.append(product)
    normalised = result.prepared.normalised
    assert not np.isnan(normalised).any()
    for place in range(1, 51):
        found = difference(result, result.rows[0], result, result.rows[place])
        assert_that_it_adds_up(found, tree, top[place] - top[0])
        leaves = [found.codes.index(leaf) for leaf in tree.leaves]
        # Nothing is missing: each part is the effective weight times the difference of the scores.
        expected = effective * (normalised[place] - normalised[0])
        assert np.allclose(found.by_scores[leaves], expected, rtol=1e-9, atol=1e-9)
        assert np.allclose(found.by_weights, 0, atol=1e-9)


def test_what_cannot_be_divided_is_refused():
    for rule in (Rule("harmonic"), Rule("power", power=0.5), Rule("copeland"), Rule("borda")):
        with pytest.raises(NotComputable, match=f"index: its method is {rule.method}"):
            between(index_of(PAIR, {"A": [1, 2], "B": [2, 3]}, rule=rule))
    with pytest.raises(NotComputable, match="index: arithmetic on one side and geometric on the other"):
        difference(index_of(PAIR, {"A": [1, 2]}), "A", index_of(PAIR, {"A": [1, 2]}, rule=GEOMETRIC), "A")


def test_a_missing_score_and_an_unknown_row_are_refused():
    result = index_of(PAIR, {"A": [1, 2], "B": [nan, nan]})
    with pytest.raises(NotComputable, match="B has no score for index"):
        between(result)
    with pytest.raises(DataError, match="no unit Z"):
        between(result, "A", "Z")


def test_structures_with_nothing_in_common_are_refused():
    with pytest.raises(NotComputable, match="new: without the indicators that only one structure has"):
        difference(OLD, "U", NEW, "U")


def test_a_crosswalk_with_unknown_or_double_codes_is_refused():
    with pytest.raises(StructureError, match="names q, which the structure of b lacks"):
        difference(OLD, "U", NEW, "U", crosswalk={"q": "x"})
    with pytest.raises(StructureError, match="names q, which the structure of a lacks"):
        difference(OLD, "U", NEW, "U", crosswalk={"x2": "q"})
    with pytest.raises(StructureError, match="x2 and z are both x in the structure of a"):
        difference(OLD, "U", NEW, "U", crosswalk={"x2": "x", "z": "x"})
