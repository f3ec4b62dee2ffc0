"""A comparison as a spreadsheet: what it is, every score and every finding, and nothing that ranks."""

from datetime import date, datetime
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from tests.builders import SCORES, make_city, make_finding, make_validated_cycle, put_in_state
from tests.people import make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    """Ravenna has published; of Riga's eight areas of the same weight the third is not answered."""
    for slug, latvian in (("riga", "Rīga"), ("ravenna", "Ravenna")):
        make_city(slug, name=LocalText("en", {"en": slug.capitalize(), "lv": latvian}))
    cycle = make_validated_cycle({"riga": [60, 40, None, 80, 60, 60, 60, 60], "ravenna": 40})
    put_in_state(Review.objects.get(city__slug="ravenna"), State.PUBLISHED)
    return cycle


def download(cycle, language="en"):
    browser = Client()
    browser.force_login(make_person("mihai"))
    with translation.override(language):
        address = reverse("review:comparison-sheet", args=[cycle.pk])
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer


def book_of(cycle, language="en"):
    return load_workbook(BytesIO(download(cycle, language).content))


def values(sheet):
    found = [[cell.value for cell in row] for row in sheet]
    return [[value.date() if isinstance(value, datetime) else value for value in row] for row in found]


def test_the_file_is_named_after_the_cycle_and_kept_by_nobody_on_the_way(cycle):
    answer = download(cycle, "lv")

    assert answer["Content-Disposition"] == f'attachment; filename="comparison-{SCORES}-2023-lv.xlsx"'
    assert "private, no-store" in answer["Cache-Control"]


def test_every_score_has_its_band_its_coverage_its_day_and_its_source(cycle):
    header, *scores = values(book_of(cycle)["Scores"])
    areas = cycle.framework.text("en").areas
    published, validated = date(2024, 3, 18), date(2024, 3, 4)

    assert header == [
        "City",
        "Area",
        "Score",
        "Band, lowest",
        "Band, highest",
        "Coverage",
        "Unit",
        "Date",
        "Taken from",
        "Why there is no score",
    ]
    assert len(scores) == 2 * 9
    unit = "points of 100"
    assert scores[0] == [
        "Ravenna",
        "Overall score (core)",
        40,
        40,
        40,
        1,
        unit,
        published,
        "published review",
        None,
    ]
    source = "validated review, not published"
    of_riga = scores[9:]
    assert of_riga[0] == ["Riga", "Overall score (core)", 60, 52.5, 65, 0.875, unit, validated, source, None]
    third = areas[cycle.framework.areas[2].key].title
    assert of_riga[3] == ["Riga", third, None, 0, 100, 0, unit, validated, source, "not enough answers"]
    assert [row[1] for row in of_riga[1:]] == [areas[area.key].title for area in cycle.framework.areas]


def test_every_finding_has_its_kind_its_language_and_what_it_rests_on(cycle):
    riga = Review.objects.get(city__slug="riga")
    make_finding(riga, "Second.", areas=["health"], next_step="Go on.", place=2)
    make_finding(riga, LocalText("lv", {"lv": "Pirmais."}), questions=["education-score"])
    text = cycle.framework.text("en")

    assert values(book_of(cycle)["Findings"]) == [
        [
            "City",
            "Kind",
            "Finding",
            "Suggested next step",
            "Language",
            "Areas",
            "Questions that it rests on",
        ],
        ["Riga", "gap", "Pirmais.", None, "Latvian", None, text.questions["education-score"].text],
        ["Riga", "gap", "Second.", "Go on.", "English", text.areas["health"].title, None],
    ]


def test_the_first_tab_says_what_it_is_and_that_it_is_no_ranking(cycle):
    book = book_of(cycle)
    assert book.sheetnames == ["About", "Scores", "Findings"]
    about = dict(row[:2] for row in values(book["About"])[2:])

    assert about["Network"] == "A pact"
    assert about["Questionnaire"] == f"{cycle.title}, version 1"
    assert (about["Year"], about["Cities"]) == ("2023", "Ravenna and Riga")
    assert "This is no ranking" in about["What it is"]
    assert "do not pass it on" in about["Who may read it"]
    assert "invented, for demonstration" in about["Invented answers"]
    assert about["Made on"]


def test_no_tab_offers_to_sort_the_cities(cycle):
    assert [sheet.auto_filter.ref for sheet in book_of(cycle)] == [None] * 3


def test_the_file_speaks_the_language_of_the_page_and_its_alphabet(cycle):
    scores = values(book_of(cycle, "lv").worksheets[1])

    assert [row[0] for row in scores[1::9]] == ["Ravenna", "Rīga"]


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example")', "=cmd|' /C'!A0", "a\x01b"],
)
def test_no_finding_becomes_a_formula(cycle, words):
    make_finding(Review.objects.get(city__slug="riga"), words, areas=["health"], next_step=words)
    cells = [cell for sheet in book_of(cycle) for row in sheet for cell in row]

    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    kept = [cell for cell in cells if cell.value == words.replace("\x01", "")]
    assert len(kept) == 2
    assert all(cell.quotePrefix for cell in kept) == (words[0] in "=+-@\t")


def test_what_nobody_agreed_to_is_not_in_the_file(cycle):
    Review.objects.get(city__slug="riga").sharing.delete()
    cells = [cell.value for sheet in book_of(cycle) for row in sheet for cell in row]

    assert "Ravenna" in cells
    assert "Riga" not in cells
