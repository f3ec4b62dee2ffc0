"""Tell a database that is away, or keeps one waiting too long, from a fault of ours."""

import sqlite3

import psycopg
from django.db import DatabaseError

# After a crash or an upgrade the database is back within seconds, and a lock is given up sooner than that.
# Whoever asked more often would only make the queue longer.
RETRY_AFTER_SECONDS = 10

# SQLite says OperationalError to a locked file and to a misspelt table alike; its result code tells which it
# is. A table or column that is not there, and SQL that cannot be read, is SQLITE_ERROR, not among these.
_SQLITE_CODES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_PROTOCOL,
}
# The upper bytes of SQLite's result code only say more of the same.
_PRIMARY_CODE = 0xFF

# PostgreSQL's manual, appendix A. The classes: connection, resources, intervention (also by the time limit of
# a statement), the system below the server. The states: idle in a transaction for too long, deadlock, lock
# not to be had. A missing table is of class 42, and no OperationalError. A query too large for the server,
# class 54, is one, and yet a fault of ours.
_SQLSTATE_CLASSES = {"08", "53", "57", "58"}
_SQLSTATES = {"25P03", "40P01", "55P03"}


def is_outage(error: BaseException | None) -> bool:
    """Whether the database was away or too busy, so that the same request may succeed a little later."""
    # Django's own error says too little; the driver's stands behind it.
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorcode & _PRIMARY_CODE in _SQLITE_CODES
    if isinstance(cause, psycopg.Error) and cause.sqlstate:
        return cause.sqlstate in _SQLSTATES or cause.sqlstate[:2] in _SQLSTATE_CLASSES
    # Without a word of the server: it could not be reached, or the connection broke.
    return isinstance(cause, psycopg.OperationalError)
