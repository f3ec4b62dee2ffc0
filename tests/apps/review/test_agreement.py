"""How far two experts agree. The figures are worked out by hand, from Krippendorff (2011), section C."""

import pytest
from django.template.loader import render_to_string
from tests.apps.review.test_give_opinion import judge
from tests.builders import REVIEW, appoint, make_city, make_review, make_sheet

from tessera.apps.review.actions.experts import release_expert
from tessera.apps.review.agreement import Agreement, not_reconciled, read_agreement
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer as KeptAnswer
from tessera.frameworks.answers import Answer
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import representative_answers

pytestmark = pytest.mark.django_db

EDUCATION, HEALTH, POLITICS = "education-score", "health-score", "political-participation-score"


def make_judged(education=60, health=60, politics=60):
    numbers = {EDUCATION: education, HEALTH: health, POLITICS: politics}
    answers = {key: Answer(value=float(number)) for key, number in numbers.items()}
    review = make_review(make_city(), make_sheet(answers=answers), state=State.SUBMITTED)
    for key in ("nuria", "piotr"):
        appoint(review, key)
    return review


def test_alpha_compares_what_both_hold_right_with_chance():
    """The pairs are 60-60, 40-60 and 100-100: D_o = 400/3. Among all six figures there are 3 pairs at a
    distance of 20, 6 of 40 and 2 of 60, of 15: D_e = (3*400 + 6*1600 + 2*3600) / 15 = 1200."""
    review = make_judged(education=60, health=40, politics=100)
    for key in (EDUCATION, HEALTH, POLITICS):
        judge(review, question=key)
    judge(review, question=EDUCATION, who="piotr")
    judge(review, question=HEALTH, who="piotr", other=Answer(value=60.0), reason="So.")
    judge(review, question=POLITICS, who="piotr")

    found = read_agreement(review)

    assert (found.answers, found.same, found.without_score) == (3, 2, 0)
    assert found.alpha == pytest.approx(1 - (400 / 3) / 1200, abs=1e-12)


def test_answers_that_one_alone_has_judged_are_left_out():
    review = make_judged(education=60, health=40)
    judge(review, question=EDUCATION)
    judge(review, question=HEALTH)
    judge(review, question=HEALTH, who="piotr")

    assert read_agreement(review) == Agreement(answers=1, same=1, without_score=0, alpha=None)


def test_an_acceptance_of_an_answer_that_was_changed_since_is_left_out():
    review = make_judged()
    for key in (EDUCATION, HEALTH):
        judge(review, question=key)
        judge(review, question=key, who="piotr")
    KeptAnswer.objects.filter(question=HEALTH).update(value=10.0, revision=2)

    assert read_agreement(review).answers == 1


def test_another_answer_that_was_held_right_before_the_city_changed_its_own_is_left_out():
    """It still keeps the experts apart: one of them has to say something new."""
    review = make_judged()
    for key in (EDUCATION, HEALTH):
        judge(review, question=key)
        judge(review, question=key, who="piotr", other=Answer(value=40.0), reason="So.")
    KeptAnswer.objects.filter(question=HEALTH).update(value=10.0, revision=2)
    judge(review, question=HEALTH, revision=2)

    found = read_agreement(review)

    assert (found.answers, found.same) == (1, 0)
    assert not_reconciled(review) == [EDUCATION, HEALTH]
    judge(review, question=HEALTH, who="piotr", other=Answer(value=40.0), reason="So.", revision=2)
    assert read_agreement(review).answers == 2


def test_does_not_apply_has_no_score_and_is_counted():
    """Nuria accepts that the question does not apply, Piotr holds an answer right."""
    value = representative_answers(find_framework(REVIEW, 2).question("school-mix"))[0]
    sheet = make_sheet(
        framework=REVIEW,
        version=2,
        answers={"school-mix": Answer(not_applicable=True, reason="No schools here.")},
    )
    review = make_review(make_city(), sheet, state=State.SUBMITTED)
    for key in ("nuria", "piotr"):
        appoint(review, key)
    judge(review, question="school-mix")
    judge(review, question="school-mix", who="piotr", other=Answer(value=value), reason="There are two.")

    assert read_agreement(review) == Agreement(answers=1, same=0, without_score=1, alpha=None)


def test_a_question_that_another_answer_rules_out_plays_no_part():
    """Without a budget line, its share is not asked."""
    answers = {"integration-budget": Answer(value="yes"), "budget-share": Answer(value=1.0)}
    sheet = make_sheet(framework=REVIEW, version=2, answers=answers)
    review = make_review(make_city(), sheet, state=State.SUBMITTED)
    for key in ("nuria", "piotr"):
        appoint(review, key)
    judge(review, question="budget-share")
    judge(review, question="budget-share", who="piotr", other=Answer(value=2.0), reason="So.")
    assert read_agreement(review).answers == 1
    assert not_reconciled(review) == ["budget-share"]

    KeptAnswer.objects.filter(question="integration-budget").update(value="no")

    assert read_agreement(review).answers == 0
    assert not_reconciled(review) == []


def test_there_is_none_of_one_expert_alone():
    review = make_review(make_city(), state=State.SUBMITTED)
    appoint(review)
    assert read_agreement(review) is None

    appoint(review, "piotr")
    assert read_agreement(review) == Agreement(answers=0, same=0, without_score=0, alpha=None)

    appointment = review.appointments.first()
    release_expert(by=appointment.appointed_by, appointment=appointment, at=appointment.appointed_at)
    assert read_agreement(review) is None


@pytest.mark.parametrize(
    ("agreement", "said"),
    [
        (Agreement(3, 2, 0, 8 / 9), "alpha is 0.89, over the scores of 3 answers"),
        (Agreement(4, 2, 1, 0.5), "1 answer is left out of alpha"),
        (Agreement(2, 2, 0, None), "every answer that the two hold right has the same score"),
        (Agreement(1, 0, 1, None), "on none of these answers do both hold right one that has a score"),
        (Agreement(0, 0, 0, None), "no answer yet on which both have given an opinion"),
    ],
)
def test_it_is_said_in_words_or_why_it_cannot_be_computed(agreement, said):
    words = render_to_string("review/_agreement.html", {"agreement": agreement})

    assert said in " ".join(words.replace("&#x27;", "'").split())
