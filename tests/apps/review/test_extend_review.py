from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from tests.builders import DUE_ON, make_city, make_review
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.cycles import CannotExtend, WrongDueDate, extend_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Review

pytestmark = pytest.mark.django_db

AT = datetime(2024, 3, 10, 10, tzinfo=UTC)
LATER = date(2024, 3, 20)
STATES = (State.FILLING, State.SUBMITTED, State.VALIDATED, State.PUBLISHED)


def extend(review, *, who="mihai", due_on=LATER, at=AT):
    extend_review(by=make_person(who), review=review, due_on=due_on, at=at)
    review.refresh_from_db()
    return review.due_on


def mails():
    return list(OutgoingMail.objects.filter(purpose="review-due-date").values_list("to", flat=True))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_coordinator_gives_more_time_while_the_answers_are_not_sent(who, state):
    riga = make_city("riga")
    review = make_review(riga, state=State.FILLING if state is State.FILLING else State.SUBMITTED)
    if state in (State.VALIDATED, State.PUBLISHED):
        judged = {"validated_by": make_person("nuria"), "validated_at": AT}
        Review.objects.filter(pk=review.pk).update(state=state, **judged)
    give("andris", Kind.CONTRIBUTOR, riga)
    make_officer("chiara", make_city("ravenna"))
    if who != "mihai":
        with pytest.raises(PermissionDenied):
            extend(review, who=who)
    elif state is not State.FILLING:
        with pytest.raises(CannotExtend):
            extend(review, who=who)
    else:
        assert extend(review, who=who) == LATER
    review.refresh_from_db()
    is_done = who == "mihai" and state is State.FILLING
    assert review.due_on == (LATER if is_done else DUE_ON)
    assert mails() == ([make_person("ilze").email] if is_done else [])


def test_a_review_that_was_recorded_as_a_whole_has_no_day_to_change():
    review = make_review(make_city("riga"))
    make_review(make_city("ravenna"), state=State.FILLING, officer="chiara")
    with pytest.raises(PermissionDenied):
        extend(review)


@pytest.mark.parametrize(("due_on", "is_past"), [(date(2024, 3, 9), True), (date(2024, 3, 10), False)])
def test_a_day_that_is_past_is_refused(due_on, is_past):
    review = make_review(make_city("riga"), state=State.FILLING)
    if is_past:
        with pytest.raises(WrongDueDate):
            extend(review, due_on=due_on)
    else:
        assert extend(review, due_on=due_on) == due_on


def test_the_same_day_again_is_no_news():
    review = make_review(make_city("riga"), state=State.FILLING)
    extend(review)
    extend(review)
    assert len(mails()) == 1
