"""What every page has around it."""

import re

import pytest

PAGES = [
    "/en/",
    "/lv/",
    "/en/about/",
    "/lv/about/",
    "/en/accessibility/",
    "/lv/accessibility/",
    "/en/nowhere/",
]


@pytest.fixture(params=PAGES)
def page(request, client, db) -> str:
    return client.get(request.param).content.decode()


def test_a_page_has_one_main_heading_and_a_title(page):
    assert len(re.findall(r"<h1\b", page)) == 1
    assert re.search(r"<title>\s*\S[^<]+ – Tessera</title>", page)


def test_the_skip_link_leads_to_the_content(page):
    assert '<a class="ds-skip-link" href="#main">' in page
    assert '<main id="main"' in page


def test_nothing_on_a_page_needs_a_softer_content_policy(page):
    assert re.findall(r"<style|<script|\sstyle=|\son\w+=|javascript:", page) == []


def test_a_page_loads_one_style_sheet_and_preloads_the_font(page):
    assert len(re.findall(r'<link rel="stylesheet"', page)) == 1
    assert re.search(
        r'<link rel="preload" href="/static/web/vendor/source-sans-[^"]+\.woff2" as="font"', page
    )


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/about/", "Demonstration: invented answers."),
        ("/lv/about/", "Demonstrācija: izdomātas atbildes."),
        ("/en/nowhere/", "Demonstration: invented answers."),
    ],
)
def test_every_page_of_the_demonstration_says_that_its_answers_are_invented(client, settings, path, words):
    settings.DEMO = True
    assert words in client.get(path).content.decode()


def test_another_site_does_not_say_so(client):
    assert "invented answers" not in client.get("/en/about/").content.decode()
