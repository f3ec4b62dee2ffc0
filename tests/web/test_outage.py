"""What a visitor hears of an outage. How the real server bears one: tests/project/test_outage.py."""

import logging

import pytest
from django.test import Client
from tests.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses_with_outages(settings):
    settings.ROOT_URLCONF = "tests.web.urls_with_outages"


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", ["/nobody/", "/nobody-in-a-template/"])
def test_a_page_says_that_the_database_is_away_and_when_to_come_back(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "<h1>We cannot reach our data at the moment</h1>" in answer.content.decode()


def test_nobody_keeps_the_answer(visitor):
    assert visitor.get("/nobody/")["Cache-Control"] == "no-store"


def test_the_page_has_the_headers_of_every_page(visitor):
    answer = visitor.get("/nobody/")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_page_speaks_the_language_of_the_browser(visitor):
    page = visitor.get("/nobody/", headers={"accept-language": "lv"}).content.decode()
    assert '<html lang="lv"' in page
    assert "<h1>Pašlaik nevaram piekļūt saviem datiem</h1>" in page


def test_whoever_asked_for_a_page_may_ask_for_it_again(visitor):
    page = visitor.get("/nobody/?city=riga&year=2026").content.decode()
    assert '<a class="ds-button" href="/nobody/?city=riga&amp;year=2026">Try again</a>' in page
    assert "not saved" not in page


def test_whoever_sent_something_is_told_that_it_is_not_saved_and_is_led_to_no_empty_form(visitor):
    page = visitor.post("/nobody/", {"answer": "1"}).content.decode()
    assert "What you have just sent was most likely not saved." in page
    assert "Try again" not in page


@pytest.mark.parametrize(
    "wish",
    [
        {"headers": {"accept": "application/json"}},
        {"headers": {"accept": "application/json;q=0.9, text/html;q=0.1"}},
        {"headers": {"accept": "application/json, text/plain, */*"}},
        {"content_type": "application/json"},
    ],
)
def test_a_program_hears_it_in_json(visitor, wish):
    answer = visitor.post("/nobody/", "{}", **{"content_type": "text/plain", **wish})
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"error": "unavailable", "retry_after_seconds": 10}


@pytest.mark.parametrize("accepted", ["*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png"])
def test_everybody_else_gets_the_page(visitor, accepted):
    assert visitor.get("/nobody/", headers={"accept": accepted})["Content-Type"].startswith("text/html")


def test_the_answer_asks_nothing_of_the_database_not_even_who_is_signed_in(
    visitor, django_assert_num_queries
):
    visitor.force_login(make_person("ilze"))
    with django_assert_num_queries(0):
        answer = visitor.get("/nobody/")
    assert answer.status_code == 503
    # Whoever is signed in stays so.
    assert not answer.cookies


def test_a_table_that_is_not_there_stays_a_fault_of_ours(visitor):
    answer = visitor.get("/no-table/")
    assert answer.status_code == 500
    assert "<h1>Something went wrong</h1>" in answer.content.decode()


def test_the_log_has_one_line_for_it_that_names_the_reason_and_not_the_address(visitor, caplog):
    visitor.get("/nobody/?name=Amina")
    (record,) = caplog.records
    line = logging.Formatter("%(levelname)s %(name)s: %(message)s").format(record)
    assert line.startswith("ERROR django.request: Service Unavailable: connection failed: ")
    assert "\n" not in line
    assert "nobody" not in line


def test_the_log_of_a_fault_keeps_where_it_happened(visitor, caplog):
    visitor.get("/no-table/")
    assert "ask_for_no_table" in logging.Formatter().format(caplog.records[-1])
