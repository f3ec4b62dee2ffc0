"""The map of a landscape as a drawing: people in bubbles with their group's letter, statements by number.

Groups are told apart by their letters; fill and outline only help.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tessera.reports.charts import (
    BACKGROUND,
    CLASS,
    DOT,
    INK,
    LIKELY,
    OUTER,
    PREVIOUS,
    Spec,
    Width,
    layered,
    svg_of,
)
from tessera.reports.landscape.parts import Bubble, OpinionMap

LOOKS = (
    {"fill": OUTER, "stroke": LIKELY},
    {"fill": BACKGROUND, "stroke": CLASS},
    {"fill": OUTER, "stroke": DOT},
    {"fill": BACKGROUND, "stroke": PREVIOUS},
    {"fill": OUTER, "stroke": CLASS},
)
"""One for each group: there are at most five."""

SMALLEST_RADIUS_PX = 9.0
"""With less, no letter can be read in it."""
MARGIN_PX = 6
SQUARE_PX = 7
LABEL_PX = {Width.WIDE: 13, Width.NARROW: 11}


@dataclass(frozen=True)
class _Box:
    """A text, by its middle and its size, in px."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "_Box") -> bool:
        return (
            2 * abs(self.x - other.x) < self.width + other.width
            and 2 * abs(self.y - other.y) < self.height + other.height
        )


@dataclass(frozen=True)
class _Circle:
    x: float
    y: float
    radius: float
    letter: str
    row: int


@dataclass(frozen=True)
class _Frame:
    """Where the drawing stands among the places of the map; up is up."""

    left: float
    top: float
    px: float
    """Of one unit, along both axes."""
    width: int
    height: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        return MARGIN_PX + (x - self.left) * self.px, MARGIN_PX + (self.top - y) * self.px


def draw_map(chart: OpinionMap, width: Width) -> str:
    """Draw a map for files and print, in its own colours; see `charts.draw`."""
    return svg_of(_map_spec(chart, width), f"{chart.title}. {chart.description}")


def _map_spec(chart: OpinionMap, width: Width) -> Spec:
    frame = _frame_of(chart, width)
    circles = [_circle(bubble, chart, frame) for bubble in chart.bubbles]
    squares = [frame.at(mark.x, mark.y) for mark in chart.statements]
    label_px = LABEL_PX[width]
    taken = [_Box(circle.x, circle.y, label_px, label_px) for circle in circles]
    taken += [_Box(x, y, SQUARE_PX, SQUARE_PX) for x, y in squares]
    numbers = [mark.number for mark in chart.statements]
    labels = _labels(squares, numbers, label_px, taken, frame)
    drawing = layered(
        frame.width,
        frame.height,
        [
            _circles(circles),
            _texts([(circle.x, circle.y, circle.letter) for circle in circles], label_px, "bold"),
            _squares(squares),
            _texts(
                [(box.x, box.y, number) for box, number in zip(labels, numbers, strict=True)],
                label_px,
                "normal",
            ),
        ],
    )
    return {**drawing, "encoding": {"x": _px("x", frame.width), "y": _px("y", frame.height)}}


def _frame_of(chart: OpinionMap, width: Width) -> _Frame:
    """As near around everything as can be, with room for the numbers of the statements."""
    round_it = [(bubble.x, bubble.y, chart.cell / 2) for bubble in chart.bubbles]
    round_it += [(mark.x, mark.y, chart.cell / 4) for mark in chart.statements]
    left = min(x - away for x, _, away in round_it)
    right = max(x + away for x, _, away in round_it)
    bottom = min(y - away for _, y, away in round_it)
    top = max(y + away for _, y, away in round_it)
    px = (width.value - 2 * MARGIN_PX) / (right - left)
    return _Frame(left, top, px, width.value, (top - bottom) * px + 2 * MARGIN_PX)


def _circle(bubble: Bubble, chart: OpinionMap, frame: _Frame) -> _Circle:
    """Its area tells the number of people; of several in one cell each moves a little aside."""
    largest = max(other.people for other in chart.bubbles)
    together = sorted(other.row for other in chart.bubbles if (other.x, other.y) == (bubble.x, bubble.y))
    aside = (together.index(bubble.row) - (len(together) - 1) / 2) * chart.cell / 3
    x, y = frame.at(bubble.x + aside, bubble.y)
    radius = chart.cell / 2 * frame.px * (bubble.people / largest) ** 0.5
    return _Circle(x, y, max(SMALLEST_RADIUS_PX, radius), bubble.group, bubble.row)


def _labels(
    points: Sequence[tuple[float, float]],
    texts: Sequence[str],
    text_px: int,
    taken: Sequence[_Box],
    frame: _Frame,
) -> list[_Box]:
    """A place for each label beside its point, where it covers no other text if there is such a place."""
    full, labels = list(taken), []
    for (x, y), text in zip(points, texts, strict=True):
        width = 0.6 * text_px * len(text)
        aside = (width + SQUARE_PX) / 2 + 3
        choices = [
            _Box(x + dx, y + dy, width, text_px)
            for dy in (0, -text_px, text_px, -2 * text_px, 2 * text_px)
            for dx in ((aside, -aside) if dy == 0 else (0, aside, -aside))
        ]
        free = [
            box
            for box in choices
            if not any(box.overlaps(other) for other in full)
            and width / 2 <= box.x <= frame.width - width / 2
            and text_px / 2 <= box.y <= frame.height - text_px / 2
        ]
        labels.append(free[0] if free else choices[0])
        full.append(labels[-1])
    return labels


def _px(field: str, most: float) -> Spec:
    scale = {"domain": [0, most], "range": [0, most], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def _circles(circles: Sequence[_Circle]) -> Spec:
    # The largest come first, so that none is hidden under another.
    values = [
        {"x": circle.x, "y": circle.y, "size": (2 * circle.radius) ** 2, **LOOKS[circle.row]}
        for circle in sorted(circles, key=lambda circle: -circle.radius)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "point", "shape": "circle", "strokeWidth": 2, "opacity": 1},
        "encoding": {
            "size": {"field": "size", "type": "quantitative", "scale": None},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
            "stroke": {"field": "stroke", "type": "nominal", "scale": None},
        },
    }


def _squares(points: Sequence[tuple[float, float]]) -> Spec:
    return {
        "data": {"values": [{"x": x, "y": y} for x, y in points]},
        "mark": {
            "type": "point",
            "shape": "square",
            "size": SQUARE_PX**2,
            "fill": INK,
            "stroke": BACKGROUND,
            "strokeWidth": 1,
            "opacity": 1,
        },
    }


def _texts(placed: Sequence[tuple[float, float, str]], px: int, weight: str) -> Spec:
    return {
        "data": {"values": [{"x": x, "y": y, "text": text} for x, y, text in placed]},
        "mark": {
            "type": "text",
            "align": "center",
            "baseline": "middle",
            "fontSize": px,
            "fontWeight": weight,
            "color": INK,
        },
        "encoding": {"text": {"field": "text"}},
    }
