"""Phones of people who vote: as the page's script sends its messages, or as its form is sent without one."""

import http.client
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from tests.faults.site import PROXY, Site

from tessera.apps.dialogue.codes import make_code

CHOICES = (1, -1, 0)
KEPT = {200, 303}
AWAY = 503


@dataclass(frozen=True)
class Message:
    """A vote on its way. What comes twice with the same key is one act."""

    code: str
    statement: int
    choice: int
    key: str
    address: str
    """In the network; each person has one, since a network and a device may bring only so many a day."""


@dataclass(frozen=True)
class Reply:
    """What came back; status 0 where nothing did."""

    status: int
    retry_after: str | None = None

    @property
    def is_kept(self) -> bool:
        return self.status in KEPT

    @property
    def is_fault(self) -> bool:
        """Whether it is neither an acknowledgement nor the polite word of a site without its database."""
        return not self.is_kept and not (self.status == AWAY and self.retry_after is not None)


class Phone:
    """A connection to the site that stays open."""

    def __init__(self, site: Site, slug: str, *, runs_script: bool = True) -> None:
        self._site, self._path, self._runs_script = site, f"/take-part/{slug}/en/vote/", runs_script
        self._connection = site.connect()
        self._cookies: dict[str, str] = {}
        """What the device was given to keep, of whoever voted last."""

    def send(self, message: Message) -> Reply:
        form = {
            "statement": message.statement,
            "choice": message.choice,
            "key": message.key,
            "code": message.code,
        }
        headers = {
            **PROXY,
            "X-Forwarded-For": message.address,
            "User-Agent": "A phone",
            "Accept": "application/json" if self._runs_script else "text/html",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        if cookie := self._cookies.get(message.code):
            headers["Cookie"] = cookie
        try:
            self._connection.request("POST", self._path, urlencode(form), headers)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return Reply(0)
        if given := answer.headers["Set-Cookie"]:
            self._cookies = {message.code: given.partition(";")[0]}
        return Reply(answer.status, answer.headers["Retry-After"])

    def hang_up(self) -> None:
        self._connection.close()


def make_addresses() -> Iterator[str]:
    """One for each person, in as many networks."""
    for number in count(1):
        yield f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def make_newcomers(number: int, statements: Sequence[int]) -> list[Message]:
    """The first vote of so many people."""
    addresses = make_addresses()
    return [
        Message(
            make_code(),
            statements[place % len(statements)],
            CHOICES[place % 3],
            make_key(),
            next(addresses),
        )
        for place in range(number)
    ]


def make_key() -> str:
    return secrets.token_hex(8)
