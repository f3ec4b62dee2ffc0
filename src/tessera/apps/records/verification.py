"""Whether the trail is still what was sealed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from tessera.apps.records.models import TrailHead, TrailLink
from tessera.apps.records.trail import digest_of, hash_of, is_empty, is_erasure, tells_of

# An entry is sealed right after its commit; the job follows where that failed. One that waits longer, or was
# sealed later than a day after its date, was hardly written by this program.
WAITS_AT_MOST = timedelta(hours=1)
SEALED_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class TrailFault:
    problem: str
    sequence: int | None = None
    entry_id: int | None = None

    def __str__(self) -> str:
        return self.problem


@dataclass(frozen=True)
class Erasure:
    sequence: int
    entry_id: int | None
    at: datetime
    reason: str
    author: str
    """Empty where a command on the server did it, or nobody knows."""


@dataclass(frozen=True)
class TrailReport:
    count: int
    """Sealed entries, erased ones included."""
    erasures: tuple[Erasure, ...]
    unsealed: int
    head: str
    """Hash of the last link; empty when nothing is sealed yet."""
    faults: tuple[TrailFault, ...]


def verify_trail(now: datetime, expected_head: str | None = None) -> TrailReport:
    """Recompute the whole chain, and name everything in it that is not as it was sealed.

    `expected_head` is the hash of a head that was kept elsewhere, today or long ago. Who can write to the
    database can forge the whole chain, or cut off its end; what was kept elsewhere shows it.

    It holds nobody up: the site may write entries, seal and erase them meanwhile.
    """
    before = _kept_head()
    faults: list[TrailFault] = []
    erased: list[TrailLink] = []
    count = last_sequence = 0
    head, hash_at_head = "", ""
    is_head_met = False
    for link in _links_with_entries():
        faults += _faults_of_place(link, last_sequence, head)
        faults += _faults_of_entry(link)
        last_sequence, head = link.sequence, link.link_hash
        if link.sequence == before.sequence:
            hash_at_head = link.link_hash
        is_head_met = is_head_met or head == expected_head
        count += 1
        if link.erased_at is not None:
            erased.append(link)
    # What belongs to these links was written before them or with them, and so is asked for after them.
    telling = _entries_that_tell_of_erasures()
    for link in erased:
        faults += _faults_of_erasure(link, telling[link.sequence])
    faults += _faults_of_end(before, hash_at_head, last_sequence)
    if expected_head and not is_head_met:
        faults.append(
            TrailFault(
                f"The head {expected_head} is nowhere in the chain: its end was cut off, or it was made anew."
            )
        )
    unsealed = LogEntry.objects.filter(trail_link=None).order_by("pk")
    faults += [
        TrailFault(f"Entry {entry.pk} of {_day(entry.timestamp)} was never sealed.", entry_id=entry.pk)
        for entry in unsealed.filter(timestamp__lt=now - WAITS_AT_MOST)
    ]
    erasures = tuple(_erasure(link, telling[link.sequence]) for link in erased)
    return TrailReport(count, erasures, unsealed.count(), head, tuple(faults))


def _kept_head() -> TrailHead:
    return TrailHead.objects.filter(pk=1).first() or TrailHead()


def _links_with_entries() -> Iterator[TrailLink]:
    """By one statement, so that no link is seen without what happened to its entry in the same moment."""
    return TrailLink.objects.select_related("entry").order_by("sequence").iterator()


def _entries_that_tell_of_erasures() -> Mapping[int, list[LogEntry]]:
    """By the number of the link that was erased."""
    kind = ContentType.objects.get_for_model(TrailLink)
    found: dict[int, list[LogEntry]] = defaultdict(list)
    for entry in LogEntry.objects.filter(content_type=kind).select_related("content_type").order_by("pk"):
        if is_erasure(entry):
            found[entry.object_id].append(entry)
    return found


def _faults_of_erasure(link: TrailLink, telling: list[LogEntry]) -> Iterator[TrailFault]:
    if not telling:
        yield _fault(link, "is marked as erased, but no entry tells who did it.")
    entry = link.entry
    for told in telling:
        if entry is not None and not tells_of(told, link, entry):
            yield _fault(link, f"is not erased as entry {told.pk} tells: date, reason or rest was altered.")


def _erasure(link: TrailLink, telling: list[LogEntry]) -> Erasure:
    said = telling[0].additional_data if telling else None
    assert link.erased_at is not None
    return Erasure(
        link.sequence, link.entry_id, link.erased_at, link.erasure_reason, (said or {}).get("actor", "")
    )


def _faults_of_place(link: TrailLink, last_sequence: int, head: str) -> Iterator[TrailFault]:
    number = link.sequence
    if number != last_sequence + 1:
        missing = (
            f"{last_sequence + 1}" if number == last_sequence + 2 else f"{last_sequence + 1}-{number - 1}"
        )
        yield TrailFault(f"Link {missing} is gone.", sequence=last_sequence + 1)
    elif link.previous != head:
        yield TrailFault(f"Link {number} does not follow the one before it.", number, link.entry_id)
    if link.link_hash != hash_of(link):
        yield TrailFault(f"Link {number} was altered.", number, link.entry_id)


def _faults_of_entry(link: TrailLink) -> Iterator[TrailFault]:
    entry = link.entry
    if entry is None:
        yield _fault(link, "is gone.")
    elif link.erased_at is not None:
        if not is_empty(entry):
            yield _fault(link, "is marked as erased, but says something.")
    elif link.digest != digest_of(entry, link.salt):
        yield _fault(link, "was altered.")
    elif link.sealed_at - entry.timestamp > SEALED_WITHIN:
        yield _fault(
            link,
            f"is of {_day(entry.timestamp)} and was sealed only on {_day(link.sealed_at)}: "
            "it may have been put in afterwards.",
        )


def _fault(link: TrailLink, problem: str) -> TrailFault:
    return TrailFault(f"Entry {link.entry_id} (link {link.sequence}) {problem}", link.sequence, link.entry_id)


def _faults_of_end(before: TrailHead, hash_at_head: str, last_sequence: int) -> Iterator[TrailFault]:
    """The chain has grown meanwhile, perhaps: from the head before it was read up to the one after."""
    if last_sequence < before.sequence:
        yield TrailFault(
            f"The chain ends at link {last_sequence}, but link {before.sequence} was sealed last."
        )
    elif hash_at_head != before.link_hash:
        yield TrailFault(f"Link {before.sequence} is not the one that was sealed last.", before.sequence)
    after = _kept_head()
    if last_sequence > after.sequence:
        yield TrailFault(
            f"The chain goes on to link {last_sequence}, but link {after.sequence} was sealed last."
        )


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
