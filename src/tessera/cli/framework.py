"""`tessera framework`: the questionnaires that there are, and whether a definition is in order."""

from pathlib import Path
from typing import Annotated

import typer

from tessera.frameworks.errors import DefinitionError
from tessera.frameworks.schema import Framework, Pathway

app = typer.Typer(help="Questionnaires: list them, check a definition.", no_args_is_help=True)


@app.command("list")
def list_frameworks() -> None:
    """Name the frameworks that come with Tessera, with their versions and languages."""
    from tessera.frameworks.load import find_framework, shipped_frameworks

    before = None
    for id_, version in shipped_frameworks():
        framework = find_framework(id_, version)
        if id_ != before:
            typer.echo(f"{id_}  {framework.text('en').title}")
            before = id_
        state = f"published {framework.published}" if framework.published else "draft"
        typer.echo(f"  version {version}  {state}  {', '.join(framework.languages)}  {_extent(framework)}")


@app.command()
def check(
    path: Annotated[
        Path,
        typer.Argument(
            help="Folder of one version of a definition, such as my-framework/1.",
            exists=True,
            file_okay=False,
        ),
    ],
) -> None:
    """Check a definition and name file, line and question of everything that is wrong with it."""
    from tessera.frameworks.load import load_framework

    try:
        framework = load_framework(path)
    except DefinitionError as error:
        # With the folder in front, editors and terminals open the very line.
        for complaint in error.complaints:
            typer.echo(f"{path}/{complaint}", err=True)
        typer.echo(f"Not in order. Complaints: {len(error.complaints)}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{framework.id} version {framework.version} is in order; {_extent(framework)}")


def _extent(framework: Framework) -> str:
    questions = list(framework.questions())
    core = list(framework.questions(Pathway.CORE))
    return f"areas: {len(framework.areas)}, questions: {len(questions)}, of them core: {len(core)}"
