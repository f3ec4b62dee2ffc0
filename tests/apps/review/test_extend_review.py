from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from tests.builders import ANSWERED_AT, DUE_ON, make_city, make_review, make_sheet, open_area, put_in_state
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind, Role
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.cycles import CannotExtend, WrongDueDate, extend_review
from tessera.apps.review.actions.delegation import delegate_area, delegate_by_link
from tessera.apps.review.actions.filling import complete_area
from tessera.apps.review.jobs import remind
from tessera.apps.review.lifecycle import State

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
        put_in_state(review, state)
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


@pytest.mark.parametrize(("due_on", "is_too_far"), [(date(2026, 3, 10), False), (date(2026, 3, 11), True)])
def test_a_day_that_is_more_than_two_years_ahead_is_refused(due_on, is_too_far):
    # 2024 has its 29 February before 10 March: 730 days lead to 10 March 2026.
    review = make_review(make_city("riga"), state=State.FILLING)
    if is_too_far:
        with pytest.raises(WrongDueDate):
            extend(review, due_on=due_on)
    else:
        assert extend(review, due_on=due_on) == due_on


def give_area(review, who, area="education"):
    about = {"area": area, "colleague": make_person(who), "message": "", "at": ANSWERED_AT}
    return delegate_area(by=make_person("ilze"), review=review, **about)


def send_link(review, *, until, area="health"):
    delegate_by_link(
        by=make_person("ilze"),
        review=review,
        area=area,
        email="guna@example.org",
        name="Guna",
        language="en",
        until=until,
        message="",
        at=ANSWERED_AT,
    )


def test_colleagues_who_still_answer_an_area_are_told_in_one_mail():
    review = make_review(make_city("riga"), make_sheet([None] * 8), state=State.FILLING)
    andris = give("andris", Kind.CONTRIBUTOR, review.city)
    give_area(review, "andris", "education")
    give_area(review, "andris", "health")
    Person.objects.filter(pk=andris.pk).update(language="en")

    extend(review)

    [mail] = OutgoingMail.objects.filter(purpose="review-due-date", to=andris.email)
    assert "“Education” is due on 20 March 2024." in mail.text
    assert "“Health” is due on 20 March 2024." in mail.text
    assert "/areas/education/" in mail.html
    # And no reminder of what they were told today.
    remind(LATER - timedelta(days=3))
    assert OutgoingMail.objects.filter(purpose="area-reminder").count() == 1


@pytest.mark.parametrize("end", ["complete", "left", "officer"])
def test_colleagues_who_have_nothing_to_answer_any_more_are_not_told(end):
    review = make_review(make_city("riga"), make_sheet([None] * 8), state=State.FILLING)
    andris = give("andris", Kind.CONTRIBUTOR, review.city)
    give_area(review, "andris")
    if end == "complete":
        complete_area(place=open_area(review, "education", andris), at=ANSWERED_AT)
    if end == "left":
        Role.objects.filter(person=andris).update(until=date(2024, 3, 1))
    if end == "officer":
        make_officer("andris", review.city)

    extend(review)

    # An officer is told as one, and once.
    assert mails().count(andris.email) == (end == "officer")


@pytest.mark.parametrize(
    ("until", "due_on", "is_told"),
    [
        # The link ends before either day, and so its own day stays.
        (date(2024, 2, 28), date(2024, 3, 20), False),
        (date(2024, 3, 15), date(2024, 3, 20), True),
        (date(2024, 3, 15), date(2024, 2, 27), True),
    ],
)
def test_whoever_has_a_link_is_told_where_their_own_day_changes(until, due_on, is_told):
    review = make_review(make_city("riga"), make_sheet([None] * 8), state=State.FILLING)
    send_link(review, until=until)

    extend(review, due_on=due_on, at=datetime(2024, 2, 20, 10, tzinfo=UTC))

    assert mails().count("guna@example.org") == is_told
