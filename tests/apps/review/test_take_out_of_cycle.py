"""A city that was taken into a cycle by mistake is taken out again, as long as it has answered nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from tests.builders import ANSWERED_AT, answer, make_city, make_review, make_sheet
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.cycles import CannotTakeOut, take_into_cycle, take_out_of_cycle
from tessera.apps.review.actions.delegation import delegate_area
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Assignment, Evidence, EvidenceKind, EvidenceUse, Review
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    """Andris has an area of it."""
    review = make_review(make_city(), make_sheet([None] * 8), state=State.FILLING)
    andris = give("andris", Kind.CONTRIBUTOR, review.city)
    about = {"area": "education", "colleague": andris, "message": "", "at": ANSWERED_AT}
    delegate_area(by=make_person("ilze"), review=review, **about)
    OutgoingMail.objects.all().delete()
    return review


def take_out(review, *, who="mihai"):
    take_out_of_cycle(by=make_person(who), review=review, at=ANSWERED_AT)


def address(review):
    return f"/en/desk/cycles/reviews/{review.pk}/take-out/"


def told():
    return set(OutgoingMail.objects.filter(purpose="review-taken-out").values_list("to", flat=True))


def test_the_coordinator_is_asked_and_then_the_city_need_not_answer(client, review):
    client.force_login(make_person("mihai"))
    assert "Take Riga out of the cycle?" in client.get(address(review)).content.decode()
    assert Review.objects.exists()

    done = client.post(address(review), follow=True)

    assert "Riga is not in the cycle any more." in done.content.decode()
    assert not Review.objects.exists()
    assert not Assignment.objects.exists()
    assert told() == {make_person("ilze").email, make_person("andris").email}


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who != "mihai"])
def test_nobody_but_the_coordinator_takes_a_city_out(review, who):
    make_officer("chiara", make_city("ravenna"))
    with pytest.raises(PermissionDenied):
        take_out(review, who=who)
    assert Review.objects.exists()


def say_an_answer(review):
    answer(review, "health-score", Answer(value=60.0))


def say_a_note(review):
    answer(review, "health-score", Answer(note="We shall ask the hospital."))


def give_evidence(review):
    piece = Evidence.objects.create(review=review, kind=EvidenceKind.QUOTATION, text="Decision 5")
    EvidenceUse.objects.create(evidence=piece, question="health-score")


@pytest.mark.parametrize("begin", [say_an_answer, say_a_note, give_evidence])
def test_a_city_that_has_begun_stays_and_the_coordinator_is_told_why(client, review, begin):
    begin(review)
    client.force_login(make_person("mihai"))

    refused = client.post(address(review), follow=True)

    assert "Riga has begun to answer, and so it stays in the cycle." in refused.content.decode()
    assert Review.objects.exists()
    assert told() == set()


def test_a_city_that_has_sent_its_answers_stays():
    review = make_review(make_city(), state=State.SUBMITTED)
    with pytest.raises(CannotTakeOut):
        take_out(review)


def test_an_answer_that_was_taken_back_holds_nobody(review):
    say_an_answer(review)
    answer(review, "health-score", Answer(), revision=1)
    take_out(review)
    assert not Review.objects.exists()


def test_the_page_of_the_cycle_offers_it_for_cities_without_an_answer_only(client, review):
    client.force_login(make_person("mihai"))
    page = f"/en/desk/cycles/{review.cycle_id}/"
    assert address(review) in client.get(page).content.decode()
    say_an_answer(review)
    assert address(review) not in client.get(page).content.decode()


def test_a_city_can_be_taken_in_again(review):
    take_out(review)
    about = {"cycle": review.cycle, "cities": [review.city], "due_on": review.due_on, "invented": True}
    [again] = take_into_cycle(by=make_person("mihai"), at=ANSWERED_AT, **about)
    assert again.city == review.city
