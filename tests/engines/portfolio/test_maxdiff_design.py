import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.best_worst import BALANCED_DESIGNS

from tessera.engines.portfolio.errors import DesignError
from tessera.engines.portfolio.maxdiff_design import design_tasks, measure_balance


@st.composite
def sizes(draw):
    n_items = draw(st.integers(2, 12))
    n_shown = draw(st.integers(2, min(n_items, 5)))
    n_tasks = draw(st.integers(-(-n_items // n_shown), 12))
    return n_items, n_shown, n_tasks


@pytest.mark.parametrize(("n_items", "n_shown", "n_tasks", "meetings"), BALANCED_DESIGNS)
def test_where_a_balanced_design_exists_one_is_found(n_items, n_shown, n_tasks, meetings):
    for seed in range(3):
        balance = design_tasks(n_items, n_shown, n_tasks, np.random.default_rng(seed)).balance
        assert (balance.fewest_together, balance.most_together) == (meetings, meetings)


@settings(max_examples=40, deadline=None)
@given(sizes(), st.integers(0, 2**32 - 1))
def test_items_and_positions_are_as_even_as_their_numbers_allow(size, seed):
    n_items, n_shown, n_tasks = size
    design = design_tasks(*size, np.random.default_rng(seed))
    assert design.tasks.shape == (n_tasks, n_shown)
    assert all(len(set(task)) == n_shown for task in design.tasks.tolist())
    shown = [(design.tasks == item).sum() for item in range(n_items)]
    assert max(shown) - min(shown) == (1 if n_tasks * n_shown % n_items else 0)
    for item in range(n_items):
        positions = (design.tasks == item).sum(axis=0)
        assert positions.max() - positions.min() == (1 if positions.sum() % n_shown else 0)


@settings(max_examples=20, deadline=None)
@given(sizes(), st.integers(0, 2**32 - 1))
def test_the_report_is_what_one_counts_in_the_tasks(size, seed):
    n_items, n_shown, _ = size
    design = design_tasks(*size, np.random.default_rng(seed))
    together = np.zeros((n_items, n_items), dtype=int)
    positions = np.zeros((n_items, n_shown), dtype=int)
    for task in design.tasks.tolist():
        for place, one in enumerate(task):
            positions[one, place] += 1
            for other in task:
                together[one, other] += one != other
    balance = design.balance
    np.testing.assert_array_equal(balance.together, together)
    np.testing.assert_array_equal(balance.positions, positions)
    np.testing.assert_array_equal(balance.shown, positions.sum(axis=1))
    pairs = [together[one, other] for one in range(n_items) for other in range(one)]
    assert (balance.fewest_together, balance.most_together) == (min(pairs), max(pairs))


def test_the_same_seed_gives_the_same_tasks_and_another_one_others():
    one, same, other = (design_tasks(10, 4, 10, np.random.default_rng(seed)).tasks for seed in (5, 5, 6))
    assert one.tolist() == same.tolist()
    assert one.tolist() != other.tolist()


def test_the_global_random_state_is_left_alone():
    np.random.seed(3)
    expected = np.random.random()
    np.random.seed(3)
    design_tasks(6, 3, 4, np.random.default_rng(1))
    assert np.random.random() == expected


def test_balance_by_hand():
    # Item 0 with 1 twice, with 2 once; 3 with 2 once; 1 and 3, 0 and 3 never.
    balance = measure_balance(np.array([[0, 1], [1, 0], [2, 0], [2, 3]]), 4)
    assert balance.shown.tolist() == [3, 2, 2, 1]
    assert balance.together.tolist() == [[0, 2, 1, 0], [2, 0, 0, 0], [1, 0, 0, 1], [0, 0, 1, 0]]
    assert balance.positions.tolist() == [[1, 2], [1, 1], [2, 0], [0, 1]]
    assert (balance.fewest_together, balance.most_together) == (0, 2)
    assert balance.connected


def test_parts_that_never_meet_are_reported():
    assert not measure_balance(np.array([[0, 1], [2, 3]]), 4).connected
    assert not measure_balance(np.array([[0, 1, 2]]), 4).connected
    assert measure_balance(np.array([[0, 1], [2, 3], [1, 2]]), 4).connected


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ((1, 2, 3), "there are 1 items; a choice needs at least two"),
        ((5, 1, 5), "a task shows 1 of 5 items; show at least 2 and at most 5"),
        ((5, 6, 5), "a task shows 6 of 5 items"),
        ((12, 4, 2), "2 tasks of 4 have 8 places for 12 items, .* make at least 3 tasks"),
        ((13, 4, 3), "make at least 4 tasks"),
    ],
)
def test_numbers_that_allow_no_tasks_are_refused_with_what_would(size, message):
    with pytest.raises(DesignError, match=message):
        design_tasks(*size, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        (np.array([[0, 1], [2, 4]]), "task 2, position 2: there is no item 4; expected 0 to 3"),
        (np.array([[0, -1]]), "task 1, position 2: there is no item -1"),
        (np.array([[0, 1, 2], [3, 1, 3]]), "task 2 shows item 3 twice"),
        (np.array([0, 1]), "expected a table of whole numbers, a row a task"),
        (np.array([[0.0, 1.0]]), "expected a table of whole numbers"),
        (np.empty((0, 3), dtype=int), "expected a table of whole numbers"),
    ],
)
def test_tasks_that_are_none_are_refused_by_their_place(tasks, message):
    with pytest.raises(DesignError, match=message):
        measure_balance(tasks, 4)


def test_a_balance_needs_two_items():
    with pytest.raises(DesignError, match="there are 1 items"):
        measure_balance(np.array([[0]]), 1)
