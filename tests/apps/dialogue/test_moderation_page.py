"""The pages on which staff read statements and decide about them; nobody learns who wrote or reported one."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.apps.dialogue.staff import browser_of, give_to, make_running, page_of, today
from tests.builders import make_city
from tests.dialogues import make_entrance, speak, vote
from tests.people import make_person

from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement, translate_statement
from tessera.apps.dialogue.actions.taking_part import report_statement
from tessera.apps.dialogue.lifecycle import State, StatementState
from tessera.apps.dialogue.models import (
    REASONS_TO_HIDE,
    HidingReason,
    Moderation,
    Report,
    Statement,
    Translation,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    return make_running(make_city("riga"), languages=("en", "lv", "ar"))


def say(running, text, *, language="en", key=1):
    return speak(running, text, entrance=make_entrance(language=language), key=key, day=today())


def report(running, statement, reason=HidingReason.HOSTILE):
    """Somebody new, who has voted, reports it."""
    participant = vote(running, running.statements.filter(is_seeded=True).first(), day=today())
    report_statement(participant=participant, statement=statement, reason=reason)


def accept(statement):
    accept_statement(by=make_person("ilze"), statement=statement, at=timezone.now())


def hide(statement, reason=HidingReason.HOSTILE):
    hide_statement(by=make_person("ilze"), statement=statement, reason=reason, at=timezone.now())


def list_url(running, **query):
    return reverse("dialogue:statements", args=[running.pk], query=query or None)


def url_of(statement):
    return reverse("dialogue:statement", args=[statement.pk])


def send(statement, act, *, who="ilze", **said):
    return browser_of(who).post(reverse("dialogue:decide", args=[statement.pk]), {"act": act, **said})


def queue_of(who, running):
    """The words of what waits, in the order of the page."""
    page = page_of(who, list_url(running))
    return re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page.split('id="all"')[0])


# The queue


def test_what_waits_is_shown_the_oldest_first_with_its_language(running):
    say(running, "First comes this.")
    say(running, "أريد دروسًا في المساء.", language="ar")
    assert queue_of("ilze", running) == ["First comes this.", "أريد دروسًا في المساء."]
    page = page_of("ilze", list_url(running))
    assert 'lang="ar" dir="rtl">أريد' in page
    assert "2 statements wait" in page


def test_what_looks_like_a_personal_detail_is_named(running):
    say(running, "Call me at +371 26123456.")
    page = page_of("ilze", list_url(running))
    assert "This looks like a phone number:" in page
    assert "<strong><bdi>+371 26123456</bdi></strong>" in page


def test_a_statement_that_was_reported_comes_back_with_the_number_of_reports(running):
    statement = say(running, "They should all go.")
    accept(statement)
    for _ in range(2):
        report(running, statement)
    report(running, statement, HidingReason.PERSONAL)
    page = page_of("ilze", list_url(running))
    assert queue_of("ilze", running) == ["They should all go."]
    assert "Reported by 2 people: it insults, threatens or disparages people" in page
    assert "Reported by 1 person: it names or describes a person" in page
    assert "Leave it shown" in page
    assert "Show it to everybody" not in page


def test_nothing_waits_where_everything_was_decided(running):
    accept(say(running, "Decided."))
    assert queue_of("ilze", running) == []
    assert "Nothing waits for you." in page_of("ilze", list_url(running))


def test_a_long_queue_is_read_twenty_at_a_time(running):
    for number in range(21):
        say(running, f"Number {number}.")
    assert len(queue_of("ilze", running)) == 20
    page = page_of("ilze", list_url(running))
    assert "21 statements wait" in page
    assert "The others come up as you decide." in page


def test_nobody_is_named_who_wrote_reported_or_voted(running):
    me = make_entrance()
    statement = speak(running, "Mine.", entrance=me, day=today())
    accept(statement)
    report(running, statement)
    authors = f"participant {statement.author_id}"
    for address in (list_url(running), url_of(statement)):
        page = page_of("ilze", address)
        assert authors not in page
        assert me.code not in page
        assert "participant" not in page


# Deciding


def test_a_facilitator_shows_a_statement_and_the_next_one_follows(running):
    give_to("piotr", running)
    first, _second = say(running, "First."), say(running, "Second.")
    answer = send(first, "accept", who="piotr")
    assert answer["Location"] == f"{list_url(running)}#queue"
    assert Statement.objects.get(pk=first.pk).state == StatementState.SHOWN
    decision = Moderation.objects.get()
    assert (decision.number, decision.outcome, decision.by) == (first.pk, "shown", make_person("piotr"))
    assert queue_of("piotr", running) == ["Second."]


@pytest.mark.parametrize("reason", REASONS_TO_HIDE)
def test_a_statement_is_hidden_by_one_button_for_each_reason(running, reason):
    statement = say(running, "Hide me.")
    assert f'name="act" value="{reason.value}"' in page_of("ilze", list_url(running))
    send(statement, reason.value)
    kept = Statement.objects.get(pk=statement.pk)
    assert (kept.state, kept.hiding_reason) == (StatementState.HIDDEN, reason)
    listed = page_of("ilze", list_url(running, state="hidden"))
    assert f"Hidden: {reason.label}." in listed
    # Nobody need translate what nobody reads.
    assert "Not translated" not in listed


def test_what_was_reported_can_be_left_shown(running):
    statement = say(running, "Strong, but fair.")
    accept(statement)
    report(running, statement)
    send(statement, "keep")
    assert not Report.objects.exists()
    assert Statement.objects.get(pk=statement.pk).state == StatementState.SHOWN
    assert [each.outcome for each in Moderation.objects.all()] == ["shown", "shown"]


@pytest.mark.parametrize(
    ("before", "act"), [(accept, "accept"), (hide, "off-topic"), (hide, "keep"), (None, "keep")]
)
def test_whoever_comes_second_is_told_and_changes_nothing(running, before, act):
    statement = say(running, "Two of us read this.")
    if before:
        before(statement)
    kept = Statement.objects.values().get(pk=statement.pk)
    count = Moderation.objects.count()
    answer = browser_of("ilze").post(
        reverse("dialogue:decide", args=[statement.pk]), {"act": act}, follow=True
    )
    said = f"Somebody decided about statement {statement.pk} meanwhile. Nothing was changed."
    assert said in answer.content.decode()
    assert Statement.objects.values().get(pk=statement.pk) == kept
    assert Moderation.objects.count() == count


@pytest.mark.parametrize("act", ["", "shout", "hide"])
def test_an_act_that_no_button_has_does_nothing(running, act):
    statement = say(running, "Waiting.")
    assert send(statement, act).status_code == 404
    assert Statement.objects.get(pk=statement.pk).state == StatementState.PENDING


def test_a_hidden_statement_can_be_shown_after_all_from_its_own_page(running):
    statement = say(running, "Wronged.")
    hide(statement)
    page = page_of("ilze", url_of(statement))
    assert "Show it after all" in page
    assert "It insults, threatens or disparages people." in page
    answer = send(statement, "accept", back="statement")
    assert answer["Location"] == url_of(statement)
    page = page_of("ilze", url_of(statement))
    # The newest decision first, each with who decided.
    outcomes = re.findall(r"<strong><bdi>Ilze</bdi></strong> – (.*?)</p>", page)
    assert outcomes == ["shown", "hidden: it insults, threatens or disparages people"]


def test_what_waits_can_be_decided_after_the_consultation_is_closed(running):
    statement = say(running, "Too late?")
    type(running).objects.filter(pk=running.pk).update(state=State.CLOSED, closed_on=today())
    send(statement, "accept")
    assert Statement.objects.get(pk=statement.pk).state == StatementState.SHOWN


def test_the_keys_lead_to_the_first_statement_and_can_be_switched_off(running):
    for text in ("First.", "Second."):
        say(running, text)
    me = browser_of("ilze")
    page = me.get(list_url(running)).content.decode()
    assert page.count('data-key="a"') == 1
    assert [f'data-key="{number}"' in page for number in range(1, 8)] == [True] * 6 + [False]
    assert page.index("First.") < page.index('data-key="a"') < page.index("Second.")
    assert "review/keys" in page

    me.post(list_url(running), {"act": "without-keys"})
    page = me.get(list_url(running)).content.decode()
    assert "data-key" not in page
    assert "review/keys" not in page
    me.post(list_url(running), {"act": "with-keys"})
    assert "data-key" in me.get(list_url(running)).content.decode()


# The city's own, and translations


def test_a_statement_of_the_city_is_added_with_its_translation(running):
    address = reverse("dialogue:add-statement", args=[running.pk])
    answer = browser_of("ilze").post(
        address, {"text_en": " Buses run  late. ", "text_lv": "Autobusi kursē vēlu.", "text_ar": ""}
    )
    assert answer["Location"] == address
    added = Statement.objects.latest("pk")
    assert (added.text, added.language, added.state, added.is_seeded, added.author) == (
        "Buses run late.",
        "en",
        StatementState.SHOWN,
        True,
        None,
    )
    assert list(added.translations.values_list("language", "text")) == [("lv", "Autobusi kursē vēlu.")]
    listed = page_of("ilze", list_url(running)).split('id="all"')[1].split(f"No. {added.pk},")[1]
    assert listed.startswith(" written in: English; by the city.")
    assert "Not translated: Arabic. Translated by a person: Latvian." in listed

    # What was put into Latvian is no longer what is said.
    Statement.objects.filter(pk=added.pk).update(text="Buses run too late.")
    listed = page_of("ilze", list_url(running)).split('id="all"')[1].split(f"No. {added.pk},")[1]
    assert "Not translated: Arabic. Outdated: Latvian." in listed


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"text_en": ""}, "“Statement, English” is empty. Fill it in."),
        ({"text_en": "x" * 282}, "“Statement, English” is 2 letters too long."),
        ({"text_lv": "x" * 561}, "“In this language: Latvian” is 1 letter too long."),
    ],
)
def test_a_statement_that_cannot_be_is_refused_with_all_that_was_typed(running, said, words):
    before = Statement.objects.count()
    answer = browser_of("ilze").post(
        reverse("dialogue:add-statement", args=[running.pk]),
        {"text_en": "Typed.", "text_lv": "", "text_ar": "مكتوب", **said},
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.count(words) == 2
    assert "مكتوب" in page
    assert Statement.objects.count() == before


def test_each_translation_says_how_it_stands(running):
    statement = say(running, "I want courses in the evening.")
    ilze = make_person("ilze")
    texts = {"lv": "Es vēlos kursus vakarā."}
    translate_statement(by=ilze, statement=statement, texts=texts, at=timezone.now())
    page = page_of("ilze", url_of(statement))
    states = re.findall(r"State: (.*?)</p>", page)
    assert states == ["by a person", "missing"]
    # The original stands beside each.
    assert page.count(">I want courses in the evening.</blockquote>") == 3

    Statement.objects.filter(pk=statement.pk).update(text="I want courses at night.")
    page = page_of("ilze", url_of(statement))
    states = re.findall(r"State: (.*?)</p>", page)
    assert states == ["outdated: the original was changed", "missing"]


def test_translations_are_saved_and_the_original_stays(running):
    statement = say(running, "Vairāk parku.", language="lv")
    browser_of("ilze").post(url_of(statement), {"text_en": "More parks.", "text_ar": "مزيد من الحدائق"})
    kept = Statement.objects.get(pk=statement.pk)
    assert (kept.text, kept.language) == ("Vairāk parku.", "lv")
    assert dict(kept.translations.values_list("language", "text")) == {
        "en": "More parks.",
        "ar": "مزيد من الحدائق",
    }
    browser_of("ilze").post(url_of(statement), {"text_en": "More parks.", "text_ar": ""})
    assert list(kept.translations.values_list("language", flat=True)) == ["en"]


def test_an_outdated_translation_stays_so_until_somebody_says_that_it_fits(running):
    statement = say(running, "More parks.")
    browser_of("ilze").post(url_of(statement), {"text_lv": "Vairāk parku.", "text_ar": ""})
    Statement.objects.filter(pk=statement.pk).update(text="More green parks.")

    browser_of("ilze").post(url_of(statement), {"text_lv": "Vairāk parku.", "text_ar": "حدائق"})
    assert [each.state.value for each in Translation.objects.order_by("language")] == ["reviewed", "outdated"]

    assert "It fits the original as it is now" in page_of("ilze", url_of(statement))
    said = {"text_lv": "Vairāk parku.", "right_lv": "on", "text_ar": "حدائق"}
    browser_of("ilze").post(url_of(statement), said)
    assert [each.state.value for each in Translation.objects.order_by("language")] == ["reviewed", "reviewed"]


def test_a_consultation_in_one_language_asks_for_no_translation():
    statement = say(make_running(make_city("graz")), "Alone.")
    assert "In other languages" not in page_of("ilze", url_of(statement))


def test_statements_are_listed_by_their_state(running):
    say(running, "Waits.")
    hide(say(running, "Not so."))
    for state, listed, not_listed in (
        ("shown", "My neighbours know me by name.", "Not so."),
        ("pending", "Waits.", "Not so."),
        ("hidden", "Not so.", "My neighbours know me by name."),
    ):
        words = page_of("ilze", list_url(running, state=state)).split('id="all"')[1]
        assert listed in words
        assert not_listed not in words
    assert browser_of("ilze").get(list_url(running, state="gone")).status_code == 404


# The language that it is written in


def send_language(statement, code, *, who="ilze"):
    return browser_of(who).post(reverse("dialogue:set-language", args=[statement.pk]), {"language": code})


def test_staff_say_that_it_is_written_in_another_language_and_voters_page_follows(running):
    statement = say(running, "أريد دروسًا في المساء.", language="en")
    accept(statement)
    page = page_of("ilze", url_of(statement))
    assert f'action="{reverse("dialogue:set-language", args=[statement.pk])}"' in page
    assert send_language(statement, "ar")["Location"] == url_of(statement)
    assert 'lang="ar" dir="rtl">أريد' in page_of("ilze", url_of(statement))
    asked = Phone(running).open("statement", about=statement.pk)
    [words] = asked.find("//*[@data-statement-text]")
    assert (words.get("lang"), words.get("dir")) == ("ar", "rtl")


def test_languages_are_offered_in_which_the_consultation_is_not_held(running):
    statement = say(running, "Більше лавок.", language="en")
    assert '<option value="uk">' in page_of("ilze", url_of(statement))
    send_language(statement, "uk")
    assert Statement.objects.get(pk=statement.pk).language == "uk"


def test_once_it_is_translated_its_language_is_not_asked_any_more(running):
    statement = say(running, "More benches.")
    translate_statement(by=make_person("ilze"), statement=statement, texts={"lv": "Soli."}, at=timezone.now())
    address = reverse("dialogue:set-language", args=[statement.pk])
    assert address not in page_of("ilze", url_of(statement))
    sent = browser_of("ilze").post(address, {"language": "ar"}, follow=True)
    assert "Somebody translated it meanwhile." in sent.content.decode()
    assert Statement.objects.get(pk=statement.pk).language == "en"


@pytest.mark.parametrize("code", ["", "xx", "fr"])
def test_a_language_that_nobody_can_read_here_is_none(running, code):
    statement = say(running, "More benches.")
    assert send_language(statement, code).status_code == 404
    assert Statement.objects.get(pk=statement.pk).language == "en"


def test_a_stranger_sets_no_language(running):
    statement = say(running, "More benches.")
    assert send_language(statement, "ar", who="greta").status_code == 404
    assert send_language(statement, "ar", who="visitor").status_code == 302
    assert browser_of("ilze").get(reverse("dialogue:set-language", args=[statement.pk])).status_code == 405
    assert Statement.objects.get(pk=statement.pk).language == "en"
