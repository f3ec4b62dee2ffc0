"""The command `tessera`. Each group of commands has a file of its own beside this one."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from tessera.cli import audit, consultation, demo, framework, index, network, opinion, person, portfolio, tick
from tessera.cli.review import review
from tessera.engines.index.errors import IndexEngineError
from tessera.engines.opinion.errors import OpinionError
from tessera.engines.portfolio.errors import PortfolioError
from tessera.frameworks.errors import FrameworkError

app = typer.Typer(
    help="From a city's answers to a questionnaire to its published review.",
    epilog="'tessera COMMAND --help' explains a command. Exit code 2: what was given is not in order.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(audit.app, name="audit")
app.add_typer(consultation.app, name="consultation")
app.add_typer(framework.app, name="framework")
app.add_typer(index.app, name="index")
app.add_typer(network.app, name="network")
app.add_typer(opinion.app, name="opinion")
app.add_typer(person.app, name="person")
app.add_typer(portfolio.app, name="portfolio")
app.command()(demo.demo)
app.command()(review)
app.command()(tick.tick)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tessera {version('tessera')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    pass


def run() -> None:
    """Run the command, and say what is wrong with the input in plain words instead of a traceback."""
    try:
        app(prog_name="tessera")
    except (FrameworkError, IndexEngineError, OpinionError, PortfolioError) as error:
        typer.echo(error, err=True)
        sys.exit(2)
