"""An expert stands for all answers of an area."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests import builders
from tests.builders import CHECKED_AT, answer, appoint, make_city, make_review, open_area
from tests.people import EVERYBODY, give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.records.moves import MoveError
from tessera.apps.review.actions.checking import (
    Overtaken,
    open_answer,
    return_review,
    send_back,
    unverify_area,
)
from tessera.apps.review.actions.evidence import add_evidence
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer as KeptAnswer
from tessera.apps.review.models import EvidenceKind, Review, Verification
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

KEY = "education-score"


@pytest.fixture
def review():
    review = make_review(make_city(), state=State.SUBMITTED)
    appoint(review)
    return review


def verify(review, *, who="nuria", area="education", shown=None):
    builders.verify(review, area, who, shown=shown)


def shown_of(review, area="education"):
    """What the form on the board sends along now."""
    return {"shown": Review.objects.get(pk=review.pk).area_hash(area)}


def let_change(review):
    """Education's answer is open to the city."""
    open_answer(expert=make_person("nuria"), review=review, question=KEY, at=CHECKED_AT)
    return_review(expert=make_person("nuria"), review=review, message="", at=CHECKED_AT)


def url(review, act="verify", area="education"):
    return reverse(f"review:{act}-area", args=[review.pk, area])


def test_an_area_is_verified_and_the_verification_taken_back(client, review):
    client.force_login(make_person("nuria"))

    page = client.post(url(review), shown_of(review), follow=True).content.decode()
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

    page = client.post(url(review), shown_of(review), follow=True).content.decode()

    assert "It was not marked as verified." in page
    with pytest.raises(MoveError):
        verify(review)
    verify(review, area="health")
    send_back(person=make_person("ilze"), review=review, at=CHECKED_AT)
    verify(review)
    assert Verification.objects.count() == 2


def add_link(review, address):
    add_evidence(
        place=open_area(review, "education", make_person("ilze")),
        question=KEY,
        source=address,
        kind=EvidenceKind.LINK,
        title="",
        dated_on=None,
        language="",
        is_public=False,
        at=CHECKED_AT,
    )


@pytest.mark.parametrize("is_answered", [True, False], ids=["answered", "not answered"])
@pytest.mark.parametrize("change", ["answer", "evidence"])
def test_nobody_verifies_from_a_page_that_shows_earlier_answers(client, review, change, is_answered):
    """A board stays open while the city changes an answer, or the evidence for it, and sends all back."""
    if not is_answered:
        KeptAnswer.objects.filter(review=review, question=KEY).delete()
    client.force_login(make_person("nuria"))
    board = client.get(reverse("review:board", args=[review.pk])).content.decode()
    shown = {area: shown_of(review, area) for area in ("education", "health")}
    assert f'name="shown" value="{shown["education"]["shown"]}"' in board
    let_change(review)
    if change == "answer":
        answer(review, KEY, Answer(value=50.0), revision=int(is_answered))
    else:
        add_link(review, "https://example.org/plan")
    send_back(person=make_person("ilze"), review=review, at=CHECKED_AT)

    page = client.post(url(review), shown["education"], follow=True).content.decode()

    assert "The answers of this area changed since you opened the page." in page
    with pytest.raises(Overtaken):
        verify(review, **shown["education"])
    assert not Verification.objects.exists()
    client.post(url(review, area="health"), shown["health"])
    client.post(url(review), shown_of(review))
    assert Verification.objects.count() == 2


def test_a_form_that_does_not_say_what_was_read_verifies_nothing(client, review):
    client.force_login(make_person("nuria"))
    client.post(url(review))
    assert not Verification.objects.exists()


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
