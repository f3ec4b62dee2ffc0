"""The page of one question."""

import re
from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.builders import ANSWERED_AT, REVIEW, answer, make_city, make_review, make_sheet, open_area
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind, Membership, Role
from tessera.apps.review.actions.delegation import delegate_area, delegate_by_link, withdraw_assignment
from tessera.apps.review.actions.filling import FORGOTTEN_AFTER, SEEN_WITHIN, forget_presences, look_at
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer, AreaWork, Assignment, Presence
from tessera.frameworks.answers import Answer as GivenAnswer

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def review():
    return make_review(make_city(), make_sheet(framework=REVIEW, version=2, answers={}), state=State.FILLING)


@pytest.fixture
def ilze(client):
    client.force_login(make_person("ilze"))
    return client


def address_of(review, question, name="question"):
    area = review.framework.question(question).area
    return reverse(f"review:{name}", args=[review.pk, area, question])


def text_of(client, review, question):
    page = client.get(address_of(review, question))
    assert page.status_code == 200
    return page.content.decode()


# What it shows


def test_it_shows_the_question_with_its_help_and_why_it_is_asked(ilze, review):
    text = text_of(ilze, review, "strategy")

    assert "<h1>Does the city have an integration strategy in force?</h1>" in text
    assert "Commitment: question 2 of 8" in text
    assert "A strategy of its own counts" in text
    assert "Why we ask: A strategy shows whether integration is planned" in text
    assert "Evidence is wished for." in text
    assert "private, no-store" in ilze.get(address_of(review, "strategy"))["Cache-Control"]


@pytest.mark.parametrize(
    ("question", "inputs"),
    [
        ("strategy", ["radio"] * 3),
        # Four shares, and that it does not apply.
        ("school-mix", ["radio"] * 5),
        ("school-language-help", ["checkbox"] * 5),
        ("encounter-reach", ["text"]),
        ("course-completion", ["text", "checkbox"]),
        ("attitude-survey", ["text", "checkbox"]),
    ],
)
def test_the_fields_fit_the_type_of_the_question(ilze, review, question, inputs):
    text = text_of(ilze, review, question)

    found = re.findall(r'<input type="(\w+)" name="(?:choice|number)"', text)
    assert sorted(found) == sorted(inputs)
    assert ('name="reason"' in text) == review.framework.question(question).may_not_apply
    assert 'name="note"' in text


@pytest.mark.parametrize(
    ("question", "given", "shown"),
    [
        ("strategy", GivenAnswer("partly"), 'value="partly"'),
        ("school-language-help", GivenAnswer(("home-language",)), 'value="home-language"'),
        ("school-mix", GivenAnswer(not_applicable=True, reason="So"), 'value="n/a"'),
        ("library-offer", GivenAnswer(not_applicable=True, reason="So"), 'value="n/a"'),
        ("attitude-survey", GivenAnswer("never"), 'value="never"'),
    ],
)
def test_what_was_chosen_is_chosen_when_one_comes_back(ilze, review, question, given, shown):
    answer(review, question, given)

    chosen = re.findall(r"<input[^>]*name=\"choice\"[^>]*checked[^>]*>", text_of(ilze, review, question))
    assert len(chosen) == 1
    assert shown in chosen[0]


def test_the_texts_and_the_number_stand_there_when_one_comes_back(ilze, review):
    answer(review, "encounter-reach", GivenAnswer(12.5, note="By our count"), is_note_public=True)

    text = text_of(ilze, review, "encounter-reach")
    assert 'name="number" value="12.5"' in text
    assert "By our count</textarea>" in text
    assert re.search(r'name="is_note_public"[^>]*checked', text)
    assert "Last changed by Ilze." in text
    assert "Saved on 5 February 2024, 10:00" in text


def test_an_answer_that_is_not_there_can_not_be_taken_back(ilze, review):
    assert "Take the answer back" not in text_of(ilze, review, "strategy")
    answer(review, "strategy", GivenAnswer("yes"))
    assert "Take the answer back" in text_of(ilze, review, "strategy")


def test_the_page_is_made_in_the_same_number_of_queries_however_much_is_answered(
    ilze, review, django_assert_num_queries
):
    address = address_of(review, "strategy")
    ilze.get(address)
    answer(review, "strategy", GivenAnswer("yes"))
    with CaptureQueriesContext(connection) as few:
        ilze.get(address)
    for question in review.framework.questions():
        answer(review, question.key, GivenAnswer(note="x"), revision=question.key == "strategy")
    with django_assert_num_queries(len(few)):
        ilze.get(address)
    assert len(few) < 20


# Questions that are not asked at present


def test_invariant_3_a_hidden_answer_is_kept_marked_and_returns_unchanged(ilze, review):
    answer(review, "strategy", GivenAnswer("yes"))
    answer(review, "action-plan", GivenAnswer("partly", note="For half of it"))
    before = Answer.objects.values().get(question="action-plan")
    answer(review, "strategy", GivenAnswer("no"), revision=1)

    text = text_of(ilze, review, "action-plan")
    assert "This question is not asked at present" in text
    sentence = (
        "the answer to “Does the city have an integration strategy in force?” is “Yes” or “In preparation”"
    )
    assert f"Asked only if {sentence}." in text
    assert re.search(r'value="partly"[^>]*checked', text)
    assert Answer.objects.values().get(question="action-plan") == before

    answer(review, "strategy", GivenAnswer("yes"), revision=2)
    text = text_of(ilze, review, "action-plan")
    assert "This question is not asked at present" not in text
    assert re.search(r'value="partly"[^>]*checked', text)
    assert Answer.objects.values().get(question="action-plan") == before


def test_a_hidden_question_can_be_answered_ahead(ilze, review):
    answer(review, "strategy", GivenAnswer("no"))

    ilze.post(address_of(review, "action-plan"), {"revision": 0, "choice": "yes"})
    assert Answer.objects.get(question="action-plan").value == "yes"


def test_going_on_passes_over_what_is_not_asked_and_ends_at_the_area(ilze, review):
    # Without a strategy there is no plan and no evaluation of it.
    page = ilze.post(address_of(review, "strategy"), {"revision": 0, "choice": "no", "act": "next"})
    assert page["Location"] == address_of(review, "integration-budget")

    page = ilze.post(address_of(review, "leaders-speak"), {"revision": 0, "choice": "often", "act": "next"})
    assert page["Location"] == reverse("review:area-to-fill", args=[review.pk, "commitment"])


def test_going_on_without_an_answer_leaves_the_question_open(ilze, review):
    page = ilze.post(address_of(review, "strategy"), {"revision": 0, "act": "next"})

    assert page["Location"] == address_of(review, "action-plan")
    assert not Answer.objects.exists()


def test_saving_stays_on_the_page_and_says_so(ilze, review):
    page = ilze.post(
        address_of(review, "strategy"), {"revision": 0, "choice": "no", "act": "save"}, follow=True
    )
    assert page.request["PATH_INFO"] == address_of(review, "strategy")
    assert "<p>Saved.</p>" in page.content.decode()


# Who may


def make_people(review):
    """The standing people, each with the role they have everywhere."""
    network = make_network()
    ravenna = make_city("ravenna")
    Membership.objects.create(city=ravenna, network=network, source_name="A site")
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", ravenna)
    give("nuria", Kind.EXPERT, network)
    make_officer("jonas", make_city("graz"))
    for key in ("piotr", "greta"):
        make_person(key)
    # Andris fills another area.
    delegate_area(
        by=make_person("ilze"),
        review=review,
        area="language",
        colleague=make_person("andris"),
        message="",
        at=ANSWERED_AT,
    )


@pytest.mark.parametrize("state", [State.FILLING, State.SUBMITTED])
@pytest.mark.parametrize("who", [*EVERYBODY, "visitor"])
def test_only_the_city_and_whoever_has_the_area_open_a_question(review, who, state):
    make_people(review)
    if state is State.SUBMITTED:
        review.state, review.submitted_at = State.SUBMITTED, ANSWERED_AT
        review.save()
    client = Client()
    if who != "visitor":
        client.force_login(make_person(who))
    found = {}
    for question in ("strategy", "home-languages"):
        address = address_of(review, question)
        page = client.get(address)
        sent = client.post(address, {"revision": 0, "note": f"By {who}"})
        found[question] = (page.status_code, sent.status_code)

    nothing = (302, 302) if who == "visitor" else (404, 404)
    own = (200, 302) if state is State.FILLING else (200, 409)
    assert found["strategy"] == (own if who == "ilze" else nothing)
    assert found["home-languages"] == (own if who in ("ilze", "andris") else nothing)
    may_save = state is State.FILLING and who in ("ilze", "andris")
    assert Answer.objects.exists() == may_save


@pytest.mark.parametrize(
    ("area", "question"),
    [
        ("commitment", "home-languages"),
        ("language", "strategy"),
        ("commitment", "no-such"),
        ("no-such", "strategy"),
    ],
)
def test_a_question_stands_in_its_own_area_only(ilze, review, area, question):
    address = reverse("review:question", args=[review.pk, area, question])
    assert ilze.get(address).status_code == 404
    assert ilze.post(address, {"revision": 0, "choice": "yes"}).status_code == 404
    assert not AreaWork.objects.exists()


def test_an_officer_whose_role_ended_yesterday_saves_nothing(ilze, review):
    Role.objects.filter(person=make_person("ilze")).update(until=TODAY - timedelta(days=1))

    page = ilze.post(address_of(review, "strategy"), {"revision": 0, "choice": "yes"})
    assert page.status_code == 404
    assert not Answer.objects.exists()


@pytest.fixture
def dace(review):
    """A browser in which Dace has opened her personal link to the area of languages."""
    link = delegate_by_link(
        by=make_person("ilze"),
        review=review,
        area="language",
        email="dace@example.org",
        name="Dace",
        language="en",
        until=TODAY + timedelta(days=1),
        message="You know the courses.",
        at=timezone.now(),
    )
    client = Client()
    client.get(link.removeprefix("http://localhost:8000"))
    return client


def test_whoever_comes_by_a_link_answers_under_their_own_name(dace, review):
    text = text_of(dace, review, "home-languages")
    assert "You answer as Dace, by your personal link." in text
    assert "Your work" not in text
    assert "Sign out" not in text

    dace.post(address_of(review, "home-languages"), {"revision": 0, "choice": ["none"]})
    person = Person.objects.get(email="dace@example.org")
    assert Answer.objects.get().changed_by == person
    assert LogEntry.objects.filter(content_type__model="answer").latest("pk").actor == person


def test_a_link_opens_no_question_of_another_area(dace, review):
    assert dace.get(address_of(review, "strategy")).status_code == 404
    assert dace.post(address_of(review, "strategy"), {"revision": 0}).status_code == 404


def test_a_link_that_was_taken_back_while_somebody_writes_saves_nothing(dace, review):
    withdraw_assignment(by=make_person("ilze"), assignment=Assignment.objects.get(), at=timezone.now())

    page = dace.post(address_of(review, "home-languages"), {"revision": 0, "choice": ["none"]})
    assert page.status_code == 404
    assert not Answer.objects.exists()


def test_an_officer_who_opens_the_link_of_a_colleague_answers_as_themselves(ilze, dace, review):
    ilze.cookies = dace.cookies
    dace.force_login(make_person("ilze"))

    assert "You answer as" not in text_of(dace, review, "home-languages")


# Once the answers are sent


def test_a_question_is_read_only_once_the_answers_are_sent(ilze, review):
    answer(review, "strategy", GivenAnswer("yes", note="In force since May."), is_note_public=True)
    review.state, review.submitted_at = State.SUBMITTED, ANSWERED_AT
    review.save()

    text = text_of(ilze, review, "strategy")
    assert "The answers were sent on 5 February 2024." in text
    assert "Note, which may be published: In force since May." in text
    assert "data-autosave" not in text
    assert "autosave.js" not in text
    assert not AreaWork.objects.exists()
    assert not Presence.objects.exists()


# Who else is here


def test_it_says_who_else_has_the_area_open(ilze, review):
    chiara = make_officer("chiara", review.city)
    look_at(open_area(review, "commitment", chiara), timezone.now())

    assert "Also here now: Chiara" in text_of(ilze, review, "strategy")
    assert "Also here now" not in text_of(ilze, review, "school-mix")
    part = ilze.get(reverse("review:presence", args=[review.pk, "commitment"]))
    assert part.content.decode().startswith('<p class="t-here" id="who-is-here"')
    assert "Also here now: Chiara" in part.content.decode()


def test_whoever_went_away_a_minute_ago_is_not_here(ilze, review):
    chiara = make_officer("chiara", review.city)
    look_at(open_area(review, "commitment", chiara), timezone.now() - SEEN_WITHIN)

    assert "Also here now" not in text_of(ilze, review, "strategy")


def test_who_was_where_is_forgotten_within_a_day(review):
    place, now = open_area(review, "commitment", make_person("ilze")), timezone.now()
    look_at(place, now - FORGOTTEN_AFTER + timedelta(minutes=1))
    assert forget_presences(now) == 0
    look_at(place, now - FORGOTTEN_AFTER - timedelta(minutes=1))
    assert forget_presences(now) == 1


def test_the_first_look_is_what_is_written_down(ilze, review):
    text_of(ilze, review, "strategy")
    opened = AreaWork.objects.get().opened_at
    text_of(ilze, review, "leaders-speak")
    assert AreaWork.objects.get().opened_at == opened


def test_the_due_date_may_pass_and_the_city_still_answers(ilze, review):
    assert review.due_on == date(2024, 3, 1) < TODAY
    assert ilze.post(address_of(review, "strategy"), {"revision": 0, "choice": "yes"}).status_code == 302
