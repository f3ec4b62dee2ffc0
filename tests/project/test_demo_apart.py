"""The mode of the demonstration, in which anybody signs in as anybody, beside a real site."""

import os
import subprocess
import sys

import pytest


def read_settings(folder, **given):
    bare = {k: v for k, v in os.environ.items() if not k.startswith("TESSERA_") and k != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-c", "import tessera.project.settings"],
        env={**bare, "TESSERA_DEMO": "true", "TESSERA_DATA_DIR": str(folder), **given},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "given",
    [
        {"TESSERA_ALLOWED_HOSTS": "localhost,tessera.example.org"},
        {"DATABASE_URL": "postgres://tessera@db.example.org/tessera"},
    ],
)
def test_it_is_refused_with_another_host_or_a_database(tmp_path, given):
    done = read_settings(tmp_path, **given)

    assert done.returncode != 0
    assert "TESSERA_DEMO=true lets anybody sign in as anybody" in done.stderr


def test_it_is_taken_on_ones_own_machine(tmp_path):
    assert read_settings(tmp_path, TESSERA_ALLOWED_HOSTS="localhost").returncode == 0
