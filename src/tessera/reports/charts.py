"""Drawings of a report: Vega-Lite specifications with their data inside, drawn as SVG without a browser.

Meaning never hangs on colour alone: each kind of mark has its own shape, and the figures stand beside it.
"""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import vl_convert

from tessera.frameworks.xml_signs import fit_for_xml
from tessera.reports.parts import BarChart, Chart, DotPlot

Spec = dict[str, Any]

# Quoted, because a name that ends in a number is no name in CSS and would be passed over.
FONT = "'Source Sans 3', 'Source Sans Pro', sans-serif"
FONTS_FOLDER = Path(__file__).parent / "fonts"
VEGA_LITE = "6.4"

INK = "#2e2b27"
MUTED = "#605d58"
BACKGROUND = "#ffffff"
OUTER = "#cddddf"
LIKELY = "#46828b"
DOT = "#063037"
CLASS = "#974623"
PREVIOUS = "#4a4640"

VARIABLES = {
    INK: "--chart-ink",
    MUTED: "--chart-muted",
    BACKGROUND: "--chart-background",
    OUTER: "--chart-band",
    LIKELY: "--chart-likely",
    DOT: "--chart-dot",
    CLASS: "--chart-class",
    PREVIOUS: "--chart-previous",
}
"""The CSS variable that stands for each colour on a page, where the drawing follows light and dark."""

TEXT_PX = 15
LINE_PX = 18
# Of a letter of Source Sans 3 on average, at this size; a little more, so that text never runs into a mark.
LETTER_PX = 7.3
INDENT_PX = 16
SAMPLE_PX = 26
CLASS_DOWN_PX = 12

BAND_MARKS: dict[str, Spec] = {
    # The pale bar alone would be too faint to see: its edge carries the contrast.
    "outer": {"height": 12, "color": OUTER, "stroke": LIKELY, "strokeWidth": 1},
    "likely": {"height": 12, "color": LIKELY},
}
MEDIAN_MARK: Spec = {"color": CLASS, "size": 10, "thickness": 3, "opacity": 1}
DOT_MARKS: dict[str, Spec] = {
    "points": {
        "shape": "circle",
        "size": 130,
        "fill": DOT,
        "stroke": BACKGROUND,
        "strokeWidth": 1.5,
        "opacity": 1,
    },
    "previous": {
        "shape": "circle",
        "size": 80,
        "fill": BACKGROUND,
        "stroke": PREVIOUS,
        "strokeWidth": 2,
        "opacity": 1,
    },
}


class Width(Enum):
    """Labels stand left of the scale where there is room, above it where there is not."""

    WIDE = 720
    NARROW = 300


@dataclass(frozen=True)
class _Frame:
    """Where the columns of a drawing stand, in px."""

    width: int
    scale: tuple[int, int]
    label_px: int
    labels_above: bool

    @staticmethod
    def of(width: Width) -> "_Frame":
        if width is Width.WIDE:
            return _Frame(width.value, (232, 628), 214, labels_above=False)
        return _Frame(width.value, (14, 284), 300, labels_above=True)


@dataclass(frozen=True)
class _Place:
    """Where one row stands, in px from the top, with its texts in lines."""

    label: list[str]
    figure: list[str]
    text_y: float
    mark_y: float
    indent: int


# The page, the print and the file of a report hold the same drawing: it is made once.
@lru_cache(maxsize=32)
def draw(chart: Chart, width: Width) -> str:
    """Draw a chart for files and print, in its own colours.

    Returns
    -------
    str
        An SVG element that names itself by the chart's title and description. It needs no style sheet, no
        script and nothing from elsewhere; its letters are text in Source Sans 3.
    """
    frame = _Frame.of(width)
    spec = (
        dot_plot(chart.drawing, frame)
        if isinstance(chart.drawing, DotPlot)
        else bar_chart(chart.drawing, frame)
    )
    return svg_of(spec, f"{chart.title}. {chart.description}")


def svg_of(spec: Spec, description: str) -> str:
    """Draw a specification as an SVG element that names itself by a description.

    A sign that no SVG can hold, such as NUL, is drawn as U+FFFD, the sign for one that is not known.
    """
    _register_fonts()
    svg: str = vl_convert.vegalite_to_svg(_drawable(spec), vl_version=VEGA_LITE)
    return _named(svg, _drawable(description))


def _drawable(part: Any) -> Any:
    # The drawing library answers such a sign by ending the whole process.
    if isinstance(part, str):
        return fit_for_xml(part, instead="\N{REPLACEMENT CHARACTER}")
    if isinstance(part, Mapping):
        return {_drawable(key): _drawable(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_drawable(each) for each in part]
    return part


def for_page(svg: str) -> str:
    """The same drawing for a page: colours by variable, letters in the font of the page."""
    svg = re.sub(
        r'(fill|stroke)="(#[0-9a-f]{6})"',
        lambda found: (
            f'{found[1]}="var({VARIABLES[found[2]]}, {found[2]})"' if found[2] in VARIABLES else found[0]
        ),
        svg,
    )
    return svg.replace(f' font-family="{FONT}"', "")


def dot_plot(plot: DotPlot, frame: _Frame) -> Spec:
    """One line for each score: bands as bars, the score as a dot, the class as a line below them."""
    legend, top = _legend(plot, frame)
    places, height = _stack([(row.label, row.figure, row.inside) for row in plot.rows], frame, top + 30)
    values = [
        {
            "y": place.mark_y,
            "points": row.points,
            "previous": row.previous,
            "outer": row.outer,
            "likely": row.likely,
            "class": row.class_range,
        }
        for row, place in zip(plot.rows, places, strict=True)
    ]
    return layered(
        frame.width,
        height,
        layers=[
            *_axis(frame, top + 14, height),
            _bars("outer", frame, values, height),
            _bars("likely", frame, values, height),
            *_class_marks(frame, values, height),
            _dots("previous", frame, values, height),
            _dots("points", frame, values, height),
            *_texts(places, frame, height),
            *legend,
        ],
    )


def bar_chart(chart: BarChart, frame: _Frame) -> Spec:
    """Bars from zero to both sides, with the figure beside each."""
    places, height = _stack([(row.label, row.figure, False) for row in chart.rows], frame, 8)
    # A tenth at least: where hardly anything moved, nothing must look as if it did.
    reach = max([0.1, *(abs(row.value) for row in chart.rows)])
    scale = {"domain": [-reach, reach], "range": list(frame.scale), "nice": False}
    values = [
        {"y": place.mark_y, "value": row.value, "zero": 0}
        for row, place in zip(chart.rows, places, strict=True)
    ]
    bars: Spec = {
        "data": {"values": values},
        "mark": {"type": "bar", "orient": "horizontal", "height": 12},
        "encoding": {
            "y": _down(height),
            "x": {"field": "value", "type": "quantitative", "scale": scale, "axis": None},
            "x2": {"field": "zero"},
            "color": {"condition": {"test": "datum.value >= 0", "value": LIKELY}, "value": CLASS},
        },
    }
    zero: Spec = {
        "data": {
            "values": [{"y": place.mark_y - 12, "bottom": place.mark_y + 12, "value": 0} for place in places]
        },
        "mark": {"type": "rule", "color": INK},
        "encoding": {
            "x": {"field": "value", "type": "quantitative", "scale": scale, "axis": None},
            "y": _down(height),
            "y2": {"field": "bottom"},
        },
    }
    return layered(frame.width, height, layers=[bars, zero, *_texts(places, frame, height)])


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS_FOLDER))


def _named(svg: str, description: str) -> str:
    start, rest = svg.split(">", 1)
    start = start.replace(' class="marks"', "").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    return f'{start} role="img" aria-label={quoteattr(description)}>{rest}'


def layered(width: int, height: float, layers: Sequence[Spec]) -> Spec:
    """A drawing of layers that place themselves, in px, without anything around them."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width,
        "height": height,
        "padding": 0,
        "autosize": "none",
        "background": BACKGROUND,
        "config": {"font": FONT, "view": {"stroke": None}, "mark": {"aria": False}},
        "layer": list(layers),
    }


def _stack(rows: Sequence[tuple[str, str, bool]], frame: _Frame, top: float) -> tuple[list[_Place], float]:
    """Place rows of (label, figure, part of the row above) below each other; gives the height below them."""
    places = []
    for label, figure, inside in rows:
        indent = INDENT_PX if inside else 0
        figure_lines = textwrap.wrap(figure, 12) or [""]
        figure_px = LETTER_PX * max(map(len, figure_lines)) + 12 if frame.labels_above else 0
        label_lines = textwrap.wrap(label, int((frame.label_px - indent - figure_px) / LETTER_PX)) or [""]
        lines = max(len(label_lines), len(figure_lines))
        if frame.labels_above:
            text_y = top + LINE_PX * lines / 2
            mark_y = top + LINE_PX * lines + 10
            bottom = mark_y + 26
        else:
            bottom = top + max(36, LINE_PX * lines + 8)
            text_y = mark_y = (top + bottom) / 2
        places.append(_Place(label_lines, figure_lines, text_y, mark_y, indent))
        top = bottom
    return places, top + 6


def _down(height: float, field: str = "y") -> Spec:
    """Heights in px, from the top."""
    scale = {"domain": [0, height], "range": [0, height], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def _along(frame: _Frame, field: str) -> Spec:
    """Points 0 to 100."""
    scale = {"domain": [0, 100], "range": list(frame.scale), "nice": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def _axis(frame: _Frame, top: float, height: float) -> list[Spec]:
    """Lines at the quarters of the scale, named above."""
    values = [
        {"points": points, "y": top + 8, "bottom": height - 4, "label_y": top}
        for points in (0, 25, 50, 75, 100)
    ]
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "color": OUTER},
            "encoding": {"x": _along(frame, "points"), "y": _down(height), "y2": {"field": "bottom"}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "baseline": "middle", "fontSize": TEXT_PX - 2, "color": MUTED},
            "encoding": {
                "x": _along(frame, "points"),
                "y": _down(height, "label_y"),
                "text": {"field": "points"},
            },
        },
    ]


def _bars(band: str, frame: _Frame, values: Sequence[Spec], height: float) -> Spec:
    return {
        "data": {"values": [{"y": v["y"], "low": v[band][0], "high": v[band][1]} for v in values if v[band]]},
        "mark": {"type": "bar", "orient": "horizontal", **BAND_MARKS[band]},
        "encoding": {"y": _down(height), "x": _along(frame, "low"), "x2": {"field": "high"}},
    }


def _dots(field: str, frame: _Frame, values: Sequence[Spec], height: float) -> Spec:
    return {
        "data": {"values": [{"y": v["y"], field: v[field]} for v in values if v[field] is not None]},
        "mark": {"type": "point", **DOT_MARKS[field]},
        "encoding": {"y": _down(height), "x": _along(frame, field)},
    }


def _class_marks(frame: _Frame, values: Sequence[Spec], height: float) -> list[Spec]:
    ranges = [
        {"y": v["y"] + CLASS_DOWN_PX, "low": v["class"][0], "median": v["class"][1], "high": v["class"][2]}
        for v in values
        if v["class"]
    ]
    return [
        {
            "data": {"values": ranges},
            "mark": {"type": "rule", "color": CLASS, "strokeWidth": 1.5},
            "encoding": {"y": _down(height), "x": _along(frame, "low"), "x2": {"field": "high"}},
        },
        {
            "data": {"values": ranges},
            "mark": {"type": "tick", "orient": "vertical", **MEDIAN_MARK},
            "encoding": {"y": _down(height), "x": _along(frame, "median")},
        },
    ]


def _texts(places: Sequence[_Place], frame: _Frame, height: float) -> list[Spec]:
    """Labels on the left, figures on the right; parts stand a little further in."""
    texts = []
    for indent in sorted({place.indent for place in places}):
        rows = [_lines(place.label, place.text_y) for place in places if place.indent == indent]
        texts.append(_text(rows, height, align="left", x=indent, color=MUTED if indent else INK))
    figures = [_lines(place.figure, place.text_y) for place in places]
    texts.append(_text(figures, height, align="right", x=frame.width, color=INK))
    return texts


def _lines(lines: Sequence[str], middle: float) -> Spec:
    # Vega puts the first line, not the block, at the given height.
    return {"y": middle - LINE_PX * (len(lines) - 1) / 2, "text": "\n".join(lines)}


def _text(rows: Sequence[Spec], height: float, *, align: str, x: float, color: str) -> Spec:
    return {
        "data": {"values": list(rows)},
        "mark": {
            "type": "text",
            "align": align,
            "baseline": "middle",
            "lineBreak": "\n",
            "lineHeight": LINE_PX,
            "fontSize": TEXT_PX,
            "color": color,
        },
        "encoding": {"x": {"value": x}, "y": _down(height), "text": {"field": "text"}},
    }


def _legend(plot: DotPlot, frame: _Frame) -> tuple[list[Spec], float]:
    """A sample of each mark with its name, in as many lines as it takes; gives the height below them."""
    layers: list[Spec] = []
    x, y = 0.0, 12.0
    for mark, name in plot.legend:
        taken = SAMPLE_PX + 8 + len(name) * LETTER_PX + 20
        if x > 0 and x + taken - 20 > frame.width:
            x, y = 0.0, y + 24
        layers += [_sample(mark, x, y), *([_median_sample(x, y)] if mark == "class" else [])]
        layers.append(
            {
                "data": {"values": [{"text": name}]},
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "middle",
                    "fontSize": TEXT_PX - 1,
                    "color": INK,
                },
                "encoding": {"x": {"value": x + SAMPLE_PX + 8}, "y": {"value": y}, "text": {"field": "text"}},
            }
        )
        x += taken
    return layers, y + 14


def _sample(mark: str, x: float, y: float) -> Spec:
    at = {"x": {"value": x}, "x2": {"value": x + SAMPLE_PX}, "y": {"value": y}}
    one: Spec = {"values": [{}]}
    if mark in BAND_MARKS:
        return {
            "data": one,
            "mark": {"type": "bar", "orient": "horizontal", **BAND_MARKS[mark]},
            "encoding": at,
        }
    if mark == "class":
        return {"data": one, "mark": {"type": "rule", "color": CLASS, "strokeWidth": 1.5}, "encoding": at}
    middle = {"x": {"value": x + SAMPLE_PX / 2}, "y": {"value": y}}
    field = "points" if mark == "score" else mark
    return {"data": one, "mark": {"type": "point", **DOT_MARKS[field]}, "encoding": middle}


def _median_sample(x: float, y: float) -> Spec:
    return {
        "data": {"values": [{}]},
        "mark": {"type": "tick", "orient": "vertical", **MEDIAN_MARK},
        "encoding": {"x": {"value": x + SAMPLE_PX / 2}, "y": {"value": y}},
    }
