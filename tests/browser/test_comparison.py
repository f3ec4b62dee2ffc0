"""Cities side by side: axe, and nothing that sticks out, with two that agreed and one that published."""

import sys

import pytest
from tests.browser.conftest import NARROW, ROOT, WIDE, free_port, run, serving
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_narrow_screen import STICKING_OUT
from tests.browser.test_work import signed_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def cities(empty_site):
    """The address of a site on which three cities are compared, and the number of their cycle."""
    # In the demonstration one signs in by a click.
    demo = {"TESSERA_DEMO": "true", "TESSERA_DEBUG": "true"}
    cycle = run(empty_site, "-m", "tests.browser.compare_cities", **demo)
    port = free_port()
    command = [sys.executable, ROOT / "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with serving(command, port, empty_site, **demo) as site:
        yield site, cycle


@pytest.mark.parametrize(
    ("scheme", "viewport", "language"),
    [
        pytest.param("light", WIDE, "en", id="light-1280px-en"),
        pytest.param("dark", NARROW, "lv", id="dark-320px-lv"),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(chromium, cities, scheme, viewport, language):
    site, cycle = cities
    comparison = f"/desk/cycles/{cycle}/comparison/"
    areas = [f"{comparison}{area}/" for area in ("commitment", "intercultural-lens")]
    with signed_in(chromium, site, "Ilze", viewport=viewport, scheme=scheme) as page:
        for address in ("/desk/", comparison, *areas, "/desk/reviews/1/", "/desk/reviews/1/publish/"):
            assert page.goto(f"{site}/{language}{address}").status == 200, address
            complaints = complaints_of_axe(page)
            assert not complaints, f"{address}\n" + "\n\n".join(complaints)
            assert page.evaluate(STICKING_OUT) == [], address


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_officer_takes_the_agreement_back_and_gives_it_again(chromium, cities, script):
    site, cycle = cities
    with signed_in(chromium, site, "Ilze", script=script) as page:
        page.goto(f"{site}/en/desk/reviews/1/")
        page.get_by_role("button", name="Take the agreement back").click()
        assert page.get_by_text("Your agreement to the comparison is taken back.").is_visible()
        page.goto(f"{site}/en/desk/cycles/{cycle}/comparison/")
        assert page.get_by_text("Riga").count() == 0

        page.goto(f"{site}/en/desk/reviews/1/")
        page.get_by_role("button", name="Agree to be compared").click()
        page.get_by_role("link", name="See the cities side by side").click()
        cities_shown = page.locator("#cities ~ ul .t-tasks__name").all_inner_texts()
        assert cities_shown == ["Lublin", "Ravenna", "Riga"]
        page.get_by_role("link", name="Commitment").click()
        assert page.get_by_role("heading", level=3).all_inner_texts() == ["Lublin", "Ravenna", "Riga"]
        assert page.get_by_text("Trūkst tulku.").first.get_attribute("lang") == "lv"
