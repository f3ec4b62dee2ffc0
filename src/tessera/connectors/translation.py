"""Words in another language, from a server that translates by machine as LibreTranslate does."""

import ipaddress
import json
import time
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

MOST_BYTES = 64 * 1024
"""Of an answer. A statement has 280 letters; what is longer by a hundred times is none of ours."""
MOST_SECONDS = 10.0
_PIECE = 4096
_MOST_SAID = 200


class NotTranslated(Exception):
    """A machine gave no words. The message says why, and never holds the key."""

    def __init__(self, why: str, *, server_answers: bool = False) -> None:
        super().__init__(why)
        self.server_answers = server_answers
        """Whether it is only these words, or this pair of languages, that the server does not take."""


class UnusableAddress(ValueError):
    """Nothing may be sent to an address such as this."""


@dataclass(frozen=True)
class LibreTranslate:
    """A server with the interface of LibreTranslate: ``POST <url>/translate``.

    Raises
    ------
    UnusableAddress
        Not https, which is asked for unless the host is the loopback; or no host, or a password, a query.
    """

    url: str
    key: str = field(default="", repr=False)
    """Empty where the server asks for none."""
    seconds: float = MOST_SECONDS
    """How long an answer may take."""

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise UnusableAddress("it is no address") from None
        if parts.scheme not in ("http", "https") or not host:
            raise UnusableAddress("it must begin with https:// and name a host")
        if parts.scheme == "http" and not _is_loopback(host):
            raise UnusableAddress("words must not go over plain http to another machine: use https://")
        if parts.username is not None or parts.query or parts.fragment:
            raise UnusableAddress("give only host and path; the key has a place of its own")

    @property
    def name(self) -> str:
        """Of the program."""
        return "LibreTranslate"

    @property
    def host(self) -> str:
        """Of the server to which the words go."""
        return urlsplit(self.url).hostname or ""

    def translate(self, text: str, *, source: str, target: str) -> str:
        """Ask for a text in another language.

        Parameters
        ----------
        text : str
            Plain words; they leave this machine, and nothing else does but the key.
        source, target : str
            Language codes as LibreTranslate has them, of two letters.

        Returns
        -------
        str
            As the machine says it, at least one letter. Nobody has read it.

        Raises
        ------
        NotTranslated
            No answer within the time; one that is longer than 64 KB or not understood; a redirection; or the
            server says no.
        """
        asked = {"q": text, "source": source, "target": target, "format": "text"}
        if self.key:
            asked["api_key"] = self.key
        said = self._read_json(self._ask(json.dumps(asked).encode()))
        words = said.get("translatedText") if isinstance(said, dict) else None
        if not isinstance(words, str) or not words.strip():
            raise NotTranslated(f"{self.host} answered without a translation")
        return words

    def _ask(self, body: bytes) -> bytes:
        request = Request(
            f"{self.url.rstrip('/')}/translate",
            data=body,
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                "User-Agent": "Tessera",
            },
        )
        until = time.monotonic() + self.seconds
        try:
            with _opener(self.host).open(request, timeout=self.seconds) as response:
                return self._read_until(response, until)
        except HTTPError as refusal:
            with refusal:
                raise self._refused(refusal, until) from None
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            raise NotTranslated(f"{self.host} does not answer: {reason or type(error).__name__}") from None

    def _refused(self, refusal: HTTPError, until: float) -> NotTranslated:
        try:
            said = self._read_json(self._read_until(refusal, until))
        except (NotTranslated, HTTPException, OSError):
            said = None
        told = said.get("error") if isinstance(said, dict) else None
        why = " ".join(told.split())[:_MOST_SAID] if isinstance(told, str) else refusal.reason
        # 400 is about what was asked; 403 (key), 429 (too often) and 500 will be so for the next text, too.
        return NotTranslated(
            f"{self.host} says no ({refusal.code}): {why}", server_answers=refusal.code == 400
        )

    def _read_until(self, response: HTTPResponse | HTTPError, until: float) -> bytes:
        read = b""
        while piece := response.read1(_PIECE):
            read += piece
            if len(read) > MOST_BYTES:
                raise NotTranslated(f"{self.host} answered with more than {MOST_BYTES:,} bytes")
            # A time limit of the socket is one for each piece: a server that drips would never be given up.
            if time.monotonic() > until:
                raise NotTranslated(f"{self.host} does not answer within {self.seconds:g} seconds")
        return read

    def _read_json(self, body: bytes) -> Any:
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise NotTranslated(f"{self.host} answered with something else than JSON") from None


class _StayThere(HTTPRedirectHandler):
    """The words go to the server that was named, and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _opener(host: str) -> OpenerDirector:
    # A proxy of the town hall is asked for what lies outside, and not for one's own machine.
    near = [ProxyHandler({})] if _is_loopback(host) else []
    return build_opener(_StayThere, *near)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
