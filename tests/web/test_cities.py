import re
from datetime import date

import pytest
from tests.builders import SCORES, make_city, make_review, make_sheet

from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import CityFact, Membership, Network, Topic, Unit
from tessera.apps.review.lifecycle import State

pytestmark = pytest.mark.django_db


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def join_network(city, **dates):
    network, _ = Network.objects.get_or_create(
        slug="pact",
        defaults={
            "name": LocalText("en", {"en": "The pact"}),
            "starts_on": date(2020, 1, 1),
            "ends_on": date(2022, 6, 30),
            "source_name": "A site",
        },
    )
    return Membership.objects.create(city=city, network=network, source_name="A newspaper", **dates)


def test_a_figure_stands_with_its_unit_its_year_and_its_source(client):
    make_city(population=218_528)

    page = words(client.get("/en/cities/riga/"))

    assert "218,528 inhabitants (2020) Source: A census" in page


def test_a_figure_without_a_year_says_so_and_one_that_is_rough_too(client):
    CityFact.objects.create(
        city=make_city(),
        topic=Topic.POPULATION,
        figure=35_000,
        approximate=True,
        unit=Unit.INHABITANTS,
        source_name="A census",
    )

    assert "about 35,000 inhabitants (year not known)" in words(client.get("/en/cities/riga/"))


def test_what_no_source_says_is_not_known(client):
    make_city()

    page = words(client.get("/en/cities/riga/"))

    for topic in ("Inhabitants", "Who lives here", "Priorities", "Pilot", "Result"):
        assert f"{topic} not known" in page


def test_a_published_result_of_another_index_stands_apart_from_our_scores(client):
    city = make_city()
    make_review(city, make_sheet(40), state=State.PUBLISHED)
    CityFact.objects.create(
        city=city,
        topic=Topic.PUBLISHED_INDEX,
        figure=67,
        unit=Unit.POINTS,
        year=2022,
        source_name="A town hall",
    )

    page = words(client.get("/en/cities/riga/"))

    ours, theirs = page.split("Published results of another index")
    assert "67 points" not in ours
    assert "cannot be compared with the scores of the reviews above" in theirs
    assert "67 points of 100 (2022) Source: A town hall" in theirs


def test_a_review_shows_its_score_with_band_and_coverage_and_leads_to_it(client):
    make_review(make_city(), make_sheet([60] * 7 + [None]), state=State.PUBLISHED)

    page = client.get("/en/cities/riga/")

    assert f'href="/en/cities/riga/reviews/{SCORES}/2023/"' in page.content.decode()
    assert "60 of 100 points" in words(page)
    assert "between 53 and 65" in words(page)


def test_a_city_with_invented_reviews_and_an_invented_city_say_so(client):
    make_review(make_city(), state=State.PUBLISHED)
    make_city("nowhere", invented=True)

    assert "the answers are invented" in words(client.get("/en/cities/riga/"))
    assert "This city does not exist" in words(client.get("/en/cities/nowhere/"))


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"since": date(2020, 1, 1), "until": date(2022, 6, 30)}, "1 January 2020 – 30 June 2022"),
        ({"since": date(2020, 1, 1)}, "Since 1 January 2020"),
        ({"left_before": date(2020, 1, 1)}, "Left before 1 January 2020; the day is not known."),
        ({}, "not known"),
    ],
)
def test_a_membership_has_dates_and_a_source(client, dates, said):
    city = make_city()
    join_network(city, **dates)

    page = words(client.get("/en/cities/riga/")).split(" Membership ")[1]

    assert f"The pact {said}" in page
    assert "Source: A newspaper" in page


def test_cities_are_listed_apart_by_what_they_are(client):
    join_network(make_city("riga"), since=date(2020, 1, 1))
    join_network(make_city("alimos", country="GR"), left_before=date(2020, 1, 1))
    make_city("nowhere", invented=True, population=5_000)

    page = words(client.get("/en/cities/"))

    order = ["Cities of the network", "Riga", "Left before the start", "Alimos", "Invented cities", "Nowhere"]
    places = [page.index(word) for word in order]
    assert places == sorted(places)


def test_the_first_page_shows_the_real_cities_that_have_a_review(client):
    make_review(make_city("riga"), state=State.PUBLISHED)
    make_review(make_city("nowhere", invented=True), state=State.PUBLISHED, officer="chiara")
    make_city("alimos", country="GR")

    page = words(client.get("/en/"))

    assert "Riga" in page
    assert "Nowhere" not in page
    assert "Alimos" not in page


def test_a_city_that_is_not_there_answers_so(client):
    assert client.get("/en/cities/atlantis/").status_code == 404


@pytest.mark.parametrize(("address", "count"), [("/en/", 3), ("/en/cities/", 4), ("/en/cities/city-0/", 6)])
def test_more_cities_need_no_more_questions_to_the_database(
    client, django_assert_num_queries, address, count
):
    for n in range(7):
        city = make_city(f"city-{n}", population=1_000 * n)
        join_network(city, since=date(2020, 1, 1))
        make_review(city, make_sheet(year=2020), state=State.PUBLISHED)
        make_review(city, state=State.PUBLISHED)
        if n in (0, 6):
            with django_assert_num_queries(count):
                client.get(address)


@pytest.mark.parametrize("address", ["/en/", "/en/cities/", "/en/cities/riga/", "/en/questionnaires/"])
def test_a_public_page_sets_no_cookie_may_be_kept_and_only_be_read(client, address):
    make_city()

    page = client.get(address)

    assert not page.cookies
    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert client.get(address, headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
    assert client.post(address).status_code == 405
