import re

import pytest
from tests.builders import REVIEW, SCORES, make_city, make_review, make_sheet

from tessera.apps.network.local_text import LocalText
from tessera.apps.review.lifecycle import State
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

ADDRESS = f"/cities/riga/reviews/{SCORES}/2023/"


def words(response):
    """What a person reads: the text without the markup."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text.replace("&#x27;", "'"))


@pytest.fixture
def riga(db):
    return make_city(name=LocalText("lv", {"lv": "Rīga", "en": "Riga"}))


def test_the_page_says_the_score_what_it_rests_on_and_where_it_lies(client, riga):
    """Seven of eight areas at 60: score 60, coverage 7/8 = 88 %, and between 52.5 and 65 with the eighth."""
    make_review(riga, make_sheet([60, 60, 60, 60, 60, 60, 60, None]), state=State.PUBLISHED)

    page = words(client.get(f"/en{ADDRESS}"))

    assert "60 points of 100" in page
    assert "The answers cover 88% of the weight." in page
    assert "the score would lie between 53 and 65" in page
    assert "Not enough answers for a score: Anti-discrimination" in page


def test_the_page_speaks_the_language_of_its_address(client, riga):
    make_review(riga, state=State.PUBLISHED)

    page = client.get(f"/lv{ADDRESS}")

    assert '<html lang="lv"' in page.content.decode()
    assert "Rīga" in words(page)
    assert "Riga" not in words(page)
    assert "Atbildes ir izdomātas" in words(page)


def test_the_page_says_that_its_answers_are_invented(client, riga):
    make_review(riga, state=State.PUBLISHED)

    assert "The answers are invented" in words(client.get(f"/en{ADDRESS}"))


def test_a_page_of_real_answers_says_nothing_of_invention(client, riga):
    sheet = make_sheet()
    object.__setattr__(sheet, "invented", False)
    make_review(riga, sheet, state=State.PUBLISHED)

    assert "invented" not in words(client.get(f"/en{ADDRESS}")).lower()


def test_a_superseded_review_stays_and_leads_to_the_later_one(client, riga):
    make_review(riga, state=State.SUPERSEDED)

    page = client.get(f"/en{ADDRESS}")

    assert "This page stays as it was published." in words(page)
    assert f'href="/en/cities/riga/reviews/{SCORES}/2024/"' in page.content.decode()


def test_the_later_review_says_what_moved(client, riga):
    make_review(riga, make_sheet(40, year=2020), state=State.PUBLISHED)
    make_review(riga, make_sheet(52, year=2023), state=State.PUBLISHED)

    page = words(client.get(f"/en{ADDRESS}"))

    assert "What moved since 2020" in page
    assert "+12" in page


def test_the_cities_of_the_class_are_named_as_far_as_they_are_public(client, riga):
    make_review(make_city("shown", country="EE"), state=State.PUBLISHED, officer="chiara")
    make_review(make_city("silent", country="LT"))
    make_review(riga, state=State.PUBLISHED)

    page = client.get(f"/en{ADDRESS}").content.decode()

    assert f'<a href="/en/cities/shown/reviews/{SCORES}/2023/">Shown</a>' in page
    assert "Silent" not in page


def test_the_page_names_who_checked_and_who_published(client, riga):
    make_review(riga, state=State.PUBLISHED)

    page = words(client.get(f"/en{ADDRESS}"))

    assert "Checked by Nuria on 4 March 2024. Published by the city, Ilze, on 18 March 2024." in page


def test_what_a_city_wrote_cannot_act_as_markup(client, riga):
    note = "<script>alert(1)</script>"
    sheet = make_sheet(framework=REVIEW, answers={"strategy": Answer(value="yes", note=note)})
    make_review(riga, sheet, state=State.PUBLISHED, public_notes=["strategy"])

    page = client.get(f"/en/cities/riga/reviews/{REVIEW}/2023/").content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page


def test_a_note_that_the_city_keeps_to_itself_is_on_no_page_and_in_no_file(client, riga):
    sheet = make_sheet(framework=REVIEW, answers={"strategy": Answer(value="yes", note="for us alone")})
    make_review(riga, sheet, state=State.PUBLISHED)

    for file in ("", "profile.json"):
        assert b"for us alone" not in client.get(f"/en/cities/riga/reviews/{REVIEW}/2023/{file}").content


def test_a_page_needs_no_more_questions_to_the_database_when_more_is_published(
    client, riga, django_assert_max_num_queries
):
    make_review(riga, make_sheet(year=2020), state=State.PUBLISHED)
    for n in range(8):
        make_review(make_city(f"other-{n}"), state=State.PUBLISHED)
    make_review(riga, state=State.PUBLISHED)

    with django_assert_max_num_queries(5):
        client.get(f"/en{ADDRESS}")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("file", ["", "report.pdf", "answers.xlsx", "profile.json"])
def test_a_review_is_there_to_be_read_only(client, riga, method, file):
    make_review(riga, state=State.PUBLISHED)

    assert getattr(client, method)(f"/en{ADDRESS}{file}").status_code == 405


def test_a_page_may_be_kept_and_is_not_sent_twice(client, riga):
    make_review(riga, state=State.PUBLISHED)

    first = client.get(f"/en{ADDRESS}")
    again = client.get(f"/en{ADDRESS}", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert not first.cookies
    assert (again.status_code, again.content) == (304, b"")
