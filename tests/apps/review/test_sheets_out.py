"""An officer takes the answers out of the site, as a sheet or as a form to be answered elsewhere."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from pyxform.xls2xform import convert
from tests.builders import REVIEW, answer, make_city, make_review, make_sheet, open_area
from tests.people import make_officer, make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.review.actions.evidence import write_evidence
from tessera.apps.review.lifecycle import State
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.load import find_framework
from tessera.frameworks.sheets.read import read_filled_sheet

pytestmark = pytest.mark.django_db

ANSWERS = {
    "strategy": GivenAnswer("yes", note="Since spring"),
    "school-mix": GivenAnswer(not_applicable=True, reason="The region does it"),
    "school-language-help": GivenAnswer(("home-language", "homework-help")),
    "course-wait": GivenAnswer(0.5),
}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def riga():
    return make_city(name=LocalText("lv", {"lv": "Rīga", "en": "Riga"}))


@pytest.fixture
def review(riga):
    return make_review(riga, make_sheet(framework=REVIEW, version=2, answers=ANSWERS), state=State.FILLING)


@pytest.fixture
def ilze(client, review):
    client.force_login(make_person("ilze"))
    return client


def download(client, review, name, folder):
    answer = client.get(reverse(f"review:{name}", args=[review.pk]))
    assert answer.status_code == 200
    path = folder / "downloaded.xlsx"
    path.write_bytes(answer.content)
    return path


def test_the_sheet_holds_every_answer_with_its_evidence_and_a_mark_for_each_question(ilze, review, tmp_path):
    place = open_area(review, "commitment", make_person("ilze"))
    write_evidence(
        place=place,
        question="strategy",
        before="",
        words="The plan: https://example.org/plan",
        at=review.opened_at,
    )
    filled = read_filled_sheet(download(ilze, review, "download-answers", tmp_path))

    assert filled.sheet.answers == {
        **ANSWERS,
        "strategy": GivenAnswer("yes", note="Since spring", evidence="The plan: https://example.org/plan"),
    }
    assert (filled.sheet.city, filled.sheet.year, filled.sheet.invented) == ("Riga", 2023, True)
    assert len(filled.marks) == len(list(review.framework.questions())) == 87


def test_the_sheet_speaks_the_language_of_the_page(ilze, review, tmp_path):
    answer = ilze.get(f"/lv/desk/reviews/{review.pk}/sheets/answers.xlsx")

    assert answer["Content-Disposition"] == f'attachment; filename="riga-{REVIEW}-2023-answers-lv.xlsx"'
    assert "private, no-store" in answer["Cache-Control"]
    book = load_workbook(BytesIO(answer.content))
    assert any("Rīga" in str(cell.value) for row in book.worksheets[0] for cell in row)


def test_the_empty_sheet_knows_city_and_year_and_holds_no_answer(ilze, review, tmp_path):
    filled = read_filled_sheet(download(ilze, review, "download-empty-sheet", tmp_path))

    assert (filled.sheet.answers, filled.sheet.city, filled.sheet.year) == ({}, "Riga", 2023)


def test_no_answer_becomes_a_formula(ilze, review, tmp_path):
    begun_like_formulas = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        '=HYPERLINK("http://x.example")',
        "=cmd|' /C'!A0",
    ]
    questions = [question.key for question in review.framework.questions() if question.key not in ANSWERS]
    for question, note in zip(questions, begun_like_formulas, strict=False):
        answer(review, question, GivenAnswer(note=note))
    book = load_workbook(download(ilze, review, "download-answers", tmp_path))

    cells = [cell for tab in book for row in tab for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert {note.strip() for note in begun_like_formulas} <= {str(cell.value).strip() for cell in cells}


def test_the_form_has_every_language_and_is_what_koboToolbox_takes(ilze, review, tmp_path):
    path = download(ilze, review, "download-form", tmp_path)

    convert(path)
    headings = {cell.value for cell in load_workbook(path)["survey"][1]}
    languages = find_framework(REVIEW, 2).languages
    assert len(languages) > 1
    assert {heading.split("(")[1][:2] for heading in headings if heading.startswith("label::")} == set(
        languages
    )


def test_after_sending_the_answers_can_still_be_taken_out_and_nothing_comes_back(client, riga, tmp_path):
    sheet = make_sheet(framework=REVIEW, version=2, answers=ANSWERS)
    sent = make_review(riga, sheet, state=State.SUBMITTED)
    client.force_login(make_person("ilze"))
    page = client.get(reverse("review:sheets", args=[sent.pk])).content.decode()

    assert read_filled_sheet(download(client, sent, "download-answers", tmp_path)).sheet.answers == ANSWERS
    assert 'type="file"' not in page
    assert "The answers are sent. Nothing can be changed any more." in page


def test_the_page_names_city_and_year_as_the_form_must_hold_them(ilze, review):
    page = ilze.get(reverse("review:sheets", args=[review.pk])).content.decode()

    assert "the city, “Riga”, and the year, “2023”" in page
    assert page.count('class="t-downloads__file"') == 3


def test_the_task_list_leads_there(ilze, review):
    page = ilze.get(reverse("review:tasks", args=[review.pk])).content.decode()

    assert f'href="{reverse("review:sheets", args=[review.pk])}"' in page


def test_an_officer_of_another_city_gets_none_of_it(client, review):
    client.force_login(make_officer("chiara", make_city("ravenna")))

    names = ("sheets", "download-answers", "download-empty-sheet", "download-form")
    found = [client.get(reverse(f"review:{name}", args=[review.pk])).status_code for name in names]
    assert found == [404] * 4
