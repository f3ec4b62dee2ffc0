"""A report as HTML: the parts of a page of the site, and a file of its own that needs nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

from tessera.reports.charts import Width, draw, for_page
from tessera.reports.parts import Chart, OverallScore, ReviewReport

TEMPLATES = Path(__file__).parent / "html"

Drawing = Callable[[Chart, Width], str]


@dataclass(frozen=True)
class DrawnChart:
    chart: Chart
    wide: str
    narrow: str


@dataclass(frozen=True)
class DrawnOverall:
    overall: OverallScore
    drawn: DrawnChart


def draw_for_page(chart: Chart, width: Width) -> SafeString:
    """A chart as an SVG element for a page.

    Returns
    -------
    SafeString
        Safe: the drawing program escapes every text in it.
    """
    return mark_safe(for_page(draw(chart, width)))


def review_context(report: ReviewReport, drawing: Drawing = draw_for_page) -> Mapping[str, object]:
    """What the templates ``report/*.html`` of a review need.

    Parameters
    ----------
    report : ReviewReport
    drawing : callable
        Draws a chart in a width; of use where drawings are kept.

    Returns
    -------
    mapping
        ``report``; ``overall`` (a DrawnOverall for each overall score); ``areas`` and ``moved`` (a
        DrawnChart, or None).
    """

    def drawn(chart: Chart) -> DrawnChart:
        return DrawnChart(chart, drawing(chart, Width.WIDE), drawing(chart, Width.NARROW))

    return {
        "report": report,
        "overall": [DrawnOverall(part, drawn(part.chart)) for part in report.overall],
        "areas": drawn(report.areas.chart),
        "moved": drawn(report.moved.chart) if report.moved and report.moved.chart else None,
    }


def render_html(report: ReviewReport) -> str:
    """A report as one file: styles and drawings inside, no script, nothing fetched."""
    engine = Engine(dirs=[str(TEMPLATES)])
    styles = "".join(
        (TEMPLATES / name).read_text(encoding="utf-8") for name in ("standalone.css", "review.css")
    )
    context = Context({**review_context(report), "styles": mark_safe(styles)})
    return engine.get_template("report/file.html").render(context)


def chart_files(report: ReviewReport) -> dict[str, str]:
    """Every chart of a report as an SVG file, by file name; the wide drawing."""
    return {f"{chart.name}.svg": draw(chart, Width.WIDE) for chart in report.charts}
