import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from tessera.project.settings import parse_providers

RIGA = {
    "id": "riga",
    "name": "Riga City Council",
    "server_url": "https://login.riga.example/realms/staff/",
    "client_id": "tessera",
    "secret": "do not tell",
}


def parse(*entries, on_loopback=False):
    return parse_providers(json.dumps(entries), on_loopback=on_loopback)


def test_without_a_word_there_is_no_provider():
    assert parse_providers("", on_loopback=False) == []


def test_a_provider_is_read():
    (found,) = parse(RIGA)
    assert found == {
        "provider_id": "riga",
        "name": "Riga City Council",
        "client_id": "tessera",
        "secret": "do not tell",
        "settings": {"server_url": "https://login.riga.example/realms/staff"},
    }


def test_plain_http_is_for_the_loopback():
    plain = {**RIGA, "server_url": "http://127.0.0.1:8080"}
    assert parse(plain, on_loopback=True)
    with pytest.raises(ImproperlyConfigured, match="provider 1: server_url must begin with https://"):
        parse(plain)


@pytest.mark.parametrize("text", ["riga", "{}", '"do not tell"', "[", "null"])
def test_what_is_no_list_is_refused(text):
    with pytest.raises(ImproperlyConfigured, match="TESSERA_OIDC is no JSON list") as error:
        parse_providers(text, on_loopback=False)
    assert "do not tell" not in str(error.value)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "name must be a text that is not empty"),
        ({"secret": None}, "secret must be a text that is not empty"),
        ({"id": "Rīga"}, "small letters, digits, hyphens"),
        ({"id": "riga/city"}, "small letters, digits, hyphens"),
        ({"server_url": "login.riga.example"}, "server_url must begin with https://"),
        ({"server_url": "https://"}, "name a host"),
        ({"colour": "red"}, "give exactly client_id, id, name, secret, server_url"),
    ],
)
def test_what_is_wrong_is_said_with_the_place_and_without_the_secret(changed, words):
    with pytest.raises(ImproperlyConfigured, match=f"provider 2: .*{words}") as error:
        parse({**RIGA, "id": "one"}, {**RIGA, **changed})
    assert "do not tell" not in str(error.value)


def test_a_field_that_is_missing_is_said():
    with pytest.raises(ImproperlyConfigured, match="give exactly"):
        parse({name: value for name, value in RIGA.items() if name != "secret"})
    with pytest.raises(ImproperlyConfigured, match="give exactly"):
        parse("riga")


def test_two_providers_have_two_ids():
    with pytest.raises(ImproperlyConfigured, match="two providers the same id"):
        parse(RIGA, {**RIGA, "name": "Another"})
