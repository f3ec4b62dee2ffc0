"""What people are told of queries, by the clock: one mail for all that was written half an hour ago.

All is written on Tuesday 20 February 2024, between ten and twelve; the site asks every ten minutes.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from tests.builders import ANSWERED_AT, appoint, make_city, make_review, make_sheet
from tests.people import give, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind, Role, Tie
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.checking import ask, ask_again, reply, settle
from tessera.apps.review.actions.delegation import delegate_area
from tessera.apps.review.actions.experts import release_expert
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.jobs import tell_of_queries
from tessera.apps.review.lifecycle import QueryAct, State
from tessera.apps.review.models import QueryMessage, Review

pytestmark = pytest.mark.django_db


def at(hour, minute=0):
    return datetime(2024, 2, 20, hour, minute, tzinfo=UTC)


def told(*, until=13):
    """Who was told when, while the site asks every ten minutes from ten o'clock; names by the time."""
    found, now = {}, at(10)
    while now <= at(until):
        before = set(OutgoingMail.objects.values_list("pk", flat=True))
        tell_of_queries(now)
        # A worker that asks again, and another one beside it.
        tell_of_queries(now)
        new = OutgoingMail.objects.exclude(pk__in=before).select_related("person")
        if new:
            found[f"{now:%H:%M}"] = sorted(mail.person.name for mail in new)
        now += timedelta(minutes=10)
    return found


def make_sent_review(city, officer="ilze", year=2023, colleague=None):
    review = make_review(city, make_sheet(year=year), state=State.FILLING, officer=officer)
    by = make_person(officer)
    if colleague:
        person = give(colleague, Kind.CONTRIBUTOR, city)
        delegate_area(by=by, review=review, area="education", colleague=person, message="", at=ANSWERED_AT)
    sign_review(person=by, review=review, content_hash=review.content_hash(), at=ANSWERED_AT)
    appoint(review)
    OutgoingMail.objects.all().delete()
    return Review.objects.get(pk=review.pk)


@pytest.fixture
def review():
    """Riga's; Ilze and Jonas act for the city, Andris had the area of education, and Nuria checks it."""
    riga = make_city("riga")
    make_officer("jonas", riga)
    return make_sent_review(riga, colleague="andris")


def ask_about(review, question, when, who="nuria"):
    return ask(expert=make_person(who), review=review, question=question, text="Why?", at=when)


def test_what_an_expert_asks_within_half_an_hour_is_one_mail_to_each_on_the_other_side(review):
    Person.objects.update(language="en")
    ask_about(review, "health-score", at(10))
    ask_about(review, "education-score", at(10, 5))
    ask_about(review, "family-reunion-score", at(10, 9))

    # At 10:30 the first alone has waited for long enough; at 10:40 the others have.
    assert told() == {"10:30": ["Ilze", "Jonas"], "10:40": ["Andris", "Ilze", "Jonas"]}
    assert [
        mail.subject for mail in OutgoingMail.objects.filter(person=make_person("ilze")).order_by("pk")
    ] == [
        "1 new message about answers",
        "2 new messages about answers",
    ]
    assert OutgoingMail.objects.get(person=make_person("andris")).subject == "1 new message about answers"


def test_nobody_is_told_before_half_an_hour_has_passed(review):
    ask_about(review, "health-score", at(10, 1))
    assert tell_of_queries(at(10, 30)) == 0
    assert tell_of_queries(at(10, 31)) == 2


def test_a_site_that_slept_makes_one_mail_of_all(review):
    for minute, question in ((0, "health-score"), (20, "education-score")):
        ask_about(review, question, at(10, minute))
    later = at(10) + timedelta(days=3)

    assert tell_of_queries(later) == 3
    assert tell_of_queries(later + timedelta(days=1)) == 0
    assert QueryMessage.objects.filter(told_at=later).count() == 2


def test_a_reply_is_told_to_the_experts_and_not_to_colleagues_of_whoever_wrote_it(review):
    appoint(review, "piotr")
    OutgoingMail.objects.all().delete()
    query = ask_about(review, "education-score", at(10))
    assert told(until=11) == {"10:30": ["Andris", "Ilze", "Jonas"]}
    reply(person=make_person("andris"), query=query, text="So.", at=at(11))
    assert told() == {"11:30": ["Nuria", "Piotr"]}
    ask_again(expert=make_person("nuria"), query=query, text="Why so?", at=at(12))
    assert told() == {"12:30": ["Andris", "Ilze", "Jonas"]}


def test_one_who_is_on_both_sides_is_not_told_of_own_words(review):
    """Nobody is, in the life of one review; but roles change, and a message stays its author's."""
    query = ask_about(review, "education-score", at(10))
    QueryMessage.objects.filter(query=query).update(author=make_person("ilze"))
    assert told() == {"10:30": ["Andris", "Jonas"]}


def test_what_was_withdrawn_before_anybody_was_told_is_told_to_nobody(review):
    query = ask_about(review, "education-score", at(10))
    settle(expert=make_person("nuria"), query=query, act=QueryAct.WITHDRAW, at=at(10, 10))
    assert told() == {}
    assert not QueryMessage.objects.filter(told_at=None).exists()


def test_several_reviews_are_one_mail_that_names_each_and_no_answer(review):
    ravenna = make_city("ravenna", country="IT")
    other = make_sent_review(ravenna, officer="chiara", year=2022)
    for each, officer in ((review, "ilze"), (other, "chiara")):
        for question in ("health-score", "family-reunion-score"):
            query = ask_about(each, question, at(10))
            QueryMessage.objects.filter(is_of_city=False).update(told_at=at(10))
            reply(person=make_person(officer), query=query, text="A secret.", at=at(10, 10))

    assert told() == {"10:40": ["Nuria"]}
    mail = OutgoingMail.objects.get(purpose="query-news")
    assert mail.subject == "4 new messages about answers"
    assert (mail.text.count("- Riga, 2023"), mail.text.count("- Ravenna, 2022")) == (1, 1)
    assert "A secret." not in mail.text + mail.html
    assert reverse("review:inbox").removeprefix("/en") in mail.text


def test_who_wants_no_such_mails_gets_none_and_is_told_nothing_later(review):
    for who in ("ilze", "jonas"):
        person = make_person(who)
        person.gets_notices = False
        person.save()
    ask_about(review, "health-score", at(10))
    assert told() == {}
    person.gets_notices = True
    person.save()
    assert told() == {}


def test_who_came_meanwhile_is_told_and_who_left_is_not(review):
    ask_about(review, "education-score", at(10))
    Role.objects.filter(person=make_person("jonas")).update(until=date(2024, 2, 19))
    Role.objects.filter(person=make_person("andris")).update(until=date(2024, 2, 19))
    make_officer("greta", review.city, since=date(2024, 2, 20))
    assert told() == {"10:30": ["Greta", "Ilze"]}


def test_an_expert_who_was_released_or_has_a_tie_by_now_is_not_told(review):
    appoint(review, "piotr")
    OutgoingMail.objects.all().delete()
    query = ask_about(review, "education-score", at(10))
    QueryMessage.objects.update(told_at=at(10))
    reply(person=make_person("ilze"), query=query, text="So.", at=at(10, 10))
    Tie.objects.create(
        person=make_person("piotr"),
        city=review.city,
        work="A study",
        since=date(2024, 2, 20),
        declared_at=at(10),
    )
    nuria = review.appointments.get(expert=make_person("nuria"))
    release_expert(by=make_person("mihai"), appointment=nuria, at=at(10, 10))
    OutgoingMail.objects.all().delete()
    assert told() == {}


def test_what_the_city_wrote_while_nobody_checked_is_told_to_who_comes_next(review):
    query = ask_about(review, "health-score", at(10))
    tell_of_queries(at(10, 40))
    OutgoingMail.objects.all().delete()
    nurias = review.appointments.get()
    release_expert(by=make_person("mihai"), appointment=nurias, at=at(10, 45))
    reply(person=make_person("ilze"), query=query, text="Of 2022.", at=at(10, 50))
    assert tell_of_queries(at(11, 30)) == 0

    appoint(review, "greta")
    assert tell_of_queries(at(11, 40)) == 1
    assert tell_of_queries(at(11, 50)) == 0
    assert OutgoingMail.objects.get(purpose="query-news").person == make_person("greta")
