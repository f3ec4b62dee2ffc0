"""The board of an expert: areas by state, and what to look at."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.apps.review.test_give_opinion import judge
from tests.builders import (
    CHECKED_AT,
    REVIEW,
    VALIDATED_AT,
    answer,
    appoint,
    make_city,
    make_review,
    make_sheet,
    verify,
)
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.review.actions.checking import ask, return_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Evidence, EvidenceKind, EvidenceUse, Review
from tessera.frameworks.answers import Answer
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import representative_answers
from tessera.frameworks.scores.reading import read_answers
from tessera.frameworks.scoring import find_contradictions

pytestmark = pytest.mark.django_db

KEY = "education-score"


@pytest.fixture
def review():
    review = make_review(make_city(), state=State.SUBMITTED)
    appoint(review)
    return review


@pytest.fixture
def expert(client):
    client.force_login(make_person("nuria"))
    return client


def url(review):
    return reverse("review:board", args=[review.pk])


def area_of(page, key="education"):
    return next(each["area"] for each in page.context["areas"] if each["area"].key == key)


def labels(page, key="education"):
    rows = next(each["rows"] for each in page.context["areas"] if each["area"].key == key)
    return [tag["label"] for tag in rows[0]["tags"]]


def add_link(review, question):
    piece = Evidence.objects.create(review=review, kind=EvidenceKind.LINK, url="https://example.org/plan")
    EvidenceUse.objects.create(evidence=piece, question=question)


def test_it_shows_each_area_with_its_score_and_what_is_left(expert, review):
    page = expert.get(url(review))

    area = area_of(page)
    assert (area.judged, area.asked, area.queries, area.without_evidence) == (0, 1, 0, 1)
    cells = page.context["table"]["rows"][2]
    assert [cell.get("text") for cell in cells[:6]] == ["Education", "1 of 1", "0 of 1", "0", "1", "60"]
    assert labels(page) == ["no opinion yet", "no evidence"]


def test_it_follows_what_the_expert_does(expert, review):
    add_link(review, KEY)
    judge(review)
    judge(review, question="health-score", other=Answer(value=20.0), reason="So.")
    ask(expert=make_person("nuria"), review=review, question="health-score", text="?", at=CHECKED_AT)
    verify(review, "education")

    page = expert.get(url(review))

    assert labels(page) == ["accepted"]
    assert labels(page, "health") == ["other answer", "query with the city", "no evidence"]
    assert page.context["table"]["rows"][2][6] == {"tag": {"label": "verified", "color": "success"}}
    said = " ".join(page.content.decode().split())
    assert "on 2 of 8 answers" in said
    assert "Verified: 1 of 8 areas." in said
    assert "1 query is not settled" in said


def test_an_answer_that_was_changed_since_ones_opinion_is_flagged(expert, review):
    judge(review)
    ask(expert=make_person("nuria"), review=review, question=KEY, text="Which year?", at=CHECKED_AT)
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    assert area_of(expert.get(url(review))).changed == 0

    answer(review, KEY, Answer(value=50.0), revision=1)

    page = expert.get(url(review))
    assert area_of(page).changed == 1
    assert labels(page)[0] == "changed since your opinion"
    assert page.context["next_url"] == reverse(
        "review:judge", args=[review.pk, "labour-market-mobility-score"]
    )


def test_the_next_answer_is_the_first_without_ones_opinion(expert, review):
    judge(review, question="labour-market-mobility-score")
    judge(review, question="family-reunion-score")

    page = expert.get(url(review))

    assert page.context["next_url"] == reverse("review:judge", args=[review.pk, KEY])
    for question in review.framework.questions():
        judge(review, question=question.key)
    assert expert.get(url(review)).context["next_url"] == ""


def test_contradictions_lead_to_their_answers(expert):
    framework = find_framework(REVIEW, 2)
    constraint = framework.constraints[0]
    sheet = contradicting(framework, constraint)
    review = make_review(make_city(), sheet, state=State.SUBMITTED)
    appoint(review)

    page = expert.get(url(review))

    assert [each.text for each in page.context["board"].checked.contradictions] == [
        framework.text("en").constraints[constraint.key]
    ]
    for question in constraint.questions:
        assert reverse("review:judge", args=[review.pk, question]) in page.content.decode()
    flagged = {each["area"].key for each in page.context["areas"] if each["area"].contradictions}
    assert flagged == {framework.question(key).area for key in constraint.questions}


def contradicting(framework, constraint):
    """The answers among the representative ones that break one constraint and no other."""
    keys = sorted(constraint.questions)
    choices = [representative_answers(framework.question(key)) for key in keys]
    for values in product(*choices):
        answers = {key: Answer(value=value) for key, value in zip(keys, values, strict=True)}
        sheet = make_sheet(framework=REVIEW, version=2, answers=answers)
        if find_contradictions(read_answers(framework, sheet)) == (constraint.key,):
            return sheet
    raise AssertionError(f"{constraint.key} cannot be broken")


def test_two_experts_see_how_far_they_agree_and_one_sees_nothing_of_it(expert, review):
    assert "How far the two experts agree" not in expert.get(url(review)).content.decode()
    appoint(review, "piotr")
    judge(review)
    judge(review, who="piotr")

    page = " ".join(expert.get(url(review)).content.decode().split())

    assert "How far the two experts agree" in page
    assert "hold the very same answer right on 1" in page


def test_where_the_experts_differ_is_shown_only_after_ones_own_opinion(expert, review):
    appoint(review, "piotr")
    judge(review, who="piotr", other=Answer(value=20.0), reason="So.")
    assert labels(expert.get(url(review))) == ["no opinion yet", "no evidence"]

    judge(review)

    assert labels(expert.get(url(review))) == ["accepted", "the experts differ", "no evidence"]


def test_nothing_can_be_done_once_it_is_validated(expert, review):
    Review.objects.filter(pk=review.pk).update(
        state=State.VALIDATED, validated_by=make_person("nuria"), validated_at=VALIDATED_AT
    )

    page = expert.get(url(review)).content.decode()

    assert "The review is validated." in page
    assert "Verify the area" not in page


def test_it_takes_the_same_number_of_queries_however_much_was_said(expert, review):
    appoint(review, "piotr")

    def queries_after_judging(questions):
        for question in questions:
            judge(review, question=question.key)
            judge(review, question=question.key, who="piotr", other=Answer(value=20.0), reason="So.")
            ask(expert=make_person("nuria"), review=review, question=question.key, text="?", at=CHECKED_AT)
            add_link(review, question.key)
            verify(review, question.area)
        with CaptureQueriesContext(connection) as found:
            expert.get(url(review))
        return len(found)

    first, *rest = review.framework.questions()
    queries_after_judging([])
    assert queries_after_judging([first]) == queries_after_judging(rest)


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each != "nuria"])
def test_it_is_for_the_experts_who_took_the_review_on(client, review, who):
    give("piotr", Kind.EXPERT, review.cycle.network)
    make_officer("chiara", make_city("ravenna", country="IT"))
    client.force_login(make_person(who))

    assert client.get(url(review)).status_code == 404
