"""The languages in which residents can take part."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language_info

CODES = ("en", "lv", "de", "es", "it", "pl", "ro", "sv", "uk", "ar")
"""Into which the words of residents' pages are put: those of the cities, and of people who come to them."""
SPOKEN = (
    *CODES,
    "az",
    "bg",
    "fa",
    "fr",
    "hi",
    "hy",
    "ka",
    "pt",
    "ru",
    "sq",
    "sr",
    "sw",
    "tr",
    "ur",
    "uz",
    "vi",
)
"""In which people may speak in a room, with an interpreter or without: more than our pages are in."""


@dataclass(frozen=True)
class Language:
    code: str
    own_name: str
    """As its speakers write it."""
    is_right_to_left: bool

    @property
    def direction(self) -> str:
        return "rtl" if self.is_right_to_left else "ltr"

    @property
    def of_site(self) -> str:
        """The code of the language in which the rest of the site speaks to readers of this one."""
        return self.code if self.code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def find_language(code: str) -> Language:
    """
    Examples
    --------
    >>> find_language("ar").direction, find_language("lv").own_name
    ('rtl', 'latviešu')
    >>> find_language("ar").of_site, find_language("lv").of_site
    ('en', 'lv')
    """
    about = get_language_info(code)
    return Language(code, about["name_local"], about["bidi"])


def find_translator_host(languages: Sequence[str]) -> str:
    """The server to which the words of statements go, to be put into these languages; empty if they stay."""
    translator = settings.TRANSLATOR
    return translator.host if translator is not None and len(languages) > 1 else ""
