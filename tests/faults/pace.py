"""How soon a vote is acknowledged when so many come in a second."""

import time
from dataclasses import dataclass

from tests.faults.at_once import run_phones
from tests.faults.phones import Message, Phone, make_newcomers
from tests.faults.place import Place

# More than are ever on their way at once, so that no vote waits for a phone to be free.
PHONES = 32


@dataclass(frozen=True)
class Pace:
    seconds: list[float]
    """From when each should have left until it was acknowledged, the shortest first."""

    def percentile(self, percent: int) -> float:
        return self.seconds[min(len(self.seconds) * percent // 100, len(self.seconds) - 1)]


def keep_pace(place: Place, *, votes: int, votes_a_second: float) -> Pace:
    """First votes in even steps, whether or not those before are answered."""
    messages = make_newcomers(votes, place.statements)
    began = time.monotonic() + 0.5
    leave_at = [began + number / votes_a_second for number in range(votes)]

    def send(which: int, phone: Phone) -> list[float]:
        taken = []
        for number in range(which, votes, PHONES):
            time.sleep(max(0.0, leave_at[number] - time.monotonic()))
            taken.append(_seconds_until_kept(phone, messages[number], since=leave_at[number]))
        return taken

    return Pace(sorted(seconds for taken in run_phones(place, PHONES, send) for seconds in taken))


def _seconds_until_kept(phone: Phone, message: Message, *, since: float) -> float:
    reply = phone.send(message)
    assert reply.is_kept, f"A vote was answered with {reply.status}."
    return time.monotonic() - since
