"""Rooms, paper, themes and panels: axe, a narrow screen, both directions."""

import json
import sys

import pytest
from tests.browser.conftest import ROOT, free_port, run, serving
from tests.browser.test_dialogue_look import RESIDENT_LOOKS, faults_of_look
from tests.browser.test_resident_look import SMALL
from tests.browser.test_work import LOOKS, signed_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def rooms(empty_site):
    """The address of a site with all that people say elsewhere than on its pages, and where its pages are."""
    # Plain http, and nobody needs a key.
    demo = {"TESSERA_DEMO": "true", "TESSERA_DEBUG": "true"}
    found = json.loads(run(empty_site, "-m", "tests.browser.hold_rooms", **demo))
    port = free_port()
    command = [sys.executable, ROOT / "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with serving(command, port, empty_site, **demo) as site:
        yield site, found


@pytest.mark.parametrize(("scheme", "viewport", "language"), LOOKS)
def test_pages_of_staff_are_clean_and_fit(chromium, rooms, scheme, viewport, language):
    site, found = rooms
    faults = []
    with signed_in(chromium, site, "Ilze", viewport=viewport, scheme=scheme) as page:
        for address in found["staff"]:
            answer = page.goto(f"{site}/{language}{address}")
            faults += [f"{address}: {fault}" for fault in faults_of_look(page, answer)]
    assert len(found["staff"]) > 50
    assert not faults, "\n\n".join(faults)


@pytest.mark.parametrize(("scheme", "viewport", "language"), RESIDENT_LOOKS)
def test_pages_of_members_of_a_panel_are_clean_and_fit(chromium, rooms, scheme, viewport, language):
    site, found = rooms
    context = chromium.new_context(
        viewport=viewport, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    faults = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        for address in found["residents"]:
            answer = page.goto(site + address.replace("/en/", f"/{language}/"))
            faults += [f"{address}: {fault}" for fault in faults_of_look(page, answer)]
            faults += [f"{address}: small: {each}" for each in page.evaluate(SMALL)]
    finally:
        context.close()
    assert not faults, "\n\n".join(faults)
