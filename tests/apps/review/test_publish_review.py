import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.builders import PUBLISHED_AT, REVIEW, make_city, make_review, make_sheet
from tests.people import make_officer, make_person

from tessera.apps.network.models import SizeClass
from tessera.apps.review.actions.publishing import publish_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer as StoredAnswer
from tessera.apps.review.models import Publication, Review
from tessera.frameworks.answers import Answer
from tessera.frameworks.profile import QuestionState
from tessera.frameworks.schema import Pathway
from tessera.frameworks.scoring import score_sheet

pytestmark = pytest.mark.django_db


def published(city, sheet=None, **more):
    return make_review(city, sheet, state=State.PUBLISHED, **more).publication


def test_the_frozen_figures_are_those_of_the_answers():
    """Eight areas of the same weight: (10 + 20 + ... + 80) / 8 = 45."""
    publication = published(make_city(), make_sheet([10, 20, 30, 40, 50, 60, 70, 80]))

    assert publication.profile.overall["core"].points == 45
    assert publication.profile.area("education").score.points == 30
    assert publication.sheet.content_hash() == publication.profile.hashes.answers


def test_a_missing_answer_widens_the_band_and_does_not_count_as_zero():
    """Seven of eight areas at 60: the mean stays 60; the eighth could be 0 or 100: 52.5 to 65."""
    publication = published(make_city(), make_sheet([60, 60, 60, 60, 60, 60, 60, None]))

    overall = publication.profile.overall["core"]
    assert (overall.points, overall.coverage) == (60, 7 / 8)
    assert (overall.outer_band.low, overall.outer_band.high) == (52.5, 65)


def test_the_hash_is_that_of_the_frozen_profile():
    publication = published(make_city())

    assert publication.profile_hash == hashlib.sha256(publication.profile_json.encode()).hexdigest()


def test_the_later_review_supersedes_the_earlier_one_and_says_what_moved():
    city = make_city()
    earlier = make_review(city, make_sheet(40, year=2020), state=State.PUBLISHED)
    later = make_review(city, make_sheet(50, year=2023), state=State.PUBLISHED)
    earlier.refresh_from_db()

    assert (earlier.state, later.state) == (State.SUPERSEDED, State.PUBLISHED)
    assert later.publication.previous == earlier
    assert later.publication.profile.movement.previous_year == 2020
    assert later.publication.profile.movement.overall["core"] == 10
    assert earlier.publication.profile.movement is None


def test_the_class_is_the_other_cities_of_the_same_size_with_the_same_questions_and_year():
    same = [make_city(f"same-{n}", population=30_000 + n) for n in range(5)]
    for city, points in zip(same, [10, 20, 30, 40, 50], strict=True):
        make_review(city, make_sheet(points))
    make_review(make_city("large", population=900_000), make_sheet(90))
    make_review(make_city("unknown"), make_sheet(90))
    make_review(make_city("other-year", population=30_000), make_sheet(90, year=2020))
    make_review(make_city("other-pathway", population=30_000), make_sheet(90, pathway=Pathway.CORE))
    make_review(
        make_city("other-questions", population=30_000),
        make_sheet(framework=REVIEW, answers={"strategy": Answer(value="yes")}),
    )

    publication = published(make_city(population=35_000), make_sheet(70))

    assert {review.city.slug for review in publication.class_reviews.all()} == {city.slug for city in same}
    assert publication.size_class == SizeClass.SMALL
    similar = publication.profile.comparison.overall["core"]
    assert (similar.n, similar.low, similar.median, similar.high) == (5, 10, 30, 50)


def test_no_range_is_shown_of_a_class_of_four():
    for n in range(4):
        make_review(make_city(f"same-{n}", population=30_000), make_sheet(40))

    publication = published(make_city(population=35_000))

    assert publication.profile.comparison.cities == 4
    assert publication.profile.comparison.overall["core"] is None


def test_a_city_of_unknown_size_is_compared_with_all_others():
    for n, population in enumerate([1_000, 150_000, 900_000, None, None]):
        make_review(make_city(f"other-{n}", population=population), make_sheet(40))

    publication = published(make_city())

    assert publication.size_class == ""
    assert publication.profile.comparison.cities == 5


def test_real_answers_are_never_compared_with_invented_ones():
    for n in range(5):
        make_review(make_city(f"other-{n}"), make_sheet(40))
    real = make_sheet(60)
    object.__setattr__(real, "invented", False)

    publication = published(make_city(), real)

    assert not publication.class_reviews.exists()


def test_what_the_class_does_later_does_not_change_a_publication():
    publication = published(make_city())
    before = publication.profile_json
    make_review(make_city("late"), make_sheet(90), state=State.PUBLISHED, officer="chiara")

    assert Publication.objects.get(pk=publication.pk).profile_json == before


@pytest.mark.parametrize(
    "column", ["profile_json", "sheet_json", "profile_hash", "size_class", "words_json", "note"]
)
def test_the_database_refuses_to_change_a_publication(column):
    publication = published(make_city())
    setattr(publication, column, "x")
    ways = (
        lambda: Publication.objects.filter(pk=publication.pk).update(**{column: "x"}),
        publication.save,
        lambda: connection.cursor().execute(f"UPDATE review_publication SET {column} = 'x'"),
    )

    for change in ways:
        with pytest.raises(IntegrityError, match="A publication never changes"), transaction.atomic():
            change()


def test_a_changed_answer_does_not_change_what_was_published():
    review = make_review(make_city(), state=State.PUBLISHED)

    StoredAnswer.objects.filter(review=review).update(value=1.0)

    assert set(Review.objects.get(pk=review.pk).publication.sheet.answers.values()) == {Answer(value=60.0)}


def test_a_note_is_published_only_where_the_city_agreed():
    answers = {
        "strategy": Answer(value="yes", note="for all", evidence="Decision 5"),
        "staff-code": Answer(value="no", note="for us alone", evidence="Memo 7"),
    }
    sheet = make_sheet(framework=REVIEW, answers=answers)

    review = make_review(make_city(), sheet, state=State.PUBLISHED, public_notes=["strategy"])

    kept = review.publication.sheet.answers
    assert kept["strategy"] == answers["strategy"]
    assert kept["staff-code"] == Answer(value="no")
    assert "for us alone" not in review.publication.sheet_json + review.publication.profile_json
    assert review.sheet().answers == answers


def test_an_answer_that_a_rule_hides_is_kept_and_not_published():
    answers = {
        "strategy": Answer(value="no"),
        "action-plan": Answer(value="partly", note="for all", evidence="Decision 5"),
        "coordination": Answer(value="nobody"),
    }
    sheet = make_sheet(framework=REVIEW, version=2, answers=answers)
    review = make_review(make_city(), sheet, state=State.PUBLISHED, public_notes=["action-plan"])
    profile = review.publication.profile

    assert review.sheet().answers == answers
    assert set(review.publication.sheet.answers) == {"strategy", "coordination"}
    hidden = next(each for each in profile.area("commitment").questions if each.key == "action-plan")
    assert (hidden.state, hidden.value, hidden.points) == (QuestionState.HIDDEN, None, None)
    # Whoever has what is published comes to the same profile; the hidden answer moves no figure.
    assert score_sheet(review.framework, review.publication.sheet) == profile
    kept = score_sheet(review.framework, review.sheet())
    assert [area.score.points for area in kept.areas] == [area.score.points for area in profile.areas]
    assert [area.score.coverage for area in kept.areas] == [area.score.coverage for area in profile.areas]
    assert [area.score.outer_band for area in kept.areas] == [area.score.outer_band for area in profile.areas]


def test_nothing_is_published_when_the_scoring_fails():
    review = make_review(make_city())
    make_officer("ilze", review.city)
    StoredAnswer.objects.filter(review=review).update(value="not a number")

    with pytest.raises(ValueError, match="is not one of its options"):
        publish_review(review=review, person=make_person("ilze"), at=PUBLISHED_AT)
    review.refresh_from_db()
    assert review.state == State.VALIDATED
    assert not Publication.objects.exists()


def test_the_frozen_profile_is_plain_json():
    frozen = json.loads(published(make_city()).profile_json)

    assert (frozen["format"], frozen["year"], frozen["invented"]) == ("tessera-profile-1", 2023, True)


def test_the_day_is_that_of_the_sites_clock():
    city = make_city()
    review = make_review(city)
    officer = make_officer("andris", city, since=date(2024, 3, 18))

    with timezone.override("Europe/Riga"):
        # Half past midnight in Riga.
        publish_review(review=review, person=officer, at=datetime(2024, 3, 17, 22, 30, tzinfo=UTC))

    review.refresh_from_db()
    assert review.state == State.PUBLISHED
