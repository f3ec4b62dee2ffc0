"""Somebody says something about themselves, changes it, and takes it back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.apps.dialogue.asking_about_oneself import hold_asking, value_of
from tests.apps.dialogue.phone import Phone
from tests.builders import make_city
from tests.dialogues import hold_consultation, words
from tests.people import make_person

from tessera.apps.dialogue.access import find_participant
from tessera.apps.dialogue.actions.about_oneself import WrongDeclaration, declare
from tessera.apps.dialogue.actions.moderation import seed_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.actions.taking_part import withdraw_everything
from tessera.apps.dialogue.codes import tidy_code
from tessera.apps.dialogue.jobs import forget_codes
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, Declaration, Participant
from tessera.apps.dialogue.views.about_me import NOT_SAID
from tessera.apps.dialogue.views.voting import ABOUT_ME_AFTER

pytestmark = pytest.mark.django_db

OFFER = "Say something about yourself, if you like"


@pytest.fixture
def asking():
    return hold_asking(make_city("riga"), keys=("gender", "born"))


@pytest.fixture
def phone(asking):
    phone = Phone(asking)
    phone.vote(1)
    return phone


def field(asking, key):
    return f"about-{asking.attributes.get(key=key).pk}"


def say(phone, asking, **said):
    """Answer some of the questions; the others stay as the form holds them."""
    chosen = {
        field(asking, key): value if value == NOT_SAID else str(value_of(asking, key, value).pk)
        for key, value in said.items()
    }
    form = next(form for form in phone.open("about-me").find("//main//form") if "fieldset" in tags(form))
    return phone.send(form, None, **chosen)


def tags(form):
    return {each.tag for each in form.iter()}


def said():
    return sorted(Declaration.objects.values_list("attribute__key", "value__key"))


def checked(page):
    return [" ".join(each.getparent().text_content().split()) for each in page.find("//input[@checked]")]


def take_back(phone):
    [form] = [each for each in phone.open("about-me").find("//main//form") if "fieldset" not in tags(each)]
    return phone.send(form, None, **{"take-back": "1"})


def test_nothing_is_chosen_before_somebody_chooses(phone):
    page = phone.open("about-me")
    assert checked(page) == ["I would rather not say"] * 2
    assert "You need not answer any of this." in page.words
    assert "fewer than ten people" in page.words


def test_what_somebody_says_is_kept_and_stands_there_when_they_come_back(phone, asking):
    page = say(phone, asking, gender="man")
    assert page.response.redirect_chain == [(phone.url("about-me", done="kept"), 303)]
    assert "It is kept." in page.words
    assert said() == [("gender", "man")]
    assert Declaration.objects.get().participant == Participant.objects.get()
    assert checked(phone.open("about-me")) == ["Man", "I would rather not say"]


def test_it_can_be_changed_question_by_question(phone, asking):
    say(phone, asking, gender="man", born="eu")
    say(phone, asking, gender=NOT_SAID)
    assert said() == [("born", "eu")]
    say(phone, asking, born="here")
    assert said() == [("born", "here")]


def test_all_of_it_can_be_taken_back(phone, asking):
    say(phone, asking, gender="man", born="eu")
    page = take_back(phone)
    assert "Nothing that you said about yourself is kept." in page.words
    assert said() == []


def test_only_ones_own_is_taken_back(phone, asking):
    other = Phone(asking)
    other.vote(1)
    say(other, asking, gender="woman")
    say(phone, asking, gender="man")
    take_back(phone)
    assert said() == [("gender", "woman")]


def test_whoever_has_not_answered_yet_is_told_to_and_nothing_is_taken(asking):
    phone = Phone(asking)
    page = phone.open("about-me")
    assert page.find("//main//form") == []
    assert "Answer a sentence first" in page.words
    sent = {
        field(asking, "gender"): str(value_of(asking, "gender", "man").pk),
        field(asking, "born"): NOT_SAID,
    }
    answer = phone.client.post(phone.url("about-me"), sent)
    assert answer.status_code == 409
    assert "answer a sentence first" in answer.content.decode()
    assert phone.client.post(phone.url("about-me"), {"take-back": "1"}).status_code == 409
    assert said() == []
    assert not phone.cookies


@pytest.mark.parametrize("wrong", ["", "x", "0", "-1", "9" * 30, "1,2", "\u0661"])
def test_what_is_no_answer_is_refused_and_what_was_said_stays(phone, asking, wrong):
    say(phone, asking, gender="man")
    sent = {field(asking, "gender"): wrong, field(asking, "born"): NOT_SAID}
    assert phone.client.post(phone.url("about-me"), sent).status_code == 422
    assert said() == [("gender", "man")]


def test_a_form_without_one_of_the_questions_is_refused(phone, asking):
    sent = {field(asking, "gender"): str(value_of(asking, "gender", "man").pk)}
    assert phone.client.post(phone.url("about-me"), sent).status_code == 422
    assert said() == []


@pytest.mark.parametrize("questions", [[], ["gender"], ["gender", "born", "age"]])
def test_every_question_that_is_asked_and_no_other_is_answered_or_left(phone, asking, questions):
    other = hold_asking(make_city("ravenna", country="IT"), keys=("age",), slug="other")
    asked = {each.key: each.pk for each in (*asking.attributes.all(), *other.attributes.all())}
    with pytest.raises(WrongDeclaration):
        declare(
            consultation=asking,
            code=tidy_code(phone.code),
            answers=dict.fromkeys((asked[key] for key in questions), None),
            day=timezone.localdate(),
        )


def test_an_answer_to_another_question_is_refused(phone, asking):
    sent = {field(asking, "gender"): str(value_of(asking, "born", "eu").pk), field(asking, "born"): NOT_SAID}
    assert phone.client.post(phone.url("about-me"), sent).status_code == 422
    assert said() == []


def test_an_answer_of_another_consultation_is_refused(phone, asking):
    other = hold_asking(make_city("ravenna", country="IT"), slug="other")
    sent = {
        field(asking, "gender"): str(value_of(other, "gender", "man").pk),
        field(asking, "born"): NOT_SAID,
    }
    assert phone.client.post(phone.url("about-me"), sent).status_code == 422
    assert said() == []


def test_a_code_of_another_consultation_says_nothing_here(phone, asking):
    other = hold_asking(make_city("ravenna", country="IT"), slug="other")
    elsewhere = Phone(other)
    elsewhere.vote(1)
    sent = {field(asking, "gender"): NOT_SAID, field(asking, "born"): NOT_SAID, "code": elsewhere.code}
    assert Phone(asking).client.post(phone.url("about-me"), sent).status_code == 409


def test_a_form_from_another_site_is_refused(phone):
    answer = phone.client.post(
        phone.url("about-me"), {"take-back": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_it_goes_with_all_that_is_withdrawn(phone, asking):
    say(phone, asking, gender="man")
    withdraw_everything(find_participant(asking, phone.code))
    assert said() == []


def test_after_the_end_it_is_only_taken_back(phone, asking):
    say(phone, asking, gender="man")
    close_consultation(by=make_person("ilze"), consultation=asking, reason="Enough.", at=timezone.now())
    page = phone.open("about-me")
    assert page.find("//main//fieldset") == []
    assert "What is your gender? Man" in page.words
    sent = {field(asking, "gender"): NOT_SAID, field(asking, "born"): NOT_SAID}
    assert phone.client.post(phone.url("about-me"), sent).status_code == 409
    take_back(phone)
    assert said() == []


def test_once_codes_are_forgotten_nothing_is_left(phone, asking):
    say(phone, asking, gender="man")
    close_consultation(by=make_person("ilze"), consultation=asking, reason="Enough.", at=timezone.now())
    closed = Consultation.objects.get(pk=asking.pk)
    forget_codes(closed.codes_kept_until + timedelta(days=1))
    assert said() == []
    assert "were forgotten" in phone.open("about-me").words


def test_it_is_in_the_language_of_the_page():
    asking = hold_asking(make_city("riga"), languages=("en", "ar"))
    phone = Phone(asking, "ar")
    phone.vote(1)
    page = phone.open("about-me")
    assert page.find("/html/@dir") == ["rtl"]
    assert "امرأة" in page.words


def test_a_question_that_is_not_in_the_language_says_in_which_it_is():
    asking = hold_asking(
        make_city("riga"), keys=(), own=[("Where do you live?", "North", "South")], languages=("en",)
    )
    Consultation.objects.filter(pk=asking.pk).update(languages=["en", "lv"])
    phone = Phone(Consultation.objects.get(pk=asking.pk), "lv")
    phone.vote(1)
    page = phone.open("about-me")
    assert [each.get("lang") for each in page.find("//legend/span")] == ["en"]


# Where it is offered


def test_one_that_asks_nothing_has_no_such_page_and_no_link_to_it():
    phone = Phone(hold_consultation())
    phone.vote(1)
    assert phone.open("about-me").status == 404
    assert OFFER not in phone.open("finish").links()
    assert "About you" not in phone.open("answers").links()


def test_it_is_offered_where_somebody_stops_and_beside_their_answers(phone):
    assert phone.open("finish").links()[OFFER] == phone.url("about-me")
    assert phone.open("answers").links()["About you"] == phone.url("about-me")


def test_it_is_offered_once_on_the_way_and_never_stands_in_it(asking):
    for number in range(ABOUT_ME_AFTER):
        text = words(f"Sentence number {number} about the city.")
        seed_statement(by=make_person("ilze"), consultation=asking, text=text, at=timezone.now())
    phone, offered = Phone(asking), []
    page = phone.open("statement")
    for answered in range(ABOUT_ME_AFTER + 3):
        if page.find("//main//*[@data-about-me][not(@hidden)]"):
            offered.append(answered)
            assert page.find("//button[@name='choice']")
        page = phone.vote(1, page)
    assert offered == [ABOUT_ME_AFTER]


@pytest.mark.parametrize("keys", [("gender",), ("age", "gender", "years", "born")])
def test_more_questions_ask_the_database_no_more(keys):
    asking = hold_asking(make_city("riga"), keys=keys)
    phone = Phone(asking)
    phone.vote(1)
    with CaptureQueriesContext(connection) as asked:
        assert phone.open("about-me").status == 200
    assert len(asked) <= 6


def test_a_draft_asks_nobody():
    phone = Phone(hold_asking(make_city("riga"), state=State.DRAFT))
    assert phone.open("about-me").status == 404
