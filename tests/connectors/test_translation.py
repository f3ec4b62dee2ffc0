"""Words are asked for from a real server on the loopback, whatever it does."""

import socket
import time

import pytest
from tests.connectors.translating_server import (
    drip,
    hang_up,
    refuse,
    running_translating_server,
    say_bytes,
    wait,
)

from tessera.connectors.translation import LibreTranslate, NotTranslated, UnusableAddress


@pytest.fixture
def server():
    with running_translating_server() as running:
        yield running


def ask(client, text="Kur ir parks?"):
    return client.translate(text, source="lv", target="uk")


def why_not(client):
    with pytest.raises(NotTranslated) as refusal:
        ask(client)
    return refusal.value


def test_the_words_come_back_in_the_other_language(server):
    server.behaviour = say_bytes('{"translatedText": "Де парк?"}'.encode())
    assert ask(server.client()) == "Де парк?"


def test_nothing_is_sent_but_the_words_and_their_languages(server):
    ask(server.client())
    assert server.asked == [
        ("/translate", {"q": "Kur ir parks?", "source": "lv", "target": "uk", "format": "text"})
    ]


def test_a_key_is_sent_where_there_is_one(server):
    ask(server.client(key="sesame"))
    [(_, asked)] = server.asked
    assert asked["api_key"] == "sesame"


def test_a_server_below_a_path_is_asked_there(server):
    ask(LibreTranslate(f"{server.url}/translator/"))
    assert [path for path, _ in server.asked] == ["/translator/translate"]


@pytest.mark.parametrize(
    ("status", "error", "server_answers"),
    [
        (400, "uk is not supported", True),
        (403, "Invalid API key", False),
        (429, "Slowdown: 10 per 1 minute", False),
        (500, "Cannot translate text", False),
    ],
)
def test_a_server_that_says_no_is_quoted_and_the_key_is_not(server, status, error, server_answers):
    server.behaviour = refuse(status, error)
    refusal = why_not(server.client(key="sesame"))
    assert str(refusal) == f"127.0.0.1 says no ({status}): {error}"
    assert refusal.server_answers is server_answers


def test_what_is_said_with_a_refusal_is_cut_and_kept_in_one_line(server):
    server.behaviour = refuse(500, "x\n" * 300)
    assert str(why_not(server.client())) == "127.0.0.1 says no (500): " + "x " * 100


def test_a_refusal_in_no_language_of_ours_is_told_by_its_number(server):
    server.behaviour = say_bytes(b"<h1>Bad Gateway</h1>", status=502)
    assert str(why_not(server.client())) == "127.0.0.1 says no (502): Bad Gateway"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>", "something else than JSON"),
        (b"", "something else than JSON"),
        (b"\xff", "something else than JSON"),
        (b"[" * 60_000, "something else than JSON"),
        (b"[]", "without a translation"),
        (b'{"translatedText": ["a"]}', "without a translation"),
        (b'{"translatedText": " "}', "without a translation"),
        (b'{"detail": "Not Found"}', "without a translation"),
    ],
)
def test_an_answer_that_is_not_understood_is_none(server, body, why):
    server.behaviour = say_bytes(body)
    assert str(why_not(server.client())) == f"127.0.0.1 answered {'with ' if 'JSON' in why else ''}{why}"


def test_an_answer_is_read_up_to_64_kilobytes(server):
    start, end = b'{"translatedText": "', b'"}'
    fits = start + b"a" * (64 * 1024 - len(start) - len(end)) + end
    server.behaviour = say_bytes(fits)
    assert ask(server.client()) == "a" * (64 * 1024 - 22)
    server.behaviour = say_bytes(fits + b" ")
    assert str(why_not(server.client())) == "127.0.0.1 answered with more than 65,536 bytes"


def test_a_slow_server_is_given_up(server):
    server.behaviour = wait(1.5)
    began = time.monotonic()
    assert str(why_not(server.client(seconds=0.3))) == "127.0.0.1 does not answer: timed out"
    assert time.monotonic() - began < 1.2


def test_a_server_that_drips_is_given_up(server):
    server.behaviour = drip(40, 0.05)
    began = time.monotonic()
    assert str(why_not(server.client(seconds=0.3))) == "127.0.0.1 does not answer within 0.3 seconds"
    assert time.monotonic() - began < 1.2


def test_a_server_that_hangs_up_is_told_of(server):
    server.behaviour = hang_up
    assert str(why_not(server.client())).startswith("127.0.0.1 does not answer: ")


def test_a_server_that_is_not_there_is_told_of():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        client = LibreTranslate(f"http://127.0.0.1:{free.getsockname()[1]}")
    assert "127.0.0.1 does not answer: [Errno 111] Connection refused" in str(why_not(client))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_words_follow_no_redirection(server, status):
    with running_translating_server() as other:
        server.behaviour = say_bytes(b"{}", status=status, Location=f"{other.url}/translate")
        assert str(why_not(server.client())).startswith(f"127.0.0.1 says no ({status})")
        assert other.asked == []


def test_a_proxy_is_not_asked_for_the_own_machine(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    assert ask(server.client()) == "?skrap ri ruK"


@pytest.mark.parametrize(
    "url",
    [
        "https://translate.example.org",
        "https://translate.example.org:8443/libre/",
        "http://localhost:5000",
        "http://127.0.0.2:5000",
        "http://[::1]:5000",
    ],
)
def test_an_address_to_which_words_may_go(url):
    assert LibreTranslate(url).host in url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "must begin with https://"),
        ("translate.example.org", "must begin with https://"),
        ("ftp://translate.example.org", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("https://", "must begin with https://"),
        ("https://[", "is no address"),
        ("https://host:many", "is no address"),
        ("http://translate.example.org", "plain http"),
        ("http://127.0.0.1.example.org", "plain http"),
        ("http://10.0.0.1:5000", "plain http"),
        ("https://user:password@host", "only host and path"),
        ("https://host/?key=1", "only host and path"),
        ("https://host/#part", "only host and path"),
    ],
)
def test_an_address_to_which_words_must_not_go(url, why):
    with pytest.raises(UnusableAddress, match=why):
        LibreTranslate(url)


def test_the_key_stands_in_no_trace():
    assert "sesame" not in repr(LibreTranslate("https://translate.example.org", "sesame"))
