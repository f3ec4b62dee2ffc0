"""Error pages speak the visitor's language and need no database."""

import pytest
from django.test import Client


@pytest.mark.parametrize(("path", "words"), [("/en/no/", "Page not found"), ("/lv/no/", "Lapa nav atrasta")])
def test_a_missing_page_says_so_in_the_language_of_its_address(client, path, words):
    response = client.get(path)
    assert response.status_code == 404
    assert f"<h1>{words}</h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Something went wrong"), ("lv", "Kaut kas nogāja greizi")]
)
def test_a_fault_of_ours_says_so_in_the_language_of_the_browser(settings, language, words):
    settings.ROOT_URLCONF = "tests.project.urls_with_a_fault"
    response = Client(raise_request_exception=False).get("/fault/", headers={"accept-language": language})
    page = response.content.decode()
    assert response.status_code == 500
    assert f"<h1>{words}</h1>" in page
    assert "tests@example.org" in page
    assert "a fault on purpose" not in page
