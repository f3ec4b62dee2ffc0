import pytest
from tests.builders import make_city

from tessera.apps.network.models import City, CityFact, SizeClass, Topic, Unit, size_class

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("population", "expected"),
    [
        (0, SizeClass.SMALL),
        (99_999, SizeClass.SMALL),
        (100_000, SizeClass.MEDIUM),
        (249_999, SizeClass.MEDIUM),
        (250_000, SizeClass.LARGE),
        (9_000_000, SizeClass.LARGE),
        (None, None),
    ],
)
def test_a_city_on_a_bound_belongs_to_the_class_above_it(population, expected):
    assert size_class(population) is expected


@pytest.mark.parametrize("population", [1, 99_999, 100_000, 249_999, 250_000, 3_000_000])
def test_the_database_and_the_function_put_a_city_in_the_same_class(population):
    city = make_city(population=population)

    found = [size for size in SizeClass if city in City.objects.of_size(size)]

    assert found == [size_class(population)]


def test_a_city_whose_population_is_not_known_is_in_no_class():
    city = make_city()

    assert city.size is None
    assert not any(city in City.objects.of_size(size) for size in SizeClass)


def test_the_newest_known_population_counts():
    city = make_city(population=90_000)
    CityFact.objects.create(
        city=city,
        topic=Topic.POPULATION,
        figure=120_000,
        unit=Unit.INHABITANTS,
        year=2024,
        source_name="A census",
    )

    assert city.size is SizeClass.MEDIUM
    assert city in City.objects.of_size(SizeClass.MEDIUM)
    assert city not in City.objects.of_size(SizeClass.SMALL)
