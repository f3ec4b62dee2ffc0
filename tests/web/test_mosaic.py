import re

import pytest

from tessera.web.mosaic import FAN_RADIUS, lay_mosaic


def stones(path: str) -> list[str]:
    return re.findall(r"M[^z]+z", path)


@pytest.mark.parametrize("count", [0, 1, 7, 31])
def test_every_city_is_one_bright_stone(count):
    mosaic = lay_mosaic(560, 480, count)
    assert sum(len(stones(path)) for path in mosaic.cities) == count


def test_a_bright_stone_takes_the_place_of_a_quiet_one():
    bare, with_cities = lay_mosaic(560, 480, 0), lay_mosaic(560, 480, 31)
    assert sum(len(stones(path)) for path in with_cities.tones) == sum(map(len, map(stones, bare.tones))) - 31


def test_more_cities_than_stones_fill_the_picture_and_no_more():
    small = lay_mosaic(FAN_RADIUS, FAN_RADIUS, 10_000)
    assert 0 < sum(len(stones(path)) for path in small.cities) < 100


def test_the_bright_stones_lie_whole_in_the_picture():
    starts = [
        tuple(map(int, re.match(r"M(-?\d+)[ ]?(-?\d+)l", stone).groups()))
        for path in lay_mosaic(560, 480, 31).cities
        for stone in stones(path)
    ]
    assert len(set(starts)) == 31
    assert all(0 <= x <= 560 and 0 <= y <= 480 for x, y in starts)
