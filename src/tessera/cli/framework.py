"""`tessera framework`: the questionnaires that there are, definitions in order or not, sheets to fill."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from tessera.cli.writing import plain_words_for
from tessera.frameworks.errors import DefinitionError
from tessera.frameworks.schema import Framework, Pathway

app = typer.Typer(
    help="Questionnaires: list them, check a definition, write a sheet to fill.", no_args_is_help=True
)


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
            metavar="PATH",
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


@app.command()
def sheet(
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="The framework, as 'tessera framework list' names it.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.xlsx", help="The new file.", dir_okay=False)
    ],
    version: Annotated[
        int | None, typer.Option(help="The version; the newest published one by default.")
    ] = None,
    pathway: Annotated[
        Pathway, typer.Option(help="core: the short form; full: all questions.")
    ] = Pathway.FULL,
    lang: Annotated[str, typer.Option(help="Language of the sheet, one of the framework's.")] = "en",
) -> None:
    """Write an empty answer sheet for a city to fill in a spreadsheet program.

    An existing file is never replaced: it may hold answers.
    """
    from tessera.frameworks.load import find_framework
    from tessera.frameworks.sheets.write import write_sheet

    framework = find_framework(id_, version)
    if lang not in framework.languages:
        known = ", ".join(framework.languages)
        raise typer.BadParameter(f"{id_} is not in {lang!r}; languages: {known}", param_hint="--lang")
    if output.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"{output} does not end in .xlsx", param_hint="--output")
    if not output.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {output.parent}", param_hint="--output")
    if output.exists():
        raise typer.BadParameter(
            f"{output} exists and may hold answers; name a new file", param_hint="--output"
        )
    with (
        plain_words_for(output),
        tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.stem}-") as scratch,
    ):
        fresh = Path(scratch, output.name)
        write_sheet(framework, pathway=pathway, language=lang, target=fresh)
        fresh.replace(output)
    asked = len(list(framework.questions(pathway)))
    typer.echo(f"{output}: {framework.text(lang).title}, version {framework.version}, questions: {asked}")


def _extent(framework: Framework) -> str:
    questions = list(framework.questions())
    core = list(framework.questions(Pathway.CORE))
    return f"areas: {len(framework.areas)}, questions: {len(questions)}, of them core: {len(core)}"
