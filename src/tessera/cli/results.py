"""What commands write: tables, and what it takes to make them again.

A missing figure is an empty cell; figures are written with all their digits.
"""

import csv
import hashlib
import io
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

Cell = str | int | float


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return text.getvalue().encode()


def as_json(content: Mapping[str, Any]) -> bytes:
    """A JSON file for people, too: indented, with letters as they are."""
    return (json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def provenance(
    command: str, files: Mapping[str, Path | None], outputs: Mapping[Path, bytes], **said: Any
) -> dict[str, Any]:
    """What it takes to make the same files again, and to see that they are the same."""
    return {
        "command": command,
        "inputs": {
            role: {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for role, path in files.items()
            if path is not None
        },
        **said,
        "outputs": {path.as_posix(): hashlib.sha256(data).hexdigest() for path, data in outputs.items()},
        "versions": {
            "tessera": version("tessera"),
            "numpy": version("numpy"),
            "scipy": version("scipy"),
            "python": ".".join(map(str, sys.version_info[:3])),
        },
    }


def _cell(value: Cell) -> Cell:
    return "" if isinstance(value, float) and math.isnan(value) else value
