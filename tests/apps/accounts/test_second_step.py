import base64
import re

import pytest
from django.core import mail
from tests.apps.accounts.signing_in import (
    app_code,
    confirm_password,
    is_signed_in,
    recovery_codes,
    set_up_app,
    sign_in,
)

from tessera.apps.accounts.access import has_second_factor

STEP = "/en/account/second-step/sign-in/"


@pytest.fixture
def signed_in(client, ilze):
    ilze.language = "en"
    ilze.save()
    sign_in(client)
    return client


def test_the_page_explains_and_offers_both_ways(signed_in):
    page = signed_in.get("/en/account/second-step/").content.decode()
    assert "<h1>Set up a second step</h1>" in page
    assert 'href="/en/account/second-step/app/"' in page
    assert 'href="/en/account/second-step/passkeys/add/"' in page


def test_setting_it_up_asks_for_the_password_once_more(signed_in):
    asked = signed_in.get("/en/account/second-step/app/")
    assert asked.headers["location"].startswith("/en/account/confirm/?next=")
    assert confirm_password(signed_in, "/en/account/second-step/app/").status_code == 302
    assert signed_in.get("/en/account/second-step/app/").status_code == 200


def test_the_picture_holds_the_key_that_stands_under_it_and_is_drawn_on_white(signed_in):
    confirm_password(signed_in, "/en/account/second-step/app/")
    page = signed_in.get("/en/account/second-step/app/").content.decode()
    drawing = base64.b64decode(re.search(r'<img src="data:image/svg\+xml;base64,([^"]+)"', page)[1])
    assert b'fill="white"' in drawing
    assert re.search(r"<code>[A-Z2-7]{32}</code>", page)


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_and_told_by_mail(signed_in, ilze):
    assert not has_second_factor(ilze)
    _, page = set_up_app(signed_in)
    assert has_second_factor(ilze)
    assert len(set(recovery_codes(page))) == 10
    assert [message.subject for message in mail.outbox] == ["A second step was set up"]


def test_a_wrong_code_sets_nothing_up(signed_in, ilze):
    confirm_password(signed_in, "/en/account/second-step/app/")
    signed_in.get("/en/account/second-step/app/")
    page = signed_in.post("/en/account/second-step/app/", {"code": "000000"}).content.decode()
    assert "This code does not fit." in page
    assert not has_second_factor(ilze)


def test_with_an_app_the_password_alone_does_not_open_the_account(client, ilze):
    sign_in(client)
    key, _ = set_up_app(client)
    client.post("/en/account/sign-out/")
    assert sign_in(client).headers["location"] == STEP
    assert not is_signed_in(client)
    assert client.post(STEP, {"code": app_code(key, 1)}).headers["location"] == "/lv/desk/"
    assert is_signed_in(client)


def test_a_code_opens_once(client, ilze):
    sign_in(client)
    key, _ = set_up_app(client)
    code = app_code(key, 1)
    for status in (302, 200):
        client.post("/en/account/sign-out/")
        sign_in(client)
        assert client.post(STEP, {"code": code}).status_code == status


def test_codes_cannot_be_guessed_for_long(client, ilze):
    sign_in(client)
    key, _ = set_up_app(client)
    client.post("/en/account/sign-out/")
    sign_in(client)
    for _ in range(5):
        client.post(STEP, {"code": "000000"})
    assert "too many failed tries" in client.post(STEP, {"code": app_code(key, 1)}).content.decode()
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(client, ilze):
    sign_in(client)
    _, page = set_up_app(client)
    first, second = recovery_codes(page)[:2]
    for code, status in ((first, 302), (first, 200), (second, 302)):
        client.post("/en/account/sign-out/")
        sign_in(client)
        assert client.post(STEP, {"code": code}).status_code == status


def test_recovery_codes_are_shown_once_and_can_be_saved_from_that_page(signed_in):
    _, page = set_up_app(signed_in)
    codes = recovery_codes(page)
    saved = re.search(r'download="[^"]+" href="data:text/plain;charset=utf-8,([^"]+)"', page)[1]
    assert saved.split("%0A") == ["Tessera", *codes, ""]
    again = signed_in.get("/en/account/second-step/codes/").content.decode()
    assert recovery_codes(again) == []
    assert "10 codes are left." in again


def test_new_recovery_codes_replace_the_old_ones(signed_in, ilze):
    _, page = set_up_app(signed_in)
    old = recovery_codes(page)
    made = signed_in.post("/en/account/second-step/codes/new/", follow=True).content.decode()
    new = recovery_codes(made)
    assert len(new) == 10
    assert set(new).isdisjoint(old)
    signed_in.post("/en/account/sign-out/")
    sign_in(signed_in)
    assert signed_in.post(STEP, {"code": old[0]}).status_code == 200
    assert signed_in.post(STEP, {"code": new[0]}).status_code == 302


def test_removing_the_app_is_told_by_mail_and_takes_the_recovery_codes_with_it(signed_in, ilze):
    set_up_app(signed_in)
    mail.outbox.clear()
    signed_in.post("/en/account/second-step/app/remove/")
    assert not has_second_factor(ilze)
    assert [message.subject for message in mail.outbox] == ["A second step was removed"]
    assert signed_in.get("/en/account/second-step/codes/").status_code == 404


def test_recovery_codes_alone_are_no_second_factor(signed_in, ilze):
    set_up_app(signed_in)
    ilze.authenticator_set.exclude(type="recovery_codes").delete()
    assert ilze.authenticator_set.count() == 1
    assert not has_second_factor(ilze)


def test_stopping_half_way_signs_nobody_in(client, ilze):
    sign_in(client)
    set_up_app(client)
    client.post("/en/account/sign-out/")
    sign_in(client)
    stopped = client.post("/en/account/sign-out/", {"next": "/en/account/sign-in/"})
    assert stopped.headers["location"] == "/en/account/sign-in/"
    assert client.get(STEP).headers["location"] == "/en/account/sign-in/"


@pytest.mark.parametrize("page", ["passkeys/add/", "sign-in/"])
def test_only_pages_with_a_passkey_may_ask_the_browser_for_one(signed_in, page):
    set_up_app(signed_in)
    if page == "sign-in/":
        signed_in.post("/en/account/sign-out/")
        sign_in(signed_in)
    policy = signed_in.get(f"/en/account/second-step/{page}").headers["permissions-policy"]
    assert "publickey-credentials-get=(self)" in policy
    assert "camera=()" in policy
    assert "publickey-credentials-get=()" in signed_in.get("/en/about/").headers["permissions-policy"]


NONSENSE = ["", "{}", "[]", "null", '{"id": 1}', "no json", '{"id": "AQ", "rawId": "AQ", "response": {}}']


@pytest.mark.parametrize("answer", NONSENSE)
def test_a_passkey_that_answers_nonsense_is_not_set_up(signed_in, ilze, answer):
    confirm_password(signed_in, "/en/account/second-step/passkeys/add/")
    signed_in.get("/en/account/second-step/passkeys/add/")
    page = signed_in.post("/en/account/second-step/passkeys/add/", {"name": "x", "credential": answer})
    assert page.status_code == 200
    assert not has_second_factor(ilze)


@pytest.mark.parametrize("answer", NONSENSE)
def test_a_passkey_that_answers_nonsense_opens_nothing(signed_in, answer):
    set_up_app(signed_in)
    signed_in.post("/en/account/sign-out/")
    sign_in(signed_in)
    assert signed_in.post(STEP, {"credential": answer}).status_code == 200
    assert not is_signed_in(signed_in)
