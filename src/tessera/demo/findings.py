"""Findings of the invented reviews, found by how their English words begin."""

from collections.abc import Iterable

from tessera.apps.dialogue.access import findings_to_discuss
from tessera.apps.network.models import City
from tessera.apps.review.models import Finding


def find_findings(city: City, beginnings: Iterable[str]) -> list[Finding]:
    """One for each beginning. Raises StopIteration for one that no finding of the city has."""
    known = list(findings_to_discuss(city))
    return [
        next(each for each in known if each.text.in_language("en").startswith(beginning))
        for beginning in beginnings
    ]
