"""What an audit points at, by hand and against COINr's reliabilities."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.index import asem

from tessera.engines.index.errors import DataError, StructureError
from tessera.engines.index.flags import (
    Flag,
    redundant_or_conflicting,
    stronger_with_another_parent,
    thin_data,
    unreliable_groups,
)
from tessera.engines.index.steps.treat import Treat


def table(*columns):
    return np.array(columns, dtype=np.float64).T


def test_pairs_of_a_group_are_flagged_once_and_others_never():
    r = np.array(
        [[1, 0.95, -0.2, 0.99], [0.95, 1, 0.9, -0.9], [-0.2, 0.9, 1, math.nan], [0.99, -0.9, math.nan, 1]]
    )
    found = redundant_or_conflicting(r, codes=("a", "b", "c", "d"), parents=("g", "g", "g", "h"))
    assert found == [Flag("a", "redundant with b", 0.95, 0.9), Flag("a", "conflicting with c", -0.2, 0.0)]


def test_an_indicator_closer_to_another_group_is_flagged_with_both_correlations():
    # By hand: of a with g 1/2, with h 1; of b with g 1, with h 1/2; c's own group is constant.
    x = table((1, 2, 3, math.nan), (1, 3, 2, 5), (3, 1, 2, math.nan))
    scores = table((1, 3, 2, 5), (1, 2, 3, math.nan), (7, 7, 7, 7))
    found = stronger_with_another_parent(
        x, scores, codes=("a", "b", "c"), parents=("g", "g", "k"), parent_codes=("g", "h", "k")
    )
    assert [(flag.code, flag.flag) for flag in found] == [("a", "stronger with h")]
    assert (found[0].value, found[0].threshold) == (pytest.approx(1.0), pytest.approx(0.5))


def test_a_parent_without_a_score_is_refused_by_its_code():
    with pytest.raises(StructureError, match="no score of h: the scores are of g"):
        stronger_with_another_parent(
            table((1, 2, 3)), table((1, 2, 3)), codes=("a",), parents=("h",), parent_codes=("g",)
        )


def test_a_group_is_unreliable_by_hand_where_its_alpha_is_low():
    # Variances 1 and 14/3, covariance 1/2 over the three units of both: 2 * 1 / (1 + 14/3 + 1) is 0.3.
    # Two equal columns have 1.
    x = table((1, 2, 3, math.nan), (1, 2, 5, 4), (2, 1, 3, 6), (1, 2, 5, 4))
    (found,) = unreliable_groups(x, codes=("a", "b", "c", "d"), parents=("g", "h", "g", "h"))
    assert (found.code, found.flag, found.threshold) == ("g", "unreliable", 0.7)
    assert found.value == pytest.approx(0.3)


def test_only_groups_of_two_and_more_can_be_unreliable(shared):
    tree = asem.tree_of(shared)
    _, codes, scores = asem.table(shared, "normalised_minmax_0_100.csv")
    found = unreliable_groups(
        np.column_stack([scores, scores[:, 0]]),
        codes=(*codes, "lone"),
        parents=(*(tree.by_code[code].parent for code in codes), "Lone"),
    )
    # cronbach.csv: only P2P (0.85) and Social (0.886) reach 0.7.
    assert {flag.code for flag in found} == {
        "Physical", "ConEcFin", "Political", "Instit", "Environ", "SusEcFin"
    }  # fmt: skip
    assert {(flag.flag, flag.threshold) for flag in found} == {("unreliable", 0.7)}


def test_thin_data_are_flagged_for_each_reason():
    nan = math.nan
    x = table(
        (1, 2, nan, nan, nan, 3),
        (0, 0, 0, 0, 1, 2),
        (4, 4, 4, 4, 5, 6),
        (1, 2, 3, 4, 5, 6),
        (1, 1, 2, 2, 3, 99),
        (99, 1, 1, 2, 2, 3),
    )
    applies = np.full(x.shape, True)
    applies[2:4, 3] = applies[0, 5] = False
    found = [
        (flag.code, flag.flag)
        for flag in thin_data(x, applies, codes=("a", "b", "c", "d", "e", "f"), limits=Treat())
    ]
    assert found == [
        ("a", "missing"),
        ("b", "zeros"),
        ("b", "same_value"),
        ("c", "same_value"),
        ("e", "skewed"),
    ]


def test_a_value_at_its_limit_is_no_flag():
    # Two of three are there, half of the values are 0 and half are the same, and r is 0.9 and 0.
    x = table((0, 0, 1, 2, math.nan, math.nan))
    assert thin_data(x, np.full(x.shape, True), codes=("a",), limits=Treat()) == []
    r = np.array([[1, 0.9, 0.0], [0.9, 1, 0.5], [0.0, 0.5, 1]])
    assert redundant_or_conflicting(r, codes=("a", "b", "c"), parents=("g", "g", "g")) == []


@given(st.integers(0, 999), st.permutations(range(9)), st.floats(0.1, 100))
@settings(max_examples=30, deadline=None)
def test_neither_the_order_nor_the_scale_of_the_units_changes_a_flag(seed, order, scale):
    x = np.random.default_rng(seed).integers(0, 5, size=(9, 4)).astype(np.float64)
    codes, parents = ("a", "b", "c", "d"), ("g", "g", "h", "h")
    scores = np.column_stack([x[:, :2].mean(axis=1), x[:, 2:].mean(axis=1)])

    def flagged(x, scores):
        found = thin_data(
            x, np.full(x.shape, True), codes=codes, limits=Treat()
        ) + stronger_with_another_parent(x, scores, codes=codes, parents=parents, parent_codes=("g", "h"))
        return [(flag.code, flag.flag) for flag in found if not near(flag)]

    def near(flag):
        return abs(flag.value - flag.threshold) < 1e-6

    assert flagged(scale * x[order], scale * scores[order]) == flagged(x, scores)


def test_codes_must_be_as_many_as_columns():
    with pytest.raises(DataError, match="2 columns, 1 codes"):
        thin_data(table((1, 2), (1, 2)), np.full((2, 2), True), codes=("a",), limits=Treat())
    with pytest.raises(DataError, match="2 columns, 2 codes and 1 parents"):
        redundant_or_conflicting(np.eye(2), codes=("a", "b"), parents=("g",))
