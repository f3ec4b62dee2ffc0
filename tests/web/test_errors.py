"""Error pages speak the visitor's language and need no database."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.parametrize(("path", "words"), [("/en/no/", "Page not found"), ("/lv/no/", "Lapa nav atrasta")])
def test_a_missing_page_says_so_in_the_language_of_its_address(client, path, words):
    response = client.get(path)
    assert response.status_code == 404
    assert f"<h1>{words}</h1>" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("checked", [True, False], ids=["refused before the view", "refused by the view"])
def test_a_form_that_is_too_long_is_refused_with_a_page_and_not_with_a_bare_line(checked):
    browser = Client(enforce_csrf_checks=checked)
    browser.get(reverse("account_login"))
    answer = browser.post(reverse("account_login"), {"login": "x" * 3_000_000})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "<h1>This could not be read</h1>" in page
    assert "Nothing was saved." in page
    assert "xxx" not in page


def test_a_request_to_a_name_that_is_not_ours_gets_no_page(client):
    answer = client.get("/en/about/", headers={"host": "elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain")


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
