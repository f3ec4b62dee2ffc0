"""Short texts in several languages: the name of a city, a fact, a note."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language


def page_language() -> str:
    """The language of the page that is being made: every page stands under the prefix of its own."""
    return get_language() or settings.LANGUAGE_CODE


@dataclass(frozen=True)
class LocalText:
    """One text, in the language it was written in and in those it was put into."""

    source: str
    """The language it was written in."""
    texts: Mapping[str, str]

    def __post_init__(self) -> None:
        if not self.texts.get(self.source):
            raise ValueError(f"a text written in {self.source!r} has no words in that language")

    @property
    def language(self) -> str:
        """The language in which the text is shown now: the page's own, or else the source's."""
        active = get_language() or self.source
        return active if self.texts.get(active) else self.source

    @property
    def is_foreign(self) -> bool:
        """Whether it is shown in another language than the page's, which the page must then mark."""
        return self.language != get_language()

    def in_language(self, language: str) -> str:
        return self.texts.get(language) or self.texts[self.source]

    def __str__(self) -> str:
        return self.texts[self.language]


class LocalTextField(models.JSONField):
    """Keeps a `LocalText` as ``{"source": "lv", "texts": {"lv": "Rīga", "en": "Riga"}}``; empty is None."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> LocalText | None:
        stored = super().from_db_value(value, expression, connection)
        return None if stored is None else LocalText(stored["source"], stored["texts"])

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, LocalText):
            return {"source": value.source, "texts": dict(value.texts)}
        return value

    def to_python(self, value: Any) -> Any:
        """As it is kept. The trail asks for it, which would else hold one language: that of the moment."""
        return self.get_prep_value(value)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        self.validate(value, model_instance)
        return value

    def trail_words(self, stored: dict[str, Any]) -> str:
        """All languages of a kept text, the one that it was written in first."""
        source = stored["source"]
        codes = sorted(stored["texts"], key=lambda code: (code != source, code))
        return ", ".join(f"{stored['texts'][code]} ({code})" for code in codes)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not (value is None or isinstance(value, LocalText)):
            raise ValidationError("Expected a LocalText.")
