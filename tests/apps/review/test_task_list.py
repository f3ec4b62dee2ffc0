"""The task list of a review: the whole of it, how far it has come, and who does what."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.builders import ANSWERED_AT, REVIEW, answer, make_city, make_review, make_sheet, open_area
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.network.models import Kind, Role
from tessera.apps.review.actions.delegation import delegate_area, delegate_by_link
from tessera.apps.review.actions.filling import complete_area, look_at
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Assignment
from tessera.frameworks.answers import Answer as GivenAnswer

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def review():
    return make_review(make_city(), make_sheet(framework=REVIEW, version=2, answers={}), state=State.FILLING)


@pytest.fixture
def read(client, review):
    client.force_login(make_person("ilze"))

    def read():
        page = client.get(reverse("review:tasks", args=[review.pk]))
        assert page.status_code == 200
        return page.content.decode()

    return read


def row_of(text, area):
    """The words of an area's row, without its marks."""
    rows = re.findall(r'<li class="t-tasks__task">.*?</li>', text, flags=re.S)
    found = [row for row in rows if f">{area}</a>" in row]
    assert len(found) == 1
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_every_area_is_there_in_the_order_of_the_questionnaire(read, review):
    text = read()

    titles = re.findall(r'<p class="t-tasks__name"><a href="[^"]*">([^<]*)</a>', text)
    assert len(titles) == 17
    assert titles[:3] == ["Commitment", "Education", "Neighbourhoods"]
    assert titles[-1] == "Interaction"
    # The six fields stand under the area that they are part of; what follows, under a heading of its own.
    assert re.findall(r"<h3>([^<]*)</h3>", text) == ["Intercultural lens", "Further areas"]


def test_nobody_has_looked_differs_from_looked_at(read, review):
    look_at(open_area(review, "commitment", make_person("ilze")), ANSWERED_AT)
    text = read()

    assert "Begun" in row_of(text, "Commitment")
    assert "Nobody has looked" in row_of(text, "Language")


def test_progress_is_said_in_words(read, review):
    # 8 questions; without money in the budget its share is not asked.
    for question in ("strategy", "leaders-speak"):
        answer(review, question, GivenAnswer("yes" if question == "strategy" else "often"))
    answer(review, "integration-budget", GivenAnswer("no"))
    for question in ("international-plan", "city-network"):
        answer(review, question, GivenAnswer("yes"))
    answer(review, "foreign-students", GivenAnswer(not_applicable=True, reason="No university"))
    complete_area(place=open_area(review, "language", make_person("ilze")), at=ANSWERED_AT)
    text = read()

    assert "3 of 7 answered" in row_of(text, "Commitment")
    assert "3 of 3 answered" in row_of(text, "International outlook")
    assert "Every question answered" in row_of(text, "International outlook")
    assert "0 of 4 answered" in row_of(text, "Language")
    assert "Complete" in row_of(text, "Language")
    assert "Marked as complete by Ilze on 5 February 2024." in row_of(text, "Language")
    assert "6 of 86 answered" in text
    assert "1 of 17 areas are marked as complete." in text


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (10, "10 days are left."),
        (1, "1 day is left."),
        (0, "The answers are due today."),
        (-1, "they are 1 day late."),
        (-12, "they are 12 days late."),
    ],
)
def test_it_says_how_much_time_is_left(read, review, days, sentence):
    review.due_on = TODAY + timedelta(days=days)
    review.save()

    assert sentence in read()


def test_it_says_who_does_what_and_who_can_no_longer(read, review):
    ilze, city = make_person("ilze"), review.city
    for key, area in (("andris", "language"), ("piotr", "mediation")):
        colleague = give(key, Kind.CONTRIBUTOR, city)
        delegate_area(by=ilze, review=review, area=area, colleague=colleague, message="", at=ANSWERED_AT)
    for name, area in (("Dace", "education"), ("Oskars", "neighbourhoods")):
        delegate_by_link(
            by=ilze,
            review=review,
            area=area,
            email=f"{name}@example.org",
            name=name,
            language="en",
            until=TODAY + timedelta(days=5),
            message="",
            at=timezone.now(),
        )
    Role.objects.filter(person=make_person("piotr")).update(until=TODAY - timedelta(days=1))
    Assignment.objects.filter(person__name="Oskars").update(until=TODAY - timedelta(days=1))
    text = read()

    assert "Andris answers this area. Change who answers it" in row_of(text, "Language")
    assert "Piotr has no role in Riga any more. Hand it over" in row_of(
        text, "Mediation and conflict resolution"
    )
    assert "Dace answers this area, by a link that works until" in row_of(text, "Education")
    assert re.search(r"The link of Oskars ended on .* Hand it over", row_of(text, "Neighbourhoods"))
    assert "Give it to a colleague" in row_of(text, "Public space")


def test_it_leads_on(read, review):
    text = read()

    for name, args in (
        ("review:questionnaire", [REVIEW, 2]),
        ("review:check-answers", [review.pk]),
        ("review:area-to-fill", [review.pk, "language"]),
        ("review:give-area", [review.pk, "language"]),
    ):
        assert f'href="{reverse(name, args=args)}"' in text
    assert reverse("review:receipt", args=[review.pk]) not in text


def test_once_sent_it_leads_to_the_receipt_and_gives_no_area_away(read, review):
    review.state, review.submitted_at = State.SUBMITTED, ANSWERED_AT
    review.save()
    text = read()

    assert "The answers were sent on 5 February 2024." in text
    assert reverse("review:receipt", args=[review.pk]) in text
    assert reverse("review:give-area", args=[review.pk, "language"]) not in text


def test_the_list_is_made_in_the_same_number_of_queries_however_full_it_is(
    read, review, django_assert_num_queries
):
    ilze = make_person("ilze")
    delegate_area(
        by=ilze,
        review=review,
        area="language",
        colleague=give("andris", Kind.CONTRIBUTOR, review.city),
        message="",
        at=ANSWERED_AT,
    )
    look_at(open_area(review, "language", ilze), ANSWERED_AT)
    complete_area(place=open_area(review, "language", ilze), at=ANSWERED_AT)
    answer(review, "strategy", GivenAnswer("yes"))
    read()
    with CaptureQueriesContext(connection) as few:
        read()
    for number, area in enumerate(review.framework.plain_areas()):
        delegate_by_link(
            by=ilze,
            review=review,
            area=area.key,
            email=f"colleague-{number}@example.org",
            name="A colleague",
            language="en",
            until=TODAY + timedelta(days=5),
            message="",
            at=timezone.now(),
        )
        complete_area(place=open_area(review, area.key, ilze), at=ANSWERED_AT)
    for question in review.framework.questions():
        answer(review, question.key, GivenAnswer(note="x"), revision=question.key == "strategy")

    with django_assert_num_queries(len(few)):
        read()
    assert len(few) < 20


@pytest.mark.parametrize("who", [*EVERYBODY, "visitor"])
def test_only_the_officers_of_the_city_see_it(review, who):
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", make_city("ravenna"))
    make_officer("jonas", make_city("graz"))
    give("nuria", Kind.EXPERT, make_network())
    client = Client()
    if who != "visitor":
        client.force_login(make_person(who))

    page = client.get(reverse("review:tasks", args=[review.pk]))
    assert page.status_code == {"ilze": 200, "visitor": 302}.get(who, 404)
    assert client.post(reverse("review:tasks", args=[review.pk])).status_code == (
        302 if who == "visitor" else 405
    )
