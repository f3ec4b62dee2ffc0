"""An expert stands for all answers of an area."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests.builders import CHECKED_AT, answer, appoint, make_city, make_review
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.review.actions.checking import (
    open_answer,
    return_review,
    send_back,
    unverify_area,
    verify_area,
)
from tessera.apps.review.lifecycle import MoveError, State
from tessera.apps.review.models import Verification
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

KEY = "education-score"


@pytest.fixture
def review():
    review = make_review(make_city(), state=State.SUBMITTED)
    appoint(review)
    return review


def verify(review, *, who="nuria", area="education"):
    verify_area(expert=make_person(who), review=review, area=area, at=CHECKED_AT)


def let_change(review):
    """Education's answer is open to the city."""
    open_answer(expert=make_person("nuria"), review=review, question=KEY, at=CHECKED_AT)
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)


def url(review, act="verify", area="education"):
    return reverse(f"review:{act}-area", args=[review.pk, area])


def test_an_area_is_verified_and_the_verification_taken_back(client, review):
    client.force_login(make_person("nuria"))

    page = client.post(url(review), follow=True).content.decode()
    assert "Education is verified." in page
    assert "Verified by Nuria on" in page
    verification = Verification.objects.get()
    assert (verification.area, verification.expert) == ("education", make_person("nuria"))
    review.refresh_from_db()
    assert review.state == State.IN_REVIEW

    page = client.post(url(review, "unverify"), follow=True).content.decode()
    assert "The area is to be verified again." in page
    assert not Verification.objects.exists()


def test_twice_is_harmless(review):
    appoint(review, "piotr")
    verify(review)
    verify(review, who="piotr")

    assert Verification.objects.get().expert == make_person("nuria")


def test_an_area_that_the_review_does_not_ask_is_not_verified(client, review):
    with pytest.raises(KeyError):
        verify(review, area="language")
    client.force_login(make_person("nuria"))
    assert client.post(url(review, area="language")).status_code == 404


def test_a_changed_answer_has_the_area_verified_again(review):
    verify(review)
    verify(review, area="health")
    let_change(review)

    answer(review, KEY, Answer(value=50.0), revision=1)

    assert [each.area for each in Verification.objects.all()] == ["health"]


def test_nobody_stands_for_an_area_while_the_city_can_change_it(client, review):
    """Other areas can be verified meanwhile."""
    let_change(review)
    client.force_login(make_person("nuria"))
    board = client.get(reverse("review:board", args=[review.pk])).content.decode()
    assert f'action="{url(review)}"' not in board
    assert f'action="{url(review, area="health")}"' in board

    page = client.post(url(review), follow=True).content.decode()

    assert "It was not marked as verified." in page
    with pytest.raises(MoveError):
        verify(review)
    verify(review, area="health")
    send_back(person=make_person("ilze"), review=review, at=CHECKED_AT)
    verify(review)
    assert Verification.objects.count() == 2


@pytest.mark.parametrize("method", ["get", "put"])
def test_a_link_verifies_nothing(client, review, method):
    client.force_login(make_person("nuria"))

    assert getattr(client, method)(url(review)).status_code == 405


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each != "nuria"])
def test_nobody_else_verifies(client, review, who):
    give("piotr", Kind.EXPERT, review.cycle.network)
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", make_city("ravenna", country="IT"))
    client.force_login(make_person(who))

    assert client.post(url(review)).status_code == 404
    assert client.post(url(review, "unverify")).status_code == 404
    with pytest.raises(PermissionDenied):
        verify(review, who=who)
    with pytest.raises(PermissionDenied):
        unverify_area(expert=make_person(who), review=review, area="education", at=CHECKED_AT)
    assert not Verification.objects.exists()
