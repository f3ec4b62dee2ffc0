"""The page on which a facilitator types in what somebody says, without a script; and what its script asks."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.dialogue.phone import Page, Phone
from tests.apps.dialogue.sheets import votes_of
from tests.apps.dialogue.staff import browser_of, days, give_to, make_running, page_of
from tests.builders import make_city
from tests.people import EVERYBODY, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.codes import make_code, spell_code
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Channel, Participant, Rule, SpokenConsent

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    running = make_running(make_city("riga"), languages=("en", "lv", "ar"))
    give_to("piotr", running)
    make_officer("chiara", make_city("ravenna"))
    Person.objects.update(language="en")
    return running


def url(consultation, language="en"):
    return reverse("dialogue:assist", args=[consultation.pk, language])


def form_of(who, consultation, language="en"):
    """The fields of a page as it was given."""
    page = Page(browser_of(who).get(url(consultation, language)))
    [form] = page.find("//main//form[@data-answers]")
    return dict(form.form_values())


def answers(consultation, **values):
    """Fields by the places of statements in their order."""
    keys = list(consultation.statements.order_by("pk").values_list("pk", flat=True))
    return {f"line_{keys[int(place[1:]) - 1]}": value for place, value in values.items()}


def send(who, consultation, fields, **headers):
    return browser_of(who).post(url(consultation), fields, headers=headers)


def test_somebody_is_read_to_and_gets_a_code_that_opens_their_answers(running):
    fields = form_of("piotr", running) | {"consent": "on"} | answers(running, _1="1", _2="-1", _3="0")
    page = Page(send("piotr", running, fields))
    assert page.status == 200
    assert spell_code(fields["code"]) in page.words
    [me] = Participant.objects.all()
    assert me.channel == Channel.ASSISTED
    assert votes_of(me) == {1: 1, 2: -1, 3: 0}
    assert SpokenConsent.objects.get().heard_by == make_person("piotr")
    # They withdraw by themselves, on any phone.
    phone = Phone(running)
    phone.enter(fields["code"])
    withdraw = phone.open("withdraw")
    phone.send(withdraw.form(), phone.url("withdraw"))
    assert not Participant.objects.exists()


def test_what_is_read_out_is_in_the_language_of_who_answers(running):
    page = Page(browser_of("ilze").get(url(running, "ar")))
    [read_out] = page.find("//main//form//div[@lang='ar'][@dir='rtl']")
    words = " ".join(read_out.text_content().split())
    assert "The city asks, because it writes its strategy. (ar)" in words
    assert "The city answers each theme. (ar)" in words


def test_every_page_brings_a_new_code_and_is_kept_nowhere(running):
    assert form_of("ilze", running)["code"] != form_of("ilze", running)["code"]
    assert "no-store" in browser_of("ilze").get(url(running))["Cache-Control"]


def test_the_same_form_twice_is_one_person(running):
    fields = form_of("ilze", running) | {"consent": "on"} | answers(running, _1="1")
    for _ in range(2):
        assert spell_code(fields["code"]) in Page(send("ilze", running, fields)).words
    assert Participant.objects.count() == 1


def test_nothing_is_kept_without_their_consent_or_an_answer_and_nothing_typed_is_lost(running):
    fields = form_of("ilze", running) | answers(running, _1="1")
    page = Page(send("ilze", running, fields))
    assert page.status == 400
    assert "Nothing can be sent before they agreed." in page.words
    [form] = page.find("//main//form[@data-answers]")
    again = dict(form.form_values())
    assert {name: again[name] for name in fields if name != "csrfmiddlewaretoken"} == {
        name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"
    }
    page = Page(send("ilze", running, form_of("ilze", running) | {"consent": "on"}))
    assert page.status == 400
    assert "Nothing is answered. Type in at least one answer." in page.words
    assert not Participant.objects.exists()
    assert not SpokenConsent.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"key": "none"},
        {"code": "too short"},
        {"code": ""},
        {"statements": ""},
        {"statements": "x,9999999999999999999"},
    ],
)
def test_a_form_that_no_page_of_ours_made_is_refused(running, broken):
    fields = form_of("ilze", running) | {"consent": "on"} | answers(running, _1="1") | broken
    assert send("ilze", running, fields).status_code == 400
    assert not Participant.objects.exists()


def test_the_script_is_told_whose_session_it_is_and_what_became_of_an_entry(running):
    json = {"Accept": "application/json"}
    told = browser_of("piotr").get(url(running), headers=json).json()
    assert told["person"] == make_person("piotr").pk
    assert told["token"]
    fields = form_of("piotr", running) | {"consent": "on"} | answers(running, _1="1")
    for _ in range(2):
        assert send("piotr", running, fields, **json).json() == {"kept": True}
    assert Participant.objects.count() == 1
    refused = send("piotr", running, fields | {"key": "0" * 16, "consent": ""}, **json)
    assert refused.status_code == 400
    assert refused.json() == {"error": "refused", "message": "Nothing can be sent before they agreed."}


def test_an_entry_needs_the_mark_of_the_session(running):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_person("piotr"))
    fields = form_of("piotr", running) | {"consent": "on"} | answers(running, _1="1")
    assert browser.post(url(running), fields).status_code == 403
    json = {"Accept": "application/json"}
    fields["csrfmiddlewaretoken"] = browser.get(url(running), headers=json).json()["token"]
    assert browser.post(url(running), fields, headers=json).json() == {"kept": True}


def test_one_chooses_among_languages_and_goes_at_once_to_the_only_one(running):
    page = Page(browser_of("ilze").get(reverse("dialogue:assisted", args=[running.pk])))
    assert set(page.links().values()) >= {url(running, code) for code in ("en", "lv", "ar")}
    only = make_running(running.city, slug="only")
    answer = browser_of("ilze").get(reverse("dialogue:assisted", args=[only.pk]))
    assert answer["Location"] == url(only)
    assert browser_of("ilze").get(url(running, "pl")).status_code == 404


@pytest.mark.parametrize("about", [{"state": State.CLOSED}, {"phases": [days(-5, 5, Rule.SAY)]}])
def test_on_days_without_votes_nobody_sits_down(about):
    paused = make_running(make_city("riga"), **about)
    for address in (reverse("dialogue:assisted", args=[paused.pk]), url(paused)):
        answer = browser_of("ilze").get(address, follow=True)
        assert "Nobody can vote today, so nothing can be typed in either." in answer.content.decode()
    fields = {"key": "0" * 16, "code": make_code(), "consent": "on"} | answers(paused, _1="1")
    fields["statements"] = ",".join(str(each.pk) for each in paused.statements.all())
    assert send("ilze", paused, fields).status_code == 409
    assert not Participant.objects.exists()


@pytest.mark.parametrize("who", [*EVERYBODY, "visitor"])
def test_the_page_exists_only_for_who_keeps_the_consultation(running, who):
    expected = {"ilze": (200, 400), "piotr": (200, 400), "visitor": (302, 302)}.get(who, (404, 404))
    browser = browser_of(who)
    assert (browser.get(url(running)).status_code, browser.post(url(running)).status_code) == expected


def test_the_page_asks_the_database_a_bounded_number_of_times(running, django_assert_max_num_queries):
    browser = browser_of("ilze")
    with django_assert_max_num_queries(14):
        assert browser.get(url(running, "lv")).status_code == 200
    assert "data-answers" in page_of("ilze", url(running, "lv"))
