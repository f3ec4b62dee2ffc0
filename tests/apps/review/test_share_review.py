"""A city agrees that its validated review is read beside those of the other cities of its cycle."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from tests.builders import (
    CHECKED_AT,
    VALIDATED_AT,
    make_city,
    make_review,
    make_validated_cycle,
    put_in_state,
)
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.network.models import Kind, Membership
from tessera.apps.records.moves import MoveError
from tessera.apps.review.actions.sharing import agree_to_comparison, end_comparison
from tessera.apps.review.lifecycle import JUDGED, State
from tessera.apps.review.models import Sharing

pytestmark = pytest.mark.django_db

LATER = VALIDATED_AT + timedelta(days=1)
ACTS = {"agree": agree_to_comparison, "end": end_comparison}


def make_riga_and_its_people(state):
    """Ilze is the officer of Riga, Andris a contributor there; Chiara is the officer of another city."""
    made = state if state is State.SUBMITTED else State.FILLING
    review = make_review(make_city("riga"), state=made)
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", make_city("ravenna", country="IT"))
    give("mihai", Kind.COORDINATOR, make_network())
    give("nuria", Kind.EXPERT, make_network())
    return review if state is made else put_in_state(review, state)


@pytest.fixture
def review():
    return make_validated_cycle({"riga": 60}, shared=()).reviews.get()


def as_(who):
    browser = Client()
    browser.force_login(make_person(who))
    return browser


def agree(review, who="ilze", at=VALIDATED_AT):
    return agree_to_comparison(person=make_person(who), review=review, at=at)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_officer_of_the_city_agrees_and_ends_and_only_what_is_validated(who, state, act):
    review = make_riga_and_its_people(state)
    if act == "end":
        Sharing.objects.create(review=review, agreed_by=make_person("ilze"), agreed_at=CHECKED_AT)
    was_shared = act == "end"

    if who != "ilze":
        with pytest.raises(PermissionDenied, match="does not act for"):
            ACTS[act](person=make_person(who), review=review, at=LATER)
    elif state not in JUDGED:
        with pytest.raises(MoveError, match="no expert has validated it"):
            ACTS[act](person=make_person(who), review=review, at=LATER)
    else:
        ACTS[act](person=make_person(who), review=review, at=LATER)

    is_done = who == "ilze" and state in JUDGED
    assert Sharing.objects.filter(review=review).exists() == (was_shared != is_done)


def test_the_agreement_names_who_gave_it_and_when_and_twice_changes_neither(review):
    first = agree(review)
    make_officer("chiara", review.city)
    second = agree(review, "chiara", LATER)

    assert second == first
    assert (second.agreed_by, second.agreed_at) == (make_person("ilze"), VALIDATED_AT)


def test_to_take_it_back_twice_is_harmless(review):
    agree(review)
    for _ in range(2):
        end_comparison(person=make_person("ilze"), review=review, at=LATER)

    assert not Sharing.objects.exists()


def test_whoever_was_an_officer_does_not_agree_any_more(review):
    make_officer("chiara", review.city, until=VALIDATED_AT.date())
    agree(review, "chiara", VALIDATED_AT)
    end_comparison(person=make_person("chiara"), review=review, at=VALIDATED_AT)
    for act in ACTS.values():
        with pytest.raises(PermissionDenied):
            act(person=make_person("chiara"), review=review, at=LATER)


def test_a_review_of_no_cycle_is_compared_with_nothing():
    review = make_review(make_city("riga"), state=State.VALIDATED)
    make_officer("ilze", review.city)

    with pytest.raises(MoveError, match="in no cycle"):
        agree(review)


def test_both_stand_in_the_trail_of_the_city(review):
    agree(review)
    end_comparison(person=make_person("ilze"), review=review, at=LATER)

    kept = LogEntry.objects.filter(content_type__model="sharing").order_by("pk")
    assert [(entry.get_action_display(), entry.additional_data["city"]) for entry in kept] == [
        ("create", review.city_id),
        ("delete", review.city_id),
    ]


@pytest.mark.parametrize("page", ["tasks", "publish"])
def test_the_page_says_what_it_means_and_then_offers_the_way_back(review, page):
    ilze, address = as_("ilze"), reverse(f"review:{page}", args=[review.pk])
    comparison = reverse("review:comparison", args=[review.cycle_id])
    found = ilze.get(address).content.decode()
    assert "You read the others only while you show your own." in found
    assert "Agree to be compared" in found
    assert comparison not in found

    answered = ilze.post(reverse("review:agree-to-comparison", args=[review.pk]), follow=True)
    assert "can read your result now, and you theirs" in answered.content.decode()
    found = ilze.get(address).content.decode()
    assert "Ilze agreed on" in found
    assert "Agree to be compared" not in found
    assert f'href="{comparison}"' in found

    answered = ilze.post(reverse("review:end-comparison", args=[review.pk]), follow=True)
    assert "taken back" in answered.content.decode()
    assert "Agree to be compared" in ilze.get(address).content.decode()


@pytest.mark.parametrize("page", ["tasks", "publish"])
def test_what_is_published_is_compared_without_being_asked(review, page):
    put_in_state(review, State.PUBLISHED)
    found = as_("ilze").get(reverse(f"review:{page}", args=[review.pk])).content.decode()

    assert "The review is published, and so it stands beside those" in found
    assert f'href="{reverse("review:comparison", args=[review.cycle_id])}"' in found
    assert "Agree to be compared" not in found
    assert "Take the agreement back" not in found


@pytest.mark.parametrize("state", [State.FILLING, State.SUBMITTED, State.IN_REVIEW, State.RETURNED])
def test_before_it_is_validated_nobody_is_asked_and_a_stale_tab_is_told(state):
    review = make_review(make_city("riga"), state=state)
    ilze = as_("ilze")

    for page in ("tasks", "publish"):
        found = ilze.get(reverse(f"review:{page}", args=[review.pk])).content.decode()
        assert "Comparison with other cities" not in found
    for name in ("agree-to-comparison", "end-comparison"):
        answered = ilze.post(reverse(f"review:{name}", args=[review.pk]), follow=True)
        assert "only once an expert has validated the review" in answered.content.decode()
    assert not Sharing.objects.exists()


def test_a_city_that_left_the_network_is_not_asked(review):
    Membership.objects.filter(city=review.city).update(until=VALIDATED_AT.date())

    found = as_("ilze").get(reverse("review:tasks", args=[review.pk])).content.decode()
    assert "Comparison with other cities" not in found


@pytest.mark.parametrize("name", ["agree-to-comparison", "end-comparison"])
def test_an_address_alone_changes_nothing(review, name):
    assert as_("ilze").get(reverse(f"review:{name}", args=[review.pk])).status_code == 405
