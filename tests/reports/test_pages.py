import re
from pathlib import Path

import pytest
from tests.reports.read_page import Page
from tests.reports.reviews import answered, large_framework, large_review

from tessera.frameworks.answers import Answer
from tessera.frameworks.scoring import score_sheet
from tessera.reports.pages import TEMPLATES, chart_files, render_html
from tessera.reports.parts import ReviewReport
from tessera.reports.review import build_review_report

THEME = Path(__file__).parents[2] / "src/tessera/web/static/web/theme.css"


@pytest.fixture(scope="module")
def report() -> ReviewReport:
    made, answers, before, profile = large_review()
    return build_review_report(made, answers, profile, language="lv", previous_sheet=before)


@pytest.fixture(scope="module")
def page(report: ReviewReport) -> Page:
    return Page(render_html(report))


def test_the_file_names_its_language_and_its_title(report: ReviewReport, page: Page) -> None:
    assert ("html", {"lang": "lv"}) in page.elements
    assert "Rīga, 2023. gads: Starpkultūru pārskats" in page.words
    assert [tag for tag, _ in page.elements].count("h1") == 1


def test_the_file_fetches_nothing_and_runs_nothing(page: Page) -> None:
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    addresses = [
        value for _, attrs in page.elements for name, value in attrs.items() if name in ("src", "href")
    ]
    assert addresses
    assert all(address and address.startswith("#") for address in addresses)
    assert not any(re.search(r"@import|url\(", word) for word in page.words)


def test_no_element_carries_a_style_of_its_own(page: Page) -> None:
    assert not [tag for tag, attrs in page.elements if "style" in attrs]


def test_every_link_within_the_page_has_its_target(page: Page) -> None:
    targets = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
    links = {(attrs["href"] or "")[1:] for tag, attrs in page.elements if tag == "a"}
    assert {"overall", "areas", "strengths", "gaps", "moved", "questions", "method"} <= links
    assert links <= targets


def test_drawings_follow_the_light_and_dark_of_the_page(page: Page) -> None:
    colours = {attrs["fill"] for tag, attrs in page.elements if tag == "text"}
    assert colours == {"var(--chart-ink, #2e2b27)", "var(--chart-muted, #605d58)"}


def test_no_identifier_is_used_twice(page: Page) -> None:
    used = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(used) == len(set(used))


def test_every_chart_is_there_in_both_widths_with_its_table(report: ReviewReport, page: Page) -> None:
    pictures = [attrs for tag, attrs in page.elements if tag == "svg"]
    assert len(pictures) == 2 * len(report.charts)
    for chart in report.charts:
        named = f"{chart.title}. {chart.description}"
        assert [picture["aria-label"] for picture in pictures].count(named) == 2
        cells = " ".join(" ".join(row) for row in chart.table.rows)
        assert "".join(cells.split()) in "".join(page.text.split())


def test_every_question_stands_on_the_page_with_its_answer(report: ReviewReport, page: Page) -> None:
    asked = [question for area in report.details.areas for question in area.questions]
    assert len(asked) == 85
    for question in asked:
        assert f"{question.text} {question.answer}" in page.text


def test_a_hostile_note_is_shown_as_it_was_written() -> None:
    made = large_framework()
    note = "<script>alert('x')</script><img src=x onerror=y> {{ report }} & more"
    answers = answered(made, said={"commitment-0": Answer(value="yes", note=note)})
    html = render_html(build_review_report(made, answers, score_sheet(made, answers), language="en"))
    page = Page(html)
    assert note in page.text
    assert not {"script", "img"} & {tag for tag, _ in page.elements}


def test_the_colours_of_the_file_are_those_of_the_site() -> None:
    ours = re.findall(r"(--ds-color-[a-z-]+): (#[0-9a-f]{6})", (TEMPLATES / "standalone.css").read_text())
    theme = set(re.findall(r"(--ds-color-[a-z-]+): (#[0-9a-f]{6})", THEME.read_text().lower()))
    assert len(ours) > 20
    assert set(ours) <= theme


def test_each_chart_is_a_file_of_its_own(report: ReviewReport) -> None:
    files = chart_files(report)
    assert list(files) == ["overall-core.svg", "areas.svg", "moved.svg"]
    assert all(svg.startswith("<svg ") and "var(" not in svg for svg in files.values())
