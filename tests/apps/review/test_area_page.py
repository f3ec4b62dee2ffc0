import re

import pytest
from tests.builders import SCORES, make_city, make_review, make_sheet

from tessera.apps.network.local_text import LocalText
from tessera.apps.review.lifecycle import State

pytestmark = pytest.mark.django_db

ADDRESS = f"/en/areas/{SCORES}/2023/education/"


def rows(page):
    """The rows of the table, as lists of words."""
    found = re.findall(r'<tr role="row">(.*?)</tr>', page.content.decode(), re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def publish(slug, points, **names):
    city = make_city(slug, name=LocalText("en", {"en": slug.capitalize(), **names}))
    return make_review(city, make_sheet(points), state=State.PUBLISHED)


def test_the_cities_stand_in_the_order_of_the_alphabet_and_not_of_their_scores(client):
    publish("zeta", 90)
    publish("alpha", 50)
    publish("mu", 10)

    header, *cities = rows(client.get(ADDRESS))

    assert header == ["City", "Points", "Coverage", "80% band", "Outer band"]
    assert cities == [
        ["Alpha", "50", "100%", "50", "50"],
        ["Mu", "10", "100%", "10", "10"],
        ["Zeta", "90", "100%", "90", "90"],
    ]


def test_the_alphabet_is_that_of_the_language(client):
    publish("zeta", 90, lv="Āzeta")
    publish("alpha", 50, lv="Beta")

    page = client.get(ADDRESS.replace("/en/", "/lv/"))

    assert [row[0] for row in rows(page)[1:]] == ["Āzeta", "Beta"]


def test_a_city_without_enough_answers_is_there_with_its_whole_band(client):
    publish("alpha", [60, 60, None, 60, 60, 60, 60, 60])

    assert rows(client.get(ADDRESS))[1] == ["Alpha", "not enough answers", "0%", "0–100", "0–100"]


def test_each_city_leads_to_its_review(client):
    review = publish("alpha", 50)

    page = client.get(ADDRESS).content.decode()

    assert f'<a href="/en/cities/{review.city.slug}/reviews/{SCORES}/2023/">Alpha</a>' in page


def test_the_page_says_that_it_is_no_ranking_and_that_the_answers_are_invented(client):
    publish("alpha", 50)

    page = client.get(ADDRESS).content.decode()

    assert "this is no ranking" in page
    assert "The answers are invented" in page


def test_the_page_leads_to_the_same_area_in_other_years(client):
    city = make_city()
    make_review(city, make_sheet(year=2020), state=State.PUBLISHED)
    make_review(city, make_sheet(year=2023), state=State.PUBLISHED)

    page = client.get(ADDRESS).content.decode()

    assert f'href="/en/areas/{SCORES}/2020/education/"' in page


@pytest.mark.parametrize(
    "address",
    [
        f"/en/areas/{SCORES}/2023/no-such-area/",
        f"/en/areas/{SCORES}/2019/education/",
        "/en/areas/no-such-questionnaire/2023/education/",
    ],
)
def test_an_area_a_year_or_a_questionnaire_that_is_not_there_answers_so(client, address):
    publish("alpha", 50)

    assert client.get(address).status_code == 404


def test_more_cities_need_no_more_questions_to_the_database(client, django_assert_num_queries):
    publish("alpha", 50)
    client.get(ADDRESS)
    with django_assert_num_queries(3):
        client.get(ADDRESS)

    for n in range(6):
        publish(f"other-{n}", 50)
    with django_assert_num_queries(3):
        client.get(ADDRESS)
