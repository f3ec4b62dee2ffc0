import pytest
from django.core.exceptions import ImproperlyConfigured

from tessera.connectors.translation import LibreTranslate
from tessera.project.settings import parse_translator


def test_an_address_and_a_key_make_a_translator():
    assert parse_translator("", "") is None
    assert parse_translator("http://127.0.0.1:5000", "") == LibreTranslate("http://127.0.0.1:5000")
    with_key = LibreTranslate("https://translate.example.org", "sesame")
    assert parse_translator("https://translate.example.org", "sesame") == with_key


def test_an_address_that_cannot_be_used_stops_the_program_and_is_not_repeated():
    with pytest.raises(ImproperlyConfigured, match="TESSERA_TRANSLATION_URL cannot be used") as stopped:
        parse_translator("https://user:sesame@translate.example.org", "")
    assert "sesame" not in str(stopped.value)


def test_a_key_without_an_address_stops_the_program():
    with pytest.raises(ImproperlyConfigured, match="TESSERA_TRANSLATION_URL is not"):
        parse_translator("", "sesame")
