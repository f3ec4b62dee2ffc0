"""That readers of one language vote otherwise is told to those who keep a consultation, in words alone."""

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.apps.dialogue.staff import browser_of, give_to, make_running, page_of, today
from tests.builders import make_city
from tests.dialogues import make_entrance, vote
from tests.people import make_person

from tessera.apps.dialogue.actions.moderation import translate_statement
from tessera.apps.dialogue.landscapes import refresh_landscape
from tessera.apps.dialogue.models import Choice, Landscape, Statement
from tessera.apps.dialogue.version_flags import read_flags

pytestmark = pytest.mark.django_db

SEEDS = [f"Statement number {place}." for place in range(11)]
FLAG = "People who read this in Ukrainian vote otherwise, also compared with others of their group."


@pytest.fixture
def running():
    return make_running(make_city("riga"), languages=("en", "uk", "lv"), seeds=SEEDS)


@pytest.fixture
def suspect(running):
    """The last statement: its translation into Ukrainian says something else."""
    return translated(running.statements.last())


def translated(statement, language="uk"):
    texts = {language: "Щось інше."}
    translate_statement(by=make_person("ilze"), statement=statement, texts=texts, at=timezone.now())
    return statement


def take_part(running, *, is_misread=True):
    """Six of each of two camps in each of two languages; to the last statement, readers of Ukrainian say no.

    On three statements all think in ways of their own: else the last one alone would make four groups.
    """
    statements = list(running.statements.order_by("pk"))
    for place in range(24):
        language = ("en", "uk")[place // 2 % 2]
        side = Choice.AGREE if place % 2 else Choice.DISAGREE
        choices = [Choice.PASS if nth == place % 9 else side for nth in range(7)]
        choices += [Choice(place * odd // 7 % 3 - 1) for odd in (5, 11, 13)]
        choices.append(Choice.DISAGREE if language == "uk" and is_misread else Choice.AGREE)
        me = make_entrance(language=language)
        for key, (statement, choice) in enumerate(zip(statements, choices, strict=True)):
            vote(running, statement, choice, entrance=me, key=key, day=today())
    assert refresh_landscape(running, today())


def list_url(running, **query):
    return reverse("dialogue:statements", args=[running.pk], query=query or None)


def url_of(statement):
    return reverse("dialogue:statement", args=[statement.pk])


def test_a_statement_whose_readers_in_one_language_vote_otherwise_is_kept(running, suspect):
    take_part(running)
    # It was written in English, which all others read: seen from there the difference is the same.
    assert read_flags(running) == {suspect.pk: ["en", "uk"]}


def test_where_readers_of_all_languages_vote_alike_nothing_is_kept(running, suspect):
    take_part(running, is_misread=False)
    assert read_flags(running) == {}


def test_a_language_without_a_translation_has_nothing_to_check(running):
    take_part(running)
    assert read_flags(running) == {running.statements.last().pk: ["en"]}


def test_an_outdated_translation_is_read_by_nobody_and_is_not_compared(running, suspect):
    Statement.objects.filter(pk=suspect.pk).update(text="Other words.")
    take_part(running)
    assert read_flags(running) == {suspect.pk: ["en"]}


def test_what_is_hidden_is_not_compared(running, suspect):
    take_part(running, is_misread=True)
    Statement.objects.filter(pk=suspect.pk).update(state="hidden", hiding_reason="unclear")
    Landscape.objects.all().delete()
    vote(running, running.statements.first(), day=today())
    assert refresh_landscape(running, today())
    assert Landscape.objects.get().overview is not None
    assert read_flags(running) == {}


def test_before_there_is_a_landscape_there_are_no_flags(running):
    assert read_flags(running) == {}
    assert "Check the translation" not in page_of("ilze", list_url(running))


# On the pages of staff


def flag(running, statement, languages=("uk",)):
    Landscape.objects.create(
        consultation=running,
        priorities={},
        seed=1,
        engine="",
        language_flags={str(statement.pk): list(languages)},
    )


@pytest.mark.parametrize("who", ["ilze", "piotr"])
def test_it_is_said_beside_the_statement_and_in_the_list_without_figures(running, suspect, who):
    give_to("piotr", running)
    flag(running, suspect)
    assert FLAG in page_of(who, url_of(suspect))
    listed = page_of(who, list_url(running))
    assert listed.count(FLAG) == 1
    assert FLAG in listed.split(f"No. {suspect.pk},")[1]
    assert "Check the translation" not in page_of(who, url_of(running.statements.first()))


def test_several_languages_are_named_together(running, suspect):
    flag(running, suspect, ["en", "uk"])
    assert "People who read this in English, Ukrainian vote otherwise" in page_of("ilze", url_of(suspect))


def test_nobody_else_is_told(running, suspect):
    flag(running, suspect)
    for who in ("visitor", "nuria"):
        answer = browser_of(who).get(url_of(suspect))
        assert answer.status_code in (302, 404)
    for name in ("begin", "finish", "help"):
        assert "vote otherwise" not in Phone(running, "en").open(name).words
    page = Phone(running, "uk").open("statement", about=suspect.pk)
    assert page.statement == suspect.pk
    assert "vote otherwise" not in page.response.content.decode()
