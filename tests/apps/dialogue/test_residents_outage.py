"""While the database is away, residents hear so in the language that they chose."""

import pytest
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from tests.apps.dialogue.phone import Page, Phone
from tests.dialogues import hold_consultation, make_key

from tessera.apps.dialogue.languages import CODES

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}
PAGES = ("begin", "statement", "say", "answers", "code", "finish", "withdraw", "help")


@pytest.fixture
def consultation():
    return hold_consultation(languages=("en", "ar"))


@pytest.fixture
def away():
    """Every query goes to a server that is not there: none listens on port 1."""

    def ask_nobody(execute, sql, params, many, context):
        given = connections.settings["default"]
        return DatabaseWrapper(
            {**given, "HOST": "127.0.0.1", "PORT": 1, "NAME": "away", "OPTIONS": {}}
        ).cursor()

    with connection.execute_wrapper(ask_nobody):
        yield


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_so_in_its_language_and_when_to_come_back(name):
    # Even which consultation it is cannot be read.
    response = Client().get(f"/take-part/arriving/ar/{'' if name == 'begin' else f'{name}/'}")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert response.headers["Content-Language"] == "ar"
    assert response.headers["Cache-Control"] == "private, no-store"
    page = Page(response)
    assert (page.root.get("lang"), page.root.get("dir")) == ("ar", "rtl")
    assert page.links()["المحاولة مرة أخرى"] == ""
    assert "What you sent just now" not in page.words


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("path", ["/take-part/arriving/", "/take-part/arriving/link/a-token/"])
def test_before_a_language_is_chosen_it_is_said_in_all(path):
    response = Client().get(path)
    assert response.status_code == 503
    said = Page(response).find("//main//p[@lang]")
    assert [each.get("lang") for each in said] == list(CODES)


def test_a_vote_that_cannot_be_kept_is_not_acknowledged(consultation, request):
    phone = Phone(consultation)
    page = phone.open("statement")
    request.getfixturevalue("away")
    refused = phone.vote(1, page)
    assert refused.status == 503
    assert "What you sent just now was not kept." in refused.words
    assert "Try again" not in refused.links()
    assert not phone.cookies


def test_what_was_written_is_not_lost(consultation, request):
    phone = Phone(consultation)
    form = phone.open("say").form("/say/")
    request.getfixturevalue("away")
    refused = phone.send(form, None, text="Benches would help.")
    assert "Copy it, if you want to keep it: Benches would help." in refused.words


def test_the_script_hears_it_in_json(consultation, request):
    request.getfixturevalue("away")
    sent = {"statement": 1, "choice": 1, "key": make_key(1)}
    response = Client().post("/take-part/arriving/en/vote/", sent, headers=JSON)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    said = response.json()
    assert said["error"] == "unavailable"
    assert said["message"].startswith("At the moment we cannot reach the place where answers are kept.")


def test_the_log_has_one_line_for_it_that_names_the_reason_and_not_the_address(consultation, caplog, request):
    request.getfixturevalue("away")
    Client().get("/take-part/arriving/en/statement/")
    [record] = caplog.records
    assert record.getMessage().startswith("Service Unavailable: connection failed: ")
    assert record.exc_info is None
    assert "arriving" not in record.getMessage()


def test_a_fault_of_ours_is_no_outage(consultation):
    def ask_for_no_table(execute, sql, params, many, context):
        return execute("SELECT * FROM no_such_table", (), False, context)

    with connection.execute_wrapper(ask_for_no_table):
        response = Client(raise_request_exception=False).get("/take-part/arriving/en/statement/")
    assert response.status_code == 500
