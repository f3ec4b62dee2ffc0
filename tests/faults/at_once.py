"""Many votes at the same instant: of one person against each other, of newcomers, and all of them again."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.faults.kept import read_kept
from tests.faults.phones import CHOICES, Message, Phone, Reply, make_addresses, make_key
from tests.faults.place import Place

from tessera.apps.dialogue.codes import make_code

CONTRADICTORY = 16
CROWD = 64


@dataclass(frozen=True)
class Outcome:
    """Of messages that were sent: what was answered, and what it left."""

    sent: int
    acknowledged: int
    refused: dict[int, int]
    """How often what else was answered, by status; 0 where nothing came."""
    people: int
    rows: int
    lost: int
    doubled: int
    wrong: int
    joined: int
    seconds: float
    """From the first message to the last answer."""


def contradict(place: Place, *, rounds: int) -> Outcome:
    """Each round somebody new says three different things of one statement, by sixteen messages at once."""
    addresses = make_addresses()
    people = [(make_code(), next(addresses)) for _ in range(rounds)]
    messages = [
        [
            Message(code, place.statements[0], CHOICES[number % 3], make_key(), address)
            for code, address in people
        ]
        for number in range(CONTRADICTORY)
    ]
    together = threading.Barrier(CONTRADICTORY)

    def send_together(number: int, phone: Phone) -> list[Reply]:
        replies = []
        for message in messages[number]:
            together.wait()
            replies.append(phone.send(message))
        return replies

    return _send_and_look(place, messages, send_together)


def send_all(place: Place, messages: Sequence[Message]) -> Outcome:
    """Sent by sixty-four phones, half of which run no script."""
    parts = [messages[number::CROWD] for number in range(CROWD)]

    def send_part(number: int, phone: Phone) -> list[Reply]:
        return [phone.send(message) for message in parts[number]]

    return _send_and_look(place, parts, send_part)


def run_phones(place: Place, number: int, act: Callable[[int, Phone], Any]) -> list[Any]:
    def run(which: int) -> Any:
        phone = place.phone(runs_script=which % 2 == 0)
        try:
            return act(which, phone)
        finally:
            phone.hang_up()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def _send_and_look(
    place: Place, parts: Sequence[Sequence[Message]], send: Callable[[int, Phone], list[Reply]]
) -> Outcome:
    """What was answered, and what stands in the rows of those whose messages were acknowledged."""
    began = time.monotonic()
    replies = [reply for got in run_phones(place, len(parts), send) for reply in got]
    seconds = time.monotonic() - began
    messages = [message for part in parts for message in part]
    acknowledged: dict[tuple[str, int], set[int]] = {}
    for message, reply in zip(messages, replies, strict=True):
        if reply.is_kept:
            acknowledged.setdefault((message.code, message.statement), set()).add(message.choice)
    kept = read_kept(place.server)
    found = {vote: kept.of(*vote) for vote in acknowledged}
    return Outcome(
        sent=len(messages),
        acknowledged=sum(reply.is_kept for reply in replies),
        refused=dict(Counter(reply.status for reply in replies if not reply.is_kept)),
        people=kept.participants,
        rows=kept.votes,
        lost=sum(not values for values in found.values()),
        doubled=sum(len(values) > 1 for values in found.values()),
        wrong=sum(not set(values) <= acknowledged[vote] for vote, values in found.items()),
        joined=kept.joined,
        seconds=seconds,
    )
