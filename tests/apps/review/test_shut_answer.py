"""An expert opened an answer by mistake, and takes that back before the review is returned."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests.builders import CHECKED_AT, appoint, make_city, make_review, put_in_state
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.records.moves import MoveError
from tessera.apps.review.actions.checking import (
    CannotReturn,
    open_answer,
    return_review,
    send_back,
    shut_answer,
)
from tessera.apps.review.lifecycle import State

pytestmark = pytest.mark.django_db

KEY = "health-score"


@pytest.fixture
def review():
    """Nuria has opened an answer; Piotr checks the review, too."""
    review = make_review(make_city(), state=State.IN_REVIEW)
    appoint(review, "piotr")
    open_it(review)
    return review


def open_it(review):
    open_answer(expert=make_person("nuria"), review=review, question=KEY, at=CHECKED_AT)


def shut(review, *, who="nuria", question=KEY):
    shut_answer(expert=make_person(who), review=review, question=question, at=CHECKED_AT)


def url(review, act="shut-answer", question=KEY):
    return reverse(f"review:{act}", args=[review.pk, question])


def test_the_page_of_the_answer_shuts_it_and_can_open_it_again(client, review):
    client.force_login(make_person("nuria"))
    page = client.get(url(review, "judge")).content.decode()
    assert f'action="{url(review)}"' in page

    page = client.post(url(review), follow=True).content.decode()

    assert "The city cannot change this answer unless you ask about it." in page
    assert f'action="{url(review)}"' not in page
    assert f'action="{url(review, "open-answer")}"' in page
    assert not review.opened_answers.exists()


def test_either_expert_shuts_it_and_twice_is_harmless(review):
    shut(review, who="piotr")
    shut(review)

    assert not review.opened_answers.exists()
    with pytest.raises(CannotReturn):
        return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)


def test_other_opened_answers_stay_open(review):
    open_answer(expert=make_person("nuria"), review=review, question="education-score", at=CHECKED_AT)

    shut(review)

    assert [opened.question for opened in review.opened_answers.all()] == ["education-score"]


def test_while_the_city_may_be_changing_it_it_stays_open(client, review):
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    client.force_login(make_person("nuria"))
    assert f'action="{url(review)}"' not in client.get(url(review, "judge")).content.decode()

    page = client.post(url(review), follow=True).content.decode()

    assert "Nothing was changed." in page
    assert review.opened_answers.exists()
    send_back(person=make_person("ilze"), review=review, at=CHECKED_AT)
    open_it(review)
    shut(review)
    assert not review.opened_answers.exists()


def test_a_question_that_the_review_does_not_ask_cannot_be_shut(client, review):
    with pytest.raises(KeyError):
        shut(review, question="strategy")
    client.force_login(make_person("nuria"))
    assert client.post(url(review, question="strategy")).status_code == 404
    assert client.get(url(review)).status_code == 405


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_an_expert_who_took_it_on_shuts_and_only_while_the_city_has_it_not(review, who, state):
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", make_city("ravenna", country="IT"))
    put_in_state(review, state)

    if who not in ("nuria", "piotr"):
        with pytest.raises(PermissionDenied):
            shut(review, who=who)
    elif state not in (State.SUBMITTED, State.IN_REVIEW):
        with pytest.raises(MoveError):
            shut(review, who=who)
    else:
        shut(review, who=who)

    is_shut = who in ("nuria", "piotr") and state in (State.SUBMITTED, State.IN_REVIEW)
    assert review.opened_answers.exists() != is_shut
