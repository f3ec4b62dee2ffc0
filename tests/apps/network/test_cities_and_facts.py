from datetime import date

import pytest
from django.db import IntegrityError
from django.utils import translation
from tests.builders import make_city
from tests.people import make_officer

from tessera.apps.network.access import acts_for
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City, CityFact, Membership, Network, Topic, Unit

pytestmark = pytest.mark.django_db


def make_network():
    return Network.objects.create(
        slug="pact",
        name=LocalText("en", {"en": "A pact"}),
        starts_on=date(2020, 1, 1),
        ends_on=date(2022, 6, 30),
        source_name="A site",
    )


def test_a_name_is_shown_in_the_language_of_the_page_or_as_it_was_written():
    city = make_city(name=LocalText("sv", {"sv": "Linköping", "lv": "Linšēpinga"}))
    city = City.objects.get(pk=city.pk)

    with translation.override("lv"):
        assert (str(city), city.name.is_foreign) == ("Linšēpinga", False)
    with translation.override("en"):
        assert (str(city), city.name.is_foreign, city.name.language) == ("Linköping", True, "sv")


def test_a_text_without_words_in_its_own_language_is_refused():
    with pytest.raises(ValueError, match="'lv' has no words"):
        LocalText("lv", {"en": "Riga"})


def test_cities_stand_in_the_alphabet_of_the_page_whatever_their_accents():
    make_city("riga", name=LocalText("lv", {"lv": "Rīga", "en": "Riga"}))
    make_city("adazi", name=LocalText("lv", {"lv": "Ādaži"}))
    make_city("cluj", name=LocalText("ro", {"ro": "Cluj-Napoca", "lv": "Kluža-Napoka"}), country="RO")
    make_city("lodz", name=LocalText("pl", {"pl": "Łódź", "lv": "Lodza"}), country="PL")

    with translation.override("lv"):
        assert [str(city) for city in City.objects.alphabetical()] == [
            "Ādaži",
            "Kluža-Napoka",
            "Lodza",
            "Rīga",
        ]


def test_a_country_is_named_in_the_language_of_the_page():
    city = make_city(country="DE")

    with translation.override("lv"):
        assert city.country_name == "Vācija"
    with translation.override("en"):
        assert city.country_name == "Germany"


@pytest.mark.parametrize(("country", "invented"), [("", False), ("LV", True), ("lv", False), ("LVA", False)])
def test_a_real_city_has_a_country_and_an_invented_one_has_none(country, invented):
    with pytest.raises(Exception, match=r"a_real_city_has_a_country|too long"):
        City.objects.create(slug="x", name=LocalText("en", {"en": "X"}), country=country, invented=invented)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"figure": None, "text": None, "unit": ""}, "a_fact_says_something"),
        ({"unit": ""}, "a_figure_has_a_unit"),
        ({"figure": None, "text": LocalText("en", {"en": "Many"})}, "a_figure_has_a_unit"),
        ({"source_name": ""}, "a_fact_has_a_source"),
    ],
)
def test_a_fact_says_something_with_a_unit_and_a_source(wrong, rule):
    right = {"figure": 10, "unit": Unit.PERCENT, "topic": Topic.DIVERSITY, "source_name": "A census"}
    city = make_city()

    with pytest.raises(IntegrityError, match=rule):
        CityFact.objects.create(city=city, **{**right, **wrong})


def test_a_membership_ends_on_a_day_or_before_a_day_but_not_both():
    with pytest.raises(IntegrityError, match="a_membership_ends_on_a_day_or_before_a_day"):
        Membership.objects.create(
            city=make_city(),
            network=make_network(),
            until=date(2021, 1, 1),
            left_before=date(2021, 1, 1),
            source_name="A site",
        )


@pytest.mark.parametrize(
    ("day", "acts"),
    [
        (date(2019, 12, 31), False),
        (date(2020, 1, 1), True),
        (date(2021, 12, 31), True),
        (date(2022, 1, 1), False),
    ],
)
def test_an_officer_acts_from_the_first_day_to_the_last(day, acts):
    city = make_city()
    ilze = make_officer("ilze", city, since=date(2020, 1, 1), until=date(2021, 12, 31))

    assert acts_for(ilze, city, day) is acts
