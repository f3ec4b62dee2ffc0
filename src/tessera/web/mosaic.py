"""The mosaic of the home page: stones laid in fans, as streets are paved, one bright stone a city."""

import math
import random
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

FAN_RADIUS = 96
RING = 19.0  # depth of a ring of stones, joint included
STONE = 21.0  # length of a stone along its ring, joint included
JOINT = 2.4
SMALLEST = 24.0  # area under which a cut stone is a splinter, and left out
WHOLE = 200.0  # area from which a stone may stand for a city
TONES = 6


@dataclass(frozen=True)
class Mosaic:
    """A picture for decoration only: paths of SVG, each with all stones of one tone."""

    width: int
    height: int
    tones: tuple[str, ...]  # the quiet stones, from the darkest tone to the lightest
    cities: tuple[str, ...]  # the bright stones, in two tones


Point = tuple[float, float]


@dataclass(frozen=True)
class _Stone:
    corners: tuple[Point, ...]
    tone: int

    @property
    def centre(self) -> Point:
        count = len(self.corners)
        return (sum(x for x, _ in self.corners) / count, sum(y for _, y in self.corners) / count)

    @property
    def area(self) -> float:
        turned = [*self.corners[1:], *self.corners[:1]]
        return abs(sum(a * d - b * c for (a, b), (c, d) in zip(self.corners, turned, strict=True))) / 2


@lru_cache(maxsize=32)
def lay_mosaic(width: int, height: int, city_count: int) -> Mosaic:
    """Lay the same stones for the same size and number of cities, every time.

    Parameters
    ----------
    width, height : int
        The picture's size in SVG units.
    city_count : int
        How many bright stones; they lie well apart from each other while there is room.

    Returns
    -------
    Mosaic
        Paths in whole units, so that the page stays light.

    Examples
    --------
    >>> lay_mosaic(200, 100, 3) == lay_mosaic(200, 100, 3)
    True
    >>> sum(path.count("z") for path in lay_mosaic(560, 420, 31).cities)
    31
    """
    hand = random.Random(f"{width} {height}")
    stones = _lay_fans(width, height, hand)
    bright = _choose_apart(
        [s for s in stones if s.area >= WHOLE and _is_inside(s, width, height)], city_count, hand
    )
    quiet = [s for s in stones if s not in bright]
    return Mosaic(
        width,
        height,
        tones=tuple(_path([s for s in quiet if s.tone == tone]) for tone in range(TONES)),
        cities=(_path(bright[::2]), _path(bright[1::2])),
    )


def _lay_fans(width: int, height: int, hand: random.Random) -> list[_Stone]:
    step = FAN_RADIUS / 2
    rows = math.ceil(height / step) + 3
    columns = math.ceil(width / (2 * FAN_RADIUS)) + 2
    centres = [
        ((column - 0.5 * (row % 2)) * 2 * FAN_RADIUS, row * step, row)
        for row in range(rows)
        for column in range(columns)
    ]
    stones = []
    for x, y, row in centres:
        # A fan is seen where no fan of the rows below it lies over it.
        over = [(a, b) for a, b, below in centres if below in (row + 1, row + 2, row + 3)]
        lightest = hand.choice((2, 3, 3, 4))
        for ring in range(int(FAN_RADIUS // RING)):
            outer = FAN_RADIUS - ring * RING
            tone = min(TONES - 1, max(0, lightest - ring + hand.choice((0, 0, 1))))
            for stone in _lay_ring(x, y, outer, tone, hand):
                seen = _cut_to_fit(stone, over)
                if seen.area >= SMALLEST and _touches(seen, width, height):
                    stones.append(seen)
    return stones


def _lay_ring(x: float, y: float, outer: float, tone: int, hand: random.Random) -> list[_Stone]:
    inner = max(outer - RING + JOINT, 2.0)
    count = max(3, round(math.pi * (outer + inner) / 2 / STONE))
    wobble = [hand.uniform(-0.14, 0.14) for _ in range(count)]
    stones = []
    for k in range(count):
        start = math.pi * (1 + (k + (wobble[k] if k else 0)) / count)
        end = math.pi * (1 + (k + 1 + (wobble[k + 1] if k + 1 < count else 0)) / count)
        gap = JOINT / 2
        corners = tuple(
            (x + r * math.cos(a), y + r * math.sin(a))
            for r, a in (
                (inner, start + gap / inner),
                (outer, start + gap / outer),
                (outer, end - gap / outer),
                (inner, end - gap / inner),
            )
        )
        stones.append(_Stone(corners, min(TONES - 1, max(0, tone + hand.choice((-1, 0, 0, 0, 1))))))
    return stones


def _cut_to_fit(stone: _Stone, over: list[Point]) -> _Stone:
    """Cut off what would lie under the fans in front, as a paver does.

    A stone is small beside a fan, so the fan's edge is taken for straight where it meets the stone.
    """
    for fan_x, fan_y in over:
        middle = stone.centre
        distance = math.dist(middle, (fan_x, fan_y))
        if distance > FAN_RADIUS + STONE or not distance:
            continue
        across = ((middle[0] - fan_x) / distance, (middle[1] - fan_y) / distance)
        beyond = [
            (x - fan_x) * across[0] + (y - fan_y) * across[1] - FAN_RADIUS - JOINT / 2
            for x, y in stone.corners
        ]
        corners: list[Point] = []
        for k, here in enumerate(stone.corners):
            following = (k + 1) % len(stone.corners)
            if beyond[k] >= 0:
                corners.append(here)
            if beyond[k] * beyond[following] < 0:
                part = beyond[k] / (beyond[k] - beyond[following])
                there = stone.corners[following]
                corners.append((here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])))
        if len(corners) < 3:
            return _Stone((), stone.tone)
        stone = _Stone(tuple(corners), stone.tone)
    return stone


def _touches(stone: _Stone, width: int, height: int) -> bool:
    return any(0 <= x <= width and 0 <= y <= height for x, y in stone.corners)


def _is_inside(stone: _Stone, width: int, height: int) -> bool:
    return all(14 <= x <= width - 14 and 14 <= y <= height - 14 for x, y in stone.corners)


def _choose_apart(stones: list[_Stone], count: int, hand: random.Random) -> list[_Stone]:
    """Pick stones one by one, each time the farthest from those picked out of a handful drawn blindly."""
    chosen: list[_Stone] = []
    free = list(stones)
    while free and len(chosen) < count:
        handful = hand.sample(free, min(6, len(free)))
        pick = max(handful, key=lambda s: min((math.dist(s.centre, c.centre) for c in chosen), default=0.0))
        chosen.append(pick)
        free.remove(pick)
    return chosen


def _path(stones: list[_Stone]) -> str:
    parts = []
    for stone in stones:
        points = [(round(x), round(y)) for x, y in stone.corners]
        moves = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
        parts.append(f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{dx} {dy}" for dx, dy in moves) + "z")
    return "".join(parts).replace(" -", "-")
