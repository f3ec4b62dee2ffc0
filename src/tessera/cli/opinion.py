"""`tessera opinion`: who agrees with whom, what everyone can accept, and how far to believe it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tessera.cli.opinion_arguments import Seed, StatementsFile, VotesFile, read_and_tell
from tessera.cli.opinion_report import report
from tessera.cli.writing import write_files
from tessera.engines.opinion.errors import VotesError

if TYPE_CHECKING:
    from tessera.cli.opinion_files import Conversation
    from tessera.engines.opinion.landscape import Landscape
    from tessera.engines.opinion.loops.passes import Loops

app = typer.Typer(
    help="Votes on statements: who agrees with whom, what all can accept, and how far to believe it.",
    no_args_is_help=True,
)

PARTS = 8
"""Of the participants, whose pairs of votes are summed elsewhere."""

OutputFolder = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the tables.", file_okay=False)
]

app.command()(report)


@app.command()
def landscape(
    votes: VotesFile,
    output: OutputFolder,
    statements: StatementsFile = None,
    earlier: Annotated[
        Path | None,
        typer.Option(
            metavar="PARTICIPANTS.csv",
            help="What an earlier landscape wrote: groups keep the numbers that they have there.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    seed: Seed = 1,
    workers: Annotated[int, typer.Option(min=1, help="Processes of this machine.")] = 1,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster, such as tcp://host:8786."),
    ] = None,
) -> None:
    """Find groups of people who vote alike, what each stands for, and what all can accept.

    landscape.json says how stable the groups are, and whether a map of them should be shown.
    """
    from tessera.cli.opinion_files import read_labels
    from tessera.cli.opinion_results import how_grouped
    from tessera.cli.workers import executor
    from tessera.engines.opinion.co_votes import co_votes_in_parts
    from tessera.engines.opinion.landscape import find_landscape
    from tessera.engines.opinion.loops.choice import fastest
    from tessera.engines.opinion.stability import find_stability

    loops = fastest()
    conversation = read_and_tell(votes, statements, loops)
    given, moderated_out = conversation.votes, conversation.moderated_out
    known = read_labels(earlier) if earlier else None
    if known is not None and known.keys().isdisjoint(given.participant_ids.tolist()):
        typer.echo("Nobody of the earlier landscape has a vote here; groups are numbered anew.", err=True)
    with executor(workers, cluster) as made_by:
        through = map if made_by is None else made_by.map
        sums = co_votes_in_parts(given, PARTS if made_by else 1, through)
        found = find_landscape(given, moderated_out, loops=loops, sums=sums, earlier=known)
        stability = find_stability(given, moderated_out, found.groups, seed=seed, through=through)
    grouped = how_grouped(found, stability, seed, loops=loops)
    inputs = {"votes": votes, "statements": statements, "earlier": earlier}
    _write("landscape", output, inputs, conversation, found, grouped, loops, seed=seed)
    typer.echo(
        f"Participants: {len(given.participant_ids)}, votes: {len(given.values)}, statements: "
        f"{found.axes.n_seen}, groups: {len(found.groups.numbers)}. Written to {output}"
    )
    for reason in grouped["withheld"]:
        typer.echo(f"A map of the groups should not be shown: {reason}.", err=True)


@app.command()
def statistics(
    votes: VotesFile,
    output: OutputFolder,
    labels: Annotated[
        Path,
        typer.Option(
            metavar="LABELS.csv",
            help="The group of each participant; -1 for none.",
            exists=True,
            dir_okay=False,
        ),
    ],
    statements: StatementsFile = None,
) -> None:
    """Find what given groups stand for, and what all of them can accept."""
    import numpy as np

    from tessera.cli.opinion_files import read_labels
    from tessera.engines.opinion.cluster import NO_GROUP, Groups, in_conversation
    from tessera.engines.opinion.co_votes import co_votes
    from tessera.engines.opinion.landscape import Landscape, read_groups
    from tessera.engines.opinion.loops.choice import fastest
    from tessera.engines.opinion.project import find_axes, participant_places

    loops = fastest()
    conversation = read_and_tell(votes, statements, loops)
    given, moderated_out = conversation.votes, conversation.moderated_out
    named = read_labels(labels)
    groups = np.array([named.get(name, NO_GROUP) for name in given.participant_ids.tolist()], dtype=np.int32)
    without = len(named.keys() - set(given.participant_ids.tolist()))
    if without == len(named):
        raise VotesError(f"{labels.name}: nobody of it has a vote in {votes.name}; the ids must be the same")
    if without:
        typer.echo(f"Without a vote, and in no figure: {without} of {labels.name}", err=True)
    axes = find_axes(co_votes(given, loops=loops), moderated_out)
    found = Landscape(
        axes,
        participant_places(given, axes, loops=loops),
        in_conversation(given.n_votes, axes.n_seen),
        Groups(groups, n_base=0, splits={}),
        read_groups(given, axes, groups, groups != NO_GROUP, loops=loops),
    )
    inputs = {"votes": votes, "labels": labels, "statements": statements}
    _write("statistics", output, inputs, conversation, found, {}, loops)
    typer.echo(f"Statistics of {len(found.groups.numbers)} groups, written to {output}")


def _write(
    command: str,
    folder: Path,
    inputs: Mapping[str, Path | None],
    conversation: "Conversation",
    found: "Landscape",
    grouped: Mapping[str, Any],
    loops: "Loops",
    **asked: Any,
) -> None:
    from tessera.cli.opinion_results import (
        SETTINGS,
        SETTINGS_OF_GROUPS,
        groups_table,
        lists,
        participants_table,
        shares_table,
        sizes,
        statements_table,
        what_they_say,
    )
    from tessera.cli.results import as_json, provenance
    from tessera.engines.opinion.bridging import bridging_scores
    from tessera.engines.opinion.lists import find_agreements

    votes = conversation.votes
    bridging = bridging_scores(votes, found.axes, loops=loops)
    agreements = find_agreements(votes, found.in_conversation, found.axes.moderated_out, loops=loops)
    tables = {
        folder / "participants.csv": participants_table(votes, found),
        folder / "statements.csv": statements_table(votes, found.axes, found.reading, bridging),
        folder / "groups.csv": groups_table(votes, found.reading.statistics),
        folder / "shares.csv": shares_table(votes, found.reading),
    }
    said = {
        "sizes": sizes(votes, found, conversation.without_votes),
        "explained": found.axes.explained.tolist(),
        **grouped,
        **what_they_say(votes, found.reading, found.axes.moderated_out),
        "lists": lists(votes, agreements, found.reading, bridging, loops=loops),
        "settings": {**asked, **SETTINGS, **(SETTINGS_OF_GROUPS if grouped else {})},
    }
    content = provenance(command, inputs, {Path(path.name): data for path, data in tables.items()}, **said)
    write_files({**tables, folder / "landscape.json": as_json(content)}, keep=inputs.values())
