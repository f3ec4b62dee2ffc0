"""Who is drawn on a map. Nearest middles are held against a search over all middles around."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tessera.engines.opinion.cells import find_cells
from tessera.engines.opinion.cluster import Groups


def groups_of(rows):
    return Groups(np.array(rows, dtype=np.int32), n_base=len(rows), splits={})


def test_ten_people_of_a_group_are_drawn_and_nine_are_not():
    places = np.repeat([[3.0, 0.0], [-3.0, 0.0]], [10, 9], axis=0)
    found = find_cells(places, groups_of([0] * 10 + [1] * 9))
    assert [(cell.row, cell.people) for cell in found.drawn] == [(0, 10)]
    assert found.n_left_out == 9


def test_people_of_two_groups_do_not_fill_a_cell_together():
    places = np.repeat([[3.0, 0.0], [-3.0, 0.0]], [15, 12], axis=0)
    rows = [0] * 6 + [1] * 9 + [0] * 12
    found = find_cells(places, groups_of(rows))
    assert [(cell.row, cell.people) for cell in found.drawn] == [(0, 12)]
    assert found.n_left_out == 15


def test_who_is_in_no_group_is_neither_drawn_nor_counted():
    places = np.repeat([[3.0, 0.0], [-3.0, 0.0]], 20, axis=0)
    found = find_cells(places, groups_of([0] * 20 + [-1] * 20))
    assert [cell.people for cell in found.drawn] == [20]
    assert found.n_left_out == 0


def clumps(*given):
    """People on one place: (group, how many, x, y)."""
    places = np.repeat([[x, y] for _, _, x, y in given], [n for _, n, _, _ in given], axis=0)
    return places.astype(float), groups_of(np.repeat([row for row, *_ in given], [n for _, n, _, _ in given]))


def test_cells_grow_until_half_of_every_group_is_drawn():
    # Squared distances: 18 of 101.44 and 2 of 100, of 80 people; the spread is 3.56. Lines of cells that are
    # 0.75 spreads wide part the two clumps of nine; those of cells one spread wide do not.
    found = find_cells(*clumps((0, 60, 0, 0), (1, 9, 10, 1.2), (1, 9, 10, -1.2), (1, 2, -10, 0)))
    assert abs(found.width - ((18 * 101.44 + 200) / 80 / 2) ** 0.5) < 1e-9
    assert [(cell.row, cell.people) for cell in found.drawn] == [(0, 60), (1, 18)]
    assert found.n_left_out == 2


def test_where_half_of_a_group_cannot_be_drawn_as_many_as_can_are():
    # The spread is 7.5; a cell reaches up and down 0.58 of its width. Twelve of the second group come
    # together in cells one spread wide, and not in narrower ones; the others never.
    apart = [(1, 7, 20, 0), (1, 7, -20, 0), (1, 7, 0, 20), (1, 7, 0, -20)]
    found = find_cells(*clumps((0, 60, 0, 0), (1, 6, 0, 3.5), (1, 6, 0, -3.5), *apart))
    assert [(cell.row, cell.people) for cell in found.drawn] == [(0, 60), (1, 12)]
    assert found.n_left_out == 28


crowds = arrays.arrays(
    np.float64, st.tuples(st.integers(20, 120), st.just(2)), elements=st.integers(-8, 8).map(float)
)


@given(crowds, st.randoms(use_true_random=False))
def test_everybody_is_drawn_in_the_nearest_cell_or_counted_as_left_out(places, random):
    places[0] = (8.0, 8.0)
    # Away from where two middles are equally near.
    places += 0.001 * np.arange(len(places))[:, np.newaxis] * [1, 0.3]
    rows = np.array([random.randrange(3) for _ in places], dtype=np.int32)
    rows[:3] = (0, 1, 2)
    found = find_cells(places, groups_of(rows))
    assert sum(cell.people for cell in found.drawn) + found.n_left_out == len(places)
    lines = np.arange(-40, 41)
    honeycomb = [(column + line % 2 / 2, line * np.sqrt(3) / 2) for line in lines for column in lines]
    middles = np.array(honeycomb) * found.width
    for cell in found.drawn:
        assert cell.people >= 10
        (at,) = np.flatnonzero(np.hypot(middles[:, 0] - cell.x, middles[:, 1] - cell.y) < 1e-6)
        own = places[rows == cell.row]
        nearest = ((own[:, np.newaxis] - middles) ** 2).sum(axis=2).argmin(axis=1)
        assert cell.people == (nearest == at).sum()


@given(crowds, st.integers(0, 19))
def test_a_little_step_of_one_person_moves_no_middle(places, moved):
    places += 0.1
    rows = [0, 1] * (len(places) // 2) + [0] * (len(places) % 2)
    one = find_cells(places, groups_of(rows))
    turned = places.copy()
    turned[moved] = places[moved] * (1 + 1e-9)
    other = find_cells(turned, groups_of(rows))
    middles = [[(cell.x, cell.y, cell.people) for cell in found.drawn] for found in (one, other)]
    np.testing.assert_allclose(*middles, rtol=1e-6)
