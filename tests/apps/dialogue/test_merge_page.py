"""The pages on which staff merge statements and say what one is about, and what others read of it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.apps.dialogue.staff import browser_of, give_to, make_running, page_of, today
from tests.builders import make_city, make_finding, make_review
from tests.dialogues import speak
from tests.people import make_person

from tessera.apps.dialogue.actions.moderation import hide_statement, merge_statement
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, HidingReason, Statement

pytestmark = pytest.mark.django_db

WRITTEN = "A newcomer finds a language course in this part of the city."


@pytest.fixture
def running():
    return make_running(make_city("riga"), languages=("en", "lv"))


@pytest.fixture
def said(running):
    return speak(running, WRITTEN, day=today())


def merge_url(statement):
    return reverse("dialogue:merge", args=[statement.pk])


def url_of(statement):
    return reverse("dialogue:statement", args=[statement.pk])


def read(statement):
    return Statement.objects.get(pk=statement.pk)


def merge(statement, into):
    merge_statement(by=make_person("ilze"), statement=statement, into=into, at=timezone.now())


def test_what_looks_alike_is_offered_and_chosen_with_one_tick(running, said):
    alike = running.statements.order_by("pk").first()
    page = page_of("ilze", merge_url(said))
    assert re.findall(r'name="similar" value="(\d*)"', page) == [str(alike.pk), ""]
    assert "they were cast on these words and not on the others" in page
    answer = browser_of("ilze").post(merge_url(said), {"similar": alike.pk})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/en{url_of(said).removeprefix('/en')}")
    assert read(said).merged_into == alike
    assert f"Statement {alike.pk}" in page_of("ilze", url_of(said))
    assert WRITTEN in page_of("ilze", url_of(alike))


def test_any_other_is_given_by_its_number(running, said):
    other = running.statements.order_by("pk")[3]
    answer = browser_of("ilze").post(merge_url(said), {"similar": "", "number": other.pk})
    assert answer.status_code == 302
    assert read(said).merged_into == other


@pytest.mark.parametrize("given", ["nothing", "both", "itself", "hidden", "unknown", "huge", "words"])
def test_a_wrong_choice_changes_nothing_and_is_named_at_the_field(running, said, given):
    first, second, hidden = running.statements.order_by("pk")[:3]
    hide_statement(by=make_person("ilze"), statement=hidden, reason=HidingReason.UNCLEAR, at=timezone.now())
    sent = {
        "nothing": {},
        "both": {"similar": first.pk, "number": second.pk},
        "itself": {"number": said.pk},
        "hidden": {"number": hidden.pk},
        "unknown": {"number": 987654},
        "huge": {"number": 10**30},
        "words": {"number": "seven"},
    }[given]
    answer = browser_of("ilze").post(merge_url(said), sent)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'id="id_number_error"' in page
    assert 'href="#id_number"' in page
    assert read(said).state == "pending"


def test_what_is_hidden_or_summed_up_is_not_merged_any_more(running, said):
    hidden, shown = running.statements.order_by("pk")[:2]
    hide_statement(by=make_person("ilze"), statement=hidden, reason=HidingReason.UNCLEAR, at=timezone.now())
    assert browser_of("ilze").get(merge_url(hidden)).status_code == 302
    assert merge_url(hidden) not in page_of("ilze", url_of(hidden))
    assert merge_url(shown) in page_of("ilze", url_of(shown))
    dates = {"closed_on": today(), "synthesised_on": today()}
    Consultation.objects.filter(pk=running.pk).update(state=State.SYNTHESISED, **dates)
    assert browser_of("ilze").post(merge_url(shown), {"number": said.pk}).status_code == 302
    assert merge_url(shown) not in page_of("ilze", url_of(shown))
    assert read(shown).state == "shown"


def test_nobody_else_comes_to_these_pages(running, said):
    give_to("piotr", running)
    for who in ("andris", "chiara", "greta", "jonas"):
        make_person(who)
        assert browser_of(who).get(merge_url(said)).status_code == 404
        assert browser_of(who).post(reverse("dialogue:set-finding", args=[said.pk])).status_code == 404
    assert browser_of("piotr").get(merge_url(said)).status_code == 200


def test_the_list_of_what_is_hidden_says_into_which_it_was_merged(running, said):
    kept = running.statements.order_by("pk").first()
    merge(said, kept)
    page = page_of("ilze", reverse("dialogue:statements", args=[running.pk], query={"state": "hidden"}))
    assert f"Merged into statement {kept.pk}." in page


def test_its_author_reads_both_and_everybody_reads_how_many(running):
    phone = Phone(running)
    kept = running.statements.order_by("pk").first()
    phone.write("Benches at the bus stops would help.")
    said = running.statements.get(is_seeded=False)
    merge(said, kept)
    answers = phone.open("answers").words
    assert said.text in answers
    assert f"This other sentence says the same: {kept.text}" in answers
    assert "they were given to other words" in answers
    decisions = phone.open("decisions").words
    assert "Of these, joined with the other sentence: 1" in decisions
    assert said.text not in decisions


def test_which_finding_it_is_about_is_chosen_and_leads_to_the_thread(running, said):
    review = make_review(running.city)
    finding = make_finding(review, "Too few courses.")
    assert "The finding it is about" not in page_of("ilze", url_of(said))
    Consultation.objects.filter(pk=running.pk).update(review=review)
    address = reverse("dialogue:set-finding", args=[said.pk])
    assert browser_of("ilze").post(address, {"finding": finding.pk}).status_code == 302
    assert read(said).finding == finding
    thread = reverse("web:whole-thread", args=["riga"])
    assert f'href="{thread}#finding-{finding.pk}"' in page_of("ilze", url_of(said))
    assert browser_of("ilze").post(address, {"finding": "987654"}).status_code == 404
    assert browser_of("ilze").post(address, {"finding": ""}).status_code == 302
    assert read(said).finding is None


def test_a_statement_of_the_city_is_about_one_from_the_start(running):
    review = make_review(running.city)
    finding = make_finding(review, "Too few courses.")
    Consultation.objects.filter(pk=running.pk).update(review=review)
    address = reverse("dialogue:add-statement", args=[running.pk])
    sent = {"text_en": "Courses begin every month.", "text_lv": "", "finding": finding.pk}
    assert browser_of("ilze").post(address, sent).status_code == 302
    assert running.statements.get(text="Courses begin every month.").finding == finding
    assert browser_of("ilze").post(address, {**sent, "finding": "987654"}).status_code == 400
