from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone
from tests.builders import REVIEW, VALIDATED_AT, make_city, make_review, make_sheet
from tests.people import make_officer, make_person

from tessera.apps.review.actions.publishing import record_review
from tessera.apps.review.models import Answer as StoredAnswer
from tessera.apps.review.models import Review
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

EVERY_KIND = {
    "strategy": Answer(value="yes", note="Since spring", evidence="Decision 5"),
    "school-mix": Answer(not_applicable=True, reason="The region does it"),
    "school-language-help": Answer(value=("home-language", "homework-help")),
    "course-wait": Answer(value=0.5),
    "staff-code": Answer(note="Nobody knew"),
}


def test_a_sheet_comes_back_as_it_was_recorded():
    sheet = make_sheet(framework=REVIEW, answers=EVERY_KIND)

    review = make_review(make_city(), sheet)

    assert Review.objects.get(pk=review.pk).sheet().answers == EVERY_KIND


def test_a_whole_number_comes_back_as_a_number_with_a_point():
    review = make_review(
        make_city(), make_sheet(framework=REVIEW, answers={"course-wait": Answer(value=1.0)})
    )

    value = Review.objects.get(pk=review.pk).sheet().answers["course-wait"].value

    assert (value, type(value)) == (1.0, float)


def test_an_answer_to_a_question_that_is_not_asked_is_refused_whole():
    sheet = make_sheet(framework=REVIEW, answers={"no-such-question": Answer(value="yes")})

    with pytest.raises(KeyError, match="no-such-question"):
        make_review(make_city(), sheet)
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [Answer(value="perhaps"), Answer(value=2.0), Answer(not_applicable=True, reason="We have none")],
    ids=["an unknown option", "a number", "does not apply"],
)
def test_an_answer_that_the_question_does_not_take_is_refused_whole(answer):
    sheet = make_sheet(framework=REVIEW, answers={"strategy": answer})

    with pytest.raises(ValueError, match="strategy"):
        make_review(make_city(), sheet)
    assert not Review.objects.exists()


def test_what_does_not_apply_needs_a_reason():
    sheet = make_sheet(framework=REVIEW, answers={"school-mix": Answer(not_applicable=True)})

    with pytest.raises(IntegrityError, match="what_does_not_apply_has_a_reason"):
        make_review(make_city(), sheet)


def test_a_question_is_answered_once():
    review = make_review(make_city(), make_sheet(framework=REVIEW, answers=EVERY_KIND))

    with pytest.raises(IntegrityError):
        StoredAnswer.objects.create(review=review, question="strategy", value="no")


@pytest.mark.parametrize(
    ("worked_until", "allowed"),
    [
        (None, False),
        (date(2023, 1, 1), False),
        (date(2022, 3, 4), False),
        (date(2022, 3, 3), True),
    ],
    ids=["still works there", "left last year", "left two years ago to the day", "left before that"],
)
def test_nobody_validates_the_review_of_a_city_one_works_or_lately_worked_for(worked_until, allowed):
    city = make_city()
    expert = make_officer("nuria", city, until=worked_until)

    def validate():
        return record_review(city=city, sheet=make_sheet(), validated_by=expert, validated_at=VALIDATED_AT)

    if allowed:
        assert validate().validated_by == make_person("nuria")
    else:
        with pytest.raises(PermissionDenied, match="cannot validate"):
            validate()


def test_the_day_on_which_an_expert_judges_is_that_of_the_sites_clock():
    city = make_city()
    # Two years later it is 4 March in Riga, and still 3 March by universal time.
    expert = make_officer("nuria", city, until=date(2022, 3, 3))
    at = datetime(2024, 3, 3, 22, 30, tzinfo=UTC)
    given = {"city": city, "sheet": make_sheet(), "validated_by": expert, "validated_at": at}
    with pytest.raises(PermissionDenied):
        record_review(**given)

    with timezone.override("Europe/Riga"):
        assert record_review(**given).validated_at == at
