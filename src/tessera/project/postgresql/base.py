"""Django's PostgreSQL, for a server that may fall silent: frozen, or behind a network that is cut.

The limits that the server keeps for us end with the server, and the system below takes a quarter of an hour
to call a connection broken. So whoever waits for an answer keeps an eye on the clock.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.abc import RV, PQGen

# An answer to the question whether a server is there takes milliseconds.
_QUICK_SECONDS = 1.0
_INTERVAL_SECONDS = 0.1


class PatientConnection(psycopg.Connection[Any]):
    """Waits for an answer of the server no longer than its patience lasts; by default, for ever."""

    patience_seconds: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = _INTERVAL_SECONDS, timeout: float | None = None) -> RV:
        return super().wait(gen, interval, self.patience_seconds if timeout is None else timeout)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> PatientConnection:
        # As Django does it for a site without a pool or an isolation level of its own.
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return PatientConnection.connect(**conn_params)

    def is_usable(self) -> bool:
        connection = self.connection
        if connection is None:
            return False
        usual, connection.patience_seconds = connection.patience_seconds, _QUICK_SECONDS
        try:
            return super().is_usable()
        finally:
            connection.patience_seconds = usual
