"""What a visitor hears, and how long a visitor waits, while the database is away or too busy."""

import logging

from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tessera.apps.records.outage import RETRY_AFTER_SECONDS

# In milliseconds. Only for a request does somebody wait: a migration or a job may take longer.
_LIMITS = {
    # More than a hundred times what the slowest statement of any page takes.
    "statement_timeout": 4_000,
    # Our transactions are short. Whoever holds a row for longer is stuck, and the next one hears so first.
    "lock_timeout": 3_000,
    # What a page computes inside a transaction takes a few seconds. After this its process hangs, and what it
    # has locked is free again.
    "idle_in_transaction_session_timeout": 30_000,
}
# A server that keeps to its limits has answered by then, if with an error.
_PATIENCE_SECONDS = 4.5
_SERVICE_UNAVAILABLE = 503


def answer_outage(request: HttpRequest) -> HttpResponse:
    """Say in the visitor's language, or in JSON, that the database is away. It is asked for nothing."""
    answer: HttpResponse
    if _wants_json(request):
        said = {"error": "unavailable", "retry_after_seconds": RETRY_AFTER_SECONDS}
        answer = JsonResponse(said, status=_SERVICE_UNAVAILABLE)
    else:
        has_sent = request.method not in ("GET", "HEAD")
        answer = render(request, "web/503.html", {"has_sent": has_sent}, status=_SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _wants_json(request: HttpRequest) -> bool:
    json = "application/json"
    return request.content_type == json or request.get_preferred_type(["text/html", json]) == json


def limit_waits(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Let the database give up in time what a visitor waits for; a receiver of ``connection_created``."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # One round trip for all of them.
            cursor.execute("; ".join(f"SET {name} = {limit}" for name, limit in _LIMITS.items()))
        connection.connection.patience_seconds = _PATIENCE_SECONDS


_CUT_SHORT = "Service Unavailable: %s"


class OutageInOneLine(logging.Filter):
    """Cut short what is logged of an outage.

    A traceback for every visitor would bury the reason, and the address that was asked may be somebody's own.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        # Where logging is set up twice in one process, a second filter has nothing left to cut.
        is_cut = record.msg == _CUT_SHORT
        if getattr(record, "status_code", None) == _SERVICE_UNAVAILABLE and not is_cut:
            error = record.exc_info[1] if record.exc_info else None
            reason = str(error).partition("\n")[0] if error else "no database"
            record.msg, record.args, record.exc_info = _CUT_SHORT, (reason,), None
        return True
