"""What votes survive, and what they cost, in full size: make faults

With --write the figures go to docs/reference/vote-times.md. Ends with code 1 where a vote was lost, doubled
or wrong, or somebody was turned away.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import django
import psycopg
from benchmarks.lines import machine_with
from tests.faults import at_once, kills
from tests.faults.cost import Cost, measure_cost
from tests.faults.pace import Pace, keep_pace
from tests.faults.phones import make_newcomers
from tests.faults.place import Place, open_place

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/vote-times.md"
KILLS, ROUNDS, NEWCOMERS = 30, 1_000, 10_000
PEOPLE_OF_COST, TIMES_OF_COST, VOTES_OF_PACE, VOTES_A_SECOND = 100, 3, 1_500, 50
COST_AIM, P99_AIM_SECONDS, RETURN_AIM_SECONDS = 0.30, 0.100, 1.0


@dataclass(frozen=True)
class Figures:
    killed: kills.Outcome
    contradicted: at_once.Outcome
    came: at_once.Outcome
    came_again: at_once.Outcome
    cost: Cost
    pace: Pace
    machine: str
    load: float

    @property
    def complaints(self) -> list[str]:
        """What was promised and did not hold; cost and pace are told, and not among it."""
        killed, crowds = self.killed, (self.contradicted, self.came, self.came_again)
        found = {
            "lost": killed.lost + sum(each.lost for each in crowds),
            "doubled": killed.doubled + sum(each.doubled for each in crowds),
            "wrong": killed.wrong + sum(each.wrong for each in crowds),
            "rows of nobody": killed.extra,
            "turned away": killed.turned_away + sum(each.sent - each.acknowledged for each in crowds),
            "rows too many or too few": sum(
                each.rows != people or each.people != people
                for each, people in zip(crowds, (ROUNDS, NEWCOMERS, NEWCOMERS), strict=True)
            ),
            "returns after which nobody was served in time": sum(
                seconds > RETURN_AIM_SECONDS for seconds in killed.seconds_until_served
            ),
        }
        return [f"{number} {what}" for what, number in found.items() if number]


def main() -> int:
    parser = argparse.ArgumentParser(description="Try what votes survive, and measure what they cost.")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    with open_place() as place:
        figures = measure(place)
    text = page(figures)
    print(text)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    print("\n".join(figures.complaints) or "Every promise was kept.")
    return 1 if figures.complaints else 0


def measure(place: Place) -> Figures:
    with psycopg.connect(place.server.url) as connection:
        version = connection.info.server_version // 10_000
    load = os.getloadavg()[0]
    # Whoever comes first waits until the site has read its own code.
    at_once.send_all(place, make_newcomers(10 * at_once.CROWD, place.statements))
    cost = measure_cost(place, people=PEOPLE_OF_COST, times=TIMES_OF_COST)
    pace = keep_pace(place, votes=VOTES_OF_PACE, votes_a_second=VOTES_A_SECOND)
    seed = secrets.randbelow(10_000)
    place.empty()
    print(f"Cost and pace are measured. Now the kills, at the moments of {seed}.", flush=True)
    killed = kills.outlive_kills(place, kills=KILLS, seed=seed)
    place.empty()
    contradicted = at_once.contradict(place, rounds=ROUNDS)
    place.empty()
    newcomers = make_newcomers(NEWCOMERS, place.statements)
    came, came_again = (at_once.send_all(place, newcomers) for _ in range(2))
    machine = machine_with(f"Django {django.__version__}", f"PostgreSQL {version}")
    return Figures(killed, contradicted, came, came_again, cost, pace, machine, load)


def page(figures: Figures) -> str:
    cost, pace, killed = figures.cost, figures.pace, figures.killed
    return PAGE_TEXT.format(
        machine=figures.machine,
        load=figures.load,
        kills=killed.kills,
        clients=kills.CLIENTS,
        slowest_return=max(killed.seconds_until_served, default=float("nan")),
        trials="\n".join(trials(figures)),
        votes=cost.votes,
        times=TIMES_OF_COST,
        site=cost.site_seconds * 1000,
        database=cost.database_seconds * 1000,
        loop=cost.loop_seconds * 1000,
        ratio=cost.of_the_loop,
        cost_aim=COST_AIM,
        pace=VOTES_A_SECOND,
        most=figures.came.acknowledged / figures.came.seconds,
        crowd=at_once.CROWD,
        p50=pace.percentile(50) * 1000,
        p95=pace.percentile(95) * 1000,
        p99=pace.percentile(99) * 1000,
        p99_aim=P99_AIM_SECONDS * 1000,
    )


def trials(figures: Figures) -> list[str]:
    killed = figures.killed
    rows: Sequence[tuple[str, int, int, int, int, int]] = [
        (
            f"{killed.kills} kills under {kills.CLIENTS} phones",
            killed.acknowledged,
            killed.lost,
            killed.doubled,
            killed.wrong,
            killed.turned_away,
        ),
        *(
            (what, each.acknowledged, each.lost, each.doubled, each.wrong, each.sent - each.acknowledged)
            for what, each in (
                (
                    f"{ROUNDS:,} times {at_once.CONTRADICTORY} contradictory votes at once",
                    figures.contradicted,
                ),
                (f"{NEWCOMERS:,} newcomers by {at_once.CROWD} phones", figures.came),
                (f"the same {NEWCOMERS:,} messages again", figures.came_again),
            )
        ),
    ]
    return [f"| {what} | {' | '.join(f'{number:,}' for number in numbers)} |" for what, *numbers in rows]


PAGE_TEXT = """\
# What votes survive, and what they cost

<!-- Written by `make faults`: run it again to change it. -->

The site runs as [Host a site](../how-to/host.md) starts it, on a PostgreSQL that waits for the disk:
`fsync`, `synchronous_commit` and `full_page_writes` are on. Phones vote with the page's script, or with its
form. A vote is *acknowledged* when the answer is 200 or 303. *Lost*, *doubled* and *wrong* are read from the
rows afterwards: an acknowledged vote without a row, with two, or with a value that is neither the last
acknowledged one nor one that was sent after it. *Turned away* are answers that are neither an acknowledgement
nor, while the database is away, a 503 that says when to come back. A small part of the same trials is in the
tests.

Measured {machine}, by `make faults`. The load of the machine was {load:.1f} when it began.

| trial | acknowledged | lost | doubled | wrong | turned away |
|---|---|---|---|---|---|
{trials}

Every process of the database is killed (`kill -9`), and it is started again. After each of {kills} returns,
the first vote that was sent then was acknowledged within {slowest_return:.2f} s. After each of the last three
trials there is one row for each person, and no other.

## What a stored vote costs

Processor time of the site's processes and the database's together, over {votes:,} votes by script that bring
the next two statements along, beside a fixed loop in the same minute: 300,000 rounds of
`x = (x * 31 + i) & 0xFFFFFFFF` in plain Python, the best of five. This is the middle one of {times} takings.
The loop hardly notices what else the machine does, and a vote does: the ratio is lower where the machine is
free.

| what | took | aim |
|---|---|---|
| a vote: the site | {site:.2f} ms | – |
| a vote: the database | {database:.2f} ms | – |
| the loop | {loop:.2f} ms | – |
| a vote over the loop | {ratio:.2f} | {cost_aim:.2f} |

## How soon a vote is acknowledged

First votes, {pace} a second in even steps, from when each should have left; and as many as {crowd} phones
can bring. Phones, site and database share the machine.

| what | took | aim, where the machine is free |
|---|---|---|
| half of the votes | {p50:.0f} ms | – |
| 95 of 100 | {p95:.0f} ms | – |
| 99 of 100 | {p99:.0f} ms | {p99_aim:.0f} ms |
| votes a second, at most | {most:.0f} | – |
"""

if __name__ == "__main__":
    sys.exit(main())
