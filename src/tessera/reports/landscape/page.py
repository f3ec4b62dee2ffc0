"""The report of a landscape as one HTML file that needs nothing else."""

from dataclasses import dataclass

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

from tessera.reports.charts import Width, for_page
from tessera.reports.landscape.drawing import draw_map
from tessera.reports.landscape.parts import LandscapeReport, OpinionMap
from tessera.reports.pages import TEMPLATES

STYLES = ("standalone.css", "review.css", "landscape.css")


@dataclass(frozen=True)
class DrawnMap:
    chart: OpinionMap
    wide: SafeString
    narrow: SafeString


def render_landscape(report: LandscapeReport) -> str:
    """A report as one file: styles and drawings inside, no script, nothing fetched."""
    engine = Engine(dirs=[str(TEMPLATES)])
    styles = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in STYLES)
    context = Context(
        {
            "report": report,
            "map": _drawn(report.differ.map) if report.differ.map else None,
            "styles": mark_safe(styles),
        }
    )
    return engine.get_template("landscape/file.html").render(context)


def _drawn(chart: OpinionMap) -> DrawnMap:
    def drawing(width: Width) -> SafeString:
        # Safe: the drawing program escapes every text in it.
        return mark_safe(for_page(draw_map(chart, width)))

    return DrawnMap(chart, drawing(Width.WIDE), drawing(Width.NARROW))
