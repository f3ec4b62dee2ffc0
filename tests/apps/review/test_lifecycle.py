"""Every act, in every state, by everybody."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from tests.builders import PUBLISHED_AT, make_city, make_review, make_sheet
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.review.actions.publishing import publish_review
from tessera.apps.review.actions.submission import sign_review, withdraw_submission
from tessera.apps.review.lifecycle import MOVES, Act, MoveError, State, move
from tessera.apps.review.models import Review, Signature

LEADS_TO = {
    (State.FILLING, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.WITHDRAW): State.FILLING,
    (State.VALIDATED, Act.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Act.SUPERSEDE): State.SUPERSEDED,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_an_act_leads_to_its_state_or_is_refused(state, act):
    if (state, act) in LEADS_TO:
        assert move(state, act) is LEADS_TO[state, act]
    else:
        with pytest.raises(MoveError, match=state):
            move(state, act)


def test_the_table_holds_no_other_move():
    assert MOVES == LEADS_TO


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_officer_of_the_city_publishes_and_only_what_is_validated(who, state):
    """Ilze acts for Riga, whose review it is; Chiara acts for another city; the others act for none."""
    riga, ravenna = make_city("riga"), make_city("ravenna", country="IT")
    make_officer("ilze", riga)
    make_officer("chiara", ravenna)
    review = make_review(riga, state=state)

    if who != "ilze":
        with pytest.raises(PermissionDenied, match="does not act for"):
            publish_review(review=review, person=make_person(who), at=PUBLISHED_AT)
    elif state is not State.VALIDATED:
        with pytest.raises(MoveError):
            publish_review(review=review, person=make_person(who), at=PUBLISHED_AT)
    else:
        publish_review(review=review, person=make_person(who), at=PUBLISHED_AT)

    expected = State.PUBLISHED if (who, state) == ("ilze", State.VALIDATED) else state
    assert Review.objects.get(pk=review.pk).state == expected


SENT_AT = datetime(2024, 2, 20, 10, tzinfo=UTC)


def make_riga_and_its_people(state):
    """Ilze is the officer of Riga, Andris a contributor there; Chiara is the officer of another city."""
    riga = make_city("riga")
    make_officer("ilze", riga)
    give("andris", Kind.CONTRIBUTOR, riga)
    make_officer("chiara", make_city("ravenna", country="IT"))
    review = make_review(riga, state=state)
    give("mihai", Kind.COORDINATOR, make_network())
    return review


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_officer_of_the_city_signs_and_only_what_is_being_filled(who, state):
    review = make_riga_and_its_people(state)
    # Signed by somebody else than in `make_review`: what one signed oneself may be signed twice.
    Signature.objects.all().delete()
    mark = Review.objects.get(pk=review.pk).content_hash()

    if who != "ilze":
        with pytest.raises(PermissionDenied, match="does not act for"):
            sign_review(person=make_person(who), review=review, content_hash=mark, at=SENT_AT)
    elif state is not State.FILLING:
        with pytest.raises(MoveError):
            sign_review(person=make_person(who), review=review, content_hash=mark, at=SENT_AT)
    else:
        sign_review(person=make_person(who), review=review, content_hash=mark, at=SENT_AT)

    is_sent = (who, state) == ("ilze", State.FILLING)
    assert Review.objects.get(pk=review.pk).state == (State.SUBMITTED if is_sent else state)
    assert Signature.objects.exists() == is_sent


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_officer_of_the_city_takes_back_and_only_what_was_sent(who, state):
    review = make_riga_and_its_people(state)

    if who != "ilze":
        with pytest.raises(PermissionDenied, match="does not act for"):
            withdraw_submission(person=make_person(who), review=review, at=SENT_AT)
    elif state is not State.SUBMITTED:
        with pytest.raises(MoveError):
            withdraw_submission(person=make_person(who), review=review, at=SENT_AT)
    else:
        withdraw_submission(person=make_person(who), review=review, at=SENT_AT)

    is_back = (who, state) == ("ilze", State.SUBMITTED)
    assert Review.objects.get(pk=review.pk).state == (State.FILLING if is_back else state)


@pytest.mark.django_db
def test_an_officer_who_has_left_cannot_publish():
    city = make_city()
    review = make_review(city)
    make_officer("ilze", city, until=PUBLISHED_AT.date().replace(day=1))

    with pytest.raises(PermissionDenied):
        publish_review(review=review, person=make_person("ilze"), at=PUBLISHED_AT)


@pytest.mark.django_db
def test_a_review_of_an_earlier_year_cannot_replace_a_later_one():
    city = make_city()
    make_review(city, make_sheet(year=2023), state=State.PUBLISHED)
    earlier = make_review(city, make_sheet(year=2020))

    with pytest.raises(MoveError, match="2023 stands already"):
        publish_review(review=earlier, person=make_person("ilze"), at=PUBLISHED_AT)
    earlier.refresh_from_db()
    assert earlier.state == State.VALIDATED
