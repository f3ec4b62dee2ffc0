"""An expert says what an answer should be. The answer stays the city's."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests.builders import (
    CHECKED_AT,
    REVIEW,
    answer,
    appoint,
    make_city,
    make_review,
    make_sheet,
    put_in_state,
)
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.records.moves import MoveError
from tessera.apps.review.actions.checking import (
    CannotJudge,
    Overtaken,
    ask,
    give_opinion,
    open_answer,
    reconcile,
    return_review,
)
from tessera.apps.review.lifecycle import WITH_EXPERTS, State
from tessera.apps.review.models import OpenedAnswer, Opinion, Strength
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

KEY = "education-score"


@pytest.fixture
def review():
    review = make_review(make_city(), state=State.SUBMITTED)
    appoint(review)
    return review


def judge(review, *, who="nuria", question=KEY, other=None, reason="", revision=1):
    return give_opinion(
        expert=make_person(who),
        review=review,
        question=question,
        other=other,
        reason=reason,
        strength=Strength.HIGH,
        answer_revision=revision,
        at=CHECKED_AT,
    )


def rows(review):
    return list(review.answers.order_by("pk").values())


def test_an_opinion_stands_beside_the_answer_and_begins_the_checking(review):
    before = rows(review)

    opinion = judge(review, other=Answer(value=40.0), reason="The report says 40.")

    said = review.answers.get(question=KEY).given()
    assert opinion.given(said) == Answer(value=40.0, reason="The report says 40.")
    assert rows(review) == before
    review.refresh_from_db()
    assert review.state == State.IN_REVIEW


def test_to_accept_means_the_answer_as_it_was_read(review):
    opinion = judge(review)

    assert opinion.given(Answer(value=60.0)) == Answer(value=60.0)
    assert opinion.is_about(1)
    assert not opinion.is_about(2)


def test_a_later_opinion_takes_the_place_of_the_earlier_one(review):
    judge(review)
    judge(review, other=Answer(value=40.0), reason="The report says 40.")

    assert not Opinion.objects.get().accepts


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (Answer(value=40.0), ""),
        (Answer(value=40.0), "  "),
        (Answer(), "Because."),
        (Answer(value=140.0), "Because."),
        (Answer(value="yes"), "Because."),
        (Answer(not_applicable=True), "Because."),
    ],
)
def test_another_answer_has_a_reason_and_is_one_that_the_question_takes(review, other, reason):
    with pytest.raises(CannotJudge):
        judge(review, other=other, reason=reason)
    assert not Opinion.objects.exists()


def test_an_expert_may_hold_that_a_question_does_not_apply():
    """To questions which allow a city to say so."""
    sheet = make_sheet(framework=REVIEW, version=2, answers={"foreign-born-share": Answer(value=12.0)})
    review = make_review(make_city(), sheet, state=State.SUBMITTED)
    appoint(review)

    opinion = judge(
        review,
        question="school-mix",
        other=Answer(not_applicable=True),
        reason="No schools here.",
        revision=0,
    )

    assert opinion.given(Answer()) == Answer(not_applicable=True, reason="No schools here.")


def test_nobody_judges_an_answer_that_was_changed_meanwhile(review):
    open_answer(expert=make_person("nuria"), review=review, question=KEY, at=CHECKED_AT)
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    answer(review, KEY, Answer(value=50.0), revision=1)

    with pytest.raises(Overtaken):
        judge(review, revision=1)
    assert judge(review, revision=2).answer_revision == 2


def test_a_question_that_the_review_does_not_ask_is_not_judged(review):
    with pytest.raises(KeyError):
        judge(review, question="strategy")


@pytest.mark.parametrize("state", State)
def test_opinions_are_given_while_the_experts_have_the_review(review, state):
    put_in_state(review, state)

    if state in WITH_EXPERTS:
        assert judge(review).accepts
    else:
        with pytest.raises(MoveError):
            judge(review)


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each != "nuria"])
def test_nobody_else_gives_one(review, who):
    """Not even an expert who was asked and has not accepted yet; Piotr is one who was not asked."""
    give("piotr", Kind.EXPERT, review.cycle.network)
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", make_city("ravenna", country="IT"))

    for act in (
        lambda: judge(review, who=who),
        lambda: ask(expert=make_person(who), review=review, question=KEY, text="Which?", at=CHECKED_AT),
        lambda: open_answer(expert=make_person(who), review=review, question=KEY, at=CHECKED_AT),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_to_open_an_answer_twice_is_harmless(review):
    for _ in range(2):
        open_answer(expert=make_person("nuria"), review=review, question=KEY, at=CHECKED_AT)

    assert OpenedAnswer.objects.get().question == KEY


FILLING = {
    "area-to-fill": {},
    "complete-area": {},
    "reopen-area": {},
    "question": {"revision": "1", "number": "5", "act": "save"},
    "add-evidence": {"way": "link", "link-url": "https://example.org/plan"},
}


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.RETURNED])
def test_invariant_6_no_page_and_no_action_lets_an_expert_change_an_answer(client, state):
    review = make_review(make_city(), state=state)
    if state is State.SUBMITTED:
        appoint(review)
    appoint(review, "piotr")
    before = rows(review)
    client.force_login(make_person("nuria"))

    for name, data in FILLING.items():
        args = [review.pk, "education", *([KEY] if name in ("question", "add-evidence") else [])]
        assert client.post(reverse(f"review:{name}", args=args), data).status_code == 404, name
    board = reverse("review:judge", args=[review.pk, KEY])
    for act in ("accept", "other", "ask", "accept-together", "other-together", ""):
        client.post(
            board,
            {
                "act": act,
                "answer_revision": "1",
                "own-number": "5",
                "own-reason": "So.",
                "own-strength": "low",
                "joint-number": "5",
                "joint-reason": "So.",
                "query-text": "Which?",
                "number": "5",
            },
        )
    judge(review, who="piotr", other=Answer(value=7.0), reason="So.")
    reconcile(
        expert=make_person("piotr"),
        review=review,
        question=KEY,
        other=Answer(value=6.0),
        reason="In the middle.",
        answer_revision=1,
        at=CHECKED_AT,
    )

    assert review.opinions.count() == 2
    assert review.queries.filter(question=KEY).exists()
    assert rows(review) == before
    assert review.evidence.count() == 0
