import os
import subprocess
import sys
from pathlib import Path

WRAPPER = Path(__file__).parents[2] / "tools" / "with_postgres.py"


def run(*command, **environment):
    return subprocess.run(
        [sys.executable, WRAPPER, *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_the_command_meets_a_server_that_knows_latvian_letters():
    ask = "import os, psycopg; c = psycopg.connect(os.environ['DATABASE_URL']); "
    done = run(sys.executable, "-c", ask + "print(c.execute(\"select lower('ĀDAŽI')\").fetchone()[0])")
    assert (done.stdout, done.returncode) == ("ādaži\n", 0), done.stderr


def test_the_code_of_the_command_is_handed_on_and_the_server_is_gone():
    tell = "import os, sys; print(os.environ['DATABASE_URL']); sys.exit(7)"
    done = run(sys.executable, "-c", tell)
    assert done.returncode == 7
    again = f"import psycopg; psycopg.connect({done.stdout.strip()!r}, connect_timeout=2)"
    refused = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True, check=False)
    assert "refused" in refused.stderr


def test_a_folder_without_the_programs_is_named(tmp_path):
    done = run("true", PG_BIN=str(tmp_path))
    assert done.returncode != 0
    assert str(tmp_path) in done.stderr
