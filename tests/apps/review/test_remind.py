"""What a person finds in the mailbox, day by day. The days are worked out by hand on a calendar of 2024.

The review is opened on Monday 8 January and its answers are due on Friday 1 March: two weeks before that is
16 February, three days before it 27 February, and the weeks afterwards count from 2 March.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.builders import OPENED_AT, make_city, make_cycle, make_review, open_area
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind, Membership, Role
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.cycles import extend_review, remind_late, take_into_cycle
from tessera.apps.review.actions.delegation import (
    delegate_area,
    delegate_by_link,
    send_link_again,
    withdraw_assignment,
)
from tessera.apps.review.actions.filling import complete_area
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.jobs import remind
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Assignment, Review

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2024, 2, 12), date(2024, 3, 17)
GIVEN_AT = datetime(2024, 2, 5, 10, tzinfo=UTC)
LINKED = "guna@example.org"


def feb(day):
    return date(2024, 2, day)


def mar(day):
    return date(2024, 3, day)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def reminded(first=FIRST, last=LAST, *, who="ilze"):
    """The days on which somebody was sent a mail, while the site asks on every day from one to another."""
    to = LINKED if who == "guna" else make_person(who).email
    days, day = [], first
    while day <= last:
        before = OutgoingMail.objects.filter(to=to).count()
        remind(day)
        # A worker that asks again, and another one beside it.
        remind(day)
        days += [day] * (OutgoingMail.objects.filter(to=to).count() - before)
        day += timedelta(days=1)
    return days


@pytest.fixture
def review():
    return make_review(make_city("riga"), state=State.FILLING)


@pytest.fixture
def andris(review):
    return give("andris", Kind.CONTRIBUTOR, review.city)


def assign(review, person, area="education", at=GIVEN_AT):
    return delegate_area(
        by=make_person("ilze"), review=review, area=area, colleague=person, message="", at=at
    )


def link(review, *, until, area="health", at=GIVEN_AT):
    delegate_by_link(
        by=make_person("ilze"),
        review=review,
        area=area,
        email=LINKED,
        name="Guna",
        language="en",
        until=until,
        message="",
        at=at,
    )


def test_an_officer_is_reminded_before_the_day_and_every_week_after_it(review):
    assert reminded(OPENED_AT.date()) == [feb(16), feb(27), mar(2), mar(9), mar(16)]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (feb(20), [feb(20), feb(27), mar(2), mar(9)]),
        (feb(28), [feb(28), mar(2), mar(9)]),
        (mar(1), [mar(1), mar(2), mar(9)]),
        (mar(5), [mar(5), mar(9)]),
        (mar(8), [mar(8), mar(9)]),
    ],
)
def test_what_a_site_slept_through_is_made_up_for_once(review, first, expected):
    assert reminded(first, mar(9)) == expected


def test_a_site_that_slept_for_weeks_sends_one_mail_of_the_last(review):
    assert reminded(feb(16), feb(16)) == [feb(16)]
    assert reminded(mar(12), mar(16)) == [mar(12), mar(16)]


def test_the_day_after_is_made_up_for_until_the_next_week_begins(review):
    assert reminded(feb(27), feb(27)) == [feb(27)]
    assert reminded(mar(8), mar(9)) == [mar(8), mar(9)]


def test_a_day_before_the_city_began_does_not_count(review):
    ravenna = make_city("ravenna")
    make_officer("chiara", ravenna)
    Membership.objects.create(city=ravenna, network=make_network(), source_name="A site")
    given = {"by": make_person("mihai"), "cycle": review.cycle, "cities": [ravenna], "invented": True}
    take_into_cycle(**given, due_on=mar(1), at=noon(feb(16)))
    assert reminded(feb(16), mar(2), who="chiara") == [feb(27), mar(2)]


def test_every_officer_of_today_is_reminded_and_nobody_else(review, andris):
    make_officer("greta", review.city, since=feb(20))
    make_officer("jonas", review.city, until=feb(20))
    found = {who: [] for who in EVERYBODY}
    for day in (feb(16), feb(27)):
        for who in EVERYBODY:
            before = OutgoingMail.objects.filter(to=make_person(who).email).count()
            found[who].append(before)
        remind(day)
        for who in EVERYBODY:
            found[who][-1] = OutgoingMail.objects.filter(to=make_person(who).email).count() - found[who][-1]
    assert found == {who: [0, 0] for who in EVERYBODY} | {
        "ilze": [1, 1],
        "greta": [0, 1],
        "jonas": [1, 0],
    }


def test_nobody_is_reminded_once_the_answers_are_sent(review):
    assert reminded(FIRST, feb(20)) == [feb(16)]
    content = review.content_hash()
    sign_review(person=make_person("ilze"), review=review, content_hash=content, at=noon(feb(20)))
    assert reminded(feb(21)) == []


def test_whoever_was_told_of_another_day_is_reminded_of_that_one_only(review):
    assert reminded(FIRST, mar(9)) == [feb(16), feb(27), mar(2), mar(9)]
    extend_review(by=make_person("mihai"), review=review, due_on=mar(22), at=noon(mar(10)))
    # Two weeks before 22 March is 8 March; three days before it is 19 March.
    assert reminded(mar(10), mar(24)) == [mar(19), mar(23)]


def test_a_mail_of_another_day_stands_for_the_reminders_before_it(review):
    extend_review(by=make_person("mihai"), review=review, due_on=mar(5), at=noon(feb(22)))
    # Two weeks before 5 March is 20 February, and nobody was reminded then.
    assert reminded(feb(22), mar(6)) == [mar(2), mar(6)]


def test_a_reminder_names_the_day_and_the_way(review):
    Person.objects.update(language="en")
    remind(feb(27))
    remind(mar(2))
    before, after = OutgoingMail.objects.filter(purpose="review-reminder").order_by("pk")
    assert before.subject == "Riga: the answers are due on 1 March 2024"
    assert after.subject == "Riga: the answers were due on 1 March 2024"
    for mail in (before, after):
        assert f"/desk/reviews/{review.pk}/" in mail.text
        assert mail.leave_url == ""


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_coordinator_reminds_those_who_are_late(who):
    riga = make_city("riga")
    cycle = make_review(riga, state=State.FILLING).cycle
    give("andris", Kind.CONTRIBUTOR, riga)
    if who == "mihai":
        assert remind_late(by=make_person(who), cycle=cycle, at=noon(mar(4))) == 1
    else:
        with pytest.raises(PermissionDenied):
            remind_late(by=make_person(who), cycle=cycle, at=noon(mar(4)))
        assert not OutgoingMail.objects.filter(purpose="review-reminder").exists()


def test_the_late_are_reminded_and_nobody_twice_on_one_day():
    riga, ravenna, graz = (make_city(slug) for slug in ("riga", "ravenna", "graz"))
    for who, city in (("ilze", riga), ("greta", riga), ("chiara", ravenna), ("jonas", graz)):
        make_officer(who, city)
    cycle = make_cycle(riga, ravenna, graz)
    mihai = make_person("mihai")
    extend_review(
        by=mihai, review=Review.objects.get(city=graz), due_on=mar(4), at=datetime(2024, 3, 1, tzinfo=UTC)
    )

    assert remind_late(by=mihai, cycle=cycle, at=noon(mar(1))) == 0
    assert remind_late(by=mihai, cycle=cycle, at=noon(mar(4))) == 3
    assert remind_late(by=mihai, cycle=cycle, at=noon(mar(4))) == 0
    assert remind(mar(4)) == 0
    # Graz was due on 4 March: it is late from 5 March on.
    assert remind_late(by=mihai, cycle=cycle, at=noon(mar(5))) == 4


def test_a_colleague_is_reminded_of_an_open_area_before_the_day_and_after_it(review, andris):
    assign(review, andris)
    assert reminded(who="andris") == [feb(27), mar(2)]


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (feb(20), [feb(17)]),
        (mar(1), [feb(27)]),
        (mar(2), [feb(27), mar(2)]),
        (mar(20), [feb(27), mar(2)]),
    ],
)
def test_a_link_is_never_spoken_of_after_its_last_day(review, until, expected):
    link(review, until=until)
    assert reminded(who="guna") == expected


def test_a_colleague_who_was_asked_late_was_told_then(review, andris):
    assign(review, andris, at=noon(feb(28)))
    assert reminded(feb(28), who="andris") == [mar(2)]


def test_an_area_that_is_complete_or_taken_back_needs_no_reminder(review, andris):
    assign(review, andris)
    complete_area(place=open_area(review, "education", andris), at=GIVEN_AT)
    link(review, until=mar(15))
    assignment = Assignment.objects.get(area="health")
    withdraw_assignment(by=make_person("ilze"), assignment=assignment, at=GIVEN_AT)
    assert reminded(who="andris") == []
    assert reminded(who="guna") == []


def test_whoever_cannot_open_the_area_any_more_is_not_reminded(review, andris):
    assign(review, andris)
    link(review, until=mar(15))
    Role.objects.filter(person=andris).update(until=feb(10))
    Person.objects.filter(email=LINKED).update(is_active=False)
    assert reminded(who="andris") == []
    assert reminded(who="guna") == []


def test_several_areas_of_one_person_come_in_one_mail(review, andris):
    for area in ("education", "health"):
        assign(review, andris, area)
    Person.objects.update(language="en")
    remind(feb(27))
    [mail] = OutgoingMail.objects.filter(purpose="area-reminder")
    for area in ("education", "health"):
        assert f"/desk/reviews/{review.pk}/areas/{area}/" in mail.text
    assert "“Education” is due on 1 March 2024." in mail.text


def test_the_mail_to_a_link_holds_no_way_in(review):
    link(review, until=mar(1))
    remind(feb(27))
    [mail] = OutgoingMail.objects.filter(purpose="area-reminder")
    assert "/desk/" not in mail.text + mail.html
    assert "ask Ilze" in mail.text


def test_an_officer_with_an_area_gets_one_mail_a_day(review):
    greta = make_officer("greta", review.city)
    assign(review, greta)
    assert reminded(who="greta") == [feb(16), feb(27), mar(2), mar(9), mar(16)]


def test_the_opening_day_itself_brings_no_reminder(review):
    assert review.opened_at == OPENED_AT
    Review.objects.filter(pk=review.pk).update(due_on=date(2024, 1, 22))
    # Two weeks before 22 January is the day on which the review was opened.
    assert reminded(date(2024, 1, 8), date(2024, 1, 19)) == [date(2024, 1, 19)]


def test_an_officer_who_never_answers_is_left_in_peace_after_eight_weeks(review):
    # 27 April is eight weeks after 2 March.
    days = reminded(mar(2), date(2024, 6, 1))
    assert len(days) == 9
    assert days[-1] == date(2024, 4, 27)


def test_a_city_that_left_the_network_is_not_waited_for(review, andris):
    assign(review, andris)
    Membership.objects.filter(city=review.city).update(until=feb(20))
    assert reminded() == [feb(16)]
    assert reminded(who="andris") == []
    assert remind_late(by=make_person("mihai"), cycle=review.cycle, at=noon(mar(4))) == 0


def test_a_due_date_at_the_end_of_time_stops_nobodys_reminder(review):
    ravenna = make_city("ravenna")
    make_officer("chiara", ravenna)
    Membership.objects.create(city=ravenna, network=make_network(), source_name="A site")
    given = {"by": make_person("mihai"), "cycle": review.cycle, "cities": [ravenna], "invented": True}
    take_into_cycle(**given, due_on=mar(1), at=OPENED_AT)
    Review.objects.filter(pk=review.pk).update(due_on=date.max)
    assert reminded(feb(16), feb(16), who="chiara") == [feb(16)]


def test_a_link_that_is_sent_again_stands_for_the_reminders_before_it(review):
    Review.objects.update(due_on=mar(30))
    link(review, until=feb(20))
    again = {"by": make_person("ilze"), "assignment": Assignment.objects.get()}
    send_link_again(**again, until=feb(21), at=noon(feb(19)))
    # Three days before 21 February is past on the day on which the link is sent again.
    assert reminded(feb(19), feb(21), who="guna") == []


def test_a_link_that_was_sent_when_the_answers_were_late_has_its_own_day(review):
    Person.objects.update(language="en")
    link(review, until=mar(15), at=noon(mar(5)))
    mail = OutgoingMail.objects.get(purpose="area-assigned")
    assert "due on 15 March 2024" in mail.text
    assert "1 March 2024" not in mail.text + mail.html
    assert reminded(mar(5), mar(15), who="guna") == [mar(12)]


def test_no_mail_that_asks_for_an_area_names_a_day_that_is_past(review, andris):
    assign(review, andris, at=noon(mar(5)))
    mail = OutgoingMail.objects.get(purpose="area-assigned")
    assert "2024" not in mail.text + mail.html


def test_a_reminder_names_those_who_coordinate_the_network(review):
    give("greta", Kind.COORDINATOR, make_network())
    Person.objects.update(language="en")
    remind(feb(27))
    [mail] = OutgoingMail.objects.filter(purpose="review-reminder")
    assert "tell who coordinates the network: Greta, Mihai." in " ".join(mail.text.split())


@pytest.mark.parametrize(
    ("areas", "sentence"),
    [
        (["education"], "1 area of a questionnaire for Riga"),
        (["education", "health"], "2 areas of a questionnaire for Riga"),
    ],
)
def test_a_reminder_of_areas_says_how_many_there_are(review, andris, areas, sentence):
    for area in areas:
        assign(review, andris, area)
    Person.objects.update(language="en")
    remind(feb(27))
    [mail] = OutgoingMail.objects.filter(purpose="area-reminder")
    assert sentence in " ".join(mail.text.split())


def test_reminding_asks_as_much_for_seven_areas_as_for_one(review, andris):
    areas = [area.key for area in review.framework.areas]
    counts = []
    for given in (areas[:1], areas[1:7]):
        for area in given:
            assign(review, andris, area)
        # Nobody has to be told today: only what is asked before that counts.
        with CaptureQueriesContext(connection) as asked:
            assert remind(feb(7)) == 0
        counts.append(len(asked))
    assert counts[0] == counts[1]
