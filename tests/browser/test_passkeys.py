"""A passkey, which Chromium plays by itself, and what axe finds on the pages about one's account."""

import re
import sys
from contextlib import contextmanager

import pytest
from tests.browser.conftest import AXE, NARROW, ROOT, WIDE, free_port, run, serving
from tests.browser.test_axe import REVIEWED, RULES, RUN

pytestmark = pytest.mark.browser

PASSWORD = "seven grey herons wait"
# A phone's own passkey, whose owner says yes to everything.
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def invited(empty_site):
    """The address of a developer's server to which one person is invited, and where the link leads."""
    link = run(empty_site, "tests/browser/invite_ilze.py", TESSERA_DEBUG="true")
    port = free_port()
    command = [sys.executable, ROOT / "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with serving(command, port, empty_site, TESSERA_DEBUG="true"):
        # A passkey belongs to a name, and a number is none.
        yield f"http://localhost:{port}", link


@contextmanager
def browsing(chromium, **look):
    context = chromium.new_context(reduced_motion="reduce", **look)
    context.set_default_timeout(15_000)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    try:
        yield page
        assert faults == []
    finally:
        context.close()


def plug_in_phone(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def open_guarded(page, address):
    """Some pages ask for the password once more."""
    page.goto(address)
    if "/confirm/" in page.url and not address.endswith("/confirm/"):
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(address)


@pytest.fixture(scope="module")
def member(chromium, invited):
    """A browser in which the person accepted the invitation and set up a passkey, and the codes it showed."""
    host, link = invited
    with browsing(chromium) as page:
        page.goto(host + link)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        press(page, "Save and sign in")
        page.wait_for_url("**/en/desk/")
        plug_in_phone(page)
        page.goto(f"{host}/en/account/second-step/passkeys/add/")
        page.get_by_label("Name of the passkey").fill("My phone")
        press(page, "Set up this passkey")
        page.wait_for_url("**/second-step/codes/")
        codes = page.locator("main code").all_inner_texts()
        with page.expect_download() as download:
            page.get_by_role("link", name="Save as a file").click()
        saved = download.value.path().read_text()
        page.goto(f"{host}/en/account/sign-out/")
        press(page, "Sign out")
        page.goto(f"{host}/en/account/sign-in/")
        page.get_by_label("E-mail address").fill("ilze@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Sign in")
        page.wait_for_url("**/second-step/sign-in/")
        press(page, "Use a passkey")
        page.wait_for_url("**/en/desk/")
        return {"host": host, "state": page.context.storage_state(), "codes": codes, "saved": saved}


def test_a_passkey_is_set_up_and_then_opens_the_account(chromium, member):
    with browsing(chromium, storage_state=member["state"]) as page:
        page.goto(f"{member['host']}/en/account/second-step/passkeys/")
        assert page.get_by_role("heading", name="My phone").count() == 1
        assert re.search(r"Last used on \d", page.inner_text("main"))


def test_the_codes_are_saved_as_a_file(member):
    assert len(member["codes"]) == 10
    assert member["saved"].split() == ["Tessera", *member["codes"]]


def test_a_device_that_does_not_answer_says_so_and_can_be_asked_again(chromium, member):
    with browsing(chromium, storage_state=member["state"]) as page:
        open_guarded(page, f"{member['host']}/en/account/second-step/passkeys/add/")
        # As when the person closes the browser's question.
        page.evaluate(
            "() => { navigator.credentials.create = () => Promise.reject(new DOMException('no')); }"
        )
        press(page, "Set up this passkey")
        page.get_by_text("The passkey did not answer").wait_for(state="visible")
        assert page.get_by_role("button", name="Set up this passkey").is_enabled()


def test_without_scripts_the_page_says_that_it_cannot_be_done(chromium, member):
    with browsing(chromium, storage_state=member["state"], java_script_enabled=False) as page:
        open_guarded(page, f"{member['host']}/en/account/second-step/passkeys/add/")
        assert page.get_by_text("This browser cannot use passkeys").is_visible()
        assert page.get_by_role("button", name="Set up this passkey").count() == 0


BEFORE = ["sign-in/", "new-password/", "new-password/sent/", "new-password/1-abc-def/", "invitation/x/"]
AFTER = [
    "",
    "name/",
    "language/",
    "email/",
    "password/",
    "sessions/",
    "second-step/",
    "second-step/app/",
    "second-step/codes/",
    "second-step/codes/new/",
    "second-step/passkeys/",
    "second-step/passkeys/add/",
    "confirm/",
    "sign-out/",
]


@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [pytest.param("light", WIDE, id="light-1280px"), pytest.param("dark", NARROW, id="dark-320px")],
)
@pytest.mark.parametrize("language", ["en", "lv"])
def test_axe_finds_nothing_on_the_pages_about_an_account(chromium, member, language, scheme, viewport):
    found = {}
    for pages, state in ((BEFORE, None), (AFTER, member["state"])):
        with chromium.new_context(
            storage_state=state,
            color_scheme=scheme,
            viewport=viewport,
            bypass_csp=True,
            reduced_motion="reduce",
        ) as context:
            page = context.new_page()
            for address in pages:
                open_guarded(page, f"{member['host']}/{language}/account/{address}")
                page.add_script_tag(path=AXE)
                found[address] = page.evaluate(RUN, [RULES, REVIEWED])
                assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address
    assert {address: faults for address, faults in found.items() if faults} == {}
