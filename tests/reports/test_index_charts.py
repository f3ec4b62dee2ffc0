import json
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.engines.index.small_indices import index_of
from tests.reports.test_charts import contrast

from tessera.engines.index.compute import Result
from tessera.engines.index.errors import MethodError, NotComputable, StructureError
from tessera.engines.index.sensitivity import Sensitivity
from tessera.engines.index.statistics import Correlations
from tessera.engines.index.steps.aggregate import Rule
from tessera.engines.index.structure import Node, Tree
from tessera.engines.index.uncertainty import Uncertainty
from tessera.reports import charts, index_charts
from tessera.reports.index_charts import (
    as_svg,
    component_bars,
    correlation_map,
    rank_bands,
    sobol_bars,
    structure,
)

SVG = "{http://www.w3.org/2000/svg}"
nan = np.nan


def uncertainty(**given: Any) -> Uncertainty:
    """Three units of which the last is ranked nowhere; the second has the better median."""
    none = np.full((1, 3), nan)
    plain: dict[str, Any] = {
        "rows": ("Riga", "Cēsis", "Nowhere"),
        "targets": ("index",),
        "runs": 1000,
        "failed": {7: "a reason"},
        "nominal": none,
        "nominal_rank": np.array([[1, 2, 0]]),
        "rank_mean": np.array([[1.75, 1.25, nan]]),
        "rank_median": np.array([[2.0, 1.0, nan]]),
        "rank_q05": np.array([[1.0, 1.0, nan]]),
        "rank_q95": np.array([[2.0, 1.5, nan]]),
        "rank_width": 1,
        "rank_shares": np.zeros((1, 3, 3)),
        "mean_shift": np.array([0.5]),
        "above": None,
    }
    scores = dict.fromkeys(("mean", "sd", "median", "q05", "q95", "score_error"), none)
    return Uncertainty(**{**plain, **scores, **given})


def result() -> Result:
    """By hand: A has 0.75 of 80 and 0.25 of 40; B has no homes, so jobs alone; C has nothing."""
    nodes = [("index", None), ("jobs", "index", 3.0), ("homes", "index", 1.0)]
    return index_of(nodes, {"C": [nan, nan], "A": [80, 40], "B": [90, nan], "D": [-10, 50]})


def found_correlations() -> Correlations:
    r = np.array([[1.0, -0.25, nan], [-0.25, 1.0, 0.5], [nan, 0.5, 1.0]])
    return Correlations(r, np.full((3, 3), 9), np.zeros((3, 3)))


def sensitivity(*, intervals: bool) -> Sensitivity:
    first, total = np.array([[0.2, nan], [0.5, nan]]), np.array([[0.4, nan], [0.7, nan]])
    ends = (first - 0.3, first + 0.1, total - 0.1, total + 0.4) if intervals else (None,) * 4
    targets = (("index", "rank shift"), ("index", "score of Riga"))
    return Sensitivity(("cap", "weights"), targets, first, total, *ends, 64, 0, ())


def tree() -> Tree:
    return Tree(
        (
            Node("index", None),
            Node("work", "index", 3.0),
            Node("home", "index", 1.0),
            Node("jobs", "work"),
            Node("pay", "work"),
        )
    )


SPECS = {
    "rank_bands": rank_bands(uncertainty(), "index"),
    "component_bars": component_bars(result(), "index"),
    "correlation_map": correlation_map(("jobs", "homes", "air"), found_correlations(), 1),
    "sobol_bars": sobol_bars(sensitivity(intervals=True), ("index", "rank shift")),
    "exact sobol_bars": sobol_bars(sensitivity(intervals=False), ("index", "rank shift")),
    "structure": structure(tree(), {"work": 0.75, "home": 0.25, "jobs": 0.5, "pay": 0.5}),
}
NAMES = {
    "rank_bands": ["Riga", "Cēsis"],
    "component_bars": ["A", "B", "D", "70.0", "90.0"],
    "correlation_map": ["jobs", "homes", "air", "−0.25", "0.50"],
    "sobol_bars": ["cap", "weights", "first 0.20", "total 0.70"],
    "exact sobol_bars": ["cap", "weights", "first 0.50", "total 0.40"],
    "structure": ["index", "work", "home", "jobs", "pay", "37.5%", "75.0%"],
}


def pick(values: list[dict[str, Any]], *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(value[field] for field in fields) for value in values]


@pytest.mark.parametrize("name", SPECS)
def test_a_drawing_is_one_picture_that_names_itself_and_every_unit_in_it(name: str) -> None:
    spec = SPECS[name]
    root = ET.fromstring(as_svg(spec))
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"{spec['title']['text']}. {spec['description']}"
    written = {"".join(text.itertext()) for text in root.iter(f"{SVG}text")}
    assert set(NAMES[name]) - written == set()


@pytest.mark.parametrize("name", SPECS)
def test_everything_is_inside_and_nothing_is_asked_for(name: str) -> None:
    described = json.dumps(SPECS[name], allow_nan=False)
    assert '"url"' not in described
    assert '"values"' in described
    svg = as_svg(SPECS[name])
    assert not any(outside in svg for outside in ("href", "url(", "<script", "<image", " style="))


def test_bands_of_ranks_are_the_figures_found_in_the_order_of_medians() -> None:
    spec = SPECS["rank_bands"]
    assert pick(spec["data"]["values"], "unit", "low", "median", "high", "nominal") == [
        ("Cēsis", 1.0, 1.0, 1.5, 2),
        ("Riga", 1.0, 2.0, 2.0, 1),
    ]
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == ["Cēsis", "Riga"]
    assert spec["layer"][0]["encoding"]["x"]["axis"]["title"] == "rank (1 = highest)"


def test_equal_medians_are_ordered_by_the_mean_rank() -> None:
    found = uncertainty(rank_median=np.array([[2.0, 2.0, 1.0]]), rank_mean=np.array([[2.4, 2.1, 1.2]]))
    values = rank_bands(found, "index")["data"]["values"]
    assert [value["unit"] for value in values] == ["Nowhere", "Cēsis", "Riga"]
    assert values[0]["nominal"] is None


def test_the_text_for_the_bands_says_what_is_shown_and_what_is_not() -> None:
    assert SPECS["rank_bands"]["description"] == (
        "For each of 2 units the 5–95 % band of its rank on index over 999 runs, its median and its nominal "
        "rank. The first is Cēsis (median 1, from 1 to 1.5), the last Riga (median 2, from 1 to 2). "
        "Left out: 1 unit without a rank in any run."
    )


def test_a_drawing_grows_with_the_number_of_units() -> None:
    number = 150
    even = np.arange(1.0, number + 1)[None]
    found = uncertainty(
        rows=tuple(f"unit {place}" for place in range(number)),
        nominal_rank=even.astype(np.int64),
        **dict.fromkeys(("rank_mean", "rank_median", "rank_q05", "rank_q95"), even),
    )
    root = ET.fromstring(as_svg(rank_bands(found, "index")))
    assert float(root.get("height", "")) > 150 * 20
    assert {f"unit {place}" for place in range(number)} <= {
        "".join(t.itertext()) for t in root.iter(f"{SVG}text")
    }


@pytest.mark.parametrize(
    ("number", "marked"),
    [(3, [1, 2, 3]), (12, list(range(1, 13))), (24, [1, *range(2, 25, 2)]), (51, [1, *range(5, 51, 5)])],
)
def test_the_first_rank_and_round_ones_are_marked(number: int, marked: list[int]) -> None:
    found = uncertainty(
        rows=tuple(f"unit {place}" for place in range(number)),
        nominal_rank=np.ones((1, number), dtype=np.int64),
        **dict.fromkeys(("rank_mean", "rank_median", "rank_q05", "rank_q95"), np.ones((1, number))),
    )
    axis = rank_bands(found, "index")["layer"][0]["encoding"]["x"]["axis"]
    assert axis["values"] == marked


def test_parts_of_a_score_are_laid_end_to_end_and_left_of_zero_where_they_take_away() -> None:
    spec = SPECS["component_bars"]
    # 3/4 of 90 would count if B had homes; without, jobs have all of the weight.
    assert pick(spec["layer"][0]["data"]["values"], "unit", "child", "contribution", "low", "high") == [
        ("B", "jobs", 90.0, 0.0, 90.0),
        ("B", "homes", 0.0, 90.0, 90.0),
        ("A", "jobs", 60.0, 0.0, 60.0),
        ("A", "homes", 10.0, 60.0, 70.0),
        ("D", "jobs", -7.5, -7.5, 0.0),
        ("D", "homes", 12.5, 0.0, 12.5),
    ]
    assert pick(spec["layer"][2]["data"]["values"], "unit", "score") == [("B", 90.0), ("A", 70.0), ("D", 5.0)]


def test_a_part_too_narrow_for_its_number_goes_without() -> None:
    numbered = SPECS["component_bars"]["layer"][1]["data"]["values"]
    # 97.5 points on 460 px: 16 px are 3.4 points, and a part of nothing has no number.
    assert pick(numbered, "unit", "number") == [("B", 1), ("A", 1), ("A", 2), ("D", 1), ("D", 2)]


def test_the_text_for_the_parts_names_the_children_and_counts_who_is_left_out() -> None:
    assert SPECS["component_bars"]["description"] == (
        "For each of 3 units the score of index, divided into what jobs and homes bring to it. The first is "
        "B (score 90), the last D (score 5). Left out: 1 unit without a score."
    )


def test_neighbouring_parts_differ_in_lightness_and_their_numbers_can_be_read() -> None:
    parts = [*index_charts.PARTS, index_charts.PARTS[0]]
    # WCAG 2.2, 1.4.11 would accept the white line between them; this keeps them apart in print, too.
    assert min(contrast(one, other) for one, other in pairwise(parts)) > 2.5
    for part, figure in zip(index_charts.PARTS, index_charts.ON_PARTS, strict=True):
        assert contrast(part, figure) >= 4.5


def test_a_group_without_exact_parts_and_an_indicator_are_refused() -> None:
    nodes = [("index", None), ("a", "index"), ("b", "index")]
    harmonic = index_of(nodes, {"A": [1, 2], "B": [3, 4]}, rule=Rule("harmonic"))
    with pytest.raises(NotComputable, match="harmonic, which has no exact parts"):
        component_bars(harmonic, "index")
    with pytest.raises(StructureError, match="a is no group; accepted: index"):
        component_bars(harmonic, "a")


def test_a_map_of_correlations_has_every_figure_that_there_is() -> None:
    spec = SPECS["correlation_map"]
    assert pick(spec["data"]["values"], "row", "column", "r", "text") == [
        ("jobs", "jobs", 1.0, "1.00"),
        ("jobs", "homes", -0.25, "−0.25"),
        ("homes", "jobs", -0.25, "−0.25"),
        ("homes", "homes", 1.0, "1.00"),
        ("homes", "air", 0.5, "0.50"),
        ("air", "homes", 0.5, "0.50"),
        ("air", "air", 1.0, "1.00"),
    ]
    assert spec["layer"][0]["encoding"]["color"]["scale"]["domain"] == [-1, 0, 1]
    assert spec["title"]["subtitle"] == ["Blank: no correlation can be given."]
    assert spec["description"] == (
        "The correlation of every two of 3 nodes on level 1. The highest is between homes and air (0.50), "
        "the lowest between jobs and homes (−0.25)."
    )


def test_in_a_large_map_a_minus_stands_where_the_colour_alone_would_say_it() -> None:
    r = np.where(np.tri(16, k=-1, dtype=bool) | np.tri(16, k=-1, dtype=bool).T, -0.004, 1.0)
    spec = correlation_map([f"x{place}" for place in range(16)], Correlations(r, np.ones((16, 16)), r), 1)
    assert {(value["r"], value["text"]) for value in spec["data"]["values"]} == {(1.0, ""), (-0.004, "−")}
    assert spec["title"]["subtitle"] == ["−: below 0."]


def test_a_figure_that_rounds_to_nothing_has_no_minus() -> None:
    r = np.array([[1.0, -0.004], [-0.004, 1.0]])
    spec = correlation_map(("a", "b"), Correlations(r, np.ones((2, 2)), r), 1)
    assert [value["text"] for value in spec["data"]["values"]] == ["1.00", "0.00", "0.00", "1.00"]


def test_figures_can_be_read_on_every_colour_of_the_map() -> None:
    for colour in index_charts.CORRELATION_COLOURS:
        assert contrast(charts.INK, colour) >= 4.5


def test_codes_that_do_not_fit_the_correlations_are_refused() -> None:
    with pytest.raises(StructureError, match="2 codes for 3 columns of correlations"):
        correlation_map(("a", "b"), found_correlations(), 1)


def test_bars_of_indices_stand_by_the_total_with_their_intervals() -> None:
    spec = SPECS["sobol_bars"]
    assert pick(spec["layer"][0]["data"]["values"], "factor", "index", "value") == [
        ("weights", "first", 0.5),
        ("weights", "total", 0.7),
        ("cap", "first", 0.2),
        ("cap", "total", 0.4),
    ]
    whiskers = pick(spec["layer"][1]["data"]["values"], "low", "high")
    assert np.array(whiskers).round(9).tolist() == [[0.2, 0.6], [0.6, 1.1], [-0.1, 0.3], [0.3, 0.8]]
    # No whisker ends outside the picture.
    assert np.round(spec["layer"][0]["encoding"]["x"]["scale"]["domain"], 9).tolist() == [-0.1, 1.1]
    assert spec["description"] == (
        "For each of 2 factors the share of the variance of index, rank shift, that it brings about alone "
        "and with all it takes part in: weights 0.50 and 0.70; cap 0.20 and 0.40."
    )


def test_exact_and_generalised_indices_have_no_whiskers() -> None:
    spec = SPECS["exact sobol_bars"]
    assert spec["layer"][1]["data"]["values"] == []
    assert "Whisker" not in " ".join(spec["title"]["subtitle"])
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0.0, 1.0]
    ends = np.full((2, 2), nan)
    found = sensitivity(intervals=False)
    generalised = Sensitivity(
        found.factors, found.targets, found.first, found.total, ends, ends, ends, ends, 64, 0, ()
    )
    assert sobol_bars(generalised, ("index", "rank shift"))["layer"][1]["data"]["values"] == []


def test_an_output_that_is_not_there_or_does_not_vary_is_refused() -> None:
    with pytest.raises(
        MethodError, match="index has no output 'rank of Cēsis'; there are index: rank shift, "
    ):
        sobol_bars(sensitivity(intervals=True), ("index", "rank of Cēsis"))
    with pytest.raises(NotComputable, match="index, score of Riga: it does not vary"):
        sobol_bars(sensitivity(intervals=True), ("index", "score of Riga"))
    with pytest.raises(MethodError, match="work was not looked at; targets: index"):
        rank_bands(uncertainty(), "work")


def test_each_node_lies_under_its_part_of_its_group() -> None:
    spec = SPECS["structure"]
    assert pick(spec["layer"][0]["data"]["values"], "code", "depth", "weight", "start", "end") == [
        ("index", 0, 1.0, 0.0, 1.0),
        ("work", 1, 0.75, 0.0, 0.75),
        ("jobs", 2, 0.375, 0.0, 0.375),
        ("pay", 2, 0.375, 0.375, 0.75),
        ("home", 1, 0.25, 0.75, 1.0),
    ]
    assert spec["description"] == (
        "index has 3 indicators in 2 groups, itself among them; directly below it, with their weights in the "
        "whole, work (75.0%) and home (25.0%)."
    )


def test_a_hostile_code_stays_text() -> None:
    code = '<script>alert(1)</script>" onload="x'
    root = ET.fromstring(as_svg(structure(Tree((Node("index", None), Node(code, "index"))), {code: 1.0})))
    assert not list(root.iter(f"{SVG}script"))
    assert code in {"".join(text.itertext()) for text in root.iter(f"{SVG}text")}
    assert not any("onload" in element.attrib for element in root.iter())
