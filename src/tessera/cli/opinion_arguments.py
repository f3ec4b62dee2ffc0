"""What several commands of `tessera opinion` take."""

from pathlib import Path
from typing import Annotated

import typer

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
