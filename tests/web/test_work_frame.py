"""What a page behind the sign-in has around it, and what a public page does not have."""

import json
import re

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from tests.people import make_person


@pytest.fixture
def request_of_ilze(rf, db):
    request = rf.get("/en/desk/")
    request.user = make_person("ilze")
    return request


def work_page(request, **context) -> str:
    return render_to_string("web/work.html", context, request)


def test_the_bar_names_the_person_and_leads_to_work_and_account(request_of_ilze):
    page = work_page(request_of_ilze)
    assert f'<p class="t-work-bar__person">{request_of_ilze.user.name}</p>' in page
    assert f'href="{reverse("web:work")}" aria-current="page">Your work</a>' in page
    assert f'href="{reverse("accounts:own")}">Account</a>' in page


def test_one_signs_out_by_a_button_that_no_other_site_can_press(request_of_ilze):
    (form,) = re.findall(r"<form.*?</form>", work_page(request_of_ilze), flags=re.DOTALL)
    assert f'method="post" action="{reverse("account_logout")}"' in form
    assert 'name="csrfmiddlewaretoken"' in form
    assert ">Sign out</button>" in form


def test_a_signed_in_page_does_not_offer_to_sign_in(request_of_ilze):
    assert "Sign in" not in work_page(request_of_ilze)


def test_what_became_of_the_last_act_is_said_above_the_page(request_of_ilze):
    messages = [Message(constants.SUCCESS, "Saved."), Message(constants.ERROR, "<b>Not</b> sent.")]
    page = work_page(request_of_ilze, messages=messages)
    assert '<div class="t-messages" role="status">' in page
    assert '<div class="t-notice" data-kind="success"><p>Saved.</p></div>' in page
    assert '<div class="t-notice" data-kind="error"><p>&lt;b&gt;Not&lt;/b&gt; sent.</p></div>' in page


def test_nothing_is_said_when_there_is_nothing_to_say(request_of_ilze):
    assert 'role="status"' not in work_page(request_of_ilze)


def test_a_page_carries_a_script_only_where_it_asks_for_it(request_of_ilze):
    assert "<script" not in work_page(request_of_ilze)
    page = engines["django"].from_string(
        '{% extends "web/work.html" %}{% block scripts %}{% include "web/_htmx.html" %}{% endblock %}'
    )
    head, _ = page.render({}, request_of_ilze).split("</head>")
    (config,) = re.findall(r"<meta name=\"htmx-config\" content='([^']+)'>", head)
    swapped = [answer["code"] for answer in json.loads(config)["responseHandling"] if answer["swap"]]
    assert swapped == ["2..", "409|422"]
    assert re.search(r'<script src="/static/web/vendor/htmx-2\.[^"]+" defer></script>', head)


@pytest.mark.parametrize("language", ["en", "lv"])
def test_a_public_page_is_the_same_for_everybody_and_leads_to_the_sign_in(client, db, language):
    address = f"/{language}/about/"
    for_visitors = client.get(address)
    client.force_login(make_person("ilze"))
    for_ilze = client.get(address)
    assert for_ilze.content == for_visitors.content
    with translation.override(language):
        assert f'href="{reverse("web:work")}"' in for_visitors.content.decode()
    assert "Cookie" not in for_ilze.headers.get("Vary", "")
