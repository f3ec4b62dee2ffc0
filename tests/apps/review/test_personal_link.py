"""A personal link opens one area for one person until its last day, in every browser that follows it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from auditlog.models import LogEntry
from django.conf import settings
from django.http import Http404
from django.test import Client
from django.utils import timezone
from tests.builders import ANSWERED_AT, make_city, make_review, make_sheet
from tests.people import give, make_network, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind, Membership, Role
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.access import find_link, get_area, may_validate
from tessera.apps.review.actions.cycles import take_into_cycle
from tessera.apps.review.actions.delegation import (
    CannotDelegate,
    WrongLastDay,
    delegate_by_link,
    send_link_again,
    withdraw_assignment,
)
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer, AreaWork, Assignment, Presence, Review

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def review():
    return make_review(make_city("riga"), make_sheet([None] * 8), state=State.FILLING)


def make_link(review, *, area="education", email="dace@example.org", name="Dace", until=TOMORROW, at=NOW):
    """Where the link of the mail leads, and the assignment."""
    delegate_by_link(
        by=make_person("ilze"),
        review=review,
        area=area,
        email=email,
        name=name,
        language="en",
        until=until,
        message="",
        at=at,
    )
    return newest_link(), Assignment.objects.latest("pk")


def newest_link():
    mail = OutgoingMail.objects.filter(purpose="area-assigned").latest("pk")
    return re.search(r"http://[^/]+(/en/desk/links/[\w-]+/)", mail.text)[1]


def token_of(link):
    return link.split("/")[-2]


def follow(link):
    """A browser of its own that has opened the link."""
    browser = Client()
    browser.get(link)
    return browser


def opens(browser, review, area="education", *, person=None, day=TODAY):
    """The area as the browser has it before it; None where it has not."""
    opened = browser.session.get("review_links", {})
    try:
        return get_area(person, {int(pk): token for pk, token in opened.items()}, review.pk, area, day)
    except Http404:
        return None


def area_url(review, area="education"):
    return f"/en/desk/reviews/{review.pk}/areas/{area}/"


def test_a_link_leads_to_its_area_and_leaves_its_token_behind(client, review):
    link, given = make_link(review)

    answer = client.get(link)

    assert (answer.status_code, answer["Location"]) == (302, area_url(review))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    place = opens(client, review)
    assert (place.person, place.assignment, place.may_change) == (given.person, given, True)


def test_a_link_opens_its_area_and_no_other(review):
    ravenna = make_city("ravenna")
    Membership.objects.create(city=ravenna, network=make_network(), source_name="A site")
    [other] = take_into_cycle(
        by=make_person("mihai"),
        cycle=review.cycle,
        cities=[ravenna],
        due_on=review.due_on,
        invented=True,
        at=ANSWERED_AT,
    )
    link, _ = make_link(review)
    browser = follow(link)

    assert opens(browser, review, "education")
    assert opens(browser, review, "health") is None
    assert opens(browser, other, "education") is None
    assert browser.get(area_url(review)).status_code == 200
    assert browser.get(area_url(review, "health")).status_code == 404
    assert browser.get(area_url(other)).status_code == 404
    assert browser.get(f"/en/desk/reviews/{review.pk}/").status_code == 302
    assert browser.get("/en/desk/").status_code == 302


def test_a_browser_that_did_not_open_the_link_opens_nothing(client, review):
    make_link(review)

    assert opens(client, review) is None


def test_a_made_up_token_in_a_session_opens_nothing(client, review):
    _, given = make_link(review)

    for kept in ("", "x" * 64):
        session = client.session
        session["review_links"] = {str(given.pk): kept}
        session.save()
        assert opens(client, review) is None


def test_a_link_works_until_the_end_of_its_last_day(review):
    link, given = make_link(review, until=date(2024, 2, 9), at=ANSWERED_AT)
    token = token_of(link)
    opened = {given.pk: given.token_hash}

    assert find_link(token, date(2024, 2, 9)) == given
    assert get_area(None, opened, review.pk, "education", date(2024, 2, 9)).assignment == given
    assert find_link(token, date(2024, 2, 10)) is None
    with pytest.raises(Http404):
        get_area(None, opened, review.pk, "education", date(2024, 2, 10))


def end_by_withdrawing(given):
    withdraw_assignment(by=make_person("ilze"), assignment=given, at=NOW)


def end_by_sending_again(given):
    send_link_again(by=make_person("ilze"), assignment=given, until=TOMORROW, at=NOW)


def end_by_handing_over(given):
    make_link(given.review, email="inese@example.org", name="Inese")


def end_by_closing_the_account(given):
    Person.objects.filter(pk=given.person_id).update(is_active=False)


def end_by_giving_a_network(given):
    Role.objects.create(
        person=given.person, kind=Kind.COORDINATOR, network=make_network(), since=date(2020, 1, 1)
    )


def end_by_the_calendar(given):
    Assignment.objects.filter(pk=given.pk).update(until=TODAY - timedelta(days=1))


ENDINGS = [
    end_by_withdrawing,
    end_by_sending_again,
    end_by_handing_over,
    end_by_closing_the_account,
    end_by_giving_a_network,
    end_by_the_calendar,
]


@pytest.mark.parametrize("end", ENDINGS)
def test_a_link_that_has_ended_is_dead_at_once_where_it_was_open_and_where_it_was_not(client, review, end):
    link, given = make_link(review)
    browser = follow(link)
    assert opens(browser, review)

    end(given)

    assert opens(browser, review) is None
    answer = client.get(link)
    assert answer.status_code == 404
    assert answer["Referrer-Policy"] == "no-referrer"
    assert opens(client, review) is None


@pytest.mark.parametrize("end", ENDINGS)
def test_whoever_came_by_a_link_that_has_ended_is_told_so_on_its_pages(review, end):
    link, given = make_link(review)
    browser = follow(link)
    end(given)

    for path in ("", "questions/education-score/"):
        answer = browser.get(f"/en/desk/reviews/{review.pk}/areas/education/{path}")
        assert answer.status_code == 404
        assert "<h1>This link does not work</h1>" in answer.content.decode()
    assert AreaWork.objects.count() == 0


def test_a_page_that_is_not_there_is_no_matter_of_a_link_to_whoever_is_signed_in(review):
    browser = follow(make_link(review)[0])
    browser.force_login(make_person("chiara"))

    answer = browser.get(f"/en/desk/reviews/{review.pk}/areas/education/")
    assert answer.status_code == 404
    assert "<h1>Page not found</h1>" in answer.content.decode()


def test_every_link_that_does_not_work_says_the_same_and_names_nobody(client, review):
    pages = {client.get(f"/en/desk/links/{'x' * 43}/").content.decode().replace("x" * 43, "TOKEN")}
    for number, end in enumerate(ENDINGS):
        link, given = make_link(
            review, area=review.framework.areas[number].key, email=f"dace{number}@example.org"
        )
        end(given)
        pages.add(client.get(link).content.decode().replace(token_of(link), "TOKEN"))

    assert len(pages) == 1
    page = pages.pop()
    assert "This link does not work" in page
    assert "ask the person who sent you this one" in page
    assert [name for name in ("Riga", "Ilze", "Dace", "dace") if name in page] == []


def test_a_link_that_does_not_work_says_so_in_the_language_of_the_page(client):
    assert '<html lang="lv"' in client.get("/lv/desk/links/nonsense/").content.decode()


def test_a_link_that_is_sent_again_works_instead_of_the_earlier_one(review):
    first, given = make_link(review)

    send_link_again(by=make_person("ilze"), assignment=given, until=TODAY + timedelta(days=9), at=NOW)
    second = newest_link()

    assert first != second
    place = opens(follow(second), review)
    assert (place.assignment, place.assignment.until) == (given, TODAY + timedelta(days=9))
    assert Assignment.objects.count() == 1


def test_a_new_link_gives_more_time_after_the_last_day(client, review):
    link, given = make_link(review)
    end_by_the_calendar(given)
    client.force_login(make_person("ilze"))
    page = f"/en/desk/assignments/{given.pk}/send-again/"
    later = TODAY + timedelta(days=5)

    assert client.get(page).context["form"].initial == {"until": None}
    refused = client.post(page, {"until": (TODAY + timedelta(days=91)).isoformat()})
    sent = client.post(page, {"until": later.isoformat()})

    assert refused.status_code == 400
    assert "Give a day from" in refused.content.decode()
    assert (sent.status_code, sent["Location"]) == (302, f"/en/desk/reviews/{review.pk}/")
    assert Assignment.objects.get().until == later
    assert opens(follow(newest_link()), review)
    assert find_link(token_of(link), TODAY) is None


@pytest.mark.parametrize("end", [end_by_withdrawing, end_by_closing_the_account, end_by_giving_a_network])
def test_no_new_link_brings_back_what_has_ended_for_good(client, review, end):
    _, given = make_link(review)
    end(given)
    mails = OutgoingMail.objects.count()
    client.force_login(make_person("ilze"))

    with pytest.raises(CannotDelegate):
        send_link_again(by=make_person("ilze"), assignment=given, until=TOMORROW, at=NOW)
    answer = client.post(f"/en/desk/assignments/{given.pk}/send-again/", {"until": TOMORROW.isoformat()})

    assert answer.status_code == (404 if end is end_by_withdrawing else 400)
    assert OutgoingMail.objects.count() == mails


@pytest.mark.parametrize("days", [-1, 91])
def test_a_new_link_works_no_longer_than_a_first_one(review, days):
    _, given = make_link(review)

    with pytest.raises(WrongLastDay):
        send_link_again(by=make_person("ilze"), assignment=given, until=TODAY + timedelta(days=days), at=NOW)


def test_one_link_works_in_two_browsers(review):
    link, given = make_link(review)

    assert [opens(follow(link), review).assignment for _ in range(2)] == [given, given]


def test_several_links_work_side_by_side_in_one_browser(review):
    education, _ = make_link(review)
    health, _ = make_link(review, area="health", email="inese@example.org", name="Inese")
    browser = follow(education)
    browser.get(health)

    assert opens(browser, review, "education").person.name == "Dace"
    assert opens(browser, review, "health").person.name == "Inese"


def test_looking_at_a_link_changes_nothing_but_the_session(client, review):
    link, _ = make_link(review)
    before = (Assignment.objects.values().get(), LogEntry.objects.count(), OutgoingMail.objects.count())

    assert client.head(link).status_code == 302
    assert client.get(link).status_code == 302
    assert client.post(link).status_code == 405

    assert before == (
        Assignment.objects.values().get(),
        LogEntry.objects.count(),
        OutgoingMail.objects.count(),
    )
    assert (AreaWork.objects.count(), Answer.objects.count()) == (0, 0)


def test_a_session_that_somebody_knew_before_does_not_share_the_link(client, review):
    first, _ = make_link(review)
    second, _ = make_link(review, area="health")
    client.get(first)
    known = client.session.session_key

    client.get(second)

    assert client.session.session_key != known
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = known
    assert "review_links" not in stranger.session
    assert opens(client, review, "education")


def test_a_link_stays_open_no_longer_than_the_browser(client, review):
    link, _ = make_link(review)

    cookie = client.get(link).cookies[settings.SESSION_COOKIE_NAME]

    assert (cookie["max-age"], cookie["expires"]) == ("", "")


def test_a_link_leaves_the_session_of_whoever_is_signed_in_as_it_is(client, review):
    link, _ = make_link(review)
    client.force_login(make_person("piotr"))
    key = client.session.session_key

    client.get(link)

    assert client.session.session_key == key
    assert not client.session.get_expire_at_browser_close()
    assert client.get("/en/desk/").status_code == 200


def test_ones_own_right_comes_before_a_link(client, review):
    link, _ = make_link(review)
    ilze = make_person("ilze")
    client.get(link)
    client.force_login(ilze)

    assert opens(client, review, person=ilze).person == ilze


@pytest.mark.parametrize("key", ["piotr", "mihai"])
@pytest.mark.parametrize("signs_in", ["before", "after"])
def test_nobody_who_is_signed_in_answers_as_somebody_else(client, review, key, signs_in):
    """Above all not who coordinates the network: that never opens a city's answers."""
    link, _ = make_link(review)
    person = make_person(key)
    if signs_in == "before":
        client.force_login(person)
    page = client.get(link, follow=True)
    if signs_in == "after":
        client.force_login(person)

    assert ("Sign out first" in page.content.decode()) is (signs_in == "before")
    assert opens(client, review, person=person) is None
    assert client.get(area_url(review)).status_code == 404


def test_a_link_is_closed_in_a_browser_by_whoever_is_done(client, review):
    link, _ = make_link(review)
    client.get(link)
    page = "/en/desk/links/leave/"
    assert "Are you done on this computer?" in client.get(page).content.decode()

    answer = client.post(page, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert "No personal link is open here" in answer.content.decode()
    assert opens(client, review) is None
    assert opens(follow(link), review)


def test_leaving_links_signs_nobody_out(client, review):
    client.force_login(make_person("ilze"))

    client.post("/en/desk/links/leave/")

    assert client.get("/en/desk/").status_code == 200


def test_a_link_shows_what_was_sent_and_changes_nothing_of_it(review):
    link, _ = make_link(review)
    Answer.objects.create(review=review, question="education-score", value=40.0)
    content = Review.objects.get(pk=review.pk).content_hash()
    sign_review(person=make_person("ilze"), review=review, content_hash=content, at=NOW)

    place = opens(follow(link), review)

    assert place.may_change is False


def test_of_a_link_nothing_is_kept_that_opens_it(review):
    link, given = make_link(review)
    token = token_of(link)

    assert len(token) == 43
    assert token not in str(Assignment.objects.values().get())
    trail = str(list(LogEntry.objects.values_list("changes", "object_repr", "additional_data")))
    assert "Dace" in trail
    assert token not in trail
    assert given.token_hash not in trail


@pytest.mark.parametrize(
    ("withdrawn_on", "sent_on", "until", "day", "may"),
    [
        # The last day of the link counts: two years after 29 February 2024 end on 28 February 2026.
        (None, None, date(2024, 2, 29), date(2024, 2, 28), False),
        (None, None, date(2024, 2, 29), date(2026, 2, 28), False),
        (None, None, date(2024, 2, 29), date(2026, 3, 1), True),
        # Taken back earlier, or later, than that.
        (date(2024, 2, 10), None, date(2024, 2, 29), date(2026, 2, 10), False),
        (date(2024, 2, 10), None, date(2024, 2, 29), date(2026, 2, 11), True),
        (date(2024, 6, 1), None, date(2024, 2, 29), date(2026, 3, 1), True),
        # Sent earlier.
        (None, date(2024, 2, 20), date(2024, 2, 29), date(2026, 2, 20), False),
        (None, date(2024, 2, 20), date(2024, 2, 29), date(2026, 2, 21), True),
        # With an account, and so without a last day.
        (None, None, None, date(2030, 1, 1), False),
        (None, date(2024, 2, 20), None, date(2026, 2, 20), False),
        (None, date(2024, 2, 20), None, date(2026, 2, 21), True),
        # Before it was given.
        (None, None, date(2024, 2, 29), date(2024, 2, 4), True),
    ],
)
def test_whoever_filled_an_area_does_not_judge_the_city_for_two_years(
    review, withdrawn_on, sent_on, until, day, may
):
    def at_noon(day):
        return day and datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    nuria = give("nuria", Kind.EXPERT, make_network())
    make_link(review, email=nuria.email, until=date(2024, 2, 29), at=ANSWERED_AT)
    by_account = {} if until else {"until": None, "token_hash": ""}
    Assignment.objects.update(withdrawn_at=at_noon(withdrawn_on), **by_account)
    Review.objects.update(submitted_at=at_noon(sent_on))

    assert may_validate(nuria, review.city, day) is may
    assert may_validate(nuria, make_city("ravenna"), day) is True


def test_what_a_person_by_link_does_stands_under_their_name_in_the_trail_of_the_city(client, review):
    link, given = make_link(review)
    client.get(link)

    client.post(f"{area_url(review)}complete/")

    done = AreaWork.objects.get()
    assert done.done_by == given.person
    entries = LogEntry.objects.filter(content_type__model="areawork")
    assert {entry.actor for entry in entries} == {given.person}
    assert {entry.additional_data["actor"] for entry in entries} == {"Dace"}
    make_officer("ilze", review.city)
    client.force_login(make_person("ilze"))
    assert "Dace" in client.get("/en/desk/cities/riga/trail/").content.decode()


def test_what_is_done_by_a_link_stands_under_the_name_of_its_person(client, review):
    link, given = make_link(review)
    client.get(link)

    client.post(f"{area_url(review)}complete/")

    entries = LogEntry.objects.filter(content_type__model="areawork")
    assert {entry.actor for entry in entries} == {given.person}


def test_a_session_keeps_what_proves_the_link_and_not_the_link(review):
    link, _ = make_link(review)

    assert token_of(link) not in str(dict(follow(link).session))


@pytest.mark.parametrize("more", ["{}./", "{}", "{}.", "{}>/", "{})/and/more", "<{}/"])
def test_a_link_with_more_of_the_mail_works_and_never_stands_in_the_log(client, review, caplog, more):
    link, _ = make_link(review)
    token = token_of(link)

    answer = client.get(f"/en/desk/links/{more.format(token)}")

    assert answer["Location"] == area_url(review)
    assert token not in caplog.text


def test_the_link_of_somebody_else_never_stands_in_the_log(client, review, caplog):
    link, _ = make_link(review)
    client.force_login(make_person("mihai"))

    page = client.get(link)

    assert "Sign out first" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert token_of(link) not in caplog.text


def test_whoever_is_signed_in_under_the_address_of_the_link_opens_it(client, review):
    piotr = make_person("piotr")
    link, _ = make_link(review, email=piotr.email)
    client.force_login(piotr)

    assert client.get(link)["Location"] == area_url(review)
    assert client.get(area_url(review)).status_code == 200


def test_a_program_that_checks_mails_leaves_no_trace_of_having_looked(review):
    link, _ = make_link(review)
    browser = Client()

    browser.get(link, follow=True)
    assert not AreaWork.objects.exists()
    assert not Presence.objects.exists()

    browser.get(f"{area_url(review)}questions/education-score/")
    assert AreaWork.objects.exists()
