"""Every act, in every state, by everybody: one after the other meets what was built once."""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from tests.apps.records.given_files import make_pdf, upload
from tests.builders import (
    CHECKED_AT,
    CORRECTED_AT,
    PUBLISHED_AT,
    appoint,
    correct,
    make_city,
    make_review,
    make_sheet,
    validate,
    verify,
)
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.records.files.storing import check_upload, store_file
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import areas_asked
from tessera.apps.review.actions.checking import (
    open_answer,
    reply,
    return_review,
    send_back,
    validate_review,
)
from tessera.apps.review.actions.correcting import begin_correction, give_up_correction
from tessera.apps.review.actions.publishing import publish_review
from tessera.apps.review.actions.submission import sign_review, withdraw_submission
from tessera.apps.review.actions.withdrawing import withdraw_published_file
from tessera.apps.review.lifecycle import (
    JUDGED,
    MOVES,
    QUERY_MOVES,
    WITH_EXPERTS,
    Act,
    QueryAct,
    QueryState,
    State,
    move,
    move_query,
)
from tessera.apps.review.models import Evidence, EvidenceKind, EvidenceUse, Review, Signature

LEADS_TO = {
    (State.FILLING, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.WITHDRAW): State.FILLING,
    (State.SUBMITTED, Act.BEGIN): State.IN_REVIEW,
    (State.IN_REVIEW, Act.WITHDRAW): State.FILLING,
    (State.IN_REVIEW, Act.RETURN): State.RETURNED,
    (State.RETURNED, Act.SEND_BACK): State.IN_REVIEW,
    (State.IN_REVIEW, Act.VALIDATE): State.VALIDATED,
    (State.VALIDATED, Act.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Act.SUPERSEDE): State.SUPERSEDED,
    (State.PUBLISHED, Act.CORRECT): State.RETURNED,
    (State.RETURNED, Act.GIVE_UP): State.PUBLISHED,
    (State.IN_REVIEW, Act.GIVE_UP): State.PUBLISHED,
    (State.VALIDATED, Act.GIVE_UP): State.PUBLISHED,
}
QUERY_LEADS_TO = {
    (QueryState.OPEN, QueryAct.REPLY): QueryState.ANSWERED,
    (QueryState.OPEN, QueryAct.WITHDRAW): QueryState.WITHDRAWN,
    (QueryState.ANSWERED, QueryAct.CLOSE): QueryState.CLOSED,
    (QueryState.ANSWERED, QueryAct.REOPEN): QueryState.REOPENED,
    (QueryState.REOPENED, QueryAct.REPLY): QueryState.ANSWERED,
    (QueryState.REOPENED, QueryAct.WITHDRAW): QueryState.WITHDRAWN,
    (QueryState.CLOSED, QueryAct.REOPEN): QueryState.REOPENED,
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


@pytest.mark.parametrize("state", QueryState)
@pytest.mark.parametrize("act", QueryAct)
def test_an_act_leads_a_query_to_its_state_or_is_refused(state, act):
    if (state, act) in QUERY_LEADS_TO:
        assert move_query(state, act) is QUERY_LEADS_TO[state, act]
    else:
        with pytest.raises(MoveError, match=state):
            move_query(state, act)


def test_the_table_holds_no_other_move_of_a_query():
    assert QUERY_MOVES == QUERY_LEADS_TO


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_only_the_officer_of_the_city_publishes_and_only_what_is_validated(state):
    """Ilze acts for Riga, whose review it is; Chiara acts for another city; the others act for none."""
    riga, ravenna = make_city("riga"), make_city("ravenna", country="IT")
    make_officer("ilze", riga)
    make_officer("chiara", ravenna)
    review = make_review(riga, state=state)

    for who in EVERYBODY:
        with undone(review):
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


@contextmanager
def undone(*things):
    """What somebody does with them is taken back, so that the next person meets them in the same state."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for thing in things:
        thing.refresh_from_db()


SENT_AT = datetime(2024, 2, 20, 10, tzinfo=UTC)


def make_riga_and_its_people(state):
    """Ilze is the officer of Riga, Andris a contributor there; Chiara is the officer of another city."""
    riga = make_city("riga")
    make_officer("ilze", riga)
    give("andris", Kind.CONTRIBUTOR, riga)
    make_officer("chiara", make_city("ravenna", country="IT"))
    review = make_review(riga, state=state)
    give("mihai", Kind.COORDINATOR, make_network())
    give("nuria", Kind.EXPERT, make_network())
    return review


def make_checked_review(state):
    """As `make_riga_and_its_people`, but it came to its state by everybody's own acts: Nuria checks it."""
    review = make_riga_and_its_people(state if state in MADE else State.IN_REVIEW)
    if state in (State.FILLING, State.SUBMITTED):
        appoint(review)
    if state in JUDGED:
        review = validate(review)
    if state in (State.PUBLISHED, State.SUPERSEDED):
        publish_review(review=review, person=make_person("ilze"), at=PUBLISHED_AT)
    if state is State.SUPERSEDED:
        make_review(review.city, make_sheet(year=review.year + 1), state=State.PUBLISHED)
    return Review.objects.get(pk=review.pk)


MADE = (State.FILLING, *WITH_EXPERTS)


def attempt(act, *, who, allowed, state, allowed_in):
    """Whether it was done; refused for the person first, and then for the state."""
    if who != allowed:
        with pytest.raises(PermissionDenied):
            act(make_person(who))
    elif state not in allowed_in:
        with pytest.raises(MoveError):
            act(make_person(who))
    else:
        act(make_person(who))
        return True
    return False


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_only_the_expert_who_took_it_on_returns_and_only_what_is_being_checked(state):
    review = make_checked_review(state)
    if state is State.IN_REVIEW:
        open_answer(expert=make_person("nuria"), review=review, question="health-score", at=CHECKED_AT)

    def act(person):
        return_review(expert=person, review=review, message="", at=CHECKED_AT)

    for who in EVERYBODY:
        with undone(review):
            is_done = attempt(act, who=who, allowed="nuria", state=state, allowed_in=[State.IN_REVIEW])
            assert is_done == ((who, state) == ("nuria", State.IN_REVIEW))
            assert Review.objects.get(pk=review.pk).state == (State.RETURNED if is_done else state)


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_only_the_officer_of_the_city_sends_back_and_only_what_was_returned(state):
    review = make_checked_review(state)
    for query in review.queries.unsettled():
        reply(person=make_person("ilze"), query=query, text="Of 2023.", at=CHECKED_AT)

    def act(person):
        send_back(person=person, review=review, at=CHECKED_AT)

    for who in EVERYBODY:
        with undone(review):
            is_done = attempt(act, who=who, allowed="ilze", state=state, allowed_in=[State.RETURNED])
            assert is_done == ((who, state) == ("ilze", State.RETURNED))
            assert Review.objects.get(pk=review.pk).state == (State.IN_REVIEW if is_done else state)


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_only_the_expert_who_took_it_on_validates_and_only_what_is_being_checked(state):
    review = make_checked_review(state)
    if state is State.IN_REVIEW:
        for area in areas_asked(review):
            verify(review, area.key)

    def act(person):
        validate_review(expert=person, review=review, at=CHECKED_AT)

    for who in EVERYBODY:
        with undone(review):
            is_done = attempt(act, who=who, allowed="nuria", state=state, allowed_in=[State.IN_REVIEW])
            assert is_done == ((who, state) == ("nuria", State.IN_REVIEW))
            assert Review.objects.get(pk=review.pk).state == (State.VALIDATED if is_done else state)


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_only_the_officer_of_the_city_signs_and_only_what_is_being_filled(state):
    review = make_riga_and_its_people(state)
    # Signed by somebody else than in `make_review`: what one signed oneself may be signed twice.
    Signature.objects.all().delete()
    mark = Review.objects.get(pk=review.pk).content_hash()

    for who in EVERYBODY:
        with undone(review):
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
def test_only_the_officer_of_the_city_takes_back_and_only_what_was_sent_and_not_asked_about(state):
    review = make_riga_and_its_people(state)

    for who in EVERYBODY:
        with undone(review):
            if who != "ilze":
                with pytest.raises(PermissionDenied, match="does not act for"):
                    withdraw_submission(person=make_person(who), review=review, at=SENT_AT)
            elif state not in (State.SUBMITTED, State.IN_REVIEW):
                with pytest.raises(MoveError):
                    withdraw_submission(person=make_person(who), review=review, at=SENT_AT)
            else:
                withdraw_submission(person=make_person(who), review=review, at=SENT_AT)

            is_back = who == "ilze" and state in (State.SUBMITTED, State.IN_REVIEW)
            assert Review.objects.get(pk=review.pk).state == (State.FILLING if is_back else state)


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_only_the_officer_of_the_city_begins_a_correction_and_only_of_what_stands(state):
    review = make_checked_review(state)

    def act(person):
        begin_correction(
            person=person, review=review, reason="Wrong.", questions=["health-score"], at=CORRECTED_AT
        )

    for who in EVERYBODY:
        with undone(review):
            is_done = attempt(act, who=who, allowed="ilze", state=state, allowed_in=[State.PUBLISHED])
            assert is_done == ((who, state) == ("ilze", State.PUBLISHED))
            assert Review.objects.get(pk=review.pk).state == (State.RETURNED if is_done else state)
            assert review.corrections.exists() == is_done


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_nobody_gives_up_a_correction_that_was_not_begun(state):
    review = make_checked_review(state)

    def act(person):
        give_up_correction(person=person, review=review, at=CORRECTED_AT)

    for who in EVERYBODY:
        with undone(review):
            assert not attempt(act, who=who, allowed="ilze", state=state, allowed_in=[])
            assert Review.objects.get(pk=review.pk).state == state


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.RETURNED, State.IN_REVIEW, State.VALIDATED])
def test_only_the_officer_of_the_city_gives_up_a_correction_wherever_it_is(state):
    review = correct(make_checked_review(State.PUBLISHED), state=state)
    assert review.state == state

    def act(person):
        give_up_correction(person=person, review=review, at=CORRECTED_AT)

    for who in EVERYBODY:
        with undone(review):
            is_done = attempt(act, who=who, allowed="ilze", state=state, allowed_in=[state])
            assert is_done == (who == "ilze")
            assert Review.objects.get(pk=review.pk).state == (State.PUBLISHED if is_done else state)
            assert (review.corrections.get().ended_at is not None) == is_done


def add_public_file(review):
    """To the first answer, in whatever state its review is."""
    stored = store_file(
        file=check_upload(upload(make_pdf(), "plan.pdf")), by=make_person("ilze"), at=CHECKED_AT
    )
    piece = Evidence.objects.create(review=review, kind=EvidenceKind.FILE, file=stored, is_public=True)
    EvidenceUse.objects.create(evidence=piece, question="health-score")
    return piece


@pytest.mark.django_db
@pytest.mark.usefixtures("files_folder")
@pytest.mark.parametrize("state", State)
def test_only_the_officer_of_the_city_withdraws_a_file_and_only_one_that_is_published(state):
    over = (State.PUBLISHED, State.SUPERSEDED)
    review = make_checked_review(State.VALIDATED if state in over else state)
    piece = add_public_file(review)
    if state in over:
        publish_review(review=review, person=make_person("ilze"), at=PUBLISHED_AT)
    if state is State.SUPERSEDED:
        make_review(review.city, make_sheet(year=review.year + 1), state=State.PUBLISHED)
    assert Review.objects.get(pk=review.pk).state == state

    def act(person):
        withdraw_published_file(person=person, evidence=piece, reason="It names a child.", at=CORRECTED_AT)

    for who in EVERYBODY:
        with undone(review, piece):
            is_done = attempt(act, who=who, allowed="ilze", state=state, allowed_in=over)
            assert is_done == (who == "ilze" and state in over)
            piece.refresh_from_db()
            assert (piece.withdrawn_at is not None) == (piece.file.erased_at is not None) == is_done


@pytest.mark.django_db
@pytest.mark.usefixtures("files_folder")
@pytest.mark.parametrize("state", [State.RETURNED, State.IN_REVIEW, State.VALIDATED])
def test_a_published_file_can_be_withdrawn_while_something_is_corrected(state):
    review = make_checked_review(State.VALIDATED)
    piece = add_public_file(review)
    publish_review(review=review, person=make_person("ilze"), at=PUBLISHED_AT)
    correct(review, state=state)

    withdraw_published_file(person=make_person("ilze"), evidence=piece, reason="Wrong.", at=CORRECTED_AT)
    piece.refresh_from_db()
    assert piece.withdrawn_at == CORRECTED_AT


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
