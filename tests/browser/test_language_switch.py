import pytest
from tests.browser.pages import LANGUAGES, PAGES

pytestmark = pytest.mark.browser

NAMES = {"en": "English", "lv": "Latviešu"}
OTHER = {"en": "lv", "lv": "en"}
# A missing page has no counterpart; its switch leads home.
KEPT = {kind: path for kind, path in PAGES.items() if kind != "missing"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KEPT)
def test_the_language_switch_keeps_the_page(site, visit, kind, language):
    with visit(f"{site}/{language}{KEPT[kind]}", script=False) as seen:
        page = seen.page
        assert page.locator("html").get_attribute("lang") == language
        before = page.locator("main").inner_text()
        page.locator("header").get_by_role("link", name=NAMES[OTHER[language]]).click()
        page.wait_for_load_state()
        assert page.url == f"{site}/{OTHER[language]}{KEPT[kind]}"
        assert page.locator("html").get_attribute("lang") == OTHER[language]
        assert page.locator("main").inner_text() != before
        page.locator("header").get_by_role("link", name=NAMES[language]).click()
        page.wait_for_load_state()
        assert page.locator("main").inner_text() == before


def test_the_language_switch_of_a_missing_page_leads_home(site, visit):
    with visit(f"{site}/en{PAGES['missing']}", script=False) as seen:
        seen.page.locator("header").get_by_role("link", name=NAMES["lv"]).click()
        seen.page.wait_for_load_state()
        assert seen.page.url == f"{site}/lv/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_who_gives_no_page_arrives_in_the_language_of_the_browser(site, chromium, language):
    context = chromium.new_context(locale=language)
    try:
        page = context.new_page()
        page.goto(site)
        assert page.url == f"{site}/{language}/"
    finally:
        context.close()
