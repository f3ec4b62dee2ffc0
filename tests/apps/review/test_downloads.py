import hashlib
import io
import re

import openpyxl
import pikepdf
import pytest
from tests.builders import REVIEW, make_city, make_review, make_sheet

from tessera.apps.network.local_text import LocalText
from tessera.apps.review.lifecycle import State
from tessera.frameworks.answers import Answer
from tessera.frameworks.sheets.read import read_sheet

pytestmark = pytest.mark.django_db

ADDRESS = f"cities/riga/reviews/{REVIEW}/2023"
ANSWERS = {
    "strategy": Answer(value="yes", note="Since spring", evidence="Decision 5"),
    "school-mix": Answer(not_applicable=True, reason="The region does it"),
    "school-language-help": Answer(value=("home-language", "homework-help")),
    "course-wait": Answer(value=0.5),
}


@pytest.fixture
def review(db):
    riga = make_city(name=LocalText("lv", {"lv": "Rīga", "en": "Riga"}))
    sheet = make_sheet(framework=REVIEW, answers=ANSWERS)
    return make_review(riga, sheet, state=State.PUBLISHED, public_notes=["strategy"])


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("report.pdf", "application/pdf"),
        ("answers.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("profile.json", "application/json"),
    ],
)
def test_a_file_is_saved_under_a_name_of_its_own_and_not_sent_twice(client, review, file, kind):
    first = client.get(f"/lv/{ADDRESS}/{file}")
    again = client.get(f"/lv/{ADDRESS}/{file}", headers={"If-None-Match": first.headers["ETag"]})

    ending = file.split(".")[1]
    assert first.headers["Content-Type"] == kind
    assert first.headers["Content-Disposition"] == f'attachment; filename="riga-{REVIEW}-2023-lv.{ending}"'
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert again.status_code == 304


def test_a_file_in_another_language_has_another_mark(client, review):
    marks = {client.head(f"/{language}/{ADDRESS}/report.pdf").headers["ETag"] for language in ("en", "lv")}

    assert len(marks) == 2


def test_the_profile_is_the_frozen_one_to_the_byte_and_bears_the_hash_of_the_page(client, review):
    content = client.get(f"/en/{ADDRESS}/profile.json").content
    page = client.get(f"/en/{ADDRESS}/").content.decode()

    assert content.decode() == review.publication.profile_json
    assert hashlib.sha256(content).hexdigest() in page
    assert b'"invented":true' in content


@pytest.mark.parametrize(("language", "city"), [("en", "Riga"), ("lv", "Rīga")])
def test_the_spreadsheet_holds_the_published_answers_and_can_be_read_again(
    client, review, tmp_path, language, city
):
    saved = tmp_path / "answers.xlsx"
    saved.write_bytes(client.get(f"/{language}/{ADDRESS}/answers.xlsx").content)

    _, sheet = read_sheet(saved)

    assert (sheet.city, sheet.year, sheet.invented) == (city, 2023, True)
    assert sheet.answers == ANSWERS
    assert sheet.content_hash() == review.publication.profile.hashes.answers


def test_the_spreadsheet_says_in_words_that_its_answers_are_invented(client, review):
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/en/{ADDRESS}/answers.xlsx").content))

    start = " ".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value)
    assert re.search("invented", start, re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "title", "invented"), [("en", "Riga", "invented"), ("lv", "Rīga", "izdomāt")]
)
def test_the_report_is_in_the_language_of_the_page_and_says_that_its_answers_are_invented(
    client, review, read_print, language, title, invented
):
    printed = client.get(f"/{language}/{ADDRESS}/report.pdf").content

    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert str(pdf.Root.Lang) == language
    text = read_print(printed)
    assert title in text
    assert invented in text
