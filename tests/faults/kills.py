"""The database is killed at random moments, while people vote and change their minds."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.kept import read_kept
from tests.faults.phones import CHOICES, Message, Phone, make_key
from tests.faults.place import Place

from tessera.apps.dialogue.codes import make_code

CLIENTS = 16
VOTES_OF_A_PERSON = 30
SECONDS_BEFORE_A_KILL = (0.5, 2.5)
# A real phone waits for ten seconds, as it is told to; these want to be there at every moment.
SECONDS_BETWEEN_TRIES = 0.05
SECONDS_AFTER_A_RETURN = 10


@dataclass
class Sent:
    """What one client sent, in its order, and heard of it."""

    may_stand: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    """By code and statement: what was acknowledged last, and all that was sent since."""
    promised: set[tuple[str, int]] = field(default_factory=set)
    """Where at least one vote was acknowledged."""
    acknowledged: int = 0
    others: Counter[int] = field(default_factory=Counter)
    """Answers that are neither an acknowledgement nor a 503 that says when to come back."""
    tries: list[tuple[float, float]] = field(default_factory=list)
    """When each acknowledged message was sent, and when it was acknowledged."""


@dataclass(frozen=True)
class Outcome:
    kills: int
    acknowledged: int
    lost: int
    doubled: int
    wrong: int
    extra: int
    """Rows of which nobody ever sent anything."""
    others: dict[int, int]
    """By status; 0 where the connection broke and nothing came: the phone sends such a message again."""
    seconds_until_served: list[float]
    """Of each return: until a vote was acknowledged that was sent after it."""

    @property
    def turned_away(self) -> int:
        return sum(number for status, number in self.others.items() if status)


def outlive_kills(place: Place, *, kills: int, seed: int) -> Outcome:
    is_over = threading.Event()
    sent = [Sent() for _ in range(CLIENTS)]
    clients = [
        threading.Thread(target=_vote_on, args=(place, sent[number], number, is_over, seed))
        for number in range(CLIENTS)
    ]
    rng = random.Random(seed)
    returned_at = []
    for client in clients:
        client.start()
    try:
        for _ in range(kills):
            time.sleep(rng.uniform(*SECONDS_BEFORE_A_KILL))
            place.server.kill()
            place.server.start()
            returned_at.append(time.monotonic())
            _wait_until_served(sent, returned_at[-1])
    finally:
        is_over.set()
        for client in clients:
            client.join()
    return _look(place, sent, returned_at)


def _vote_on(place: Place, sent: Sent, number: int, is_over: threading.Event, seed: int) -> None:
    """People vote on this phone one after the other, in an order that is drawn."""
    rng, phone = random.Random(seed * CLIENTS + number), place.phone(runs_script=number % 2 == 0)
    person = 0
    while not is_over.is_set():
        person += 1
        code, address = make_code(), f"10.{number}.{person >> 8}.{person & 255}"
        for _ in range(VOTES_OF_A_PERSON):
            if is_over.is_set():
                break
            # Of few statements, so that many votes are changes of mind.
            statement, choice = rng.choice(place.statements[:8]), rng.choice(CHOICES)
            message = Message(code, statement, choice, make_key(), address)
            # Half of those who hear nothing try again until they are heard; the others have enough.
            _send(phone, message, sent, tries=1 if rng.random() < 0.5 else 10_000, is_over=is_over)
    phone.hang_up()


def _send(phone: Phone, message: Message, sent: Sent, *, tries: int, is_over: threading.Event) -> None:
    vote = message.code, message.statement
    sent.may_stand.setdefault(vote, set()).add(message.choice)
    for _ in range(tries):
        began = time.monotonic()
        reply = phone.send(message)
        if reply.is_kept:
            sent.may_stand[vote] = {message.choice}
            sent.promised.add(vote)
            sent.acknowledged += 1
            sent.tries.append((began, time.monotonic()))
            return
        if reply.is_fault:
            sent.others[reply.status] += 1
        time.sleep(SECONDS_BETWEEN_TRIES)
        if is_over.is_set():
            return


def _wait_until_served(sent: list[Sent], since: float) -> None:
    give_up = since + SECONDS_AFTER_A_RETURN
    while _first_served(sent, since) is None:
        assert time.monotonic() < give_up, f"No vote was kept within {SECONDS_AFTER_A_RETURN} s of a return."
        time.sleep(0.02)


def _first_served(sent: list[Sent], since: float) -> float | None:
    return min((ended for each in sent for began, ended in list(each.tries) if began >= since), default=None)


def _look(place: Place, sent: list[Sent], returned_at: list[float]) -> Outcome:
    kept = read_kept(place.server)
    known = {vote: values for each in sent for vote, values in each.may_stand.items()}
    promised = set().union(*(each.promised for each in sent))
    found = {vote: kept.of(*vote) for vote in known}
    served = [_first_served(sent, returned) for returned in returned_at]
    return Outcome(
        kills=len(returned_at),
        acknowledged=sum(each.acknowledged for each in sent),
        lost=sum(not found[vote] for vote in promised),
        doubled=sum(len(values) > 1 for values in found.values()),
        wrong=sum(not set(values) <= known[vote] for vote, values in found.items()),
        extra=kept.votes - sum(map(len, found.values())),
        others=dict(sum((each.others for each in sent), Counter())),
        seconds_until_served=[at - returned for at, returned in zip(served, returned_at, strict=True) if at],
    )
