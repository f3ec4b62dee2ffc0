"""Numbers by column: the same as numpy's own way over short rows."""

import numpy as np
import pytest

from tessera.engines.index.draws.columns import ByColumn, by_column, extremes

nan = np.nan
SHAPES = [(1, 1), (1, 51), (7, 51), (96, 51), (1024, 51), (1024, 1), (640, 1000), (3, 5000)]


@pytest.mark.parametrize("shape", SHAPES)
def test_numbers_stand_beside_each_row_of_a_table(shape):
    rng = np.random.default_rng(1)
    table, numbers = rng.random(shape), rng.random(shape[1])
    expected = table * numbers
    for column in (ByColumn(numbers), by_column(numbers.tobytes(), 1.0)):
        worked = table.copy()
        rows, repeated = column.beside(worked)
        rows *= repeated
        assert np.array_equal(worked, expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_extremes_are_those_of_each_column(shape):
    table = np.random.default_rng(2).normal(size=shape)
    lowest, highest = extremes(table)
    assert np.array_equal(lowest, table.min(axis=0))
    assert np.array_equal(highest, table.max(axis=0))


def test_a_missing_number_is_seen_in_both_extremes_of_its_column():
    table = np.ones((32, 3))
    table[17, 1] = nan
    for found in extremes(table):
        assert np.isnan(found).tolist() == [False, True, False]
