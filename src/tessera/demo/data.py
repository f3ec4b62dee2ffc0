"""What the demonstration is made of: facts with their sources, and what is invented."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@cache
def real_facts() -> Mapping[str, Any]:
    """The network and its cities, as their sources describe them."""
    return _read("network.yaml")


@cache
def invented() -> Mapping[str, Any]:
    """The standing people, the cities for comparison, the cycles, and the words of notes."""
    return _read("invented.yaml")


@cache
def invented_consultations() -> tuple[Mapping[str, Any], ...]:
    """What is asked and said in each, in its languages, and how people see it."""
    return tuple(_read(f"consultation-{city}.yaml") for city in ("riga", "lublin", "quintaria", "ravenna"))


def _read(name: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return content
