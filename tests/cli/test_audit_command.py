import io
import sys

import pytest
from auditlog.models import LogEntry
from django.utils import timezone
from tests.apps.records.chains import ENTRIES, bypass_triggers, run_sql, write_entries
from tests.cli.running import tessera

from tessera.apps.records.models import TrailHead, TrailLink
from tessera.apps.records.trail import erase_entry, seal_entries

pytestmark = pytest.mark.django_db


def test_a_sound_trail_is_counted_and_its_head_is_named():
    entries = write_entries(5)
    erase_entry(entries[0], reason="asked for", at=timezone.now())
    seal_entries(timezone.now)
    head = TrailHead.objects.get().link_hash

    run = tessera("audit", "verify", "--head", head)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [
        "Entries: 6 sealed, 1 of them erased; 0 not sealed yet.",
        f"Head: {head}",
        "Faults: 0",
    ]
    assert tessera("audit", "head").stdout == f"{head}\n"


def test_each_fault_has_a_line_and_the_exit_code_is_1():
    entries = write_entries(5)
    bypass_triggers()
    run_sql(f"UPDATE {ENTRIES} SET object_repr = 'Eve' WHERE id = %s", entries[1].pk)
    run_sql(f"DELETE FROM {ENTRIES} WHERE id = %s", entries[3].pk)

    run = tessera("audit", "verify")
    assert run.returncode == 1
    assert run.stdout.splitlines()[2:] == [
        f"Entry {entries[1].pk} (link 2) was altered.",
        f"Entry {entries[3].pk} (link 4) is gone.",
        "Faults: 2",
    ]


def test_a_head_that_was_cut_off_is_a_fault():
    write_entries(5)
    kept = TrailLink.objects.get(sequence=5).link_hash
    TrailLink.objects.get(sequence=5).delete()
    TrailHead.objects.update(sequence=4, link_hash=TrailLink.objects.get(sequence=4).link_hash)

    run = tessera("audit", "verify", "--head", kept)
    assert run.returncode == 1
    assert f"The head {kept} is nowhere in the chain" in run.stdout


@pytest.mark.parametrize("head", ["", "abc", "A" * 64, "g" * 64, "0" * 63])
def test_what_is_no_head_is_refused_with_exit_code_2(head):
    run = tessera("audit", "verify", "--head", head)
    assert run.returncode == 2
    assert "is no head" in run.stderr
    assert run.stdout == ""


def test_an_empty_trail_is_sound_and_has_no_head():
    assert tessera("audit", "verify").stdout.splitlines()[1] == "Head: none"
    run = tessera("audit", "head")
    assert (run.returncode, run.stdout, run.stderr) == (1, "", "Nothing is sealed yet.\n")


def test_erasures_are_listed_on_demand():
    entries = write_entries(3)
    erase_entry(entries[0], reason="asked for", at=timezone.now())
    seal_entries(timezone.now)
    line = (
        f"Entry {entries[0].pk} (link 1) was erased on {timezone.now():%Y-%m-%d} by a command on the server. "
        "Reason: asked for"
    )
    assert line in tessera("audit", "verify", "--erasures").stdout.splitlines()
    assert "asked for" not in tessera("audit", "verify").stdout


def answer_with(words, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(words))


def test_an_entry_is_found_by_its_words_and_erased_after_a_yes(monkeypatch):
    entries = write_entries(4)
    found = tessera("audit", "find", "person 1 of riga").stdout
    said = f"Entry {entries[3].pk} of {timezone.now():%Y-%m-%d}: Tessera itself changed person"
    assert f"{said} 'Person 1 of Riga' (Name: Person 1 -> Person 1 of Riga)\nEntries: 1\n" == found

    answer_with("n\n", monkeypatch)
    run = tessera("audit", "erase", entries[3].pk, "--reason", "asked for")
    assert run.returncode == 1
    assert said in run.stdout
    assert TrailLink.objects.get(entry=entries[3]).erased_at is None

    answer_with("y\n", monkeypatch)
    assert tessera("audit", "erase", entries[3].pk, "--reason", "asked for").returncode == 0
    assert TrailLink.objects.get(entry=entries[3]).erasure_reason == "asked for"
    assert "Faults: 0" in tessera("audit", "verify").stdout


def test_an_entry_is_erased_without_being_asked_once():
    [entry] = write_entries(1)
    first, second = (tessera("audit", "erase", entry.pk, "--reason", "asked for", "--yes") for _ in range(2))
    assert first.stdout.splitlines()[-1] == f"Entry {entry.pk} is erased."
    assert (second.returncode, second.stdout) == (
        0,
        f"Entry {entry.pk} was erased on {timezone.now():%Y-%m-%d} already.\n",
    )


def test_what_cannot_be_erased_is_refused_with_exit_code_2():
    [entry] = write_entries(1)
    erase_entry(entry, reason="asked for", at=timezone.now())
    telling = LogEntry.objects.latest("pk").pk
    for key, reason, words in (
        (999999, "asked for", "There is no entry 999999."),
        (telling, "to hide it", "It holds nothing to erase."),
        (entry.pk, " ", "It has 0 signs. Give 1 to 200."),
        (entry.pk, "x" * 201, "It has 201 signs. Give 1 to 200."),
    ):
        run = tessera("audit", "erase", key, "--reason", reason, "--yes")
        assert run.returncode == 2
        assert words in " ".join(run.stderr.split())
