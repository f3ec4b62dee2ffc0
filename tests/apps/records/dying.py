"""A worker that stores or deletes a file and dies, in a process with a database and a folder of its own.

Prints, for each act and moment of death, how many files were unsettled then, and what there is after the job.
"""

import json
import os
from datetime import timedelta
from pathlib import Path

import django
from django.db import connection, transaction
from django.utils import timezone


def die(act, moment: str) -> None:
    if os.fork():
        os.wait()
        return
    with transaction.atomic():
        if moment == "after":
            # Registered first, and so the first thing that happens after the commit.
            transaction.on_commit(lambda: os._exit(9))
        act()
        if moment == "before":
            os._exit(9)


def main() -> dict[str, dict[str, int]]:
    from django.conf import settings
    from tests.apps.records.given_files import make_pdf, upload

    from tessera.apps.accounts.models import Person
    from tessera.apps.records.files.storing import check_upload, store_file
    from tessera.apps.records.jobs import settle_files
    from tessera.apps.records.models import StoredFile

    folder = Path(settings.DATA_DIR) / "files"

    def count(pattern: str) -> int:
        return sum(path.is_file() for path in folder.rglob(pattern))

    def store() -> None:
        person = Person.objects.get()
        store_file(file=check_upload(upload(make_pdf())), by=person, at=timezone.now())

    def delete() -> None:
        StoredFile.objects.get().delete()

    found = {}
    for act in (store, delete):
        for moment in ("before", "after"):
            StoredFile.objects.all().delete()
            if act is delete:
                store()
            # Two processes must not talk over one connection.
            connection.close()
            die(act, moment)
            unsettled = count("unsettled/*")
            settle_files(timezone.now() + timedelta(hours=2))
            found[f"{act.__name__}, {moment}"] = {
                "unsettled": unsettled,
                "rows": StoredFile.objects.count(),
                "files": count("*"),
            }
    return found


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main()))
