"""What holds for all pages about accounts. A route that is added and not looked at here is noticed."""

import re
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from tests.apps.accounts.signing_in import confirm_password, describe_passkey, set_up_app, sign_in

from tessera.apps.accounts.actions import invite
from tessera.apps.accounts.models import Person
from tessera.apps.accounts.urls import own, urlpatterns

NAMES = [route.name for route in (*own, *urlpatterns) if getattr(route, "name", None)]
BEFORE = {
    "account_login": "sign-in/",
    "account_inactive": "closed/",
    "account_reset_password": "new-password/",
    "account_reset_password_done": "new-password/sent/",
    "account_reset_password_from_key_done": "new-password/done/",
    "account_reset_password_from_key": "new-password/1-abc-def/",
}
SIGNED_IN = {
    "own": "",
    "change_name": "name/",
    "change_language": "language/",
    "change_notices": "notices/",
    "account_logout": "sign-out/",
    "account_reauthenticate": "confirm/",
    "account_email": "email/",
    "account_change_password": "password/",
    "usersessions_list": "sessions/",
    "mfa_index": "second-step/",
    "mfa_activate_totp": "second-step/app/",
    "mfa_list_webauthn": "second-step/passkeys/",
    "mfa_add_webauthn": "second-step/passkeys/add/",
}
WITH_APP = {
    "mfa_reauthenticate": "second-step/confirm/",
    "mfa_deactivate_totp": "second-step/app/remove/",
    "mfa_view_recovery_codes": "second-step/codes/",
    "mfa_generate_recovery_codes": "second-step/codes/new/",
}
# These need something of their own before them.
OTHERS = {
    "invitation",
    "leave_notices",
    "account_confirm_email",
    "mfa_authenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}


def test_every_route_is_looked_at():
    assert sorted(NAMES) == sorted([*BEFORE, *SIGNED_IN, *WITH_APP, *OTHERS])


def check(response, language, status=200):
    assert response.status_code == status
    page = response.content.decode()
    assert f'<html lang="{language}"' in page
    assert len(re.findall(r"<h1\b", page)) == 1
    assert re.search(r"<title>\s*\S[^<]+ – Tessera</title>", page)
    assert re.findall(r"<style|<script(?! src=)|\sstyle=|\son\w+=|javascript:|placeholder=", page) == []
    assert {"private", "no-store"} <= set(response.headers["cache-control"].replace(" ", "").split(","))
    return page


@pytest.fixture(params=["en", "lv"])
def language(request):
    return request.param


@pytest.mark.parametrize("name", BEFORE)
def test_a_page_before_signing_in(client, db, language, name):
    check(client.get(f"/{language}/account/{BEFORE[name]}"), language)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_after_signing_in(client, ilze, language, name):
    sign_in(client)
    confirm_password(client, "/en/account/")
    check(client.get(f"/{language}/account/{SIGNED_IN[name]}"), language)


@pytest.mark.parametrize("name", sorted({*SIGNED_IN, *WITH_APP} - {"account_logout"}))
def test_a_page_about_oneself_sends_strangers_to_the_sign_in_page(client, db, name):
    response = client.get(f"/en/account/{(SIGNED_IN | WITH_APP)[name]}")
    # The page of an app that one does not have is not there, for strangers neither.
    assert response.status_code == 302
    assert response.headers["location"].startswith("/en/account/sign-in/")


@pytest.mark.parametrize("name", WITH_APP)
def test_a_page_for_those_who_have_an_app(client, ilze, language, name):
    sign_in(client)
    set_up_app(client)
    check(client.get(f"/{language}/account/{WITH_APP[name]}"), language)


def test_the_page_of_the_second_step(client, ilze, language):
    sign_in(client)
    set_up_app(client)
    client.post("/en/account/sign-out/")
    sign_in(client)
    check(client.get(f"/{language}/account/second-step/sign-in/"), language)


def test_the_pages_of_one_passkey(client, ilze, language):
    sign_in(client)
    confirm_password(client, "/en/account/")
    credential = describe_passkey(b"a phone")
    key = Authenticator.objects.create(
        user=ilze, type=Authenticator.Type.WEBAUTHN, data={"name": "My phone", "credential": credential}
    )
    for page in (f"{key.pk}/name/", f"{key.pk}/remove/", "confirm/", ""):
        check(client.get(f"/{language}/account/second-step/passkeys/{page}"), language)
    assert "My phone" in client.get(f"/{language}/account/second-step/passkeys/").content.decode()


def test_the_page_of_an_invitation(client, ilze, mihai, language):
    _, token = invite(person=mihai, by=ilze, at=datetime.now(UTC))
    check(client.get(f"/{language}/account/invitation/{token}/"), language)
    check(client.get(f"/{language}/account/invitation/{token}x/"), language, status=404)


def test_the_page_that_stops_notices(client, ilze, language):
    token = ilze.leave_notices_url.split("/")[-2]
    for gets_notices in (True, False):
        Person.objects.update(gets_notices=gets_notices)
        check(client.get(f"/{language}/account/notices/{token}/"), language)
    check(client.get(f"/{language}/account/notices/{token}x/"), language, status=404)


def test_the_page_that_confirms_an_address(client, ilze, language):
    new = EmailAddress.objects.create(user=ilze, email="ilze@riga.example")
    key = EmailConfirmationHMAC.create(new).key
    assert "ilze@riga.example" in check(client.get(f"/{language}/account/email/{key}/"), language)
    check(client.get(f"/{language}/account/email/{key}x/"), language)


def test_a_form_with_an_error_says_so_in_its_title(client, db):
    page = client.post("/en/account/sign-in/", {"login": "", "password": ""}).content.decode()
    assert "<title>Error: Sign in – Tessera</title>" in page
