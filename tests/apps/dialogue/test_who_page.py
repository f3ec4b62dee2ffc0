"""Staff read who takes part beside who lives in the city: only what is public, the missing first."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html
from tests.apps.dialogue.asking_about_oneself import hold_asking, join, value_of
from tests.apps.dialogue.phone import Phone
from tests.apps.dialogue.staff import browser_of, give_to, page_of, today
from tests.builders import make_city
from tests.people import make_person

from tessera.apps.dialogue.actions.about_oneself import state_population
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.jobs import publish_tables, refresh_landscapes
from tessera.apps.dialogue.models import Choice
from tessera.apps.network.local_text import LocalText

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking():
    return hold_asking(make_city("riga"))


def state(consultation, **residents):
    state_population(
        by=make_person("ilze"),
        consultation=consultation,
        pk=consultation.attributes.get(key="gender").pk,
        residents={value_of(consultation, "gender", key).pk: count for key, count in residents.items()},
        source="A census",
        counted_on=date(2026, 1, 1),
        at=timezone.now(),
    )


def who(consultation, person="ilze"):
    return page_of(person, reverse("dialogue:who", args=[consultation.pk]))


def rows(page):
    """The cells of the table, row by row."""
    return [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in html.document_fromstring(page).xpath("//main//tbody/tr")
    ]


def test_before_ten_people_there_are_no_figures(asking):
    join(asking, 9, gender="woman")
    publish_tables(today())
    assert "There are no figures yet" in who(asking)


def test_groups_stand_beside_the_city_and_the_missing_come_first(asking):
    for gender, count in (("woman", 60), ("man", 30), ("other", 10)):
        join(asking, count, gender=gender)
    join(asking, 15)
    state(asking, woman=500, man=450, other=50)
    publish_tables(today())
    page = who(asking)
    assert rows(page) == [
        ["Man", "30", "30%", "45%", "−15"],
        ["Neither of these", "10", "10%", "5%", "+5"],
        ["Woman", "60", "60%", "50%", "+10"],
        ["did not say", "15", "–", "–", "–"],
    ]
    assert "30% of those who take part, 45% of the city" in page
    assert "115 people had answered" in page
    assert "A census" in page


def test_a_hidden_group_is_not_shown_to_staff(asking):
    for gender, count in (("woman", 60), ("man", 30), ("other", 7)):
        join(asking, count, gender=gender)
    join(asking, 15)
    state(asking, woman=500, man=450, other=50)
    publish_tables(today())
    assert rows(who(asking))[2:] == [
        ["Neither of these", "not shown", "not shown", "5%", "not shown"],
        ["did not say", "not shown", "–", "–", "–"],
    ]


def test_where_hidden_groups_leave_it_open_a_share_lies_between_two_figures(asking):
    for gender, count in (("woman", 50), ("man", 25), ("other", 5)):
        join(asking, count, gender=gender)
    join(asking, 20)
    state(asking, woman=500, man=400, other=100)
    publish_tables(today())
    assert rows(who(asking))[:2] == [
        ["Man", "25", "25%–33%", "40%", "−7"],
        ["Woman", "50", "50%–67%", "50%", "0"],
    ]


def test_without_residents_people_are_counted_and_nothing_is_compared(asking):
    for gender, count in (("woman", 60), ("man", 30), ("other", 10)):
        join(asking, count, gender=gender)
    join(asking, 15)
    publish_tables(today())
    assert rows(who(asking))[0] == ["Woman", "60", "60%", "not known", "–"]


def test_a_group_says_in_which_language_it_stands_where_that_is_not_the_page_s(asking):
    value = value_of(asking, "gender", "man")
    value.label = LocalText("lv", {"lv": "Vīrietis & zēns"})
    value.save()
    join(asking, 40, gender="woman")
    publish_tables(today())
    page = html.document_fromstring(who(asking))
    assert [(each.get("lang"), each.text) for each in page.xpath("//main//tbody//*[@lang]")] == [
        ("lv", "Vīrietis & zēns")
    ]


def test_nobody_is_counted_live(asking):
    join(asking, 40, gender="woman")
    publish_tables(today())
    before = who(asking)
    join(asking, 40, gender="man")
    assert rows(who(asking)) == rows(before)


def test_a_facilitator_reads_it_too(asking):
    join(asking, 40, gender="woman")
    publish_tables(today())
    give_to("piotr", asking)
    assert "40 people had answered" in who(asking, "piotr")


def test_no_page_shows_a_hidden_figure(asking):
    """Not of staff, and not of residents: what is hidden was 7 in a table whose other figures hold no 7."""
    first = asking.statements.order_by("pk").first()
    for gender, count in (("woman", 60), ("man", 34), ("other", 7)):
        join(asking, count, gender=gender, votes={first: Choice.AGREE})
    join(asking, 19, votes={first: Choice.DISAGREE})
    state(asking, woman=500, man=450, other=50)
    publish_tables(today())
    close_consultation(by=make_person("ilze"), consultation=asking, reason="Enough.", at=timezone.now())
    refresh_landscapes(today())
    publish_tables(today() + timedelta(days=1))
    phone = Phone(asking)
    staff = [
        page_of("ilze", reverse(f"dialogue:{name}", args=[asking.pk]))
        for name in ("consultation", "about", "who", "statements")
    ]
    residents = [
        phone.client.get(phone.url(name)).content.decode() for name in ("begin", "finish", "about-me")
    ]
    assert len(staff + residents) == 7
    for page in staff + residents:
        shown = html.document_fromstring(page).xpath("//main")[0].text_content().split()
        assert not {"7", "19", "7%", "6%"} & set(shown)


def test_the_page_asks_the_database_as_often_for_four_questions_as_for_one():
    riga, counts = make_city("riga"), []
    for number, keys in enumerate([("gender",), ("age", "gender", "years", "born")]):
        asking = hold_asking(riga, keys=keys, slug=f"asking-{number}")
        join(asking, 40, gender="woman")
        publish_tables(today())
        browser, address = browser_of("ilze"), reverse("dialogue:who", args=[asking.pk])
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
