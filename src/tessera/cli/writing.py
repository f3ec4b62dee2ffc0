"""What every command does when a file or folder cannot be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer


@contextmanager
def plain_words_for(output: Path) -> Iterator[None]:
    """End the command with exit code 2 and the system's reason, instead of a traceback."""
    try:
        yield
    except FileExistsError:
        typer.echo(f"{output} cannot be written: a part of its path is a file", err=True)
    except OSError as error:
        typer.echo(f"{output} cannot be written: {error.strerror}", err=True)
    else:
        return
    raise typer.Exit(2)
