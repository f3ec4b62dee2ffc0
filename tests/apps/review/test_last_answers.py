"""What the city said the last time, on the page of a question."""

import re

import pytest
from django.urls import reverse
from tests.builders import (
    REVIEW,
    answer,
    make_city,
    make_review,
    make_sheet,
)
from tests.people import make_officer, make_person

from tessera.apps.review.last_answers import last_answers
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer, Review
from tessera.apps.review.progress import progress_of
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.schema import Change
from tessera.frameworks.scoring import score_sheet

pytestmark = pytest.mark.django_db

THEN = {
    "strategy": GivenAnswer("yes", note="In force"),
    "interpretation": GivenAnswer("most"),
    "library-offer": GivenAnswer(("books",)),
    "teacher-training": GivenAnswer("some"),
    "cases-known": GivenAnswer("yes"),
    "discrimination-study": GivenAnswer("never"),
    "school-mix": GivenAnswer(not_applicable=True, reason="Only one school."),
}


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def review(city):
    """Is being filled, with version 2; the city answered version 1 three years before."""
    make_review(
        city, make_sheet(framework=REVIEW, version=1, year=2020, answers=THEN), public_notes=["strategy"]
    )
    return make_review(
        city, make_sheet(framework=REVIEW, version=2, year=2023, answers={}), state=State.FILLING
    )


@pytest.fixture
def ilze(client):
    client.force_login(make_person("ilze"))
    return client


def address_of(review, question):
    area = review.framework.question(question).area
    return reverse("review:question", args=[review.pk, area, question])


def text_of(client, review, question):
    return client.get(address_of(review, question)).content.decode()


# Over the change map of version 2, as its file says it.


@pytest.mark.parametrize(
    ("question", "change", "said"),
    [
        ("strategy", Change.SAME, {"strategy": "yes"}),
        ("interpretation", Change.REWORDED, {"interpretation": "most"}),
        ("library-offer", Change.CHANGED, {"library-offer": ["books"]}),
        ("training-language", Change.SPLIT, {"teacher-training": "some"}),
        ("training-prejudice", Change.SPLIT, {"teacher-training": "some"}),
        ("discrimination-figures", Change.MERGED, {"cases-known": "yes", "discrimination-study": "never"}),
    ],
)
def test_the_last_answer_is_found_over_the_change_map(review, question, change, said):
    found = last_answers(review, question)

    assert {last.answer.question: last.answer.value for last in found} == said
    assert {last.change for last in found} == {change}


@pytest.mark.parametrize("question", ["online-services", "public-commitment"], ids=["new", "not answered"])
def test_there_is_none_where_nothing_was_said(ilze, review, question):
    assert last_answers(review, question) == ()
    assert "the city said" not in text_of(ilze, review, question)


def test_what_a_rule_had_ruled_out_was_no_answer(city):
    answers = {"strategy": GivenAnswer("no"), "action-plan": GivenAnswer("yes")}
    make_review(city, make_sheet(framework=REVIEW, year=2020, answers=answers))
    review = make_review(
        city, make_sheet(framework=REVIEW, version=2, year=2023, answers={}), state=State.FILLING
    )
    assert [last.answer.value for last in last_answers(review, "strategy")] == ["no"]
    assert last_answers(review, "action-plan") == ()


def test_the_newest_validated_review_before_this_one_is_the_last(city):
    for year, value in ((2016, "no"), (2019, "partly")):
        make_review(city, make_sheet(framework=REVIEW, year=year, answers={"strategy": GivenAnswer(value)}))
    # Not validated, of another city, and of a later year.
    make_review(
        city,
        make_sheet(framework=REVIEW, year=2020, answers={"strategy": GivenAnswer("yes")}),
        state=State.FILLING,
    )
    make_review(
        make_city("ravenna"),
        make_sheet(framework=REVIEW, year=2021, answers={"strategy": GivenAnswer("yes")}),
    )
    make_review(city, make_sheet(framework=REVIEW, year=2024, answers={"strategy": GivenAnswer("yes")}))
    review = make_review(
        city, make_sheet(framework=REVIEW, version=2, year=2023, answers={}), state=State.FILLING
    )

    assert [(last.year, last.answer.value) for last in last_answers(review, "strategy")] == [(2019, "partly")]


# On the page


def test_the_last_answer_is_shown_with_its_note_and_may_be_said_again(ilze, review):
    text = text_of(ilze, review, "strategy")

    assert "In 2020 the city said" in text
    assert "Yes<br>Note, which may be published: In force" in text
    # Beside the form, and not in it: whoever sends the form as it is says nothing.
    assert not re.search(r'name="choice"[^>]*checked', text)
    assert "In force</textarea>" not in text
    assert "Still true: save and go on" in text


def test_a_question_that_was_reworded_is_shown_as_it_was_asked_then(ilze, review):
    text = text_of(ilze, review, "interpretation")

    assert "The question was then:" in text
    assert "Still true: save and go on" in text


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("library-offer", "the question or its options were changed since"),
        ("training-language", "the question of that time was split"),
        ("discrimination-figures", "questions of that time were merged into this one"),
    ],
)
def test_what_is_not_comparable_says_why_and_cannot_be_said_again(ilze, review, question, why):
    text = text_of(ilze, review, question)

    assert f"The two answers are not comparable: {why}." in text
    assert "Still true" not in text
    page = ilze.post(address_of(review, question), {"revision": 0, "act": "still-true"})
    assert page.status_code == 302
    assert not Answer.objects.filter(review=review).exists()


def test_invariant_8_a_last_answer_counts_only_after_a_person_confirmed_it(ilze, review):
    for question in review.framework.questions():
        assert ilze.get(address_of(review, question.key)).status_code == 200
    review = Review.objects.get(pk=review.pk)
    assert progress_of(review).answered == 0
    assert review.sheet().answers == {}
    assert score_sheet(review.framework, review.sheet()).area("commitment").score.coverage == 0

    page = ilze.post(address_of(review, "strategy"), {"revision": 0, "act": "still-true"})
    assert page["Location"] == address_of(review, "action-plan")
    saved = Answer.objects.get(review=review)
    assert (saved.value, saved.note, saved.is_note_public) == ("yes", "In force", True)
    assert saved.changed_by == make_person("ilze")
    assert progress_of(review).answered == 1


def test_what_did_not_apply_may_still_not_apply(ilze, review):
    ilze.post(address_of(review, "school-mix"), {"revision": 0, "act": "still-true"})

    saved = Answer.objects.get(review=review)
    assert (saved.not_applicable, saved.reason) == (True, "Only one school.")


def test_a_note_that_was_typed_before_confirming_is_kept(ilze, review):
    fields = {"revision": 0, "choice": "no", "note": "Renewed in May", "act": "still-true"}
    ilze.post(address_of(review, "strategy"), fields)

    saved = Answer.objects.get(review=review)
    assert (saved.value, saved.note, saved.is_note_public) == ("yes", "Renewed in May", False)


def test_confirming_on_a_stale_page_shows_both_answers(ilze, review):
    answer(review, "strategy", GivenAnswer("no"), person=make_officer("chiara", review.city))

    page = ilze.post(address_of(review, "strategy"), {"revision": 0, "act": "still-true"})
    assert page.status_code == 409
    assert "Chiara has saved another answer meanwhile." in page.content.decode()
    # The form holds the last answer now, so that it is what goes out when one keeps what one said.
    assert re.search(r'value="yes"[^>]*checked', page.content.decode())
    assert Answer.objects.get(review=review).value == "no"


def test_the_last_answer_is_shown_and_cannot_be_said_again_once_all_is_sent(ilze, review):
    answer(review, "leaders-speak", GivenAnswer("often"))
    Review.objects.filter(pk=review.pk).update(state=State.SUBMITTED, submitted_at="2024-02-05T10:00Z")

    text = text_of(ilze, review, "strategy")
    assert "In 2020 the city said" in text
    assert "Still true" not in text
    page = ilze.post(address_of(review, "strategy"), {"revision": 0, "act": "still-true"})
    assert page.status_code == 409
    assert not Answer.objects.filter(review=review, question="strategy").exists()
