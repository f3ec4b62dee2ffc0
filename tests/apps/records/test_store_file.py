import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from auditlog.models import LogEntry
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from tests.apps.records.given_files import make_pdf, upload

from tessera.apps.accounts.models import Person
from tessera.apps.records.files import disk
from tessera.apps.records.files.storing import check_upload, erase_file, store_file
from tessera.apps.records.jobs import settle_files
from tessera.apps.records.models import FileKind, StoredFile

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 12, 1, 8, tzinfo=UTC)


def store(ilze, content=None, name="Ilze's plan.pdf"):
    return store_file(file=check_upload(upload(content or make_pdf(), name)), by=ilze, at=AT)


def lies_at(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def place_of(stored):
    return f"{stored.key.hex[:2]}/{stored.key.hex}"


def later():
    return timezone.now() + timedelta(hours=1, minutes=1)


def taken_back(act):
    """The act succeeds, and something goes wrong after it."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_a_file_lies_under_its_key_alone_and_its_row_says_what_it_is(files_folder, ilze):
    given = make_pdf()
    stored = store(ilze, given)
    stored.refresh_from_db()
    assert (stored.name, stored.kind, stored.size_bytes) == ("Ilze's plan.pdf", FileKind.PDF, len(given))
    assert (stored.stored_by, stored.stored_at, stored.scanned_at) == (ilze, AT, None)
    assert lies_at(files_folder) == [place_of(stored)]
    assert (files_folder / place_of(stored)).read_bytes() == given


@pytest.mark.django_db(transaction=True)
def test_nobody_else_on_the_machine_may_read_it(files_folder, ilze):
    store(ilze)
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in files_folder.rglob("*")}
    assert modes == {True: 0o700, False: 0o600}


@pytest.mark.django_db(transaction=True)
def test_it_can_be_read_before_the_act_is_through(files_folder, ilze):
    given = make_pdf()
    with transaction.atomic():
        stored = store(ilze, given)
        with disk.open_content(stored.key) as content:
            assert content.read() == given
        assert lies_at(files_folder) == [f"unsettled/{stored.key.hex}"]


@pytest.mark.django_db
def test_the_same_file_given_twice_is_stored_twice(files_folder, ilze):
    given = make_pdf()
    first, second = store(ilze, given), store(ilze, given)
    assert first.key != second.key
    assert first.sha256 == second.sha256
    first.delete()
    with disk.open_content(second.key) as content:
        assert content.read() == given


@pytest.mark.django_db
def test_a_file_and_its_deletion_leave_entries_in_the_trail(files_folder, ilze):
    store(ilze).delete()
    made, deleted = LogEntry.objects.filter(content_type__model="storedfile").order_by("pk")
    assert (made.action, deleted.action) == (LogEntry.Action.CREATE, LogEntry.Action.DELETE)
    assert made.object_repr == "Ilze's plan.pdf"
    assert set(made.changes) == {"name", "kind", "size_bytes", "sha256", "stored_by", "stored_at"}


@pytest.mark.django_db
def test_who_stored_a_file_is_not_deleted_before_it(files_folder, ilze):
    store(ilze)
    with pytest.raises(ProtectedError):
        ilze.delete()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_taken_back_leaves_no_file(files_folder, ilze):
    taken_back(lambda: store(ilze))
    assert not StoredFile.objects.exists()
    assert settle_files(later()) == 1
    assert lies_at(files_folder) == []
    assert settle_files(later()) == 0


@pytest.mark.django_db(transaction=True)
def test_a_row_that_cannot_be_written_leaves_no_file(files_folder):
    checked = check_upload(upload(make_pdf()))
    with pytest.raises(ValueError, match="unsaved related object"):
        store_file(file=checked, by=Person(email="unsaved@example.org"), at=AT)
    assert lies_at(files_folder) == []


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_leaves_neither_row_nor_torn_file(files_folder, ilze):
    """The file breaks off while it is being written."""
    checked = check_upload(upload(make_pdf()))
    checked.content.file = BreaksOff(checked.content.file)
    with pytest.raises(OSError, match="No space left"):
        store_file(file=checked, by=ilze, at=AT)
    assert lies_at(files_folder) == []
    assert not StoredFile.objects.exists()


class BreaksOff:
    def __init__(self, file):
        self.file = file

    def read(self, *size):
        raise OSError(28, "No space left on device")

    def seek(self, *place):
        return self.file.seek(*place)


@pytest.mark.django_db(transaction=True)
def test_the_file_goes_with_its_row(files_folder, ilze):
    stored = store(ilze)
    stored.delete()
    assert lies_at(files_folder) == []


@pytest.mark.django_db(transaction=True)
def test_files_go_with_rows_that_are_deleted_many_at_once(files_folder, ilze):
    for _ in range(3):
        store(ilze)
    assert len(lies_at(files_folder)) == 3
    StoredFile.objects.all().delete()
    assert lies_at(files_folder) == []


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_stored_and_deleted_in_one_act_is_gone(files_folder, ilze):
    with transaction.atomic():
        store(ilze).delete()
    assert lies_at(files_folder) == []


@pytest.mark.django_db(transaction=True)
def test_a_deletion_that_is_taken_back_costs_no_file(files_folder, ilze):
    given = make_pdf()
    stored = store(ilze, given)
    key = stored.key
    taken_back(stored.delete)
    with disk.open_content(key) as content:
        assert content.read() == given
    assert settle_files(later()) == 1
    assert lies_at(files_folder) == [f"{key.hex[:2]}/{key.hex}"]


@pytest.mark.django_db(transaction=True)
def test_the_job_leaves_alone_what_is_young_or_settled(files_folder, ilze):
    taken_back(lambda: store(ilze))
    settled = store(ilze)
    assert settle_files(timezone.now() + timedelta(minutes=59)) == 0
    assert len(lies_at(files_folder)) == 2
    # As if an older copy of the database had been put in its place.
    StoredFile.objects.filter(key=settled.key)._raw_delete("default")
    assert settle_files(later()) == 1
    assert lies_at(files_folder) == [place_of(settled)]


def test_the_job_has_nothing_to_do_where_no_file_was_ever_stored(files_folder):
    assert settle_files(later()) == 0


def test_a_file_that_is_nowhere_is_no_empty_one(files_folder):
    with pytest.raises(FileNotFoundError):
        disk.open_content(uuid4())


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_leaves_as_many_files_as_rows(ilze, database_url, tmp_path):
    """Killed before its commit, and just after it: what it left is put right by the job."""
    site = os.environ | {
        "DATABASE_URL": database_url,
        "TESSERA_DATA_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        [sys.executable, Path(__file__).parent / "dying.py"],
        env=site,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(run.stdout) == {
        "store, before": {"unsettled": 1, "rows": 0, "files": 0},
        "store, after": {"unsettled": 1, "rows": 1, "files": 1},
        "delete, before": {"unsettled": 1, "rows": 1, "files": 1},
        "delete, after": {"unsettled": 1, "rows": 0, "files": 0},
    }


# Erasing


@pytest.mark.django_db(transaction=True)
def test_an_erased_file_leaves_its_row_without_a_name_and_nothing_on_the_disk(files_folder, ilze):
    stored = store(ilze)
    erase_file(file=stored, at=AT + timedelta(days=1))
    erase_file(file=stored, at=AT + timedelta(days=2))

    stored.refresh_from_db()
    assert (stored.name, stored.erased_at) == ("erased.pdf", AT + timedelta(days=1))
    assert lies_at(files_folder) == []
    settle_files(later())
    assert lies_at(files_folder) == []


@pytest.mark.django_db(transaction=True)
def test_an_erasure_that_is_taken_back_leaves_the_file_where_it_can_be_read(files_folder, ilze):
    given = make_pdf()
    stored = store(ilze, given)
    taken_back(lambda: erase_file(file=stored, at=AT))

    stored.refresh_from_db()
    assert (stored.name, stored.erased_at) == ("Ilze's plan.pdf", None)
    with disk.open_content(stored.key) as content:
        assert content.read() == given
    settle_files(later())
    assert lies_at(files_folder) == [place_of(stored)]


@pytest.mark.django_db(transaction=True)
def test_the_job_removes_what_a_crash_after_an_erasure_left(files_folder, ilze):
    stored = store(ilze)
    disk.unsettle_content(stored.key)
    StoredFile.objects.filter(pk=stored.pk).update(erased_at=AT)

    settle_files(later())
    assert lies_at(files_folder) == []
