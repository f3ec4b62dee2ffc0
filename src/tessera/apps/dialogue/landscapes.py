"""The landscape of a consultation: brought up to date from the votes as they come, and read by every page.

The votes of authors on their own statements count once somebody has decided about these: until then they were
put to nobody.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import numpy as np
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from numpy.typing import NDArray

from tessera.apps.dialogue.channels import tell_channels
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.live_counts import STEP
from tessera.apps.dialogue.models import Consultation, CountedVotes, Landscape, Statement, Vote
from tessera.apps.dialogue.version_flags import find_flags
from tessera.apps.dialogue.vote_files import write_statements, write_votes
from tessera.engines.opinion.errors import VotesError
from tessera.engines.opinion.landscape import Landscape as FoundLandscape
from tessera.engines.opinion.landscape import find_landscape
from tessera.engines.opinion.live import LiveVotes
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.overview import (
    Overview,
    find_overview,
    from_json,
    groups_of_overview,
    to_json,
)
from tessera.engines.opinion.stability import find_stability
from tessera.engines.opinion.votes import Votes, collect_votes

SEED = 1
"""Of the trials of stability."""
MOST_COUNTED_AT_ONCE = 50_000
"""Votes. While they are marked, nobody changes them: a second, of the three for which a page waits."""
ROUNDS_BEFORE_ANOTHER_NUMBER = 4
"""So often in a row must another number of groups be found before it is shown: else it would flicker."""


@dataclass(frozen=True)
class Shown:
    """What everybody may see of the landscape."""

    overview: Overview
    """Statements that were hidden since are out of it."""
    found_on: date
    is_final: bool
    """Of all votes, after the end: then the figures stand."""
    seed: int
    engine: str
    votes_digest: str
    statements_digest: str
    people_by_channel: Mapping[str, int | None]
    """None is hidden; empty as long as it is not final."""


def read_shown(consultation: Consultation) -> Shown | None:
    """The last landscape; None before ten people have voted. Two queries, whatever the size."""
    kept = Landscape.objects.filter(consultation=consultation).defer("priorities").first()
    if kept is None or kept.overview is None or kept.found_on is None:
        return None
    shown = {str(key) for key in consultation.statements.shown().values_list("pk", flat=True)}
    overview = from_json(kept.overview)
    return Shown(
        overview.without({name for name in overview.statement_ids if name not in shown}),
        kept.found_on,
        kept.is_final,
        kept.seed,
        kept.engine,
        kept.votes_digest,
        kept.statements_digest,
        kept.channels_told[-1]["by_channel"] if kept.channels_told else {},
    )


def is_counted(consultation: Consultation) -> bool:
    """Whether all votes were counted after the end, be they too few to be shown."""
    return Landscape.objects.filter(consultation=consultation, is_final=True).exists()


def is_found_from(consultation: Consultation, votes: Votes) -> bool:
    """Whether the figures that stand after the end are of just these votes."""
    final = Landscape.objects.filter(consultation=consultation, is_final=True)
    return final.filter(votes_digest=_digest(votes), overview__isnull=False).exists()


def read_priorities(consultation: Consultation) -> dict[int, float]:
    """How much votes on each statement are wanted, as far as it is known."""
    kept = Landscape.objects.filter(consultation=consultation).values_list("priorities", flat=True).first()
    return {int(name): value for name, value in (kept or {}).items()}


def refresh_landscape(consultation: Consultation, day: date) -> bool:
    """Take in the votes that came, and find the landscape again; whether there was anything to do.

    How much votes are wanted follows at once. What is shown changes only when ten people or more have come
    since, or have withdrawn: from the difference of two pictures nobody can read what one person thinks.
    After the end it is found once from all votes, from nothing: so whoever has the votes finds the same.
    """
    if not _is_due(consultation):
        return False
    counted = _count_votes(consultation)
    if counted is None:
        return False
    if not counted.is_whole:
        return True
    landscape = _find(consultation, counted.live, day)
    with transaction.atomic():
        # Whoever counted later, or erased votes since, makes a newer one.
        sums = (
            CountedVotes.objects.select_for_update().filter(pk=counted.pk, revision=counted.revision).first()
        )
        if sums is None:
            return False
        landscape.save()
        if landscape.is_final:
            sums.delete()
    return True


def _find(consultation: Consultation, live: LiveVotes, day: date) -> Landscape:
    votes = live.votes()
    statements = list(consultation.statements.decided().order_by("pk"))
    out = moderated_out(votes, statements)
    found = find_landscape(votes, out, loops=fastest(), sums=live.sums_of(votes.statement_ids.tolist()))
    kept = Landscape.objects.filter(consultation=consultation).first()
    landscape = kept or Landscape(consultation=consultation, seed=SEED)
    priority = found.reading.priority
    landscape.priorities = {
        name: float(priority[place])
        for place, name in enumerate(votes.statement_ids.tolist())
        if not out[place]
    }
    _wait_for_number(landscape, found.groups.best_k)
    if _changes_what_is_shown(consultation, landscape, votes):
        if len(votes.participant_ids) >= STEP:
            _show(consultation, landscape, votes, statements, found, day)
        else:
            # So few are left that nothing may be shown of them; what was shown before is not of them.
            landscape.overview, landscape.found_on, landscape.language_flags = None, None, {}
    return landscape


def forget_counted_votes(consultation_id: int) -> None:
    """For whoever erases votes, at the end of the same transaction: the sums hold them, too."""
    CountedVotes.objects.filter(consultation=consultation_id).update(saved=None, revision=F("revision") + 1)


def read_votes(consultation: Consultation) -> Votes:
    """All votes as they stand now, with the numbers of participants and statements as ids."""
    return _read_all(consultation).votes()


def count_voters(consultation: Consultation) -> int:
    """Those of whom there is a vote in `read_votes`."""
    own = _put_to_people(consultation).filter(participant=OuterRef("pk"))
    return consultation.participants.filter(Exists(own)).count()


def moderated_out(votes: Votes, statements: Sequence[Statement]) -> NDArray[np.bool_]:
    """Whether a statement takes no part, in the order of the votes' statements."""
    shown = [str(each.pk) for each in statements if each.state == StatementState.SHOWN]
    return ~np.isin(votes.statement_ids, shown)


def _is_due(consultation: Consultation) -> bool:
    """Two or three short queries: it is asked every few seconds, of every consultation."""
    kept = Landscape.objects.filter(consultation=consultation, is_final=True)
    # Not the whole of what is shown: that may be large.
    final = kept.values_list("overview__n_people", flat=True)[:1]
    if final:
        # How many fewer there are than what is shown was found from.
        is_kept = consultation.codes_forgotten_on is None
        return is_kept and abs(count_voters(consultation) - (final[0] or 0)) >= STEP
    if consultation.has_ended:
        return True
    if _put_to_people(consultation).filter(is_counted=False).exists():
        return True
    return CountedVotes.objects.filter(consultation=consultation, saved=None).exists()


def _put_to_people(consultation: Consultation) -> QuerySet[Vote]:
    votes = Vote.objects.filter(statement__consultation=consultation)
    return votes.exclude(statement__state=StatementState.PENDING)


def _changes_what_is_shown(consultation: Consultation, landscape: Landscape, votes: Votes) -> bool:
    if consultation.has_ended and not landscape.is_final:
        landscape.is_final = True
        return True
    shown = landscape.overview["n_people"] if landscape.overview else 0
    return abs(len(votes.participant_ids) - shown) >= STEP


def _show(
    consultation: Consultation,
    landscape: Landscape,
    votes: Votes,
    statements: Sequence[Statement],
    found: FoundLandscape,
    day: date,
) -> None:
    loops = fastest()
    out = found.axes.moderated_out
    if not landscape.is_final and landscape.overview is not None:
        before = from_json(landscape.overview)
        has_waited = landscape.rounds_waiting >= ROUNDS_BEFORE_ANOTHER_NUMBER
        found = find_landscape(
            votes,
            out,
            loops=loops,
            earlier=groups_of_overview(votes, before, loops=loops),
            k=None if has_waited or not before.numbers else len(before.numbers),
        )
    stability = find_stability(votes, out, found.groups, seed=landscape.seed)
    landscape.overview = to_json(find_overview(votes, found, stability, loops=loops))
    landscape.language_flags = find_flags(landscape.consultation_id, votes, found.groups, statements)
    landscape.found_on = day
    landscape.engine = version("tessera")
    landscape.votes_digest = _digest(votes)
    landscape.statements_digest = hashlib.sha256(write_statements(statements)).hexdigest()
    if landscape.is_final:
        channel_of = dict(consultation.participants.values_list("pk", "channel"))
        people = [channel_of[int(key)] for key in votes.participant_ids if int(key) in channel_of]
        landscape.channels_told = [*landscape.channels_told, tell_channels(people, landscape.channels_told)]


def _digest(votes: Votes) -> str:
    return hashlib.sha256(write_votes(votes)).hexdigest()


def _wait_for_number(landscape: Landscape, number: int) -> None:
    if number == landscape.number_waiting:
        landscape.rounds_waiting = min(landscape.rounds_waiting + 1, ROUNDS_BEFORE_ANOTHER_NUMBER)
    else:
        landscape.number_waiting, landscape.rounds_waiting = number, 1


class _Overtaken(Exception):
    """Somebody else changed the sums, or erased votes, while these were made."""


@dataclass(frozen=True)
class _Counted:
    """Sums, and the row in which they are kept."""

    live: LiveVotes
    pk: int
    revision: int
    is_whole: bool
    """Whether they hold every vote; else the next round goes on."""


def _count_votes(consultation: Consultation) -> _Counted | None:
    """The sums with every vote in them; None where others were quicker, and the next round does it."""
    try:
        with transaction.atomic():
            return _take_in(consultation)
    except _Overtaken:
        return None


def _take_in(consultation: Consultation) -> _Counted:
    sums, _ = CountedVotes.objects.get_or_create(consultation=consultation, defaults={"revision": 0})
    came = _mark_counted(consultation)
    live = _restored(sums)
    if live is not None:
        known = set(live.statement_ids)
        for participant, statement, value in came:
            if statement not in known:
                live.add_statement(statement)
                known.add(statement)
            live.vote(participant, statement, value)
    if live is None or _is_doubtful(consultation, live):
        live = _read_all(consultation)
    # Who withdraws erases votes first and these sums last, so that neither waits for the other for ever.
    written = CountedVotes.objects.filter(pk=sums.pk, revision=sums.revision).update(
        saved=live.saved(), revision=sums.revision + 1
    )
    if not written:
        raise _Overtaken
    return _Counted(live, sums.pk, sums.revision + 1, len(came) < MOST_COUNTED_AT_ONCE)


def _mark_counted(consultation: Consultation) -> list[tuple[str, str, int]]:
    """Participant, statement and vote of all that came, or changed, since the last time.

    One statement of SQL: what comes at the same moment is either in it, or stays for the next time. So does a
    row that somebody is about to change or erase: to wait for them, who may wait for this, could last.
    """
    # SQLite lets one write at a time in any case.
    lock = "FOR NO KEY UPDATE OF fresh SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK_COUNTED.format(lock=lock),
            [consultation.pk, StatementState.PENDING.value, MOST_COUNTED_AT_ONCE],
        )
        return [(str(participant), str(statement), value) for participant, statement, value in cursor]


_VOTES = Vote._meta.db_table
_MARK_COUNTED = f"""
UPDATE {_VOTES} SET is_counted = TRUE
FROM (
    SELECT fresh.participant_id, fresh.statement_id
    FROM {_VOTES} fresh JOIN {Statement._meta.db_table} asked ON asked.id = fresh.statement_id
    WHERE NOT fresh.is_counted AND asked.consultation_id = %s AND asked.state <> %s
    LIMIT %s
    {{lock}}
) found
WHERE {_VOTES}.participant_id = found.participant_id AND {_VOTES}.statement_id = found.statement_id
RETURNING {_VOTES}.participant_id, {_VOTES}.statement_id, {_VOTES}.value
"""


def _restored(sums: CountedVotes) -> LiveVotes | None:
    if sums.saved is None:
        return None
    try:
        return LiveVotes.restored(bytes(sums.saved), loops=fastest())
    except VotesError:
        return None


def _is_doubtful(consultation: Consultation, live: LiveVotes) -> bool:
    """Whether there are votes that are not in the sums, or none in the table for those that are.

    Some may come or change at this moment, so that the number lies between two.
    """
    rows = _put_to_people(consultation).aggregate(
        counted=Count("pk", filter=Q(is_counted=True)), all=Count("pk")
    )
    return not rows["counted"] <= live.n_votes <= rows["all"]


def _read_all(consultation: Consultation) -> LiveVotes:
    rows = _put_to_people(consultation).values_list("participant_id", "statement_id", "value")
    found = np.array(list(rows), dtype=np.int64).reshape(-1, 3)
    people, by = np.unique(found[:, 0], return_inverse=True)
    statements, on = np.unique(found[:, 1], return_inverse=True)
    votes = collect_votes(
        [str(key) for key in people],
        [str(key) for key in statements],
        by.astype(np.int32),
        on.astype(np.int32),
        found[:, 2].astype(np.int8),
        None,
        loops=fastest(),
    )
    return LiveVotes.of(votes, loops=fastest())
