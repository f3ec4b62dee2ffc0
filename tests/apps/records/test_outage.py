"""Which errors of a database are an outage. Each is provoked: on a server of its own, or on a file."""

import socket
import threading
import time

import psycopg
import pytest
from django.db import connection
from django.db.utils import DEFAULT_DB_ALIAS, Error, OperationalError, load_backend
from tests.faults.postgres import Postgres

from tessera.apps.records.outage import is_outage
from tessera.project.settings import read_database

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server():
    with Postgres() as server:
        with psycopg.connect(server.url) as client:
            client.execute("CREATE TABLE places (name text PRIMARY KEY, people int)")
            client.execute("INSERT INTO places VALUES ('Riga', 1), ('Lublin', 2)")
            client.execute("CREATE ROLE nobody_may LOGIN CONNECTION LIMIT 0")
        yield server


@pytest.fixture
def file(tmp_path):
    return f"sqlite:///{tmp_path / 'places.sqlite3'}"


@pytest.fixture
def connect(monkeypatch):
    """Connects as the site does, to any address."""
    opened = []

    def connect(url, **options):
        monkeypatch.setenv("DATABASE_URL", url)
        given = {**connection.settings_dict, **read_database("DATABASE_URL", "")}
        given["OPTIONS"] = {**given["OPTIONS"], **options}
        opened.append(load_backend(given["ENGINE"]).DatabaseWrapper(given, DEFAULT_DB_ALIAS))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def run(database, *statements):
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def meet_error(database, *statements):
    with pytest.raises(Error) as met:
        run(database, *statements)
    return met.value


def wait_until(server, sign, pid):
    """Until the server's list of sessions shows this sign of one of them."""
    with psycopg.connect(server.url, autocommit=True) as watcher:
        shows = f"SELECT {sign} FROM pg_stat_activity WHERE pid = %s"
        while not watcher.execute(f"SELECT coalesce(({shows}), false)", [pid]).fetchone()[0]:
            time.sleep(0.01)


def test_a_server_that_takes_no_connection_is_an_outage(connect):
    with socket.socket() as taken:
        # Bound, and nobody listens.
        taken.bind(("127.0.0.1", 0))
        error = meet_error(connect(f"postgres://app@127.0.0.1:{taken.getsockname()[1]}/postgres"))
    assert "refused" in str(error)
    assert is_outage(error)


def test_a_server_that_says_nothing_is_an_outage(connect):
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        error = meet_error(connect(f"postgres://app@127.0.0.1:{frozen.getsockname()[1]}/postgres"))
    assert "timeout" in str(error)
    assert is_outage(error)


def test_a_server_with_no_room_for_one_more_is_an_outage(connect, server):
    error = meet_error(connect(server.url.replace("app@", "nobody_may@")))
    assert "too many connections" in str(error)
    assert is_outage(error)


def test_a_server_that_dies_while_one_asks_is_an_outage_and_so_is_the_question_after(connect, server):
    database = connect(server.url)
    run(database, "SELECT 1")
    server.kill()
    try:
        assert is_outage(meet_error(database, "SELECT 1"))
        assert is_outage(meet_error(database, "SELECT 1"))
    finally:
        server.start()


def test_a_session_that_the_server_ends_is_an_outage(connect, server):
    error = meet_error(connect(server.url), "SELECT pg_terminate_backend(pg_backend_pid())")
    assert error.__cause__.sqlstate == "57P01"
    assert is_outage(error)


def test_a_lock_that_is_not_to_be_had_is_an_outage(connect, server):
    with psycopg.connect(server.url) as holder:
        holder.execute("LOCK TABLE places")
        error = meet_error(connect(server.url), "SET lock_timeout = 20", "SELECT * FROM places")
    assert error.__cause__.sqlstate == "55P03"
    assert is_outage(error)


def test_a_statement_that_takes_too_long_is_an_outage(connect, server):
    error = meet_error(connect(server.url), "SET statement_timeout = 20", "SELECT pg_sleep(60)")
    assert error.__cause__.sqlstate == "57014"
    assert is_outage(error)


def test_a_transaction_that_was_idle_for_too_long_is_an_outage(connect, server):
    database = connect(server.url)
    run(database, "SET idle_in_transaction_session_timeout = 20", "BEGIN")
    wait_until(server, "count(*) = 0", database.connection.info.backend_pid)
    error = meet_error(database, "SELECT 1")
    assert error.__cause__.sqlstate == "25P03"
    assert is_outage(error)


def test_two_that_wait_for_each_other_are_an_outage_for_one(connect, server):
    database = connect(server.url)
    with psycopg.connect(server.url) as other:
        other.execute("SET deadlock_timeout = '60s'")
        other.execute("UPDATE places SET people = 3 WHERE name = 'Lublin'")
        run(
            database, "SET deadlock_timeout = 20", "BEGIN", "UPDATE places SET people = 3 WHERE name = 'Riga'"
        )
        crossing = threading.Thread(
            target=other.execute, args=["UPDATE places SET people = 4 WHERE name = 'Riga'"]
        )
        crossing.start()
        wait_until(server, "bool_or(wait_event_type = 'Lock')", other.info.backend_pid)
        error = meet_error(database, "UPDATE places SET people = 4 WHERE name = 'Lublin'")
        run(database, "ROLLBACK")
        crossing.join()
    assert error.__cause__.sqlstate == "40P01"
    assert is_outage(error)


def test_a_locked_file_is_an_outage(connect, file):
    holder = connect(file)
    run(holder, "CREATE TABLE places (name text)", "BEGIN IMMEDIATE")
    error = meet_error(connect(file, timeout=0), "INSERT INTO places VALUES ('Riga')")
    assert "locked" in str(error)
    assert is_outage(error)


def test_a_file_that_cannot_be_opened_is_an_outage(connect, tmp_path):
    assert is_outage(meet_error(connect(f"sqlite:///{tmp_path}/away/places.sqlite3")))


def test_a_file_that_has_no_room_to_grow_is_an_outage(connect, file):
    database = connect(file)
    run(database, "CREATE TABLE places (name text)", "PRAGMA max_page_count = 2")
    error = meet_error(database, "INSERT INTO places VALUES (zeroblob(100000))")
    assert "full" in str(error)
    assert is_outage(error)


FAULTS = {
    "a table that is not there": "SELECT * FROM no_such_table",
    "a column that is not there": "SELECT no_such_column FROM places",
    "a slip in the SQL": "SELEC 1",
    "a name that is taken": "INSERT INTO places (name) VALUES ('Riga')",
    "a query too large": f"SELECT {', '.join(['1'] * 3000)}",
}


@pytest.mark.parametrize("statement", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("kind", ["server", "file"])
def test_a_fault_of_ours_is_no_outage(connect, request, file, kind, statement):
    database = connect(file if kind == "file" else request.getfixturevalue("server").url)
    if kind == "file":
        run(database, "CREATE TABLE places (name text PRIMARY KEY)", "INSERT INTO places VALUES ('Riga')")
    assert not is_outage(meet_error(database, statement))


def test_what_is_no_error_of_a_database_is_no_outage():
    assert not is_outage(None)
    assert not is_outage(TimeoutError("a mail server"))
    assert not is_outage(OperationalError("raised by hand"))
