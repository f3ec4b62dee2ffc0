"""How long the opinion and portfolio engines take: make bench

CPU seconds of one thread, the median of several runs, beside what the same machine took in the same run for
one addition per vote at a place that is looked up, and for reading memory. With --write the table goes to
docs/reference/opinion-times.md.

Bowling Green (2,031 people, 896 statements, 225,524 votes) is read from the shared data, which must be at
hand: beside the clone, or where TESSERA_SHARED points. All other votes are invented.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
from benchmarks import portfolio_engine
from benchmarks.lines import Line, as_rows_with_limits, as_text, machine
from benchmarks.timing import cpu
from numpy.typing import NDArray

from tessera.cli.opinion_files import read_conversation, read_votes
from tessera.cli.workers import Processes
from tessera.engines.opinion.bridging import SWEEPS, bridging_scores
from tessera.engines.opinion.landscape import Landscape, find_landscape
from tessera.engines.opinion.lists import find_agreements, representative_list
from tessera.engines.opinion.live import LiveVotes
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.loops.passes import Codes, Loops
from tessera.engines.opinion.loops.plain import Plain
from tessera.engines.opinion.project import find_axes
from tessera.engines.opinion.stability import KEPT_SHARE, RERUNS, find_stability
from tessera.engines.opinion.votes import Votes, collect_votes

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reference/opinion-times.md"
SHARED = Path(os.environ.get("TESSERA_SHARED", ROOT.parent / "shared"))
CONVERSATION = "american-assembly.bowling-green"

Events = tuple[Sequence[str], Sequence[str], NDArray[np.int32], Codes, NDArray[np.int8], None]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the opinion and portfolio engines.")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        parser.error("numpy must be read in with one thread: OPENBLAS_NUM_THREADS=1, as make bench has it")
    if not SHARED.is_dir():
        parser.error(f"there are no shared data in {SHARED}; set TESSERA_SHARED to their folder")
    lines = measure()
    print(as_text(lines))
    if options.write:
        PAGE.write_text(
            PAGE_TEXT.format(rows=as_rows_with_limits(lines), machine=machine()), encoding="utf-8"
        )


@dataclass(frozen=True)
class Limits:
    """What the machine cannot do without."""

    addition: float
    """Seconds for one addition at a place that is looked up."""
    byte_read: float
    """Seconds for one byte of memory."""

    def of_votes(self, n_votes: NDArray[np.int64]) -> float:
        """One addition for each pair of votes of one person, and one for each vote."""
        return self.addition * float((n_votes * (n_votes + 1) / 2).sum() + n_votes.sum())


def measure() -> list[Line]:
    loops = fastest()
    limits, lines = of_the_machine()
    return [
        *lines,
        *real(loops, limits),
        *invented_sizes(limits),
        *live(loops, limits),
        *portfolio_engine.measure(),
    ]


def of_the_machine() -> tuple[Limits, list[Line]]:
    rng = np.random.default_rng(1)
    n = 10_000_000
    places, block = rng.integers(0, 500, n), np.ones(n)
    limits = Limits(cpu(lambda: np.bincount(places)) / n, cpu(lambda: block.sum()) / block.nbytes)
    return limits, [
        Line("machine: one addition at a looked-up place", limits.addition, "ns", ""),
        Line("machine: 1 GB of memory read", limits.byte_read * 1e9, "s", ""),
    ]


def real(loops: Loops, limits: Limits) -> list[Line]:
    folder = SHARED / "data/polis" / CONVERSATION
    found = read_conversation(folder / "votes.csv", folder / "statements.csv", loops=loops)
    votes, out = found.votes, found.moderated_out
    events = events_of(votes)
    landscape = everything(events, out, loops)
    axes, groups = landscape.axes, landscape.groups
    name = "bowling-green (2,031 x 896, 225,524 votes)"
    limit = limits.of_votes(votes.n_votes)
    sweeps = 2 * SWEEPS * len(votes.values) * limits.addition
    return [
        Line(f"{name}: read from CSV", cpu(lambda: read_votes(folder / "votes.csv", loops=loops)), "s", ""),
        Line(
            f"{name}: all results but stability and bridging",
            cpu(lambda: everything(events, out, loops)),
            "s",
            "0.13 s",
            "red-dwarf 1.29 s, delphi 2.36 s",
            limit,
        ),
        Line(f"{name}: the same by numpy alone", cpu(lambda: everything(events, out, Plain())), "s", ""),
        Line(
            f"{name}: stability",
            cpu(lambda: find_stability(votes, out, groups, seed=1), 3),
            "s",
            "2 s",
            limit=RERUNS * KEPT_SHARE**2 * limit,
        ),
        Line(
            f"{name}: bridging",
            cpu(lambda: bridging_scores(votes, axes, loops=loops)),
            "s",
            "0.1 s",
            limit=sweeps,
        ),
        Line(
            f"{name}: two workers over one for stability, time on the clock",
            two_workers(votes, out, landscape),
            "x",
            "",
        ),
        Line("compiling all loops, once per machine", compiling(), "s", ""),
    ]


def invented_sizes(limits: Limits) -> list[Line]:
    """Larger conversations, each in a process of its own for the memory."""
    lines = []
    for n_participants, n_statements, density, bar, peer in (
        (10_000, 500, 0.1, "0.3 s", "red-dwarf 12.2 s, delphi 10.4 s"),
        (20_000, 500, 0.1, "linear in votes", ""),
        (100_000, 500, 0.05, "1 s", ""),
        (1_000_000, 500, 0.05, "5 s, 600 MB", ""),
    ):
        size = f"{n_participants:,} x {n_statements} at {density:.0%}"
        votes, additions, seconds, megabytes, bridging, stability = in_a_process(
            n_participants, n_statements, density
        )
        name = f"{size}, {votes:,.0f} votes"
        limit = additions * limits.addition
        sweeps = 2 * SWEEPS * votes * limits.addition
        again = RERUNS * KEPT_SHARE**2 * limit
        lines.append(Line(f"{name}: all results ({megabytes:,.0f} MB)", seconds, "s", bar, peer, limit))
        lines.append(Line(f"{name}: bridging", bridging, "s", "", limit=sweeps))
        lines.append(Line(f"{name}: stability", stability, "s", "", limit=again))
    return lines


def live(loops: Loops, limits: Limits) -> list[Line]:
    lines = []
    for n_statements, density in ((500, 0.08), (1_000, 0.098)):
        votes = collect_votes(*invented(5_000, n_statements, density), loops=loops)
        kept = LiveVotes.of(votes, loops=loops)
        rng = np.random.default_rng(2)
        rows = rng.choice(len(votes.values), 20_000, replace=False)
        people = np.searchsorted(votes.starts, rows, side="right") - 1
        changes = [
            (votes.participant_ids[person].item(), votes.statement_ids[statement].item(), int(value))
            for person, statement, value in zip(
                people, votes.statements[rows], votes.values[rows], strict=True
            )
        ]
        each = len(votes.values) / 5_000
        turn = count(1)

        def vote(
            kept: LiveVotes = kept,
            changes: list[tuple[str, str, int]] = changes,
            turn: Iterator[int] = turn,
        ) -> None:
            # Another vote each time, or nothing would change.
            by = next(turn)
            for person, statement, value in changes:
                kept.vote(person, statement, (value + 1 + by) % 3 - 1)

        name = f"{n_statements:,} statements, {each:.0f} votes a person"
        lines.append(
            Line(
                f"one changed vote, {name}",
                cpu(vote) / len(changes),
                "us",
                "5 us",
                limit=each * limits.addition,
            )
        )
        nothing_out = np.zeros(n_statements, dtype=bool)
        refresh = cpu(lambda kept=kept, out=nothing_out: find_axes(kept.sums, out).extremity)
        lines.append(
            Line(
                f"axes found again, {n_statements:,} statements, any number of people",
                refresh,
                "ms",
                "100 ms",
                limit=16 * n_statements**2 * limits.byte_read,
            )
        )
    return lines


def everything(events: Events, out: NDArray[np.bool_], loops: Loops) -> Landscape:
    return everything_in(collect_votes(*events, loops=loops), out, loops)


def everything_in(votes: Votes, out: NDArray[np.bool_], loops: Loops) -> Landscape:
    found = find_landscape(votes, out, loops=loops)
    agreements = find_agreements(votes, found.in_conversation, out, loops=loops)
    representative_list(agreements, loops=loops)
    return found


def events_of(votes: Votes) -> Events:
    people = np.repeat(np.arange(len(votes.participant_ids), dtype=np.int32), votes.n_votes)
    return (
        votes.participant_ids.tolist(),
        votes.statement_ids.tolist(),
        people,
        votes.statements.astype(np.int32),
        votes.values,
        None,
    )


def two_workers(votes: Votes, out: NDArray[np.bool_], found: Landscape) -> float:
    def taken(through: object) -> float:
        started = time.perf_counter()
        find_stability(votes, out, found.groups, seed=1, through=through)
        return time.perf_counter() - started

    alone, shared = zip(*((taken(map), taken(Processes(2).map)) for _ in range(3)), strict=True)
    return sorted(shared)[1] / sorted(alone)[1]


def compiling() -> float:
    """CPU seconds by which a first call is slower than a later one."""
    with tempfile.TemporaryDirectory() as folder:
        first, later = (
            float(of_a_process("print(b.first_call())", {"NUMBA_CACHE_DIR": folder})[0]) for _ in range(2)
        )
    return first - later


def first_call() -> float:
    events = invented(200, 30, 0.5)
    started = time.process_time()
    found = everything(events, np.zeros(30, dtype=bool), fastest())
    bridging_scores(collect_votes(*events, loops=fastest()), found.axes, loops=fastest())
    return time.process_time() - started


def in_a_process(n_participants: int, n_statements: int, density: float) -> list[float]:
    """Votes, additions, seconds, megabytes at most, seconds of bridging and of stability."""
    return [
        float(word) for word in of_a_process(f"b.print_size({n_participants}, {n_statements}, {density})", {})
    ]


def print_size(n_participants: int, n_statements: int, density: float) -> None:
    first_call()
    events = invented(n_participants, n_statements, density)
    out = np.zeros(n_statements, dtype=bool)
    taken = []
    for _ in range(3):
        started = time.process_time()
        everything(events, out, fastest())
        taken.append(time.process_time() - started)
    # As the command does it: the events are let go once there are rows.
    forget_peak()
    votes = collect_votes(*events, loops=fastest())
    del events
    found = everything_in(votes, out, fastest())
    megabytes = peak()
    passes = (
        partial(bridging_scores, votes, found.axes, loops=fastest()),
        partial(find_stability, votes, out, found.groups, seed=1),
    )
    more = []
    for each in passes:
        started = time.process_time()
        each()
        more.append(time.process_time() - started)
    additions = Limits(1.0, 0.0).of_votes(votes.n_votes)
    print(len(votes.values), additions, sorted(taken)[1], megabytes, *more)


def forget_peak() -> None:
    """Making the votes takes more memory than counting them; Linux can begin to count anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) / 1000


def of_a_process(statement: str, more: dict[str, str]) -> list[str]:
    code = f"import benchmarks.opinion_engine as b; {statement}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **more},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.split()


def invented(n_participants: int, n_statements: int, density: float) -> Events:
    """Four camps; the numbers of votes are lognormal; nobody votes twice on a statement."""
    rng = np.random.default_rng(1)
    wanted = rng.lognormal(0, 0.8, n_participants)
    n_votes = np.clip(wanted / wanted.mean() * density * n_statements, 1, n_statements).astype(np.int64)
    people = np.repeat(np.arange(n_participants, dtype=np.int32), n_votes)
    # Steps that have no divisor in common with the number of statements meet each of them once.
    steps = np.array(
        [step for step in range(1, n_statements) if np.gcd(step, n_statements) == 1], dtype=np.int32
    )
    step = rng.choice(steps, n_participants)
    nth = (np.arange(len(people)) - np.repeat(np.cumsum(n_votes) - n_votes, n_votes)).astype(np.int32)
    statements = (rng.integers(0, n_statements, n_participants)[people] + nth * step[people]) % n_statements
    opinion = rng.random((4, n_statements), dtype=np.float32)
    chance = opinion[rng.integers(0, 4, n_participants)[people], statements]
    values = np.where(rng.random(len(people), dtype=np.float32) < chance, 1, -1).astype(np.int8)
    values[rng.random(len(people), dtype=np.float32) < 0.15] = 0
    return (
        [str(number) for number in range(n_participants)],
        [str(number) for number in range(n_statements)],
        people,
        statements.astype(np.uint16),
        values,
        None,
    )


PAGE_TEXT = """\
# Times of the opinion and portfolio engines

<!-- Written by `make bench`: run it again to change it. -->

CPU seconds of one thread, medians. A bar is what the engine is held to; it is not asked in the tests, since a
machine that is busy with other things would fail them. A limit is what the same machine took in the same
minutes for what cannot be avoided, and how many times that was needed: one addition for each pair of votes of
one person and one for each vote; for bridging one for each vote, twice in each sweep; for one vote one for
each other vote of that person; for the axes reading the sums once; for a budget one pass over all approvals.
Opinion is counted from events in memory to all results, with the loops compiled before; reading libraries in
is not counted, but stands in the megabytes.

Measured {machine}, by `make bench`.

| what | took | limit | bar | peers, measured elsewhere |
|---|---|---|---|---|
{rows}

The peers' figures were measured on a machine of the same kind with the same data: red-dwarf 0.4.0, delphi
(February 2026) and pabutools 1.2.3.
"""


if __name__ == "__main__":
    main()
