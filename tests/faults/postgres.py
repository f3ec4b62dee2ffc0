"""A PostgreSQL server that can be killed and started again, and that keeps what it has acknowledged.

Unlike the one of tools/with_postgres.py it waits for the disk, as a site's own server does.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import with_postgres

DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"
GONE_SECONDS = 30


class Postgres:
    """Started by ``with Postgres() as server``, thrown away at the end."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="tessera-faults-"))
        self._owner = with_postgres.server_owner()
        self._programs = with_postgres.find_programs(self._owner, self._home)
        self._port = with_postgres.free_port()
        self._number_file = self._home / "data" / "postmaster.pid"
        self.url = f"postgres://app@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> Self:
        if self._owner:
            os.chown(self._home, self._owner.pw_uid, self._owner.pw_gid)
        self._run("initdb", "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._home, ignore_errors=True)

    def start(self) -> None:
        """Return as soon as the server takes connections, after it has mended what a kill left."""
        listen = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {DURABLE}"
        self._run("pg_ctl", "-w", "-l", str(self._home / "server.log"), "-o", listen, "start")

    def kill(self) -> None:
        """End every process of the server at once, without a chance to tidy up."""
        if not self._number_file.exists():
            return
        pids = self._send(signal.SIGKILL)
        give_up = time.monotonic() + GONE_SECONDS
        while _processes().keys() & pids:
            if time.monotonic() > give_up:
                raise TimeoutError(f"PostgreSQL's processes {pids} outlive their kill.")
            time.sleep(0.02)
        # Where nobody buries the dead, the next server would take the number in it for a living one.
        self._number_file.unlink()

    def restart(self) -> None:
        self.kill()
        self.start()

    def freeze(self) -> None:
        """Let the server fall silent: it takes what is sent, and does nothing, until it is thawed."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send(signal.SIGCONT)

    def pids(self) -> list[int]:
        return [self._pid, *children_of(self._pid)]

    @property
    def _pid(self) -> int:
        return int(self._number_file.read_text().splitlines()[0])

    def _send(self, sign: signal.Signals) -> list[int]:
        server = self._pid
        # Stopped first, so that it starts no process while they are counted.
        os.kill(server, signal.SIGSTOP)
        pids = [server, *children_of(server)]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
        return pids

    def _run(self, program: str, *arguments: str) -> None:
        # To a file and not to a pipe: the server outlives pg_ctl and would hold a pipe open for ever.
        owner = self._owner
        with (self._home / "programs.log").open("ab") as log:
            done = subprocess.run(
                [self._programs / program, "-D", self._home / "data", *arguments],
                cwd=self._home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
                **({"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}),
            )
        if done.returncode:
            said = "".join(p.read_text(errors="replace") for p in sorted(self._home.glob("*.log")))
            raise RuntimeError(f"PostgreSQL: {program} failed.\n{said}")


def children_of(parent: int) -> list[int]:
    return [pid for pid, its_parent in _processes().items() if its_parent == parent]


def _processes() -> dict[int, int]:
    """Every living process of the machine, and its parent."""
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in told.stdout.splitlines()]
    return {int(pid): int(parent) for pid, parent, state, *_ in rows if not state.startswith("Z")}
