"""The command itself, as a process of its own: what it says, what it serves, and what it leaves alone."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.apps.dialogue.elsewhere import POLIS, SHORT, write

TESSERA = Path(sys.executable).with_name("tessera")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data folder in which a real site lives already, and a demonstration of an earlier program."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "demo").mkdir()
    (folder / "demo" / "demo.mark").write_text("built by another program")
    (folder / "tessera.sqlite3").write_text("the database of a real site")
    return folder


def environment(folder):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TESSERA_")}
    return kept | {"TESSERA_DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/tessera.sqlite3"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(folder, *options, address="/en/cities/riga/"):
    """The command with a page of it; what it says is there after the block."""
    port = free_port()
    command = [TESSERA, "demo", "--no-browser", "--port", str(port), *options]
    said = []
    server = subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said.append(read_until("Tessera is at", server))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30) as answer:
            page = answer.read().decode()
        yield page, said
    finally:
        server.send_signal(signal.SIGINT)
        said[:] = ["".join([*said, server.stdout.read()]), server.wait(timeout=20)]
        server.stdout.close()


def read_until(words, server):
    """What the command says up to the line that begins so: a visitor waits for it, too."""
    lines = []
    for line in server.stdout:
        lines.append(line)
        if line.startswith(words):
            return "".join(lines)
    pytest.fail(f"The command ended without its address: {''.join(lines)}")


def test_it_is_built_anew_when_the_program_changed_and_served_and_used_again(folder, tmp_path):
    with running(folder) as (page, said):
        assert "Riga" in page
        assert "Demonstration: invented answers." in page
    output, code = said
    assert code == 0
    assert "Tessera has changed since the demonstration was built." in output
    assert "Built the demonstration in" in output
    assert "Tessera is at http://127.0.0.1:" in output
    assert output.endswith("Stopped.\n")

    with running(folder) as (_, said):
        pass
    assert "Using the demonstration that was built before" in said[0]
    assert "Built" not in said[0]

    given = ["--polis", write(tmp_path / "trams", POLIS), "--attribution", "From pol.is/abc, CC BY 4.0"]
    with running(folder, *given, address="/en/consultations/polis-import-example/") as (page, said):
        assert "From pol.is/abc, CC BY 4.0" in page
    assert (
        "Added 5 real votes of 3 people, at /take-part/polis-import-example/: From pol.is/abc, CC BY 4.0\n"
    ) in said[0]
    with running(folder, *given) as (_, said):
        pass
    assert "A conversation was added before and stays as it is" in said[0]

    assert (folder / "tessera.sqlite3").read_text() == "the database of a real site"


def test_a_data_folder_that_cannot_be_made_is_said_in_plain_words(tmp_path):
    (tmp_path / "file").write_text("")
    surroundings = environment(tmp_path / "file")
    ended = subprocess.run(
        [TESSERA, "demo", "--port", str(free_port())], env=surroundings, capture_output=True, text=True
    )
    assert ended.returncode == 2
    assert ended.stderr == f"{tmp_path}/file/demo cannot be written: Not a directory\n"


def test_a_port_in_use_is_said_in_plain_words_and_nothing_is_built(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [TESSERA, "demo", "--port", str(port)], env=environment(tmp_path), capture_output=True, text=True
        )

    assert ended.returncode == 2
    assert f"Port {port} is in use by another program" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["--polis", "--attribution"])
def test_votes_without_their_origin_or_an_origin_without_votes_are_refused(tmp_path, given):
    ended = refused(tmp_path, given, write(tmp_path / "trams", POLIS))

    assert "--polis and --attribution are given together" in ended.stderr


def test_a_folder_without_a_conversation_is_said_in_plain_words(tmp_path):
    ended = refused(tmp_path, "--polis", tmp_path, "--attribution", "From here")

    assert ended.stderr == (
        f"{tmp_path.name}: comments.csv (of Polis) or statements.csv is expected, and not there.\n"
    )


def test_votes_of_nobody_knows_when_are_refused(tmp_path):
    ended = refused(tmp_path, "--polis", write(tmp_path / "trams", SHORT), "--attribution", "From pol.is/abc")

    assert "the votes have no times" in ended.stderr


def refused(folder, *options):
    """Before anything is built."""
    command = [TESSERA, "demo", "--no-browser", "--port", str(free_port()), *options]
    ended = subprocess.run(command, env=environment(folder), capture_output=True, text=True)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert not (folder / "demo" / "tessera.sqlite3").exists()
    return ended
