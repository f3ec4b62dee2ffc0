"""What the database holds in the end, asked past the site."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

import psycopg
from tests.faults.postgres import Postgres


@dataclass(frozen=True)
class Kept:
    """Of a consultation: its rows, and what stands in them."""

    values: dict[tuple[str, int], list[int]]
    """By the hash of the code and the statement. More than one is a vote that was doubled."""
    participants: int
    joined: int
    """As the limits of the day count them, by device."""

    @property
    def votes(self) -> int:
        return sum(map(len, self.values.values()))

    def of(self, code: str, statement: int) -> list[int]:
        return self.values.get((hashlib.sha256(code.encode()).hexdigest(), statement), [])


def read_kept(server: Postgres) -> Kept:
    values = defaultdict(list)
    with psycopg.connect(server.url) as connection:
        rows = connection.execute(
            "SELECT code_hash, statement_id, value FROM dialogue_vote"
            " JOIN dialogue_participant ON dialogue_participant.id = participant_id"
        )
        for code_hash, statement, value in rows:
            values[code_hash, statement].append(value)
        [participants] = connection.execute("SELECT count(*) FROM dialogue_participant").fetchone()
        # Everybody is counted twice: with their network, and with their device.
        [tallied] = connection.execute("SELECT coalesce(sum(count), 0) FROM dialogue_tally").fetchone()
    return Kept(dict(values), participants, int(tallied) // 2)
