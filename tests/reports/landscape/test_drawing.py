"""The drawing of a map, as an SVG is read."""

import re
from math import hypot

import pytest

from tessera.reports.charts import Width
from tessera.reports.landscape.drawing import draw_map
from tessera.reports.landscape.parts import Bubble, OpinionMap, StatementMark
from tessera.reports.parts import Table


def chart(bubbles, statements=()):
    table = Table("Map", ("Group",), ())
    return OpinionMap("Map", "Two groups", "", "", 2.0, tuple(bubbles), tuple(statements), table)


def texts_in(svg):
    """Each text with its place, in px."""
    found = re.findall(r'<text[^>]*transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*>([^<]*)</text>', svg)
    return {text: (float(x), float(y)) for x, y, text in found}


def circles_in(svg):
    """Radii in px, in the order of drawing: what comes later lies on top."""
    return [float(radius) for radius in re.findall(r' d="M([\d.]+),0A', svg)]


def test_left_is_left_and_up_is_up():
    svg = draw_map(
        chart([Bubble("A", 0, -3, 0, 20), Bubble("B", 1, 3, 0, 20), Bubble("C", 2, 0, 4, 20)]), Width.WIDE
    )
    at = texts_in(svg)
    assert at["A"][0] < at["C"][0] < at["B"][0]
    assert at["C"][1] < at["A"][1] == at["B"][1]


def test_both_axes_have_one_unit():
    at = texts_in(
        draw_map(
            chart([Bubble("A", 0, 0, 0, 20), Bubble("B", 1, 6, 0, 20), Bubble("C", 2, 0, 6, 20)]), Width.WIDE
        )
    )
    assert at["B"][0] - at["A"][0] == pytest.approx(at["A"][1] - at["C"][1], abs=0.1)


def test_four_times_the_people_have_twice_the_radius():
    radii = circles_in(draw_map(chart([Bubble("A", 0, 0, 0, 80), Bubble("B", 1, 6, 0, 20)]), Width.WIDE))
    assert radii[0] == pytest.approx(2 * radii[1], rel=0.01)


def test_the_smallest_bubble_still_holds_its_letter():
    radii = circles_in(draw_map(chart([Bubble("A", 0, 0, 0, 5000), Bubble("B", 1, 60, 0, 10)]), Width.NARROW))
    assert min(radii) == pytest.approx(9, abs=0.1)


def test_no_bubble_is_hidden_under_a_larger_one():
    drawn = draw_map(chart([Bubble("A", 0, 0, 0, 10), Bubble("B", 1, 0, 0, 40)]), Width.WIDE)
    assert circles_in(drawn) == sorted(circles_in(drawn), reverse=True)


def test_each_group_has_its_look():
    bubbles = [Bubble("ABCDE"[row], row, 3 * row, 0, 20) for row in range(5)]
    looks = re.findall(r'fill="(#\w+)" stroke="(#\w+)"', draw_map(chart(bubbles), Width.WIDE))
    assert len(looks) == len(set(looks)) == 5


def test_two_groups_in_one_cell_stand_side_by_side():
    at = texts_in(
        draw_map(
            chart([Bubble("A", 0, 0, 0, 20), Bubble("B", 1, 0, 0, 20), Bubble("C", 2, 6, 0, 20)]), Width.WIDE
        )
    )
    assert at["B"][0] - at["A"][0] > 20


@pytest.mark.parametrize("width", Width)
def test_no_number_covers_another_where_statements_lie_close(width):
    marks = [
        StatementMark(number, 1 + 0.01 * place, 1) for place, number in enumerate(["11", "12", "13", "14"])
    ]
    bubbles = [Bubble("A", 0, 0, 0, 20), Bubble("B", 1, 6, 0, 20)]
    at = texts_in(draw_map(chart(bubbles, marks), width))
    assert len(at) == 6
    places = list(at.values())
    apart = [hypot(x - u, y - v) for i, (x, y) in enumerate(places) for u, v in places[:i]]
    assert min(apart) > 10


@pytest.mark.parametrize("width", Width)
def test_a_number_at_the_edge_stays_inside(width):
    marks = [StatementMark("1234567", 9, 9), StatementMark("7654321", -9, -9)]
    svg = draw_map(chart([Bubble("A", 0, 0, 0, 20)], marks), width)
    for number in ("1234567", "7654321"):
        x, _ = texts_in(svg)[number]
        assert 20 < x < width.value - 20


def test_numbers_at_the_top_stay_inside():
    marks = [StatementMark(str(number), 30, 30) for number in range(11, 16)]
    at = texts_in(draw_map(chart([Bubble("A", 0, 0, 0, 20)], marks), Width.WIDE))
    # A text stands 4 px above the foot that an SVG names, and its letters are 13 px high.
    assert min(y for _, y in at.values()) - 4 > 13 / 2


def test_a_hostile_number_is_only_drawn():
    svg = draw_map(chart([Bubble("A", 0, 0, 0, 20)], [StatementMark("<script>&", 1, 1)]), Width.WIDE)
    assert "<script" not in svg
    assert "&lt;script&gt;&amp;" in svg


def test_it_names_itself():
    svg = draw_map(chart([Bubble("A", 0, 0, 0, 20)]), Width.WIDE)
    assert 'role="img" aria-label="Map. Two groups"' in svg.split(">")[0]
