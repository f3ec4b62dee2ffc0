"""The command `tessera demo`: a network of cities on one's own machine."""

import os
import socket
import sys
import tempfile
import threading
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import django
import typer

from tessera.cli.writing import plain_words_for

if TYPE_CHECKING:
    from tessera.apps.dialogue.votes_from_elsewhere import FoundConversation

HOST = "127.0.0.1"
START_SECONDS = 60


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine to serve on.")] = 8000,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Build everything anew.")] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Build apart from the rest, ask every page and file once, and end."),
    ] = False,
    polis: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER_OR_ZIP",
            help="Add a real conversation in English from its files, as Polis publishes them.",
            exists=True,
        ),
    ] = None,
    attribution: Annotated[
        str,
        typer.Option(help="Where that conversation comes from, and under which licence. Shown on its pages."),
    ] = "",
) -> None:
    """Build the demonstration network, with invented answers, and serve it on this machine alone.

    It is kept in the folder 'tessera/demo' among the user's data ($TESSERA_DATA_DIR/demo where that is set)
    and used again the next time. A conversation that was added stays until it is built anew.
    """
    if (polis is None) != (not attribution.strip()):
        _refuse(
            "--polis and --attribution are given together: say where the votes come from, and their licence."
        )
    if check:
        with tempfile.TemporaryDirectory() as folder:
            _set_up(Path(folder))
            found = None if polis is None else _read(polis)
            _build()
            _add(found, attribution)
            _check()
        return
    _refuse_a_taken_port(port)
    _set_up(_data_folder() / "demo")
    found = None if polis is None else _read(polis)
    _build_if_needed(fresh)
    _add(found, attribution)
    _serve(port, open_browser=not no_browser)


def _data_folder() -> Path:
    given = os.environ.get("TESSERA_DATA_DIR")
    share = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(given).absolute() if given else Path(share, "tessera")


def _set_up(folder: Path) -> None:
    """Bind Django to the demonstration's own folder, whatever site the environment describes."""
    for name in ("DATABASE_URL", "DATABASE_URL_FILE", "TESSERA_DEBUG", "TESSERA_ALLOWED_HOSTS"):
        os.environ.pop(name, None)
    os.environ["TESSERA_DEMO"] = "true"
    os.environ["TESSERA_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tessera.project.settings"
    with plain_words_for(folder):
        folder.mkdir(parents=True, exist_ok=True)
    django.setup()


def _build_if_needed(fresh: bool) -> None:
    # Models can be imported only once Django is set up.
    from tessera.demo.site import is_built, is_current

    if not fresh and is_current():
        typer.echo("Using the demonstration that was built before (--fresh builds it anew).")
        return
    if not fresh and is_built():
        typer.echo("Tessera has changed since the demonstration was built. It is built anew.")
    _build()


def _build() -> None:
    from tessera.demo.site import build_site

    started = time.monotonic()
    build_site(lambda step, done, total: _show(f"Building the demonstration: {done} of {total}. {step}"))
    _show("")
    typer.echo(
        f"Built the demonstration in {time.monotonic() - started:.0f} s. All its answers are invented."
    )


def _read(polis: Path) -> "FoundConversation":
    """Before anything is built: what is wrong with the files is said at once."""
    from tessera.apps.dialogue.votes_from_elsewhere import NotReadable, read_conversation

    try:
        found = read_conversation(polis)
    except NotReadable as error:
        _refuse(str(error))
    if found.ended_on is None:
        _refuse(f"{polis}: the votes have no times, so that nobody knows when they were given. Take others.")
    return found


def _add(found: "FoundConversation | None", attribution: str) -> None:
    from django.utils import timezone

    from tessera.demo.elsewhere import add_conversation, has_conversation

    if found is None:
        return
    if has_conversation():
        typer.echo("A conversation was added before and stays as it is (--fresh builds everything anew).")
        return
    made = add_conversation(found, attribution, timezone.now())
    typer.echo(
        f"Added {len(found.votes.values):,} real votes of {len(found.votes.participant_ids):,} people, at "
        f"{made.take_part_url}: {made.attribution}"
    )


def _check() -> None:
    from tessera.demo.crawl import check_site

    started = time.monotonic()
    findings = check_site(lambda asked, known: _show(f"Asking: {asked} of {known}"))
    _show("")
    for fault in findings.faults:
        typer.echo(fault, err=True)
    typer.echo(
        f"Asked {findings.pages} pages and {findings.files} files in {time.monotonic() - started:.0f} s: "
        f"{len(findings.faults)} faults."
    )
    if findings.faults:
        raise typer.Exit(1)


def _show(line: str) -> None:
    """Keep one line of the terminal up to date; a log file is spared it."""
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{line}", err=True, nl=False)


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            _refuse(
                f"Port {port} is in use by another program, or not allowed. "
                f"Try another one: tessera demo --port {port + 1 if port < 65535 else 8000}"
            )


def _refuse(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(2)


def _serve(port: int, *, open_browser: bool) -> None:
    # Slow to import, and of use to no other command.
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    threading.Thread(target=_announce, args=(port, open_browser), daemon=True).start()
    server = Granian(
        "tessera.project.wsgi:application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        # One process: each would draw a secret key of its own.
        workers=1,
        blocking_threads=4,
        log_level=LogLevels.warning,
    )
    server.serve()
    typer.echo("Stopped.")


def _announce(port: int, open_browser: bool) -> None:
    """Say where the site is as soon as it answers."""
    address = f"http://{HOST}:{port}/"
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                break
        time.sleep(0.1)
    typer.echo(f"Tessera is at {address} (Ctrl-C stops it)")
    if open_browser and _has_screen():
        webbrowser.open(address)


def _has_screen() -> bool:
    """Without one, Python would open a browser inside the terminal, over the address."""
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
