"""Asks every public page and file of the site once, as a visitor would who follows every link."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

HOST = "localhost"

PRIVATE = ("account", "demo", "desk")
"""What stands first in the addresses, after the language, of pages that one signs in for."""


@dataclass(frozen=True)
class Fault:
    address: str
    problem: str

    def __str__(self) -> str:
        return f"{self.address}: {self.problem}"


@dataclass(frozen=True)
class Findings:
    pages: int
    files: int
    faults: tuple[Fault, ...]


class _Page(HTMLParser):
    """What a visitor's program reads off a page: its language, headings, marks to jump to, and links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.headings = 0
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        self.headings += tag == "h1"
        if "id" in given:
            self.ids.add(given["id"])
        self.links += [given[name] for name in ("href", "src") if name in given]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def check_site(progress: Callable[[int, int], None] = lambda asked, known: None) -> Findings:
    """Follow every link inside the site from the pages that need no name.

    Returns
    -------
    Findings
        How many pages and files were asked for, and every fault: an answer other than 200, a page that says
        another language than its address, a page without one heading, an unrendered piece of a template, a
        cookie, a link or a mark in a page that leads nowhere.
    """
    client = Client(SERVER_NAME=HOST)
    waiting = list(dict.fromkeys(filter(_is_public, _start_addresses())))
    known = dict.fromkeys(waiting, "the list of addresses")
    marks: dict[str, set[str]] = {}
    jumps: list[tuple[str, str, str]] = []
    faults: list[Fault] = []
    files = 0
    while waiting:
        address = waiting.pop()
        progress(len(known) - len(waiting), len(known))
        response = client.get(address)
        if response.status_code != 200:
            faults.append(Fault(address, f"answered {response.status_code}; linked from {known[address]}"))
            continue
        if response.cookies:
            faults.append(Fault(address, f"sets a cookie: {', '.join(response.cookies)}"))
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            files += 1
            # Read to its end, a file is closed by the client; closing it here would close the database, too.
            for _ in response:
                pass
            continue
        page = _Page(response.content.decode())
        faults += [Fault(address, problem) for problem in _problems(address, page)]
        marks[address] = page.ids
        for link in page.links:
            target = urlsplit(urljoin(f"http://{HOST}{address}", link))
            if target.hostname != HOST or target.scheme not in ("http", "https"):
                continue
            path, mark = urldefrag(_once(target._replace(scheme="", netloc="")).geturl())
            if not _is_public(path):
                continue
            jumps.append((address, path, mark))
            if path not in known:
                known[path] = address
                waiting.append(path)
    faults += [
        Fault(address, f"leads to #{mark} of {path}, which has no such mark")
        for address, path, mark in jumps
        if mark and path in marks and mark not in marks[path]
    ]
    return Findings(len(marks), files, tuple(faults))


def _once(target: SplitResult) -> SplitResult:
    """The address under which a page is asked.

    On residents' pages a query names the statements that somebody has put off, in ever new combinations: a
    visitor who follows every link would never come to an end.
    """
    return target._replace(query="") if target.path.startswith("/take-part/") else target


def _is_public(path: str) -> bool:
    return path.split("/")[2:3] not in [[name] for name in PRIVATE]


def _start_addresses() -> Iterator[str]:
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            for name in _names_without_arguments(get_resolver()):
                yield reverse(name)


def _names_without_arguments(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if entry.pattern.converters:
            continue
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _names_without_arguments(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}"


def _language_of(address: str) -> str:
    """What stands first in an address; in those of residents' pages third. Empty where it is still chosen."""
    first, *rest = address.split("/")[1:]
    return rest[1] if first == "take-part" else first


def _problems(address: str, page: _Page) -> Iterator[str]:
    expected = _language_of(address)
    if expected and page.language != expected:
        yield f"says lang={page.language!r}, its address says {expected!r}"
    if page.headings != 1:
        yield f"has {page.headings} headings of the first level instead of one"
    for sign in ("{{", "{%"):
        if any(sign in words for words in page.words):
            yield f"shows {sign}, an unrendered piece of a template"
