"""What every command does when a file or folder cannot be written."""

import errno
from collections.abc import Iterable, Iterator, Mapping
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


def write_files(files: Mapping[Path, bytes], keep: Iterable[Path | None] = ()) -> None:
    """Write all files or none: beside their places first, then into them.

    ``keep`` are the files that the command has read. If one would be overwritten, the command ends with its
    name. If one cannot be written, the command ends with its name and the reason, as with `plain_words_for`.
    """
    for given in filter(None, keep):
        for path in files:
            if path.exists() and path.samefile(given):
                typer.echo(f"{path} is what was read and is not overwritten; name another place", err=True)
                raise typer.Exit(2)
    fresh: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            beside = path.with_name(f".{path.name}.part")
            with plain_words_for(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.is_dir():
                    # To be found before another file is in its place.
                    raise IsADirectoryError(errno.EISDIR, "it is a folder")
                fresh[beside] = path
                beside.write_bytes(content)
        for beside, path in fresh.items():
            with plain_words_for(path):
                beside.replace(path)
    finally:
        for beside in fresh:
            beside.unlink(missing_ok=True)
