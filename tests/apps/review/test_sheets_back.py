"""An officer brings a sheet back that was filled elsewhere, and chooses what of it shall stand."""

import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from tests.apps.records.given_files import make_pdf, make_picture
from tests.apps.records.given_files import upload as given_file
from tests.builders import ANSWERED_AT, REVIEW, SCORES, answer, make_city, make_review, make_sheet, open_area
from tests.frameworks.forms import Form, central_csv, in_form, kobo_csv, kobo_xlsx, table
from tests.frameworks.sheets import cell
from tests.people import give, make_officer, make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Kind, Role
from tessera.apps.records.files.storing import check_upload
from tessera.apps.records.models import StoredFile
from tessera.apps.review.actions.evidence import add_evidence, write_evidence
from tessera.apps.review.actions.sheets import Choice, Taken, bring_back, take_over
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.forms.answers import LONGEST_TEXT
from tessera.apps.review.jobs import forget_uploads
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer, EvidenceKind, Review, Upload
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway, representative_answers
from tessera.frameworks.sheets.read import FilledSheet
from tessera.frameworks.sheets.write import write_sheet

pytestmark = pytest.mark.django_db

ANSWERS = {
    "strategy": GivenAnswer("yes", note="Since spring"),
    "grants-criterion": GivenAnswer("partly"),
    "integration-budget": GivenAnswer("no"),
    "school-language-help": GivenAnswer(("home-language", "homework-help")),
    "course-wait": GivenAnswer(0.5),
}
LATER = datetime(2024, 2, 6, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def make_short_sheet(answers):
    return make_sheet(framework=REVIEW, version=2, pathway=Pathway.CORE, answers=answers)


def make_whole_review(city):
    return make_review(city, make_sheet(framework=REVIEW, version=2, answers={}), state=State.FILLING)


@pytest.fixture
def riga():
    return make_city(name=LocalText("lv", {"lv": "Rīga", "en": "Riga"}))


@pytest.fixture
def review(riga):
    return make_review(riga, make_short_sheet(ANSWERS), state=State.FILLING)


@pytest.fixture
def ilze(client, review):
    client.force_login(make_person("ilze"))
    return client


@pytest.fixture
def book(ilze, review):
    """The sheet of the answers as they are, opened in a spreadsheet program."""
    return download(ilze, review)


def download(client, review, name="download-answers"):
    return load_workbook(BytesIO(client.get(reverse(f"review:{name}", args=[review.pk])).content))


def written(sheet, city="Rīga"):
    """A sheet that was made elsewhere."""
    saved = BytesIO()
    write_sheet(
        find_framework(sheet.framework_id, sheet.version),
        pathway=sheet.pathway,
        language="en",
        target=saved,
        answers=replace(sheet, city=city),
    )
    return load_workbook(saved)


def fill(book, question, column, value):
    cell(book, question, column).value = value


def bring(client, review, file, name="sheet.xlsx"):
    """Send a workbook, or a file's bytes."""
    if not isinstance(file, bytes):
        saved = BytesIO()
        file.save(saved)
        file = saved.getvalue()
    return client.post(reverse("review:sheets", args=[review.pk]), {"file": SimpleUploadedFile(name, file)})


def brought(client, review, file, name="sheet.xlsx"):
    """The address of the page with the differences."""
    found = bring(client, review, file, name)
    assert found.status_code == 302, re.findall("<li>(.*)</li>", found.content.decode())
    return found["Location"]


def form_of(page):
    """The form as a browser sends it when nothing is touched."""
    text = page.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(shown_[\w-]+)" value="(\w+)"', text))
    chosen = re.findall(r'<input type="radio" name="([\w-]+)" value="(\w+)"[^>]* checked', text)
    return hidden | dict(chosen)


def shown(page):
    """By question: its state, what is here, and what the file says."""
    text = page.content.decode()
    rows = re.findall(r"<tr role=\"row\".*?</tr>", text.split("<tbody", 1)[1], re.DOTALL)
    found = {}
    for row in rows:
        question = re.search(r"/questions/([\w-]+)/", row)[1]
        state = re.search(r'class="ds-tag"[^>]*>([^<]*)<', row)[1]
        now, returned = (
            " / ".join(re.findall(r'dir="auto">(.*?)</div>', part, re.DOTALL)).replace("<br>", " / ")
            for part in re.findall(r"<td role=\"cell\".*?</td>", row, re.DOTALL)[:2]
        )
        found[question] = (state, now, returned)
    return found


def counts(page):
    return re.findall(r"<li>([^<]*\.)</li>", page.content.decode())


def about_the_form():
    """What an export of the form says of itself."""
    return {
        "about__city": "Riga",
        "about__year": "2023",
        "about__framework": REVIEW,
        "about__version": "2",
        "about__pathway": "core",
    }


def kept(review, question):
    return Answer.objects.get(review=review, question=question)


def said(review):
    return Review.objects.with_answers().get(pk=review.pk).sheet().answers


# What the page shows


def test_the_differences_are_shown_before_anything_is_saved(ilze, review, book):
    fill(book, "strategy", "note", "Since summer")
    fill(book, "integration-budget", "answer", None)
    fill(book, "public-commitment", "note", "New here")
    answer(review, "grants-criterion", GivenAnswer("yes"), revision=1, at=LATER)
    fill(book, "grants-criterion", "answer", "No")
    page = ilze.get(brought(ilze, review, book))

    assert shown(page) == {
        "public-commitment": ("New", "", "Note, for the city and its experts: New here"),
        "strategy": (
            "Changed",
            "Yes / Note, for the city and its experts: Since spring",
            "Yes / Note, for the city and its experts: Since summer",
        ),
        "grants-criterion": (
            "Another answer is here",
            "Yes / Saved by Ilze, 6 February 2024, 09:30",
            "No",
        ),
        "integration-budget": ("Taken back", "No", ""),
    }
    assert counts(page) == [
        "1 answer is new.",
        "1 answer is changed.",
        "1 answer is taken back.",
        "To 1 question there is another answer here: choose one of the two.",
        "21 answers are the same.",
    ]
    assert said(review) == {**ANSWERS, "grants-criterion": GivenAnswer("yes")}


def test_the_sheet_is_chosen_everywhere_but_in_conflicts(ilze, review, book):
    fill(book, "strategy", "answer", "No")
    answer(review, "integration-budget", GivenAnswer("yes"), revision=1, at=LATER)
    fill(book, "integration-budget", "answer", "partly")
    page = ilze.get(brought(ilze, review, book))

    form = form_of(page)
    assert form.keys() == {"shown_strategy", "strategy", "shown_integration-budget"}
    assert form["strategy"] == "sheet"


def test_an_untouched_sheet_changes_nothing_even_if_answers_were_changed_here_meanwhile(ilze, review, book):
    answer(review, "integration-budget", GivenAnswer("yes"), revision=1, at=LATER)
    found = bring(ilze, review, book)

    assert found["Location"] == reverse("review:sheets", args=[review.pk])
    assert "nothing that is not here already" in ilze.get(found["Location"]).content.decode()
    assert not Upload.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_differences(ilze, review, book):
    fill(book, "strategy", "answer", "No")
    one = brought(ilze, review, book)
    with CaptureQueriesContext(connection) as queries_for_one:
        ilze.get(one)
    for question in list(review.framework.questions(Pathway.CORE))[:20]:
        fill(book, question.key, "note", "Words")
    many = brought(ilze, review, book)
    with CaptureQueriesContext(connection) as queries_for_many:
        assert len(shown(ilze.get(many))) == 20

    assert len(queries_for_many) == len(queries_for_one)


# What is saved


def test_what_was_chosen_is_saved_and_nothing_else_is_touched(ilze, review, book):
    fill(book, "strategy", "answer", "No")
    fill(book, "strategy", "note", None)
    fill(book, "integration-budget", "answer", "Yes")
    fill(book, "school-language-help/homework-help", "answer", None)
    before = {each.question: each for each in Answer.objects.all()}
    address = brought(ilze, review, book)
    form = {**form_of(ilze.get(address)), "integration-budget": "here"}
    LogEntry.objects.all().delete()
    done = ilze.post(address, form)

    assert done["Location"] == reverse("review:tasks", args=[review.pk])
    assert "2 answers were taken from the file." in ilze.get(done["Location"]).content.decode()
    assert said(review) == {
        **ANSWERS,
        "strategy": GivenAnswer("no"),
        "school-language-help": GivenAnswer(("home-language",)),
    }
    for question in ("grants-criterion", "integration-budget", "course-wait"):
        now = kept(review, question)
        assert (now.revision, now.changed_at) == (1, before[question].changed_at)
    assert kept(review, "strategy").revision == 2
    assert kept(review, "strategy").changed_by == make_person("ilze")
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {
        str(kept(review, "strategy")),
        str(kept(review, "school-language-help")),
    }
    assert not Upload.objects.exists()


def test_every_type_of_question_comes_back(client, riga):
    """From last year's sheet, with the year changed by hand: its marks say nothing about this year."""
    review = make_whole_review(riga)
    client.force_login(make_person("ilze"))
    full = {
        question.key: GivenAnswer(representative_answers(question)[-1])
        for question in review.framework.questions()
    }
    book = written(make_sheet(framework=REVIEW, version=2, year=2022, answers=full))
    fill(book, "year", "value", 2023)
    address = brought(client, review, book)
    page = client.get(address)
    client.post(address, form_of(page) | dict.fromkeys(shown(page), "sheet"))

    values = {key: given.value for key, given in said(review).items()}
    assert values == {key: given.value for key, given in full.items()}
    assert len(values) == 87


def test_evidence_comes_back_in_pieces_and_what_is_named_as_before_stays(ilze, review):
    place = open_area(review, "commitment", make_person("ilze"))
    both = "The plan: https://example.org/plan\nDecision 5"
    write_evidence(place=place, question="strategy", before="", words=both, at=ANSWERED_AT)
    plan = review.evidence.get(url="https://example.org/plan")
    plan.is_public = True
    plan.save()
    book = download(ilze, review)
    fill(book, "strategy", "evidence", "The plan: https://example.org/plan\nDecision 7")
    address = brought(ilze, review, book)
    page = ilze.get(address)
    ilze.post(address, form_of(page))

    assert shown(page)["strategy"][2].endswith("Evidence: Decision 7")
    pieces = [(piece.in_words, piece.is_public) for piece in review.evidence.order_by("pk")]
    assert pieces == [("The plan: https://example.org/plan", True), ("Decision 7", False)]
    assert review.evidence.first() == plan
    assert kept(review, "strategy").revision == 1


def test_an_export_of_the_form_adds_evidence_and_takes_none_away(ilze, review, tmp_path):
    place = open_area(review, "commitment", make_person("ilze"))
    both = "The plan: https://example.org/plan\nDecision 5"
    write_evidence(place=place, question="strategy", before="", words=both, at=ANSWERED_AT)
    said_there = {**about_the_form(), "strategy__evidence": "Decision 7\nDecision  5"}
    form = Form(tmp_path / "form.xlsx", review.framework, Pathway.CORE)
    export = kobo_csv(tmp_path / "export.csv", table(form, said_there)).read_bytes()
    address = brought(ilze, review, export, "export.csv")
    ilze.post(address, {**form_of(ilze.get(address)), "strategy": "sheet"})

    assert said(review)["strategy"].evidence == f"{both}\nDecision 7"


@pytest.mark.usefixtures("files_folder")
def test_a_file_that_the_sheet_would_delete_is_named_before(ilze, review):
    place = open_area(review, "commitment", make_person("ilze"))
    pieces = [
        add_evidence(
            place=place,
            question="strategy",
            source=check_upload(given_file(content, name)),
            kind=EvidenceKind.FILE,
            title=title,
            dated_on=None,
            language="",
            is_public=False,
            at=ANSWERED_AT,
        )
        for content, name, title in (
            (make_pdf(), "plan.pdf", "Plan"),
            (make_picture("PNG"), "map.png", ""),
            (make_picture("JPEG"), "kept.jpg", ""),
        )
    ]
    pieces[1].uses.create(question="grants-criterion")
    book = download(ilze, review)
    fill(book, "strategy", "evidence", "kept.jpg\nDecision 5")
    address = brought(ilze, review, book)

    assert shown(ilze.get(address))["strategy"][2].endswith(
        "Evidence: kept.jpg / Evidence: Decision 5 / “plan.pdf” is deleted. / "
        "“map.png” is deleted unless another answer keeps it."
    )
    ilze.post(address, form_of(ilze.get(address)))
    assert {file.name for file in StoredFile.objects.all()} == {"map.png", "kept.jpg"}


def test_evidence_that_no_cell_can_hold_is_not_lost_when_some_is_added(ilze, review):
    place = open_area(review, "commitment", make_person("ilze"))
    many = "\n".join(f"Decision {number}: {'on integration ' * 20}" for number in range(150))
    write_evidence(place=place, question="strategy", before="", words=many, at=ANSWERED_AT)
    book = download(ilze, review)
    entry = cell(book, "strategy", "evidence")
    entry.value = "A new decision\n" + entry.value.partition("\n")[2]
    address = brought(ilze, review, book)
    ilze.post(address, form_of(ilze.get(address)))

    now = [piece.in_words for piece in review.evidence.order_by("pk")]
    assert now == [*(" ".join(line.split()) for line in many.splitlines()[1:]), "A new decision"]


@pytest.mark.parametrize(("note", "is_public"), [("Since spring", True), ("Since summer", False)])
def test_a_note_stays_public_only_in_the_words_that_were_agreed(ilze, review, note, is_public):
    answer(review, "strategy", ANSWERS["strategy"], revision=1, is_note_public=True)
    book = download(ilze, review)
    fill(book, "strategy", "answer", "partly")
    fill(book, "strategy", "note", note)
    address = brought(ilze, review, book)
    ilze.post(address, form_of(ilze.get(address)))

    now = kept(review, "strategy")
    assert (now.value, now.note, now.is_note_public) == ("partly", note, is_public)


def test_what_a_cell_cannot_hold_is_not_lost_when_something_else_is_changed(ilze, review):
    answer(review, "course-wait", GivenAnswer(1 / 3), revision=1)
    book = download(ilze, review)
    fill(book, "course-wait", "note", "About four months")
    address = brought(ilze, review, book)
    ilze.post(address, form_of(ilze.get(address)))

    assert kept(review, "course-wait").given() == GivenAnswer(1 / 3, note="About four months")


def test_a_reason_beside_an_answer_is_left_out(ilze, review, book):
    fill(book, "school-mix", "answer", "Most (50% to under 90%)")
    fill(book, "school-mix", "reason", "Left over")
    address = brought(ilze, review, book)
    ilze.post(address, form_of(ilze.get(address)))

    assert kept(review, "school-mix").given() == GivenAnswer("most")


# Conflicts


def test_a_conflict_must_be_chosen_about_and_until_then_nothing_is_saved(ilze, review, book):
    fill(book, "strategy", "answer", "No")
    answer(review, "integration-budget", GivenAnswer("yes"), revision=1, at=LATER)
    fill(book, "integration-budget", "answer", "partly")
    address = brought(ilze, review, book)
    form = form_of(ilze.get(address))
    refused = ilze.post(address, {**form, "strategy": "here"})

    title = review.framework.text("en").questions["integration-budget"].text
    assert refused.status_code == 400
    assert f"“{title}” has no answer. Choose one." in unescape(refused.content.decode())
    # What was chosen already stays chosen.
    assert form_of(refused)["strategy"] == "here"
    assert kept(review, "strategy").value == "yes"
    ilze.post(address, {**form, "integration-budget": "sheet"})
    assert (kept(review, "integration-budget").value, kept(review, "strategy").value) == ("partly", "no")


@pytest.mark.parametrize("by", ["ilze", "andris"])
def test_what_is_changed_between_showing_and_saving_is_shown_again_and_the_rest_is_saved(
    ilze, review, book, by
):
    if by == "andris":
        make_officer("andris", review.city)
    fill(book, "strategy", "answer", "No")
    fill(book, "integration-budget", "answer", "Yes")
    fill(book, "grants-criterion", "answer", "Yes")
    address = brought(ilze, review, book)
    form = {**form_of(ilze.get(address)), "grants-criterion": "here"}
    answer(review, "integration-budget", GivenAnswer("partly"), person=make_person(by), revision=1, at=LATER)
    done = ilze.post(address, form)
    page = ilze.get(done["Location"])

    assert done["Location"] == address
    text = page.content.decode()
    assert "1 answer was taken from the file." in text
    assert "1 answer was changed here meanwhile and was left as it is. Choose once more." in text
    assert kept(review, "strategy").value == "no"
    assert kept(review, "integration-budget").value == "partly"
    # Settled is settled: what was kept here is not asked again.
    assert shown(page).keys() == {"integration-budget"}
    assert shown(page)["integration-budget"][0] == "Another answer is here"
    again = form_of(page)
    assert again.keys() == {"shown_integration-budget"}
    ilze.post(address, {**again, "integration-budget": "sheet"})
    assert said(review)["integration-budget"] == GivenAnswer("yes")
    assert said(review)["grants-criterion"] == GivenAnswer("partly")


def test_evidence_that_is_changed_between_is_not_run_over(ilze, review, book):
    fill(book, "strategy", "evidence", "Decision 7")
    address = brought(ilze, review, book)
    form = form_of(ilze.get(address))
    place = open_area(review, "commitment", make_person("ilze"))
    write_evidence(place=place, question="strategy", before="", words="Decision 5", at=LATER)
    ilze.post(address, form)

    assert said(review)["strategy"].evidence == "Decision 5"
    assert shown(ilze.get(address))["strategy"][0] == "Another answer is here"


def test_an_outdated_row_does_not_keep_its_choice_where_another_row_must_be_chosen_about(ilze, review, book):
    fill(book, "strategy", "answer", "No")
    fill(book, "integration-budget", "answer", "Yes")
    answer(review, "grants-criterion", GivenAnswer("yes"), revision=1, at=LATER)
    fill(book, "grants-criterion", "answer", "No")
    address = brought(ilze, review, book)
    form = form_of(ilze.get(address))
    answer(review, "integration-budget", GivenAnswer("partly"), revision=1, at=LATER)
    refused = ilze.post(address, form)

    again = form_of(refused)
    assert refused.status_code == 400
    assert "integration-budget" not in again
    assert again["strategy"] == "sheet"
    assert again["shown_integration-budget"] != form["shown_integration-budget"]
    ilze.post(address, {**again, "grants-criterion": "here", "integration-budget": "here"})
    assert said(review)["integration-budget"] == GivenAnswer("partly")
    assert not Upload.objects.exists()


def test_saving_twice_is_harmless(ilze, review, book):
    fill(book, "strategy", "answer", "No")
    address = brought(ilze, review, book)
    form = form_of(ilze.get(address))
    ilze.post(address, form)
    again = ilze.post(address, form)

    assert again["Location"] == reverse("review:sheets", args=[review.pk])
    assert "This file is settled already" in ilze.get(again["Location"]).content.decode()
    assert kept(review, "strategy").revision == 2


@pytest.fixture
def upload(ilze, review, book):
    """A sheet that says no strategy; what is done with it is done without the page."""
    fill(book, "strategy", "answer", "No")
    brought(ilze, review, book)
    return Upload.objects.get()


def choose(upload, *, takes_sheet):
    (difference,) = upload.differences(Review.objects.with_answers().get(pk=upload.review_id))
    return {"strategy": Choice(upload.mark_of_present(difference), takes_sheet)}


def test_of_two_windows_that_choose_at_once_the_first_counts(review, upload):
    keep, take = (choose(upload, takes_sheet=takes) for takes in (False, True))
    # Both found the sheet before either of them was done.
    found = [take_over(upload=upload, choices=choices, at=LATER) for choices in (keep, take)]

    assert found == [Taken(saved=0, left=0)] * 2
    assert said(review) == ANSWERS


def test_what_is_saved_while_the_page_is_being_read_is_not_run_over(review, upload):
    choices = choose(upload, takes_sheet=True)
    answer(review, "strategy", GivenAnswer("partly"), revision=1, at=LATER)

    assert take_over(upload=upload, choices=choices, at=LATER) == Taken(saved=0, left=1)
    assert said(review)["strategy"] == GivenAnswer("partly")


# Exports of the form


@pytest.mark.parametrize(
    ("write", "name"), [(kobo_csv, "export.csv"), (central_csv, "export.csv"), (kobo_xlsx, "export.xlsx")]
)
def test_an_export_of_the_form_comes_back(ilze, review, tmp_path, write, name):
    form = Form(tmp_path / "form.xlsx", review.framework, Pathway.CORE)
    said_there = {
        **about_the_form(),
        "strategy": "no",
        "public_commitment__note": "Signed in May",
        **in_form(review.framework.question("course-wait"), 0.5),
    }
    export = write(tmp_path / name, table(form, said_there)).read_bytes()
    address = brought(ilze, review, export, name)
    page = ilze.get(address)

    # An export shows nothing of what was here before: whatever it does not say stays.
    assert {key: row[0] for key, row in shown(page).items()} == {
        "public-commitment": "New",
        "strategy": "Another answer is here",
    }
    ilze.post(address, {**form_of(page), "strategy": "sheet"})
    assert said(review) == {
        **ANSWERS,
        "strategy": GivenAnswer("no", note="Since spring"),
        "public-commitment": GivenAnswer(note="Signed in May"),
    }


def test_an_export_of_another_questionnaire_is_refused_in_words(ilze, review, tmp_path):
    form = Form(tmp_path / "form.xlsx", review.framework, Pathway.CORE)
    about = {
        "about__city": "Riga",
        "about__year": "2023",
        "about__framework": SCORES,
        "about__version": "2",
        "about__pathway": "core",
    }
    page = bring(
        ilze, review, kobo_csv(tmp_path / "export.csv", table(form, about)).read_bytes(), "export.csv"
    )

    assert page.status_code == 400
    assert f"the framework “{SCORES}”" in page.content.decode()
    assert not Upload.objects.exists()


def test_a_csv_of_something_else_is_refused_in_words(ilze, review):
    page = bring(ilze, review, b"a,b\n1,2\n", "export.csv")

    assert page.status_code == 400
    assert "an export of a form that was written here" in page.content.decode()


# Sheets that other programs saved


def test_a_sheet_that_libreoffice_saved_comes_back(ilze, review, book, tmp_path, soffice):
    fill(book, "strategy", "answer", "No")
    book.save(tmp_path / "sheet.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    order = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", "saved", "sheet.xlsx"]
    subprocess.run(order, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    page = ilze.get(brought(ilze, review, (tmp_path / "saved" / "sheet.xlsx").read_bytes()))

    assert {key: row[0] for key, row in shown(page).items()} == {"strategy": "Changed"}


# What is refused


def refusals(page):
    assert page.status_code == 400
    text = page.content.decode()
    return re.findall(r"<li><a href=\"#id_file\">(.*?)</a></li>", text)


@pytest.mark.parametrize(
    ("row", "value", "refused"),
    [
        ("city", "Ravenna", "The file names the city “Ravenna”. These are the answers of Riga."),
        ("year", 2022, "The file is about the year 2022, and this review about 2023."),
        (
            "pathway",
            "full",
            "The file follows the pathway “full”, and this review follows “core”.",
        ),
    ],
)
def test_a_sheet_of_another_city_year_or_pathway_is_refused(ilze, review, row, value, refused):
    book = download(ilze, review, "download-empty-sheet")
    fill(book, row, "value", value)

    (found,) = refusals(bring(ilze, review, book))
    assert found.startswith(refused)
    assert not Upload.objects.exists()


def test_a_sheet_of_another_version_is_refused(ilze, review):
    found = refusals(bring(ilze, review, written(make_sheet(framework=REVIEW, answers={}))))

    assert found[0] == (
        "The file answers version 1 of the questionnaire, and this review asks version 2. Get its sheet here."
    )


def test_a_sheet_of_another_questionnaire_and_city_is_refused_for_both(ilze, review):
    found = refusals(bring(ilze, review, written(make_sheet(), city="Ravenna")))

    assert found[0].startswith("The file holds answers to another questionnaire. This review asks “")
    assert found[1] == "The file names the city “Ravenna”. These are the answers of Riga."


@pytest.mark.parametrize("name", ["Rīga", "Riga", " riga ", "RĪGA", "Rîga"])
def test_the_city_may_be_named_in_any_of_its_languages_and_without_accents(ilze, review, book, name):
    fill(book, "city", "value", name)
    fill(book, "strategy", "note", "Otherwise")

    assert brought(ilze, review, book)


def test_invented_answers_do_not_come_into_a_real_review(ilze, review, book):
    Review.objects.update(invented=False)
    fill(book, "strategy", "answer", "No")

    assert refusals(bring(ilze, review, book))[0].startswith("The file says that its answers are invented.")


def test_every_fault_is_named_with_its_tab_and_cell(ilze, review, book):
    fill(book, "strategy", "answer", "maybe")
    fill(book, "school-mix", "does-not-apply", "yes")
    fill(book, "course-wait", "answer", "=1+")
    strategy, school_mix = cell(book, "strategy", "answer"), cell(book, "school-mix", "does-not-apply")
    page = bring(ilze, review, book)
    text = page.content.decode()

    assert refusals(page) == ["The file cannot be taken as it is. See what to put right in it."]
    assert f"Tab “{strategy.parent.title}”, cell {strategy.coordinate}:" in text
    assert f"Tab “{school_mix.parent.title}”, cell {school_mix.coordinate}:" in text
    assert '<span lang="en">“does not apply” without a reason</span>' in text
    assert '<span lang="en">a formula whose result is not saved</span>' in text
    assert said(review) == ANSWERS


def test_the_name_of_another_city_is_said_in_short(ilze, review, book):
    fill(book, "city", "value", "R" * 30_000)
    assert refusals(bring(ilze, review, book)) == [
        f"The file names the city “{'R' * 59}…”. These are the answers of Riga."
    ]


def test_of_more_faults_than_are_kept_the_others_are_counted(ilze, review, book):
    tab = cell(book, "strategy", "answer").parent
    for number in range(250):
        tab.cell(500 + number, 1).value = f"no-key-{number}"
    page = bring(ilze, review, book).content.decode()

    assert page.count("the unknown key “no-key-") == 50
    assert "There are 200 further faults." in page


def test_a_period_that_no_city_looks_back_on_is_a_fault(client, riga):
    review = make_whole_review(riga)
    client.force_login(make_person("ilze"))
    book = download(client, review)
    fill(book, "attitude-survey", "answer", 1e26)
    page = bring(client, review, book).content.decode()

    assert "a number of years from 0 to 200, written like 3 or 2.5" in page


def test_of_many_faults_fifty_are_listed(client, riga):
    review = make_whole_review(riga)
    client.force_login(make_person("ilze"))
    book = download(client, review)
    for question in review.framework.questions():
        if question.type != "multiple":
            fill(book, question.key, "answer", "maybe")
    page = bring(client, review, book).content.decode()

    listed = page.count('found <span lang="en">“maybe”</span>')
    further = int(re.search(r"There are (\d+) further faults", page)[1])
    assert listed == 50
    assert further == sum(each.type != "multiple" for each in review.framework.questions()) - 50


@pytest.mark.parametrize(
    ("column", "words", "refused"),
    [
        ("note", "x" * (LONGEST_TEXT + 2), "(note)” is 2 characters too long."),
        ("evidence", "Decision 5\n" + "x" * (LONGEST_TEXT + 1), "(evidence)” is 1 character too long."),
        ("note", "Turned\x85 \x9b31m", "(note)” holds a sign that cannot be kept."),
        ("reason", "Only a reason", "has a reason and no answer."),
    ],
)
def test_a_text_that_the_page_of_a_question_would_not_take_does_not_come_in(
    ilze, review, book, column, words, refused
):
    fill(book, "school-mix", column, words)
    (found,) = refusals(bring(ilze, review, book))

    assert refused in found
    assert not Upload.objects.exists()


def test_a_nul_in_a_csv_is_refused_in_words(ilze, review, tmp_path):
    form = Form(tmp_path / "form.xlsx", review.framework, Pathway.CORE)
    about = {"about__city": "Riga", "about__year": "2023", "about__framework": REVIEW}
    about |= {"about__version": "2", "about__pathway": "core", "strategy__note": "a\x00b"}
    export = kobo_csv(tmp_path / "export.csv", table(form, about)).read_bytes()

    assert b"\x00" in export
    assert bring(ilze, review, export, "export.csv").status_code == 400


def workbook(parts, compression=zipfile.ZIP_DEFLATED):
    made = BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_part(book, name, content):
    saved = BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    return workbook(parts | {name: content})


@pytest.mark.parametrize(
    ("make", "refused"),
    [
        (lambda book: workbook({"xl/workbook.xml": b"0" * 50_000_000}), "times when unpacked"),
        (
            lambda book: with_part(
                book,
                "xl/workbook.xml",
                '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>',
            ),
            "a document type inside, as attacks have",
        ),
        (lambda book: b"\xd0\xcf\x11\xe0" + bytes(600), "an old .xls file, or one with a password"),
        (lambda book: b"PK\x03\x04" + bytes(600), "a file of another kind, or a damaged one"),
        (lambda book: b"\xff\xfe\x00\xff" * 20, "neither an XLSX workbook nor CSV in UTF-8"),
        (lambda book: b"%PDF-1.7\n" + b"1 0 obj\n" * 20, "an export of a form that was written here"),
    ],
)
def test_a_hostile_or_foreign_file_is_refused_in_words(ilze, review, book, make, refused):
    page = bring(ilze, review, make(book))

    assert refusals(page) == ["The file cannot be taken as it is. See what to put right in it."]
    assert refused in page.content.decode()


def test_a_file_of_more_than_five_megabytes_is_refused_unread(ilze, review):
    (refused,) = refusals(bring(ilze, review, b"PK\x03\x04" + bytes(5 * 1024**2)))

    assert refused == "The file is too large. We take up to 5.0\xa0MB."


def test_a_form_without_a_file_says_so(ilze, review):
    (refused,) = refusals(ilze.post(reverse("review:sheets", args=[review.pk]), {}))

    assert refused == "“File” has no file. Choose one."


# Who, and when


def test_the_sheet_of_an_officer_is_theirs_alone(ilze, review, book, client):
    fill(book, "strategy", "answer", "No")
    address = brought(ilze, review, book)
    client.force_login(make_officer("andris", review.city))
    page = client.get(address)

    assert page["Location"] == reverse("review:sheets", args=[review.pk])


def test_a_colleague_and_a_coordinator_bring_nothing_back(ilze, client, review, book):
    fill(book, "strategy", "answer", "No")
    address = brought(ilze, review, book)
    form = form_of(ilze.get(address))
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", make_city("ravenna"))
    for who in ("andris", "mihai", "chiara"):
        client.force_login(make_person(who))
        assert bring(client, review, book).status_code == 404
        assert client.post(address, form).status_code == 404

    assert said(review) == ANSWERS


def test_whoever_is_no_officer_any_more_neither_brings_back_nor_takes_over(review, upload):
    choices = choose(upload, takes_sheet=True)
    filled = FilledSheet(review.framework, upload.sheet, upload.marks)
    Role.objects.update(until=date(2024, 2, 5))

    with pytest.raises(PermissionDenied):
        take_over(upload=upload, choices=choices, at=LATER)
    with pytest.raises(PermissionDenied):
        bring_back(person=make_person("ilze"), review=review, filled=filled, at=LATER)
    assert said(review) == ANSWERS


def test_a_new_sheet_takes_the_place_of_the_one_before(ilze, review, book):
    fill(book, "strategy", "answer", "No")
    brought(ilze, review, book)
    fill(book, "integration-budget", "answer", "Yes")
    second = brought(ilze, review, book)

    assert Upload.objects.count() == 1
    assert shown(ilze.get(second)).keys() == {"strategy", "integration-budget"}


def test_once_the_answers_are_sent_nothing_comes_back(ilze, review, book):
    fill(book, "strategy", "answer", "No")
    address = brought(ilze, review, book)
    form = form_of(ilze.get(address))
    review = Review.objects.with_answers().get(pk=review.pk)
    sign_review(person=make_person("ilze"), review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    for done in (ilze.post(address, form), ilze.get(address), bring(ilze, review, book)):
        assert done["Location"] == reverse("review:sheets", args=[review.pk])
        text = ilze.get(done["Location"]).content.decode()
        assert '<div class="ds-alert"' in text or "The answers are sent." in text

    assert said(review) == ANSWERS


def test_a_sheet_that_nobody_took_over_is_forgotten_after_a_day(review):
    filled = FilledSheet(
        review.framework,
        make_short_sheet({"integration-budget": GivenAnswer("yes")}),
        {},
    )
    bring_back(person=make_person("ilze"), review=review, filled=filled, at=LATER)

    assert forget_uploads(LATER + timedelta(hours=24)) == 0
    assert forget_uploads(LATER + timedelta(hours=24, seconds=1)) == 1
    assert not Upload.objects.exists()


def test_too_much_evidence_is_said_in_words_and_nothing_is_saved(ilze, review, book):
    fill(book, "strategy", "answer", "No")
    fill(book, "grants-criterion", "evidence", "\n".join(f"Decision {number}" for number in range(501)))
    address = brought(ilze, review, book)
    done = ilze.post(address, form_of(ilze.get(address)))

    assert done["Location"] == address
    assert (
        "more pieces of evidence than one can have. Nothing was saved" in ilze.get(address).content.decode()
    )
    assert said(review) == ANSWERS
