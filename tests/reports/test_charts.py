import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from tests.reports.reviews import large_review

from tessera.reports import charts
from tessera.reports.charts import VARIABLES, Width, draw, for_page
from tessera.reports.parts import BarChart, BarRow, Chart, DotPlot, DotRow, ReviewReport, Table
from tessera.reports.review import build_review_report

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def report() -> ReviewReport:
    made, answers, before, profile = large_review()
    return build_review_report(made, answers, profile, language="lv", previous_sheet=before)


def row(label: str = "Language", **given: object) -> DotRow:
    plain: dict[str, Any] = {
        "inside": False,
        "figure": "57",
        "points": 57.0,
        "outer": None,
        "likely": None,
        "class_range": None,
        "previous": None,
    }
    return DotRow(label=label, **{**plain, **given})


def chart(drawing: DotPlot | BarChart) -> Chart:
    return Chart("name", "Title", "Description.", "Sentence.", drawing, Table("Title", ("Area",), ()))


def marks(svg: str, colour: str) -> int:
    """How many shapes are filled with a colour; texts do not count."""
    return sum(element.get("fill") == colour for element in ET.fromstring(svg).iter(f"{SVG}path"))


@pytest.mark.parametrize("width", Width)
def test_a_drawing_names_itself_and_is_one_picture(report: ReviewReport, width: Width) -> None:
    root = ET.fromstring(draw(report.areas.chart, width))
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"{report.areas.chart.title}. {report.areas.chart.description}"
    assert root.get("width") == str(width.value)


@pytest.mark.parametrize("width", Width)
def test_every_label_and_figure_is_drawn_in_its_own_letters(report: ReviewReport, width: Width) -> None:
    root = ET.fromstring(draw(report.areas.chart, width))
    texts = "".join("".join(text.itertext()) for text in root.iter(f"{SVG}text")).replace(" ", "")
    assert isinstance(report.areas.chart.drawing, DotPlot)
    for each in report.areas.chart.drawing.rows:
        assert each.label.replace(" ", "") in texts
        assert each.figure.replace(" ", "") in texts


@pytest.mark.parametrize("width", Width)
def test_nothing_in_a_drawing_asks_for_styles_scripts_or_other_files(
    report: ReviewReport, width: Width
) -> None:
    for each in report.charts:
        for svg in (draw(each, width), for_page(draw(each, width))):
            assert " style=" not in svg
            assert not re.search(r"<(style|script|image|use|foreignObject)\b", svg)
            assert "href" not in svg
            assert "url(" not in svg


def test_a_row_without_a_score_has_its_band_and_no_dot() -> None:
    without = row(points=None, figure="not enough answers", outer=(20.0, 80.0))
    svg = draw(chart(DotPlot((row(), without), ())), Width.WIDE)
    assert marks(svg, charts.DOT) == 1
    assert marks(svg, charts.OUTER) == 1
    assert "not enough" in svg


def test_points_stand_where_they_belong_on_the_scale() -> None:
    svg = draw(chart(DotPlot((row(points=0.0), row(points=50.0), row(points=100.0)), ())), Width.WIDE)
    dots = [path for path in ET.fromstring(svg).iter(f"{SVG}path") if path.get("fill") == charts.DOT]
    across = [float(re.findall(r"translate\(([\d.]+),", dot.get("transform", ""))[0]) for dot in dots]
    assert across == [232, 430, 628]


def test_a_bar_goes_to_the_side_of_its_sign() -> None:
    svg = draw(chart(BarChart((BarRow("Up", "+2.0", 2.0), BarRow("Down", "−1.0", -1.0)))), Width.WIDE)
    up, down = (
        next(path.get("d", "") for path in ET.fromstring(svg).iter(f"{SVG}path") if path.get("fill") == fill)
        for fill in (charts.LIKELY, charts.CLASS)
    )
    # From zero, in the middle of the scale (430), to its end on the right, and half as far to the left.
    assert re.match(r"M430,[\d.]+h198v", up)
    assert re.match(r"M331,[\d.]+h99v", down)


def test_where_nothing_moved_no_bar_is_drawn() -> None:
    svg = draw(chart(BarChart((BarRow("Same", "0.0", 0.0),))), Width.WIDE)
    bar = next(
        path.get("d", "")
        for path in ET.fromstring(svg).iter(f"{SVG}path")
        if path.get("fill") == charts.LIKELY
    )
    assert re.match(r"M430,[\d.]+h0v", bar)


def test_on_a_page_every_colour_is_a_variable_with_the_colour_behind_it(report: ReviewReport) -> None:
    svg = for_page(draw(report.areas.chart, Width.NARROW))
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg)) - {"none", "transparent"}
    assert colours == {f"var({name}, {colour})" for colour, name in VARIABLES.items()}
    assert "font-family" not in svg


def test_a_hostile_label_stays_text() -> None:
    label = '<script>alert(1)</script>" onload="x'
    root = ET.fromstring(draw(chart(DotPlot((row(label),), ())), Width.NARROW))
    assert not list(root.iter(f"{SVG}script"))
    assert "<script>" in "".join(root.itertext())
    assert not any("onload" in element.attrib for element in root.iter())


def luminance(colour: str) -> float:
    """WCAG 2.2, definition of relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("mark", "ground", "least"),
    [
        (charts.INK, charts.BACKGROUND, 4.5),
        (charts.MUTED, charts.BACKGROUND, 4.5),
        (charts.LIKELY, charts.BACKGROUND, 3.0),  # also the edge of the outer band
        (charts.DOT, charts.BACKGROUND, 3.0),
        (charts.DOT, charts.LIKELY, 3.0),
        (charts.CLASS, charts.BACKGROUND, 3.0),
        (charts.PREVIOUS, charts.BACKGROUND, 3.0),
    ],
)
def test_marks_and_letters_stand_out_from_what_is_behind_them(mark: str, ground: str, least: float) -> None:
    assert contrast(mark, ground) >= least


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_a_sign_that_no_drawing_can_hold_is_drawn_as_one_that_is_not_known(sign):
    """The library would end the whole process."""
    svg = draw(chart(DotPlot((row(f"La{sign}nguage"),), ())), Width.WIDE)

    assert "La\N{REPLACEMENT CHARACTER}nguage" in "".join(ET.fromstring(svg).itertext())
