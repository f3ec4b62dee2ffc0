"""An area comes into other hands: it is taken back, handed over, or its person leaves the city."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.utils import timezone
from tests.builders import ANSWERED_AT, answer, make_city, make_review, make_sheet, open_area
from tests.people import give, make_officer, make_person

from tessera.apps.network.models import Kind, Role
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.delegation import delegate_area, delegate_by_link, withdraw_assignment
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer, Assignment
from tessera.frameworks.answers import Answer as GivenAnswer

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def review():
    review = make_review(make_city("riga"), make_sheet([None] * 8), state=State.FILLING)
    give("andris", Kind.CONTRIBUTOR, review.city)
    give("greta", Kind.CONTRIBUTOR, review.city)
    return review


@pytest.fixture
def ilze(client, review):
    client.force_login(make_person("ilze"))
    return client


def give_to(review, key, *, at=ANSWERED_AT):
    return delegate_area(
        by=make_person("ilze"),
        review=review,
        area="education",
        colleague=make_person(key),
        message="",
        at=at,
    )


def send_link(review, email):
    delegate_by_link(
        by=make_person("ilze"),
        review=review,
        area="education",
        email=email,
        name="Dace",
        language="en",
        until=TODAY + timedelta(days=7),
        message="",
        at=timezone.now(),
    )
    return Assignment.objects.latest("pk")


def told():
    """Who was told what about areas, in this order."""
    mails = OutgoingMail.objects.filter(purpose__startswith="area-").order_by("pk")
    return list(mails.values_list("to", "purpose"))


def take_back(given):
    return f"/en/desk/assignments/{given.pk}/take-back/"


def test_an_area_that_is_handed_over_is_closed_to_the_one_and_open_to_the_other(review):
    give_to(review, "andris")
    answer(review, "education-score", GivenAnswer(value=40.0), person=make_person("andris"))

    given = give_to(review, "greta")

    andris, greta = make_person("andris"), make_person("greta")
    assert open_area(review, "education", greta).assignment == given
    with pytest.raises(Http404):
        open_area(review, "education", andris)
    assert told() == [
        (andris.email, "area-assigned"),
        (andris.email, "area-taken-back"),
        (greta.email, "area-assigned"),
    ]
    kept = Answer.objects.get()
    assert (kept.value, kept.changed_by) == (40.0, andris)


def test_whoever_gets_the_area_in_another_way_is_not_told_that_it_was_taken_back(review):
    andris = make_person("andris")
    give_to(review, "andris")

    given = send_link(review, andris.email)

    assert told() == [(andris.email, "area-assigned"), (andris.email, "area-assigned")]
    assert list(Assignment.objects.filter(withdrawn_at=None)) == [given]


def test_an_officer_takes_an_area_back_after_reading_what_that_means(ilze, review):
    given = send_link(review, "dace@example.org")

    page = ilze.get(take_back(given)).content.decode()
    asked = Assignment.objects.get(pk=given.pk).withdrawn_at
    sent = ilze.post(take_back(given))

    assert "Take the area back from Dace?" in page
    assert "the link stops working at once" in page
    assert asked is None
    assert Assignment.objects.get(pk=given.pk).withdrawn_at is not None
    assert sent["Location"] == f"/en/desk/reviews/{review.pk}/"
    assert told() == [("dace@example.org", "area-assigned"), ("dace@example.org", "area-taken-back")]
    assert "Your personal link no longer works." in OutgoingMail.objects.latest("pk").text


def test_taking_back_twice_is_harmless(ilze, review):
    given = give_to(review, "andris")

    answers = [ilze.post(take_back(given)).status_code for _ in range(2)]
    shown = ilze.get(take_back(given))

    assert answers == [302, 302]
    assert shown["Location"] == f"/en/desk/reviews/{review.pk}/areas/education/give/"
    assert [purpose for _, purpose in told()] == ["area-assigned", "area-taken-back"]
    assert "link no longer works" not in OutgoingMail.objects.latest("pk").text


def test_taking_back_an_old_assignment_leaves_the_new_one(ilze, review):
    old = give_to(review, "andris")
    new = give_to(review, "greta")

    ilze.post(take_back(old))

    assert list(Assignment.objects.filter(withdrawn_at=None)) == [new]


def test_an_officer_who_gives_back_an_own_area_gets_no_mail(review):
    make_officer("jonas", review.city)
    given = give_to(review, "jonas")

    withdraw_assignment(by=make_person("jonas"), assignment=given, at=ANSWERED_AT)

    assert [purpose for _, purpose in told()] == ["area-assigned"]


@pytest.mark.parametrize("act", ["take-back", "send-again"])
@pytest.mark.parametrize("key", ["andris", "chiara", "mihai", "nuria", "piotr", "greta", "jonas"])
def test_nobody_but_an_officer_of_the_city_finds_the_assignment(client, review, act, key):
    make_officer("chiara", make_city("ravenna"))
    given = send_link(review, make_person("piotr").email)
    client.force_login(make_person(key))
    page = f"/en/desk/assignments/{given.pk}/{act}/"

    assert client.get(page).status_code == 404
    assert client.post(page, {"until": TODAY.isoformat()}).status_code == 404
    unchanged = Assignment.objects.get()
    assert (unchanged.withdrawn_at, unchanged.token_hash) == (None, given.token_hash)


def test_an_assignment_with_an_account_has_no_link_to_send(ilze, review):
    given = give_to(review, "andris")

    assert ilze.get(f"/en/desk/assignments/{given.pk}/send-again/").status_code == 404


def test_once_the_answers_are_sent_no_link_is_sent_but_one_can_be_stopped(ilze, review):
    given = send_link(review, "dace@example.org")
    review.state, review.submitted_at = State.SUBMITTED, timezone.now()
    review.save()

    refused = ilze.post(f"/en/desk/assignments/{given.pk}/send-again/", {"until": TODAY.isoformat()})

    assert refused.status_code == 400
    assert "The answers are sent." in refused.content.decode()
    assert ilze.post(take_back(given)).status_code == 302
    assert Assignment.objects.get().withdrawn_at is not None


def test_whoever_leaves_the_city_loses_the_area_and_it_can_be_handed_over(ilze, review):
    give_to(review, "andris")
    Role.objects.filter(person=make_person("andris")).update(until=TODAY - timedelta(days=1))
    page = f"/en/desk/reviews/{review.pk}/areas/education/give/"

    with pytest.raises(Http404):
        open_area(review, "education", make_person("andris"))
    assert "has no role in Riga any more." in ilze.get(page).content.decode()
    ilze.post(page, {"way": "colleague", "colleague-colleague": make_person("greta").pk})

    assert open_area(review, "education", make_person("greta")).assignment.given_by == make_person("ilze")


def test_an_area_waits_for_somebody_whose_role_comes_back(review):
    given = give_to(review, "andris")
    Role.objects.filter(person=make_person("andris")).update(until=date(2024, 2, 6))

    with pytest.raises(Http404):
        open_area(review, "education", make_person("andris"))
    give("andris", Kind.CONTRIBUTOR, review.city, since=TODAY)

    assert open_area(review, "education", make_person("andris")).assignment == given
