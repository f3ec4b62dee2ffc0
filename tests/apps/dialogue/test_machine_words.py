"""What a machine translated is marked wherever residents read it, with the original one tap away."""

import pytest
from django.conf import settings as site
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.dialogues import hold_consultation, make_key
from tests.people import make_person
from tests.web.hostile import HOSTILE, faults_of
from tests.web.hostile import MARK as MARK_OF_HOSTILE

from tessera.apps.dialogue.actions.machine import translate_by_machine
from tessera.apps.dialogue.actions.moderation import translate_statement
from tessera.apps.dialogue.asking import Original, word_statement
from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.models import Statement
from tessera.apps.dialogue.views.voting import MOST_BYTES_AFTER_A_VOTE
from tessera.connectors.translation import LibreTranslate

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}
WRITTEN = "My neighbours know me by name."
BY_MACHINE = "Kaimiņi mani vārdā pazīst."
MARK = "Translated by a machine. See the original"


class Machine(LibreTranslate):
    """One that knows a single sentence."""

    def translate(self, text, *, source, target):
        return BY_MACHINE


def machine():
    return Machine("http://127.0.0.1")


def put_by_machine(statement, language="lv"):
    assert translate_by_machine(statement=statement.pk, language=language, translator=machine())
    return Statement.objects.prefetch_related("translations").get(pk=statement.pk)


def put_by_person(statement, text, language="lv"):
    texts = {language: text}
    translate_statement(by=make_person("ilze"), statement=statement, texts=texts, at=timezone.now())
    return Statement.objects.prefetch_related("translations").get(pk=statement.pk)


@pytest.fixture
def consultation():
    return hold_consultation(languages=("en", "lv"), seeds=[WRITTEN, "B.", "C.", "D.", "E."])


@pytest.fixture
def statement(consultation):
    return put_by_machine(consultation.statements.get(text=WRITTEN))


@pytest.fixture
def phone(consultation):
    return Phone(consultation, "lv")


def original_on(page):
    """Behind the tap, where there is one."""
    return page.find("//main//details[@data-by-machine][not(@hidden)]/p")


def words_of_mark(page):
    [mark] = page.find("//main//details[@data-by-machine][not(@hidden)]/summary")
    return mark.text


# In which words


def test_a_machine_s_words_are_shown_with_what_it_was_given(statement):
    worded = word_statement(statement, "lv")
    assert (worded.text, worded.is_original) == (BY_MACHINE, False)
    assert worded.by_machine_from == Original(WRITTEN, find_language("en"))


def test_words_of_a_person_and_the_original_have_no_mark(statement):
    assert word_statement(statement, "en").by_machine_from is None
    assert word_statement(put_by_person(statement, "Kaimiņi mani zina."), "lv").by_machine_from is None


def test_a_machine_s_words_of_another_original_are_not_shown(statement):
    Statement.objects.filter(pk=statement.pk).update(text="My neighbours greet me.")
    changed = Statement.objects.prefetch_related("translations").get(pk=statement.pk)
    worded = word_statement(changed, "lv")
    assert (worded.text, worded.by_machine_from) == ("My neighbours greet me.", None)


# On pages


def test_whoever_is_asked_reads_that_a_machine_translated_it_and_what_it_was_given(phone, statement):
    page = phone.open("statement", about=statement.pk)
    [original] = original_on(page)
    assert (original.text, original.get("lang"), original.get("dir")) == (WRITTEN, "en", "ltr")
    assert BY_MACHINE in page.words
    assert not page.find("//main//*[@data-of-this]")


def test_the_mark_is_plain_in_english(consultation):
    statement = consultation.statements.get(text="B.")
    Statement.objects.filter(pk=statement.pk).update(language="lv")
    put_by_machine(statement, "en")
    page = Phone(consultation, "en").open("statement", about=statement.pk)
    assert words_of_mark(page) == MARK


def test_the_original_and_the_words_of_a_person_carry_no_mark(consultation, phone, statement):
    assert not original_on(Phone(consultation, "en").open("statement", about=statement.pk))
    put_by_person(statement, "Kaimiņi mani zina.")
    page = phone.open("statement", about=statement.pk)
    assert not original_on(page)
    assert len(page.find("//main//p[@data-of-this]")) == 1


def test_the_mark_stands_beside_one_s_answers(phone, statement):
    phone.vote(1, phone.open("statement", about=statement.pk))
    [original] = original_on(phone.open("answers"))
    assert original.text == WRITTEN


def test_the_mark_stands_where_a_sentence_is_reported(phone, statement):
    [original] = original_on(phone.open("report", statement.pk))
    assert original.text == WRITTEN


def test_a_similar_sentence_is_marked_as_a_machine_s(phone, statement):
    page = phone.write("Kaimiņi pazīst mani vārdā")
    [link] = page.find("//main//ul[contains(@class, 'r-big-links')]//a")
    assert link.text == BY_MACHINE
    [mark] = link.getparent().findall("span")
    # The same words stand ready for the script.
    [listed] = page.find("//*[@data-of-machine]")
    assert mark.text == listed.get("data-of-machine")


@pytest.mark.parametrize("hostile", ["a script", "an attribute", "the end of an element", "a template"])
def test_hostile_words_of_a_machine_harm_no_page(phone, statement, hostile):
    statement.translations.update(text=HOSTILE[hostile])
    page = phone.open("statement", about=statement.pk)
    assert MARK_OF_HOSTILE in page.words
    assert list(faults_of(page.response.content.decode())) == []


# For the script


def test_the_script_is_told_of_a_machine_and_given_the_original(phone, statement):
    said = phone.client.get(phone.url("next"), headers=JSON).json()["next"]
    by_text = {each["text"]: each for each in said}
    assert by_text[BY_MACHINE] == {
        "id": statement.pk,
        "text": BY_MACHINE,
        "lang": "lv",
        "dir": "ltr",
        "machine": True,
        "original": {"text": WRITTEN, "lang": "en", "dir": "ltr"},
    }
    assert by_text["B."].keys() == {"id", "text", "lang", "dir"}


def test_the_script_is_told_of_a_similar_one_by_a_machine(phone, statement):
    sent = {"text": "Kaimiņi pazīst mani vārdā"}
    [similar] = phone.client.post(phone.url("similar"), sent, headers=JSON).json()["similar"]
    assert similar["machine"] is True


def test_an_answer_to_a_vote_stays_light_with_originals_in_letters_of_two_bytes():
    seeds = [f"{place}. {'мова' * 69}" for place in range(5)]
    consultation = hold_consultation(languages=("uk", "lv"), seeds=seeds)
    consultation.statements.update(language="uk")
    for statement in consultation.statements.all():
        put_by_machine(statement)
    statement.translations.model.objects.update(text="ā" * 560)
    phone = Phone(consultation, "lv")
    sent = {"statement": statement.pk, "choice": 1, "key": make_key(1)}
    answer = phone.client.post(phone.url("vote"), sent, headers=JSON)
    assert len(answer.content) <= MOST_BYTES_AFTER_A_VOTE
    [only] = answer.json()["next"]
    assert len(only["original"]["text"]) == 279


# What is said of it


SENT = "Once a person has accepted a sentence, it goes to the computer translate.example.org"


@pytest.mark.parametrize("name", ["begin", "help", "say"])
def test_pages_say_to_which_computer_words_go(consultation, settings, name):
    settings.TRANSLATOR = LibreTranslate("https://translate.example.org/libre")
    assert SENT in Phone(consultation, "en").open(name).words


@pytest.mark.parametrize("name", ["begin", "help", "say"])
def test_where_nothing_goes_anywhere_nothing_is_said(consultation, name):
    assert site.TRANSLATOR is None
    assert "goes to the computer" not in Phone(consultation, "en").open(name).words


def test_a_consultation_in_one_language_says_nothing_of_a_machine(settings):
    settings.TRANSLATOR = LibreTranslate("https://translate.example.org")
    phone = Phone(hold_consultation())
    assert "goes to the computer" not in phone.open("begin").words
