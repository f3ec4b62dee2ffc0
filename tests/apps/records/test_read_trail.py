from datetime import UTC, date, datetime, timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone, translation

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import City, CityFact, Membership
from tessera.apps.records.models import OutgoingMail
from tessera.apps.records.reading import TrailChange, entries_about, entries_that_hold, trail_rows
from tessera.apps.records.trail import erase_entry

pytestmark = pytest.mark.django_db

RIGA, RAVENNA = 7, 8
AT = datetime(2025, 12, 1, 9, 30, tzinfo=UTC)


def write(
    changes, *, model=OutgoingMail, city=RIGA, at=AT, action=LogEntry.Action.UPDATE, actor=None, what="A mail"
):
    return LogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(model),
        object_pk="1",
        object_repr=what,
        action=action,
        changes=changes,
        actor=actor,
        actor_email=actor.email if actor else None,
        timestamp=at,
        additional_data={"city": city, **({"actor": actor.name} if actor else {})},
    )


def read():
    return trail_rows(entries_about(RIGA))


def changes_of(changes, model=OutgoingMail):
    write(changes, model=model)
    [row] = read()
    return list(row.changes)


def test_a_city_reads_its_own_entries_alone_and_the_newest_first(ilze):
    write({}, what="Older", at=AT - timedelta(days=1))
    write({}, what="Newer")
    write({}, what="Newest", at=AT)
    write({}, what="Of another city", city=RAVENNA)
    assert [row.what for row in read()] == ["Newest", "Newer", "Older"]


def test_a_row_says_who_did_what_to_which_thing_and_when(ilze):
    write({"subject": ["Old", "New"]}, actor=ilze)
    [row] = read()
    assert (row.at, row.actor, row.act, row.kind, row.what) == (
        AT,
        "Ilze",
        "changed",
        "outgoing mail",
        "A mail",
    )
    assert row.changes == (TrailChange("Subject", "Old", "New"),)
    assert row.erased_at is None


def test_each_act_has_a_word():
    for action in LogEntry.Action.choices:
        write({}, action=action[0])
    assert {row.act for row in read()} == {"created", "changed", "deleted", "read"}


def test_what_nobody_did_was_done_by_the_program():
    write({})
    assert read()[0].actor == "Tessera itself"


def test_somebody_who_renames_himself_stays_in_the_trail_under_the_name_of_that_time(ilze):
    write({}, actor=ilze)
    ilze.name = "Somebody else"
    ilze.save()
    assert read()[0].actor == "Ilze"


def test_who_was_not_signed_in_has_no_name():
    entry = write({})
    LogEntry.objects.filter(pk=entry.pk).delete()
    entry.additional_data["actor"] = ""
    entry.save(force_insert=True)
    assert read()[0].actor == "Somebody who was not signed in"


def test_a_text_in_several_languages_is_shown_in_all_of_them():
    said = {"source": "lv", "texts": {"en": "Riga", "lv": "Rīga"}}
    [change] = changes_of({"name": [None, said]}, City)
    assert change.after == "Rīga (lv), Riga (en)"


def test_the_entries_that_hold_some_words_are_found(ilze):
    LogEntry.objects.all().delete()
    named = write({}, what="Marta Nezināmā")
    changed = write({"name": ["Marta NEZINĀMĀ", "Eve"]})
    write({}, what="Somebody else")
    assert entries_that_hold("nezināmā") == [named, changed]


def test_an_empty_value_has_no_words():
    assert changes_of({"subject": [None, ""]}) == [TrailChange("Subject", "", "")]


def test_a_thing_that_a_field_points_to_has_its_name(ilze):
    gone = ilze.pk + 1
    [change] = changes_of({"person": [ilze.pk, gone]})
    assert change == TrailChange("Person", "Ilze", "no longer there")


def test_yes_and_no_are_words():
    assert changes_of({"is_active": [True, False]}, Person)[0] == TrailChange("Account is open", "Yes", "No")


def test_a_choice_has_the_words_of_its_form():
    [change] = changes_of({"action": [0, 2]}, LogEntry)
    assert (change.before, change.after) == ("create", "delete")


def test_a_day_is_written_as_the_page_writes_days():
    [change] = changes_of({"since": [None, str(date(2026, 3, 5))]}, Membership)
    assert change.after == "5 March 2026"


def test_a_moment_is_shown_in_the_time_of_the_site(settings):
    settings.TIME_ZONE = "Europe/Riga"
    [change] = changes_of({"sent_at": [None, "2026-12-01 09:30:00"]})
    assert change.after == "1 December 2026, 11:30"


def test_a_number_has_the_decimal_sign_of_the_language():
    with translation.override("lv"):
        [change] = changes_of({"figure": [None, "12.5"]}, CityFact)
    assert change.after == "12,5"


def test_things_that_were_added_and_taken_away_are_listed():
    added = {"type": "m2m", "operation": "add", "objects": ["Riga", "Lublin"]}
    removed = {"type": "m2m", "operation": "delete", "objects": ["Ravenna"]}
    assert changes_of({"cities": added, "people": removed}) == [
        TrailChange("Cities", "", "Riga, Lublin"),
        TrailChange("People", "Ravenna", ""),
    ]


def test_a_field_and_a_kind_that_are_no_more_are_still_readable():
    entry = write({"colour": [None, "green"]})
    kind = ContentType.objects.create(app_label="network", model="bridge")
    LogEntry.objects.create(
        content_type=kind,
        object_pk="1",
        object_repr="Stone",
        action=0,
        additional_data={"city": RIGA},
        timestamp=AT,
    )
    stone, mail = read()
    assert (stone.kind, stone.what) == ("bridge", "Stone")
    assert (mail.changes, entry.changes) == (
        (TrailChange("Colour", "", "green"),),
        {"colour": [None, "green"]},
    )


def test_an_erased_entry_says_when_it_was_erased_and_nothing_else(ilze):
    entry = write({"subject": ["Old", "New"]}, actor=ilze)
    erase_entry(entry, reason="asked for by the person", at=timezone.now())

    telling, erased = read()
    assert (erased.at, erased.actor, erased.what, erased.changes) == (AT, "", "", ())
    assert erased.erased_at is not None
    assert erased.erasure_reason == "asked for by the person"
    assert telling.kind == "entry of the trail"
    assert TrailChange("Reason", "", "asked for by the person") in telling.changes


def test_a_page_of_many_entries_asks_the_database_as_often_as_one_of_few(ilze, django_assert_num_queries):
    for number in range(30):
        person = Person.objects.create(email=f"{number}@example.org", name=f"Person {number}")
        write({"person": [None, person.pk]}, actor=person)
    ContentType.objects.clear_cache()
    with django_assert_num_queries(2):
        assert len(read()) == 30
