"""All that a run needs: a durable database, the real site, and a consultation that is open to everybody."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from tests.faults.phones import Phone
from tests.faults.postgres import Postgres
from tests.faults.site import Site

# As `docs/how-to/host.md` has it.
WORKERS = 2


@dataclass(frozen=True)
class Place:
    server: Postgres
    site: Site
    slug: str
    statements: list[int]

    def phone(self, *, runs_script: bool = True) -> Phone:
        return Phone(self.site, self.slug, runs_script=runs_script)

    def empty(self) -> None:
        """Forget who took part."""
        with psycopg.connect(self.server.url) as connection:
            for table in ("dialogue_vote", "dialogue_participant", "dialogue_tally"):
                connection.execute(f"DELETE FROM {table}")


@contextmanager
def open_place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="tessera-site-") as folder, Postgres() as server:
        site = Site(server, Path(folder), workers=WORKERS)
        about = json.loads(site.run("-m", "tests.faults.consultation"))
        with site:
            yield Place(server, site, about["slug"], about["statements"])
