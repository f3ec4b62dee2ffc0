"""What several commands of `tessera opinion` take."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tessera.cli.opinion_files import Conversation
    from tessera.engines.opinion.loops.passes import Loops

VotesFile = Annotated[
    Path,
    typer.Argument(
        metavar="VOTES.csv",
        help="Who voted how on what; a .parquet file, too.",
        exists=True,
        dir_okay=False,
    ),
]
StatementsFile = Annotated[
    Path | None,
    typer.Option(
        "--statements",
        metavar="STATEMENTS.csv",
        help="The texts of the statements, and which of them were moderated out. Without it: ids, and none.",
        exists=True,
        dir_okay=False,
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Of the random draws: the same seed gives the same figures.")]


def read_and_tell(votes: Path, statements: Path | None, loops: "Loops") -> "Conversation":
    """Read the votes and the statements, and name statements with votes that the file of statements lacks."""
    from tessera.cli.opinion_files import read_conversation
    from tessera.engines.index.errors import some

    found = read_conversation(votes, statements, loops=loops)
    if statements and found.unlisted:
        typer.echo(
            f"{statements.name} lacks statements with votes: {some(found.unlisted)}. They count as accepted.",
            err=True,
        )
    return found
