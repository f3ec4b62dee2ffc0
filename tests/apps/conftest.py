import sqlite3

import pytest
from django.db import connection


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
