"""When tables by attribute are made public, and what stands in them."""

from datetime import timedelta

import pytest
from tests.apps.dialogue.asking_about_oneself import DAY, join, make_asking
from tests.builders import make_city
from tests.dialogues import OPENED_AT, SEEDS, make_consultation, speak
from tests.people import make_person

from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.actions.taking_part import withdraw_everything
from tessera.apps.dialogue.jobs import forget_codes, publish_tables, refresh_landscapes
from tessera.apps.dialogue.landscapes import read_shown
from tessera.apps.dialogue.models import (
    Choice,
    Consultation,
    Declaration,
    HidingReason,
    Participant,
    Publication,
)
from tessera.apps.dialogue.publish_tables import as_published

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
HIDDEN = None


@pytest.fixture
def asking():
    return make_asking(make_city("riga"))


def close(consultation, *, is_counted=True):
    close_consultation(by=make_person("ilze"), consultation=consultation, reason="Enough.", at=OPENED_AT)
    if is_counted:
        refresh_landscapes(DAY)


def last():
    return as_published(Publication.objects.last())


def genders(published=None):
    """Who takes part, as it is shown: women, men, others, and those who did not say."""
    table = (published or last()).table(None, ("gender",))
    return [table.count((group,), "participants") for group in ("woman", "man", "other", "not-said")]


def test_nothing_is_made_public_of_fewer_than_ten_people(asking):
    join(asking, 9, gender="woman")
    speak(asking, "Nobody has decided about it, and so this vote counts nowhere yet.")
    assert publish_tables(DAY) == 0
    join(asking, 1, gender="woman")
    assert publish_tables(DAY) == 1


def test_who_takes_part_is_counted_by_what_they_said(asking):
    join(asking, 40, gender="woman")
    join(asking, 30, gender="man")
    join(asking, 20, gender="other")
    join(asking, 10)
    publish_tables(DAY)
    assert genders() == [40, 30, 20, 10]
    assert last().table(None).count((), "participants") == 100


def test_while_people_vote_no_answers_to_statements_are_made_public(asking):
    join(asking, 40, gender="woman")
    publish_tables(DAY)
    assert {table.statement for table in last().tables} == {None}
    assert not Publication.objects.get().is_final


def test_a_group_of_nine_is_hidden_and_another_one_with_it(asking):
    join(asking, 40, gender="woman")
    join(asking, 30, gender="man")
    join(asking, 9, gender="other")
    join(asking, 12)
    publish_tables(DAY)
    assert genders() == [40, 30, HIDDEN, HIDDEN]


def test_nobody_counts_who_has_not_voted(asking):
    join(asking, 40, gender="woman")
    [person] = join(asking, 1, gender="man")
    person.votes.all().delete()
    publish_tables(DAY)
    assert last().table(None).count((), "participants") == 40


@pytest.mark.parametrize(("days", "came", "made"), [(6, 50, 0), (7, 9, 0), (7, 10, 1)])
def test_the_next_comes_after_seven_days_and_ten_people(asking, days, came, made):
    join(asking, 40, gender="woman")
    publish_tables(DAY)
    join(asking, came, gender="woman")
    assert publish_tables(DAY + timedelta(days=days)) == made


def test_who_came_in_place_of_others_who_withdrew_makes_no_new_table(asking):
    people = join(asking, 40, gender="woman")
    publish_tables(DAY)
    Participant.objects.filter(pk__in=[person.pk for person in people[:5]]).delete()
    join(asking, 14, gender="woman")
    assert publish_tables(DAY + WEEK) == 0


def test_a_group_that_a_few_joined_since_is_hidden_the_next_time(asking):
    for gender, count in (("woman", 40), ("man", 30), ("other", 20)):
        join(asking, count, gender=gender)
    join(asking, 15)
    publish_tables(DAY)
    assert genders() == [40, 30, 20, 15]
    join(asking, 3, gender="man")
    join(asking, 20)
    publish_tables(DAY + WEEK)
    assert genders()[1] is HIDDEN


def test_the_last_is_made_once_of_all_and_of_how_people_answered(asking):
    first = asking.statements.order_by("pk").first()
    join(asking, 40, gender="woman", votes={first: Choice.AGREE})
    join(asking, 30, gender="man", votes={first: Choice.DISAGREE})
    join(asking, 20, gender="man", votes={first: Choice.AGREE})
    publish_tables(DAY)
    close(asking)
    assert publish_tables(DAY) == 1
    made = Publication.objects.get(is_final=True)
    table = as_published(made).table(str(first.pk))
    assert [table.count((), answer) for answer in ("agree", "disagree", "pass")] == [60, 30, 0]
    assert len({table.statement for table in as_published(made).tables}) == 1 + len(SEEDS)
    assert publish_tables(DAY + WEEK) == 0


def test_the_last_waits_until_all_votes_are_counted(asking):
    join(asking, 40, gender="woman")
    close(asking, is_counted=False)
    assert publish_tables(DAY) == 0
    refresh_landscapes(DAY)
    assert publish_tables(DAY) == 1


def test_the_totals_of_tables_and_results_do_not_differ_by_whoever_withdrew_between_them(asking):
    people = join(asking, 40, gender="woman")
    close(asking)
    withdraw_everything(people[0])
    publish_tables(DAY)
    assert read_shown(asking).overview.n_people == 40
    assert Publication.objects.get().is_final
    assert {table.statement for table in last().tables} == {None}


def test_how_groups_answered_is_shown_where_they_are_large(asking):
    first = asking.statements.order_by("pk").first()
    for gender, count in (("woman", 40), ("man", 30), ("other", 20)):
        for choice in Choice:
            join(asking, count, gender=gender, votes={first: choice})
    for choice in Choice:
        join(asking, 11, votes={first: choice})
    close(asking)
    publish_tables(DAY)
    table = last().table(str(first.pk), ("gender",))
    assert table.counts.tolist() == [[40, 40, 40], [30, 30, 30], [20, 20, 20], [11, 11, 11]]


def test_votes_on_a_hidden_statement_are_in_no_table(asking):
    first, second = asking.statements.order_by("pk")[:2]
    join(asking, 40, gender="woman", votes={first: Choice.AGREE, second: Choice.DISAGREE})
    hide_statement(by=make_person("ilze"), statement=first, reason=HidingReason.UNCLEAR, at=OPENED_AT)
    close(asking)
    publish_tables(DAY)
    assert last().table(str(first.pk)) is None
    assert last().table(str(second.pk)).count((), "disagree") == 40


def test_one_that_asks_nothing_publishes_nothing():
    consultation = make_consultation(make_city("riga"))
    join(consultation, 40)
    close(consultation)
    assert publish_tables(DAY) == 0


def test_people_of_another_consultation_are_not_counted(asking):
    other = make_asking(make_city("ravenna", country="IT"), slug="other")
    join(asking, 40, gender="woman")
    join(other, 30, gender="man")
    assert publish_tables(DAY) == 2
    published = {each.consultation: as_published(each) for each in Publication.objects.all()}
    assert published[asking].table(None).count((), "participants") == 40
    assert published[other].table(None).count((), "participants") == 30


def test_the_last_cannot_be_made_once_codes_are_forgotten(asking):
    join(asking, 40, gender="woman")
    close(asking)
    closed = Consultation.objects.get(pk=asking.pk)
    forgotten_on = closed.codes_kept_until + timedelta(days=1)
    assert forget_codes(forgotten_on) == 1
    assert not Declaration.objects.exists()
    assert publish_tables(forgotten_on) == 0


def test_what_somebody_took_back_is_counted_as_not_said(asking):
    people = join(asking, 40, gender="woman")
    for gender in ("man", "other"):
        join(asking, 20, gender=gender)
    Declaration.objects.filter(participant__in=people[:15]).delete()
    publish_tables(DAY)
    assert genders() == [25, 20, 20, 15]
