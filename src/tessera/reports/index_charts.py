"""Charts of an index: Vega-Lite specifications with their data inside, in English like the command line.

Each has a title, and a description that can stand in its place. Marks are told apart by shape, place or
number; colour only helps.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.compute import Result
from tessera.engines.index.errors import MethodError, NotComputable, StructureError
from tessera.engines.index.explanation.contributions import contributions
from tessera.engines.index.sensitivity import Sensitivity
from tessera.engines.index.statistics import Correlations
from tessera.engines.index.steps.weight import effective_weights
from tessera.engines.index.structure import Tree
from tessera.engines.index.uncertainty import Uncertainty
from tessera.reports.charts import (
    BACKGROUND,
    CLASS,
    DOT,
    INDENT_PX,
    INK,
    LETTER_PX,
    LIKELY,
    OUTER,
    Spec,
    svg_of,
)
from tessera.reports.vega import (
    PLOT_PX,
    ROW_PX,
    along,
    colours,
    figures_axis,
    line_for_each,
    opening,
    texts,
)

PARTS = (DOT, OUTER, "#3d747d", "#f1d9c9", CLASS, "#c9c4bc")
"""Fills of the parts of a bar, dark and light by turns, so that neighbours differ without colour."""
ON_PARTS = (BACKGROUND, INK, BACKGROUND, INK, BACKGROUND, INK)
NUMBER_PX = 16
"""What the number of a part takes; a narrower part goes without."""

CORRELATION_COLOURS = ("#dd9468", "#f7f5f2", "#6fabb5")
"""At -1, 0 and 1: pale enough for dark figures, and apart for the colour-blind."""
MOST_WRITTEN = 15
"""Columns of a map of correlations up to which every figure is written."""


def as_svg(spec: Spec) -> str:
    """Draw a chart.

    Returns
    -------
    str
        An SVG element that names itself by the chart's title and description, and needs nothing else.
    """
    return svg_of(spec, f"{spec['title']['text']}. {spec['description']}")


def rank_bands(found: Uncertainty, target: str) -> Spec:
    """For each unit the band of its rank over the runs, the median, and the nominal rank.

    Units stand in the order of their median ranks, and where those are equal of their mean ranks. One that no
    run ranks has no line; the description says how many there are.

    Parameters
    ----------
    target : str
        One of ``found.targets``.

    Raises
    ------
    MethodError
        The target was not looked at.
    """
    if target not in found.targets:
        raise MethodError(f"{target} was not looked at; targets: {', '.join(found.targets)}")
    place = found.targets.index(target)
    ranked = np.flatnonzero(~np.isnan(found.rank_median[place]))
    values = [
        {
            "unit": found.rows[row],
            "low": float(found.rank_q05[place, row]),
            "median": float(found.rank_median[place, row]),
            "high": float(found.rank_q95[place, row]),
            "nominal": int(found.nominal_rank[place, row]) or None,
        }
        for row in ranked[np.lexsort((found.rank_mean[place, ranked], found.rank_median[place, ranked]))]
    ]
    made = found.runs - len(found.failed)
    x = {"scale": {"domain": [1, max(len(found.rows), 2)], "nice": False, "padding": 8}}
    x["axis"] = {
        **figures_axis("rank (1 = highest)"),
        "values": _some_ranks(len(found.rows)),
        "orient": "top",
    }
    y = line_for_each([value["unit"] for value in values], "unit")
    return {
        **opening(
            f"Ranks on {target} and how sure they are",
            f"Bar: 5–95 % of {made:,} runs. Dot: median. Upright line: nominal rank.",
            f"For each of {len(values)} units the 5–95 % band of its rank on {target} over {made:,} runs, "
            f"its median and its nominal rank.{_ends(values, 'median', 'from {low:g} to {high:g}')}"
            f"{_left_out(len(found.rows) - len(values), 'without a rank in any run')}",
        ),
        "width": PLOT_PX,
        "height": {"step": ROW_PX},
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar", "height": 11, "color": OUTER, "stroke": LIKELY, "strokeWidth": 1},
                "encoding": {"y": y, "x": along("low", x), "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "tick", "orient": "vertical", "color": CLASS, "size": 17, "thickness": 2.5},
                "encoding": {"y": y, "x": along("nominal", x)},
            },
            {
                "mark": {"type": "circle", "size": 45, "color": DOT, "opacity": 1},
                "encoding": {"y": y, "x": along("median", x)},
            },
        ],
    }


def component_bars(result: Result, code: str) -> Spec:
    """The score of a group in each unit, stacked from what its children bring, the highest score first.

    A child that takes points away (a negative z-score, say) stands left of zero. A unit without a score has
    no bar; the description says how many there are.

    Raises
    ------
    StructureError
        The node is no group.
    NotComputable
        The group is neither arithmetic nor geometric, so that its score has no parts.
    """
    if code not in result.tree.children:
        raise StructureError(f"{code} is no group; accepted: {', '.join(result.tree.groups)}")
    scores = result.column(code)
    scored = np.flatnonzero(~np.isnan(scores))
    order = scored[np.argsort(-scores[scored], kind="stable")]
    units = [{"unit": result.rows[row], "score": float(scores[row])} for row in order]
    children = [child.code for child in result.tree.children[code]]
    values = [part for unit in units for part in _parts(result, str(unit["unit"]), code, children)]
    ends = [0.0, *(value[end] for value in values for end in ("low", "high"))]
    x = {
        "scale": {"domain": [min(ends), max(ends)], "nice": True},
        "axis": figures_axis(f"points of {code}"),
    }
    y = line_for_each([str(unit["unit"]) for unit in units], "unit")
    reach = max(ends) - min(ends)
    decimals = ".1f" if reach >= 10 else ".2f"
    numbered = [value for value in values if value["high"] - value["low"] >= reach * NUMBER_PX / PLOT_PX]
    names = ", ".join(f"{number}\N{NO-BREAK SPACE}{child}" for number, child in enumerate(children, 1))
    return {
        **opening(
            f"What makes up {code}",
            f"Parts: {names}. On the right: the score.",
            f"For each of {len(units)} units the score of {code}, divided into what {_listed(children)} "
            f"bring to it.{_ends(units, 'score')}"
            f"{_left_out(len(result.rows) - len(units), 'without a score')}",
        ),
        "width": PLOT_PX,
        "height": {"step": ROW_PX},
        "resolve": {"scale": {"color": "independent"}},
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "bar", "height": 15, "stroke": BACKGROUND, "strokeWidth": 1},
                "encoding": {
                    "y": y,
                    "x": along("low", x),
                    "x2": {"field": "high"},
                    "color": colours("child", children, PARTS),
                },
            },
            texts(
                numbered,
                {
                    "y": y,
                    "x": along("middle", x),
                    "text": {"field": "number"},
                    "color": colours("child", children, ON_PARTS),
                },
                align="center",
            ),
            texts(
                units,
                {"y": y, "x": {"value": PLOT_PX}, "text": {**along("score", {}), "format": decimals}},
            ),
        ],
    }


def correlation_map(codes: Sequence[str], correlations: Correlations, level: int) -> Spec:
    """The correlation of every two nodes of a level, by colour and, for up to 15 of them, as a figure.

    Among more nodes a minus marks the negative ones. A pair without a correlation is left blank.

    Parameters
    ----------
    codes : sequence of str
        Of the rows and columns of the correlations.
    level : int
        Named in the title.

    Raises
    ------
    StructureError
        Not one code for each column.
    """
    r = correlations.r
    if len(codes) != len(r):
        raise StructureError(f"{len(codes)} codes for {len(r)} columns of correlations")
    written = len(codes) <= MOST_WRITTEN
    values = [
        {"row": codes[one], "column": codes[other], "r": float(r[one, other])}
        for one, other in np.argwhere(~np.isnan(r))
    ]
    for value in values:
        value["text"] = _figure(value["r"]) if written else "\N{MINUS SIGN}" if value["r"] < 0 else ""
    legend = "" if written else "\N{MINUS SIGN}: below 0. "
    legend += "Blank: no correlation can be given." if np.isnan(r).any() else ""
    across = line_for_each(codes, "column")
    across["axis"] |= {"orient": "top", "labelAngle": -60 if written else -90}
    at: Spec = {"x": across, "y": line_for_each(codes, "row")}
    scale: Spec = {
        "scale": {"domain": [-1, 0, 1], "range": list(CORRELATION_COLOURS), "interpolate": "rgb"},
        "legend": {
            "type": "symbol",
            "symbolType": "square",
            "symbolSize": 200,
            "symbolOpacity": 1,
            "title": None,
            "values": [1, 0.5, 0, -0.5, -1],
            "format": ".1f",
        },
    }
    return {
        **opening(
            f"Correlations on level {level}",
            legend,
            f"The correlation of every two of {len(codes)} nodes on level {level}.{_extremes(codes, r)}",
        ),
        "width": {"step": 46 if written else 18},
        "height": {"step": 28 if written else 18},
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "rect", "stroke": BACKGROUND, "strokeWidth": 1},
                "encoding": {**at, "color": along("r", scale)},
            },
            texts(values, {**at, "text": {"field": "text"}}, align="center"),
        ],
    }


def sobol_bars(found: Sensitivity, target: tuple[str, str]) -> Spec:
    """The first-order and the total index of each factor for one output, the largest total first.

    A whisker is the 95 % interval; exact and generalised indices have none.

    Parameters
    ----------
    target : tuple of (str, str)
        One of ``found.targets``: the group and the output.

    Raises
    ------
    MethodError
        There is no such output.
    NotComputable
        The output does not vary.
    """
    group, output = target
    if target not in found.targets:
        first = ", ".join(f"{each}: {name}" for each, name in found.targets[:8])
        raise MethodError(f"{group} has no output {output!r}; there are {first}")
    column = found.targets.index(target)
    if np.isnan(found.total[:, column]).any():
        raise NotComputable(f"{group}, {output}: it does not vary, so no factor has a share in it")
    order = np.argsort(-found.total[:, column], kind="stable")
    factors = [found.factors[place] for place in order]
    values = [value for place in order for value in _indices(found, int(place), column)]
    whiskers = [value for value in values if value["low"] is not None]
    x = {
        "scale": {
            "domain": [min(0.0, *(v["left"] for v in values)), max(1.0, *(v["right"] for v in values))],
            "nice": False,
        },
        "axis": {**figures_axis("share of the variance"), "values": [0, 0.25, 0.5, 0.75, 1], "format": ".2f"},
    }
    y = line_for_each(factors, "factor")
    y["scale"] |= {"paddingInner": 0.25, "paddingOuter": 0.15}
    at: Spec = {"y": y, "yOffset": {"field": "index", "scale": {"domain": ["first", "total"]}}}
    legend = "First: by the factor alone; total: with all it takes part in."
    listed = [
        f"{one['factor']} {_figure(one['value'])} and {_figure(other['value'])}"
        for one, other in zip(values[::2], values[1::2], strict=True)
    ]
    return {
        **opening(
            f"What moves {group}: {output}",
            legend + (" Whisker: 95 % interval." if whiskers else ""),
            f"For each of {len(factors)} factors the share of the variance of {group}, {output}, that it "
            f"brings about alone and with all it takes part in: {'; '.join(listed)}.",
        ),
        "width": PLOT_PX,
        "height": {"step": ROW_PX, "for": "offset"},
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "bar", "stroke": LIKELY, "strokeWidth": 1},
                "encoding": {
                    **at,
                    "x": along("zero", x),
                    "x2": {"field": "value"},
                    "color": colours("index", ["first", "total"], (LIKELY, OUTER)),
                },
            },
            {
                "data": {"values": whiskers},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
                "encoding": {**at, "x": along("low", x), "x2": {"field": "high"}},
            },
            texts(values, {**at, "x": along("right", x), "text": {"field": "text"}}),
        ],
    }


def structure(tree: Tree, weights: Mapping[str, float]) -> Spec:
    """The tree, one node in a line: as long as its weight in the whole, under its part of its group.

    Parameters
    ----------
    weights : mapping of code to float
        Of each node but the root within its group, as `Result.weights`.
    """
    weights = effective_weights(tree, weights)
    values = _lines(tree, weights)
    label_px = 12 + max(INDENT_PX * value["depth"] + LETTER_PX * len(value["code"]) for value in values)
    x: Spec = {
        "scale": {"domain": [0, 1], "range": [label_px, label_px + PLOT_PX], "nice": False},
        "axis": None,
    }
    y = {**line_for_each([value["code"] for value in values], "code"), "axis": None}
    tops = [f"{child.code} ({weights[child.code]:.1%})" for child in tree.children.get(tree.root, ())]
    return {
        **opening(
            f"The structure of {tree.root}",
            "A bar is as long as the weight in the whole, and lies under its group.",
            f"{tree.root} has {_counted(len(tree.leaves), 'indicator')} in "
            f"{_counted(len(tree.groups), 'group')}, itself among them; "
            f"directly below it, with their weights in the whole, {_listed(tops)}.",
        ),
        "width": label_px + PLOT_PX + 60,
        "height": {"step": ROW_PX},
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "rect", "height": 13, "stroke": LIKELY, "strokeWidth": 1},
                "encoding": {
                    "y": y,
                    "x": along("start", x),
                    "x2": {"field": "end"},
                    "color": colours("kind", ["group", "indicator"], (LIKELY, OUTER)),
                },
            },
            *(
                texts(
                    [value for value in values if value["depth"] == depth],
                    {"y": y, "x": {"value": INDENT_PX * depth}, "text": {"field": "code"}},
                )
                for depth in sorted({value["depth"] for value in values})
            ),
            texts(
                values,
                {
                    "y": y,
                    "x": {"value": label_px + PLOT_PX},
                    "text": {**along("weight", {}), "format": ".1%"},
                },
            ),
        ],
    }


def _parts(result: Result, row: str, code: str, children: Sequence[str]) -> list[Spec]:
    """What each child brings, laid end to end: from zero to the right, and to the left below zero."""
    found = contributions(result, row, code)
    brought = dict(zip(found.codes, found.contribution.tolist(), strict=True))
    parts: list[Spec] = []
    reached = {True: 0.0, False: 0.0}
    for number, child in enumerate(children, 1):
        value = brought[child]
        start = reached[value >= 0]
        end = reached[value >= 0] = start + value
        parts.append(
            {
                "unit": row,
                "child": child,
                "number": number,
                "contribution": value,
                "low": min(start, end),
                "middle": (start + end) / 2,
                "high": max(start, end),
            }
        )
    return parts


def _indices(found: Sensitivity, place: int, column: int) -> list[Spec]:
    """Of one factor: the first-order and the total index, each with the ends of its interval."""
    return [
        {
            "factor": found.factors[place],
            "index": index,
            "zero": 0,
            "value": value,
            "low": low,
            "high": high,
            "left": min(value, value if low is None else low),
            "right": max(0.0, value, value if high is None else high),
            "text": f"{index} {_figure(value)}",
        }
        for index, value, low, high in (
            (
                "first",
                float(found.first[place, column]),
                *_interval(found.first_low, found.first_high, place, column),
            ),
            (
                "total",
                float(found.total[place, column]),
                *_interval(found.total_low, found.total_high, place, column),
            ),
        )
    ]


def _interval(
    low: NDArray[np.float64] | None, high: NDArray[np.float64] | None, place: int, column: int
) -> tuple[float, float] | tuple[None, None]:
    if low is None or high is None or np.isnan(low[place, column]):
        return None, None
    return float(low[place, column]), float(high[place, column])


def _lines(tree: Tree, weights: Mapping[str, float]) -> list[Spec]:
    """Every node below its group, its bar beginning where that of the sibling before it ends."""
    values: list[Spec] = []
    waiting = [(tree.root, 0, 0.0)]
    while waiting:
        code, depth, start = waiting.pop()
        end = start + weights[code]
        kind = "group" if code in tree.children else "indicator"
        values.append(
            {"code": code, "kind": kind, "depth": depth, "weight": weights[code], "start": start, "end": end}
        )
        below = []
        for child in tree.children.get(code, ()):
            below.append((child.code, depth + 1, start))
            start += weights[child.code]
        waiting += reversed(below)
    return values


def _some_ranks(number: int) -> list[int]:
    """The first rank, and round ones in a distance that leaves room for their figures."""
    steps = (round_one * 10**zeros for zeros in range(9) for round_one in (1, 2, 5))
    step = next(step for step in steps if number <= 12 * step)
    return sorted({1, *range(step, number + 1, step)})


def _ends(values: Sequence[Spec], field: str, more: str = "") -> str:
    """A sentence on the first and the last unit."""
    if not values:
        return ""
    said = [
        f"{value['unit']} ({field} {value[field]:.4g}{', ' + more.format(**value) if more else ''})"
        for value in (values[0], values[-1])
    ]
    return f" The first is {said[0]}, the last {said[1]}."


def _left_out(number: int, why: str) -> str:
    return f" Left out: {_counted(number, 'unit')} {why}." if number else ""


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _extremes(codes: Sequence[str], r: NDArray[np.float64]) -> str:
    """A sentence on the highest and the lowest correlation of two different nodes."""
    pairs = np.where(np.tri(len(codes), k=-1, dtype=bool), r, np.nan)
    if np.isnan(pairs).all():
        return ""
    said = []
    for place in (int(np.nanargmax(pairs)), int(np.nanargmin(pairs))):
        one, other = divmod(place, len(codes))
        said.append(f"{codes[other]} and {codes[one]} ({_figure(float(pairs[one, other]))})")
    return f" The highest is between {said[0]}, the lowest between {said[1]}."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _figure(value: float) -> str:
    """Two decimals, with a proper minus, and none before a zero."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")
