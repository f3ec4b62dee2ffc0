"""Statements that nobody has translated go to a machine, once everybody sees them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone
from tests.apps.dialogue.staff import make_running, today
from tests.builders import make_city
from tests.cli.running import tessera
from tests.connectors.translating_server import (
    hang_up,
    refuse,
    running_translating_server,
    say_bytes,
    take_only,
    turned,
)
from tests.connectors.translating_server import translate as translate_as_ever
from tests.dialogues import make_entrance, speak
from tests.people import make_person

from tessera.apps.dialogue.actions.machine import translate_by_machine
from tessera.apps.dialogue.actions.moderation import (
    accept_statement,
    hide_statement,
    seed_statement,
    translate_statement,
)
from tessera.apps.dialogue.actions.taking_part import withdraw_everything
from tessera.apps.dialogue.jobs import translate_statements
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import HidingReason, Statement, Translation, TranslationState
from tessera.apps.network.local_text import LocalText
from tessera.connectors.translation import LibreTranslate, NotTranslated

pytestmark = pytest.mark.django_db

SEEDS = ("One.", "Two.", "Three.", "Four.", "Five.")
SAID = "More benches, please."


@pytest.fixture
def server():
    with running_translating_server() as running:
        yield running


@pytest.fixture
def running():
    return make_running(make_city("riga"), languages=("en", "lv"), seeds=SEEDS)


def frozen():
    """A clock that stands still."""
    return 0.0


def translate(server, clock=frozen):
    return translate_statements(server.client(), clock)


def words_sent(server):
    return sorted(asked["q"] for _, asked in server.asked)


def written(language="lv"):
    return dict(
        Translation.objects.filter(language=language).order_by("pk").values_list("statement__text", "text")
    )


def say(running, text=SAID, *, accepted=True, **about):
    statement = speak(running, text, day=today(), **about)
    if accepted:
        accept_statement(by=make_person("ilze"), statement=statement, at=timezone.now())
    return Statement.objects.get(pk=statement.pk)


def put(statement, text, language="lv"):
    """A person translates it."""
    translate_statement(
        by=make_person("ilze"), statement=statement, texts={language: text}, at=timezone.now()
    )


# What is translated


def test_what_is_shown_is_put_into_the_languages_in_which_it_is_not_there(running, server):
    assert translate(server).count == 5
    assert written() == {text: turned(text) for text in SEEDS}
    kept = Translation.objects.first()
    assert (kept.machine, kept.written_by, kept.state) == ("LibreTranslate", None, TranslationState.MACHINE)
    assert {(asked["source"], asked["target"]) for _, asked in server.asked} == {("en", "lv")}


def test_a_second_round_asks_for_nothing(running, server):
    translate(server)
    server.asked.clear()
    assert translate(server).count == 0
    assert server.asked == []


def test_each_is_translated_from_the_language_in_which_it_was_written(running, server):
    say(running, "Vairāk soliņu.", entrance=make_entrance(language="lv"))
    translate(server)
    assert written("en") == {"Vairāk soliņu.": ".uņilos kāriaV"}
    assert {"q": "Vairāk soliņu.", "source": "lv", "target": "en", "format": "text"} in [
        asked for _, asked in server.asked
    ]


def test_what_waits_for_a_person_goes_nowhere(running, server):
    say(running, accepted=False)
    translate(server)
    assert SAID not in words_sent(server)


def test_what_is_hidden_goes_nowhere(running, server):
    statement = say(running)
    hide_statement(
        by=make_person("ilze"), statement=statement, reason=HidingReason.HOSTILE, at=timezone.now()
    )
    translate(server)
    assert SAID not in words_sent(server)


@pytest.mark.parametrize("state", [State.DRAFT, State.CLOSED])
def test_a_consultation_that_is_not_open_sends_nothing(server, state):
    make_running(make_city("graz"), languages=("en", "de"), state=state)
    assert translate(server).count == 0
    assert server.asked == []


def test_a_consultation_in_one_language_sends_nothing(server):
    make_running(make_city("graz"))
    translate(server)
    assert server.asked == []


def test_what_a_person_wrote_is_not_asked_for_also_where_it_is_outdated(running, server):
    first, second = running.statements.all()[:2]
    put(first, "Viens.")
    put(second, "Divi.")
    Statement.objects.filter(pk=second.pk).update(text="Two and a half.")
    translate(server)
    assert written() | {"One.": "Viens.", "Two and a half.": "Divi."} == written()
    assert not {"One.", "Two and a half."} & set(words_sent(server))


def test_what_a_machine_wrote_of_other_words_is_written_anew(running, server):
    translate(server)
    Statement.objects.filter(text="One.").update(text="Only one.")
    assert translate(server).count == 1
    assert written()["Only one."] == ".eno ylnO"
    assert Translation.objects.get(statement__text="Only one.").state is TranslationState.MACHINE


def test_a_round_asks_for_fifty_at_most(server):
    make_running(make_city("riga"), languages=("en", "lv"), seeds=[f"Number {n}." for n in range(60)])
    assert translate(server).count == 50
    assert len(server.asked) == 50
    assert translate(server).count == 10


def test_a_round_ends_after_twenty_seconds(running, server):
    times = iter([0, 0, 19, 21])
    assert translate(server, lambda: next(times)).count == 2


# What a machine's words become


def test_a_person_who_writes_other_words_takes_them_over(running, server):
    translate(server)
    statement = running.statements.first()
    put(statement, "Viens.")
    kept = statement.translations.get()
    assert (kept.text, kept.machine, kept.written_by) == ("Viens.", "", make_person("ilze"))
    assert kept.state is TranslationState.REVIEWED


def test_words_that_are_too_long_are_not_kept_and_keep_no_other_back(running, server):
    def nearly_all_too_long(answer, asked):
        answer.say(200, {"translatedText": "x" * (560 if asked["q"] == "One." else 561)})

    server.behaviour = nearly_all_too_long
    done = translate(server)
    assert written() == {"One.": "x" * 560}
    assert done.count == 1
    assert done.trouble.startswith("127.0.0.1 made 561 letters of statement ")


def test_words_are_kept_in_one_line_as_those_of_people_are(running, server):
    server.behaviour = say_bytes(b'{"translatedText": " Viens\\n\\u0000 un  viss. "}')
    translate(server)
    assert set(written().values()) == {"Viens un viss."}


# What happens while the machine thinks


@dataclass(frozen=True)
class Slow(LibreTranslate):
    """One in whose time something else happens, on the same connection to the database."""

    meanwhile: Callable[[], object] = int

    def translate(self, text, *, source, target):
        self.meanwhile()
        return "Viens no mašīnas."


def translate_slowly(statement, meanwhile):
    translator = Slow("http://127.0.0.1", meanwhile=meanwhile)
    return translate_by_machine(statement=statement.pk, language="lv", translator=translator)


def test_where_nothing_happens_meanwhile_the_words_are_kept(running):
    assert translate_slowly(running.statements.first(), int)
    assert written() == {"One.": "Viens no mašīnas."}


@pytest.mark.parametrize(
    "act",
    [
        lambda each: Statement.objects.filter(pk=each.pk).delete(),
        lambda each: Statement.objects.filter(pk=each.pk).update(state="hidden", hiding_reason="hostile"),
        lambda each: Statement.objects.filter(pk=each.pk).update(text="Other words."),
        lambda each: (
            type(each.consultation)
            .objects.filter(pk=each.consultation_id)
            .update(state=State.CLOSED, closed_on=today())
        ),
    ],
    ids=["withdrawn", "hidden", "changed", "closed"],
)
def test_what_happens_meanwhile_counts_more(running, act):
    statement = running.statements.first()
    assert not translate_slowly(statement, lambda: act(statement))
    assert not Translation.objects.exists()


def test_a_person_who_was_quicker_is_not_written_over(running):
    statement = running.statements.first()
    assert not translate_slowly(statement, lambda: put(statement, "Viens."))
    assert written() == {"One.": "Viens."}


def test_what_was_hidden_a_moment_before_is_not_sent(running, server):
    statement = running.statements.first()
    Statement.objects.filter(pk=statement.pk).update(state="hidden", hiding_reason="hostile")
    assert not translate_by_machine(statement=statement.pk, language="lv", translator=server.client())
    assert server.asked == []


def test_who_withdraws_takes_the_machine_s_words_along(running, server):
    me = make_entrance()
    statement = say(running, entrance=me)
    translate(server)
    assert statement.translations.exists()
    withdraw_everything(statement.author)
    assert SAID not in written()


# A server that is away, or takes only some


def test_a_server_that_is_away_is_asked_once_and_told_of(running, server):
    server.behaviour = hang_up
    done = translate(server)
    assert (done.count, len(server.asked)) == (0, 1)
    assert done.trouble.startswith("127.0.0.1 does not answer: ")
    assert not Translation.objects.exists()
    server.behaviour = translate_as_ever
    assert translate(server).count == 5


def test_a_language_that_the_server_does_not_have_keeps_no_other_back(server):
    make_running(make_city("riga"), languages=("en", "lv", "ar"))
    server.behaviour = take_only("ar")
    done = translate(server)
    assert (done.count, done.trouble) == (5, "127.0.0.1 says no (400): lv is not supported")
    assert len(written("ar")) == 5


def test_a_server_that_says_no_to_one_is_told_of(running, server):
    server.behaviour = refuse(400, "lv is not supported")
    with pytest.raises(NotTranslated, match="lv is not supported"):
        translate_by_machine(
            statement=running.statements.first().pk, language="lv", translator=server.client()
        )


# By the clock


def line_of_tick():
    run = tessera("tick")
    assert run.returncode == 0
    [line] = [each for each in run.stdout.splitlines() if each.startswith("Translations: ")]
    return line


def test_the_clock_sends_nothing_where_no_server_is_named(running):
    assert line_of_tick() == "Translations: TESSERA_TRANSLATION_URL names no server."


def test_the_clock_says_how_many_were_translated(running, server, settings):
    settings.TRANSLATOR = server.client()
    assert line_of_tick() == "Translations: 5 translated by machine."


def test_the_clock_says_that_the_server_is_away_and_goes_on(running, server, settings):
    settings.TRANSLATOR = server.client(key="sesame")
    server.behaviour = refuse(403, "Invalid API key")
    said = "Translations: 0 translated by machine. 127.0.0.1 says no (403): Invalid API key"
    assert line_of_tick() == said


def test_the_clock_translates_what_came_in_since(running, server, settings):
    settings.TRANSLATOR = server.client()
    tessera("tick")
    seed_statement(
        by=make_person("ilze"),
        consultation=running,
        text=LocalText("en", {"en": "Six."}),
        at=timezone.now(),
    )
    assert line_of_tick() == "Translations: 1 translated by machine."
