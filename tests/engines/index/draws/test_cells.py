"""Drawn answers: which values each can have, how often, and where they are written."""

from dataclasses import replace

import numpy as np
import pytest

from tessera.engines.index.data import Data
from tessera.engines.index.draws.cells import (
    AlikeCells,
    DrawnTables,
    draws_for,
    find_cell_draws,
    runs_at_once,
    strips_of,
)
from tessera.engines.index.draws.runs import Runs
from tessera.engines.index.draws.streams import level_rows
from tessera.engines.index.errors import DataError
from tessera.engines.index.factors import Doubt, UncertainCells
from tessera.engines.index.method import Method, Screen
from tessera.engines.index.prepare import Preparation
from tessera.engines.index.steps.normalise import Normalise
from tessera.engines.index.structure import Node, Tree

EVERYWHERE = np.array(True)

nan = np.nan
TREE = Tree(
    (
        Node("index", None),
        Node("of a", "index"),
        Node("of b", "index"),
        Node("a", "of a"),
        Node("b", "of b", denominator="people"),
    )
)
PLAIN = Method(normalise=Normalise("none"))
DIVIDED = replace(PLAIN, denominate=True)
ROWS = {"A": [1, 10], "B": [nan, 20], "C": [3, nan], "D": [5, 40], "E": [5, 80]}
DOUBT = Doubt("D", "b", (40.0, 0.0, 60.0), (0.5, 0.2, 0.3))


def data_of(rows=ROWS, *, applies=EVERYWHERE, people="12345", region="NNNSS"):
    values = np.array(list(rows.values()), dtype=float)
    attributes = {"people": tuple(people), "region": tuple(region)}
    return Data(tuple(rows), ("a", "b"), values, applies, attributes)


def drawn(factor, data=None, *, draws=1, seed=1, keys=None, method=PLAIN):
    """The table of each run, read off an index in which each indicator is a group of its own."""
    keys = np.arange(1, draws + 1) if keys is None else np.array(keys)
    runs = Runs(TREE, data or data_of(), replace(method, uncertain=(factor,)), ("of a", "of b"), seed)
    found = runs.scores(keys[:, None])
    assert not found.failed
    return found.scores.transpose(0, 2, 1)


def shares(column):
    values, counts = np.unique(column, return_counts=True)
    return dict(zip(values.tolist(), (counts / len(column)).tolist(), strict=True))


def near(expected, draws):
    """Within five standard errors of each share."""
    return {
        value: pytest.approx(share, abs=5 * np.sqrt(share * (1 - share) / draws))
        for value, share in expected.items()
    }


def test_a_doubtful_answer_has_its_values_as_often_as_it_says_and_nothing_else_moves():
    tables = drawn(UncertainCells("answers", doubts=(DOUBT,)), draws=20_000)
    assert shares(tables[:, 3, 1]) == near({40.0: 0.5, 0.0: 0.2, 60.0: 0.3}, 20_000)
    others = np.ones((5, 2), dtype=bool)
    others[3, 1] = False
    assert np.array_equal(
        tables[:, others], np.broadcast_to(data_of().values[others], (20_000, 9)), equal_nan=True
    )


def test_a_missing_answer_is_drawn_from_all_units_without_a_group():
    tables = drawn(UncertainCells("answers", missing="class"), draws=20_000)
    # 5 stands twice.
    assert shares(tables[:, 1, 0]) == near({1.0: 0.25, 3.0: 0.25, 5.0: 0.5}, 20_000)
    assert shares(tables[:, 2, 1]) == near({10.0: 0.25, 20.0: 0.25, 40.0: 0.25, 80.0: 0.25}, 20_000)
    assert not np.isnan(tables).any()


def test_a_missing_answer_is_drawn_from_its_class_alone():
    tables = drawn(UncertainCells("answers", missing="class", group="region"), draws=20_000)
    assert shares(tables[:, 1, 0]) == near({1.0: 0.5, 3.0: 0.5}, 20_000)
    assert shares(tables[:, 2, 1]) == near({10.0: 0.5, 20.0: 0.5}, 20_000)


def test_two_cells_are_drawn_apart():
    tables = drawn(UncertainCells("answers", missing="class", group="region"), draws=20_000)
    r = np.corrcoef(tables[:, 1, 0], tables[:, 2, 1])[0, 1]
    assert abs(r) < 5 / np.sqrt(20_000)


def test_a_doubt_about_a_missing_answer_comes_before_its_class():
    doubt = Doubt("B", "a", (100.0, 200.0), (0.5, 0.5))
    tables = drawn(UncertainCells("answers", missing="class", doubts=(doubt,)), draws=100)
    assert set(tables[:, 1, 0]) == {100.0, 200.0}


def test_drawn_values_are_divided_like_the_others():
    # b of D by 4; C's b is missing: from 10/1, 20/2, 40/4, 80/5.
    factor = UncertainCells("answers", missing="class", doubts=(DOUBT,))
    tables = drawn(factor, draws=400, method=DIVIDED)
    assert set(tables[:, 3, 1]) == {10.0, 0.0, 15.0}
    assert set(tables[:, 2, 1]) == {10.0, 16.0}


def test_a_value_without_its_denominator_is_missing_and_drawn():
    factor = UncertainCells("answers", missing="class")
    tables = drawn(factor, data_of(people=("1", "2", "3", "", "5")), draws=200, method=DIVIDED)
    assert set(tables[:, 3, 1]) == {10.0, 16.0}


def test_what_does_not_apply_is_not_drawn():
    applies = np.ones((5, 2), dtype=bool)
    applies[1, 0] = False
    tables = drawn(UncertainCells("answers", missing="class"), data_of(applies=applies), draws=50)
    assert np.isnan(tables[:, 1, 0]).all()
    assert not np.isnan(tables[:, 2, 1]).any()


def test_a_doubt_about_what_does_not_apply_is_refused():
    applies = np.ones((5, 2), dtype=bool)
    applies[3, 1] = False
    with pytest.raises(DataError, match=r"D, b .*does not apply"):
        drawn(UncertainCells("answers", doubts=(DOUBT,)), data_of(applies=applies))


def test_a_value_with_the_probability_0_is_never_drawn():
    for chances in ((0.0, 1.0, 0.0), (0.5, 0.0, 0.5), (1.0, 0.0, 0.0)):
        doubt = Doubt("D", "b", (1.0, 2.0, 3.0), chances)
        tables = drawn(UncertainCells("answers", doubts=(doubt,)), draws=500)
        possible = {value for value, chance in zip(doubt.values, chances, strict=True) if chance}
        assert set(tables[:, 3, 1]) == possible


def test_a_unit_that_is_screened_out_is_left_out_and_the_others_draw_the_same():
    # B and C have one answer of two.
    factor = UncertainCells("answers", missing="class", doubts=(DOUBT,))
    whole = drawn(factor, draws=50)
    part = drawn(factor, draws=50, method=replace(PLAIN, screen=Screen(0.6)))
    assert np.isnan(part[:, [1, 2]]).all()
    assert np.array_equal(part[:, [0, 3, 4]], whole[:, [0, 3, 4]])


def test_values_of_any_number_are_drawn_as_often_as_they_say():
    # Several cells, with 1 to 6 values, equally likely and not.
    chances = [(1.0,), (0.5, 0.5), (0.9, 0.1), (1 / 3,) * 3, (0.25,) * 4, (0.1, 0.2, 0.3, 0.4), (1 / 6,) * 6]
    cells = [(row, code) for row in "ABCDE" for code in "ab"][: len(chances)]
    doubts = tuple(
        Doubt(row, code, tuple(10.0 * place + k for k in range(len(own))), own)
        for place, ((row, code), own) in enumerate(zip(cells, chances, strict=True))
    )
    tables = drawn(UncertainCells("answers", doubts=doubts), draws=20_000)
    for (row, code), doubt in zip(cells, doubts, strict=True):
        expected = near(dict(zip(doubt.values, doubt.probabilities, strict=True)), 20_000)
        assert shares(tables[:, "ABCDE".index(row), "ab".index(code)]) == expected
    r = np.corrcoef(tables.reshape(20_000, 10)[:, 1:7], rowvar=False)
    assert np.abs(r - np.eye(6)).max() < 5 / np.sqrt(20_000)


def test_cells_of_few_and_of_many_values_are_drawn_apart():
    # Told apart by comparing: the first three; by counting: the others.
    counts = [2, 2, 2, 12, 12]
    cells = [(row, "b") for row in "ABCDE"]
    doubts = tuple(
        Doubt(row, code, tuple(float(k) for k in range(count)), (1 / count,) * count)
        for (row, code), count in zip(cells, counts, strict=True)
    )
    tables = drawn(UncertainCells("answers", doubts=doubts), draws=20_000)
    assert shares(tables[:, 4, 1]) == near({float(k): 1 / 12 for k in range(12)}, 20_000)
    r = np.corrcoef(tables[:, :, 1], rowvar=False)
    assert np.abs(r - np.eye(5)).max() < 5 / np.sqrt(20_000)


def test_the_same_key_and_seed_draw_the_same_in_any_order():
    factor = UncertainCells("answers", missing="class", doubts=(DOUBT,))
    whole = drawn(factor, draws=90, seed=8)
    keys = np.random.default_rng(1).permutation(90) + 1
    assert np.array_equal(drawn(factor, keys=keys, seed=8), whole[keys - 1])
    assert np.array_equal(drawn(factor, keys=[4, 4, 4], seed=8), whole[[3, 3, 3]])
    assert not np.array_equal(drawn(factor, draws=90, seed=9), whole)


def test_neighbours_are_drawn_together_and_come_back_in_their_places():
    asked = []

    def draw(first, draws):
        asked.append((first, draws))
        return level_rows("x", 1, first, draws, 2)

    keys = np.array([5, 6, 7, 2, 3, 9, 9])
    whole = level_rows("x", 1, 0, 10, 2)
    assert np.array_equal(draws_for(keys, draw), whole[keys - 1])
    assert asked == [(4, 3), (1, 2), (8, 1), (8, 1)]


def test_the_order_of_doubts_changes_nothing():
    other = Doubt("A", "b", (10.0, 11.0), (0.5, 0.5))
    forward = drawn(UncertainCells("answers", doubts=(DOUBT, other)), draws=50)
    backward = drawn(UncertainCells("answers", doubts=(other, DOUBT)), draws=50)
    assert np.array_equal(forward, backward, equal_nan=True)


@pytest.mark.parametrize(
    ("factor", "message"),
    [
        (UncertainCells("x", doubts=(Doubt("Z", "a", (1.0,), (1.0,)),)), "there is no unit Z"),
        (
            UncertainCells("x", doubts=(Doubt("A", "index", (1.0,), (1.0,)),)),
            "A, index: there is no such indicator",
        ),
        (UncertainCells("x", doubts=(DOUBT, DOUBT)), "x: D, b has two doubts"),
        (
            UncertainCells("x", doubts=(Doubt("A", "a", (1.0, 2.0), (0.5, 0.6)),)),
            "A, a: the probabilities sum to 1.1",
        ),
        (UncertainCells("x", doubts=(Doubt("A", "a", (1.0, 2.0), (1.5, -0.5)),)), "A, a: the probabilities"),
        (UncertainCells("x", missing="class", group="size"), "x: group needs the column size"),
    ],
)
def test_what_cannot_be_drawn_is_refused(factor, message):
    with pytest.raises(DataError, match=message):
        drawn(factor)


def test_a_class_in_which_nobody_has_the_answer_is_refused():
    rows = {**ROWS, "A": [nan, 10], "C": [nan, nan]}
    with pytest.raises(DataError, match="nobody in the class of A has an answer to a"):
        drawn(UncertainCells("answers", missing="class", group="region"), data_of(rows))


def test_units_with_an_empty_group_are_in_no_class():
    # As in imputation: an empty group is none.
    rows = {**ROWS, "B": [nan, 20]}
    with pytest.raises(DataError, match="B"):
        drawn(
            UncertainCells("answers", missing="class", group="region"),
            data_of(rows, region=("", "", "N", "N", "N")),
        )


def test_a_factor_that_would_draw_nothing_is_refused():
    rows = {unit: [1, 2] for unit in ROWS}
    with pytest.raises(DataError, match="there is no missing answer and no doubt"):
        drawn(UncertainCells("answers", missing="class"), data_of(rows))


def test_an_even_level_tells_the_value_by_edges_or_by_counting():
    # Three cells with 2, 1 and 3 values; with the edges of a half, and of a quarter and three quarters.
    few = AlikeCells(
        np.zeros(3, dtype=int),
        np.arange(3),
        np.array([1.0, 2, 5, 7, 8, 9]),
        np.array([0, 2, 3]),
        np.array([2, 1, 3]),
        np.array([[32767, 65535, 16383], [65535, 65535, 49151]], dtype=np.uint16),
    )
    levels = np.array([[32767, 65535, 16383], [32768, 0, 49151], [65535, 9, 49152]], dtype=np.uint16)
    found = np.empty((3, 3))
    few.draw(levels, slice(0, 3), found, compiled=False)
    assert found.tolist() == [[1, 5, 7], [2, 5, 8], [2, 5, 9]]
    # The last alone.
    found = np.empty((3, 1))
    few.draw(levels, slice(2, 3), found, compiled=False)
    assert found.ravel().tolist() == [7, 8, 9]
    # Two levels are one of 2**32, the second above the first: the k-th of n values from k / n on.
    many = AlikeCells(
        np.zeros(2, dtype=int),
        np.arange(2),
        np.array([1.0, 2, 3, 10, 20]),
        np.array([0, 3]),
        np.array([3, 2]),
        None,
    )
    third = 2**32 // 3
    fine = np.array([[third, 2**31 - 1], [third + 1, 2**31], [2**32 - 1, 0]], dtype=np.uint32)
    found = np.empty((3, 2))
    many.draw(fine.astype("<u4").view("<u2"), slice(0, 2), found, compiled=False)
    assert found.tolist() == [[1, 10], [2, 20], [3, 10]]
    found = np.empty((3, 1))
    many.draw(fine.astype("<u4").view("<u2"), slice(1, 2), found, compiled=False)
    assert found.ravel().tolist() == [10, 20, 10]


def test_missing_answers_of_a_class_share_its_values():
    rows = {unit: [nan if k < 3 else k, 1.0] for k, unit in enumerate("ABCDEFGHIJKLMNO")}
    data = data_of(rows, applies=np.ones((15, 2), dtype=bool), people="1" * 15, region="N" * 15)
    found = find_cell_draws(UncertainCells("x", missing="class"), Preparation(TREE, data), PLAIN)
    (kind,) = found.kinds
    assert kind.values.tolist() == list(range(3, 15))
    assert (kind.starts.tolist(), kind.counts.tolist(), kind.rows.tolist()) == ([0] * 3, [12] * 3, [0, 1, 2])


def test_strips_hold_every_column_once_and_the_whole_table_is_made_of_them():
    rng = np.random.default_rng(2)
    given = rng.normal(size=(30_000, 5))
    rows, columns = (places.ravel() for places in np.indices((3, 5), dtype=int))
    rows, columns = np.append(rows, np.arange(3, 30_000)), np.append(columns, [2] * 29_997)
    order = np.lexsort((rows, columns))
    # Two values each: as given, and 9 higher; a whole column, and three cells of every other.
    values = (given[rows, columns][:, None] + [0.0, 9.0])[order].ravel()
    count = len(rows)
    edges = np.full((1, count), 32767, dtype=np.uint16)
    twos = np.full(count, 2)
    cells = AlikeCells(rows[order], columns[order], values, np.arange(count) * 2, twos, edges)
    levels = rng.integers(0, 65536, (4, count), dtype=np.uint16)
    strips = strips_of([cells], given)
    assert [strip.columns for strip in strips] == [slice(0, 2), slice(2, 4), slice(4, 5)]
    tables = DrawnTables(strips, (cells,), (levels,), compiled=False)
    expected = np.repeat(given[None], 4, axis=0)
    expected[:, rows[order], columns[order]] += 9.0 * (levels > 32767)
    whole = tables.whole()
    assert np.array_equal(whole, expected)
    for strip, drawn in zip(strips, tables.values(), strict=True):
        assert np.array_equal(drawn, expected[:, :, strip.columns].swapaxes(1, 2))
    assert np.array_equal(tables.only(np.array([2, 0])).whole(), whole[[2, 0]])


def test_fewer_runs_are_drawn_at_once_the_larger_the_table():
    assert [runs_at_once(size) for size in (1, 2**15, 2**15 + 1, 2**22, 2**23, 2**25)] == [
        256,
        256,
        128,
        2,
        1,
        1,
    ]
