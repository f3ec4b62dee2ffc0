"""The demonstration on one's own disk: built when it is missing or out of date, and otherwise used again."""

import hashlib
import shutil
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection

from tessera.demo.build import Progress, build_network

PACKAGE = Path(__file__).parents[1]
MARK = "demo.mark"


def is_built() -> bool:
    """Whether the folder holds a demonstration that was built to the end, by whatever program."""
    return (settings.DATA_DIR / MARK).is_file()


def is_current() -> bool:
    """Whether it was built by this very program."""
    return is_built() and (settings.DATA_DIR / MARK).read_text(encoding="utf-8") == program_hash()


def build_site(progress: Progress) -> None:
    """Build everything anew; what an earlier build left in the folder is thrown away first.

    The mark is written last, so that a build that was broken off is not taken for a whole one.
    """
    folder: Path = settings.DATA_DIR
    folder.mkdir(parents=True, exist_ok=True)
    connection.close()
    for name in (MARK, "tessera.sqlite3", "tessera.sqlite3-wal", "tessera.sqlite3-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    caches["drawings"].clear()
    call_command("migrate", verbosity=0, interactive=False)
    build_network(progress)
    call_command("collectstatic", verbosity=0, interactive=False)
    (folder / MARK).write_text(program_hash(), encoding="utf-8")


def program_hash() -> str:
    """SHA-256 of the whole program with its questionnaires: a change of any calls for another build."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".mo"):
            digest.update(str(path.relative_to(PACKAGE)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
