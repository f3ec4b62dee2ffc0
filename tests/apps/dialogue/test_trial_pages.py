"""The trial of a consultation: the page where its link is made, and what a phone sees that opens it."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.phone import Page, Phone
from tests.apps.dialogue.staff import browser_of, give_to
from tests.apps.dialogue.trials import make_token, phone_in_trial
from tests.builders import make_city
from tests.dialogues import hold_consultation
from tests.people import give, make_network, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.setting_up import open_consultation
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, Participant, Report, Statement, Vote
from tessera.apps.network.models import Kind, Membership

pytestmark = pytest.mark.django_db

BAR = "This is a trial. Nothing counts here."


@pytest.fixture
def draft():
    return hold_draft()


def hold_draft(**about):
    made = hold_consultation(state=State.DRAFT, **about)
    Person.objects.update(language="en")
    return made


def open_it(draft):
    open_consultation(by=make_person("ilze"), consultation=draft, at=timezone.now())


def trial_url(consultation, name="trial"):
    return reverse(f"dialogue:{name}", args=[consultation.pk])


# Residents' pages


@pytest.mark.parametrize("page", ["choose-language", "begin", "statement", "say", "answers", "code", "help"])
def test_nobody_sees_a_draft_without_the_link(draft, page):
    make_token(draft)
    about = [draft.slug] if page == "choose-language" else [draft.slug, "en"]
    address = reverse(f"take_part:{page}", args=about)
    assert Client().get(address).status_code == 404
    wrong = Client()
    wrong.cookies[f"{settings.COOKIE_PREFIX}trial-{draft.slug}"] = "x" * 22
    assert wrong.get(address).status_code == 404
    phone, _ = phone_in_trial(draft)
    found = phone.client.get(address)
    assert (found.status_code, BAR in found.content.decode()) == (200, True)
    assert found.headers["Cache-Control"] == "private, no-store"


def test_a_wrong_link_and_one_before_the_last_lead_nowhere(draft):
    old = make_token(draft)
    phone, page = phone_in_trial(draft, old)
    assert BAR in page.words
    make_token(draft)
    assert phone.open("begin").status == 404
    for token in (old, "x" * 22):
        assert Client().get(reverse("take_part:trial-link", args=[draft.slug, token])).status_code == 404


def test_one_votes_speaks_reports_and_withdraws_in_a_trial(draft):
    phone, _ = phone_in_trial(draft)
    page = phone.vote(1)
    assert BAR in page.words
    phone.vote(-1, page)
    assert phone.write("More benches.").status == 200
    seed = draft.statements.first()
    report = phone.open("report", seed.pk)
    phone.send(report.form(), phone.url("report", seed.pk), reason="hostile")
    counts = [model.objects.count() for model in (Participant, Vote, Report)]
    assert (counts, Statement.objects.filter(is_seeded=False).count()) == ([1, 3, 1], 1)
    assert "More benches." in phone.open("answers").words
    withdraw = phone.open("withdraw")
    phone.send(withdraw.form(), phone.url("withdraw"))
    counts = [model.objects.count() for model in (Participant, Vote, Report)]
    assert (counts, Statement.objects.filter(is_seeded=False).count()) == ([0, 0, 0], 0)


def test_one_needs_no_link_of_ones_own_in_a_trial():
    phone, _ = phone_in_trial(hold_draft(has_open_link=False))
    assert "Only people who were given a link" not in phone.open("begin").words
    assert phone.vote(1).status == 200
    assert Vote.objects.count() == 1


def test_it_begins_before_its_first_day_and_not_before_its_days_are_set():
    draft = hold_draft(begins=20, ends=40)
    phone, _ = phone_in_trial(draft)
    assert phone.vote(1).status == 200
    draft.phases.all().delete()
    assert "The days of this consultation are not set yet." in phone.open("begin").words


def test_what_waits_on_a_phone_from_a_trial_waits_apart_from_real_answers(draft):
    phone, _ = phone_in_trial(draft)
    assert phone.open("statement").find("//body/@data-consultation") == [f"{draft.slug}/trial"]
    open_it(draft)
    assert phone.open("statement").find("//body/@data-consultation") == [draft.slug]


def test_a_form_of_the_trial_that_comes_after_the_opening_is_not_taken(draft):
    phone, _ = phone_in_trial(draft)
    left_open = phone.open("statement")
    open_it(draft)
    refused = phone.vote(1, left_open)
    assert refused.status == 409
    assert "The trial is over, so nothing was taken." in refused.words
    assert (BAR in refused.words, Participant.objects.count()) == (False, 0)
    assert phone.vote(1).status == 200
    assert Vote.objects.count() == 1


def test_once_it_is_open_a_phone_forgets_the_trial(draft):
    phone, _ = phone_in_trial(draft)
    phone.vote(1)
    open_it(draft)
    assert BAR not in phone.open("begin").words
    assert [name for name in phone.cookies if "trial" in name] == []
    assert phone.vote(1).status == 200


def test_pages_of_others_are_as_they_were(draft):
    other = hold_consultation(make_city("graz"), slug="other")
    phone, _ = phone_in_trial(draft)
    assert BAR not in Page(phone.client.get(Phone(other).url("begin"))).words


def test_a_trial_stands_on_no_public_page(draft):
    phone, _ = phone_in_trial(draft)
    phone.vote(1)
    city = phone.client.get(reverse("web:city", args=[draft.city.slug]))
    assert (city.status_code, "Arriving in the city" in city.content.decode()) == (200, False)
    for page in ("results:page", "results:themes", "results:open-data"):
        assert phone.client.get(reverse(page, args=[draft.slug])).status_code == 404


# Staff


def test_a_link_is_shown_once_with_its_code_and_opens_the_trial(draft):
    ilze = browser_of("ilze")
    assert trial_url(draft) in ilze.get(draft.get_absolute_url()).content.decode()
    assert b"/try/" not in ilze.get(trial_url(draft)).content
    made = Page(ilze.post(trial_url(draft)))
    [address] = made.find("//main//a[contains(@href, '/try/')]/@href")
    assert made.find("//main//svg/@aria-label") == [address]
    assert "no-store" in made.response.headers["Cache-Control"]
    assert b"/try/" not in ilze.get(trial_url(draft)).content
    assert BAR in Phone(draft).visit(address).words


def test_the_trial_is_cleared_by_a_button(draft):
    phone, _ = phone_in_trial(draft)
    phone.vote(1)
    ilze = browser_of("ilze")
    page = Page(ilze.get(trial_url(draft)))
    form = page.form("/trial/clear/")
    answer = Page(ilze.post(form.get("action"), dict(form.form_values()), follow=True))
    assert "All that came of the trial is erased" in answer.root.text_content()
    assert Participant.objects.count() == 0
    assert phone.open("begin").status == 404
    assert answer.find("//form[contains(@action, 'clear')]") == []


def test_the_kit_of_invitations_names_no_trial(draft):
    token = make_token(draft)
    page = browser_of("ilze").get(draft.get_absolute_url()).content.decode()
    qr = browser_of("ilze").get(reverse("dialogue:qr", args=[draft.pk])).content.decode()
    assert f'aria-label="http://testserver{draft.take_part_url}"' in qr
    assert (token in page, "/try/" in page, "/try/" in qr) == (False, False, False)


@pytest.mark.parametrize("name", ["trial", "clear-trial"])
def test_once_it_is_open_nothing_is_tried_out(draft, name):
    open_it(draft)
    answer = browser_of("ilze").post(trial_url(draft, name), follow=True)
    assert "there is nothing to try out any more" in answer.content.decode()
    assert trial_url(draft) not in answer.content.decode()
    assert Consultation.objects.get().trial_hash == ""


@pytest.mark.parametrize("name", ["trial", "clear-trial"])
def test_only_those_who_keep_it_come_to_its_trial(draft, name):
    network = make_network()
    Membership.objects.create(city=draft.city, network=network, since=date(2015, 1, 1), source_name="A site")
    give("mihai", Kind.COORDINATOR, network)
    give("andris", Kind.CONTRIBUTOR, draft.city)
    give("nuria", Kind.EXPERT, network)
    give_to("piotr", draft)
    make_officer("chiara", make_city("ravenna"))
    make_officer("jonas", make_city("graz"))
    keepers = {"ilze", "piotr"}
    for who in (*keepers, "andris", "chiara", "nuria", "mihai", "greta", "jonas"):
        answer = browser_of(who).post(trial_url(draft, name), follow=True)
        assert answer.status_code == (200 if who in keepers else 404), who
    assert browser_of("visitor").post(trial_url(draft, name)).status_code == 302
    assert trial_url(draft) not in browser_of("mihai").get(draft.get_absolute_url()).content.decode()
