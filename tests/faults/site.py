"""A production site as `docs/how-to/host.md` starts it, behind a proxy, with a database of its own."""

import http.client
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.faults.postgres import Postgres, children_of

import with_postgres

ROOT = Path(__file__).parents[2]
GRANIAN = Path(sys.executable).with_name("granian")
START_SECONDS = 60
# Longer than any limit of the site, so that a limit that is gone fails the test and does not hold it up.
PATIENCE_SECONDS = 30
PROXY = {"X-Forwarded-Proto": "https"}


class Site:
    """Its tables are made at once; it is served by ``with site``."""

    def __init__(
        self,
        server: Postgres,
        folder: Path,
        *,
        application: str = "tessera.project.wsgi:application",
        workers: int = 1,
    ) -> None:
        ours = ("TESSERA_", "DATABASE")
        bare = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self._environment = {
            **bare,
            "DJANGO_SETTINGS_MODULE": "tessera.project.settings",
            "DATABASE_URL": server.url,
            "TESSERA_SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "TESSERA_ALLOWED_HOSTS": "127.0.0.1",
            "TESSERA_CONTACT_EMAIL": "tessera@example.org",
            "TESSERA_BEHIND_PROXY": "true",
            "TESSERA_DATA_DIR": str(folder / "data"),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        }
        self.port = with_postgres.free_port()
        self.log = folder / "site.log"
        self._order = [
            *(GRANIAN, "--interface", "wsgi", "--port", str(self.port)),
            *("--workers", str(workers), "--blocking-threads", "2", application),
        ]
        for command in (["migrate"], ["collectstatic", "--no-input"]):
            self.run("manage.py", *command, "--verbosity", "0")

    def run(self, *arguments: str) -> str:
        """What Python prints in the environment of the site."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def __enter__(self) -> "Site":
        with self.log.open("wb") as written:
            self.process = subprocess.Popen(
                self._order, cwd=ROOT, env=self._environment, stdout=written, stderr=written
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(START_SECONDS)

    def _wait(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while True:
            try:
                self.ask("/en/")
            except ConnectionRefusedError:
                assert self.process.poll() is None, self.log.read_text()
                assert time.monotonic() < give_up, self.log.read_text()
                time.sleep(0.1)
            else:
                return

    def pids(self) -> list[int]:
        return [self.process.pid, *children_of(self.process.pid)]

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)

    def ask(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        """The answer, with its words in ``page``."""
        asked = self.connect()
        asked.request(method, path, headers={**PROXY, **headers})
        answer = asked.getresponse()
        answer.page = answer.read().decode()
        asked.close()
        return answer
