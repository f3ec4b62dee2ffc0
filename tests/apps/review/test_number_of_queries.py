"""A page asks the database as often for many reviews or answers as for few."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.apps.review.long_review import check_in_part
from tests.builders import (
    ANSWERED_AT,
    CHECKED_AT,
    answer,
    appoint,
    make_city,
    make_cycle,
    make_review,
    make_sheet,
)
from tests.frameworks.big import BIG, big_framework
from tests.people import give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.review.actions.checking import ask, reply
from tessera.apps.review.actions.delegation import delegate_area
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer as KeptAnswer
from tessera.apps.review.models import Review
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

KEYS = ("labour-market-mobility-score", "health-score")


def browser_of(who):
    browser = Client()
    if who:
        browser.force_login(make_person(who))
    return browser


def count_queries(who, address):
    browser = browser_of(who)
    # The first visit of a day writes down that there was one.
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def make_checked_reviews(number, year):
    """A cycle whose reviews Nuria checks, one answered query and one that waits in each.

    Ilze is the officer of every city, and Andris has an area in each.
    """
    cities = [make_city(f"city-{year}-{place}", population=1_000 * place) for place in range(number)]
    cycle = make_cycle(*cities, year=year)
    ilze, nuria = make_person("ilze"), make_person("nuria")
    for review in cycle.reviews.select_related("city", "cycle"):
        make_officer("ilze", review.city)
        andris = give("andris", Kind.CONTRIBUTOR, review.city)
        delegate_area(by=ilze, review=review, area="health", colleague=andris, message="", at=ANSWERED_AT)
        answer(review, "health-score", Answer(value=62.0), person=ilze)
        mark = Review.objects.get(pk=review.pk).content_hash()
        sign_review(person=ilze, review=review, content_hash=mark, at=ANSWERED_AT)
        appoint(review)
        answered, _ = (
            ask(expert=nuria, review=review, question=key, text="Which year?", at=CHECKED_AT) for key in KEYS
        )
        reply(person=ilze, query=answered, text="Of 2023.", at=CHECKED_AT)
    return cycle


def test_lists_of_thirty_reviews_ask_as_much_as_those_of_three():
    counts = []
    for number, year in ((3, 2022), (27, 2023)):
        make_checked_reviews(number, year)
        found = {
            (who, name): count_queries(who, reverse(name))
            for who, name in (
                ("nuria", "web:work"),
                ("ilze", "web:work"),
                ("andris", "web:work"),
                ("mihai", "web:work"),
                ("nuria", "review:inbox"),
                ("ilze", "review:inbox"),
                ("andris", "review:inbox"),
            )
        }
        counts.append(found)

    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 30


def test_a_colleague_finds_thirty_areas_to_fill_at_the_cost_of_three():
    andris, counts = make_person("andris"), []
    for number, year in ((3, 2022), (27, 2023)):
        cities = [make_city(f"city-{year}-{place}") for place in range(number)]
        for review in make_cycle(*cities, year=year).reviews.select_related("city"):
            ilze = make_officer("ilze", review.city)
            give("andris", Kind.CONTRIBUTOR, review.city)
            delegate_area(by=ilze, review=review, area="health", colleague=andris, message="", at=ANSWERED_AT)
        counts.append(count_queries("andris", reverse("web:work")))

    assert counts[0] == counts[1]


def test_a_cycle_of_thirty_reviews_that_are_checked_asks_as_much_as_one_of_three():
    few, many = (make_checked_reviews(number, year) for number, year in ((3, 2022), (30, 2023)))

    found = [count_queries("mihai", reverse("review:cycle", args=[cycle.pk])) for cycle in (few, many)]

    assert found[0] == found[1] <= 20


def test_the_list_of_thirty_published_cities_asks_as_much_as_that_of_three():
    counts = []
    for first, last in ((0, 3), (3, 30)):
        for place in range(first, last):
            city = make_city(f"city-{place}", population=1_000 * place)
            make_review(city, make_sheet([60.0] + [None] * 7), state=State.PUBLISHED)
        counts.append(count_queries(None, reverse("web:cities")))

    assert counts[0] == counts[1] <= 5


@pytest.fixture
def big(tmp_path):
    """A review with a question for each of 500 answers, that two experts check; nothing is answered yet."""
    with big_framework(tmp_path) as framework:
        sheet = make_sheet(framework=BIG, answers={"question-0-0": Answer(value="yes")})
        review = make_review(make_city(), sheet, state=State.IN_REVIEW)
        appoint(review, "piotr")
        assert len(list(framework.questions())) == 500
        yield review


def fill(review):
    """Every question has an answer; on 20 of them the experts differ, and 20 others are asked about."""
    keys = [question.key for question in review.framework.questions()]
    KeptAnswer.objects.bulk_create(
        KeptAnswer(review=review, question=key, value="partly", changed_by=make_person("ilze"))
        for key in keys[1:]
    )
    check_in_part(review)


def test_the_pages_of_a_review_ask_as_much_for_500_answers_as_for_one(big):
    pages = (
        ("nuria", "review:board", 30),
        ("nuria", "review:validate", 45),
        ("nuria", "review:queries", 30),
        ("ilze", "review:tasks", 20),
        ("ilze", "review:check-answers", 25),
        ("mihai", "review:check-answers", 25),
    )
    counts = []
    for answered in (1, 500):
        if answered == 500:
            fill(big)
        counts.append([count_queries(who, reverse(name, args=[big.pk])) for who, name, _ in pages])

    assert counts[0] == counts[1]
    assert all(found <= most for found, (*_, most) in zip(counts[1], pages, strict=True))
