"""The fields of policy among which a city has its priorities: those that come with Tessera, and its own."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import City

_FILE = Path(__file__).parent / "priority_areas.yaml"


@cache
def shipped_areas() -> Mapping[str, LocalText]:
    """Their names by their keys, in the order in which they are offered."""
    rows = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {row["key"]: LocalText("en", row["name"]) for row in rows}


def areas_of(city: City) -> dict[str, LocalText]:
    """The names of all areas of a city by their keys: the shipped ones before its own. One query."""
    own = city.own_priority_areas.values_list("key", "name")
    return {**shipped_areas(), **dict(own)}
