import re

import pytest


def links(page: str) -> dict[str, str]:
    found = re.findall(r'<a class="t-languages__link" href="([^"]+)" lang="(\w+)" hreflang="(\w+)"', page)
    assert all(lang == hreflang for _, lang, hreflang in found)
    return {lang: url for url, lang, _ in found}


@pytest.mark.parametrize("page", ["", "about/", "accessibility/"])
def test_the_other_language_is_the_same_page(client, db, page):
    shown = client.get(f"/en/{page}").content.decode()
    assert links(shown) == {"en": f"/en/{page}", "lv": f"/lv/{page}"}
    assert '<html lang="en"' in shown
    assert '<html lang="lv"' in client.get(f"/lv/{page}").content.decode()


def test_what_was_asked_for_stays_asked_for(client):
    assert links(client.get("/en/about/?year=2023").content.decode())["lv"] == "/lv/about/?year=2023"


def test_a_page_that_does_not_exist_leads_home_in_the_other_language(client):
    assert links(client.get("/en/nowhere/").content.decode())["lv"] == "/lv/"


def test_each_language_is_announced_to_search_engines_with_its_whole_address(client):
    page = client.get("/lv/about/").content.decode()
    assert '<link rel="alternate" hreflang="en" href="http://testserver/en/about/">' in page


@pytest.mark.parametrize(
    ("wishes", "place"),
    [("lv", "/lv/"), ("lv-LV,en;q=0.5", "/lv/"), ("en-GB", "/en/"), ("sw", "/en/"), ("", "/en/")],
)
def test_the_bare_address_follows_the_browser(client, wishes, place):
    response = client.get("/", headers={"accept-language": wishes})
    assert (response.status_code, response.headers["location"]) == (302, place)
