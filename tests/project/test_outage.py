"""How the real server bears an outage: with a database of its own, which is killed and started again."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.faults.postgres import Postgres
from tests.faults.site import Site


@pytest.fixture(scope="module")
def server():
    with Postgres() as server:
        yield server


@pytest.fixture(scope="module")
def site(server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with Site(server, folder, application="tests.project.site_with_outages:application") as site:
        yield site


def test_the_site_says_that_its_database_is_gone_and_serves_again_when_it_is_back(site, server):
    assert site.ask("/en/").status == 200
    server.kill()
    try:
        gone = [site.ask("/en/"), site.ask("/lv/cities/"), site.ask("/en/", Accept="application/json")]
        assert [answer.status for answer in gone] == [503, 503, 503]
        assert {answer.headers["Retry-After"] for answer in gone} == {"10"}
        assert '<html lang="lv"' in gone[1].page
        assert gone[2].page == '{"error": "unavailable", "retry_after_seconds": 10}'
    finally:
        server.start()
    assert site.ask("/en/").status == 200
    assert site.process.poll() is None


def test_a_page_without_data_is_served_all_the_same(site, server):
    server.kill()
    try:
        assert site.ask("/en/about/").status == 200
    finally:
        server.start()


def test_a_middleware_that_wants_to_know_who_asks_gets_the_same_answer(site, server):
    server.kill()
    try:
        answer = site.ask("/en/desk/", Cookie=f"__Host-session={'a' * 32}")
    finally:
        server.start()
    assert answer.status == 503
    assert "no-store" in answer.headers["Cache-Control"]
    # Whoever was signed in is so again, when the database is back.
    assert "Set-Cookie" not in answer.headers


def test_nobody_notices_a_database_that_only_started_anew(site, server):
    assert site.ask("/en/").status == 200
    server.restart()
    assert site.ask("/en/").status == 200


def test_the_site_does_not_wait_for_ever_for_a_lock(site, server):
    with psycopg.connect(server.url) as holder:
        holder.execute("LOCK TABLE network_city")
        assert site.ask("/en/cities/").status == 503
    assert site.ask("/en/cities/").status == 200
    assert "canceling statement due to lock timeout" in site.log.read_text()


@pytest.mark.parametrize("path", ["/en/", "/slow/"], ids=["before it asks", "while it waits"])
def test_the_site_does_not_wait_for_ever_for_a_server_that_fell_silent(site, server, path):
    assert site.ask("/en/").status == 200
    with ThreadPoolExecutor(1) as pool:
        if path == "/slow/":
            asked = pool.submit(site.ask, path)
            _wait_for_sleep(server)
            server.freeze()
        else:
            server.freeze()
            asked = pool.submit(site.ask, path)
        try:
            assert asked.result().status == 503
        finally:
            server.thaw()
    assert site.ask("/en/").status == 200
    assert "timeout expired" in site.log.read_text()


def _wait_for_sleep(server):
    asleep = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'"
    with psycopg.connect(server.url, autocommit=True) as watcher:
        while watcher.execute(asleep).fetchone()[0] == 0:
            time.sleep(0.01)


def test_the_site_does_not_wait_for_ever_for_a_statement(site):
    assert site.ask("/slow/").status == 503
    assert "canceling statement due to statement timeout" in site.log.read_text()


SHOW_LIMITS = """
import django
django.setup()
from django.db import connection
for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        print(cursor.fetchone()[0], end=" ")
"""


def test_a_job_may_take_the_time_that_it_needs(site):
    assert site.run("-c", SHOW_LIMITS) == "0 0 0 "


def test_a_page_may_not(site):
    assert site.run("-c", f"import tessera.project.wsgi{SHOW_LIMITS}") == "4s 3s 30s "


def test_each_visitor_of_an_outage_costs_the_log_one_line(site, server):
    server.kill()
    before = site.log.read_text()
    try:
        site.ask("/en/?name=Amina")
        site.ask("/en/desk/", Cookie=f"__Host-session={'a' * 32}")
    finally:
        server.start()
    lines = site.log.read_text().removeprefix(before).splitlines()
    assert len(lines) == 2
    assert all("ERROR django.request: Service Unavailable: connection failed: " in line for line in lines)
