import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database_url(transactional_db, tmp_path):
    """The address of the tests' database, for another process; on SQLite that of a copy on the disk.

    In memory, connections of two threads would share one cache and refuse each other instead of waiting.
    """
    given = connection.settings_dict
    if connection.vendor == "postgresql":
        return f"postgres://{given['USER']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    file = tmp_path / "site.sqlite3"
    connection.ensure_connection()
    copy = sqlite3.connect(file)
    connection.connection.backup(copy)
    copy.close()
    return f"sqlite:///{file}"


@pytest.fixture
def run_at_once(database_url):
    """What a module prints as JSON that lets several act at the same instant, in a process of its own."""

    def run(module, what):
        done = subprocess.run(
            [sys.executable, "-m", module, what],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database_url},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
