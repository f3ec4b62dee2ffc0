"""A real browser, and the demonstration as its own command serves it.

Playwright keeps an event loop running, in which Django refuses to use the database. So these tests come after
all others, and they ask the site over the network only.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.browser.residents import Resident, Stored

ROOT = Path(__file__).parents[2]
AXE = Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
# Without these the browser calls its maker, wants a graphics card, and refuses to run as root in a container.
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium (or Google Chrome) lets the browser tests run")
    sync_playwright = pytest.importorskip(
        "playwright.sync_api", reason="no Playwright: uv sync --all-groups lets the browser tests run"
    ).sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium, tmp_path_factory):
    """The address of the demonstration, built and served by `tessera demo`."""
    port = free_port()
    command = [Path(sys.executable).with_name("tessera"), "demo", "--no-browser", "--port", str(port)]
    with serving(command, port, tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture(scope="session")
def workshop(chromium, tmp_path_factory):
    """The address of a developer's server, which alone shows the page of all components."""
    port = free_port()
    command = [sys.executable, ROOT / "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with serving(command, port, tmp_path_factory.mktemp("workshop"), TESSERA_DEBUG="true") as address:
        yield address


@pytest.fixture(scope="session")
def visit(chromium):
    """Open an address as one kind of visitor; complain at the end about all that went wrong meanwhile."""

    @contextmanager
    def visit(address, *, viewport=WIDE, script=True, scheme="light", bypass_csp=False):
        context = chromium.new_context(
            viewport=viewport,
            java_script_enabled=script,
            color_scheme=scheme,
            bypass_csp=bypass_csp,
            reduced_motion="reduce",
        )
        try:
            context.set_default_timeout(15_000)
            page = context.new_page()
            seen = Seen(urlsplit(address).netloc)
            page.on("request", seen.request)
            page.on("console", seen.console)
            page.on("pageerror", lambda error: seen.faults.append(f"script error: {error}"))
            page.on("requestfailed", seen.failure)
            page.on("requestfinished", lambda request: seen.finished.append(request))
            yield Visit(page, page.goto(address), seen.finished)
            assert seen.faults == []
            assert context.cookies() == []
        finally:
            context.close()

    return visit


@pytest.fixture(scope="session")
def tables(chromium, tmp_path_factory):
    """A database as `migrate` makes it, once for all who want a site of their own."""
    data = tmp_path_factory.mktemp("tables")
    run(data, "manage.py", "migrate", "--verbosity", "0", TESSERA_DEBUG="true")
    return data / "tessera.sqlite3"


@pytest.fixture(scope="module")
def empty_site(tables, tmp_path_factory):
    """The folder of a site of its own, in which nothing has happened yet."""
    data = tmp_path_factory.mktemp("site")
    with closing(sqlite3.connect(tables)) as made, closing(sqlite3.connect(data / tables.name)) as copy:
        made.backup(copy)
    return data


@pytest.fixture(scope="module")
def held(empty_site):
    """The address of a consultation that is open, and what is stored for it."""
    # Plain http, and nobody needs a key.
    demo = {"TESSERA_DEMO": "true", "TESSERA_DEBUG": "true"}
    path = run(empty_site, "-m", "tests.browser.hold_consultation", **demo)
    port = free_port()
    command = [sys.executable, ROOT / "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with serving(command, port, empty_site, **demo) as site:
        yield f"{site}{path}", Stored(empty_site / "tessera.sqlite3")


@pytest.fixture
def arrive(chromium, held):
    """Somebody new on a phone of their own."""

    @contextmanager
    def arrive(*, script=True, viewport=NARROW, scheme="light", bypass_csp=False):
        address, stored = held
        context = chromium.new_context(
            viewport=viewport,
            java_script_enabled=script,
            color_scheme=scheme,
            bypass_csp=bypass_csp,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        resident = Resident(page, context, address, stored, stored.last_participant())
        host = urlsplit(address).netloc
        page.on("pageerror", lambda error: resident.faults.append(str(error)))
        page.on("requestfinished", lambda request: resident.finished.append(request))
        page.on(
            "request",
            lambda request: urlsplit(request.url).netloc != host and resident.faults.append(request.url),
        )
        page.on(
            "console",
            lambda message: "Content Security" in message.text and resident.faults.append(message.text),
        )
        try:
            yield resident
            assert resident.faults == []
        finally:
            context.close()

    return arrive


@dataclass
class Visit:
    page: object
    response: object
    finished: list
    """The requests that were answered so far."""


@dataclass
class Seen:
    """What a page does behind one's back. A breach of the content policy is an error on the console."""

    host: str
    faults: list[str] = field(default_factory=list)
    finished: list = field(default_factory=list)

    def request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.faults.append(f"asked another site: {request.url}")

    def console(self, message):
        # The browser also reports the status of a page that is missing on purpose.
        missing = "status of 404" in message.text and urlsplit(message.location["url"]).path.endswith("/")
        if message.type in ("error", "warning") and not missing:
            self.faults.append(f"{message.type} on {message.location['url']}: {message.text}")

    def failure(self, request):
        # A download is a navigation that the browser gives up.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.failure}: {request.url}")


def run(data, *command, **settings):
    """Run a Python command on the site of a folder, in a process of its own, and give what it printed."""
    environment = site_environment(data, DJANGO_SETTINGS_MODULE="tessera.project.settings", **settings)
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def site_environment(data, **settings):
    """Ours, with the settings of one site and of no other."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("TESSERA_") and k != "DATABASE_URL"}
    return ours | {"TESSERA_DATA_DIR": str(data), **settings}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(command, port, data, **settings):
    """Run a server in an environment of its own until the block ends, and give its address."""
    environment = site_environment(data, **settings)
    said = data / "server.log"
    with said.open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/en/about/", server, said)
            yield f"http://127.0.0.1:{port}"
        finally:
            # Not an interrupt: a job in the background of a shell inherits that it ignores those.
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
                raise


def wait_for(address, server, said):
    give_up = time.monotonic() + 180
    while time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except urllib.error.HTTPError as error:
            pytest.fail(f"{address} answers {error}:\n{said.read_text(errors='replace')}")
        except OSError:
            if server.poll() is not None:
                pytest.fail(f"The server ended with {server.returncode}:\n{said.read_text(errors='replace')}")
            time.sleep(0.2)
    pytest.fail(f"No answer from {address} in 180 seconds:\n{said.read_text(errors='replace')}")
