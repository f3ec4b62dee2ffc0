"""What the second step rests on is locked in the database with the secret key of the site."""

import json

import pytest
from django.test import Client
from tests.apps.accounts.signing_in import app_code, is_signed_in, recovery_codes, set_up_app, sign_in

from tessera.apps.accounts.sealing import Unreadable, seal, unseal

STEP = "/en/account/second-step/sign-in/"
NEW = "another key for the tests only"


@pytest.fixture
def app(ilze):
    """The key in the app of Ilze, and her recovery codes."""
    client = Client()
    sign_in(client)
    key, page = set_up_app(client)
    return key, recovery_codes(page)


@pytest.fixture
def change_key(settings):
    def change(*, keep):
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keep else []
        settings.SECRET_KEY = NEW

    return change


def rows(ilze):
    return {row.type: row.data for row in ilze.authenticator_set.all()}


def test_the_rows_hold_neither_the_secret_nor_the_seed_in_the_clear(ilze, app):
    key, _ = app
    assert key not in json.dumps(rows(ilze))
    assert unseal(rows(ilze)["totp"]["secret"]) == key
    assert rows(ilze)["recovery_codes"]["seed"].startswith("gAAAA")


def test_the_same_secret_looks_different_each_time():
    assert seal("seven herons") != seal("seven herons")


def test_what_was_changed_in_the_database_is_not_read(settings):
    sealed = seal("seven herons")
    with pytest.raises(Unreadable):
        unseal(sealed[:-2] + ("A=" if sealed[-2] != "A" else "B="))
    with pytest.raises(Unreadable):
        unseal("seven herons")


@pytest.mark.parametrize("way", ["app", "recovery code"])
def test_both_kinds_of_code_open_after_the_key_was_changed(client, ilze, app, change_key, way):
    key, codes = app
    change_key(keep=True)
    sign_in(client)
    code = app_code(key, 1) if way == "app" else codes[0]
    assert client.post(STEP, {"code": code}).status_code == 302
    assert is_signed_in(client)


def test_once_one_has_signed_in_the_earlier_key_may_go(client, ilze, app, change_key, settings):
    key, codes = app
    change_key(keep=True)
    before = rows(ilze)
    sign_in(client)
    client.post(STEP, {"code": codes[0]})
    after = rows(ilze)
    assert after["recovery_codes"]["used_mask"] == 1
    assert after["totp"]["secret"] != before["totp"]["secret"]
    settings.SECRET_KEY_FALLBACKS = []
    for code, status in ((codes[0], 200), (codes[1], 302), (app_code(key, 1), 302)):
        other = Client()
        sign_in(other)
        assert other.post(STEP, {"code": code}).status_code == status


def test_nothing_is_written_while_the_key_stays(client, ilze, app):
    key, _ = app
    before = rows(ilze)
    sign_in(client)
    client.post(STEP, {"code": app_code(key, 1)})
    assert rows(ilze) == before


def test_a_key_that_was_lost_is_said_in_words_and_opens_nothing(client, ilze, app, change_key):
    key, codes = app
    change_key(keep=False)
    sign_in(client)
    for code in (app_code(key, 1), codes[0]):
        page = client.post(STEP, {"code": code})
        assert page.status_code == 200
        assert "The site cannot read your second step any more" in page.content.decode()
    assert not is_signed_in(client)


def test_what_no_key_opens_stays_as_it_is_and_stops_nobody_who_does_not_need_it(
    client, ilze, app, change_key
):
    change_key(keep=False)
    before = rows(ilze)
    ilze.authenticator_set.filter(type="totp").delete()
    assert sign_in(client).headers["location"] == "/lv/desk/"
    assert rows(ilze)["recovery_codes"] == before["recovery_codes"]
