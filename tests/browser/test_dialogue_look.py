"""Appeals, questions about oneself, tables, stewards and decisions: axe, a narrow screen, both directions."""

import json
import sys

import pytest
from tests.browser.conftest import NARROW, ROOT, WIDE, free_port, run, serving
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_narrow_screen import STICKING_OUT, WIDTH
from tests.browser.test_resident_look import SMALL
from tests.browser.test_work import LOOKS, signed_in

pytestmark = pytest.mark.browser

RESIDENT_LOOKS = [
    pytest.param("light", WIDE, "en", id="light-1280px-en"),
    pytest.param("dark", NARROW, "lv", id="dark-320px-lv"),
    pytest.param("dark", WIDE, "ar", id="dark-1280px-ar"),
    pytest.param("light", NARROW, "ar", id="light-320px-ar"),
]


@pytest.fixture(scope="module")
def dialogue(empty_site):
    """The address of a site with consultations in every state, and where their pages are."""
    # Plain http, and nobody needs a key.
    demo = {"TESSERA_DEMO": "true", "TESSERA_DEBUG": "true"}
    found = json.loads(run(empty_site, "-m", "tests.browser.hold_dialogue", **demo))
    port = free_port()
    command = [sys.executable, ROOT / "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with serving(command, port, empty_site, **demo) as site:
        yield site, found


def faults_of_look(page, answer):
    yield from ([] if answer.status == 200 else [f"status {answer.status}"])
    yield from complaints_of_axe(page)
    yield from (f"sticks out: {each}" for each in page.evaluate(STICKING_OUT))
    needed, given = page.evaluate(WIDTH)
    yield from ([f"{needed} wide on {given}"] if needed > given else [])


@pytest.mark.parametrize(("scheme", "viewport", "language"), LOOKS)
@pytest.mark.parametrize("who", ["Ilze", "Andris"])
def test_pages_of_staff_are_clean_and_fit(chromium, dialogue, who, scheme, viewport, language):
    site, found = dialogue
    faults = []
    with signed_in(chromium, site, who, viewport=viewport, scheme=scheme) as page:
        for address in found["staff"][who]:
            answer = page.goto(f"{site}/{language}{address}")
            faults += [f"{address}: {fault}" for fault in faults_of_look(page, answer)]
    assert not faults, "\n\n".join(faults)


@pytest.mark.parametrize(("scheme", "viewport", "language"), RESIDENT_LOOKS)
@pytest.mark.parametrize("who", ["residents", "strangers"])
def test_pages_of_residents_are_clean_and_fit_and_thumbs_find_their_targets(
    chromium, dialogue, who, scheme, viewport, language
):
    site, found = dialogue
    context = chromium.new_context(
        viewport=viewport, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    faults = []
    try:
        if who == "residents":
            context.add_cookies([{**each, "domain": "127.0.0.1"} for each in found["cookies"]])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        for address in found[who]:
            answer = page.goto(site + address.replace("/en/", f"/{language}/"))
            faults += [f"{address}: {fault}" for fault in faults_of_look(page, answer)]
            faults += [f"{address}: small: {each}" for each in page.evaluate(SMALL)]
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    finally:
        context.close()
    assert not faults, "\n\n".join(faults)
