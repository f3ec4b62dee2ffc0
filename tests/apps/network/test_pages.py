"""The pages on which people, cities and organisations are kept, as their users meet them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.builders import make_city
from tests.people import give, make_network, make_person

from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import (
    City,
    CityFact,
    Kind,
    Membership,
    Organisation,
    Representation,
    Role,
    SizeClass,
    Tie,
    Topic,
    Unit,
)
from tessera.apps.records.models import OutgoingMail

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def signing_in_is_not_the_subject(settings):
    settings.SECOND_STEP_REQUIRED = False


@pytest.fixture
def riga():
    city = make_city("riga")
    Membership.objects.create(city=city, network=make_network(), source_name="A site")
    give("mihai", Kind.COORDINATOR, make_network())
    give("nuria", Kind.EXPERT, make_network())
    give("ilze", Kind.OFFICER, city)
    return city


@pytest.fixture
def at_work(client, riga):
    def sign_in(key):
        client.force_login(make_person(key))
        return client

    return sign_in


def words_of(response):
    return response.content.decode()


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client, riga):
    answer = client.get("/en/desk/people/")

    assert (answer.status_code, answer["Location"]) == (302, "/en/account/sign-in/?next=/en/desk/people/")


def test_no_cache_keeps_a_page_of_ones_work(at_work):
    header = at_work("ilze").get("/en/desk/")["Cache-Control"]

    assert "no-store" in header
    assert "private" in header


@pytest.mark.parametrize(
    ("key", "there", "absent"),
    [
        ("mihai", ["People", "Cities of the network", "Organisations"], ["Your ties", "Who changed what"]),
        ("ilze", ["People", "Who changed what: Riga"], ["Organisations", "Your ties"]),
        ("nuria", ["Your ties to cities"], ["Organisations", "Who changed what"]),
        ("piotr", ["You have no role at present"], ["What you can do"]),
    ],
)
def test_ones_work_offers_what_the_roles_allow(at_work, key, there, absent):
    page = words_of(at_work(key).get("/en/desk/"))

    assert [words for words in there if words not in page] == []
    assert [words for words in absent if words in page] == []


def test_an_officer_invites_a_colleague(at_work, riga):
    answer = at_work("ilze").post(
        "/en/desk/people/new/",
        {
            "email": "andris@example.org",
            "name": "Andris",
            "language": "lv",
            "grant": f"contributor-city-{riga.pk}",
            "since": TODAY.isoformat(),
            "until": "",
        },
        follow=True,
    )

    role = Role.objects.get(person__email="andris@example.org")
    assert (role.kind, role.city, role.since) == (Kind.CONTRIBUTOR, riga, TODAY)
    assert "Andris was invited by e-mail." in words_of(answer)
    assert "has not signed in yet" in words_of(answer)
    assert OutgoingMail.objects.get().language == "lv"


def test_a_form_with_faults_says_where_and_keeps_what_was_typed(at_work, riga):
    answer = at_work("ilze").post(
        "/en/desk/people/new/",
        {
            "email": "andris",
            "name": "Andris",
            "language": "lv",
            "grant": "coordinator-network-1",
            "since": TODAY.isoformat(),
            "until": YESTERDAY.isoformat(),
        },
    )

    page = words_of(answer)
    assert answer.status_code == 400
    assert "<title>Error:" in page
    assert page.count("The last day is before the first.") == 2
    assert 'value="Andris"' in page
    assert not Role.objects.filter(person__email="andris").exists()


def test_a_role_that_is_held_already_is_refused_at_the_form(at_work, riga):
    give("andris", Kind.CONTRIBUTOR, riga)
    person = make_person("andris")

    answer = at_work("ilze").post(
        f"/en/desk/people/{person.pk}/roles/new/",
        {"grant": f"contributor-city-{riga.pk}", "since": TODAY.isoformat()},
    )

    assert answer.status_code == 400
    assert "has the role at that time already" in words_of(answer)


def test_a_new_link_is_sent_until_the_person_signs_in(at_work, riga):
    give("andris", Kind.CONTRIBUTOR, riga)
    andris = make_person("andris")
    address = f"/en/desk/people/{andris.pk}/invitation/"

    assert "A new link was sent." in words_of(at_work("ilze").post(address, follow=True))
    andris.set_password("a long sentence of words")
    andris.save()
    assert "signs in already" in words_of(at_work("ilze").post(address, follow=True))
    assert OutgoingMail.objects.count() == 1


def test_a_link_that_went_to_a_wrong_address_is_withdrawn(at_work, riga):
    give("andris", Kind.CONTRIBUTOR, riga)
    address = f"/en/desk/people/{make_person('andris').pk}/invitation/"
    at_work("ilze").post(address)

    page = words_of(at_work("ilze").post(f"{address}withdraw/", follow=True))
    assert "The link no longer works." in page
    assert "has no link that works" in page
    assert "There is no link that works." in words_of(
        at_work("ilze").post(f"{address}withdraw/", follow=True)
    )


def test_a_role_is_ended_at_once(at_work, riga):
    give("andris", Kind.CONTRIBUTOR, riga)
    role = Role.objects.get(person__email="andris@example.org")
    address = f"/en/desk/roles/{role.pk}/end/"

    refused = at_work("ilze").post(address, {"last_day": "2020-06-30"})
    assert refused.status_code == 400
    assert "or a later day" in words_of(refused)

    at_work("ilze").post(address, {"last_day": YESTERDAY.isoformat()})
    role.refresh_from_db()
    assert role.until == YESTERDAY
    assert "Andris" not in words_of(at_work("ilze").get("/en/desk/people/"))


def test_the_coordinator_adds_a_city_with_its_names(at_work):
    answer = at_work("mihai").post(
        "/en/desk/cities/new/",
        {
            "original": "Ādaži",
            "source": "lv",
            "name_en": "Adazi",
            "name_lv": "",
            "country": "LV",
            "network": make_network().pk,
        },
    )

    city = City.objects.get(slug="adazi")
    assert answer["Location"] == "/en/desk/cities/adazi/"
    assert city.name == LocalText("lv", {"lv": "Ādaži", "en": "Adazi"})
    assert city.memberships.get().network == make_network()


def test_two_cities_of_one_name_get_two_addresses(at_work):
    for _ in range(2):
        at_work("mihai").post(
            "/en/desk/cities/new/",
            {"original": "Riga", "source": "en", "country": "US", "network": make_network().pk},
        )

    assert sorted(City.objects.values_list("slug", flat=True)) == ["riga", "riga-2", "riga-3"]


def test_a_figure_decides_the_size_class_and_names_its_source(at_work, riga):
    at_work("mihai").post(
        "/en/desk/cities/riga/figures/new/",
        {"topic": "population", "figure": "605802", "year": "2023", "source_name": "Statistical office"},
    )
    page = words_of(at_work("mihai").get("/en/desk/cities/riga/"))

    assert [
        words for words in ("605,802 inhabitants", "2023", "Statistical office") if words not in page
    ] == []
    assert "250,000 inhabitants or more" in words_of(at_work("mihai").get("/en/desk/cities/"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"topic": "foreign-share", "figure": "101"},
            "A share of the inhabitants cannot be more than 100 percent.",
        ),
        ({"figure": "1000.5"}, "A number of inhabitants is whole."),
        ({"figure": "-1"}, "greater than or equal to 0"),
        ({"year": "1949"}, "greater than or equal to 1950"),
        ({"year": str(timezone.localdate().year + 1)}, "less than or equal to"),
        ({"source_name": ""}, "Source"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(at_work, given, words):
    sent = {"topic": "population", "figure": "1000", "year": "2023", "source_name": "A census", **given}

    answer = at_work("mihai").post("/en/desk/cities/riga/figures/new/", sent)

    assert answer.status_code == 400
    assert words in words_of(answer)
    assert CityFact.objects.count() == 0


def test_an_organisation_acts_for_a_city_for_a_time(at_work, riga):
    at_work("mihai").post(
        "/en/desk/organisations/new/", {"original": "Institut", "source": "de", "name_en": "Institute"}
    )
    institute = Organisation.objects.get(slug="institute")
    at_work("mihai").post(
        "/en/desk/organisations/institute/represents/new/", {"city": riga.pk, "since": "2020-01-01"}
    )
    acting = Representation.objects.get(organisation=institute)
    assert (acting.city, acting.until) == (riga, None)

    refused = at_work("mihai").post(f"/en/desk/representations/{acting.pk}/end/", {"last_day": "2019-12-31"})
    assert refused.status_code == 400
    assert "Give 1 January 2020 or a later day." in words_of(refused)

    at_work("mihai").post(f"/en/desk/representations/{acting.pk}/end/", {"last_day": "2021-12-31"})
    acting.refresh_from_db()
    assert acting.until == date(2021, 12, 31)


def test_an_organisation_acts_for_a_city_once_at_a_time(at_work, riga):
    institute = Organisation.objects.create(slug="institute", name=LocalText("en", {"en": "Institute"}))
    for _ in range(2):
        answer = at_work("mihai").post(
            "/en/desk/organisations/institute/represents/new/", {"city": riga.pk, "since": "2020-01-01"}
        )

    assert answer.status_code == 400
    assert "It acts for this city at that time already." in words_of(answer)
    assert institute.representations.count() == 1


def test_a_city_called_new_gets_an_address_of_its_own(at_work):
    at_work("mihai").post(
        "/en/desk/organisations/new/", {"original": "New", "source": "en", "name_en": "", "name_lv": ""}
    )

    assert Organisation.objects.get().slug == "new-2"


def test_a_city_joins_a_network_and_leaves_it(at_work):
    graz = make_city("graz", country="AT")
    at_work("mihai").post("/en/desk/cities/join/", {"city": graz.pk, "network": make_network().pk})
    membership = graz.memberships.get()
    assert (membership.network, membership.since) == (make_network(), TODAY)

    at_work("mihai").post(f"/en/desk/memberships/{membership.pk}/end/", {"last_day": TODAY.isoformat()})
    membership.refresh_from_db()
    assert membership.until == TODAY


def test_a_slip_in_a_figure_is_corrected(at_work, riga):
    fact = CityFact.objects.create(
        city=riga,
        topic=Topic.POPULATION,
        figure=6_058_020,
        unit=Unit.INHABITANTS,
        year=2023,
        source_name="A census",
    )
    at_work("mihai").post(
        f"/en/desk/figures/{fact.pk}/",
        {"topic": "population", "figure": "605802", "year": "2023", "source_name": "A census"},
    )

    fact.refresh_from_db()
    assert fact.figure == 605_802


def test_of_two_figures_of_a_year_the_later_entry_counts(riga):
    for figure in (90_000, 110_000):
        CityFact.objects.create(
            city=riga,
            topic=Topic.POPULATION,
            figure=figure,
            unit=Unit.INHABITANTS,
            year=2023,
            source_name="A census",
        )

    assert riga.size is SizeClass.MEDIUM
    assert list(City.objects.of_size(SizeClass.MEDIUM)) == [riga]


def test_an_expert_declares_a_tie_and_ends_it_from_yesterday_on(at_work, riga):
    at_work("nuria").post(
        "/en/desk/ties/new/", {"city": riga.pk, "work": "A study of schools", "since": "2023-05-01"}
    )
    tie = Tie.objects.get()
    assert (tie.person, tie.city, tie.until) == (make_person("nuria"), riga, None)

    early = at_work("nuria").post(f"/en/desk/ties/{tie.pk}/end/", {"last_day": "2023-05-01"})
    assert early.status_code == 400
    at_work("nuria").post(f"/en/desk/ties/{tie.pk}/end/", {"last_day": YESTERDAY.isoformat()})
    tie.refresh_from_db()
    assert tie.until == YESTERDAY
    assert "A study of schools" in words_of(at_work("nuria").get("/en/desk/ties/"))


@pytest.mark.parametrize("address", ["/en/desk/people/", "/en/desk/people/999999/", "/en/account/"])
def test_no_cache_keeps_an_answer_that_names_somebody(at_work, address):
    answer = at_work("nuria").get(address)

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


def test_a_tie_that_lies_ahead_is_not_declared_yet(at_work, riga):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    answer = at_work("nuria").post("/en/desk/ties/new/", {"city": riga.pk, "work": "A", "since": tomorrow})

    assert "This day has not come yet." in words_of(answer)
    assert Tie.objects.count() == 0


def test_the_officers_of_a_city_read_who_changed_what(at_work, riga):
    at_work("mihai").post(
        "/en/desk/cities/riga/figures/new/",
        {"topic": "population", "figure": "605802", "year": "2023", "source_name": "Statistical office"},
    )

    page = words_of(at_work("ilze").get("/en/desk/cities/riga/trail/"))

    assert "<strong><bdi>Mihai</bdi></strong>" in page
    assert "605,802" in page


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "x" * 120, "=1+1"])
def test_what_people_type_stays_harmless_text(at_work, riga, hostile):
    at_work("nuria").post("/en/desk/ties/new/", {"city": riga.pk, "work": hostile, "since": "2023-05-01"})

    page = words_of(at_work("nuria").get("/en/desk/ties/"))
    assert "<script>alert" not in page
    assert Tie.objects.get().work == hostile


@pytest.mark.parametrize(("typed", "kept"), [("a\x00b", "a b"), ("a\u202eb", "ab"), ("a\u2028\nb", "a b")])
def test_a_sign_that_steers_or_turns_is_not_kept_in_one_line(at_work, riga, typed, kept):
    at_work("nuria").post("/en/desk/ties/new/", {"city": riga.pk, "work": typed, "since": "2023-05-01"})

    assert Tie.objects.get().work == kept
