"""Cells of a landscape as circles on a drawing, by hand."""

import numpy as np
import pytest

from tessera.apps.dialogue.group_map import MARGIN, SIDE, SMALLEST_RADIUS, draw_map
from tessera.engines.opinion.cells import Cell, Cells

ROOM = SIDE - 2 * MARGIN


def drawn(*cells, width=1.0, own=None, left_out=0):
    at = None if own is None else np.array(own)
    return draw_map(Cells(width, tuple(cells), left_out), ["A", "B"], at)


def test_without_cells_there_is_no_map():
    assert drawn(own=(0.0, 0.0)) is None


def test_two_cells_fill_the_width_and_up_is_up():
    found = drawn(Cell(0, -1.0, 0.0, 40), Cell(1, 1.0, 1.0, 10))
    # From -1.5 to 1.5 across and from -0.5 to 1.5 up: a unit is 296 / 3 = 98.7.
    unit = ROOM / 3
    first, second = found.circles
    assert (first.x, first.y) == (round(MARGIN + unit / 2), round(MARGIN + 1.5 * unit))
    assert (second.x, second.y) == (round(MARGIN + 2.5 * unit), round(MARGIN + 0.5 * unit))
    assert found.height == round(2 * unit) + 2 * MARGIN
    assert (first.letter, second.letter) == ("A", "B")


def test_the_area_tells_the_people_and_the_smallest_still_holds_its_letter():
    # A quarter of the people: half the radius. One in a hundred would be a tenth of it.
    cells = (Cell(0, 0.0, 0.0, 4000), Cell(0, 1.0, 0.0, 1000), Cell(1, 2.0, 0.0, 40))
    unit = ROOM / 3
    assert [circle.radius for circle in drawn(*cells).circles] == [
        round(unit / 2),
        round(unit / 4),
        SMALLEST_RADIUS,
    ]


def test_a_high_map_is_no_higher_than_wide_and_stands_in_the_middle():
    found = drawn(Cell(0, 0.0, 3.0, 10), Cell(0, 0.0, -3.0, 10))
    assert found.height == SIDE
    assert {circle.x for circle in found.circles} == {SIDE // 2}


def test_groups_in_one_cell_move_aside():
    first, second = drawn(Cell(0, 0.0, 0.0, 20), Cell(1, 0.0, 0.0, 10), width=3.0).circles
    # A third of the cell apart: 1 of a drawing that is 3 + 1 wide.
    assert second.x - first.x == pytest.approx(ROOM / 4, abs=1)


def test_the_reader_is_on_the_drawing_wherever_they_stand():
    found = drawn(Cell(0, 0.0, 0.0, 20), own=(9.0, -4.0))
    x, y = found.own
    assert (x, y) == (SIDE - MARGIN, found.height - MARGIN)


def test_nobody_can_measure_how_many_stand_in_a_circle():
    found = drawn(Cell(0, 0.0, 0.0, 41), Cell(1, 1.0, 0.0, 37))
    assert all(
        type(value) is int for circle in found.circles for value in (circle.x, circle.y, circle.radius)
    )


@pytest.mark.parametrize(("left_out", "said"), [(0, False), (3, True)])
def test_it_says_whether_people_are_left_out(left_out, said):
    assert drawn(Cell(0, 0.0, 0.0, 20), left_out=left_out).leaves_out is said
