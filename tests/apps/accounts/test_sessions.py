from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.apps.accounts.signing_in import is_signed_in, sign_in

from tessera.apps.accounts.devices import describe_device
from tessera.apps.accounts.middleware import AN_HOUR, STAMP

PAGE = "/en/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
)


@pytest.fixture
def clients(ilze):
    """At the desk, by phone, at home."""
    found = [Client(headers={"user-agent": agent}) for agent in (FIREFOX, SAFARI, EDGE)]
    for client in found:
        sign_in(client)
    return found


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (SAFARI, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        ("curl/8.5.0", "A device that does not say what it is"),
        ("", "A device that does not say what it is"),
    ],
)
def test_a_device_is_named_in_words(agent, words):
    assert describe_device(agent) == words


def test_every_session_is_listed_with_its_device(clients):
    page = clients[0].get(PAGE).content.decode()
    assert "Firefox, Windows (this one)" in page
    assert "Safari, iPhone" in page
    assert "Edge, Windows" in page


def test_one_session_is_ended_and_the_others_go_on(clients):
    desk, phone, home = clients
    key = phone.cookies["session"].value
    desk.post(PAGE, {"session": UserSession.objects.get(session_key=key).pk})
    assert [is_signed_in(client) for client in (desk, phone, home)] == [True, False, True]
    assert not Session.objects.filter(session_key=key).exists()


def test_all_others_are_ended_at_once(clients):
    desk, phone, home = clients
    desk.post(PAGE)
    assert [is_signed_in(client) for client in (desk, phone, home)] == [True, False, False]


def test_nobody_ends_the_session_of_someone_else(clients, mihai):
    stranger = Client()
    stranger.force_login(mihai)
    for session in UserSession.objects.filter(user__email="ilze@example.org"):
        stranger.post(PAGE, {"session": session.pk})
    stranger.post(PAGE)
    assert all(is_signed_in(client) for client in clients)


def test_signing_out_makes_an_old_cookie_worthless(client, ilze):
    sign_in(client)
    cookie = client.cookies["session"].value
    client.post("/en/account/sign-out/")
    client.cookies["session"] = cookie
    assert not is_signed_in(client)


def test_signing_in_changes_the_number_of_the_session(client, ilze):
    client.get("/en/account/sign-in/")
    client.get("/en/account/new-password/1-abc-def/")
    before = client.cookies["session"].value if "session" in client.cookies else None
    sign_in(client)
    assert client.cookies["session"].value != before


def test_the_cookie_lasts_a_fortnight_and_no_script_or_other_site_gets_it(client, ilze):
    cookie = sign_in(client).cookies["session"]
    assert int(cookie["max-age"]) == 14 * 24 * 3600
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_session_that_is_used_goes_on_and_one_that_is_not_ends(client, ilze):
    sign_in(client)
    client.get("/en/account/")
    session = client.session
    session[STAMP] -= AN_HOUR + 1
    session.save()
    soon = timezone.now() + timedelta(hours=1)
    Session.objects.update(expire_date=soon)
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=3))
    assert "session" in client.get("/en/account/").cookies
    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=13)
    assert UserSession.objects.get().last_seen_at > timezone.now() - timedelta(minutes=1)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_signed_in(client)


def test_a_second_page_within_the_hour_sends_no_cookie(client, ilze):
    sign_in(client)
    assert "session" not in client.get("/en/account/").cookies


def test_public_pages_are_the_same_for_those_who_are_signed_in(client, ilze):
    before = client.get("/en/about/")
    sign_in(client)
    session = client.session
    session[STAMP] = 0
    session.save()
    after = client.get("/en/about/")
    assert after.content == before.content
    assert after.cookies.output() == ""
    assert "Cookie" not in after.headers.get("vary", "")
