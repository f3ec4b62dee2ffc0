from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from tests.builders import DUE_ON, OPENED_AT, REVIEW, SCORES, make_city, make_cycle, make_review
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Kind, Membership, Network
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.cycles import (
    CannotOpen,
    HasCycle,
    HasReview,
    WrongDueDate,
    open_cycle,
    take_into_cycle,
)
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Cycle, Review
from tessera.frameworks.errors import UnknownFramework
from tessera.frameworks.schema import Pathway

pytestmark = pytest.mark.django_db

LATER = datetime(2024, 2, 20, 10, tzinfo=UTC)


@pytest.fixture
def riga():
    return make_member("riga")


def make_member(slug, *, invented=False):
    city = make_city(slug, invented=invented)
    Membership.objects.create(city=city, network=make_network(), since=date(2015, 1, 1), source_name="A site")
    return city


def begin(*cities, **changed):
    by = changed.pop("by", None) or give("mihai", Kind.COORDINATOR, make_network())
    given = {
        "network": make_network(),
        "framework_id": SCORES,
        "version": 1,
        "pathway": Pathway.FULL,
        "year": 2023,
        "due_on": DUE_ON,
        "signatures": 1,
        "cities": cities,
        "invented": False,
        "at": OPENED_AT,
        **changed,
    }
    return open_cycle(by=by, **given)


def test_every_city_begins_its_review_and_its_officers_are_told(riga):
    ravenna = make_member("ravenna")
    make_officer("ilze", riga)
    make_officer("chiara", ravenna)
    make_officer("greta", riga, until=date(2023, 12, 31))
    give("andris", Kind.CONTRIBUTOR, riga)
    cycle = begin(riga, ravenna, framework_id=REVIEW, version=2, pathway=Pathway.CORE, signatures=2)

    assert (cycle.opened_by, cycle.opened_at, cycle.signatures) == (make_person("mihai"), OPENED_AT, 2)
    found = Review.objects.values_list(
        "city__slug", "framework_id", "version", "pathway", "year", "state", "due_on", "opened_at", "cycle"
    )
    about = (REVIEW, 2, "core", 2023, State.FILLING, DUE_ON, OPENED_AT, cycle.pk)
    assert set(found) == {("riga", *about), ("ravenna", *about)}
    mails = OutgoingMail.objects.filter(purpose="review-opened")
    assert {mail.to for mail in mails} == {make_person("ilze").email, make_person("chiara").email}


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who != "mihai"])
def test_only_who_coordinates_the_network_opens_a_cycle(riga, who):
    make_officer("ilze", riga)
    give("andris", Kind.CONTRIBUTOR, riga)
    give("nuria", Kind.EXPERT, make_network())
    north = Network.objects.create(
        slug="north",
        name=LocalText("en", {"en": "North"}),
        starts_on=date(2015, 1, 1),
        ends_on=date(2040, 1, 1),
        source_name="A site",
    )
    give("greta", Kind.COORDINATOR, north)

    with pytest.raises(PermissionDenied):
        begin(riga, by=make_person(who))
    assert not Cycle.objects.exists()
    begin(riga)
    assert Cycle.objects.exists()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"framework_id": "no-such"}, UnknownFramework),
        ({"framework_id": REVIEW, "version": 9}, UnknownFramework),
        ({"due_on": date(2024, 1, 7)}, WrongDueDate),
        ({"due_on": date(2026, 1, 8)}, WrongDueDate),
        ({"due_on": date.max}, WrongDueDate),
        ({"cities": []}, CannotOpen),
    ],
    ids=[
        "no questionnaire",
        "no version",
        "yesterday",
        "two years and a day",
        "the last day of all",
        "no city",
    ],
)
def test_what_cannot_be_is_refused_as_a_whole(riga, changed, error):
    with pytest.raises(error):
        begin(riga, **changed)
    assert not Cycle.objects.exists()
    assert begin(riga).reviews.count() == 1


def test_answers_may_be_due_on_the_day_itself(riga):
    assert begin(riga, due_on=OPENED_AT.date()).due_on == date(2024, 1, 8)


def test_a_network_has_one_cycle_of_a_questionnaire_and_year(riga):
    begin(riga)
    ravenna = make_member("ravenna")
    with pytest.raises(HasCycle):
        begin(ravenna)
    assert begin(ravenna, year=2022).year == 2022
    assert begin(ravenna, framework_id=REVIEW).framework_id == REVIEW


def test_every_city_that_has_a_review_already_is_named_and_none_begins(riga):
    ravenna, graz = make_member("ravenna"), make_member("graz")
    for city in (riga, graz):
        make_review(city, state=State.VALIDATED)
    with pytest.raises(HasReview) as refused:
        begin(riga, ravenna, graz)
    assert set(refused.value.cities) == {riga, graz}
    assert not Review.objects.filter(city=ravenna).exists()


def test_a_city_outside_the_network_is_refused(riga):
    graz = make_city("graz")
    left = make_member("lyon")
    left.memberships.update(until=date(2024, 1, 7))
    for outside in (graz, left):
        with pytest.raises(CannotOpen, match="is not in"):
            begin(riga, outside)
    assert not Cycle.objects.exists()


@pytest.mark.parametrize(("demonstration", "city", "expected"), [(0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_a_review_is_invented_where_the_city_or_the_demonstration_is(demonstration, city, expected):
    begin(make_member("riga", invented=bool(city)), invented=bool(demonstration))
    assert Review.objects.get().invented is bool(expected)


def test_a_city_that_is_added_has_its_own_first_and_last_day(riga):
    cycle = make_cycle(riga)
    ravenna = make_member("ravenna")
    make_officer("chiara", ravenna)
    due_on = date(2024, 4, 1)
    take_into_cycle(
        by=make_person("mihai"), cycle=cycle, cities=[ravenna], due_on=due_on, invented=False, at=LATER
    )

    review = cycle.reviews.get(city=ravenna)
    assert (review.opened_at, review.due_on, review.invented) == (LATER, due_on, False)
    [mail] = OutgoingMail.objects.filter(purpose="review-opened", to=make_person("chiara").email)
    assert "1 April 2024" in mail.text


@pytest.mark.parametrize(
    ("who", "due_on", "error"),
    [
        ("ilze", date(2024, 4, 1), PermissionDenied),
        ("mihai", date(2024, 2, 19), WrongDueDate),
        ("mihai", date(2024, 2, 20), None),
    ],
)
def test_who_adds_a_city_and_until_when(riga, who, due_on, error):
    make_officer("ilze", riga)
    cycle, ravenna = make_cycle(riga), make_member("ravenna")
    given = {"cycle": cycle, "cities": [ravenna], "due_on": due_on, "invented": False, "at": LATER}
    if error is None:
        take_into_cycle(by=make_person(who), **given)
    else:
        with pytest.raises(error):
            take_into_cycle(by=make_person(who), **given)
    assert cycle.reviews.filter(city=ravenna).exists() is (error is None)


def test_a_city_is_not_added_twice(riga):
    cycle = make_cycle(riga)
    with pytest.raises(HasReview):
        take_into_cycle(
            by=make_person("mihai"), cycle=cycle, cities=[riga], due_on=DUE_ON, invented=False, at=OPENED_AT
        )
    assert cycle.reviews.count() == 1
