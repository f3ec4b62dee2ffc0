"""Words of the data in the languages in which they are needed."""

from collections.abc import Mapping, Sequence

from tessera.apps.network.local_text import LocalText


def local_text(languages: Sequence[str], words: Mapping[str, str]) -> LocalText:
    """In all of these languages, the first being the one they were written in. Raises KeyError."""
    return LocalText(languages[0], {language: words[language] for language in languages})
