"""A receipt code is shown, and brings its holder back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.apps.dialogue.phone import Phone
from tests.builders import make_city
from tests.dialogues import TODAY, hold_consultation
from tests.people import make_officer

from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.codes import spell_code
from tessera.apps.dialogue.jobs import forget_codes
from tessera.apps.dialogue.models import Consultation

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return hold_consultation()


@pytest.fixture
def phone(consultation):
    phone = Phone(consultation)
    phone.vote(-1)
    return phone


def close(consultation):
    officer = make_officer("ilze", consultation.city)
    close_consultation(by=officer, consultation=consultation, reason="Enough.", at=timezone.now())


def test_the_code_is_shown_with_what_it_is_good_for(phone):
    page = phone.open("code")
    [shown] = page.find("//*[@class='r-code']")
    assert (shown.text, shown.get("dir")) == (spell_code(phone.code), "ltr")
    assert "If you lose it, your answers still count" in page.words


def test_a_code_that_was_made_for_a_form_is_shown_to_nobody(consultation):
    """It is nobody's yet; whoever wrote it down would come back to nothing."""
    newcomer = Phone(consultation)
    newcomer.open("statement")
    for name in ("code", "finish"):
        assert not newcomer.open(name).find("//*[@class='r-code']")


@pytest.mark.parametrize(
    "type_it",
    [
        lambda code: code,
        lambda code: spell_code(code).lower(),
        lambda code: " ".join(code.lower()),
        lambda code: f"  {spell_code(code)}\n".replace("0", "O").replace("1", "l"),
    ],
)
def test_a_code_brings_one_back_on_another_phone_however_it_is_typed(phone, consultation, type_it):
    other = Phone(consultation)
    page = other.enter(type_it(phone.code))
    assert page.response.redirect_chain == [(other.url("answers"), 303)]
    assert "I disagree" in page.words
    assert other.cookies == phone.cookies


@pytest.mark.parametrize("typed", ["1234", "", "D6G0M4Q15MGRF7WJ", "💥", "x" * 5000, "\x00" * 16])
def test_a_code_that_is_nobodys_is_refused_and_what_was_typed_stays(phone, consultation, typed):
    other = Phone(consultation)
    page = other.enter(typed)
    assert page.status == 422
    assert "This code does not fit." in page.words
    [field] = page.find("//input[@id='code']")
    assert field.get("aria-invalid") == "true"
    if typed.isalnum():
        assert field.value == typed
    assert not other.cookies


def test_a_code_of_another_consultation_opens_nothing(phone):
    elsewhere = Phone(hold_consultation(make_city("ravenna", country="IT"), slug="elsewhere"))
    assert elsewhere.enter(phone.code).status == 422


def test_after_it_is_closed_answers_can_be_read_and_not_changed(phone, consultation):
    close(consultation)
    page = Phone(consultation).enter(phone.code)
    assert "I disagree" in page.words
    assert "Change it" not in page.links()
    assert "With your code you can read your answers, or erase them, until" in page.words


def test_a_code_that_is_entered_after_the_last_day_is_kept_until_the_browser_is_closed(phone, consultation):
    consultation.phases.update(ends_on=TODAY - timedelta(days=1))
    other = Phone(consultation)
    other.enter(phone.code)
    [cookie] = other.client.cookies.values()
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


def test_once_codes_are_forgotten_none_opens_anything_and_the_page_says_so(phone, consultation):
    close(consultation)
    consultation = Consultation.objects.get()
    forget_codes(consultation.codes_kept_until + timedelta(days=1))
    for name in ("code", "withdraw", "answers"):
        assert "The codes of this consultation were forgotten on" in phone.open(name).words
    response = phone.client.post(phone.url("code"), {"code": phone.code})
    assert response.status_code == 422
