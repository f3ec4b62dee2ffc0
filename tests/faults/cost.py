"""What a stored vote costs: processor time of the site and of its database together, beside a fixed loop.

A ratio, since a machine that is slow or busy is so for both.
"""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.at_once import run_phones
from tests.faults.phones import CHOICES, Message, Phone, make_addresses, make_key
from tests.faults.place import Place

from tessera.apps.dialogue.codes import make_code

LOOP_ROUNDS, LOOP_TIMES = 300_000, 5
CLIENTS = 4
TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
# In `man proc_pid_stat`, counted from 0: user and system, of the process and of its children that ended.
PROCESSOR_FIELDS = slice(13, 17)


@dataclass(frozen=True)
class Cost:
    votes: int
    site_seconds: float
    database_seconds: float
    """Both of one vote."""
    loop_seconds: float

    @property
    def of_the_loop(self) -> float:
        return (self.site_seconds + self.database_seconds) / self.loop_seconds


def measure_cost(place: Place, *, people: int, times: int) -> Cost:
    """The middle one of several takings, each of new people: an odd number of times."""
    taken = []
    for _ in range(times):
        taken.append(_take_cost(place, people))
        place.empty()
    return sorted(taken, key=lambda cost: cost.of_the_loop)[times // 2]


def _take_cost(place: Place, people: int) -> Cost:
    """Each of them answers every statement, with the page's script: the first vote joins."""
    addresses = make_addresses()
    whole = [_all_votes_of(place, next(addresses)) for _ in range(people)]
    parts = [whole[number::CLIENTS] for number in range(CLIENTS)]

    def send(number: int, phone: Phone) -> int:
        return sum(phone.send(message).is_kept for votes in parts[number] for message in votes)

    site, database = place.site.pids(), place.server.pids
    before = processor_seconds(site), processor_seconds(database())
    loop_seconds = time_loop()
    acknowledged = sum(run_phones(place, CLIENTS, send))
    after = processor_seconds(site), processor_seconds(database())
    loop_seconds = min(loop_seconds, time_loop())
    votes = people * len(place.statements)
    assert acknowledged == votes, f"{votes - acknowledged} votes were not taken."
    of_site, of_database = ((then - now) / votes for now, then in zip(before, after, strict=True))
    return Cost(votes, of_site, of_database, loop_seconds)


def _all_votes_of(place: Place, address: str) -> list[Message]:
    code = make_code()
    return [
        Message(code, statement, CHOICES[place_in_turn % 3], make_key(), address)
        for place_in_turn, statement in enumerate(place.statements)
    ]


def time_loop() -> float:
    """Processor seconds, the best of several."""
    return min(_run_loop() for _ in range(LOOP_TIMES))


def _run_loop() -> float:
    x, started = 1, time.process_time()
    for i in range(LOOP_ROUNDS):
        x = (x * 31 + i) & 0xFFFFFFFF
    return time.process_time() - started


def processor_seconds(pids: Iterable[int]) -> float:
    ticks = 0
    for pid in pids:
        # The second field is the name of the program, which may hold blanks.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, ["", "", *fields][PROCESSOR_FIELDS]))
    return ticks * TICK_SECONDS
