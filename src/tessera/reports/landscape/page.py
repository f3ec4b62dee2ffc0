"""The report of a landscape as HTML: the parts of a page of the site, and a file that needs nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

from tessera.reports.charts import Width, for_page
from tessera.reports.landscape.drawing import draw_map
from tessera.reports.landscape.parts import LandscapeReport, OpinionMap
from tessera.reports.pages import TEMPLATES

STYLES = ("standalone.css", "review.css", "landscape.css")

DrawingOfMap = Callable[[OpinionMap, Width], SafeString]


@dataclass(frozen=True)
class DrawnMap:
    chart: OpinionMap
    wide: SafeString
    narrow: SafeString


def draw_for_page(chart: OpinionMap, width: Width) -> SafeString:
    """A map as an SVG element for a page."""
    # Safe: the drawing program escapes every text in it.
    return mark_safe(for_page(draw_map(chart, width)))


def landscape_context(report: LandscapeReport, drawing: DrawingOfMap = draw_for_page) -> Mapping[str, object]:
    """What the template ``landscape/_sections.html`` needs.

    Parameters
    ----------
    report : LandscapeReport
    drawing : callable
        Draws a map in a width; of use where drawings are kept.

    Returns
    -------
    mapping
        ``report``; ``map`` (a DrawnMap, or None).
    """
    chart = report.differ.map
    drawn = chart and DrawnMap(chart, drawing(chart, Width.WIDE), drawing(chart, Width.NARROW))
    return {"report": report, "map": drawn}


def render_landscape(report: LandscapeReport) -> str:
    """A report as one file: styles and drawings inside, no script, nothing fetched."""
    engine = Engine(dirs=[str(TEMPLATES)])
    styles = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in STYLES)
    context = Context({**landscape_context(report), "styles": mark_safe(styles)})
    return engine.get_template("landscape/file.html").render(context)
