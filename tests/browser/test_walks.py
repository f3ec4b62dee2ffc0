"""From the home page to a published review and its files, as a visitor goes: by the words on the links."""

import json
import re
import zipfile

import pytest
from tests.browser.conftest import NARROW, WIDE
from tests.browser.pages import LANGUAGES, REVIEW

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "cities": "Cities",
        "city": "Riga",
        "published": "Report on Riga 2023",
        "area": "Language",
        "invented": "invented",
    },
    "lv": {
        "cities": "Pilsētas",
        "city": "Rīga",
        "published": "Rīga 2023",
        "area": "Valoda",
        "invented": "izdomāt",
    },
}
OTHER = {"en": ("lv", "Latviešu"), "lv": ("en", "English")}

every_way_of_looking = pytest.mark.parametrize(
    ("viewport", "script"),
    [
        pytest.param(viewport, script, id=f"{viewport['width']}px-{'with' if script else 'without'}-script")
        for viewport in (NARROW, WIDE)
        for script in (True, False)
    ],
)
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def follow(page, words, within="main"):
    page.locator(within).get_by_role("link", name=words, exact=True).first.click()
    page.wait_for_load_state()


def download(page, kind):
    with page.expect_download() as waiting:
        page.locator("main a[download], main a").filter(has_text=kind).first.click()
    return waiting.value


@every_way_of_looking
@in_every_language
def test_a_visitor_walks_from_home_to_a_published_review_and_takes_it_along(
    site, visit, language, viewport, script, tmp_path
):
    words = WORDS[language]
    with visit(f"{site}/{language}/", viewport=viewport, script=script) as seen:
        page = seen.page
        assert seen.response.status == 200
        follow(page, words["cities"], within="header")
        assert page.url == f"{site}/{language}/cities/"
        follow(page, words["city"])
        assert page.url == f"{site}/{language}/cities/riga/"
        assert page.locator("h1").inner_text() == words["city"]
        page.locator(f"main a[href='/{language}{REVIEW}']").first.click()
        page.wait_for_load_state()
        assert page.url == f"{site}/{language}{REVIEW}"
        assert words["city"] in page.locator("h1").inner_text()
        assert words["invented"] in page.locator("main").inner_text().lower()

        report = download(page, "PDF")
        assert re.fullmatch(rf"riga-.*-2023-{language}\.pdf", report.suggested_filename)
        assert report.path().read_bytes().startswith(b"%PDF-1.")
        sheet = download(page, "XLSX")
        assert "xl/workbook.xml" in zipfile.ZipFile(sheet.path()).namelist()
        profile = json.loads(download(page, "JSON").path().read_text(encoding="utf-8"))
        assert profile["invented"] is True
