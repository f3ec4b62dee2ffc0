"""Whoever sees what is not public proves who they are in two steps."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from tests.apps.accounts.signing_in import PASSWORD, is_signed_in, set_up_app, sign_in
from tests.builders import make_city
from tests.people import give, make_network, make_person

from tessera.apps.network.models import Kind

pytestmark = pytest.mark.django_db

ROLES = {
    "mihai": (Kind.COORDINATOR, make_network),
    "nuria": (Kind.EXPERT, make_network),
    "ilze": (Kind.OFFICER, make_city),
    "andris": (Kind.CONTRIBUTOR, make_city),
}


def come_in(client, key):
    kind, scope = ROLES[key]
    client.force_login(give(key, kind, scope()))
    return client


@pytest.mark.parametrize("key", ["mihai", "nuria", "ilze"])
def test_ones_work_waits_until_a_second_step_is_set_up(client, key):
    answer = come_in(client, key).get("/en/desk/")
    assert (answer.status_code, answer["Location"]) == (302, "/en/account/second-step/")

    Authenticator.objects.create(user=make_person(key), type=Authenticator.Type.TOTP, data={})
    assert client.get("/en/desk/").status_code == 200


def test_recovery_codes_alone_are_no_second_step(client):
    come_in(client, "ilze")
    Authenticator.objects.create(user=make_person("ilze"), type=Authenticator.Type.RECOVERY_CODES, data={})

    assert client.get("/en/desk/").status_code == 302


def test_a_contributor_may_do_without(client):
    assert come_in(client, "andris").get("/en/desk/").status_code == 200


def test_the_account_and_public_pages_stay_open(client):
    come_in(client, "ilze")

    for address in ("/en/account/", "/en/account/second-step/", "/en/cities/"):
        assert client.get(address).status_code == 200


def test_the_demonstration_asks_for_none(client, settings):
    settings.SECOND_STEP_REQUIRED = False

    assert come_in(client, "ilze").get("/en/desk/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_session_from_before_the_second_step_ends_with_it(client):
    """A thief who knew the password, and signed in before Ilze set up her app."""
    ilze = give("ilze", Kind.OFFICER, make_city())
    ilze.set_password(PASSWORD)
    ilze.save()
    thief = Client()
    for browser in (client, thief):
        sign_in(browser)
        assert is_signed_in(browser)

    set_up_app(client)

    assert client.get("/lv/desk/").status_code == 200
    assert thief.get("/lv/desk/")["Location"].startswith("/lv/account/sign-in/")
