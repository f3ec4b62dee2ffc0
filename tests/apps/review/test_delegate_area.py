"""An officer gives an area to a colleague: with an account, or by a personal link."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from tests.builders import (
    ANSWERED_AT,
    answer,
    make_city,
    make_review,
    make_sheet,
    open_area,
    put_in_state,
)
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind, Role
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.access import get_area
from tessera.apps.review.actions.delegation import (
    CannotDelegate,
    HasItAlready,
    WrongLastDay,
    delegate_area,
    delegate_by_link,
    send_link_again,
    withdraw_assignment,
)
from tessera.apps.review.actions.filling import NotOpen
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import JUDGED, State
from tessera.apps.review.models import Assignment, Review
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = date(2024, 2, 5)
"""Of ANSWERED_AT, in the time of the builders."""


@pytest.fixture
def review():
    review = make_review(make_city("riga"), make_sheet([None] * 8), state=State.FILLING)
    give("andris", Kind.CONTRIBUTOR, review.city)
    return review


@pytest.fixture
def ilze(client, review):
    client.force_login(make_person("ilze"))
    return client


def address(review, area="education"):
    return f"/en/desk/reviews/{review.pk}/areas/{area}/give/"


def about_link(**other):
    given = {
        "way": "link",
        "link-email": "dace@example.org",
        "link-name": "Dace",
        "link-language": "lv",
        "link-until": (TODAY + timedelta(days=14)).isoformat(),
        "link-message": "You know the schools best.",
    }
    return {**given, **{f"link-{name}": value for name, value in other.items()}}


def give_by_account(review, *, by="ilze", to="andris", area="education", at=ANSWERED_AT):
    return delegate_area(
        by=make_person(by), review=review, area=area, colleague=make_person(to), message="", at=at
    )


def give_by_link(review, *, by="ilze", email="dace@example.org", until=DAY, area="education", at=ANSWERED_AT):
    return delegate_by_link(
        by=make_person(by),
        review=review,
        area=area,
        email=email,
        name="Dace",
        language="en",
        until=until,
        message="",
        at=at,
    )


def words_of(response):
    return response.content.decode()


def in_state(review, state):
    """The review of a cycle, set into a state that experts bring it to."""
    if state is not State.FILLING:
        answer(review, "education-score", Answer(value=60.0))
        content = Review.objects.get(pk=review.pk).content_hash()
        sign_review(person=make_person("ilze"), review=review, content_hash=content, at=ANSWERED_AT)
    if state in JUDGED:
        put_in_state(review, state)
    return Review.objects.get(pk=review.pk)


ACTS = {
    "delegate_area": lambda review, by, given: give_by_account(review, by=by),
    "delegate_by_link": lambda review, by, given: give_by_link(review, by=by),
    "send_link_again": lambda review, by, given: send_link_again(
        by=make_person(by), assignment=given, until=DAY, at=ANSWERED_AT
    ),
    "withdraw_assignment": lambda review, by, given: withdraw_assignment(
        by=make_person(by), assignment=given, at=ANSWERED_AT
    ),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", ACTS)
def test_the_officers_of_the_city_alone_give_and_take_areas_while_it_is_filled(review, act, state):
    make_officer("chiara", make_city("ravenna"))
    make_officer("jonas", make_city("graz"))
    give("nuria", Kind.EXPERT, make_network())
    give("greta", Kind.CONTRIBUTOR, review.city)
    give_by_link(review, area="health", email="dace@example.org")
    given = Assignment.objects.get()
    review = in_state(review, state)
    mails = OutgoingMail.objects.count()

    for key in set(EVERYBODY) - {"ilze"}:
        with pytest.raises(PermissionDenied):
            ACTS[act](review, key, given)
    assert (Assignment.objects.get().withdrawn_at, OutgoingMail.objects.count()) == (None, mails)

    if state is State.FILLING or act == "withdraw_assignment":
        ACTS[act](review, "ilze", given)
        assert OutgoingMail.objects.count() == mails + 1
    else:
        with pytest.raises(NotOpen):
            ACTS[act](review, "ilze", given)
        assert OutgoingMail.objects.count() == mails


def test_an_officer_gives_an_area_to_a_colleague(ilze, review):
    andris = make_person("andris")

    sent = ilze.post(
        address(review),
        {"way": "colleague", "colleague-colleague": andris.pk, "colleague-message": "You know the schools."},
    )

    given = Assignment.objects.get()
    assert sent["Location"] == f"/en/desk/reviews/{review.pk}/"
    assert (given.person, given.area, given.is_by_link, given.until) == (andris, "education", False, None)
    assert (given.given_by, given.message) == (make_person("ilze"), "You know the schools.")
    mail = OutgoingMail.objects.get(purpose="area-assigned")
    assert mail.to == andris.email
    assert "You know the schools." in mail.text
    assert open_area(review, "education", andris).assignment == given
    with pytest.raises(Http404):
        open_area(review, "health", andris)


def test_the_others_with_a_role_in_the_city_are_offered(ilze, review):
    give("greta", Kind.OFFICER, review.city)
    give("jonas", Kind.CONTRIBUTOR, review.city)
    Person.objects.filter(pk=make_person("jonas").pk).update(is_active=False)
    give("piotr", Kind.CONTRIBUTOR, review.city, until=TODAY - timedelta(days=1))
    make_officer("chiara", make_city("ravenna"))

    form = ilze.get(address(review)).context["colleague_form"]

    assert [str(person) for person in form.fields["colleague"].queryset] == [
        make_person("andris").name,
        make_person("greta").name,
    ]


@pytest.mark.parametrize("key", ["ilze", "chiara", "mihai", "piotr"])
def test_nobody_else_gets_an_area_with_an_account(ilze, review, key):
    make_officer("chiara", make_city("ravenna"))

    answer = ilze.post(address(review), {"way": "colleague", "colleague-colleague": make_person(key).pk})

    assert answer.status_code == 400
    assert Assignment.objects.count() == 0
    if key != "ilze":
        with pytest.raises(CannotDelegate, match="no role in Riga"):
            give_by_account(review, to=key)


def test_an_officer_who_is_alone_is_shown_how_to_invite_somebody(ilze, review):
    Role.objects.filter(person=make_person("andris")).delete()

    page = words_of(ilze.get(address(review)))

    assert "Nobody else has a role in Riga yet." in page
    assert 'href="/en/desk/people/new/"' in page


def test_an_officer_sends_somebody_a_personal_link(ilze, review):
    sent = ilze.post(address(review), about_link())

    given = Assignment.objects.get()
    dace = given.person
    assert sent["Location"] == f"/en/desk/reviews/{review.pk}/"
    assert (dace.email, dace.name, dace.language) == ("dace@example.org", "Dace", "lv")
    assert not dace.has_usable_password()
    assert (given.area, given.until) == ("education", TODAY + timedelta(days=14))
    mail = OutgoingMail.objects.get(purpose="area-assigned")
    assert (mail.to, mail.language) == ("dace@example.org", "lv")
    assert "/lv/desk/links/" in mail.text
    assert "You know the schools best." in mail.text


def test_the_link_is_for_the_mailbox_and_stands_on_no_page(ilze, review):
    ilze.post(address(review), about_link())
    token = OutgoingMail.objects.get(purpose="area-assigned").text.split("/desk/links/")[1].split("/")[0]
    given = Assignment.objects.get()

    shown = [
        words_of(ilze.get(page))
        for page in (
            address(review),
            f"/en/desk/assignments/{given.pk}/send-again/",
            f"/en/desk/assignments/{given.pk}/take-back/",
            "/en/desk/cities/riga/trail/",
        )
    ]

    assert all("Dace" in page for page in shown)
    assert [page for page in shown if token in page or given.token_hash in page] == []


def test_a_known_person_keeps_name_and_language_whatever_is_typed(ilze, review):
    piotr = make_person("piotr")

    ilze.post(address(review), about_link(email=piotr.email.upper(), name="Somebody"))

    assert Assignment.objects.get().person == piotr
    assert Person.objects.get(pk=piotr.pk).name == piotr.name
    assert Person.objects.get(pk=piotr.pk).language == piotr.language


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "dace", "Enter a valid email address."),
        ("email", "", "“E-mail address” is empty. Fill it in."),
        ("email", "dace@example.org\nBcc: all@example.org", "Enter a valid email address."),
        ("email", f"{'d' * 250}@example.org", "at most 254 characters"),
        ("name", "\u202e\u2028", "“Name” is empty. Fill it in."),
        ("name", "D" * 121, "at most 120 characters"),
        ("language", "xx", "Select a valid choice."),
        ("until", "tomorrow", "This is no day."),
        ("until", (TODAY - timedelta(days=1)).isoformat(), "Give a day from"),
        ("until", (TODAY + timedelta(days=91)).isoformat(), "Give a day from"),
        ("message", "m" * 2001, "“Message” is 1 character too long."),
        ("message", "a\x00b", "holds a sign that cannot be kept"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_sent(ilze, review, field, value, said):
    mails = OutgoingMail.objects.count()

    answer = ilze.post(address(review), about_link(**{field: value}))

    assert answer.status_code == 400
    assert list(answer.context["link_form"].errors) == [field]
    assert said in str(answer.context["link_form"].errors)
    assert "<title>Error:" in words_of(answer)
    assert (Assignment.objects.count(), OutgoingMail.objects.count()) == (0, mails)
    assert not Person.objects.filter(name="Dace").exists()


@pytest.mark.parametrize(("days", "works"), [(-1, False), (0, True), (90, True), (91, False)])
def test_a_link_works_for_ninety_days_at_the_most(review, days, works):
    # 5 February 2024 and 90 days are 5 May.
    assert DAY + timedelta(days=90) == date(2024, 5, 5)
    if works:
        assert give_by_link(review, until=DAY + timedelta(days=days))
    else:
        with pytest.raises(WrongLastDay):
            give_by_link(review, until=DAY + timedelta(days=days))


@pytest.mark.parametrize("due_in", [-1, 0, 30, 90, 91])
def test_the_day_on_which_the_answers_are_due_is_offered_as_the_last(ilze, review, due_in):
    Review.objects.update(due_on=TODAY + timedelta(days=due_in))

    offered = ilze.get(address(review)).context["link_form"].initial["until"]

    assert offered == {91: TODAY + timedelta(days=90), -1: None}.get(due_in, TODAY + timedelta(days=due_in))


@pytest.mark.parametrize("key", ["mihai", "closed"])
def test_neither_a_coordinator_nor_a_closed_account_gets_a_link(ilze, review, key):
    person = make_person("mihai" if key == "mihai" else "piotr")
    if key == "closed":
        Person.objects.filter(pk=person.pk).update(is_active=False)

    answer = ilze.post(address(review), about_link(email=person.email))

    assert answer.status_code == 400
    assert "No personal link can be sent to this address." in words_of(answer)
    assert Assignment.objects.count() == 0


def test_a_form_that_is_sent_twice_gives_once(ilze, review):
    by_account = {"way": "colleague", "colleague-colleague": make_person("andris").pk}

    for data, said in (
        (by_account, "This person has the area already."),
        (about_link(), "This person has a link to the area already."),
    ):
        assert ilze.post(address(review), data).status_code == 302
        again = ilze.post(address(review), data)
        assert again.status_code == 400
        assert said in words_of(again)
    assert OutgoingMail.objects.filter(purpose="area-assigned").count() == 2


def test_a_link_that_has_ended_can_be_followed_by_another(review):
    give_by_link(review, until=DAY)

    give_by_link(review, until=DAY + timedelta(days=9), at=ANSWERED_AT + timedelta(days=1))

    first, second = Assignment.objects.order_by("pk")
    assert first.withdrawn_at is not None
    assert (second.person, second.until, second.withdrawn_at) == (first.person, date(2024, 2, 14), None)
    with pytest.raises(HasItAlready):
        give_by_link(review, until=DAY + timedelta(days=9), at=ANSWERED_AT + timedelta(days=1))


def test_an_area_that_the_review_does_not_ask_cannot_be_given(ilze, review):
    assert ilze.get(address(review, "no-such-area")).status_code == 404
    assert ilze.post(address(review, "no-such-area"), about_link()).status_code == 404
    with pytest.raises(KeyError):
        give_by_link(review, area="no-such-area")


@pytest.mark.parametrize("way", ["", "both"])
def test_a_form_that_says_neither_way_gives_nothing(ilze, review, way):
    assert ilze.post(address(review), {**about_link(), "way": way}).status_code == 400
    assert Assignment.objects.count() == 0


def test_the_page_says_who_has_the_area(ilze, review):
    assert "Nobody but the officers of Riga." in words_of(ilze.get(address(review)))

    ilze.post(address(review), about_link())
    page = words_of(ilze.get(address(review)))

    assert "dace@example.org" in page
    assert "By a personal link, until" in page
    assert "Dace is told by e-mail that the area is in other hands." in page
    assert "Nobody but the officers can answer this area now" not in page


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("link", "The link of Dace ended on 5 February 2024."),
        ("role", "has no role in Riga any more."),
        ("account", "is closed."),
        ("coordinates", "The link of Dace does not work any more."),
    ],
)
def test_the_page_says_when_whoever_has_the_area_cannot_answer_any_more(ilze, review, what, said):
    if what == "link":
        give_by_link(review)
    elif what == "coordinates":
        give_by_link(review, until=TODAY, at=timezone.now())
        dace = Person.objects.get(name="Dace")
        Role.objects.create(
            person=dace, kind=Kind.COORDINATOR, network=make_network(), since=date(2020, 1, 1)
        )
    else:
        give_by_account(review)
    if what == "role":
        Role.objects.filter(person=make_person("andris")).update(until=TODAY - timedelta(days=1))
    if what == "account":
        Person.objects.filter(pk=make_person("andris").pk).update(is_active=False)

    page = words_of(ilze.get(address(review)))

    assert "Nobody but the officers can answer this area now" in page
    assert said in page


def test_once_the_answers_are_sent_nothing_can_be_given(ilze, review):
    in_state(review, State.SUBMITTED)

    page = words_of(ilze.get(address(review)))
    answer = ilze.post(address(review), about_link(), follow=True)

    assert "The answers are sent" in page
    assert 'name="way"' not in page
    assert answer.redirect_chain == [(address(review), 302)]
    assert "No area can be given to anybody until they are taken back." in words_of(answer)
    assert Assignment.objects.count() == 0


def test_whoever_has_an_area_is_told_when_the_answers_are_sent(review):
    give_by_account(review)
    give_by_link(review, area="health")
    give_by_link(review, area="anti-discrimination", email="inese@example.org")
    inese = Assignment.objects.get(area="anti-discrimination")
    withdraw_assignment(by=make_person("ilze"), assignment=inese, at=ANSWERED_AT)

    in_state(review, State.SUBMITTED)

    told = OutgoingMail.objects.filter(purpose="review-sent").exclude(person=make_person("mihai"))
    assert sorted(told.values_list("to", flat=True)) == [make_person("andris").email, "dace@example.org"]


@pytest.mark.parametrize("key", [key for key in EVERYBODY if key != "ilze"])
def test_nobody_but_an_officer_of_the_city_sees_the_page(client, review, key):
    make_officer("chiara", make_city("ravenna"))
    give_by_account(review)
    client.force_login(make_person(key))

    assert client.get(address(review)).status_code == 404
    assert client.post(address(review), about_link()).status_code == 404
    assert Assignment.objects.count() == 1


def test_the_area_of_an_officer_needs_no_assignment(review):
    assert get_area(make_person("ilze"), {}, review.pk, "education", DAY).assignment is None


def test_sending_a_link_tells_nobody_whose_address_it_is(ilze, review):
    Person.objects.create(email="stranger@example.org", name="Agnese")
    ilze.post(address(review), about_link(email="stranger@example.org", name="The school board"))
    given = Assignment.objects.get()
    pages = [
        f"/en/desk/reviews/{review.pk}/",
        address(review),
        f"/en/desk/assignments/{given.pk}/send-again/",
        f"/en/desk/assignments/{given.pk}/take-back/",
        "/en/desk/cities/riga/trail/",
    ]

    shown = [words_of(ilze.get(page)) for page in pages]
    shown.append(words_of(ilze.post(pages[3], follow=True)))
    shown.append(words_of(ilze.get(pages[4])))

    assert [page for page in shown if "Agnese" in page] == []
    assert all("The school board" in page for page in shown)


@pytest.mark.parametrize("why", ["closed", "coordinates"])
def test_nor_does_it_tell_what_becomes_of_their_account(ilze, review, why):
    give_by_link(review, until=TODAY, at=timezone.now())
    dace = Person.objects.get(name="Dace")
    if why == "closed":
        Person.objects.filter(pk=dace.pk).update(is_active=False)
    else:
        Role.objects.create(
            person=dace, kind=Kind.COORDINATOR, network=make_network(), since=date(2020, 1, 1)
        )

    for page in (address(review), f"/en/desk/reviews/{review.pk}/"):
        text = words_of(ilze.get(page))
        assert "The link of Dace does not work any more." in text
        assert "closed" not in text
        assert "coordinates" not in text


@pytest.mark.parametrize("is_handed_over", [True, False])
def test_whoever_loses_an_area_hears_of_other_hands_only_where_there_are_any(review, is_handed_over):
    Person.objects.update(language="en")
    given = give_by_account(review)
    if is_handed_over:
        give_by_link(review)
    else:
        withdraw_assignment(by=make_person("ilze"), assignment=given, at=ANSWERED_AT)

    mail = OutgoingMail.objects.get(purpose="area-taken-back")
    said = " ".join(mail.text.split())
    assert ("is in other hands now" in said) is is_handed_over
    assert ("Riga has taken back the area “Education”" in said) is not is_handed_over
