"""Asks ClamAV's daemon about a file, where the site has one (TESSERA_CLAMAV)."""

import logging
import socket
import struct
from typing import IO

from django.conf import settings

from tessera.apps.records.files.refusals import Infected, NotScanned

_PATIENCE_SECONDS = 60
_CHUNK_BYTES = 262_144
_REPLY_BYTES = 4_096

logger = logging.getLogger(__name__)


def scan(file: IO[bytes]) -> bool:
    """Whether the file was scanned; false where the site has no scanner.

    Raises Infected, and NotScanned when there is a scanner that gives no answer.
    """
    if settings.CLAMAV is None:
        return False
    try:
        reply = _ask(file, settings.CLAMAV)
    except OSError as error:
        logger.error("The scanner at TESSERA_CLAMAV cannot be asked: %s", error)
        raise NotScanned from error
    if reply == "stream: OK":
        return True
    if reply.endswith(" FOUND"):
        raise Infected(reply.removeprefix("stream: ").removesuffix(" FOUND"))
    logger.error("The scanner at TESSERA_CLAMAV answered: %r", reply)
    raise NotScanned


def _ask(file: IO[bytes], address: str | tuple[str, int]) -> str:
    """ClamAV's command INSTREAM: pieces with their length before them, and an empty one at the end."""
    file.seek(0)
    with _connection(address) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        while piece := file.read(_CHUNK_BYTES):
            scanner.sendall(struct.pack("!L", len(piece)) + piece)
        scanner.sendall(struct.pack("!L", 0))
        reply = b""
        while b"\0" not in reply and len(reply) < _REPLY_BYTES and (more := scanner.recv(_REPLY_BYTES)):
            reply += more
    return reply.partition(b"\0")[0].decode(errors="replace").strip()


def _connection(address: str | tuple[str, int]) -> socket.socket:
    if isinstance(address, tuple):
        return socket.create_connection(address, _PATIENCE_SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_PATIENCE_SECONDS)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
