"""From the home page to a published review and its files, as a visitor goes: by the words on the links."""

import json
import re
import zipfile

import pytest
from tests.browser.conftest import NARROW, WIDE
from tests.browser.pages import LANGUAGES, PAGES, REVIEW

pytestmark = pytest.mark.browser

CITIES = {"en": "Cities", "lv": "Pilsētas"}
CITY = {"en": "Riga", "lv": "Rīga"}
AREA = {"en": "Language", "lv": "Valoda"}
INVENTED = {"en": "The answers are invented", "lv": "Atbildes ir izdomātas"}

in_every_way = pytest.mark.parametrize(
    ("viewport", "script"),
    [
        pytest.param(viewport, script, id=f"{viewport['width']}px-{'with' if script else 'without'}-script")
        for viewport in (NARROW, WIDE)
        for script in (True, False)
    ],
)
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def follow(page, name, within="main"):
    page.locator(within).get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()


def take(page, kind):
    """The file of one kind that the page offers: its name, its content and how it was sent."""
    with (
        page.expect_response(lambda answer: kind in answer.url) as answering,
        page.expect_download() as waiting,
    ):
        page.locator("main").get_by_role("link", name=kind.upper()).click()
    return waiting.value.suggested_filename, waiting.value.path(), answering.value.headers


@in_every_way
@in_every_language
def test_a_visitor_walks_from_home_to_a_published_review_and_takes_its_files_along(
    site, visit, language, viewport, script
):
    with visit(f"{site}/{language}/", viewport=viewport, script=script) as seen:
        page = seen.page
        assert seen.response.status == 200
        follow(page, CITIES[language], within="header")
        follow(page, CITY[language])
        assert page.url == f"{site}/{language}{PAGES['city']}"
        assert page.locator("h1").inner_text() == CITY[language]
        page.locator("main").get_by_role("link", name=re.compile("2023")).first.click()
        page.wait_for_load_state()
        assert page.url == f"{site}/{language}{REVIEW}"
        assert CITY[language] in page.locator("h1").inner_text()
        assert INVENTED[language] in page.locator("main").inner_text()

        name, report, headers = take(page, "pdf")
        assert name == f"riga-intercultural-review-2023-{language}.pdf"
        assert headers["content-type"] == "application/pdf"
        assert headers["content-disposition"].startswith("attachment")
        assert report.read_bytes().startswith(b"%PDF-1.")
        _, sheet, _ = take(page, "xlsx")
        assert "xl/workbook.xml" in zipfile.ZipFile(sheet).namelist()
        _, profile, _ = take(page, "json")
        assert json.loads(profile.read_text(encoding="utf-8"))["invented"] is True


@in_every_way
@in_every_language
def test_a_visitor_goes_from_a_review_to_one_area_in_all_cities_and_back(
    site, visit, language, viewport, script
):
    with visit(f"{site}/{language}{REVIEW}", viewport=viewport, script=script) as seen:
        page = seen.page
        assert seen.response.status == 200
        page.locator(f"main a[href='/{language}{PAGES['area']}']").click()
        page.wait_for_load_state()
        assert AREA[language] in page.locator("h1").inner_text()
        page.locator("main summary").click()
        follow(page, CITY[language])
        assert page.url == f"{site}/{language}{REVIEW}"
