"""What a facilitator reads out to somebody who answers by speaking, and what they are told with their code.

The words stand in templates, as those of all that residents read, so that their translators find them.
"""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import override

from tessera.apps.dialogue.languages import Language, find_language
from tessera.apps.dialogue.models import Consultation


@dataclass(frozen=True)
class SpokenWords:
    """In the language of whoever answers."""

    language: Language
    title: str
    before: list[str]
    """To which they say yes or no: who asks and why, what becomes of it, and how it goes."""
    with_code: list[str]
    """What the code is good for."""


def read_spoken_words(consultation: Consultation, language: str) -> SpokenWords:
    own = (consultation.asked_by, consultation.what_follows)
    return SpokenWords(
        language=find_language(language),
        title=consultation.title.in_language(language),
        before=[*(each.in_language(language) for each in own), *_say("consent", language)],
        with_code=_say("with_code", language),
    )


def _say(words: str, language: str) -> list[str]:
    with override(language):
        return render_to_string(f"dialogue/resident/spoken/{words}.txt").strip().splitlines()
