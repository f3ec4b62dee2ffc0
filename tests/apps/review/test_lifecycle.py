"""Every act, in every state, by everybody."""

import pytest
from django.core.exceptions import PermissionDenied
from tests.builders import PUBLISHED_AT, make_city, make_review, make_sheet
from tests.people import EVERYBODY, make_officer, make_person

from tessera.apps.review.actions.publishing import publish_review
from tessera.apps.review.lifecycle import MOVES, Act, MoveError, State, move
from tessera.apps.review.models import Review

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
