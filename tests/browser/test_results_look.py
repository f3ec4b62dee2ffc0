"""The results of a consultation, in a real browser."""

import sys

import pytest
from tests.browser.conftest import NARROW, ROOT, WIDE, free_port, run, serving
from tests.browser.pages import LANGUAGES
from tests.browser.test_axe import CONTRASTS, complaints_of_axe
from tests.browser.test_narrow_screen import STICKING_OUT, WIDTH

pytestmark = pytest.mark.browser

LARGE_CONTRAST = 4.5


@pytest.fixture(scope="module")
def results(empty_site):
    """The address of the results of a consultation that is over, in a language."""
    # Plain http, and nobody needs a key.
    demo = {"TESSERA_DEMO": "true", "TESSERA_DEBUG": "true"}
    path = run(empty_site, "-m", "tests.browser.hold_results", **demo)
    port = free_port()
    command = [sys.executable, ROOT / "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with serving(command, port, empty_site, **demo) as site:
        yield lambda language: f"{site}/{language}{path}"


@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [pytest.param("light", WIDE, id="light-1280px"), pytest.param("dark", NARROW, id="dark-320px")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(results, visit, language, scheme, viewport):
    with visit(results(language), viewport=viewport, scheme=scheme, bypass_csp=True) as seen:
        assert seen.response.status == 200
        complaints = complaints_of_axe(seen.page)
        assert not complaints, "\n\n".join(complaints)
        contrasts = seen.page.evaluate(CONTRASTS)
        assert contrasts
        assert [words for words, contrast in contrasts if contrast < LARGE_CONTRAST] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_scrolls_sideways_at_320_pixels(results, visit, language):
    with visit(results(language), viewport=NARROW) as seen:
        assert seen.page.evaluate(STICKING_OUT) == []
        needed, given = seen.page.evaluate(WIDTH)
        assert needed <= given


def test_it_is_all_there_without_a_script_and_breaks_no_policy(results, visit):
    with visit(results("en"), script=False) as seen:
        assert seen.page.get_by_role("heading", level=2).count() == 9
        assert seen.page.get_by_text("32 of 32 agree: 100%").count() >= 1
