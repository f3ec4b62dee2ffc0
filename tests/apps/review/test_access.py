import pytest
from django.http import Http404
from tests.builders import SCORES, make_city, make_review

from tessera.apps.review.access import get_public_review, public_reviews
from tessera.apps.review.lifecycle import State

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", State)
def test_anybody_sees_what_is_published_and_what_it_superseded(state):
    review = make_review(make_city(), state=state)

    if state not in (State.PUBLISHED, State.SUPERSEDED):
        assert review not in public_reviews()
        with pytest.raises(Http404):
            get_public_review("riga", SCORES, 2023)
    else:
        assert review in public_reviews()
        assert get_public_review("riga", SCORES, 2023) == review


@pytest.mark.parametrize(
    ("city", "framework", "year"),
    [("ravenna", SCORES, 2023), ("riga", "other", 2023), ("riga", SCORES, 2022)],
)
def test_what_is_not_there_and_what_is_not_public_answer_alike(city, framework, year):
    make_review(make_city(), state=State.PUBLISHED)

    with pytest.raises(Http404):
        get_public_review(city, framework, year)


@pytest.mark.parametrize("file", ["", "report.pdf", "answers.xlsx", "profile.json"])
def test_a_review_that_is_not_published_shows_neither_page_nor_file(client, file):
    make_review(make_city())

    assert client.get(f"/en/cities/riga/reviews/{SCORES}/2023/{file}").status_code == 404


def test_a_review_that_is_not_published_shows_on_no_other_page(client):
    make_review(make_city())

    for address in ("/en/", "/en/cities/", "/en/cities/riga/"):
        page = client.get(address).content.decode()
        assert f"/reviews/{SCORES}" not in page
        assert "2023" not in page
    assert client.get(f"/en/areas/{SCORES}/2023/education/").status_code == 404
