"""Where the content of stored files lies: each under its key, in a folder that no address leads to.

It lies among the unsettled ones while its row is being made or deleted, since a database that takes an act
back takes back no file. After the commit it moves to its place, or goes. What a crash or an act that was
taken back left there is found by the job. Nothing else is ever swept: an empty or older database, put there
by mistake, costs no file.
"""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage

_UNSETTLED = "unsettled"


def write_content(key: UUID, content: IO[bytes]) -> None:
    name = _unsettled(key)
    try:
        default_storage.save(name, File(content))
        with default_storage.open(name) as written:
            # What a commit promises must outlive a power cut.
            os.fsync(written.fileno())
    except BaseException:
        default_storage.delete(name)
        raise


def open_content(key: UUID) -> File:
    # It may settle between two looks.
    for name in (_place(key), _unsettled(key)):
        with suppress(FileNotFoundError):
            return default_storage.open(name)
    return default_storage.open(_place(key))


def settle_content(key: UUID) -> None:
    _move(_unsettled(key), _place(key))


def unsettle_content(key: UUID) -> None:
    _move(_place(key), _unsettled(key))


def remove_content(key: UUID) -> None:
    default_storage.delete(_place(key))
    default_storage.delete(_unsettled(key))


def find_unsettled(before: datetime) -> list[UUID]:
    """The keys of what was put among the unsettled files before a time."""
    if not default_storage.exists(_UNSETTLED):
        return []
    found = []
    for name in default_storage.listdir(_UNSETTLED)[1]:
        # Another run of the job may settle it first.
        with suppress(FileNotFoundError):
            if default_storage.get_created_time(f"{_UNSETTLED}/{name}") < before:
                found.append(UUID(name))
    return found


def _move(old: str, new: str) -> None:
    target = Path(default_storage.path(new))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        Path(default_storage.path(old)).rename(target)


def _place(key: UUID) -> str:
    return f"{key.hex[:2]}/{key.hex}"


def _unsettled(key: UUID) -> str:
    return f"{_UNSETTLED}/{key.hex}"
