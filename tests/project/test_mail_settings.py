import pytest
from django.core.exceptions import ImproperlyConfigured

from tessera.project.settings import find_base_url, parse_mail_server


@pytest.mark.parametrize(
    ("address", "host", "port", "use_tls", "use_ssl"),
    [
        ("smtp://localhost", "localhost", 25, False, False),
        ("smtp+tls://u:p@mail.example.org", "mail.example.org", 587, True, False),
        ("smtp+ssl://u:p@mail.example.org", "mail.example.org", 465, False, True),
        ("smtp+tls://u:p@mail.example.org:2525", "mail.example.org", 2525, True, False),
    ],
)
def test_a_mail_server_is_given_by_its_address(address, host, port, use_tls, use_ssl):
    server = parse_mail_server(address)
    assert (server["host"], server["port"]) == (host, port)
    assert (server["use_tls"], server["use_ssl"]) == (use_tls, use_ssl)


def test_a_password_may_hold_any_sign():
    server = parse_mail_server("smtp+tls://tessera%40example.org:p%40ss%2Fw%3Ard@mail.example.org")
    assert (server["username"], server["password"]) == ("tessera@example.org", "p@ss/w:rd")


def test_no_address_is_no_server():
    assert parse_mail_server("") == {}


@pytest.mark.parametrize(
    "address",
    ["mail.example.org", "https://mail.example.org", "smtp://", "smtp://h:port", "smtps://h", "smtp://[h"],
)
def test_what_is_no_address_of_a_mail_server_is_refused_without_showing_its_password(address):
    with pytest.raises(ImproperlyConfigured, match="TESSERA_EMAIL_URL must look like") as refused:
        parse_mail_server(address.replace("//", "//u:hidden@"))
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "hosts", "on_loopback", "found"),
    [
        ("https://tessera.example.org/", [], False, "https://tessera.example.org"),
        ("http://127.0.0.1:8123", ["localhost"], True, "http://127.0.0.1:8123"),
        ("", ["tessera.example.org"], False, "https://tessera.example.org"),
        ("", ["a.example.org", "b.example.org"], False, ""),
        ("", [".example.org"], False, ""),
        ("", ["*"], False, ""),
        ("", [], False, ""),
        ("", ["localhost", "127.0.0.1"], True, "http://127.0.0.1:8000"),
    ],
)
def test_links_in_mails_lead_to_the_given_address_or_the_only_host(given, hosts, on_loopback, found):
    assert find_base_url(given, hosts, on_loopback=on_loopback) == found


@pytest.mark.parametrize(
    "given", ["tessera.example.org", "https://", "ftp://a.org", "https://a.org/path", "https://a.org?x"]
)
def test_what_is_no_address_of_a_site_is_refused(given):
    with pytest.raises(ImproperlyConfigured, match="TESSERA_BASE_URL is"):
        find_base_url(given, [], on_loopback=False)
