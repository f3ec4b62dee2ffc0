"""The pages on which a coordinator opens cycles and follows them, as their users meet them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from tests.builders import (
    ANSWERED_AT,
    REVIEW,
    SCORES,
    answer,
    make_city,
    make_cycle,
    make_review,
    make_sheet,
    open_area,
)
from tests.people import give, make_network, make_officer, make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Kind, Membership, Network, Role
from tessera.apps.records.models import OutgoingMail
from tessera.apps.review.actions.cycles import LONGEST_TIME
from tessera.apps.review.actions.filling import complete_area, look_at
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Cycle, Review
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=30)
NOT_OFFERED = "Select a valid choice. That choice is not one of the available choices."


@pytest.fixture
def riga():
    return make_member("riga")


@pytest.fixture
def coordinator(client):
    client.force_login(give("mihai", Kind.COORDINATOR, make_network()))
    return client


def make_member(slug, network=None):
    city = make_city(slug)
    Membership.objects.create(
        city=city, network=network or make_network(), since=date(2015, 1, 1), source_name="A site"
    )
    return city


def words_of(response):
    return response.content.decode()


def asked_for(*cities, **changed):
    return {
        "questionnaire": f"{SCORES}/1",
        "pathway": "full",
        "year": "2023",
        "due_on": SOON.isoformat(),
        "signatures": "2",
        "cities": [city.pk for city in cities],
        **changed,
    }


def test_who_has_no_cycle_yet_is_led_to_the_first(coordinator):
    page = words_of(coordinator.get("/en/desk/cycles/"))

    assert "No cycle yet" in page
    assert 'href="/en/desk/cycles/new/"' in page


def test_the_newest_cycle_stands_first(coordinator):
    for slug, year in (("riga", 2022), ("ravenna", 2023)):
        make_cycle(make_city(slug), year=year)
    page = words_of(coordinator.get("/en/desk/cycles/"))

    assert page.index(", 2023</a>") < page.index(", 2022</a>")


def test_the_list_says_how_many_cities_have_sent_their_answers(coordinator):
    make_review(make_city("riga"), state=State.SUBMITTED)
    cycle = Cycle.objects.get()
    make_review(make_city("ravenna"), make_sheet(year=2022), state=State.FILLING, officer="chiara")
    page = words_of(coordinator.get("/en/desk/cycles/"))

    assert f'<a href="/en/desk/cycles/{cycle.pk}/">MIPEX 2015 (area scores), 2023</a>' in page
    assert "<span>1 of 1</span>" in page
    assert "<span>0 of 1</span>" in page


def test_the_form_offers_the_cities_of_the_network_today(coordinator, riga):
    left = make_member("lyon")
    left.memberships.update(until=TODAY - timedelta(days=1))
    make_city("graz")
    page = words_of(coordinator.get("/en/desk/cycles/new/"))

    assert "Riga" in page
    assert "Lyon" not in page
    assert "Graz" not in page
    assert "Intercultural review, version 2" in page


def test_a_cycle_is_opened_and_its_officers_are_told(coordinator, riga):
    make_officer("ilze", riga)
    ravenna = make_member("ravenna")
    reply = coordinator.post("/en/desk/cycles/new/", asked_for(riga, ravenna), follow=True)

    cycle = Cycle.objects.get()
    assert (cycle.framework_id, cycle.version, cycle.pathway) == (SCORES, 1, "full")
    assert (cycle.year, cycle.due_on, cycle.signatures) == (2023, SOON, 2)
    assert not any(review.invented for review in cycle.reviews.all())
    assert reply.redirect_chain == [(f"/en/desk/cycles/{cycle.pk}/", 302)]
    assert "2 cities begin their reviews." in words_of(reply)
    assert OutgoingMail.objects.get().to == make_person("ilze").email


def test_answers_in_the_demonstration_are_invented(coordinator, riga, settings):
    settings.DEMO = True
    coordinator.post("/en/desk/cycles/new/", asked_for(riga))
    ravenna = make_member("ravenna")
    address = f"/en/desk/cycles/{Cycle.objects.get().pk}/cities/"
    coordinator.post(address, {"due_on": SOON.isoformat(), "cities": [ravenna.pk]})

    assert list(Review.objects.values_list("invented", flat=True)) == [True, True]


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("questionnaire", "", "“Questionnaire” has no answer. Choose one."),
        ("pathway", "", "“How much of it” has no answer. Choose one."),
        ("year", "1999", f"Give a year from 2000 to {TODAY.year}."),
        ("year", str(TODAY.year + 1), f"Give a year from 2000 to {TODAY.year}."),
        (
            "due_on",
            (TODAY - timedelta(days=1)).isoformat(),
            f"Give a day from {date_format(TODAY)} to {date_format(TODAY + LONGEST_TIME)}.",
        ),
        ("due_on", "soon", "This is no day. Write year, month and day, such as 2027-03-31."),
        ("signatures", "", "“Who signs” has no answer. Choose one."),
        (
            "due_on",
            "9999-12-31",
            f"Give a day from {date_format(TODAY)} to {date_format(TODAY + LONGEST_TIME)}.",
        ),
        ("cities", [], "“Cities” has no answer. Choose at least one."),
        ("cities", [10**20], NOT_OFFERED),
        ("cities", ["a\x00b"], NOT_OFFERED),
    ],
)
def test_what_is_wrong_is_said_at_its_field(coordinator, riga, field, given, words):
    reply = coordinator.post("/en/desk/cycles/new/", asked_for(riga, **{field: given}))

    assert reply.status_code == 400
    assert dict(reply.context["form"].errors) == {field: [words]}
    assert not Cycle.objects.exists()


def test_cities_that_have_a_review_already_are_named_at_the_tick_boxes(coordinator, riga):
    ravenna, graz = make_member("ravenna"), make_member("graz")
    for city in (riga, graz):
        make_review(city, state=State.VALIDATED)
    reply = coordinator.post("/en/desk/cycles/new/", asked_for(riga, ravenna, graz))

    [words] = reply.context["form"].errors["cities"]
    assert words.endswith("so take the tick away: Graz and Riga.")
    assert not Cycle.objects.exists()


def test_a_second_cycle_of_a_year_is_refused_at_the_year(coordinator, riga):
    make_cycle(riga)
    reply = coordinator.post("/en/desk/cycles/new/", asked_for(make_member("ravenna")))

    assert list(reply.context["form"].errors) == ["year"]
    assert Cycle.objects.count() == 1


def test_who_coordinates_two_networks_says_first_for_which(coordinator, riga):
    north = Network.objects.create(
        slug="north",
        name=LocalText("en", {"en": "North"}),
        starts_on=date(2015, 1, 1),
        ends_on=date(2040, 1, 1),
        source_name="A site",
    )
    give("mihai", Kind.COORDINATOR, north)
    oslo = make_member("oslo", north)
    asked = words_of(coordinator.get("/en/desk/cycles/new/"))
    form = words_of(coordinator.get("/en/desk/cycles/new/?network=north"))

    assert 'href="?network=north"' in asked
    assert "<form class" not in asked
    assert "Oslo" in form
    assert "Riga" not in form
    coordinator.post("/en/desk/cycles/new/?network=north", asked_for(riga))
    assert not Cycle.objects.exists()
    coordinator.post("/en/desk/cycles/new/?network=north", asked_for(oslo))
    assert Cycle.objects.get().network == north


def test_a_network_of_others_cannot_be_chosen(coordinator, riga):
    for slug in ("north", "south"):
        network = Network.objects.create(
            slug=slug,
            name=LocalText("en", {"en": slug}),
            starts_on=date(2015, 1, 1),
            ends_on=date(2040, 1, 1),
            source_name="A site",
        )
        if slug == "north":
            give("mihai", Kind.COORDINATOR, network)
    oslo = make_member("oslo", network)
    coordinator.post("/en/desk/cycles/new/?network=south", asked_for(oslo))

    assert not Cycle.objects.exists()


def cells_of(page, city, table):
    """The words in the row of a city, by column."""
    [row] = [row for row in page.context[table]["rows"] if row[0]["text"] == city]
    labels = [column["label"] for column in page.context[table]["columns"]]
    words = [cell["tag"]["label"] if "tag" in cell else cell.get("text") for cell in row]
    return dict(zip(labels, words, strict=True))


def test_the_cycle_shows_each_area_of_each_city_in_words(coordinator, riga):
    ilze = make_officer("ilze", riga)
    ravenna = make_member("ravenna")
    cycle = make_cycle(riga, ravenna)
    review = Review.objects.get(city=riga)
    answer(review, "education-score", Answer(value=61.0), person=ilze)
    answer(review, "health-score", Answer(value=62.0), person=ilze)
    for area, is_done in (("family-reunion", False), ("health", True)):
        look_at(open_area(review, area, ilze), ANSWERED_AT)
        if is_done:
            complete_area(place=open_area(review, area, ilze), at=ANSWERED_AT)
    page = coordinator.get(f"/en/desk/cycles/{cycle.pk}/")

    assert cells_of(page, "Riga", "areas_table") == {
        "City": "Riga",
        "Labour market mobility": "nobody has looked",
        "Family reunion": "begun",
        "Education": "every question answered",
        "Health": "complete",
        "Political participation": "nobody has looked",
        "Permanent residence": "nobody has looked",
        "Access to nationality": "nobody has looked",
        "Anti-discrimination": "nobody has looked",
    }
    assert cells_of(page, "Riga", "cities_table")["Areas complete"] == "1 of 8"
    assert cells_of(page, "Ravenna", "cities_table")["Areas complete"] == "0 of 8"
    assert set(cells_of(page, "Ravenna", "areas_table").values()) == {"Ravenna", "nobody has looked"}
    assert "every question answered" in words_of(page)


def test_the_cycle_holds_no_answer_before_it_is_sent_and_no_count_that_tells_of_one(coordinator, riga):
    ilze = make_officer("ilze", riga)
    cycle = make_cycle(riga, framework=REVIEW, version=2)
    review = Review.objects.get()
    said = []
    for question in review.framework.questions():
        if question.may_not_apply and len(said) < 3:
            reason = f"A reason of {question.key}"
            answer(
                review, question.key, Answer(not_applicable=True, reason=reason, note="Our note"), person=ilze
            )
            said.append(reason)
    assert len(said) == 3
    page = coordinator.get(f"/en/desk/cycles/{cycle.pk}/")

    for words in (*said, "Our note", "answered of"):
        assert words not in words_of(page)
    assert f"/desk/reviews/{review.pk}/check/" not in words_of(page)
    shown = {*cells_of(page, "Riga", "areas_table").values()}
    assert shown == {"Riga", "begun", "nobody has looked"}


def test_the_late_are_counted_in_days_and_the_sent_by_their_day(coordinator, riga):
    ravenna, graz = make_member("ravenna"), make_member("graz")
    for who, city in (("ilze", riga), ("chiara", ravenna), ("jonas", graz)):
        make_officer(who, city)
    cycle = make_cycle(riga, ravenna, graz)
    Review.objects.filter(city=riga).update(due_on=TODAY - timedelta(days=1))
    Review.objects.filter(city=ravenna).update(due_on=TODAY)
    sent = Review.objects.get(city=graz)
    answer(sent, "health-score", Answer(value=62.0), person=make_person("jonas"))
    sign_review(person=make_person("jonas"), review=sent, content_hash=sent.content_hash(), at=ANSWERED_AT)
    page = coordinator.get(f"/en/desk/cycles/{cycle.pk}/")

    assert cells_of(page, "Riga", "cities_table")["State"] == "1 day late"
    assert cells_of(page, "Ravenna", "cities_table")["State"] == "being filled"
    assert cells_of(page, "Ravenna", "cities_table")["Answers due on"] == date_format(TODAY)
    assert cells_of(page, "Graz", "cities_table")["State"] == "sent on 5 February 2024"
    assert "1 of 3 cities have sent their answers." in words_of(page)
    assert "1 city is late." in words_of(page)
    assert f"/desk/reviews/{sent.pk}/check/" in words_of(page)
    assert f"/desk/cycles/reviews/{sent.pk}/due/" not in words_of(page)
    for city in (riga, ravenna):
        pk = Review.objects.get(city=city).pk
        assert f"/desk/cycles/reviews/{pk}/due/" in words_of(page)
        assert f"/desk/reviews/{pk}/check/" not in words_of(page)


def test_a_city_in_which_nobody_could_answer_is_named(coordinator, riga):
    make_officer("ilze", riga, until=TODAY)
    ravenna = make_member("ravenna")
    make_officer("chiara", ravenna, until=TODAY - timedelta(days=1))
    give("andris", Kind.CONTRIBUTOR, ravenna)
    cycle = make_cycle(riga, ravenna)
    page = coordinator.get(f"/en/desk/cycles/{cycle.pk}/")

    assert page.context["without_officer"] == "Ravenna"
    assert "These cities have no officer: Ravenna." in words_of(page)
    Role.objects.filter(city=ravenna, kind=Kind.OFFICER).update(until=None)
    assert "have no officer" not in words_of(coordinator.get(f"/en/desk/cycles/{cycle.pk}/"))


def test_all_who_are_late_are_reminded_by_one_button_once_a_day(coordinator, riga):
    make_officer("ilze", riga)
    make_officer("greta", riga)
    cycle = make_cycle(riga)
    assert "Remind all who are late" in words_of(coordinator.get(f"/en/desk/cycles/{cycle.pk}/"))
    first, second = (
        words_of(coordinator.post(f"/en/desk/cycles/{cycle.pk}/remind/", follow=True)) for _ in range(2)
    )

    assert "2 reminders were sent." in first
    assert "No reminder was sent." in second
    assert OutgoingMail.objects.filter(purpose="review-reminder").count() == 2


def test_where_nobody_is_late_there_is_nothing_to_press(coordinator, riga):
    cycle = make_cycle(riga)
    Review.objects.update(due_on=TODAY)
    page = words_of(coordinator.get(f"/en/desk/cycles/{cycle.pk}/"))

    assert "No city is late." in page
    assert "Remind all who are late" not in page


def test_further_cities_are_offered_while_there_are_any(coordinator, riga):
    cycle = make_cycle(riga)
    ravenna = make_member("ravenna")
    address = f"/en/desk/cycles/{cycle.pk}/cities/"
    offered = coordinator.get(address).context["form"].fields["cities"].queryset
    past = (TODAY - timedelta(days=1)).isoformat()
    wrong = coordinator.post(address, {"due_on": past, "cities": [ravenna.pk]})

    assert list(offered) == [ravenna]
    assert list(wrong.context["form"].errors) == ["due_on"]
    coordinator.post(address, {"due_on": SOON.isoformat(), "cities": [ravenna.pk]})
    assert cycle.reviews.get(city=ravenna).due_on == SOON
    none = coordinator.get(address, follow=True)
    assert none.redirect_chain == [(f"/en/desk/cycles/{cycle.pk}/", 302)]
    assert "Every city of the network has a review" in words_of(none)


def test_a_city_gets_another_day(coordinator, riga):
    make_officer("ilze", riga)
    review = make_cycle(riga).reviews.get()
    address = f"/en/desk/cycles/reviews/{review.pk}/due/"
    past = coordinator.post(address, {"due_on": (TODAY - timedelta(days=1)).isoformat()})
    done = coordinator.post(address, {"due_on": SOON.isoformat()}, follow=True)

    assert list(past.context["form"].errors) == ["due_on"]
    assert f"The answers of Riga are due on {date_format(SOON)}." in words_of(done)
    review.refresh_from_db()
    assert review.due_on == SOON


def test_a_city_that_has_sent_its_answers_in_the_meantime_needs_no_other_day(coordinator, riga):
    review = make_review(riga, state=State.SUBMITTED)
    reply = coordinator.post(
        f"/en/desk/cycles/reviews/{review.pk}/due/", {"due_on": SOON.isoformat()}, follow=True
    )

    assert "Riga has sent its answers in the meantime. Nothing was changed." in words_of(reply)
    assert Review.objects.get().due_on == review.due_on


def test_a_cycle_of_thirty_cities_asks_as_much_as_one_of_three(coordinator):
    counts = []
    for number, year in ((3, 2022), (30, 2023)):
        cities = [make_member(f"city-{year}-{place}") for place in range(number)]
        for city in cities:
            make_officer("ilze", city)
        cycle = make_cycle(*cities, year=year)
        for review in cycle.reviews.select_related("city"):
            ilze = make_person("ilze")
            answer(review, "health-score", Answer(value=62.0), person=ilze)
            complete_area(place=open_area(review, "health", ilze), at=ANSWERED_AT)
        coordinator.get(f"/en/desk/cycles/{cycle.pk}/")
        with CaptureQueriesContext(connection) as asked:
            page = coordinator.get(f"/en/desk/cycles/{cycle.pk}/")
        assert len(page.context["areas_table"]["rows"]) == number
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[1] <= 20
