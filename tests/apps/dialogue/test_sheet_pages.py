"""The pages on which sheets of paper are typed in: the second time does not show the first."""

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.phone import Page
from tests.apps.dialogue.sheets import AGREE, DISAGREE, make_sheet, read_once, read_twice, votes_of
from tests.apps.dialogue.staff import browser_of, give_to, make_running, page_of
from tests.builders import make_city
from tests.people import EVERYBODY, make_officer

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.lifecycle import SheetState
from tessera.apps.dialogue.models import HidingReason, Participant, Sheet, Vote
from tessera.apps.dialogue.numbers_on_paper import spell_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    running = make_running(make_city("riga"), languages=("en", "lv"))
    give_to("piotr", running)
    make_officer("chiara", make_city("ravenna"))
    Person.objects.update(language="en")
    return running


@pytest.fixture
def sheet(running):
    return make_sheet(running, at=timezone.now())


def url(sheet, name="sheet"):
    return reverse(f"dialogue:{name}", args=[sheet.pk])


def sheets_url(running):
    return reverse("dialogue:sheets", args=[running.pk])


def fill(who, sheet, *, expecting=None, **answers):
    """Send the form of a sheet as its page gave it, with some answers."""
    browser = browser_of(who)
    form = Page(browser.get(url(sheet))).find("//main//form[.//input[@name='state']]")[0]
    sent = {**dict(form.form_values()), **answers}
    if expecting:
        sent["state"] = expecting
    return browser.post(url(sheet), sent, follow=True)


def again(sheet):
    return Sheet.objects.get(pk=sheet.pk)


def now(act, *about, **more):
    return act(*about, at=timezone.now(), **more)


def test_a_number_leads_to_its_sheet(running, sheet):
    answer = browser_of("ilze").post(sheets_url(running), {"number": spell_number(sheet.pk).lower()})
    assert (answer.status_code, answer["Location"]) == (302, url(sheet))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "“Number of the sheet” is empty. Fill it in."),
        ("12R", "Number and letter do not fit. Compare them with the sheet."),
        ("99999H", "No sheet of this consultation has this number."),
    ],
)
def test_a_number_that_is_none_is_refused(running, sheet, number, words):
    answer = browser_of("ilze").post(sheets_url(running), {"number": number})
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_the_number_of_a_sheet_of_another_consultation_is_unknown(running):
    other = make_sheet(make_running(running.city, slug="other"), at=timezone.now())
    answer = browser_of("ilze").post(sheets_url(running), {"number": spell_number(other.pk)})
    assert answer.status_code == 400


def test_a_sheet_is_typed_in_by_two_people_and_counts(running, sheet):
    answer = fill("ilze", sheet, line_1="1", line_2="-1")
    assert "is typed in once" in answer.content.decode()
    assert not Vote.objects.exists()
    answer = fill("piotr", sheet, line_1="1", line_2="-1")
    assert "was typed in the same both times, and is taken in." in answer.content.decode()
    assert votes_of(Participant.objects.get()) == {1: 1, 2: -1}
    page = page_of("ilze", url(sheet))
    assert "cannot be typed in again" in page
    assert "Piotr" in page
    assert "<fieldset" not in page


def test_the_second_time_shows_nothing_of_the_first(running, sheet):
    now(read_once, sheet, {1: AGREE, 2: DISAGREE})
    page = Page(browser_of("piotr").get(url(sheet)))
    assert "This is the second time." in page.words
    checked = [radio.get("value") for radio in page.find("//main//input[@type='radio'][@checked]")]
    assert checked == ["empty"] * 5
    assert "The first time:" not in page.words
    assert "You typed it in the first time, too." not in page.words
    assert "You typed it in the first time, too." in page_of("ilze", url(sheet))


def test_only_lines_that_differ_are_asked_and_none_is_chosen_beforehand(running, sheet):
    now(read_twice, sheet, {1: AGREE, 2: AGREE}, {1: AGREE, 2: DISAGREE, 3: DISAGREE})
    page = Page(browser_of("piotr").get(url(sheet)))
    names = {radio.get("name") for radio in page.find("//main//input[@type='radio']")}
    assert names == {"line_2", "line_3"}
    assert not page.find("//main//input[@type='radio'][@checked]")
    assert "The first time: agree The second time: disagree" in page.words
    assert "The first time: empty The second time: disagree" in page.words
    assert "(the same person)" in page.words

    answer = fill("piotr", sheet, line_2="-1")
    assert answer.status_code == 400
    assert "Choose what stands at 3A." in answer.content.decode()
    answer = fill("piotr", sheet, line_2="-1", line_3="empty")
    assert "is taken in." in answer.content.decode()
    assert votes_of(Participant.objects.get()) == {1: 1, 2: -1}


def test_a_form_that_is_sent_twice_is_no_second_reading(running, sheet):
    fill("ilze", sheet, line_1="1")
    answer = fill("ilze", sheet, expecting="printed", line_1="1")
    assert "This sheet changed meanwhile. Nothing was kept this time." in answer.content.decode()
    assert again(sheet).state == SheetState.ENTERED_ONCE


def test_a_sheet_without_answers_is_refused_and_what_was_typed_stays(running, sheet):
    answer = fill("ilze", sheet)
    assert answer.status_code == 400
    assert "Nothing is answered. Type in at least one answer." in answer.content.decode()
    answer = fill("ilze", sheet, line_1="1", line_2="7")
    assert answer.status_code == 400
    assert Page(answer).find("//input[@name='line_1'][@value='1'][@checked]")
    assert again(sheet).state == SheetState.PRINTED


def test_hidden_statements_are_marked_and_a_sheet_with_nothing_else_says_so(running, sheet):
    for each in list(running.statements.all())[:1]:
        hide_statement(
            by=make_officer("ilze", running.city),
            statement=each,
            reason=HidingReason.HOSTILE,
            at=timezone.now(),
        )
    fill("ilze", sheet, line_1="1")
    assert "It is hidden meanwhile." in page_of("piotr", url(sheet))
    answer = fill("piotr", sheet, line_1="1")
    assert answer.status_code == 400
    assert "every statement that is answered is hidden meanwhile" in answer.content.decode()


def test_sheets_that_wait_are_listed_with_who_typed_them(running, sheet):
    now(read_once, sheet, {1: AGREE})
    page = " ".join(Page(browser_of("piotr").get(sheets_url(running))).words.split())
    assert f"Sheet {spell_number(sheet.pk)}: typed in once (Ilze" in page
    assert "1 waits for the second time." in page
    close = reverse("dialogue:close", args=[running.pk])
    assert "1 sheet of paper is typed in and not taken in yet." in page_of("ilze", close)


def test_a_sheet_under_the_wrong_number_begins_anew(running, sheet):
    now(read_once, sheet, {1: AGREE})
    answer = browser_of("piotr").post(url(sheet, "begin-sheet-anew"), follow=True)
    assert "This is the first time that it is typed in." in answer.content.decode()
    answer = browser_of("piotr").post(url(sheet, "begin-sheet-anew"), follow=True)
    assert "This sheet changed meanwhile." in answer.content.decode()


@pytest.mark.parametrize("who", [*EVERYBODY, "visitor"])
def test_a_sheet_exists_only_for_who_keeps_its_consultation(running, sheet, who):
    expected = {"ilze": (200, 400, 302), "piotr": (200, 400, 302), "visitor": (302, 302, 302)}.get(
        who, (404, 404, 404)
    )
    browser = browser_of(who)
    found = (
        browser.get(url(sheet)).status_code,
        browser.post(url(sheet), {"state": "printed"}).status_code,
        browser.post(url(sheet, "begin-sheet-anew")).status_code,
    )
    assert found == expected


def test_pages_ask_the_database_a_bounded_number_of_times(running, django_assert_max_num_queries):
    browser = browser_of("ilze")
    sheets = [make_sheet(running, at=timezone.now()) for _ in range(6)]
    for each in sheets:
        now(read_twice, each, {1: AGREE}, {2: AGREE})
    for address in (sheets_url(running), url(sheets[0])):
        with django_assert_max_num_queries(14):
            assert browser.get(address).status_code == 200
