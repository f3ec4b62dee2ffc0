"""Signing in with the account of one's organisation."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tests.apps.accounts.openid_provider import Provider
from tests.apps.accounts.signing_in import PASSWORD, app_code, is_signed_in, set_up_app, sign_in

from tessera.apps.accounts.access import has_second_factor
from tessera.apps.accounts.actions import accept_invitation, invite, withdraw
from tessera.apps.accounts.models import Invitation, InvitationState, Person

START = "/en/account/with/city/"
BACK = "/en/account/with/city/callback/"


@pytest.fixture
def provider(settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    found = Provider()
    settings.ROOT_URLCONF = "tests.apps.accounts.urls_with_providers"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "city",
                    "name": "Chișinău",
                    "client_id": "tessera",
                    "secret": "a secret",
                    "settings": {"server_url": found.url},
                }
            ],
        }
    }
    yield found
    found.stop()


@pytest.fixture
def invited(ilze, mihai):
    mihai.language = "en"
    mihai.save()
    invitation, _ = invite(person=mihai, by=ilze, at=datetime.now(UTC))
    return invitation


@pytest.fixture
def come(client):
    """Go to the provider and come back from there, as a browser does."""

    def come(start=START, client=client, **changed):
        sent = client.get(start)
        assert sent.status_code == 302
        query = parse_qs(urlsplit(sent.headers["location"]).query)
        return client.get(BACK, {"code": "c", "state": query["state"][0], **changed})

    return come


def refused(response, status, title):
    page = response.content.decode()
    assert response.status_code == status
    assert re.findall(r"<h1[^>]*>\s*([^<]+?)\s*</h1>", page) == [title]
    assert "private" in response.headers["cache-control"]
    assert response.wsgi_request.user.is_anonymous
    return page


def test_a_site_without_providers_has_neither_the_addresses_nor_a_button(client, db):
    assert client.get(START).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("account_with_provider", args=["city"])
    assert "Sign in with" not in client.get("/en/account/sign-in/").content.decode()


def test_the_sign_in_page_names_the_provider_and_goes_on_to_where_one_was_heading(client, db, provider):
    page = client.get("/en/account/sign-in/?next=/en/desk/people/").content.decode()
    assert "Sign in with Chișinău" in page
    assert 'href="/en/account/with/city/?next=%2Fen%2Fdesk%2Fpeople%2F"' in page


def test_the_browser_is_sent_to_the_provider_with_a_proof_key_and_one_address_for_all_languages(
    client, db, provider
):
    sent = urlsplit(client.get("/lv/account/with/city/").headers["location"])
    query = {name: value[0] for name, value in parse_qs(sent.query).items()}
    assert f"{sent.scheme}://{sent.netloc}{sent.path}" == f"{provider.url}/authorize"
    assert query["redirect_uri"] == f"http://testserver{BACK}"
    assert query["code_challenge_method"] == "S256"
    assert set(query["scope"].split()) == {"openid", "profile", "email"}
    assert "prompt" not in query


def test_a_provider_that_is_not_ours_is_not_found(client, db, provider):
    for page in ("/en/account/with/other/", "/en/account/with/other/callback/"):
        assert client.get(page).status_code == 404


def test_who_has_a_password_signs_in_and_is_known_by_the_account_from_then_on(come, client, provider, ilze):
    provider.person["email"] = "Ilze@Example.org"
    assert come().headers["location"] == "/lv/desk/"
    assert is_signed_in(client)
    assert provider.asked[0]["client_secret"] == "a secret"
    assert len(provider.asked[0]["code_verifier"]) >= 43
    assert [message.to for message in mail.outbox] == [["ilze@example.org"]]
    assert "Chișinău" in mail.outbox[0].subject
    assert "Chișinău" in mail.outbox[0].body
    provider.person["email"] = "ilze@elsewhere.example"
    client.post("/en/account/sign-out/")
    assert come().headers["location"] == "/lv/desk/"
    assert len(mail.outbox) == 1
    ilze.refresh_from_db()
    assert (ilze.email, ilze.check_password(PASSWORD)) == ("ilze@example.org", True)


def test_one_lands_where_one_was_heading_and_never_on_another_site(come, client, provider, ilze):
    provider.person["email"] = ilze.email
    assert come(f"{START}?next=/en/desk/ties/").headers["location"] == "/lv/desk/ties/"
    client.post("/en/account/sign-out/")
    assert come(f"{START}?next=https://elsewhere.example/").headers["location"] == "/lv/desk/"


def test_nothing_that_the_provider_tells_of_a_person_is_kept_but_the_number(come, provider, ilze):
    provider.person |= {"email": ilze.email, "name": "Ilze of Chișinău", "phone_number": "+371"}
    come()
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (ilze, "248289761001", {})
    assert not SocialToken.objects.exists()


def test_who_was_invited_comes_in_and_the_invitation_is_used(come, client, provider, invited, mihai):
    assert come().headers["location"] == "/en/desk/"
    assert is_signed_in(client)
    invited.refresh_from_db()
    assert invited.state(datetime.now(UTC)) is InvitationState.USED
    mihai.refresh_from_db()
    assert not mihai.has_usable_password()
    client.post("/en/account/sign-out/")
    assert come().headers["location"] == "/en/desk/"


def test_the_link_of_a_used_invitation_says_so(come, provider, ilze, mihai):
    _, token = invite(person=mihai, by=ilze, at=datetime.now(UTC))
    come()
    page = Client().get(f"/en/account/invitation/{token}/")
    assert page.status_code == 410
    assert "It was used on" in page.content.decode()


def test_the_second_step_is_asked_for_all_the_same(come, client, provider, ilze):
    sign_in(client)
    key, _ = set_up_app(client)
    client.post("/en/account/sign-out/")
    provider.person["email"] = ilze.email
    step = "/en/account/second-step/sign-in/"
    assert come(f"{START}?next=/en/desk/ties/").headers["location"].startswith(step)
    assert not is_signed_in(client)
    assert "opens the provider" not in str(dict(client.session))
    assert client.post(step, {"code": app_code(key, 1)}).status_code == 302
    assert is_signed_in(client)


def test_who_has_no_password_sets_up_the_second_step_after_signing_in(come, client, provider, invited, mihai):
    come()
    page = "/en/account/second-step/app/"
    key = re.search(r"<code>([A-Z2-7]+)</code>", client.get(page).content.decode())[1]
    client.post(page, {"code": app_code(key)})
    assert has_second_factor(mihai)


def test_who_has_no_password_signs_in_once_more_where_that_was_long_ago(come, client, provider, invited):
    come()
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    page = "/en/account/second-step/app/"
    asked = client.get(page, follow=True)
    assert asked.status_code == 200
    way = re.search(r'href="(/en/account/with/city/[^"]*)"', asked.content.decode())[1]
    assert way.endswith("?next=%2Fen%2Faccount%2Fsecond-step%2Fapp%2F")
    assert "prompt=login" in client.get(way).headers["location"]
    assert come(way).headers["location"] == page
    assert client.get(page).status_code == 200


def test_an_unknown_address_opens_nothing_and_makes_nobody(come, provider, ilze):
    people = Person.objects.count()
    provider.person["email"] = "stranger@example.org"
    page = refused(come(), 403, "You have no account here")
    assert "stranger@example.org" in page
    assert Person.objects.count() == people
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("become", ["withdrawn", "run out", "never invited"])
def test_who_was_not_let_in_before_needs_an_invitation_that_is_open(come, provider, invited, become):
    now = datetime.now(UTC)
    if become == "withdrawn":
        withdraw(invitation=invited, at=now)
    elif become == "run out":
        Invitation.objects.update(created_at=now - timedelta(days=20), expires_at=now - timedelta(days=6))
    else:
        invited.delete()
    refused(come(), 403, "You have no account here")


@pytest.mark.parametrize("said", [False, None, "no", 0])
def test_an_address_that_the_provider_did_not_verify_opens_nothing(come, provider, ilze, said):
    provider.person |= {"email": ilze.email, "email_verified": said}
    assert ilze.email in refused(come(), 403, "Your address is not verified")


@pytest.mark.parametrize("said", [{}, {"email": "no address", "email_verified": True}])
def test_a_provider_that_gives_no_address_opens_nothing(come, provider, ilze, said):
    provider.person = {"sub": "1", **said}
    assert "does not say which address" in refused(come(), 403, "Your address is not verified")


@pytest.mark.parametrize("before", [False, True])
def test_a_closed_account_stays_closed(come, client, provider, ilze, before):
    provider.person["email"] = ilze.email
    if before:
        come()
        client.post("/en/account/sign-out/")
    ilze.is_active = False
    ilze.save()
    assert come().headers["location"] == "/en/account/closed/"
    assert not is_signed_in(client)
    assert SocialAccount.objects.exists() is before


def test_an_address_that_was_given_to_somebody_new_does_not_open_the_account(come, client, provider, ilze):
    provider.person["email"] = ilze.email
    come()
    client.post("/en/account/sign-out/")
    provider.person["sub"] = "another"
    refused(come(), 403, "You came with another account before")


UNFINISHED = "Signing in was not finished"


def test_a_return_that_this_browser_did_not_begin_opens_nothing(come, client, provider, ilze):
    provider.person["email"] = ilze.email
    refused(come(state="another"), 400, UNFINISHED)
    refused(client.get(BACK), 400, UNFINISHED)
    state = parse_qs(urlsplit(client.get(START).headers["location"]).query)["state"][0]
    refused(Client().get(BACK, {"code": "c", "state": state}), 400, UNFINISHED)
    assert client.get(BACK, {"code": "c", "state": state}).status_code == 302
    assert provider.asked[1:] == []


def test_a_return_works_once(client, provider, ilze):
    provider.person["email"] = ilze.email
    state = parse_qs(urlsplit(client.get(START).headers["location"]).query)["state"][0]
    assert client.get(BACK, {"code": "c", "state": state}).status_code == 302
    client.post("/en/account/sign-out/")
    refused(client.get(BACK, {"code": "c", "state": state}), 400, UNFINISHED)


@pytest.mark.parametrize("error", ["access_denied", "server_error"])
def test_stopping_at_the_provider_leads_back(come, provider, ilze, error):
    assert "Chișinău" in refused(come(code="", error=error), 400, UNFINISHED)


def test_the_page_of_a_refusal_is_in_the_language_that_one_began_in(come, client, provider, ilze):
    response = come("/lv/account/with/city/", state="another")
    assert '<html lang="lv"' in response.content.decode()


SILENT = "Chișinău does not answer"
CONFIGURATION = "/.well-known/openid-configuration"
NO_JSON = (200, b"<html>")


@pytest.mark.parametrize("answer", [NO_JSON, (500, {}), (200, {}), (200, []), (200, {"issuer": 1})])
def test_a_provider_that_does_not_say_how_to_reach_it_is_said_to_be_silent(client, ilze, provider, answer):
    state = parse_qs(urlsplit(client.get(START).headers["location"]).query)["state"][0]
    provider.answers[CONFIGURATION] = answer
    refused(client.get(START), 502, SILENT)
    refused(client.get(BACK, {"code": "c", "state": state}), 502, SILENT)


def test_a_provider_that_is_down_is_said_to_be_silent(client, db, settings, provider):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:1"
    refused(client.get(START), 502, SILENT)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/token", NO_JSON),
        ("/token", (400, {"error": "invalid_grant"})),
        ("/token", (200, {"access_token": "t", "expires_in": "soon"})),
        ("/token", (200, {"access_token": "t", "id_token": "x"})),
        ("/token", (200, [])),
        ("/userinfo", NO_JSON),
        ("/userinfo", (500, {})),
        ("/userinfo", (200, {})),
        ("/userinfo", (200, [1])),
        ("/userinfo", (200, {"sub": "x" * 400})),
        ("/userinfo", (200, {"sub": "1", "email": 7})),
    ],
)
def test_a_provider_that_answers_nonsense_opens_nothing(come, provider, ilze, path, answer):
    provider.answers[path] = answer
    refused(come(), 502, SILENT)


@pytest.mark.parametrize(
    "said", [{"aud": "another"}, {"iss": "https://elsewhere.example"}, {"exp": 1}, {"sub": "another"}]
)
def test_a_token_that_is_not_for_us_or_of_somebody_else_opens_nothing(come, provider, ilze, said):
    provider.person["email"] = ilze.email
    provider.token = said
    refused(come(), 502, SILENT)


def test_a_person_without_a_password_may_still_be_given_one_by_invitation(
    come, client, provider, invited, ilze, mihai
):
    come()
    client.post("/en/account/sign-out/")
    now = datetime.now(UTC)
    _, token = invite(person=mihai, by=ilze, at=now)
    accept_invitation(token=token, password=PASSWORD, name="Mihai", language="en", at=now)
    assert sign_in(client, mihai.email).status_code == 302
