"""The report of a landscape as a file."""

import re

import pytest
from tests.reports.landscape.evening import camps, every_word, far_apart, report_of
from tests.reports.read_page import Page

from tessera.engines.opinion.stability import Stability
from tessera.reports.landscape.page import render_landscape
from tessera.reports.parts import WrittenText

HOSTILE = "<script>alert('x')</script><img src=x onerror=y> {{ report }} & \"more\""


@pytest.fixture(scope="module")
def report():
    return report_of(camps(), about=WrittenText("The city asked at the library.", ""))


@pytest.fixture(scope="module")
def page(report):
    return Page(render_landscape(report))


def test_the_file_names_its_language_and_its_title(page):
    assert ("html", {"lang": "en"}) in page.elements
    assert "An evening on transport: What the people who took part think" in page.words
    assert [tag for tag, _ in page.elements].count("h1") == 1


def test_the_file_fetches_nothing_and_runs_nothing(page):
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    addresses = [
        value for _, attrs in page.elements for name, value in attrs.items() if name in ("src", "href")
    ]
    assert len(addresses) == 6
    assert all(address.startswith("#") for address in addresses)
    assert not any(re.search(r"@import|url\(", word) for word in page.words)
    assert not [tag for tag, attrs in page.elements if "style" in attrs]


def test_every_link_has_its_target_and_no_target_is_there_twice(page):
    targets = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    links = {attrs["href"][1:] for tag, attrs in page.elements if tag == "a"}
    assert links == {"agree", "accept", "differ", "together", "trust", "counted"}
    assert links <= set(targets)
    assert len(targets) == len(set(targets))


def test_every_text_of_the_report_stands_on_the_page(report, page):
    drawn_only = {report.differ.map.title, report.differ.map.description}
    for part in (report.facts, report.notice, report.agree, report.accept, report.differ, report.together):
        words = [word for word in every_word(part).splitlines() if word and word not in drawn_only]
        assert words
        for word in words:
            if not word.startswith(("most-", "group-")) and word not in ("accepted", "together"):
                assert word in page.text
    for word in every_word((report.trust, report.counted)).splitlines():
        assert word in page.text


def test_the_map_is_there_in_both_widths_and_names_itself(report, page):
    pictures = [attrs["aria-label"] for tag, attrs in page.elements if tag == "svg" and "aria-label" in attrs]
    chart = report.differ.map
    assert pictures == [f"{chart.title}. {chart.description}"] * 2


def test_the_map_follows_the_light_and_dark_of_the_page(page):
    colours = {attrs["fill"] for tag, attrs in page.elements if tag == "text"}
    assert colours == {"var(--chart-ink, #2e2b27)"}


def test_on_the_map_each_bubble_bears_the_letter_of_its_group(report):
    html = render_landscape(report)
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", html)
    assert sorted(texts[: len(texts) // 2]) == ["A", "B", "s0", "s1", "s2", "s3", "s4"]


def test_a_bar_is_drawn_by_shares_and_is_silent(page):
    bars = [attrs for tag, attrs in page.elements if tag == "svg" and attrs.get("class") == "t-bar"]
    assert bars
    assert all(attrs["aria-hidden"] == "true" for attrs in bars)
    rects = [attrs for tag, attrs in page.elements if tag == "rect" and "t-bar" in (attrs.get("class") or "")]
    # The first are those of the legend.
    assert [attrs["width"] for attrs in rects[3:6]] == ["100.00%", "0.00%", "0.00%"]


def test_a_withheld_map_leaves_only_its_reason():
    page = Page(render_landscape(report_of(camps(), stability=Stability((0.2,)))))
    assert "The groups that were found are not firm enough to be shown." in page.text
    assert "Group A" not in page.text
    assert not [attrs for tag, attrs in page.elements if tag == "figure"]
    assert not [attrs for tag, attrs in page.elements if "aria-label" in attrs and tag == "svg"]


def test_groups_without_a_map_stand_with_what_sets_them_apart():
    page = Page(render_landscape(report_of(far_apart())))
    assert "There is no map" in page.text
    assert "Group A: 10 people" in page.text
    assert not [attrs for tag, attrs in page.elements if tag == "figure"]


def test_hostile_texts_are_shown_as_they_were_written():
    given = {
        "texts": {"s6": WrittenText(HOSTILE, '" onload="z')},
        "title": WrittenText(HOSTILE, 'x" y=z'),
        "about": WrittenText(HOSTILE, ""),
    }
    page = Page(render_landscape(report_of(camps(), **given)))
    assert page.text.count(HOSTILE) >= 4
    assert not {"script", "img"} & {tag for tag, _ in page.elements}
    assert not [attrs for _, attrs in page.elements if "onload" in attrs]


def test_a_statement_keeps_its_own_language():
    texts = {"s6": WrittenText("夜間公車", "zh-Hant"), "s0": WrittenText("Vairāk tramvaju", "")}
    page = Page(render_landscape(report_of(camps(), texts=texts)))
    written = [attrs for _, attrs in page.elements if attrs.get("class") == "t-statement__text"]
    languages = {attrs.get("lang") for attrs in written}
    # Empty where it is not known, so that it is not taken for that of the page; none where there is a number.
    assert languages == {"zh-Hant", "", None}


def test_no_participant_is_on_the_page(report):
    html = render_landscape(report)
    assert "person-" not in html


def test_a_page_without_anybody_can_be_made():
    page = Page(render_landscape(report_of([[1]])))
    assert "There are no groups" in page.text
