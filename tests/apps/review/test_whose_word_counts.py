"""Whose opinions and verifications count, and when experts have to look again."""

from datetime import date

import pytest
from tests.builders import (
    ANSWERED_AT,
    CHECKED_AT,
    appoint,
    make_city,
    make_review,
    open_area,
    validate,
    verify,
)
from tests.people import make_person

from tessera.apps.network.models import Tie
from tessera.apps.review.access import areas_asked
from tessera.apps.review.actions.checking import (
    CannotJudge,
    Overtaken,
    agree,
    give_opinion,
    obstacles_to,
    open_answer,
    reconcile,
    return_review,
    unverify_area,
)
from tessera.apps.review.actions.evidence import add_evidence, change_evidence, drop_evidence, use_evidence
from tessera.apps.review.actions.experts import release_expert
from tessera.apps.review.agreement import held_together, not_reconciled, read_agreement
from tessera.apps.review.board import read_board
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Appointment, EvidenceKind, Review, Strength
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

KEY = "health-score"
ABOUT = {"title": "", "dated_on": None, "language": "", "is_public": False}


@pytest.fixture
def review():
    """Nuria and Piotr check it; they differ on health, and Piotr has verified every area but the first."""
    review = make_review(make_city("riga"), state=State.IN_REVIEW)
    appoint(review, "piotr")
    for area in areas_asked(review):
        verify(review, area.key, "piotr")
    judge(review, "nuria", 40.0)
    judge(review, "piotr", 20.0)
    return review


def judge(review, who, value=None, *, strength=Strength.HIGH, revision=1):
    give_opinion(
        expert=make_person(who),
        review=review,
        question=KEY,
        other=None if value is None else Answer(value=value),
        reason="The report says so." if value is not None else "",
        strength=strength,
        answer_revision=revision,
        at=CHECKED_AT,
    )


def hold_together(review, who="nuria"):
    """One proposes it, and the other agrees."""
    proposed = reconcile(
        expert=make_person(who),
        review=review,
        question=KEY,
        other=Answer(value=30.0),
        reason="We looked together.",
        answer_revision=1,
        at=CHECKED_AT,
    )
    other = make_person("piotr" if who == "nuria" else "nuria")
    agree(expert=other, review=review, question=KEY, shown=proposed.mark, at=CHECKED_AT)


def tie(review):
    Tie.objects.create(
        person=make_person("piotr"),
        city=review.city,
        since=date(2015, 1, 1),
        work="A study",
        declared_at=CHECKED_AT,
    )


def release(review):
    piotrs = Appointment.objects.get(expert=make_person("piotr"))
    release_expert(by=make_person("mihai"), appointment=piotrs, at=CHECKED_AT)


@pytest.mark.parametrize("leave", [tie, release])
def test_what_an_expert_said_who_may_not_judge_any_more_counts_for_nothing(review, leave):
    assert not_reconciled(review) == [KEY]
    assert read_agreement(review).answers == 1
    assert obstacles_to(review).areas == ()

    leave(review)

    assert not_reconciled(review) == []
    assert read_agreement(review) is None
    first, *others = [area.key for area in areas_asked(review)]
    # Nuria has verified the first area herself.
    assert obstacles_to(review).areas == tuple(others)
    board = {area.key: area.verification for area in read_board(make_person("nuria"), review, "en").areas}
    assert board[first] is not None
    assert not any(board[key] for key in others)
    with pytest.raises(CannotJudge):
        hold_together(review)

    verify(review, others[0])
    assert obstacles_to(review).areas == tuple(others[1:])
    assert review.verifications.get(area=others[0]).expert.name == "Nuria"


def test_a_tie_that_comes_after_the_validation_takes_nothing_from_what_was_validated(review):
    hold_together(review)
    done = validate(review)
    assert read_agreement(done).answers == 1
    Tie.objects.create(
        person=make_person("piotr"),
        city=review.city,
        since=date(2026, 1, 1),
        work="A job",
        declared_at=CHECKED_AT,
    )
    assert read_agreement(Review.objects.get(pk=done.pk)).answers == 1


@pytest.mark.parametrize("leave", [tie, release])
def test_a_joint_opinion_of_one_who_may_not_judge_any_more_counts_for_nothing(review, leave):
    hold_together(review)
    assert len(held_together(review)) == 1
    leave(review)
    assert held_together(review) == []


def test_to_be_surer_of_the_same_leaves_the_joint_opinion(review):
    hold_together(review)
    judge(review, "piotr", 20.0, strength=Strength.LOW)
    assert review.reconciliations.exists()
    judge(review, "piotr", 25.0)
    assert not review.reconciliations.exists()


def test_an_area_that_the_review_does_not_ask_has_no_verification_to_take_back(review):
    with pytest.raises(KeyError):
        unverify_area(expert=make_person("nuria"), review=review, area="no-such", at=CHECKED_AT)


def test_with_the_validation_no_answer_is_open_any_more(review):
    hold_together(review)
    open_answer(expert=make_person("nuria"), review=review, question=KEY, at=CHECKED_AT)
    assert not validate(review).opened_answers.exists()


def open_to_the_city(review):
    open_answer(expert=make_person("nuria"), review=review, question=KEY, at=CHECKED_AT)
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)
    return open_area(Review.objects.get(pk=review.pk), "health", make_person("ilze"))


def add(place, address="https://example.org/plan"):
    source = {"source": address, "kind": EvidenceKind.LINK, "at": ANSWERED_AT}
    return add_evidence(place=place, question=KEY, **source, **ABOUT)


def revision_of(review):
    return review.answers.get(question=KEY).revision


def test_evidence_that_changes_is_a_change_of_the_answers_that_it_serves(review):
    place = open_to_the_city(review)
    piece = add(place)
    assert revision_of(review) == 2
    assert not review.verifications.filter(area="health").exists()
    with pytest.raises(Overtaken):
        judge(review, "nuria")
    found = {answer.key: answer for answer in read_board(make_person("nuria"), review, "en").answers}
    assert found[KEY].was_changed
    assert not found["education-score"].was_changed

    change_evidence(
        place=place, question=KEY, evidence=piece, shown=piece.mark, **(ABOUT | {"title": "The plan"})
    )
    assert revision_of(review) == 3
    drop_evidence(place=place, question=KEY, evidence=piece)
    assert revision_of(review) == 4


def test_evidence_that_stays_as_it_is_asks_nobody_to_look_again(review):
    place = open_to_the_city(review)
    piece = add(place)
    verified_on = review.verifications.count()
    add(place)
    use_evidence(place=place, question=KEY, evidence=piece)
    piece.refresh_from_db()
    change_evidence(place=place, question=KEY, evidence=piece, shown=piece.mark, **ABOUT)
    assert (revision_of(review), review.verifications.count()) == (2, verified_on)


def test_evidence_of_a_review_that_is_being_filled_makes_no_save_stale():
    review = make_review(make_city("riga"), state=State.FILLING)
    add(open_area(review, "health", make_person("ilze")))
    assert revision_of(review) == 1
