"""Signing in to the demonstration by a click, which no other site offers."""

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from tests.people import EVERYBODY, make_person

from tessera.demo.people import ABOUT

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.ROOT_URLCONF = "tests.demo.demo_urls"


def test_every_standing_person_can_be_chosen(demo, client):
    page = client.get("/en/demo/people/").content.decode()

    assert sorted(ABOUT) == sorted(EVERYBODY)
    assert [key for key in EVERYBODY if f"/en/demo/people/{key}/" not in page] == []


def test_one_click_signs_in_and_leads_to_ones_work_in_ones_language(demo, client):
    ilze = make_person("ilze")

    answer = client.post("/en/demo/people/ilze/")

    assert (answer.status_code, answer["Location"]) == (302, "/lv/desk/")
    assert client.session["_auth_user_id"] == str(ilze.pk)


def test_a_link_or_a_form_from_elsewhere_signs_nobody_in(demo):
    make_person("ilze")
    client = Client(enforce_csrf_checks=True)

    assert client.get("/en/demo/people/ilze/").status_code == 405
    assert client.post("/en/demo/people/ilze/").status_code == 403


def test_nobody_but_the_invented_people_can_be_chosen(demo, client):
    assert client.post("/en/demo/people/amina/").status_code == 404


@pytest.mark.parametrize("address", ["/en/demo/people/", "/en/demo/people/ilze/", "/en/demo/mails/"])
def test_another_site_has_no_such_address(address):
    with pytest.raises(Resolver404):
        resolve(address)
