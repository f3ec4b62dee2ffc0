"""What was measured, as lines of a table: on the terminal and on a page."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Line:
    """One measured thing: its figure, in the unit given, the bar it is held against, and the peer's."""

    name: str
    seconds: float
    unit: str
    bar: str
    peer: str = ""
    limit: float = 0.0
    """Seconds that the machine takes for what cannot be avoided; 0 where it is not stated."""


SCALES = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9, "x": 1.0}


def as_text(lines: Sequence[Line]) -> str:
    return "\n".join(
        f"{line.name:<82}{line.seconds * SCALES[line.unit]:>10.3f} {line.unit:<3} {line.bar:<18}{line.peer}"
        for line in lines
    )


def as_rows(lines: Sequence[Line]) -> str:
    """The rows of a Markdown table."""
    return "\n".join(
        f"| {line.name} | {_in_unit(line.seconds, line)} | {line.bar or '–'} | {line.peer or '–'} |"
        for line in lines
    )


def as_rows_with_limits(lines: Sequence[Line]) -> str:
    """The same, with the limit before the bar."""
    return "\n".join(
        f"| {line.name} | {_in_unit(line.seconds, line)} | {_limit(line)} | {line.bar or '–'} "
        f"| {line.peer or '–'} |"
        for line in lines
    )


def _limit(line: Line) -> str:
    return f"{_in_unit(line.limit, line)}, {line.seconds / line.limit:.1f} x" if line.limit else "–"


def _in_unit(seconds: float, line: Line) -> str:
    return f"{seconds * SCALES[line.unit]:.3g} {line.unit}"


def machine() -> str:
    return machine_with(f"numpy {np.__version__}")


def machine_with(*versions: str) -> str:
    """When and where something was measured, and with which programs beside Python."""
    model = platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in cpu_info() if line.startswith("model name")]
    day = datetime.now(tz=UTC).date().isoformat()
    programs = ", ".join([f"Python {platform.python_version()}", *versions])
    return f"{day} on {os.cpu_count()} cores of {names[0] if names else model}, {programs}"


def cpu_info() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
