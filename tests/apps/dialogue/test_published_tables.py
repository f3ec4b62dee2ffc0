"""What is read of published tables: counts, and shares beside those of the city, by hand."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.apps.dialogue.asking_about_oneself import DAY, join, make_asking, value_of
from tests.builders import make_city
from tests.dialogues import OPENED_AT
from tests.people import make_person

from tessera.apps.dialogue.actions.about_oneself import state_population
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.jobs import publish_tables, refresh_landscapes
from tessera.apps.dialogue.models import Choice
from tessera.apps.dialogue.published_tables import read_published

pytestmark = pytest.mark.django_db

COUNTED_ON = date(2026, 1, 1)


@pytest.fixture
def asking():
    return make_asking(make_city("riga"))


def state(consultation, **residents):
    attribute = consultation.attributes.get(key="gender")
    state_population(
        by=make_person("ilze"),
        consultation=consultation,
        pk=attribute.pk,
        residents={value_of(consultation, "gender", key).pk: count for key, count in residents.items()},
        source="A census",
        counted_on=COUNTED_ON,
        at=OPENED_AT,
    )


def compared(consultation):
    [attribute] = read_published(consultation).attributes
    return [
        (str(each.group.label), _one(each.share), each.share_of_city, each.is_missing)
        for each in attribute.comparisons()
    ]


def _one(share):
    """The share, or both ends of it."""
    return share and (share.least if share.least == share.most else (share.least, share.most))


def test_before_anything_is_public_there_is_nothing(asking):
    join(asking, 40, gender="woman")
    assert read_published(asking) is None


def test_what_was_counted_since_is_not_read(asking):
    join(asking, 40, gender="woman")
    publish_tables(DAY)
    join(asking, 60, gender="woman")
    assert read_published(asking).everybody == 40


def test_each_answer_has_its_words_its_people_and_its_residents(asking):
    for gender, count in (("woman", 40), ("man", 30), ("other", 20)):
        join(asking, count, gender=gender)
    join(asking, 10)
    state(asking, woman=500, man=500)
    publish_tables(DAY)
    published = read_published(asking)
    [attribute] = published.attributes
    assert [(str(each.label), each.people, each.residents) for each in attribute.groups] == [
        ("Woman", 40, 500),
        ("Man", 30, 500),
        ("Neither of these", 20, None),
    ]
    assert (attribute.not_said, attribute.everybody, published.threshold) == (10, 100, 10)
    assert (attribute.source, attribute.counted_on) == ("A census", COUNTED_ON)
    assert (published.made_on, published.is_final) == (DAY, False)


def test_shares_are_of_those_who_said_and_the_most_missing_come_first(asking):
    for gender, count in (("woman", 40), ("man", 10), ("other", 30)):
        join(asking, count, gender=gender)
    join(asking, 20)
    state(asking, woman=500, man=400, other=100)
    publish_tables(DAY)
    # Of the 80 who said: 40, 10 and 30.
    assert compared(asking) == [
        ("Man", 0.125, 0.4, True),
        ("Woman", 0.5, 0.5, False),
        ("Neither of these", 0.375, 0.1, False),
    ]


def test_a_hidden_group_has_no_share_and_comes_last(asking):
    for gender, count in (("woman", 50), ("man", 25), ("other", 5)):
        join(asking, count, gender=gender)
    join(asking, 20)
    state(asking, woman=500, man=400, other=100)
    publish_tables(DAY)
    # How many did not say is hidden, too: the shares are of 75 people at least, and of 100 at most.
    assert compared(asking) == [
        ("Man", (0.25, 25 / 75), 0.4, True),
        ("Woman", (0.5, 50 / 75), 0.5, False),
        ("Neither of these", None, 0.1, False),
    ]


def test_a_group_that_the_source_does_not_count_is_not_compared(asking):
    for gender, count in (("woman", 60), ("man", 40), ("other", 20)):
        join(asking, count, gender=gender)
    join(asking, 10)
    state(asking, woman=500, man=500)
    publish_tables(DAY)
    # Of the 100 women and men.
    assert compared(asking) == [("Man", 0.4, 0.5, True), ("Woman", 0.6, 0.5, False)]


def test_where_no_residents_are_stated_nothing_is_compared_and_shares_are_of_those_who_said(asking):
    for gender, count in (("woman", 40), ("man", 30), ("other", 10)):
        join(asking, count, gender=gender)
    join(asking, 20)
    publish_tables(DAY)
    [attribute] = read_published(asking).attributes
    assert attribute.comparisons() == []
    assert [_one(attribute.share(group)) for group in attribute.groups] == [0.5, 0.375, 0.125]


def test_of_a_hidden_group_nothing_is_said_that_may_not_be_so(asking):
    for gender, count in (("woman", 45), ("man", 30), ("other", 5)):
        join(asking, count, gender=gender)
    join(asking, 20)
    state(asking, woman=500, man=280, other=220)
    publish_tables(DAY)
    [attribute] = read_published(asking).attributes
    # Of 75 to 100 people, women are 45 % to 60 %: perhaps 50 %. Men are 30 % to 40 %: 2 points more at least.
    assert {str(each.group.label): each.difference for each in attribute.comparisons()} == {
        "Woman": 0,
        "Man": pytest.approx(0.02),
        "Neither of these": None,
    }


def test_people_of_a_hidden_group_that_is_not_compared_change_no_share(asking):
    for gender, count in (("woman", 60), ("man", 30), ("other", 5)):
        join(asking, count, gender=gender)
    join(asking, 20)
    state(asking, woman=500, man=500)
    publish_tables(DAY)
    assert compared(asking) == [("Man", 30 / 90, 0.5, True), ("Woman", 60 / 90, 0.5, False)]


def test_less_than_half_a_point_is_not_missing(asking):
    for gender, count in (("woman", 199), ("man", 201), ("other", 20)):
        join(asking, count, gender=gender)
    join(asking, 20)
    state(asking, woman=500, man=500)
    publish_tables(DAY)
    assert compared(asking) == [("Woman", 199 / 400, 0.5, False), ("Man", 201 / 400, 0.5, False)]


def test_the_missing_of_all_questions_stand_in_one_order():
    asking = make_asking(make_city("riga"), keys=("gender", "born"))
    join(asking, 50, gender="woman", born="here")
    join(asking, 10, gender="woman", born="eu")
    join(asking, 20, gender="man", born="eu")
    join(asking, 10, gender="man", born="elsewhere")
    join(asking, 10, gender="other", born="elsewhere")
    join(asking, 10)
    state(asking, woman=450, man=500, other=50)
    born = asking.attributes.get(key="born")
    state_population(
        by=make_person("ilze"),
        consultation=asking,
        pk=born.pk,
        residents={
            value_of(asking, "born", key).pk: count
            for key, count in (("here", 90), ("eu", 5), ("elsewhere", 5))
        },
        source="A census",
        counted_on=COUNTED_ON,
        at=OPENED_AT,
    )
    publish_tables(DAY)
    # Born here: 50 of 100 against 90 of 100. Men: 30 against 50.
    assert [str(each.group.label) for _, each in read_published(asking).missing()] == [
        "In this country",
        "Man",
    ]


def test_answers_of_groups_are_read_by_statement(asking):
    first = asking.statements.order_by("pk").first()
    for gender, count in (("woman", 40), ("man", 30), ("other", 20)):
        join(asking, count, gender=gender, votes={first: Choice.AGREE})
        join(asking, 10, gender=gender, votes={first: Choice.DISAGREE})
        join(asking, 10, gender=gender, votes={first: Choice.PASS})
    for choice in Choice:
        join(asking, 15, votes={first: choice})
    close_consultation(by=make_person("ilze"), consultation=asking, reason="Enough.", at=OPENED_AT)
    refresh_landscapes(DAY)
    publish_tables(DAY)
    rows = read_published(asking).answers[first.pk, "gender"]
    assert [(str(row.label), row.agree, row.disagree, row.passed, row.agreement) for row in rows] == [
        ("Woman", 40, 10, 10, 0.8),
        ("Man", 30, 10, 10, 0.75),
        ("Neither of these", 20, 10, 10, 2 / 3),
        ("None", 15, 15, 15, 0.5),
    ]


@pytest.mark.parametrize("keys", [("gender",), ("age", "gender", "years", "born")])
def test_three_queries_read_it_whatever_the_size(keys):
    asking = make_asking(make_city("riga"), keys=keys)
    join(asking, 40, gender="woman")
    publish_tables(DAY)
    with CaptureQueriesContext(connection) as asked:
        assert read_published(asking) is not None
    assert len(asked) == 3
