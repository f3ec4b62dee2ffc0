"""A small consultation whose figures can be worked out by hand, and its report."""

from datetime import date

import numpy as np
from tests.engines.opinion.small_votes import votes_of

from tessera.engines.opinion.landscape import find_landscape
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.overview import find_overview
from tessera.engines.opinion.stability import Stability
from tessera.reports.landscape.method import Made
from tessera.reports.landscape.report import build_landscape_report
from tessera.reports.parts import WrittenText

TRAMS, CARS = [1, 1, 1, -1, -1, -1, 1], [-1, -1, -1, 1, 1, 1, 1]
"""How the two camps vote on the statements s0 to s6; on the last one they agree."""

FIRM = Stability((0.95,) * 20)
MADE = Made("00ff", "11ee", 7, "1.2.3")


def camps(trams=20, cars=12, *, more_trams=(), more_cars=()):
    """So many people of each camp; ``more`` are columns of further statements, a vote or None for each."""
    rows = [[*TRAMS] for _ in range(trams)] + [[*CARS] for _ in range(cars)]
    for column in more_trams:
        for row, value in zip(rows[:trams], column, strict=True):
            row.append(value)
    for column in more_cars:
        for row, value in zip(rows[trams:], column, strict=True):
            row.append(value)
    return rows


def far_apart():
    """Two camps of ten that no map can show: how far one gets in the statements tells where one stands."""
    stops = [7, 10, 13, 16, 19] * 2
    return [
        [(side if place % 2 else -side) if place < stop else None for place in range(19)]
        for side in (1, -1)
        for stop in stops
    ]


def report_of(rows, *, stability=FIRM, language="en", out=(), taken_since=(), together=None, **given):
    """The report of people who voted as in the rows; the statements are s0, s1 and so on."""
    statements = [f"s{place}" for place in range(len(rows[0]))]
    votes = votes_of(rows, [f"person-{place}" for place in range(len(rows))], statements)
    moderated_out = np.isin(votes.statement_ids, out)
    found = find_landscape(votes, moderated_out, loops=fastest())
    firm = stability if found.groups.numbers else None
    overview = find_overview(votes, found, firm, loops=fastest(), together=together)
    return build_landscape_report(
        overview.without(taken_since),
        **{
            "texts": {"s6": WrittenText("Buses should run at night", "en")},
            "title": WrittenText("An evening on transport", ""),
            "about": WrittenText("", ""),
            "day": date(2026, 11, 29),
            "day_is_of_votes": True,
            "made": MADE,
            "language": language,
            **given,
        },
    )


def names(listed):
    return [item.statement.name for item in listed.items]


def every_word(part):
    """All texts of a part of a report, one below the other."""
    if isinstance(part, str):
        return part
    if isinstance(part, tuple):
        return "\n".join(map(every_word, part))
    fields = getattr(part, "__dataclass_fields__", ())
    return "\n".join(every_word(getattr(part, field)) for field in fields)
