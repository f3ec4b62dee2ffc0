"""Those who keep a consultation see what a machine translated, and make it theirs."""

import re

import pytest
from django.urls import reverse
from tests.apps.dialogue.staff import browser_of, make_running, page_of
from tests.builders import make_city
from tests.people import make_person

from tessera.apps.dialogue.actions.machine import translate_by_machine
from tessera.apps.dialogue.models import Statement, Translation, TranslationState
from tessera.connectors.translation import LibreTranslate

pytestmark = pytest.mark.django_db

READ = "I have read it, and it says the same as the original"
GOES = "each statement that is shown goes to translate.example.org"


class Machine(LibreTranslate):
    """One that gives each text back, and says into which language."""

    def translate(self, text, *, source, target):
        return f"{text} ({target})"


@pytest.fixture
def running():
    return make_running(make_city("riga"), languages=("en", "lv", "ar"))


@pytest.fixture
def statement(running):
    """In Latvian by a machine, in Arabic not at all."""
    statement = running.statements.first()
    translate_by_machine(statement=statement.pk, language="lv", translator=Machine("http://127.0.0.1"))
    return statement


def list_url(running):
    return reverse("dialogue:statements", args=[running.pk])


def url_of(statement):
    return reverse("dialogue:statement", args=[statement.pk])


def save(statement, **said):
    answer = browser_of("ilze").post(url_of(statement), {"text_ar": "", **said})
    assert answer.status_code == 302
    return Translation.objects.filter(statement=statement, language="lv").first()


def test_the_page_of_a_statement_says_that_a_machine_wrote_and_nobody_read(statement):
    page = page_of("ilze", url_of(statement))
    assert re.findall(r"State: (.*?)</p>", page) == ["by a machine, and read by nobody", "missing"]
    assert page.count(READ) == 1
    assert "It fits the original as it is now" not in page


def test_the_list_says_how_each_statement_stands_in_each_language(running, statement):
    listed = page_of("ilze", list_url(running)).split(f"No. {statement.pk},")[1]
    assert "Not translated: Arabic. By a machine, and read by nobody: Latvian." in listed

    Statement.objects.filter(pk=statement.pk).update(text="Other words.")
    listed = page_of("ilze", list_url(running)).split(f"No. {statement.pk},")[1]
    assert "Not translated: Arabic. Outdated: Latvian." in listed


def test_a_form_that_is_sent_as_it_was_makes_nobody_the_reader(statement):
    kept = save(statement, text_lv=f"{statement.text} (lv)")
    assert (kept.machine, kept.state) == ("LibreTranslate", TranslationState.MACHINE)


def test_whoever_says_that_they_read_it_makes_it_theirs(statement):
    kept = save(statement, text_lv=f"{statement.text} (lv)", right_lv="on")
    assert (kept.machine, kept.written_by) == ("", make_person("ilze"))
    assert kept.state is TranslationState.REVIEWED
    assert READ not in page_of("ilze", url_of(statement))


def test_whoever_writes_better_words_makes_it_theirs(statement):
    kept = save(statement, text_lv="Labāki vārdi.")
    assert (kept.text, kept.state) == ("Labāki vārdi.", TranslationState.REVIEWED)


def test_pages_say_to_which_server_words_go_and_that_an_empty_field_is_filled_again(
    running, statement, settings
):
    settings.TRANSLATOR = LibreTranslate("https://translate.example.org")
    assert GOES in page_of("ilze", list_url(running))
    page = page_of("ilze", url_of(statement))
    assert GOES in page
    assert "If you empty a field, the machine fills it again" in page


def test_where_no_server_is_named_nothing_is_said_of_one(running, statement):
    for address in (list_url(running), url_of(statement)):
        page = page_of("ilze", address)
        assert "where a machine puts it" not in page
        assert "the machine fills it again" not in page
