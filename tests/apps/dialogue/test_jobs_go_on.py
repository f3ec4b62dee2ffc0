"""What one consultation stumbles over does not keep the others from what is due for them."""

from datetime import timedelta

import pytest
from tests.apps.dialogue.asking_about_oneself import DAY, join, make_asking
from tests.apps.dialogue.finished import TODAY, hold_evening
from tests.builders import make_city
from tests.dialogues import OPENED_AT, make_consultation
from tests.people import make_person

from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.jobs import forget_codes, publish_groups, publish_tables, refresh_landscapes
from tessera.apps.dialogue.landscapes import read_shown
from tessera.apps.dialogue.models import Consultation, GroupTables, Landscape, Participant, Publication

pytestmark = pytest.mark.django_db


def two(make):
    """The first can be dealt with; the second, which comes before it in every list, is spoilt by the test."""
    city = make_city("riga")
    return make(city), make(city, slug="spoilt")


def expect_a_fault(job, day, row):
    """It is told at the end, and of which row."""
    with pytest.raises(Exception, match=f"{row._meta.model_name} {row.pk}: "):
        job(day)


def test_a_landscape_that_cannot_be_read_keeps_no_other_from_being_found():
    fine, spoilt = two(make_consultation)
    for consultation in (fine, spoilt):
        join(consultation, 12)
    Landscape.objects.create(
        consultation=spoilt, seed=1, priorities={}, overview={"n_people": 0}, found_on=DAY
    )
    expect_a_fault(refresh_landscapes, DAY, spoilt)
    assert read_shown(fine).overview.n_people == 12


def test_tables_that_cannot_be_read_keep_no_others_from_being_made_public():
    fine, spoilt = two(make_asking)
    for consultation in (fine, spoilt):
        join(consultation, 12, gender="woman")
    Publication.objects.create(consultation=spoilt, made_on=DAY, tables=[{}], threshold=10)
    expect_a_fault(publish_tables, DAY + timedelta(days=7), spoilt)
    assert fine.publications.count() == 1


def test_groups_that_cannot_be_counted_keep_no_others_from_being_counted():
    city = make_city("riga")
    fine, spoilt = hold_evening(city=city), hold_evening(city=city, slug="spoilt")
    Landscape.objects.filter(consultation=spoilt).update(overview={})
    expect_a_fault(publish_groups, TODAY, spoilt.landscape)
    assert GroupTables.objects.get().consultation == fine


def test_codes_that_cannot_be_forgotten_keep_no_others():
    fine, spoilt = two(make_consultation)
    for consultation in (fine, spoilt):
        join(consultation, 1)
        close_consultation(by=make_person("ilze"), consultation=consultation, reason="Enough.", at=OPENED_AT)
    taken = f"forgotten {spoilt.participants.get().pk}"
    Participant.objects.filter(consultation=fine).update(code_hash="its own")
    other = make_consultation(fine.city, slug="other")
    [person] = join(other, 1)
    Participant.objects.filter(pk=person.pk).update(code_hash=taken)
    expect_a_fault(forget_codes, DAY + timedelta(days=4000), spoilt)
    forgotten = Consultation.objects.filter(codes_forgotten_on__isnull=False)
    assert list(forgotten) == [fine]
