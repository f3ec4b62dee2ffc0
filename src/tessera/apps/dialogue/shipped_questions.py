"""The questions about oneself that come with Tessera, in every language of residents' pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tessera.apps.network.local_text import LocalText

_FILE = Path(__file__).parent / "about_oneself.yaml"


@dataclass(frozen=True)
class ShippedQuestion:
    key: str
    question: Mapping[str, str]
    """By language."""
    answers: Mapping[str, Mapping[str, str]]
    """By key, then by language; in the order in which they are offered."""

    def worded(self, first_language: str) -> LocalText:
        """The question, for a consultation that is held in this language first."""
        return LocalText(first_language, dict(self.question))

    def worded_answers(self, first_language: str) -> dict[str, LocalText]:
        return {key: LocalText(first_language, dict(texts)) for key, texts in self.answers.items()}


@cache
def shipped_questions() -> Mapping[str, ShippedQuestion]:
    """By their keys, in the order in which they are offered."""
    rows = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {row["key"]: ShippedQuestion(row["key"], row["question"], row["answers"]) for row in rows}
