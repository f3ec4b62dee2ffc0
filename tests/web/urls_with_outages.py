"""The site's addresses and some more, whose views meet a database that is away, slow, or lacks a table."""

from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from tessera.project import urls


def _ask_nobody() -> None:
    # No server listens on port 1.
    away = {**connections.settings["default"], "HOST": "127.0.0.1", "PORT": 1, "NAME": "away", "OPTIONS": {}}
    DatabaseWrapper(away).cursor()


def ask_nobody(request: HttpRequest) -> HttpResponse:
    _ask_nobody()
    return HttpResponse("unreachable")


def ask_nobody_in_a_template(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Template("{{ people }}").render(Context({"people": _ask_nobody})))


def ask_for_no_table(request: HttpRequest) -> HttpResponse:
    connection.cursor().execute("SELECT * FROM no_such_table")
    return HttpResponse("unreachable")


def ask_slowly(request: HttpRequest) -> HttpResponse:
    connection.cursor().execute("SELECT pg_sleep(600)")
    return HttpResponse("slept")


urlpatterns = [
    *urls.urlpatterns,
    path("nobody/", ask_nobody),
    path("nobody-in-a-template/", ask_nobody_in_a_template),
    path("no-table/", ask_for_no_table),
    path("slow/", ask_slowly),
]
handler404 = urls.handler404
handler500 = urls.handler500
