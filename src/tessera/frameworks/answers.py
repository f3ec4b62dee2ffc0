"""A city's answers to a framework, as they are read from a sheet or a database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from tessera.frameworks.schema import Pathway
from tessera.frameworks.when_rules import Value


@dataclass(frozen=True, slots=True)
class Answer:
    """What a city said to one question.

    Either ``value`` is given, or ``not_applicable`` is true and ``reason`` says why; a question without
    an answer has no entry in the sheet, or one with a note or evidence only.
    """

    value: Value | None = None
    not_applicable: bool = False
    reason: str = ""
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    framework_id: str
    version: int
    pathway: Pathway
    city: str
    year: int
    """The year that the answers describe."""
    invented: bool
    """Made up for a demonstration or a test: said on every page and in every file."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """By the question's key."""

    def content_hash(self) -> str:
        """SHA-256 of what is scored: framework, version, pathway, values and *does not apply*.

        Notes, evidence and reasons do not change a score and are left out, as is an answer of neither kind.
        """
        scored = {
            key: "n/a" if answer.not_applicable else answer.value
            for key, answer in self.answers.items()
            if answer.not_applicable or answer.value is not None
        }
        content = [self.framework_id, self.version, self.pathway, scored]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
