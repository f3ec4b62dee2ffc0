"""The author of a hidden statement asks to look at it again, and reads what is answered."""

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.apps.dialogue.staff import browser_of, give_to, page_of
from tests.builders import make_city
from tests.dialogues import hold_consultation
from tests.people import make_officer

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.models import Appeal, HidingReason, Moderation, Statement

pytestmark = pytest.mark.django_db

SAID = "The lamps in Lime Street are broken."
WHY = "I name no person, only a street."


@pytest.fixture
def consultation():
    return hold_consultation(languages=("en", "ar"))


@pytest.fixture
def ilze(consultation):
    officer = make_officer("ilze", consultation.city)
    Person.objects.update(language="en")
    return officer


@pytest.fixture
def phone(consultation):
    return Phone(consultation)


@pytest.fixture
def hidden(phone, ilze):
    phone.write(SAID)
    statement = Statement.objects.get(text=SAID)
    hide(statement, ilze)
    return statement


def hide(statement, by):
    hide_statement(by=by, statement=statement, reason=HidingReason.PERSONAL, at=timezone.now())


def ask(phone, statement, words=WHY):
    page = phone.open("appeal", statement.pk)
    return phone.send(page.form(), phone.url("appeal", statement.pk), text=words)


def url_of(about):
    return reverse("dialogue:appeal", args=[about.pk])


def answer(about, act, words="We read it again.", *, who="ilze"):
    return browser_of(who).post(url_of(about), {"answer": words, "act": act})


# Residents


def test_a_hidden_statement_leads_to_the_form_which_says_why_it_is_hidden(phone, hidden):
    link = phone.open("answers").links()["Ask to look at it again"]
    page = phone.visit(link)
    assert SAID in page.words
    assert "It is not shown: it says who somebody is, or how to find them." in page.words
    assert "You can ask once." in page.words


def test_what_one_asked_stands_among_ones_answers_and_is_not_asked_again(phone, hidden):
    page = ask(phone, hidden)
    assert page.response.redirect_chain == [(phone.url("answers"), 303)]
    assert f"You asked to look at it again: {WHY} It is not answered yet." in page.words
    assert "Ask to look at it again" not in page.links()
    again = phone.open("appeal", hidden.pk)
    assert again.response.redirect_chain == [(phone.url("answers"), 303)]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (
            "grant",
            f"You asked to look at it again: {WHY} It is shown after all. The answer: We read it again.",
        ),
        ("refuse", f"You asked to look at it again: {WHY} It stays hidden. The answer: We read it again."),
    ],
)
def test_the_author_reads_the_answer(phone, hidden, act, said):
    ask(phone, hidden)
    answer(Appeal.objects.get(), act)
    assert said in phone.open("answers").words
    assert "Ask to look at it again" not in phone.open("answers").links()


def test_once_hidden_anew_for_another_reason_one_may_ask_again(phone, hidden, ilze):
    ask(phone, hidden)
    answer(Appeal.objects.get(), "grant")
    hide(hidden, ilze)
    assert "It is shown after all." in phone.open("answers").words
    assert "Ask to look at it again" in phone.open("answers").links()


@pytest.mark.parametrize(("words", "length"), [("", 0), ("a" * 501, 501)])
def test_nothing_and_too_much_come_back_with_what_was_written(phone, hidden, words, length):
    page = ask(phone, hidden, words)
    assert page.status == 422
    assert f"Write at least one letter, and at most 500. Yours has {length}." in page.words
    assert page.find("//textarea")[0].text_content().strip() == words
    assert not Appeal.objects.exists()


def test_other_words_for_the_same_are_refused_and_shown_to_be_copied(phone, hidden):
    form = phone.open("appeal", hidden.pk).form()
    url = phone.url("appeal", hidden.pk)
    phone.send(form, url, text=WHY)
    assert phone.send(form, url, text=WHY).status == 200
    page = phone.send(form, url, text="And another thing.")
    assert page.status == 409
    assert "You asked already." in page.words
    assert "And another thing." in page.words
    assert page.links()["My answers"] == phone.url("answers")


def test_what_is_shown_again_meanwhile_is_refused_in_words(phone, hidden, ilze):
    form = phone.open("appeal", hidden.pk).form()
    accept_statement(by=ilze, statement=hidden, at=timezone.now())
    page = phone.send(form, phone.url("appeal", hidden.pk), text=WHY)
    assert page.status == 409
    assert "there is nothing to look at again" in page.words
    assert not Appeal.objects.exists()


def test_nobody_else_is_shown_the_form_or_asks(consultation, phone, hidden):
    other = Phone(consultation)
    assert SAID not in other.open("appeal", hidden.pk).words
    other.vote(1)
    assert other.open("appeal", hidden.pk).status == 404
    sent = other.client.post(other.url("appeal", hidden.pk), {"text": WHY})
    assert sent.status_code == 404
    assert not Appeal.objects.exists()


def test_one_asks_with_ones_code_after_the_end_too(consultation, phone, hidden, ilze):
    close_consultation(by=ilze, consultation=consultation, reason="Enough.", at=timezone.now())
    anywhere = Phone(consultation)
    anywhere.enter(phone.code)
    assert "It is not answered yet." in ask(anywhere, hidden).words


# Staff


def test_appeals_stand_first_among_what_is_to_decide_and_are_counted(consultation, phone, hidden):
    ask(phone, hidden)
    page = page_of("ilze", reverse("dialogue:statements", args=[consultation.pk]))
    assert page.index("Appeals to answer") < page.index("To decide")
    assert "1 author asks to look again" in page
    assert WHY in page
    assert url_of(Appeal.objects.get()) in page
    assert "Decide about 1 statement" in page_of("ilze", consultation.get_absolute_url())
    assert "1 statement waits to be read." in page_of("ilze", reverse("dialogue:consultations"))
    assert "1 statement waits to be read." in page_of("ilze", reverse("web:work"))


def test_the_page_shows_the_statement_the_reason_and_what_its_author_says(consultation, phone, hidden):
    give_to("piotr", consultation)
    ask(phone, hidden)
    page = page_of("piotr", url_of(Appeal.objects.get()))
    assert SAID in page
    assert WHY in page
    assert "it names or describes a person" in page
    assert "You hid this statement" not in page
    assert "participant" not in page


def test_words_in_another_language_are_marked(consultation, phone, hidden):
    reader = Phone(consultation, "ar")
    reader.enter(phone.code)
    ask(reader, hidden, "لم أذكر أحدا.")
    for address in (url_of(Appeal.objects.get()), reverse("dialogue:statements", args=[consultation.pk])):
        assert 'lang="ar" dir="rtl">لم أذكر أحدا.' in page_of("ilze", address)


def test_whoever_hid_it_is_told_who_answers_and_cannot(consultation, phone, hidden):
    piotr = give_to("piotr", consultation)
    ask(phone, hidden)
    about = Appeal.objects.get()
    page = page_of("ilze", url_of(about))
    assert f"somebody else answers: <bdi>{piotr}</bdi>." in page
    assert 'name="answer"' not in page
    assert answer(about, "grant").status_code == 403
    assert Moderation.objects.get().is_granted is None
    assert answer(about, "grant", who="piotr").status_code == 302
    assert Statement.objects.get(pk=hidden.pk).state == "shown"


def test_where_nobody_else_keeps_it_the_page_says_so_to_whoever_hid_it(phone, hidden):
    ask(phone, hidden)
    assert "Nobody else keeps this consultation, so you may answer." in page_of(
        "ilze", url_of(Appeal.objects.get())
    )


@pytest.mark.parametrize("words", ["", "a" * 501])
def test_without_words_or_with_too_many_nothing_is_decided(phone, hidden, words):
    ask(phone, hidden)
    about = Appeal.objects.get()
    assert answer(about, "refuse", words).status_code == 400
    assert Moderation.objects.get().is_granted is None


def test_words_of_signs_alone_are_no_answer(phone, hidden):
    ask(phone, hidden)
    assert answer(Appeal.objects.get(), "refuse", "?!").status_code == 400


def test_another_act_is_none(phone, hidden):
    ask(phone, hidden)
    assert answer(Appeal.objects.get(), "x").status_code == 404
    assert Moderation.objects.get().is_granted is None


def test_an_answer_that_came_second_changes_nothing(phone, hidden):
    ask(phone, hidden)
    about = Appeal.objects.get()
    answer(about, "refuse", "First.")
    browser = browser_of("ilze")
    sent = browser.post(url_of(about), {"answer": "Second.", "act": "grant"}, follow=True)
    assert "Somebody answered it meanwhile." in sent.content.decode()
    assert "First." in sent.content.decode()
    assert Appeal.objects.get().answer == "First."


def test_whoever_answers_what_its_author_has_withdrawn_is_told_that_it_is_gone(phone, hidden):
    ask(phone, hidden)
    about = Appeal.objects.get()
    phone.send(phone.open("withdraw").form(), phone.url("withdraw"))
    assert answer(about, "grant").status_code == 404


def test_the_page_of_the_statement_leads_to_the_appeal_and_offers_no_way_past_it(phone, hidden):
    address = reverse("dialogue:statement", args=[hidden.pk])
    assert "Show it after all" in page_of("ilze", address)
    ask(phone, hidden)
    page = page_of("ilze", address)
    assert "Show it after all" not in page
    assert url_of(Appeal.objects.get()) in page
    sent = browser_of("ilze").post(
        reverse("dialogue:decide", args=[hidden.pk]), {"act": "accept", "back": "statement"}, follow=True
    )
    assert "asked to look at it again. Answer that." in sent.content.decode()
    assert Statement.objects.get(pk=hidden.pk).state == "hidden"


@pytest.mark.parametrize(
    ("act", "said"),
    [("grant", "it was shown again."), ("refuse", "it stayed hidden."), (None, "was not answered.")],
)
def test_what_came_of_it_stands_with_the_decision(phone, hidden, act, said):
    ask(phone, hidden)
    if act:
        answer(Appeal.objects.get(), act)
    assert said in page_of("ilze", reverse("dialogue:statement", args=[hidden.pk]))


def test_whoever_does_not_keep_it_finds_no_appeal(consultation, phone, hidden):
    ask(phone, hidden)
    about = Appeal.objects.get()
    make_officer("chiara", make_city("ravenna", country="IT"))
    for who in ("chiara", "greta"):
        assert browser_of(who).get(url_of(about)).status_code == 404
        assert answer(about, "grant", who=who).status_code == 404
    assert browser_of("visitor").get(url_of(about)).status_code == 302
