"""How many may join from one network and one device, and what is kept to know it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from tests.builders import make_city
from tests.dialogues import DAY, OPENED_AT, make_consultation, make_entrance, speak, vote
from tests.people import make_officer

from tessera.apps.dialogue.actions.setting_up import make_own_links
from tessera.apps.dialogue.limits import (
    FROM_ONE_DEVICE,
    FROM_ONE_NETWORK,
    Origin,
    TooManyJoined,
    count_join,
    forget_tallies,
)
from tessera.apps.dialogue.models import Participant, Salt, Tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_city())


def join(consultation, **about):
    return vote(consultation, consultation.statements.first(), entrance=make_entrance(**about))


def test_a_machine_that_joins_a_thousand_times_makes_as_many_as_one_device_may(consultation):
    refused = 0
    for _ in range(1000):
        try:
            join(consultation)
        except TooManyJoined:
            refused += 1
    assert (Participant.objects.count(), refused) == (FROM_ONE_DEVICE, 1000 - FROM_ONE_DEVICE)


def test_one_that_changes_its_name_makes_as_many_as_one_network_may(consultation):
    origins = [Origin("192.0.2.1", f"program {number}") for number in range(FROM_ONE_NETWORK + 1)]
    for origin in origins[:-1]:
        count_join(consultation, origin, DAY)
    with pytest.raises(TooManyJoined):
        count_join(consultation, origins[-1], DAY)
    # Another network, and another consultation, are not touched by it.
    count_join(consultation, Origin("192.0.2.2", "program"), DAY)
    other = make_consultation(make_city("ravenna", country="IT"), slug="ravenna")
    count_join(other, origins[-1], DAY)


def test_whoever_is_in_goes_on_when_no_more_can_join(consultation):
    me = make_entrance()
    first, second = list(consultation.statements.all()[:2])
    vote(consultation, first, entrance=me)
    for _ in range(FROM_ONE_DEVICE - 1):
        join(consultation)
    with pytest.raises(TooManyJoined):
        join(consultation)
    with pytest.raises(TooManyJoined):
        speak(consultation, "Something of my own.")
    vote(consultation, second, entrance=me)


def test_links_for_one_person_are_not_counted(consultation):
    officer = make_officer("ilze", consultation.city)
    count = FROM_ONE_DEVICE + 1
    for token in make_own_links(by=officer, consultation=consultation, count=count, at=OPENED_AT):
        join(consultation, link_token=token)
    assert Participant.objects.count() == count
    assert not Tally.objects.exists()


def test_the_next_day_begins_anew_and_forgets_the_day_before(consultation):
    for _ in range(FROM_ONE_DEVICE):
        join(consultation)
    before = set(Tally.objects.values_list("bucket", flat=True))
    tomorrow = DAY + timedelta(days=1)
    vote(consultation, consultation.statements.first(), day=tomorrow)
    assert list(Salt.objects.values_list("day", flat=True)) == [tomorrow]
    after = set(Tally.objects.values_list("bucket", flat=True))
    # The same phone goes by other names.
    assert len(after) == 2
    assert not before & after


def test_the_clock_forgets_a_day_on_which_nobody_came_after(consultation):
    join(consultation)
    assert forget_tallies(DAY) == 0
    assert Tally.objects.count() == 2
    assert forget_tallies(DAY + timedelta(days=1)) == 1
    assert (Salt.objects.count(), Tally.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("no address", "no address", True),
    ],
)
def test_a_network_is_what_one_household_is_given(one, other, is_same):
    assert (Origin(one, "").network == Origin(other, "").network) is is_same


def test_neither_address_nor_program_is_kept_anywhere(consultation):
    marks = ("198.51.100.77", "A-marked-phone/7")
    join(consultation, address=marks[0], program=marks[1])
    speak(consultation, "More benches.", entrance=make_entrance(address=marks[0], program=marks[1]))
    seen = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                seen += 1
                assert not any(mark in str(value) for mark in marks for value in row), table
    assert seen > 10


def test_no_table_of_votes_has_room_for_an_hour_or_an_address():
    """Days of joining are all that the vote store knows of time."""
    for model in ("participant", "vote", "statement", "report", "ownlink", "tally"):
        fields = apps.get_model("dialogue", model)._meta.concrete_fields
        kinds = {field.get_internal_type() for field in fields}
        assert not kinds & {"DateTimeField", "TimeField", "GenericIPAddressField", "EmailField"}, model
