import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from tessera.apps.accounts.models import Person
from tessera.apps.records.files import disk
from tessera.apps.records.files.kinds import find_kind
from tessera.apps.records.files.names import tame_name
from tessera.apps.records.files.pictures import PICTURES, redraw
from tessera.apps.records.files.refusals import TooLarge
from tessera.apps.records.files.scanning import scan
from tessera.apps.records.models import FileKind, StoredFile


@dataclass(frozen=True)
class CheckedFile:
    """A file that we take, as it will be stored."""

    content: File
    name: str
    kind: FileKind
    size_bytes: int
    sha256: str
    is_scanned: bool


def check_upload(upload: UploadedFile) -> CheckedFile:
    """Judge a file that somebody sent by its content, write a picture anew, and ask the scanner.

    It takes seconds at worst, and belongs before the transaction of the act that stores the file: on SQLite
    nobody else can write meanwhile. Raises FileRefused.
    """
    if upload.size is None or upload.size > settings.MAX_FILE_BYTES:
        raise TooLarge(settings.MAX_FILE_BYTES)
    kind = find_kind(upload)
    content = File(redraw(upload, kind)) if kind in PICTURES else upload
    is_scanned = scan(content)
    digest, size_bytes = hashlib.sha256(), 0
    for piece in content.chunks():
        digest.update(piece)
        size_bytes += len(piece)
    name = tame_name(upload.name or "", kind)
    return CheckedFile(content, name, kind, size_bytes, digest.hexdigest(), is_scanned)


@transaction.atomic
def store_file(*, file: CheckedFile, by: Person, at: datetime) -> StoredFile:
    """Keep a file. When the caller's transaction is taken back, the job removes what lies on the disk."""
    stored = StoredFile(
        name=file.name,
        kind=file.kind,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        stored_by=by,
        stored_at=at,
        scanned_at=at if file.is_scanned else None,
    )
    disk.write_content(stored.key, file.content)
    try:
        stored.save()
    except BaseException:
        disk.remove_content(stored.key)
        raise
    # Robust: the act is done by then, and what did not settle can be read, and is settled by the job.
    transaction.on_commit(partial(disk.settle_content, stored.key), robust=True)
    return stored


@transaction.atomic
def erase_file(*, file: StoredFile, at: datetime) -> None:
    """Delete the content of a file for good, and forget its name. Its row says when. Twice is harmless."""
    file = StoredFile.objects.select_for_update().get(pk=file.pk)
    if file.erased_at is not None:
        return
    file.name, file.erased_at = f"erased.{FileKind(file.kind).endings[0]}", at
    file.save(update_fields=["name", "erased_at"])
    _remove_after_commit(file)


def let_content_go(instance: StoredFile, **signal: object) -> None:
    """Whoever deletes the row, even by deleting what it belongs to, deletes the file with it."""
    _remove_after_commit(instance)


def _remove_after_commit(file: StoredFile) -> None:
    disk.unsettle_content(file.key)
    transaction.on_commit(partial(disk.remove_content, file.key), robust=True)
