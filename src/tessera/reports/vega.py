"""The parts that declarative charts share: title and legend in words, lines by name, axes, colours, texts."""

from collections.abc import Sequence
from textwrap import wrap

from tessera.reports.charts import BACKGROUND, FONT, INK, MUTED, OUTER, Spec

PLOT_PX = 460
ROW_PX = 20
LABEL_PX = 13
LINE_LETTERS = 68
"""Of a line of the legend. The drawing program takes text for half as wide again as it is and makes room."""


def opening(title: str, legend: str, description: str) -> Spec:
    """What a chart begins with: its title, how to read its marks, and a text that can stand in its place."""
    silent = {"aria": False}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {"text": title, "subtitle": wrap(legend, LINE_LETTERS)},
        "description": description,
        "background": BACKGROUND,
        "padding": 12,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "mark": silent,
            "axis": silent,
            "legend": {**silent, "labelFontSize": LABEL_PX, "labelColor": MUTED},
            "title": {
                **silent,
                "anchor": "start",
                "frame": "bounds",
                "fontSize": 17,
                "fontWeight": 600,
                "color": INK,
                "subtitleFontSize": LABEL_PX,
                "subtitleColor": MUTED,
                "subtitlePadding": 5,
                "offset": 12,
            },
        },
    }


def line_for_each(names: Sequence[str], field: str) -> Spec:
    """A line for each name, in their order."""
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(names)},
        "axis": {
            "title": None,
            "domain": False,
            "ticks": False,
            "labelFontSize": LABEL_PX,
            "labelColor": INK,
            "labelLimit": 0,
            "labelPadding": 8,
        },
    }


def along(field: str, given: Spec) -> Spec:
    """A field of figures, with its scale and axis."""
    return {"field": field, "type": "quantitative", **given}


def figures_axis(title: str) -> Spec:
    return {
        "title": title,
        "titleFontSize": LABEL_PX,
        "titleFontWeight": "normal",
        "titleColor": MUTED,
        "labelFontSize": LABEL_PX,
        "labelColor": MUTED,
        "gridColor": OUTER,
        "domain": False,
        "ticks": False,
        "labelPadding": 5,
    }


def colours(field: str, names: Sequence[str], palette: Sequence[str]) -> Spec:
    """A colour for each name; after the last of the palette the first comes again."""
    fills = [palette[place % len(palette)] for place in range(len(names))]
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(names), "range": fills},
        "legend": None,
    }


def texts(values: Sequence[Spec], encoding: Spec, *, align: str = "left") -> Spec:
    mark: Spec = {"type": "text", "align": align, "baseline": "middle", "fontSize": LABEL_PX, "color": INK}
    if align == "left":
        mark["dx"] = 6
    return {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}
